/*
about = """
The service on each day, by channel and team: volume, speed, resolution, satisfaction and backlog. Counts and sums can
be added over any slice and period; rates and means are ready for the row's own slice and must be taken again from
their parts for a larger one. Counts are 0 and rates NULL where nothing happened. Days without a booking and without an
open ticket have no row."""
grain = ["date", "system", "channel", "team_id"]
partition = "date"
scatter = false
settings = []
not_null = [
    "date", "system", "channel", "team_id", "tickets_created", "tickets_solved", "first_responses", "csat_answers",
    "backlog",
]

[ranges]
one_touch_rate = [0, 1]
reopen_rate = [0, 1]
transfer_rate = [0, 1]
escalation_rate = [0, 1]
csat_rate = [0, 1]
csat_score_mean = [1, 5]
backlog = [0, 1e12]

[inputs]
dates = "same"
fct_ticket_day_parts = "same"
backlog_daily = "same"

[columns]
date = "DATE local date"
system = "VARCHAR name space of the team ids"
channel = "VARCHAR channel of the ticket; unknown where it has none"
team_id = "VARCHAR team the ticket is with; unknown where it has none"
tickets_created = "BIGINT tickets created"
customer_messages = "BIGINT public messages of the customer's side"
replies = "BIGINT public replies of human agents"
first_responses = "BIGINT tickets answered for the first time"
first_response_seconds_sum = "BIGINT sum of their first response times, seconds"
first_response_mean_seconds = "DOUBLE mean first response time, seconds"
first_response_business_count = "BIGINT of them, measured in business time"
first_response_business_seconds_sum = "BIGINT sum of their first response times, business seconds"
first_response_mean_business_seconds = "DOUBLE mean first response time, business seconds"
responses = "BIGINT runs of customer messages answered"
response_seconds_sum = "BIGINT sum of their waits, seconds"
response_mean_seconds = "DOUBLE mean response time, seconds"
response_business_count = "BIGINT of them, measured in business time"
response_business_seconds_sum = "BIGINT sum of their waits, business seconds"
response_mean_business_seconds = "DOUBLE mean response time, business seconds"
first_resolutions = "BIGINT tickets solved for the first time"
first_resolution_seconds_sum = "BIGINT sum of their first resolution times, seconds"
first_resolution_mean_seconds = "DOUBLE mean first resolution time, seconds"
first_resolution_business_count = "BIGINT of them, measured in business time"
first_resolution_business_seconds_sum = "BIGINT sum of their first resolution times, business seconds"
first_resolution_mean_business_seconds = "DOUBLE mean first resolution time, business seconds"
tickets_solved = "BIGINT tickets solved now whose last solve is on this date"
full_resolution_count = "BIGINT of them, with a full resolution time"
full_resolution_seconds_sum = "BIGINT sum of their full resolution times, seconds"
full_resolution_mean_seconds = "DOUBLE mean full resolution time, seconds"
full_resolution_business_count = "BIGINT of them, measured in business time"
full_resolution_business_seconds_sum = "BIGINT sum of their full resolution times, business seconds"
full_resolution_mean_business_seconds = "DOUBLE mean full resolution time, business seconds"
solved_with_messages = "BIGINT solved tickets whose replies can be counted"
solved_one_touch = "BIGINT of them, solved with one reply"
one_touch_rate = "DOUBLE solved_one_touch / solved_with_messages"
solved_replies = "BIGINT replies on them"
replies_per_resolution = "DOUBLE solved_replies / solved_with_messages"
solved_with_history = "BIGINT solved tickets with a status history"
solved_reopened = "BIGINT of them, reopened at least once"
reopen_rate = "DOUBLE solved_reopened / solved_with_history"
reopens = "BIGINT times a ticket came back from solved or closed on this date"
solved_transferred = "BIGINT solved tickets that changed team"
transfer_rate = "DOUBLE solved_transferred / solved_with_history"
solved_escalated = "BIGINT solved tickets whose priority went up"
escalation_rate = "DOUBLE solved_escalated / solved_with_history"
requester_wait_seconds_sum = "BIGINT time of solved_with_history in new, open and hold, seconds"
requester_wait_business_seconds_sum = "BIGINT the same, business seconds"
agent_work_seconds_sum = "BIGINT time of solved_with_history in new and open, seconds"
agent_work_business_seconds_sum = "BIGINT the same, business seconds"
agent_wait_seconds_sum = "BIGINT time of solved_with_history in pending, seconds"
agent_wait_business_seconds_sum = "BIGINT the same, business seconds"
on_hold_seconds_sum = "BIGINT time of solved_with_history in hold, seconds"
on_hold_business_seconds_sum = "BIGINT the same, business seconds"
handled = "BIGINT tickets created with an exported handle time"
handle_seconds_sum = "BIGINT sum of their handle times, seconds"
handle_mean_seconds = "DOUBLE mean handle time, seconds"
conversations = "BIGINT conversations whose last public message is on this date"
conversation_seconds_sum = "BIGINT sum of their lengths, seconds"
conversation_mean_seconds = "DOUBLE mean conversation time, seconds"
csat_offered = "BIGINT tickets whose customer was first asked for a rating"
csat_answers = "BIGINT tickets rated"
csat_good = "BIGINT of them, rated good"
csat_rate = "DOUBLE csat_good / csat_answers"
csat_scored = "BIGINT tickets rated with a score"
csat_score_sum = "DECIMAL(18,4) sum of their scores, 1 to 5 each"
csat_score_mean = "DOUBLE mean score, 1 to 5"
tickets_reopened = "BIGINT times a ticket became unsolved again"
tickets_gone = "BIGINT times a ticket was solved, closed or deleted"
backlog = "BIGINT unsolved tickets at the end of the day: the day before + tickets_created + tickets_reopened - tickets_gone"
*/
-- The backlog is one more booking: polars plans every wide step again for each step above it, so there is only one.
WITH bookings AS (
    SELECT
        date,
        system,
        channel,
        team_id,
        measure,
        items,
        timed_items,
        seconds,
        business_items,
        business_seconds,
        scored_items,
        score,
        CAST(0 AS BIGINT) AS reopened,
        CAST(0 AS BIGINT) AS gone,
        CAST(0 AS BIGINT) AS backlog
    FROM fct_ticket_day_parts

    UNION ALL

    SELECT
        date,
        system,
        channel,
        team_id,
        'backlog' AS measure,
        CAST(0 AS BIGINT) AS items,
        CAST(0 AS BIGINT) AS timed_items,
        CAST(NULL AS BIGINT) AS seconds,
        CAST(0 AS BIGINT) AS business_items,
        CAST(NULL AS BIGINT) AS business_seconds,
        CAST(0 AS BIGINT) AS scored_items,
        CAST(NULL AS DECIMAL(18,4)) AS score,
        reopened,
        gone,
        backlog
    FROM backlog_daily
),

