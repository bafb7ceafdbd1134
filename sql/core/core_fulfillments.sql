/*
about = "The current fulfillments of every order, in the month of the order."
grain = ["system", "order_id", "fulfillment_id"]
partition = "order_date"
not_null = ["system", "order_id", "fulfillment_id", "order_date", "created_at", "created_epoch", "created_date"]

[inputs]
stg_fulfillments = "same"
core_fulfillment_routes = "same"
core_orders = "same"

[columns]
system = "VARCHAR name space of the ids"
order_id = "VARCHAR order the parcel belongs to"
fulfillment_id = "VARCHAR id of the fulfillment, unique within its order"
order_date = "DATE local date the order was placed; the fulfillment's own date if the order was never delivered to us"
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
WITH nested AS (
    SELECT
        f.system,
        f.order_id,
        f.fulfillment_id,
        f.batch,
        f.record_number,
        f.item_number,
        o.created_date AS order_date,
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
    INNER JOIN core_orders AS o
        ON f.system = o.system
        AND f.order_id = o.order_id
        AND f.batch = o.batch
        AND f.record_number = o.record_number
    WHERE f.item_number > 0
),
candidates AS (
    SELECT * FROM nested
    UNION ALL
    SELECT
        system,
        order_id,
        fulfillment_id,
        batch,
        record_number,
        CAST(0 AS BIGINT) AS item_number,
        order_date,
        version_epoch,
        created_at,
        created_epoch,
        created_date,
        status,
        carrier,
        shipped_at,
        shipped_epoch,
        shipped_date,
        delivered_at,
        delivered_epoch,
        delivered_date,
        promised_date
    FROM core_fulfillment_routes
),
-- One order for all rows, then the last place of each key: an ordered window per key costs a sort for every key.
placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER (ORDER BY version_epoch, batch, record_number, item_number) AS place
    FROM candidates
),
versions AS (
    SELECT
        *,
        MAX(place) OVER (PARTITION BY system, order_id, fulfillment_id) AS newest_place
    FROM placed
)
SELECT
    system,
    order_id,
    fulfillment_id,
    order_date,
    created_at,
    created_epoch,
    created_date,
    status,
    carrier,
    shipped_at,
    shipped_epoch,
    shipped_date,
    delivered_at,
    delivered_epoch,
    delivered_date,
    promised_date
FROM versions
WHERE place = newest_place
