/*
about = """
What the business clock shows at every instant that a ticket's times are measured from or to. Business seconds between
two instants are the difference of their clocks: exact over weekends, holidays and daylight saving changes."""
grain = ["system", "ticket_id", "epoch"]
partition = "ticket_created_date"
scatter = false
settings = []
not_null = ["system", "ticket_id", "epoch", "ticket_created_date", "clock_seconds"]

[inputs]
core_tickets = "same"
core_ticket_events = "same"
core_messages = "same"
core_ticket_schedule_spans = "same"
schedule_clock = "all"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
epoch = "BIGINT instant, seconds since 1970"
ticket_created_date = "DATE local date of the ticket's creation"
clock_seconds = "BIGINT open seconds of the ticket's schedules up to the instant; only differences mean something"
*/
WITH mentions AS (
    SELECT system, ticket_id, created_epoch AS epoch
    FROM core_tickets

    UNION ALL

    SELECT system, ticket_id, vendor_first_response_epoch AS epoch
    FROM core_tickets

    UNION ALL

    SELECT system, ticket_id, vendor_solved_epoch AS epoch
    FROM core_tickets

    UNION ALL

    SELECT system, ticket_id, occurred_epoch AS epoch
    FROM core_ticket_events
    WHERE field = 'status'

    UNION ALL

    SELECT system, ticket_id, sent_epoch AS epoch
    FROM core_messages
),

instants AS (
    SELECT system, ticket_id, epoch
    FROM mentions
    WHERE epoch IS NOT NULL
    GROUP BY system, ticket_id, epoch
),

scheduled AS (
    SELECT
        i.system AS system,
        i.ticket_id AS ticket_id,
        i.epoch AS epoch,
        s.ticket_created_date AS ticket_created_date,
        s.schedule_id AS schedule_id,
        s.clock_offset_seconds AS clock_offset_seconds,
        CAST(FLOOR(i.epoch / 86400) AS BIGINT) AS utc_day
    FROM instants AS i
    INNER JOIN core_ticket_schedule_spans AS s ON s.system = i.system AND s.ticket_id = i.ticket_id
    WHERE i.epoch >= s.from_epoch AND (s.to_epoch IS NULL OR i.epoch < s.to_epoch)
)

SELECT
    i.system AS system,
    i.ticket_id AS ticket_id,
    i.epoch AS epoch,
    MAX(i.ticket_created_date) AS ticket_created_date,
    CAST(MAX(i.clock_offset_seconds) + MAX(c.day_clock_seconds) + SUM(
        CASE
            WHEN i.epoch <= c.open_from_epoch THEN 0
            WHEN i.epoch >= c.open_to_epoch THEN c.open_to_epoch - c.open_from_epoch
            ELSE i.epoch - c.open_from_epoch
        END
    ) AS BIGINT) AS clock_seconds
FROM scheduled AS i
INNER JOIN schedule_clock AS c ON c.schedule_id = i.schedule_id AND c.utc_day = i.utc_day
GROUP BY i.system, i.ticket_id, i.epoch
