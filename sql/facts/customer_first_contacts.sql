/*
about = """
What service new customers met: their tickets in the 30 days after the first order, one row per customer and month of
the tickets, kept in the month of the first order."""
grain = ["customer_hash", "contact_month"]
partition = "first_order_date"
scatter = true
settings = ["fast_resolution_hours"]
not_null = [
    "customer_hash", "contact_month", "first_order_date", "contacts", "solved_contacts", "fast_contacts",
    "good_contacts", "bad_contacts",
]

[inputs]
fct_tickets = "same"
customer_first_orders = "-2..0"

[columns]
customer_hash = "VARCHAR keyed hash of the customer"
contact_month = "VARCHAR month of the tickets, YYYY-MM"
first_order_date = "DATE local date of the customer's first counted order"
contacts = "BIGINT counted tickets of the customer, created in the 30 x 24 hours from the first order on"
solved_contacts = "BIGINT of them, solved now"
fast_contacts = "BIGINT of those, solved within fast_resolution_hours (setting) of their creation"
good_contacts = "BIGINT tickets rated good"
bad_contacts = "BIGINT tickets rated bad"
*/
SELECT
    t.customer_hash AS customer_hash,
    SUBSTR(CAST(t.created_date AS VARCHAR), 1, 7) AS contact_month,
    f.first_order_date AS first_order_date,
    CAST(COUNT(*) AS BIGINT) AS contacts,
    CAST(SUM(CASE WHEN t.is_solved THEN 1 ELSE 0 END) AS BIGINT) AS solved_contacts,
    CAST(SUM(
        CASE WHEN t.is_solved AND t.full_resolution_seconds <= s.fast_resolution_hours * 3600 THEN 1 ELSE 0 END
    ) AS BIGINT) AS fast_contacts,
    CAST(SUM(CASE WHEN t.csat_label = 'good' THEN 1 ELSE 0 END) AS BIGINT) AS good_contacts,
    CAST(SUM(CASE WHEN t.csat_label = 'bad' THEN 1 ELSE 0 END) AS BIGINT) AS bad_contacts
FROM fct_tickets AS t
INNER JOIN customer_first_orders AS f ON f.customer_hash = t.customer_hash
CROSS JOIN settings AS s
WHERE t.created_epoch >= f.first_order_epoch AND t.created_epoch < f.first_order_epoch + 30 * 86400
GROUP BY t.customer_hash, SUBSTR(CAST(t.created_date AS VARCHAR), 1, 7), f.first_order_date
