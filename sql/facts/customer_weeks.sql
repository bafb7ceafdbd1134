/*
about = """
What every customer bought and was refunded in a week, with the week of the first order: one row per month
that the week has days in. Kept in the month of the week's first day with data."""
grain = ["customer_hash", "activity_week_number", "activity_month"]
partition = "activity_first_date"
scatter = true
not_null = ["customer_hash", "activity_week_number", "activity_month", "activity_first_date", "activity_week", "cohort_week", "cohort_week_number", "orders", "gross_amount", "net_amount"]

[inputs]
fct_orders = "same"
fct_refunds = "same"
customer_first_orders = "up_to"
dates = "up_to"

[columns]
customer_hash = "VARCHAR keyed hash of the customer"
activity_week_number = "BIGINT weeks since that of 1970-01-01"
activity_month = "VARCHAR month of the orders and refunds, YYYY-MM"
activity_first_date = "DATE first day of the week that the data know"
activity_week = "DATE first day of the week"
cohort_week = "DATE first day of the week of the customer's first order"
cohort_week_number = "BIGINT its number"
first_country = "VARCHAR country of the first order; NULL if not delivered"
first_store_id = "VARCHAR store or brand of the first order; NULL if not delivered"
first_sales_channel = "VARCHAR where the first order was placed; NULL if not delivered"
orders = "BIGINT counted orders; 0 if the customer only had a refund"
gross_amount = "DECIMAL(18,4) price of the goods ordered, before discounts, in the job's currency"
net_amount = "DECIMAL(18,4) gross - discounts - goods refunded in the week, in the job's currency"
*/
WITH weeks AS (
    SELECT week_start, week_number, MIN(date) AS first_date
    FROM dates
    GROUP BY week_start, week_number
),
days AS (
    SELECT d.date, SUBSTR(d.month, 1, 7) AS month, w.week_start, w.week_number, w.first_date
    FROM dates AS d
    INNER JOIN weeks AS w
        ON w.week_start = d.week_start
),
entries AS (
    SELECT
        customer_hash,
        created_date AS date,
        CAST(1 AS BIGINT) AS orders,
        COALESCE(job_gross_amount, CAST(0 AS DECIMAL(18,4))) AS gross,
        COALESCE(job_discount_amount, CAST(0 AS DECIMAL(18,4))) AS taken_off
    FROM fct_orders
    WHERE is_counted AND customer_hash IS NOT NULL
    UNION ALL
    SELECT
        customer_hash,
        created_date AS date,
        CAST(0 AS BIGINT) AS orders,
        CAST(0 AS DECIMAL(18,4)) AS gross,
        COALESCE(job_goods_amount, CAST(0 AS DECIMAL(18,4))) AS taken_off
    FROM fct_refunds
    WHERE is_counted AND customer_hash IS NOT NULL
),
customers AS (
    SELECT
        e.customer_hash AS customer_hash,
        d.week_number AS week_number,
        d.week_start AS week_start,
        d.first_date AS first_date,
        d.month AS month,
        CAST(SUM(e.orders) AS BIGINT) AS orders,
        CAST(SUM(e.gross) AS DECIMAL(18,4)) AS gross,
        CAST(SUM(e.taken_off) AS DECIMAL(18,4)) AS taken_off
    FROM entries AS e
    INNER JOIN days AS d
        ON d.date = e.date
    GROUP BY e.customer_hash, d.week_number, d.week_start, d.first_date, d.month
)
SELECT
    c.customer_hash AS customer_hash,
    c.week_number AS activity_week_number,
    c.month AS activity_month,
    c.first_date AS activity_first_date,
    c.week_start AS activity_week,
    w.week_start AS cohort_week,
    w.week_number AS cohort_week_number,
    f.first_country AS first_country,
    f.first_store_id AS first_store_id,
    f.first_sales_channel AS first_sales_channel,
    c.orders AS orders,
    c.gross AS gross_amount,
    CAST(c.gross - c.taken_off AS DECIMAL(18,4)) AS net_amount
FROM customers AS c
INNER JOIN customer_first_orders AS f
    ON f.customer_hash = c.customer_hash
INNER JOIN days AS w
    ON w.date = f.first_order_date
