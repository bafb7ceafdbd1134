-- The shop's exports: the newest version of every order, with its lines and refunds still inside.
CREATE TABLE raw_orders AS
SELECT *
FROM read_json(
    getvariable('data') || '/shopify/orders/*',
    format = 'newline_delimited',
    filename = true,
    columns = {
        id: 'BIGINT', name: 'VARCHAR', email: 'VARCHAR', contact_email: 'VARCHAR', phone: 'VARCHAR',
        created_at: 'TIMESTAMP', updated_at: 'TIMESTAMP', processed_at: 'TIMESTAMP', cancelled_at: 'TIMESTAMP',
        currency: 'VARCHAR', financial_status: 'VARCHAR', fulfillment_status: 'VARCHAR', test: 'BOOLEAN',
        source_name: 'VARCHAR', location_id: 'VARCHAR', subtotal_price: 'DECIMAL(18,4)', total_tax: 'DECIMAL(18,4)',
        total_discounts: 'DECIMAL(18,4)', total_line_items_price: 'DECIMAL(18,4)', total_price: 'DECIMAL(18,4)',
        customer: 'STRUCT(id BIGINT, email VARCHAR, phone VARCHAR)',
        shipping_address: 'STRUCT(country_code VARCHAR, phone VARCHAR)',
        billing_address: 'STRUCT(country_code VARCHAR, phone VARCHAR)',
        shipping_lines: 'STRUCT(price DECIMAL(18,4))[]',
        line_items: 'STRUCT(id BIGINT, product_id BIGINT, sku VARCHAR, title VARCHAR, name VARCHAR, quantity BIGINT,
            price DECIMAL(18,4), gift_card BOOLEAN, discount_allocations STRUCT(amount DECIMAL(18,4))[],
            tax_lines STRUCT(price DECIMAL(18,4))[])[]',
        refunds: 'STRUCT(id BIGINT, created_at TIMESTAMP,
            refund_line_items STRUCT(quantity BIGINT, restock_type VARCHAR, subtotal DECIMAL(18,4),
                total_tax DECIMAL(18,4))[],
            order_adjustments STRUCT(amount DECIMAL(18,4), tax_amount DECIMAL(18,4), kind VARCHAR)[],
            transactions STRUCT(kind VARCHAR, amount DECIMAL(18,4), status VARCHAR)[])[]'
    }
)
QUALIFY row_number() OVER (PARTITION BY id ORDER BY coalesce(updated_at, created_at) DESC, filename DESC) = 1;
