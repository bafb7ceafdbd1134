/*
about = """
What counted tickets add to each day: one row per measure, booked on the measure's own date (creation, reply, solve,
reopen, answer), whatever the month of the ticket. Every column can be summed over any slice and period."""
grain = ["date", "system", "channel", "team_id", "measure", "ticket_month"]
partition = "date"
scatter = true
settings = []
not_null = ["date", "system", "channel", "team_id", "measure", "ticket_month", "items"]

[inputs]
fct_tickets = "same"
fct_ticket_messages = "same"
fct_ticket_answers = "same"
fct_ticket_status = "same"

[columns]
date = "DATE local date the measure is booked on"
system = "VARCHAR name space of the ids"
channel = "VARCHAR channel of the ticket; unknown where it has none"
team_id = "VARCHAR team of the ticket; unknown where it has none"
measure = "VARCHAR created, reply, customer_message, first_response, response, reopen, csat_answer and so on"
ticket_month = "VARCHAR month (YYYY-MM) of the tickets' creation"
items = "BIGINT how many: tickets, or messages, waits and reopens where the measure is one of them"
timed_items = "BIGINT items with a length of time"
seconds = "BIGINT sum of their lengths, seconds; NULL without any"
business_items = "BIGINT items with a length in business time"
business_seconds = "BIGINT sum of their lengths, business seconds; NULL without any"
scored_items = "BIGINT items with a score"
score = "DECIMAL(18,4) sum of their scores, 1 to 5 each; NULL without any"
*/
WITH slices AS (
    SELECT
        *,
        COALESCE(channel, 'unknown') AS slice_channel,
        COALESCE(team_id, 'unknown') AS slice_team,
        SUBSTR(CAST(created_date AS VARCHAR), 1, 7) AS ticket_month,
        CASE WHEN is_solved THEN last_solved_date END AS solved_date
    FROM fct_tickets
),

of_tickets AS (
    SELECT
        CASE
            WHEN m.measure = 'created' THEN t.created_date
            WHEN m.measure = 'handled' AND t.handle_seconds IS NOT NULL THEN t.created_date
            WHEN m.measure = 'conversation' THEN t.last_message_date
            WHEN m.measure = 'first_response' THEN t.first_response_date
            WHEN m.measure = 'first_resolution' THEN t.first_solved_date
            WHEN m.measure = 'solved' THEN t.solved_date
            WHEN m.measure IN ('solved_with_messages', 'solved_replies') AND t.replies IS NOT NULL THEN t.solved_date
            WHEN m.measure = 'solved_one_touch' AND t.is_one_touch THEN t.solved_date
            WHEN m.measure = 'solved_with_history' AND t.reopens IS NOT NULL THEN t.solved_date
            WHEN m.measure = 'solved_reopened' AND t.reopens > 0 THEN t.solved_date
            WHEN m.measure = 'solved_transferred' AND t.team_changes > 0 THEN t.solved_date
            WHEN m.measure = 'solved_escalated' AND t.priority_raises > 0 THEN t.solved_date
            WHEN m.measure IN ('requester_wait', 'agent_work', 'agent_wait', 'on_hold')
                AND t.reopens IS NOT NULL THEN t.solved_date
            WHEN m.measure = 'csat_offered' THEN t.csat_offered_date
            WHEN m.measure = 'csat_answer' THEN t.csat_date
            WHEN m.measure = 'csat_good' AND t.csat_label = 'good' THEN t.csat_date
        END AS date,
        t.system AS system,
        t.slice_channel AS channel,
        t.slice_team AS team_id,
        m.measure AS measure,
        t.ticket_month AS ticket_month,
        CASE WHEN m.measure = 'solved_replies' THEN t.replies ELSE CAST(1 AS BIGINT) END AS items,
        CASE m.measure
            WHEN 'handled' THEN t.handle_seconds
            WHEN 'conversation' THEN t.conversation_seconds
            WHEN 'first_response' THEN t.first_response_seconds
            WHEN 'first_resolution' THEN t.first_resolution_seconds
            WHEN 'solved' THEN t.full_resolution_seconds
            WHEN 'requester_wait' THEN t.requester_wait_seconds
            WHEN 'agent_work' THEN t.agent_work_seconds
            WHEN 'agent_wait' THEN t.agent_wait_seconds
            WHEN 'on_hold' THEN t.on_hold_seconds
        END AS seconds,
        CASE m.measure
            WHEN 'first_response' THEN t.first_response_business_seconds
            WHEN 'first_resolution' THEN t.first_resolution_business_seconds
            WHEN 'solved' THEN t.full_resolution_business_seconds
            WHEN 'requester_wait' THEN t.requester_wait_business_seconds
            WHEN 'agent_work' THEN t.agent_work_business_seconds
            WHEN 'agent_wait' THEN t.agent_wait_business_seconds
            WHEN 'on_hold' THEN t.on_hold_business_seconds
        END AS business_seconds,
        CASE WHEN m.measure = 'csat_answer' THEN t.csat_score END AS score
    FROM slices AS t
    CROSS JOIN (VALUES
        ('created'),
        ('handled'),
        ('conversation'),
        ('first_response'),
        ('first_resolution'),
        ('solved'),
        ('solved_with_messages'),
        ('solved_one_touch'),
        ('solved_replies'),
        ('solved_with_history'),
        ('solved_reopened'),
        ('solved_transferred'),
        ('solved_escalated'),
        ('requester_wait'),
        ('agent_work'),
        ('agent_wait'),
        ('on_hold'),
        ('csat_offered'),
        ('csat_answer'),
        ('csat_good')
    ) AS m (measure)
),

