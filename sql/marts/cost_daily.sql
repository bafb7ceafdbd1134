/*
about = """
What service costs by day and channel, per ticket and against sales, and what the bot saves. Without costs in the inputs
the amounts are NULL. Sales belong to the whole shop only."""
grain = ["date", "segment_kind", "segment_value"]
partition = "date"
not_null = ["date", "segment_kind", "segment_value", "tickets", "contacts", "priced_contacts", "bot_sessions", "contained_sessions"]

[accepted_values]
segment_kind = ["all", "channel"]

[ranges]
service_cost = [0, 1000000000000]
bot_cost = [0, 1000000000000]

[inputs]
fct_contact_costs = "same"
fct_bot_costs = "same"
fct_orders = "same"
fct_refunds = "same"
dates = "same"

[columns]
date = "DATE local date of the ticket's creation, the call, the end of the talk with the bot, or the sale"
segment_kind = "VARCHAR 'all' (the whole shop) or 'channel'; sum over one kind only"
segment_value = "VARCHAR 'all', or the channel ('unknown' if not delivered)"
tickets = "BIGINT counted tickets created"
contacts = "BIGINT tickets, and calls and chats that an agent took"
priced_contacts = "BIGINT of them, with a known cost"
service_cost = "DECIMAL(18,4) their cost in the job's currency; NULL without a known one"
cost_per_ticket = "DOUBLE service_cost / tickets; NULL without tickets or costs"
bot_sessions = "BIGINT talks with the bot"
bot_cost = "DECIMAL(18,4) their cost; NULL without a known one"
contained_sessions = "BIGINT talks the bot settled without people"
replaced_cost = "DECIMAL(18,4) what those would have cost as contacts of the channel; NULL where no cost of a contact is known"
automation_savings = "DECIMAL(18,4) replaced_cost - bot_cost: negative where the bot costs more than it saves"
net_sales = "DECIMAL(18,4) gross - discounts - goods refunded on the date, in the job's currency; NULL for channels"
service_cost_ratio = "DOUBLE (service_cost + bot_cost) / net_sales; NULL for channels, and without costs or positive sales"
*/
WITH parts AS (
    SELECT
        date,
        channel,
        CASE WHEN contact_kind = 'ticket' THEN 1 ELSE 0 END AS tickets,
        1 AS contacts,
        CASE WHEN cost IS NOT NULL THEN 1 ELSE 0 END AS priced,
        cost,
        CAST(0 AS BIGINT) AS sessions,
        CAST(0 AS BIGINT) AS contained,
        CAST(NULL AS DECIMAL(18,4)) AS bot_cost,
        CAST(NULL AS DECIMAL(18,4)) AS replaced,
        CAST(NULL AS DECIMAL(18,4)) AS net
    FROM fct_contact_costs
    UNION ALL
    SELECT
        date,
        channel,
        0 AS tickets,
        0 AS contacts,
        0 AS priced,
        CAST(NULL AS DECIMAL(18,4)) AS cost,
        sessions,
        contained,
        CASE WHEN priced_sessions > 0 THEN bot_cost END AS bot_cost,
        CASE WHEN priced_contained > 0 THEN replaced_cost END AS replaced,
        CAST(NULL AS DECIMAL(18,4)) AS net
    FROM fct_bot_costs
),
sales AS (
    SELECT created_date AS date, CAST(job_gross_amount - job_discount_amount AS DECIMAL(18,4)) AS net
    FROM fct_orders
    WHERE is_counted
    UNION ALL
    SELECT created_date AS date, CAST(CAST(0 AS DECIMAL(18,4)) - job_goods_amount AS DECIMAL(18,4)) AS net
    FROM fct_refunds
    WHERE is_counted
),
segments AS (
    SELECT *, 'all' AS segment_kind, 'all' AS segment_value FROM parts
    UNION ALL
    SELECT *, 'channel' AS segment_kind, channel AS segment_value FROM parts
    UNION ALL
    SELECT
        date,
        'all' AS channel,
        0 AS tickets,
        0 AS contacts,
        0 AS priced,
        CAST(NULL AS DECIMAL(18,4)) AS cost,
        CAST(0 AS BIGINT) AS sessions,
        CAST(0 AS BIGINT) AS contained,
        CAST(NULL AS DECIMAL(18,4)) AS bot_cost,
        CAST(NULL AS DECIMAL(18,4)) AS replaced,
        net,
        'all' AS segment_kind,
        'all' AS segment_value
    FROM sales
),
sums AS (
    SELECT
        g.date AS date,
        g.segment_kind AS segment_kind,
        g.segment_value AS segment_value,
        CAST(SUM(g.tickets) AS BIGINT) AS tickets,
        CAST(SUM(g.contacts) AS BIGINT) AS contacts,
        CAST(SUM(g.priced) AS BIGINT) AS priced,
        CAST(SUM(COALESCE(g.cost, CAST(0 AS DECIMAL(18,4)))) AS DECIMAL(18,4)) AS cost,
        CAST(SUM(g.sessions) AS BIGINT) AS sessions,
        CAST(SUM(g.contained) AS BIGINT) AS contained,
        COUNT(g.bot_cost) AS bot_costs,
        CAST(SUM(COALESCE(g.bot_cost, CAST(0 AS DECIMAL(18,4)))) AS DECIMAL(18,4)) AS bot_cost,
        COUNT(g.replaced) AS replacements,
        CAST(SUM(COALESCE(g.replaced, CAST(0 AS DECIMAL(18,4)))) AS DECIMAL(18,4)) AS replaced,
        COUNT(g.net) AS nets,
        CAST(SUM(COALESCE(g.net, CAST(0 AS DECIMAL(18,4)))) AS DECIMAL(18,4)) AS net
    FROM segments AS g
    INNER JOIN dates AS d ON d.date = g.date
    GROUP BY g.date, g.segment_kind, g.segment_value
)
SELECT
    date,
    segment_kind,
    segment_value,
    tickets,
    contacts,
    priced AS priced_contacts,
    CASE WHEN priced > 0 THEN cost END AS service_cost,
    CASE WHEN priced > 0 AND tickets > 0 THEN CAST(cost AS DOUBLE) / CAST(tickets AS DOUBLE) END AS cost_per_ticket,
    sessions AS bot_sessions,
    CASE WHEN bot_costs > 0 THEN bot_cost END AS bot_cost,
    contained AS contained_sessions,
    CASE WHEN replacements > 0 THEN replaced END AS replaced_cost,
    CASE WHEN replacements > 0 THEN CAST(replaced - bot_cost AS DECIMAL(18,4)) END AS automation_savings,
    CASE WHEN nets > 0 THEN net END AS net_sales,
    CASE
        WHEN priced > 0 AND nets > 0 AND net > CAST(0 AS DECIMAL(18,4))
        THEN CAST(CAST(cost + bot_cost AS DECIMAL(18,4)) AS DOUBLE) / CAST(net AS DOUBLE)
    END AS service_cost_ratio
FROM sums
