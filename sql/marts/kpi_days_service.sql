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
WITH figures AS (
    SELECT
        d.date AS date,
        d.channel AS channel,
        CASE WHEN d.team_id = 'unknown' THEN 'unknown' ELSE d.system || '/' || d.team_id END AS team,
        k.kpi AS kpi,
        k.measure AS measure,
        CASE k.place
            WHEN 1 THEN d.tickets_created
            WHEN 2 THEN d.tickets_solved
            WHEN 3 THEN d.customer_messages
            WHEN 4 THEN d.replies
            WHEN 5 THEN d.first_response_seconds_sum
            WHEN 6 THEN d.first_response_business_seconds_sum
            WHEN 7 THEN d.response_seconds_sum
            WHEN 8 THEN d.response_business_seconds_sum
            WHEN 9 THEN d.first_resolution_seconds_sum
            WHEN 10 THEN d.first_resolution_business_seconds_sum
            WHEN 11 THEN d.full_resolution_seconds_sum
            WHEN 12 THEN d.full_resolution_business_seconds_sum
            WHEN 13 THEN d.handle_seconds_sum
            WHEN 14 THEN d.conversation_seconds_sum
            WHEN 15 THEN d.solved_one_touch
            WHEN 16 THEN d.solved_replies
            WHEN 17 THEN d.requester_wait_seconds_sum
            WHEN 18 THEN d.requester_wait_business_seconds_sum
            WHEN 19 THEN d.agent_work_seconds_sum
            WHEN 20 THEN d.agent_work_business_seconds_sum
            WHEN 21 THEN d.agent_wait_seconds_sum
            WHEN 22 THEN d.agent_wait_business_seconds_sum
            WHEN 23 THEN d.on_hold_seconds_sum
            WHEN 24 THEN d.on_hold_business_seconds_sum
            WHEN 25 THEN d.solved_reopened
            WHEN 26 THEN d.solved_transferred
            WHEN 27 THEN d.solved_escalated
        END AS numerator,
        CASE
            WHEN k.place <= 4 THEN CAST(NULL AS BIGINT)
            WHEN k.place = 5 THEN d.first_responses
            WHEN k.place = 6 THEN d.first_response_business_count
            WHEN k.place = 7 THEN d.responses
            WHEN k.place = 8 THEN d.response_business_count
            WHEN k.place = 9 THEN d.first_resolutions
            WHEN k.place = 10 THEN d.first_resolution_business_count
            WHEN k.place = 11 THEN d.full_resolution_count
            WHEN k.place = 12 THEN d.full_resolution_business_count
            WHEN k.place = 13 THEN d.handled
            WHEN k.place = 14 THEN d.conversations
            WHEN k.place <= 16 THEN d.solved_with_messages
            ELSE d.solved_with_history
        END AS denominator
    FROM service_daily AS d
    CROSS JOIN (VALUES
        (1, 'tickets_created', 'main'), (2, 'tickets_solved', 'main'),
        (3, 'messages_in', 'main'), (4, 'messages_out', 'main'),
        (5, 'first_response_time', 'main'), (6, 'first_response_time', 'business'),
        (7, 'average_response_time', 'main'), (8, 'average_response_time', 'business'),
        (9, 'first_resolution_time', 'main'), (10, 'first_resolution_time', 'business'),
        (11, 'full_resolution_time', 'main'), (12, 'full_resolution_time', 'business'),
        (13, 'ticket_handle_time', 'main'), (14, 'conversation_time', 'main'),
        (15, 'one_touch_rate', 'main'), (16, 'replies_per_resolution', 'main'),
        (17, 'requester_wait_time', 'main'), (18, 'requester_wait_time', 'business'),
        (19, 'agent_work_time', 'main'), (20, 'agent_work_time', 'business'),
        (21, 'agent_wait_time', 'main'), (22, 'agent_wait_time', 'business'),
        (23, 'on_hold_time', 'main'), (24, 'on_hold_time', 'business'),
        (25, 'reopen_rate', 'main'), (26, 'transfer_rate', 'main'), (27, 'escalation_rate', 'main')
    ) AS k (place, kpi, measure)
),

slices AS (
    SELECT
        f.date AS date,
        f.kpi AS kpi,
        f.measure AS measure,
        s.slice_kind AS slice_kind,
        CASE s.slice_kind WHEN 'channel' THEN f.channel WHEN 'team' THEN f.team ELSE 'all' END AS slice_value,
        f.numerator AS numerator,
        f.denominator AS denominator
    FROM figures AS f
    CROSS JOIN (VALUES ('all'), ('channel'), ('team')) AS s (slice_kind)
),

parts AS (
    SELECT
        date,
        kpi,
        measure,
        slice_kind,
        slice_value,
        SUM(numerator) AS numerator,
        SUM(denominator) AS denominator
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
    TRUE AS is_mature
FROM parts
-- Of a slice without any of it no row is needed; the whole shop tells that there was none.
WHERE slice_kind = 'all' OR numerator <> 0 OR denominator <> 0
