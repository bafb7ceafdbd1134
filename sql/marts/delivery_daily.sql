/*
about = """
Whether orders arrive when promised, by promised day: an order promised for a day that is over and not delivered is
late. Orders without a promise count for the delivery time only, on the day of their delivery."""
grain = ["date", "segment_kind", "segment_value"]
partition = "date"
not_null = [
    "date", "segment_kind", "segment_value", "promised_orders", "on_time_orders", "late_orders", "overdue_orders",
    "delivered_late_orders", "delivered_orders", "timed_orders", "delivery_seconds_sum", "days_late_sum",
]

[accepted_values]
segment_kind = ["all", "country", "store", "sales_channel", "carrier"]

[ranges]
on_time_delivery_rate = [0, 1]
overdue_orders = [0, 1000000000]

[inputs]
fct_delivery_day_parts = "same"
dates = "same"

[columns]
date = "DATE local date promised; of orders without a promise, delivered"
segment_kind = "VARCHAR 'all' (the whole shop), 'country', 'store', 'sales_channel' or 'carrier'; sum over one kind only"
segment_value = "VARCHAR 'all', or what the kind says; 'unknown' if not delivered"
promised_orders = "BIGINT counted orders promised for the date"
on_time_orders = "BIGINT of them, delivered on or before it"
late_orders = "BIGINT of them, delivered after it or not delivered by the last day of data"
delivered_late_orders = "BIGINT of the late ones, delivered to date"
overdue_orders = "BIGINT of the late ones, not delivered to date"
on_time_delivery_rate = "DOUBLE on_time_orders / promised_orders; NULL without a promise"
days_late_sum = "BIGINT days by which delivered_late_orders came too late, added up"
mean_days_late = "DOUBLE days_late_sum / delivered_late_orders; NULL without any"
delivered_orders = "BIGINT counted orders delivered, with a promise or without"
timed_orders = "BIGINT of them, with a time from order to delivery"
delivery_seconds_sum = "BIGINT those times added up, seconds"
delivery_mean_seconds = "DOUBLE delivery_seconds_sum / timed_orders; NULL without any"
*/
WITH parts AS (
    SELECT p.*
    FROM fct_delivery_day_parts AS p
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
    UNION ALL
    SELECT *, 'carrier' AS segment_kind, carrier AS segment_value FROM parts
),

sums AS (
    SELECT
        date,
        segment_kind,
        segment_value,
        CAST(SUM(promised) AS BIGINT) AS promised,
        CAST(SUM(on_time) AS BIGINT) AS on_time,
        CAST(SUM(delivered_late) AS BIGINT) AS delivered_late,
        CAST(SUM(days_late) AS BIGINT) AS days_late,
        CAST(SUM(delivered) AS BIGINT) AS delivered,
        CAST(SUM(timed) AS BIGINT) AS timed,
        CAST(SUM(delivery_seconds) AS BIGINT) AS seconds
    FROM segments
    GROUP BY date, segment_kind, segment_value
)

SELECT
    date,
    segment_kind,
    segment_value,
    promised AS promised_orders,
    on_time AS on_time_orders,
    promised - on_time AS late_orders,
    delivered_late AS delivered_late_orders,
    promised - on_time - delivered_late AS overdue_orders,
    CASE WHEN promised > 0 THEN CAST(on_time AS DOUBLE) / CAST(promised AS DOUBLE) END AS on_time_delivery_rate,
    days_late AS days_late_sum,
    CASE WHEN delivered_late > 0 THEN CAST(days_late AS DOUBLE) / CAST(delivered_late AS DOUBLE) END AS mean_days_late,
    delivered AS delivered_orders,
    timed AS timed_orders,
    seconds AS delivery_seconds_sum,
    CASE WHEN timed > 0 THEN CAST(seconds AS DOUBLE) / CAST(timed AS DOUBLE) END AS delivery_mean_seconds
FROM sums
