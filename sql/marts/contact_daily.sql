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
    SELECT d.date, d.day_number, u.last_day
    FROM dates AS d
    INNER JOIN unit AS u
        ON d.month_number = u.month_number
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
        t.created_date,
        COALESCE(t.channel, 'unknown') AS channel,
        t.customer_hash,
        CASE WHEN t.customer_hash IS NOT NULL THEN 1 ELSE 0 END AS has_customer,
        CASE WHEN t.contact_reason = 'wismo' THEN 1 ELSE 0 END AS is_wismo,
        CASE WHEN c.orders IS NOT NULL THEN 1 ELSE 0 END AS is_converted,
        COALESCE(c.orders, CAST(0 AS BIGINT)) AS orders,
        COALESCE(c.net, CAST(0 AS DECIMAL(18,4))) AS net
    FROM fct_tickets AS t
    INNER JOIN days AS d
        ON t.created_date = d.date
    LEFT JOIN conversions AS c
        ON t.system = c.ticket_system
        AND t.ticket_id = c.ticket_id
),
ticket_segments AS (
    SELECT *, 'all' AS segment_kind, 'all' AS segment_value
    FROM tickets
    UNION ALL
    SELECT *, 'channel' AS segment_kind, channel AS segment_value
    FROM tickets
),
ticket_days AS (
    SELECT
        created_date,
        segment_kind,
        segment_value,
        CAST(COUNT(*) AS BIGINT) AS tickets,
        CAST(SUM(has_customer) AS BIGINT) AS tickets_with_customer,
        CAST(COUNT(DISTINCT customer_hash) AS BIGINT) AS customers_contacted,
        CAST(SUM(is_wismo) AS BIGINT) AS wismo_tickets,
        CAST(SUM(is_converted) AS BIGINT) AS converted_tickets,
        CAST(SUM(orders) AS BIGINT) AS converted_orders,
        CAST(SUM(net) AS DECIMAL(18,4)) AS converted_net
    FROM ticket_segments
    GROUP BY created_date, segment_kind, segment_value
),
order_days AS (
    SELECT
        created_date,
        CAST(COUNT(*) AS BIGINT) AS orders,
        CAST(COUNT(DISTINCT customer_hash) AS BIGINT) AS customers_ordered
    FROM fct_orders
    WHERE is_counted
    GROUP BY created_date
),
segments AS (
    SELECT DISTINCT 'all' AS segment_kind, 'all' AS segment_value
    FROM days
    UNION
    SELECT DISTINCT segment_kind, segment_value
    FROM ticket_segments
),
filled AS (
    SELECT
        d.date,
        g.segment_kind,
        g.segment_value,
        d.day_number + s.conversion_window_days <= d.last_day AS is_mature,
        COALESCE(t.tickets, CAST(0 AS BIGINT)) AS tickets,
        COALESCE(t.tickets_with_customer, CAST(0 AS BIGINT)) AS tickets_with_customer,
        COALESCE(t.customers_contacted, CAST(0 AS BIGINT)) AS customers_contacted,
        COALESCE(o.orders, CAST(0 AS BIGINT)) AS orders,
        COALESCE(o.customers_ordered, CAST(0 AS BIGINT)) AS customers_ordered,
        COALESCE(t.wismo_tickets, CAST(0 AS BIGINT)) AS wismo_tickets,
        COALESCE(t.converted_tickets, CAST(0 AS BIGINT)) AS converted_tickets,
        COALESCE(t.converted_orders, CAST(0 AS BIGINT)) AS converted_orders,
        COALESCE(t.converted_net, CAST(0 AS DECIMAL(18,4))) AS converted_net_amount
    FROM days AS d
    CROSS JOIN segments AS g
    CROSS JOIN settings AS s
    LEFT JOIN ticket_days AS t
        ON d.date = t.created_date
        AND g.segment_kind = t.segment_kind
        AND g.segment_value = t.segment_value
    LEFT JOIN order_days AS o
        ON d.date = o.created_date
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
