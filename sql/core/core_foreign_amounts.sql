/*
about = """
Amounts of orders in other currencies, in the job's: at the newest rate of the order's day or of a day before it, for
refunds of the order too, so that a full refund leaves nothing. Without such a rate there is no row. Integer arithmetic:
ten-thousandths x millionths, rounded half up to four decimals."""
grain = ["system", "order_id", "item", "refund_id"]
partition = "created_date"
settings = ["currency"]
not_null = ["system", "order_id", "item", "refund_id", "created_date", "rate_date", "rate_millionths", "job_amount"]

[accepted_values]
item = ["gross", "discount", "refund"]

[inputs]
core_orders = "same"
core_order_amounts = "same"
core_refunds = "same"
stg_fx_rates = "up_to"

[columns]
system = "VARCHAR name space of the ids"
order_id = "VARCHAR id of the order in its system"
item = "VARCHAR gross, discount or refund (its goods)"
refund_id = "VARCHAR id of the refund; empty for the other items"
created_date = "DATE local date the order was placed"
rate_date = "DATE day of the rate"
rate_millionths = "BIGINT millionths of the job's currency for one unit of the order's"
job_amount = "DECIMAL(18,4) the amount in the job's currency"
*/
WITH foreign_orders AS (
    SELECT o.system AS system, o.order_id AS order_id, o.created_date AS created_date, o.currency AS currency
    FROM core_orders AS o
    CROSS JOIN settings AS s
    WHERE o.currency <> s.currency
),
days AS (
    SELECT DISTINCT currency, created_date
    FROM foreign_orders
),
rate_versions AS (
    SELECT
        r.from_currency AS currency,
        r.rate_date AS rate_date,
        r.rate_millionths AS rate_millionths,
        d.created_date AS created_date,
        ROW_NUMBER() OVER (
            ORDER BY r.rate_date, COALESCE(r.updated_epoch, CAST(0 AS BIGINT)), r.batch, r.record_number, r.item_number, r.system
        ) AS place
    FROM stg_fx_rates AS r
    INNER JOIN days AS d
        ON d.currency = r.from_currency
    CROSS JOIN settings AS s
    WHERE r.to_currency = s.currency
        AND r.rate_date <= d.created_date
),
ranked_rates AS (
    SELECT *, MAX(place) OVER (PARTITION BY currency, created_date) AS newest_place
    FROM rate_versions
),
rates AS (
    SELECT currency, created_date, rate_date, rate_millionths
    FROM ranked_rates
    WHERE place = newest_place
),
items AS (
    SELECT system, order_id, 'gross' AS item, '' AS refund_id, gross_amount AS amount
    FROM core_order_amounts
    UNION ALL
    SELECT system, order_id, 'discount' AS item, '' AS refund_id, discount_amount AS amount
    FROM core_order_amounts
    UNION ALL
    SELECT system, order_id, 'refund' AS item, refund_id, goods_amount AS amount
    FROM core_refunds
),
-- Whole millions of ten-thousandths and the rest are multiplied apart: neither product leaves what a DOUBLE holds exactly.
parts AS (
    SELECT
        o.system AS system,
        o.order_id AS order_id,
        i.item AS item,
        i.refund_id AS refund_id,
        o.created_date AS created_date,
        r.rate_date AS rate_date,
        r.rate_millionths AS rate_millionths,
        CAST(ROUND(CAST(i.amount AS DOUBLE) * 10000.0) AS BIGINT) AS units
    FROM foreign_orders AS o
    INNER JOIN rates AS r
        ON r.currency = o.currency
        AND r.created_date = o.created_date
    INNER JOIN items AS i
        ON i.system = o.system
        AND i.order_id = o.order_id
),
products AS (
    SELECT
        *,
        (units - units % 1000000) / 1000000 * rate_millionths AS whole,
        units % 1000000 * rate_millionths + 500000 AS rest
    FROM parts
)
SELECT
    system,
    order_id,
    item,
    refund_id,
    created_date,
    rate_date,
    rate_millionths,
    CAST(CAST(whole + (rest - rest % 1000000) / 1000000 AS DOUBLE) / 10000.0 AS DECIMAL(18,4)) AS job_amount
FROM products
