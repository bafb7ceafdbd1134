/*
about = """
What happened to each ticket, kept in the month of the ticket's creation, so that a ticket's whole history is read
from one month. Where an event was delivered more than once, the newest version holds. Events of unknown tickets, or
of months before their ticket's, stay out."""
grain = ["system", "event_id"]
partition = "ticket_created_date"
scatter = true
settings = []
not_null = [
    "system", "event_id", "ticket_id", "ticket_created_date", "occurred_at", "occurred_epoch", "occurred_date",
    "sequence", "field",
]

[inputs]
stg_ticket_events = "same"
core_ticket_ids = "up_to"

[columns]
system = "VARCHAR name space of the ids"
event_id = "VARCHAR id of the event in its system"
ticket_id = "VARCHAR ticket it happened to"
ticket_created_date = "DATE local date of the ticket's creation"
occurred_at = "TIMESTAMP when it happened, UTC"
occurred_epoch = "BIGINT when it happened, seconds since 1970"
occurred_date = "DATE local date on which it happened"
sequence = "BIGINT order of events of one instant; 0 where the source has none"
field = "VARCHAR what changed: status, priority, team, agent, schedule, csat or sla_*"
value = "VARCHAR value after the event"
previous_value = "VARCHAR value before the event"
actor_id = "VARCHAR who did it"
is_automated = "BOOLEAN done by a rule or trigger"
*/
-- One order for all rows, then the last place of each key: an ordered window per key costs a sort for every key.
WITH placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER (ORDER BY COALESCE(updated_epoch, occurred_epoch), batch, record_number, item_number) AS place
    FROM stg_ticket_events
),

versions AS (
    SELECT
        *,
        MAX(place) OVER (PARTITION BY system, event_id) AS newest_place
    FROM placed
)

SELECT
    v.system AS system,
    v.event_id AS event_id,
    v.ticket_id AS ticket_id,
    i.created_date AS ticket_created_date,
    v.occurred_at AS occurred_at,
    v.occurred_epoch AS occurred_epoch,
    v.occurred_date AS occurred_date,
    COALESCE(v.sequence, 0) AS sequence,
    v.field AS field,
    v.value AS value,
    v.previous_value AS previous_value,
    v.actor_id AS actor_id,
    COALESCE(v.is_automated, false) AS is_automated
FROM versions AS v
INNER JOIN core_ticket_ids AS i ON i.system = v.system AND i.ticket_id = v.ticket_id
WHERE v.place = v.newest_place
