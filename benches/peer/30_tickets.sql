-- One row per counted ticket, from one row per ticket of each part of its story.
CREATE TABLE fct_tickets AS
WITH talks AS (
    SELECT
        ticket_id,
        min(sent_at) FILTER (is_reply) AS reply_at,
        min(sent_epoch) FILTER (is_reply) AS reply_epoch,
        min(sent_date) FILTER (is_reply) AS reply_date,
        count(*) FILTER (is_reply) AS replies,
        count(*) FILTER (author_kind = 'agent') AS touches,
        count(*) FILTER (author_kind = 'customer' AND is_public) AS customer_messages,
        max(sent_epoch) FILTER (is_public) - min(sent_epoch) FILTER (is_public) AS conversation_seconds,
        max(sent_date) FILTER (is_public) AS last_message_date,
        bool_or(is_opening) AS has_agent_opening
    FROM timed_messages
    GROUP BY ticket_id
),

waits AS (
    SELECT
        ticket_id,
        count(*) AS response_count,
        sum(response_seconds)::BIGINT AS response_seconds_sum,
        sum(response_business_seconds)::BIGINT AS response_business_seconds_sum
    FROM answers
    GROUP BY ticket_id
),

histories AS (
    SELECT
        ticket_id,
        min(from_at) FILTER (is_solve) AS first_at,
        min(from_epoch) FILTER (is_solve) AS first_epoch,
        min(from_date) FILTER (is_solve) AS first_date,
        min(from_clock) FILTER (is_solve) AS first_clock,
        max(from_at) FILTER (is_solve) AS last_at,
        max(from_epoch) FILTER (is_solve) AS last_epoch,
        max(from_date) FILTER (is_solve) AS last_date,
        max(from_clock) FILTER (is_solve) AS last_clock,
        count(*) FILTER (is_reopen) AS reopens,
        coalesce(sum(calendar_seconds) FILTER (status IN ('new', 'open')), 0)::BIGINT AS work_seconds,
        coalesce(sum(business_seconds) FILTER (status IN ('new', 'open')), 0)::BIGINT AS work_business,
        coalesce(sum(calendar_seconds) FILTER (status = 'pending'), 0)::BIGINT AS pending_seconds,
        coalesce(sum(business_seconds) FILTER (status = 'pending'), 0)::BIGINT AS pending_business,
        coalesce(sum(calendar_seconds) FILTER (status = 'hold'), 0)::BIGINT AS hold_seconds,
        coalesce(sum(business_seconds) FILTER (status = 'hold'), 0)::BIGINT AS hold_business
    FROM status_intervals
    GROUP BY ticket_id
),

steps AS (
    SELECT
        ticket_id,
        field,
        value,
        coalesce(previous_value, lag(value) OVER field_of_ticket) AS value_before,
        row_number() OVER field_of_ticket = 1 AS is_first
    FROM ticket_events
    WHERE field IN ('priority', 'group_id', 'status', 'assignee_id')
    WINDOW field_of_ticket AS (PARTITION BY ticket_id, field ORDER BY occurred_at, event_id)
),

moves AS (
    SELECT
        ticket_id,
        max(coalesce(value_before, value)) FILTER (field = 'priority' AND is_first) AS priority_first,
        count(*) FILTER (
            field = 'priority'
            AND list_position(['low', 'normal', 'high', 'urgent'], value)
                > list_position(['low', 'normal', 'high', 'urgent'], value_before)
        ) AS priority_raises,
        count(*) FILTER (field = 'group_id' AND value <> value_before) AS team_changes
    FROM steps
    GROUP BY ticket_id
),

ratings AS (
    SELECT
        ticket_id,
        min(occurred_date) AS offered_date,
        arg_max({label: csat_label(value), date: occurred_date}, (occurred_at, event_id))
            FILTER (csat_label(value) IN ('good', 'bad')) AS last
    FROM ticket_events
    WHERE field = 'satisfaction_score' AND csat_label(value) IS NOT NULL
    GROUP BY ticket_id
),

