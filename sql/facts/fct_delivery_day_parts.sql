/*
about = """
What happened to the counted orders of each promised day, in parts that can be added. An order without a promise is
booked on the day of its delivery; one that has neither yet is not here."""
grain = ["date", "country", "store_id", "sales_channel", "carrier", "order_month"]
partition = "date"
scatter = true
not_null = [
    "date", "country", "store_id", "sales_channel", "carrier", "order_month", "promised", "on_time", "delivered_late",
    "days_late", "delivered", "timed", "delivery_seconds",
]

[ranges]
promised = [0, 1000000000]
on_time = [0, 1000000000]
delivered_late = [0, 1000000000]
days_late = [0, 1000000000000]

[inputs]
fct_deliveries = "same"

[columns]
date = "DATE local date promised, else delivered"
country = "VARCHAR country of the orders; 'unknown' if not delivered"
store_id = "VARCHAR store or brand; 'unknown' if not delivered"
sales_channel = "VARCHAR where the orders were placed; 'unknown' if not delivered"
carrier = "VARCHAR who carries them; 'unknown' if not delivered"
order_month = "VARCHAR month the orders were placed in, YYYY-MM"
promised = "BIGINT orders promised for the date, delivered or not"
on_time = "BIGINT of them, delivered on or before the date"
delivered_late = "BIGINT of them, delivered after it"
days_late = "BIGINT days those came too late, added up"
delivered = "BIGINT orders delivered, with a promise or without"
timed = "BIGINT of them, with a time from order to delivery"
delivery_seconds = "BIGINT those times added up, seconds"
*/
WITH booked AS (
    SELECT
        COALESCE(promised_date, delivered_date) AS date,
        COALESCE(country, 'unknown') AS country,
        COALESCE(store_id, 'unknown') AS store_id,
        COALESCE(sales_channel, 'unknown') AS sales_channel,
        COALESCE(carrier, 'unknown') AS carrier,
        SUBSTR(CAST(created_date AS VARCHAR), 1, 7) AS order_month,
        CASE WHEN promised_date IS NOT NULL THEN 1 ELSE 0 END AS promised,
        CASE WHEN days_late <= 0 THEN 1 ELSE 0 END AS on_time,
        CASE WHEN days_late > 0 THEN 1 ELSE 0 END AS delivered_late,
        CASE WHEN days_late > 0 THEN days_late ELSE 0 END AS days_late,
        CASE WHEN is_delivered THEN 1 ELSE 0 END AS delivered,
        CASE WHEN delivery_seconds IS NOT NULL THEN 1 ELSE 0 END AS timed,
        COALESCE(delivery_seconds, CAST(0 AS BIGINT)) AS seconds
    FROM fct_deliveries
    WHERE is_counted
)

SELECT
    date,
    country,
    store_id,
    sales_channel,
    carrier,
    order_month,
    CAST(SUM(promised) AS BIGINT) AS promised,
    CAST(SUM(on_time) AS BIGINT) AS on_time,
    CAST(SUM(delivered_late) AS BIGINT) AS delivered_late,
    CAST(SUM(days_late) AS BIGINT) AS days_late,
    CAST(SUM(delivered) AS BIGINT) AS delivered,
    CAST(SUM(timed) AS BIGINT) AS timed,
    CAST(SUM(seconds) AS BIGINT) AS delivery_seconds
FROM booked
WHERE date IS NOT NULL
GROUP BY date, country, store_id, sales_channel, carrier, order_month
