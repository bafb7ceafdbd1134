/*
about = """
The mood of customers by the day they wrote: mean and shares of messages and survey comments, and how it changed between
the first and the last message of a ticket. Texts without a score count nowhere."""
grain = ["date", "segment_kind", "segment_value"]
partition = "date"
settings = []
not_null = ["date", "segment_kind", "segment_value", "texts", "score_sum", "positive", "neutral", "negative", "changed_tickets", "change_sum", "vendor_texts"]

[accepted_values]
segment_kind = ["all", "source", "channel", "team", "country", "language", "contact_reason"]

[ranges]
sentiment = [-1, 1]
positive_share = [0, 1]
neutral_share = [0, 1]
negative_share = [0, 1]
sentiment_change = [-2, 2]
texts = [0, 1e12]
positive = [0, 1e12]
neutral = [0, 1e12]
negative = [0, 1e12]
changed_tickets = [0, 1e12]
vendor_texts = [0, 1e12]

[inputs]
fct_sentiment = "same"
dates = "same"

[columns]
date = "DATE local date of the message or of the comment"
segment_kind = "VARCHAR all, source (message, survey), channel, team, country, language or contact_reason; sum over one kind only"
segment_value = "VARCHAR all, or the value of the slice; unknown where it is not known"
texts = "BIGINT customers' messages and comments with a score of ours"
score_sum = "DECIMAL(18,4) sum of the scores, each from -1 to 1"
sentiment = "DOUBLE score_sum / texts; NULL without texts"
positive = "BIGINT texts of 0.2 and above"
neutral = "BIGINT texts in between"
negative = "BIGINT texts of -0.2 and below"
positive_share = "DOUBLE positive / texts, share from 0 to 1; NULL without texts"
neutral_share = "DOUBLE neutral / texts, share from 0 to 1; NULL without texts"
negative_share = "DOUBLE negative / texts, share from 0 to 1; NULL without texts"
changed_tickets = "BIGINT tickets with two scored messages or more whose last one is of the date"
change_sum = "DECIMAL(18,4) sum of their last score less their first"
sentiment_change = "DOUBLE change_sum / changed_tickets, from -2 to 2; NULL without such tickets"
vendor_texts = "BIGINT texts with a score of the vendor"
vendor_score_sum = "DECIMAL(18,4) sum of these scores; NULL without any"
vendor_sentiment = "DOUBLE vendor_score_sum / vendor_texts, on the vendor's scale; NULL without any"
*/
WITH texts AS (
    SELECT s.*
    FROM fct_sentiment AS s
    INNER JOIN dates AS d ON d.date = s.date
),

sliced AS (
    SELECT *, 'all' AS segment_kind, 'all' AS segment_value FROM texts
    UNION ALL
    SELECT *, 'source' AS segment_kind, source AS segment_value FROM texts
    UNION ALL
    SELECT *, 'channel' AS segment_kind, COALESCE(channel, 'unknown') AS segment_value FROM texts
    UNION ALL
    SELECT *, 'team' AS segment_kind, COALESCE(team_id, 'unknown') AS segment_value FROM texts
    UNION ALL
    SELECT *, 'country' AS segment_kind, COALESCE(country, 'unknown') AS segment_value FROM texts
    UNION ALL
    SELECT *, 'language' AS segment_kind, COALESCE(language, 'unknown') AS segment_value FROM texts
    UNION ALL
    SELECT *, 'contact_reason' AS segment_kind, COALESCE(contact_reason, 'unknown') AS segment_value FROM texts
),

sums AS (
    SELECT
        date,
        segment_kind,
        segment_value,
        CAST(COUNT(score) AS BIGINT) AS texts,
        COALESCE(CAST(SUM(score) AS DECIMAL(18,4)), CAST(0 AS DECIMAL(18,4))) AS score_sum,
        CAST(SUM(CASE WHEN class = 'positive' THEN 1 ELSE 0 END) AS BIGINT) AS positive,
        CAST(SUM(CASE WHEN class = 'neutral' THEN 1 ELSE 0 END) AS BIGINT) AS neutral,
        CAST(SUM(CASE WHEN class = 'negative' THEN 1 ELSE 0 END) AS BIGINT) AS negative,
        CAST(COUNT(change_in_ticket) AS BIGINT) AS changed_tickets,
        COALESCE(CAST(SUM(change_in_ticket) AS DECIMAL(18,4)), CAST(0 AS DECIMAL(18,4))) AS change_sum,
        CAST(COUNT(vendor_score) AS BIGINT) AS vendor_texts,
        CAST(SUM(vendor_score) AS DECIMAL(18,4)) AS vendor_sum
    FROM sliced
    GROUP BY date, segment_kind, segment_value
)

SELECT
    date,
    segment_kind,
    segment_value,
    texts,
    score_sum,
    CASE WHEN texts > 0 THEN CAST(score_sum AS DOUBLE) / CAST(texts AS DOUBLE) END AS sentiment,
    positive,
    neutral,
    negative,
    CASE WHEN texts > 0 THEN CAST(positive AS DOUBLE) / CAST(texts AS DOUBLE) END AS positive_share,
    CASE WHEN texts > 0 THEN CAST(neutral AS DOUBLE) / CAST(texts AS DOUBLE) END AS neutral_share,
    CASE WHEN texts > 0 THEN CAST(negative AS DOUBLE) / CAST(texts AS DOUBLE) END AS negative_share,
    changed_tickets,
    change_sum,
    CASE WHEN changed_tickets > 0 THEN CAST(change_sum AS DOUBLE) / CAST(changed_tickets AS DOUBLE) END
        AS sentiment_change,
    vendor_texts,
    CASE WHEN vendor_texts > 0 THEN vendor_sum END AS vendor_score_sum,
    CASE WHEN vendor_texts > 0 THEN CAST(vendor_sum AS DOUBLE) / CAST(vendor_texts AS DOUBLE) END AS vendor_sentiment
FROM sums
