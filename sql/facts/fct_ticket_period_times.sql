/*
about = """
Which day, week and month each single time belongs to, up to the watermark. A week is kept in the month of its first
day, where service_periods finds all of it in one month."""
grain = ["period", "period_start", "date", "metric", "system", "ticket_id", "occurrence"]
partition = "period_start"
scatter = true
settings = []
not_null = [
    "period", "period_start", "date", "metric", "system", "ticket_id", "occurrence", "channel", "team_id", "seconds",
]

[inputs]
fct_ticket_times = "same"
dates = "same"

[columns]
period = "VARCHAR day, week or month"
period_start = "DATE first day of the period"
date = "DATE local date the time is booked on"
metric = "VARCHAR first_response, response, first_resolution, full_resolution, requester_wait, agent_work, agent_wait, on_hold or conversation"
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
occurrence = "BIGINT number of the answer for response, else 1"
channel = "VARCHAR channel of the ticket; unknown where it has none"
team_id = "VARCHAR team of the ticket; unknown where it has none"
seconds = "BIGINT length, seconds"
business_seconds = "BIGINT length, business seconds; NULL without a schedule"
*/
WITH periods AS (
    SELECT
        d.date AS date,
        k.period AS period,
        CASE k.period WHEN 'week' THEN d.week_start WHEN 'month' THEN d.month_start ELSE d.date END AS period_start
    FROM dates AS d
    CROSS JOIN (VALUES ('day'), ('week'), ('month')) AS k (period)
)

SELECT
    p.period AS period,
    p.period_start AS period_start,
    x.date AS date,
    x.metric AS metric,
    x.system AS system,
    x.ticket_id AS ticket_id,
    x.occurrence AS occurrence,
    x.channel AS channel,
    x.team_id AS team_id,
    x.seconds AS seconds,
    x.business_seconds AS business_seconds
FROM fct_ticket_times AS x
INNER JOIN periods AS p ON p.date = x.date
