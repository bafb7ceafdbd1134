/*
about = """
One row per review of a product or of the store, with what the shop answered. Reviews of test orders are left out. The
order is looked up among those of the review's month and the three before it."""
grain = ["system", "review_id"]
partition = "reviewed_date"
settings = []
not_null = ["system", "review_id", "kind", "reviewed_date", "is_replied"]

[accepted_values]
kind = ["product", "store"]

[ranges]
rating_of_5 = [1, 5]
reply_seconds = [0, 3000000000]

[inputs]
core_reviews = "same"
core_orders = "-3..0"
core_order_customers = "-3..0"
schedules = "all"
schedule_clock = "all"

[columns]
system = "VARCHAR name space of the ids"
review_id = "VARCHAR id of the review in its system"
kind = "VARCHAR product or store"
order_id = "VARCHAR order it came from"
product_id = "VARCHAR product it is about"
customer_hash = "VARCHAR keyed hash of the customer: the review's, else the order's, else of the id"
country = "VARCHAR country of the order"
language = "VARCHAR language of the review"
reviewed_epoch = "BIGINT when it was written, seconds since 1970"
reviewed_date = "DATE local date on which it was written"
rating_of_5 = "DECIMAL(18,4) stars on the scale 1 to 5; NULL where the rating is off its scale"
is_replied = "BOOLEAN the shop answered it"
reply_seconds = "BIGINT from the review to the answer, seconds; 0 where the answer is dated before it, NULL without one"
reply_business_seconds = "BIGINT the same in open hours of the default schedule; NULL without one"
sentiment_score = "DECIMAL(18,4) mood of the text, -1 to 1; NULL without one"
*/
WITH orders AS (
    SELECT
        o.system AS system,
        o.order_id AS order_id,
        o.country AS country,
        o.is_test AS is_test,
        c.customer_hash AS order_hash
    FROM core_orders AS o
    LEFT JOIN core_order_customers AS c ON c.system = o.system AND c.order_id = o.order_id
),

answers AS (
    SELECT
        *,
        CASE WHEN replied_epoch < reviewed_epoch THEN reviewed_epoch ELSE replied_epoch END AS answered_epoch
    FROM core_reviews
),

instants AS (
    SELECT reviewed_epoch AS epoch, CAST(FLOOR(reviewed_epoch / 86400) AS BIGINT) AS utc_day
    FROM answers
    WHERE answered_epoch IS NOT NULL
    UNION
    SELECT answered_epoch AS epoch, CAST(FLOOR(answered_epoch / 86400) AS BIGINT) AS utc_day
    FROM answers
    WHERE answered_epoch IS NOT NULL
),

clocks AS (
    SELECT
        i.epoch AS epoch,
        CAST(MAX(c.day_clock_seconds) + SUM(
            CASE
                WHEN i.epoch <= c.open_from_epoch THEN 0
                WHEN i.epoch >= c.open_to_epoch THEN c.open_to_epoch - c.open_from_epoch
                ELSE i.epoch - c.open_from_epoch
            END
        ) AS BIGINT) AS clock_seconds
    FROM instants AS i
    INNER JOIN schedule_clock AS c ON c.utc_day = i.utc_day
    INNER JOIN schedules AS s ON s.schedule_id = c.schedule_id
    WHERE s.is_default
    GROUP BY i.epoch
)

SELECT
    r.system AS system,
    r.review_id AS review_id,
    r.kind AS kind,
    r.order_id AS order_id,
    r.product_id AS product_id,
    COALESCE(r.contact_hash, o.order_hash, r.id_hash) AS customer_hash,
    o.country AS country,
    r.language AS language,
    r.reviewed_epoch AS reviewed_epoch,
    r.reviewed_date AS reviewed_date,
    r.rating_of_5 AS rating_of_5,
    r.answered_epoch IS NOT NULL AS is_replied,
    r.answered_epoch - r.reviewed_epoch AS reply_seconds,
    t.clock_seconds - f.clock_seconds AS reply_business_seconds,
    r.sentiment_score AS sentiment_score
FROM answers AS r
LEFT JOIN orders AS o ON o.system = r.system AND o.order_id = r.order_id
LEFT JOIN clocks AS f ON f.epoch = r.reviewed_epoch
LEFT JOIN clocks AS t ON t.epoch = r.answered_epoch
WHERE NOT COALESCE(o.is_test, false)
