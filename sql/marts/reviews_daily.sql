/*
about = "Public reviews by the day they were written: stars, how many the shop answered, and how soon."
grain = ["date", "segment_kind", "segment_value"]
partition = "date"
settings = []
not_null = ["date", "segment_kind", "segment_value", "reviews", "rated_reviews", "rating_sum", "replied_reviews", "reply_seconds_sum"]

[accepted_values]
segment_kind = ["all", "kind", "product", "country", "language"]

[ranges]
review_rating = [1, 5]
review_reply_rate = [0, 1]
reviews = [0, 1e12]
rated_reviews = [0, 1e12]
rating_sum = [0, 1e12]
replied_reviews = [0, 1e12]
reply_seconds_sum = [0, 1e15]
review_reply_mean_seconds = [0, 1e12]
reply_business_items = [0, 1e12]
reply_business_seconds_sum = [0, 1e15]
review_reply_mean_business_seconds = [0, 1e12]

[inputs]
fct_reviews = "same"
dates = "same"

[columns]
date = "DATE local date of the review"
segment_kind = "VARCHAR all, kind (product, store), product, country or language; sum over one kind only"
segment_value = "VARCHAR all, or the value of the slice; unknown where it is not known"
reviews = "BIGINT reviews written"
rated_reviews = "BIGINT of these, with a rating on its scale"
rating_sum = "DECIMAL(18,4) sum of the ratings, 1 to 5"
review_rating = "DOUBLE rating_sum / rated_reviews; NULL without ratings"
replied_reviews = "BIGINT reviews that the shop has answered to date"
review_reply_rate = "DOUBLE replied_reviews / reviews, share from 0 to 1"
reply_seconds_sum = "BIGINT seconds from these reviews to their answers"
review_reply_mean_seconds = "DOUBLE reply_seconds_sum / replied_reviews; NULL without answers"
reply_business_items = "BIGINT answered reviews measured in business time"
reply_business_seconds_sum = "BIGINT the same in open hours of the default schedule; NULL without any"
review_reply_mean_business_seconds = "DOUBLE reply_business_seconds_sum / reply_business_items; NULL without any"
*/
WITH reviews AS (
    SELECT r.*
    FROM fct_reviews AS r
    INNER JOIN dates AS d ON d.date = r.reviewed_date
),

sliced AS (
    SELECT *, 'all' AS segment_kind, 'all' AS segment_value FROM reviews
    UNION ALL
    SELECT *, 'kind' AS segment_kind, kind AS segment_value FROM reviews
    UNION ALL
    SELECT *, 'product' AS segment_kind, COALESCE(product_id, 'unknown') AS segment_value FROM reviews
    UNION ALL
    SELECT *, 'country' AS segment_kind, COALESCE(country, 'unknown') AS segment_value FROM reviews
    UNION ALL
    SELECT *, 'language' AS segment_kind, COALESCE(language, 'unknown') AS segment_value FROM reviews
),

sums AS (
    SELECT
        reviewed_date AS date,
        segment_kind,
        segment_value,
        CAST(COUNT(*) AS BIGINT) AS reviews,
        CAST(COUNT(rating_of_5) AS BIGINT) AS rated_reviews,
        COALESCE(CAST(SUM(rating_of_5) AS DECIMAL(18,4)), CAST(0 AS DECIMAL(18,4))) AS rating_sum,
        CAST(COUNT(reply_seconds) AS BIGINT) AS replied_reviews,
        COALESCE(CAST(SUM(reply_seconds) AS BIGINT), CAST(0 AS BIGINT)) AS reply_seconds_sum,
        CAST(COUNT(reply_business_seconds) AS BIGINT) AS reply_business_items,
        CAST(SUM(reply_business_seconds) AS BIGINT) AS reply_business_sum
    FROM sliced
    GROUP BY reviewed_date, segment_kind, segment_value
)

SELECT
    date,
    segment_kind,
    segment_value,
    reviews,
    rated_reviews,
    rating_sum,
    CASE WHEN rated_reviews > 0 THEN CAST(rating_sum AS DOUBLE) / CAST(rated_reviews AS DOUBLE) END AS review_rating,
    replied_reviews,
    CAST(replied_reviews AS DOUBLE) / CAST(reviews AS DOUBLE) AS review_reply_rate,
    reply_seconds_sum,
    CASE WHEN replied_reviews > 0 THEN CAST(reply_seconds_sum AS DOUBLE) / CAST(replied_reviews AS DOUBLE) END
        AS review_reply_mean_seconds,
    reply_business_items,
    CASE WHEN reply_business_items > 0 THEN reply_business_sum END AS reply_business_seconds_sum,
    CASE
        WHEN reply_business_items > 0
            THEN CAST(reply_business_sum AS DOUBLE) / CAST(reply_business_items AS DOUBLE)
    END AS review_reply_mean_business_seconds
FROM sums