sums AS (
    SELECT
        b.date AS date,
        b.system AS system,
        b.channel AS channel,
        b.team_id AS team_id,
        CAST(SUM(CASE WHEN measure = 'created' THEN items ELSE 0 END) AS BIGINT) AS tickets_created,
        CAST(SUM(CASE WHEN measure = 'customer_message' THEN items ELSE 0 END) AS BIGINT) AS customer_messages,
        CAST(SUM(CASE WHEN measure = 'reply' THEN items ELSE 0 END) AS BIGINT) AS replies,
        CAST(SUM(CASE WHEN measure = 'first_response' THEN items ELSE 0 END) AS BIGINT) AS first_responses,
        CAST(SUM(CASE WHEN measure = 'first_response' THEN seconds END) AS BIGINT) AS first_response_seconds_sum,
        CAST(SUM(CASE WHEN measure = 'first_response' THEN business_items ELSE 0 END) AS BIGINT)
            AS first_response_business_count,
        CAST(SUM(CASE WHEN measure = 'first_response' THEN business_seconds END) AS BIGINT)
            AS first_response_business_seconds_sum,
        CAST(SUM(CASE WHEN measure = 'response' THEN items ELSE 0 END) AS BIGINT) AS responses,
        CAST(SUM(CASE WHEN measure = 'response' THEN seconds END) AS BIGINT) AS response_seconds_sum,
        CAST(SUM(CASE WHEN measure = 'response' THEN business_items ELSE 0 END) AS BIGINT) AS response_business_count,
        CAST(SUM(CASE WHEN measure = 'response' THEN business_seconds END) AS BIGINT) AS response_business_seconds_sum,
        CAST(SUM(CASE WHEN measure = 'first_resolution' THEN items ELSE 0 END) AS BIGINT) AS first_resolutions,
        CAST(SUM(CASE WHEN measure = 'first_resolution' THEN seconds END) AS BIGINT) AS first_resolution_seconds_sum,
        CAST(SUM(CASE WHEN measure = 'first_resolution' THEN business_items ELSE 0 END) AS BIGINT)
            AS first_resolution_business_count,
        CAST(SUM(CASE WHEN measure = 'first_resolution' THEN business_seconds END) AS BIGINT)
            AS first_resolution_business_seconds_sum,
        CAST(SUM(CASE WHEN measure = 'solved' THEN items ELSE 0 END) AS BIGINT) AS tickets_solved,
        CAST(SUM(CASE WHEN measure = 'solved' THEN timed_items ELSE 0 END) AS BIGINT) AS full_resolution_count,
        CAST(SUM(CASE WHEN measure = 'solved' THEN seconds END) AS BIGINT) AS full_resolution_seconds_sum,
        CAST(SUM(CASE WHEN measure = 'solved' THEN business_items ELSE 0 END) AS BIGINT)
            AS full_resolution_business_count,
        CAST(SUM(CASE WHEN measure = 'solved' THEN business_seconds END) AS BIGINT)
            AS full_resolution_business_seconds_sum,
        CAST(SUM(CASE WHEN measure = 'solved_with_messages' THEN items ELSE 0 END) AS BIGINT) AS solved_with_messages,
        CAST(SUM(CASE WHEN measure = 'solved_one_touch' THEN items ELSE 0 END) AS BIGINT) AS solved_one_touch,
        CAST(SUM(CASE WHEN measure = 'solved_replies' THEN items ELSE 0 END) AS BIGINT) AS solved_replies,
        CAST(SUM(CASE WHEN measure = 'solved_with_history' THEN items ELSE 0 END) AS BIGINT) AS solved_with_history,
        CAST(SUM(CASE WHEN measure = 'solved_reopened' THEN items ELSE 0 END) AS BIGINT) AS solved_reopened,
        CAST(SUM(CASE WHEN measure = 'reopen' THEN items ELSE 0 END) AS BIGINT) AS reopens,
        CAST(SUM(CASE WHEN measure = 'solved_transferred' THEN items ELSE 0 END) AS BIGINT) AS solved_transferred,
        CAST(SUM(CASE WHEN measure = 'solved_escalated' THEN items ELSE 0 END) AS BIGINT) AS solved_escalated,
        CAST(SUM(CASE WHEN measure = 'requester_wait' THEN seconds END) AS BIGINT) AS requester_wait_seconds_sum,
        CAST(SUM(CASE WHEN measure = 'requester_wait' THEN business_seconds END) AS BIGINT)
            AS requester_wait_business_seconds_sum,
        CAST(SUM(CASE WHEN measure = 'agent_work' THEN seconds END) AS BIGINT) AS agent_work_seconds_sum,
        CAST(SUM(CASE WHEN measure = 'agent_work' THEN business_seconds END) AS BIGINT)
            AS agent_work_business_seconds_sum,
        CAST(SUM(CASE WHEN measure = 'agent_wait' THEN seconds END) AS BIGINT) AS agent_wait_seconds_sum,
        CAST(SUM(CASE WHEN measure = 'agent_wait' THEN business_seconds END) AS BIGINT)
            AS agent_wait_business_seconds_sum,
        CAST(SUM(CASE WHEN measure = 'on_hold' THEN seconds END) AS BIGINT) AS on_hold_seconds_sum,
        CAST(SUM(CASE WHEN measure = 'on_hold' THEN business_seconds END) AS BIGINT) AS on_hold_business_seconds_sum,
        CAST(SUM(CASE WHEN measure = 'handled' THEN items ELSE 0 END) AS BIGINT) AS handled,
        CAST(SUM(CASE WHEN measure = 'handled' THEN seconds END) AS BIGINT) AS handle_seconds_sum,
        CAST(SUM(CASE WHEN measure = 'conversation' THEN items ELSE 0 END) AS BIGINT) AS conversations,
        CAST(SUM(CASE WHEN measure = 'conversation' THEN seconds END) AS BIGINT) AS conversation_seconds_sum,
        CAST(SUM(CASE WHEN measure = 'csat_offered' THEN items ELSE 0 END) AS BIGINT) AS csat_offered,
        CAST(SUM(CASE WHEN measure = 'csat_answer' THEN items ELSE 0 END) AS BIGINT) AS csat_answers,
        CAST(SUM(CASE WHEN measure = 'csat_good' THEN items ELSE 0 END) AS BIGINT) AS csat_good,
        CAST(SUM(CASE WHEN measure = 'csat_answer' THEN scored_items ELSE 0 END) AS BIGINT) AS csat_scored,
        CAST(SUM(CASE WHEN measure = 'csat_answer' THEN score END) AS DECIMAL(18,4)) AS csat_score_sum,
        CAST(SUM(reopened) AS BIGINT) AS tickets_reopened,
        CAST(SUM(gone) AS BIGINT) AS tickets_gone,
        CAST(SUM(backlog) AS BIGINT) AS backlog
    FROM bookings AS b
    INNER JOIN dates AS d ON d.date = b.date
    GROUP BY b.date, b.system, b.channel, b.team_id
)

