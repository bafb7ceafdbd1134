/*
about = """
Retention of customers per week and quarter: retention_rate, which has the months, for other periods. A week is kept in
the month of its last day and a quarter in its third month, and from then on they are here. A window shorter than a
quarter gives no quarters, since a customer could be won and lost within one."""
grain = ["period", "period_start", "segment_kind", "segment_value"]
partition = "month_start"
settings = ["active_window_days"]
not_null = [
    "period", "period_start", "month_start", "period_end", "is_complete", "segment_kind", "segment_value",
    "customers_at_start", "customers_at_end", "new_customers", "first_time_customers", "reactivated_customers",
    "retained_customers", "lost_customers",
]

[accepted_values]
period = ["week", "quarter"]

[ranges]
retention_rate = [0, 1]
churn_rate = [0, 1]

[inputs]
customer_months = "-26..0"
dates = "-2..0"
calendar = "same"

[columns]
period = "VARCHAR week or quarter"
period_start = "DATE first day of the period; of a quarter in which the data begin, that of their first month"
month_start = "DATE first day of the month the row is kept in"
period_end = "DATE last day counted: the period's last, or the last day of data in the running one"
is_complete = "BOOLEAN the data reach the end of the period"
segment_kind = "VARCHAR 'all' (the whole shop) or 'country'; sum over one kind only"
segment_value = "VARCHAR 'all', or the country of the customer's first order ('unknown' if not delivered)"
customers_at_start = "BIGINT customers with a counted order in the active_window_days (setting, 31 to 730 days) before the period"
customers_at_end = "BIGINT the same on period_end, that day included"
new_customers = "BIGINT customers at the end who were none at the start: first-time and reactivated"
first_time_customers = "BIGINT of these, whose first counted order falls in the period"
reactivated_customers = "BIGINT of these, who had ordered before, but not within the window"
retained_customers = "BIGINT customers at the start who still are at the end = customers_at_end - new_customers"
lost_customers = "BIGINT customers at the start who no longer are at the end = customers_at_start - retained_customers"
retention_rate = "DOUBLE (customers_at_end - new_customers) / customers_at_start, share from 0 to 1; NULL without customers at the start"
churn_rate = "DOUBLE lost_customers / customers_at_start = 1 - retention_rate; NULL without customers at the start"
*/
WITH unit AS (
    SELECT MAX(month_number) AS month_number, MAX(month_start) AS month_start
    FROM calendar
),

known_weeks AS (
    SELECT
        d.week_start AS period_start,
        d.week_end AS week_end,
        MIN(d.day_number) AS first_day,
        MAX(d.day_number) AS last_day,
        MAX(d.date) AS period_end
    FROM dates AS d
    GROUP BY d.week_start, d.week_end
),

known_quarters AS (
    SELECT
        MIN(d.month_start) AS period_start,
        MAX(d.month_end) AS quarter_end,
        MAX(d.month_number) AS month_number,
        MIN(d.day_number) AS first_day,
        MAX(d.day_number) AS last_day,
        MAX(d.date) AS period_end
    FROM dates AS d
),

-- Of the months counted from year 0 on, every third one ends a quarter. A month without a complete day has no row yet.
periods AS (
    SELECT 'week' AS period, w.period_start, w.first_day, w.last_day, w.period_end, w.period_end = w.week_end AS is_complete
    FROM known_weeks AS w
    INNER JOIN calendar AS c ON c.date = w.week_end

    UNION ALL

    SELECT 'quarter' AS period, q.period_start, q.first_day, q.last_day, q.period_end, q.period_end = q.quarter_end AS is_complete
    FROM known_quarters AS q
    INNER JOIN unit AS u ON u.month_number = q.month_number
    CROSS JOIN settings AS s
    WHERE q.month_number % 3 = 2 AND s.active_window_days >= 92
),

windows AS (
    SELECT p.*, p.first_day - s.active_window_days AS start_since, p.last_day + 1 - s.active_window_days AS end_since
    FROM periods AS p
    CROSS JOIN settings AS s
),

-- One row per customer and month of orders.
orders AS (
    SELECT
        COALESCE(first_country, 'unknown') AS country,
        COALESCE(previous_order_day, CAST(-1 AS BIGINT)) AS previous_day,
        first_order_day AS first_day,
        last_order_day AS last_day
    FROM customer_months
    WHERE last_order_day IS NOT NULL
),

