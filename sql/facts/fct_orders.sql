/*
about = "One row per order, test orders left out: who, when, where, and what it was worth to date."
grain = ["system", "order_id"]
partition = "created_date"
settings = ["currency"]
not_null = ["system", "order_id", "created_at", "created_epoch", "created_date", "is_cancelled", "is_counted", "is_job_currency", "gross_amount", "discount_amount", "refunds", "refunded_amount", "refunded_goods_amount", "net_amount", "gross_source"]

[inputs]
core_orders = "same"
core_order_customers = "same"
core_order_amounts = "same"
core_refunds = "same"
core_foreign_amounts = "same"

[columns]
system = "VARCHAR name space of the ids"
order_id = "VARCHAR id of the order in its system"
order_name = "VARCHAR number of the order that customers see"
customer_hash = "VARCHAR keyed hash of the customer; NULL if the order names nobody"
created_at = "TIMESTAMP when the order was placed, UTC"
created_epoch = "BIGINT created_at in seconds since 1970"
created_date = "DATE local date the order was placed"
processed_at = "TIMESTAMP when the payment was processed, UTC"
cancelled_at = "TIMESTAMP when the order was cancelled, UTC; NULL if it was not"
cancelled_date = "DATE local date of the cancellation"
financial_status = "VARCHAR pending, authorized, partially_paid, paid, partially_refunded, refunded, voided or expired; NULL if not delivered"
fulfillment_status = "VARCHAR unfulfilled, partial, fulfilled or restocked; NULL if not delivered"
sales_channel = "VARCHAR where the order was placed (web, pos, ..)"
store_id = "VARCHAR store or brand the order was placed in"
country = "VARCHAR country of the order; NULL if not delivered"
currency = "VARCHAR currency of the amounts: the order's, else the job's"
is_job_currency = "BOOLEAN the currency is the job's; the job_ amounts are the same as the others"
is_cancelled = "BOOLEAN the order has a cancellation time"
is_counted = "BOOLEAN the order is a purchase: neither cancelled nor voided nor expired; pending and refunded ones are. Sales, customers and cohorts count only these"
units = "BIGINT units ordered; NULL without lines"
gross_amount = "DECIMAL(18,4) price of the goods before discounts, in currency"
gross_source = "VARCHAR where gross_amount comes from: lines (quantity x price), order, subtotal, total, none"
discount_amount = "DECIMAL(18,4) discounts, in currency"
refunds = "BIGINT refunds made for the order to date, on whatever date"
refunded_amount = "DECIMAL(18,4) money paid back for the order to date, taxes and shipping included, in currency"
refunded_goods_amount = "DECIMAL(18,4) goods refunded to date, without taxes and shipping, in currency"
refunded_units = "BIGINT units refunded to date; NULL if no refund tells"
net_amount = "DECIMAL(18,4) gross - discounts - refunded goods to date, in currency"
shipping_amount = "DECIMAL(18,4) shipping charged, in currency; NULL if not delivered"
tax_amount = "DECIMAL(18,4) taxes, in currency; NULL if not delivered"
total_amount = "DECIMAL(18,4) what the customer was asked to pay, in currency; NULL if not delivered"
job_gross_amount = "DECIMAL(18,4) gross in the job's currency, by the rate of the order's day; NULL for another currency without a rate. Customers, cohorts and contacts add up these amounts"
job_discount_amount = "DECIMAL(18,4) discounts in the job's currency; NULL as above"
job_refunded_goods_amount = "DECIMAL(18,4) goods refunded to date, in the job's currency by the same rate; NULL as above"
job_net_amount = "DECIMAL(18,4) gross - discounts - refunded goods to date, in the job's currency; NULL as above"
*/
WITH refund_sums AS (
    SELECT
        system,
        order_id,
        CAST(COUNT(*) AS BIGINT) AS refunds,
        CAST(SUM(refunded_amount) AS DECIMAL(18,4)) AS refunded,
        CAST(SUM(goods_amount) AS DECIMAL(18,4)) AS refunded_goods,
        CAST(SUM(quantity) AS BIGINT) AS refunded_units
    FROM core_refunds
    GROUP BY system, order_id
),
foreign_sums AS (
    SELECT
        system,
        order_id,
        CAST(SUM(CASE WHEN item = 'gross' THEN job_amount ELSE CAST(0 AS DECIMAL(18,4)) END) AS DECIMAL(18,4)) AS gross,
        CAST(SUM(CASE WHEN item = 'discount' THEN job_amount ELSE CAST(0 AS DECIMAL(18,4)) END) AS DECIMAL(18,4)) AS discount,
        CAST(SUM(CASE WHEN item = 'refund' THEN job_amount ELSE CAST(0 AS DECIMAL(18,4)) END) AS DECIMAL(18,4)) AS refunded
    FROM core_foreign_amounts
    GROUP BY system, order_id
),
orders AS (
    SELECT
        o.system,
        o.order_id,
        o.order_name,
        c.customer_hash,
        o.created_at,
        o.created_epoch,
        o.created_date,
        o.processed_at,
        o.cancelled_at,
        o.cancelled_date,
        o.financial_status,
        o.fulfillment_status,
        o.sales_channel,
        o.store_id,
        o.country,
        COALESCE(o.currency, s.currency) AS currency,
        COALESCE(o.currency, s.currency) = s.currency AS is_job_currency,
        o.cancelled_at IS NOT NULL AS is_cancelled,
        o.cancelled_at IS NULL AND COALESCE(o.financial_status, 'paid') NOT IN ('voided', 'expired') AS is_counted,
        a.units,
        a.gross_amount,
        a.gross_source,
        a.discount_amount,
        COALESCE(r.refunds, CAST(0 AS BIGINT)) AS refunds,
        COALESCE(r.refunded, CAST(0 AS DECIMAL(18,4))) AS refunded_amount,
        COALESCE(r.refunded_goods, CAST(0 AS DECIMAL(18,4))) AS refunded_goods_amount,
        r.refunded_units,
        CAST(
            a.gross_amount - a.discount_amount - COALESCE(r.refunded_goods, CAST(0 AS DECIMAL(18,4)))
            AS DECIMAL(18,4)
        ) AS net_amount,
        o.shipping_amount,
        o.tax_amount,
        o.total_amount,
        f.gross AS foreign_gross,
        f.discount AS foreign_discount,
        f.refunded AS foreign_refunded
    FROM core_orders AS o
    INNER JOIN core_order_amounts AS a
        ON o.system = a.system
        AND o.order_id = a.order_id
    INNER JOIN core_order_customers AS c
        ON o.system = c.system
        AND o.order_id = c.order_id
    LEFT JOIN refund_sums AS r
        ON o.system = r.system
        AND o.order_id = r.order_id
    LEFT JOIN foreign_sums AS f
        ON o.system = f.system
        AND o.order_id = f.order_id
    CROSS JOIN settings AS s
    WHERE NOT o.is_test
)
SELECT
    system,
    order_id,
    order_name,
    customer_hash,
    created_at,
    created_epoch,
    created_date,
    processed_at,
    cancelled_at,
    cancelled_date,
    financial_status,
    fulfillment_status,
    sales_channel,
    store_id,
    country,
    currency,
    is_job_currency,
    is_cancelled,
    is_counted,
    units,
    gross_amount,
    gross_source,
    discount_amount,
    refunds,
    refunded_amount,
    refunded_goods_amount,
    refunded_units,
    net_amount,
    shipping_amount,
    tax_amount,
    total_amount,
    CASE WHEN is_job_currency THEN gross_amount ELSE foreign_gross END AS job_gross_amount,
    CASE WHEN is_job_currency THEN discount_amount ELSE foreign_discount END AS job_discount_amount,
    CASE WHEN is_job_currency THEN refunded_goods_amount ELSE foreign_refunded END AS job_refunded_goods_amount,
    CASE
        WHEN is_job_currency THEN net_amount
        ELSE CAST(foreign_gross - foreign_discount - foreign_refunded AS DECIMAL(18,4))
    END AS job_net_amount
FROM orders
