/*
about = "The bot conversations of a day are as many in automation_daily as in fct_bot_sessions; none is both settled and handed over or left."
grain = ["date"]
partition = "date"
severity = "error"

[inputs]
fct_bot_sessions = "same"
automation_daily = "same"
dates = "same"

[columns]
date = "DATE day at fault"
sessions = "BIGINT conversations of the day in fct_bot_sessions"
in_mart = "BIGINT the same in automation_daily"
fates = "BIGINT contained + handed over + left there: at most as many"
*/
WITH facts AS (
    SELECT b.booked_date AS date, CAST(COUNT(*) AS BIGINT) AS sessions
    FROM fct_bot_sessions AS b
    INNER JOIN dates AS d ON d.date = b.booked_date
    GROUP BY b.booked_date
),

days AS (
    SELECT date, bot_conversations AS in_mart, contained + handed_off + abandoned AS fates
    FROM automation_daily
    WHERE segment_kind = 'all'
)

SELECT
    x.date AS date,
    COALESCE(f.sessions, CAST(0 AS BIGINT)) AS sessions,
    x.in_mart AS in_mart,
    x.fates AS fates
FROM days AS x
LEFT JOIN facts AS f ON f.date = x.date
WHERE x.in_mart <> COALESCE(f.sessions, CAST(0 AS BIGINT)) OR x.fates > x.in_mart
