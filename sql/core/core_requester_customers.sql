/*
about = "What is known today of each customer whose id stands on the month's documents."
grain = ["system", "customer_source_id"]
partition = "requested_date"
scatter = false
settings = []
not_null = ["system", "customer_source_id", "requested_date"]

[inputs]
core_requesters = "same"
core_customers = "up_to"
core_late_customers = "same"

[columns]
system = "VARCHAR name space of the ids"
customer_source_id = "VARCHAR id of the customer in the system"
requested_date = "DATE local date of the month's first document"
contact_hash = "VARCHAR keyed hash of the newest known e-mail, else phone"
country = "VARCHAR country of the customer"
language = "VARCHAR language of the customer"
*/
-- Cut to the month's requesters first: the customers of all months before are many more.
WITH news AS (
    SELECT
        r.system AS system,
        r.customer_source_id AS customer_source_id,
        r.requested_date AS requested_date,
        k.contact_hash AS contact_hash,
        k.country AS country,
        k.language AS language,
        k.version_epoch AS version_epoch,
        0 AS is_late,
        COALESCE(CAST(k.version_date AS VARCHAR), '') AS version_day
    FROM core_requesters AS r
    INNER JOIN core_customers AS k ON k.system = r.system AND k.customer_source_id = r.customer_source_id

    UNION ALL

    SELECT
        system,
        customer_source_id,
        requested_date,
        contact_hash,
        country,
        language,
        version_epoch,
        1 AS is_late,
        '' AS version_day
    FROM core_late_customers
),

-- One order for all rows, then the last place of each key: an ordered window per key costs a sort for every key.
placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER (ORDER BY version_epoch, is_late, version_day) AS place
    FROM news
),

ranked AS (
    SELECT *, MAX(place) OVER (PARTITION BY system, customer_source_id) AS newest_place
    FROM placed
)

SELECT
    system,
    customer_source_id,
    requested_date,
    contact_hash,
    country,
    language
FROM ranked
WHERE place = newest_place
