/*
about = """
What each agent did on each day: replies and first responses are theirs who wrote them, tickets theirs to whom they are
assigned. Counts and sums can be added; rates and means must be taken again from their parts. Days without any of it have
no row. Work that nobody's name is on is agent 'unknown'."""
grain = ["date", "system", "agent_id"]
partition = "date"
scatter = false
settings = []
not_null = [
    "date", "system", "agent_id", "replies", "template_replies", "first_responses", "tickets_solved",
    "solved_with_messages", "solved_one_touch", "solved_replies", "solved_with_history", "solved_reopened", "reopens",
    "csat_answers", "csat_good", "csat_scored", "tickets_handled", "interactions",
]

[ranges]
template_use_rate = [0, 1]
one_touch_rate = [0, 1]
reopen_rate = [0, 1]
csat_rate = [0, 1]
csat_score_mean = [1, 5]
interaction_handle_seconds_sum = [0, 1e15]

[inputs]
fct_agent_day_parts = "same"
fct_interactions = "same"
dates = "same"

[columns]
date = "DATE local date"
system = "VARCHAR name space of the agent ids"
agent_id = "VARCHAR agent; unknown where nothing tells"
replies = "BIGINT public replies written"
template_replies = "BIGINT of them, made from a macro or template"
template_use_rate = "DOUBLE template_replies / replies"
first_responses = "BIGINT tickets answered for the first time"
first_response_count = "BIGINT of them, with a first response time"
first_response_seconds_sum = "BIGINT sum of their first response times, seconds"
first_response_mean_seconds = "DOUBLE mean first response time, seconds"
first_response_business_count = "BIGINT of them, measured in business time"
first_response_business_seconds_sum = "BIGINT sum of their first response times, business seconds"
tickets_solved = "BIGINT tickets solved now whose last solve is on this date"
full_resolution_count = "BIGINT of them, with a full resolution time"
full_resolution_seconds_sum = "BIGINT sum of their full resolution times, seconds"
full_resolution_mean_seconds = "DOUBLE mean full resolution time, seconds"
full_resolution_business_count = "BIGINT of them, measured in business time"
full_resolution_business_seconds_sum = "BIGINT sum of their full resolution times, business seconds"
solved_with_messages = "BIGINT solved tickets whose replies can be counted"
solved_one_touch = "BIGINT of them, solved with one reply"
one_touch_rate = "DOUBLE solved_one_touch / solved_with_messages"
solved_replies = "BIGINT replies on them, by anybody"
solved_with_history = "BIGINT solved tickets with a status history"
solved_reopened = "BIGINT of them, reopened at least once"
reopen_rate = "DOUBLE solved_reopened / solved_with_history"
reopens = "BIGINT times a ticket of theirs came back from solved or closed on this date"
csat_answers = "BIGINT tickets rated"
csat_good = "BIGINT of them, rated good"
csat_rate = "DOUBLE csat_good / csat_answers"
csat_scored = "BIGINT tickets rated with a score"
csat_score_sum = "DECIMAL(18,4) sum of their scores, 1 to 5 each"
csat_score_mean = "DOUBLE mean score, 1 to 5"
tickets_handled = "BIGINT tickets created on this date with an exported handle time"
ticket_handle_seconds_sum = "BIGINT sum of their handle times, seconds"
interactions = "BIGINT calls and chats taken, by the day they started"
interactions_handled = "BIGINT of them, with a handle time"
interaction_handle_seconds_sum = "BIGINT sum of their handle times, seconds"
interaction_handle_mean_seconds = "DOUBLE mean handle time of calls and chats, seconds"
*/
-- Calls and chats are one more booking: polars plans every wide step again for each step above it, so there is only one.
WITH bookings AS (
    SELECT
        date, system, agent_id, measure, items, timed_items, seconds, business_items, business_seconds, scored_items, score
    FROM fct_agent_day_parts

    UNION ALL

    SELECT
        started_date AS date,
        system,
        COALESCE(agent_id, 'unknown') AS agent_id,
        'interaction' AS measure,
        CAST(1 AS BIGINT) AS items,
        CASE WHEN handle_seconds IS NULL THEN CAST(0 AS BIGINT) ELSE CAST(1 AS BIGINT) END AS timed_items,
        handle_seconds AS seconds,
        CAST(0 AS BIGINT) AS business_items,
        CAST(NULL AS BIGINT) AS business_seconds,
        CAST(0 AS BIGINT) AS scored_items,
        CAST(NULL AS DECIMAL(18,4)) AS score
    FROM fct_interactions
    WHERE is_answered
),

