/*
about = """
The tests behind experiment_results. For each variant and metric the two-proportion z test with the pooled share; for
each experiment the chi-square test of its sample ratio. The normal tail is W. J. Cody's erfc (Rational Chebyshev
approximations for the error function, Math. Comp. 23, 1969): exact to about 1e-15. The chi-square tail follows from it
in closed form, for up to 10 variants."""
grain = ["experiment_id", "variant", "metric"]
partition = "none"
not_null = ["experiment_id", "variant", "metric", "statistic", "p_value"]

[ranges]
p_value = [0, 1]

[inputs]
experiment_counts = "all"

[columns]
experiment_id = "VARCHAR experiment"
variant = "VARCHAR variant; 'all' for the sample ratio"
metric = "VARCHAR conversion, repeat_purchase, csat or fcr: z test against the control; sample_ratio: chi-square test"
statistic = "DOUBLE z, or chi-square"
p_value = "DOUBLE two-sided probability of a statistic at least as far out, if there were no difference"
*/
WITH pooled AS (
    SELECT
        experiment_id,
        variant,
        metric,
        CAST(n AS DOUBLE) AS n1,
        CAST(control_n AS DOUBLE) AS n0,
        CAST(successes AS DOUBLE) / CAST(n AS DOUBLE) AS p1,
        CAST(control_successes AS DOUBLE) / CAST(control_n AS DOUBLE) AS p0,
        CAST(successes + control_successes AS DOUBLE) / CAST(n + control_n AS DOUBLE) AS p
    FROM experiment_counts
    WHERE n > 0
        AND control_n > 0
        AND successes + control_successes > 0
        AND successes + control_successes < n + control_n
),
planned AS (
    SELECT
        experiment_id,
        CAST(COUNT(*) AS BIGINT) AS variants,
        CAST(COUNT(expected_share) AS BIGINT) AS shares,
        CAST(SUM(variant_subjects) AS DOUBLE) AS subjects,
        SUM(CAST(expected_share AS DOUBLE)) AS share_sum
    FROM experiment_counts
    WHERE metric = 'conversion'
    GROUP BY experiment_id
),
-- Shares that do not add up to 1 leave out a variant: nothing to test against.
sample_ratios AS (
    SELECT
        c.experiment_id AS experiment_id,
        MAX(p.variants) - 1 AS degrees,
        SUM(
            (CAST(c.variant_subjects AS DOUBLE) - p.subjects * CAST(c.expected_share AS DOUBLE) / p.share_sum)
            * (CAST(c.variant_subjects AS DOUBLE) - p.subjects * CAST(c.expected_share AS DOUBLE) / p.share_sum)
            / (p.subjects * CAST(c.expected_share AS DOUBLE) / p.share_sum)
        ) AS chi_square
    FROM experiment_counts AS c
    INNER JOIN planned AS p
        ON p.experiment_id = c.experiment_id
    WHERE c.metric = 'conversion'
        AND c.expected_share > CAST(0 AS DECIMAL(18,4))
        AND p.shares = p.variants
        AND p.variants >= 2
        AND p.variants <= 10
        AND ABS(p.share_sum - 1.0) < 0.01
    GROUP BY c.experiment_id
),
statistics AS (
    SELECT
        experiment_id,
        variant,
        metric,
        CAST(0 AS BIGINT) AS degrees,
        (p1 - p0) / SQRT(p * (1.0 - p) * (1.0 / n1 + 1.0 / n0)) AS statistic
    FROM pooled
    UNION ALL
    SELECT
        experiment_id,
        'all' AS variant,
        'sample_ratio' AS metric,
        degrees,
        chi_square AS statistic
    FROM sample_ratios
),
-- |z| / sqrt(2), or sqrt(chi-square / 2): what erfc is asked for.
arguments AS (
    SELECT
        *,
        CASE WHEN metric = 'sample_ratio' THEN SQRT(statistic / 2.0) ELSE ABS(statistic) / SQRT(2.0) END AS x
    FROM statistics
),
tails AS (
    SELECT
        *,
        x * x AS h,
        CASE
            WHEN x <= 0.46875 THEN 1.0 - x
                * ((((0.185777706184603153 * x * x + 3.16112374387056560) * x * x + 113.864154151050156) * x * x
                    + 377.485237685302021) * x * x + 3209.37758913846947)
                / ((((x * x + 23.6012909523441209) * x * x + 244.024637934444173) * x * x
                    + 1282.61652607737228) * x * x + 2844.23683343917062)
            WHEN x <= 4.0 THEN EXP(-1.0 * x * x)
                * ((((((((0.0000000215311535474403846 * x + 0.564188496988670089) * x + 8.88314979438837594) * x
                    + 66.1191906371416295) * x + 298.635138197400131) * x + 881.952221241769090) * x
                    + 1712.04761263407058) * x + 2051.07837782607147) * x + 1230.33935479799725)
                / ((((((((x + 15.7449261107098347) * x + 117.693950891312499) * x + 537.181101862009858) * x
                    + 1621.38957456669019) * x + 3290.79923573345963) * x + 4362.61909014324716) * x
                    + 3439.36767414372164) * x + 1230.33935480374942)
            ELSE EXP(-1.0 * x * x) / x * (0.56418958354775628695 - 1.0 / (x * x)
                * (((((0.0163153871373020978 / (x * x) + 0.305326634961232344) / (x * x) + 0.360344899949804439) / (x * x)
                    + 0.125781726111229246) / (x * x) + 0.0160837851487422766) / (x * x) + 0.000658749161529837803)
                / (((((1.0 / (x * x) + 2.56852019228982242) / (x * x) + 1.87295284992346725) / (x * x)
                    + 0.527905102951428412) / (x * x) + 0.0605183413124413191) / (x * x) + 0.00233520497626869185))
        END AS erfc_x
    FROM arguments
)
-- Chi-square with an odd number of degrees starts with erfc, with an even one with 0; each two degrees add a term.
SELECT
    experiment_id,
    variant,
    metric,
    statistic,
    CASE
        WHEN metric <> 'sample_ratio' THEN erfc_x
        WHEN degrees IN (1, 3, 5, 7, 9) THEN erfc_x + EXP(-1.0 * h) * x * 1.1283791670955125739 * (
            CASE WHEN degrees >= 3 THEN 1.0 ELSE 0.0 END
            + CASE WHEN degrees >= 5 THEN h / 1.5 ELSE 0.0 END
            + CASE WHEN degrees >= 7 THEN h * h / 3.75 ELSE 0.0 END
            + CASE WHEN degrees >= 9 THEN h * h * h / 13.125 ELSE 0.0 END
        )
        ELSE EXP(-1.0 * h) * (
            1.0
            + CASE WHEN degrees >= 4 THEN h ELSE 0.0 END
            + CASE WHEN degrees >= 6 THEN h * h / 2.0 ELSE 0.0 END
            + CASE WHEN degrees >= 8 THEN h * h * h / 6.0 ELSE 0.0 END
        )
    END AS p_value
FROM tails
