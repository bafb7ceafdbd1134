/*
about = "The customers who ordered or wrote for the first time in the month: it decides where their profile is kept."
grain = ["customer_hash"]
partition = "first_seen_date"
not_null = ["customer_hash", "first_seen_date"]

[inputs]
fct_orders = "same"
fct_tickets = "same"
customer_first_seen = "before"

[columns]
customer_hash = "VARCHAR keyed hash of the customer"
first_seen_date = "DATE local date of the first counted order or ticket"
*/
WITH seen AS (
    SELECT customer_hash, created_date
    FROM fct_orders
    WHERE is_counted
    UNION ALL
    SELECT customer_hash, created_date
    FROM fct_tickets
),
customers AS (
    SELECT customer_hash, MIN(created_date) AS first_seen_date
    FROM seen
    WHERE customer_hash IS NOT NULL
    GROUP BY customer_hash
),
known AS (
    SELECT c.customer_hash
    FROM customers AS c
    INNER JOIN customer_first_seen AS f
        ON c.customer_hash = f.customer_hash
)
SELECT
    c.customer_hash,
    c.first_seen_date
FROM customers AS c
LEFT JOIN known AS k
    ON c.customer_hash = k.customer_hash
WHERE k.customer_hash IS NULL
