/*
about = "The backlog of a day is the one of the day before + created + reopened - gone."
grain = ["date"]
partition = "date"
severity = "error"

[inputs]
backlog_daily = "-1..0"
dates = "-1..0"

[columns]
date = "DATE day at fault"
backlog_before = "BIGINT backlog at the end of the day before"
created = "BIGINT tickets created"
reopened = "BIGINT tickets that came back"
gone = "BIGINT tickets solved, closed or deleted"
backlog = "BIGINT backlog at the end of the day"
*/
WITH days AS (
    SELECT
        date,
        CAST(SUM(created) AS BIGINT) AS created,
        CAST(SUM(reopened) AS BIGINT) AS reopened,
        CAST(SUM(gone) AS BIGINT) AS gone,
        CAST(SUM(backlog) AS BIGINT) AS backlog
    FROM backlog_daily
    GROUP BY date
),

newest AS (
    SELECT MAX(month) AS month
    FROM dates
),

today AS (
    SELECT
        t.date AS date,
        t.day_number AS day_number,
        t.day_number - 1 AS day_before,
        t.month AS month,
        COALESCE(d.created, CAST(0 AS BIGINT)) AS created,
        COALESCE(d.reopened, CAST(0 AS BIGINT)) AS reopened,
        COALESCE(d.gone, CAST(0 AS BIGINT)) AS gone,
        COALESCE(d.backlog, CAST(0 AS BIGINT)) AS backlog
    FROM dates AS t
    LEFT JOIN days AS d ON t.date = d.date
),

yesterday AS (
    SELECT day_number AS before_number, backlog AS backlog_before
    FROM today
)

SELECT
    t.date AS date,
    y.backlog_before AS backlog_before,
    t.created AS created,
    t.reopened AS reopened,
    t.gone AS gone,
    t.backlog AS backlog
FROM today AS t
INNER JOIN newest AS n ON t.month = n.month
INNER JOIN yesterday AS y ON t.day_before = y.before_number
WHERE y.backlog_before + t.created + t.reopened - t.gone <> t.backlog
