-- Sales by day, cohorts and retention by month, contacts and what they lead to.
CREATE VIEW orders_daily AS
WITH entries AS (
    SELECT
        o.created_date AS date, o.country, o.sales_channel, o.currency,
        1 AS orders,
        o.is_cancelled::INT AS cancelled,
        o.is_counted::INT AS counted,
        (o.is_counted AND f.first_order_id IS NOT NULL)::INT AS first_time,
        (o.is_counted AND o.customer_hash IS NULL)::INT AS anonymous,
        (o.is_counted AND o.refunds > 0)::INT AS with_refund,
        if(o.is_counted, o.units, 0) AS units,
        if(o.is_counted, o.gross_amount, 0) AS gross,
        if(o.is_counted, o.discount_amount, 0) AS discount,
        if(o.is_counted, o.net_amount, 0) AS net_by_order,
        0 AS refunds,
        0::DECIMAL(18,4) AS refunded,
        0::DECIMAL(18,4) AS refunded_goods
    FROM fct_orders AS o
    LEFT JOIN customer_first_orders AS f ON f.first_order_id = o.order_id
    UNION ALL
    SELECT
        created_date, country, sales_channel, currency, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        1, refunded_amount, goods_amount
    FROM fct_refunds
    WHERE is_counted
)

SELECT
    date,
    coalesce(country, 'unknown') AS country,
    coalesce(sales_channel, 'unknown') AS sales_channel,
    coalesce(currency, 'unknown') AS currency,
    sum(orders)::BIGINT AS orders,
    sum(cancelled)::BIGINT AS cancelled_orders,
    sum(counted)::BIGINT AS counted_orders,
    sum(first_time)::BIGINT AS first_orders,
    (sum(counted) - sum(first_time) - sum(anonymous))::BIGINT AS repeat_orders,
    sum(anonymous)::BIGINT AS anonymous_orders,
    sum(with_refund)::BIGINT AS refunded_orders,
    coalesce(sum(units), 0)::BIGINT AS units,
    sum(gross)::DECIMAL(18,4) AS gross_amount,
    sum(discount)::DECIMAL(18,4) AS discount_amount,
    sum(refunds)::BIGINT AS refunds,
    sum(refunded)::DECIMAL(18,4) AS refunded_amount,
    sum(refunded_goods)::DECIMAL(18,4) AS refunded_goods_amount,
    (sum(gross) - sum(discount) - sum(refunded_goods))::DECIMAL(18,4) AS net_amount,
    sum(net_by_order)::DECIMAL(18,4) AS net_amount_by_order_date,
    (sum(gross) - sum(discount))::DOUBLE / nullif(sum(counted), 0) AS average_order_value
FROM entries
WHERE date <= getvariable('watermark')
GROUP BY date, coalesce(country, 'unknown'), coalesce(sales_channel, 'unknown'), coalesce(currency, 'unknown');

CREATE VIEW cohort_retention AS
WITH cells AS (
    SELECT
        cohort_month,
        activity_month,
        if(grouping(coalesce(first_country, 'unknown')) = 0, 'country', 'all') AS segment_kind,
        coalesce(coalesce(first_country, 'unknown'), 'all') AS segment_value,
        count(*) FILTER (orders > 0) AS customers,
        sum(orders)::BIGINT AS orders,
        sum(gross_amount) AS gross,
        sum(discount_amount) AS discount,
        sum(refunded_goods_amount) AS refunded
    FROM customer_months
    GROUP BY GROUPING SETS (
        (cohort_month, activity_month), (cohort_month, activity_month, coalesce(first_country, 'unknown'))
    )
),

-- Every cohort meets every month that followed, so that a cell nobody is in is 0 and not missing.
grid AS (
    SELECT c.cohort_month, c.segment_kind, c.segment_value, c.customers AS cohort_size, m.*
    FROM cells AS c
    INNER JOIN months AS m ON m.month_start >= c.cohort_month
    WHERE c.activity_month = c.cohort_month
),

filled AS (
    SELECT
        g.*,
        coalesce(c.customers, 0) AS customers,
        coalesce(c.orders, 0) AS orders,
        coalesce(c.gross, 0)::DECIMAL(18,4) AS gross_amount,
        coalesce(c.discount, 0)::DECIMAL(18,4) AS discount_amount,
        coalesce(c.refunded, 0)::DECIMAL(18,4) AS refunded_goods_amount,
        coalesce(c.gross - c.discount - c.refunded, 0)::DECIMAL(18,4) AS net_amount
    FROM grid AS g
    LEFT JOIN cells AS c
        ON c.cohort_month = g.cohort_month
        AND c.segment_kind = g.segment_kind
        AND c.segment_value = g.segment_value
        AND c.activity_month = g.month_start
)

SELECT
    cohort_month,
    month_number(month_start) - month_number(cohort_month) AS months_since,
    month_start AS activity_month,
    is_complete,
    segment_kind,
    segment_value,
    cohort_size,
    customers,
    customers / cohort_size AS retention,
    orders,
    gross_amount,
    discount_amount,
    refunded_goods_amount,
    net_amount,
    sum(net_amount) OVER cohort::DECIMAL(18,4) AS cumulative_net_amount,
    sum(net_amount) OVER cohort::DOUBLE / cohort_size AS cumulative_net_per_customer
FROM filled
WINDOW cohort AS (PARTITION BY cohort_month, segment_kind, segment_value ORDER BY month_start);

