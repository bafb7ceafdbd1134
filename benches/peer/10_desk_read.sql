-- The helpdesk's exports: the newest version of every ticket and user, and every audit once.
CREATE TABLE tickets AS
SELECT
    id,
    created_at,
    epoch(created_at)::BIGINT AS created_epoch,
    local_date(created_at) AS created_date,
    local_date(coalesce(updated_at, created_at)) AS updated_date,
    if(status = 'suspended', 'deleted', status) AS status,
    via.channel AS channel,
    priority,
    type AS ticket_type,
    group_id AS team_id,
    assignee_id,
    submitter_id,
    brand_id,
    requester_id,
    contact_reason(tags, subject) AS contact_reason,
    csat_label(satisfaction_rating.score) AS csat_label,
    status NOT IN ('deleted', 'suspended')
        AND NOT list_has_any(coalesce(tags, []), ['spam', 'closed_by_merge', 'merge_closed_by_merge']) AS is_counted
FROM read_json(
    getvariable('data') || '/zendesk/tickets/*',
    format = 'newline_delimited',
    filename = true,
    columns = {
        id: 'BIGINT', created_at: 'TIMESTAMP', updated_at: 'TIMESTAMP', status: 'VARCHAR',
        via: 'STRUCT(channel VARCHAR)', priority: 'VARCHAR', type: 'VARCHAR', group_id: 'BIGINT',
        assignee_id: 'BIGINT', submitter_id: 'BIGINT', brand_id: 'BIGINT', requester_id: 'BIGINT', tags: 'VARCHAR[]',
        subject: 'VARCHAR', satisfaction_rating: 'STRUCT(score VARCHAR)'
    }
)
-- Of versions of the same second in one file the later line holds. Lines of JSON have no number here, but no ticket
-- becomes new again.
QUALIFY row_number() OVER (PARTITION BY id ORDER BY coalesce(updated_at, created_at) DESC, filename DESC, status = 'new') = 1;

-- What happened, one row per event of an audit; an audit that was delivered twice counts once.
CREATE TABLE events AS
WITH audits AS (
    SELECT *
    FROM read_json(
        getvariable('data') || '/zendesk/ticket_audits/*',
        format = 'newline_delimited',
        columns = {
            id: 'BIGINT', ticket_id: 'BIGINT', created_at: 'TIMESTAMP', author_id: 'BIGINT',
            via: 'STRUCT(channel VARCHAR)',
            events: 'STRUCT(id BIGINT, type VARCHAR, field_name VARCHAR, value VARCHAR, previous_value VARCHAR,
                author_id BIGINT, public BOOLEAN, via STRUCT(channel VARCHAR), new_schedule_id VARCHAR)[]'
        }
    )
    QUALIFY row_number() OVER (PARTITION BY id) = 1
),

unnested AS (
    SELECT ticket_id, created_at, author_id, via.channel AS channel, unnest(events) AS e
    FROM audits
)

SELECT
    ticket_id,
    e.id AS event_id,
    created_at AS occurred_at,
    CASE
        WHEN e.type IN ('Comment', 'VoiceComment', 'FacebookComment', 'Tweet', 'ChatMessage') THEN 'message'
        WHEN e.type = 'ScheduleAssignment' THEN 'schedule'
        ELSE e.field_name
    END AS field,
    CASE e.type WHEN 'ScheduleAssignment' THEN e.new_schedule_id ELSE e.value END AS value,
    e.previous_value,
    coalesce(e.author_id, author_id) AS author_id,
    coalesce(e.public, true) AS is_public,
    -1 IN (e.author_id, author_id) OR 'rule' IN (e.via.channel, channel) AS is_automated,
    coalesce(e.via.channel, channel) AS channel
FROM unnested
-- Targets of service agreements are in none of the tables.
WHERE e.type IN ('Comment', 'VoiceComment', 'FacebookComment', 'Tweet', 'ChatMessage', 'ScheduleAssignment')
    OR e.field_name IN ('status', 'priority', 'group_id', 'assignee_id', 'satisfaction_score');

CREATE TABLE users AS
SELECT
    id,
    arg_max(contact(email, phone), (coalesce(updated_at, created_at), filename)) AS contact_hash,
    arg_max({language: locale}, (coalesce(updated_at, created_at), filename)).language AS language,
    bool_or(role IN ('agent', 'admin')) AS is_agent
FROM read_json(
    getvariable('data') || '/zendesk/users/*',
    format = 'newline_delimited',
    filename = true,
    columns = {
        id: 'BIGINT', created_at: 'TIMESTAMP', updated_at: 'TIMESTAMP', email: 'VARCHAR', phone: 'VARCHAR',
        role: 'VARCHAR', locale: 'VARCHAR'
    }
)
GROUP BY id;

-- Whoever was ever seen as an agent, also somebody who is an end user today.
CREATE TABLE agents AS
SELECT id FROM users WHERE is_agent
UNION
SELECT assignee_id FROM tickets WHERE assignee_id IS NOT NULL
UNION
SELECT value::BIGINT FROM events WHERE field = 'assignee_id' AND value IS NOT NULL
UNION
SELECT previous_value::BIGINT FROM events WHERE field = 'assignee_id' AND previous_value IS NOT NULL;
