/*
about = """
One row per return, in the month of its order: what was sent back, and the refund that followed. The refund of a return
is the first one of its order made at or after the request, whatever month that is. Returns of test orders are left out."""
grain = ["system", "order_id", "return_id"]
partition = "order_date"
not_null = ["system", "order_id", "return_id", "order_date", "requested_at", "requested_epoch", "requested_date", "is_order_known", "is_counted"]

[ranges]
refund_seconds = [0, 10000000000]

[inputs]
core_return_routes = "same"
core_refunds = "same"
core_orders = "same"
fct_orders = "same"

[columns]
system = "VARCHAR name space of the ids"
order_id = "VARCHAR order the goods are of"
return_id = "VARCHAR id of the return, unique within its order"
order_date = "DATE local date the order was placed; that of the request if the order was never delivered"
customer_hash = "VARCHAR keyed hash of the order's customer; NULL if not known"
country = "VARCHAR country of the order; NULL if not known"
sales_channel = "VARCHAR where the order was placed; NULL if not known"
store_id = "VARCHAR store or brand of the order; NULL if not known"
is_order_known = "BOOLEAN the order was delivered"
is_counted = "BOOLEAN the return was not refused or called off, and its order is a purchase (fct_orders.is_counted) or not known"
requested_at = "TIMESTAMP when the customer asked for it, UTC"
requested_epoch = "BIGINT requested_at in seconds since 1970"
requested_date = "DATE local date of the request"
received_at = "TIMESTAMP when the goods came back, UTC"
received_date = "DATE local date the goods came back"
quantity = "BIGINT units; NULL if not delivered"
reason = "VARCHAR why"
status = "VARCHAR state of the return, in lower case"
refunded_at = "TIMESTAMP when the money went back, UTC; NULL if it has not, or if refunds have no date of their own"
refunded_date = "DATE local date of that refund"
refund_seconds = "BIGINT request to refund, seconds"
*/
-- One order for all rows, then the last place of each key: an ordered window per key costs a sort for every key.
WITH placed AS (
    SELECT *, ROW_NUMBER() OVER (ORDER BY version_epoch, batch, record_number, item_number) AS place
    FROM core_return_routes
),
versions AS (
    SELECT *, MAX(place) OVER (PARTITION BY system, order_id, return_id) AS newest_place
    FROM placed
),
newest AS (
    SELECT *
    FROM versions
    WHERE place = newest_place
),
paid_back AS (
    SELECT
        n.system AS system,
        n.order_id AS order_id,
        n.return_id AS return_id,
        MIN(r.created_at) AS refunded_at,
        MIN(r.created_epoch) AS refunded_epoch,
        MIN(r.created_date) AS refunded_date
    FROM newest AS n
    INNER JOIN core_refunds AS r
        ON r.system = n.system
        AND r.order_id = n.order_id
    WHERE r.created_epoch >= n.requested_epoch
        AND NOT r.is_date_estimated
    GROUP BY n.system, n.order_id, n.return_id
)
SELECT
    n.system AS system,
    n.order_id AS order_id,
    n.return_id AS return_id,
    n.order_date AS order_date,
    o.customer_hash AS customer_hash,
    o.country AS country,
    o.sales_channel AS sales_channel,
    o.store_id AS store_id,
    o.order_id IS NOT NULL AS is_order_known,
    COALESCE(o.is_counted, TRUE)
        AND COALESCE(n.status, 'requested') NOT IN ('rejected', 'declined', 'refused', 'cancelled', 'canceled') AS is_counted,
    n.requested_at AS requested_at,
    n.requested_epoch AS requested_epoch,
    n.requested_date AS requested_date,
    n.received_at AS received_at,
    n.received_date AS received_date,
    n.quantity AS quantity,
    n.reason AS reason,
    n.status AS status,
    p.refunded_at AS refunded_at,
    p.refunded_date AS refunded_date,
    p.refunded_epoch - n.requested_epoch AS refund_seconds
FROM newest AS n
LEFT JOIN core_orders AS c
    ON c.system = n.system
    AND c.order_id = n.order_id
LEFT JOIN fct_orders AS o
    ON o.system = n.system
    AND o.order_id = n.order_id
LEFT JOIN paid_back AS p
    ON p.system = n.system
    AND p.order_id = n.order_id
    AND p.return_id = n.return_id
WHERE NOT COALESCE(c.is_test, FALSE)
