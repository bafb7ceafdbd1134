/*
about = "One row per line of every order in fct_orders: which products were bought, by whom, for how much."
grain = ["system", "order_id", "line_id"]
partition = "order_created_date"
not_null = ["system", "order_id", "line_id", "order_created_date", "is_order_counted", "quantity", "unit_price", "gross_amount", "is_gift_card"]

[inputs]
core_order_lines = "same"
fct_orders = "same"

[columns]
system = "VARCHAR name space of the ids"
order_id = "VARCHAR order the line belongs to"
line_id = "VARCHAR id of the line, unique within its order"
order_created_at = "TIMESTAMP when the order was placed, UTC"
order_created_date = "DATE local date the order was placed"
customer_hash = "VARCHAR keyed hash of the customer; NULL if the order names nobody"
is_order_counted = "BOOLEAN the order is a purchase (fct_orders.is_counted)"
country = "VARCHAR country of the order; NULL if not delivered"
sales_channel = "VARCHAR where the order was placed"
store_id = "VARCHAR store or brand the order was placed in"
currency = "VARCHAR currency of the amounts"
product_id = "VARCHAR id of the product"
sku = "VARCHAR stock keeping unit"
title = "VARCHAR name of the product as sold"
quantity = "BIGINT units ordered"
unit_price = "DECIMAL(18,4) price of one unit before discounts, in currency"
gross_amount = "DECIMAL(18,4) price of the whole line before discounts: never multiply it by quantity"
discount_amount = "DECIMAL(18,4) discounts given on the line; NULL if the export has them only by order"
tax_amount = "DECIMAL(18,4) taxes of the line; NULL if not delivered"
is_gift_card = "BOOLEAN the line sells a gift card"
*/
SELECT
    l.system,
    l.order_id,
    l.line_id,
    o.created_at AS order_created_at,
    o.created_date AS order_created_date,
    o.customer_hash,
    o.is_counted AS is_order_counted,
    o.country,
    o.sales_channel,
    o.store_id,
    o.currency,
    l.product_id,
    l.sku,
    l.title,
    l.quantity,
    l.unit_price,
    l.gross_amount,
    l.discount_amount,
    l.tax_amount,
    l.is_gift_card
FROM core_order_lines AS l
INNER JOIN fct_orders AS o
    ON l.system = o.system
    AND l.order_id = o.order_id
