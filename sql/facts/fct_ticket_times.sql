/*
about = """
Every single time behind the medians: one row per ticket and metric (per answer for response), on the date it is booked
on. Means and sums can be taken from fct_ticket_day_parts; medians need these rows."""
grain = ["date", "metric", "system", "ticket_id", "occurrence"]
partition = "date"
scatter = true
settings = []
not_null = ["date", "metric", "system", "ticket_id", "occurrence", "channel", "team_id", "seconds"]

[inputs]
fct_tickets = "same"
fct_ticket_answers = "same"

[columns]
date = "DATE local date the time is booked on: reply, solve or last message"
metric = "VARCHAR first_response, response, first_resolution, full_resolution, requester_wait, agent_work, agent_wait, on_hold or conversation"
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
occurrence = "BIGINT number of the answer for response, else 1"
channel = "VARCHAR channel of the ticket; unknown where it has none"
team_id = "VARCHAR team of the ticket; unknown where it has none"
seconds = "BIGINT length, seconds"
business_seconds = "BIGINT length, business seconds; NULL without a schedule"
*/
WITH times AS (
    SELECT
        first_response_date AS date,
        'first_response' AS metric,
        system,
        ticket_id,
        CAST(1 AS BIGINT) AS occurrence,
        first_response_seconds AS seconds,
        first_response_business_seconds AS business_seconds
    FROM fct_tickets

    UNION ALL

    SELECT
        first_solved_date AS date,
        'first_resolution' AS metric,
        system,
        ticket_id,
        CAST(1 AS BIGINT) AS occurrence,
        first_resolution_seconds AS seconds,
        first_resolution_business_seconds AS business_seconds
    FROM fct_tickets

    UNION ALL

    SELECT
        last_solved_date AS date,
        'full_resolution' AS metric,
        system,
        ticket_id,
        CAST(1 AS BIGINT) AS occurrence,
        full_resolution_seconds AS seconds,
        full_resolution_business_seconds AS business_seconds
    FROM fct_tickets

    UNION ALL

    SELECT
        last_solved_date AS date,
        'requester_wait' AS metric,
        system,
        ticket_id,
        CAST(1 AS BIGINT) AS occurrence,
        requester_wait_seconds AS seconds,
        requester_wait_business_seconds AS business_seconds
    FROM fct_tickets
    WHERE is_solved

    UNION ALL

    SELECT
        last_solved_date AS date,
        'agent_work' AS metric,
        system,
        ticket_id,
        CAST(1 AS BIGINT) AS occurrence,
        agent_work_seconds AS seconds,
        agent_work_business_seconds AS business_seconds
    FROM fct_tickets
    WHERE is_solved

    UNION ALL

    SELECT
        last_solved_date AS date,
        'agent_wait' AS metric,
        system,
        ticket_id,
        CAST(1 AS BIGINT) AS occurrence,
        agent_wait_seconds AS seconds,
        agent_wait_business_seconds AS business_seconds
    FROM fct_tickets
    WHERE is_solved

    UNION ALL

    SELECT
        last_solved_date AS date,
        'on_hold' AS metric,
        system,
        ticket_id,
        CAST(1 AS BIGINT) AS occurrence,
        on_hold_seconds AS seconds,
        on_hold_business_seconds AS business_seconds
    FROM fct_tickets
    WHERE is_solved

    UNION ALL

    SELECT
        last_message_date AS date,
        'conversation' AS metric,
        system,
        ticket_id,
        CAST(1 AS BIGINT) AS occurrence,
        conversation_seconds AS seconds,
        CAST(NULL AS BIGINT) AS business_seconds
    FROM fct_tickets

    UNION ALL

    SELECT
        answered_date AS date,
        'response' AS metric,
        system,
        ticket_id,
        answer_number AS occurrence,
        response_seconds AS seconds,
        response_business_seconds AS business_seconds
    FROM fct_ticket_answers
)

SELECT
    x.date AS date,
    x.metric AS metric,
    x.system AS system,
    x.ticket_id AS ticket_id,
    x.occurrence AS occurrence,
    COALESCE(t.channel, 'unknown') AS channel,
    COALESCE(t.team_id, 'unknown') AS team_id,
    x.seconds AS seconds,
    x.business_seconds AS business_seconds
FROM times AS x
INNER JOIN fct_tickets AS t ON t.system = x.system AND t.ticket_id = x.ticket_id
WHERE x.date IS NOT NULL AND x.seconds IS NOT NULL
