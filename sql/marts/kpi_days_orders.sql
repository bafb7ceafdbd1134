/*
about = """
Orders, sales and refunds per day in long form: a row per KPI and slice, for kpis. Amounts are in the job's currency; the
refunded share counts only orders that were paid in it."""
grain = ["date", "kpi", "measure", "slice_kind", "slice_value"]
partition = "date"
not_null = ["date", "kpi", "measure", "slice_kind", "slice_value", "is_mature"]

[accepted_values]
slice_kind = ["all", "country", "store", "sales_channel"]

[inputs]
fct_orders = "same"
fct_refunds = "same"
customer_first_orders = "same"
dates = "same"

[columns]
date = "DATE local date the KPI is booked on"
kpi = "VARCHAR key of the dictionary"
measure = "VARCHAR main, or which other figure of the KPI; see kpis"
slice_kind = "VARCHAR all, country, store or sales_channel; sum over one kind only"
slice_value = "VARCHAR all, or the value of the slice; unknown where it is not known"
numerator = "DECIMAL(18,4) what is counted or summed; NULL where it is not known"
denominator = "DECIMAL(18,4) what it is divided by; NULL for a plain count or sum"
is_mature = "BOOLEAN no window is open that could change the parts"
*/
WITH bought AS (
    SELECT
        o.created_date AS date,
        COALESCE(o.country, 'unknown') AS country,
        COALESCE(o.store_id, 'unknown') AS store,
        COALESCE(o.sales_channel, 'unknown') AS sales_channel,
        CAST(1 AS DECIMAL(18,4)) AS orders,
        CAST(CASE WHEN o.is_cancelled THEN 1 ELSE 0 END AS DECIMAL(18,4)) AS cancelled,
        CAST(CASE WHEN o.is_counted THEN 1 ELSE 0 END AS DECIMAL(18,4)) AS counted,
        CAST(CASE WHEN o.is_counted AND o.customer_hash IS NOT NULL THEN 1 ELSE 0 END AS DECIMAL(18,4)) AS known,
        CAST(CASE WHEN o.is_counted AND f.customer_hash IS NOT NULL THEN 1 ELSE 0 END AS DECIMAL(18,4)) AS first_time,
        CAST(CASE WHEN o.is_counted AND o.customer_hash IS NOT NULL AND f.customer_hash IS NULL THEN 1 ELSE 0 END AS DECIMAL(18,4))
            AS come_back,
        CAST(CASE WHEN o.is_counted AND o.refunds > 0 THEN 1 ELSE 0 END AS DECIMAL(18,4)) AS with_refund,
        CASE WHEN o.is_counted THEN o.job_gross_amount END AS gross,
        CASE WHEN o.is_counted THEN CAST(o.job_gross_amount - o.job_discount_amount AS DECIMAL(18,4)) END AS sold,
        CASE WHEN o.is_counted AND o.is_job_currency THEN o.gross_amount END AS own_gross,
        CAST(NULL AS DECIMAL(18,4)) AS nothing
    FROM fct_orders AS o
    LEFT JOIN customer_first_orders AS f
        ON o.system = f.first_order_system
        AND o.order_id = f.first_order_id
),

refunded AS (
    SELECT
        created_date AS date,
        COALESCE(country, 'unknown') AS country,
        COALESCE(store_id, 'unknown') AS store,
        COALESCE(sales_channel, 'unknown') AS sales_channel,
        CAST(CAST(0 AS DECIMAL(18,4)) - job_goods_amount AS DECIMAL(18,4)) AS minus_goods,
        CASE WHEN is_job_currency THEN refunded_amount END AS paid_back,
        CAST(NULL AS DECIMAL(18,4)) AS nothing
    FROM fct_refunds
    WHERE is_counted
),

entries AS (
    SELECT date, country, store, sales_channel, 'orders' AS kpi, 'main' AS measure, counted AS numerator, CAST(NULL AS DECIMAL(18,4)) AS denominator
    FROM bought
    UNION ALL
    SELECT date, country, store, sales_channel, 'cancellation_rate' AS kpi, 'main' AS measure, cancelled AS numerator, orders AS denominator
    FROM bought
    UNION ALL
    SELECT date, country, store, sales_channel, 'gross_sales' AS kpi, 'main' AS measure, gross AS numerator, CAST(NULL AS DECIMAL(18,4)) AS denominator
    FROM bought
    UNION ALL
    SELECT date, country, store, sales_channel, 'net_sales' AS kpi, 'main' AS measure, sold AS numerator, CAST(NULL AS DECIMAL(18,4)) AS denominator
    FROM bought
    UNION ALL
    SELECT date, country, store, sales_channel, 'net_sales' AS kpi, 'main' AS measure, minus_goods AS numerator, CAST(NULL AS DECIMAL(18,4)) AS denominator
    FROM refunded
    UNION ALL
    SELECT date, country, store, sales_channel, 'average_order_value' AS kpi, 'main' AS measure, sold AS numerator, counted AS denominator
    FROM bought
    UNION ALL
    SELECT date, country, store, sales_channel, 'new_vs_returning' AS kpi, 'new' AS measure, first_time AS numerator, CAST(NULL AS DECIMAL(18,4)) AS denominator
    FROM bought
    UNION ALL
    SELECT date, country, store, sales_channel, 'new_vs_returning' AS kpi, 'returning' AS measure, come_back AS numerator, CAST(NULL AS DECIMAL(18,4)) AS denominator
    FROM bought
    UNION ALL
    SELECT date, country, store, sales_channel, 'new_vs_returning' AS kpi, 'new_share' AS measure, first_time AS numerator, known AS denominator
    FROM bought
    UNION ALL
    SELECT date, country, store, sales_channel, 'refund_rate' AS kpi, 'main' AS measure, with_refund AS numerator, counted AS denominator
    FROM bought
    UNION ALL
    SELECT date, country, store, sales_channel, 'refund_share' AS kpi, 'main' AS measure, nothing AS numerator, own_gross AS denominator
    FROM bought
    UNION ALL
    SELECT date, country, store, sales_channel, 'refund_share' AS kpi, 'main' AS measure, paid_back AS numerator, nothing AS denominator
    FROM refunded
),

slices AS (
    SELECT date, kpi, measure, 'all' AS slice_kind, 'all' AS slice_value, numerator, denominator FROM entries
    UNION ALL
    SELECT date, kpi, measure, 'country' AS slice_kind, country AS slice_value, numerator, denominator FROM entries
    UNION ALL
    SELECT date, kpi, measure, 'store' AS slice_kind, store AS slice_value, numerator, denominator FROM entries
    UNION ALL
    SELECT date, kpi, measure, 'sales_channel' AS slice_kind, sales_channel AS slice_value, numerator, denominator FROM entries
)

SELECT
    s.date AS date,
    s.kpi AS kpi,
    s.measure AS measure,
    s.slice_kind AS slice_kind,
    s.slice_value AS slice_value,
    CASE WHEN COUNT(s.numerator) > 0 THEN CAST(SUM(s.numerator) AS DECIMAL(18,4)) END AS numerator,
    CASE WHEN COUNT(s.denominator) > 0 THEN CAST(SUM(s.denominator) AS DECIMAL(18,4)) END AS denominator,
    TRUE AS is_mature
FROM slices AS s
INNER JOIN dates AS d ON d.date = s.date
GROUP BY s.date, s.kpi, s.measure, s.slice_kind, s.slice_value
