/*
about = "Every buyer has one profile, and the profiles hold every order of a known customer once."
grain = ["problem"]
partition = "none"
severity = "error"

[inputs]
customer_profile = "all"
fct_cohort_cells = "all"

[columns]
problem = "VARCHAR what differs"
profiles = "BIGINT buyers and orders of customer_profile"
cohorts = "BIGINT the same of fct_cohort_cells"
*/
WITH profiles AS (
    SELECT
        CAST(COALESCE(SUM(CASE WHEN orders > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS buyers,
        CAST(COALESCE(SUM(orders), 0) AS BIGINT) AS orders
    FROM customer_profile
),
cohorts AS (
    SELECT
        CAST(COALESCE(SUM(CASE WHEN activity_month_number = cohort_month_number THEN customers ELSE 0 END), 0) AS BIGINT) AS buyers,
        CAST(COALESCE(SUM(orders), 0) AS BIGINT) AS orders
    FROM fct_cohort_cells
    WHERE segment_kind = 'all'
)
SELECT 'buyers' AS problem, p.buyers AS profiles, c.buyers AS cohorts
FROM profiles AS p
CROSS JOIN cohorts AS c
WHERE p.buyers <> c.buyers
UNION ALL
SELECT 'orders' AS problem, p.orders AS profiles, c.orders AS cohorts
FROM profiles AS p
CROSS JOIN cohorts AS c
WHERE p.orders <> c.orders
