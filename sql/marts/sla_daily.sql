/*
about = """
How many service-level targets were kept, by metric and day: each ticket once per metric. An open ticket whose target has
been used up is a breach of the day it was due. Vendor columns are the helpdesk's own flags, counted apart."""
grain = ["date", "metric", "segment_kind", "segment_value"]
partition = "date"
scatter = false
settings = []
not_null = ["date", "metric", "segment_kind", "segment_value", "met", "breached", "overdue", "vendor_met", "vendor_breached"]

[accepted_values]
segment_kind = ["all", "channel", "team", "priority"]

[ranges]
met = [0, 1e12]
breached = [0, 1e12]
attainment = [0, 1]
vendor_attainment = [0, 1]

[inputs]
fct_sla_day_parts = "same"
dates = "same"

[columns]
date = "DATE local date: when the last wait ended in time, or when the target was used up"
metric = "VARCHAR first_reply, next_reply, periodic_update, requester_wait, agent_work or resolution"
segment_kind = "VARCHAR 'all' (everything) or 'channel', 'team', 'priority'; sum over one kind only"
segment_value = "VARCHAR 'all', or the slice of the ticket ('unknown' if not delivered; teams as system/id)"
met = "BIGINT tickets that kept the target"
breached = "BIGINT tickets that broke it, overdue ones that are still open among them"
overdue = "BIGINT of them, still open"
attainment = "DOUBLE met / (met + breached)"
vendor_met = "BIGINT tickets that kept it by the helpdesk's own events"
vendor_breached = "BIGINT tickets that broke it by the helpdesk's own events"
vendor_attainment = "DOUBLE vendor_met / (vendor_met + vendor_breached)"
*/
WITH parts AS (
    SELECT
        p.date AS date,
        p.metric AS metric,
        p.channel AS channel,
        CASE WHEN p.team_id = 'unknown' THEN 'unknown' ELSE p.system || '/' || p.team_id END AS team,
        p.priority AS priority,
        CASE WHEN p.source = 'own' AND p.status = 'met' THEN 1 ELSE 0 END AS met,
        CASE WHEN p.source = 'own' AND p.status <> 'met' THEN 1 ELSE 0 END AS breached,
        CASE WHEN p.source = 'own' AND p.status = 'open' THEN 1 ELSE 0 END AS overdue,
        CASE WHEN p.source = 'vendor' AND p.status = 'met' THEN 1 ELSE 0 END AS vendor_met,
        CASE WHEN p.source = 'vendor' AND p.status = 'breached' THEN 1 ELSE 0 END AS vendor_breached
    FROM fct_sla_day_parts AS p
    INNER JOIN dates AS d ON d.date = p.date
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

    UNION ALL

    SELECT *, 'priority' AS segment_kind, priority AS segment_value
    FROM parts
),

sums AS (
    SELECT
        date,
        metric,
        segment_kind,
        segment_value,
        CAST(SUM(met) AS BIGINT) AS met,
        CAST(SUM(breached) AS BIGINT) AS breached,
        CAST(SUM(overdue) AS BIGINT) AS overdue,
        CAST(SUM(vendor_met) AS BIGINT) AS vendor_met,
        CAST(SUM(vendor_breached) AS BIGINT) AS vendor_breached
    FROM segments
    GROUP BY date, metric, segment_kind, segment_value
)

SELECT
    date,
    metric,
    segment_kind,
    segment_value,
    met,
    breached,
    overdue,
    CAST(met AS DOUBLE) / NULLIF(met + breached, 0) AS attainment,
    vendor_met,
    vendor_breached,
    CAST(vendor_met AS DOUBLE) / NULLIF(vendor_met + vendor_breached, 0) AS vendor_attainment
FROM sums
