/*
about = """
One row per order with a shipment: when it left, when all of it arrived, and the day it was promised for. A promise is a
local date: an order that arrives on that date, at any hour, is on time. Shipments that were cancelled or failed to be
made do not count."""
grain = ["system", "order_id"]
partition = "created_date"
not_null = ["system", "order_id", "created_date", "is_counted", "shipments", "delivered_shipments", "is_delivered"]

[ranges]
shipments = [1, 1000000]
delivered_shipments = [0, 1000000]

[inputs]
core_fulfillments = "same"
fct_orders = "same"

[columns]
system = "VARCHAR name space of the ids"
order_id = "VARCHAR id of the order in its system"
created_date = "DATE local date the order was placed"
created_epoch = "BIGINT when it was placed, seconds since 1970"
customer_hash = "VARCHAR keyed hash of the customer; NULL if the order names nobody"
country = "VARCHAR country of the order; NULL if not delivered"
sales_channel = "VARCHAR where the order was placed"
store_id = "VARCHAR store or brand the order was placed in"
carrier = "VARCHAR who carries it; 'several' where the shipments have different ones"
is_counted = "BOOLEAN the order is a purchase (fct_orders.is_counted)"
units = "BIGINT units ordered; NULL without lines"
shipments = "BIGINT shipments of the order"
delivered_shipments = "BIGINT of them, arrived"
is_delivered = "BOOLEAN every shipment arrived, and the order is not only partly sent"
shipped_at = "TIMESTAMP when the first shipment left, UTC"
shipped_date = "DATE local date of it"
delivered_at = "TIMESTAMP when the last shipment arrived, UTC; NULL until all have"
delivered_epoch = "BIGINT delivered_at in seconds since 1970"
delivered_date = "DATE local date of it"
promised_date = "DATE local date the order was promised for: the latest of its shipments; NULL without a promise"
delivery_seconds = "BIGINT order to delivery, seconds; NULL until delivered, and where the delivery is dated before the order"
days_late = "BIGINT days from the promised to the delivered local date, negative when early; NULL until delivered or without a promise"
*/
WITH shipments AS (
    SELECT
        system,
        order_id,
        CAST(COUNT(*) AS BIGINT) AS shipments,
        CAST(COUNT(delivered_epoch) AS BIGINT) AS delivered_shipments,
        CASE WHEN MIN(carrier) = MAX(carrier) THEN MIN(carrier) WHEN MIN(carrier) IS NOT NULL THEN 'several' END AS carrier,
        MIN(shipped_at) AS shipped_at,
        MIN(shipped_date) AS shipped_date,
        MAX(delivered_at) AS delivered_at,
        MAX(delivered_epoch) AS delivered_epoch,
        MAX(delivered_date) AS delivered_date,
        MAX(promised_date) AS promised_date
    FROM core_fulfillments
    WHERE COALESCE(LOWER(status), 'success') NOT IN ('cancelled', 'canceled', 'error', 'failure')
    GROUP BY system, order_id
),

orders AS (
    SELECT
        o.system AS system,
        o.order_id AS order_id,
        o.created_date AS created_date,
        o.created_epoch AS created_epoch,
        o.customer_hash AS customer_hash,
        o.country AS country,
        o.sales_channel AS sales_channel,
        o.store_id AS store_id,
        o.is_counted AS is_counted,
        o.units AS units,
        s.carrier AS carrier,
        s.shipments AS shipments,
        s.delivered_shipments AS delivered_shipments,
        s.shipments = s.delivered_shipments AND COALESCE(o.fulfillment_status, 'fulfilled') <> 'partial' AS is_delivered,
        s.shipped_at AS shipped_at,
        s.shipped_date AS shipped_date,
        s.delivered_at AS last_at,
        s.delivered_epoch AS last_epoch,
        s.delivered_date AS last_date,
        s.promised_date AS promised_date
    FROM fct_orders AS o
    INNER JOIN shipments AS s ON s.system = o.system AND s.order_id = o.order_id
),

-- Days since 1970-01-01 of the dates named, by the calendar's own rule: a promise may lie after the last day of `dates`.
named_dates AS (
    SELECT promised_date AS date FROM core_fulfillments
    UNION
    SELECT delivered_date AS date FROM core_fulfillments
),

shifted_dates AS (
    SELECT
        date,
        CAST(EXTRACT(DAY FROM date) AS BIGINT) AS day,
        CAST(EXTRACT(YEAR FROM date) AS BIGINT)
            - CASE WHEN CAST(EXTRACT(MONTH FROM date) AS BIGINT) <= 2 THEN 1 ELSE 0 END AS year,
        CAST(EXTRACT(MONTH FROM date) AS BIGINT)
            + CASE WHEN CAST(EXTRACT(MONTH FROM date) AS BIGINT) <= 2 THEN 9 ELSE -3 END AS months_since_march
    FROM named_dates
),

day_numbers AS (
    SELECT
        date,
        365 * year + CAST(FLOOR(year / 4) AS BIGINT) - CAST(FLOOR(year / 100) AS BIGINT)
            + CAST(FLOOR(year / 400) AS BIGINT) + CAST(FLOOR((153 * months_since_march + 2) / 5) AS BIGINT)
            + day - 719469 AS day_number
    FROM shifted_dates
)

SELECT
    o.system AS system,
    o.order_id AS order_id,
    o.created_date AS created_date,
    o.created_epoch AS created_epoch,
    o.customer_hash AS customer_hash,
    o.country AS country,
    o.sales_channel AS sales_channel,
    o.store_id AS store_id,
    o.carrier AS carrier,
    o.is_counted AS is_counted,
    o.units AS units,
    o.shipments AS shipments,
    o.delivered_shipments AS delivered_shipments,
    o.is_delivered AS is_delivered,
    o.shipped_at AS shipped_at,
    o.shipped_date AS shipped_date,
    CASE WHEN o.is_delivered THEN o.last_at END AS delivered_at,
    CASE WHEN o.is_delivered THEN o.last_epoch END AS delivered_epoch,
    CASE WHEN o.is_delivered THEN o.last_date END AS delivered_date,
    o.promised_date AS promised_date,
    CASE WHEN o.is_delivered AND o.last_epoch >= o.created_epoch THEN o.last_epoch - o.created_epoch END AS delivery_seconds,
    CASE WHEN o.is_delivered THEN d.day_number - p.day_number END AS days_late
FROM orders AS o
LEFT JOIN day_numbers AS d ON d.date = o.last_date
LEFT JOIN day_numbers AS p ON p.date = o.promised_date
