//! What a company knows about itself: stock, costs, experiments, exchange rates.

use super::{Kind, Layout, field, required};

pub(super) const INVENTORY_LEVELS: Layout = Layout {
    name: "inventory_levels",
    about: "How much of a product there was on a day.",
    key: &["product_id", "location_id", "level_date"],
    anchors: &["level_date"],
    has_customer: false,
    fields: &[
        required("product_id", Kind::Text, "Product."),
        field("sku", Kind::Text, "Stock keeping unit."),
        field(
            "location_id",
            Kind::Text,
            "Where it lies; `all` where nothing is delivered.",
        ),
        required("level_date", Kind::Date, "Local date."),
        field(
            "updated_at",
            Kind::Timestamp,
            "When it was counted; the newest of a day wins.",
        ),
        required(
            "available_quantity",
            Kind::Integer,
            "Pieces that can be sold; negative when oversold.",
        ),
    ],
};

pub(super) const COSTS: Layout = Layout {
    name: "costs",
    about: "What an agent's hour, a contact or a conversation with a bot costs from a day on.",
    key: &["cost_id"],
    anchors: &["valid_from_date"],
    has_customer: false,
    fields: &[
        required("cost_id", Kind::Text, "Id in the system."),
        required(
            "cost_kind",
            Kind::Enum(&["agent_hour", "contact", "bot_session"]),
            "What the amount is for.",
        ),
        field(
            "agent_id",
            Kind::Text,
            "The agent; NULL: all without a cost of their own.",
        ),
        field(
            "channel",
            Kind::Lower,
            "The channel; NULL: all without a cost of their own.",
        ),
        required("valid_from_date", Kind::Date, "First local date it holds for."),
        field(
            "updated_at",
            Kind::Timestamp,
            "When this version was written; the newest wins.",
        ),
        required("amount", Kind::Amount, "Cost of one."),
        field("currency", Kind::Text, "Currency; the job's where none is delivered."),
    ],
};

pub(super) const EXPERIMENT_ASSIGNMENTS: Layout = Layout {
    name: "experiment_assignments",
    about: "Which variant of an experiment a customer or a ticket got.",
    key: &["assignment_id"],
    anchors: &["assigned_date"],
    has_customer: true,
    fields: &[
        required("assignment_id", Kind::Text, "Id in the system."),
        required("experiment_id", Kind::Text, "Experiment."),
        required("variant", Kind::Text, "Variant."),
        field(
            "subject_kind",
            Kind::Enum(&["customer", "ticket"]),
            "Who got it; `customer` where nothing is delivered.",
        ),
        field("ticket_id", Kind::Text, "The ticket that got it."),
        required("assigned_at", Kind::Timestamp, "When."),
        field(
            "updated_at",
            Kind::Timestamp,
            "When this version was written; the newest wins.",
        ),
        field(
            "is_control",
            Kind::Boolean(false),
            "The variant that others are compared with.",
        ),
        field(
            "expected_share",
            Kind::Decimal,
            "Share of subjects planned for the variant, 0 to 1.",
        ),
    ],
};

pub(super) const FX_RATES: Layout = Layout {
    name: "fx_rates",
    about: "What one unit of a currency was worth in another on a day.",
    key: &["rate_date", "from_currency", "to_currency"],
    anchors: &["rate_date"],
    has_customer: false,
    fields: &[
        required("rate_date", Kind::Date, "Local date."),
        required("from_currency", Kind::Text, "Currency of the one unit."),
        required("to_currency", Kind::Text, "Currency it is counted in."),
        required(
            "rate",
            Kind::Millionths,
            "Units of `to_currency` for one of `from_currency`, at most 6 decimals.",
        ),
        field(
            "updated_at",
            Kind::Timestamp,
            "When this version was written; the newest wins.",
        ),
    ],
};
