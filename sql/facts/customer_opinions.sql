/*
about = "What customers said in a month, kept in the month they were first seen: their last scores, and the mood of their texts."
grain = ["customer_hash", "opinion_month"]
partition = "first_seen_date"
scatter = true
not_null = ["customer_hash", "opinion_month", "first_seen_date", "scored_texts", "sentiment_sum"]

[inputs]
fct_surveys = "same"
fct_sentiment = "same"
customer_first_seen = "up_to"

[columns]
customer_hash = "VARCHAR keyed hash of the customer"
opinion_month = "VARCHAR month of the surveys and texts, YYYY-MM"
first_seen_date = "DATE local date of the customer's first counted order or ticket"
csat_date = "DATE local date of the last satisfaction answer; NULL without one"
csat_class = "VARCHAR good or bad"
csat_score = "DECIMAL(18,4) its score, 1 to 5; NULL for a label only"
nps_date = "DATE local date of the last recommendation answer; NULL without one"
nps_score = "DECIMAL(18,4) its score, 0 to 10"
scored_texts = "BIGINT texts with a mood"
sentiment_sum = "DECIMAL(18,4) their moods added up, -1 to 1 each"
*/
WITH answers AS (
    SELECT
        customer_hash,
        kind,
        class,
        score,
        score_of_5,
        answered_date,
        SUBSTR(CAST(survey_date AS VARCHAR), 1, 7) AS opinion_month,
        ROW_NUMBER() OVER (ORDER BY answered_date, system, survey_id) AS place
    FROM fct_surveys
    WHERE is_counted AND class IS NOT NULL AND answered_date IS NOT NULL
        AND customer_hash IS NOT NULL AND kind IN ('csat', 'nps')
),
ranked AS (
    SELECT *, MAX(place) OVER (PARTITION BY customer_hash, kind) AS last_place
    FROM answers
),
entries AS (
    SELECT
        customer_hash,
        opinion_month,
        CASE WHEN kind = 'csat' THEN answered_date END AS csat_date,
        CASE WHEN kind = 'csat' THEN class END AS csat_class,
        CASE WHEN kind = 'csat' THEN score_of_5 END AS csat_score,
        CASE WHEN kind = 'nps' THEN answered_date END AS nps_date,
        CASE WHEN kind = 'nps' THEN score END AS nps_score,
        0 AS texts,
        CAST(0 AS DECIMAL(18,4)) AS mood
    FROM ranked
    WHERE place = last_place
    UNION ALL
    SELECT
        customer_hash,
        SUBSTR(CAST(date AS VARCHAR), 1, 7) AS opinion_month,
        CAST(NULL AS DATE) AS csat_date,
        CAST(NULL AS VARCHAR) AS csat_class,
        CAST(NULL AS DECIMAL(18,4)) AS csat_score,
        CAST(NULL AS DATE) AS nps_date,
        CAST(NULL AS DECIMAL(18,4)) AS nps_score,
        1 AS texts,
        score AS mood
    FROM fct_sentiment
    WHERE customer_hash IS NOT NULL AND score IS NOT NULL
),
sums AS (
    SELECT
        customer_hash,
        opinion_month,
        MAX(csat_date) AS csat_date,
        MAX(csat_class) AS csat_class,
        MAX(csat_score) AS csat_score,
        MAX(nps_date) AS nps_date,
        MAX(nps_score) AS nps_score,
        CAST(SUM(texts) AS BIGINT) AS scored_texts,
        CAST(SUM(mood) AS DECIMAL(18,4)) AS sentiment_sum
    FROM entries
    GROUP BY customer_hash, opinion_month
)
SELECT
    s.customer_hash AS customer_hash,
    s.opinion_month AS opinion_month,
    f.first_seen_date AS first_seen_date,
    s.csat_date AS csat_date,
    s.csat_class AS csat_class,
    s.csat_score AS csat_score,
    s.nps_date AS nps_date,
    s.nps_score AS nps_score,
    s.scored_texts AS scored_texts,
    s.sentiment_sum AS sentiment_sum
FROM sums AS s
INNER JOIN customer_first_seen AS f ON f.customer_hash = s.customer_hash
