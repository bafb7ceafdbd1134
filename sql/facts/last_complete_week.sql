/*
about = "The last week that the data hold to its last day. One row, which changes once a week."
grain = ["week_number"]
partition = "none"
not_null = ["week_number"]

[inputs]
dates = "all"

[columns]
week_number = "BIGINT weeks since that of 1970-01-01"
*/
WITH weeks AS (
    SELECT
        MAX(CASE WHEN date = week_end THEN week_number END) AS last_complete,
        MIN(week_number) AS first_week
    FROM dates
)
SELECT COALESCE(last_complete, first_week - 1) AS week_number
FROM weeks
WHERE first_week IS NOT NULL
