/*
about = """
Which person is behind each ticket: the contact on the ticket, else the customer's, else the id alone. Apart from
the facts so that a change among customers reaches only the tickets it concerns."""
grain = ["system", "ticket_id"]
partition = "created_date"
scatter = false
settings = []
not_null = ["system", "ticket_id", "created_date"]

[inputs]
core_tickets = "same"
core_requester_customers = "same"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
created_date = "DATE local date of the ticket's creation"
customer_hash = "VARCHAR keyed hash of the customer's identity; NULL where the ticket names nobody"
country = "VARCHAR country on the ticket, else of the customer"
language = "VARCHAR language on the ticket, else of the customer"
*/
SELECT
    t.system AS system,
    t.ticket_id AS ticket_id,
    t.created_date AS created_date,
    COALESCE(t.contact_hash, c.contact_hash, t.id_hash) AS customer_hash,
    COALESCE(t.country, c.country) AS country,
    COALESCE(t.language, c.language) AS language
FROM core_tickets AS t
LEFT JOIN core_requester_customers AS c
    ON c.system = t.system AND c.customer_source_id = t.customer_source_id
