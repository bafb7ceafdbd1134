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
WITH answers AS (
    SELECT
        x.date AS date,
        k.kpi AS kpi,
        k.measure AS measure,
        x.segment_kind AS slice_kind,
        x.segment_value AS slice_value,
        CASE k.place
            WHEN 1 THEN CAST(x.csat_good AS DECIMAL(18,4))
            WHEN 2 THEN CAST(x.csat_score_sum AS DECIMAL(18,4))
            WHEN 3 THEN CAST((x.promoters - x.detractors) * 100 AS DECIMAL(18,4))
            WHEN 4 THEN CAST(x.ces_score_sum AS DECIMAL(18,4))
            WHEN 5 THEN CAST(x.ces_low_effort AS DECIMAL(18,4))
            WHEN 6 THEN CAST(x.sent_and_answered AS DECIMAL(18,4))
        END AS numerator,
        CASE k.place
            WHEN 1 THEN x.csat_answers
            WHEN 2 THEN x.csat_scores
            WHEN 3 THEN x.nps_answers
            WHEN 4 THEN x.ces_answers
            WHEN 5 THEN x.ces_answers
            WHEN 6 THEN x.surveys_sent
        END AS denominator
    FROM satisfaction_daily AS x
    CROSS JOIN (VALUES
        (1, 'csat', 'main'), (2, 'csat_average', 'main'), (3, 'nps', 'main'), (4, 'ces', 'main'),
        (5, 'ces', 'low_effort_share'), (6, 'survey_response_rate', 'main')
    ) AS k (place, kpi, measure)
),

reviews AS (
    SELECT
        x.date AS date,
        k.kpi AS kpi,
        k.measure AS measure,
        x.segment_kind AS slice_kind,
        x.segment_value AS slice_value,
        CASE k.place
            WHEN 1 THEN CAST(x.rating_sum AS DECIMAL(18,4))
            WHEN 2 THEN CAST(x.replied_reviews AS DECIMAL(18,4))
            WHEN 3 THEN CAST(x.reply_seconds_sum AS DECIMAL(18,4))
            WHEN 4 THEN CAST(x.reply_business_seconds_sum AS DECIMAL(18,4))
        END AS numerator,
        CASE k.place
            WHEN 1 THEN x.rated_reviews
            WHEN 2 THEN x.reviews
            WHEN 3 THEN x.replied_reviews
            WHEN 4 THEN x.reply_business_items
        END AS denominator
    FROM reviews_daily AS x
    CROSS JOIN (VALUES
        (1, 'review_rating', 'main'), (2, 'review_reply_rate', 'main'), (3, 'review_reply_time', 'main'),
        (4, 'review_reply_time', 'business')
    ) AS k (place, kpi, measure)
),

moods AS (
    SELECT
        x.date AS date,
        k.kpi AS kpi,
        k.measure AS measure,
        x.segment_kind AS slice_kind,
        x.segment_value AS slice_value,
        CASE k.place
            WHEN 1 THEN CAST(x.score_sum AS DECIMAL(18,4))
            WHEN 2 THEN CAST(x.positive AS DECIMAL(18,4))
            WHEN 3 THEN CAST(x.neutral AS DECIMAL(18,4))
            WHEN 4 THEN CAST(x.negative AS DECIMAL(18,4))
            WHEN 5 THEN CAST(x.change_sum AS DECIMAL(18,4))
        END AS numerator,
        CASE k.place WHEN 5 THEN x.changed_tickets ELSE x.texts END AS denominator
    FROM sentiment_daily AS x
    CROSS JOIN (VALUES
        (1, 'sentiment', 'main'), (2, 'sentiment', 'positive_share'), (3, 'sentiment', 'neutral_share'),
        (4, 'sentiment', 'negative_share'), (5, 'sentiment_change', 'main')
    ) AS k (place, kpi, measure)
),

parts AS (
    SELECT date, kpi, measure, slice_kind, slice_value, numerator, denominator FROM answers
    UNION ALL
    SELECT date, kpi, measure, slice_kind, slice_value, numerator, denominator FROM reviews
    UNION ALL
    SELECT date, kpi, measure, slice_kind, slice_value, numerator, denominator FROM moods
)

SELECT
    date,
    kpi,
    measure,
    slice_kind,
    slice_value,
    numerator,
    CAST(denominator AS DECIMAL(18,4)) AS denominator,
    TRUE AS is_mature
FROM parts
WHERE slice_kind IN ('all', 'channel', 'team', 'country', 'contact_reason')
    -- Of a slice without any of it no row is needed; the whole shop tells that there was none.
    AND (slice_kind = 'all' OR numerator <> CAST(0 AS DECIMAL(18,4)) OR denominator <> 0)
