/*
about = """
What customers say, per day in long form: a row per KPI and slice, for kpis."""
grain = ["date", "kpi", "measure", "slice_kind", "slice_value"]
partition = "date"
not_null = ["date", "kpi", "measure", "slice_kind", "slice_value", "is_mature"]

[accepted_values]
slice_kind = ["all", "channel", "team", "country", "contact_reason"]

[inputs]
satisfaction_daily = "same"
reviews_daily = "same"
sentiment_daily = "same"

[columns]
date = "DATE local date the KPI is booked on"
kpi = "VARCHAR key of the dictionary"
measure = "VARCHAR main, or which other figure of the KPI; see kpis"
slice_kind = "VARCHAR all, channel, team, country, contact_reason; sum over one kind only"
slice_value = "VARCHAR all, or the value of the slice; unknown where it is not known"
numerator = "DECIMAL(18,4) what is counted or summed; NULL where it is not known"
denominator = "DECIMAL(18,4) what it is divided by; NULL for a plain count or sum"
is_mature = "BOOLEAN no window is open that could change the parts"
*/
WITH parts AS (
    SELECT date, 'csat' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(csat_good AS DECIMAL(18,4)) AS numerator, CAST(csat_answers AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM satisfaction_daily
    WHERE segment_kind IN ('all', 'channel', 'team', 'country', 'contact_reason')
    UNION ALL
    SELECT date, 'csat_average' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(csat_score_sum AS DECIMAL(18,4)) AS numerator, CAST(csat_scores AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM satisfaction_daily
    WHERE segment_kind IN ('all', 'channel', 'team', 'country', 'contact_reason')
    UNION ALL
    SELECT date, 'nps' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST((promoters - detractors) * 100 AS DECIMAL(18,4)) AS numerator, CAST(nps_answers AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM satisfaction_daily
    WHERE segment_kind IN ('all', 'channel', 'team', 'country', 'contact_reason')
    UNION ALL
    SELECT date, 'ces' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(ces_score_sum AS DECIMAL(18,4)) AS numerator, CAST(ces_answers AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM satisfaction_daily
    WHERE segment_kind IN ('all', 'channel', 'team', 'country', 'contact_reason')
    UNION ALL
    SELECT date, 'ces' AS kpi, 'low_effort_share' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(ces_low_effort AS DECIMAL(18,4)) AS numerator, CAST(ces_answers AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM satisfaction_daily
    WHERE segment_kind IN ('all', 'channel', 'team', 'country', 'contact_reason')
    UNION ALL
    SELECT date, 'survey_response_rate' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(sent_and_answered AS DECIMAL(18,4)) AS numerator, CAST(surveys_sent AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM satisfaction_daily
    WHERE segment_kind IN ('all', 'channel', 'team', 'country', 'contact_reason')
    UNION ALL
    SELECT date, 'review_rating' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(rating_sum AS DECIMAL(18,4)) AS numerator, CAST(rated_reviews AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM reviews_daily
    WHERE segment_kind IN ('all', 'country')
    UNION ALL
    SELECT date, 'review_reply_rate' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(replied_reviews AS DECIMAL(18,4)) AS numerator, CAST(reviews AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM reviews_daily
    WHERE segment_kind IN ('all', 'country')
    UNION ALL
    SELECT date, 'review_reply_time' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(reply_seconds_sum AS DECIMAL(18,4)) AS numerator, CAST(replied_reviews AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM reviews_daily
    WHERE segment_kind IN ('all', 'country')
    UNION ALL
    SELECT date, 'review_reply_time' AS kpi, 'business' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(reply_business_seconds_sum AS DECIMAL(18,4)) AS numerator, CAST(reply_business_items AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM reviews_daily
    WHERE segment_kind IN ('all', 'country')
    UNION ALL
    SELECT date, 'sentiment' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(score_sum AS DECIMAL(18,4)) AS numerator, CAST(texts AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM sentiment_daily
    WHERE segment_kind IN ('all', 'channel', 'team', 'country', 'contact_reason')
    UNION ALL
    SELECT date, 'sentiment' AS kpi, 'positive_share' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(positive AS DECIMAL(18,4)) AS numerator, CAST(texts AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM sentiment_daily
    WHERE segment_kind IN ('all', 'channel', 'team', 'country', 'contact_reason')
    UNION ALL
    SELECT date, 'sentiment' AS kpi, 'neutral_share' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(neutral AS DECIMAL(18,4)) AS numerator, CAST(texts AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM sentiment_daily
    WHERE segment_kind IN ('all', 'channel', 'team', 'country', 'contact_reason')
    UNION ALL
    SELECT date, 'sentiment' AS kpi, 'negative_share' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(negative AS DECIMAL(18,4)) AS numerator, CAST(texts AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM sentiment_daily
    WHERE segment_kind IN ('all', 'channel', 'team', 'country', 'contact_reason')
    UNION ALL
    SELECT date, 'sentiment_change' AS kpi, 'main' AS measure, segment_kind AS slice_kind, segment_value AS slice_value,
        CAST(change_sum AS DECIMAL(18,4)) AS numerator, CAST(changed_tickets AS DECIMAL(18,4)) AS denominator, TRUE AS is_mature
    FROM sentiment_daily
    WHERE segment_kind IN ('all', 'channel', 'team', 'country', 'contact_reason')
)

SELECT
    date,
    kpi,
    measure,
    slice_kind,
    slice_value,
    CAST(numerator AS DECIMAL(18,4)) AS numerator,
    CAST(denominator AS DECIMAL(18,4)) AS denominator,
    is_mature
FROM parts
-- Of a slice without any of it no row is needed; the whole shop tells that there was none.
WHERE slice_kind = 'all' OR COALESCE(numerator, CAST(0 AS DECIMAL(18,4))) <> CAST(0 AS DECIMAL(18,4)) OR COALESCE(denominator, CAST(0 AS DECIMAL(18,4))) <> CAST(0 AS DECIMAL(18,4))
