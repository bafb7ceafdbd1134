/*
about = """
Deliveries, returns and what service costs, per day in long form: a row per KPI and slice, for kpis."""
grain = ["date", "kpi", "measure", "slice_kind", "slice_value"]
partition = "date"
not_null = ["date", "kpi", "measure", "slice_kind", "slice_value", "is_mature"]

[accepted_values]
slice_kind = ["all", "country", "store", "sales_channel", "channel"]

[inputs]
delivery_daily = "same"
returns_daily = "same"
cost_daily = "same"

[columns]
date = "DATE local date the KPI is booked on"
kpi = "VARCHAR key of the dictionary"
measure = "VARCHAR main, or which other figure of the KPI; see kpis"
slice_kind = "VARCHAR all, country, store, sales_channel, channel; sum over one kind only"
slice_value = "VARCHAR all, or the value of the slice; unknown where it is not known"
numerator = "DECIMAL(18,4) what is counted or summed; NULL where it is not known"
denominator = "DECIMAL(18,4) what it is divided by; NULL for a plain count or sum"
is_mature = "BOOLEAN no window is open that could change the parts"
*/
WITH parts AS (
    SELECT date, 'on_time_delivery_rate' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(on_time_orders AS DECIMAL(18,4)) AS numerator, CAST(promised_orders AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM delivery_daily
    WHERE segment_kind IN ('all', 'country', 'store', 'sales_channel')
    UNION ALL
    SELECT date, 'delivery_time' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(delivery_seconds_sum AS DECIMAL(18,4)) AS numerator, CAST(timed_orders AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM delivery_daily
    WHERE segment_kind IN ('all', 'country', 'store', 'sales_channel')
    UNION ALL
    SELECT date, 'days_late' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(days_late_sum AS DECIMAL(18,4)) AS numerator, CAST(delivered_late_orders AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM delivery_daily
    WHERE segment_kind IN ('all', 'country', 'store', 'sales_channel')
    UNION ALL
    SELECT date, 'return_rate' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(returned_orders AS DECIMAL(18,4)) AS numerator, CAST(delivered_orders AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM returns_daily
    WHERE segment_kind IN ('all', 'country', 'store', 'sales_channel')
    UNION ALL
    SELECT date, 'return_rate' AS kpi, 'units_share' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(returned_units AS DECIMAL(18,4)) AS numerator, CAST(delivered_units AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM returns_daily
    WHERE segment_kind IN ('all', 'country', 'store', 'sales_channel')
    UNION ALL
    SELECT date, 'refund_time' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(refund_seconds_sum AS DECIMAL(18,4)) AS numerator, CAST(refunded_returns AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM returns_daily
    WHERE segment_kind IN ('all', 'country', 'store', 'sales_channel')
    UNION ALL
    SELECT date, 'cost_per_ticket' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(service_cost AS DECIMAL(18,4)) AS numerator, CAST(tickets AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM cost_daily
    WHERE segment_kind IN ('all', 'channel')
    UNION ALL
    SELECT date, 'automation_savings' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(automation_savings AS DECIMAL(18,4)) AS numerator, CAST(NULL AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM cost_daily
    WHERE segment_kind IN ('all', 'channel')
    UNION ALL
    SELECT date, 'service_cost_ratio' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CASE
            WHEN service_cost IS NOT NULL
            THEN CAST(service_cost + COALESCE(bot_cost, CAST(0 AS DECIMAL(18,4))) AS DECIMAL(18,4))
        END AS numerator,
        COALESCE(net_sales, CAST(0 AS DECIMAL(18,4))) AS denominator, TRUE AS is_mature
    FROM cost_daily
    WHERE segment_kind = 'all'
)

SELECT
    date,
    kpi,
    measure,
    slice_kind,
    slice_value,
    CAST(numerator AS DECIMAL(18,4)) AS numerator,
    CAST(denominator AS DECIMAL(18,4)) AS denominator,
    is_mature
FROM parts
-- Of a slice without any of it no row is needed; the whole shop tells that there was none.
WHERE slice_kind = 'all' OR COALESCE(numerator, CAST(0 AS DECIMAL(18,4))) <> CAST(0 AS DECIMAL(18,4)) OR COALESCE(denominator, CAST(0 AS DECIMAL(18,4))) <> CAST(0 AS DECIMAL(18,4))
