/*
about = """
What became known of a customer, month by month: a row where the newest version of the month tells another contact,
country or language than all months before. A contact that was removed later still tells the same person. So a
customer who is delivered again and again unchanged changes nothing, and the last row is what is known today."""
grain = ["system", "customer_source_id", "version_date"]
partition = "version_date"
scatter = false
settings = []
not_null = ["system", "customer_source_id", "version_epoch"]

[inputs]
stg_customers = "same"
core_customers = "before"

[columns]
system = "VARCHAR name space of the ids"
customer_source_id = "VARCHAR id of the customer in the system"
version_date = "DATE local date of the month's newest version; NULL where the source has none"
contact_hash = "VARCHAR keyed hash of the newest known e-mail, else phone"
country = "VARCHAR country of the customer"
language = "VARCHAR language of the customer"
version_epoch = "BIGINT age of the version, seconds since 1970; 0 where the source has none"
*/
WITH dated AS (
    SELECT
        system,
        customer_source_id,
        COALESCE(updated_date, created_date) AS version_date,
        contact_hash,
        country,
        language,
        COALESCE(updated_epoch, created_epoch, CAST(0 AS BIGINT)) AS version_epoch,
        batch,
        record_number,
        item_number
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

contacts AS (
    SELECT system, customer_source_id, contact_hash
    FROM versions
    WHERE place = newest_contact_place
),

newest AS (
    SELECT system, customer_source_id, version_date, country, language, version_epoch
    FROM versions
    WHERE place = newest_place
),

earlier AS (
    SELECT
        k.system AS system,
        k.customer_source_id AS customer_source_id,
        k.contact_hash AS contact_hash,
        k.country AS country,
        k.language AS language,
        ROW_NUMBER() OVER (ORDER BY k.version_epoch, COALESCE(CAST(k.version_date AS VARCHAR), '')) AS place
    FROM core_customers AS k
    INNER JOIN newest AS n ON n.system = k.system AND n.customer_source_id = k.customer_source_id
),

ranked AS (
    SELECT *, MAX(place) OVER (PARTITION BY system, customer_source_id) AS newest_place
    FROM earlier
),

known AS (
    SELECT system, customer_source_id, contact_hash, country, language
    FROM ranked
    WHERE place = newest_place
),

compared AS (
    SELECT
        n.system AS system,
        n.customer_source_id AS customer_source_id,
        n.version_date AS version_date,
        COALESCE(c.contact_hash, k.contact_hash) AS contact_hash,
        n.country AS country,
        n.language AS language,
        n.version_epoch AS version_epoch,
        k.customer_source_id IS NULL
            OR COALESCE(c.contact_hash, k.contact_hash, '') <> COALESCE(k.contact_hash, '')
            OR COALESCE(n.country, '') <> COALESCE(k.country, '')
            OR COALESCE(n.language, '') <> COALESCE(k.language, '') AS is_news
    FROM newest AS n
    LEFT JOIN contacts AS c ON c.system = n.system AND c.customer_source_id = n.customer_source_id
    LEFT JOIN known AS k ON k.system = n.system AND k.customer_source_id = n.customer_source_id
)

SELECT
    system,
    customer_source_id,
    version_date,
    contact_hash,
    country,
    language,
    version_epoch
FROM compared
WHERE is_news
