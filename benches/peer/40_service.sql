-- The service by day and period.
CREATE TABLE fct_ticket_times AS
WITH times AS (
    SELECT
        unnest([
            {
                date: first_response_date, metric: 'first_response',
                seconds: first_response_seconds, business: first_response_business_seconds
            },
            {
                date: first_solved_date, metric: 'first_resolution',
                seconds: first_resolution_seconds, business: first_resolution_business_seconds
            },
            {
                date: last_solved_date, metric: 'full_resolution',
                seconds: full_resolution_seconds, business: full_resolution_business_seconds
            }
        ]) AS x,
        system, ticket_id, channel, team_id
    FROM fct_tickets
)

SELECT
    x.date AS date,
    x.metric AS metric,
    system,
    ticket_id,
    1::BIGINT AS occurrence,
    coalesce(channel, 'unknown') AS channel,
    coalesce(team_id, 'unknown') AS team_id,
    x.seconds AS seconds,
    x.business AS business_seconds
FROM times
WHERE x.date IS NOT NULL AND x.seconds IS NOT NULL
UNION ALL
SELECT
    a.answered_date,
    'response',
    t.system,
    t.ticket_id,
    a.answer_number,
    coalesce(t.channel, 'unknown'),
    coalesce(t.team_id, 'unknown'),
    a.response_seconds,
    a.response_business_seconds
FROM answers AS a
INNER JOIN fct_tickets AS t ON t.ticket_id = a.ticket_id::VARCHAR;

CREATE VIEW service_periods AS
WITH periods AS (
    SELECT
        unnest([
            {period: 'day', start: date},
            {period: 'week', start: date_trunc('week', date)::DATE},
            {period: 'month', start: date_trunc('month', date)::DATE}
        ]) AS p,
        *
    FROM fct_ticket_times
    WHERE date <= getvariable('watermark')
),

sums AS (
    SELECT
        p.period AS period,
        p.start AS period_start,
        metric,
        grouping(channel) = 0 AS is_channel,
        grouping(team_id) = 0 AS is_team,
        system,
        channel,
        team_id,
        count(*) AS items,
        sum(seconds)::BIGINT AS seconds_sum,
        quantile_cont(seconds::DOUBLE, [0.5, 0.9]) AS seconds_quantiles,
        count(business_seconds) AS business_items,
        sum(business_seconds)::BIGINT AS business_seconds_sum,
        quantile_cont(business_seconds::DOUBLE, [0.5, 0.9]) AS business_quantiles
    FROM periods
    GROUP BY GROUPING SETS (
        (p.period, p.start, metric), (p.period, p.start, metric, channel), (p.period, p.start, metric, system, team_id)
    )
)

SELECT
    period,
    period_start,
    metric,
    CASE WHEN is_team THEN 'team' WHEN is_channel THEN 'channel' ELSE 'all' END AS slice,
    CASE WHEN is_team THEN system ELSE 'all' END AS system,
    CASE WHEN is_team THEN team_id WHEN is_channel THEN channel ELSE 'all' END AS slice_value,
    items,
    seconds_sum,
    seconds_sum / items AS mean_seconds,
    seconds_quantiles[1] AS median_seconds,
    seconds_quantiles[2] AS p90_seconds,
    business_items,
    business_seconds_sum,
    business_seconds_sum / nullif(business_items, 0) AS mean_business_seconds,
    business_quantiles[1] AS median_business_seconds,
    business_quantiles[2] AS p90_business_seconds
FROM sums;

CREATE TABLE fct_backlog_changes AS
WITH changes AS (
    SELECT
        ticket_id::VARCHAR AS ticket_id,
        from_date AS date,
        (status_number = 1)::BIGINT AS created,
        (is_unsolved AND coalesce(previous_status, 'new') NOT IN ('new', 'open', 'pending', 'hold'))::BIGINT AS reopened,
        (NOT is_unsolved AND coalesce(previous_status, 'new') IN ('new', 'open', 'pending', 'hold'))::BIGINT AS gone
    FROM status_intervals
    UNION ALL
    SELECT ticket_id, created_date, 1, 0, 0
    FROM fct_tickets
    WHERE resolution_source = 'none'
    UNION ALL
    SELECT f.ticket_id, t.updated_date, 0, 0, 1
    FROM fct_tickets AS f
    INNER JOIN tickets AS t ON t.id = f.ticket_id::BIGINT
    WHERE f.resolution_source = 'none' AND f.is_solved
)

