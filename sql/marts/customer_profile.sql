/*
about = """
One row per customer, identity hashed: how they write and buy, what is open, what they said last, and their group by
recency, frequency and money. Kept in the month the customer was first seen; a new day builds again only the months
whose customers did something, and a new month all of them, for recency moves on by months."""
grain = ["customer_hash"]
partition = "first_seen_date"
not_null = ["customer_hash", "first_seen_date", "orders", "net_amount", "tickets", "open_tickets", "past_tickets", "rfm_group"]

[accepted_values]
recency_group = ["recent", "cooling", "gone"]
frequency_group = ["once", "repeat", "loyal"]
money_group = ["low", "middle", "high"]

[ranges]
mean_sentiment = [-1, 1]
open_tickets = [0, 1000000]

[inputs]
customer_activity = "same"
customer_opinions = "same"
customer_scale = "all"

[columns]
customer_hash = "VARCHAR keyed hash of the customer"
first_seen_date = "DATE local date of the first counted order or ticket"
preferred_channel = "VARCHAR channel of most of the customer's tickets, of equals the one written through last; NULL without tickets"
orders = "BIGINT counted orders to date"
first_order_date = "DATE local date of the first of them"
cohort_month = "DATE first day of the month of the first of them"
first_country = "VARCHAR country of the first of them"
first_sales_channel = "VARCHAR where the first of them was placed"
last_order_date = "DATE local date of the last of them"
last_order_id = "VARCHAR id of the last of them"
last_item = "VARCHAR name of the dearest line of the last of them"
net_amount = "DECIMAL(18,4) gross - discounts - goods refunded to date of all orders, in the job's currency"
tickets = "BIGINT counted tickets to date"
open_tickets = "BIGINT of them, not solved now"
past_tickets = "BIGINT of them, solved"
last_ticket_date = "DATE local date of the last ticket"
last_agent_id = "VARCHAR agent of the last ticket"
last_csat_class = "VARCHAR last satisfaction answer: good or bad"
last_csat_score = "DECIMAL(18,4) its score, 1 to 5"
last_csat_date = "DATE local date of it"
last_nps_score = "DECIMAL(18,4) last answer on recommendation, 0 to 10"
last_nps_date = "DATE local date of it"
mean_sentiment = "DOUBLE mean mood of the customer's texts, -1 to 1; NULL without one"
recency_group = "VARCHAR months since the month of the last order: recent (up to 3), cooling (up to 12), gone; NULL without orders"
frequency_group = "VARCHAR orders: once, repeat (2 or 3), loyal (4 and more); NULL without orders"
money_group = "VARCHAR net against the mean net of a customer: low (less than half), high (twice and more), else middle; NULL without orders or a mean"
rfm_group = "VARCHAR the three groups in a row, such as recent/loyal/high; 'no orders'; 'unknown' in place of a missing one"
*/
WITH placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER (ORDER BY COALESCE(last_order_epoch, CAST(-1 AS BIGINT)), activity_month, customer_hash) AS order_place,
        ROW_NUMBER() OVER (ORDER BY COALESCE(last_ticket_epoch, CAST(-1 AS BIGINT)), activity_month, channel, customer_hash) AS ticket_place
    FROM customer_activity
),
customers AS (
    SELECT
        customer_hash,
        MIN(first_seen_date) AS first_seen_date,
        CAST(SUM(orders) AS BIGINT) AS orders,
        CAST(SUM(net_amount) AS DECIMAL(18,4)) AS net_amount,
        MIN(first_order_date) AS first_order_date,
        MIN(first_order_month) AS cohort_month,
        MIN(CASE WHEN orders > 0 THEN order_place END) AS first_order_place,
        MAX(CASE WHEN orders > 0 THEN order_place END) AS last_order_place,
        CAST(SUM(tickets) AS BIGINT) AS tickets,
        CAST(SUM(open_tickets) AS BIGINT) AS open_tickets,
        MAX(CASE WHEN tickets > 0 THEN ticket_place END) AS last_ticket_place
    FROM placed
    GROUP BY customer_hash
),
channels AS (
    SELECT customer_hash, channel, SUM(tickets) AS tickets, MAX(ticket_place) AS last_place
    FROM placed
    WHERE tickets > 0
    GROUP BY customer_hash, channel
),
ranked_channels AS (
    SELECT *, ROW_NUMBER() OVER (ORDER BY tickets, last_place) AS place
    FROM channels
),
best_channels AS (
    SELECT customer_hash, MAX(place) AS place
    FROM ranked_channels
    GROUP BY customer_hash
),
opinions AS (
    SELECT
        customer_hash,
        MAX(csat_date) AS csat_date,
        MAX(nps_date) AS nps_date,
        CASE
            WHEN SUM(scored_texts) > 0 THEN CAST(SUM(sentiment_sum) AS DOUBLE) / CAST(SUM(scored_texts) AS DOUBLE)
        END AS mean_sentiment
    FROM customer_opinions
    GROUP BY customer_hash
),
-- Two answers on one day in surveys of two months: the better one, whichever came last.
last_answers AS (
    SELECT
        o.customer_hash AS customer_hash,
        MAX(CASE WHEN o.csat_date = p.csat_date THEN o.csat_class END) AS csat_class,
        MAX(CASE WHEN o.csat_date = p.csat_date THEN o.csat_score END) AS csat_score,
        MAX(CASE WHEN o.nps_date = p.nps_date THEN o.nps_score END) AS nps_score
    FROM customer_opinions AS o
    INNER JOIN opinions AS p ON p.customer_hash = o.customer_hash
    GROUP BY o.customer_hash
),
profiles AS (
    SELECT
        c.*,
        h.channel AS preferred_channel,
        f.first_country AS first_country,
        f.first_sales_channel AS first_sales_channel,
        l.last_order_date AS last_order_date,
        l.last_order_id AS last_order_id,
        l.last_item AS last_item,
        t.last_ticket_date AS last_ticket_date,
        t.last_agent_id AS last_agent_id,
        a.csat_class AS last_csat_class,
        a.csat_score AS last_csat_score,
        o.csat_date AS last_csat_date,
        a.nps_score AS last_nps_score,
        o.nps_date AS last_nps_date,
        o.mean_sentiment AS mean_sentiment,
        s.month_number
            - CAST(EXTRACT(YEAR FROM l.last_order_date) AS BIGINT) * 12
            - CAST(EXTRACT(MONTH FROM l.last_order_date) AS BIGINT) + 1 AS months_since,
        s.mean_net AS mean_net
    FROM customers AS c
    CROSS JOIN customer_scale AS s
    LEFT JOIN best_channels AS b ON b.customer_hash = c.customer_hash
    LEFT JOIN ranked_channels AS h ON h.place = b.place
    LEFT JOIN placed AS f ON f.order_place = c.first_order_place
    LEFT JOIN placed AS l ON l.order_place = c.last_order_place
    LEFT JOIN placed AS t ON t.ticket_place = c.last_ticket_place
    LEFT JOIN opinions AS o ON o.customer_hash = c.customer_hash
    LEFT JOIN last_answers AS a ON a.customer_hash = c.customer_hash
),
groups AS (
    SELECT
        *,
        CASE WHEN orders = 0 THEN NULL WHEN months_since <= 3 THEN 'recent' WHEN months_since <= 12 THEN 'cooling' ELSE 'gone' END AS recency_group,
        CASE WHEN orders = 0 THEN NULL WHEN orders = 1 THEN 'once' WHEN orders <= 3 THEN 'repeat' ELSE 'loyal' END AS frequency_group,
        CASE
            WHEN orders = 0 OR mean_net IS NULL THEN NULL
            WHEN CAST(net_amount AS DOUBLE) >= 2.0 * mean_net THEN 'high'
            WHEN CAST(net_amount AS DOUBLE) < mean_net / 2.0 THEN 'low'
            ELSE 'middle'
        END AS money_group
    FROM profiles
)
SELECT
    customer_hash,
    first_seen_date,
    preferred_channel,
    orders,
    first_order_date,
    cohort_month,
    first_country,
    first_sales_channel,
    last_order_date,
    last_order_id,
    last_item,
    net_amount,
    tickets,
    open_tickets,
    tickets - open_tickets AS past_tickets,
    last_ticket_date,
    last_agent_id,
    last_csat_class,
    last_csat_score,
    last_csat_date,
    last_nps_score,
    last_nps_date,
    mean_sentiment,
    recency_group,
    frequency_group,
    money_group,
    CASE
        WHEN orders = 0 THEN 'no orders'
        ELSE recency_group || '/' || frequency_group || '/' || COALESCE(money_group, 'unknown')
    END AS rfm_group
FROM groups
