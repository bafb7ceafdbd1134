/*
about = """
The parts that one month adds to each KPI of the days, weeks, months and quarters that its days belong to. Kept in the
month of the period's first day, where kpis finds all parts of it, so a changed day builds its own month's parts again
and nothing else."""
grain = ["period_kind", "period_start", "kpi", "measure", "slice_kind", "slice_value", "part_month"]
partition = "period_start"
scatter = true
not_null = ["period_kind", "period_start", "kpi", "measure", "slice_kind", "slice_value", "part_month", "is_mature"]

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
period_kind = "VARCHAR day, week, month or quarter"
period_start = "DATE first day of the period"
kpi = "VARCHAR key of the dictionary"
measure = "VARCHAR main, or which other figure of the KPI; see kpis"
slice_kind = "VARCHAR all, channel, team, country, contact_reason, store or sales_channel; sum over one kind only"
slice_value = "VARCHAR all, or the value of the slice; unknown where it is not known"
part_month = "VARCHAR month (YYYY-MM) of the days summed"
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

quarters AS (
    SELECT date, MIN(date) OVER (PARTITION BY month_number - month_number % 3) AS quarter_start
    FROM calendar
),

periods AS (
    SELECT
        d.date AS date,
        d.month AS month,
        k.period_kind AS period_kind,
        CASE k.period_kind
            WHEN 'day' THEN d.date
            WHEN 'week' THEN d.week_start
            WHEN 'month' THEN d.month_start
            WHEN 'quarter' THEN q.quarter_start
        END AS period_start
    FROM dates AS d
    INNER JOIN quarters AS q ON q.date = d.date
    CROSS JOIN (VALUES ('day'), ('week'), ('month'), ('quarter')) AS k (period_kind)
)

SELECT
    p.period_kind AS period_kind,
    p.period_start AS period_start,
    x.kpi AS kpi,
    x.measure AS measure,
    x.slice_kind AS slice_kind,
    x.slice_value AS slice_value,
    p.month AS part_month,
    CAST(SUM(x.numerator) AS DECIMAL(18,4)) AS numerator,
    CAST(SUM(x.denominator) AS DECIMAL(18,4)) AS denominator,
    MIN(CASE WHEN x.is_mature THEN 1 ELSE 0 END) = 1 AS is_mature
FROM days AS x
INNER JOIN periods AS p ON p.date = x.date
GROUP BY p.period_kind, p.period_start, x.kpi, x.measure, x.slice_kind, x.slice_value, p.month
