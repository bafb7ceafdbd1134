/*
about = "The day every order was placed: finds the month of an order for what is delivered without it."
grain = ["system", "order_id"]
partition = "created_date"
not_null = ["system", "order_id", "created_date"]

[inputs]
core_orders = "same"

[columns]
system = "VARCHAR name space of the ids"
order_id = "VARCHAR id of the order in its system"
created_date = "DATE local date the order was placed"
nameless_customer_id = "VARCHAR id of the customer in the system, where the order gives neither e-mail nor phone; else NULL"
*/
-- A table of its own: it stays the same when an order is paid, shipped or refunded, and so do its readers.
SELECT
    system,
    order_id,
    created_date,
    CASE WHEN contact_hash IS NULL THEN customer_source_id END AS nameless_customer_id
FROM core_orders
