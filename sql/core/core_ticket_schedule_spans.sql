/*
about = """
Which business schedule a ticket's time is measured by, from when to when. With `ticket_schedule = "last"` that is one
for its whole life; with "at_the_time" each one while it held, the default one before the first assignment unless that
tells what it took over from. A clock of the ticket's own goes on from each schedule to the next: at an instant it shows
clock_offset_seconds + the schedule's clock."""
grain = ["system", "ticket_id", "from_epoch"]
partition = "ticket_created_date"
scatter = false
settings = ["ticket_schedule"]
not_null = ["system", "ticket_id", "ticket_created_date", "from_epoch", "schedule_id", "clock_offset_seconds"]

[inputs]
core_ticket_events = "same"
core_ticket_schedules = "same"
schedules = "all"
schedule_clock = "all"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
ticket_created_date = "DATE local date of the ticket's creation"
from_epoch = "BIGINT first instant, seconds since 1970; 0 for the ticket's first schedule"
to_epoch = "BIGINT instant of the next schedule, seconds since 1970; NULL for the last one"
schedule_id = "VARCHAR business schedule"
clock_offset_seconds = "BIGINT what the ticket's clock shows more than the schedule's"
*/
WITH placed AS (
    SELECT
        e.system AS system,
        e.ticket_id AS ticket_id,
        e.occurred_epoch AS from_epoch,
        e.value AS value,
        e.previous_value AS previous_value,
        ROW_NUMBER() OVER (ORDER BY e.occurred_at, e.sequence, e.event_id) AS place
    FROM core_ticket_events AS e
    CROSS JOIN settings AS m
    WHERE e.field = 'schedule' AND m.ticket_schedule = 'at_the_time'
),

changes AS (
    SELECT
        *,
        MIN(place) OVER (PARTITION BY system, ticket_id) AS first_place,
        MAX(place) OVER (PARTITION BY system, ticket_id, from_epoch) AS last_place
    FROM placed
),

-- Of several assignments at one instant the last one holds.
wishes AS (
    SELECT system, ticket_id, from_epoch, value AS wanted_id
    FROM changes
    WHERE place = last_place

    UNION ALL

    SELECT system, ticket_id, CAST(0 AS BIGINT) AS from_epoch, previous_value AS wanted_id
    FROM changes
    WHERE place = first_place
),

fallback AS (
    SELECT MIN(schedule_id) AS default_id
    FROM schedules
    WHERE is_default
),

starts AS (
    SELECT
        t.system AS system,
        t.ticket_id AS ticket_id,
        t.created_date AS ticket_created_date,
        COALESCE(w.from_epoch, CAST(0 AS BIGINT)) AS from_epoch,
        CASE WHEN w.ticket_id IS NULL THEN t.schedule_id ELSE COALESCE(s.schedule_id, f.default_id) END AS schedule_id
    FROM core_ticket_schedules AS t
    CROSS JOIN fallback AS f
    LEFT JOIN wishes AS w ON w.system = t.system AND w.ticket_id = t.ticket_id
    LEFT JOIN schedules AS s ON s.schedule_id = w.wanted_id
),

numbered AS (
    SELECT *, ROW_NUMBER() OVER (ORDER BY system, ticket_id, from_epoch) AS number
    FROM starts
    WHERE schedule_id IS NOT NULL
),

followed AS (
    SELECT *, number + 1 AS next_number
    FROM numbered
),

spans AS (
    SELECT
        a.system AS system,
        a.ticket_id AS ticket_id,
        a.ticket_created_date AS ticket_created_date,
        a.from_epoch AS from_epoch,
        b.from_epoch AS to_epoch,
        a.schedule_id AS schedule_id,
        a.number AS number,
        a.next_number AS next_number
    FROM followed AS a
    LEFT JOIN numbered AS b ON b.system = a.system AND b.ticket_id = a.ticket_id AND b.number = a.next_number
),

-- At a change both clocks are read: what the new one shows is taken off, what the old one shows is put on.
readings AS (
    SELECT system, ticket_id, number, from_epoch AS epoch, schedule_id, CAST(-1 AS BIGINT) AS sign
    FROM spans
    WHERE from_epoch > 0

    UNION ALL

    SELECT system, ticket_id, next_number AS number, to_epoch AS epoch, schedule_id, CAST(1 AS BIGINT) AS sign
    FROM spans
    WHERE to_epoch IS NOT NULL
),

days AS (
    SELECT *, CAST(FLOOR(epoch / 86400) AS BIGINT) AS utc_day
    FROM readings
),

shifts AS (
    SELECT
        r.system AS system,
        r.ticket_id AS ticket_id,
        r.number AS number,
        r.sign AS sign,
        MAX(r.sign) * (MAX(c.day_clock_seconds) + SUM(
            CASE
                WHEN r.epoch <= c.open_from_epoch THEN 0
                WHEN r.epoch >= c.open_to_epoch THEN c.open_to_epoch - c.open_from_epoch
                ELSE r.epoch - c.open_from_epoch
            END
        )) AS seconds
    FROM days AS r
    INNER JOIN schedule_clock AS c ON c.schedule_id = r.schedule_id AND c.utc_day = r.utc_day
    GROUP BY r.system, r.ticket_id, r.number, r.sign
),

offsets AS (
    SELECT s.number AS number, SUM(h.seconds) AS seconds
    FROM spans AS s
    INNER JOIN shifts AS h ON h.system = s.system AND h.ticket_id = s.ticket_id
    WHERE h.number <= s.number
    GROUP BY s.number
)

SELECT
    s.system AS system,
    s.ticket_id AS ticket_id,
    s.ticket_created_date AS ticket_created_date,
    s.from_epoch AS from_epoch,
    s.to_epoch AS to_epoch,
    s.schedule_id AS schedule_id,
    CAST(COALESCE(o.seconds, CAST(0 AS BIGINT)) AS BIGINT) AS clock_offset_seconds
FROM spans AS s
LEFT JOIN offsets AS o ON o.number = s.number
