/*
about = """
Who has ever worked as an agent, and which of them are bots. Somebody who left and is an end user today still counts
for what was written then. One small table, so that a month's facts are rebuilt only when somebody new appears."""
grain = ["system", "agent_id"]
partition = "none"
scatter = false
settings = []
not_null = ["system", "agent_id", "is_bot"]

[inputs]
core_agent_sightings = "all"

[columns]
system = "VARCHAR name space of the ids"
agent_id = "VARCHAR id of the agent in the system"
is_bot = "BOOLEAN a bot: neither an agent nor a customer"
*/
SELECT
    system,
    agent_id,
    MAX(CASE WHEN is_bot THEN 1 ELSE 0 END) = 1 AS is_bot
FROM core_agent_sightings
GROUP BY system, agent_id
