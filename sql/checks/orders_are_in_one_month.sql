/*
about = """
An order stands in one month: its creation must not move to another month from one delivery to the next, or it would
count twice. Deliver the older file again with the new creation."""
grain = ["system", "order_id", "other_date"]
partition = "created_date"
severity = "error"

[inputs]
core_orders = "same"
core_order_ids = "-1..1"

[columns]
system = "VARCHAR name space of the ids"
order_id = "VARCHAR order at fault"
created_date = "DATE local date of its creation in this month"
other_date = "DATE the same in a month beside it"
*/
SELECT
    o.system AS system,
    o.order_id AS order_id,
    o.created_date AS created_date,
    i.created_date AS other_date
FROM core_orders AS o
INNER JOIN core_order_ids AS i ON i.system = o.system AND i.order_id = o.order_id
WHERE i.created_date <> o.created_date
