/*
about = """
What an experiment changed: per variant and metric the rate, the lift against the control, the two-proportion z test
and the 95 % interval of the difference; and whether the groups have the sizes that were planned. The subjects are those
of the first assignment, whatever they did afterwards."""
grain = ["experiment_id", "metric", "variant"]
partition = "none"
settings = ["experiment_window_days"]
not_null = ["experiment_id", "metric", "variant", "is_control", "is_mature", "subjects", "n", "successes"]

[accepted_values]
metric = ["conversion", "repeat_purchase", "csat", "fcr"]

[ranges]
rate = [0, 1]
p_value = [0, 1]
sample_ratio_p_value = [0, 1]
difference = [-1, 1]

[inputs]
experiment_counts = "all"
experiment_p_values = "all"
dates = "all"

[columns]
experiment_id = "VARCHAR experiment"
metric = "VARCHAR conversion (a counted order within experiment_window_days of the assignment), repeat_purchase (two or more of them), csat (good ratings) or fcr (tickets solved at first contact)"
variant = "VARCHAR variant"
is_control = "BOOLEAN the variant that the others are compared with"
is_mature = "BOOLEAN the window of the variant's last subject has passed"
subjects = "BIGINT subjects assigned to the variant"
n = "BIGINT those who could succeed: subjects with a known customer; for csat the ratings, for fcr the solved tickets"
successes = "BIGINT of them, those who did"
rate = "DOUBLE successes / n; NULL without any"
control_rate = "DOUBLE rate of the control; NULL for the control itself"
difference = "DOUBLE rate - control_rate"
difference_low = "DOUBLE lower end of the 95 % interval of the difference (not pooled)"
difference_high = "DOUBLE upper end of it"
lift = "DOUBLE rate / control_rate - 1; NULL where the control has no success"
z = "DOUBLE two-proportion z, pooled; NULL where nobody or everybody succeeded"
p_value = "DOUBLE two-sided p value of z"
sample_ratio_chi_square = "DOUBLE chi-square of the experiment's group sizes against the planned shares; NULL without a plan. The same in all its rows"
sample_ratio_p_value = "DOUBLE its p value: below 0.001 the assignment itself is broken, and the results mean nothing"
*/
WITH last_days AS (
    SELECT MAX(day_number) AS last_day
    FROM dates
),
rates AS (
    SELECT
        c.*,
        d.day_number + s.experiment_window_days < l.last_day AS is_mature,
        CASE WHEN c.n > 0 THEN CAST(c.successes AS DOUBLE) / CAST(c.n AS DOUBLE) END AS rate,
        CASE WHEN c.control_n > 0 THEN CAST(c.control_successes AS DOUBLE) / CAST(c.control_n AS DOUBLE) END AS control_rate
    FROM experiment_counts AS c
    CROSS JOIN settings AS s
    CROSS JOIN last_days AS l
    LEFT JOIN dates AS d
        ON d.date = c.last_assigned_date
),
widths AS (
    SELECT
        *,
        1.959963984540054 * SQRT(
            rate * (1.0 - rate) / CAST(n AS DOUBLE) + control_rate * (1.0 - control_rate) / CAST(control_n AS DOUBLE)
        ) AS half_width
    FROM rates
),
sample_ratios AS (
    SELECT experiment_id, statistic, p_value
    FROM experiment_p_values
    WHERE metric = 'sample_ratio'
)
SELECT
    w.experiment_id AS experiment_id,
    w.metric AS metric,
    w.variant AS variant,
    w.is_control AS is_control,
    COALESCE(w.is_mature, FALSE) AS is_mature,
    w.variant_subjects AS subjects,
    w.n AS n,
    w.successes AS successes,
    w.rate AS rate,
    w.control_rate AS control_rate,
    w.rate - w.control_rate AS difference,
    w.rate - w.control_rate - w.half_width AS difference_low,
    w.rate - w.control_rate + w.half_width AS difference_high,
    CASE WHEN w.control_rate > 0.0 THEN w.rate / w.control_rate - 1.0 END AS lift,
    t.statistic AS z,
    t.p_value AS p_value,
    r.statistic AS sample_ratio_chi_square,
    r.p_value AS sample_ratio_p_value
FROM widths AS w
LEFT JOIN experiment_p_values AS t
    ON t.experiment_id = w.experiment_id
    AND t.variant = w.variant
    AND t.metric = w.metric
LEFT JOIN sample_ratios AS r
    ON r.experiment_id = w.experiment_id
