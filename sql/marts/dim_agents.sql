/*
about = "Whoever was ever seen answering for the shop, people and bots, with what the newest list of agents says."
grain = ["system", "agent_id"]
partition = "none"
not_null = ["system", "agent_id", "is_bot", "is_listed"]

[inputs]
core_agents = "all"
stg_agents = "all"

[columns]
system = "VARCHAR name space of the ids"
agent_id = "VARCHAR id of the agent in the system"
agent_name = "VARCHAR name as the team knows it; NULL if not listed"
role = "VARCHAR role in the helpdesk"
team_id = "VARCHAR main team"
is_active = "BOOLEAN still works there; NULL where nothing tells"
is_bot = "BOOLEAN a bot: neither an agent nor a customer"
is_listed = "BOOLEAN stands in a list of agents; others are known from their work only"
*/
-- One order for all rows, then the last place of each key: an ordered window per key costs a sort for every key.
WITH placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER (
            ORDER BY COALESCE(updated_epoch, created_epoch, CAST(0 AS BIGINT)), batch, record_number, item_number
        ) AS place
    FROM stg_agents
),
versions AS (
    SELECT *, MAX(place) OVER (PARTITION BY system, agent_id) AS newest_place
    FROM placed
),
listed AS (
    SELECT *
    FROM versions
    WHERE place = newest_place
)
SELECT
    a.system AS system,
    a.agent_id AS agent_id,
    l.agent_name AS agent_name,
    l.role AS role,
    l.team_id AS team_id,
    l.is_active AS is_active,
    a.is_bot AS is_bot,
    l.agent_id IS NOT NULL AS is_listed
FROM core_agents AS a
LEFT JOIN listed AS l
    ON l.system = a.system
    AND l.agent_id = a.agent_id
