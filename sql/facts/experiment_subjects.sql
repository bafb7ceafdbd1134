/*
about = """
Who takes part in which experiment since when: the first assignment of every subject. A later one, also to another
variant, changes nothing, so that nobody counts twice."""
grain = ["experiment_id", "subject"]
partition = "assigned_date"
not_null = ["experiment_id", "subject", "subject_kind", "variant", "is_control", "assigned_epoch", "assigned_date"]

[inputs]
core_experiment_assignments = "same"
experiment_subjects = "before"
core_ticket_customers = "-1..1"

[columns]
experiment_id = "VARCHAR experiment"
subject = "VARCHAR hash of the customer, or system and id of the ticket"
subject_kind = "VARCHAR customer or ticket"
variant = "VARCHAR variant of the first assignment; of two in the same second, the one with the lower id"
is_control = "BOOLEAN the variant that others are compared with"
expected_share = "DECIMAL(18,4) share of subjects planned for the variant; NULL if not delivered"
assigned_epoch = "BIGINT when it was made, seconds since 1970"
assigned_date = "DATE local date of it"
ticket_system = "VARCHAR system of the ticket; NULL for customers"
ticket_id = "VARCHAR ticket; NULL for customers"
customer_hash = "VARCHAR keyed hash of the customer: the ticket's, else the one the assignment names"
*/
WITH assignments AS (
    SELECT
        a.experiment_id AS experiment_id,
        CASE WHEN a.subject_kind = 'ticket' THEN a.system || '/' || a.ticket_id ELSE a.customer_hash END AS subject,
        a.subject_kind AS subject_kind,
        a.variant AS variant,
        a.is_control AS is_control,
        a.expected_share AS expected_share,
        a.assigned_epoch AS assigned_epoch,
        a.assigned_date AS assigned_date,
        CASE WHEN a.subject_kind = 'ticket' THEN a.system END AS ticket_system,
        CASE WHEN a.subject_kind = 'ticket' THEN a.ticket_id END AS ticket_id,
        a.customer_hash AS named_hash,
        ROW_NUMBER() OVER (ORDER BY a.assigned_epoch, a.system, a.assignment_id) AS place
    FROM core_experiment_assignments AS a
    WHERE (a.subject_kind = 'ticket' AND a.ticket_id IS NOT NULL)
        OR (a.subject_kind = 'customer' AND a.customer_hash IS NOT NULL)
),
ranked AS (
    SELECT *, MIN(place) OVER (PARTITION BY experiment_id, subject) AS first_place
    FROM assignments
),
first_assignments AS (
    SELECT *
    FROM ranked
    WHERE place = first_place
),
known AS (
    SELECT s.experiment_id AS experiment_id, s.subject AS subject
    FROM experiment_subjects AS s
    INNER JOIN first_assignments AS a
        ON a.experiment_id = s.experiment_id
        AND a.subject = s.subject
)
SELECT
    a.experiment_id AS experiment_id,
    a.subject AS subject,
    a.subject_kind AS subject_kind,
    a.variant AS variant,
    a.is_control AS is_control,
    a.expected_share AS expected_share,
    a.assigned_epoch AS assigned_epoch,
    a.assigned_date AS assigned_date,
    a.ticket_system AS ticket_system,
    a.ticket_id AS ticket_id,
    COALESCE(c.customer_hash, a.named_hash) AS customer_hash
FROM first_assignments AS a
LEFT JOIN known AS k
    ON k.experiment_id = a.experiment_id
    AND k.subject = a.subject
LEFT JOIN core_ticket_customers AS c
    ON c.system = a.ticket_system
    AND c.ticket_id = a.ticket_id
WHERE k.subject IS NULL
