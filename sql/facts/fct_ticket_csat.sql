/*
about = """
What the customer thought of a counted ticket: the last answer, with the date it was given. The history of the rating
tells both; else the newest answered survey of the ticket; else the ticket itself, dated by its last change. An offer
is not an answer. Tickets without an offer have no row."""
grain = ["system", "ticket_id"]
partition = "created_date"
scatter = false
settings = ["csat_good_from_of_5"]
not_null = ["system", "ticket_id", "created_date"]

[inputs]
core_tickets = "same"
core_ticket_events = "same"
core_surveys = "same"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
created_date = "DATE local date of the ticket's creation"
csat_label = "VARCHAR good or bad; NULL where the offer was not answered"
csat_score = "DECIMAL(18,4) score from 1 to 5; NULL where the answer is only a label"
csat_date = "DATE local date of the answer"
csat_offered_date = "DATE local date of the first offer"
*/
-- One order for all rows, then the last place of each key: an ordered window per key costs a sort for every key.
WITH ratings AS (
    SELECT
        system,
        ticket_id,
        value,
        occurred_date,
        ROW_NUMBER() OVER (ORDER BY occurred_at, sequence, event_id) AS place
    FROM core_ticket_events
    WHERE field = 'csat' AND value IN ('offered', 'good', 'bad')
),

given_ratings AS (
    SELECT
        *,
        MAX(place) OVER (PARTITION BY system, ticket_id) AS last_place
    FROM ratings
    WHERE value IN ('good', 'bad')
),

last_ratings AS (
    SELECT
        system,
        ticket_id,
        value,
        occurred_date
    FROM given_ratings
    WHERE place = last_place
),

answered_surveys AS (
    SELECT
        system,
        ticket_id,
        label,
        score_of_5,
        COALESCE(answered_date, sent_date) AS answer_date,
        ROW_NUMBER() OVER (
            ORDER BY COALESCE(answered_epoch, sent_epoch, CAST(0 AS BIGINT)), survey_id
        ) AS place
    FROM core_surveys
    WHERE kind = 'csat' AND is_answered AND ticket_id IS NOT NULL
),

ranked_surveys AS (
    SELECT
        *,
        MAX(place) OVER (PARTITION BY system, ticket_id) AS last_place
    FROM answered_surveys
),

last_surveys AS (
    SELECT
        system,
        ticket_id,
        label,
        score_of_5,
        answer_date
    FROM ranked_surveys
    WHERE place = last_place
),

offers AS (
    SELECT system, ticket_id, MIN(occurred_date) AS offered_date
    FROM ratings
    GROUP BY system, ticket_id
),

survey_offers AS (
    SELECT system, ticket_id, MIN(COALESCE(sent_date, answered_date)) AS offered_date
    FROM core_surveys
    WHERE kind = 'csat' AND ticket_id IS NOT NULL
    GROUP BY system, ticket_id
),

opinions AS (
    SELECT
        t.system AS system,
        t.ticket_id AS ticket_id,
        t.created_date AS created_date,
        r.value AS rated_label,
        r.occurred_date AS rated_date,
        v.label AS survey_label,
        v.score_of_5 AS survey_score,
        v.answer_date AS survey_date,
        CASE
            WHEN t.csat_label IN ('good', 'bad') THEN t.csat_label
            WHEN CAST(t.csat_score AS DOUBLE) >= CAST(s.csat_good_from_of_5 AS DOUBLE) THEN 'good'
            WHEN t.csat_score IS NOT NULL THEN 'bad'
        END AS ticket_label,
        t.csat_score AS ticket_score,
        COALESCE(t.updated_date, t.created_date) AS ticket_date,
        COALESCE(o.offered_date, f.offered_date) AS offered_date,
        t.csat_label IS NOT NULL OR t.csat_score IS NOT NULL AS is_offered_on_ticket
    FROM core_tickets AS t
    CROSS JOIN settings AS s
    LEFT JOIN last_ratings AS r ON r.system = t.system AND r.ticket_id = t.ticket_id
    LEFT JOIN last_surveys AS v ON v.system = t.system AND v.ticket_id = t.ticket_id
    LEFT JOIN offers AS o ON o.system = t.system AND o.ticket_id = t.ticket_id
    LEFT JOIN survey_offers AS f ON f.system = t.system AND f.ticket_id = t.ticket_id
    WHERE t.is_counted
)

SELECT
    system,
    ticket_id,
    created_date,
    COALESCE(rated_label, survey_label, ticket_label) AS csat_label,
    COALESCE(survey_score, ticket_score) AS csat_score,
    CASE
        WHEN rated_label IS NOT NULL THEN rated_date
        WHEN survey_label IS NOT NULL OR survey_score IS NOT NULL THEN COALESCE(survey_date, ticket_date)
        WHEN ticket_label IS NOT NULL THEN ticket_date
    END AS csat_date,
    COALESCE(offered_date, ticket_date) AS csat_offered_date
FROM opinions
WHERE offered_date IS NOT NULL OR is_offered_on_ticket