SELECT
    date,
    system,
    channel,
    team_id,
    tickets_created,
    customer_messages,
    replies,
    first_responses,
    first_response_seconds_sum,
    CAST(first_response_seconds_sum AS DOUBLE) / NULLIF(first_responses, 0) AS first_response_mean_seconds,
    first_response_business_count,
    first_response_business_seconds_sum,
    CAST(first_response_business_seconds_sum AS DOUBLE)
        / NULLIF(first_response_business_count, 0) AS first_response_mean_business_seconds,
    responses,
    response_seconds_sum,
    CAST(response_seconds_sum AS DOUBLE) / NULLIF(responses, 0) AS response_mean_seconds,
    response_business_count,
    response_business_seconds_sum,
    CAST(response_business_seconds_sum AS DOUBLE)
        / NULLIF(response_business_count, 0) AS response_mean_business_seconds,
    first_resolutions,
    first_resolution_seconds_sum,
    CAST(first_resolution_seconds_sum AS DOUBLE) / NULLIF(first_resolutions, 0) AS first_resolution_mean_seconds,
    first_resolution_business_count,
    first_resolution_business_seconds_sum,
    CAST(first_resolution_business_seconds_sum AS DOUBLE)
        / NULLIF(first_resolution_business_count, 0) AS first_resolution_mean_business_seconds,
    tickets_solved,
    full_resolution_count,
    full_resolution_seconds_sum,
    CAST(full_resolution_seconds_sum AS DOUBLE) / NULLIF(full_resolution_count, 0) AS full_resolution_mean_seconds,
    full_resolution_business_count,
    full_resolution_business_seconds_sum,
    CAST(full_resolution_business_seconds_sum AS DOUBLE)
        / NULLIF(full_resolution_business_count, 0) AS full_resolution_mean_business_seconds,
    solved_with_messages,
    solved_one_touch,
    CAST(solved_one_touch AS DOUBLE) / NULLIF(solved_with_messages, 0) AS one_touch_rate,
    solved_replies,
    CAST(solved_replies AS DOUBLE) / NULLIF(solved_with_messages, 0) AS replies_per_resolution,
    solved_with_history,
    solved_reopened,
    CAST(solved_reopened AS DOUBLE) / NULLIF(solved_with_history, 0) AS reopen_rate,
    reopens,
    solved_transferred,
    CAST(solved_transferred AS DOUBLE) / NULLIF(solved_with_history, 0) AS transfer_rate,
    solved_escalated,
    CAST(solved_escalated AS DOUBLE) / NULLIF(solved_with_history, 0) AS escalation_rate,
    requester_wait_seconds_sum,
    requester_wait_business_seconds_sum,
    agent_work_seconds_sum,
    agent_work_business_seconds_sum,
    agent_wait_seconds_sum,
    agent_wait_business_seconds_sum,
    on_hold_seconds_sum,
    on_hold_business_seconds_sum,
    handled,
    handle_seconds_sum,
    CAST(handle_seconds_sum AS DOUBLE) / NULLIF(handled, 0) AS handle_mean_seconds,
    conversations,
    conversation_seconds_sum,
    CAST(conversation_seconds_sum AS DOUBLE) / NULLIF(conversations, 0) AS conversation_mean_seconds,
    csat_offered,
    csat_answers,
    csat_good,
    CAST(csat_good AS DOUBLE) / NULLIF(csat_answers, 0) AS csat_rate,
    csat_scored,
    csat_score_sum,
    CAST(csat_score_sum AS DOUBLE) / NULLIF(csat_scored, 0) AS csat_score_mean,
    tickets_reopened,
    tickets_gone,
    backlog
FROM sums
