/*
about = """
Which customers have a ticket in a month before the one of their own creation. They are few and rarely change. With
them at hand, tickets read only the customers created up to their month, so that a new customer today does not
rebuild the tickets of past years."""
grain = ["system", "customer_source_id", "created_date"]
partition = "none"
scatter = false
settings = []
not_null = ["system", "customer_source_id", "created_date", "version_epoch"]

[inputs]
core_customers = "all"
core_tickets = "all"

[columns]
system = "VARCHAR name space of the ids"
customer_source_id = "VARCHAR id of the customer in the system"
created_date = "DATE local date of the customer's creation"
contact_hash = "VARCHAR keyed hash of the newest known e-mail, else phone"
country = "VARCHAR country of the customer"
language = "VARCHAR language of the customer"
version_epoch = "BIGINT age of the newest version, seconds since 1970"
*/
WITH first_tickets AS (
    SELECT
        system,
        customer_source_id,
        SUBSTR(CAST(MIN(created_date) AS VARCHAR), 1, 7) AS first_month
    FROM core_tickets
    GROUP BY system, customer_source_id
)

SELECT
    c.system AS system,
    c.customer_source_id AS customer_source_id,
    c.created_date AS created_date,
    c.contact_hash AS contact_hash,
    c.country AS country,
    c.language AS language,
    c.version_epoch AS version_epoch
FROM core_customers AS c
INNER JOIN first_tickets AS t ON t.system = c.system AND t.customer_source_id = c.customer_source_id
WHERE SUBSTR(CAST(c.created_date AS VARCHAR), 1, 7) > t.first_month
