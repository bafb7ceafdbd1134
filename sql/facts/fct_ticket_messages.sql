/*
about = """
Who said what on a counted ticket, in order. The requester is the customer, even where an agent asked for something;
whoever ever worked as an agent is one; rules and bots never are; anybody else speaks for the customer's side."""
grain = ["system", "message_id"]
partition = "ticket_created_date"
scatter = false
settings = ["opening_comment_seconds"]
not_null = [
    "system", "message_id", "ticket_id", "ticket_created_date", "message_number", "sent_at", "author_kind",
    "is_public", "is_opening", "is_reply",
]

[inputs]
core_messages = "same"
core_tickets = "same"
core_agents = "all"

[columns]
system = "VARCHAR name space of the ids"
message_id = "VARCHAR id of the message in its system"
ticket_id = "VARCHAR ticket it belongs to"
ticket_created_date = "DATE local date of the ticket's creation"
message_number = "BIGINT place among the ticket's messages, from 1"
sent_at = "TIMESTAMP when it was sent, UTC"
sent_epoch = "BIGINT when it was sent, seconds since 1970"
sent_date = "DATE local date on which it was sent"
author_id = "VARCHAR who wrote it"
author_kind = "VARCHAR customer, agent, bot or system"
is_public = "BOOLEAN the customer can read it"
template_id = "VARCHAR macro or template it was made from; NULL without one"
channel = "VARCHAR channel it was sent through"
is_opening = "BOOLEAN the comment with which an agent opened the ticket; it answers nothing"
is_reply = "BOOLEAN public message of a human agent, the opening comment excepted"
reply_number = "BIGINT place among the ticket's replies, from 1; NULL for other messages"
*/
WITH authored AS (
    SELECT
        m.system AS system,
        m.message_id AS message_id,
        m.ticket_id AS ticket_id,
        m.ticket_created_date AS ticket_created_date,
        m.sent_at AS sent_at,
        m.sent_epoch AS sent_epoch,
        m.sent_date AS sent_date,
        m.sequence AS sequence,
        m.author_id AS author_id,
        CASE
            WHEN m.is_automated OR m.author_kind = 'bot' OR COALESCE(a.is_bot, false) THEN 'bot'
            WHEN m.author_kind = 'system' THEN 'system'
            WHEN m.author_id = t.customer_source_id THEN 'customer'
            WHEN a.agent_id IS NOT NULL THEN 'agent'
            ELSE COALESCE(m.author_kind, 'customer')
        END AS author_kind,
        m.is_public AS is_public,
        m.template_id AS template_id,
        m.channel AS channel,
        COALESCE(t.opened_by_id = m.author_id, t.opened_by_id IS NULL) AS is_by_opener,
        m.sent_epoch - t.created_epoch <= s.opening_comment_seconds AS is_at_creation
    FROM core_messages AS m
    INNER JOIN core_tickets AS t ON t.system = m.system AND t.ticket_id = m.ticket_id
    LEFT JOIN core_agents AS a ON a.system = m.system AND a.agent_id = m.author_id
    CROSS JOIN settings AS s
    WHERE t.is_counted
),

-- One order for all rows, cut by the first place of each key: an ordered window per key costs a sort for every key.
placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER (ORDER BY system, ticket_id, sent_at, sequence, message_id) AS place
    FROM authored
),

numbered AS (
    SELECT
        *,
        MIN(place) OVER (PARTITION BY system, ticket_id) AS first_place,
        MIN(CASE WHEN author_kind IN ('customer', 'agent') THEN place END) OVER (PARTITION BY system, ticket_id)
            AS first_place_of_people
    FROM placed
),

opened AS (
    SELECT
        *,
        author_kind = 'agent' AND place = first_place_of_people AND is_by_opener AND is_at_creation AS is_opening
    FROM numbered
),

marked AS (
    SELECT
        *,
        author_kind = 'agent' AND is_public AND NOT is_opening AS is_reply
    FROM opened
),

replies_last AS (
    SELECT
        *,
        ROW_NUMBER() OVER (ORDER BY CASE WHEN is_reply THEN 1 ELSE 0 END, place) AS reply_place
    FROM marked
),

counted AS (
    SELECT
        *,
        MIN(reply_place) OVER (PARTITION BY system, ticket_id, is_reply) AS first_reply_place
    FROM replies_last
)

SELECT
    system,
    message_id,
    ticket_id,
    ticket_created_date,
    CAST(place - first_place + 1 AS BIGINT) AS message_number,
    sent_at,
    sent_epoch,
    sent_date,
    author_id,
    author_kind,
    is_public,
    template_id,
    channel,
    is_opening,
    is_reply,
    CASE WHEN is_reply THEN CAST(reply_place - first_reply_place + 1 AS BIGINT) END AS reply_number
FROM counted
