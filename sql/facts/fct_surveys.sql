/*
about = """
One row per question put to a customer, answered or not: every survey, thank-you and request for a review, and one row
per rated ticket (source 'ticket', from fct_ticket_csat). A ticket's own satisfaction surveys stay here with
is_counted = false, for the ticket's row already counts what they say. Surveys about tickets that do not count are left
out."""
grain = ["system", "survey_id"]
partition = "survey_date"
scatter = true
settings = []
not_null = ["system", "survey_id", "source", "kind", "is_counted", "is_answered"]

[accepted_values]
source = ["survey", "ticket"]
kind = ["nps", "csat", "ces", "review_request", "thank_you"]
class = ["promoter", "passive", "detractor", "good", "bad", "low_effort", "high_effort"]

[inputs]
core_surveys = "same"
core_tickets = "same"
core_ticket_customers = "same"
fct_ticket_csat = "same"
core_order_customers = "-3..0"

[columns]
system = "VARCHAR name space of the ids"
survey_id = "VARCHAR id of the survey in its system; 'ticket:' and the ticket's id for the rating of a ticket"
source = "VARCHAR survey, or ticket: the rating that holds for a ticket"
survey_date = "DATE local date of the sending, else of the answer"
kind = "VARCHAR nps, csat, ces, review_request or thank_you"
is_counted = "BOOLEAN false for a ticket's satisfaction surveys: the ticket's own row counts instead"
ticket_id = "VARCHAR ticket it is about; NULL where that ticket is unknown"
order_id = "VARCHAR order it is about"
interaction_id = "VARCHAR call or chat it is about"
customer_hash = "VARCHAR keyed hash of the customer: the ticket's, else the survey's, else the order's (one of the last three months), else of the id"
channel = "VARCHAR channel of the ticket, else the one the survey was sent through"
team_id = "VARCHAR team of the ticket"
brand_id = "VARCHAR brand or store of the ticket"
country = "VARCHAR country of the ticket"
language = "VARCHAR language of the ticket, else of the comment"
contact_reason = "VARCHAR why the customer wrote the ticket"
sent_epoch = "BIGINT when it was sent, else answered, seconds since 1970; NULL for the rating of a ticket"
sent_date = "DATE local date of the sending, else of the answer: what was answered was sent"
answered_date = "DATE local date of the answer; NULL without one"
is_answered = "BOOLEAN it has a score or a label; an offered survey is not an answer"
score = "DECIMAL(18,4) score as given; 1 to 5 for the rating of a ticket"
scale_max = "BIGINT highest score of the scale"
score_of_5 = "DECIMAL(18,4) satisfaction on the scale 1 to 5; NULL for other kinds"
effort_of_7 = "DECIMAL(18,4) ease on the scale 1 (hard) to 7 (easy); NULL for other kinds than ces"
class = "VARCHAR promoter (9-10), passive (7-8), detractor (0-6); good, bad; low_effort (5-7), high_effort; NULL without an answer on its scale"
sentiment_score = "DECIMAL(18,4) mood of the comment, -1 to 1; NULL without one"
vendor_sentiment_score = "DECIMAL(18,4) mood of the comment as exported"
*/
WITH order_customers AS (
    SELECT system, order_id, customer_hash
    FROM core_order_customers
    WHERE customer_hash IS NOT NULL
),

