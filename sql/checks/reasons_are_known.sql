/*
about = "A month in which more than half of the contacts have no known reason: the rules of the job file miss something."
grain = ["month_start"]
partition = "month_start"
severity = "warn"

[inputs]
fct_tickets = "same"
dates = "same"

[columns]
month_start = "DATE first day of the month"
tickets = "BIGINT tickets created"
tickets_other = "BIGINT of them, of the reason other, or of none"
*/
WITH months AS (
    SELECT DISTINCT month_start
    FROM dates
),

reasons AS (
    SELECT
        CAST(COUNT(*) AS BIGINT) AS tickets,
        CAST(SUM(CASE WHEN COALESCE(contact_reason, 'other') = 'other' THEN 1 ELSE 0 END) AS BIGINT) AS tickets_other
    FROM fct_tickets
)

SELECT m.month_start AS month_start, r.tickets AS tickets, r.tickets_other AS tickets_other
FROM reasons AS r
CROSS JOIN months AS m
WHERE r.tickets_other * 2 > r.tickets
