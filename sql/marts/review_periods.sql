/*
about = """
How soon reviews are answered, per day, week and month of the review: mean, median and p90. Medians cannot be summed:
read the row of the period you mean. A week stands in the month of its first day; one that begins before the first month
with data has no row."""
grain = ["period", "period_start", "segment_kind", "segment_value"]
partition = "period_start"
settings = []
not_null = ["period", "period_start", "segment_kind", "segment_value", "replied_reviews", "mean_seconds", "median_seconds", "p90_seconds"]

[accepted_values]
segment_kind = ["all", "kind"]
period = ["day", "week", "month"]

[ranges]
replied_reviews = [0, 1e12]
mean_seconds = [0, 1e12]
median_seconds = [0, 1e12]
p90_seconds = [0, 1e12]
mean_business_seconds = [0, 1e12]
median_business_seconds = [0, 1e12]
p90_business_seconds = [0, 1e12]

[inputs]
fct_reviews = "0..1"
dates = "0..1"

[columns]
period = "VARCHAR day, week or month"
period_start = "DATE first day of the period"
segment_kind = "VARCHAR all or kind (product, store)"
segment_value = "VARCHAR all, or the kind"
replied_reviews = "BIGINT reviews of the period that the shop has answered to date"
mean_seconds = "DOUBLE mean time from the review to the answer, seconds"
median_seconds = "DOUBLE median, seconds"
p90_seconds = "DOUBLE 90th percentile, seconds"
mean_business_seconds = "DOUBLE mean in open hours of the default schedule, seconds; NULL without one"
median_business_seconds = "DOUBLE median, business seconds; NULL without one"
p90_business_seconds = "DOUBLE 90th percentile, business seconds; NULL without one"
*/
WITH unit AS (
    SELECT MIN(month) AS month
    FROM dates
),

starts AS (
    SELECT date, 'day' AS period, date AS period_start FROM dates
    UNION ALL
    SELECT date, 'week' AS period, week_start AS period_start FROM dates
    UNION ALL
    SELECT date, 'month' AS period, month_start AS period_start FROM dates
),

period_days AS (
    SELECT s.date AS date, s.period AS period, s.period_start AS period_start
    FROM starts AS s
    INNER JOIN unit AS u ON u.month = SUBSTR(CAST(s.period_start AS VARCHAR), 1, 7)
),

answered AS (
    SELECT
        p.period AS period,
        p.period_start AS period_start,
        r.kind AS kind,
        r.reply_seconds AS seconds,
        r.reply_business_seconds AS business_seconds
    FROM fct_reviews AS r
    INNER JOIN period_days AS p ON p.date = r.reviewed_date
    WHERE r.is_replied
),

sliced AS (
    SELECT *, 'all' AS segment_kind, 'all' AS segment_value FROM answered
    UNION ALL
    SELECT *, 'kind' AS segment_kind, kind AS segment_value FROM answered
)

SELECT
    period,
    period_start,
    segment_kind,
    segment_value,
    CAST(COUNT(*) AS BIGINT) AS replied_reviews,
    CAST(SUM(seconds) AS DOUBLE) / CAST(COUNT(*) AS DOUBLE) AS mean_seconds,
    QUANTILE_CONT(CAST(seconds AS DOUBLE), 0.5) AS median_seconds,
    QUANTILE_CONT(CAST(seconds AS DOUBLE), 0.9) AS p90_seconds,
    CASE
        WHEN COUNT(business_seconds) > 0
            THEN CAST(SUM(business_seconds) AS DOUBLE) / CAST(COUNT(business_seconds) AS DOUBLE)
    END AS mean_business_seconds,
    QUANTILE_CONT(CAST(business_seconds AS DOUBLE), 0.5) AS median_business_seconds,
    QUANTILE_CONT(CAST(business_seconds AS DOUBLE), 0.9) AS p90_business_seconds
FROM sliced
GROUP BY period, period_start, segment_kind, segment_value
