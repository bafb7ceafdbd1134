/*
about = "What agents did on a day adds up to what service_daily says of it."
grain = ["date"]
partition = "date"
severity = "error"

[inputs]
agent_daily = "same"
service_daily = "same"
dates = "same"

[columns]
date = "DATE day at fault"
problem = "VARCHAR which parts differ, agents against days"
*/
WITH agents AS (
    SELECT
        date,
        SUM(replies) AS replies,
        SUM(first_responses) AS first_responses,
        SUM(COALESCE(first_response_seconds_sum, CAST(0 AS BIGINT))) AS first_response_seconds,
        SUM(tickets_solved) AS solved,
        SUM(COALESCE(full_resolution_seconds_sum, CAST(0 AS BIGINT))) AS resolution_seconds,
        SUM(solved_one_touch) AS one_touch,
        SUM(reopens) AS reopens,
        SUM(csat_answers) AS csat_answers,
        SUM(csat_good) AS csat_good
    FROM agent_daily
    GROUP BY date
),

days AS (
    SELECT
        date,
        SUM(replies) AS replies,
        SUM(first_responses) AS first_responses,
        SUM(COALESCE(first_response_seconds_sum, CAST(0 AS BIGINT))) AS first_response_seconds,
        SUM(tickets_solved) AS solved,
        SUM(COALESCE(full_resolution_seconds_sum, CAST(0 AS BIGINT))) AS resolution_seconds,
        SUM(solved_one_touch) AS one_touch,
        SUM(reopens) AS reopens,
        SUM(csat_answers) AS csat_answers,
        SUM(csat_good) AS csat_good
    FROM service_daily
    GROUP BY date
),

compared AS (
    SELECT
        d.date AS date,
        CASE
            WHEN COALESCE(a.replies, 0) <> COALESCE(s.replies, 0) THEN 'replies'
            WHEN COALESCE(a.first_responses, 0) <> COALESCE(s.first_responses, 0) THEN 'first responses'
            WHEN COALESCE(a.first_response_seconds, 0) <> COALESCE(s.first_response_seconds, 0) THEN 'first response times'
            WHEN COALESCE(a.solved, 0) <> COALESCE(s.solved, 0) THEN 'tickets solved'
            WHEN COALESCE(a.resolution_seconds, 0) <> COALESCE(s.resolution_seconds, 0) THEN 'resolution times'
            WHEN COALESCE(a.one_touch, 0) <> COALESCE(s.one_touch, 0) THEN 'one-touch'
            WHEN COALESCE(a.reopens, 0) <> COALESCE(s.reopens, 0) THEN 'reopens'
            WHEN COALESCE(a.csat_answers, 0) <> COALESCE(s.csat_answers, 0) THEN 'ratings'
            WHEN COALESCE(a.csat_good, 0) <> COALESCE(s.csat_good, 0) THEN 'good ratings'
        END AS problem
    FROM dates AS d
    LEFT JOIN agents AS a ON a.date = d.date
    LEFT JOIN days AS s ON s.date = d.date
)

SELECT date, problem
FROM compared
WHERE problem IS NOT NULL
