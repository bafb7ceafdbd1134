/*
about = """
How long the customer waited each time. A run of public customer messages is answered by the next reply of a human
agent, and waits from its first message. Runs without an answer so far have no row."""
grain = ["system", "ticket_id", "answer_number"]
partition = "ticket_created_date"
scatter = false
settings = []
not_null = [
    "system", "ticket_id", "answer_number", "ticket_created_date", "message_id", "waiting_since_epoch",
    "answered_epoch", "answered_date", "response_seconds",
]

[inputs]
fct_ticket_messages = "same"
core_ticket_clock = "same"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
answer_number = "BIGINT place among the ticket's answers, from 1"
ticket_created_date = "DATE local date of the ticket's creation"
message_id = "VARCHAR reply that ended the wait"
agent_id = "VARCHAR agent who wrote it"
waiting_since_epoch = "BIGINT first message of the run, seconds since 1970"
answered_epoch = "BIGINT the reply, seconds since 1970"
answered_date = "DATE local date of the reply"
response_seconds = "BIGINT length of the wait, seconds"
response_business_seconds = "BIGINT length of the wait, business seconds; NULL without a schedule"
*/
-- One order for all rows, cut by the first place of each key: an ordered window per key costs a sort for every key.
WITH placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER (ORDER BY system, ticket_id, message_number) AS place
    FROM fct_ticket_messages
    WHERE is_reply OR (author_kind = 'customer' AND is_public)
),

neighbours AS (
    SELECT
        *,
        LAG(is_reply) OVER (ORDER BY place) AS is_reply_above,
        MIN(place) OVER (PARTITION BY system, ticket_id) AS first_place
    FROM placed
),

turns AS (
    SELECT
        *,
        CASE WHEN place > first_place THEN is_reply_above END AS follows_reply
    FROM neighbours
),

-- Runs and answers alternate, so the n-th run of a ticket is ended by its n-th answer.
run_starts AS (
    SELECT
        system,
        ticket_id,
        sent_epoch,
        ROW_NUMBER() OVER (ORDER BY place) AS run_place
    FROM turns
    WHERE NOT is_reply AND COALESCE(follows_reply, true)
),

answers AS (
    SELECT
        *,
        ROW_NUMBER() OVER (ORDER BY place) AS run_place
    FROM turns
    WHERE is_reply AND NOT COALESCE(follows_reply, true)
),

numbered_runs AS (
    SELECT *, run_place - MIN(run_place) OVER (PARTITION BY system, ticket_id) + 1 AS run_number
    FROM run_starts
),

numbered_answers AS (
    SELECT *, run_place - MIN(run_place) OVER (PARTITION BY system, ticket_id) + 1 AS run_number
    FROM answers
)

SELECT
    a.system AS system,
    a.ticket_id AS ticket_id,
    CAST(a.run_number AS BIGINT) AS answer_number,
    a.ticket_created_date AS ticket_created_date,
    a.message_id AS message_id,
    a.author_id AS agent_id,
    r.sent_epoch AS waiting_since_epoch,
    a.sent_epoch AS answered_epoch,
    a.sent_date AS answered_date,
    a.sent_epoch - r.sent_epoch AS response_seconds,
    c2.clock_seconds - c1.clock_seconds AS response_business_seconds
FROM numbered_answers AS a
INNER JOIN numbered_runs AS r ON r.system = a.system AND r.ticket_id = a.ticket_id AND r.run_number = a.run_number
LEFT JOIN core_ticket_clock AS c1 ON c1.system = r.system AND c1.ticket_id = r.ticket_id AND c1.epoch = r.sent_epoch
LEFT JOIN core_ticket_clock AS c2 ON c2.system = a.system AND c2.ticket_id = a.ticket_id AND c2.epoch = a.sent_epoch
