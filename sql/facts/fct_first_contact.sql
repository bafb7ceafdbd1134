/*
about = """
Whether a solved ticket was solved at first contact: one reply of a human agent, never reopened, and no new ticket of
the same customer for the same reason in the days after its solve (setting). Where the reason of either ticket is
unknown or other, any new ticket counts. NULL where replies, reopens or the customer are not known. A row may still turn
to false until the window has passed: first_contact_daily says when."""
grain = ["system", "ticket_id"]
partition = "solved_date"
scatter = false
settings = ["fcr_window_days"]
not_null = ["system", "ticket_id", "solved_date"]

[inputs]
fct_ticket_solves = "same"
fct_tickets = "0..1"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
solved_date = "DATE local date of the last solve"
channel = "VARCHAR channel of the ticket"
team_id = "VARCHAR team of the ticket"
agent_id = "VARCHAR agent the ticket is assigned to"
contact_reason = "VARCHAR why the customer wrote"
next_system = "VARCHAR system of the first new ticket that undoes the solution; NULL without one"
next_ticket_id = "VARCHAR id of that ticket"
is_first_contact = "BOOLEAN solved at first contact; NULL where it cannot be told"
*/
-- The window is at most 27 days long, so the month after the solve is enough.
WITH returns AS (
    SELECT
        s.system AS system,
        s.ticket_id AS ticket_id,
        n.system AS next_system,
        n.ticket_id AS next_ticket_id,
        ROW_NUMBER() OVER (ORDER BY n.created_epoch, n.system, n.ticket_id) AS place
    FROM fct_ticket_solves AS s
    INNER JOIN fct_tickets AS n ON n.customer_hash = s.customer_hash
    CROSS JOIN settings AS o
    WHERE n.created_epoch > s.solved_epoch
        AND n.created_epoch - s.solved_epoch <= o.fcr_window_days * 86400
        AND (
            COALESCE(n.contact_reason, 'other') = COALESCE(s.contact_reason, 'other')
            OR COALESCE(n.contact_reason, 'other') = 'other'
            OR COALESCE(s.contact_reason, 'other') = 'other'
        )
),

ranked AS (
    SELECT
        *,
        MIN(place) OVER (PARTITION BY system, ticket_id) AS first_place
    FROM returns
),

first_returns AS (
    SELECT system, ticket_id, next_system, next_ticket_id
    FROM ranked
    WHERE place = first_place
)

SELECT
    s.system AS system,
    s.ticket_id AS ticket_id,
    s.solved_date AS solved_date,
    s.channel AS channel,
    s.team_id AS team_id,
    s.agent_id AS agent_id,
    s.contact_reason AS contact_reason,
    r.next_system AS next_system,
    r.next_ticket_id AS next_ticket_id,
    CASE
        WHEN s.replies IS NOT NULL AND s.reopens IS NOT NULL AND s.customer_hash IS NOT NULL
            THEN s.replies = 1 AND s.reopens = 0 AND r.next_ticket_id IS NULL
    END AS is_first_contact
FROM fct_ticket_solves AS s
LEFT JOIN first_returns AS r ON r.system = s.system AND r.ticket_id = s.ticket_id
