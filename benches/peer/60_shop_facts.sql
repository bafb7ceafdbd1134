-- One row per order line, refund and order. Amounts are exact decimals.
CREATE TABLE shop_orders AS
SELECT
    id,
    name AS order_name,
    coalesce(
        contact(
            coalesce(email, contact_email, customer.email),
            coalesce(phone, customer.phone, billing_address.phone, shipping_address.phone)
        ),
        keyed_hash('id', 'shopify:' || customer.id)
    ) AS customer_hash,
    created_at,
    epoch(created_at)::BIGINT AS created_epoch,
    local_date(created_at) AS created_date,
    processed_at,
    cancelled_at,
    local_date(cancelled_at) AS cancelled_date,
    financial_status,
    coalesce(fulfillment_status, 'unfulfilled') AS fulfillment_status,
    source_name AS sales_channel,
    location_id AS store_id,
    coalesce(shipping_address.country_code, billing_address.country_code) AS country,
    coalesce(currency, getvariable('currency')) AS currency,
    cancelled_at IS NULL AND coalesce(financial_status, 'paid') NOT IN ('voided', 'expired') AS is_counted,
    coalesce(list_sum([l.price FOR l IN shipping_lines]), 0)::DECIMAL(18,4) AS shipping_amount,
    total_line_items_price,
    subtotal_price,
    total_discounts,
    total_tax,
    total_price,
    line_items,
    refunds
FROM raw_orders
WHERE NOT coalesce(test, false);

DROP TABLE raw_orders;

CREATE TABLE order_lines AS
WITH lines AS (
    SELECT o.* EXCLUDE (line_items, refunds), unnest(o.line_items) AS l
    FROM shop_orders AS o
)

SELECT
    id,
    l.id AS line_id,
    created_at AS order_created_at,
    created_date AS order_created_date,
    customer_hash,
    is_counted AS is_order_counted,
    country,
    sales_channel,
    store_id,
    currency,
    l.product_id AS product_id,
    l.sku AS sku,
    coalesce(l.title, l.name) AS title,
    l.quantity AS quantity,
    l.price AS unit_price,
    (l.quantity * l.price)::DECIMAL(18,4) AS gross_amount,
    coalesce(list_sum([d.amount FOR d IN l.discount_allocations]), 0)::DECIMAL(18,4) AS discount_amount,
    coalesce(list_sum([x.price FOR x IN l.tax_lines]), 0)::DECIMAL(18,4) AS tax_amount,
    coalesce(l.gift_card, false) AS is_gift_card
FROM lines;

CREATE VIEW fct_order_lines AS
SELECT
    'shopify' AS system,
    id::VARCHAR AS order_id,
    * EXCLUDE (id) REPLACE (line_id::VARCHAR AS line_id, product_id::VARCHAR AS product_id)
FROM order_lines;

-- What an order was worth before refunds.
CREATE TABLE order_amounts AS
WITH line_sums AS (
    SELECT
        id,
        sum(quantity)::BIGINT AS units,
        sum(gross_amount)::DECIMAL(18,4) AS lines_gross,
        sum(discount_amount)::DECIMAL(18,4) AS lines_discount
    FROM order_lines
    GROUP BY id
)

SELECT
    o.id,
    s.units,
    coalesce(o.total_discounts, s.lines_discount, 0)::DECIMAL(18,4) AS discount_amount,
    coalesce(
        s.lines_gross,
        o.total_line_items_price,
        o.subtotal_price + coalesce(o.total_discounts, 0),
        o.total_price - coalesce(o.total_tax, 0) - o.shipping_amount + coalesce(o.total_discounts, 0),
        0
    )::DECIMAL(18,4) AS gross_amount,
    CASE
        WHEN s.lines_gross IS NOT NULL THEN 'lines'
        WHEN o.total_line_items_price IS NOT NULL THEN 'order'
        WHEN o.subtotal_price IS NOT NULL THEN 'subtotal'
        WHEN o.total_price IS NOT NULL THEN 'total'
        ELSE 'none'
    END AS gross_source
FROM shop_orders AS o
LEFT JOIN line_sums AS s ON s.id = o.id;

CREATE TABLE refunds AS
WITH returned AS (
    SELECT
        id,
        created_at AS order_created_at,
        created_epoch AS order_created_epoch,
        created_date AS order_created_date,
        customer_hash,
        country,
        sales_channel,
        store_id,
        currency,
        is_counted,
        unnest(refunds) AS r
    FROM shop_orders
    WHERE len(refunds) > 0
),

