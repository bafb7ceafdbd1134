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
retention_periods = "same"
buyer_periods = "same"
engagement_periods = "same"
contact_daily = "same"
backlog_daily = "same"
dates = "0..2"
calendar = "-2..2"

[columns]
period_kind = "VARCHAR day, week, month or quarter: the ones that the mart has"
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
WITH quarters AS (
    SELECT date, MIN(date) OVER (PARTITION BY month_number - month_number % 3) AS quarter_start
    FROM calendar
),

periods AS (
    SELECT
        d.date AS date,
        k.period_kind AS period_kind,
        CASE k.period_kind
            WHEN 'day' THEN d.date
            WHEN 'week' THEN d.week_start
            WHEN 'month' THEN d.month_start
            WHEN 'quarter' THEN q.quarter_start
        END AS period_start
    FROM dates AS d
    INNER JOIN quarters AS q ON q.date = d.date
    CROSS JOIN (VALUES ('day'), ('week'), ('month'), ('quarter')) AS k (period_kind)
),

-- The last known day of each period; the months after this one tell whether the period goes on.
last_days AS (
    SELECT period_kind, period_start, MAX(date) AS date
    FROM periods
    GROUP BY period_kind, period_start
),

backlogs AS (
    SELECT
        l.period_kind AS period_kind,
        l.period_start AS period_start,
        s.slice_kind AS slice_kind,
        CASE
            WHEN s.slice_kind = 'all' THEN 'all'
            WHEN s.slice_kind = 'channel' THEN b.channel
            WHEN b.team_id = 'unknown' THEN 'unknown'
            ELSE b.system || '/' || b.team_id
        END AS slice_value,
        b.backlog AS backlog
    FROM backlog_daily AS b
    INNER JOIN last_days AS l ON l.date = b.date
    CROSS JOIN (VALUES ('all'), ('channel'), ('team')) AS s (slice_kind)
),

waits AS (
    SELECT
        w.*,
        n.kpi AS kpi,
        CASE WHEN w.slice = 'team' AND w.slice_value <> 'unknown' THEN w.system || '/' || w.slice_value ELSE w.slice_value END
            AS team_or_value
    FROM service_periods AS w
    LEFT JOIN (VALUES
        ('first_response', 'first_response_time'), ('response', 'average_response_time'),
        ('first_resolution', 'first_resolution_time'), ('full_resolution', 'full_resolution_time'),
        ('requester_wait', 'requester_wait_time'), ('agent_work', 'agent_work_time'), ('agent_wait', 'agent_wait_time'),
        ('on_hold', 'on_hold_time'), ('conversation', 'conversation_time')
    ) AS n (metric, kpi) ON n.metric = w.metric
),

times AS (
    SELECT
        w.period AS period_kind,
        w.period_start AS period_start,
        w.kpi AS kpi,
        m.measure AS measure,
        w.slice AS slice_kind,
        w.team_or_value AS slice_value,
        CASE WHEN m.place > 2 THEN w.business_items ELSE w.items END AS items,
        CASE m.place
            WHEN 1 THEN w.median_seconds
            WHEN 2 THEN w.p90_seconds
            WHEN 3 THEN w.median_business_seconds
            WHEN 4 THEN w.p90_business_seconds
        END AS value
    FROM waits AS w
    CROSS JOIN (VALUES (1, 'median'), (2, 'p90'), (3, 'business_median'), (4, 'business_p90')) AS m (place, measure)
    WHERE m.place <= 2 OR w.business_items > 0
    UNION ALL
    SELECT
        w.period AS period_kind,
        w.period_start AS period_start,
        CASE w.metric WHEN 'delivery' THEN 'delivery_time' ELSE 'refund_time' END AS kpi,
        m.measure AS measure,
        w.segment_kind AS slice_kind,
        w.segment_value AS slice_value,
        w.items AS items,
        CASE m.measure WHEN 'median' THEN w.median_seconds ELSE w.p90_seconds END AS value
    FROM shop_periods AS w
    CROSS JOIN (VALUES ('median'), ('p90')) AS m (measure)
    UNION ALL
    SELECT
        w.period AS period_kind,
        w.period_start AS period_start,
        'review_reply_time' AS kpi,
        m.measure AS measure,
        w.segment_kind AS slice_kind,
        w.segment_value AS slice_value,
        w.replied_reviews AS items,
        CASE m.measure WHEN 'median' THEN w.median_seconds ELSE w.p90_seconds END AS value
    FROM review_periods AS w
    CROSS JOIN (VALUES ('median'), ('p90')) AS m (measure)
    WHERE w.segment_kind = 'all'
),

