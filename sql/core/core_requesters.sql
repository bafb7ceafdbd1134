/*
about = """
Whose customer id stands on the month's documents: all tickets, and the orders that give neither e-mail nor phone.
Only for these does anybody look among the customers."""
grain = ["system", "customer_source_id", "requested_date"]
partition = "requested_date"
scatter = false
settings = []
not_null = ["system", "customer_source_id", "requested_date"]

[inputs]
core_tickets = "same"
core_order_ids = "same"

[columns]
system = "VARCHAR name space of the ids"
customer_source_id = "VARCHAR id of the customer in the system"
requested_date = "DATE local date of the month's first such document"
*/
WITH documents AS (
    SELECT system, customer_source_id, created_date
    FROM core_tickets

    UNION ALL

    SELECT system, nameless_customer_id AS customer_source_id, created_date
    FROM core_order_ids
)

SELECT
    system,
    customer_source_id,
    MIN(created_date) AS requested_date
FROM documents
WHERE customer_source_id IS NOT NULL
GROUP BY system, customer_source_id
