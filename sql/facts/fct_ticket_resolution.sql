/*
about = """
How a counted ticket was solved: first and last solve, reopens, and the time in each group of statuses. Times come from
the status history; a ticket without one takes the helpdesk's own solution, for first and last alike, and says so in
resolution_source. Only ended intervals are summed, so that an open ticket does not change from day to day."""
grain = ["system", "ticket_id"]
partition = "created_date"
scatter = false
settings = []
not_null = ["system", "ticket_id", "created_date", "resolution_source", "is_solved"]

[inputs]
core_tickets = "same"
fct_ticket_status = "same"
core_ticket_clock = "same"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
created_date = "DATE local date of the ticket's creation"
resolution_source = "VARCHAR events (the status history), vendor (as exported) or none"
is_solved = "BOOLEAN the ticket is solved or closed now"
first_solved_at = "TIMESTAMP first solve, else close, UTC"
first_solved_date = "DATE local date of the first solve"
first_resolution_seconds = "BIGINT creation to first solve, seconds"
first_resolution_business_seconds = "BIGINT creation to first solve, business seconds"
last_solved_at = "TIMESTAMP last solve, else close, UTC; kept when the ticket is open again"
last_solved_date = "DATE local date of the last solve"
full_resolution_seconds = "BIGINT creation to last solve, seconds; NULL while the ticket is not solved"
full_resolution_business_seconds = "BIGINT creation to last solve, business seconds; NULL while the ticket is not solved"
reopens = "BIGINT times the ticket came back from solved or closed; NULL without a status history"
requester_wait_seconds = "BIGINT time in new, open and hold, seconds"
requester_wait_business_seconds = "BIGINT time in new, open and hold, business seconds"
agent_work_seconds = "BIGINT time in new and open, seconds"
agent_work_business_seconds = "BIGINT time in new and open, business seconds"
agent_wait_seconds = "BIGINT time in pending, seconds"
agent_wait_business_seconds = "BIGINT time in pending, business seconds"
on_hold_seconds = "BIGINT time in hold, seconds"
on_hold_business_seconds = "BIGINT time in hold, business seconds"
*/
WITH histories AS (
    SELECT
        system,
        ticket_id,
        MIN(CASE WHEN is_solve THEN from_at END) AS first_at,
        MIN(CASE WHEN is_solve THEN from_epoch END) AS first_epoch,
        MIN(CASE WHEN is_solve THEN from_date END) AS first_date,
        MAX(CASE WHEN is_solve THEN from_at END) AS last_at,
        MAX(CASE WHEN is_solve THEN from_epoch END) AS last_epoch,
        MAX(CASE WHEN is_solve THEN from_date END) AS last_date,
        SUM(CASE WHEN is_reopen THEN 1 ELSE 0 END) AS reopens,
        SUM(CASE WHEN status IN ('new', 'open') THEN calendar_seconds END) AS work_seconds,
        SUM(CASE WHEN status IN ('new', 'open') THEN business_seconds END) AS work_business,
        SUM(CASE WHEN status = 'pending' THEN calendar_seconds END) AS pending_seconds,
        SUM(CASE WHEN status = 'pending' THEN business_seconds END) AS pending_business,
        SUM(CASE WHEN status = 'hold' THEN calendar_seconds END) AS hold_seconds,
        SUM(CASE WHEN status = 'hold' THEN business_seconds END) AS hold_business
    FROM fct_ticket_status
    GROUP BY system, ticket_id
),

