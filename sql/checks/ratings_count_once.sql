/*
about = "The ratings of tickets are as many, and as good, in satisfaction_daily as in service_daily: none counts twice."
grain = ["date"]
partition = "date"
severity = "error"

[inputs]
satisfaction_daily = "same"
service_daily = "same"
dates = "same"

[columns]
date = "DATE day at fault"
scored = "BIGINT ratings of tickets with a score in satisfaction_daily"
service_scored = "BIGINT the same in service_daily"
good = "BIGINT good ones in satisfaction_daily"
service_good = "BIGINT the same in service_daily"
*/
WITH ratings AS (
    SELECT date, csat_scores AS scored, csat_good AS good
    FROM satisfaction_daily
    WHERE segment_kind = 'source' AND segment_value = 'ticket'
),

service AS (
    SELECT date, CAST(SUM(csat_scored) AS BIGINT) AS scored, CAST(SUM(csat_good) AS BIGINT) AS good
    FROM service_daily
    GROUP BY date
)

SELECT
    d.date AS date,
    COALESCE(r.scored, CAST(0 AS BIGINT)) AS scored,
    COALESCE(s.scored, CAST(0 AS BIGINT)) AS service_scored,
    COALESCE(r.good, CAST(0 AS BIGINT)) AS good,
    COALESCE(s.good, CAST(0 AS BIGINT)) AS service_good
FROM dates AS d
LEFT JOIN ratings AS r ON r.date = d.date
LEFT JOIN service AS s ON s.date = d.date
WHERE COALESCE(r.scored, CAST(0 AS BIGINT)) <> COALESCE(s.scored, CAST(0 AS BIGINT))
    OR COALESCE(r.good, CAST(0 AS BIGINT)) <> COALESCE(s.good, CAST(0 AS BIGINT))
