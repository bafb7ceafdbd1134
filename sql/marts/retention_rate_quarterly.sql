/*
about = "Which share of the customers the shop had at the start of a quarter it still had at the end. A quarter is there from its third month on."
grain = ["quarter_start", "segment_kind", "segment_value"]
partition = "month_start"
settings = ["active_window_days"]
not_null = ["quarter_start", "month_start", "period_end", "is_complete", "segment_kind", "segment_value", "customers_at_start", "customers_at_end", "new_customers", "first_time_customers", "reactivated_customers", "retained_customers", "lost_customers"]

[ranges]
retention_rate = [0, 1]
churn_rate = [0, 1]

[inputs]
customer_months = "-26..0"
dates = "-2..0"
calendar = "same"

[columns]
quarter_start = "DATE first day of the quarter; of the data, where they begin within it"
month_start = "DATE first day of its third month: the month the row is kept in"
period_end = "DATE last day counted: the quarter's last, or the last day of data in the running quarter"
is_complete = "BOOLEAN the data reach the end of the quarter"
segment_kind = "VARCHAR 'all' (the whole shop) or 'country'; sum over one kind only"
segment_value = "VARCHAR 'all', or the country of the customer's first order ('unknown' if not delivered)"
customers_at_start = "BIGINT customers with a counted order in the active_window_days (setting, 31 to 730 days) before quarter_start"
customers_at_end = "BIGINT the same on period_end, that day included"
new_customers = "BIGINT customers at the end who were none at the start: first-time and reactivated"
first_time_customers = "BIGINT of these, whose first counted order falls in the quarter"
reactivated_customers = "BIGINT of these, who had ordered before, but not within the window"
retained_customers = "BIGINT customers at the start who still are at the end = customers_at_end - new_customers"
lost_customers = "BIGINT customers at the start who no longer are at the end = customers_at_start - retained_customers"
retention_rate = "DOUBLE (customers_at_end - new_customers) / customers_at_start, share from 0 to 1; NULL without customers at the start"
churn_rate = "DOUBLE lost_customers / customers_at_start = 1 - retention_rate; NULL without customers at the start"
*/
-- 'New' takes in the reactivated: counted as kept customers, they would lift the rate above 1.
WITH unit AS (
    SELECT MAX(month_number) AS month_number
    FROM calendar
),

quarters AS (
    SELECT
        MIN(month_start) AS quarter_start,
        MAX(month_start) AS month_start,
        MAX(month_number) AS month_number,
        MIN(day_number) AS first_day,
        MAX(day_number) AS last_day,
        MAX(date) AS period_end,
        MAX(date) = MAX(month_end) AS is_complete
    FROM dates
),

-- Of the months counted from year 0 on, every third one ends a quarter. A month without a complete day has no row yet.
-- Nor has a quarter with a window shorter than it: a customer could then be won and lost within it.
this_quarter AS (
    SELECT
        q.quarter_start AS quarter_start,
        q.month_start AS month_start,
        q.month_number - 2 AS first_month_number,
        q.last_day AS last_day,
        q.first_day - s.active_window_days AS start_window,
        q.last_day - s.active_window_days AS end_window,
        q.period_end AS period_end,
        q.is_complete AS is_complete
    FROM quarters AS q
    INNER JOIN unit AS u ON u.month_number = q.month_number
    CROSS JOIN settings AS s
    WHERE q.month_number % 3 = 2 AND s.active_window_days >= 92
),

-- As in retention_rate.
-- The WHERE is of differences, for a comparison of two tables' columns would be carried out by sorting.
parts AS (
    SELECT
        COALESCE(c.first_country, 'unknown') AS country,
        CASE
            WHEN c.activity_month_number < m.first_month_number AND COALESCE(c.previous_order_day, -1) < m.start_window
                THEN 1 ELSE 0
        END AS at_start,
        CASE
            WHEN c.last_order_day > m.end_window AND COALESCE(c.previous_order_day, -1) <= m.end_window
                THEN 1 ELSE 0
        END AS at_end,
        CASE
            WHEN c.activity_month_number >= m.first_month_number AND COALESCE(c.previous_order_day, -1) < m.start_window
                THEN 1 ELSE 0
        END AS is_new,
        CASE WHEN c.activity_month_number >= m.first_month_number AND c.previous_order_day IS NULL THEN 1 ELSE 0 END AS is_first_time
    FROM customer_months AS c
    CROSS JOIN this_quarter AS m
    WHERE c.last_order_day - m.start_window >= 0 AND c.first_order_day - m.last_day <= 0
),

countries AS (
    SELECT
        country,
        SUM(at_start) AS customers_at_start,
        SUM(at_end) AS customers_at_end,
        SUM(is_new) AS new_customers,
        SUM(is_first_time) AS first_time_customers
    FROM parts
    GROUP BY country
    HAVING SUM(at_start + at_end) > 0
),

segments AS (
    SELECT
        k.segment_kind AS segment_kind,
        CASE k.segment_kind WHEN 'country' THEN c.country ELSE 'all' END AS segment_value,
        c.*
    FROM countries AS c
    CROSS JOIN (VALUES ('all'), ('country')) AS k (segment_kind)
),

counts AS (
    SELECT
        m.quarter_start AS quarter_start,
        m.month_start AS month_start,
        m.period_end AS period_end,
        m.is_complete AS is_complete,
        s.segment_kind AS segment_kind,
        s.segment_value AS segment_value,
        CAST(SUM(s.customers_at_start) AS BIGINT) AS customers_at_start,
        CAST(SUM(s.customers_at_end) AS BIGINT) AS customers_at_end,
        CAST(SUM(s.new_customers) AS BIGINT) AS new_customers,
        CAST(SUM(s.first_time_customers) AS BIGINT) AS first_time_customers,
        CAST(SUM(s.customers_at_end - s.new_customers) AS BIGINT) AS retained_customers
    FROM segments AS s
    CROSS JOIN this_quarter AS m
    GROUP BY m.quarter_start, m.month_start, m.period_end, m.is_complete, s.segment_kind, s.segment_value
)

SELECT
    quarter_start,
    month_start,
    period_end,
    is_complete,
    segment_kind,
    segment_value,
    customers_at_start,
    customers_at_end,
    new_customers,
    first_time_customers,
    new_customers - first_time_customers AS reactivated_customers,
    retained_customers,
    customers_at_start - retained_customers AS lost_customers,
    CASE
        WHEN customers_at_start > 0
            THEN CAST(retained_customers AS DOUBLE) / CAST(customers_at_start AS DOUBLE)
    END AS retention_rate,
    CASE
        WHEN customers_at_start > 0
            THEN CAST(customers_at_start - retained_customers AS DOUBLE) / CAST(customers_at_start AS DOUBLE)
    END AS churn_rate
FROM counts