solutions AS (
    SELECT
        t.system AS system,
        t.ticket_id AS ticket_id,
        t.created_date AS created_date,
        t.created_epoch AS created_epoch,
        CASE
            WHEN h.ticket_id IS NOT NULL THEN 'events'
            WHEN t.vendor_solved_at IS NOT NULL OR t.vendor_full_resolution_seconds IS NOT NULL THEN 'vendor'
            ELSE 'none'
        END AS resolution_source,
        t.status IN ('solved', 'closed') AS is_solved,
        CASE WHEN h.ticket_id IS NOT NULL THEN h.first_at ELSE t.vendor_solved_at END AS first_solved_at,
        CASE WHEN h.ticket_id IS NOT NULL THEN h.first_epoch ELSE t.vendor_solved_epoch END AS first_solved_epoch,
        CASE WHEN h.ticket_id IS NOT NULL THEN h.first_date ELSE t.vendor_solved_date END AS first_solved_date,
        CASE WHEN h.ticket_id IS NOT NULL THEN h.last_at ELSE t.vendor_solved_at END AS last_solved_at,
        CASE WHEN h.ticket_id IS NOT NULL THEN h.last_epoch ELSE t.vendor_solved_epoch END AS last_solved_epoch,
        CASE WHEN h.ticket_id IS NOT NULL THEN h.last_date ELSE t.vendor_solved_date END AS last_solved_date,
        CASE WHEN h.ticket_id IS NULL THEN t.vendor_full_resolution_seconds END AS exported_seconds,
        h.ticket_id IS NOT NULL AS has_history,
        CAST(h.reopens AS BIGINT) AS reopens,
        CAST(COALESCE(h.work_seconds, 0) AS BIGINT) AS work_seconds,
        CAST(COALESCE(h.work_business, 0) AS BIGINT) AS work_business,
        CAST(COALESCE(h.pending_seconds, 0) AS BIGINT) AS pending_seconds,
        CAST(COALESCE(h.pending_business, 0) AS BIGINT) AS pending_business,
        CAST(COALESCE(h.hold_seconds, 0) AS BIGINT) AS hold_seconds,
        CAST(COALESCE(h.hold_business, 0) AS BIGINT) AS hold_business
    FROM core_tickets AS t
    LEFT JOIN histories AS h ON h.system = t.system AND h.ticket_id = t.ticket_id
    WHERE t.is_counted
),

clocked AS (
    SELECT
        s.*,
        s.has_history AND c0.clock_seconds IS NOT NULL AS has_business_history,
        c1.clock_seconds - c0.clock_seconds AS first_business,
        c2.clock_seconds - c0.clock_seconds AS last_business
    FROM solutions AS s
    LEFT JOIN core_ticket_clock AS c0
        ON c0.system = s.system AND c0.ticket_id = s.ticket_id AND c0.epoch = s.created_epoch
    LEFT JOIN core_ticket_clock AS c1
        ON c1.system = s.system AND c1.ticket_id = s.ticket_id AND c1.epoch = s.first_solved_epoch
    LEFT JOIN core_ticket_clock AS c2
        ON c2.system = s.system AND c2.ticket_id = s.ticket_id AND c2.epoch = s.last_solved_epoch
)

SELECT
    system,
    ticket_id,
    created_date,
    resolution_source,
    is_solved,
    first_solved_at,
    first_solved_date,
    COALESCE(exported_seconds, first_solved_epoch - created_epoch) AS first_resolution_seconds,
    first_business AS first_resolution_business_seconds,
    last_solved_at,
    last_solved_date,
    CASE WHEN is_solved THEN COALESCE(exported_seconds, last_solved_epoch - created_epoch) END
        AS full_resolution_seconds,
    CASE WHEN is_solved THEN last_business END AS full_resolution_business_seconds,
    reopens,
    CASE WHEN has_history THEN work_seconds + hold_seconds END AS requester_wait_seconds,
    CASE WHEN has_business_history THEN work_business + hold_business END AS requester_wait_business_seconds,
    CASE WHEN has_history THEN work_seconds END AS agent_work_seconds,
    CASE WHEN has_business_history THEN work_business END AS agent_work_business_seconds,
    CASE WHEN has_history THEN pending_seconds END AS agent_wait_seconds,
    CASE WHEN has_business_history THEN pending_business END AS agent_wait_business_seconds,
    CASE WHEN has_history THEN hold_seconds END AS on_hold_seconds,
    CASE WHEN has_business_history THEN hold_business END AS on_hold_business_seconds
FROM clocked
