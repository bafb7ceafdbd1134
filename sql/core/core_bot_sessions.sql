/*
about = """
Talks with the bot, kept in the month of their ticket's creation, else of their start: the newest version of each. A
ticket of the month after is found too, for a talk can become one after midnight."""
grain = ["system", "session_id"]
partition = "anchor_date"
scatter = true
settings = []
not_null = ["system", "session_id", "anchor_date", "started_epoch", "ended_epoch", "booked_date", "is_handed_off"]

[inputs]
stg_bot_sessions = "same"
core_ticket_ids = "-24..1"

[columns]
system = "VARCHAR name space of the ids"
session_id = "VARCHAR id of the session in its system"
anchor_date = "DATE local date of the ticket's creation, else of the start"
ticket_id = "VARCHAR ticket it became or belongs to; NULL where that ticket is unknown"
channel = "VARCHAR where it was held"
language = "VARCHAR language of the conversation"
bot_id = "VARCHAR the bot"
started_epoch = "BIGINT when it started, seconds since 1970"
ended_epoch = "BIGINT when the bot's part ended: the hand-off, else the end, else the start, seconds since 1970"
booked_date = "DATE local date of that end"
is_handed_off = "BOOLEAN a person took over"
outcome = "VARCHAR handed_off, resolved or abandoned; resolved where the bot does not say and nobody took over"
messages = "BIGINT messages in it"
contact_hash = "VARCHAR keyed hash of the customer's e-mail or phone"
id_hash = "VARCHAR keyed hash of the customer's id"
*/
-- One order for all rows, then the last place of each key: an ordered window per key costs a sort for every key.
WITH placed AS (
    SELECT
        *,
        COALESCE(handed_off_at IS NOT NULL OR outcome = 'handed_off', false) AS was_handed_off,
        ROW_NUMBER() OVER (
            ORDER BY
                COALESCE(updated_epoch, handed_off_epoch, ended_epoch, started_epoch), batch, record_number, item_number
        ) AS place
    FROM stg_bot_sessions
),

versions AS (
    SELECT
        *,
        MAX(place) OVER (PARTITION BY system, session_id) AS newest_place
    FROM placed
)

SELECT
    v.system AS system,
    v.session_id AS session_id,
    COALESCE(i.created_date, v.started_date) AS anchor_date,
    i.ticket_id AS ticket_id,
    v.channel AS channel,
    v.language AS language,
    v.bot_id AS bot_id,
    v.started_epoch AS started_epoch,
    COALESCE(v.handed_off_epoch, v.ended_epoch, v.started_epoch) AS ended_epoch,
    COALESCE(v.handed_off_date, v.ended_date, v.started_date) AS booked_date,
    v.was_handed_off AS is_handed_off,
    CASE WHEN v.was_handed_off THEN 'handed_off' ELSE COALESCE(v.outcome, 'resolved') END AS outcome,
    v.messages AS messages,
    v.contact_hash AS contact_hash,
    v.id_hash AS id_hash
FROM versions AS v
LEFT JOIN core_ticket_ids AS i ON i.system = v.system AND i.ticket_id = v.ticket_id
WHERE v.place = v.newest_place
