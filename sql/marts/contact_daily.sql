/*
about = "How many orders lead to a contact, how many contacts ask where the order is, and how many lead to an order."
grain = ["date", "segment_kind", "segment_value"]
partition = "date"
settings = ["conversion_window_days"]
not_null = ["date", "segment_kind", "segment_value", "is_mature", "tickets", "tickets_with_customer", "customers_contacted", "orders", "customers_ordered", "wismo_tickets", "converted_tickets", "converted_orders", "converted_net_amount"]

[ranges]
wismo_share = [0, 1]
conversion_rate = [0, 1]

[inputs]
fct_tickets = "same"
fct_orders = "same"
fct_conversions = "same"
dates = "0..1"

[columns]
date = "DATE local date the ticket was created, or the order placed"
segment_kind = "VARCHAR 'all' (the whole shop) or 'channel'; sum over one kind only"
segment_value = "VARCHAR 'all', or the channel of the ticket ('unknown' if not delivered)"
is_mature = "BOOLEAN the conversion window of the date's tickets has passed: the converted columns are final"
tickets = "BIGINT counted tickets created on the date, a conversation each"
tickets_with_customer = "BIGINT of these, whose customer is known: only they can be tied to an order"
customers_contacted = "BIGINT different customers among them; not additive over dates or channels"
orders = "BIGINT counted orders placed on the date in the whole shop: the same in every segment, do not sum over segments"
customers_ordered = "BIGINT different customers among them, in the whole shop; not additive over dates or segments"
wismo_tickets = "BIGINT tickets whose contact reason is where-is-my-order ('wismo')"
contact_rate = "DOUBLE tickets / orders; NULL without orders"
customer_contact_rate = "DOUBLE customers_contacted / customers_ordered; NULL without customers who ordered"
wismo_share = "DOUBLE wismo_tickets / tickets, share from 0 to 1; NULL without tickets"
converted_tickets = "BIGINT tickets that were the latest one of their customer before a counted order, at most conversion_window_days (setting, 1 to 27) x 24 hours earlier"
converted_orders = "BIGINT those orders, each credited to one ticket"
converted_net_amount = "DECIMAL(18,4) their net: gross - discounts - goods refunded to date, in the job's currency"
conversion_rate = "DOUBLE converted_tickets / tickets, share from 0 to 1; NULL without tickets"
*/
WITH unit AS (
    SELECT MIN(month_number) AS month_number, MAX(day_number) AS last_day
    FROM dates
),

days AS (
    SELECT d.date AS date, d.day_number + s.conversion_window_days <= u.last_day AS is_mature
    FROM dates AS d
    INNER JOIN unit AS u ON u.month_number = d.month_number
    CROSS JOIN settings AS s
),

conversions AS (
    SELECT
        ticket_system,
        ticket_id,
        CAST(COUNT(*) AS BIGINT) AS orders,
        CAST(SUM(net_amount) AS DECIMAL(18,4)) AS net
    FROM fct_conversions
    GROUP BY ticket_system, ticket_id
),

tickets AS (
    SELECT
        t.created_date AS date,
        s.segment_kind AS segment_kind,
        CASE s.segment_kind WHEN 'channel' THEN COALESCE(t.channel, 'unknown') ELSE 'all' END AS segment_value,
        t.customer_hash AS customer_hash,
        CASE WHEN t.customer_hash IS NOT NULL THEN 1 ELSE 0 END AS has_customer,
        CASE WHEN t.contact_reason = 'wismo' THEN 1 ELSE 0 END AS is_wismo,
        CASE WHEN c.orders IS NOT NULL THEN 1 ELSE 0 END AS is_converted,
        COALESCE(c.orders, 0) AS orders,
        COALESCE(c.net, CAST(0 AS DECIMAL(18,4))) AS net
    FROM fct_tickets AS t
    LEFT JOIN conversions AS c ON c.ticket_system = t.system AND c.ticket_id = t.ticket_id
    CROSS JOIN (VALUES ('all'), ('channel')) AS s (segment_kind)
),

ticket_days AS (
    SELECT
        date,
        segment_kind,
        segment_value,
        CAST(COUNT(*) AS BIGINT) AS tickets,
        CAST(SUM(has_customer) AS BIGINT) AS tickets_with_customer,
        CAST(COUNT(DISTINCT customer_hash) AS BIGINT) AS customers_contacted,
        CAST(SUM(is_wismo) AS BIGINT) AS wismo_tickets,
        CAST(SUM(is_converted) AS BIGINT) AS converted_tickets,
        CAST(SUM(orders) AS BIGINT) AS converted_orders,
        CAST(SUM(net) AS DECIMAL(18,4)) AS converted_net
    FROM tickets
    GROUP BY date, segment_kind, segment_value
),

order_days AS (
    SELECT
        created_date AS date,
        CAST(COUNT(*) AS BIGINT) AS orders,
        CAST(COUNT(DISTINCT customer_hash) AS BIGINT) AS customers_ordered
    FROM fct_orders
    WHERE is_counted
    GROUP BY created_date
),

-- Every segment of the month has a row on each of its days.
segments AS (
    SELECT DISTINCT 'channel' AS segment_kind, COALESCE(t.channel, 'unknown') AS segment_value
    FROM fct_tickets AS t
    INNER JOIN dates AS d ON d.date = t.created_date
    UNION ALL
    SELECT segment_kind, segment_value
    FROM (VALUES ('all', 'all')) AS v (segment_kind, segment_value)
),

filled AS (
    SELECT
        d.date AS date,
        g.segment_kind AS segment_kind,
        g.segment_value AS segment_value,
        d.is_mature AS is_mature,
        COALESCE(t.tickets, 0) AS tickets,
        COALESCE(t.tickets_with_customer, 0) AS tickets_with_customer,
        COALESCE(t.customers_contacted, 0) AS customers_contacted,
        COALESCE(o.orders, 0) AS orders,
        COALESCE(o.customers_ordered, 0) AS customers_ordered,
        COALESCE(t.wismo_tickets, 0) AS wismo_tickets,
        COALESCE(t.converted_tickets, 0) AS converted_tickets,
        COALESCE(t.converted_orders, 0) AS converted_orders,
        COALESCE(t.converted_net, CAST(0 AS DECIMAL(18,4))) AS converted_net_amount
    FROM days AS d
    CROSS JOIN segments AS g
    LEFT JOIN ticket_days AS t
        ON t.date = d.date AND t.segment_kind = g.segment_kind AND t.segment_value = g.segment_value
    LEFT JOIN order_days AS o ON o.date = d.date
)

SELECT
    date,
    segment_kind,
    segment_value,
    is_mature,
    tickets,
    tickets_with_customer,
    customers_contacted,
    orders,
    customers_ordered,
    wismo_tickets,
    CASE WHEN orders > 0 THEN CAST(tickets AS DOUBLE) / CAST(orders AS DOUBLE) END AS contact_rate,
    CASE
        WHEN customers_ordered > 0
        THEN CAST(customers_contacted AS DOUBLE) / CAST(customers_ordered AS DOUBLE)
    END AS customer_contact_rate,
    CASE WHEN tickets > 0 THEN CAST(wismo_tickets AS DOUBLE) / CAST(tickets AS DOUBLE) END AS wismo_share,
    converted_tickets,
    converted_orders,
    converted_net_amount,
    CASE WHEN tickets > 0 THEN CAST(converted_tickets AS DOUBLE) / CAST(tickets AS DOUBLE) END AS conversion_rate
FROM filled
