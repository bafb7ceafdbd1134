/*
about = "What each cohort, by the week of the first order, did in a week, whole and by segment: only the cells that are not empty."
grain = ["cohort_week_number", "activity_week_number", "segment_kind", "segment_value"]
partition = "activity_first_date"
not_null = ["cohort_week", "cohort_week_number", "activity_week", "activity_week_number", "activity_first_date", "segment_kind", "segment_value", "customers", "orders", "gross_amount", "net_amount"]

[accepted_values]
segment_kind = ["all", "country", "store", "sales_channel"]

[inputs]
customer_weeks = "same"

[columns]
cohort_week = "DATE first day of the week of the first order"
cohort_week_number = "BIGINT weeks since that of 1970-01-01"
activity_week = "DATE first day of the week of the activity"
activity_week_number = "BIGINT its number"
activity_first_date = "DATE first day of that week that the data know"
segment_kind = "VARCHAR 'all', or what the first order tells: 'country', 'store', 'sales_channel'; sum over one kind only"
segment_value = "VARCHAR 'all', or what the kind says; 'unknown' if not delivered"
customers = "BIGINT customers with a counted order in the week, each once, also where the week has days in two months"
orders = "BIGINT their counted orders"
gross_amount = "DECIMAL(18,4) price of the goods ordered, before discounts, in the job's currency"
net_amount = "DECIMAL(18,4) gross - discounts - goods refunded in the week, in the job's currency"
*/
WITH segments AS (
    SELECT *, 'all' AS segment_kind, 'all' AS segment_value FROM customer_weeks
    UNION ALL
    SELECT *, 'country' AS segment_kind, COALESCE(first_country, 'unknown') AS segment_value FROM customer_weeks
    UNION ALL
    SELECT *, 'store' AS segment_kind, COALESCE(first_store_id, 'unknown') AS segment_value FROM customer_weeks
    UNION ALL
    SELECT *, 'sales_channel' AS segment_kind, COALESCE(first_sales_channel, 'unknown') AS segment_value FROM customer_weeks
)
SELECT
    cohort_week,
    cohort_week_number,
    activity_week,
    activity_week_number,
    activity_first_date,
    segment_kind,
    segment_value,
    CAST(COUNT(DISTINCT CASE WHEN orders > 0 THEN customer_hash END) AS BIGINT) AS customers,
    CAST(SUM(orders) AS BIGINT) AS orders,
    CAST(SUM(gross_amount) AS DECIMAL(18,4)) AS gross_amount,
    CAST(SUM(net_amount) AS DECIMAL(18,4)) AS net_amount
FROM segments
GROUP BY
    cohort_week,
    cohort_week_number,
    activity_week,
    activity_week_number,
    activity_first_date,
    segment_kind,
    segment_value
