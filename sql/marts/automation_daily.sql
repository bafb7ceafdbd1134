/*
about = "What the bot settles alone, hands over and loses, by the day on which its part of the conversation ended."
grain = ["date", "segment_kind", "segment_value"]
partition = "date"
settings = ["containment_window_hours"]
not_null = [
    "date", "segment_kind", "segment_value", "is_mature", "bot_conversations", "contained", "handed_off", "abandoned",
    "other_conversations", "conversations",
]

[accepted_values]
segment_kind = ["all", "channel", "language"]

[ranges]
bot_containment_rate = [0, 1]
automation_rate = [0, 1]
handoff_rate = [0, 1]
bot_abandonment_rate = [0, 1]
bot_conversations = [0, 1e12]
contained = [0, 1e12]
handed_off = [0, 1e12]
abandoned = [0, 1e12]
other_conversations = [0, 1e12]
conversations = [0, 1e12]

[inputs]
fct_bot_sessions = "-1..1"
fct_tickets = "same"
dates = "0..1"

[columns]
date = "DATE local date on which the bot's part ended, or the ticket without a bot was created"
segment_kind = "VARCHAR all, channel or language; sum over one kind only"
segment_value = "VARCHAR all, or the value of the slice; unknown where it is not known"
is_mature = "BOOLEAN the window for contacts with people (containment_window_hours) has passed: contained is final"
bot_conversations = "BIGINT conversations the bot took part in"
contained = "BIGINT of these, settled by the bot alone, with no contact with people in the window"
bot_containment_rate = "DOUBLE contained / bot_conversations, share from 0 to 1; NULL without any"
handed_off = "BIGINT bot conversations that a person took over"
handoff_rate = "DOUBLE handed_off / bot_conversations, share from 0 to 1; NULL without any"
abandoned = "BIGINT bot conversations the customer left"
bot_abandonment_rate = "DOUBLE abandoned / bot_conversations, share from 0 to 1; NULL without any"
other_conversations = "BIGINT counted tickets created on the date that no bot conversation belongs to"
conversations = "BIGINT bot_conversations + other_conversations"
automation_rate = "DOUBLE contained / conversations, share from 0 to 1; NULL where the month has no bot conversation"
*/
WITH unit AS (
    SELECT MIN(month_number) AS month_number, MAX(day_number) AS last_day
    FROM dates
),

days AS (
    SELECT d.date AS date, d.day_number * 24 + 24 + s.containment_window_hours <= (u.last_day + 1) * 24 AS is_mature
    FROM dates AS d
    INNER JOIN unit AS u ON u.month_number = d.month_number
    CROSS JOIN settings AS s
),

bot_tickets AS (
    SELECT DISTINCT system, ticket_id
    FROM fct_bot_sessions
    WHERE ticket_id IS NOT NULL
),

conversations AS (
    SELECT
        booked_date AS date,
        channel,
        language,
        1 AS is_bot,
        CASE WHEN is_contained THEN 1 ELSE 0 END AS is_contained,
        CASE WHEN is_handed_off THEN 1 ELSE 0 END AS is_handed_off,
        CASE WHEN outcome = 'abandoned' THEN 1 ELSE 0 END AS is_abandoned
    FROM fct_bot_sessions

    UNION ALL

    SELECT
        t.created_date AS date,
        t.channel AS channel,
        t.language AS language,
        0 AS is_bot,
        0 AS is_contained,
        0 AS is_handed_off,
        0 AS is_abandoned
    FROM fct_tickets AS t
    LEFT JOIN bot_tickets AS b ON b.system = t.system AND b.ticket_id = t.ticket_id
    WHERE b.ticket_id IS NULL
),

sliced AS (
    SELECT
        c.date AS date,
        d.is_mature AS is_mature,
        s.segment_kind AS segment_kind,
        CASE s.segment_kind
            WHEN 'all' THEN 'all'
            WHEN 'channel' THEN COALESCE(c.channel, 'unknown')
            WHEN 'language' THEN COALESCE(c.language, 'unknown')
        END AS segment_value,
        c.is_bot AS is_bot,
        c.is_contained AS is_contained,
        c.is_handed_off AS is_handed_off,
        c.is_abandoned AS is_abandoned
    FROM conversations AS c
    INNER JOIN days AS d ON d.date = c.date
    CROSS JOIN (VALUES ('all'), ('channel'), ('language')) AS s (segment_kind)
),

sums AS (
    SELECT
        date,
        segment_kind,
        segment_value,
        is_mature,
        CAST(SUM(is_bot) AS BIGINT) AS bot_conversations,
        CAST(SUM(is_contained) AS BIGINT) AS contained,
        CAST(SUM(is_handed_off) AS BIGINT) AS handed_off,
        CAST(SUM(is_abandoned) AS BIGINT) AS abandoned,
        CAST(COUNT(*) AS BIGINT) AS conversations
    FROM sliced
    GROUP BY date, segment_kind, segment_value, is_mature
),

-- Without any bot conversation in the month nothing tells a shop without a bot from one whose export is missing.
months AS (
    SELECT *, MAX(bot_conversations) OVER (PARTITION BY segment_kind) AS most_bot_conversations
    FROM sums
)

SELECT
    date,
    segment_kind,
    segment_value,
    is_mature,
    bot_conversations,
    contained,
    CASE WHEN bot_conversations > 0 THEN CAST(contained AS DOUBLE) / CAST(bot_conversations AS DOUBLE) END
        AS bot_containment_rate,
    handed_off,
    CASE WHEN bot_conversations > 0 THEN CAST(handed_off AS DOUBLE) / CAST(bot_conversations AS DOUBLE) END
        AS handoff_rate,
    abandoned,
    CASE WHEN bot_conversations > 0 THEN CAST(abandoned AS DOUBLE) / CAST(bot_conversations AS DOUBLE) END
        AS bot_abandonment_rate,
    conversations - bot_conversations AS other_conversations,
    conversations,
    CASE WHEN most_bot_conversations > 0 THEN CAST(contained AS DOUBLE) / CAST(conversations AS DOUBLE) END
        AS automation_rate
FROM months
