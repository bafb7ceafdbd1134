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
-- Each row with its own figures, 1 or an amount; NULL is not part of a sum, and of nothing but NULLs the sum is NULL.
WITH entries AS (
    SELECT
        o.created_date AS date,
        COALESCE(o.country, 'unknown') AS country,
        COALESCE(o.store_id, 'unknown') AS store,
        COALESCE(o.sales_channel, 'unknown') AS sales_channel,
        1 AS orders,
        CASE WHEN o.is_cancelled THEN 1 ELSE 0 END AS cancelled,
        CASE WHEN o.is_counted THEN 1 ELSE 0 END AS counted,
        CASE WHEN o.is_counted AND o.customer_hash IS NOT NULL THEN 1 ELSE 0 END AS known,
        CASE WHEN o.is_counted AND f.customer_hash IS NOT NULL THEN 1 ELSE 0 END AS first_time,
        CASE WHEN o.is_counted AND o.refunds > 0 THEN 1 ELSE 0 END AS with_refund,
        CASE WHEN o.is_counted THEN o.job_gross_amount END AS gross,
        CASE WHEN o.is_counted THEN CAST(o.job_gross_amount - o.job_discount_amount AS DECIMAL(18,4)) END AS sold,
        CASE WHEN o.is_counted AND o.is_job_currency THEN o.gross_amount END AS own_gross,
        CASE WHEN o.is_counted THEN CAST(o.job_gross_amount - o.job_discount_amount AS DECIMAL(18,4)) END AS net,
        CAST(NULL AS DECIMAL(18,4)) AS paid_back
    FROM fct_orders AS o
    LEFT JOIN customer_first_orders AS f ON o.system = f.first_order_system AND o.order_id = f.first_order_id
    UNION ALL
    SELECT
        created_date AS date,
        COALESCE(country, 'unknown') AS country,
        COALESCE(store_id, 'unknown') AS store,
        COALESCE(sales_channel, 'unknown') AS sales_channel,
        0 AS orders,
        0 AS cancelled,
        0 AS counted,
        0 AS known,
        0 AS first_time,
        0 AS with_refund,
        CAST(NULL AS DECIMAL(18,4)) AS gross,
        CAST(NULL AS DECIMAL(18,4)) AS sold,
        CAST(NULL AS DECIMAL(18,4)) AS own_gross,
        CAST(CAST(0 AS DECIMAL(18,4)) - job_goods_amount AS DECIMAL(18,4)) AS net,
        CASE WHEN is_job_currency THEN refunded_amount END AS paid_back
    FROM fct_refunds
    WHERE is_counted
),

-- The few combinations of slices of a day, so that the steps below do not read each order four times.
combinations AS (
    SELECT
        date,
        country,
        store,
        sales_channel,
        SUM(orders) AS orders,
        SUM(cancelled) AS cancelled,
        SUM(counted) AS counted,
        SUM(known) AS known,
        SUM(first_time) AS first_time,
        SUM(with_refund) AS with_refund,
        SUM(gross) AS gross,
        SUM(sold) AS sold,
        SUM(own_gross) AS own_gross,
        SUM(net) AS net,
        SUM(paid_back) AS paid_back
    FROM entries
    GROUP BY date, country, store, sales_channel
),

figures AS (
    SELECT
        c.date AS date,
        k.kpi AS kpi,
        k.measure AS measure,
        c.country AS country,
        c.store AS store,
        c.sales_channel AS sales_channel,
        CAST(CASE k.place
            WHEN 1 THEN CAST(c.counted AS DECIMAL(18,4))
            WHEN 2 THEN CAST(c.cancelled AS DECIMAL(18,4))
            WHEN 3 THEN c.gross
            WHEN 4 THEN c.net
            WHEN 5 THEN c.sold
            WHEN 6 THEN CAST(c.first_time AS DECIMAL(18,4))
            WHEN 7 THEN CAST(c.known - c.first_time AS DECIMAL(18,4))
            WHEN 8 THEN CAST(c.first_time AS DECIMAL(18,4))
            WHEN 9 THEN CAST(c.with_refund AS DECIMAL(18,4))
            WHEN 10 THEN c.paid_back
        END AS DECIMAL(18,4)) AS numerator,
        CAST(CASE k.place
            WHEN 2 THEN CAST(c.orders AS DECIMAL(18,4))
            WHEN 5 THEN CAST(c.counted AS DECIMAL(18,4))
            WHEN 8 THEN CAST(c.known AS DECIMAL(18,4))
            WHEN 9 THEN CAST(c.counted AS DECIMAL(18,4))
            WHEN 10 THEN c.own_gross
        END AS DECIMAL(18,4)) AS denominator
    FROM combinations AS c
    CROSS JOIN (VALUES
        (1, 'orders', 'main'), (2, 'cancellation_rate', 'main'), (3, 'gross_sales', 'main'), (4, 'net_sales', 'main'),
        (5, 'average_order_value', 'main'), (6, 'new_vs_returning', 'new'), (7, 'new_vs_returning', 'returning'),
        (8, 'new_vs_returning', 'new_share'), (9, 'refund_rate', 'main'), (10, 'refund_share', 'main')
    ) AS k (place, kpi, measure)
    -- Days and slices with nothing but refunds have no figures of orders.
    WHERE c.orders > 0 OR k.kpi IN ('net_sales', 'refund_share')
),

slices AS (
    SELECT
        f.*,
        s.slice_kind AS slice_kind,
        CASE s.slice_kind
            WHEN 'country' THEN f.country
            WHEN 'store' THEN f.store
            WHEN 'sales_channel' THEN f.sales_channel
            ELSE 'all'
        END AS slice_value
    FROM figures AS f
    CROSS JOIN (VALUES ('all'), ('country'), ('store'), ('sales_channel')) AS s (slice_kind)
)

SELECT
    s.date AS date,
    s.kpi AS kpi,
    s.measure AS measure,
    s.slice_kind AS slice_kind,
    s.slice_value AS slice_value,
    CAST(SUM(s.numerator) AS DECIMAL(18,4)) AS numerator,
    CAST(SUM(s.denominator) AS DECIMAL(18,4)) AS denominator,
    TRUE AS is_mature
FROM slices AS s
INNER JOIN dates AS d ON d.date = s.date
GROUP BY s.date, s.kpi, s.measure, s.slice_kind, s.slice_value