money AS (
    SELECT
        *,
        coalesce(list_sum([t.amount FOR t IN r.transactions IF t.kind = 'refund' AND t.status = 'success']), 0)
            ::DECIMAL(18,4) AS refunded,
        coalesce(list_sum([i.subtotal FOR i IN r.refund_line_items]), 0)::DECIMAL(18,4) AS items,
        (coalesce(list_sum([i.total_tax FOR i IN r.refund_line_items]), 0)
            - coalesce(list_sum([a.tax_amount FOR a IN r.order_adjustments]), 0))::DECIMAL(18,4) AS tax,
        (-coalesce(list_sum([a.amount FOR a IN r.order_adjustments IF a.kind = 'shipping_refund']), 0))
            ::DECIMAL(18,4) AS shipping,
        (-coalesce(list_sum([a.amount FOR a IN r.order_adjustments IF a.kind = 'refund_discrepancy']), 0))
            ::DECIMAL(18,4) AS adjustment
    FROM returned
)

SELECT
    m.id,
    m.r.id AS refund_id,
    m.r.created_at AS created_at,
    epoch(m.r.created_at)::BIGINT AS created_epoch,
    local_date(m.r.created_at) AS created_date,
    m.order_created_date,
    epoch(m.r.created_at)::BIGINT - m.order_created_epoch AS seconds_since_order,
    m.customer_hash,
    m.country,
    m.sales_channel,
    m.store_id,
    m.currency,
    m.currency = getvariable('currency') AS is_job_currency,
    true AS is_order_known,
    m.is_counted,
    m.refunded AS refunded_amount,
    -- A refund that names no goods is one of money alone: at most what the goods were worth.
    CASE
        WHEN m.items <> 0 THEN m.items
        ELSE greatest(least(m.refunded - m.tax - m.shipping, a.gross_amount - a.discount_amount), 0)
    END::DECIMAL(18,4) AS goods_amount,
    m.tax AS tax_amount,
    m.shipping AS shipping_amount,
    m.adjustment AS adjustment_amount,
    coalesce(list_sum([i.quantity FOR i IN m.r.refund_line_items]), 0)::BIGINT AS quantity,
    m.r.refund_line_items[1].restock_type AS reason,
    m.items = 0 AND m.refunded - m.tax - m.shipping > 0 AS is_goods_estimated,
    false AS is_date_estimated
FROM money AS m
INNER JOIN order_amounts AS a ON a.id = m.id;

CREATE VIEW fct_refunds AS
SELECT
    'shopify' AS system,
    id::VARCHAR AS order_id,
    * EXCLUDE (id) REPLACE (refund_id::VARCHAR AS refund_id)
FROM refunds;

CREATE TABLE fct_orders AS
WITH refund_sums AS (
    SELECT
        id,
        count(*) AS refunds,
        sum(refunded_amount)::DECIMAL(18,4) AS refunded_amount,
        sum(goods_amount)::DECIMAL(18,4) AS refunded_goods_amount,
        sum(quantity)::BIGINT AS refunded_units
    FROM refunds
    GROUP BY id
)

SELECT
    'shopify' AS system,
    o.id::VARCHAR AS order_id,
    o.order_name,
    o.customer_hash,
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
    o.currency,
    o.currency = getvariable('currency') AS is_job_currency,
    o.cancelled_at IS NOT NULL AS is_cancelled,
    o.is_counted,
    a.units,
    a.gross_amount,
    a.gross_source,
    a.discount_amount,
    coalesce(r.refunds, 0) AS refunds,
    coalesce(r.refunded_amount, 0)::DECIMAL(18,4) AS refunded_amount,
    coalesce(r.refunded_goods_amount, 0)::DECIMAL(18,4) AS refunded_goods_amount,
    r.refunded_units,
    (a.gross_amount - a.discount_amount - coalesce(r.refunded_goods_amount, 0))::DECIMAL(18,4) AS net_amount,
    o.shipping_amount,
    o.total_tax AS tax_amount,
    o.total_price AS total_amount
FROM shop_orders AS o
INNER JOIN order_amounts AS a ON a.id = o.id
LEFT JOIN refund_sums AS r ON r.id = o.id;

DROP TABLE shop_orders;
DROP TABLE order_amounts;
