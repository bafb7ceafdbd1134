/*
about = "The channel every order came in through: what a later ticket about the order is compared with. Test orders are left out."
grain = ["system", "order_id"]
partition = "created_date"
settings = []
not_null = ["system", "order_id", "created_date", "sales_channel"]

[inputs]
core_orders = "same"

[columns]
system = "VARCHAR name space of the ids"
order_id = "VARCHAR id of the order in its system"
created_date = "DATE local date the order was placed"
order_number = "VARCHAR number of the order that customers see, without #; NULL if not delivered"
sales_channel = "VARCHAR where the order was placed, in lower case"
*/
-- A table of its own, as core_order_ids: it stays the same when an order is paid or shipped, and so do its readers.
SELECT
    system,
    order_id,
    created_date,
    REPLACE(order_name, '#', '') AS order_number,
    LOWER(sales_channel) AS sales_channel
FROM core_orders
WHERE sales_channel IS NOT NULL AND NOT COALESCE(is_test, false)
