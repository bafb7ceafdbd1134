/*
about = "The customers who ordered, by their id alone, in a month before the one of their own creation."
grain = ["system", "customer_source_id", "created_date"]
partition = "none"
not_null = ["system", "customer_source_id", "created_date", "contact_hash", "version_epoch"]

[inputs]
core_customers = "all"
core_order_ids = "all"

[columns]
system = "VARCHAR name space of the ids"
customer_source_id = "VARCHAR id of the customer in the system"
created_date = "DATE local date of the customer's creation"
contact_hash = "VARCHAR keyed hash of the e-mail or phone known for the customer"
version_epoch = "BIGINT age of the customer's version, seconds since 1970"
*/
-- They are few. With them at hand, orders read only the customers created up to their month, so that a new
-- customer today does not rebuild the orders of past years.
WITH first_orders AS (
    SELECT
        system,
        nameless_customer_id,
        SUBSTR(CAST(MIN(created_date) AS VARCHAR), 1, 7) AS first_month
    FROM core_order_ids
    WHERE nameless_customer_id IS NOT NULL
    GROUP BY system, nameless_customer_id
)
SELECT
    c.system,
    c.customer_source_id,
    c.created_date,
    c.contact_hash,
    c.version_epoch
FROM core_customers AS c
INNER JOIN first_orders AS o
    ON c.system = o.system
    AND c.customer_source_id = o.nameless_customer_id
WHERE c.contact_hash IS NOT NULL
    AND SUBSTR(CAST(c.created_date AS VARCHAR), 1, 7) > o.first_month
