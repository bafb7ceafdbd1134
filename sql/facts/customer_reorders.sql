/*
about = """
Which new customers ordered again within 90 days: the first such order of each month, kept in the month of the first
order. A scatter: a new day of orders reads one month of orders, not five."""
grain = ["customer_hash", "order_month"]
partition = "first_order_date"
scatter = true
not_null = ["customer_hash", "order_month", "first_order_date", "reorders", "seconds_to_reorder"]

[ranges]
seconds_to_reorder = [0, 7776000]

[inputs]
fct_orders = "same"
customer_first_orders = "-4..0"

[columns]
customer_hash = "VARCHAR keyed hash of the customer"
order_month = "VARCHAR month of the orders, YYYY-MM"
first_order_date = "DATE local date of the customer's first counted order"
reorders = "BIGINT further counted orders, placed in the 90 x 24 hours after the first one"
seconds_to_reorder = "BIGINT seconds from the first order to the earliest of them"
*/
SELECT
    o.customer_hash AS customer_hash,
    SUBSTR(CAST(o.created_date AS VARCHAR), 1, 7) AS order_month,
    f.first_order_date AS first_order_date,
    CAST(COUNT(*) AS BIGINT) AS reorders,
    CAST(MIN(o.created_epoch - f.first_order_epoch) AS BIGINT) AS seconds_to_reorder
FROM fct_orders AS o
INNER JOIN customer_first_orders AS f ON f.customer_hash = o.customer_hash
WHERE o.is_counted
    AND (o.system <> f.first_order_system OR o.order_id <> f.first_order_id)
    AND o.created_epoch >= f.first_order_epoch
    AND o.created_epoch <= f.first_order_epoch + 90 * 86400
GROUP BY o.customer_hash, SUBSTR(CAST(o.created_date AS VARCHAR), 1, 7), f.first_order_date
