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
-- One order for all rows, cut by the first place of each key: an ordered window per key costs a sort for every key.
WITH placed AS (
    SELECT
        system,
        ticket_id,
        field,
        value,
        previous_value,
        ROW_NUMBER() OVER (ORDER BY system, ticket_id, field, occurred_at, sequence, event_id) AS place
    FROM core_ticket_events
    WHERE field IN ('priority', 'team', 'status', 'agent')
),

neighbours AS (
    SELECT
        *,
        LAG(value) OVER (ORDER BY place) AS value_above,
        MIN(place) OVER (PARTITION BY system, ticket_id, field) AS first_place
    FROM placed
),

moves AS (
    SELECT
        system,
        ticket_id,
        field,
        value,
        COALESCE(previous_value, CASE WHEN place > first_place THEN value_above END) AS value_before,
        place = first_place AS is_first
    FROM neighbours
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
    MAX(CASE WHEN r.field = 'priority' AND r.is_first THEN COALESCE(r.value_before, r.value) END)
        AS priority_first,
    CAST(SUM(CASE WHEN r.field = 'priority' AND r.rank_after > r.rank_before THEN 1 ELSE 0 END) AS BIGINT)
        AS priority_raises,
    CAST(SUM(CASE WHEN r.field = 'team' AND r.value <> r.value_before THEN 1 ELSE 0 END) AS BIGINT) AS team_changes
FROM ranked AS r
INNER JOIN core_tickets AS t ON t.system = r.system AND t.ticket_id = r.ticket_id
WHERE t.is_counted
GROUP BY r.system, r.ticket_id
