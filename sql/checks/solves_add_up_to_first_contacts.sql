/*
about = "Every ticket that service_daily counts as solved on a day is judged once in first_contact_daily, in every slice."
grain = ["date", "segment_kind"]
partition = "date"
severity = "error"

[inputs]
first_contact_daily = "same"
service_daily = "same"

[columns]
date = "DATE day at fault"
segment_kind = "VARCHAR slice at fault"
solved = "BIGINT tickets solved in service_daily"
judged = "BIGINT the same in first_contact_daily"
*/
WITH days AS (
    SELECT date, CAST(SUM(tickets_solved) AS BIGINT) AS solved
    FROM service_daily
    GROUP BY date
),

judged AS (
    SELECT date, segment_kind, CAST(SUM(solved) AS BIGINT) AS judged
    FROM first_contact_daily
    GROUP BY date, segment_kind
)

SELECT
    j.date AS date,
    j.segment_kind AS segment_kind,
    d.solved AS solved,
    j.judged AS judged
FROM judged AS j
INNER JOIN days AS d ON d.date = j.date
WHERE d.solved <> j.judged
