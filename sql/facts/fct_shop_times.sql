/*
about = "Every single delivery and refund time, in the month of the day it is booked on."
grain = ["date", "metric", "system", "order_id", "item_id"]
partition = "date"
scatter = true
not_null = ["date", "metric", "system", "order_id", "item_id", "country", "store_id", "sales_channel", "seconds"]

[accepted_values]
metric = ["delivery", "refund"]

[inputs]
fct_deliveries = "same"
fct_returns = "same"

[columns]
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
WITH times AS (
    SELECT
        COALESCE(promised_date, delivered_date) AS date,
        'delivery' AS metric,
        system,
        order_id,
        '' AS item_id,
        country,
        store_id,
        sales_channel,
        delivery_seconds AS seconds
    FROM fct_deliveries
    WHERE is_counted AND delivery_seconds IS NOT NULL
    UNION ALL
    SELECT
        refunded_date AS date,
        'refund' AS metric,
        system,
        order_id,
        return_id AS item_id,
        country,
        store_id,
        sales_channel,
        refund_seconds AS seconds
    FROM fct_returns
    WHERE is_counted AND refund_seconds IS NOT NULL
)
SELECT
    date,
    metric,
    system,
    order_id,
    item_id,
    COALESCE(country, 'unknown') AS country,
    COALESCE(store_id, 'unknown') AS store_id,
    COALESCE(sales_channel, 'unknown') AS sales_channel,
    seconds
FROM times
