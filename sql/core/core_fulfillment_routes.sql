/*
about = "Fulfillments delivered in a file of their own, moved to the month of their order."
grain = ["system", "order_id", "fulfillment_id", "batch", "record_number"]
partition = "order_date"
scatter = true
not_null = ["system", "order_id", "fulfillment_id", "batch", "record_number", "order_date", "version_epoch"]

[inputs]
stg_fulfillments = "same"
core_order_ids = "up_to"

[columns]
system = "VARCHAR name space of the ids"
order_id = "VARCHAR order the parcel belongs to"
fulfillment_id = "VARCHAR id of the fulfillment, unique within its order"
batch = "VARCHAR landing file the version came in"
record_number = "BIGINT record of that file"
order_date = "DATE local date the order was placed: as known, else as delivered, else the fulfillment's own date"
version_epoch = "BIGINT seconds since 1970; the greatest is the newest version"
created_at = "TIMESTAMP when the fulfillment was made, UTC"
created_epoch = "BIGINT created_at in seconds since 1970"
created_date = "DATE local date of the fulfillment"
status = "VARCHAR state of the fulfillment"
carrier = "VARCHAR who carries the parcel"
shipped_at = "TIMESTAMP when the parcel left, UTC"
shipped_epoch = "BIGINT shipped_at in seconds since 1970"
shipped_date = "DATE local date the parcel left"
delivered_at = "TIMESTAMP when the parcel arrived, UTC"
delivered_epoch = "BIGINT delivered_at in seconds since 1970"
delivered_date = "DATE local date the parcel arrived"
promised_date = "DATE local date the parcel was promised for"
*/
-- item_number 0: a record of its own. A fulfillment within an order's document already lies in the order's month.
WITH named_orders AS (
    SELECT system, order_id
    FROM stg_fulfillments
    WHERE item_number = 0
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
    f.system,
    f.order_id,
    f.fulfillment_id,
    f.batch,
    f.record_number,
    COALESCE(o.created_date, f.order_created_date, f.created_date) AS order_date,
    COALESCE(f.updated_epoch, f.created_epoch) AS version_epoch,
    f.created_at,
    f.created_epoch,
    f.created_date,
    f.status,
    f.carrier,
    f.shipped_at,
    f.shipped_epoch,
    f.shipped_date,
    f.delivered_at,
    f.delivered_epoch,
    f.delivered_date,
    f.promised_date
FROM stg_fulfillments AS f
LEFT JOIN known_orders AS o
    ON f.system = o.system
    AND f.order_id = o.order_id
WHERE f.item_number = 0
