/*
about = "What every order was worth before refunds: units, gross, discounts."
grain = ["system", "order_id"]
partition = "created_date"
not_null = ["system", "order_id", "created_date", "gross_amount", "discount_amount", "gross_source"]

[inputs]
core_orders = "same"
core_order_lines = "same"

[columns]
system = "VARCHAR name space of the ids"
order_id = "VARCHAR id of the order in its system"
created_date = "DATE local date the order was placed"
units = "BIGINT units ordered; NULL without lines"
gross_amount = "DECIMAL(18,4) price of the goods before discounts"
discount_amount = "DECIMAL(18,4) discounts: the order's, else those of its lines, else 0"
gross_source = "VARCHAR where gross_amount comes from: lines (quantity x price), order, subtotal (+ discounts), total (- taxes - shipping + discounts), none (0)"
*/
WITH line_sums AS (
    SELECT
        system,
        order_id,
        CAST(SUM(quantity) AS BIGINT) AS units,
        CAST(SUM(gross_amount) AS DECIMAL(18,4)) AS lines_gross,
        CAST(SUM(discount_amount) AS DECIMAL(18,4)) AS lines_discount
    FROM core_order_lines
    GROUP BY system, order_id
),
parts AS (
    SELECT
        o.system,
        o.order_id,
        o.created_date,
        s.units,
        s.lines_gross,
        o.gross_amount AS order_gross,
        o.subtotal_amount,
        o.total_amount,
        COALESCE(o.tax_amount, CAST(0 AS DECIMAL(18,4))) AS tax,
        COALESCE(o.shipping_amount, CAST(0 AS DECIMAL(18,4))) AS shipping,
        COALESCE(o.discount_amount, s.lines_discount, CAST(0 AS DECIMAL(18,4))) AS discount
    FROM core_orders AS o
    LEFT JOIN line_sums AS s
        ON o.system = s.system
        AND o.order_id = s.order_id
)
SELECT
    system,
    order_id,
    created_date,
    units,
    CAST(COALESCE(
        lines_gross,
        order_gross,
        CAST(subtotal_amount + discount AS DECIMAL(18,4)),
        CAST(total_amount - tax - shipping + discount AS DECIMAL(18,4)),
        CAST(0 AS DECIMAL(18,4))
    ) AS DECIMAL(18,4)) AS gross_amount,
    CAST(discount AS DECIMAL(18,4)) AS discount_amount,
    CASE
        WHEN lines_gross IS NOT NULL THEN 'lines'
        WHEN order_gross IS NOT NULL THEN 'order'
        WHEN subtotal_amount IS NOT NULL THEN 'subtotal'
        WHEN total_amount IS NOT NULL THEN 'total'
        ELSE 'none'
    END AS gross_source
FROM parts
