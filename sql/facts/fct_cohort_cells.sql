/*
about = "What each cohort, by the month of the first order, did in a month, whole and by segment: only the cells that are not empty."
grain = ["cohort_month", "segment_kind", "segment_value"]
partition = "activity_month"
not_null = ["cohort_month", "cohort_month_number", "activity_month", "activity_month_number", "segment_kind", "segment_value", "customers", "orders", "gross_amount", "discount_amount", "refunded_goods_amount", "net_amount"]

[accepted_values]
segment_kind = ["all", "country", "store", "sales_channel", "service"]

[inputs]
customer_months = "same"
customer_first_service = "up_to"

[columns]
cohort_month = "DATE first day of the month of the first order"
cohort_month_number = "BIGINT the same month as year x 12 + month - 1"
activity_month = "DATE first day of the month of the activity"
activity_month_number = "BIGINT the same month as year x 12 + month - 1"
segment_kind = "VARCHAR 'all', or what the first order tells: 'country', 'store', 'sales_channel'; 'service': what the customer met in the 30 days after it. Sum over one kind only"
segment_value = "VARCHAR 'all', or what the kind says; 'unknown' if not delivered; for service no_contact, solved_fast, solved_slowly or not_solved"
customers = "BIGINT customers with a counted order in the month, each once"
orders = "BIGINT their counted orders"
gross_amount = "DECIMAL(18,4) price of the goods ordered, before discounts, in the job's currency"
discount_amount = "DECIMAL(18,4) discounts on those orders, in the job's currency"
refunded_goods_amount = "DECIMAL(18,4) goods refunded in the month, by refund date, in the job's currency"
net_amount = "DECIMAL(18,4) gross - discounts - refunded goods, in the job's currency"
*/
WITH customers AS (
    SELECT m.*, s.speed AS service
    FROM customer_months AS m
    LEFT JOIN customer_first_service AS s
        ON s.customer_hash = m.customer_hash
),
segments AS (
    SELECT *, 'all' AS segment_kind, 'all' AS segment_value FROM customers
    UNION ALL
    SELECT *, 'country' AS segment_kind, COALESCE(first_country, 'unknown') AS segment_value FROM customers
    UNION ALL
    SELECT *, 'store' AS segment_kind, COALESCE(first_store_id, 'unknown') AS segment_value FROM customers
    UNION ALL
    SELECT *, 'sales_channel' AS segment_kind, COALESCE(first_sales_channel, 'unknown') AS segment_value FROM customers
    UNION ALL
    SELECT *, 'service' AS segment_kind, COALESCE(service, 'unknown') AS segment_value FROM customers
)
SELECT
    cohort_month,
    cohort_month_number,
    activity_month,
    activity_month_number,
    segment_kind,
    segment_value,
    CAST(SUM(CASE WHEN orders > 0 THEN 1 ELSE 0 END) AS BIGINT) AS customers,
    CAST(SUM(orders) AS BIGINT) AS orders,
    CAST(SUM(gross_amount) AS DECIMAL(18,4)) AS gross_amount,
    CAST(SUM(discount_amount) AS DECIMAL(18,4)) AS discount_amount,
    CAST(SUM(refunded_goods_amount) AS DECIMAL(18,4)) AS refunded_goods_amount,
    CAST(SUM(net_amount) AS DECIMAL(18,4)) AS net_amount
FROM segments
GROUP BY
    cohort_month,
    cohort_month_number,
    activity_month,
    activity_month_number,
    segment_kind,
    segment_value
