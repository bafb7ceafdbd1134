/*
about = """
Talks with the bot by day and channel: what they cost, and what the contained ones would have cost as a contact with
people. That is the cost of a contact of the channel, else of any; NULL where none is known."""
grain = ["date", "channel"]
partition = "date"
not_null = ["date", "channel", "sessions", "contained", "priced_sessions", "bot_cost", "priced_contained", "replaced_cost"]

[inputs]
fct_bot_sessions = "same"
core_costs = "all"

[columns]
date = "DATE local date the bot's part ended"
channel = "VARCHAR channel; 'unknown' if not delivered"
sessions = "BIGINT talks with the bot"
contained = "BIGINT of them, settled without people"
priced_sessions = "BIGINT talks whose cost is known"
bot_cost = "DECIMAL(18,4) their cost, in the job's currency"
priced_contained = "BIGINT contained talks for which the cost of a contact is known"
replaced_cost = "DECIMAL(18,4) what those would have cost as contacts with people, in the job's currency"
*/
WITH days AS (
    SELECT
        booked_date AS date,
        COALESCE(channel, 'unknown') AS channel,
        CAST(COUNT(*) AS BIGINT) AS sessions,
        CAST(SUM(CASE WHEN is_contained THEN 1 ELSE 0 END) AS BIGINT) AS contained
    FROM fct_bot_sessions
    GROUP BY booked_date, COALESCE(channel, 'unknown')
),
prices AS (
    SELECT
        d.date AS date,
        d.channel AS channel,
        COALESCE(
            MAX(CASE WHEN c.cost_kind = 'bot_session' AND c.channel <> '' THEN c.amount END),
            MAX(CASE WHEN c.cost_kind = 'bot_session' THEN c.amount END)
        ) AS bot_amount,
        COALESCE(
            MAX(CASE WHEN c.cost_kind = 'contact' AND c.channel <> '' THEN c.amount END),
            MAX(CASE WHEN c.cost_kind = 'contact' THEN c.amount END)
        ) AS contact_amount
    FROM days AS d
    CROSS JOIN core_costs AS c
    WHERE c.valid_from_date <= d.date
        AND (c.valid_until_date IS NULL OR c.valid_until_date > d.date)
        AND c.agent_id = ''
        AND (c.channel = '' OR c.channel = d.channel)
    GROUP BY d.date, d.channel
),
units AS (
    SELECT
        d.*,
        p.bot_amount AS bot_amount,
        p.contact_amount AS contact_amount,
        CAST(ROUND(CAST(COALESCE(p.bot_amount, CAST(0 AS DECIMAL(18,4))) AS DOUBLE) * 10000.0) AS BIGINT) * d.sessions AS bot_units,
        CAST(ROUND(CAST(COALESCE(p.contact_amount, CAST(0 AS DECIMAL(18,4))) AS DOUBLE) * 10000.0) AS BIGINT) * d.contained
            AS replaced_units
    FROM days AS d
    LEFT JOIN prices AS p
        ON p.date = d.date
        AND p.channel = d.channel
)
SELECT
    date,
    channel,
    sessions,
    contained,
    CASE WHEN bot_amount IS NOT NULL THEN sessions ELSE CAST(0 AS BIGINT) END AS priced_sessions,
    CAST(CAST(bot_units AS DOUBLE) / 10000.0 AS DECIMAL(18,4)) AS bot_cost,
    CASE WHEN contact_amount IS NOT NULL THEN contained ELSE CAST(0 AS BIGINT) END AS priced_contained,
    CAST(CAST(replaced_units AS DOUBLE) / 10000.0 AS DECIMAL(18,4)) AS replaced_cost
FROM units
