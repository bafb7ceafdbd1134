/*
about = "The current refunds of every order, in the month of the order."
grain = ["system", "order_id", "refund_id"]
partition = "order_date"
not_null = ["system", "order_id", "refund_id", "order_date", "created_at", "created_epoch", "created_date", "refunded_amount", "goods_amount", "is_goods_estimated", "is_date_estimated"]

[inputs]
stg_refunds = "same"
core_refund_routes = "same"
core_orders = "same"
core_order_amounts = "same"

[columns]
system = "VARCHAR name space of the ids"
order_id = "VARCHAR order the refund belongs to"
refund_id = "VARCHAR id of the refund, unique within its order"
order_date = "DATE local date the order was placed; the refund's own date if the order was never delivered"
created_at = "TIMESTAMP when the refund was made, UTC"
created_epoch = "BIGINT created_at in seconds since 1970"
created_date = "DATE local date of the refund"
refunded_amount = "DECIMAL(18,4) money paid back, taxes and shipping included"
goods_amount = "DECIMAL(18,4) goods refunded, without taxes and shipping: what a refund takes from net sales"
tax_amount = "DECIMAL(18,4) taxes refunded"
shipping_amount = "DECIMAL(18,4) shipping refunded"
adjustment_amount = "DECIMAL(18,4) difference between goods and money, as delivered"
quantity = "BIGINT units refunded"
reason = "VARCHAR why"
is_goods_estimated = "BOOLEAN the refund names no goods: goods_amount is its money less taxes and shipping, at most the order's gross less discounts"
is_date_estimated = "BOOLEAN the export has no refund date: it is the order's"
*/
WITH nested AS (
    SELECT
        r.system,
        r.order_id,
        r.refund_id,
        r.batch,
        r.record_number,
        r.item_number,
        o.created_date AS order_date,
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
    INNER JOIN core_orders AS o
        ON r.system = o.system
        AND r.order_id = o.order_id
        AND r.batch = o.batch
        AND r.record_number = o.record_number
    WHERE r.item_number > 0
),
candidates AS (
    SELECT * FROM nested
    UNION ALL
    SELECT
        system,
        order_id,
        refund_id,
        batch,
        record_number,
        CAST(0 AS BIGINT) AS item_number,
        order_date,
        version_epoch,
        created_at,
        created_epoch,
        created_date,
        refunded_amount,
        items_amount,
        tax_amount,
        shipping_amount,
        adjustment_amount,
        quantity,
        reason,
        is_date_estimated
    FROM core_refund_routes
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
        MAX(place) OVER (PARTITION BY system, order_id, refund_id) AS newest_place
    FROM placed
),
money AS (
    SELECT
        v.*,
        CAST(
            COALESCE(v.refunded_amount, CAST(0 AS DECIMAL(18,4)))
            - COALESCE(v.tax_amount, CAST(0 AS DECIMAL(18,4)))
            - COALESCE(v.shipping_amount, CAST(0 AS DECIMAL(18,4)))
            AS DECIMAL(18,4)
        ) AS money_for_goods,
        CAST(a.gross_amount - a.discount_amount AS DECIMAL(18,4)) AS order_goods,
        COALESCE(v.items_amount, CAST(0 AS DECIMAL(18,4))) = CAST(0 AS DECIMAL(18,4)) AS names_no_goods
    FROM versions AS v
    LEFT JOIN core_order_amounts AS a
        ON v.system = a.system
        AND v.order_id = a.order_id
    WHERE v.place = v.newest_place
)
SELECT
    system,
    order_id,
    refund_id,
    order_date,
    created_at,
    created_epoch,
    created_date,
    COALESCE(refunded_amount, CAST(0 AS DECIMAL(18,4))) AS refunded_amount,
    CASE
        WHEN NOT names_no_goods THEN items_amount
        WHEN money_for_goods < CAST(0 AS DECIMAL(18,4)) THEN CAST(0 AS DECIMAL(18,4))
        WHEN money_for_goods > order_goods THEN order_goods
        ELSE money_for_goods
    END AS goods_amount,
    tax_amount,
    shipping_amount,
    adjustment_amount,
    quantity,
    reason,
    names_no_goods AND money_for_goods > CAST(0 AS DECIMAL(18,4)) AS is_goods_estimated,
    COALESCE(is_date_estimated, FALSE) AS is_date_estimated
FROM money
