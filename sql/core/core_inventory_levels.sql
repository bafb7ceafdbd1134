/*
about = "The stock of each product and place on the days for which it was delivered: the newest version of each."
grain = ["system", "product_id", "location_id", "level_date"]
partition = "level_date"
settings = []
not_null = ["system", "product_id", "location_id", "level_date", "available_quantity"]

[inputs]
stg_inventory_levels = "same"

[columns]
system = "VARCHAR name space of the ids"
product_id = "VARCHAR product"
location_id = "VARCHAR place; all where the export does not say"
level_date = "DATE local date of the level"
available_quantity = "BIGINT pieces that can be sold"
*/
-- One order for all rows, then the last place of each key: an ordered window per key costs a sort for every key.
WITH placed AS (
    SELECT
        *,
        COALESCE(location_id, 'all') AS place_id,
        ROW_NUMBER() OVER (ORDER BY COALESCE(updated_epoch, CAST(0 AS BIGINT)), batch, record_number, item_number) AS place
    FROM stg_inventory_levels
),

versions AS (
    SELECT
        *,
        MAX(place) OVER (PARTITION BY system, product_id, place_id, level_date) AS newest_place
    FROM placed
)

SELECT
    system,
    product_id,
    place_id AS location_id,
    level_date,
    available_quantity
FROM versions
WHERE place = newest_place
