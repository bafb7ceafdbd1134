/*
about = """
What recency and money of a customer are measured against: the running month, and the mean net of a customer up to the
end of the month before it. Both stand still within a month, so that profiles are not all built again every day."""
grain = ["month_start"]
partition = "none"
not_null = ["month_start", "month_number"]

[inputs]
fct_cohort_cells = "all"
dates = "all"

[columns]
month_start = "DATE first day of the newest month with data"
month_number = "BIGINT the same month as year x 12 + month - 1"
mean_net = "DOUBLE net of all customers before that month / customers, in the job's currency; NULL in the first month"
*/
WITH newest AS (
    SELECT MAX(month_start) AS month_start, MAX(month_number) AS month_number
    FROM dates
),
totals AS (
    SELECT
        CAST(SUM(c.net_amount) AS DOUBLE) AS net,
        CAST(SUM(CASE WHEN c.activity_month_number = c.cohort_month_number THEN c.customers ELSE 0 END) AS BIGINT) AS customers
    FROM fct_cohort_cells AS c
    INNER JOIN newest AS n ON n.month_number > c.activity_month_number
    WHERE c.segment_kind = 'all'
)
SELECT
    n.month_start AS month_start,
    n.month_number AS month_number,
    CASE WHEN t.customers > 0 THEN t.net / CAST(t.customers AS DOUBLE) END AS mean_net
FROM newest AS n
CROSS JOIN totals AS t
WHERE n.month_start IS NOT NULL
