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
    SELECT *, ROW_NUMBER() OVER (ORDER BY system, ticket_id, metric, run_number, from_epoch) AS place
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

-- The target is used up in one span at most. due_value is what the policy's clock shows then.
crossings AS (
    SELECT
        *,
        CASE
            WHEN used_before <= target_seconds AND (to_epoch IS NULL OR used_before + seconds > target_seconds)
                THEN CAST(from_value + target_seconds - used_before AS BIGINT)
        END AS due_value
    FROM spans
),

runs AS (
    SELECT
        MIN(place) AS run_place,
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
        CAST(SUM(seconds) AS BIGINT) AS elapsed_seconds,
        MAX(due_value) AS due_value,
        MAX(CASE WHEN due_value IS NOT NULL THEN from_epoch END) AS due_from_epoch
    FROM crossings
    GROUP BY system, ticket_id, metric, run_number
),

-- What the clocks of the ticket's schedules show then, of which one was in force. Open hours are at most a day long: those
-- that reach a second of the clock begin in its bucket of a day or in the one before, so they are found by an equal join.
due_clocks AS (
    SELECT
        r.run_place AS run_place,
        r.due_from_epoch AS due_from_epoch,
        s.schedule_id AS schedule_id,
        s.from_epoch AS schedule_from_epoch,
        s.to_epoch AS schedule_to_epoch,
        r.due_value - s.clock_offset_seconds AS due_clock,
        CAST(FLOOR((r.due_value - s.clock_offset_seconds - 1) / 86400) AS BIGINT) - b.buckets_back AS bucket
    FROM runs AS r
    INNER JOIN core_ticket_schedule_spans AS s ON s.system = r.system AND s.ticket_id = r.ticket_id
    CROSS JOIN (VALUES (0), (1)) AS b (buckets_back)
    WHERE r.is_business_hours AND r.due_value IS NOT NULL
),

open_hours AS (
    SELECT
        schedule_id,
        open_from_epoch,
        open_from_clock_seconds AS from_clock,
        open_from_clock_seconds + open_to_epoch - open_from_epoch AS to_clock,
        CAST(FLOOR(open_from_clock_seconds / 86400) AS BIGINT) AS bucket
    FROM schedule_clock
    WHERE open_to_epoch > open_from_epoch
),

open_dues AS (
    SELECT c.*, h.open_from_epoch + c.due_clock - h.from_clock AS open_epoch
    FROM due_clocks AS c
    INNER JOIN open_hours AS h ON h.schedule_id = c.schedule_id AND h.bucket = c.bucket
    WHERE h.from_clock < c.due_clock AND c.due_clock <= h.to_clock
),

dues AS (
    SELECT
        run_place,
        CASE WHEN open_epoch < due_from_epoch THEN due_from_epoch ELSE open_epoch END AS due_epoch
    FROM open_dues
    WHERE open_epoch > schedule_from_epoch AND (schedule_to_epoch IS NULL OR open_epoch <= schedule_to_epoch)
),

judged AS (
    SELECT
        r.*,
        CASE WHEN r.is_business_hours THEN d.due_epoch ELSE r.due_value END AS due_epoch,
        CASE
            WHEN r.elapsed_seconds > r.target_seconds THEN 'breached'
            WHEN r.ended_epoch IS NOT NULL THEN 'met'
            ELSE 'open'
        END AS status
    FROM runs AS r
    LEFT JOIN dues AS d ON d.run_place = r.run_place
),

dated AS (
    SELECT
        *,
        CASE WHEN status = 'met' THEN ended_epoch ELSE due_epoch END AS status_epoch,
        CAST(FLOOR((CASE WHEN status = 'met' THEN ended_epoch ELSE due_epoch END) / 86400) AS BIGINT) AS utc_day
    FROM judged
),

-- A UTC day meets two local days at most: the one that is running when it begins, and the next.
local_days AS (
    SELECT
        date,
        start_epoch,
        end_epoch,
        CAST(FLOOR((CASE WHEN e.is_end THEN end_epoch - 1 ELSE start_epoch END) / 86400) AS BIGINT) AS utc_day
    FROM calendar
    CROSS JOIN (VALUES (false), (true)) AS e (is_end)
),

utc_days AS (
    SELECT
        utc_day,
        MIN(date) AS first_date,
        MIN(start_epoch) AS first_start_epoch,
        MIN(end_epoch) AS first_end_epoch,
        MAX(date) AS last_date,
        MAX(start_epoch) AS last_start_epoch,
        MAX(end_epoch) AS last_end_epoch
    FROM local_days
    GROUP BY utc_day
)

SELECT
    r.system AS system,
    r.ticket_id AS ticket_id,
    r.metric AS metric,
    r.run_number AS run_number,
    r.ticket_created_date AS ticket_created_date,
    r.policy AS policy,
    r.priority AS priority,
    r.is_business_hours AS is_business_hours,
    r.target_seconds AS target_seconds,
    r.elapsed_seconds AS elapsed_seconds,
    r.ended_epoch AS ended_epoch,
    r.due_epoch AS due_epoch,
    r.status AS status,
    CASE
        WHEN r.status_epoch >= l.first_start_epoch AND r.status_epoch < l.first_end_epoch THEN l.first_date
        WHEN r.status_epoch >= l.last_start_epoch AND r.status_epoch < l.last_end_epoch THEN l.last_date
    END AS status_date
FROM dated AS r
LEFT JOIN utc_days AS l ON l.utc_day = r.utc_day
