/*
about = """
How long deliveries and refunds take, per day, week, month and quarter: mean, median and p90. Medians cannot be summed:
read the row of the period you mean. The running period is there with what has happened up to the watermark."""
grain = ["period", "period_start", "metric", "segment_kind", "segment_value"]
partition = "period_start"
not_null = ["period", "period_start", "metric", "segment_kind", "segment_value", "items", "seconds_sum", "mean_seconds", "median_seconds", "p90_seconds"]

[accepted_values]
period = ["day", "week", "month", "quarter"]
metric = ["delivery", "refund"]
segment_kind = ["all", "country", "store", "sales_channel"]

[inputs]
fct_shop_period_times = "same"

[columns]
period = "VARCHAR day, week, month or quarter"
period_start = "DATE first day of the period"
metric = "VARCHAR delivery (order to delivery, on the promised day, else that of the delivery) or refund (request of the return to refund)"
segment_kind = "VARCHAR 'all' (the whole shop), 'country', 'store' or 'sales_channel'; read one kind only"
segment_value = "VARCHAR 'all', or what the kind says; 'unknown' if not delivered"
items = "BIGINT times measured in the period"
seconds_sum = "BIGINT sum of the times, seconds"
mean_seconds = "DOUBLE mean, seconds"
median_seconds = "DOUBLE median, seconds"
p90_seconds = "DOUBLE 90th percentile, seconds"
*/
WITH segments AS (
    SELECT *, 'all' AS segment_kind, 'all' AS segment_value FROM fct_shop_period_times
    UNION ALL
    SELECT *, 'country' AS segment_kind, country AS segment_value FROM fct_shop_period_times
    UNION ALL
    SELECT *, 'store' AS segment_kind, store_id AS segment_value FROM fct_shop_period_times
    UNION ALL
    SELECT *, 'sales_channel' AS segment_kind, sales_channel AS segment_value FROM fct_shop_period_times
)
SELECT
    period,
    period_start,
    metric,
    segment_kind,
    segment_value,
    CAST(COUNT(*) AS BIGINT) AS items,
    CAST(SUM(seconds) AS BIGINT) AS seconds_sum,
    CAST(SUM(seconds) AS DOUBLE) / CAST(COUNT(*) AS DOUBLE) AS mean_seconds,
    QUANTILE_CONT(CAST(seconds AS DOUBLE), 0.5) AS median_seconds,
    QUANTILE_CONT(CAST(seconds AS DOUBLE), 0.9) AS p90_seconds
FROM segments
GROUP BY period, period_start, metric, segment_kind, segment_value
