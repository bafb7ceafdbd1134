/*
about = """
One row per visit to the help centre, and whether the visitor wrote a counted ticket within 24 hours
(self_service_window_hours) of it. Of a visitor nobody knows that cannot be told."""
grain = ["system", "visit_id"]
partition = "visited_date"
settings = ["self_service_window_hours"]
not_null = ["system", "visit_id", "visited_epoch", "visited_date", "views"]

[inputs]
stg_visits = "same"
fct_tickets = "0..1"

[columns]
system = "VARCHAR name space of the ids"
visit_id = "VARCHAR id of the visit in its system"
customer_hash = "VARCHAR keyed hash of the visitor; NULL for a stranger"
article_id = "VARCHAR article read, or read first"
channel = "VARCHAR where the help centre was opened"
language = "VARCHAR language of the articles"
visited_epoch = "BIGINT when it began, seconds since 1970"
visited_date = "DATE local date on which it began"
views = "BIGINT articles looked at; 1 where the visit does not say"
seconds_to_ticket = "BIGINT from the visit to the visitor's next ticket within the window; NULL without one"
is_self_served = "BOOLEAN the visitor wrote no ticket in the window; NULL for a stranger"
*/
-- One order for all rows, then the last place of each key: an ordered window per key costs a sort for every key.
WITH placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER (ORDER BY COALESCE(updated_epoch, visited_epoch), batch, record_number, item_number) AS place
    FROM stg_visits
),

versions AS (
    SELECT
        *,
        COALESCE(contact_hash, id_hash) AS customer_hash,
        MAX(place) OVER (PARTITION BY system, visit_id) AS newest_place
    FROM placed
),

visits AS (
    SELECT *
    FROM versions
    WHERE place = newest_place
),

tickets AS (
    SELECT v.system AS system, v.visit_id AS visit_id, MIN(t.created_epoch - v.visited_epoch) AS seconds_to_ticket
    FROM visits AS v
    INNER JOIN fct_tickets AS t ON t.customer_hash = v.customer_hash
    CROSS JOIN settings AS s
    WHERE t.created_epoch >= v.visited_epoch
        AND t.created_epoch - v.visited_epoch <= s.self_service_window_hours * 3600
    GROUP BY v.system, v.visit_id
)

SELECT
    v.system AS system,
    v.visit_id AS visit_id,
    v.customer_hash AS customer_hash,
    v.article_id AS article_id,
    v.channel AS channel,
    v.language AS language,
    v.visited_epoch AS visited_epoch,
    v.visited_date AS visited_date,
    COALESCE(v.views, CAST(1 AS BIGINT)) AS views,
    t.seconds_to_ticket AS seconds_to_ticket,
    CASE WHEN v.customer_hash IS NOT NULL THEN t.seconds_to_ticket IS NULL END AS is_self_served
FROM visits AS v
LEFT JOIN tickets AS t ON t.system = v.system AND t.visit_id = v.visit_id
