/*
about = "The tickets of a day are as many over the channels, and over the contact reasons, as in fct_tickets."
grain = ["date", "segment_kind"]
partition = "date"
severity = "error"

[inputs]
fct_tickets = "same"
contact_mix_daily = "same"
dates = "same"

[columns]
date = "DATE day at fault"
segment_kind = "VARCHAR slice at fault"
tickets = "BIGINT tickets of the day in fct_tickets"
tickets_in_slices = "BIGINT the same, summed over the slice"
*/
WITH facts AS (
    SELECT t.created_date AS date, CAST(COUNT(*) AS BIGINT) AS tickets
    FROM fct_tickets AS t
    INNER JOIN dates AS d ON d.date = t.created_date
    GROUP BY t.created_date
),

slices AS (
    SELECT date, segment_kind, CAST(SUM(tickets) AS BIGINT) AS tickets
    FROM contact_mix_daily
    GROUP BY date, segment_kind
)

SELECT
    s.date AS date,
    s.segment_kind AS segment_kind,
    COALESCE(f.tickets, CAST(0 AS BIGINT)) AS tickets,
    s.tickets AS tickets_in_slices
FROM slices AS s
LEFT JOIN facts AS f ON f.date = s.date
WHERE s.tickets <> COALESCE(f.tickets, CAST(0 AS BIGINT))
