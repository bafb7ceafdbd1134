/*
about = """
What service each new customer met in the 30 days after the first order, and whether an order followed within 90 days.
The worst of several contacts decides: one that is not solved, else one solved slowly; one rated bad, else one rated good."""
grain = ["customer_hash"]
partition = "first_order_date"
not_null = ["customer_hash", "first_order_date", "cohort_month", "contacts", "speed", "satisfaction", "reorders"]

[accepted_values]
speed = ["no_contact", "solved_fast", "solved_slowly", "not_solved"]
satisfaction = ["no_contact", "satisfied", "dissatisfied", "not_rated"]

[inputs]
customer_first_orders = "same"
customer_first_contacts = "same"
customer_reorders = "same"

[columns]
customer_hash = "VARCHAR keyed hash of the customer"
first_order_date = "DATE local date of the customer's first counted order"
cohort_month = "DATE first day of the month of the first order"
first_country = "VARCHAR country of the first order; NULL if not delivered"
contacts = "BIGINT counted tickets in the 30 x 24 hours from the first order on"
speed = "VARCHAR no_contact; solved_fast: every contact solved within fast_resolution_hours (setting); solved_slowly: every one solved; not_solved"
satisfaction = "VARCHAR no_contact; dissatisfied: a contact rated bad; satisfied: one rated good and none bad; not_rated"
reorders = "BIGINT further counted orders in the 90 x 24 hours after the first one"
seconds_to_reorder = "BIGINT seconds from the first order to the next; NULL if none came within 90 days"
*/
WITH contacts AS (
    SELECT
        customer_hash,
        SUM(contacts) AS contacts,
        SUM(solved_contacts) AS solved,
        SUM(fast_contacts) AS fast,
        SUM(good_contacts) AS good,
        SUM(bad_contacts) AS bad
    FROM customer_first_contacts
    GROUP BY customer_hash
),
reorders AS (
    SELECT
        customer_hash,
        CAST(SUM(reorders) AS BIGINT) AS reorders,
        MIN(seconds_to_reorder) AS seconds_to_reorder
    FROM customer_reorders
    GROUP BY customer_hash
)
SELECT
    f.customer_hash AS customer_hash,
    f.first_order_date AS first_order_date,
    f.cohort_month AS cohort_month,
    f.first_country AS first_country,
    CAST(COALESCE(c.contacts, 0) AS BIGINT) AS contacts,
    CASE
        WHEN c.customer_hash IS NULL THEN 'no_contact'
        WHEN c.fast = c.contacts THEN 'solved_fast'
        WHEN c.solved = c.contacts THEN 'solved_slowly'
        ELSE 'not_solved'
    END AS speed,
    CASE
        WHEN c.customer_hash IS NULL THEN 'no_contact'
        WHEN c.bad > 0 THEN 'dissatisfied'
        WHEN c.good > 0 THEN 'satisfied'
        ELSE 'not_rated'
    END AS satisfaction,
    COALESCE(r.reorders, CAST(0 AS BIGINT)) AS reorders,
    r.seconds_to_reorder AS seconds_to_reorder
FROM customer_first_orders AS f
LEFT JOIN contacts AS c ON c.customer_hash = f.customer_hash
LEFT JOIN reorders AS r ON r.customer_hash = f.customer_hash
