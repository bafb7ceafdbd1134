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
-- One order for all rows, cut by the first place of each key: an ordered window per key costs a sort for every key.
WITH placed AS (
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
        ROW_NUMBER() OVER (ORDER BY e.system, e.ticket_id, e.occurred_at, e.sequence, e.event_id) AS place
    FROM core_ticket_events AS e
    INNER JOIN core_tickets AS t ON t.system = e.system AND t.ticket_id = e.ticket_id
    WHERE e.field = 'status' AND e.value IS NOT NULL AND t.is_counted
),

changes AS (
    SELECT
        *,
        MIN(place) OVER (PARTITION BY system, ticket_id) AS first_place
    FROM placed
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
        first_place AS history,
        CAST(place AS BIGINT) AS step
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
        first_place AS history,
        CAST(0 AS BIGINT) AS step
    FROM changes
    WHERE place = first_place AND from_at > created_at
),

ordered AS (
    SELECT
        s.*,
        c.clock_seconds AS from_clock,
        ROW_NUMBER() OVER (ORDER BY s.history, s.step) AS interval_place
    FROM starts AS s
    LEFT JOIN core_ticket_clock AS c
        ON c.system = s.system AND c.ticket_id = s.ticket_id AND c.epoch = s.from_epoch
),

neighbours AS (
    SELECT
        *,
        MIN(interval_place) OVER (PARTITION BY history) AS first_place,
        MAX(interval_place) OVER (PARTITION BY history) AS last_place,
        LAG(status) OVER (ORDER BY interval_place) AS status_above,
        LEAD(from_at) OVER (ORDER BY interval_place) AS at_below,
        LEAD(from_epoch) OVER (ORDER BY interval_place) AS epoch_below,
        LEAD(from_date) OVER (ORDER BY interval_place) AS date_below,
        LEAD(from_clock) OVER (ORDER BY interval_place) AS clock_below
    FROM ordered
),

intervals AS (
    SELECT
        *,
        interval_place - first_place + 1 AS status_number,
        CASE WHEN interval_place > first_place THEN status_above END AS previous_status,
        CASE WHEN interval_place < last_place THEN at_below END AS to_at,
        CASE WHEN interval_place < last_place THEN epoch_below END AS to_epoch,
        CASE WHEN interval_place < last_place THEN date_below END AS to_date,
        CASE WHEN interval_place < last_place THEN clock_below END AS to_clock
    FROM neighbours
)

SELECT
    system,
    ticket_id,
    CAST(status_number AS BIGINT) AS status_number,
    ticket_created_date,
    status,
    previous_status,
    from_at,
    from_epoch,
    from_date,
    to_at,
    to_epoch,
    to_date,
    to_epoch - from_epoch AS calendar_seconds,
    to_clock - from_clock AS business_seconds,
    status IN ('new', 'open', 'pending', 'hold') AS is_unsolved,
    status IN ('solved', 'closed') AND COALESCE(previous_status, '') NOT IN ('solved', 'closed') AS is_solve,
    status IN ('new', 'open', 'pending', 'hold') AND COALESCE(previous_status, '') IN ('solved', 'closed') AS is_reopen
FROM intervals
