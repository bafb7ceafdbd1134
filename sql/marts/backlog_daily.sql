/*
about = """
How many tickets are unsolved at the end of each day, by channel and team, and what changed it. A day's backlog is the day
before's + created + reopened - gone. Days without a change and without an open ticket have no row."""
grain = ["date", "system", "channel", "team_id"]
partition = "date"
scatter = false
settings = []
not_null = ["date", "system", "channel", "team_id", "created", "reopened", "gone", "backlog"]

[inputs]
dates = "same"
fct_backlog_changes = "up_to"

[columns]
date = "DATE local date"
system = "VARCHAR name space of the team ids"
channel = "VARCHAR channel of the ticket; unknown where it has none"
team_id = "VARCHAR team the ticket is with; unknown where it has none"
created = "BIGINT tickets created"
reopened = "BIGINT times a ticket became unsolved again"
gone = "BIGINT times a ticket was solved, closed or deleted"
backlog = "BIGINT unsolved tickets at the end of the day"
*/
WITH changes AS (
    SELECT
        date,
        system,
        channel,
        team_id,
        SUM(created) AS created,
        SUM(reopened) AS reopened,
        SUM(gone) AS gone,
        SUM(net) AS net
    FROM fct_backlog_changes
    GROUP BY date, system, channel, team_id
),

month_start AS (
    SELECT MIN(date) AS first_date
    FROM dates
),

opening AS (
    SELECT
        c.system AS system,
        c.channel AS channel,
        c.team_id AS team_id,
        SUM(c.net) AS open_before
    FROM changes AS c
    CROSS JOIN month_start AS m
    WHERE c.date < m.first_date
    GROUP BY c.system, c.channel, c.team_id
),

slices AS (
    SELECT system, channel, team_id
    FROM fct_backlog_changes
    GROUP BY system, channel, team_id
),

-- The running sum needs every day of a slice, also those on which nothing happened.
grid AS (
    SELECT
        d.date AS date,
        s.system AS system,
        s.channel AS channel,
        s.team_id AS team_id
    FROM dates AS d
    CROSS JOIN slices AS s
),

stock AS (
    SELECT
        g.date AS date,
        g.system AS system,
        g.channel AS channel,
        g.team_id AS team_id,
        CAST(COALESCE(c.created, 0) AS BIGINT) AS created,
        CAST(COALESCE(c.reopened, 0) AS BIGINT) AS reopened,
        CAST(COALESCE(c.gone, 0) AS BIGINT) AS gone,
        c.date IS NOT NULL AS has_changed,
        CAST(COALESCE(o.open_before, 0) AS BIGINT) + CAST(SUM(COALESCE(c.net, 0)) OVER (
            PARTITION BY g.system, g.channel, g.team_id ORDER BY g.date
        ) AS BIGINT) AS backlog
    FROM grid AS g
    LEFT JOIN changes AS c
        ON c.date = g.date AND c.system = g.system AND c.channel = g.channel AND c.team_id = g.team_id
    LEFT JOIN opening AS o ON o.system = g.system AND o.channel = g.channel AND o.team_id = g.team_id
)

SELECT
    date,
    system,
    channel,
    team_id,
    created,
    reopened,
    gone,
    backlog
FROM stock
WHERE has_changed OR backlog <> 0
