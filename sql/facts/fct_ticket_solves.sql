/*
about = """
Counted tickets that are solved now, kept in the month of their last solve: what fct_first_contact compares with the
tickets that came after."""
grain = ["system", "ticket_id"]
partition = "solved_date"
scatter = true
settings = []
not_null = ["system", "ticket_id", "solved_date", "solved_epoch"]

[inputs]
fct_tickets = "same"
fct_ticket_status = "same"
core_tickets = "same"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
solved_date = "DATE local date of the last solve"
solved_epoch = "BIGINT last solve, seconds since 1970"
customer_hash = "VARCHAR keyed hash of the customer's identity"
contact_reason = "VARCHAR why the customer wrote"
channel = "VARCHAR channel of the ticket"
team_id = "VARCHAR team of the ticket"
agent_id = "VARCHAR agent the ticket is assigned to"
replies = "BIGINT replies of human agents; NULL where they cannot be counted"
reopens = "BIGINT times the ticket came back; NULL without a status history"
*/
WITH solves AS (
    SELECT system, ticket_id, MAX(from_epoch) AS epoch
    FROM fct_ticket_status
    WHERE is_solve
    GROUP BY system, ticket_id
)

SELECT
    t.system AS system,
    t.ticket_id AS ticket_id,
    t.last_solved_date AS solved_date,
    COALESCE(s.epoch, c.vendor_solved_epoch) AS solved_epoch,
    t.customer_hash AS customer_hash,
    t.contact_reason AS contact_reason,
    t.channel AS channel,
    t.team_id AS team_id,
    t.agent_id AS agent_id,
    t.replies AS replies,
    t.reopens AS reopens
FROM fct_tickets AS t
INNER JOIN core_tickets AS c ON c.system = t.system AND c.ticket_id = t.ticket_id
LEFT JOIN solves AS s ON s.system = t.system AND s.ticket_id = t.ticket_id
WHERE t.is_solved AND t.last_solved_date IS NOT NULL AND COALESCE(s.epoch, c.vendor_solved_epoch) IS NOT NULL
