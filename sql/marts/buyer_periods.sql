/*
about = """
How many different customers bought in a week, month or quarter, how many of them for the first time, and how many again.
Different customers cannot be summed over periods: read the row of the period you mean. A quarter that begins before the
first month with data has no row."""
grain = ["period", "period_start", "segment_kind", "segment_value"]
partition = "period_first_date"
not_null = ["period", "period_start", "period_first_date", "segment_kind", "segment_value", "customers", "new_customers", "returning_customers", "repeat_customers", "repeat_purchase_rate", "new_customer_share"]

[accepted_values]
period = ["week", "month", "quarter"]
segment_kind = ["all", "country", "store", "sales_channel"]

[ranges]
repeat_purchase_rate = [0, 1]
new_customer_share = [0, 1]

[inputs]
customer_weeks = "same"
customer_months = "0..2"
calendar = "same"

[columns]
period = "VARCHAR week, month or quarter"
period_start = "DATE first day of the period"
period_first_date = "DATE first day of it that the data know: the month decides where the row is kept"
segment_kind = "VARCHAR 'all' (the whole shop); 'country', 'store' or 'sales_channel' of the customer's first order; sum over one kind only"
segment_value = "VARCHAR 'all', or what the kind says; 'unknown' if not delivered"
customers = "BIGINT customers with a counted order in the period, each once"
new_customers = "BIGINT of them, whose first order falls in the period"
returning_customers = "BIGINT of them, who had ordered before the period = customers - new_customers"
repeat_customers = "BIGINT customers for whom an order of the period was not their first: the returning ones, and the new ones with two or more"
repeat_purchase_rate = "DOUBLE repeat_customers / customers"
new_customer_share = "DOUBLE new_customers / customers"
*/
WITH unit AS (
    SELECT MIN(month_start) AS month_start, MIN(month_number) AS month_number
    FROM calendar
),
-- Of the months counted from year 0 on, every third one begins a quarter.
months AS (
    SELECT c.*, u.month_start AS unit_start, u.month_number AS unit_number
    FROM customer_months AS c
    CROSS JOIN unit AS u
    WHERE c.activity_month_number = u.month_number OR u.month_number % 3 = 0
),
weeks AS (
    SELECT
        customer_hash,
        activity_week AS period_start,
        MIN(activity_first_date) AS period_first_date,
        MAX(first_country) AS country,
        MAX(first_store_id) AS store_id,
        MAX(first_sales_channel) AS sales_channel,
        MAX(CASE WHEN cohort_week_number = activity_week_number THEN 1 ELSE 0 END) AS is_new,
        SUM(orders) AS orders
    FROM customer_weeks
    GROUP BY customer_hash, activity_week
),
buyers AS (
    SELECT 'week' AS period, period_start, period_first_date, country, store_id, sales_channel, is_new, orders
    FROM weeks
    UNION ALL
    SELECT
        'month' AS period,
        unit_start AS period_start,
        unit_start AS period_first_date,
        first_country AS country,
        first_store_id AS store_id,
        first_sales_channel AS sales_channel,
        CASE WHEN cohort_month_number = unit_number THEN 1 ELSE 0 END AS is_new,
        orders
    FROM months
    WHERE activity_month_number = unit_number
    UNION ALL
    SELECT
        'quarter' AS period,
        unit_start AS period_start,
        unit_start AS period_first_date,
        MAX(first_country) AS country,
        MAX(first_store_id) AS store_id,
        MAX(first_sales_channel) AS sales_channel,
        MAX(CASE WHEN cohort_month_number >= unit_number THEN 1 ELSE 0 END) AS is_new,
        SUM(orders) AS orders
    FROM months
    WHERE unit_number % 3 = 0
    GROUP BY customer_hash, unit_start
),
segments AS (
    SELECT *, 'all' AS segment_kind, 'all' AS segment_value FROM buyers
    UNION ALL
    SELECT *, 'country' AS segment_kind, COALESCE(country, 'unknown') AS segment_value FROM buyers
    UNION ALL
    SELECT *, 'store' AS segment_kind, COALESCE(store_id, 'unknown') AS segment_value FROM buyers
    UNION ALL
    SELECT *, 'sales_channel' AS segment_kind, COALESCE(sales_channel, 'unknown') AS segment_value FROM buyers
),
counts AS (
    SELECT
        period,
        period_start,
        MIN(period_first_date) AS period_first_date,
        segment_kind,
        segment_value,
        CAST(COUNT(*) AS BIGINT) AS customers,
        CAST(SUM(is_new) AS BIGINT) AS new_customers,
        CAST(SUM(CASE WHEN is_new = 0 OR orders >= 2 THEN 1 ELSE 0 END) AS BIGINT) AS repeat_customers
    FROM segments
    WHERE orders > 0
    GROUP BY period, period_start, segment_kind, segment_value
)
SELECT
    period,
    period_start,
    period_first_date,
    segment_kind,
    segment_value,
    customers,
    new_customers,
    customers - new_customers AS returning_customers,
    repeat_customers,
    CAST(repeat_customers AS DOUBLE) / CAST(customers AS DOUBLE) AS repeat_purchase_rate,
    CAST(new_customers AS DOUBLE) / CAST(customers AS DOUBLE) AS new_customer_share
FROM counts
