/*
about = "What was sold of every product in a month: counted orders, by product, else by sku, else by name."
grain = ["system", "product_key"]
partition = "month_start"
not_null = ["system", "product_key", "month_start", "orders", "units"]

[inputs]
fct_order_lines = "same"
calendar = "same"

[columns]
system = "VARCHAR name space of the ids"
product_key = "VARCHAR id of the product, else its sku, else its name"
month_start = "DATE first day of the month"
product_id = "VARCHAR id of the product"
sku = "VARCHAR stock keeping unit of the last line"
title = "VARCHAR name on the last line"
first_sold_date = "DATE first day of the month it was sold on"
last_sold_date = "DATE last day of the month it was sold on"
orders = "BIGINT counted orders with the product"
units = "BIGINT units in them"
*/
WITH this_month AS (
    SELECT DISTINCT month_start
    FROM calendar
),
lines AS (
    SELECT
        system,
        order_id,
        order_created_date,
        product_id,
        sku,
        title,
        quantity,
        COALESCE(product_id, sku, title) AS product_key,
        ROW_NUMBER() OVER (ORDER BY order_created_at, system, order_id, line_id) AS place
    FROM fct_order_lines
    WHERE is_order_counted AND COALESCE(product_id, sku, title) IS NOT NULL
),
products AS (
    SELECT
        system,
        product_key,
        MIN(order_created_date) AS first_sold_date,
        MAX(order_created_date) AS last_sold_date,
        CAST(COUNT(DISTINCT order_id) AS BIGINT) AS orders,
        CAST(SUM(quantity) AS BIGINT) AS units,
        MAX(place) AS last_place
    FROM lines
    GROUP BY system, product_key
)
SELECT
    p.system AS system,
    p.product_key AS product_key,
    m.month_start AS month_start,
    l.product_id AS product_id,
    l.sku AS sku,
    l.title AS title,
    p.first_sold_date AS first_sold_date,
    p.last_sold_date AS last_sold_date,
    p.orders AS orders,
    p.units AS units
FROM products AS p
INNER JOIN lines AS l ON l.place = p.last_place
CROSS JOIN this_month AS m
