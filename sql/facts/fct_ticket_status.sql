/*
about = """
Which status a counted ticket was in, from when to when, and for how long. The first interval starts at the creation of the
ticket: where the history begins later, with the value before the first change, else as new. The running interval has
no end."""
grain = ["system", "ticket_id", "status_number"]
partition = "ticket_created_date"
scatter = false
settings = []
not_null = [
    "system", "ticket_id", "status_number", "ticket_created_date", "status", "from_at", "from_epoch", "from_date",
    "is_unsolved", "is_solve", "is_reopen",
]

[inputs]
core_ticket_events = "same"
core_tickets = "same"
core_ticket_clock = "same"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
status_number = "BIGINT place among the ticket's intervals, from 1"
ticket_created_date = "DATE local date of the ticket's creation"
status = "VARCHAR new, open, pending, hold, solved, closed or deleted"
previous_status = "VARCHAR status of the interval before; NULL for the first"
from_at = "TIMESTAMP start, UTC"
from_epoch = "BIGINT start, seconds since 1970"
from_date = "DATE local date of the start"
to_at = "TIMESTAMP end, UTC; NULL while it runs"
to_epoch = "BIGINT end, seconds since 1970; NULL while it runs"
to_date = "DATE local date of the end; NULL while it runs"
calendar_seconds = "BIGINT length, seconds; NULL while it runs"
business_seconds = "BIGINT length, business seconds; NULL while it runs or without a schedule"
is_unsolved = "BOOLEAN status is new, open, pending or hold"
is_solve = "BOOLEAN the ticket became solved here, or closed without having been solved"
is_reopen = "BOOLEAN the ticket came back from solved or closed here"
*/
WITH changes AS (
    SELECT
        e.system AS system,
        e.ticket_id AS ticket_id,
        t.created_date AS ticket_created_date,
        t.created_at AS created_at,
        t.created_epoch AS created_epoch,
        e.value AS status,
        e.previous_value AS previous_value,
        CASE WHEN e.occurred_at < t.created_at THEN t.created_at ELSE e.occurred_at END AS from_at,
        CASE WHEN e.occurred_at < t.created_at THEN t.created_epoch ELSE e.occurred_epoch END AS from_epoch,
        CASE WHEN e.occurred_at < t.created_at THEN t.created_date ELSE e.occurred_date END AS from_date,
        ROW_NUMBER() OVER (
            PARTITION BY e.system, e.ticket_id ORDER BY e.occurred_at, e.sequence, e.event_id
        ) AS change_number
    FROM core_ticket_events AS e
    INNER JOIN core_tickets AS t ON t.system = e.system AND t.ticket_id = e.ticket_id
    WHERE e.field = 'status' AND e.value IS NOT NULL AND t.is_counted
),

starts AS (
    SELECT
        system,
        ticket_id,
        ticket_created_date,
        status,
        from_at,
        from_epoch,
        from_date,
        CAST(change_number AS BIGINT) AS change_number
    FROM changes

    UNION ALL

    SELECT
        system,
        ticket_id,
        ticket_created_date,
        COALESCE(previous_value, 'new') AS status,
        created_at AS from_at,
        created_epoch AS from_epoch,
        ticket_created_date AS from_date,
        CAST(0 AS BIGINT) AS change_number
    FROM changes
    WHERE change_number = 1 AND from_at > created_at
),

intervals AS (
    SELECT
        *,
        ROW_NUMBER() OVER (PARTITION BY system, ticket_id ORDER BY change_number) AS status_number,
        LAG(status) OVER (PARTITION BY system, ticket_id ORDER BY change_number) AS previous_status,
        LEAD(from_at) OVER (PARTITION BY system, ticket_id ORDER BY change_number) AS to_at,
        LEAD(from_epoch) OVER (PARTITION BY system, ticket_id ORDER BY change_number) AS to_epoch,
        LEAD(from_date) OVER (PARTITION BY system, ticket_id ORDER BY change_number) AS to_date
    FROM starts
)

SELECT
    i.system AS system,
    i.ticket_id AS ticket_id,
    CAST(i.status_number AS BIGINT) AS status_number,
    i.ticket_created_date AS ticket_created_date,
    i.status AS status,
    i.previous_status AS previous_status,
    i.from_at AS from_at,
    i.from_epoch AS from_epoch,
    i.from_date AS from_date,
    i.to_at AS to_at,
    i.to_epoch AS to_epoch,
    i.to_date AS to_date,
    i.to_epoch - i.from_epoch AS calendar_seconds,
    c2.clock_seconds - c1.clock_seconds AS business_seconds,
    i.status IN ('new', 'open', 'pending', 'hold') AS is_unsolved,
    i.status IN ('solved', 'closed') AND COALESCE(i.previous_status, '') NOT IN ('solved', 'closed') AS is_solve,
    i.status IN ('new', 'open', 'pending', 'hold') AND COALESCE(i.previous_status, '') IN ('solved', 'closed') AS is_reopen
FROM intervals AS i
LEFT JOIN core_ticket_clock AS c1 ON c1.system = i.system AND c1.ticket_id = i.ticket_id AND c1.epoch = i.from_epoch
LEFT JOIN core_ticket_clock AS c2 ON c2.system = i.system AND c2.ticket_id = i.ticket_id AND c2.epoch = i.to_epoch