retained AS (
    SELECT
        'month' AS period, month_start AS period_start, segment_kind, segment_value, customers_at_start, retained_customers,
        lost_customers, retention_rate, churn_rate, is_complete
    FROM retention_rate
    UNION ALL
    SELECT
        period, period_start, segment_kind, segment_value, customers_at_start, retained_customers,
        lost_customers, retention_rate, churn_rate, is_complete
    FROM retention_periods
)

SELECT
    period_kind, period_start, kpi, measure, slice_kind, slice_value,
    CAST(NULL AS DECIMAL(18,4)) AS numerator, CAST(items AS DECIMAL(18,4)) AS denominator, value, TRUE AS is_mature
FROM times
UNION ALL
SELECT
    r.period AS period_kind, r.period_start AS period_start, k.kpi AS kpi, 'main' AS measure,
    r.segment_kind AS slice_kind, r.segment_value AS slice_value,
    CAST(CASE k.kpi WHEN 'churn_rate' THEN r.lost_customers ELSE r.retained_customers END AS DECIMAL(18,4)) AS numerator,
    CAST(r.customers_at_start AS DECIMAL(18,4)) AS denominator,
    CASE k.kpi WHEN 'churn_rate' THEN r.churn_rate ELSE r.retention_rate END AS value, r.is_complete AS is_mature
FROM retained AS r
CROSS JOIN (VALUES ('retention_rate'), ('churn_rate')) AS k (kpi)
UNION ALL
SELECT
    period AS period_kind, period_start, 'repeat_purchase_rate' AS kpi, 'main' AS measure,
    segment_kind AS slice_kind, segment_value AS slice_value,
    CAST(repeat_customers AS DECIMAL(18,4)) AS numerator, CAST(customers AS DECIMAL(18,4)) AS denominator,
    repeat_purchase_rate AS value, TRUE AS is_mature
FROM buyer_periods
UNION ALL
SELECT
    period AS period_kind, period_start, 'engagement_rate' AS kpi, 'main' AS measure,
    segment_kind AS slice_kind, segment_value AS slice_value,
    CAST(engaged_customers AS DECIMAL(18,4)) AS numerator, CAST(active_customers AS DECIMAL(18,4)) AS denominator,
    engagement_rate AS value, is_complete AS is_mature
FROM engagement_periods
UNION ALL
SELECT
    period AS period_kind, period_start, 'activity_level' AS kpi, 'main' AS measure,
    segment_kind AS slice_kind, segment_value AS slice_value,
    CAST(interactions_after_purchase AS DECIMAL(18,4)) AS numerator, CAST(buyers AS DECIMAL(18,4)) AS denominator,
    interactions_per_buyer AS value, is_complete AS is_mature
FROM engagement_periods
UNION ALL
SELECT
    period AS period_kind, period_start, 'activity_level' AS kpi, 'return_share' AS measure,
    segment_kind AS slice_kind, segment_value AS slice_value,
    CAST(returned_buyers AS DECIMAL(18,4)) AS numerator, CAST(past_buyers AS DECIMAL(18,4)) AS denominator,
    return_share AS value, is_complete AS is_mature
FROM engagement_periods
UNION ALL
SELECT
    'day' AS period_kind, date AS period_start, 'contact_rate' AS kpi, 'customers' AS measure,
    segment_kind AS slice_kind, segment_value AS slice_value,
    CAST(customers_contacted AS DECIMAL(18,4)) AS numerator, CAST(customers_ordered AS DECIMAL(18,4)) AS denominator,
    customer_contact_rate AS value, TRUE AS is_mature
FROM contact_daily
WHERE segment_kind = 'all'
UNION ALL
SELECT
    period_kind, period_start, 'backlog' AS kpi, 'main' AS measure, slice_kind, slice_value,
    CAST(SUM(backlog) AS DECIMAL(18,4)) AS numerator, CAST(NULL AS DECIMAL(18,4)) AS denominator,
    CAST(SUM(backlog) AS DOUBLE) AS value, TRUE AS is_mature
FROM backlogs
GROUP BY period_kind, period_start, slice_kind, slice_value