SELECT
    c.date,
    t.system,
    coalesce(t.channel, 'unknown') AS channel,
    coalesce(t.team_id, 'unknown') AS team_id,
    month_of(t.created_date) AS ticket_month,
    sum(c.created)::BIGINT AS created,
    sum(c.reopened)::BIGINT AS reopened,
    sum(c.gone)::BIGINT AS gone,
    sum(c.created + c.reopened - c.gone)::BIGINT AS net
FROM changes AS c
INNER JOIN fct_tickets AS t USING (ticket_id)
WHERE c.created + c.reopened + c.gone > 0
GROUP BY ALL;

CREATE TABLE backlog_daily AS
WITH days AS (
    SELECT
        date, system, channel, team_id,
        sum(created)::BIGINT AS created, sum(reopened)::BIGINT AS reopened, sum(gone)::BIGINT AS gone,
        sum(net)::BIGINT AS net
    FROM fct_backlog_changes
    GROUP BY ALL
),

grid AS (
    SELECT d.date, s.*
    FROM dates AS d
    CROSS JOIN (SELECT DISTINCT system, channel, team_id FROM days) AS s
),

stock AS (
    SELECT
        g.date, g.system, g.channel, g.team_id,
        coalesce(c.created, 0) AS created,
        coalesce(c.reopened, 0) AS reopened,
        coalesce(c.gone, 0) AS gone,
        c.date IS NOT NULL AS has_changed,
        sum(coalesce(c.net, 0)) OVER (PARTITION BY g.system, g.channel, g.team_id ORDER BY g.date)::BIGINT AS backlog
    FROM grid AS g
    LEFT JOIN days AS c USING (date, system, channel, team_id)
)

SELECT * EXCLUDE (has_changed)
FROM stock
WHERE has_changed OR backlog <> 0;

-- What tickets add to each day. Each date of a ticket is grouped once, with all measures booked on it side by side.
CREATE TABLE fct_ticket_day_parts AS
WITH slices AS (
    SELECT
        * EXCLUDE (channel, team_id),
        coalesce(channel, 'unknown') AS channel,
        coalesce(team_id, 'unknown') AS team_id,
        month_of(created_date) AS ticket_month,
        if(is_solved, last_solved_date, NULL) AS solved_date
    FROM fct_tickets
),

