/*
about = """
Does service bring customers back? New customers of a month by the service they met in the 30 days after their first
order, and the share that ordered again within 90 days, with its 95 % interval (Wilson). It compares groups that differ
in more than service: it shows where to look, and proves no cause."""
grain = ["cohort_month", "service_kind", "service"]
partition = "cohort_month"
not_null = ["cohort_month", "service_kind", "service", "is_mature", "customers", "reordering_customers", "reorder_rate", "reorder_rate_low", "reorder_rate_high"]

[accepted_values]
service_kind = ["all", "speed", "satisfaction"]
service = ["all", "no_contact", "solved_fast", "solved_slowly", "not_solved", "satisfied", "dissatisfied", "not_rated"]

[ranges]
reorder_rate = [0, 1]
reorder_rate_low = [0, 1]
reorder_rate_high = [0, 1]

[inputs]
customer_first_service = "same"
dates = "0..4"

[columns]
cohort_month = "DATE first day of the month of the customers' first counted order"
service_kind = "VARCHAR 'all' (every new customer), 'speed' or 'satisfaction'; sum over one kind only"
service = "VARCHAR all; no_contact; solved_fast, solved_slowly, not_solved; satisfied, dissatisfied, not_rated: see customer_first_service"
is_mature = "BOOLEAN 90 days have passed for every customer of the month: the figures are final"
customers = "BIGINT new customers who met this service"
reordering_customers = "BIGINT of them, with another counted order within 90 x 24 hours of the first"
reorder_rate = "DOUBLE reordering_customers / customers"
reorder_rate_low = "DOUBLE lower end of the Wilson 95 % interval of the rate"
reorder_rate_high = "DOUBLE upper end of it"
*/
WITH unit AS (
    SELECT MIN(month_number) AS month_number, MAX(day_number) AS last_day
    FROM dates
),
-- One day more than 90: a change to summer time may carry the last of the hours into the day after.
maturity AS (
    SELECT d.month_start AS month_start, MAX(d.day_number) + 90 < MAX(u.last_day) AND MAX(d.date) = MAX(d.month_end) AS is_mature
    FROM dates AS d
    INNER JOIN unit AS u ON u.month_number = d.month_number
    GROUP BY d.month_start
),
groups AS (
    SELECT cohort_month, 'all' AS service_kind, 'all' AS service, reorders FROM customer_first_service
    UNION ALL
    SELECT cohort_month, 'speed' AS service_kind, speed AS service, reorders FROM customer_first_service
    UNION ALL
    SELECT cohort_month, 'satisfaction' AS service_kind, satisfaction AS service, reorders FROM customer_first_service
),
counts AS (
    SELECT
        cohort_month,
        service_kind,
        service,
        CAST(COUNT(*) AS BIGINT) AS customers,
        CAST(SUM(CASE WHEN reorders > 0 THEN 1 ELSE 0 END) AS BIGINT) AS reordering_customers
    FROM groups
    GROUP BY cohort_month, service_kind, service
),
-- 1.959963984540054 is the 97.5 % point of the normal distribution, 3.841458820694124 its square.
intervals AS (
    SELECT
        *,
        CAST(reordering_customers AS DOUBLE) / CAST(customers AS DOUBLE) AS rate,
        (CAST(reordering_customers AS DOUBLE) + 3.841458820694124 / 2.0)
            / (CAST(customers AS DOUBLE) + 3.841458820694124) AS centre,
        1.959963984540054 / (CAST(customers AS DOUBLE) + 3.841458820694124) * SQRT(
            CAST(reordering_customers AS DOUBLE) * CAST(customers - reordering_customers AS DOUBLE) / CAST(customers AS DOUBLE)
            + 3.841458820694124 / 4.0
        ) AS half_width
    FROM counts
)
-- At 0 of n and n of n the interval ends at 0 and 1 exactly; floats may end a hair beyond.
SELECT
    i.cohort_month AS cohort_month,
    i.service_kind AS service_kind,
    i.service AS service,
    m.is_mature AS is_mature,
    i.customers AS customers,
    i.reordering_customers AS reordering_customers,
    i.rate AS reorder_rate,
    CASE WHEN i.reordering_customers = 0 THEN CAST(0 AS DOUBLE) ELSE i.centre - i.half_width END AS reorder_rate_low,
    CASE WHEN i.reordering_customers = i.customers THEN CAST(1 AS DOUBLE) ELSE i.centre + i.half_width END AS reorder_rate_high
FROM intervals AS i
INNER JOIN maturity AS m ON m.month_start = i.cohort_month
