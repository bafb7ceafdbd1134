/*
about = "What each cohort, by the month and country of the first order, did in a month: only the cells that are not empty."
grain = ["cohort_month", "country"]
partition = "activity_month"
not_null = ["cohort_month", "cohort_month_number", "activity_month", "activity_month_number", "country", "customers", "orders", "gross_amount", "discount_amount", "refunded_goods_amount", "net_amount"]

[inputs]
customer_months = "same"

[columns]
cohort_month = "DATE first day of the month of the first order"
cohort_month_number = "BIGINT the same month as year x 12 + month - 1"
activity_month = "DATE first day of the month of the activity"
activity_month_number = "BIGINT the same month as year x 12 + month - 1"
country = "VARCHAR country of the first order; 'unknown' if not delivered"
customers = "BIGINT customers with a counted order in the month, each once"
orders = "BIGINT their counted orders"
gross_amount = "DECIMAL(18,4) price of the goods ordered, before discounts, in the job's currency"
discount_amount = "DECIMAL(18,4) discounts on those orders, in the job's currency"
refunded_goods_amount = "DECIMAL(18,4) goods refunded in the month, by refund date, in the job's currency"
net_amount = "DECIMAL(18,4) gross - discounts - refunded goods, in the job's currency"
*/
SELECT
    cohort_month,
    cohort_month_number,
    activity_month,
    activity_month_number,
    COALESCE(first_country, 'unknown') AS country,
    CAST(SUM(CASE WHEN orders > 0 THEN 1 ELSE 0 END) AS BIGINT) AS customers,
    CAST(SUM(orders) AS BIGINT) AS orders,
    CAST(SUM(gross_amount) AS DECIMAL(18,4)) AS gross_amount,
    CAST(SUM(discount_amount) AS DECIMAL(18,4)) AS discount_amount,
    CAST(SUM(refunded_goods_amount) AS DECIMAL(18,4)) AS refunded_goods_amount,
    CAST(SUM(net_amount) AS DECIMAL(18,4)) AS net_amount
FROM customer_months
GROUP BY
    cohort_month,
    cohort_month_number,
    activity_month,
    activity_month_number,
    COALESCE(first_country, 'unknown')
