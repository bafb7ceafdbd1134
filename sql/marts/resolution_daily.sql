/*
about = """
Whether the service keeps up: how many of the tickets created on a day are solved by now, and how many were solved on a
day against how many came in. The first changes until the last of the day's tickets is solved."""
grain = ["date", "segment_kind", "segment_value"]
partition = "date"
scatter = false
settings = []
not_null = ["date", "segment_kind", "segment_value", "tickets_created", "created_and_solved", "tickets_solved"]

[accepted_values]
segment_kind = ["all", "channel", "team"]

[ranges]
tickets_created = [0, 1e12]
created_and_solved = [0, 1e12]
tickets_solved = [0, 1e12]
resolution_rate = [0, 1]

[inputs]
fct_tickets = "same"
service_daily = "same"
dates = "same"

[columns]
date = "DATE local date: creation, and solve for tickets_solved"
segment_kind = "VARCHAR 'all' (everything) or 'channel', 'team'; sum over one kind only"
segment_value = "VARCHAR 'all', or the slice of the ticket ('unknown' if not delivered; teams as system/id)"
tickets_created = "BIGINT tickets created on the date"
created_and_solved = "BIGINT of them, solved or closed now"
resolution_rate = "DOUBLE created_and_solved / tickets_created"
tickets_solved = "BIGINT tickets solved now whose last solve is on the date, whenever created"
solved_to_created = "DOUBLE tickets_solved / tickets_created; above 1 where the backlog shrinks"
*/
WITH parts AS (
    SELECT
        created_date AS date,
        COALESCE(channel, 'unknown') AS channel,
        COALESCE(system || '/' || team_id, 'unknown') AS team,
        CAST(1 AS BIGINT) AS created,
        CASE WHEN is_solved THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS solved_of_created,
        CAST(0 AS BIGINT) AS solved
    FROM fct_tickets

    UNION ALL

    SELECT
        date,
        channel,
        CASE WHEN team_id = 'unknown' THEN 'unknown' ELSE system || '/' || team_id END AS team,
        CAST(0 AS BIGINT) AS created,
        CAST(0 AS BIGINT) AS solved_of_created,
        tickets_solved AS solved
    FROM service_daily
    WHERE tickets_solved > 0
),

segments AS (
    SELECT *, 'all' AS segment_kind, 'all' AS segment_value
    FROM parts

    UNION ALL

    SELECT *, 'channel' AS segment_kind, channel AS segment_value
    FROM parts

    UNION ALL

    SELECT *, 'team' AS segment_kind, team AS segment_value
    FROM parts
),

sums AS (
    SELECT
        s.date AS date,
        s.segment_kind AS segment_kind,
        s.segment_value AS segment_value,
        CAST(SUM(s.created) AS BIGINT) AS created,
        CAST(SUM(s.solved_of_created) AS BIGINT) AS solved_of_created,
        CAST(SUM(s.solved) AS BIGINT) AS solved
    FROM segments AS s
    INNER JOIN dates AS d ON d.date = s.date
    GROUP BY s.date, s.segment_kind, s.segment_value
)

SELECT
    date,
    segment_kind,
    segment_value,
    created AS tickets_created,
    solved_of_created AS created_and_solved,
    CAST(solved_of_created AS DOUBLE) / NULLIF(created, 0) AS resolution_rate,
    solved AS tickets_solved,
    CAST(solved AS DOUBLE) / NULLIF(created, 0) AS solved_to_created
FROM sums
