/*
about = "Who placed every order, as one hash per person."
grain = ["system", "order_id"]
partition = "created_date"
not_null = ["system", "order_id", "created_date"]

[inputs]
core_orders = "same"
core_customers = "up_to"
core_late_buyers = "all"

[columns]
system = "VARCHAR name space of the ids"
order_id = "VARCHAR id of the order in its system"
created_date = "DATE local date the order was placed"
customer_hash = "VARCHAR keyed hash of the order's e-mail or phone, else of the newest e-mail or phone known for the customer's id, else of that id; NULL if the order names nobody"
*/
-- A table of its own: a change among customers rebuilds this small one, and the order facts only where a hash changed.
WITH known_customers AS (
    SELECT system, customer_source_id, created_date, contact_hash, version_epoch
    FROM core_customers
    WHERE contact_hash IS NOT NULL
    UNION ALL
    SELECT system, customer_source_id, created_date, contact_hash, version_epoch
    FROM core_late_buyers
),
-- One order for all rows, then the last place of each key: an ordered window per key costs a sort for every key.
candidates AS (
    SELECT
        o.system,
        o.order_id,
        k.contact_hash,
        ROW_NUMBER() OVER (
            ORDER BY k.version_epoch, COALESCE(CAST(k.created_date AS VARCHAR), ''), k.contact_hash
        ) AS place
    FROM core_orders AS o
    INNER JOIN known_customers AS k
        ON o.system = k.system
        AND o.customer_source_id = k.customer_source_id
    WHERE o.contact_hash IS NULL
),
ranked AS (
    SELECT *, MAX(place) OVER (PARTITION BY system, order_id) AS newest_place
    FROM candidates
),
chosen AS (
    SELECT system, order_id, contact_hash
    FROM ranked
    WHERE place = newest_place
)
SELECT
    o.system,
    o.order_id,
    o.created_date,
    COALESCE(o.contact_hash, c.contact_hash, o.id_hash) AS customer_hash
FROM core_orders AS o
LEFT JOIN chosen AS c
    ON o.system = c.system
    AND o.order_id = c.order_id