-- A customer is active for 365 days after an order. A month of orders is the last one known at the start of every
-- month up to the customer's next, so a customer and month meet once and need no grouping.
CREATE VIEW retention_rate AS
WITH purchases AS (
    SELECT
        coalesce(first_country, 'unknown') AS country,
        cohort_month,
        activity_month,
        last_order_day,
        lag(last_order_day) OVER customer AS day_before,
        lead(activity_month) OVER customer AS next_month
    FROM customer_months
    WHERE first_order_day <= getvariable('watermark') - DATE '1970-01-01'
    WINDOW customer AS (PARTITION BY customer_hash ORDER BY activity_month)
),

standing AS (
    SELECT
        p.country,
        m.month_start,
        p.activity_month = m.month_start AS has_ordered,
        if(has_ordered, p.day_before, p.last_order_day) >= m.first_day - 365 AS at_start,
        p.last_order_day >= m.last_day + 1 - 365 AS at_end,
        p.cohort_month = m.month_start AS is_first_time
    FROM purchases AS p
    INNER JOIN months AS m
        ON m.month_start >= p.activity_month
        AND m.month_start < coalesce(p.next_month, DATE '9999-01-01')
        AND m.first_day <= p.last_order_day + 365
),

counts AS (
    SELECT
        month_start,
        if(grouping(country) = 0, 'country', 'all') AS segment_kind,
        coalesce(country, 'all') AS segment_value,
        count(*) FILTER (at_start) AS customers_at_start,
        count(*) FILTER (at_end) AS customers_at_end,
        count(*) FILTER (at_end AND NOT coalesce(at_start, false)) AS new_customers,
        count(*) FILTER (at_end AND NOT coalesce(at_start, false) AND is_first_time) AS first_time_customers,
        count(*) FILTER (at_end AND at_start) AS retained_customers
    FROM standing
    WHERE coalesce(at_start, false) OR at_end
    GROUP BY GROUPING SETS ((month_start), (month_start, country))
)

SELECT
    c.month_start,
    m.period_end,
    m.is_complete,
    c.segment_kind,
    c.segment_value,
    c.customers_at_start,
    c.customers_at_end,
    c.new_customers,
    c.first_time_customers,
    c.new_customers - c.first_time_customers AS reactivated_customers,
    c.retained_customers,
    c.customers_at_start - c.retained_customers AS lost_customers,
    c.retained_customers / nullif(c.customers_at_start, 0) AS retention_rate,
    (c.customers_at_start - c.retained_customers) / nullif(c.customers_at_start, 0) AS churn_rate
FROM counts AS c
INNER JOIN months AS m USING (month_start);

CREATE VIEW contact_daily AS
WITH conversions AS (
    SELECT ticket_id, count(*) AS orders, sum(net_amount) AS net
    FROM fct_conversions
    GROUP BY ticket_id
),

tickets_of_days AS (
    SELECT
        t.created_date AS date,
        if(grouping(coalesce(t.channel, 'unknown')) = 0, 'channel', 'all') AS segment_kind,
        coalesce(coalesce(t.channel, 'unknown'), 'all') AS segment_value,
        count(*) AS tickets,
        count(t.customer_hash) AS tickets_with_customer,
        count(DISTINCT t.customer_hash) AS customers_contacted,
        count(*) FILTER (t.contact_reason = 'wismo') AS wismo_tickets,
        count(c.orders) AS converted_tickets,
        coalesce(sum(c.orders), 0)::BIGINT AS converted_orders,
        coalesce(sum(c.net), 0)::DECIMAL(18,4) AS converted_net_amount
    FROM fct_tickets AS t
    LEFT JOIN conversions AS c USING (ticket_id)
    WHERE t.created_date <= getvariable('watermark')
    GROUP BY GROUPING SETS ((t.created_date), (t.created_date, coalesce(t.channel, 'unknown')))
),

orders_of_days AS (
    SELECT created_date AS date, count(*) AS orders, count(DISTINCT customer_hash) AS customers_ordered
    FROM fct_orders
    WHERE is_counted
    GROUP BY created_date
),

-- A channel has a row for every day of a month in which it had a ticket; the whole shop for every day.
segments AS (
    SELECT date_trunc('month', date) AS month, segment_kind, segment_value
    FROM tickets_of_days
    UNION
    SELECT month_start, 'all', 'all'
    FROM months
)

SELECT
    d.date,
    s.segment_kind,
    s.segment_value,
    d.date + 3 <= getvariable('watermark') AS is_mature,
    coalesce(t.tickets, 0) AS tickets,
    coalesce(t.tickets_with_customer, 0) AS tickets_with_customer,
    coalesce(t.customers_contacted, 0) AS customers_contacted,
    coalesce(o.orders, 0) AS orders,
    coalesce(o.customers_ordered, 0) AS customers_ordered,
    coalesce(t.wismo_tickets, 0) AS wismo_tickets,
    coalesce(t.tickets, 0) / nullif(o.orders, 0) AS contact_rate,
    coalesce(t.customers_contacted, 0) / nullif(o.customers_ordered, 0) AS customer_contact_rate,
    t.wismo_tickets / nullif(t.tickets, 0) AS wismo_share,
    coalesce(t.converted_tickets, 0) AS converted_tickets,
    coalesce(t.converted_orders, 0) AS converted_orders,
    coalesce(t.converted_net_amount, 0)::DECIMAL(18,4) AS converted_net_amount,
    t.converted_tickets / nullif(t.tickets, 0) AS conversion_rate
FROM dates AS d
INNER JOIN segments AS s ON s.month = date_trunc('month', d.date)
LEFT JOIN tickets_of_days AS t
    ON t.date = d.date AND t.segment_kind = s.segment_kind AND t.segment_value = s.segment_value
LEFT JOIN orders_of_days AS o ON o.date = d.date;
