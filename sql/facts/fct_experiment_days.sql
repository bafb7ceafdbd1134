/*
about = "How many subjects each variant got per day, and what came of them: parts that can be added."
grain = ["assigned_date", "experiment_id", "variant"]
partition = "assigned_date"
not_null = [
    "assigned_date", "experiment_id", "variant", "is_control", "subjects", "subjects_with_customer", "converted",
    "repeated", "csat_answers", "csat_good", "fcr_tickets", "fcr_solved",
]

[inputs]
experiment_subjects = "same"
experiment_events = "same"

[columns]
assigned_date = "DATE local date of the assignment"
experiment_id = "VARCHAR experiment"
variant = "VARCHAR variant"
is_control = "BOOLEAN the variant that others are compared with"
expected_share = "DECIMAL(18,4) share of subjects planned for the variant; NULL if not delivered"
subjects = "BIGINT subjects assigned on the date"
subjects_with_customer = "BIGINT of them, whose customer is known: only they can be tied to orders"
converted = "BIGINT of those, with a counted order within experiment_window_days (setting)"
repeated = "BIGINT of those, with two or more"
csat_answers = "BIGINT ratings of the subjects' tickets"
csat_good = "BIGINT of them, good"
fcr_tickets = "BIGINT the subjects' solved tickets of which it is known whether at first contact"
fcr_solved = "BIGINT of them, solved at first contact"
*/
WITH outcomes AS (
    SELECT
        experiment_id,
        subject,
        SUM(orders) AS orders,
        SUM(csat_answers) AS csat_answers,
        SUM(csat_good) AS csat_good,
        SUM(fcr_tickets) AS fcr_tickets,
        SUM(fcr_solved) AS fcr_solved
    FROM experiment_events
    GROUP BY experiment_id, subject
)
SELECT
    s.assigned_date AS assigned_date,
    s.experiment_id AS experiment_id,
    s.variant AS variant,
    MAX(CASE WHEN s.is_control THEN 1 ELSE 0 END) = 1 AS is_control,
    MAX(s.expected_share) AS expected_share,
    CAST(COUNT(*) AS BIGINT) AS subjects,
    CAST(COUNT(s.customer_hash) AS BIGINT) AS subjects_with_customer,
    CAST(SUM(CASE WHEN o.orders >= 1 THEN 1 ELSE 0 END) AS BIGINT) AS converted,
    CAST(SUM(CASE WHEN o.orders >= 2 THEN 1 ELSE 0 END) AS BIGINT) AS repeated,
    CAST(SUM(COALESCE(o.csat_answers, 0)) AS BIGINT) AS csat_answers,
    CAST(SUM(COALESCE(o.csat_good, 0)) AS BIGINT) AS csat_good,
    CAST(SUM(COALESCE(o.fcr_tickets, 0)) AS BIGINT) AS fcr_tickets,
    CAST(SUM(COALESCE(o.fcr_solved, 0)) AS BIGINT) AS fcr_solved
FROM experiment_subjects AS s
LEFT JOIN outcomes AS o
    ON o.experiment_id = s.experiment_id
    AND o.subject = s.subject
GROUP BY s.assigned_date, s.experiment_id, s.variant
