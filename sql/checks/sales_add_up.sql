/*
about = "The sales of a month are equal in the orders, in the days, and (for known customers) in the cohorts."
grain = ["month_start", "problem"]
partition = "month_start"
severity = "error"

[inputs]
fct_orders = "same"
orders_daily = "same"
cohort_retention = "same"
dates = "same"

[columns]
month_start = "DATE first day of the month at fault"
problem = "VARCHAR which tables differ"
orders = "BIGINT counted orders of fct_orders"
orders_elsewhere = "BIGINT the same in the other table"
gross_amount = "DECIMAL(18,4) gross of fct_orders, over all currencies in the first check"
gross_elsewhere = "DECIMAL(18,4) the same in the other table"
*/
WITH months AS (
    SELECT DISTINCT month_start
    FROM dates
),

-- Of the last local day only a part may be delivered: orders_daily ends before it, and so does what it is held to.
all_orders AS (
    SELECT CAST(COUNT(*) AS BIGINT) AS orders, CAST(SUM(o.gross_amount) AS DECIMAL(18,4)) AS gross_amount
    FROM fct_orders AS o
    INNER JOIN dates AS d
        ON d.date = o.created_date
    WHERE o.is_counted
),

days AS (
    SELECT CAST(SUM(counted_orders) AS BIGINT) AS orders, CAST(SUM(gross_amount) AS DECIMAL(18,4)) AS gross_amount
    FROM orders_daily
),

known_orders AS (
    SELECT
        CAST(COUNT(*) AS BIGINT) AS orders,
        CAST(SUM(job_gross_amount) AS DECIMAL(18,4)) AS gross_amount
    FROM fct_orders
    WHERE is_counted AND customer_hash IS NOT NULL
),

cohorts AS (
    SELECT CAST(SUM(orders) AS BIGINT) AS orders, CAST(SUM(gross_amount) AS DECIMAL(18,4)) AS gross_amount
    FROM cohort_retention
    WHERE segment_kind = 'all'
),

cohorts_of_countries AS (
    SELECT CAST(SUM(orders) AS BIGINT) AS orders, CAST(SUM(gross_amount) AS DECIMAL(18,4)) AS gross_amount
    FROM cohort_retention
    WHERE segment_kind = 'country'
),

compared AS (
    SELECT 'orders_daily' AS problem, a.orders, a.gross_amount, b.orders AS orders_elsewhere, b.gross_amount AS gross_elsewhere
    FROM all_orders AS a
    CROSS JOIN days AS b

    UNION ALL

    SELECT 'cohort_retention' AS problem, a.orders, a.gross_amount, b.orders AS orders_elsewhere, b.gross_amount AS gross_elsewhere
    FROM known_orders AS a
    CROSS JOIN cohorts AS b

    UNION ALL

    SELECT 'cohort_retention by country' AS problem, a.orders, a.gross_amount, b.orders AS orders_elsewhere, b.gross_amount AS gross_elsewhere
    FROM known_orders AS a
    CROSS JOIN cohorts_of_countries AS b
)

SELECT
    m.month_start AS month_start,
    c.problem AS problem,
    COALESCE(c.orders, CAST(0 AS BIGINT)) AS orders,
    COALESCE(c.orders_elsewhere, CAST(0 AS BIGINT)) AS orders_elsewhere,
    COALESCE(c.gross_amount, CAST(0 AS DECIMAL(18,4))) AS gross_amount,
    COALESCE(c.gross_elsewhere, CAST(0 AS DECIMAL(18,4))) AS gross_elsewhere
FROM compared AS c
CROSS JOIN months AS m
WHERE
    COALESCE(c.orders, CAST(0 AS BIGINT)) <> COALESCE(c.orders_elsewhere, CAST(0 AS BIGINT))
    OR COALESCE(c.gross_amount, CAST(0 AS DECIMAL(18,4))) <> COALESCE(c.gross_elsewhere, CAST(0 AS DECIMAL(18,4)))
