/*
about = """
Who was seen as an agent in a month: in the agents' list (any version of it), as a ticket's assignee, or in an
assignment of its history. Feeds core_agents, which changes only when somebody new appears."""
grain = ["system", "agent_id"]
partition = "first_seen_date"
scatter = false
settings = []
not_null = ["system", "agent_id", "is_bot"]

[inputs]
stg_agents = "same"
core_tickets = "same"
stg_ticket_events = "same"

[columns]
system = "VARCHAR name space of the ids"
agent_id = "VARCHAR id of the agent in the system"
first_seen_date = "DATE first local date of the month with a sign of this agent"
is_bot = "BOOLEAN some version of the agents' list says bot"
*/
WITH signs AS (
    SELECT
        system,
        agent_id,
        created_date AS seen_date,
        CASE WHEN role = 'bot' THEN 1 ELSE 0 END AS bot_mark
    FROM stg_agents

    UNION ALL

    SELECT
        system,
        agent_id,
        created_date AS seen_date,
        0 AS bot_mark
    FROM core_tickets

    UNION ALL

    SELECT
        system,
        value AS agent_id,
        occurred_date AS seen_date,
        0 AS bot_mark
    FROM stg_ticket_events
    WHERE field = 'agent'

    UNION ALL

    SELECT
        system,
        previous_value AS agent_id,
        occurred_date AS seen_date,
        0 AS bot_mark
    FROM stg_ticket_events
    WHERE field = 'agent'
)

SELECT
    system,
    agent_id,
    MIN(seen_date) AS first_seen_date,
    MAX(bot_mark) = 1 AS is_bot
FROM signs
WHERE agent_id IS NOT NULL
GROUP BY system, agent_id
