/*
about = "One row per refund, on the date it was made, with its order beside it; refunds of test orders left out."
grain = ["system", "order_id", "refund_id"]
partition = "created_date"
scatter = true
settings = ["currency"]
not_null = ["system", "order_id", "refund_id", "created_at", "created_epoch", "created_date", "is_order_known", "is_counted", "is_job_currency", "refunded_amount", "goods_amount", "is_goods_estimated", "is_date_estimated"]

[inputs]
core_refunds = "same"
core_orders = "same"
fct_orders = "same"
core_foreign_amounts = "same"

[columns]
system = "VARCHAR name space of the ids"
order_id = "VARCHAR order the refund belongs to"
refund_id = "VARCHAR id of the refund, unique within its order"
created_at = "TIMESTAMP when the refund was made, UTC"
created_epoch = "BIGINT created_at in seconds since 1970"
created_date = "DATE local date of the refund: the month it is booked in, whatever its order's"
order_created_date = "DATE local date the order was placed; NULL if the order was never delivered"
seconds_since_order = "BIGINT seconds from order to refund; NULL if the order or the date of the refund is not known"
customer_hash = "VARCHAR keyed hash of the order's customer; NULL if not known"
country = "VARCHAR country of the order; NULL if not known"
sales_channel = "VARCHAR where the order was placed; NULL if not known"
store_id = "VARCHAR store or brand of the order; NULL if not known"
currency = "VARCHAR currency of the amounts: the order's, else the job's"
is_job_currency = "BOOLEAN the currency is the job's"
is_order_known = "BOOLEAN the order was delivered; refunds of orders older than the first export are not"
is_counted = "BOOLEAN the order is a purchase (fct_orders.is_counted), or not known; sales subtract only these refunds"
refunded_amount = "DECIMAL(18,4) money paid back, taxes and shipping included, in currency"
goods_amount = "DECIMAL(18,4) goods refunded, without taxes and shipping: what the refund takes from net sales, in currency"
job_goods_amount = "DECIMAL(18,4) goods refunded, in the job's currency by the rate of the order's day; NULL for another currency without a rate"
tax_amount = "DECIMAL(18,4) taxes refunded, in currency; NULL if not delivered"
shipping_amount = "DECIMAL(18,4) shipping refunded, in currency; NULL if not delivered"
adjustment_amount = "DECIMAL(18,4) difference between goods and money, as delivered; not part of net sales"
quantity = "BIGINT units refunded; NULL if not delivered"
reason = "VARCHAR why"
is_goods_estimated = "BOOLEAN the refund names no goods: goods_amount is its money less taxes and shipping, at most the order's gross less discounts"
is_date_estimated = "BOOLEAN the export has no refund date: it is the order's"
*/
SELECT
    r.system,
    r.order_id,
    r.refund_id,
    r.created_at,
    r.created_epoch,
    r.created_date,
    o.created_date AS order_created_date,
    CASE WHEN NOT r.is_date_estimated THEN r.created_epoch - o.created_epoch END AS seconds_since_order,
    o.customer_hash,
    o.country,
    o.sales_channel,
    o.store_id,
    COALESCE(o.currency, s.currency) AS currency,
    COALESCE(o.is_job_currency, TRUE) AS is_job_currency,
    o.order_id IS NOT NULL AS is_order_known,
    COALESCE(o.is_counted, TRUE) AS is_counted,
    r.refunded_amount,
    r.goods_amount,
    CASE WHEN COALESCE(o.is_job_currency, TRUE) THEN r.goods_amount ELSE f.job_amount END AS job_goods_amount,
    r.tax_amount,
    r.shipping_amount,
    r.adjustment_amount,
    r.quantity,
    r.reason,
    r.is_goods_estimated,
    r.is_date_estimated
FROM core_refunds AS r
LEFT JOIN core_orders AS c
    ON r.system = c.system
    AND r.order_id = c.order_id
LEFT JOIN fct_orders AS o
    ON r.system = o.system
    AND r.order_id = o.order_id
LEFT JOIN core_foreign_amounts AS f
    ON r.system = f.system
    AND r.order_id = f.order_id
    AND r.refund_id = f.refund_id
CROSS JOIN settings AS s
WHERE NOT COALESCE(c.is_test, FALSE)
