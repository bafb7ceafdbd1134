/*
about = """
Which KPIs of a week or month need a look: each one of the whole shop against its target in the job file, and against the
28 days before the period. Better or worse is what the dictionary says (better_when); KPIs for which neither is better
are not judged. A running period is judged by what has happened so far: see is_mature."""
grain = ["period_kind", "period_start", "kpi", "measure"]
partition = "period_start"
settings = ["kpi_watch_percent", "kpi_breach_percent"]
not_null = ["period_kind", "period_start", "kpi", "measure", "unit", "better_when", "is_mature"]

[accepted_values]
period_kind = ["week", "month"]
against_target = ["ok", "watch", "breach"]
against_baseline = ["ok", "watch", "breach"]
status = ["ok", "watch", "breach"]

[inputs]
kpis = "-1..0"
kpi_targets = "all"
kpi_dictionary = "all"
calendar = "-1..1"
dates = "-1..1"

[columns]
period_kind = "VARCHAR week or month"
period_start = "DATE first day of the period"
kpi = "VARCHAR key of the dictionary"
measure = "VARCHAR main; other figures of a KPI only where the job file has a target for them"
unit = "VARCHAR unit of the value"
better_when = "VARCHAR up, down or none"
value = "DOUBLE value of the period; NULL without data"
target = "DOUBLE what it should reach; NULL without a [[target]]"
baseline = "DOUBLE value of the 28 days before the period: rates and means from the sums of their parts, counts and amounts scaled to the days of the period, the backlog as the mean of the days; NULL without 28 days of data, and for what cannot be summed"
worse_than_target = "DOUBLE how far the value misses the target, as a share of the target; negative where it is better"
worse_than_baseline = "DOUBLE how far the value is worse than the baseline, as a share of the baseline; negative where it is better"
against_target = "VARCHAR ok: reached; watch: missed by up to kpi_watch_percent (setting) of the target; breach: by more"
against_baseline = "VARCHAR ok: worse by less than kpi_watch_percent; watch: by less than kpi_breach_percent (setting); breach: by more"
status = "VARCHAR the worse of the two; NULL where neither can be told"
is_mature = "BOOLEAN the data reach the end of the period, and no window is open that could change the value"
*/
-- The calendar begins with the month before the unit's.
WITH unit AS (
    SELECT MIN(month_number) + 1 AS month_number
    FROM calendar
),

months AS (
    SELECT *, MAX(day_number) OVER (PARTITION BY month_start) AS month_last_day
    FROM calendar
),

periods AS (
    SELECT
        k.period_kind AS period_kind,
        m.date AS period_start,
        m.day_number AS first_day,
        CASE k.period_kind WHEN 'week' THEN m.day_number + 6 ELSE m.month_last_day END AS last_day
    FROM months AS m
    INNER JOIN unit AS u ON u.month_number = m.month_number
    CROSS JOIN (VALUES ('week'), ('month')) AS k (period_kind)
    WHERE m.date = CASE k.period_kind WHEN 'week' THEN m.week_start ELSE m.month_start END
),

known AS (
    SELECT MIN(day_number) AS first_known, MAX(day_number) AS last_known
    FROM dates
),

-- Periods with 28 days of data before them, and how many of their own days are known.
compared AS (
    SELECT
        p.period_kind AS period_kind,
        p.period_start AS period_start,
        p.first_day AS first_day,
        CASE WHEN p.last_day < n.last_known THEN p.last_day ELSE n.last_known END - p.first_day + 1 AS days
    FROM periods AS p
    CROSS JOIN known AS n
    WHERE p.first_day - 28 >= n.first_known AND p.first_day <= n.last_known
),

day_parts AS (
    SELECT k.kpi AS kpi, k.measure AS measure, c.day_number AS day_number, k.numerator AS numerator, k.denominator AS denominator
    FROM kpis AS k
    INNER JOIN calendar AS c ON k.period_start = c.date
    WHERE k.period_kind = 'day' AND k.slice_kind = 'all' AND k.numerator IS NOT NULL
),

