/*
about = """
The last level that a month knows of each product and place. Small, so that a month may look up what was last known
before it, however long ago, without the levels of all days."""
grain = ["system", "product_id", "location_id"]
partition = "level_date"
settings = []
not_null = ["system", "product_id", "location_id", "level_date", "available_quantity"]

[inputs]
core_inventory_levels = "same"

[columns]
system = "VARCHAR name space of the ids"
product_id = "VARCHAR product"
location_id = "VARCHAR place; all where the export does not say"
level_date = "DATE local date of the month's last level"
available_quantity = "BIGINT pieces that could be sold then"
*/
WITH levels AS (
    SELECT
        *,
        MAX(level_date) OVER (PARTITION BY system, product_id, location_id) AS last_date
    FROM core_inventory_levels
)

SELECT
    system,
    product_id,
    location_id,
    level_date,
    available_quantity
FROM levels
WHERE level_date = last_date
