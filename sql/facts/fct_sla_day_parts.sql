/*
about = """
Where each flag of fct_sla is booked: met on the day the last wait ended, breached on the day it was due. Open ones with a
due date are here, too: sla_daily counts those whose date has passed as breached."""
grain = ["date", "system", "ticket_id", "metric", "source"]
partition = "date"
scatter = true
settings = []
not_null = ["date", "system", "ticket_id", "metric", "source", "channel", "team_id", "priority", "status"]

[inputs]
fct_sla = "same"

[columns]
date = "DATE local date the flag is booked on"
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
metric = "VARCHAR first_reply, next_reply, periodic_update, requester_wait, agent_work or resolution"
source = "VARCHAR own, or vendor: the helpdesk's own flag"
channel = "VARCHAR channel of the ticket; unknown where it has none"
team_id = "VARCHAR team of the ticket; unknown where it has none"
priority = "VARCHAR priority that set the target; unknown for the helpdesk's own flag alone"
status = "VARCHAR met, breached or open (due on the date)"
*/
SELECT
    status_date AS date,
    system,
    ticket_id,
    metric,
    'own' AS source,
    COALESCE(channel, 'unknown') AS channel,
    COALESCE(team_id, 'unknown') AS team_id,
    COALESCE(priority, 'unknown') AS priority,
    status
FROM fct_sla
WHERE status_date IS NOT NULL

UNION ALL

SELECT
    vendor_status_date AS date,
    system,
    ticket_id,
    metric,
    'vendor' AS source,
    COALESCE(channel, 'unknown') AS channel,
    COALESCE(team_id, 'unknown') AS team_id,
    COALESCE(priority, 'unknown') AS priority,
    vendor_status AS status
FROM fct_sla
WHERE vendor_status_date IS NOT NULL
