/*
about = "The groups of retention_by_service hold every new customer of the month once."
grain = ["cohort_month", "service_kind"]
partition = "cohort_month"
severity = "error"

[inputs]
retention_by_service = "same"

[columns]
cohort_month = "DATE month at fault"
service_kind = "VARCHAR kind that differs from 'all'"
customers = "BIGINT customers, and those who ordered again, of the kind"
expected = "BIGINT the same of all new customers"
*/
WITH totals AS (
    SELECT cohort_month, service_kind, CAST(SUM(customers + reordering_customers) AS BIGINT) AS customers
    FROM retention_by_service
    GROUP BY cohort_month, service_kind
)
SELECT
    t.cohort_month AS cohort_month,
    t.service_kind AS service_kind,
    t.customers AS customers,
    a.customers AS expected
FROM totals AS t
INNER JOIN totals AS a ON a.cohort_month = t.cohort_month
WHERE a.service_kind = 'all' AND t.customers <> a.customers
