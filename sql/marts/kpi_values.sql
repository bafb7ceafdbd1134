/*
about = """
The KPIs that cannot be summed over days, as the period marts have them: medians and 90th percentiles, rates of different
customers, and the backlog at the end of a period. Kept in the month of the period's first day, as kpi_sums."""
grain = ["period_kind", "period_start", "kpi", "measure", "slice_kind", "slice_value"]
partition = "period_start"
scatter = true
not_null = ["period_kind", "period_start", "kpi", "measure", "slice_kind", "slice_value", "is_mature"]

[accepted_values]
period_kind = ["day", "week", "month", "quarter"]

[inputs]
service_periods = "same"
shop_periods = "same"
review_periods = "same"
retention_rate = "same"
retention_rate_quarterly = "same"
buyer_periods = "same"
engagement_periods = "same"
contact_daily = "same"
backlog_daily = "same"
dates = "0..2"
calendar = "-2..2"

[columns]
period_kind = "VARCHAR day, week (from Monday), month or quarter: the ones that the mart has"
period_start = "DATE first day of the period"
kpi = "VARCHAR key of the dictionary"
measure = "VARCHAR main, or which other figure of the KPI; see kpis"
slice_kind = "VARCHAR all, channel, team, country, store or sales_channel; read one kind only"
slice_value = "VARCHAR all, or the value of the slice; unknown where it is not known"
numerator = "DECIMAL(18,4) as the mart has it; NULL for medians and percentiles"
denominator = "DECIMAL(18,4) as the mart has it; for medians and percentiles the number of times measured"
value = "DOUBLE as the mart has it"
is_mature = "BOOLEAN the mart calls the period complete, or does not say"
*/
WITH waits AS (
    SELECT
        period,
        period_start,
        CASE
            WHEN metric = 'first_response' THEN 'first_response_time'
            WHEN metric = 'response' THEN 'average_response_time'
            WHEN metric = 'first_resolution' THEN 'first_resolution_time'
            WHEN metric = 'full_resolution' THEN 'full_resolution_time'
            WHEN metric = 'requester_wait' THEN 'requester_wait_time'
            WHEN metric = 'agent_work' THEN 'agent_work_time'
            WHEN metric = 'agent_wait' THEN 'agent_wait_time'
            WHEN metric = 'on_hold' THEN 'on_hold_time'
            WHEN metric = 'conversation' THEN 'conversation_time'
        END AS kpi,
        slice AS slice_kind,
        CASE WHEN slice = 'team' AND slice_value <> 'unknown' THEN system || '/' || slice_value ELSE slice_value END AS slice_value,
        items,
        median_seconds,
        p90_seconds,
        business_items,
        median_business_seconds,
        p90_business_seconds
    FROM service_periods
),

quarter_starts AS (
    SELECT month_number AS quarter_number, date AS period_start
    FROM calendar
    WHERE date = month_start AND month_number % 3 = 0
),

quarter_days AS (
    SELECT date, month_number - month_number % 3 AS quarter_number
    FROM dates
),

periods AS (
    SELECT date, 'day' AS period_kind, date AS period_start FROM dates
    UNION ALL
    SELECT date, 'week' AS period_kind, week_start AS period_start FROM dates
    UNION ALL
    SELECT date, 'month' AS period_kind, month_start AS period_start FROM dates
    UNION ALL
    SELECT q.date AS date, 'quarter' AS period_kind, s.period_start AS period_start
    FROM quarter_days AS q
    INNER JOIN quarter_starts AS s ON q.quarter_number = s.quarter_number
),

-- The last known day of each period; the months after this one tell whether the period goes on.
last_days AS (
    SELECT period_kind, period_start, MAX(date) AS date
    FROM periods
    GROUP BY period_kind, period_start
),

open_tickets AS (
    SELECT date, 'all' AS slice_kind, 'all' AS slice_value, backlog FROM backlog_daily
    UNION ALL
    SELECT date, 'channel' AS slice_kind, channel AS slice_value, backlog FROM backlog_daily
    UNION ALL
    SELECT date, 'team' AS slice_kind,
        CASE WHEN team_id = 'unknown' THEN 'unknown' ELSE system || '/' || team_id END AS slice_value,
        backlog
    FROM backlog_daily
),