joined AS (
    SELECT
        t.*,
        s.schedule_id,
        coalesce(u.contact_hash, keyed_hash('id', 'zendesk:' || t.requester_id)) AS customer_hash,
        u.language,
        m.* EXCLUDE (ticket_id),
        m.ticket_id IS NOT NULL AS has_messages,
        w.* EXCLUDE (ticket_id),
        h.* EXCLUDE (ticket_id),
        h.ticket_id IS NOT NULL AS has_history,
        v.* EXCLUDE (ticket_id),
        r.offered_date,
        r.last.label AS rated_label,
        r.last.date AS rated_date,
        t.submitter_id IN (SELECT id FROM agents) AS is_opened_by_agent,
        clock(c0, t.created_epoch) AS created_clock,
        clock(c1, m.reply_epoch) AS reply_clock
    FROM tickets AS t
    INNER JOIN ticket_schedules AS s ON s.ticket_id = t.id
    LEFT JOIN users AS u ON u.id = t.requester_id
    LEFT JOIN talks AS m ON m.ticket_id = t.id
    LEFT JOIN waits AS w ON w.ticket_id = t.id
    LEFT JOIN histories AS h ON h.ticket_id = t.id
    LEFT JOIN moves AS v ON v.ticket_id = t.id
    LEFT JOIN ratings AS r ON r.ticket_id = t.id
    LEFT JOIN schedule_clock AS c0 ON c0.schedule_id = s.schedule_id AND c0.utc_day = t.created_epoch // 86400
    LEFT JOIN schedule_clock AS c1 ON c1.schedule_id = s.schedule_id AND c1.utc_day = m.reply_epoch // 86400
)

SELECT
    'zendesk' AS system,
    id::VARCHAR AS ticket_id,
    created_at,
    created_epoch,
    created_date,
    channel,
    team_id::VARCHAR AS team_id,
    assignee_id::VARCHAR AS agent_id,
    brand_id::VARCHAR AS brand_id,
    priority,
    ticket_type,
    contact_reason,
    NULL::VARCHAR AS country,
    language,
    status,
    customer_hash,
    schedule_id,
    CASE
        WHEN submitter_id = requester_id THEN 'customer'
        WHEN is_opened_by_agent OR (submitter_id IS NULL AND has_agent_opening) THEN 'agent'
        WHEN submitter_id IS NOT NULL OR has_messages THEN 'customer'
    END AS opened_by,
    if(has_messages, 'events', 'none') AS response_source,
    reply_at AS first_response_at,
    reply_date AS first_response_date,
    if(reply_epoch IS NULL, NULL, greatest(reply_epoch - created_epoch, 0)) AS first_response_seconds,
    if(reply_clock IS NULL, NULL, greatest(reply_clock - created_clock, 0)) AS first_response_business_seconds,
    if(has_messages, coalesce(response_count, 0), NULL) AS response_count,
    response_seconds_sum,
    response_business_seconds_sum,
    replies,
    touches,
    customer_messages,
    conversation_seconds,
    last_message_date,
    NULL::BIGINT AS handle_seconds,
    if(has_history, 'events', 'none') AS resolution_source,
    status IN ('solved', 'closed') AS is_solved,
    if(replies IS NULL, NULL, status IN ('solved', 'closed') AND replies = 1) AS is_one_touch,
    first_at AS first_solved_at,
    first_date AS first_solved_date,
    first_epoch - created_epoch AS first_resolution_seconds,
    first_clock - created_clock AS first_resolution_business_seconds,
    last_at AS last_solved_at,
    last_date AS last_solved_date,
    if(status IN ('solved', 'closed'), last_epoch - created_epoch, NULL) AS full_resolution_seconds,
    if(status IN ('solved', 'closed'), last_clock - created_clock, NULL) AS full_resolution_business_seconds,
    reopens,
    work_seconds + hold_seconds AS requester_wait_seconds,
    work_business + hold_business AS requester_wait_business_seconds,
    work_seconds AS agent_work_seconds,
    work_business AS agent_work_business_seconds,
    pending_seconds AS agent_wait_seconds,
    pending_business AS agent_wait_business_seconds,
    hold_seconds AS on_hold_seconds,
    hold_business AS on_hold_business_seconds,
    coalesce(priority_first, priority) AS priority_first,
    priority_raises,
    team_changes,
    offered_date IS NOT NULL OR csat_label IS NOT NULL AS is_csat_offered,
    if(is_csat_offered, coalesce(offered_date, updated_date), NULL) AS csat_offered_date,
    coalesce(rated_label, nullif(csat_label, 'offered')) AS csat_label,
    NULL::DECIMAL(18,4) AS csat_score,
    CASE
        WHEN rated_label IS NOT NULL THEN rated_date
        WHEN csat_label IN ('good', 'bad') THEN updated_date
    END AS csat_date,
    NULL::TIMESTAMP AS vendor_first_response_at,
    NULL::BIGINT AS vendor_first_response_seconds,
    NULL::TIMESTAMP AS vendor_solved_at,
    NULL::BIGINT AS vendor_full_resolution_seconds
FROM joined;

DROP TABLE ticket_events;
