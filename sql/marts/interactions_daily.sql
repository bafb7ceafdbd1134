/*
about = """
Calls and chats by the day they were offered: how many, how fast they were answered, how many customers left first, and
what they took of agents' time (AHT). Days without any have no row."""
grain = ["date", "segment_kind", "segment_value"]
partition = "date"
scatter = false
settings = ["answered_within_seconds"]
not_null = [
    "date", "segment_kind", "segment_value", "interactions", "offered", "answered", "abandoned", "offered_measured",
    "answered_within", "handled",
]

[accepted_values]
segment_kind = ["all", "channel", "team", "agent", "country", "language"]

[ranges]
interactions = [0, 1e12]
offered = [0, 1e12]
answered = [0, 1e12]
abandoned = [0, 1e12]
answered_within_rate = [0, 1]
abandonment_rate = [0, 1]
wait_seconds_sum = [0, 1e15]
handle_seconds_sum = [0, 1e15]

[inputs]
fct_interactions = "same"
dates = "same"

[columns]
date = "DATE local date on which the call or chat was offered"
segment_kind = "VARCHAR 'all' (everything) or 'channel', 'team', 'agent', 'country', 'language'; sum over one kind only"
segment_value = "VARCHAR 'all', or the slice of the interaction ('unknown' if not delivered; teams and agents as system/id)"
interactions = "BIGINT calls and chats, outbound ones too"
offered = "BIGINT of them, that a customer asked for (not outbound)"
answered = "BIGINT offered ones that an agent took"
abandoned = "BIGINT offered ones that the customer left before an agent took them"
offered_measured = "BIGINT offered ones for which it can be told whether they were answered in time: not answered, or answered after a known wait"
answered_within = "BIGINT offered ones answered within answered_within_seconds (setting)"
answered_within_rate = "DOUBLE answered_within / offered_measured (service level)"
abandonment_rate = "DOUBLE abandoned / offered"
waited = "BIGINT answered ones whose wait is known"
wait_seconds_sum = "BIGINT sum of their waits, seconds; NULL without any"
wait_mean_seconds = "DOUBLE mean wait until an answer, seconds"
handled = "BIGINT interactions whose handle time is known"
handle_seconds_sum = "BIGINT sum of their handle times, seconds; NULL without any"
handle_mean_seconds = "DOUBLE mean handle time (AHT), seconds"
*/
WITH interactions AS (
    SELECT
        i.started_date AS date,
        COALESCE(i.channel, 'unknown') AS channel,
        COALESCE(i.system || '/' || i.team_id, 'unknown') AS team,
        COALESCE(i.system || '/' || i.agent_id, 'unknown') AS agent,
        COALESCE(i.country, 'unknown') AS country,
        COALESCE(i.language, 'unknown') AS language,
        CASE WHEN i.is_offered THEN 1 ELSE 0 END AS offered,
        CASE WHEN i.is_offered AND i.is_answered THEN 1 ELSE 0 END AS answered,
        CASE WHEN i.is_offered AND i.is_abandoned THEN 1 ELSE 0 END AS abandoned,
        CASE WHEN i.is_offered AND (NOT i.is_answered OR i.wait_seconds IS NOT NULL) THEN 1 ELSE 0 END AS measured,
        CASE
            WHEN i.is_offered AND i.is_answered AND i.wait_seconds <= s.answered_within_seconds THEN 1
            ELSE 0
        END AS in_time,
        CASE WHEN i.is_offered AND i.is_answered THEN i.wait_seconds END AS wait_seconds,
        i.handle_seconds AS handle_seconds
    FROM fct_interactions AS i
    CROSS JOIN settings AS s
),

segments AS (
    SELECT *, 'all' AS segment_kind, 'all' AS segment_value
    FROM interactions

    UNION ALL

    SELECT *, 'channel' AS segment_kind, channel AS segment_value
    FROM interactions

    UNION ALL

    SELECT *, 'team' AS segment_kind, team AS segment_value
    FROM interactions

    UNION ALL

    SELECT *, 'agent' AS segment_kind, agent AS segment_value
    FROM interactions

    UNION ALL

    SELECT *, 'country' AS segment_kind, country AS segment_value
    FROM interactions

    UNION ALL

    SELECT *, 'language' AS segment_kind, language AS segment_value
    FROM interactions
),

sums AS (
    SELECT
        g.date AS date,
        g.segment_kind AS segment_kind,
        g.segment_value AS segment_value,
        CAST(COUNT(*) AS BIGINT) AS interactions,
        CAST(SUM(g.offered) AS BIGINT) AS offered,
        CAST(SUM(g.answered) AS BIGINT) AS answered,
        CAST(SUM(g.abandoned) AS BIGINT) AS abandoned,
        CAST(SUM(g.measured) AS BIGINT) AS measured,
        CAST(SUM(g.in_time) AS BIGINT) AS in_time,
        CAST(COUNT(g.wait_seconds) AS BIGINT) AS waited,
        CASE WHEN COUNT(g.wait_seconds) > 0 THEN CAST(SUM(g.wait_seconds) AS BIGINT) END AS wait_sum,
        CAST(COUNT(g.handle_seconds) AS BIGINT) AS handled,
        CASE WHEN COUNT(g.handle_seconds) > 0 THEN CAST(SUM(g.handle_seconds) AS BIGINT) END AS handle_sum
    FROM segments AS g
    INNER JOIN dates AS d ON d.date = g.date
    GROUP BY g.date, g.segment_kind, g.segment_value
)

SELECT
    date,
    segment_kind,
    segment_value,
    interactions,
    offered,
    answered,
    abandoned,
    measured AS offered_measured,
    in_time AS answered_within,
    CAST(in_time AS DOUBLE) / NULLIF(measured, 0) AS answered_within_rate,
    CAST(abandoned AS DOUBLE) / NULLIF(offered, 0) AS abandonment_rate,
    waited,
    wait_sum AS wait_seconds_sum,
    CAST(wait_sum AS DOUBLE) / NULLIF(waited, 0) AS wait_mean_seconds,
    handled,
    handle_sum AS handle_seconds_sum,
    CAST(handle_sum AS DOUBLE) / NULLIF(handled, 0) AS handle_mean_seconds
FROM sums
