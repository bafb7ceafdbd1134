/*
about = """
What each survey says: its newest version, with the answer read on one scale. An answer is good at 4 of 5, 6 of 7,
8 of 10 (settings) and at the top of 2 or 3; the label of the source wins. A score off its scale, such as a 0 put in for
a blank, is no answer. Surveys without a known ticket are kept."""
grain = ["system", "survey_id"]
partition = "anchor_date"
scatter = false
settings = ["csat_good_from_of_5", "csat_good_from_of_7", "csat_good_from_of_10"]
not_null = ["system", "survey_id", "kind", "is_answered"]

[inputs]
core_survey_versions = "same"

[columns]
system = "VARCHAR name space of the ids"
survey_id = "VARCHAR id of the survey in its system"
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
is_answered = "BOOLEAN it has a score or a label; an offered survey is not an answer"
score = "DECIMAL(18,4) score as given; NULL where it is off the scale"
scale_max = "BIGINT highest score of the scale; 5 where a satisfaction survey does not say"
score_of_5 = "DECIMAL(18,4) satisfaction score mapped linearly to 1 to 5; NULL for other kinds"
label = "VARCHAR good or bad; NULL without an answer or for other kinds than csat"
channel = "VARCHAR channel it was sent through"
language = "VARCHAR language of the comment"
sentiment_score = "DECIMAL(18,4) mood of the comment, -1 to 1; NULL without one"
vendor_sentiment_score = "DECIMAL(18,4) mood of the comment as exported"
customer_source_id = "VARCHAR id of the customer in the system"
contact_hash = "VARCHAR keyed hash of the customer's e-mail or phone"
id_hash = "VARCHAR keyed hash of the customer's id"
*/
-- One order for all rows, then the last place of each key: an ordered window per key costs a sort for every key.
WITH placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER (ORDER BY version_epoch, version_month) AS place
    FROM core_survey_versions
),

versions AS (
    SELECT
        *,
        CASE WHEN kind = 'csat' THEN COALESCE(scale_max, CAST(5 AS BIGINT)) ELSE scale_max END AS scale,
        CASE WHEN kind IN ('csat', 'ces') THEN 1 ELSE 0 END AS lowest,
        CASE WHEN kind = 'nps' THEN 10 WHEN kind = 'csat' THEN 5 ELSE 7 END AS usual_scale,
        MAX(place) OVER (PARTITION BY system, survey_id) AS newest_place
    FROM placed
),

answers AS (
    SELECT
        v.*,
        CASE
            WHEN CAST(v.score AS DOUBLE) >= v.lowest AND CAST(v.score AS DOUBLE) <= COALESCE(v.scale_max, v.usual_scale)
                THEN v.score
        END AS valid_score
    FROM versions AS v
    WHERE v.place = v.newest_place
),

thresholds AS (
    SELECT
        v.*,
        CASE
            WHEN v.kind <> 'csat' THEN CAST(NULL AS BIGINT)
            WHEN v.scale = 5 THEN s.csat_good_from_of_5
            WHEN v.scale = 7 THEN s.csat_good_from_of_7
            WHEN v.scale = 10 THEN s.csat_good_from_of_10
            WHEN v.scale IN (2, 3) THEN v.scale
        END AS good_from
    FROM answers AS v
    CROSS JOIN settings AS s
)

SELECT
    system,
    survey_id,
    anchor_date,
    kind,
    ticket_id,
    order_id,
    interaction_id,
    sent_at,
    sent_epoch,
    sent_date,
    answered_at,
    answered_epoch,
    answered_date,
    valid_score IS NOT NULL OR label IS NOT NULL AS is_answered,
    valid_score AS score,
    scale AS scale_max,
    CASE
        WHEN kind = 'csat' AND scale = 5 THEN valid_score
        WHEN kind = 'csat' AND scale > 1
            THEN CAST(1 + (CAST(valid_score AS DOUBLE) - 1) * 4 / CAST(scale - 1 AS DOUBLE) AS DECIMAL(18,4))
    END AS score_of_5,
    CASE
        WHEN kind <> 'csat' THEN CAST(NULL AS VARCHAR)
        WHEN label IS NOT NULL THEN label
        WHEN CAST(valid_score AS DOUBLE) >= CAST(good_from AS DOUBLE) THEN 'good'
        WHEN valid_score IS NOT NULL AND good_from IS NOT NULL THEN 'bad'
    END AS label,
    channel,
    language,
    sentiment_score,
    vendor_sentiment_score,
    customer_source_id,
    contact_hash,
    id_hash
FROM thresholds
