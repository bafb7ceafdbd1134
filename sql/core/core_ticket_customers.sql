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
core_customers = "up_to"
core_late_customers = "all"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
created_date = "DATE local date of the ticket's creation"
customer_hash = "VARCHAR keyed hash of the customer's identity; NULL where the ticket names nobody"
country = "VARCHAR country on the ticket, else of the customer"
language = "VARCHAR language on the ticket, else of the customer"
*/
WITH requesters AS (
    SELECT system, customer_source_id
    FROM core_tickets
    WHERE customer_source_id IS NOT NULL
    GROUP BY system, customer_source_id
),

known_customers AS (
    SELECT
        system,
        customer_source_id,
        created_date,
        contact_hash,
        country,
        language,
        version_epoch
    FROM core_customers

    UNION ALL

    SELECT
        system,
        customer_source_id,
        created_date,
        contact_hash,
        country,
        language,
        version_epoch
    FROM core_late_customers
),

-- Only those who wrote this month: the customers of all months before it are many more.
candidates AS (
    SELECT
        k.system AS system,
        k.customer_source_id AS customer_source_id,
        k.contact_hash AS contact_hash,
        k.country AS country,
        k.language AS language,
        ROW_NUMBER() OVER (
            ORDER BY
                CASE WHEN k.contact_hash IS NULL THEN 0 ELSE 1 END,
                k.version_epoch,
                COALESCE(CAST(k.created_date AS VARCHAR), '')
        ) AS place
    FROM known_customers AS k
    INNER JOIN requesters AS r ON r.system = k.system AND r.customer_source_id = k.customer_source_id
),

ranked_customers AS (
    SELECT
        *,
        MAX(place) OVER (PARTITION BY system, customer_source_id) AS newest_place
    FROM candidates
),

customers AS (
    SELECT
        system,
        customer_source_id,
        contact_hash,
        country,
        language
    FROM ranked_customers
    WHERE place = newest_place
)

SELECT
    t.system AS system,
    t.ticket_id AS ticket_id,
    t.created_date AS created_date,
    COALESCE(t.contact_hash, c.contact_hash, t.id_hash) AS customer_hash,
    COALESCE(t.country, c.country) AS country,
    COALESCE(t.language, c.language) AS language
FROM core_tickets AS t
LEFT JOIN customers AS c ON c.system = t.system AND c.customer_source_id = t.customer_source_id
