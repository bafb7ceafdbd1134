/*
about = """
What tickets are about and through which channel they come, by the day of their creation: each value's share of all
tickets, and how many changed the channel, used the order's one, or asked for a product that was out of stock."""
grain = ["date", "segment_kind", "segment_value"]
partition = "date"
settings = []
not_null = [
    "date", "segment_kind", "segment_value", "tickets", "all_tickets", "switched_tickets", "order_tickets",
    "order_channel_tickets", "same_channel_tickets", "product_tickets", "stock_known_tickets", "stockout_tickets",
]

[accepted_values]
segment_kind = ["all", "channel", "contact_reason", "team", "brand", "country", "language", "priority"]

[ranges]
ticket_share = [0, 1]
channel_switch_rate = [0, 1]
same_channel_rate = [0, 1]
stockout_contact_rate = [0, 1]
tickets = [0, 1e12]
all_tickets = [0, 1e12]
switched_tickets = [0, 1e12]
order_tickets = [0, 1e12]
order_channel_tickets = [0, 1e12]
same_channel_tickets = [0, 1e12]
product_tickets = [0, 1e12]
stock_known_tickets = [0, 1e12]
stockout_tickets = [0, 1e12]

[inputs]
fct_tickets = "same"
fct_ticket_context = "same"
dates = "same"

[columns]
date = "DATE local date of the creation"
segment_kind = "VARCHAR all, channel, contact_reason, team, brand, country, language or priority; sum over one kind only"
segment_value = "VARCHAR all, or the value of the slice; unknown where it is not known. The reason other is one of contact_reason"
tickets = "BIGINT counted tickets of the slice"
all_tickets = "BIGINT counted tickets of the day: the same in every segment, do not sum over segments"
ticket_share = "DOUBLE tickets / all_tickets, share from 0 to 1: the channel mix, and the share of each contact reason"
switched_tickets = "BIGINT tickets whose customer's ticket just before, within channel_switch_days, used another channel"
channel_switch_rate = "DOUBLE switched_tickets / tickets, share from 0 to 1"
order_tickets = "BIGINT tickets that name an order"
order_channel_tickets = "BIGINT of these, with both channels known"
same_channel_tickets = "BIGINT of these, that came in through the order's own channel"
same_channel_rate = "DOUBLE same_channel_tickets / order_channel_tickets, share from 0 to 1; NULL without any"
product_tickets = "BIGINT tickets that name a product"
stock_known_tickets = "BIGINT of these, whose product's stock is known for the day"
stockout_tickets = "BIGINT of these, with no stock"
stockout_contact_rate = "DOUBLE stockout_tickets / stock_known_tickets, share from 0 to 1; NULL without any"
*/
WITH tickets AS (
    SELECT
        t.created_date AS date,
        s.segment_kind AS segment_kind,
        CASE s.segment_kind
            WHEN 'all' THEN 'all'
            WHEN 'channel' THEN COALESCE(t.channel, 'unknown')
            WHEN 'contact_reason' THEN COALESCE(t.contact_reason, 'unknown')
            WHEN 'team' THEN COALESCE(t.team_id, 'unknown')
            WHEN 'brand' THEN COALESCE(t.brand_id, 'unknown')
            WHEN 'country' THEN COALESCE(t.country, 'unknown')
            WHEN 'language' THEN COALESCE(t.language, 'unknown')
            WHEN 'priority' THEN COALESCE(t.priority, 'unknown')
        END AS segment_value,
        CASE WHEN c.is_channel_switch THEN 1 ELSE 0 END AS is_switched,
        CASE WHEN c.order_id IS NOT NULL THEN 1 ELSE 0 END AS has_order,
        CASE WHEN c.is_same_channel IS NOT NULL THEN 1 ELSE 0 END AS has_order_channel,
        CASE WHEN c.is_same_channel THEN 1 ELSE 0 END AS is_same_channel,
        CASE WHEN c.product_id IS NOT NULL THEN 1 ELSE 0 END AS has_product,
        CASE WHEN c.is_out_of_stock IS NOT NULL THEN 1 ELSE 0 END AS has_stock,
        CASE WHEN c.is_out_of_stock THEN 1 ELSE 0 END AS is_stockout
    FROM fct_tickets AS t
    INNER JOIN fct_ticket_context AS c ON c.system = t.system AND c.ticket_id = t.ticket_id
    INNER JOIN dates AS d ON d.date = t.created_date
    CROSS JOIN (VALUES
        ('all'), ('channel'), ('contact_reason'), ('team'), ('brand'), ('country'), ('language'), ('priority')
    ) AS s (segment_kind)
),

sums AS (
    SELECT
        date,
        segment_kind,
        segment_value,
        CAST(COUNT(*) AS BIGINT) AS tickets,
        CAST(SUM(is_switched) AS BIGINT) AS switched_tickets,
        CAST(SUM(has_order) AS BIGINT) AS order_tickets,
        CAST(SUM(has_order_channel) AS BIGINT) AS order_channel_tickets,
        CAST(SUM(is_same_channel) AS BIGINT) AS same_channel_tickets,
        CAST(SUM(has_product) AS BIGINT) AS product_tickets,
        CAST(SUM(has_stock) AS BIGINT) AS stock_known_tickets,
        CAST(SUM(is_stockout) AS BIGINT) AS stockout_tickets
    FROM tickets
    GROUP BY date, segment_kind, segment_value
),

shared AS (
    SELECT
        *,
        MAX(CASE WHEN segment_kind = 'all' THEN tickets END) OVER (PARTITION BY date) AS all_tickets
    FROM sums
)

SELECT
    date,
    segment_kind,
    segment_value,
    tickets,
    all_tickets,
    CAST(tickets AS DOUBLE) / CAST(all_tickets AS DOUBLE) AS ticket_share,
    switched_tickets,
    CAST(switched_tickets AS DOUBLE) / CAST(tickets AS DOUBLE) AS channel_switch_rate,
    order_tickets,
    order_channel_tickets,
    same_channel_tickets,
    CASE
        WHEN order_channel_tickets > 0
        THEN CAST(same_channel_tickets AS DOUBLE) / CAST(order_channel_tickets AS DOUBLE)
    END AS same_channel_rate,
    product_tickets,
    stock_known_tickets,
    stockout_tickets,
    CASE
        WHEN stock_known_tickets > 0
        THEN CAST(stockout_tickets AS DOUBLE) / CAST(stock_known_tickets AS DOUBLE)
    END AS stockout_contact_rate
FROM shared
