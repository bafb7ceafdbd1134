/*
about = "The last week that the data hold to its Sunday. One row, which changes once a week."
grain = ["week_number"]
partition = "none"
not_null = ["week_number"]

[inputs]
dates = "all"

[columns]
week_number = "BIGINT weeks since that of 1969-12-29"
*/
WITH days AS (
    SELECT MAX(day_number) AS last_day
    FROM dates
)
SELECT CAST(FLOOR((last_day + 4) / 7) AS BIGINT) - 1 AS week_number
FROM days
WHERE last_day IS NOT NULL
