/*
about = "The days from the first month with data to the last complete day, with the periods they belong to."
grain = ["date"]
partition = "date"
not_null = ["date", "week_start", "month_start", "quarter_start", "year", "month_of_year", "day_of_week", "is_weekend"]

[ranges]
day_of_week = [1, 7]
month_of_year = [1, 12]

[inputs]
dates = "-2..0"

[columns]
date = "DATE local date"
week_start = "DATE first day of its week: Monday, unless week_starts_on (setting) names another"
month_start = "DATE first day of its month"
quarter_start = "DATE first day of its quarter; of the data, where they begin within the quarter"
year = "BIGINT year"
month_of_year = "BIGINT 1 to 12"
day_of_week = "BIGINT 1 (Monday) to 7 (Sunday)"
is_weekend = "BOOLEAN Saturday or Sunday"
*/
WITH unit AS (
    SELECT MAX(month_number) AS month_number, CAST(MAX(month_number) AS BIGINT) - CAST(MAX(month_number) AS BIGINT) % 3 AS quarter_number
    FROM dates
),
quarter AS (
    SELECT MIN(d.month_start) AS quarter_start
    FROM dates AS d
    CROSS JOIN unit AS u
    WHERE d.month_number >= u.quarter_number
),
numbered AS (
    SELECT
        d.date AS date,
        d.week_start AS week_start,
        d.month_start AS month_start,
        q.quarter_start AS quarter_start,
        CAST(EXTRACT(YEAR FROM d.date) AS BIGINT) AS year,
        CAST(EXTRACT(MONTH FROM d.date) AS BIGINT) AS month_of_year,
        d.day_number + 3 - CAST(FLOOR((d.day_number + 3) / 7) AS BIGINT) * 7 + 1 AS day_of_week
    FROM dates AS d
    INNER JOIN unit AS u
        ON u.month_number = d.month_number
    CROSS JOIN quarter AS q
)
SELECT
    date,
    week_start,
    month_start,
    quarter_start,
    year,
    month_of_year,
    day_of_week,
    day_of_week >= 6 AS is_weekend
FROM numbered
