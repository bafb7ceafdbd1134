/*
about = """
What counted tickets add to each agent's days: one row per measure, booked on the measure's own date. Replies and first
responses go to who wrote them, everything else to the agent the ticket is assigned to. Every column can be summed."""
grain = ["date", "system", "agent_id", "measure", "ticket_month"]
partition = "date"
scatter = true
settings = []
not_null = ["date", "system", "agent_id", "measure", "ticket_month", "items"]

[ranges]
items = [0, 1e12]
seconds = [0, 1e15]
business_seconds = [0, 1e15]

[inputs]
fct_tickets = "same"
fct_ticket_messages = "same"
fct_ticket_status = "same"

[columns]
date = "DATE local date the measure is booked on"
system = "VARCHAR name space of the ids"
agent_id = "VARCHAR agent; unknown where nothing tells"
measure = "VARCHAR reply, template_reply, first_response, solved, solved_with_messages, solved_one_touch, solved_replies, solved_with_history, solved_reopened, reopen, handled, csat_answer or csat_good"
ticket_month = "VARCHAR month (YYYY-MM) of the tickets' creation"
items = "BIGINT how many: tickets, or messages and reopens where the measure is one of them"
timed_items = "BIGINT items with a length of time"
seconds = "BIGINT sum of their lengths, seconds; NULL without any"
business_items = "BIGINT items with a length in business time"
business_seconds = "BIGINT sum of their lengths, business seconds; NULL without any"
scored_items = "BIGINT items with a score"
score = "DECIMAL(18,4) sum of their scores, 1 to 5 each; NULL without any"
*/
WITH first_authors AS (
    SELECT system, ticket_id, author_id
    FROM fct_ticket_messages
    WHERE reply_number = 1
),

tickets AS (
    SELECT
        t.*,
        SUBSTR(CAST(t.created_date AS VARCHAR), 1, 7) AS ticket_month,
        CASE WHEN t.is_solved THEN t.last_solved_date END AS solved_date,
        COALESCE(t.agent_id, 'unknown') AS assigned_id,
        COALESCE(f.author_id, t.agent_id, 'unknown') AS answered_by_id
    FROM fct_tickets AS t
    LEFT JOIN first_authors AS f ON f.system = t.system AND f.ticket_id = t.ticket_id
),

of_tickets AS (
    SELECT
        CASE
            WHEN m.measure = 'first_response' THEN t.first_response_date
            WHEN m.measure = 'solved' THEN t.solved_date
            WHEN m.measure IN ('solved_with_messages', 'solved_replies') AND t.replies IS NOT NULL THEN t.solved_date
            WHEN m.measure = 'solved_one_touch' AND t.is_one_touch THEN t.solved_date
            WHEN m.measure = 'solved_with_history' AND t.reopens IS NOT NULL THEN t.solved_date
            WHEN m.measure = 'solved_reopened' AND t.reopens > 0 THEN t.solved_date
            WHEN m.measure = 'handled' AND t.handle_seconds IS NOT NULL THEN t.created_date
            WHEN m.measure = 'csat_answer' THEN t.csat_date
            WHEN m.measure = 'csat_good' AND t.csat_label = 'good' THEN t.csat_date
        END AS date,
        t.system AS system,
        CASE WHEN m.measure = 'first_response' THEN t.answered_by_id ELSE t.assigned_id END AS agent_id,
        m.measure AS measure,
        t.ticket_month AS ticket_month,
        CASE WHEN m.measure = 'solved_replies' THEN t.replies ELSE CAST(1 AS BIGINT) END AS items,
        CASE m.measure
            WHEN 'first_response' THEN t.first_response_seconds
            WHEN 'solved' THEN t.full_resolution_seconds
            WHEN 'handled' THEN t.handle_seconds
        END AS seconds,
        CASE m.measure
            WHEN 'first_response' THEN t.first_response_business_seconds
            WHEN 'solved' THEN t.full_resolution_business_seconds
        END AS business_seconds,
        CASE WHEN m.measure = 'csat_answer' THEN t.csat_score END AS score
    FROM tickets AS t
    CROSS JOIN (VALUES
        ('first_response'),
        ('solved'),
        ('solved_with_messages'),
        ('solved_one_touch'),
        ('solved_replies'),
        ('solved_with_history'),
        ('solved_reopened'),
        ('handled'),
        ('csat_answer'),
        ('csat_good')
    ) AS m (measure)
),

of_steps AS (
    SELECT sent_date AS date, system, ticket_id, COALESCE(author_id, 'unknown') AS agent_id, 'reply' AS measure
    FROM fct_ticket_messages
    WHERE is_reply

    UNION ALL

    SELECT sent_date AS date, system, ticket_id, COALESCE(author_id, 'unknown') AS agent_id, 'template_reply' AS measure
    FROM fct_ticket_messages
    WHERE is_reply AND template_id IS NOT NULL

    UNION ALL

    SELECT from_date AS date, system, ticket_id, CAST(NULL AS VARCHAR) AS agent_id, 'reopen' AS measure
    FROM fct_ticket_status
    WHERE is_reopen
),

bookings AS (
    SELECT date, system, agent_id, measure, ticket_month, items, seconds, business_seconds, score
    FROM of_tickets
    WHERE date IS NOT NULL

    UNION ALL

    SELECT
        e.date AS date,
        e.system AS system,
        COALESCE(e.agent_id, t.assigned_id) AS agent_id,
        e.measure AS measure,
        t.ticket_month AS ticket_month,
        CAST(1 AS BIGINT) AS items,
        CAST(NULL AS BIGINT) AS seconds,
        CAST(NULL AS BIGINT) AS business_seconds,
        CAST(NULL AS DECIMAL(18,4)) AS score
    FROM of_steps AS e
    INNER JOIN tickets AS t ON t.system = e.system AND t.ticket_id = e.ticket_id
)

SELECT
    date,
    system,
    agent_id,
    measure,
    ticket_month,
    CAST(SUM(items) AS BIGINT) AS items,
    CAST(COUNT(seconds) AS BIGINT) AS timed_items,
    CASE WHEN COUNT(seconds) > 0 THEN CAST(SUM(seconds) AS BIGINT) END AS seconds,
    CAST(COUNT(business_seconds) AS BIGINT) AS business_items,
    CASE WHEN COUNT(business_seconds) > 0 THEN CAST(SUM(business_seconds) AS BIGINT) END AS business_seconds,
    CAST(COUNT(score) AS BIGINT) AS scored_items,
    CASE WHEN COUNT(score) > 0 THEN CAST(SUM(score) AS DECIMAL(18,4)) END AS score
FROM bookings
GROUP BY date, system, agent_id, measure, ticket_month