surveys AS (
    SELECT
        v.system AS system,
        v.survey_id AS survey_id,
        'survey' AS source,
        COALESCE(v.sent_date, v.answered_date, v.anchor_date) AS survey_date,
        v.kind AS kind,
        NOT (v.kind = 'csat' AND v.ticket_id IS NOT NULL) AS is_counted,
        v.ticket_id AS ticket_id,
        v.order_id AS order_id,
        v.interaction_id AS interaction_id,
        COALESCE(v.contact_hash, o.customer_hash, v.id_hash) AS own_hash,
        v.channel AS own_channel,
        v.language AS own_language,
        COALESCE(v.sent_epoch, v.answered_epoch) AS sent_epoch,
        COALESCE(v.sent_date, v.answered_date, v.anchor_date) AS sent_date,
        CASE WHEN v.is_answered THEN COALESCE(v.answered_date, v.sent_date, v.anchor_date) END AS answered_date,
        v.is_answered AS is_answered,
        v.score AS score,
        v.scale_max AS scale_max,
        v.score_of_5 AS score_of_5,
        CASE
            WHEN v.kind = 'ces' AND COALESCE(v.scale_max, 7) = 7 THEN v.score
            WHEN v.kind = 'ces' AND v.scale_max > 1
                THEN CAST(1 + (CAST(v.score AS DOUBLE) - 1) * 6 / CAST(v.scale_max - 1 AS DOUBLE) AS DECIMAL(18,4))
        END AS effort_of_7,
        v.label AS label,
        v.sentiment_score AS sentiment_score,
        v.vendor_sentiment_score AS vendor_sentiment_score
    FROM core_surveys AS v
    LEFT JOIN order_customers AS o ON o.system = v.system AND o.order_id = v.order_id

    UNION ALL

    SELECT
        system,
        CONCAT('ticket:', ticket_id) AS survey_id,
        'ticket' AS source,
        csat_offered_date AS survey_date,
        'csat' AS kind,
        true AS is_counted,
        ticket_id,
        CAST(NULL AS VARCHAR) AS order_id,
        CAST(NULL AS VARCHAR) AS interaction_id,
        CAST(NULL AS VARCHAR) AS own_hash,
        CAST(NULL AS VARCHAR) AS own_channel,
        CAST(NULL AS VARCHAR) AS own_language,
        CAST(NULL AS BIGINT) AS sent_epoch,
        csat_offered_date AS sent_date,
        csat_date AS answered_date,
        csat_date IS NOT NULL AS is_answered,
        csat_score AS score,
        CAST(5 AS BIGINT) AS scale_max,
        csat_score AS score_of_5,
        CAST(NULL AS DECIMAL(18,4)) AS effort_of_7,
        csat_label AS label,
        CAST(NULL AS DECIMAL(18,4)) AS sentiment_score,
        CAST(NULL AS DECIMAL(18,4)) AS vendor_sentiment_score
    FROM fct_ticket_csat
)

SELECT
    v.system AS system,
    v.survey_id AS survey_id,
    v.source AS source,
    v.survey_date AS survey_date,
    v.kind AS kind,
    v.is_counted AS is_counted,
    v.ticket_id AS ticket_id,
    v.order_id AS order_id,
    v.interaction_id AS interaction_id,
    COALESCE(c.customer_hash, v.own_hash) AS customer_hash,
    COALESCE(t.channel, v.own_channel) AS channel,
    t.team_id AS team_id,
    t.brand_id AS brand_id,
    c.country AS country,
    COALESCE(c.language, v.own_language) AS language,
    t.contact_reason AS contact_reason,
    v.sent_epoch AS sent_epoch,
    v.sent_date AS sent_date,
    v.answered_date AS answered_date,
    v.is_answered AS is_answered,
    v.score AS score,
    v.scale_max AS scale_max,
    v.score_of_5 AS score_of_5,
    v.effort_of_7 AS effort_of_7,
    CASE
        WHEN v.kind = 'csat' THEN v.label
        WHEN v.kind = 'nps' AND COALESCE(v.scale_max, 10) = 10 AND v.score IS NOT NULL
            THEN CASE
                WHEN CAST(v.score AS DOUBLE) >= 9 THEN 'promoter'
                WHEN CAST(v.score AS DOUBLE) > 6 THEN 'passive'
                ELSE 'detractor'
            END
        WHEN v.kind = 'ces' AND v.effort_of_7 IS NOT NULL
            THEN CASE WHEN CAST(v.effort_of_7 AS DOUBLE) >= 5 THEN 'low_effort' ELSE 'high_effort' END
    END AS class,
    v.sentiment_score AS sentiment_score,
    v.vendor_sentiment_score AS vendor_sentiment_score
FROM surveys AS v
LEFT JOIN core_tickets AS t ON t.system = v.system AND t.ticket_id = v.ticket_id
LEFT JOIN core_ticket_customers AS c ON c.system = v.system AND c.ticket_id = v.ticket_id
WHERE COALESCE(t.is_counted, true)
