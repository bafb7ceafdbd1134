/*
about = "The products that were ever sold, as they were named last."
grain = ["system", "product_key"]
partition = "none"
not_null = ["system", "product_key", "first_sold_date", "last_sold_date", "orders", "units"]

[inputs]
product_months = "all"

[columns]
system = "VARCHAR name space of the ids"
product_key = "VARCHAR id of the product, else its sku, else its name"
product_id = "VARCHAR id of the product"
sku = "VARCHAR stock keeping unit, as sold last"
title = "VARCHAR name, as sold last"
first_sold_date = "DATE local date of the first counted order with it"
last_sold_date = "DATE local date of the last one"
orders = "BIGINT counted orders with it to date"
units = "BIGINT units in them"
*/
WITH totals AS (
    SELECT
        system,
        product_key,
        MIN(first_sold_date) AS first_sold_date,
        MAX(last_sold_date) AS last_sold_date,
        CAST(SUM(orders) AS BIGINT) AS orders,
        CAST(SUM(units) AS BIGINT) AS units
    FROM product_months
    GROUP BY system, product_key
)
SELECT
    t.system AS system,
    t.product_key AS product_key,
    m.product_id AS product_id,
    m.sku AS sku,
    m.title AS title,
    t.first_sold_date AS first_sold_date,
    t.last_sold_date AS last_sold_date,
    t.orders AS orders,
    t.units AS units
FROM totals AS t
INNER JOIN product_months AS m
    ON m.system = t.system
    AND m.product_key = t.product_key
    AND m.last_sold_date = t.last_sold_date
