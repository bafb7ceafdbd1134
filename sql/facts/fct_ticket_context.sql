/*
about = """
What stands around a counted ticket: the customer's ticket just before it within 7 days (channel_switch_days), the
channel of the order it is about, and the stock of the product it is about. Orders are found by their id, else by the
number that customers see, with or without #; first in the ticket's own system, else in another one. Channels are the
same if their names are, whatever the case."""
grain = ["system", "ticket_id"]
partition = "created_date"
settings = ["channel_switch_days"]
not_null = ["system", "ticket_id", "created_date", "is_channel_switch"]

[inputs]
fct_tickets = "-1..0"
core_tickets = "same"
core_order_channels = "up_to"
fct_ticket_stock = "same"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
created_date = "DATE local date of the ticket's creation"
previous_system = "VARCHAR system of the customer's ticket before it, within the window; NULL without one"
previous_ticket_id = "VARCHAR id of that ticket"
previous_channel = "VARCHAR channel of that ticket"
is_channel_switch = "BOOLEAN both channels are known, and they differ"
order_id = "VARCHAR order it is about, as the ticket carries it: an id or a number; NULL without one"
sales_channel = "VARCHAR channel that order came in through, in lower case; NULL where the order or its channel is unknown"
is_same_channel = "BOOLEAN the ticket came in through that channel too; NULL where one of the two is unknown"
product_id = "VARCHAR product it is about; NULL without one"
is_out_of_stock = "BOOLEAN nothing of the product could be sold on the day; NULL where the stock is unknown"
*/
-- One order for all tickets: the one before is at the place before, if it is of the same customer.
WITH placed AS (
    SELECT
        system,
        ticket_id,
        customer_hash,
        channel,
        created_epoch,
        ROW_NUMBER() OVER (ORDER BY customer_hash, created_epoch, system, ticket_id) AS place
    FROM fct_tickets
    WHERE customer_hash IS NOT NULL
),

nexts AS (
    SELECT system AS previous_system, ticket_id AS previous_ticket_id, customer_hash, channel AS previous_channel,
        created_epoch AS previous_epoch, place + 1 AS place
    FROM placed
),

pairs AS (
    SELECT
        p.system AS system,
        p.ticket_id AS ticket_id,
        n.previous_system AS previous_system,
        n.previous_ticket_id AS previous_ticket_id,
        n.previous_channel AS previous_channel
    FROM placed AS p
    INNER JOIN nexts AS n ON n.place = p.place AND n.customer_hash = p.customer_hash
    CROSS JOIN settings AS s
    WHERE p.created_epoch - n.previous_epoch <= s.channel_switch_days * 86400
),

order_references AS (
    SELECT system AS order_system, REPLACE(order_id, '#', '') AS reference, 0 AS by_number, order_id, sales_channel
    FROM core_order_channels

    UNION ALL

    SELECT system AS order_system, order_number AS reference, 1 AS by_number, order_id, sales_channel
    FROM core_order_channels
    WHERE order_number IS NOT NULL
),

ticket_references AS (
    SELECT system, ticket_id, REPLACE(order_id, '#', '') AS reference
    FROM core_tickets
    WHERE order_id IS NOT NULL
),

order_channels AS (
    SELECT
        t.system AS system,
        t.ticket_id AS ticket_id,
        o.sales_channel AS sales_channel,
        ROW_NUMBER() OVER (
            ORDER BY o.by_number, CASE WHEN o.order_system = t.system THEN 0 ELSE 1 END, o.order_system, o.order_id
        ) AS place
    FROM ticket_references AS t
    INNER JOIN order_references AS o ON o.reference = t.reference
),

ranked AS (
    SELECT *, MIN(place) OVER (PARTITION BY system, ticket_id) AS first_place
    FROM order_channels
),

orders AS (
    SELECT system, ticket_id, sales_channel
    FROM ranked
    WHERE place = first_place
)

SELECT
    t.system AS system,
    t.ticket_id AS ticket_id,
    t.created_date AS created_date,
    p.previous_system AS previous_system,
    p.previous_ticket_id AS previous_ticket_id,
    p.previous_channel AS previous_channel,
    COALESCE(p.previous_channel <> t.channel, false) AS is_channel_switch,
    t.order_id AS order_id,
    o.sales_channel AS sales_channel,
    LOWER(t.channel) = o.sales_channel AS is_same_channel,
    t.product_id AS product_id,
    s.is_out_of_stock AS is_out_of_stock
FROM core_tickets AS t
LEFT JOIN pairs AS p ON p.system = t.system AND p.ticket_id = t.ticket_id
LEFT JOIN orders AS o ON o.system = t.system AND o.ticket_id = t.ticket_id
LEFT JOIN fct_ticket_stock AS s ON s.system = t.system AND s.ticket_id = t.ticket_id
WHERE t.is_counted
