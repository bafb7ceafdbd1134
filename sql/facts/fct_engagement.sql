/*
about = """
How many of the customers get in touch, per week, month and quarter and country of the customer's first order: the countries
of a period add up. A period stands in the month of its first day; one that begins before the first month with data has
no row."""
grain = ["period", "period_start", "country"]
partition = "period_start"
settings = ["active_window_days"]
not_null = [
    "period", "period_start", "country", "is_complete", "has_contacts", "active_customers", "engaged_customers", "buyers",
    "interactions_after_purchase", "past_buyers", "returned_buyers",
]

[accepted_values]
period = ["week", "month", "quarter"]

[inputs]
fct_customer_contacts = "0..2"
fct_orders = "0..2"
customer_months = "-24..2"
customer_first_orders = "-1200..2"
dates = "0..2"

[columns]
period = "VARCHAR week, month or quarter"
period_start = "DATE first day of the period"
country = "VARCHAR country of the customer's first order; unknown if not delivered"
is_complete = "BOOLEAN the data reach the period's end"
has_contacts = "BOOLEAN anybody at all got in touch in the period, in whatever country"
active_customers = "BIGINT customers with a counted order in the active_window_days up to the period's end"
engaged_customers = "BIGINT of these, who got in touch in the period in any way; buying alone is none"
buyers = "BIGINT customers whose first counted order lies before the period's end"
interactions_after_purchase = "BIGINT their contacts in the period, on days after the one of their first order"
past_buyers = "BIGINT customers whose first counted order lies before the period's beginning"
returned_buyers = "BIGINT of these, who got in touch or bought in the period"
*/
WITH unit AS (
    SELECT
        MIN(d.month) AS month,
        MIN(d.month_start) AS first_date,
        MIN(d.month_number) AS first_number,
        MIN(d.day_number) AS first_day,
        MAX(s.active_window_days) AS window_days
    FROM dates AS d
    CROSS JOIN settings AS s
),

-- Of the months counted from year 0 on, every third one begins a quarter, whose last month number is two more.
periods AS (
    SELECT 'month' AS period, d.month_start AS period_start, MIN(d.date) AS first_date, MAX(d.date) AS last_date,
        MAX(d.day_number) AS last_day, MAX(d.date) = MAX(d.month_end) AS is_complete
    FROM dates AS d
    INNER JOIN unit AS u ON u.month = d.month
    GROUP BY d.month_start

    UNION ALL

    SELECT 'week' AS period, d.week_start AS period_start, MIN(d.date) AS first_date, MAX(d.date) AS last_date,
        MAX(d.day_number) AS last_day, MAX(d.date) = MAX(d.week_end) AS is_complete
    FROM dates AS d
    INNER JOIN unit AS u ON u.month = SUBSTR(CAST(d.week_start AS VARCHAR), 1, 7)
    GROUP BY d.week_start

    UNION ALL

    SELECT 'quarter' AS period, u.first_date AS period_start, MIN(d.date) AS first_date, MAX(d.date) AS last_date,
        MAX(d.day_number) AS last_day,
        MAX(d.date) = MAX(d.month_end) AND MAX(d.month_number) = MAX(u.first_number) + 2 AS is_complete
    FROM dates AS d
    CROSS JOIN unit AS u
    WHERE u.first_number % 3 = 0
    GROUP BY u.first_date
),

period_days AS (
    SELECT p.*, d.date AS date
    FROM dates AS d
    CROSS JOIN periods AS p
    WHERE d.date >= p.first_date AND d.date <= p.last_date
),

-- Who is active at the end of which days: from from_day on, before to_day. In a window a customer counts in the row of
-- the first order in it, the one whose previous order lies before the window: no day finds a customer in two rows.
spans AS (
    SELECT
        c.customer_hash AS customer_hash,
        COALESCE(c.first_country, 'unknown') AS country,
        CASE
            WHEN c.previous_order_day + u.window_days > c.first_order_day THEN c.previous_order_day + u.window_days
            ELSE c.first_order_day
        END AS from_day,
        c.last_order_day + u.window_days AS to_day
    FROM customer_months AS c
    CROSS JOIN unit AS u
    WHERE c.orders > 0 AND c.last_order_day + u.window_days > u.first_day
),

-- Summed up to a day, the changes tell how many are active: so no customer is looked up.
active_changes AS (
    SELECT country, from_day AS day_number, CAST(COUNT(*) AS BIGINT) AS change
    FROM spans
    GROUP BY country, from_day

    UNION ALL

    SELECT country, to_day AS day_number, -CAST(COUNT(*) AS BIGINT) AS change
    FROM spans
    GROUP BY country, to_day
),

