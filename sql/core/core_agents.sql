/*
about = """
Who has ever worked as a human agent. Somebody who left and is an end user today still counts for what was written
then; bots never do. One small table, so that a month's facts are rebuilt only when somebody new appears."""
grain = ["system", "agent_id"]
partition = "none"
scatter = false
settings = []
not_null = ["system", "agent_id"]

[inputs]
core_agent_sightings = "all"

[columns]
system = "VARCHAR name space of the ids"
agent_id = "VARCHAR id of the agent in the system"
*/
SELECT
    system,
    agent_id
FROM core_agent_sightings
GROUP BY system, agent_id
HAVING MAX(CASE WHEN is_bot THEN 1 ELSE 0 END) = 0
