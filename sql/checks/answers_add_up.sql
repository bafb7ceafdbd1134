/*
about = "The answers and sendings of a day are as many in satisfaction_daily, in all and by kind, as in fct_survey_day_parts."
grain = ["date"]
partition = "date"
severity = "error"

[inputs]
fct_survey_day_parts = "same"
satisfaction_daily = "same"
dates = "same"

[columns]
date = "DATE day at fault"
parts = "BIGINT sendings and answers of the day"
in_all = "BIGINT the same in satisfaction_daily, segment all"
in_kinds = "BIGINT the same, summed over the kinds of surveys"
*/
WITH parts AS (
    SELECT
        p.date AS date,
        CAST(SUM(p.surveys_sent + p.promoters + p.passives + p.detractors + p.csat_good + p.csat_bad + p.ces_low_effort
            + p.ces_high_effort) AS BIGINT) AS items
    FROM fct_survey_day_parts AS p
    INNER JOIN dates AS d ON d.date = p.date
    WHERE p.segment_kind = 'all'
    GROUP BY p.date
),

days AS (
    SELECT
        date,
        CAST(SUM(CASE WHEN segment_kind = 'all' THEN surveys_sent + nps_answers + csat_answers + ces_answers ELSE 0 END)
            AS BIGINT) AS in_all,
        CAST(SUM(CASE WHEN segment_kind = 'kind' THEN surveys_sent + nps_answers + csat_answers + ces_answers ELSE 0 END)
            AS BIGINT) AS in_kinds
    FROM satisfaction_daily
    GROUP BY date
)

SELECT
    p.date AS date,
    p.items AS parts,
    COALESCE(s.in_all, CAST(0 AS BIGINT)) AS in_all,
    COALESCE(s.in_kinds, CAST(0 AS BIGINT)) AS in_kinds
FROM parts AS p
LEFT JOIN days AS s ON s.date = p.date
WHERE p.items <> COALESCE(s.in_all, CAST(0 AS BIGINT)) OR p.items <> COALESCE(s.in_kinds, CAST(0 AS BIGINT))
