/*
about = """
What became known of a customer in a month after the one of a document: news of March for who wrote in January. It is
sent to January, so that news rebuilds only the months it concerns, and every month reads only what was known by then."""
grain = ["system", "customer_source_id", "requested_date"]
partition = "requested_date"
scatter = true
settings = []
not_null = ["system", "customer_source_id", "requested_date", "version_epoch"]

[inputs]
core_customers = "same"
core_requesters = "before"

[columns]
system = "VARCHAR name space of the ids"
customer_source_id = "VARCHAR id of the customer in the system"
requested_date = "DATE local date of the customer's first document in the month"
contact_hash = "VARCHAR keyed hash of the newest known e-mail, else phone"
country = "VARCHAR country of the customer"
language = "VARCHAR language of the customer"
version_epoch = "BIGINT age of the version, seconds since 1970"
*/
SELECT
    c.system AS system,
    c.customer_source_id AS customer_source_id,
    r.requested_date AS requested_date,
    c.contact_hash AS contact_hash,
    c.country AS country,
    c.language AS language,
    c.version_epoch AS version_epoch
FROM core_customers AS c
INNER JOIN core_requesters AS r ON r.system = c.system AND r.customer_source_id = c.customer_source_id
