/*
about = """
First contact resolution, service levels and calls per day in long form: a row per KPI and slice, for kpis."""
grain = ["date", "kpi", "measure", "slice_kind", "slice_value"]
partition = "date"
not_null = ["date", "kpi", "measure", "slice_kind", "slice_value", "is_mature"]

[accepted_values]
slice_kind = ["all", "channel", "team", "contact_reason", "country"]

[inputs]
resolution_daily = "same"
first_contact_daily = "same"
interactions_daily = "same"
sla_daily = "same"
agent_daily = "same"

[columns]
date = "DATE local date the KPI is booked on"
kpi = "VARCHAR key of the dictionary"
measure = "VARCHAR main, or which other figure of the KPI; see kpis"
slice_kind = "VARCHAR all, channel, team, contact_reason, country; sum over one kind only"
slice_value = "VARCHAR all, or the value of the slice; unknown where it is not known"
numerator = "DECIMAL(18,4) what is counted or summed; NULL where it is not known"
denominator = "DECIMAL(18,4) what it is divided by; NULL for a plain count or sum"
is_mature = "BOOLEAN no window is open that could change the parts"
*/
WITH parts AS (
    SELECT date, 'resolution_rate' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(created_and_solved AS DECIMAL(18,4)) AS numerator, CAST(tickets_created AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM resolution_daily
    WHERE segment_kind IN ('all', 'channel', 'team')
    UNION ALL
    SELECT date, 'resolution_rate' AS kpi, 'solved_to_created' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(tickets_solved AS DECIMAL(18,4)) AS numerator, CAST(tickets_created AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM resolution_daily
    WHERE segment_kind IN ('all', 'channel', 'team')
    UNION ALL
    SELECT date, 'fcr_rate' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(solved_first_contact AS DECIMAL(18,4)) AS numerator, CAST(solved_measured AS DECIMAL(18,4)) AS denominator, is_mature
    FROM first_contact_daily
    WHERE segment_kind IN ('all', 'channel', 'team', 'contact_reason')
    UNION ALL
    SELECT date, 'answered_within' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(answered_within AS DECIMAL(18,4)) AS numerator, CAST(offered_measured AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM interactions_daily
    WHERE segment_kind IN ('all', 'channel', 'team', 'country')
    UNION ALL
    SELECT date, 'handle_time' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(handle_seconds_sum AS DECIMAL(18,4)) AS numerator, CAST(handled AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM interactions_daily
    WHERE segment_kind IN ('all', 'channel', 'team', 'country')
    UNION ALL
    SELECT date, 'sla_attainment' AS kpi, metric AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(met AS DECIMAL(18,4)) AS numerator, CAST(met + breached AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM sla_daily
    WHERE segment_kind IN ('all', 'channel', 'team')
    UNION ALL
    SELECT date, 'sla_attainment' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(SUM(met) AS DECIMAL(18,4)) AS numerator, CAST(SUM(met + breached) AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM sla_daily
    WHERE segment_kind IN ('all', 'channel', 'team')
    GROUP BY date, segment_kind, segment_value
    UNION ALL
    SELECT date, 'template_use_rate' AS kpi, 'main' AS measure, 'all' AS slice_kind, 'all' AS slice_value,
        CAST(SUM(template_replies) AS DECIMAL(18,4)) AS numerator, CAST(SUM(replies) AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM agent_daily
    GROUP BY date
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
