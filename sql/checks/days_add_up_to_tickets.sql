/*
about = "The tickets created on a day are as many in service_daily as in fct_tickets."
grain = ["date"]
partition = "date"
severity = "error"

[inputs]
fct_tickets = "same"
service_daily = "same"
dates = "same"

[columns]
date = "DATE day at fault"
tickets = "BIGINT tickets of the day in fct_tickets"
tickets_in_days = "BIGINT the same in service_daily"
*/
WITH facts AS (
    SELECT created_date, CAST(COUNT(*) AS BIGINT) AS tickets
    FROM fct_tickets
    GROUP BY created_date
),

days AS (
    SELECT date, CAST(SUM(tickets_created) AS BIGINT) AS tickets
    FROM service_daily
    GROUP BY date
)

SELECT
    d.date AS date,
    COALESCE(f.tickets, CAST(0 AS BIGINT)) AS tickets,
    COALESCE(s.tickets, CAST(0 AS BIGINT)) AS tickets_in_days
FROM dates AS d
LEFT JOIN facts AS f ON d.date = f.created_date
LEFT JOIN days AS s ON d.date = s.date
WHERE COALESCE(f.tickets, CAST(0 AS BIGINT)) <> COALESCE(s.tickets, CAST(0 AS BIGINT))
