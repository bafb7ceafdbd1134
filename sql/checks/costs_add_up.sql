/*
about = "The costs of the channels add up to those of the shop, and those to the contacts."
grain = ["date", "problem"]
partition = "date"
severity = "error"

[inputs]
cost_daily = "same"
fct_contact_costs = "same"

[columns]
date = "DATE day at fault"
problem = "VARCHAR what differs from the whole shop's cost"
cost = "DECIMAL(18,4) cost of the channels, or of the contacts"
expected = "DECIMAL(18,4) cost of the whole shop"
*/
WITH contact_costs AS (
    SELECT date, 'contacts' AS problem, COALESCE(SUM(cost), CAST(0 AS DECIMAL(18,4))) AS cost
    FROM fct_contact_costs
    GROUP BY date
),
channel_costs AS (
    SELECT date, 'channels' AS problem, COALESCE(SUM(service_cost), CAST(0 AS DECIMAL(18,4))) AS cost
    FROM cost_daily
    WHERE segment_kind = 'channel'
    GROUP BY date
),
parts AS (
    SELECT * FROM contact_costs
    UNION ALL
    SELECT * FROM channel_costs
)
SELECT
    p.date AS date,
    p.problem AS problem,
    CAST(p.cost AS DECIMAL(18,4)) AS cost,
    COALESCE(c.service_cost, CAST(0 AS DECIMAL(18,4))) AS expected
FROM parts AS p
INNER JOIN cost_daily AS c ON c.date = p.date
WHERE c.segment_kind = 'all'
    AND CAST(p.cost AS DECIMAL(18,4)) <> COALESCE(c.service_cost, CAST(0 AS DECIMAL(18,4)))
