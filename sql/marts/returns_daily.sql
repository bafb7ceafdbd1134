/*
about = """
How much of what was delivered came back, by day of the order; and how long customers waited for their money, by day of
the refund. Shops that do not export returns have no rows."""
grain = ["date", "segment_kind", "segment_value"]
partition = "date"
not_null = [
    "date", "segment_kind", "segment_value", "delivered_orders", "returned_orders", "delivered_units", "returned_units",
    "refunded_returns", "refund_seconds_sum",
]

[accepted_values]
segment_kind = ["all", "country", "store", "sales_channel"]

[ranges]
return_rate = [0, 1]
unit_return_rate = [0, 1]

[inputs]
fct_return_day_parts = "same"
dates = "same"

[columns]
date = "DATE local date of the order; for the refund columns, of the refund"
segment_kind = "VARCHAR 'all' (the whole shop), 'country', 'store' or 'sales_channel'; sum over one kind only"
segment_value = "VARCHAR 'all', or what the kind says; 'unknown' if not delivered"
delivered_orders = "BIGINT counted orders of the date, delivered to date"
returned_orders = "BIGINT of them, with a return to date that was not refused"
return_rate = "DOUBLE returned_orders / delivered_orders; NULL without deliveries"
delivered_units = "BIGINT units of the delivered orders"
returned_units = "BIGINT of them, returned to date"
unit_return_rate = "DOUBLE returned_units / delivered_units; NULL without units"
refunded_returns = "BIGINT returns whose money went back on the date, of orders of any date"
refund_seconds_sum = "BIGINT request to refund added up, seconds"
refund_mean_seconds = "DOUBLE refund_seconds_sum / refunded_returns; NULL without any"
*/
WITH parts AS (
    SELECT p.*
    FROM fct_return_day_parts AS p
    INNER JOIN dates AS d ON d.date = p.date
),
segments AS (
    SELECT *, 'all' AS segment_kind, 'all' AS segment_value FROM parts
    UNION ALL
    SELECT *, 'country' AS segment_kind, country AS segment_value FROM parts
    UNION ALL
    SELECT *, 'store' AS segment_kind, store_id AS segment_value FROM parts
    UNION ALL
    SELECT *, 'sales_channel' AS segment_kind, sales_channel AS segment_value FROM parts
),
sums AS (
    SELECT
        date,
        segment_kind,
        segment_value,
        CAST(SUM(delivered) AS BIGINT) AS delivered,
        CAST(SUM(returned) AS BIGINT) AS returned,
        CAST(SUM(delivered_units) AS BIGINT) AS delivered_units,
        CAST(SUM(returned_units) AS BIGINT) AS returned_units,
        CAST(SUM(refunded_returns) AS BIGINT) AS refunded_returns,
        CAST(SUM(refund_seconds) AS BIGINT) AS refund_seconds
    FROM segments
    GROUP BY date, segment_kind, segment_value
)
SELECT
    date,
    segment_kind,
    segment_value,
    delivered AS delivered_orders,
    returned AS returned_orders,
    CASE WHEN delivered > 0 THEN CAST(returned AS DOUBLE) / CAST(delivered AS DOUBLE) END AS return_rate,
    delivered_units,
    returned_units,
    CASE WHEN delivered_units > 0 THEN CAST(returned_units AS DOUBLE) / CAST(delivered_units AS DOUBLE) END AS unit_return_rate,
    refunded_returns,
    refund_seconds AS refund_seconds_sum,
    CASE WHEN refunded_returns > 0 THEN CAST(refund_seconds AS DOUBLE) / CAST(refunded_returns AS DOUBLE) END AS refund_mean_seconds
FROM sums