backlogs AS (
    SELECT
        l.period_kind AS period_kind,
        l.period_start AS period_start,
        o.slice_kind AS slice_kind,
        o.slice_value AS slice_value,
        CAST(SUM(o.backlog) AS BIGINT) AS backlog
    FROM open_tickets AS o
    INNER JOIN last_days AS l ON l.date = o.date
    GROUP BY l.period_kind, l.period_start, o.slice_kind, o.slice_value
),

ready AS (
    SELECT period AS period_kind, period_start AS period_start, kpi AS kpi, 'median' AS measure,
        slice_kind AS slice_kind, slice_value AS slice_value,
        CAST(NULL AS DECIMAL(18,4)) AS numerator, CAST(items AS DECIMAL(18,4)) AS denominator, median_seconds AS value, TRUE AS is_mature
    FROM waits
    UNION ALL
    SELECT period AS period_kind, period_start AS period_start, kpi AS kpi, 'p90' AS measure,
        slice_kind AS slice_kind, slice_value AS slice_value,
        CAST(NULL AS DECIMAL(18,4)) AS numerator, CAST(items AS DECIMAL(18,4)) AS denominator, p90_seconds AS value, TRUE AS is_mature
    FROM waits
    UNION ALL
    SELECT period AS period_kind, period_start AS period_start, kpi AS kpi, 'business_median' AS measure,
        slice_kind AS slice_kind, slice_value AS slice_value,
        CAST(NULL AS DECIMAL(18,4)) AS numerator, CAST(business_items AS DECIMAL(18,4)) AS denominator, median_business_seconds AS value, TRUE AS is_mature
    FROM waits
    WHERE business_items > 0
    UNION ALL
    SELECT period AS period_kind, period_start AS period_start, kpi AS kpi, 'business_p90' AS measure,
        slice_kind AS slice_kind, slice_value AS slice_value,
        CAST(NULL AS DECIMAL(18,4)) AS numerator, CAST(business_items AS DECIMAL(18,4)) AS denominator, p90_business_seconds AS value, TRUE AS is_mature
    FROM waits
    WHERE business_items > 0
    UNION ALL
    SELECT period AS period_kind, period_start AS period_start, CASE WHEN metric = 'delivery' THEN 'delivery_time' ELSE 'refund_time' END AS kpi, 'median' AS measure,
        segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(NULL AS DECIMAL(18,4)) AS numerator, CAST(items AS DECIMAL(18,4)) AS denominator, median_seconds AS value, TRUE AS is_mature
    FROM shop_periods
    UNION ALL
    SELECT period AS period_kind, period_start AS period_start, 'review_reply_time' AS kpi, 'median' AS measure,
        segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(NULL AS DECIMAL(18,4)) AS numerator, CAST(replied_reviews AS DECIMAL(18,4)) AS denominator, median_seconds AS value, TRUE AS is_mature
    FROM review_periods
    WHERE segment_kind = 'all'
    UNION ALL
    SELECT period AS period_kind, period_start AS period_start, CASE WHEN metric = 'delivery' THEN 'delivery_time' ELSE 'refund_time' END AS kpi, 'p90' AS measure,
        segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(NULL AS DECIMAL(18,4)) AS numerator, CAST(items AS DECIMAL(18,4)) AS denominator, p90_seconds AS value, TRUE AS is_mature
    FROM shop_periods
    UNION ALL
    SELECT period AS period_kind, period_start AS period_start, 'review_reply_time' AS kpi, 'p90' AS measure,
        segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(NULL AS DECIMAL(18,4)) AS numerator, CAST(replied_reviews AS DECIMAL(18,4)) AS denominator, p90_seconds AS value, TRUE AS is_mature
    FROM review_periods
    WHERE segment_kind = 'all'
    UNION ALL
    SELECT 'month' AS period_kind, month_start AS period_start, 'retention_rate' AS kpi, 'main' AS measure,
        segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(retained_customers AS DECIMAL(18,4)) AS numerator, CAST(customers_at_start AS DECIMAL(18,4)) AS denominator, retention_rate AS value, is_complete AS is_mature
    FROM retention_rate
    UNION ALL
    SELECT 'month' AS period_kind, month_start AS period_start, 'churn_rate' AS kpi, 'main' AS measure,
        segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(lost_customers AS DECIMAL(18,4)) AS numerator, CAST(customers_at_start AS DECIMAL(18,4)) AS denominator, churn_rate AS value, is_complete AS is_mature
    FROM retention_rate
    UNION ALL
    SELECT 'quarter' AS period_kind, quarter_start AS period_start, 'retention_rate' AS kpi, 'main' AS measure,
        segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(retained_customers AS DECIMAL(18,4)) AS numerator, CAST(customers_at_start AS DECIMAL(18,4)) AS denominator, retention_rate AS value, is_complete AS is_mature
    FROM retention_rate_quarterly
    UNION ALL
    SELECT 'quarter' AS period_kind, quarter_start AS period_start, 'churn_rate' AS kpi, 'main' AS measure,
        segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(lost_customers AS DECIMAL(18,4)) AS numerator, CAST(customers_at_start AS DECIMAL(18,4)) AS denominator, churn_rate AS value, is_complete AS is_mature
    FROM retention_rate_quarterly
    UNION ALL
    SELECT period AS period_kind, period_start AS period_start, 'repeat_purchase_rate' AS kpi, 'main' AS measure,
        segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(repeat_customers AS DECIMAL(18,4)) AS numerator, CAST(customers AS DECIMAL(18,4)) AS denominator, repeat_purchase_rate AS value, TRUE AS is_mature
    FROM buyer_periods
    UNION ALL
    SELECT period AS period_kind, period_start AS period_start, 'engagement_rate' AS kpi, 'main' AS measure,
        segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(engaged_customers AS DECIMAL(18,4)) AS numerator, CAST(active_customers AS DECIMAL(18,4)) AS denominator, engagement_rate AS value, is_complete AS is_mature
    FROM engagement_periods
    UNION ALL
    SELECT period AS period_kind, period_start AS period_start, 'activity_level' AS kpi, 'main' AS measure,
        segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(interactions_after_purchase AS DECIMAL(18,4)) AS numerator, CAST(buyers AS DECIMAL(18,4)) AS denominator, interactions_per_buyer AS value, is_complete AS is_mature
    FROM engagement_periods
    UNION ALL
    SELECT period AS period_kind, period_start AS period_start, 'activity_level' AS kpi, 'return_share' AS measure,
        segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(returned_buyers AS DECIMAL(18,4)) AS numerator, CAST(past_buyers AS DECIMAL(18,4)) AS denominator, return_share AS value, is_complete AS is_mature
    FROM engagement_periods
    UNION ALL
    SELECT 'day' AS period_kind, date AS period_start, 'contact_rate' AS kpi, 'customers' AS measure,
        segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(customers_contacted AS DECIMAL(18,4)) AS numerator, CAST(customers_ordered AS DECIMAL(18,4)) AS denominator, customer_contact_rate AS value, TRUE AS is_mature
    FROM contact_daily
    WHERE segment_kind = 'all'
    UNION ALL
    SELECT period_kind AS period_kind, period_start AS period_start, 'backlog' AS kpi, 'main' AS measure,
        slice_kind AS slice_kind, slice_value AS slice_value,
        CAST(backlog AS DECIMAL(18,4)) AS numerator, CAST(NULL AS DECIMAL(18,4)) AS denominator, CAST(backlog AS DOUBLE) AS value, TRUE AS is_mature
    FROM backlogs
)

SELECT period_kind, period_start, kpi, measure, slice_kind, slice_value, numerator, denominator, value, is_mature
FROM ready