of_steps AS (
    SELECT
        sent_date AS date,
        system,
        ticket_id,
        CASE WHEN is_reply THEN 'reply' ELSE 'customer_message' END AS measure,
        CAST(NULL AS BIGINT) AS seconds,
        CAST(NULL AS BIGINT) AS business_seconds
    FROM fct_ticket_messages
    WHERE is_reply OR (author_kind = 'customer' AND is_public)

    UNION ALL

    SELECT
        answered_date AS date,
        system,
        ticket_id,
        'response' AS measure,
        response_seconds AS seconds,
        response_business_seconds AS business_seconds
    FROM fct_ticket_answers

    UNION ALL

    SELECT
        from_date AS date,
        system,
        ticket_id,
        'reopen' AS measure,
        CAST(NULL AS BIGINT) AS seconds,
        CAST(NULL AS BIGINT) AS business_seconds
    FROM fct_ticket_status
    WHERE is_reopen
),

bookings AS (
    SELECT date, system, channel, team_id, measure, ticket_month, items, seconds, business_seconds, score
    FROM of_tickets
    WHERE date IS NOT NULL

    UNION ALL

    SELECT
        e.date AS date,
        e.system AS system,
        t.slice_channel AS channel,
        t.slice_team AS team_id,
        e.measure AS measure,
        t.ticket_month AS ticket_month,
        CAST(1 AS BIGINT) AS items,
        e.seconds AS seconds,
        e.business_seconds AS business_seconds,
        CAST(NULL AS DECIMAL(18,4)) AS score
    FROM of_steps AS e
    INNER JOIN slices AS t ON t.system = e.system AND t.ticket_id = e.ticket_id
)

SELECT
    date,
    system,
    channel,
    team_id,
    measure,
    ticket_month,
    CAST(SUM(items) AS BIGINT) AS items,
    CAST(COUNT(seconds) AS BIGINT) AS timed_items,
    CAST(SUM(seconds) AS BIGINT) AS seconds,
    CAST(COUNT(business_seconds) AS BIGINT) AS business_items,
    CAST(SUM(business_seconds) AS BIGINT) AS business_seconds,
    CAST(COUNT(score) AS BIGINT) AS scored_items,
    CAST(SUM(score) AS DECIMAL(18,4)) AS score
FROM bookings
GROUP BY date, system, channel, team_id, measure, ticket_month
