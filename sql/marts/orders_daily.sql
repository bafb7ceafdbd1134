/*
about = "Orders, sales, discounts and refunds by day, country, store, sales channel and currency: every number but the last five can be summed."
grain = ["date", "country", "store_id", "sales_channel", "currency"]
partition = "date"
not_null = ["date", "country", "store_id", "sales_channel", "currency", "orders", "cancelled_orders", "counted_orders", "first_orders", "repeat_orders", "anonymous_orders", "refunded_orders", "units", "gross_amount", "discount_amount", "refunds", "refunded_amount", "refunded_goods_amount", "net_amount", "net_amount_by_order_date"]

[ranges]
cancellation_rate = [0, 1]
refund_rate = [0, 1]
repeat_order_share = [0, 1]

[inputs]
fct_orders = "same"
fct_refunds = "same"
customer_first_orders = "same"
dates = "same"

[columns]
date = "DATE local date of the order, or of the refund"
country = "VARCHAR country of the order; 'unknown' if not delivered"
store_id = "VARCHAR store or brand the order was placed in; 'unknown' if not delivered"
sales_channel = "VARCHAR where the order was placed; 'unknown' if not delivered"
currency = "VARCHAR currency of the amounts; 'unknown' if neither the order nor the job has one"
orders = "BIGINT orders placed on the date, test orders left out"
cancelled_orders = "BIGINT of these, cancelled to date"
counted_orders = "BIGINT of these, purchases: neither cancelled nor voided nor expired. The columns below speak of these"
first_orders = "BIGINT counted orders that are their customer's first: the new customers of the date"
repeat_orders = "BIGINT counted orders of customers who had ordered before"
anonymous_orders = "BIGINT counted orders that name nobody"
refunded_orders = "BIGINT counted orders placed on the date with a refund to date"
units = "BIGINT units of the counted orders; orders without lines add none"
gross_amount = "DECIMAL(18,4) price of the goods before discounts, in currency"
discount_amount = "DECIMAL(18,4) discounts, in currency"
refunds = "BIGINT refunds made on the date, of orders of any date"
refunded_amount = "DECIMAL(18,4) money paid back on the date, taxes and shipping included, in currency"
refunded_goods_amount = "DECIMAL(18,4) goods refunded on the date, in currency"
net_amount = "DECIMAL(18,4) gross - discounts - goods refunded on the date, in currency"
net_amount_by_order_date = "DECIMAL(18,4) gross - discounts - goods refunded to date for the orders of the date, in currency"
average_order_value = "DOUBLE (gross - discounts) / counted_orders, in currency; NULL without orders. Not additive"
cancellation_rate = "DOUBLE cancelled_orders / orders; NULL without orders. Not additive"
refund_rate = "DOUBLE refunded_orders / counted_orders; NULL without orders. Not additive"
refund_share = "DOUBLE refunded_amount / gross_amount: money paid back on the date against the sales of the date, so more than 1 where old orders came back; NULL without sales. Not additive"
repeat_order_share = "DOUBLE repeat_orders / (first_orders + repeat_orders); NULL without orders of known customers. Not additive"
*/
WITH order_rows AS (
    SELECT
        o.created_date AS date,
        o.country,
        o.store_id,
        o.sales_channel,
        o.currency,
        o.is_cancelled,
        o.is_counted,
        o.customer_hash IS NULL AS is_anonymous,
        f.customer_hash IS NOT NULL AS is_first,
        o.refunds > 0 AS has_refund,
        o.units,
        o.gross_amount,
        o.discount_amount,
        o.net_amount
    FROM fct_orders AS o
    LEFT JOIN customer_first_orders AS f
        ON o.system = f.first_order_system
        AND o.order_id = f.first_order_id
),
entries AS (
    SELECT
        date,
        country,
        store_id,
        sales_channel,
        currency,
        CAST(1 AS BIGINT) AS orders,
        CAST(CASE WHEN is_cancelled THEN 1 ELSE 0 END AS BIGINT) AS cancelled,
        CAST(CASE WHEN is_counted THEN 1 ELSE 0 END AS BIGINT) AS counted,
        CAST(CASE WHEN is_counted AND is_first THEN 1 ELSE 0 END AS BIGINT) AS first_time,
        CAST(CASE WHEN is_counted AND is_anonymous THEN 1 ELSE 0 END AS BIGINT) AS anonymous,
        CAST(CASE WHEN is_counted AND has_refund THEN 1 ELSE 0 END AS BIGINT) AS with_refund,
        CASE WHEN is_counted THEN COALESCE(units, CAST(0 AS BIGINT)) ELSE CAST(0 AS BIGINT) END AS units,
        CASE WHEN is_counted THEN gross_amount ELSE CAST(0 AS DECIMAL(18,4)) END AS gross,
        CASE WHEN is_counted THEN discount_amount ELSE CAST(0 AS DECIMAL(18,4)) END AS discount,
        CASE WHEN is_counted THEN net_amount ELSE CAST(0 AS DECIMAL(18,4)) END AS net_by_order,
        CAST(0 AS BIGINT) AS refunds,
        CAST(0 AS DECIMAL(18,4)) AS refunded,
        CAST(0 AS DECIMAL(18,4)) AS refunded_goods
    FROM order_rows
    UNION ALL
    SELECT
        created_date AS date,
        country,
        store_id,
        sales_channel,
        currency,
        CAST(0 AS BIGINT) AS orders,
        CAST(0 AS BIGINT) AS cancelled,
        CAST(0 AS BIGINT) AS counted,
        CAST(0 AS BIGINT) AS first_time,
        CAST(0 AS BIGINT) AS anonymous,
        CAST(0 AS BIGINT) AS with_refund,
        CAST(0 AS BIGINT) AS units,
        CAST(0 AS DECIMAL(18,4)) AS gross,
        CAST(0 AS DECIMAL(18,4)) AS discount,
        CAST(0 AS DECIMAL(18,4)) AS net_by_order,
        CAST(1 AS BIGINT) AS refunds,
        refunded_amount AS refunded,
        goods_amount AS refunded_goods
    FROM fct_refunds
    WHERE is_counted
),
days AS (
    SELECT
        e.date AS date,
        COALESCE(country, 'unknown') AS country,
        COALESCE(store_id, 'unknown') AS store_id,
        COALESCE(sales_channel, 'unknown') AS sales_channel,
        COALESCE(currency, 'unknown') AS currency,
        CAST(SUM(orders) AS BIGINT) AS orders,
        CAST(SUM(cancelled) AS BIGINT) AS cancelled_orders,
        CAST(SUM(counted) AS BIGINT) AS counted_orders,
        CAST(SUM(first_time) AS BIGINT) AS first_orders,
        CAST(SUM(anonymous) AS BIGINT) AS anonymous_orders,
        CAST(SUM(with_refund) AS BIGINT) AS refunded_orders,
        CAST(SUM(units) AS BIGINT) AS units,
        CAST(SUM(gross) AS DECIMAL(18,4)) AS gross_amount,
        CAST(SUM(discount) AS DECIMAL(18,4)) AS discount_amount,
        CAST(SUM(refunds) AS BIGINT) AS refunds,
        CAST(SUM(refunded) AS DECIMAL(18,4)) AS refunded_amount,
        CAST(SUM(refunded_goods) AS DECIMAL(18,4)) AS refunded_goods_amount,
        CAST(SUM(net_by_order) AS DECIMAL(18,4)) AS net_amount_by_order_date
    FROM entries AS e
    INNER JOIN dates AS d
        ON d.date = e.date
    GROUP BY
        e.date,
        COALESCE(country, 'unknown'),
        COALESCE(store_id, 'unknown'),
        COALESCE(sales_channel, 'unknown'),
        COALESCE(currency, 'unknown')
)
SELECT
    date,
    country,
    store_id,
    sales_channel,
    currency,
    orders,
    cancelled_orders,
    counted_orders,
    first_orders,
    counted_orders - first_orders - anonymous_orders AS repeat_orders,
    anonymous_orders,
    refunded_orders,
    units,
    gross_amount,
    discount_amount,
    refunds,
    refunded_amount,
    refunded_goods_amount,
    CAST(gross_amount - discount_amount - refunded_goods_amount AS DECIMAL(18,4)) AS net_amount,
    net_amount_by_order_date,
    CASE
        WHEN counted_orders > 0
        THEN CAST(CAST(gross_amount - discount_amount AS DECIMAL(18,4)) AS DOUBLE) / CAST(counted_orders AS DOUBLE)
    END AS average_order_value,
    CASE WHEN orders > 0 THEN CAST(cancelled_orders AS DOUBLE) / CAST(orders AS DOUBLE) END AS cancellation_rate,
    CASE WHEN counted_orders > 0 THEN CAST(refunded_orders AS DOUBLE) / CAST(counted_orders AS DOUBLE) END AS refund_rate,
    CASE
        WHEN gross_amount > CAST(0 AS DECIMAL(18,4))
        THEN CAST(refunded_amount AS DOUBLE) / CAST(gross_amount AS DOUBLE)
    END AS refund_share,
    CASE
        WHEN counted_orders > anonymous_orders
        THEN CAST(counted_orders - first_orders - anonymous_orders AS DOUBLE) / CAST(counted_orders - anonymous_orders AS DOUBLE)
    END AS repeat_order_share
FROM days
