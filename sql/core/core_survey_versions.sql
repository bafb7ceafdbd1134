/*
about = """
Every delivered version of a survey, kept in the month of its ticket's creation, else of its sending, else of its
answer. A survey sent in one month and answered in the next is staged in both; core_surveys picks the one that holds."""
grain = ["system", "survey_id", "version_month"]
partition = "anchor_date"
scatter = true
settings = []
not_null = ["system", "survey_id", "version_month", "kind", "version_epoch", "batch", "record_number"]

[inputs]
stg_surveys = "same"
core_ticket_ids = "up_to"

[columns]
system = "VARCHAR name space of the ids"
survey_id = "VARCHAR id of the survey in its system"
version_month = "VARCHAR month (YYYY-MM) in which this version is staged; 0000-00 without a date"
anchor_date = "DATE local date of the ticket's creation, else of the sending, else of the answer"
kind = "VARCHAR nps, csat, ces, review_request or thank_you"
ticket_id = "VARCHAR ticket it is about; NULL where that ticket is unknown"
order_id = "VARCHAR order it is about"
interaction_id = "VARCHAR call or chat it is about"
sent_at = "TIMESTAMP when it was sent, UTC"
sent_epoch = "BIGINT when it was sent, seconds since 1970"
sent_date = "DATE local date on which it was sent"
answered_at = "TIMESTAMP when it was answered, UTC"
answered_epoch = "BIGINT when it was answered, seconds since 1970"
answered_date = "DATE local date on which it was answered"
score = "DECIMAL(18,4) score as given"
scale_max = "BIGINT highest score of the scale"
label = "VARCHAR good or bad as the source says"
channel = "VARCHAR channel it was sent through"
language = "VARCHAR language of the comment"
sentiment_score = "DECIMAL(18,4) mood of the comment, -1 to 1; NULL without one"
vendor_sentiment_score = "DECIMAL(18,4) mood of the comment as exported"
customer_source_id = "VARCHAR id of the customer in the system"
contact_hash = "VARCHAR keyed hash of the customer's e-mail or phone"
id_hash = "VARCHAR keyed hash of the customer's id"
version_epoch = "BIGINT age of this version: its change, else its answer, else its sending, seconds since 1970"
batch = "VARCHAR delivered file that holds this version"
record_number = "BIGINT record of that file"
*/
WITH dated AS (
    SELECT
        *,
        COALESCE(updated_epoch, answered_epoch, sent_epoch, CAST(0 AS BIGINT)) AS version_epoch
    FROM stg_surveys
),

-- One order for all rows, then the last place of each key: an ordered window per key costs a sort for every key.
placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER (ORDER BY version_epoch, batch, record_number, item_number) AS place
    FROM dated
),

versions AS (
    SELECT
        *,
        MAX(place) OVER (PARTITION BY system, survey_id) AS newest_place
    FROM placed
)

SELECT
    v.system AS system,
    v.survey_id AS survey_id,
    COALESCE(SUBSTR(CAST(COALESCE(v.answered_date, v.sent_date) AS VARCHAR), 1, 7), '0000-00') AS version_month,
    COALESCE(i.created_date, v.sent_date, v.answered_date) AS anchor_date,
    v.kind AS kind,
    i.ticket_id AS ticket_id,
    v.order_id AS order_id,
    v.interaction_id AS interaction_id,
    v.sent_at AS sent_at,
    v.sent_epoch AS sent_epoch,
    v.sent_date AS sent_date,
    v.answered_at AS answered_at,
    v.answered_epoch AS answered_epoch,
    v.answered_date AS answered_date,
    v.score AS score,
    v.scale_max AS scale_max,
    v.label AS label,
    v.channel AS channel,
    v.language AS language,
    v.sentiment_score AS sentiment_score,
    v.vendor_sentiment_score AS vendor_sentiment_score,
    v.customer_source_id AS customer_source_id,
    v.contact_hash AS contact_hash,
    v.id_hash AS id_hash,
    v.version_epoch AS version_epoch,
    v.batch AS batch,
    v.record_number AS record_number
FROM versions AS v
LEFT JOIN core_ticket_ids AS i ON i.system = v.system AND i.ticket_id = v.ticket_id
WHERE v.place = v.newest_place
