/*
about = "What every customer bought and was refunded in a month, with the cohort the customer belongs to."
grain = ["customer_hash"]
partition = "activity_month"
not_null = ["customer_hash", "activity_month", "activity_month_number", "cohort_month", "cohort_month_number", "orders", "gross_amount", "discount_amount", "refunded_goods_amount", "net_amount"]

[inputs]
fct_orders = "same"
fct_refunds = "same"
customer_first_orders = "same"
customer_months = "before"
calendar = "same"

[columns]
customer_hash = "VARCHAR keyed hash of the customer"
activity_month = "DATE first day of the month"
activity_month_number = "BIGINT the same month as year x 12 + month - 1"
cohort_month = "DATE first day of the month of the customer's first order"
cohort_month_number = "BIGINT the same month as year x 12 + month - 1"
first_country = "VARCHAR country of the customer's first order; NULL if not delivered"
first_store_id = "VARCHAR store or brand of the first order; NULL if not delivered"
first_sales_channel = "VARCHAR where the first order was placed; NULL if not delivered"
orders = "BIGINT counted orders placed in the month; 0 if the customer only had a refund"
first_order_day = "BIGINT day of the first of them in days since 1970-01-01; NULL if the customer only had a refund"
last_order_day = "BIGINT day of the last of them in days since 1970-01-01; NULL if the customer only had a refund"
previous_order_day = "BIGINT day of the customer's last counted order in the months before; NULL if there is none. A customer with orders in any stretch of days is counted once by the row whose previous order lies before the stretch"
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
        COALESCE(o.job_gross_amount, CAST(0 AS DECIMAL(18,4))) AS gross,
        COALESCE(o.job_discount_amount, CAST(0 AS DECIMAL(18,4))) AS discount,
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
        COALESCE(r.job_goods_amount, CAST(0 AS DECIMAL(18,4))) AS refunded
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
),
-- Whose first order lies further back has a row in that month.
earlier AS (
    SELECT
        p.customer_hash AS customer_hash,
        MAX(p.last_order_day) AS previous_order_day,
        MIN(p.cohort_month) AS cohort_month,
        MIN(p.cohort_month_number) AS cohort_month_number,
        MAX(p.first_country) AS first_country,
        MAX(p.first_store_id) AS first_store_id,
        MAX(p.first_sales_channel) AS first_sales_channel
    FROM customer_months AS p
    INNER JOIN customers AS c
        ON c.customer_hash = p.customer_hash
    GROUP BY p.customer_hash
)
SELECT
    c.customer_hash,
    m.month_start AS activity_month,
    m.month_number AS activity_month_number,
    COALESCE(e.cohort_month, f.cohort_month) AS cohort_month,
    COALESCE(e.cohort_month_number, f.cohort_month_number) AS cohort_month_number,
    COALESCE(e.first_country, f.first_country) AS first_country,
    COALESCE(e.first_store_id, f.first_store_id) AS first_store_id,
    COALESCE(e.first_sales_channel, f.first_sales_channel) AS first_sales_channel,
    c.orders,
    c.first_order_day,
    c.last_order_day,
    e.previous_order_day,
    c.gross AS gross_amount,
    c.discount AS discount_amount,
    c.refunded AS refunded_goods_amount,
    CAST(c.gross - c.discount - c.refunded AS DECIMAL(18,4)) AS net_amount
FROM customers AS c
LEFT JOIN customer_first_orders AS f
    ON f.customer_hash = c.customer_hash
LEFT JOIN earlier AS e
    ON e.customer_hash = c.customer_hash
CROSS JOIN this_month AS m
WHERE f.customer_hash IS NOT NULL
    OR e.customer_hash IS NOT NULL