before_sums AS (
    SELECT
        p.period_kind AS period_kind,
        p.period_start AS period_start,
        d.kpi AS kpi,
        d.measure AS measure,
        CAST(MIN(p.days) AS DOUBLE) AS days,
        CAST(SUM(d.numerator) AS DOUBLE) AS numerator,
        COUNT(d.denominator) AS denominators,
        CAST(SUM(COALESCE(d.denominator, CAST(0 AS DECIMAL(18,4)))) AS DOUBLE) AS denominator
    FROM compared AS p
    CROSS JOIN day_parts AS d
    WHERE d.day_number >= p.first_day - 28 AND d.day_number < p.first_day
    GROUP BY p.period_kind, p.period_start, d.kpi, d.measure
),

baselines AS (
    SELECT
        period_kind,
        period_start,
        kpi,
        measure,
        CASE
            WHEN kpi = 'backlog' THEN numerator / 28
            WHEN denominators = 0 THEN numerator * days / 28
            WHEN denominator > 0 THEN numerator / denominator
        END AS baseline
    FROM before_sums
),

figures AS (
    SELECT
        k.period_kind AS period_kind,
        k.period_start AS period_start,
        k.kpi AS kpi,
        k.measure AS measure,
        k.unit AS unit,
        n.better_when AS better_when,
        k.value AS value,
        t.target AS target,
        b.baseline AS baseline,
        CASE n.better_when WHEN 'up' THEN 1.0 WHEN 'down' THEN -1.0 END AS direction,
        k.is_mature AS is_mature
    FROM kpis AS k
    INNER JOIN periods AS p ON k.period_kind = p.period_kind AND k.period_start = p.period_start
    INNER JOIN kpi_dictionary AS n ON k.kpi = n.key
    LEFT JOIN kpi_targets AS t ON k.kpi = t.kpi AND k.measure = t.measure
    LEFT JOIN baselines AS b
        ON k.period_kind = b.period_kind AND k.period_start = b.period_start AND k.kpi = b.kpi AND k.measure = b.measure
    WHERE k.slice_kind = 'all'
),

gaps AS (
    SELECT
        *,
        direction * (target - value) AS target_gap,
        direction * (target - value) / NULLIF(ABS(target), 0) AS worse_than_target,
        direction * (baseline - value) / NULLIF(ABS(baseline), 0) AS worse_than_baseline
    FROM figures
    WHERE measure = 'main' OR target IS NOT NULL
),

judged AS (
    SELECT
        g.*,
        CASE
            WHEN g.target_gap <= 0 THEN 'ok'
            WHEN g.worse_than_target <= CAST(s.kpi_watch_percent AS DOUBLE) / 100 THEN 'watch'
            WHEN g.target_gap > 0 THEN 'breach'
        END AS against_target,
        CASE
            WHEN g.worse_than_baseline < CAST(s.kpi_watch_percent AS DOUBLE) / 100 THEN 'ok'
            WHEN g.worse_than_baseline < CAST(s.kpi_breach_percent AS DOUBLE) / 100 THEN 'watch'
            WHEN g.worse_than_baseline IS NOT NULL THEN 'breach'
        END AS against_baseline
    FROM gaps AS g
    CROSS JOIN settings AS s
)

SELECT
    period_kind,
    period_start,
    kpi,
    measure,
    unit,
    better_when,
    value,
    target,
    baseline,
    worse_than_target,
    worse_than_baseline,
    against_target,
    against_baseline,
    CASE
        WHEN against_target = 'breach' OR against_baseline = 'breach' THEN 'breach'
        WHEN against_target = 'watch' OR against_baseline = 'watch' THEN 'watch'
        ELSE COALESCE(against_target, against_baseline)
    END AS status,
    is_mature
FROM judged
