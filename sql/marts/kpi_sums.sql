/*
about = """
The parts that one month adds to each KPI of the days, weeks, months and quarters that its days belong to. Kept in the
month of the period's first day, where kpis finds all parts of it, so a changed day builds its own month's parts again
and nothing else."""
grain = ["period_kind", "period_start", "kpi", "measure", "slice_kind", "slice_value", "month"]
partition = "period_start"
scatter = true
not_null = ["period_kind", "period_start", "kpi", "measure", "slice_kind", "slice_value", "month", "is_mature"]

[accepted_values]
period_kind = ["day", "week", "month", "quarter"]

[inputs]
kpi_days_service = "same"
kpi_days_quality = "same"
kpi_days_satisfaction = "same"
kpi_days_contacts = "same"
kpi_days_delivery = "same"
kpi_days_orders = "same"
dates = "same"
calendar = "-2..0"

[columns]
period_kind = "VARCHAR day, week (from Monday), month or quarter"
period_start = "DATE first day of the period"
kpi = "VARCHAR key of the dictionary"
measure = "VARCHAR main, or which other figure of the KPI; see kpis"
slice_kind = "VARCHAR all, channel, team, country, contact_reason, store or sales_channel; sum over one kind only"
slice_value = "VARCHAR all, or the value of the slice; unknown where it is not known"
month = "VARCHAR month (YYYY-MM) of the days summed"
numerator = "DECIMAL(18,4) sum over these days; NULL where it is not known"
denominator = "DECIMAL(18,4) sum over these days; NULL for a plain count or sum"
is_mature = "BOOLEAN no window of these days is open"
*/
WITH days AS (
    SELECT date, kpi, measure, slice_kind, slice_value, numerator, denominator, is_mature FROM kpi_days_service
    UNION ALL
    SELECT date, kpi, measure, slice_kind, slice_value, numerator, denominator, is_mature FROM kpi_days_quality
    UNION ALL
    SELECT date, kpi, measure, slice_kind, slice_value, numerator, denominator, is_mature FROM kpi_days_satisfaction
    UNION ALL
    SELECT date, kpi, measure, slice_kind, slice_value, numerator, denominator, is_mature FROM kpi_days_contacts
    UNION ALL
    SELECT date, kpi, measure, slice_kind, slice_value, numerator, denominator, is_mature FROM kpi_days_delivery
    UNION ALL
    SELECT date, kpi, measure, slice_kind, slice_value, numerator, denominator, is_mature FROM kpi_days_orders
),

quarter_starts AS (
    SELECT month_number AS quarter_number, date AS period_start
    FROM calendar
    WHERE date = month_start AND month_number % 3 = 0
),

quarter_days AS (
    SELECT date, month, month_number - month_number % 3 AS quarter_number
    FROM dates
),

periods AS (
    SELECT date, month, 'day' AS period_kind, date AS period_start FROM dates
    UNION ALL
    SELECT date, month, 'week' AS period_kind, week_start AS period_start FROM dates
    UNION ALL
    SELECT date, month, 'month' AS period_kind, month_start AS period_start FROM dates
    UNION ALL
    SELECT q.date AS date, q.month AS month, 'quarter' AS period_kind, s.period_start AS period_start
    FROM quarter_days AS q
    INNER JOIN quarter_starts AS s ON q.quarter_number = s.quarter_number
)

SELECT
    p.period_kind AS period_kind,
    p.period_start AS period_start,
    x.kpi AS kpi,
    x.measure AS measure,
    x.slice_kind AS slice_kind,
    x.slice_value AS slice_value,
    p.month AS month,
    CASE WHEN COUNT(x.numerator) > 0 THEN CAST(SUM(x.numerator) AS DECIMAL(18,4)) END AS numerator,
    CASE WHEN COUNT(x.denominator) > 0 THEN CAST(SUM(x.denominator) AS DECIMAL(18,4)) END AS denominator,
    MIN(CASE WHEN x.is_mature THEN 1 ELSE 0 END) = 1 AS is_mature
FROM days AS x
INNER JOIN periods AS p ON p.date = x.date
GROUP BY p.period_kind, p.period_start, x.kpi, x.measure, x.slice_kind, x.slice_value, p.month
