/*
about = """
One row per purchase of which every parcel arrived, in the month of the last one's arrival. Cancelled and test orders
are left out."""
grain = ["system", "order_id"]
partition = "delivered_date"
scatter = true
settings = []
not_null = ["system", "order_id", "delivered_epoch", "delivered_date"]

[inputs]
fct_deliveries = "same"

[columns]
system = "VARCHAR name space of the ids"
order_id = "VARCHAR id of the order in its system"
customer_hash = "VARCHAR keyed hash of the customer; NULL if the order names nobody"
country = "VARCHAR country of the order"
store_id = "VARCHAR store or brand the order was placed in"
delivered_epoch = "BIGINT when the last parcel arrived, seconds since 1970"
delivered_date = "DATE local date of that arrival"
*/
SELECT
    system,
    order_id,
    customer_hash,
    country,
    store_id,
    delivered_epoch,
    delivered_date
FROM fct_deliveries
WHERE is_counted AND is_delivered
