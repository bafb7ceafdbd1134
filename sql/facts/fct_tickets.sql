/*
about = """
One row per counted ticket, with every time of the KPI dictionary. Deleted, spam, test and merged tickets are not here.
Seconds of something that has not happened, or that no source tells, are NULL, never 0. Nothing depends on today."""
grain = ["system", "ticket_id"]
partition = "created_date"
scatter = false
settings = ["one_touch_min_replies", "one_touch_max_replies"]
not_null = [
    "system", "ticket_id", "created_at", "created_epoch", "created_date", "status", "is_solved", "is_csat_offered",
    "response_source", "resolution_source",
]

[accepted_values]
status = ["new", "open", "pending", "hold", "solved", "closed"]
csat_label = ["good", "bad"]
opened_by = ["agent", "customer"]

[relationships]
"system, agent_id" = "core_agents"

[inputs]
core_tickets = "same"
core_agents = "all"
core_ticket_customers = "same"
core_ticket_schedules = "same"
fct_ticket_response = "same"
fct_ticket_resolution = "same"
fct_ticket_csat = "same"
fct_ticket_moves = "same"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
created_at = "TIMESTAMP creation, UTC"
created_epoch = "BIGINT creation, seconds since 1970"
created_date = "DATE local date of the creation"
channel = "VARCHAR channel the ticket came in through"
team_id = "VARCHAR team the ticket is with"
agent_id = "VARCHAR agent the ticket is assigned to"
brand_id = "VARCHAR brand or store"
priority = "VARCHAR low, normal, high or urgent"
ticket_type = "VARCHAR type given by the helpdesk"
contact_reason = "VARCHAR why the customer wrote"
country = "VARCHAR country on the ticket, else of the customer"
language = "VARCHAR language on the ticket, else of the customer"
status = "VARCHAR new, open, pending, hold, solved or closed"
customer_hash = "VARCHAR keyed hash of the customer's identity"
schedule_id = "VARCHAR business schedule the ticket is measured by; NULL without any"
opened_by = "VARCHAR agent or customer; NULL where nothing tells"
response_source = "VARCHAR where the response times come from: events, vendor or none"
first_response_at = "TIMESTAMP first public reply of a human agent, UTC"
first_response_date = "DATE local date of the first response"
first_response_seconds = "BIGINT creation to first response, seconds"
first_response_business_seconds = "BIGINT creation to first response, business seconds"
response_count = "BIGINT runs of customer messages that an agent answered"
response_seconds_sum = "BIGINT seconds those runs waited, from the first message of each to its answer"
response_business_seconds_sum = "BIGINT the same in business seconds"
replies = "BIGINT public messages of human agents, the opening comment excepted"
touches = "BIGINT all messages of human agents: replies, internal notes and the opening comment"
customer_messages = "BIGINT public messages of the customer's side"
conversation_seconds = "BIGINT first to last public message, seconds"
last_message_date = "DATE local date of the last public message"
handle_seconds = "BIGINT agent effort as exported, seconds"
resolution_source = "VARCHAR where the resolution times come from: events, vendor or none"
is_solved = "BOOLEAN solved or closed now"
is_one_touch = "BOOLEAN solved now with one reply (settings); NULL where replies cannot be counted"
first_solved_at = "TIMESTAMP first solve, else close, UTC"
first_solved_date = "DATE local date of the first solve"
first_resolution_seconds = "BIGINT creation to first solve, seconds"
first_resolution_business_seconds = "BIGINT creation to first solve, business seconds"
last_solved_at = "TIMESTAMP last solve, else close, UTC; kept when the ticket is open again"
last_solved_date = "DATE local date of the last solve"
full_resolution_seconds = "BIGINT creation to last solve, seconds; NULL while the ticket is not solved"
full_resolution_business_seconds = "BIGINT creation to last solve, business seconds; NULL while the ticket is not solved"
reopens = "BIGINT times the ticket came back from solved or closed"
requester_wait_seconds = "BIGINT ended time in new, open and hold, seconds"
requester_wait_business_seconds = "BIGINT ended time in new, open and hold, business seconds"
agent_work_seconds = "BIGINT ended time in new and open, seconds"
agent_work_business_seconds = "BIGINT ended time in new and open, business seconds"
agent_wait_seconds = "BIGINT ended time in pending, seconds"
agent_wait_business_seconds = "BIGINT ended time in pending, business seconds"
on_hold_seconds = "BIGINT ended time in hold, seconds"
on_hold_business_seconds = "BIGINT ended time in hold, business seconds"
priority_first = "VARCHAR priority at first"
priority_raises = "BIGINT times the priority went up (escalations)"
team_changes = "BIGINT times the ticket went from one team to another (transfers)"
is_csat_offered = "BOOLEAN the customer was asked for a rating"
csat_offered_date = "DATE local date of the first offer"
csat_label = "VARCHAR good or bad; NULL without an answer"
csat_score = "DECIMAL(18,4) satisfaction score from 1 to 5"
csat_date = "DATE local date of the answer"
vendor_first_response_at = "TIMESTAMP first response as exported, UTC"
vendor_first_response_seconds = "BIGINT first response time as exported, seconds"
vendor_solved_at = "TIMESTAMP solution as exported, UTC"
vendor_full_resolution_seconds = "BIGINT full resolution time as exported, seconds"
*/
SELECT
    t.system AS system,
    t.ticket_id AS ticket_id,
    t.created_at AS created_at,
    t.created_epoch AS created_epoch,
    t.created_date AS created_date,
    t.channel AS channel,
    t.team_id AS team_id,
    t.agent_id AS agent_id,
    t.brand_id AS brand_id,
    t.priority AS priority,
    t.ticket_type AS ticket_type,
    t.contact_reason AS contact_reason,
    c.country AS country,
    c.language AS language,
    t.status AS status,
    c.customer_hash AS customer_hash,
    s.schedule_id AS schedule_id,
    CASE
        WHEN t.opened_by_id = t.customer_source_id THEN 'customer'
        WHEN NOT a.is_bot OR (t.opened_by_id IS NULL AND r.has_agent_opening) THEN 'agent'
        WHEN t.opened_by_id IS NOT NULL OR r.response_source = 'events' THEN 'customer'
    END AS opened_by,
    r.response_source AS response_source,
    r.first_response_at AS first_response_at,
    r.first_response_date AS first_response_date,
    r.first_response_seconds AS first_response_seconds,
    r.first_response_business_seconds AS first_response_business_seconds,
    r.response_count AS response_count,
    r.response_seconds_sum AS response_seconds_sum,
    r.response_business_seconds_sum AS response_business_seconds_sum,
    r.replies AS replies,
    r.touches AS touches,
    r.customer_messages AS customer_messages,
    r.conversation_seconds AS conversation_seconds,
    r.last_message_date AS last_message_date,
    t.handle_seconds AS handle_seconds,
    x.resolution_source AS resolution_source,
    x.is_solved AS is_solved,
    CASE
        WHEN r.replies IS NOT NULL
            THEN x.is_solved AND r.replies >= o.one_touch_min_replies AND r.replies <= o.one_touch_max_replies
    END AS is_one_touch,
    x.first_solved_at AS first_solved_at,
    x.first_solved_date AS first_solved_date,
    x.first_resolution_seconds AS first_resolution_seconds,
    x.first_resolution_business_seconds AS first_resolution_business_seconds,
    x.last_solved_at AS last_solved_at,
    x.last_solved_date AS last_solved_date,
    x.full_resolution_seconds AS full_resolution_seconds,
    x.full_resolution_business_seconds AS full_resolution_business_seconds,
    x.reopens AS reopens,
    x.requester_wait_seconds AS requester_wait_seconds,
    x.requester_wait_business_seconds AS requester_wait_business_seconds,
    x.agent_work_seconds AS agent_work_seconds,
    x.agent_work_business_seconds AS agent_work_business_seconds,
    x.agent_wait_seconds AS agent_wait_seconds,
    x.agent_wait_business_seconds AS agent_wait_business_seconds,
    x.on_hold_seconds AS on_hold_seconds,
    x.on_hold_business_seconds AS on_hold_business_seconds,
    COALESCE(m.priority_first, t.priority) AS priority_first,
    m.priority_raises AS priority_raises,
    m.team_changes AS team_changes,
    q.ticket_id IS NOT NULL AS is_csat_offered,
    q.csat_offered_date AS csat_offered_date,
    q.csat_label AS csat_label,
    q.csat_score AS csat_score,
    q.csat_date AS csat_date,
    t.vendor_first_response_at AS vendor_first_response_at,
    t.vendor_first_response_seconds AS vendor_first_response_seconds,
    t.vendor_solved_at AS vendor_solved_at,
    t.vendor_full_resolution_seconds AS vendor_full_resolution_seconds
FROM core_tickets AS t
CROSS JOIN settings AS o
INNER JOIN fct_ticket_response AS r ON r.system = t.system AND r.ticket_id = t.ticket_id
INNER JOIN fct_ticket_resolution AS x ON x.system = t.system AND x.ticket_id = t.ticket_id
LEFT JOIN core_ticket_customers AS c ON c.system = t.system AND c.ticket_id = t.ticket_id
LEFT JOIN core_ticket_schedules AS s ON s.system = t.system AND s.ticket_id = t.ticket_id
LEFT JOIN core_agents AS a ON a.system = t.system AND a.agent_id = t.opened_by_id
LEFT JOIN fct_ticket_moves AS m ON m.system = t.system AND m.ticket_id = t.ticket_id
LEFT JOIN fct_ticket_csat AS q ON q.system = t.system AND q.ticket_id = t.ticket_id
WHERE t.is_counted
