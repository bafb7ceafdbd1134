/*
about = "Each scored text of a day is positive, neutral or negative in sentiment_daily, and all of fct_sentiment are there."
grain = ["date"]
partition = "date"
severity = "error"

[inputs]
fct_sentiment = "same"
sentiment_daily = "same"
dates = "same"

[columns]
date = "DATE day at fault"
scored = "BIGINT scored texts of the day in fct_sentiment"
texts = "BIGINT the same in sentiment_daily"
classes = "BIGINT positive + neutral + negative there"
*/
WITH facts AS (
    SELECT s.date AS date, CAST(COUNT(s.score) AS BIGINT) AS scored
    FROM fct_sentiment AS s
    INNER JOIN dates AS d ON d.date = s.date
    GROUP BY s.date
),

days AS (
    SELECT date, texts, positive + neutral + negative AS classes
    FROM sentiment_daily
    WHERE segment_kind = 'all'
)

SELECT
    f.date AS date,
    f.scored AS scored,
    COALESCE(x.texts, CAST(0 AS BIGINT)) AS texts,
    COALESCE(x.classes, CAST(0 AS BIGINT)) AS classes
FROM facts AS f
LEFT JOIN days AS x ON x.date = f.date
WHERE f.scored <> COALESCE(x.texts, CAST(0 AS BIGINT)) OR f.scored <> COALESCE(x.classes, CAST(0 AS BIGINT))
