/*
about = """
Which day, week, month and quarter each delivery and refund time belongs to, up to the watermark. Kept in
the month of the period's first day, where shop_periods finds all of it."""
grain = ["period", "period_start", "date", "metric", "system", "order_id", "item_id"]
partition = "period_start"
scatter = true
not_null = ["period", "period_start", "date", "metric", "system", "order_id", "item_id", "country", "store_id", "sales_channel", "seconds"]

[accepted_values]
period = ["day", "week", "month", "quarter"]
metric = ["delivery", "refund"]

[inputs]
fct_shop_times = "same"
dates = "-2..0"

[columns]
period = "VARCHAR day, week, month or quarter"
period_start = "DATE first day of the period; of the data, where they begin within the quarter"
date = "DATE local date the time is booked on: of a delivery the promised one, else its own; of a refund its own"
metric = "VARCHAR delivery (order to delivery) or refund (request of the return to refund)"
system = "VARCHAR name space of the ids"
order_id = "VARCHAR order"
item_id = "VARCHAR return the refund is for; empty for deliveries"
country = "VARCHAR country of the order; 'unknown' if not delivered"
store_id = "VARCHAR store or brand; 'unknown' if not delivered"
sales_channel = "VARCHAR where the order was placed; 'unknown' if not delivered"
seconds = "BIGINT length, seconds"
*/
WITH unit AS (
    SELECT MAX(month_number) AS month_number, MAX(month_number) - MAX(month_number) % 3 AS quarter_number
    FROM dates
),

quarter AS (
    SELECT
        MAX(u.month_number) AS month_number,
        MIN(CASE WHEN d.month_number >= u.quarter_number THEN d.month_start END) AS quarter_start
    FROM dates AS d
    CROSS JOIN unit AS u
),

periods AS (
    SELECT
        d.date AS date,
        k.period AS period,
        CASE k.period
            WHEN 'week' THEN d.week_start
            WHEN 'month' THEN d.month_start
            WHEN 'quarter' THEN q.quarter_start
            ELSE d.date
        END AS period_start
    FROM dates AS d
    INNER JOIN quarter AS q ON q.month_number = d.month_number
    CROSS JOIN (VALUES ('day'), ('week'), ('month'), ('quarter')) AS k (period)
)

SELECT
    p.period AS period,
    p.period_start AS period_start,
    t.date AS date,
    t.metric AS metric,
    t.system AS system,
    t.order_id AS order_id,
    t.item_id AS item_id,
    t.country AS country,
    t.store_id AS store_id,
    t.sales_channel AS sales_channel,
    t.seconds AS seconds
FROM fct_shop_times AS t
INNER JOIN periods AS p ON p.date = t.date