grouped AS (
    SELECT created_date AS date, system, channel, team_id, ticket_month, [
        part('created', count(*), NULL, NULL, NULL, NULL),
        part('handled', count(handle_seconds), count(handle_seconds), sum(handle_seconds), NULL, NULL)
    ] AS parts
    FROM slices GROUP BY ALL
    UNION ALL
    SELECT last_message_date, system, channel, team_id, ticket_month, [
        part('conversation', count(*), count(conversation_seconds), sum(conversation_seconds), NULL, NULL)
    ]
    FROM slices GROUP BY ALL
    UNION ALL
    SELECT first_response_date, system, channel, team_id, ticket_month, [
        part('first_response', count(*), count(first_response_seconds), sum(first_response_seconds),
            count(first_response_business_seconds), sum(first_response_business_seconds))
    ]
    FROM slices GROUP BY ALL
    UNION ALL
    SELECT first_solved_date, system, channel, team_id, ticket_month, [
        part('first_resolution', count(*), count(first_resolution_seconds), sum(first_resolution_seconds),
            count(first_resolution_business_seconds), sum(first_resolution_business_seconds))
    ]
    FROM slices GROUP BY ALL
    UNION ALL
    SELECT solved_date, system, channel, team_id, ticket_month, [
        part('solved', count(*), count(full_resolution_seconds), sum(full_resolution_seconds),
            count(full_resolution_business_seconds), sum(full_resolution_business_seconds)),
        part('solved_with_messages', count(replies), NULL, NULL, NULL, NULL),
        part('solved_one_touch', count(*) FILTER (is_one_touch), NULL, NULL, NULL, NULL),
        part('solved_with_history', count(reopens), NULL, NULL, NULL, NULL),
        part('solved_reopened', count(*) FILTER (reopens > 0), NULL, NULL, NULL, NULL),
        part('solved_transferred', count(*) FILTER (team_changes > 0), NULL, NULL, NULL, NULL),
        part('solved_escalated', count(*) FILTER (priority_raises > 0), NULL, NULL, NULL, NULL),
        part('requester_wait', count(reopens), count(requester_wait_seconds), sum(requester_wait_seconds),
            count(requester_wait_business_seconds), sum(requester_wait_business_seconds)),
        part('agent_work', count(reopens), count(agent_work_seconds), sum(agent_work_seconds),
            count(agent_work_business_seconds), sum(agent_work_business_seconds)),
        part('agent_wait', count(reopens), count(agent_wait_seconds), sum(agent_wait_seconds),
            count(agent_wait_business_seconds), sum(agent_wait_business_seconds)),
        part('on_hold', count(reopens), count(on_hold_seconds), sum(on_hold_seconds),
            count(on_hold_business_seconds), sum(on_hold_business_seconds))
    ]
    FROM slices GROUP BY ALL
    UNION ALL
    -- Replies may sum to 0, and then have a row as well.
    SELECT solved_date, system, channel, team_id, ticket_month, [part('solved_replies', sum(replies), NULL, NULL, NULL, NULL)]
    FROM slices WHERE replies IS NOT NULL GROUP BY ALL
    UNION ALL
    SELECT csat_offered_date, system, channel, team_id, ticket_month, [part('csat_offered', count(*), NULL, NULL, NULL, NULL)]
    FROM slices GROUP BY ALL
    UNION ALL
    SELECT csat_date, system, channel, team_id, ticket_month, [
        part('csat_answer', count(*), NULL, NULL, NULL, NULL),
        part('csat_good', count(*) FILTER (csat_label = 'good'), NULL, NULL, NULL, NULL)
    ]
    FROM slices GROUP BY ALL
),

of_tickets AS (
    SELECT * EXCLUDE (parts), unnest(parts) AS p
    FROM grouped
    WHERE date IS NOT NULL
),

of_steps AS (
    SELECT
        sent_date AS date, ticket_id,
        part(if(is_reply, 'reply', 'customer_message'), count(*), NULL, NULL, NULL, NULL) AS p
    FROM timed_messages
    WHERE is_reply OR (author_kind = 'customer' AND is_public)
    GROUP BY sent_date, ticket_id, is_reply
    UNION ALL
    SELECT
        answered_date, ticket_id,
        part('response', 1, 1, response_seconds, (response_business_seconds IS NOT NULL)::BIGINT, response_business_seconds)
    FROM answers
    UNION ALL
    SELECT from_date, ticket_id, part('reopen', 1, NULL, NULL, NULL, NULL)
    FROM status_intervals
    WHERE is_reopen
),

bookings AS (
    SELECT date, system, channel, team_id, ticket_month, p
    FROM of_tickets
    WHERE p.items > 0 OR p.measure = 'solved_replies'
    UNION ALL
    SELECT e.date, t.system, t.channel, t.team_id, t.ticket_month, e.p
    FROM of_steps AS e
    INNER JOIN slices AS t ON t.ticket_id = e.ticket_id::VARCHAR
)

