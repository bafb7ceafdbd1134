/*
about = """
Every KPI in one long table: per day, week, month and quarter, for the whole shop and by slice. Read one
period_kind, one measure and one slice_kind at a time. What can be added is summed from the days; medians, percentiles,
customers and the backlog are there for the periods that can be told exactly. Tables with another shape (cohorts,
experiments, agents, profiles) stay tables of their own."""
grain = ["period_kind", "period_start", "kpi", "measure", "slice_kind", "slice_value"]
partition = "period_start"
not_null = ["period_kind", "period_start", "kpi", "measure", "slice_kind", "slice_value", "unit", "is_mature"]

[accepted_values]
period_kind = ["day", "week", "month", "quarter"]
slice_kind = ["all", "channel", "team", "country", "contact_reason", "store", "sales_channel"]

[inputs]
kpi_sums = "same"
kpi_values = "same"
kpi_dictionary = "all"
calendar = "0..2"
dates = "0..2"

[columns]
period_kind = "VARCHAR day, week, month or quarter"
period_start = "DATE first day of the period"
kpi = "VARCHAR key of the dictionary (kpi_definitions)"
measure = "VARCHAR main: the KPI itself. Others: business (in open hours), median, p90, business_median, business_p90; the metric of sla_attainment; low_effort_share, positive_share, neutral_share, negative_share, new_share, units_share, return_share; solved_to_created, customers, new, returning, net_amount, views_per_ticket"
slice_kind = "VARCHAR all, channel, team, country, contact_reason, store or sales_channel; sum over one kind only"
slice_value = "VARCHAR all, or the value of the slice (teams as system/id); unknown where it is not known"
numerator = "DECIMAL(18,4) exact sum, in any order of adding; NULL where it is not known, and for medians and percentiles"
denominator = "DECIMAL(18,4) exact sum; NULL for a plain count or amount, where the value is the numerator; for medians and percentiles the number of times measured"
value = "DOUBLE numerator / denominator, for nps in points; NULL where there is nothing to divide by"
unit = "VARCHAR unit of the value, as in the dictionary; share for measures called so, currency for amounts"
is_mature = "BOOLEAN the data reach the end of the period, and no window is open that could change the value"
*/
-- Days and months are of one month alone; weeks and quarters are added up over their months.
WITH sums AS (
    SELECT period_kind, period_start, kpi, measure, slice_kind, slice_value, numerator, denominator, is_mature
    FROM kpi_sums
    WHERE period_kind IN ('day', 'month')
    UNION ALL
    SELECT
        period_kind,
        period_start,
        kpi,
        measure,
        slice_kind,
        slice_value,
        CAST(SUM(numerator) AS DECIMAL(18,4)) AS numerator,
        CAST(SUM(denominator) AS DECIMAL(18,4)) AS denominator,
        MIN(CASE WHEN is_mature THEN 1 ELSE 0 END) = 1 AS is_mature
    FROM kpi_sums
    WHERE period_kind IN ('week', 'quarter')
    GROUP BY period_kind, period_start, kpi, measure, slice_kind, slice_value
),

-- A share of all tickets is one of the sum of its slices: a day without the value counts, too.
totals AS (
    SELECT period_kind, period_start, kpi, CAST(SUM(numerator) AS DECIMAL(18,4)) AS total
    FROM kpi_sums
    WHERE kpi IN ('channel_mix', 'contact_reason_share')
    GROUP BY period_kind, period_start, kpi
),

divided AS (
    SELECT
        s.period_kind AS period_kind,
        s.period_start AS period_start,
        s.kpi AS kpi,
        s.measure AS measure,
        s.slice_kind AS slice_kind,
        s.slice_value AS slice_value,
        s.numerator AS numerator,
        COALESCE(t.total, s.denominator) AS denominator,
        s.is_mature AS is_mature
    FROM sums AS s
    LEFT JOIN totals AS t ON s.period_kind = t.period_kind AND s.period_start = t.period_start AND s.kpi = t.kpi
),

figures AS (
    SELECT
        period_kind,
        period_start,
        kpi,
        measure,
        slice_kind,
        slice_value,
        numerator,
        denominator,
        CASE
            WHEN denominator IS NULL THEN CAST(numerator AS DOUBLE)
            WHEN denominator > CAST(0 AS DECIMAL(18,4)) THEN CAST(numerator AS DOUBLE) / CAST(denominator AS DOUBLE)
        END AS value,
        is_mature
    FROM divided
    UNION ALL
    SELECT period_kind, period_start, kpi, measure, slice_kind, slice_value, numerator, denominator, value, is_mature
    FROM kpi_values
),

known AS (
    SELECT MAX(date) AS last_date
    FROM dates
),

ends AS (
    SELECT
        date,
        week_start,
        month_start,
        month_end,
        month_number % 3 AS month_of_quarter,
        MAX(date) OVER (PARTITION BY week_start) AS week_end,
        MAX(date) OVER (PARTITION BY month_number - month_number % 3) AS quarter_end
    FROM calendar
),

-- Some period marts know months after the last complete day, or call the first month with data a quarter.
periods AS (
    SELECT
        e.date AS period_start,
        k.period_kind AS period_kind,
        CASE k.period_kind
            WHEN 'day' THEN e.date
            WHEN 'week' THEN e.week_end
            WHEN 'month' THEN e.month_end
            WHEN 'quarter' THEN e.quarter_end
        END <= n.last_date AS is_over
    FROM ends AS e
    CROSS JOIN known AS n
    CROSS JOIN (VALUES ('day'), ('week'), ('month'), ('quarter')) AS k (period_kind)
    WHERE e.date <= n.last_date
        AND CASE k.period_kind
            WHEN 'day' THEN TRUE
            WHEN 'week' THEN e.date = e.week_start
            WHEN 'month' THEN e.date = e.month_start
            WHEN 'quarter' THEN e.date = e.month_start AND e.month_of_quarter = 0
        END
)

SELECT
    f.period_kind AS period_kind,
    f.period_start AS period_start,
    f.kpi AS kpi,
    f.measure AS measure,
    f.slice_kind AS slice_kind,
    f.slice_value AS slice_value,
    f.numerator AS numerator,
    f.denominator AS denominator,
    f.value AS value,
    CASE
        WHEN f.measure LIKE '%_share' THEN 'share'
        WHEN f.measure LIKE '%_amount' THEN 'currency'
        WHEN f.measure IN ('views_per_ticket', 'solved_to_created') THEN 'ratio'
        ELSE k.unit_en
    END AS unit,
    f.is_mature AND p.is_over AS is_mature
FROM figures AS f
INNER JOIN periods AS p ON f.period_kind = p.period_kind AND f.period_start = p.period_start
-- A key that the dictionary lacks has no unit, and ends the run.
LEFT JOIN kpi_dictionary AS k ON f.kpi = k.key
