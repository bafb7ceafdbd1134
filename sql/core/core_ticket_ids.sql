/*
about = """
Which tickets exist, and in which month. Apart from core_tickets so that events, messages and surveys are sent to
their ticket's month again only when an id appears or vanishes, not whenever a ticket changes."""
grain = ["system", "ticket_id"]
partition = "created_date"
scatter = false
settings = []
not_null = ["system", "ticket_id", "created_date"]

[inputs]
core_tickets = "same"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
created_date = "DATE local date of the ticket's creation"
*/
SELECT
    system,
    ticket_id,
    created_date
FROM core_tickets
