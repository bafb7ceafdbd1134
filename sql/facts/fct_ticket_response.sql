/*
about = """
How a counted ticket was answered: first response, every response, and how many messages it took. Times come from the
messages; a ticket without any takes the helpdesk's own first response and says so in response_source. Counts are
NULL, not 0, where there are no messages to count."""
grain = ["system", "ticket_id"]
partition = "created_date"
scatter = false
settings = []
not_null = ["system", "ticket_id", "created_date", "response_source"]

[inputs]
core_tickets = "same"
fct_ticket_messages = "same"
fct_ticket_answers = "same"
core_ticket_clock = "same"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
created_date = "DATE local date of the ticket's creation"
response_source = "VARCHAR events (our messages), vendor (as exported) or none"
has_agent_opening = "BOOLEAN an agent opened the ticket with a comment; NULL without messages"
first_response_at = "TIMESTAMP first public reply of a human agent, UTC; NULL until it happens"
first_response_date = "DATE local date of the first response"
first_response_seconds = "BIGINT creation to first response, seconds"
first_response_business_seconds = "BIGINT creation to first response, business seconds"
response_count = "BIGINT runs of customer messages that an agent answered"
response_seconds_sum = "BIGINT seconds those runs waited, from the first message of each to its answer; NULL without one"
response_business_seconds_sum = "BIGINT the same in business seconds"
replies = "BIGINT public messages of human agents, the opening comment excepted"
touches = "BIGINT all messages of human agents: replies, internal notes and the opening comment"
customer_messages = "BIGINT public messages of the customer's side"
conversation_seconds = "BIGINT first to last public message, seconds"
last_message_date = "DATE local date of the last public message"
*/
WITH talks AS (
    SELECT
        system,
        ticket_id,
        MAX(CASE WHEN is_opening THEN 1 ELSE 0 END) AS has_opening,
        MIN(CASE WHEN is_reply THEN sent_at END) AS reply_at,
        MIN(CASE WHEN is_reply THEN sent_epoch END) AS reply_epoch,
        MIN(CASE WHEN is_reply THEN sent_date END) AS reply_date,
        SUM(CASE WHEN is_reply THEN 1 ELSE 0 END) AS replies,
        SUM(CASE WHEN author_kind = 'agent' THEN 1 ELSE 0 END) AS touches,
        SUM(CASE WHEN author_kind = 'customer' AND is_public THEN 1 ELSE 0 END) AS customer_messages,
        MAX(CASE WHEN is_public THEN sent_epoch END) - MIN(CASE WHEN is_public THEN sent_epoch END) AS talk_seconds,
        MAX(CASE WHEN is_public THEN sent_date END) AS last_message_date
    FROM fct_ticket_messages
    GROUP BY system, ticket_id
),

waits AS (
    SELECT
        system,
        ticket_id,
        COUNT(*) AS response_count,
        SUM(response_seconds) AS response_seconds_sum,
        SUM(response_business_seconds) AS response_business_seconds_sum
    FROM fct_ticket_answers
    GROUP BY system, ticket_id
),

responses AS (
    SELECT
        t.system AS system,
        t.ticket_id AS ticket_id,
        t.created_date AS created_date,
        t.created_epoch AS created_epoch,
        CASE
            WHEN m.ticket_id IS NOT NULL THEN 'events'
            WHEN t.vendor_first_response_at IS NOT NULL OR t.vendor_first_response_seconds IS NOT NULL THEN 'vendor'
            ELSE 'none'
        END AS response_source,
        CASE WHEN m.ticket_id IS NOT NULL THEN m.reply_at ELSE t.vendor_first_response_at END AS first_response_at,
        CASE WHEN m.ticket_id IS NOT NULL THEN m.reply_epoch ELSE t.vendor_first_response_epoch END
            AS first_response_epoch,
        CASE WHEN m.ticket_id IS NOT NULL THEN m.reply_date ELSE t.vendor_first_response_date END
            AS first_response_date,
        CASE WHEN m.ticket_id IS NULL THEN t.vendor_first_response_seconds END AS exported_seconds,
        m.has_opening = 1 AS has_agent_opening,
        CASE WHEN m.ticket_id IS NOT NULL THEN COALESCE(CAST(w.response_count AS BIGINT), CAST(0 AS BIGINT)) END
            AS response_count,
        w.response_seconds_sum AS response_seconds_sum,
        w.response_business_seconds_sum AS response_business_seconds_sum,
        m.replies AS replies,
        m.touches AS touches,
        m.customer_messages AS customer_messages,
        m.talk_seconds AS talk_seconds,
        m.last_message_date AS last_message_date
    FROM core_tickets AS t
    LEFT JOIN talks AS m ON m.system = t.system AND m.ticket_id = t.ticket_id
    LEFT JOIN waits AS w ON w.system = t.system AND w.ticket_id = t.ticket_id
    WHERE t.is_counted
)

-- A chat may start before its ticket exists: a reply from then took no time, rather than less than none.
SELECT
    r.system AS system,
    r.ticket_id AS ticket_id,
    r.created_date AS created_date,
    r.response_source AS response_source,
    r.has_agent_opening AS has_agent_opening,
    r.first_response_at AS first_response_at,
    r.first_response_date AS first_response_date,
    CASE
        WHEN r.exported_seconds IS NOT NULL THEN r.exported_seconds
        WHEN r.first_response_epoch < r.created_epoch THEN CAST(0 AS BIGINT)
        ELSE r.first_response_epoch - r.created_epoch
    END AS first_response_seconds,
    CASE
        WHEN c2.clock_seconds < c1.clock_seconds THEN CAST(0 AS BIGINT)
        ELSE c2.clock_seconds - c1.clock_seconds
    END AS first_response_business_seconds,
    r.response_count AS response_count,
    CAST(r.response_seconds_sum AS BIGINT) AS response_seconds_sum,
    CAST(r.response_business_seconds_sum AS BIGINT) AS response_business_seconds_sum,
    CAST(r.replies AS BIGINT) AS replies,
    CAST(r.touches AS BIGINT) AS touches,
    CAST(r.customer_messages AS BIGINT) AS customer_messages,
    CAST(r.talk_seconds AS BIGINT) AS conversation_seconds,
    r.last_message_date AS last_message_date
FROM responses AS r
LEFT JOIN core_ticket_clock AS c1 ON c1.system = r.system AND c1.ticket_id = r.ticket_id AND c1.epoch = r.created_epoch
LEFT JOIN core_ticket_clock AS c2
    ON c2.system = r.system AND c2.ticket_id = r.ticket_id AND c2.epoch = r.first_response_epoch
