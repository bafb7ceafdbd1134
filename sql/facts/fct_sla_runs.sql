/*
about = """
Each wait against its target: one row per ticket, metric and wait. breached from the instant at which the target was used
up (due), met if the wait ended before, open while it runs. Nothing depends on today: an open wait whose due date has
passed is a breach, which sla_daily decides."""
grain = ["system", "ticket_id", "metric", "run_number"]
partition = "ticket_created_date"
scatter = false
settings = []
not_null = ["system", "ticket_id", "metric", "run_number", "ticket_created_date", "policy", "priority", "is_business_hours", "target_seconds", "elapsed_seconds", "status"]

[accepted_values]
status = ["met", "breached", "open"]

[ranges]
elapsed_seconds = [0, 1e12]

[inputs]
fct_sla_spans = "same"
core_ticket_schedule_spans = "same"
schedule_clock = "all"
calendar = "0..120"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
metric = "VARCHAR first_reply, next_reply, periodic_update, requester_wait, agent_work or resolution"
run_number = "BIGINT place among the ticket's waits of this metric; gaps are possible"
ticket_created_date = "DATE local date of the ticket's creation"
policy = "VARCHAR the policy's name"
priority = "VARCHAR priority that set the target"
is_business_hours = "BOOLEAN measured in open seconds of the ticket's schedule, else in calendar seconds"
target_seconds = "BIGINT the target"
elapsed_seconds = "BIGINT ended time that counts against the target"
ended_epoch = "BIGINT when the wait ended, seconds since 1970; NULL while it runs"
due_epoch = "BIGINT when the target was or will be used up, seconds since 1970; NULL where met, or paused before"
status = "VARCHAR met, breached or open"
status_date = "DATE local date of the end where met, else of the due instant; NULL for an open wait that is paused"
*/
-- A running total over all spans, less what stood before the wait's first one.
WITH placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER (ORDER BY system, ticket_id, metric, run_number, from_epoch) AS place
    FROM fct_sla_spans
),

totals AS (
    SELECT *, SUM(seconds) OVER (ORDER BY place) - seconds AS total_before
    FROM placed
),

spans AS (
    SELECT
        *,
        total_before - MIN(total_before) OVER (PARTITION BY system, ticket_id, metric, run_number) AS used_before
    FROM totals
),

runs AS (
    SELECT
        system,
        ticket_id,
        metric,
        run_number,
        MAX(ticket_created_date) AS ticket_created_date,
        MAX(policy) AS policy,
        MAX(priority) AS priority,
        MAX(CASE WHEN is_business_hours THEN 1 ELSE 0 END) = 1 AS is_business_hours,
        MAX(target_seconds) AS target_seconds,
        MAX(run_ended_epoch) AS ended_epoch,
        CAST(SUM(seconds) AS BIGINT) AS elapsed_seconds
    FROM spans
    GROUP BY system, ticket_id, metric, run_number
),

-- The span in which the target is used up, and what the policy's clock shows then.
crossings AS (
    SELECT
        system,
        ticket_id,
        metric,
        run_number,
        is_business_hours,
        from_epoch,
        CAST(from_value + target_seconds - used_before AS BIGINT) AS due_value
    FROM spans
    WHERE used_before <= target_seconds AND (to_epoch IS NULL OR used_before + seconds > target_seconds)
),

-- The same by the clocks of the ticket's schedules, of which one was in force then.
due_clocks AS (
    SELECT
        c.*,
        s.schedule_id AS schedule_id,
        s.from_epoch AS schedule_from_epoch,
        s.to_epoch AS schedule_to_epoch,
        c.due_value - s.clock_offset_seconds AS due_clock,
        CAST(FLOOR((c.due_value - s.clock_offset_seconds - 1) / 86400) AS BIGINT) AS due_bucket
    FROM crossings AS c
    INNER JOIN core_ticket_schedule_spans AS s ON s.system = c.system AND s.ticket_id = c.ticket_id
    WHERE c.is_business_hours
),

