/*
about = """
Returns in parts that can be added: deliveries and what came back of them on the day of the order, the wait for the
money on the day of the refund."""
grain = ["date", "country", "store_id", "sales_channel", "order_month"]
partition = "date"
scatter = true
not_null = [
    "date", "country", "store_id", "sales_channel", "order_month", "delivered", "returned", "delivered_units",
    "returned_units", "refunded_returns", "refund_seconds",
]

[inputs]
fct_deliveries = "same"
fct_returns = "same"
core_return_systems = "all"

[columns]
date = "DATE local date of the order for deliveries and returns, of the refund for the wait"
country = "VARCHAR country of the orders; 'unknown' if not delivered"
store_id = "VARCHAR store or brand; 'unknown' if not delivered"
sales_channel = "VARCHAR where the orders were placed; 'unknown' if not delivered"
order_month = "VARCHAR month of the orders, YYYY-MM"
delivered = "BIGINT counted orders of the date delivered to date, of systems that export returns"
returned = "BIGINT of them, with a return to date"
delivered_units = "BIGINT units of those orders; orders without lines add none"
returned_units = "BIGINT of them, returned to date: all of the order's where a return does not say how many, and never more"
refunded_returns = "BIGINT counted returns whose money went back on the date"
refund_seconds = "BIGINT request to refund added up, seconds"
*/
WITH order_returns AS (
    SELECT
        system,
        order_id,
        CAST(SUM(quantity) AS BIGINT) AS quantity,
        CAST(COUNT(*) AS BIGINT) AS returns,
        CAST(COUNT(quantity) AS BIGINT) AS returns_with_quantity
    FROM fct_returns
    WHERE is_counted
    GROUP BY system, order_id
),
bookings AS (
    SELECT
        d.created_date AS date,
        d.country AS country,
        d.store_id AS store_id,
        d.sales_channel AS sales_channel,
        SUBSTR(CAST(d.created_date AS VARCHAR), 1, 7) AS order_month,
        1 AS delivered,
        CASE WHEN r.order_id IS NOT NULL THEN 1 ELSE 0 END AS returned,
        COALESCE(d.units, CAST(0 AS BIGINT)) AS delivered_units,
        CASE
            WHEN r.order_id IS NULL OR d.units IS NULL THEN CAST(0 AS BIGINT)
            WHEN r.returns_with_quantity < r.returns OR r.quantity > d.units THEN d.units
            ELSE r.quantity
        END AS returned_units,
        0 AS refunded_returns,
        CAST(0 AS BIGINT) AS refund_seconds
    FROM fct_deliveries AS d
    INNER JOIN core_return_systems AS s
        ON s.system = d.system
    LEFT JOIN order_returns AS r
        ON r.system = d.system
        AND r.order_id = d.order_id
    WHERE d.is_counted
        AND d.is_delivered
    UNION ALL
    SELECT
        refunded_date AS date,
        country,
        store_id,
        sales_channel,
        SUBSTR(CAST(order_date AS VARCHAR), 1, 7) AS order_month,
        0 AS delivered,
        0 AS returned,
        CAST(0 AS BIGINT) AS delivered_units,
        CAST(0 AS BIGINT) AS returned_units,
        1 AS refunded_returns,
        refund_seconds
    FROM fct_returns
    WHERE is_counted
        AND refunded_date IS NOT NULL
)
SELECT
    date,
    COALESCE(country, 'unknown') AS country,
    COALESCE(store_id, 'unknown') AS store_id,
    COALESCE(sales_channel, 'unknown') AS sales_channel,
    order_month,
    CAST(SUM(delivered) AS BIGINT) AS delivered,
    CAST(SUM(returned) AS BIGINT) AS returned,
    CAST(SUM(delivered_units) AS BIGINT) AS delivered_units,
    CAST(SUM(returned_units) AS BIGINT) AS returned_units,
    CAST(SUM(refunded_returns) AS BIGINT) AS refunded_returns,
    CAST(SUM(refund_seconds) AS BIGINT) AS refund_seconds
FROM bookings
GROUP BY date, COALESCE(country, 'unknown'), COALESCE(store_id, 'unknown'), COALESCE(sales_channel, 'unknown'), order_month
