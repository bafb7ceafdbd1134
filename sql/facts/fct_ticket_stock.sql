/*
about = """
How much of its product the shop had when a ticket came in: the latest level of each place on or before the ticket's
local date, added up. Tickets without a product, or about a product whose stock nobody told by then, have no row."""
grain = ["system", "ticket_id"]
partition = "created_date"
settings = []
not_null = ["system", "ticket_id", "created_date", "product_id", "available_quantity", "is_out_of_stock"]

[inputs]
core_tickets = "same"
core_inventory_levels = "same"
core_month_end_stock = "before"

[columns]
system = "VARCHAR name space of the ids"
ticket_id = "VARCHAR id of the ticket in its system"
created_date = "DATE local date of the ticket's creation"
product_id = "VARCHAR product it is about, in whatever system the stock is"
available_quantity = "BIGINT pieces that could be sold"
is_out_of_stock = "BOOLEAN that is 0 or less"
*/
WITH products AS (
    SELECT product_id
    FROM core_tickets
    WHERE product_id IS NOT NULL AND is_counted
    GROUP BY product_id
),

levels AS (
    SELECT
        l.system AS stock_system,
        l.product_id AS product_id,
        l.location_id AS location_id,
        l.level_date AS level_date,
        l.available_quantity AS available_quantity
    FROM core_inventory_levels AS l
    INNER JOIN products AS p ON p.product_id = l.product_id

    UNION ALL

    SELECT
        l.system AS stock_system,
        l.product_id AS product_id,
        l.location_id AS location_id,
        l.level_date AS level_date,
        l.available_quantity AS available_quantity
    FROM core_month_end_stock AS l
    INNER JOIN products AS p ON p.product_id = l.product_id
),

known AS (
    SELECT
        t.system AS system,
        t.ticket_id AS ticket_id,
        t.created_date AS created_date,
        t.product_id AS product_id,
        l.level_date AS level_date,
        l.available_quantity AS available_quantity,
        MAX(l.level_date) OVER (PARTITION BY t.system, t.ticket_id, l.stock_system, l.location_id) AS last_date
    FROM core_tickets AS t
    INNER JOIN levels AS l ON l.product_id = t.product_id
    WHERE t.is_counted AND l.level_date <= t.created_date
)

SELECT
    system,
    ticket_id,
    MAX(created_date) AS created_date,
    MAX(product_id) AS product_id,
    CAST(SUM(available_quantity) AS BIGINT) AS available_quantity,
    SUM(available_quantity) <= 0 AS is_out_of_stock
FROM known
WHERE level_date = last_date
GROUP BY system, ticket_id
