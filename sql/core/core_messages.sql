/*
about = """
What was said on each ticket, kept in the month of the ticket's creation. Where a message was delivered more than
once, the newest version holds. Messages of unknown tickets, or of months before their ticket's, stay out."""
grain = ["system", "message_id"]
partition = "ticket_created_date"
scatter = true
settings = []
not_null = [
    "system", "message_id", "ticket_id", "ticket_created_date", "sent_at", "sent_epoch", "sent_date", "sequence",
    "is_public", "is_automated",
]

[inputs]
stg_messages = "same"
core_ticket_ids = "up_to"

[columns]
system = "VARCHAR name space of the ids"
message_id = "VARCHAR id of the message in its system"
ticket_id = "VARCHAR ticket it belongs to"
ticket_created_date = "DATE local date of the ticket's creation"
sent_at = "TIMESTAMP when it was sent, UTC"
sent_epoch = "BIGINT when it was sent, seconds since 1970"
sent_date = "DATE local date on which it was sent"
sequence = "BIGINT order of messages of one instant; 0 where the source has none"
sentiment_score = "DECIMAL(18,4) mood of the text, -1 to 1; NULL where nothing can be told"
vendor_sentiment_score = "DECIMAL(18,4) mood of the text as exported"
author_id = "VARCHAR who wrote it"
author_kind = "VARCHAR customer, agent, bot or system as the source says; NULL where it does not"
is_public = "BOOLEAN the customer can read it; a source that does not say means yes"
is_automated = "BOOLEAN written by a rule or trigger"
template_id = "VARCHAR macro or template it was made from; NULL without one"
channel = "VARCHAR channel it was sent through"
*/
-- One order for all rows, then the last place of each key: an ordered window per key costs a sort for every key.
WITH placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER (ORDER BY COALESCE(updated_epoch, sent_epoch), batch, record_number, item_number) AS place
    FROM stg_messages
),

versions AS (
    SELECT
        *,
        MAX(place) OVER (PARTITION BY system, message_id) AS newest_place
    FROM placed
)

SELECT
    v.system AS system,
    v.message_id AS message_id,
    v.ticket_id AS ticket_id,
    i.created_date AS ticket_created_date,
    v.sent_at AS sent_at,
    v.sent_epoch AS sent_epoch,
    v.sent_date AS sent_date,
    COALESCE(v.sequence, 0) AS sequence,
    v.sentiment_score AS sentiment_score,
    v.vendor_sentiment_score AS vendor_sentiment_score,
    v.author_id AS author_id,
    v.author_kind AS author_kind,
    COALESCE(v.is_public, true) AS is_public,
    COALESCE(v.is_automated, false) AS is_automated,
    v.template_id AS template_id,
    v.channel AS channel
FROM versions AS v
INNER JOIN core_ticket_ids AS i ON i.system = v.system AND i.ticket_id = v.ticket_id
WHERE v.place = v.newest_place
