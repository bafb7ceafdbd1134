/*
about = """
What an agent's hour, a contact and a talk with a bot cost, and from when until when. A cost holds until the next one
for the same thing begins. Costs in other currencies than the job's are left out."""
grain = ["cost_kind", "system", "agent_id", "channel", "valid_from_date"]
partition = "none"
settings = ["currency"]
not_null = ["cost_kind", "system", "agent_id", "channel", "valid_from_date", "amount"]

[inputs]
stg_costs = "all"

[columns]
cost_kind = "VARCHAR agent_hour, contact or bot_session"
system = "VARCHAR name space of the agent's id; empty for costs that name no agent"
agent_id = "VARCHAR the agent; empty: every one without a cost of their own"
channel = "VARCHAR the channel; empty: every one without a cost of its own"
valid_from_date = "DATE first local date it holds for"
valid_until_date = "DATE first local date it no longer holds for; NULL: it still does"
amount = "DECIMAL(18,4) cost of one, in the job's currency"
*/
WITH named AS (
    SELECT
        c.cost_kind AS cost_kind,
        CASE WHEN c.agent_id IS NOT NULL THEN c.system ELSE '' END AS system,
        COALESCE(c.agent_id, '') AS agent_id,
        COALESCE(c.channel, '') AS channel,
        c.valid_from_date AS valid_from_date,
        c.amount AS amount,
        ROW_NUMBER() OVER (
            ORDER BY COALESCE(c.updated_epoch, CAST(0 AS BIGINT)), c.batch, c.record_number, c.item_number, c.system
        ) AS place
    FROM stg_costs AS c
    CROSS JOIN settings AS s
    WHERE COALESCE(c.currency, s.currency) = s.currency
),
versions AS (
    SELECT
        *,
        MAX(place) OVER (PARTITION BY cost_kind, system, agent_id, channel, valid_from_date) AS newest_place
    FROM named
),
newest AS (
    SELECT *
    FROM versions
    WHERE place = newest_place
),
ends AS (
    SELECT
        a.cost_kind AS cost_kind,
        a.system AS system,
        a.agent_id AS agent_id,
        a.channel AS channel,
        a.valid_from_date AS valid_from_date,
        MIN(b.valid_from_date) AS valid_until_date
    FROM newest AS a
    INNER JOIN newest AS b
        ON b.cost_kind = a.cost_kind
        AND b.system = a.system
        AND b.agent_id = a.agent_id
        AND b.channel = a.channel
    WHERE b.valid_from_date > a.valid_from_date
    GROUP BY a.cost_kind, a.system, a.agent_id, a.channel, a.valid_from_date
)
SELECT
    n.cost_kind AS cost_kind,
    n.system AS system,
    n.agent_id AS agent_id,
    n.channel AS channel,
    n.valid_from_date AS valid_from_date,
    e.valid_until_date AS valid_until_date,
    n.amount AS amount
FROM newest AS n
LEFT JOIN ends AS e
    ON e.cost_kind = n.cost_kind
    AND e.system = n.system
    AND e.agent_id = n.agent_id
    AND e.channel = n.channel
    AND e.valid_from_date = n.valid_from_date
