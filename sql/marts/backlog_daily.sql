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
        c.date AS date,
        c.system AS system,
        c.channel AS channel,
        c.team_id AS team_id,
        SUM(c.created) AS created,
        SUM(c.reopened) AS reopened,
        SUM(c.gone) AS gone,
        SUM(c.net) AS net
    FROM fct_backlog_changes AS c
    INNER JOIN dates AS d ON d.date = c.date
    GROUP BY c.date, c.system, c.channel, c.team_id
),

month_start AS (
    SELECT MIN(date) AS first_date
    FROM dates
),

-- Every slice that ever was, with what the months before have left.
opening AS (
    SELECT
        c.system AS system,
        c.channel AS channel,
        c.team_id AS team_id,
        SUM(CASE WHEN c.date < m.first_date THEN c.net ELSE 0 END) AS open_before
    FROM fct_backlog_changes AS c
    CROSS JOIN month_start AS m
    GROUP BY c.system, c.channel, c.team_id
),

-- The running sum needs every day of a slice, also those on which nothing happened.
grid AS (
    SELECT
        d.date AS date,
        o.system AS system,
        o.channel AS channel,
        o.team_id AS team_id,
        o.open_before AS open_before
    FROM dates AS d
    CROSS JOIN opening AS o
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
        CAST(g.open_before AS BIGINT) + CAST(SUM(COALESCE(c.net, 0)) OVER (
            PARTITION BY g.system, g.channel, g.team_id ORDER BY g.date
        ) AS BIGINT) AS backlog
    FROM grid AS g
    LEFT JOIN changes AS c
        ON c.date = g.date AND c.system = g.system AND c.channel = g.channel AND c.team_id = g.team_id
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
