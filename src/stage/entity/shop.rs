//! What a shop exports.

use super::{Kind, Layout, field, required};

pub(super) const CUSTOMERS: Layout = Layout {
    name: "customers",
    about: "One version of a customer, without name, e-mail and phone.",
    key: &["customer_source_id"],
    anchors: &["updated_date", "created_date"],
    has_customer: true,
    fields: &[
        field("created_at", Kind::Timestamp, "When the account was made."),
        field(
            "updated_at",
            Kind::Timestamp,
            "When this version was written; the newest wins.",
        ),
        field("country", Kind::Text, "Country, as delivered."),
        field("language", Kind::Lower, "Language."),
    ],
};

pub(super) const ORDERS: Layout = Layout {
    name: "orders",
    about: "One version of an order.",
    key: &["order_id"],
    anchors: &["created_date"],
    has_customer: true,
    fields: &[
        required("order_id", Kind::Text, "Id in the system."),
        field("order_name", Kind::Text, "Number as the customer knows it (`#1001`)."),
        required("created_at", Kind::Timestamp, "When it was placed."),
        field(
            "updated_at",
            Kind::Timestamp,
            "When this version was written; the newest wins.",
        ),
        field("processed_at", Kind::Timestamp, "When it was paid or processed."),
        field("cancelled_at", Kind::Timestamp, "When it was cancelled."),
        field(
            "financial_status",
            Kind::Enum(&[
                "pending",
                "authorized",
                "partially_paid",
                "paid",
                "partially_refunded",
                "refunded",
                "voided",
                "expired",
            ]),
            "State of the payment.",
        ),
        field(
            "fulfillment_status",
            Kind::Enum(&["unfulfilled", "partial", "fulfilled", "restocked"]),
            "State of the delivery.",
        ),
        field(
            "currency",
            Kind::Text,
            "Currency of all amounts; the job's where none is delivered.",
        ),
        field("country", Kind::Text, "Country it is shipped to, else billed to."),
        field("store_id", Kind::Text, "Shop or location that sold it."),
        field("sales_channel", Kind::Lower, "Where it was sold: web, pos, ..."),
        field("is_test", Kind::Boolean(false), "Not a customer's."),
        field("gross_amount", Kind::Amount, "Goods at list price, before discounts."),
        field("subtotal_amount", Kind::Amount, "Goods after discounts."),
        field("discount_amount", Kind::Amount, "Discounts, as a positive number."),
        field("shipping_amount", Kind::Amount, "Shipping charged."),
        field("tax_amount", Kind::Amount, "Taxes."),
        field("total_amount", Kind::Amount, "What the customer pays."),
    ],
};

pub(super) const ORDER_LINES: Layout = Layout {
    name: "order_lines",
    about: "One line of an order.",
    key: &["order_id", "line_id"],
    anchors: &["order_created_date"],
    has_customer: false,
    fields: &[
        required("line_id", Kind::Text, "Id within the order."),
        required("order_id", Kind::Text, "The order."),
        required("order_created_at", Kind::Timestamp, "When the order was placed."),
        field("updated_at", Kind::Timestamp, "Version of the order it came in."),
        field("product_id", Kind::Text, "Product."),
        field("sku", Kind::Text, "Stock keeping unit."),
        field("title", Kind::Text, "Name of the product."),
        required("quantity", Kind::Count, "Pieces ordered."),
        required("unit_price", Kind::Amount, "Price of one piece before discounts."),
        field(
            "gross_amount",
            Kind::Amount,
            "Quantity times unit price, unless delivered.",
        ),
        field(
            "discount_amount",
            Kind::Amount,
            "Discounts on the line, as a positive number.",
        ),
        field("tax_amount", Kind::Amount, "Taxes on the line."),
        field(
            "is_gift_card",
            Kind::Boolean(false),
            "A gift card: money kept, not goods sold.",
        ),
    ],
};

pub(super) const REFUNDS: Layout = Layout {
    name: "refunds",
    about: "One refund.",
    key: &["order_id", "refund_id"],
    anchors: &["order_created_date", "created_date"],
    has_customer: false,
    fields: &[
        required("refund_id", Kind::Text, "Id within the order."),
        required("order_id", Kind::Text, "The order."),
        field("order_created_at", Kind::Timestamp, "When the order was placed."),
        required("created_at", Kind::Timestamp, "When it was refunded."),
        field("updated_at", Kind::Timestamp, "Version of the order it came in."),
        field("refunded_amount", Kind::Amount, "Money paid back."),
        field(
            "items_amount",
            Kind::Amount,
            "Part of it for goods, without tax and shipping.",
        ),
        field("tax_amount", Kind::Decimal, "Part of it for taxes."),
        field("shipping_amount", Kind::Decimal, "Part of it for shipping."),
        field(
            "adjustment_amount",
            Kind::Decimal,
            "Rest: positive is more, negative less than the goods' value paid back.",
        ),
        field("quantity", Kind::Count, "Pieces given back."),
        field("reason", Kind::Lower, "Why."),
        field(
            "is_date_estimated",
            Kind::Boolean(false),
            "The export has no date of the refund.",
        ),
    ],
};

pub(super) const FULFILLMENTS: Layout = Layout {
    name: "fulfillments",
    about: "One shipment of an order.",
    key: &["order_id", "fulfillment_id"],
    anchors: &["order_created_date", "created_date"],
    has_customer: false,
    fields: &[
        required("fulfillment_id", Kind::Text, "Id within the order."),
        required("order_id", Kind::Text, "The order."),
        field("order_created_at", Kind::Timestamp, "When the order was placed."),
        required("created_at", Kind::Timestamp, "When the shipment was made."),
        field("updated_at", Kind::Timestamp, "Version of the order it came in."),
        field("status", Kind::Lower, "State of the shipment."),
        field("carrier", Kind::Text, "Who carries it."),
        field("shipped_at", Kind::Timestamp, "When it left."),
        field("delivered_at", Kind::Timestamp, "When it arrived."),
        field("promised_date", Kind::Date, "Local date promised last."),
    ],
};

pub(super) const RETURNS: Layout = Layout {
    name: "returns",
    about: "One return of goods, as requested and received. The money is a refund.",
    key: &["order_id", "return_id"],
    anchors: &["order_created_date", "requested_date"],
    has_customer: false,
    fields: &[
        required("return_id", Kind::Text, "Id within the order."),
        required("order_id", Kind::Text, "The order."),
        field("order_created_at", Kind::Timestamp, "When the order was placed."),
        required("requested_at", Kind::Timestamp, "When the customer asked for it."),
        field("received_at", Kind::Timestamp, "When the goods came back."),
        field(
            "updated_at",
            Kind::Timestamp,
            "When this version was written; the newest wins.",
        ),
        field("quantity", Kind::Count, "Pieces."),
        field("reason", Kind::Lower, "Why."),
        field("status", Kind::Lower, "State of the return."),
    ],
};