sums AS (
    SELECT
        b.date AS date,
        b.system AS system,
        b.agent_id AS agent_id,
        CAST(SUM(CASE WHEN measure = 'reply' THEN items ELSE 0 END) AS BIGINT) AS replies,
        CAST(SUM(CASE WHEN measure = 'template_reply' THEN items ELSE 0 END) AS BIGINT) AS template_replies,
        CAST(SUM(CASE WHEN measure = 'first_response' THEN items ELSE 0 END) AS BIGINT) AS first_responses,
        CAST(SUM(CASE WHEN measure = 'first_response' THEN timed_items ELSE 0 END) AS BIGINT) AS first_response_count,
        CAST(SUM(CASE WHEN measure = 'first_response' THEN seconds END) AS BIGINT) AS first_response_sum,
        CAST(SUM(CASE WHEN measure = 'first_response' THEN business_items ELSE 0 END) AS BIGINT)
            AS first_response_business_count,
        CAST(SUM(CASE WHEN measure = 'first_response' THEN business_seconds END) AS BIGINT) AS first_response_business_sum,
        CAST(SUM(CASE WHEN measure = 'solved' THEN items ELSE 0 END) AS BIGINT) AS tickets_solved,
        CAST(SUM(CASE WHEN measure = 'solved' THEN timed_items ELSE 0 END) AS BIGINT) AS full_resolution_count,
        CAST(SUM(CASE WHEN measure = 'solved' THEN seconds END) AS BIGINT) AS full_resolution_sum,
        CAST(SUM(CASE WHEN measure = 'solved' THEN business_items ELSE 0 END) AS BIGINT) AS full_resolution_business_count,
        CAST(SUM(CASE WHEN measure = 'solved' THEN business_seconds END) AS BIGINT) AS full_resolution_business_sum,
        CAST(SUM(CASE WHEN measure = 'solved_with_messages' THEN items ELSE 0 END) AS BIGINT) AS solved_with_messages,
        CAST(SUM(CASE WHEN measure = 'solved_one_touch' THEN items ELSE 0 END) AS BIGINT) AS solved_one_touch,
        CAST(SUM(CASE WHEN measure = 'solved_replies' THEN items ELSE 0 END) AS BIGINT) AS solved_replies,
        CAST(SUM(CASE WHEN measure = 'solved_with_history' THEN items ELSE 0 END) AS BIGINT) AS solved_with_history,
        CAST(SUM(CASE WHEN measure = 'solved_reopened' THEN items ELSE 0 END) AS BIGINT) AS solved_reopened,
        CAST(SUM(CASE WHEN measure = 'reopen' THEN items ELSE 0 END) AS BIGINT) AS reopens,
        CAST(SUM(CASE WHEN measure = 'csat_answer' THEN items ELSE 0 END) AS BIGINT) AS csat_answers,
        CAST(SUM(CASE WHEN measure = 'csat_good' THEN items ELSE 0 END) AS BIGINT) AS csat_good,
        CAST(SUM(CASE WHEN measure = 'csat_answer' THEN scored_items ELSE 0 END) AS BIGINT) AS csat_scored,
        CAST(SUM(CASE WHEN measure = 'csat_answer' THEN score END) AS DECIMAL(18,4)) AS csat_score_sum,
        CAST(SUM(CASE WHEN measure = 'handled' THEN items ELSE 0 END) AS BIGINT) AS tickets_handled,
        CAST(SUM(CASE WHEN measure = 'handled' THEN seconds END) AS BIGINT) AS ticket_handle_sum,
        CAST(SUM(CASE WHEN measure = 'interaction' THEN items ELSE 0 END) AS BIGINT) AS interactions,
        CAST(SUM(CASE WHEN measure = 'interaction' THEN timed_items ELSE 0 END) AS BIGINT) AS interactions_handled,
        CAST(SUM(CASE WHEN measure = 'interaction' THEN seconds END) AS BIGINT) AS interaction_handle_sum
    FROM bookings AS b
    INNER JOIN dates AS d ON d.date = b.date
    GROUP BY b.date, b.system, b.agent_id
)

SELECT
    date,
    system,
    agent_id,
    replies,
    template_replies,
    CAST(template_replies AS DOUBLE) / NULLIF(replies, 0) AS template_use_rate,
    first_responses,
    first_response_count,
    first_response_sum AS first_response_seconds_sum,
    CAST(first_response_sum AS DOUBLE) / NULLIF(first_response_count, 0) AS first_response_mean_seconds,
    first_response_business_count,
    first_response_business_sum AS first_response_business_seconds_sum,
    tickets_solved,
    full_resolution_count,
    full_resolution_sum AS full_resolution_seconds_sum,
    CAST(full_resolution_sum AS DOUBLE) / NULLIF(full_resolution_count, 0) AS full_resolution_mean_seconds,
    full_resolution_business_count,
    full_resolution_business_sum AS full_resolution_business_seconds_sum,
    solved_with_messages,
    solved_one_touch,
    CAST(solved_one_touch AS DOUBLE) / NULLIF(solved_with_messages, 0) AS one_touch_rate,
    solved_replies,
    solved_with_history,
    solved_reopened,
    CAST(solved_reopened AS DOUBLE) / NULLIF(solved_with_history, 0) AS reopen_rate,
    reopens,
    csat_answers,
    csat_good,
    CAST(csat_good AS DOUBLE) / NULLIF(csat_answers, 0) AS csat_rate,
    csat_scored,
    csat_score_sum,
    CAST(csat_score_sum AS DOUBLE) / NULLIF(csat_scored, 0) AS csat_score_mean,
    tickets_handled,
    ticket_handle_sum AS ticket_handle_seconds_sum,
    interactions,
    interactions_handled,
    interaction_handle_sum AS interaction_handle_seconds_sum,
    CAST(interaction_handle_sum AS DOUBLE) / NULLIF(interactions_handled, 0) AS interaction_handle_mean_seconds
FROM sums