first_dates AS (
    SELECT COALESCE(first_country, 'unknown') AS country, first_order_date, CAST(COUNT(*) AS BIGINT) AS customers
    FROM customer_first_orders
    GROUP BY COALESCE(first_country, 'unknown'), first_order_date
),

-- One row per contact, and one per order.
acts AS (
    SELECT customer_hash, contact_date AS date, CAST(1 AS BIGINT) AS contacts
    FROM fct_customer_contacts
    GROUP BY customer_hash, contact_date, contact_key

    UNION ALL

    SELECT customer_hash, created_date AS date, CAST(0 AS BIGINT) AS contacts
    FROM fct_orders
    WHERE is_counted AND customer_hash IS NOT NULL
),

people AS (
    SELECT
        p.period AS period,
        p.period_start AS period_start,
        a.customer_hash AS customer_hash,
        MAX(p.last_day) AS last_day,
        MAX(COALESCE(f.first_country, 'unknown')) AS country,
        SUM(a.contacts) AS contacts,
        SUM(CASE WHEN a.date > f.first_order_date THEN a.contacts ELSE 0 END) AS contacts_after,
        MAX(CASE WHEN f.first_order_date < p.first_date THEN 1 ELSE 0 END) AS is_returned
    FROM acts AS a
    INNER JOIN customer_first_orders AS f ON f.customer_hash = a.customer_hash
    INNER JOIN period_days AS p ON p.date = a.date
    GROUP BY p.period, p.period_start, a.customer_hash
),

acted AS (
    SELECT period, period_start, country, CAST(SUM(contacts_after) AS BIGINT) AS contacts,
        CAST(SUM(is_returned) AS BIGINT) AS returned
    FROM people
    GROUP BY period, period_start, country
),

engaged AS (
    SELECT t.period AS period, t.period_start AS period_start, t.country AS country,
        CAST(COUNT(*) AS BIGINT) AS customers
    FROM people AS t
    INNER JOIN spans AS s ON s.customer_hash = t.customer_hash
    WHERE t.contacts > 0 AND s.from_day <= t.last_day AND s.to_day > t.last_day
    GROUP BY t.period, t.period_start, t.country
),

active AS (
    SELECT p.period AS period, p.period_start AS period_start, c.country AS country,
        CAST(SUM(c.change) AS BIGINT) AS customers
    FROM active_changes AS c
    CROSS JOIN periods AS p
    WHERE c.day_number <= p.last_day
    GROUP BY p.period, p.period_start, c.country
),

buyers AS (
    SELECT
        p.period AS period,
        p.period_start AS period_start,
        f.country AS country,
        p.is_complete AS is_complete,
        CAST(SUM(f.customers) AS BIGINT) AS customers,
        CAST(SUM(CASE WHEN f.first_order_date < p.first_date THEN f.customers ELSE 0 END) AS BIGINT) AS past
    FROM first_dates AS f
    CROSS JOIN periods AS p
    WHERE f.first_order_date <= p.last_date
    GROUP BY p.period, p.period_start, f.country, p.is_complete
),

-- Also of people who never bought: they show that the export is there.
all_contacts AS (
    SELECT p.period AS period, p.period_start AS period_start, CAST(COUNT(*) AS BIGINT) AS contacts
    FROM fct_customer_contacts AS c
    INNER JOIN period_days AS p ON p.date = c.contact_date
    GROUP BY p.period, p.period_start
)

-- Whoever is counted anywhere has bought by the period's end.
SELECT
    b.period AS period,
    b.period_start AS period_start,
    b.country AS country,
    b.is_complete AS is_complete,
    COALESCE(k.contacts, 0) > 0 AS has_contacts,
    COALESCE(a.customers, 0) AS active_customers,
    COALESCE(e.customers, 0) AS engaged_customers,
    b.customers AS buyers,
    COALESCE(x.contacts, 0) AS interactions_after_purchase,
    b.past AS past_buyers,
    COALESCE(x.returned, 0) AS returned_buyers
FROM buyers AS b
LEFT JOIN active AS a ON a.period = b.period AND a.period_start = b.period_start AND a.country = b.country
LEFT JOIN engaged AS e ON e.period = b.period AND e.period_start = b.period_start AND e.country = b.country
LEFT JOIN acted AS x ON x.period = b.period AND x.period_start = b.period_start AND x.country = b.country
LEFT JOIN all_contacts AS k ON k.period = b.period AND k.period_start = b.period_start
