/*
about = """
What satisfaction_daily is summed from: surveys by the day of their sending and by the day of their answer, per slice.
Only counted surveys that ask for an answer. Every column can be added within one kind of segment."""
grain = ["date", "segment_kind", "segment_value", "survey_month"]
partition = "date"
scatter = true
settings = []
not_null = ["date", "segment_kind", "segment_value", "survey_month"]

[inputs]
fct_surveys = "same"

[columns]
date = "DATE local date of the sending or of the answer"
segment_kind = "VARCHAR all, kind, source, channel, team, brand, country, language or contact_reason"
segment_value = "VARCHAR value of the slice; unknown where it is not known"
survey_month = "VARCHAR month (YYYY-MM) in which the surveys were sent"
surveys_sent = "BIGINT surveys sent on the date"
sent_and_answered = "BIGINT of these, answered to date"
promoters = "BIGINT answers of 9 and 10"
passives = "BIGINT answers of 7 and 8"
detractors = "BIGINT answers of 0 to 6"
csat_good = "BIGINT good answers"
csat_bad = "BIGINT bad answers"
csat_scores = "BIGINT satisfaction answers with a score"
csat_score_sum = "DECIMAL(18,4) sum of these scores, 1 to 5; NULL without any"
ces_low_effort = "BIGINT effort answers of 5 to 7"
ces_high_effort = "BIGINT effort answers below 5"
ces_score_sum = "DECIMAL(18,4) sum of all effort answers, 1 to 7; NULL without any"
*/
WITH counted AS (
    SELECT
        *,
        SUBSTR(CAST(survey_date AS VARCHAR), 1, 7) AS survey_month,
        CAST(CASE WHEN is_answered THEN 1 ELSE 0 END AS BIGINT) AS answers
    FROM fct_surveys
    WHERE is_counted AND kind IN ('nps', 'csat', 'ces') AND survey_date IS NOT NULL
),

bookings AS (
    SELECT
        sent_date AS date, survey_month, kind, source, channel, team_id, brand_id, country, language, contact_reason,
        CAST(1 AS BIGINT) AS sent, answers AS sent_and_answered, '' AS class,
        CAST(NULL AS DECIMAL(18,4)) AS csat_score, CAST(NULL AS DECIMAL(18,4)) AS ces_score
    FROM counted

    UNION ALL

    SELECT
        answered_date AS date, survey_month, kind, source, channel, team_id, brand_id, country, language, contact_reason,
        CAST(0 AS BIGINT) AS sent, CAST(0 AS BIGINT) AS sent_and_answered, COALESCE(class, '') AS class,
        score_of_5 AS csat_score, CASE WHEN class IS NOT NULL THEN effort_of_7 END AS ces_score
    FROM counted
    WHERE is_answered
),

sliced AS (
    SELECT *, 'all' AS segment_kind, 'all' AS segment_value FROM bookings
    UNION ALL
    SELECT *, 'kind' AS segment_kind, kind AS segment_value FROM bookings
    UNION ALL
    SELECT *, 'source' AS segment_kind, source AS segment_value FROM bookings
    UNION ALL
    SELECT *, 'channel' AS segment_kind, COALESCE(channel, 'unknown') AS segment_value FROM bookings
    UNION ALL
    SELECT *, 'team' AS segment_kind, COALESCE(team_id, 'unknown') AS segment_value FROM bookings
    UNION ALL
    SELECT *, 'brand' AS segment_kind, COALESCE(brand_id, 'unknown') AS segment_value FROM bookings
    UNION ALL
    SELECT *, 'country' AS segment_kind, COALESCE(country, 'unknown') AS segment_value FROM bookings
    UNION ALL
    SELECT *, 'language' AS segment_kind, COALESCE(language, 'unknown') AS segment_value FROM bookings
    UNION ALL
    SELECT *, 'contact_reason' AS segment_kind, COALESCE(contact_reason, 'unknown') AS segment_value FROM bookings
)

SELECT
    date,
    segment_kind,
    segment_value,
    survey_month,
    CAST(SUM(sent) AS BIGINT) AS surveys_sent,
    CAST(SUM(sent_and_answered) AS BIGINT) AS sent_and_answered,
    CAST(SUM(CASE WHEN class = 'promoter' THEN 1 ELSE 0 END) AS BIGINT) AS promoters,
    CAST(SUM(CASE WHEN class = 'passive' THEN 1 ELSE 0 END) AS BIGINT) AS passives,
    CAST(SUM(CASE WHEN class = 'detractor' THEN 1 ELSE 0 END) AS BIGINT) AS detractors,
    CAST(SUM(CASE WHEN class = 'good' THEN 1 ELSE 0 END) AS BIGINT) AS csat_good,
    CAST(SUM(CASE WHEN class = 'bad' THEN 1 ELSE 0 END) AS BIGINT) AS csat_bad,
    CAST(COUNT(csat_score) AS BIGINT) AS csat_scores,
    CAST(SUM(csat_score) AS DECIMAL(18,4)) AS csat_score_sum,
    CAST(SUM(CASE WHEN class = 'low_effort' THEN 1 ELSE 0 END) AS BIGINT) AS ces_low_effort,
    CAST(SUM(CASE WHEN class = 'high_effort' THEN 1 ELSE 0 END) AS BIGINT) AS ces_high_effort,
    CAST(SUM(ces_score) AS DECIMAL(18,4)) AS ces_score_sum
FROM sliced
GROUP BY date, segment_kind, segment_value, survey_month
