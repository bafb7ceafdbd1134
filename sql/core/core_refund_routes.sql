/*
about = "Refunds delivered in a file of their own, moved to the month of their order."
grain = ["system", "order_id", "refund_id", "batch", "record_number"]
partition = "order_date"
scatter = true
not_null = ["system", "order_id", "refund_id", "batch", "record_number", "order_date", "version_epoch"]

[inputs]
stg_refunds = "same"
core_order_ids = "up_to"

[columns]
system = "VARCHAR name space of the ids"
order_id = "VARCHAR order the refund belongs to"
refund_id = "VARCHAR id of the refund, unique within its order"
batch = "VARCHAR landing file the version came in"
record_number = "BIGINT record of that file"
order_date = "DATE local date the order was placed: as known, else as delivered, else the refund's own date"
version_epoch = "BIGINT seconds since 1970; the greatest is the newest version"
created_at = "TIMESTAMP when the refund was made, UTC"
created_epoch = "BIGINT created_at in seconds since 1970"
created_date = "DATE local date of the refund"
refunded_amount = "DECIMAL(18,4) money paid back"
items_amount = "DECIMAL(18,4) goods refunded, without taxes and shipping"
tax_amount = "DECIMAL(18,4) taxes refunded"
shipping_amount = "DECIMAL(18,4) shipping refunded"
adjustment_amount = "DECIMAL(18,4) difference between goods and money, as delivered"
quantity = "BIGINT units refunded"
reason = "VARCHAR why"
is_date_estimated = "BOOLEAN the export has no refund date"
*/
-- item_number 0: a record of its own. A refund within an order's document already lies in the order's month.
WITH named_orders AS (
    SELECT system, order_id
    FROM stg_refunds
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
    r.system,
    r.order_id,
    r.refund_id,
    r.batch,
    r.record_number,
    COALESCE(o.created_date, r.order_created_date, r.created_date) AS order_date,
    COALESCE(r.updated_epoch, r.created_epoch) AS version_epoch,
    r.created_at,
    r.created_epoch,
    r.created_date,
    r.refunded_amount,
    r.items_amount,
    r.tax_amount,
    r.shipping_amount,
    r.adjustment_amount,
    r.quantity,
    r.reason,
    r.is_date_estimated
FROM stg_refunds AS r
LEFT JOIN known_orders AS o
    ON r.system = o.system
    AND r.order_id = o.order_id
WHERE r.item_number = 0
