/*
about = """
The waits that had a target, cut into the spans in which their clock ran: one span, but for requester wait and agent work,
which pause by status. The target is that of the policy and priority in force when the wait ended, or now while it runs. Spans are measured in open or calendar seconds, as the policy says; without business hours to measure by, a wait
has no row."""
grain = ["system", "ticket_id", "metric", "run_number", "from_epoch"]
partition = "ticket_created_date"
scatter = false
settings = []
not_null = ["system", "ticket_id", "metric", "run_number", "ticket_created_date", "from_epoch", "from_value", "seconds", "target_seconds", "policy", "priority", "is_business_hours"]

[ranges]
seconds = [0, 1e12]

[inputs]
fct_sla_waits = "same"
fct_sla_policies = "same"
fct_ticket_status = "same"
core_ticket_clock = "same"
sla_targets = "all"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
metric = "VARCHAR first_reply, next_reply, periodic_update, requester_wait, agent_work or resolution"
run_number = "BIGINT place among the ticket's waits of this metric"
ticket_created_date = "DATE local date of the ticket's creation"
from_epoch = "BIGINT start of the span, seconds since 1970"
to_epoch = "BIGINT end of the span, seconds since 1970; NULL while it runs"
from_value = "BIGINT what the policy's clock shows at the start: the instant, or open seconds of the schedule"
seconds = "BIGINT length by the policy's clock; 0 while it runs"
run_ended_epoch = "BIGINT end of the whole wait, seconds since 1970; NULL while it runs"
policy = "VARCHAR the policy's name"
priority = "VARCHAR priority that set the target"
is_business_hours = "BOOLEAN measured in open seconds"
target_seconds = "BIGINT the target"
*/
WITH placed AS (
    SELECT
        system,
        ticket_id,
        applied_epoch,
        policy,
        priority,
        ROW_NUMBER() OVER (ORDER BY system, ticket_id, applied_epoch) AS place
    FROM fct_sla_policies
),

policies AS (
    SELECT
        *,
        MAX(place) OVER (PARTITION BY system, ticket_id) AS last_place,
        LEAD(applied_epoch) OVER (ORDER BY place) AS epoch_below
    FROM placed
),

runs AS (
    SELECT
        w.system AS system,
        w.ticket_id AS ticket_id,
        w.metric AS metric,
        w.run_number AS run_number,
        w.ticket_created_date AS ticket_created_date,
        w.from_epoch AS from_epoch,
        w.ended_epoch AS ended_epoch,
        p.policy AS policy,
        p.priority AS priority,
        g.is_business_hours AS is_business_hours,
        g.target_seconds AS target_seconds
    FROM fct_sla_waits AS w
    INNER JOIN policies AS p ON p.system = w.system AND p.ticket_id = w.ticket_id
    INNER JOIN sla_targets AS g ON g.policy = p.policy AND g.metric = w.metric AND g.priority = p.priority
    WHERE (w.ended_epoch IS NULL OR w.ended_epoch >= p.applied_epoch)
        AND (p.place = p.last_place OR w.ended_epoch < p.epoch_below)
),

spans AS (
    SELECT *, from_epoch AS span_from, ended_epoch AS span_to
    FROM runs
    WHERE metric NOT IN ('requester_wait', 'agent_work')

    UNION ALL

    SELECT r.*, s.from_epoch AS span_from, s.to_epoch AS span_to
    FROM runs AS r
    INNER JOIN fct_ticket_status AS s ON s.system = r.system AND s.ticket_id = r.ticket_id
    WHERE (r.metric IN ('requester_wait', 'agent_work') AND s.status IN ('new', 'open'))
        OR (r.metric = 'requester_wait' AND s.status = 'hold')
),

valued AS (
    SELECT
        s.*,
        CASE WHEN s.is_business_hours THEN c1.clock_seconds ELSE s.span_from END AS from_value,
        CASE WHEN s.is_business_hours THEN c2.clock_seconds ELSE s.span_to END AS to_value
    FROM spans AS s
    LEFT JOIN core_ticket_clock AS c1 ON c1.system = s.system AND c1.ticket_id = s.ticket_id AND c1.epoch = s.span_from
    LEFT JOIN core_ticket_clock AS c2 ON c2.system = s.system AND c2.ticket_id = s.ticket_id AND c2.epoch = s.span_to
)

-- Two changes at one instant leave a span of no length, which says nothing.
SELECT
    system,
    ticket_id,
    metric,
    run_number,
    ticket_created_date,
    span_from AS from_epoch,
    span_to AS to_epoch,
    from_value,
    COALESCE(to_value - from_value, CAST(0 AS BIGINT)) AS seconds,
    ended_epoch AS run_ended_epoch,
    policy,
    priority,
    is_business_hours,
    target_seconds
FROM valued
WHERE from_value IS NOT NULL
    AND (metric NOT IN ('requester_wait', 'agent_work') OR span_to IS NULL OR span_to > span_from)
