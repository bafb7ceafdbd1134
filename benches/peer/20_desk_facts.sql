-- Counted tickets and the schedule each is measured by: the last one assigned, else the default.
CREATE TABLE ticket_schedules AS
WITH assignments AS (
    SELECT ticket_id, arg_max({id: value}, (occurred_at, event_id)).id AS schedule_id
    FROM events
    WHERE field = 'schedule'
    GROUP BY ticket_id
)

SELECT
    t.id AS ticket_id,
    t.created_at,
    t.created_epoch,
    t.created_date,
    t.requester_id,
    t.submitter_id,
    coalesce(s.schedule_id, getvariable('default_schedule')) AS schedule_id
FROM tickets AS t
LEFT JOIN assignments AS a ON a.ticket_id = t.id
LEFT JOIN schedules AS s ON s.schedule_id = a.schedule_id
WHERE t.is_counted;

-- Everything that happened to counted tickets, but for months before the ticket's own.
CREATE TABLE ticket_events AS
SELECT
    e.*,
    epoch(e.occurred_at)::BIGINT AS occurred_epoch,
    local_date(e.occurred_at) AS occurred_date,
    t.created_at,
    t.created_epoch,
    t.created_date,
    t.requester_id,
    t.submitter_id,
    t.schedule_id
FROM events AS e
INNER JOIN ticket_schedules AS t USING (ticket_id)
WHERE local_date(e.occurred_at) >= date_trunc('month', t.created_date);

DROP TABLE events;

CREATE TABLE timed_messages AS
WITH authored AS (
    SELECT
        *,
        CASE
            WHEN is_automated THEN 'bot'
            WHEN author_id = requester_id THEN 'customer'
            WHEN author_id IN (SELECT id FROM agents) THEN 'agent'
            ELSE 'customer'
        END AS author_kind
    FROM ticket_events
    WHERE field = 'message'
),

numbered AS (
    SELECT
        *,
        row_number() OVER ticket AS message_number,
        author_kind = 'agent'
            AND coalesce(submitter_id = author_id, true)
            AND occurred_epoch - created_epoch <= 60
            AND count(*) FILTER (author_kind IN ('customer', 'agent')) OVER ticket = 1 AS is_opening
    FROM authored
    WINDOW ticket AS (PARTITION BY ticket_id ORDER BY occurred_at, event_id)
),

marked AS (
    SELECT *, author_kind = 'agent' AND is_public AND NOT is_opening AS is_reply
    FROM numbered
)

SELECT
    ticket_id,
    event_id AS message_id,
    created_date AS ticket_created_date,
    message_number,
    occurred_at AS sent_at,
    occurred_epoch AS sent_epoch,
    occurred_date AS sent_date,
    author_id,
    author_kind,
    is_public,
    channel,
    is_opening,
    is_reply,
    if(is_reply, count(*) FILTER (is_reply) OVER (PARTITION BY ticket_id ORDER BY message_number), NULL) AS reply_number,
    schedule_id
FROM marked;

CREATE VIEW fct_ticket_messages AS
SELECT
    'zendesk' AS system,
    message_id::VARCHAR AS message_id,
    ticket_id::VARCHAR AS ticket_id,
    * EXCLUDE (message_id, ticket_id, author_id, schedule_id),
    author_id::VARCHAR AS author_id
FROM timed_messages;

-- A run of public customer messages waits from its first message for the next reply of a human agent.
CREATE TABLE answers AS
WITH talk AS (
    SELECT
        *,
        lag(is_reply) OVER ticket AS follows_reply
    FROM timed_messages
    WHERE is_reply OR (author_kind = 'customer' AND is_public)
    WINDOW ticket AS (PARTITION BY ticket_id ORDER BY message_number)
),

waits AS (
    SELECT
        *,
        max(sent_epoch) FILTER (NOT is_reply AND coalesce(follows_reply, true)) OVER ticket AS waiting_since_epoch
    FROM talk
    WINDOW ticket AS (PARTITION BY ticket_id ORDER BY message_number)
),

