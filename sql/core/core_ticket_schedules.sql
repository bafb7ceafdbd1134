/*
about = """
Which business schedule a ticket is measured by: one for its whole life. The last assignment of its history holds, else
the schedule on the ticket; the default schedule where neither names a known one. Without any schedule it is NULL."""
grain = ["system", "ticket_id"]
partition = "created_date"
scatter = false
settings = []
not_null = ["system", "ticket_id", "created_date"]

[inputs]
core_tickets = "same"
core_ticket_events = "same"
schedules = "all"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
created_date = "DATE local date of the ticket's creation"
schedule_id = "VARCHAR business schedule"
*/
-- One order for all rows, then the last place of each key: an ordered window per key costs a sort for every key.
WITH placed AS (
    SELECT
        system,
        ticket_id,
        value,
        ROW_NUMBER() OVER (ORDER BY occurred_at, sequence, event_id) AS place
    FROM core_ticket_events
    WHERE field = 'schedule'
),

assignments AS (
    SELECT
        *,
        MAX(place) OVER (PARTITION BY system, ticket_id) AS last_place
    FROM placed
),

last_assignments AS (
    SELECT
        system,
        ticket_id,
        value
    FROM assignments
    WHERE place = last_place
),

wishes AS (
    SELECT
        t.system AS system,
        t.ticket_id AS ticket_id,
        t.created_date AS created_date,
        CASE WHEN a.ticket_id IS NULL THEN t.schedule_id ELSE a.value END AS wanted_id
    FROM core_tickets AS t
    LEFT JOIN last_assignments AS a ON a.system = t.system AND a.ticket_id = t.ticket_id
    WHERE t.is_counted
),

fallback AS (
    SELECT MIN(schedule_id) AS default_id
    FROM schedules
    WHERE is_default
)

SELECT
    w.system AS system,
    w.ticket_id AS ticket_id,
    w.created_date AS created_date,
    COALESCE(s.schedule_id, f.default_id) AS schedule_id
FROM wishes AS w
CROSS JOIN fallback AS f
LEFT JOIN schedules AS s ON s.schedule_id = w.wanted_id
