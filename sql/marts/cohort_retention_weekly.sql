/*
about = "How many customers of each weekly cohort bought again, week by week, and what they have brought in."
grain = ["cohort_week", "weeks_since", "segment_kind", "segment_value"]
partition = "activity_first_date"
not_null = ["cohort_week", "weeks_since", "activity_week", "activity_first_date", "is_complete", "segment_kind", "segment_value", "cohort_size", "customers", "retention", "orders", "gross_amount", "net_amount", "cumulative_net_amount", "cumulative_net_per_customer"]

[accepted_values]
segment_kind = ["all", "country", "store", "sales_channel"]

[ranges]
weeks_since = [0, 100000]
retention = [0, 1]

[inputs]
fct_cohort_week_cells = "up_to"
last_complete_week = "all"
dates = "-1200..0"

[columns]
cohort_week = "DATE first day of the week of the customers' first counted order"
weeks_since = "BIGINT weeks from the cohort's to the activity's; 0 is the week of the first order"
activity_week = "DATE first day of the week of the activity; a week after the last day of data has no rows"
activity_first_date = "DATE first day of that week that the data know: the month decides where the rows are kept"
is_complete = "BOOLEAN the data reach the last day of the activity week"
segment_kind = "VARCHAR 'all' (the whole shop); 'country', 'store' or 'sales_channel' of the first order; sum over one kind only"
segment_value = "VARCHAR 'all', or what the kind says; 'unknown' if not delivered"
cohort_size = "BIGINT customers of the cohort"
customers = "BIGINT customers of the cohort with a counted order in the activity week, each once; 0 if none"
retention = "DOUBLE customers / cohort_size, share from 0 to 1"
orders = "BIGINT their counted orders in the week"
gross_amount = "DECIMAL(18,4) price of the goods ordered in the week, before discounts, in the job's currency"
net_amount = "DECIMAL(18,4) gross - discounts - goods refunded in the week, in the job's currency"
cumulative_net_amount = "DECIMAL(18,4) net of the cohort from its first week to this one, in the job's currency"
cumulative_net_per_customer = "DOUBLE cumulative_net_amount / cohort_size, in the job's currency"
*/
-- The dates are read from the first on, and as a range around 0, so that every month with data is a unit.
-- Every cohort that exists meets every week of the month, so that a cell nobody is in is 0 and not missing.
WITH all_weeks AS (
    SELECT week_start, week_number, MIN(date) AS first_date
    FROM dates
    GROUP BY week_start, week_number
),
unit AS (
    SELECT MAX(month_start) AS month_start
    FROM dates
),
weeks AS (
    SELECT a.week_start, a.week_number, a.first_date, a.week_number <= l.week_number AS is_complete
    FROM all_weeks AS a
    CROSS JOIN unit AS u
    CROSS JOIN last_complete_week AS l
    WHERE a.first_date >= u.month_start
),
cohorts AS (
    SELECT
        c.cohort_week,
        w.week_number - c.cohort_week_number AS weeks_since,
        w.week_start,
        w.first_date,
        w.is_complete,
        c.segment_kind,
        c.segment_value,
        CAST(SUM(CASE WHEN c.activity_week_number = c.cohort_week_number THEN c.customers ELSE 0 END) AS BIGINT) AS cohort_size,
        CAST(SUM(CASE WHEN c.activity_week_number = w.week_number THEN c.customers ELSE 0 END) AS BIGINT) AS customers,
        CAST(SUM(CASE WHEN c.activity_week_number = w.week_number THEN c.orders ELSE 0 END) AS BIGINT) AS orders,
        CAST(SUM(
            CASE WHEN c.activity_week_number = w.week_number THEN c.gross_amount ELSE CAST(0 AS DECIMAL(18,4)) END
        ) AS DECIMAL(18,4)) AS gross,
        CAST(SUM(
            CASE WHEN c.activity_week_number = w.week_number THEN c.net_amount ELSE CAST(0 AS DECIMAL(18,4)) END
        ) AS DECIMAL(18,4)) AS net,
        CAST(SUM(c.net_amount) AS DECIMAL(18,4)) AS cumulative_net
    FROM fct_cohort_week_cells AS c
    CROSS JOIN weeks AS w
    WHERE c.activity_week_number <= w.week_number
    GROUP BY
        c.cohort_week,
        w.week_number - c.cohort_week_number,
        w.week_start,
        w.first_date,
        w.is_complete,
        c.segment_kind,
        c.segment_value
)
SELECT
    cohort_week,
    weeks_since,
    week_start AS activity_week,
    first_date AS activity_first_date,
    is_complete,
    segment_kind,
    segment_value,
    cohort_size,
    customers,
    CAST(customers AS DOUBLE) / CAST(cohort_size AS DOUBLE) AS retention,
    orders,
    gross AS gross_amount,
    net AS net_amount,
    cumulative_net AS cumulative_net_amount,
    CAST(cumulative_net AS DOUBLE) / CAST(cohort_size AS DOUBLE) AS cumulative_net_per_customer
FROM cohorts
