/*
about = "A ticket has one flag per metric, whatever the number of its waits, and in sla_daily every slice holds as many."
grain = ["date", "metric", "segment_kind"]
partition = "date"
severity = "error"

[inputs]
fct_sla_day_parts = "same"
sla_daily = "same"

[columns]
date = "DATE day at fault"
metric = "VARCHAR metric at fault"
segment_kind = "VARCHAR slice at fault"
tickets = "BIGINT different tickets with a flag of ours on the day"
flags = "BIGINT met + breached in sla_daily"
*/
WITH tickets AS (
    SELECT date, metric, CAST(COUNT(DISTINCT system || '/' || ticket_id) AS BIGINT) AS tickets
    FROM fct_sla_day_parts
    WHERE source = 'own'
    GROUP BY date, metric
),

flags AS (
    SELECT date, metric, segment_kind, CAST(SUM(met + breached) AS BIGINT) AS flags
    FROM sla_daily
    GROUP BY date, metric, segment_kind
)

SELECT
    f.date AS date,
    f.metric AS metric,
    f.segment_kind AS segment_kind,
    COALESCE(t.tickets, CAST(0 AS BIGINT)) AS tickets,
    f.flags AS flags
FROM flags AS f
LEFT JOIN tickets AS t ON t.date = f.date AND t.metric = f.metric
WHERE COALESCE(t.tickets, CAST(0 AS BIGINT)) <> f.flags
