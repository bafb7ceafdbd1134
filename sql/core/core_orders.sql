/*
about = "The newest version of every order delivered, test and cancelled orders included."
grain = ["system", "order_id"]
partition = "created_date"
not_null = ["system", "order_id", "batch", "record_number", "created_at", "created_epoch", "created_date", "is_test"]

[inputs]
stg_orders = "same"

[columns]
system = "VARCHAR name space of the ids"
order_id = "VARCHAR id of the order in its system"
batch = "VARCHAR landing file the newest version came in"
record_number = "BIGINT record of that file; with batch, the document whose lines, refunds and fulfillments count"
order_name = "VARCHAR number of the order that customers see"
created_at = "TIMESTAMP when the order was placed, UTC"
created_epoch = "BIGINT created_at in seconds since 1970"
created_date = "DATE local date the order was placed"
updated_at = "TIMESTAMP last change of the order, UTC; NULL if the export has none"
processed_at = "TIMESTAMP when the payment was processed, UTC"
cancelled_at = "TIMESTAMP when the order was cancelled, UTC; NULL if it was not"
cancelled_date = "DATE local date of the cancellation"
financial_status = "VARCHAR pending, authorized, partially_paid, paid, partially_refunded, refunded, voided or expired"
fulfillment_status = "VARCHAR unfulfilled, partial, fulfilled or restocked"
currency = "VARCHAR currency of the amounts, as delivered"
country = "VARCHAR country of the order, as delivered"
store_id = "VARCHAR store or brand the order was placed in"
sales_channel = "VARCHAR where the order was placed (web, pos, ..)"
is_test = "BOOLEAN the order is a test of the shop"
gross_amount = "DECIMAL(18,4) price of the goods before discounts, as delivered"
subtotal_amount = "DECIMAL(18,4) price of the goods after discounts, as delivered"
discount_amount = "DECIMAL(18,4) discounts, as delivered"
shipping_amount = "DECIMAL(18,4) shipping charged"
tax_amount = "DECIMAL(18,4) taxes"
total_amount = "DECIMAL(18,4) what the customer was asked to pay"
customer_source_id = "VARCHAR id of the customer in the system; NULL for guests"
contact_hash = "VARCHAR keyed hash of the e-mail, else phone, given with the order"
id_hash = "VARCHAR keyed hash of the system and the customer's id"
*/
-- One order for all rows, then the last place of each key: an ordered window per key costs a sort for every key.
WITH placed AS (
    SELECT
        *,
        ROW_NUMBER() OVER (ORDER BY COALESCE(updated_epoch, created_epoch), batch, record_number, item_number) AS place
    FROM stg_orders
),
versions AS (
    SELECT
        *,
        MAX(place) OVER (PARTITION BY system, order_id) AS newest_place
    FROM placed
)
SELECT
    system,
    order_id,
    batch,
    record_number,
    order_name,
    created_at,
    created_epoch,
    created_date,
    updated_at,
    processed_at,
    cancelled_at,
    cancelled_date,
    financial_status,
    fulfillment_status,
    currency,
    country,
    store_id,
    sales_channel,
    COALESCE(is_test, FALSE) AS is_test,
    gross_amount,
    subtotal_amount,
    discount_amount,
    shipping_amount,
    tax_amount,
    total_amount,
    customer_source_id,
    contact_hash,
    id_hash
FROM versions
WHERE place = newest_place
