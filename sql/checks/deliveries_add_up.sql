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
)

SELECT
    t.problem AS problem,
    t.date AS date,
    t.segment_kind AS segment_kind,
    t.total AS total,
    a.total AS expected
FROM totals AS t
INNER JOIN totals AS a ON a.problem = t.problem AND a.date = t.date
WHERE a.segment_kind = 'all' AND t.total <> a.total
