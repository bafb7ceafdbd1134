/*
about = """
What each contact cost: tickets, and calls or chats that an agent took. With a handle time it is that time at the hourly
cost of the agent, else of all agents; without one the cost of a contact of the channel, else of any. A ticket without a
handle time of its own costs what its calls cost: they have rows themselves."""
grain = ["contact_kind", "system", "contact_id"]
partition = "date"
not_null = ["contact_kind", "system", "contact_id", "date", "channel", "cost_source"]

[accepted_values]
contact_kind = ["ticket", "interaction"]
cost_source = ["agent_hour", "contact", "interactions", "none"]

[ranges]
cost = [0, 1000000000]

[inputs]
fct_tickets = "same"
fct_interactions = "same"
core_costs = "all"

[columns]
contact_kind = "VARCHAR ticket or interaction (call or chat)"
system = "VARCHAR name space of the ids"
contact_id = "VARCHAR id of the ticket or interaction"
date = "DATE local date the ticket was created, or the interaction started"
channel = "VARCHAR channel; 'unknown' if not delivered"
team_id = "VARCHAR team"
agent_id = "VARCHAR agent"
handle_seconds = "BIGINT agent effort, seconds; NULL where nothing tells"
cost_source = "VARCHAR agent_hour, contact, interactions (a ticket whose calls of the same month carry the cost) or none"
cost = "DECIMAL(18,4) cost in the job's currency, half up; 0 where the calls carry it; NULL where no cost is known"
*/
WITH calls AS (
    SELECT system, ticket_id
    FROM fct_interactions
    WHERE is_answered AND ticket_id IS NOT NULL
    GROUP BY system, ticket_id
),
contacts AS (
    SELECT
        'ticket' AS contact_kind,
        t.system AS system,
        t.ticket_id AS contact_id,
        t.created_date AS date,
        COALESCE(t.channel, 'unknown') AS channel,
        t.team_id AS team_id,
        t.agent_id AS agent_id,
        t.handle_seconds AS handle_seconds,
        t.handle_seconds IS NULL AND c.ticket_id IS NOT NULL AS has_calls
    FROM fct_tickets AS t
    LEFT JOIN calls AS c ON c.system = t.system AND c.ticket_id = t.ticket_id
    UNION ALL
    SELECT
        'interaction' AS contact_kind,
        system,
        interaction_id AS contact_id,
        started_date AS date,
        COALESCE(channel, 'unknown') AS channel,
        team_id,
        agent_id,
        handle_seconds,
        FALSE AS has_calls
    FROM fct_interactions
    WHERE is_answered
),
places AS (
    SELECT DISTINCT date, system, COALESCE(agent_id, '') AS agent_id, channel
    FROM contacts
),
-- Every cost that holds on the date, and how exactly it fits: an agent's own before that of all agents.
prices AS (
    SELECT p.date, p.system, p.agent_id, p.channel, c.cost_kind, c.amount, c.agent_id <> '' OR c.channel <> '' AS is_own
    FROM places AS p
    CROSS JOIN core_costs AS c
    WHERE c.valid_from_date <= p.date
        AND (c.valid_until_date IS NULL OR c.valid_until_date > p.date)
        AND (c.agent_id = '' OR (c.agent_id = p.agent_id AND c.system = p.system))
        AND (c.channel = '' OR c.channel = p.channel)
        AND ((c.cost_kind = 'agent_hour' AND c.channel = '') OR (c.cost_kind = 'contact' AND c.agent_id = ''))
),
chosen AS (
    SELECT
        date,
        system,
        agent_id,
        channel,
        COALESCE(
            MAX(CASE WHEN cost_kind = 'agent_hour' AND is_own THEN amount END),
            MAX(CASE WHEN cost_kind = 'agent_hour' THEN amount END)
        ) AS hour_amount,
        COALESCE(
            MAX(CASE WHEN cost_kind = 'contact' AND is_own THEN amount END),
            MAX(CASE WHEN cost_kind = 'contact' THEN amount END)
        ) AS contact_amount
    FROM prices
    GROUP BY date, system, agent_id, channel
),
priced AS (
    SELECT
        k.*,
        CASE
            WHEN k.handle_seconds IS NOT NULL AND p.hour_amount IS NOT NULL THEN 'agent_hour'
            WHEN k.has_calls THEN 'interactions'
            WHEN p.contact_amount IS NOT NULL THEN 'contact'
            ELSE 'none'
        END AS cost_source,
        p.contact_amount AS contact_amount,
        CAST(ROUND(CAST(p.hour_amount AS DOUBLE) * 10000.0) AS BIGINT) * k.handle_seconds + 1800 AS units
    FROM contacts AS k
    LEFT JOIN chosen AS p
        ON p.date = k.date
        AND p.system = k.system
        AND p.agent_id = COALESCE(k.agent_id, '')
        AND p.channel = k.channel
)
SELECT
    contact_kind,
    system,
    contact_id,
    date,
    channel,
    team_id,
    agent_id,
    handle_seconds,
    cost_source,
    CASE cost_source
        WHEN 'agent_hour' THEN CAST(CAST((units - units % 3600) / 3600 AS DOUBLE) / 10000.0 AS DECIMAL(18,4))
        WHEN 'contact' THEN contact_amount
        WHEN 'interactions' THEN CAST(0 AS DECIMAL(18,4))
    END AS cost
FROM priced
