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
WITH parts AS (
    SELECT
        date,
        system,
        channel,
        team_id,
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
        CAST(SUM(CASE WHEN measure = 'csat_answer' THEN score END) AS DECIMAL(18,4)) AS csat_score_sum
    FROM fct_ticket_day_parts
    GROUP BY date, system, channel, team_id
),

days AS (
    SELECT
        d.date AS date,
        k.system AS system,
        k.channel AS channel,
        k.team_id AS team_id
    FROM (
        SELECT date, system, channel, team_id
        FROM parts

        UNION

        SELECT date, system, channel, team_id
        FROM backlog_daily
    ) AS k
    INNER JOIN dates AS d ON d.date = k.date
)

SELECT
    d.date AS date,
    d.system AS system,
    d.channel AS channel,
    d.team_id AS team_id,
    COALESCE(p.tickets_created, 0) AS tickets_created,
    COALESCE(p.customer_messages, 0) AS customer_messages,
    COALESCE(p.replies, 0) AS replies,
    COALESCE(p.first_responses, 0) AS first_responses,
    p.first_response_seconds_sum AS first_response_seconds_sum,
    CAST(p.first_response_seconds_sum AS DOUBLE) / NULLIF(p.first_responses, 0) AS first_response_mean_seconds,
    COALESCE(p.first_response_business_count, 0) AS first_response_business_count,
    p.first_response_business_seconds_sum AS first_response_business_seconds_sum,
    CAST(p.first_response_business_seconds_sum AS DOUBLE)
        / NULLIF(p.first_response_business_count, 0) AS first_response_mean_business_seconds,
    COALESCE(p.responses, 0) AS responses,
    p.response_seconds_sum AS response_seconds_sum,
    CAST(p.response_seconds_sum AS DOUBLE) / NULLIF(p.responses, 0) AS response_mean_seconds,
    COALESCE(p.response_business_count, 0) AS response_business_count,
    p.response_business_seconds_sum AS response_business_seconds_sum,
    CAST(p.response_business_seconds_sum AS DOUBLE)
        / NULLIF(p.response_business_count, 0) AS response_mean_business_seconds,
    COALESCE(p.first_resolutions, 0) AS first_resolutions,
    p.first_resolution_seconds_sum AS first_resolution_seconds_sum,
    CAST(p.first_resolution_seconds_sum AS DOUBLE) / NULLIF(p.first_resolutions, 0) AS first_resolution_mean_seconds,
    COALESCE(p.first_resolution_business_count, 0) AS first_resolution_business_count,
    p.first_resolution_business_seconds_sum AS first_resolution_business_seconds_sum,
    CAST(p.first_resolution_business_seconds_sum AS DOUBLE)
        / NULLIF(p.first_resolution_business_count, 0) AS first_resolution_mean_business_seconds,
    COALESCE(p.tickets_solved, 0) AS tickets_solved,
    COALESCE(p.full_resolution_count, 0) AS full_resolution_count,
    p.full_resolution_seconds_sum AS full_resolution_seconds_sum,
    CAST(p.full_resolution_seconds_sum AS DOUBLE) / NULLIF(p.full_resolution_count, 0) AS full_resolution_mean_seconds,
    COALESCE(p.full_resolution_business_count, 0) AS full_resolution_business_count,
    p.full_resolution_business_seconds_sum AS full_resolution_business_seconds_sum,
    CAST(p.full_resolution_business_seconds_sum AS DOUBLE)
        / NULLIF(p.full_resolution_business_count, 0) AS full_resolution_mean_business_seconds,
    COALESCE(p.solved_with_messages, 0) AS solved_with_messages,
    COALESCE(p.solved_one_touch, 0) AS solved_one_touch,
    CAST(p.solved_one_touch AS DOUBLE) / NULLIF(p.solved_with_messages, 0) AS one_touch_rate,
    COALESCE(p.solved_replies, 0) AS solved_replies,
    CAST(p.solved_replies AS DOUBLE) / NULLIF(p.solved_with_messages, 0) AS replies_per_resolution,
    COALESCE(p.solved_with_history, 0) AS solved_with_history,
    COALESCE(p.solved_reopened, 0) AS solved_reopened,
    CAST(p.solved_reopened AS DOUBLE) / NULLIF(p.solved_with_history, 0) AS reopen_rate,
    COALESCE(p.reopens, 0) AS reopens,
    COALESCE(p.solved_transferred, 0) AS solved_transferred,
    CAST(p.solved_transferred AS DOUBLE) / NULLIF(p.solved_with_history, 0) AS transfer_rate,
    COALESCE(p.solved_escalated, 0) AS solved_escalated,
    CAST(p.solved_escalated AS DOUBLE) / NULLIF(p.solved_with_history, 0) AS escalation_rate,
    p.requester_wait_seconds_sum AS requester_wait_seconds_sum,
    p.requester_wait_business_seconds_sum AS requester_wait_business_seconds_sum,
    p.agent_work_seconds_sum AS agent_work_seconds_sum,
    p.agent_work_business_seconds_sum AS agent_work_business_seconds_sum,
    p.agent_wait_seconds_sum AS agent_wait_seconds_sum,
    p.agent_wait_business_seconds_sum AS agent_wait_business_seconds_sum,
    p.on_hold_seconds_sum AS on_hold_seconds_sum,
    p.on_hold_business_seconds_sum AS on_hold_business_seconds_sum,
    COALESCE(p.handled, 0) AS handled,
    p.handle_seconds_sum AS handle_seconds_sum,
    CAST(p.handle_seconds_sum AS DOUBLE) / NULLIF(p.handled, 0) AS handle_mean_seconds,
    COALESCE(p.conversations, 0) AS conversations,
    p.conversation_seconds_sum AS conversation_seconds_sum,
    CAST(p.conversation_seconds_sum AS DOUBLE) / NULLIF(p.conversations, 0) AS conversation_mean_seconds,
    COALESCE(p.csat_offered, 0) AS csat_offered,
    COALESCE(p.csat_answers, 0) AS csat_answers,
    COALESCE(p.csat_good, 0) AS csat_good,
    CAST(p.csat_good AS DOUBLE) / NULLIF(p.csat_answers, 0) AS csat_rate,
    COALESCE(p.csat_scored, 0) AS csat_scored,
    p.csat_score_sum AS csat_score_sum,
    CAST(p.csat_score_sum AS DOUBLE) / NULLIF(p.csat_scored, 0) AS csat_score_mean,
    COALESCE(b.reopened, 0) AS tickets_reopened,
    COALESCE(b.gone, 0) AS tickets_gone,
    COALESCE(b.backlog, 0) AS backlog
FROM days AS d
LEFT JOIN parts AS p ON p.date = d.date AND p.system = d.system AND p.channel = d.channel AND p.team_id = d.team_id
LEFT JOIN backlog_daily AS b
    ON b.date = d.date AND b.system = d.system AND b.channel = d.channel AND b.team_id = d.team_id
