/*
about = """
Who gave up before anybody answered, by the day of the start. Calls and chats by their own flag; tickets that neither a
call, a chat nor a bot belongs to, where they were closed with the customer's message as the last one and no answer."""
grain = ["date", "segment_kind", "segment_value"]
partition = "date"
settings = []
not_null = ["date", "segment_kind", "segment_value", "started", "abandoned"]

[accepted_values]
segment_kind = ["all", "source", "channel"]

[ranges]
abandonment_rate = [0, 1]
started = [0, 1e12]
abandoned = [0, 1e12]

[inputs]
fct_interactions = "-1..1"
fct_bot_sessions = "-1..1"
fct_tickets = "same"
fct_ticket_messages = "same"
dates = "same"

[columns]
date = "DATE local date of the start"
segment_kind = "VARCHAR all, source (interaction, ticket) or channel; sum over one kind only"
segment_value = "VARCHAR all, or the value of the slice; unknown where it is not known"
started = "BIGINT calls and chats that a customer asked for, and tickets opened by customers whose messages are known"
abandoned = "BIGINT of these, left by the customer before an answer"
abandonment_rate = "DOUBLE abandoned / started, share from 0 to 1"
*/
WITH tied AS (
    SELECT system, ticket_id
    FROM fct_interactions
    WHERE ticket_id IS NOT NULL

    UNION

    SELECT system, ticket_id
    FROM fct_bot_sessions
    WHERE ticket_id IS NOT NULL
),

ends AS (
    SELECT system, ticket_id, MAX(message_number) AS last_number
    FROM fct_ticket_messages
    WHERE is_public
    GROUP BY system, ticket_id
),

last_words AS (
    SELECT m.system AS system, m.ticket_id AS ticket_id, m.author_kind AS author_kind
    FROM fct_ticket_messages AS m
    INNER JOIN ends AS e ON e.system = m.system AND e.ticket_id = m.ticket_id AND e.last_number = m.message_number
),

entries AS (
    SELECT
        started_date AS date,
        'interaction' AS source,
        COALESCE(channel, 'unknown') AS channel,
        CASE WHEN is_abandoned THEN 1 ELSE 0 END AS is_abandoned
    FROM fct_interactions
    WHERE is_offered

    UNION ALL

    SELECT
        t.created_date AS date,
        'ticket' AS source,
        COALESCE(t.channel, 'unknown') AS channel,
        CASE WHEN t.is_solved AND t.replies = 0 AND w.author_kind = 'customer' THEN 1 ELSE 0 END AS is_abandoned
    FROM fct_tickets AS t
    INNER JOIN last_words AS w ON w.system = t.system AND w.ticket_id = t.ticket_id
    LEFT JOIN tied AS x ON x.system = t.system AND x.ticket_id = t.ticket_id
    WHERE x.ticket_id IS NULL AND t.customer_messages > 0 AND COALESCE(t.opened_by, 'customer') <> 'agent'
),

sliced AS (
    SELECT *, 'all' AS segment_kind, 'all' AS segment_value FROM entries
    UNION ALL
    SELECT *, 'source' AS segment_kind, source AS segment_value FROM entries
    UNION ALL
    SELECT *, 'channel' AS segment_kind, channel AS segment_value FROM entries
),

sums AS (
    SELECT
        x.date AS date,
        x.segment_kind AS segment_kind,
        x.segment_value AS segment_value,
        CAST(COUNT(*) AS BIGINT) AS started,
        CAST(SUM(x.is_abandoned) AS BIGINT) AS abandoned
    FROM sliced AS x
    INNER JOIN dates AS d ON d.date = x.date
    GROUP BY x.date, x.segment_kind, x.segment_value
)

SELECT
    date,
    segment_kind,
    segment_value,
    started,
    abandoned,
    CAST(abandoned AS DOUBLE) / CAST(started AS DOUBLE) AS abandonment_rate
FROM sums
