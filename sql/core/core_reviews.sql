/*
about = "What each review says: its newest version, with the stars on the scale 1 to 5."
grain = ["system", "review_id"]
partition = "reviewed_date"
settings = []
not_null = ["system", "review_id", "kind", "reviewed_epoch", "reviewed_date"]

[inputs]
stg_reviews = "same"

[columns]
system = "VARCHAR name space of the ids"
review_id = "VARCHAR id of the review in its system"
kind = "VARCHAR product or store"
order_id = "VARCHAR order it came from"
product_id = "VARCHAR product it is about"
reviewed_epoch = "BIGINT when it was written, seconds since 1970"
reviewed_date = "DATE local date on which it was written"
replied_epoch = "BIGINT when the shop answered it, seconds since 1970; NULL where it did not"
rating = "DECIMAL(18,4) rating as given"
scale_max = "BIGINT highest rating of the scale; 5 where the review does not say"
rating_of_5 = "DECIMAL(18,4) rating mapped linearly to 1 to 5; NULL where it is off its scale"
language = "VARCHAR language of the review"
sentiment_score = "DECIMAL(18,4) mood of the text, -1 to 1; NULL without one"
contact_hash = "VARCHAR keyed hash of the customer's e-mail or phone"
id_hash = "VARCHAR keyed hash of the customer's id"
*/
-- One order for all rows, then the last place of each key: an ordered window per key costs a sort for every key.
WITH placed AS (
    SELECT
        *,
        COALESCE(scale_max, CAST(5 AS BIGINT)) AS scale,
        ROW_NUMBER() OVER (
            ORDER BY COALESCE(updated_epoch, replied_epoch, reviewed_epoch), batch, record_number, item_number
        ) AS place
    FROM stg_reviews
),

versions AS (
    SELECT
        *,
        MAX(place) OVER (PARTITION BY system, review_id) AS newest_place
    FROM placed
)

SELECT
    system,
    review_id,
    kind,
    order_id,
    product_id,
    reviewed_epoch,
    reviewed_date,
    replied_epoch,
    rating,
    scale AS scale_max,
    CASE
        WHEN CAST(rating AS DOUBLE) < 1 OR CAST(rating AS DOUBLE) > CAST(scale AS DOUBLE) THEN CAST(NULL AS DECIMAL(18,4))
        WHEN scale = 5 THEN rating
        WHEN scale > 1
            THEN CAST(1 + (CAST(rating AS DOUBLE) - 1) * 4 / CAST(scale - 1 AS DOUBLE) AS DECIMAL(18,4))
    END AS rating_of_5,
    language,
    sentiment_score,
    contact_hash,
    id_hash
FROM versions
WHERE place = newest_place
