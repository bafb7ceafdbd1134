/*
about = "How many visits to the help centre spared a ticket, by the day of the visit."
grain = ["date", "segment_kind", "segment_value"]
partition = "date"
settings = ["self_service_window_hours"]
not_null = ["date", "segment_kind", "segment_value", "is_mature", "visits", "views", "known_visits", "self_served_visits"]

[accepted_values]
segment_kind = ["all", "article", "channel", "language"]

[ranges]
self_service_rate = [0, 1]
visits = [0, 1e12]
views = [0, 1e12]
known_visits = [0, 1e12]
self_served_visits = [0, 1e12]
tickets = [0, 1e12]
views_per_ticket = [0, 1e12]

[inputs]
fct_visits = "same"
fct_tickets = "same"
dates = "0..1"

[columns]
date = "DATE local date of the visit"
segment_kind = "VARCHAR all, article, channel or language; sum over one kind only"
segment_value = "VARCHAR all, or the value of the slice; unknown where it is not known"
is_mature = "BOOLEAN the window for tickets (self_service_window_hours) has passed: self_served_visits is final"
visits = "BIGINT visits to the help centre"
views = "BIGINT articles looked at in them"
known_visits = "BIGINT visits of somebody the export names: only they can be tied to a ticket"
self_served_visits = "BIGINT of these, without a ticket of the visitor in the window"
self_service_rate = "DOUBLE self_served_visits / known_visits, share from 0 to 1; NULL without known visits"
tickets = "BIGINT counted tickets created on the date; NULL for articles and channels, which tickets do not have in common with visits"
views_per_ticket = "DOUBLE views / tickets; NULL without tickets"
*/
WITH unit AS (
    SELECT MIN(month_number) AS month_number, MAX(day_number) AS last_day
    FROM dates
),

days AS (
    SELECT d.date AS date, d.day_number * 24 + 24 + s.self_service_window_hours <= (u.last_day + 1) * 24 AS is_mature
    FROM dates AS d
    INNER JOIN unit AS u ON u.month_number = d.month_number
    CROSS JOIN settings AS s
),

visits AS (
    SELECT
        v.*,
        d.is_mature AS is_mature,
        CASE WHEN v.is_self_served IS NOT NULL THEN 1 ELSE 0 END AS is_known,
        CASE WHEN v.is_self_served THEN 1 ELSE 0 END AS is_served
    FROM fct_visits AS v
    INNER JOIN days AS d ON d.date = v.visited_date
),

sliced AS (
    SELECT *, 'all' AS segment_kind, 'all' AS segment_value FROM visits
    UNION ALL
    SELECT *, 'article' AS segment_kind, COALESCE(article_id, 'unknown') AS segment_value FROM visits
    UNION ALL
    SELECT *, 'channel' AS segment_kind, COALESCE(channel, 'unknown') AS segment_value FROM visits
    UNION ALL
    SELECT *, 'language' AS segment_kind, COALESCE(language, 'unknown') AS segment_value FROM visits
),

sums AS (
    SELECT
        visited_date AS date,
        segment_kind,
        segment_value,
        is_mature,
        CAST(COUNT(*) AS BIGINT) AS visits,
        CAST(SUM(views) AS BIGINT) AS views,
        CAST(SUM(is_known) AS BIGINT) AS known_visits,
        CAST(SUM(is_served) AS BIGINT) AS self_served_visits
    FROM sliced
    GROUP BY visited_date, segment_kind, segment_value, is_mature
),

tickets AS (
    SELECT created_date, 'all' AS segment_kind, 'all' AS segment_value, CAST(COUNT(*) AS BIGINT) AS tickets
    FROM fct_tickets
    GROUP BY created_date

    UNION ALL

    SELECT
        created_date,
        'language' AS segment_kind,
        COALESCE(language, 'unknown') AS segment_value,
        CAST(COUNT(*) AS BIGINT) AS tickets
    FROM fct_tickets
    GROUP BY created_date, COALESCE(language, 'unknown')
)

SELECT
    x.date AS date,
    x.segment_kind AS segment_kind,
    x.segment_value AS segment_value,
    x.is_mature AS is_mature,
    x.visits AS visits,
    x.views AS views,
    x.known_visits AS known_visits,
    x.self_served_visits AS self_served_visits,
    CASE WHEN x.known_visits > 0 THEN CAST(x.self_served_visits AS DOUBLE) / CAST(x.known_visits AS DOUBLE) END
        AS self_service_rate,
    CASE WHEN x.segment_kind IN ('all', 'language') THEN COALESCE(t.tickets, CAST(0 AS BIGINT)) END AS tickets,
    CASE WHEN t.tickets > 0 THEN CAST(x.views AS DOUBLE) / CAST(t.tickets AS DOUBLE) END AS views_per_ticket
FROM sums AS x
LEFT JOIN tickets AS t
    ON t.created_date = x.date AND t.segment_kind = x.segment_kind AND t.segment_value = x.segment_value
