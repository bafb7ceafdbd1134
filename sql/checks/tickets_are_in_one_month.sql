/*
about = """
A ticket stands in one month: its creation must not move to another month from one delivery to the next, or it would
count twice. Deliver the older file again with the new creation."""
grain = ["system", "ticket_id", "other_date"]
partition = "created_date"
severity = "error"

[inputs]
core_tickets = "same"
core_ticket_ids = "-1..1"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR ticket at fault"
created_date = "DATE local date of its creation in this month"
other_date = "DATE the same in a month beside it"
*/
SELECT
    t.system AS system,
    t.ticket_id AS ticket_id,
    t.created_date AS created_date,
    i.created_date AS other_date
FROM core_tickets AS t
INNER JOIN core_ticket_ids AS i ON i.system = t.system AND i.ticket_id = t.ticket_id
WHERE i.created_date <> t.created_date
