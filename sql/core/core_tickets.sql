/*
about = """
Which version of each ticket holds: the newest delivered one. Deleted, spam, test and merged tickets stay here with
is_counted = false and go no further; a merged ticket is counted through the ticket that survived the merge."""
grain = ["system", "ticket_id"]
partition = "created_date"
scatter = false
settings = []
not_null = ["system", "ticket_id", "created_at", "created_epoch", "created_date", "status", "is_counted"]

[inputs]
stg_tickets = "same"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
created_at = "TIMESTAMP creation of the ticket, UTC"
created_epoch = "BIGINT creation, seconds since 1970"
created_date = "DATE local date of the creation"
updated_at = "TIMESTAMP last change of the ticket, UTC"
updated_epoch = "BIGINT last change, seconds since 1970"
updated_date = "DATE local date of the last change"
status = "VARCHAR new, open, pending, hold, solved, closed or deleted"
channel = "VARCHAR channel the ticket came in through"
priority = "VARCHAR low, normal, high or urgent"
ticket_type = "VARCHAR type given by the helpdesk"
team_id = "VARCHAR team the ticket is with"
agent_id = "VARCHAR agent the ticket is assigned to"
opened_by_id = "VARCHAR id of whoever opened the ticket"
brand_id = "VARCHAR brand or store"
country = "VARCHAR country on the ticket"
language = "VARCHAR language on the ticket"
contact_reason = "VARCHAR why the customer wrote"
schedule_id = "VARCHAR business schedule named on the ticket itself"
order_id = "VARCHAR order it is about, as the ticket carries it"
product_id = "VARCHAR product it is about, as the ticket carries it"
customer_source_id = "VARCHAR id of the requester in the system"
contact_hash = "VARCHAR keyed hash of the requester's e-mail or phone, as the ticket carries it"
id_hash = "VARCHAR keyed hash of the requester's id"
csat_label = "VARCHAR good, bad or offered, as the ticket carries it"
csat_score = "DECIMAL(18,4) satisfaction score on the ticket, on the scale 1 to 5"
handle_seconds = "BIGINT agent effort as exported, seconds"
vendor_first_response_seconds = "BIGINT first response time as exported, seconds"
vendor_full_resolution_seconds = "BIGINT full resolution time as exported, seconds"
vendor_first_response_at = "TIMESTAMP first response as exported, UTC"
vendor_first_response_epoch = "BIGINT first response as exported, seconds since 1970"
vendor_first_response_date = "DATE local date of the first response as exported"
vendor_solved_at = "TIMESTAMP solution as exported, UTC"
vendor_solved_epoch = "BIGINT solution as exported, seconds since 1970"
vendor_solved_date = "DATE local date of the solution as exported"
is_counted = "BOOLEAN false for deleted, spam, test and merged tickets"
batch = "VARCHAR delivered file that holds this version"
record_number = "BIGINT record of that file"
*/
-- One order for all rows, then the last place of each key: an ordered window per key costs a sort for every key.
WITH placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER (ORDER BY COALESCE(updated_epoch, created_epoch), batch, record_number, item_number) AS place
    FROM stg_tickets
),

versions AS (
    SELECT
        *,
        MAX(place) OVER (PARTITION BY system, ticket_id) AS newest_place
    FROM placed
)

SELECT
    system,
    ticket_id,
    created_at,
    created_epoch,
    created_date,
    updated_at,
    updated_epoch,
    updated_date,
    status,
    channel,
    priority,
    ticket_type,
    team_id,
    agent_id,
    opened_by_id,
    brand_id,
    country,
    language,
    contact_reason,
    schedule_id,
    order_id,
    product_id,
    customer_source_id,
    contact_hash,
    id_hash,
    csat_label,
    csat_score,
    handle_seconds,
    vendor_first_response_seconds,
    vendor_full_resolution_seconds,
    vendor_first_response_at,
    vendor_first_response_epoch,
    vendor_first_response_date,
    vendor_solved_at,
    vendor_solved_epoch,
    vendor_solved_date,
    status <> 'deleted' AND NOT is_spam AND NOT is_test AND NOT is_merged AS is_counted,
    batch,
    record_number
FROM versions
WHERE place = newest_place
