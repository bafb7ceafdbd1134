/*
about = """
What changed the number of unsolved tickets on each day: created, come back, and gone (solved, closed or deleted).
Backlog at the end of a day is the sum of net over all days up to it. A ticket without a status history counts as gone
on the date of its exported solution, else of its last change, if it is solved now."""
grain = ["date", "system", "channel", "team_id", "ticket_month"]
partition = "date"
scatter = true
settings = []
not_null = ["date", "system", "channel", "team_id", "ticket_month", "created", "reopened", "gone", "net"]

[inputs]
core_tickets = "same"
fct_tickets = "same"
fct_ticket_status = "same"

[columns]
date = "DATE local date of the change"
system = "VARCHAR name space of the ids"
channel = "VARCHAR channel of the ticket; unknown where it has none"
team_id = "VARCHAR team of the ticket; unknown where it has none"
ticket_month = "VARCHAR month (YYYY-MM) of the tickets' creation"
created = "BIGINT tickets created"
reopened = "BIGINT times a ticket became unsolved again"
gone = "BIGINT times a ticket was solved, closed or deleted"
net = "BIGINT created + reopened - gone"
*/
WITH steps AS (
    SELECT
        system,
        ticket_id,
        from_date AS date,
        CASE WHEN status_number = 1 THEN 1 ELSE 0 END AS created,
        CASE
            WHEN is_unsolved AND COALESCE(previous_status, 'new') NOT IN ('new', 'open', 'pending', 'hold') THEN 1 ELSE 0
        END AS reopened,
        CASE
            WHEN NOT is_unsolved AND COALESCE(previous_status, 'new') IN ('new', 'open', 'pending', 'hold') THEN 1 ELSE 0
        END AS gone
    FROM fct_ticket_status

    UNION ALL

    SELECT
        system,
        ticket_id,
        created_date AS date,
        1 AS created,
        0 AS reopened,
        0 AS gone
    FROM fct_tickets
    WHERE resolution_source <> 'events'

    UNION ALL

    SELECT
        f.system AS system,
        f.ticket_id AS ticket_id,
        COALESCE(f.last_solved_date, t.updated_date, t.created_date) AS date,
        0 AS created,
        0 AS reopened,
        1 AS gone
    FROM fct_tickets AS f
    INNER JOIN core_tickets AS t ON t.system = f.system AND t.ticket_id = f.ticket_id
    WHERE f.resolution_source <> 'events' AND f.is_solved
)

SELECT
    s.date AS date,
    s.system AS system,
    COALESCE(t.channel, 'unknown') AS channel,
    COALESCE(t.team_id, 'unknown') AS team_id,
    SUBSTR(CAST(t.created_date AS VARCHAR), 1, 7) AS ticket_month,
    CAST(SUM(s.created) AS BIGINT) AS created,
    CAST(SUM(s.reopened) AS BIGINT) AS reopened,
    CAST(SUM(s.gone) AS BIGINT) AS gone,
    CAST(SUM(s.created + s.reopened - s.gone) AS BIGINT) AS net
FROM steps AS s
INNER JOIN fct_tickets AS t ON t.system = s.system AND t.ticket_id = s.ticket_id
WHERE s.created + s.reopened + s.gone > 0
GROUP BY
    s.date,
    s.system,
    COALESCE(t.channel, 'unknown'),
    COALESCE(t.team_id, 'unknown'),
    SUBSTR(CAST(t.created_date AS VARCHAR), 1, 7)
