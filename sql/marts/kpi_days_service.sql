/*
about = """
Volume, speed and effort of service per day in long form: a row per KPI and slice, for kpis."""
grain = ["date", "kpi", "measure", "slice_kind", "slice_value"]
partition = "date"
not_null = ["date", "kpi", "measure", "slice_kind", "slice_value", "is_mature"]

[accepted_values]
slice_kind = ["all", "channel", "team"]

[inputs]
service_daily = "same"

[columns]
date = "DATE local date the KPI is booked on"
kpi = "VARCHAR key of the dictionary"
measure = "VARCHAR main, or which other figure of the KPI; see kpis"
slice_kind = "VARCHAR all, channel, team; sum over one kind only"
slice_value = "VARCHAR all, or the value of the slice; unknown where it is not known"
numerator = "DECIMAL(18,4) what is counted or summed; NULL where it is not known"
denominator = "DECIMAL(18,4) what it is divided by; NULL for a plain count or sum"
is_mature = "BOOLEAN no window is open that could change the parts"
*/
WITH days AS (
    SELECT
        date,
        channel,
        CASE WHEN team_id = 'unknown' THEN 'unknown' ELSE system || '/' || team_id END AS team,
        tickets_created,
        tickets_solved,
        customer_messages,
        replies,
        first_response_seconds_sum,
        first_responses,
        first_response_business_seconds_sum,
        first_response_business_count,
        response_seconds_sum,
        responses,
        response_business_seconds_sum,
        response_business_count,
        first_resolution_seconds_sum,
        first_resolutions,
        first_resolution_business_seconds_sum,
        first_resolution_business_count,
        full_resolution_seconds_sum,
        full_resolution_count,
        full_resolution_business_seconds_sum,
        full_resolution_business_count,
        requester_wait_seconds_sum,
        solved_with_history,
        requester_wait_business_seconds_sum,
        agent_work_seconds_sum,
        agent_work_business_seconds_sum,
        agent_wait_seconds_sum,
        agent_wait_business_seconds_sum,
        on_hold_seconds_sum,
        on_hold_business_seconds_sum,
        handle_seconds_sum,
        handled,
        conversation_seconds_sum,
        conversations,
        solved_one_touch,
        solved_with_messages,
        solved_replies,
        solved_reopened,
        solved_transferred,
        solved_escalated
    FROM service_daily
),

entries AS (
    SELECT date, team, channel, 'tickets_created' AS kpi, 'main' AS measure, tickets_created AS numerator, CAST(NULL AS BIGINT) AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'tickets_solved' AS kpi, 'main' AS measure, tickets_solved AS numerator, CAST(NULL AS BIGINT) AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'messages_in' AS kpi, 'main' AS measure, customer_messages AS numerator, CAST(NULL AS BIGINT) AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'messages_out' AS kpi, 'main' AS measure, replies AS numerator, CAST(NULL AS BIGINT) AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'first_response_time' AS kpi, 'main' AS measure, first_response_seconds_sum AS numerator, first_responses AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'first_response_time' AS kpi, 'business' AS measure, first_response_business_seconds_sum AS numerator, first_response_business_count AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'average_response_time' AS kpi, 'main' AS measure, response_seconds_sum AS numerator, responses AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'average_response_time' AS kpi, 'business' AS measure, response_business_seconds_sum AS numerator, response_business_count AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'first_resolution_time' AS kpi, 'main' AS measure, first_resolution_seconds_sum AS numerator, first_resolutions AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'first_resolution_time' AS kpi, 'business' AS measure, first_resolution_business_seconds_sum AS numerator, first_resolution_business_count AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'full_resolution_time' AS kpi, 'main' AS measure, full_resolution_seconds_sum AS numerator, full_resolution_count AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'full_resolution_time' AS kpi, 'business' AS measure, full_resolution_business_seconds_sum AS numerator, full_resolution_business_count AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'requester_wait_time' AS kpi, 'main' AS measure, requester_wait_seconds_sum AS numerator, solved_with_history AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'requester_wait_time' AS kpi, 'business' AS measure, requester_wait_business_seconds_sum AS numerator, solved_with_history AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'agent_work_time' AS kpi, 'main' AS measure, agent_work_seconds_sum AS numerator, solved_with_history AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'agent_work_time' AS kpi, 'business' AS measure, agent_work_business_seconds_sum AS numerator, solved_with_history AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'agent_wait_time' AS kpi, 'main' AS measure, agent_wait_seconds_sum AS numerator, solved_with_history AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'agent_wait_time' AS kpi, 'business' AS measure, agent_wait_business_seconds_sum AS numerator, solved_with_history AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'on_hold_time' AS kpi, 'main' AS measure, on_hold_seconds_sum AS numerator, solved_with_history AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'on_hold_time' AS kpi, 'business' AS measure, on_hold_business_seconds_sum AS numerator, solved_with_history AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'ticket_handle_time' AS kpi, 'main' AS measure, handle_seconds_sum AS numerator, handled AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'conversation_time' AS kpi, 'main' AS measure, conversation_seconds_sum AS numerator, conversations AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'one_touch_rate' AS kpi, 'main' AS measure, solved_one_touch AS numerator, solved_with_messages AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'replies_per_resolution' AS kpi, 'main' AS measure, solved_replies AS numerator, solved_with_messages AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'reopen_rate' AS kpi, 'main' AS measure, solved_reopened AS numerator, solved_with_history AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'transfer_rate' AS kpi, 'main' AS measure, solved_transferred AS numerator, solved_with_history AS denominator FROM days
    UNION ALL
    SELECT date, team, channel, 'escalation_rate' AS kpi, 'main' AS measure, solved_escalated AS numerator, solved_with_history AS denominator FROM days
),

slices AS (
    SELECT date, kpi, measure, 'all' AS slice_kind, 'all' AS slice_value, numerator, denominator FROM entries
    UNION ALL
    SELECT date, kpi, measure, 'channel' AS slice_kind, channel AS slice_value, numerator, denominator FROM entries
    UNION ALL
    SELECT date, kpi, measure, 'team' AS slice_kind, team AS slice_value, numerator, denominator FROM entries
),

parts AS (
    SELECT
        date,
        kpi,
        measure,
        slice_kind,
        slice_value,
        CASE WHEN COUNT(numerator) > 0 THEN CAST(SUM(numerator) AS BIGINT) END AS numerator,
        CASE WHEN COUNT(denominator) > 0 THEN CAST(SUM(denominator) AS BIGINT) END AS denominator,
        TRUE AS is_mature
    FROM slices
    GROUP BY date, kpi, measure, slice_kind, slice_value
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
WHERE slice_kind = 'all' OR COALESCE(numerator, CAST(0 AS BIGINT)) <> CAST(0 AS BIGINT) OR COALESCE(denominator, CAST(0 AS BIGINT)) <> CAST(0 AS BIGINT)
