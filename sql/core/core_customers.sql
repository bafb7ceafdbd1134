/*
about = """
Who a helpdesk's customer ids are: the newest version of each customer, with the newest known e-mail or phone (as a
keyed hash), for an e-mail that was removed later still tells the same person."""
grain = ["system", "customer_source_id"]
partition = "created_date"
scatter = false
settings = []
not_null = ["system", "customer_source_id", "version_epoch"]

[inputs]
stg_customers = "same"

[columns]
system = "VARCHAR name space of the ids"
customer_source_id = "VARCHAR id of the customer in the system"
created_date = "DATE local date of the customer's creation; NULL where the source has none"
contact_hash = "VARCHAR keyed hash of the newest known e-mail, else phone"
country = "VARCHAR country of the customer"
language = "VARCHAR language of the customer"
version_epoch = "BIGINT age of the newest version, seconds since 1970; 0 where the source has none"
*/
WITH dated AS (
    SELECT
        *,
        COALESCE(updated_epoch, created_epoch, CAST(0 AS BIGINT)) AS version_epoch
    FROM stg_customers
),

-- One order for all rows, then the last place of each key: an ordered window per key costs a sort for every key.
placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER (ORDER BY version_epoch, batch, record_number, item_number) AS place
    FROM dated
),

versions AS (
    SELECT
        *,
        MAX(place) OVER (PARTITION BY system, customer_source_id) AS newest_place,
        MAX(CASE WHEN contact_hash IS NOT NULL THEN place END) OVER (PARTITION BY system, customer_source_id)
            AS newest_contact_place
    FROM placed
),

newest_contacts AS (
    SELECT
        system,
        customer_source_id,
        contact_hash
    FROM versions
    WHERE place = newest_contact_place
)

SELECT
    v.system AS system,
    v.customer_source_id AS customer_source_id,
    v.created_date AS created_date,
    c.contact_hash AS contact_hash,
    v.country AS country,
    v.language AS language,
    v.version_epoch AS version_epoch
FROM versions AS v
LEFT JOIN newest_contacts AS c ON c.system = v.system AND c.customer_source_id = v.customer_source_id
WHERE v.place = v.newest_place
