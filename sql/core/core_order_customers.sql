/*
about = "Who placed every order, as one hash per person."
grain = ["system", "order_id"]
partition = "created_date"
not_null = ["system", "order_id", "created_date"]

[inputs]
core_orders = "same"
core_requester_customers = "same"

[columns]
system = "VARCHAR name space of the ids"
order_id = "VARCHAR id of the order in its system"
created_date = "DATE local date the order was placed"
customer_hash = "VARCHAR keyed hash of the order's e-mail or phone, else of the newest e-mail or phone known for the customer's id, else of that id; NULL if the order names nobody"
*/
-- A table of its own: a change among customers rebuilds this small one, and the order facts only where a hash changed.
SELECT
    o.system,
    o.order_id,
    o.created_date,
    COALESCE(o.contact_hash, c.contact_hash, o.id_hash) AS customer_hash
FROM core_orders AS o
LEFT JOIN core_requester_customers AS c
    ON o.system = c.system
    AND o.customer_source_id = c.customer_source_id
