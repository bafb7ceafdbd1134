/*
about = "The customers: since when they are known, and the cohort, country and channel of their first order."
grain = ["customer_hash"]
partition = "first_seen_date"
not_null = ["customer_hash", "first_seen_date", "is_buyer"]

[inputs]
customer_profile = "same"

[columns]
customer_hash = "VARCHAR keyed hash of the customer"
first_seen_date = "DATE local date of the first counted order or ticket"
is_buyer = "BOOLEAN the customer has a counted order"
first_order_date = "DATE local date of the first of them; NULL without"
cohort_month = "DATE first day of its month"
first_country = "VARCHAR its country"
first_sales_channel = "VARCHAR where it was placed"
*/
SELECT
    customer_hash,
    first_seen_date,
    orders > 0 AS is_buyer,
    first_order_date,
    cohort_month,
    first_country,
    first_sales_channel
FROM customer_profile
