/*
about = """
Which version of each call or chat holds: the newest delivered one. Tests are left out."""
grain = ["system", "interaction_id"]
partition = "started_date"
scatter = false
settings = []
not_null = ["system", "interaction_id", "started_at", "started_epoch", "started_date"]

[inputs]
stg_interactions = "same"

[columns]
system = "VARCHAR name space of the ids"
interaction_id = "VARCHAR id of the call or chat in its system"
ticket_id = "VARCHAR ticket it belongs to, as delivered"
channel = "VARCHAR voice, chat, ..."
direction = "VARCHAR inbound or outbound"
started_at = "TIMESTAMP when it was offered or started, UTC"
started_epoch = "BIGINT when it was offered or started, seconds since 1970"
started_date = "DATE local date on which it was offered or started"
answered_epoch = "BIGINT when an agent took it, seconds since 1970"
ended_epoch = "BIGINT when it ended, seconds since 1970"
agent_id = "VARCHAR agent who took it"
team_id = "VARCHAR team it went to"
country = "VARCHAR country of the customer"
language = "VARCHAR language of the conversation"
talk_seconds = "BIGINT time in conversation, seconds"
hold_seconds = "BIGINT time on hold, seconds"
wrap_up_seconds = "BIGINT work afterwards, seconds"
handle_seconds = "BIGINT the agent's time as exported, seconds"
wait_seconds = "BIGINT offer to answer, or until the customer left, as exported, seconds"
outcome = "VARCHAR answered, abandoned or missed"
contact_hash = "VARCHAR keyed hash of the customer's e-mail or phone"
id_hash = "VARCHAR keyed hash of the customer's id"
*/
-- One order for all rows, then the last place of each key: an ordered window per key costs a sort for every key.
WITH placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER (ORDER BY COALESCE(updated_epoch, started_epoch), batch, record_number, item_number) AS place
    FROM stg_interactions
),

versions AS (
    SELECT
        *,
        MAX(place) OVER (PARTITION BY system, interaction_id) AS newest_place
    FROM placed
)

SELECT
    system,
    interaction_id,
    ticket_id,
    channel,
    direction,
    started_at,
    started_epoch,
    started_date,
    answered_epoch,
    ended_epoch,
    agent_id,
    team_id,
    country,
    language,
    talk_seconds,
    hold_seconds,
    wrap_up_seconds,
    handle_seconds,
    wait_seconds,
    outcome,
    contact_hash,
    id_hash
FROM versions
WHERE place = newest_place AND NOT is_test
