-- Customers: their first order, their months, and the orders that followed a conversation.
CREATE TABLE customer_first_orders AS
WITH firsts AS (
    SELECT
        customer_hash,
        arg_min(
            {date: created_date, id: order_id, country: country, channel: sales_channel},
            (created_epoch, order_id)
        ) AS o
    FROM fct_orders
    WHERE is_counted AND customer_hash IS NOT NULL
    GROUP BY customer_hash
)

SELECT
    customer_hash,
    o.date AS first_order_date,
    'shopify' AS first_order_system,
    o.id AS first_order_id,
    date_trunc('month', o.date)::DATE AS cohort_month,
    month_number(o.date) AS cohort_month_number,
    o.country AS first_country,
    o.channel AS first_sales_channel
FROM firsts;

CREATE TABLE customer_months AS
WITH entries AS (
    SELECT
        customer_hash,
        date_trunc('month', created_date)::DATE AS month,
        1 AS orders,
        created_date - DATE '1970-01-01' AS day_number,
        if(is_job_currency, gross_amount, 0) AS gross,
        if(is_job_currency, discount_amount, 0) AS discount,
        0::DECIMAL(18,4) AS refunded
    FROM fct_orders
    WHERE is_counted AND customer_hash IS NOT NULL
    UNION ALL
    SELECT
        customer_hash,
        date_trunc('month', created_date)::DATE,
        0,
        NULL,
        0,
        0,
        if(is_job_currency, goods_amount, 0)
    FROM fct_refunds
    WHERE is_counted AND customer_hash IS NOT NULL
),

sums AS (
    SELECT
        customer_hash,
        month,
        sum(orders)::BIGINT AS orders,
        min(day_number)::BIGINT AS first_order_day,
        max(day_number)::BIGINT AS last_order_day,
        sum(gross)::DECIMAL(18,4) AS gross_amount,
        sum(discount)::DECIMAL(18,4) AS discount_amount,
        sum(refunded)::DECIMAL(18,4) AS refunded_goods_amount
    FROM entries
    GROUP BY customer_hash, month
)

SELECT
    s.customer_hash,
    s.month AS activity_month,
    month_number(s.month) AS activity_month_number,
    f.cohort_month,
    f.cohort_month_number,
    f.first_country,
    s.orders,
    s.first_order_day,
    s.last_order_day,
    s.gross_amount,
    s.discount_amount,
    s.refunded_goods_amount,
    (s.gross_amount - s.discount_amount - s.refunded_goods_amount)::DECIMAL(18,4) AS net_amount
FROM sums AS s
INNER JOIN customer_first_orders AS f ON f.customer_hash = s.customer_hash AND f.cohort_month <= s.month;

-- An order is credited to its customer's latest conversation before it, at most three days back.
CREATE TABLE fct_conversions AS
WITH conversations AS (
    SELECT
        customer_hash,
        created_epoch,
        max(ticket_id) AS ticket_id,
        any_value(created_date) AS created_date
    FROM fct_tickets
    WHERE customer_hash IS NOT NULL
    GROUP BY customer_hash, created_epoch
)

SELECT
    o.system AS order_system,
    o.order_id,
    'zendesk' AS ticket_system,
    t.ticket_id,
    t.created_date AS ticket_created_date,
    o.created_date AS order_created_date,
    o.customer_hash,
    o.created_epoch - t.created_epoch AS seconds_to_order,
    if(o.is_job_currency, o.net_amount, 0)::DECIMAL(18,4) AS net_amount
FROM (SELECT * FROM fct_orders WHERE is_counted) AS o
ASOF JOIN conversations AS t ON t.customer_hash = o.customer_hash AND t.created_epoch <= o.created_epoch
WHERE o.created_epoch - t.created_epoch <= 3 * 86400;
