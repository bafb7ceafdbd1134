/*
about = "The customers whose first purchase falls in the month: their cohort, and how they came."
grain = ["customer_hash"]
partition = "first_order_date"
not_null = ["customer_hash", "first_order_date", "first_order_epoch", "first_order_system", "first_order_id", "cohort_month", "cohort_month_number"]

[inputs]
fct_orders = "same"
customer_first_orders = "before"
calendar = "same"

[columns]
customer_hash = "VARCHAR keyed hash of the customer"
first_order_date = "DATE local date of the first counted order; of orders in the same second, the one first by system and id"
first_order_epoch = "BIGINT when it was placed, seconds since 1970"
first_order_system = "VARCHAR system of that order"
first_order_id = "VARCHAR id of that order"
cohort_month = "DATE first day of the month of the first order"
cohort_month_number = "BIGINT the same month as year x 12 + month - 1"
first_country = "VARCHAR country of the first order; NULL if not delivered"
first_sales_channel = "VARCHAR where the first order was placed; NULL if not delivered"
first_store_id = "VARCHAR store or brand of the first order; NULL if not delivered"
*/
WITH this_month AS (
    SELECT month_start, month_number
    FROM calendar
    GROUP BY month_start, month_number
),
-- One order for all rows, cut by the first place of each key: an ordered window per key costs a sort for every key.
placed AS (
    SELECT
        o.customer_hash,
        o.created_date,
        o.system,
        o.order_id,
        o.country,
        o.sales_channel,
        o.store_id,
        o.created_epoch,
        m.month_start,
        m.month_number,
        ROW_NUMBER() OVER (ORDER BY o.created_epoch, o.system, o.order_id) AS place
    FROM fct_orders AS o
    CROSS JOIN this_month AS m
    WHERE o.is_counted
        AND o.customer_hash IS NOT NULL
),
ranked AS (
    SELECT *, MIN(place) OVER (PARTITION BY customer_hash) AS first_place
    FROM placed
),
purchases AS (
    SELECT *
    FROM ranked
    WHERE place = first_place
),
known AS (
    SELECT p.customer_hash
    FROM purchases AS p
    INNER JOIN customer_first_orders AS f
        ON p.customer_hash = f.customer_hash
)
SELECT
    p.customer_hash,
    p.created_date AS first_order_date,
    p.created_epoch AS first_order_epoch,
    p.system AS first_order_system,
    p.order_id AS first_order_id,
    p.month_start AS cohort_month,
    p.month_number AS cohort_month_number,
    p.country AS first_country,
    p.sales_channel AS first_sales_channel,
    p.store_id AS first_store_id
FROM purchases AS p
LEFT JOIN known AS k
    ON p.customer_hash = k.customer_hash
WHERE k.customer_hash IS NULL
