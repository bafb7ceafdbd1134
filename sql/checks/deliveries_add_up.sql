/*
about = "Every segment kind of a day's deliveries and returns adds up to the whole shop."
grain = ["problem", "date", "segment_kind"]
partition = "date"
severity = "error"

[inputs]
delivery_daily = "same"
returns_daily = "same"

[columns]
problem = "VARCHAR table at fault"
date = "DATE day at fault"
segment_kind = "VARCHAR kind that differs from 'all'"
total = "BIGINT orders and delays of the kind"
expected = "BIGINT the same of the whole shop"
*/
WITH totals AS (
    SELECT
        'delivery_daily' AS problem,
        date,
        segment_kind,
        CAST(SUM(promised_orders + on_time_orders + late_orders + delivered_orders + delivery_seconds_sum) AS BIGINT) AS total
    FROM delivery_daily
    GROUP BY date, segment_kind

    UNION ALL

    SELECT
        'returns_daily' AS problem,
        date,
        segment_kind,
        CAST(SUM(delivered_orders + returned_orders + delivered_units + returned_units + refund_seconds_sum) AS BIGINT) AS total
    FROM returns_daily
    GROUP BY date, segment_kind
),

-- A slice of which a day has nothing is at fault, too.
kinds AS (
    SELECT DISTINCT problem, segment_kind
    FROM totals
)

SELECT
    a.problem AS problem,
    a.date AS date,
    k.segment_kind AS segment_kind,
    COALESCE(t.total, CAST(0 AS BIGINT)) AS total,
    a.total AS expected
FROM totals AS a
INNER JOIN kinds AS k ON k.problem = a.problem
LEFT JOIN totals AS t ON t.problem = a.problem AND t.date = a.date AND t.segment_kind = k.segment_kind
WHERE a.segment_kind = 'all' AND COALESCE(t.total, CAST(0 AS BIGINT)) <> a.total
