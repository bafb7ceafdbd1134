/*
about = """
One row per conversation with a bot, and whether the bot settled it alone: it says so, nobody took over, and the customer
had no contact with people until 72 hours (containment_window_hours) after its end. A contact is an agent's answer on the
talk's ticket, another ticket of the customer that no bot talk belongs to, a call or chat with an agent (also one nobody
took), or another talk that was handed over."""
grain = ["system", "session_id"]
partition = "booked_date"
settings = ["containment_window_hours"]
not_null = ["system", "session_id", "booked_date", "started_epoch", "ended_epoch", "is_handed_off", "outcome", "is_contained"]

[accepted_values]
outcome = ["handed_off", "resolved", "abandoned"]

[inputs]
fct_bot_session_tickets = "0..1"
fct_tickets = "-1..1"
fct_interactions = "-1..1"
calendar = "same"

[columns]
system = "VARCHAR name space of the ids"
session_id = "VARCHAR id of the session in its system"
ticket_id = "VARCHAR ticket it became or belongs to"
customer_hash = "VARCHAR keyed hash of the customer; NULL for a stranger, whose contacts elsewhere cannot be seen"
channel = "VARCHAR where it was held"
language = "VARCHAR language of the conversation, else of the ticket"
bot_id = "VARCHAR the bot"
booked_date = "DATE local date on which the bot's part ended"
started_epoch = "BIGINT when it started, seconds since 1970"
ended_epoch = "BIGINT when the bot's part ended: the hand-off, else the end, seconds since 1970"
messages = "BIGINT messages in it"
outcome = "VARCHAR handed_off, resolved or abandoned; resolved where the bot does not say and nobody took over"
is_handed_off = "BOOLEAN a person took over"
human_contact_seconds = "BIGINT from the end to the first contact with people within the window, 0 where it came before the end; NULL without one"
is_contained = "BOOLEAN the bot settled it alone"
*/
WITH bot_tickets AS (
    SELECT system, ticket_id
    FROM fct_bot_session_tickets
    WHERE ticket_id IS NOT NULL
    GROUP BY system, ticket_id
),

-- Contacts of a known customer, wherever they took place.
customer_contacts AS (
    SELECT t.customer_hash AS customer_hash, t.created_epoch AS contact_epoch, '' AS session_key
    FROM fct_tickets AS t
    LEFT JOIN bot_tickets AS b ON b.system = t.system AND b.ticket_id = t.ticket_id
    WHERE b.ticket_id IS NULL AND t.customer_hash IS NOT NULL

    UNION ALL

    SELECT customer_hash, started_epoch AS contact_epoch, '' AS session_key
    FROM fct_interactions
    WHERE customer_hash IS NOT NULL

    UNION ALL

    SELECT customer_hash, ended_epoch AS contact_epoch, CONCAT(system, ':', session_id) AS session_key
    FROM fct_bot_session_tickets
    WHERE is_handed_off AND customer_hash IS NOT NULL
),

contacts AS (
    SELECT s.system AS system, s.session_id AS session_id, c.contact_epoch AS contact_epoch
    FROM fct_bot_session_tickets AS s
    INNER JOIN customer_contacts AS c ON c.customer_hash = s.customer_hash
    WHERE c.contact_epoch >= s.started_epoch AND c.session_key <> CONCAT(s.system, ':', s.session_id)

    UNION ALL

    SELECT s.system AS system, s.session_id AS session_id, i.started_epoch AS contact_epoch
    FROM fct_bot_session_tickets AS s
    INNER JOIN fct_interactions AS i ON i.system = s.system AND i.ticket_id = s.ticket_id
    WHERE i.started_epoch >= s.started_epoch

    UNION ALL

    SELECT system, session_id, reply_epoch AS contact_epoch
    FROM fct_bot_session_tickets
    WHERE reply_epoch IS NOT NULL
),

first_contacts AS (
    SELECT system, session_id, MIN(contact_epoch) AS contact_epoch
    FROM contacts
    GROUP BY system, session_id
)

SELECT
    s.system AS system,
    s.session_id AS session_id,
    s.ticket_id AS ticket_id,
    s.customer_hash AS customer_hash,
    s.channel AS channel,
    s.language AS language,
    s.bot_id AS bot_id,
    s.booked_date AS booked_date,
    s.started_epoch AS started_epoch,
    s.ended_epoch AS ended_epoch,
    s.messages AS messages,
    s.outcome AS outcome,
    s.is_handed_off AS is_handed_off,
    CASE
        WHEN f.contact_epoch < s.ended_epoch THEN CAST(0 AS BIGINT)
        WHEN f.contact_epoch <= s.ended_epoch + o.containment_window_hours * 3600
            THEN f.contact_epoch - s.ended_epoch
    END AS human_contact_seconds,
    s.outcome = 'resolved'
        AND COALESCE(f.contact_epoch > s.ended_epoch + o.containment_window_hours * 3600, true) AS is_contained
FROM fct_bot_session_tickets AS s
INNER JOIN calendar AS d ON d.date = s.booked_date
CROSS JOIN settings AS o
LEFT JOIN first_contacts AS f ON f.system = s.system AND f.session_id = s.session_id
