/*
about = """
What every customer did in a month, kept in the month the customer was first seen: orders in a row with an empty
channel, tickets in a row per channel. A profile reads the customers of its own month only, and is built again only when
one of them did something."""
grain = ["customer_hash", "activity_month", "channel"]
partition = "first_seen_date"
scatter = true
not_null = ["customer_hash", "activity_month", "channel", "first_seen_date", "orders", "net_amount", "tickets", "open_tickets"]

[inputs]
fct_orders = "same"
fct_order_lines = "same"
fct_tickets = "same"
customer_first_seen = "up_to"
calendar = "same"

[columns]
customer_hash = "VARCHAR keyed hash of the customer"
activity_month = "VARCHAR month of the orders and tickets, YYYY-MM"
channel = "VARCHAR empty for orders, else the channel of the tickets ('unknown' if not delivered)"
first_seen_date = "DATE local date of the customer's first counted order or ticket"
orders = "BIGINT counted orders"
net_amount = "DECIMAL(18,4) their gross - discounts - goods refunded to date, in the job's currency"
first_order_date = "DATE local date of the first of them"
first_order_month = "DATE first day of the month of the orders"
first_country = "VARCHAR country of the first of them"
first_sales_channel = "VARCHAR where the first of them was placed"
last_order_epoch = "BIGINT the last of them, seconds since 1970"
last_order_date = "DATE local date of the last of them"
last_order_id = "VARCHAR id of the last of them"
last_item = "VARCHAR name of the dearest line of the last of them; NULL without lines"
tickets = "BIGINT counted tickets"
open_tickets = "BIGINT of them, not solved now"
last_ticket_epoch = "BIGINT creation of the last of them, seconds since 1970"
last_ticket_date = "DATE local date of it"
last_agent_id = "VARCHAR agent of the last of them"
*/
-- Columns by name, not *: a table is read again only when a column it names has changed.
WITH this_month AS (
    SELECT DISTINCT month_start
    FROM calendar
),
orders AS (
    SELECT
        customer_hash,
        system,
        order_id,
        created_epoch,
        created_date,
        country,
        sales_channel,
        job_net_amount,
        ROW_NUMBER() OVER (ORDER BY created_epoch, system, order_id) AS place
    FROM fct_orders
    WHERE is_counted AND customer_hash IS NOT NULL
),
order_sums AS (
    SELECT
        customer_hash,
        CAST(COUNT(*) AS BIGINT) AS orders,
        CAST(SUM(COALESCE(job_net_amount, CAST(0 AS DECIMAL(18,4)))) AS DECIMAL(18,4)) AS net_amount,
        MIN(place) AS first_place,
        MAX(place) AS last_place
    FROM orders
    GROUP BY customer_hash
),
last_orders AS (
    SELECT o.system AS system, o.order_id AS order_id, o.place AS place
    FROM orders AS o
    INNER JOIN order_sums AS s ON s.last_place = o.place
),
lines AS (
    SELECT
        o.place AS order_place,
        l.title AS title,
        ROW_NUMBER() OVER (ORDER BY l.gross_amount, l.line_id, o.place) AS place
    FROM fct_order_lines AS l
    INNER JOIN last_orders AS o ON o.system = l.system AND o.order_id = l.order_id
),
dearest_places AS (
    SELECT order_place, MAX(place) AS place
    FROM lines
    GROUP BY order_place
),
dearest AS (
    SELECT d.order_place AS order_place, l.title AS title
    FROM dearest_places AS d
    INNER JOIN lines AS l ON l.place = d.place
),
tickets AS (
    SELECT
        customer_hash,
        created_epoch,
        created_date,
        agent_id,
        is_solved,
        COALESCE(channel, 'unknown') AS known_channel,
        ROW_NUMBER() OVER (ORDER BY created_epoch, system, ticket_id) AS place
    FROM fct_tickets
    WHERE customer_hash IS NOT NULL
),
ticket_sums AS (
    SELECT
        customer_hash,
        known_channel,
        CAST(COUNT(*) AS BIGINT) AS tickets,
        CAST(SUM(CASE WHEN is_solved THEN 0 ELSE 1 END) AS BIGINT) AS open_tickets,
        MAX(place) AS last_place
    FROM tickets
    GROUP BY customer_hash, known_channel
),
rows_of_both AS (
    SELECT
        s.customer_hash AS customer_hash,
        SUBSTR(CAST(l.created_date AS VARCHAR), 1, 7) AS activity_month,
        '' AS channel,
        s.orders AS orders,
        s.net_amount AS net_amount,
        f.created_date AS first_order_date,
        m.month_start AS first_order_month,
        f.country AS first_country,
        f.sales_channel AS first_sales_channel,
        l.created_epoch AS last_order_epoch,
        l.created_date AS last_order_date,
        l.order_id AS last_order_id,
        d.title AS last_item,
        CAST(0 AS BIGINT) AS tickets,
        CAST(0 AS BIGINT) AS open_tickets,
        CAST(NULL AS BIGINT) AS last_ticket_epoch,
        CAST(NULL AS DATE) AS last_ticket_date,
        CAST(NULL AS VARCHAR) AS last_agent_id
    FROM order_sums AS s
    INNER JOIN orders AS f ON f.place = s.first_place
    INNER JOIN orders AS l ON l.place = s.last_place
    CROSS JOIN this_month AS m
    LEFT JOIN dearest AS d ON d.order_place = s.last_place
    UNION ALL
    SELECT
        s.customer_hash AS customer_hash,
        SUBSTR(CAST(t.created_date AS VARCHAR), 1, 7) AS activity_month,
        s.known_channel AS channel,
        CAST(0 AS BIGINT) AS orders,
        CAST(0 AS DECIMAL(18,4)) AS net_amount,
        CAST(NULL AS DATE) AS first_order_date,
        CAST(NULL AS DATE) AS first_order_month,
        CAST(NULL AS VARCHAR) AS first_country,
        CAST(NULL AS VARCHAR) AS first_sales_channel,
        CAST(NULL AS BIGINT) AS last_order_epoch,
        CAST(NULL AS DATE) AS last_order_date,
        CAST(NULL AS VARCHAR) AS last_order_id,
        CAST(NULL AS VARCHAR) AS last_item,
        s.tickets AS tickets,
        s.open_tickets AS open_tickets,
        t.created_epoch AS last_ticket_epoch,
        t.created_date AS last_ticket_date,
        t.agent_id AS last_agent_id
    FROM ticket_sums AS s
    INNER JOIN tickets AS t ON t.place = s.last_place
)
SELECT
    b.customer_hash AS customer_hash,
    b.activity_month AS activity_month,
    b.channel AS channel,
    f.first_seen_date AS first_seen_date,
    b.orders AS orders,
    b.net_amount AS net_amount,
    b.first_order_date AS first_order_date,
    b.first_order_month AS first_order_month,
    b.first_country AS first_country,
    b.first_sales_channel AS first_sales_channel,
    b.last_order_epoch AS last_order_epoch,
    b.last_order_date AS last_order_date,
    b.last_order_id AS last_order_id,
    b.last_item AS last_item,
    b.tickets AS tickets,
    b.open_tickets AS open_tickets,
    b.last_ticket_epoch AS last_ticket_epoch,
    b.last_ticket_date AS last_ticket_date,
    b.last_agent_id AS last_agent_id
FROM rows_of_both AS b
INNER JOIN customer_first_seen AS f ON f.customer_hash = b.customer_hash
