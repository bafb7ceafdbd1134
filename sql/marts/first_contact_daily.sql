/*
about = """
How many solved requests needed one contact only (FCR), by the day of the solve. Until the window for a new ticket has
passed, is_mature is false and the rate may still fall."""
grain = ["date", "segment_kind", "segment_value"]
partition = "date"
scatter = false
settings = ["fcr_window_days"]
not_null = ["date", "segment_kind", "segment_value", "is_mature", "solved", "solved_measured", "solved_first_contact"]

[accepted_values]
segment_kind = ["all", "channel", "team", "agent", "contact_reason"]

[ranges]
solved = [0, 1e12]
solved_measured = [0, 1e12]
solved_first_contact = [0, 1e12]
fcr_rate = [0, 1]

[inputs]
fct_first_contact = "same"
dates = "0..1"

[columns]
date = "DATE local date of the last solve"
segment_kind = "VARCHAR 'all' (everything) or 'channel', 'team', 'agent', 'contact_reason'; sum over one kind only"
segment_value = "VARCHAR 'all', or the slice of the ticket ('unknown' if not delivered; teams and agents as system/id)"
is_mature = "BOOLEAN the window for a new ticket has passed: the row is final"
solved = "BIGINT tickets solved now whose last solve is on the date"
solved_measured = "BIGINT of them, whose replies, reopens and customer are known"
solved_first_contact = "BIGINT of them, solved at first contact"
fcr_rate = "DOUBLE solved_first_contact / solved_measured"
*/
WITH unit AS (
    SELECT MIN(month_number) AS month_number, MAX(day_number) AS last_day
    FROM dates
),

days AS (
    SELECT
        d.date AS date,
        d.day_number + s.fcr_window_days <= u.last_day AS is_mature
    FROM dates AS d
    INNER JOIN unit AS u ON u.month_number = d.month_number
    CROSS JOIN settings AS s
),

solves AS (
    SELECT
        solved_date,
        COALESCE(channel, 'unknown') AS channel,
        COALESCE(system || '/' || team_id, 'unknown') AS team,
        COALESCE(system || '/' || agent_id, 'unknown') AS agent,
        COALESCE(contact_reason, 'unknown') AS reason,
        is_first_contact
    FROM fct_first_contact
),

segments AS (
    SELECT solved_date, 'all' AS segment_kind, 'all' AS segment_value, is_first_contact
    FROM solves

    UNION ALL

    SELECT solved_date, 'channel' AS segment_kind, channel AS segment_value, is_first_contact
    FROM solves

    UNION ALL

    SELECT solved_date, 'team' AS segment_kind, team AS segment_value, is_first_contact
    FROM solves

    UNION ALL

    SELECT solved_date, 'agent' AS segment_kind, agent AS segment_value, is_first_contact
    FROM solves

    UNION ALL

    SELECT solved_date, 'contact_reason' AS segment_kind, reason AS segment_value, is_first_contact
    FROM solves
),

sums AS (
    SELECT
        solved_date,
        segment_kind,
        segment_value,
        CAST(COUNT(*) AS BIGINT) AS solved,
        CAST(COUNT(is_first_contact) AS BIGINT) AS measured,
        CAST(SUM(CASE WHEN is_first_contact THEN 1 ELSE 0 END) AS BIGINT) AS first_contact
    FROM segments
    GROUP BY solved_date, segment_kind, segment_value
)

SELECT
    d.date AS date,
    s.segment_kind AS segment_kind,
    s.segment_value AS segment_value,
    d.is_mature AS is_mature,
    s.solved AS solved,
    s.measured AS solved_measured,
    s.first_contact AS solved_first_contact,
    CAST(s.first_contact AS DOUBLE) / NULLIF(s.measured, 0) AS fcr_rate
FROM sums AS s
INNER JOIN days AS d ON d.date = s.solved_date
