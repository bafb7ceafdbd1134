/*
about = """
Why and how customers get in touch, and what the bot and the help centre settle, per day in long form: a row per KPI
and slice, for kpis. A share of all tickets has no denominator here: kpis takes it from the sum of its slices."""
grain = ["date", "kpi", "measure", "slice_kind", "slice_value"]
partition = "date"
not_null = ["date", "kpi", "measure", "slice_kind", "slice_value", "is_mature"]

[accepted_values]
slice_kind = ["all", "channel", "team", "country", "contact_reason"]

[inputs]
contact_daily = "same"
contact_mix_daily = "same"
after_delivery_daily = "same"
automation_daily = "same"
abandonment_daily = "same"
self_service_daily = "same"

[columns]
date = "DATE local date the KPI is booked on"
kpi = "VARCHAR key of the dictionary"
measure = "VARCHAR main, or which other figure of the KPI; see kpis"
slice_kind = "VARCHAR all, channel, team, country, contact_reason; sum over one kind only"
slice_value = "VARCHAR all, or the value of the slice; unknown where it is not known"
numerator = "DECIMAL(18,4) what is counted or summed; NULL where it is not known"
denominator = "DECIMAL(18,4) what it is divided by; NULL for a plain count or sum"
is_mature = "BOOLEAN no window is open that could change the parts"
*/
-- The marts leave these two rates empty where the export has no surveys, or no bot.
WITH surveyed AS (
    SELECT date, segment_kind, segment_value, feedback_requested_orders, delivered_orders, is_mature
    FROM after_delivery_daily
    WHERE feedback_request_rate IS NOT NULL
),

automated AS (
    SELECT date, segment_kind, segment_value, contained, conversations, is_mature
    FROM automation_daily
    WHERE automation_rate IS NOT NULL
),

parts AS (
    SELECT date, 'contact_rate' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(tickets AS DECIMAL(18,4)) AS numerator, CAST(orders AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM contact_daily
    WHERE segment_kind = 'all'
    UNION ALL
    SELECT date, 'conversational_conversion' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(converted_tickets AS DECIMAL(18,4)) AS numerator, CAST(tickets AS DECIMAL(18,4)) AS denominator, is_mature
    FROM contact_daily
    WHERE segment_kind IN ('all', 'channel')
    UNION ALL
    SELECT date, 'conversational_conversion' AS kpi, 'net_amount' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(converted_net_amount AS DECIMAL(18,4)) AS numerator, CAST(NULL AS DECIMAL(18,4)) AS denominator, is_mature
    FROM contact_daily
    WHERE segment_kind IN ('all', 'channel')
    UNION ALL
    SELECT date, 'warranty_claim_rate' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(warranty_tickets AS DECIMAL(18,4)) AS numerator, CAST(delivered_orders AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM after_delivery_daily
    WHERE segment_kind IN ('all', 'country')
    UNION ALL
    SELECT date, 'wismo_share' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(wismo_tickets AS DECIMAL(18,4)) AS numerator, CAST(tickets AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM contact_daily
    WHERE segment_kind IN ('all', 'channel')
    UNION ALL
    SELECT date, 'channel_mix' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(tickets AS DECIMAL(18,4)) AS numerator, CAST(NULL AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM contact_mix_daily
    WHERE segment_kind = 'channel'
    UNION ALL
    SELECT date, 'contact_reason_share' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(tickets AS DECIMAL(18,4)) AS numerator, CAST(NULL AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM contact_mix_daily
    WHERE segment_kind = 'contact_reason'
    UNION ALL
    SELECT date, 'stockout_contact_rate' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(stockout_tickets AS DECIMAL(18,4)) AS numerator, CAST(stock_known_tickets AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM contact_mix_daily
    WHERE segment_kind IN ('all', 'channel', 'team', 'country', 'contact_reason')
    UNION ALL
    SELECT date, 'channel_switch_rate' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(switched_tickets AS DECIMAL(18,4)) AS numerator, CAST(tickets AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM contact_mix_daily
    WHERE segment_kind IN ('all', 'channel', 'team', 'country', 'contact_reason')
    UNION ALL
    SELECT date, 'same_channel_rate' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(same_channel_tickets AS DECIMAL(18,4)) AS numerator, CAST(order_channel_tickets AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM contact_mix_daily
    WHERE segment_kind IN ('all', 'channel', 'team', 'country', 'contact_reason')
    UNION ALL
    SELECT date, 'feedback_request_rate' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(feedback_requested_orders AS DECIMAL(18,4)) AS numerator, CAST(delivered_orders AS DECIMAL(18,4)) AS denominator, is_mature
    FROM surveyed
    WHERE segment_kind IN ('all', 'country')
    UNION ALL
    SELECT date, 'bot_containment_rate' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(contained AS DECIMAL(18,4)) AS numerator, CAST(bot_conversations AS DECIMAL(18,4)) AS denominator, is_mature
    FROM automation_daily
    WHERE segment_kind IN ('all', 'channel')
    UNION ALL
    SELECT date, 'automation_rate' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(contained AS DECIMAL(18,4)) AS numerator, CAST(conversations AS DECIMAL(18,4)) AS denominator, is_mature
    FROM automated
    WHERE segment_kind IN ('all', 'channel')
    UNION ALL
    SELECT date, 'handoff_rate' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(handed_off AS DECIMAL(18,4)) AS numerator, CAST(bot_conversations AS DECIMAL(18,4)) AS denominator, is_mature
    FROM automation_daily
    WHERE segment_kind IN ('all', 'channel')
    UNION ALL
    SELECT date, 'abandonment_rate' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(abandoned AS DECIMAL(18,4)) AS numerator, CAST(started AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM abandonment_daily
    WHERE segment_kind IN ('all', 'channel')
    UNION ALL
    SELECT date, 'self_service_rate' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(self_served_visits AS DECIMAL(18,4)) AS numerator, CAST(known_visits AS DECIMAL(18,4)) AS denominator, is_mature
    FROM self_service_daily
    WHERE segment_kind IN ('all', 'channel')
    UNION ALL
    SELECT date, 'self_service_rate' AS kpi, 'views_per_ticket' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(views AS DECIMAL(18,4)) AS numerator, CAST(tickets AS DECIMAL(18,4)) AS denominator, is_mature
    FROM self_service_daily
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
