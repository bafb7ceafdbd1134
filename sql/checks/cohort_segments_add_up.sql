/*
about = "The segments of every kind hold each customer of a cohort's month once, and their sales."
grain = ["cohort_month", "activity_month", "segment_kind"]
partition = "activity_month"
severity = "error"

[inputs]
fct_cohort_cells = "same"

[columns]
cohort_month = "DATE cohort at fault"
activity_month = "DATE month of the activity"
segment_kind = "VARCHAR kind that differs from 'all'"
customers = "BIGINT customers of the kind"
expected_customers = "BIGINT customers of the cohort"
net_amount = "DECIMAL(18,4) net of the kind"
expected_net_amount = "DECIMAL(18,4) net of the cohort"
*/
WITH totals AS (
    SELECT
        cohort_month,
        activity_month,
        segment_kind,
        CAST(SUM(customers) AS BIGINT) AS customers,
        CAST(SUM(net_amount) AS DECIMAL(18,4)) AS net_amount
    FROM fct_cohort_cells
    GROUP BY cohort_month, activity_month, segment_kind
)
SELECT
    t.cohort_month AS cohort_month,
    t.activity_month AS activity_month,
    t.segment_kind AS segment_kind,
    t.customers AS customers,
    a.customers AS expected_customers,
    t.net_amount AS net_amount,
    a.net_amount AS expected_net_amount
FROM totals AS t
INNER JOIN totals AS a
    ON a.cohort_month = t.cohort_month
    AND a.activity_month = t.activity_month
WHERE a.segment_kind = 'all'
    AND (t.customers <> a.customers OR t.net_amount <> a.net_amount)