-- Customers with an order since a day: those whose last order of a month is not before it, less those of them counted by
-- an earlier month, whose previous order is not before it either. So days are summed and no customer is looked up.
days AS (
    SELECT country, last_day AS day, CAST(COUNT(*) AS BIGINT) AS customers
    FROM orders
    GROUP BY country, last_day

    UNION ALL

    SELECT country, previous_day AS day, CAST(0 AS BIGINT) - CAST(COUNT(*) AS BIGINT) AS customers
    FROM orders
    GROUP BY country, previous_day
),

-- What is taken off again: who came only later than the instant asked about.
entries AS (
    SELECT
        w.period AS period,
        w.period_start AS period_start,
        d.country AS country,
        CASE WHEN d.day >= w.start_since THEN d.customers ELSE 0 END AS at_start,
        CASE WHEN d.day >= w.end_since THEN d.customers ELSE 0 END AS at_end,
        CAST(0 AS BIGINT) AS is_new,
        CAST(0 AS BIGINT) AS is_first_time
    FROM days AS d
    CROSS JOIN windows AS w
    WHERE d.day >= w.start_since

    UNION ALL

    SELECT
        w.period AS period,
        w.period_start AS period_start,
        o.country AS country,
        CASE WHEN o.previous_day < w.start_since THEN -1 ELSE 0 END AS at_start,
        CASE WHEN o.first_day > w.last_day AND o.previous_day < w.end_since THEN -1 ELSE 0 END AS at_end,
        CASE WHEN o.first_day <= w.last_day AND o.previous_day < w.start_since THEN 1 ELSE 0 END AS is_new,
        CASE WHEN o.first_day <= w.last_day AND o.previous_day = -1 THEN 1 ELSE 0 END AS is_first_time
    FROM orders AS o
    CROSS JOIN windows AS w
    WHERE o.first_day >= w.first_day
),

countries AS (
    SELECT
        period,
        period_start,
        country,
        CAST(SUM(at_start) AS BIGINT) AS customers_at_start,
        CAST(SUM(at_end) AS BIGINT) AS customers_at_end,
        CAST(SUM(is_new) AS BIGINT) AS new_customers,
        CAST(SUM(is_first_time) AS BIGINT) AS first_time_customers
    FROM entries
    GROUP BY period, period_start, country
    HAVING SUM(at_start + at_end) > 0
),

segments AS (
    SELECT *, 'all' AS segment_kind, 'all' AS segment_value FROM countries
    UNION ALL
    SELECT *, 'country' AS segment_kind, country AS segment_value FROM countries
),

counts AS (
    SELECT
        period,
        period_start,
        segment_kind,
        segment_value,
        CAST(SUM(customers_at_start) AS BIGINT) AS customers_at_start,
        CAST(SUM(customers_at_end) AS BIGINT) AS customers_at_end,
        CAST(SUM(new_customers) AS BIGINT) AS new_customers,
        CAST(SUM(first_time_customers) AS BIGINT) AS first_time_customers,
        CAST(SUM(customers_at_end - new_customers) AS BIGINT) AS retained_customers
    FROM segments
    GROUP BY period, period_start, segment_kind, segment_value
)

SELECT
    c.period AS period,
    c.period_start AS period_start,
    u.month_start AS month_start,
    p.period_end AS period_end,
    p.is_complete AS is_complete,
    c.segment_kind AS segment_kind,
    c.segment_value AS segment_value,
    c.customers_at_start AS customers_at_start,
    c.customers_at_end AS customers_at_end,
    c.new_customers AS new_customers,
    c.first_time_customers AS first_time_customers,
    c.new_customers - c.first_time_customers AS reactivated_customers,
    c.retained_customers AS retained_customers,
    c.customers_at_start - c.retained_customers AS lost_customers,
    CAST(c.retained_customers AS DOUBLE) / NULLIF(c.customers_at_start, 0) AS retention_rate,
    CAST(c.customers_at_start - c.retained_customers AS DOUBLE) / NULLIF(c.customers_at_start, 0) AS churn_rate
FROM counts AS c
INNER JOIN periods AS p ON p.period = c.period AND p.period_start = c.period_start
CROSS JOIN unit AS u
