/*
about = "Per experiment, variant and metric: how many could succeed, how many did, and the same of the control beside it."
grain = ["experiment_id", "variant", "metric"]
partition = "none"
not_null = ["experiment_id", "variant", "metric", "is_control", "n", "successes", "variant_subjects"]

[accepted_values]
metric = ["conversion", "repeat_purchase", "csat", "fcr"]

[inputs]
fct_experiment_days = "all"

[columns]
experiment_id = "VARCHAR experiment"
variant = "VARCHAR variant"
metric = "VARCHAR conversion, repeat_purchase, csat or fcr"
is_control = "BOOLEAN the variant that others are compared with"
expected_share = "DECIMAL(18,4) share of subjects planned for the variant; NULL if not delivered"
variant_subjects = "BIGINT subjects of the variant"
last_assigned_date = "DATE local date of the variant's last assignment"
n = "BIGINT subjects with a known customer, for csat the ratings, for fcr the solved tickets"
successes = "BIGINT of them, those who ordered, ordered twice or more, rated good, or were solved at first contact"
control_n = "BIGINT n of the control; NULL for the control itself, and without exactly one control"
control_successes = "BIGINT successes of the control"
*/
WITH variants AS (
    SELECT
        experiment_id,
        variant,
        MAX(CASE WHEN is_control THEN 1 ELSE 0 END) = 1 AS is_control,
        MAX(expected_share) AS expected_share,
        MAX(assigned_date) AS last_assigned_date,
        CAST(SUM(subjects) AS BIGINT) AS subjects,
        CAST(SUM(subjects_with_customer) AS BIGINT) AS with_customer,
        CAST(SUM(converted) AS BIGINT) AS converted,
        CAST(SUM(repeated) AS BIGINT) AS repeated,
        CAST(SUM(csat_answers) AS BIGINT) AS csat_answers,
        CAST(SUM(csat_good) AS BIGINT) AS csat_good,
        CAST(SUM(fcr_tickets) AS BIGINT) AS fcr_tickets,
        CAST(SUM(fcr_solved) AS BIGINT) AS fcr_solved
    FROM fct_experiment_days
    GROUP BY experiment_id, variant
),
metrics AS (
    SELECT *, 'conversion' AS metric, with_customer AS n, converted AS successes FROM variants
    UNION ALL
    SELECT *, 'repeat_purchase' AS metric, with_customer AS n, repeated AS successes FROM variants
    UNION ALL
    SELECT *, 'csat' AS metric, csat_answers AS n, csat_good AS successes FROM variants
    UNION ALL
    SELECT *, 'fcr' AS metric, fcr_tickets AS n, fcr_solved AS successes FROM variants
),
controls AS (
    SELECT
        experiment_id,
        metric,
        MAX(n) AS n,
        MAX(successes) AS successes,
        CAST(COUNT(*) AS BIGINT) AS controls
    FROM metrics
    WHERE is_control
    GROUP BY experiment_id, metric
)
SELECT
    m.experiment_id AS experiment_id,
    m.variant AS variant,
    m.metric AS metric,
    m.is_control AS is_control,
    m.expected_share AS expected_share,
    m.subjects AS variant_subjects,
    m.last_assigned_date AS last_assigned_date,
    m.n AS n,
    m.successes AS successes,
    CASE WHEN NOT m.is_control AND c.controls = 1 THEN c.n END AS control_n,
    CASE WHEN NOT m.is_control AND c.controls = 1 THEN c.successes END AS control_successes
FROM metrics AS m
LEFT JOIN controls AS c
    ON c.experiment_id = m.experiment_id
    AND c.metric = m.metric
