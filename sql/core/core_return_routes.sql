/*
about = "Every delivered version of a return, moved to the month of its order."
grain = ["system", "order_id", "return_id", "batch", "record_number", "item_number"]
partition = "order_date"
scatter = true
not_null = ["system", "order_id", "return_id", "batch", "record_number", "item_number", "order_date", "version_epoch"]

[inputs]
stg_returns = "same"
core_order_ids = "up_to"

[columns]
system = "VARCHAR name space of the ids"
order_id = "VARCHAR order the goods are of"
return_id = "VARCHAR id of the return, unique within its order"
batch = "VARCHAR landing file the version came in"
record_number = "BIGINT record of that file"
item_number = "BIGINT place within the record"
order_date = "DATE local date the order was placed: as known, else as delivered, else that of the request"
version_epoch = "BIGINT seconds since 1970; the greatest is the newest version"
requested_at = "TIMESTAMP when the customer asked for it, UTC"
requested_epoch = "BIGINT requested_at in seconds since 1970"
requested_date = "DATE local date of the request"
received_at = "TIMESTAMP when the goods came back, UTC"
received_epoch = "BIGINT received_at in seconds since 1970"
received_date = "DATE local date the goods came back"
quantity = "BIGINT units"
reason = "VARCHAR why"
status = "VARCHAR state of the return, in lower case"
*/
WITH named_orders AS (
    SELECT system, order_id
    FROM stg_returns
    GROUP BY system, order_id
),
-- Found by a join of their own: the ids of all months are many, those named here are few or none.
known_orders AS (
    SELECT o.system, o.order_id, o.created_date
    FROM core_order_ids AS o
    INNER JOIN named_orders AS n
        ON o.system = n.system
        AND o.order_id = n.order_id
)
SELECT
    r.system,
    r.order_id,
    r.return_id,
    r.batch,
    r.record_number,
    r.item_number,
    COALESCE(o.created_date, r.order_created_date, r.requested_date) AS order_date,
    COALESCE(r.updated_epoch, r.received_epoch, r.requested_epoch) AS version_epoch,
    r.requested_at,
    r.requested_epoch,
    r.requested_date,
    r.received_at,
    r.received_epoch,
    r.received_date,
    r.quantity,
    r.reason,
    LOWER(r.status) AS status
FROM stg_returns AS r
LEFT JOIN known_orders AS o
    ON r.system = o.system
    AND r.order_id = o.order_id
