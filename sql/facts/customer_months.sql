/*
about = "What every customer bought and was refunded in a month, with the cohort the customer belongs to."
grain = ["customer_hash"]
partition = "activity_month"
not_null = ["customer_hash", "activity_month", "activity_month_number", "cohort_month", "cohort_month_number", "orders", "gross_amount", "discount_amount", "refunded_goods_amount", "net_amount"]

[inputs]
fct_orders = "same"
fct_refunds = "same"
customer_first_orders = "up_to"
calendar = "same"

[columns]
customer_hash = "VARCHAR keyed hash of the customer"
activity_month = "DATE first day of the month"
activity_month_number = "BIGINT the same month as year x 12 + month - 1"
cohort_month = "DATE first day of the month of the customer's first order"
cohort_month_number = "BIGINT the same month as year x 12 + month - 1"
first_country = "VARCHAR country of the customer's first order; NULL if not delivered"
orders = "BIGINT counted orders placed in the month; 0 if the customer only had a refund"
first_order_day = "BIGINT day of the first of them in days since 1970-01-01; NULL if the customer only had a refund"
last_order_day = "BIGINT day of the last of them in days since 1970-01-01; NULL if the customer only had a refund"
gross_amount = "DECIMAL(18,4) price of the goods ordered, before discounts, in the job's currency"
discount_amount = "DECIMAL(18,4) discounts on those orders, in the job's currency"
refunded_goods_amount = "DECIMAL(18,4) goods refunded in the month, by refund date, in the job's currency"
net_amount = "DECIMAL(18,4) gross - discounts - refunded goods, in the job's currency"
*/
WITH this_month AS (
    SELECT month_start, month_number
    FROM calendar
    GROUP BY month_start, month_number
),
entries AS (
    SELECT
        o.customer_hash,
        CAST(1 AS BIGINT) AS orders,
        d.day_number,
        CASE WHEN o.is_job_currency THEN o.gross_amount ELSE CAST(0 AS DECIMAL(18,4)) END AS gross,
        CASE WHEN o.is_job_currency THEN o.discount_amount ELSE CAST(0 AS DECIMAL(18,4)) END AS discount,
        CAST(0 AS DECIMAL(18,4)) AS refunded
    FROM fct_orders AS o
    LEFT JOIN calendar AS d
        ON o.created_date = d.date
    WHERE o.is_counted
    UNION ALL
    SELECT
        r.customer_hash,
        CAST(0 AS BIGINT) AS orders,
        CAST(NULL AS BIGINT) AS day_number,
        CAST(0 AS DECIMAL(18,4)) AS gross,
        CAST(0 AS DECIMAL(18,4)) AS discount,
        CASE WHEN r.is_job_currency THEN r.goods_amount ELSE CAST(0 AS DECIMAL(18,4)) END AS refunded
    FROM fct_refunds AS r
    WHERE r.is_counted
),
customers AS (
    SELECT
        customer_hash,
        CAST(SUM(orders) AS BIGINT) AS orders,
        MIN(day_number) AS first_order_day,
        MAX(day_number) AS last_order_day,
        CAST(SUM(gross) AS DECIMAL(18,4)) AS gross,
        CAST(SUM(discount) AS DECIMAL(18,4)) AS discount,
        CAST(SUM(refunded) AS DECIMAL(18,4)) AS refunded
    FROM entries
    WHERE customer_hash IS NOT NULL
    GROUP BY customer_hash
)
SELECT
    c.customer_hash,
    m.month_start AS activity_month,
    m.month_number AS activity_month_number,
    f.cohort_month,
    f.cohort_month_number,
    f.first_country,
    c.orders,
    c.first_order_day,
    c.last_order_day,
    c.gross AS gross_amount,
    c.discount AS discount_amount,
    c.refunded AS refunded_goods_amount,
    CAST(c.gross - c.discount - c.refunded AS DECIMAL(18,4)) AS net_amount
FROM customers AS c
INNER JOIN customer_first_orders AS f
    ON c.customer_hash = f.customer_hash
CROSS JOIN this_month AS m