SELECT
    date,
    system,
    channel,
    team_id,
    p.measure AS measure,
    ticket_month,
    sum(p.items)::BIGINT AS items,
    coalesce(sum(p.timed_items), 0)::BIGINT AS timed_items,
    sum(p.seconds)::BIGINT AS seconds,
    coalesce(sum(p.business_items), 0)::BIGINT AS business_items,
    sum(p.business_seconds)::BIGINT AS business_seconds,
    0::BIGINT AS scored_items,
    NULL::DECIMAL(18,4) AS score
FROM bookings
GROUP BY ALL;

CREATE VIEW service_daily AS
WITH bookings AS (
    SELECT date, system, channel, team_id, measure, items, timed_items, seconds, business_items, business_seconds,
        scored_items, score, 0 AS reopened, 0 AS gone, 0 AS backlog
    FROM fct_ticket_day_parts
    WHERE date <= getvariable('watermark')
    UNION ALL
    SELECT date, system, channel, team_id, 'backlog', 0, 0, NULL, 0, NULL, 0, NULL, reopened, gone, backlog
    FROM backlog_daily
)

SELECT
    date,
    system,
    channel,
    team_id,
    coalesce(sum(items) FILTER (measure = 'created'), 0)::BIGINT AS tickets_created,
    coalesce(sum(items) FILTER (measure = 'customer_message'), 0)::BIGINT AS customer_messages,
    coalesce(sum(items) FILTER (measure = 'reply'), 0)::BIGINT AS replies,
    coalesce(sum(items) FILTER (measure = 'first_response'), 0)::BIGINT AS first_responses,
    sum(seconds) FILTER (measure = 'first_response')::BIGINT AS first_response_seconds_sum,
    first_response_seconds_sum / nullif(first_responses, 0) AS first_response_mean_seconds,
    coalesce(sum(business_items) FILTER (measure = 'first_response'), 0)::BIGINT AS first_response_business_count,
    sum(business_seconds) FILTER (measure = 'first_response')::BIGINT AS first_response_business_seconds_sum,
    first_response_business_seconds_sum / nullif(first_response_business_count, 0) AS first_response_mean_business_seconds,
    coalesce(sum(items) FILTER (measure = 'response'), 0)::BIGINT AS responses,
    sum(seconds) FILTER (measure = 'response')::BIGINT AS response_seconds_sum,
    response_seconds_sum / nullif(responses, 0) AS response_mean_seconds,
    coalesce(sum(business_items) FILTER (measure = 'response'), 0)::BIGINT AS response_business_count,
    sum(business_seconds) FILTER (measure = 'response')::BIGINT AS response_business_seconds_sum,
    response_business_seconds_sum / nullif(response_business_count, 0) AS response_mean_business_seconds,
    coalesce(sum(items) FILTER (measure = 'first_resolution'), 0)::BIGINT AS first_resolutions,
    sum(seconds) FILTER (measure = 'first_resolution')::BIGINT AS first_resolution_seconds_sum,
    first_resolution_seconds_sum / nullif(first_resolutions, 0) AS first_resolution_mean_seconds,
    coalesce(sum(business_items) FILTER (measure = 'first_resolution'), 0)::BIGINT AS first_resolution_business_count,
    sum(business_seconds) FILTER (measure = 'first_resolution')::BIGINT AS first_resolution_business_seconds_sum,
    first_resolution_business_seconds_sum / nullif(first_resolution_business_count, 0) AS first_resolution_mean_business_seconds,
    coalesce(sum(items) FILTER (measure = 'solved'), 0)::BIGINT AS tickets_solved,
    coalesce(sum(timed_items) FILTER (measure = 'solved'), 0)::BIGINT AS full_resolution_count,
    sum(seconds) FILTER (measure = 'solved')::BIGINT AS full_resolution_seconds_sum,
    full_resolution_seconds_sum / nullif(full_resolution_count, 0) AS full_resolution_mean_seconds,
    coalesce(sum(business_items) FILTER (measure = 'solved'), 0)::BIGINT AS full_resolution_business_count,
    sum(business_seconds) FILTER (measure = 'solved')::BIGINT AS full_resolution_business_seconds_sum,
    full_resolution_business_seconds_sum / nullif(full_resolution_business_count, 0) AS full_resolution_mean_business_seconds,
    coalesce(sum(items) FILTER (measure = 'solved_with_messages'), 0)::BIGINT AS solved_with_messages,
    coalesce(sum(items) FILTER (measure = 'solved_one_touch'), 0)::BIGINT AS solved_one_touch,
    solved_one_touch / nullif(solved_with_messages, 0) AS one_touch_rate,
    coalesce(sum(items) FILTER (measure = 'solved_replies'), 0)::BIGINT AS solved_replies,
    solved_replies / nullif(solved_with_messages, 0) AS replies_per_resolution,
    coalesce(sum(items) FILTER (measure = 'solved_with_history'), 0)::BIGINT AS solved_with_history,
    coalesce(sum(items) FILTER (measure = 'solved_reopened'), 0)::BIGINT AS solved_reopened,
    solved_reopened / nullif(solved_with_history, 0) AS reopen_rate,
    coalesce(sum(items) FILTER (measure = 'reopen'), 0)::BIGINT AS reopens,
    coalesce(sum(items) FILTER (measure = 'solved_transferred'), 0)::BIGINT AS solved_transferred,
    solved_transferred / nullif(solved_with_history, 0) AS transfer_rate,
    coalesce(sum(items) FILTER (measure = 'solved_escalated'), 0)::BIGINT AS solved_escalated,
    solved_escalated / nullif(solved_with_history, 0) AS escalation_rate,
    sum(seconds) FILTER (measure = 'requester_wait')::BIGINT AS requester_wait_seconds_sum,
    sum(business_seconds) FILTER (measure = 'requester_wait')::BIGINT AS requester_wait_business_seconds_sum,
    sum(seconds) FILTER (measure = 'agent_work')::BIGINT AS agent_work_seconds_sum,
    sum(business_seconds) FILTER (measure = 'agent_work')::BIGINT AS agent_work_business_seconds_sum,
    sum(seconds) FILTER (measure = 'agent_wait')::BIGINT AS agent_wait_seconds_sum,
    sum(business_seconds) FILTER (measure = 'agent_wait')::BIGINT AS agent_wait_business_seconds_sum,
    sum(seconds) FILTER (measure = 'on_hold')::BIGINT AS on_hold_seconds_sum,
    sum(business_seconds) FILTER (measure = 'on_hold')::BIGINT AS on_hold_business_seconds_sum,
    coalesce(sum(items) FILTER (measure = 'handled'), 0)::BIGINT AS handled,
    sum(seconds) FILTER (measure = 'handled')::BIGINT AS handle_seconds_sum,
    handle_seconds_sum / nullif(handled, 0) AS handle_mean_seconds,
    coalesce(sum(items) FILTER (measure = 'conversation'), 0)::BIGINT AS conversations,
    sum(seconds) FILTER (measure = 'conversation')::BIGINT AS conversation_seconds_sum,
    conversation_seconds_sum / nullif(conversations, 0) AS conversation_mean_seconds,
    coalesce(sum(items) FILTER (measure = 'csat_offered'), 0)::BIGINT AS csat_offered,
    coalesce(sum(items) FILTER (measure = 'csat_answer'), 0)::BIGINT AS csat_answers,
    coalesce(sum(items) FILTER (measure = 'csat_good'), 0)::BIGINT AS csat_good,
    csat_good / nullif(csat_answers, 0) AS csat_rate,
    coalesce(sum(scored_items) FILTER (measure = 'csat_answer'), 0)::BIGINT AS csat_scored,
    sum(score) FILTER (measure = 'csat_answer')::DECIMAL(18,4) AS csat_score_sum,
    csat_score_sum::DOUBLE / nullif(csat_scored, 0) AS csat_score_mean,
    sum(reopened)::BIGINT AS tickets_reopened,
    sum(gone)::BIGINT AS tickets_gone,
    sum(backlog)::BIGINT AS backlog
FROM bookings
GROUP BY date, system, channel, team_id;
