/*
about = """
How long customers wait, per day, week and month: mean, median and p90 in calendar and business seconds, for the whole
shop, per channel and per team. Medians cannot be summed: read the row of the period you mean. The running week or
month is there with what has happened up to the watermark."""
grain = ["period", "period_start", "metric", "slice", "system", "slice_value"]
partition = "period_start"
scatter = false
settings = []
not_null = [
    "period", "period_start", "metric", "slice", "system", "slice_value", "items", "seconds_sum", "business_items",
]

[accepted_values]
period = ["day", "week", "month"]
slice = ["all", "channel", "team"]

[inputs]
fct_ticket_period_times = "same"

[columns]
period = "VARCHAR day, week or month"
period_start = "DATE first day of the period"
metric = "VARCHAR first_response, response, first_resolution, full_resolution, requester_wait, agent_work, agent_wait, on_hold or conversation"
slice = "VARCHAR all, channel or team"
system = "VARCHAR system of the team; all for the other slices"
slice_value = "VARCHAR the channel or team; all for the whole shop"
items = "BIGINT times measured in the period"
seconds_sum = "BIGINT sum of the times, seconds"
mean_seconds = "DOUBLE mean, seconds"
median_seconds = "DOUBLE median, seconds"
p90_seconds = "DOUBLE 90th percentile, seconds"
business_items = "BIGINT times measured in business time"
business_seconds_sum = "BIGINT sum of the times, business seconds; NULL without any"
mean_business_seconds = "DOUBLE mean, business seconds; NULL without any"
median_business_seconds = "DOUBLE median, business seconds; NULL without any"
p90_business_seconds = "DOUBLE 90th percentile, business seconds; NULL without any"
*/
WITH sliced AS (
    SELECT period, period_start, metric, 'all' AS slice, 'all' AS system, 'all' AS slice_value, seconds, business_seconds
    FROM fct_ticket_period_times

    UNION ALL

    SELECT period, period_start, metric, 'channel' AS slice, 'all' AS system, channel AS slice_value, seconds, business_seconds
    FROM fct_ticket_period_times

    UNION ALL

    SELECT period, period_start, metric, 'team' AS slice, system, team_id AS slice_value, seconds, business_seconds
    FROM fct_ticket_period_times
)

SELECT
    period,
    period_start,
    metric,
    slice,
    system,
    slice_value,
    CAST(COUNT(*) AS BIGINT) AS items,
    CAST(SUM(seconds) AS BIGINT) AS seconds_sum,
    CAST(SUM(seconds) AS DOUBLE) / CAST(COUNT(*) AS DOUBLE) AS mean_seconds,
    QUANTILE_CONT(CAST(seconds AS DOUBLE), 0.5) AS median_seconds,
    QUANTILE_CONT(CAST(seconds AS DOUBLE), 0.9) AS p90_seconds,
    CAST(COUNT(business_seconds) AS BIGINT) AS business_items,
    CAST(SUM(business_seconds) AS BIGINT) AS business_seconds_sum,
    CASE
        WHEN COUNT(business_seconds) > 0
            THEN CAST(SUM(business_seconds) AS DOUBLE) / CAST(COUNT(business_seconds) AS DOUBLE)
    END AS mean_business_seconds,
    QUANTILE_CONT(CAST(business_seconds AS DOUBLE), 0.5) AS median_business_seconds,
    QUANTILE_CONT(CAST(business_seconds AS DOUBLE), 0.9) AS p90_business_seconds
FROM sliced
GROUP BY period, period_start, metric, slice, system, slice_value
