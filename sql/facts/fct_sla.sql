/*
about = """
One flag per ticket and metric: breached if one of its waits was, open if one still runs, else met. Beside it, never mixed
in, what the helpdesk itself says (vendor_*). A ticket without a target of ours and without a word of theirs has no row."""
grain = ["system", "ticket_id", "metric"]
partition = "ticket_created_date"
scatter = false
settings = []
not_null = ["system", "ticket_id", "metric", "ticket_created_date", "runs", "breached_runs"]

[accepted_values]
metric = ["first_reply", "next_reply", "periodic_update", "requester_wait", "agent_work", "resolution"]
status = ["met", "breached", "open"]
vendor_status = ["met", "breached", "open"]

[inputs]
fct_sla_runs = "same"
core_tickets = "same"
core_ticket_events = "same"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
metric = "VARCHAR first_reply, next_reply, periodic_update, requester_wait, agent_work or resolution"
ticket_created_date = "DATE local date of the ticket's creation"
channel = "VARCHAR channel of the ticket"
team_id = "VARCHAR team of the ticket"
policy = "VARCHAR policy of the wait that decides: the first breached one, else the last; NULL without a target of ours"
priority = "VARCHAR priority that set its target"
target_seconds = "BIGINT its target"
runs = "BIGINT waits with a target of ours"
breached_runs = "BIGINT of them, breached"
status = "VARCHAR met, breached or open; NULL without a target of ours. An open one whose status_date has passed is a breach"
status_date = "DATE met: when the last wait ended; breached: when it was first due; open: when it will be due; NULL while paused"
vendor_target_seconds = "BIGINT last target that the helpdesk set"
vendor_status = "VARCHAR met, breached or open by the helpdesk's own events; NULL without any"
vendor_status_date = "DATE local date of the first breach, else of the last end"
*/
WITH placed AS (
    SELECT
        *,
        CAST(ROW_NUMBER() OVER (
            ORDER BY CASE WHEN status = 'breached' THEN 0 ELSE 1 END, run_number, system, ticket_id, metric
        ) AS BIGINT) AS place
    FROM fct_sla_runs
),

flags AS (
    SELECT
        system,
        ticket_id,
        metric,
        COUNT(*) AS runs,
        SUM(CASE WHEN status = 'breached' THEN 1 ELSE 0 END) AS breached_runs,
        SUM(CASE WHEN status = 'open' THEN 1 ELSE 0 END) AS open_runs,
        MIN(CASE WHEN status = 'breached' THEN status_date END) AS breached_date,
        MIN(CASE WHEN status = 'open' THEN status_date END) AS due_date,
        MAX(CASE WHEN status = 'met' THEN status_date END) AS met_date,
        MIN(CASE WHEN status = 'breached' THEN place END) AS breached_place,
        MAX(place) AS last_place
    FROM placed
    GROUP BY system, ticket_id, metric
),

vendor_events AS (
    SELECT
        system,
        ticket_id,
        REPLACE(REPLACE(field, 'vendor_sla_', ''), 'sla_', '') AS metric,
        CASE WHEN SUBSTR(field, 1, 6) = 'vendor' THEN value END AS word,
        CASE WHEN SUBSTR(field, 1, 3) = 'sla' THEN TRY_CAST(value AS BIGINT) * 60 END AS target_seconds,
        occurred_date,
        ROW_NUMBER() OVER (ORDER BY occurred_at, sequence, event_id) AS place
    FROM core_ticket_events
    WHERE value IS NOT NULL AND field <> 'sla_policy' AND (SUBSTR(field, 1, 4) = 'sla_' OR SUBSTR(field, 1, 11) = 'vendor_sla_')
),

vendor_places AS (
    SELECT
        *,
        MAX(CASE WHEN target_seconds IS NOT NULL THEN place END) OVER (PARTITION BY system, ticket_id, metric) AS target_place
    FROM vendor_events
),

vendors AS (
    SELECT
        system,
        ticket_id,
        metric,
        MAX(CASE WHEN place = target_place THEN target_seconds END) AS target_seconds,
        MAX(CASE WHEN word IS NOT NULL THEN 1 ELSE 0 END) AS has_words,
        MIN(CASE WHEN word = 'breach' THEN occurred_date END) AS breached_date,
        MAX(CASE WHEN word = 'fulfill' THEN occurred_date END) AS met_date
    FROM vendor_places
    GROUP BY system, ticket_id, metric
),

flagged AS (
    SELECT system, ticket_id, metric
    FROM flags

    UNION

    SELECT system, ticket_id, metric
    FROM vendors
)

SELECT
    k.system AS system,
    k.ticket_id AS ticket_id,
    k.metric AS metric,
    t.created_date AS ticket_created_date,
    t.channel AS channel,
    t.team_id AS team_id,
    r.policy AS policy,
    r.priority AS priority,
    r.target_seconds AS target_seconds,
    CAST(COALESCE(f.runs, 0) AS BIGINT) AS runs,
    CAST(COALESCE(f.breached_runs, 0) AS BIGINT) AS breached_runs,
    CASE
        WHEN f.breached_runs > 0 THEN 'breached'
        WHEN f.open_runs > 0 THEN 'open'
        WHEN f.runs > 0 THEN 'met'
    END AS status,
    CASE
        WHEN f.breached_runs > 0 THEN f.breached_date
        WHEN f.open_runs > 0 THEN f.due_date
        ELSE f.met_date
    END AS status_date,
    v.target_seconds AS vendor_target_seconds,
    CASE
        WHEN v.breached_date IS NOT NULL THEN 'breached'
        WHEN v.met_date IS NOT NULL THEN 'met'
        WHEN v.has_words = 1 THEN 'open'
    END AS vendor_status,
    COALESCE(v.breached_date, v.met_date) AS vendor_status_date
FROM flagged AS k
INNER JOIN core_tickets AS t ON t.system = k.system AND t.ticket_id = k.ticket_id
LEFT JOIN flags AS f ON f.system = k.system AND f.ticket_id = k.ticket_id AND f.metric = k.metric
LEFT JOIN placed AS r ON r.place = COALESCE(f.breached_place, f.last_place)
LEFT JOIN vendors AS v ON v.system = k.system AND v.ticket_id = k.ticket_id AND v.metric = k.metric
WHERE t.is_counted
