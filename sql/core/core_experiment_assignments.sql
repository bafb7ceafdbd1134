/*
about = "The newest version of every assignment to a variant of an experiment, with whom it concerns."
grain = ["system", "assignment_id"]
partition = "assigned_date"
not_null = ["system", "assignment_id", "experiment_id", "variant", "subject_kind", "assigned_epoch", "assigned_date", "is_control"]

[accepted_values]
subject_kind = ["customer", "ticket"]

[inputs]
stg_experiment_assignments = "same"

[columns]
system = "VARCHAR name space of the ids"
assignment_id = "VARCHAR id of the assignment in its system"
experiment_id = "VARCHAR experiment"
variant = "VARCHAR variant the subject got"
subject_kind = "VARCHAR customer or ticket"
ticket_id = "VARCHAR ticket the assignment names"
customer_hash = "VARCHAR keyed hash of the customer the assignment names"
assigned_epoch = "BIGINT when it was made, seconds since 1970"
assigned_date = "DATE local date of it"
is_control = "BOOLEAN the variant that others are compared with"
expected_share = "DECIMAL(18,4) share of subjects planned for the variant; NULL if not delivered"
*/
-- One order for all rows, then the last place of each key: an ordered window per key costs a sort for every key.
WITH placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER (ORDER BY COALESCE(updated_epoch, assigned_epoch), batch, record_number, item_number) AS place
    FROM stg_experiment_assignments
),
versions AS (
    SELECT *, MAX(place) OVER (PARTITION BY system, assignment_id) AS newest_place
    FROM placed
)
SELECT
    system,
    assignment_id,
    experiment_id,
    variant,
    COALESCE(subject_kind, 'customer') AS subject_kind,
    ticket_id,
    COALESCE(contact_hash, id_hash) AS customer_hash,
    assigned_epoch,
    assigned_date,
    COALESCE(is_control, FALSE) AS is_control,
    expected_share
FROM versions
WHERE place = newest_place
