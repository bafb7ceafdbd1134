/*
about = """
How a counted ticket moved between priorities and teams, from its history. Tickets without any event have no row: what
happened to them is unknown, not nothing."""
grain = ["system", "ticket_id"]
partition = "created_date"
scatter = false
settings = []
not_null = ["system", "ticket_id", "created_date", "priority_raises", "team_changes"]

[inputs]
core_tickets = "same"
core_ticket_events = "same"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
created_date = "DATE local date of the ticket's creation"
priority_first = "VARCHAR priority at first; NULL where the history names none"
priority_raises = "BIGINT times the priority went up"
team_changes = "BIGINT times the ticket went from one team to another"
*/
WITH moves AS (
    SELECT
        system,
        ticket_id,
        field,
        value,
        COALESCE(previous_value, LAG(value) OVER (
            PARTITION BY system, ticket_id, field ORDER BY occurred_at, sequence, event_id
        )) AS value_before,
        ROW_NUMBER() OVER (
            PARTITION BY system, ticket_id, field ORDER BY occurred_at, sequence, event_id
        ) AS move_number
    FROM core_ticket_events
    WHERE field IN ('priority', 'team', 'status', 'agent')
),

ranked AS (
    SELECT
        *,
        CASE value WHEN 'low' THEN 1 WHEN 'normal' THEN 2 WHEN 'high' THEN 3 WHEN 'urgent' THEN 4 END AS rank_after,
        CASE value_before WHEN 'low' THEN 1 WHEN 'normal' THEN 2 WHEN 'high' THEN 3 WHEN 'urgent' THEN 4 END
            AS rank_before
    FROM moves
)

SELECT
    r.system AS system,
    r.ticket_id AS ticket_id,
    MAX(t.created_date) AS created_date,
    MAX(CASE WHEN r.field = 'priority' AND r.move_number = 1 THEN COALESCE(r.value_before, r.value) END)
        AS priority_first,
    CAST(SUM(CASE WHEN r.field = 'priority' AND r.rank_after > r.rank_before THEN 1 ELSE 0 END) AS BIGINT)
        AS priority_raises,
    CAST(SUM(CASE WHEN r.field = 'team' AND r.value <> r.value_before THEN 1 ELSE 0 END) AS BIGINT) AS team_changes
FROM ranked AS r
INNER JOIN core_tickets AS t ON t.system = r.system AND t.ticket_id = r.ticket_id
WHERE t.is_counted
GROUP BY r.system, r.ticket_id