answered AS (
    SELECT *, row_number() OVER (PARTITION BY ticket_id ORDER BY message_number) AS answer_number
    FROM waits
    WHERE is_reply AND NOT coalesce(follows_reply, true)
)

SELECT
    a.ticket_id,
    a.answer_number,
    a.ticket_created_date,
    a.message_id,
    a.author_id AS agent_id,
    a.waiting_since_epoch,
    a.sent_epoch AS answered_epoch,
    a.sent_date AS answered_date,
    a.sent_epoch - a.waiting_since_epoch AS response_seconds,
    clock(c2, a.sent_epoch) - clock(c1, a.waiting_since_epoch) AS response_business_seconds
FROM answered AS a
LEFT JOIN schedule_clock AS c1 ON c1.schedule_id = a.schedule_id AND c1.utc_day = a.waiting_since_epoch // 86400
LEFT JOIN schedule_clock AS c2 ON c2.schedule_id = a.schedule_id AND c2.utc_day = a.sent_epoch // 86400;

CREATE VIEW fct_ticket_answers AS
SELECT
    'zendesk' AS system,
    * REPLACE (ticket_id::VARCHAR AS ticket_id, message_id::VARCHAR AS message_id, agent_id::VARCHAR AS agent_id)
FROM answers;

-- Every interval of a status. A change from before the ticket's creation counts from the creation on; a history that
-- starts later is led by the status before its first change.
CREATE TABLE status_intervals AS
WITH changes AS (
    SELECT
        ticket_id,
        value AS status,
        previous_value,
        greatest(occurred_at, created_at) AS from_at,
        row_number() OVER (PARTITION BY ticket_id ORDER BY occurred_at, event_id) AS step,
        created_at,
        created_date,
        schedule_id
    FROM ticket_events
    WHERE field = 'status' AND value IS NOT NULL
),

starts AS (
    SELECT ticket_id, created_date, schedule_id, status, from_at, step
    FROM changes
    UNION ALL
    SELECT ticket_id, created_date, schedule_id, coalesce(previous_value, 'new'), created_at, 0
    FROM changes
    WHERE step = 1 AND from_at > created_at
),

clocked AS (
    SELECT
        s.*,
        epoch(s.from_at)::BIGINT AS from_epoch,
        local_date(s.from_at) AS from_date,
        clock(c, epoch(s.from_at)::BIGINT) AS from_clock
    FROM starts AS s
    LEFT JOIN schedule_clock AS c
        ON c.schedule_id = s.schedule_id AND c.utc_day = epoch(s.from_at)::BIGINT // 86400
),

intervals AS (
    SELECT
        *,
        row_number() OVER ticket AS status_number,
        lag(status) OVER ticket AS previous_status,
        lead(from_at) OVER ticket AS to_at,
        lead(from_epoch) OVER ticket AS to_epoch,
        lead(from_date) OVER ticket AS to_date,
        lead(from_clock) OVER ticket AS to_clock
    FROM clocked
    WINDOW ticket AS (PARTITION BY ticket_id ORDER BY step)
)

SELECT
    ticket_id,
    status_number,
    created_date AS ticket_created_date,
    status,
    previous_status,
    from_at,
    from_epoch,
    from_date,
    from_clock,
    to_at,
    to_epoch,
    to_date,
    to_epoch - from_epoch AS calendar_seconds,
    to_clock - from_clock AS business_seconds,
    status IN ('new', 'open', 'pending', 'hold') AS is_unsolved,
    status IN ('solved', 'closed') AND coalesce(previous_status, '') NOT IN ('solved', 'closed') AS is_solve,
    status IN ('new', 'open', 'pending', 'hold') AND coalesce(previous_status, '') IN ('solved', 'closed') AS is_reopen
FROM intervals;

CREATE VIEW fct_ticket_status AS
SELECT 'zendesk' AS system, * EXCLUDE (from_clock) REPLACE (ticket_id::VARCHAR AS ticket_id)
FROM status_intervals;
