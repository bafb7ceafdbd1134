/*
about = "The days of a month add up to the month in kpis, and the shop's tickets there are those of service_daily."
grain = ["month_start", "kpi", "measure", "slice_kind", "slice_value"]
partition = "month_start"
severity = "error"

[inputs]
kpis = "same"
service_daily = "same"
calendar = "same"

[columns]
month_start = "DATE first day of the month at fault"
kpi = "VARCHAR key of the dictionary"
measure = "VARCHAR figure of the KPI"
slice_kind = "VARCHAR slice"
slice_value = "VARCHAR value of the slice"
numerator = "DECIMAL(18,4) of the month"
expected = "DECIMAL(18,4) sum of the days"
*/
WITH days AS (
    SELECT
        c.month_start AS month_start,
        k.kpi AS kpi,
        k.measure AS measure,
        k.slice_kind AS slice_kind,
        k.slice_value AS slice_value,
        CAST(SUM(k.numerator) AS DECIMAL(18,4)) AS numerator
    FROM kpis AS k
    INNER JOIN calendar AS c ON k.period_start = c.date
    -- The backlog is a level: a month has that of its last day.
    WHERE k.period_kind = 'day' AND k.kpi <> 'backlog'
    GROUP BY c.month_start, k.kpi, k.measure, k.slice_kind, k.slice_value
),

service AS (
    SELECT
        c.month_start AS month_start,
        'tickets_created' AS kpi,
        'main' AS measure,
        'all' AS slice_kind,
        'all' AS slice_value,
        CAST(SUM(s.tickets_created) AS DECIMAL(18,4)) AS numerator
    FROM service_daily AS s
    INNER JOIN calendar AS c ON s.date = c.date
    GROUP BY c.month_start
),

expected AS (
    SELECT month_start, kpi, measure, slice_kind, slice_value, numerator FROM days
    UNION ALL
    SELECT month_start, kpi, measure, slice_kind, slice_value, numerator FROM service
)

SELECT
    e.month_start AS month_start,
    e.kpi AS kpi,
    e.measure AS measure,
    e.slice_kind AS slice_kind,
    e.slice_value AS slice_value,
    k.numerator AS numerator,
    e.numerator AS expected
FROM expected AS e
INNER JOIN kpis AS k
    ON e.month_start = k.period_start
    AND e.kpi = k.kpi
    AND e.measure = k.measure
    AND e.slice_kind = k.slice_kind
    AND e.slice_value = k.slice_value
WHERE k.period_kind = 'month' AND k.numerator <> e.numerator