-- Open hours by the time their clock shows, in buckets, so that an instant is found by an equal join.
open_hours AS (
    SELECT
        schedule_id,
        open_from_epoch,
        open_from_clock_seconds AS from_clock,
        open_from_clock_seconds + open_to_epoch - open_from_epoch AS to_clock
    FROM schedule_clock
    WHERE open_to_epoch > open_from_epoch
),

buckets AS (
    SELECT *, CAST(FLOOR(from_clock / 86400) AS BIGINT) AS bucket
    FROM open_hours

    UNION ALL

    SELECT *, CAST(FLOOR((to_clock - 1) / 86400) AS BIGINT) AS bucket
    FROM open_hours
    WHERE FLOOR((to_clock - 1) / 86400) > FLOOR(from_clock / 86400)
),

open_dues AS (
    SELECT c.*, b.open_from_epoch + c.due_clock - b.from_clock AS open_epoch
    FROM due_clocks AS c
    INNER JOIN buckets AS b ON b.schedule_id = c.schedule_id AND b.bucket = c.due_bucket
    WHERE b.from_clock < c.due_clock AND c.due_clock <= b.to_clock
),

dues AS (
    SELECT system, ticket_id, metric, run_number, due_value AS due_epoch
    FROM crossings
    WHERE NOT is_business_hours

    UNION ALL

    SELECT
        system,
        ticket_id,
        metric,
        run_number,
        CASE WHEN open_epoch < from_epoch THEN from_epoch ELSE open_epoch END AS due_epoch
    FROM open_dues
    WHERE open_epoch > schedule_from_epoch AND (schedule_to_epoch IS NULL OR open_epoch <= schedule_to_epoch)
),

judged AS (
    SELECT
        r.*,
        d.due_epoch AS due_epoch,
        CASE
            WHEN r.elapsed_seconds > r.target_seconds THEN 'breached'
            WHEN r.ended_epoch IS NOT NULL THEN 'met'
            ELSE 'open'
        END AS status
    FROM runs AS r
    LEFT JOIN dues AS d
        ON d.system = r.system AND d.ticket_id = r.ticket_id AND d.metric = r.metric AND d.run_number = r.run_number
),

dated AS (
    SELECT *, CASE WHEN status = 'met' THEN ended_epoch ELSE due_epoch END AS status_epoch
    FROM judged
),

status_days AS (
    SELECT *, CAST(FLOOR(status_epoch / 86400) AS BIGINT) AS utc_day
    FROM dated
),

local_days AS (
    SELECT date, start_epoch, end_epoch, CAST(FLOOR(start_epoch / 86400) AS BIGINT) AS utc_day
    FROM calendar

    UNION ALL

    SELECT date, start_epoch, end_epoch, CAST(FLOOR((end_epoch - 1) / 86400) AS BIGINT) AS utc_day
    FROM calendar
    WHERE FLOOR((end_epoch - 1) / 86400) > FLOOR(start_epoch / 86400)
),

status_dates AS (
    SELECT s.system AS system, s.ticket_id AS ticket_id, s.metric AS metric, s.run_number AS run_number, l.date AS date
    FROM status_days AS s
    INNER JOIN local_days AS l ON l.utc_day = s.utc_day
    WHERE l.start_epoch <= s.status_epoch AND s.status_epoch < l.end_epoch
)

SELECT
    s.system AS system,
    s.ticket_id AS ticket_id,
    s.metric AS metric,
    s.run_number AS run_number,
    s.ticket_created_date AS ticket_created_date,
    s.policy AS policy,
    s.priority AS priority,
    s.is_business_hours AS is_business_hours,
    s.target_seconds AS target_seconds,
    s.elapsed_seconds AS elapsed_seconds,
    s.ended_epoch AS ended_epoch,
    s.due_epoch AS due_epoch,
    s.status AS status,
    d.date AS status_date
FROM dated AS s
LEFT JOIN status_dates AS d
    ON d.system = s.system AND d.ticket_id = s.ticket_id AND d.metric = s.metric AND d.run_number = s.run_number
