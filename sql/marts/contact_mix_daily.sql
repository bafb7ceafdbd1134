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
        COALESCE(t.channel, 'unknown') AS channel,
        COALESCE(t.contact_reason, 'unknown') AS contact_reason,
        COALESCE(t.team_id, 'unknown') AS team,
        COALESCE(t.brand_id, 'unknown') AS brand,
        COALESCE(t.country, 'unknown') AS country,
        COALESCE(t.language, 'unknown') AS language,
        COALESCE(t.priority, 'unknown') AS priority,
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
),

sliced AS (
    SELECT *, 'all' AS segment_kind, 'all' AS segment_value FROM tickets
    UNION ALL
    SELECT *, 'channel' AS segment_kind, channel AS segment_value FROM tickets
    UNION ALL
    SELECT *, 'contact_reason' AS segment_kind, contact_reason AS segment_value FROM tickets
    UNION ALL
    SELECT *, 'team' AS segment_kind, team AS segment_value FROM tickets
    UNION ALL
    SELECT *, 'brand' AS segment_kind, brand AS segment_value FROM tickets
    UNION ALL
    SELECT *, 'country' AS segment_kind, country AS segment_value FROM tickets
    UNION ALL
    SELECT *, 'language' AS segment_kind, language AS segment_value FROM tickets
    UNION ALL
    SELECT *, 'priority' AS segment_kind, priority AS segment_value FROM tickets
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
    FROM sliced
    GROUP BY date, segment_kind, segment_value
),

totals AS (
    SELECT date, tickets AS all_tickets
    FROM sums
    WHERE segment_kind = 'all'
)

SELECT
    x.date AS date,
    x.segment_kind AS segment_kind,
    x.segment_value AS segment_value,
    x.tickets AS tickets,
    a.all_tickets AS all_tickets,
    CAST(x.tickets AS DOUBLE) / CAST(a.all_tickets AS DOUBLE) AS ticket_share,
    x.switched_tickets AS switched_tickets,
    CAST(x.switched_tickets AS DOUBLE) / CAST(x.tickets AS DOUBLE) AS channel_switch_rate,
    x.order_tickets AS order_tickets,
    x.order_channel_tickets AS order_channel_tickets,
    x.same_channel_tickets AS same_channel_tickets,
    CASE
        WHEN x.order_channel_tickets > 0
            THEN CAST(x.same_channel_tickets AS DOUBLE) / CAST(x.order_channel_tickets AS DOUBLE)
    END AS same_channel_rate,
    x.product_tickets AS product_tickets,
    x.stock_known_tickets AS stock_known_tickets,
    x.stockout_tickets AS stockout_tickets,
    CASE
        WHEN x.stock_known_tickets > 0
            THEN CAST(x.stockout_tickets AS DOUBLE) / CAST(x.stock_known_tickets AS DOUBLE)
    END AS stockout_contact_rate
FROM sums AS x
INNER JOIN totals AS a ON a.date = x.date
