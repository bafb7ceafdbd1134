/*
about = """
Talks with the bot with what their ticket tells: whose it is, and when a human agent first answered on it after the
start. Brought from the ticket's month to the month in which the bot's part ended. Talks of tickets that do not count
are left out."""
grain = ["system", "session_id"]
partition = "booked_date"
scatter = true
settings = []
not_null = ["system", "session_id", "booked_date", "started_epoch", "ended_epoch", "is_handed_off", "outcome"]

[inputs]
core_bot_sessions = "same"
core_tickets = "same"
core_ticket_customers = "same"
fct_ticket_messages = "same"

[columns]
system = "VARCHAR name space of the ids"
session_id = "VARCHAR id of the session in its system"
ticket_id = "VARCHAR ticket it became or belongs to"
customer_hash = "VARCHAR keyed hash of the customer: the ticket's, else the session's own"
channel = "VARCHAR where it was held"
language = "VARCHAR language of the conversation, else of the ticket"
bot_id = "VARCHAR the bot"
started_epoch = "BIGINT when it started, seconds since 1970"
ended_epoch = "BIGINT when the bot's part ended, seconds since 1970"
booked_date = "DATE local date of that end"
is_handed_off = "BOOLEAN a person took over"
outcome = "VARCHAR handed_off, resolved or abandoned"
messages = "BIGINT messages in it"
reply_epoch = "BIGINT first public message of a human agent on the ticket from the start on, seconds since 1970"
*/
WITH replies AS (
    SELECT s.system AS system, s.session_id AS session_id, MIN(m.sent_epoch) AS reply_epoch
    FROM core_bot_sessions AS s
    INNER JOIN fct_ticket_messages AS m ON m.system = s.system AND m.ticket_id = s.ticket_id
    WHERE m.is_reply AND m.sent_epoch >= s.started_epoch
    GROUP BY s.system, s.session_id
)

SELECT
    s.system AS system,
    s.session_id AS session_id,
    s.ticket_id AS ticket_id,
    COALESCE(c.customer_hash, s.contact_hash, s.id_hash) AS customer_hash,
    s.channel AS channel,
    COALESCE(s.language, c.language) AS language,
    s.bot_id AS bot_id,
    s.started_epoch AS started_epoch,
    s.ended_epoch AS ended_epoch,
    s.booked_date AS booked_date,
    s.is_handed_off AS is_handed_off,
    s.outcome AS outcome,
    s.messages AS messages,
    r.reply_epoch AS reply_epoch
FROM core_bot_sessions AS s
LEFT JOIN core_tickets AS t ON t.system = s.system AND t.ticket_id = s.ticket_id
LEFT JOIN core_ticket_customers AS c ON c.system = s.system AND c.ticket_id = s.ticket_id
LEFT JOIN replies AS r ON r.system = s.system AND r.session_id = s.session_id
WHERE COALESCE(t.is_counted, true)
