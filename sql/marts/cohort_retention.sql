/*
about = "How many customers of each cohort bought again, month by month, and what they have brought in."
grain = ["cohort_month", "months_since", "segment_kind", "segment_value"]
partition = "activity_month"
not_null = ["cohort_month", "months_since", "activity_month", "is_complete", "segment_kind", "segment_value", "cohort_size", "customers", "retention", "orders", "gross_amount", "discount_amount", "refunded_goods_amount", "net_amount", "cumulative_net_amount", "cumulative_net_per_customer"]

[accepted_values]
segment_kind = ["all", "country", "store", "sales_channel", "service"]

[ranges]
months_since = [0, 10000]
retention = [0, 1]

[inputs]
fct_cohort_cells = "up_to"
dates = "same"

[columns]
cohort_month = "DATE first day of the month of the customers' first counted order"
months_since = "BIGINT months from the cohort's month to the activity's; 0 is the month of the first order"
activity_month = "DATE first day of the month of the activity; a month after the last day of data has no rows"
is_complete = "BOOLEAN the data reach the end of the activity month"
segment_kind = "VARCHAR 'all' (the whole shop); 'country', 'store', 'sales_channel' of the first order; 'service': what the customer met in the 30 days after it. Sum over one kind only"
segment_value = "VARCHAR 'all', or what the kind says ('unknown' if not delivered); for service no_contact, solved_fast, solved_slowly or not_solved"
cohort_size = "BIGINT customers of the cohort"
customers = "BIGINT customers of the cohort with a counted order in the activity month, each once; 0 if none"
retention = "DOUBLE customers / cohort_size, share from 0 to 1"
orders = "BIGINT their counted orders in the month"
gross_amount = "DECIMAL(18,4) price of the goods ordered in the month, before discounts, in the job's currency"
discount_amount = "DECIMAL(18,4) discounts on those orders, in the job's currency"
refunded_goods_amount = "DECIMAL(18,4) goods refunded in the month, by refund date, in the job's currency"
net_amount = "DECIMAL(18,4) gross - discounts - refunded goods of the month, in the job's currency"
cumulative_net_amount = "DECIMAL(18,4) net of the cohort from its first month to this one, in the job's currency"
cumulative_net_per_customer = "DOUBLE cumulative_net_amount / cohort_size, in the job's currency"
*/
-- Every cohort that exists meets the month, so that a cell nobody is in is 0 and not missing.
WITH this_month AS (
    SELECT
        month_start,
        month_number,
        MAX(date) = MAX(month_end) AS is_complete
    FROM dates
    GROUP BY month_start, month_number
),
cohorts AS (
    SELECT
        s.cohort_month,
        m.month_number - s.cohort_month_number AS months_since,
        m.month_start,
        m.is_complete,
        s.segment_kind,
        s.segment_value,
        CAST(SUM(
            CASE WHEN s.activity_month_number = s.cohort_month_number THEN s.customers ELSE 0 END
        ) AS BIGINT) AS cohort_size,
        CAST(SUM(
            CASE WHEN s.activity_month_number = m.month_number THEN s.customers ELSE 0 END
        ) AS BIGINT) AS customers,
        CAST(SUM(
            CASE WHEN s.activity_month_number = m.month_number THEN s.orders ELSE 0 END
        ) AS BIGINT) AS orders,
        CAST(SUM(
            CASE WHEN s.activity_month_number = m.month_number THEN s.gross_amount ELSE CAST(0 AS DECIMAL(18,4)) END
        ) AS DECIMAL(18,4)) AS gross,
        CAST(SUM(
            CASE WHEN s.activity_month_number = m.month_number THEN s.discount_amount ELSE CAST(0 AS DECIMAL(18,4)) END
        ) AS DECIMAL(18,4)) AS discount,
        CAST(SUM(
            CASE WHEN s.activity_month_number = m.month_number THEN s.refunded_goods_amount ELSE CAST(0 AS DECIMAL(18,4)) END
        ) AS DECIMAL(18,4)) AS refunded,
        CAST(SUM(s.net_amount) AS DECIMAL(18,4)) AS cumulative_net
    FROM fct_cohort_cells AS s
    CROSS JOIN this_month AS m
    GROUP BY
        s.cohort_month,
        m.month_number - s.cohort_month_number,
        m.month_start,
        m.is_complete,
        s.segment_kind,
        s.segment_value
)
SELECT
    cohort_month,
    months_since,
    month_start AS activity_month,
    is_complete,
    segment_kind,
    segment_value,
    cohort_size,
    customers,
    CAST(customers AS DOUBLE) / CAST(cohort_size AS DOUBLE) AS retention,
    orders,
    gross AS gross_amount,
    discount AS discount_amount,
    refunded AS refunded_goods_amount,
    CAST(gross - discount - refunded AS DECIMAL(18,4)) AS net_amount,
    cumulative_net AS cumulative_net_amount,
    CAST(cumulative_net AS DOUBLE) / CAST(cohort_size AS DOUBLE) AS cumulative_net_per_customer
FROM cohorts
