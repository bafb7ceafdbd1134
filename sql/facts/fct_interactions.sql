/*
about = """
One row per call or chat: who, when, how long it waited and how much of an agent's time it took. Times that no source
tells are NULL, never 0."""
grain = ["system", "interaction_id"]
partition = "started_date"
scatter = false
settings = []
not_null = ["system", "interaction_id", "started_at", "started_epoch", "started_date", "is_offered", "is_answered", "is_abandoned"]

[ranges]
wait_seconds = [0, 1e12]
handle_seconds = [0, 1e12]

[inputs]
core_interactions = "same"
core_ticket_customers = "-1..0"

[columns]
system = "VARCHAR name space of the ids"
interaction_id = "VARCHAR id of the call or chat in its system"
ticket_id = "VARCHAR ticket it belongs to, as delivered"
channel = "VARCHAR voice, chat, ..."
direction = "VARCHAR inbound or outbound; NULL where nothing tells"
started_at = "TIMESTAMP when it was offered or started, UTC"
started_epoch = "BIGINT when it was offered or started, seconds since 1970"
started_date = "DATE local date on which it was offered or started"
agent_id = "VARCHAR agent who took it"
team_id = "VARCHAR team it went to"
country = "VARCHAR country of the customer"
language = "VARCHAR language of the conversation"
customer_hash = "VARCHAR keyed hash of the customer's identity: the ticket's, else the contact on it, else the id alone"
is_offered = "BOOLEAN a customer asked for it: not outbound"
is_answered = "BOOLEAN an agent took it"
is_abandoned = "BOOLEAN the customer left before an agent took it"
wait_seconds = "BIGINT offer to answer, or until the customer left, seconds"
handle_seconds = "BIGINT the agent's time: as exported, else talk + hold + wrap-up, seconds"
*/
-- A ticket is as a rule as old as its call; of older ones the customer is taken from the call itself.
WITH interactions AS (
    SELECT
        *,
        CASE
            WHEN outcome IS NOT NULL THEN outcome = 'answered'
            ELSE answered_epoch IS NOT NULL
        END AS was_answered
    FROM core_interactions
)

SELECT
    i.system AS system,
    i.interaction_id AS interaction_id,
    i.ticket_id AS ticket_id,
    i.channel AS channel,
    i.direction AS direction,
    i.started_at AS started_at,
    i.started_epoch AS started_epoch,
    i.started_date AS started_date,
    i.agent_id AS agent_id,
    i.team_id AS team_id,
    COALESCE(i.country, c.country) AS country,
    COALESCE(i.language, c.language) AS language,
    COALESCE(c.customer_hash, i.contact_hash, i.id_hash) AS customer_hash,
    COALESCE(i.direction, 'inbound') = 'inbound' AS is_offered,
    i.was_answered AS is_answered,
    COALESCE(i.outcome = 'abandoned', false) AS is_abandoned,
    COALESCE(
        i.wait_seconds,
        CASE
            WHEN i.was_answered AND i.answered_epoch >= i.started_epoch THEN i.answered_epoch - i.started_epoch
            WHEN i.outcome = 'abandoned' AND i.ended_epoch >= i.started_epoch THEN i.ended_epoch - i.started_epoch
        END
    ) AS wait_seconds,
    COALESCE(
        i.handle_seconds,
        CASE
            WHEN COALESCE(i.talk_seconds, i.hold_seconds, i.wrap_up_seconds) IS NOT NULL
                THEN COALESCE(i.talk_seconds, CAST(0 AS BIGINT)) + COALESCE(i.hold_seconds, CAST(0 AS BIGINT))
                    + COALESCE(i.wrap_up_seconds, CAST(0 AS BIGINT))
        END
    ) AS handle_seconds
FROM interactions AS i
LEFT JOIN core_ticket_customers AS c ON c.system = i.system AND c.ticket_id = i.ticket_id
