/*
about = "One row per purchase that followed a conversation, credited to the customer's latest one before it."
grain = ["order_system", "order_id"]
partition = "ticket_created_date"
settings = ["conversion_window_days"]
not_null = ["order_system", "order_id", "ticket_system", "ticket_id", "ticket_created_date", "order_created_date", "customer_hash", "seconds_to_order", "net_amount"]

[relationships]
"order_system, order_id" = "fct_orders (system, order_id)"
"ticket_system, ticket_id" = "fct_tickets (system, ticket_id)"

[inputs]
fct_tickets = "0..1"
fct_orders = "0..1"
calendar = "same"

[columns]
order_system = "VARCHAR system of the order"
order_id = "VARCHAR id of the order: a counted one (fct_orders.is_counted)"
ticket_system = "VARCHAR system of the ticket"
ticket_id = "VARCHAR latest ticket the customer created up to the order, at most conversion_window_days (setting, 1 to 27) x 24 hours earlier; of tickets in the same second, the last by system and id"
ticket_created_date = "DATE local date the ticket was created: the conversion is booked on it"
order_created_date = "DATE local date the order was placed"
customer_hash = "VARCHAR keyed hash of the customer of both"
seconds_to_order = "BIGINT seconds from the ticket's creation to the order"
net_amount = "DECIMAL(18,4) net of the order: gross - discounts - goods refunded to date, in the job's currency; 0 for an order in another without a rate"
*/
-- The next month is read on both sides: its orders may follow a ticket of this month, and its tickets may take
-- the credit that a ticket of this month would have had.
WITH pairs AS (
    SELECT
        o.system AS order_system,
        o.order_id,
        t.system AS ticket_system,
        t.ticket_id,
        t.created_date AS ticket_created_date,
        o.created_date AS order_created_date,
        o.customer_hash,
        o.created_epoch - t.created_epoch AS seconds_to_order,
        COALESCE(o.job_net_amount, CAST(0 AS DECIMAL(18,4))) AS net_amount,
        ROW_NUMBER() OVER (ORDER BY t.created_epoch, t.system, t.ticket_id) AS place
    FROM fct_orders AS o
    INNER JOIN fct_tickets AS t
        ON o.customer_hash = t.customer_hash
    CROSS JOIN settings AS s
    WHERE o.is_counted
        AND t.created_epoch <= o.created_epoch
        AND o.created_epoch - t.created_epoch <= s.conversion_window_days * 86400
),
ranked AS (
    SELECT *, MAX(place) OVER (PARTITION BY order_system, order_id) AS last_place
    FROM pairs
)
SELECT
    p.order_system,
    p.order_id,
    p.ticket_system,
    p.ticket_id,
    p.ticket_created_date,
    p.order_created_date,
    p.customer_hash,
    p.seconds_to_order,
    p.net_amount
FROM ranked AS p
INNER JOIN calendar AS d
    ON p.ticket_created_date = d.date
WHERE p.place = p.last_place
