/*
about = "The current lines of every order: what was bought, how many, at what price."
grain = ["system", "order_id", "line_id"]
partition = "order_created_date"
not_null = ["system", "order_id", "line_id", "order_created_date", "quantity", "unit_price", "gross_amount"]

[inputs]
stg_order_lines = "same"
core_orders = "same"

[columns]
system = "VARCHAR name space of the ids"
order_id = "VARCHAR order the line belongs to"
line_id = "VARCHAR id of the line, unique within its order"
order_created_date = "DATE local date the order was placed"
product_id = "VARCHAR id of the product"
sku = "VARCHAR stock keeping unit"
title = "VARCHAR name of the product as sold"
quantity = "BIGINT units ordered"
unit_price = "DECIMAL(18,4) price of one unit before discounts"
gross_amount = "DECIMAL(18,4) price of the line before discounts (quantity x unit price)"
discount_amount = "DECIMAL(18,4) discounts given on the line"
tax_amount = "DECIMAL(18,4) taxes of the line"
is_gift_card = "BOOLEAN the line sells a gift card"
*/
-- item_number tells the two kinds of lines apart: a line within its order's document has 1, 2, ..; a line that is
-- a record of its own file has 0. The first kind lives and dies with the newest document, so that a removed line
-- vanishes; the second kind is its own newest version.
WITH nested AS (
    SELECT l.*
    FROM stg_order_lines AS l
    INNER JOIN core_orders AS o
        ON l.system = o.system
        AND l.order_id = o.order_id
        AND l.batch = o.batch
        AND l.record_number = o.record_number
    WHERE l.item_number > 0
),
candidates AS (
    SELECT * FROM nested
    UNION ALL
    SELECT * FROM stg_order_lines WHERE item_number = 0
),
-- One order for all rows, then the last place of each key: an ordered window per key costs a sort for every key.
placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER (ORDER BY COALESCE(updated_epoch, order_created_epoch), batch, record_number, item_number) AS place
    FROM candidates
),
versions AS (
    SELECT
        *,
        MAX(place) OVER (PARTITION BY system, order_id, line_id) AS newest_place
    FROM placed
)
SELECT
    system,
    order_id,
    line_id,
    order_created_date,
    product_id,
    sku,
    title,
    quantity,
    unit_price,
    COALESCE(gross_amount, CAST(0 AS DECIMAL(18,4))) AS gross_amount,
    discount_amount,
    tax_amount,
    COALESCE(is_gift_card, FALSE) AS is_gift_card
FROM versions
WHERE place = newest_place
