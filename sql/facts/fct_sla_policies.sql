/*
about = """
Which service-level policy a counted ticket was under, and at which priority, from each instant at which one of them
changed. A policy applies anew when the priority changes. A ticket whose history names no policy has the job's default
one from its creation, if there is one."""
grain = ["system", "ticket_id", "applied_epoch"]
partition = "ticket_created_date"
scatter = false
settings = []
not_null = ["system", "ticket_id", "applied_epoch", "ticket_created_date", "priority"]

[inputs]
core_tickets = "same"
core_ticket_events = "same"
sla_targets = "all"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
applied_epoch = "BIGINT instant, seconds since 1970: the creation, or a change of policy or priority"
ticket_created_date = "DATE local date of the ticket's creation"
policy = "VARCHAR policy from then on: of two at one instant the later in sequence; NULL where none was applied or it was taken away"
priority = "VARCHAR priority from then on; normal where it had none"
*/
WITH placed AS (
    SELECT
        system,
        ticket_id,
        field,
        value,
        previous_value,
        occurred_epoch,
        CAST(ROW_NUMBER() OVER (ORDER BY occurred_at, sequence, event_id) AS BIGINT) AS place
    FROM core_ticket_events
    WHERE field IN ('sla_policy', 'priority')
),

instants AS (
    SELECT system, ticket_id, created_epoch AS applied_epoch
    FROM core_tickets
    WHERE is_counted

    UNION

    SELECT system, ticket_id, occurred_epoch AS applied_epoch
    FROM placed
),

-- The last change of each by then.
latest AS (
    SELECT
        i.system AS system,
        i.ticket_id AS ticket_id,
        i.applied_epoch AS applied_epoch,
        MAX(CASE WHEN e.field = 'sla_policy' THEN e.place END) AS policy_place,
        MAX(CASE WHEN e.field = 'priority' THEN e.place END) AS priority_place
    FROM instants AS i
    INNER JOIN placed AS e ON e.system = i.system AND e.ticket_id = i.ticket_id
    WHERE e.occurred_epoch <= i.applied_epoch
    GROUP BY i.system, i.ticket_id, i.applied_epoch
),

firsts AS (
    SELECT
        system,
        ticket_id,
        MIN(CASE WHEN field = 'sla_policy' THEN place END) AS policy_place,
        MIN(CASE WHEN field = 'priority' THEN place END) AS priority_place
    FROM placed
    GROUP BY system, ticket_id
),

defaults AS (
    SELECT MIN(policy) AS policy
    FROM sla_targets
    WHERE is_default
)

-- Before the first change of priority, what that change replaced.
SELECT
    i.system AS system,
    i.ticket_id AS ticket_id,
    i.applied_epoch AS applied_epoch,
    t.created_date AS ticket_created_date,
    CASE WHEN f.policy_place IS NULL THEN d.policy ELSE p.value END AS policy,
    CASE
        WHEN l.priority_place IS NOT NULL THEN COALESCE(v.value, 'normal')
        WHEN f.priority_place IS NOT NULL THEN COALESCE(b.previous_value, 'normal')
        ELSE COALESCE(t.priority, 'normal')
    END AS priority
FROM instants AS i
INNER JOIN core_tickets AS t ON t.system = i.system AND t.ticket_id = i.ticket_id
CROSS JOIN defaults AS d
LEFT JOIN latest AS l ON l.system = i.system AND l.ticket_id = i.ticket_id AND l.applied_epoch = i.applied_epoch
LEFT JOIN firsts AS f ON f.system = i.system AND f.ticket_id = i.ticket_id
LEFT JOIN placed AS p ON p.place = l.policy_place
LEFT JOIN placed AS v ON v.place = l.priority_place
LEFT JOIN placed AS b ON b.place = f.priority_place
WHERE t.is_counted
