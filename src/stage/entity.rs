//! The kinds of staged rows: their fields, keys, anchors and columns. The one place where the staged layout is written.

mod contact;
mod feedback;
mod helpdesk;
mod operations;
mod own;
mod shop;

use polars::prelude::{DataType, Schema, TimeUnit};

/// A kind of staged row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entity {
    Tickets,
    TicketEvents,
    Messages,
    Surveys,
    Interactions,
    BotSessions,
    Visits,
    Reviews,
    Customers,
    Agents,
    Orders,
    OrderLines,
    Refunds,
    Fulfillments,
    Returns,
    InventoryLevels,
    Costs,
    ExperimentAssignments,
    FxRates,
    Files,
    Quarantine,
}

/// What one kind of row looks like.
struct Layout {
    /// The name in job files and in `stg_<name>`.
    name: &'static str,
    /// What one row is.
    about: &'static str,
    /// Columns that, within a system, name the thing a row is a version of.
    key: &'static [&'static str],
    /// Date columns that decide the row's month; the first that is not NULL.
    anchors: &'static [&'static str],
    /// Whether the rows carry the customer group.
    has_customer: bool,
    /// The entity's own fields, in column order; the customer group is not among them.
    fields: &'static [Field],
}

/// A field as mappings name it. Timestamps and the customer group give several columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
    /// Personal values never reach the quarantine table.
    pub personal: bool,
    pub about: &'static str,
}

/// What a field holds and how its text is cast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text as delivered, trimmed.
    Text,
    /// Text in lower case, any value.
    Lower,
    /// Lower case, one of these.
    Enum(&'static [&'static str]),
    Integer,
    /// An integer that cannot be negative.
    Count,
    /// A span of time in whole seconds.
    Seconds,
    /// `DECIMAL(18,4)`.
    Decimal,
    /// `DECIMAL(18,4)` that cannot be negative.
    Amount,
    /// Never NULL: this value where nothing is delivered.
    Boolean(bool),
    /// A factor, exact to 6 decimals. `rate` gives the column `rate_millionths BIGINT`.
    Millionths,
    Timestamp,
    Date,
    /// Read by staging, never a column.
    Input,
    /// An input that may hold several values.
    InputList,
}

/// A column of a staged table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnInfo {
    pub name: String,
    pub data_type: DataType,
    pub about: String,
    pub required: bool,
    pub personal: bool,
}

/// Columns every entity has, first and in this order (`files` and `quarantine` have none of them).
pub const COMMON: [(&str, &str); 4] = [
    ("system", "VARCHAR"),
    ("batch", "VARCHAR"),
    ("record_number", "BIGINT"),
    ("item_number", "BIGINT"),
];

/// The inputs of the group `customer`; their columns are `customer_source_id`, `contact_hash` and `id_hash`.
pub(crate) const CUSTOMER: [Field; 3] = [
    personal("customer_id", "The customer's id in the system."),
    personal("email", "E-mail of the customer; only its keyed hash is kept."),
    personal(
        "phone",
        "Phone of the customer; only its keyed hash is kept, where there is no e-mail.",
    ),
];

/// Filled from the text that goes with it.
const SENTIMENT: Field = field(
    "sentiment_score",
    Kind::Decimal,
    "Mood of the text, -1 to 1: as mapped, else worked out from the text; NULL without one.",
);

const VENDOR_SENTIMENT: Field = field(
    "vendor_sentiment_score",
    Kind::Decimal,
    "The export's own score of the mood, as delivered.",
);

const fn field(name: &'static str, kind: Kind, about: &'static str) -> Field {
    Field {
        name,
        kind,
        required: false,
        personal: false,
        about,
    }
}

const fn required(name: &'static str, kind: Kind, about: &'static str) -> Field {
    Field {
        required: true,
        ..field(name, kind, about)
    }
}

const fn personal(name: &'static str, about: &'static str) -> Field {
    Field {
        personal: true,
        ..field(name, Kind::Input, about)
    }
}

impl Entity {
    /// Every entity, those that files can be mapped to first.
    pub const ALL: [Entity; 21] = [
        Entity::Tickets,
        Entity::TicketEvents,
        Entity::Messages,
        Entity::Surveys,
        Entity::Interactions,
        Entity::BotSessions,
        Entity::Visits,
        Entity::Reviews,
        Entity::Customers,
        Entity::Agents,
        Entity::Orders,
        Entity::OrderLines,
        Entity::Refunds,
        Entity::Fulfillments,
        Entity::Returns,
        Entity::InventoryLevels,
        Entity::Costs,
        Entity::ExperimentAssignments,
        Entity::FxRates,
        Entity::Files,
        Entity::Quarantine,
    ];

    fn layout(self) -> &'static Layout {
        match self {
            Entity::Tickets => &helpdesk::TICKETS,
            Entity::TicketEvents => &helpdesk::TICKET_EVENTS,
            Entity::Messages => &helpdesk::MESSAGES,
            Entity::Surveys => &feedback::SURVEYS,
            Entity::Interactions => &contact::INTERACTIONS,
            Entity::BotSessions => &contact::BOT_SESSIONS,
            Entity::Visits => &contact::VISITS,
            Entity::Reviews => &feedback::REVIEWS,
            Entity::Customers => &shop::CUSTOMERS,
            Entity::Agents => &helpdesk::AGENTS,
            Entity::Orders => &shop::ORDERS,
            Entity::OrderLines => &shop::ORDER_LINES,
            Entity::Refunds => &shop::REFUNDS,
            Entity::Fulfillments => &shop::FULFILLMENTS,
            Entity::Returns => &shop::RETURNS,
            Entity::InventoryLevels => &operations::INVENTORY_LEVELS,
            Entity::Costs => &operations::COSTS,
            Entity::ExperimentAssignments => &operations::EXPERIMENT_ASSIGNMENTS,
            Entity::FxRates => &operations::FX_RATES,
            Entity::Files => &own::FILES,
            Entity::Quarantine => &own::QUARANTINE,
        }
    }

    /// The name in job files and in `stg_<name>`.
    pub fn name(self) -> &'static str {
        self.layout().name
    }

    /// The entity of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|entity| entity.name() == name)
    }

    /// Whether files can be mapped to it (all but `files` and `quarantine`, which staging writes itself).
    pub fn is_mapped(self) -> bool {
        !matches!(self, Entity::Files | Entity::Quarantine)
    }

    /// Whether its rows are something that happened to customers. People, stock, costs and rates may be older than any
    /// of it.
    pub fn is_activity(self) -> bool {
        !matches!(
            self,
            Entity::Customers
                | Entity::Agents
                | Entity::InventoryLevels
                | Entity::Costs
                | Entity::FxRates
                | Entity::Files
                | Entity::Quarantine
        )
    }

    /// What one row is.
    pub fn about(self) -> &'static str {
        self.layout().about
    }

    /// Columns that, within a system, name the thing a row is a version of: at most two texts, and a date.
    pub fn key(self) -> &'static [&'static str] {
        self.layout().key
    }

    /// Date columns that decide the row's month; the first that is not NULL.
    pub fn anchors(self) -> &'static [&'static str] {
        self.layout().anchors
    }

    /// The entity's own fields, in column order; the customer group is not among them.
    pub fn fields(self) -> &'static [Field] {
        self.layout().fields
    }

    /// Whether the rows carry the customer group.
    pub fn has_customer(self) -> bool {
        self.layout().has_customer
    }

    /// Every name a mapping may give a value for: own fields, then the customer's.
    pub fn mapped_fields(self) -> impl Iterator<Item = Field> {
        let customer = if self.has_customer() { &CUSTOMER[..] } else { &[] };
        self.fields().iter().chain(customer).map(move |field| Field {
            required: field.required || self == Entity::Customers && field.name == "customer_id",
            ..*field
        })
    }

    /// All columns, with what they mean.
    pub fn columns(self) -> Vec<ColumnInfo> {
        let mut columns = Vec::new();
        let mut add = |name: String, data_type, about: &str, required, personal| {
            columns.push(ColumnInfo {
                name,
                data_type,
                about: about.to_owned(),
                required,
                personal,
            });
        };
        if self.is_mapped() {
            let text = DataType::String;
            add("system".into(), text.clone(), "Name space of the ids.", true, false);
            add(
                "batch".into(),
                text,
                "The landing file, as text that sorts by age.",
                true,
                false,
            );
            let about = "Number of the record in its file, from 1.";
            add("record_number".into(), DataType::Int64, about, true, false);
            let about = "Number of the child in its record, from 1; 0 for the record itself.";
            add("item_number".into(), DataType::Int64, about, true, false);
        }
        for field in self.fields() {
            let never_null = field.required || matches!(field.kind, Kind::Boolean(_));
            match field.kind {
                Kind::Input | Kind::InputList => {}
                Kind::Timestamp => {
                    let stem = stem(field.name);
                    let at = DataType::Datetime(TimeUnit::Microseconds, None);
                    add(field.name.into(), at, field.about, field.required, false);
                    let about = format!("`{}` in seconds since 1970.", field.name);
                    add(format!("{stem}_epoch"), DataType::Int64, &about, field.required, false);
                    let about = format!("Local date of `{}` in the job's time zone.", field.name);
                    add(format!("{stem}_date"), DataType::Date, &about, field.required, false);
                }
                kind => add(
                    field.column(),
                    kind.data_type(),
                    field.about,
                    never_null,
                    field.personal,
                ),
            }
        }
        if self.has_customer() {
            let text = DataType::String;
            let id_needed = self == Entity::Customers;
            add(
                "customer_source_id".into(),
                text.clone(),
                CUSTOMER[0].about,
                id_needed,
                false,
            );
            let about = "Keyed hash of the e-mail, else of the phone; NULL without either.";
            add("contact_hash".into(), text.clone(), about, false, false);
            let about = "Keyed hash of system and customer id; NULL without id.";
            add("id_hash".into(), text, about, id_needed, false);
        }
        columns
    }

    /// Names and types of all columns, for tables without rows too.
    pub fn schema(self) -> Schema {
        self.columns()
            .into_iter()
            .map(|column| (column.name.into(), column.data_type))
            .collect()
    }
}

impl Field {
    /// The name of its column (of the first, for a timestamp).
    pub fn column(&self) -> String {
        match self.kind {
            Kind::Millionths => format!("{}_millionths", self.name),
            _ => self.name.to_owned(),
        }
    }
}

impl Kind {
    /// The column's type (of the first column, for a timestamp).
    pub fn data_type(self) -> DataType {
        match self {
            Kind::Text | Kind::Lower | Kind::Enum(_) | Kind::Input | Kind::InputList => DataType::String,
            Kind::Integer | Kind::Count | Kind::Seconds | Kind::Millionths => DataType::Int64,
            Kind::Decimal | Kind::Amount => DataType::Decimal(18, 4),
            Kind::Boolean(_) => DataType::Boolean,
            Kind::Timestamp => DataType::Datetime(TimeUnit::Microseconds, None),
            Kind::Date => DataType::Date,
        }
    }
}

/// `created_at` to `created`.
pub(crate) fn stem(name: &str) -> &str {
    name.strip_suffix("_at").unwrap_or(name)
}

/// The SQL word of a column type, for documents.
pub fn sql_type(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Int64 => "BIGINT",
        DataType::Boolean => "BOOLEAN",
        DataType::Date => "DATE",
        DataType::Datetime(..) => "TIMESTAMP",
        DataType::Decimal(..) => "DECIMAL(18,4)",
        _ => "VARCHAR",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_anchors_are_columns_and_names_are_unique() {
        for entity in Entity::ALL {
            let schema = entity.schema();
            assert_eq!(schema.len(), entity.columns().len(), "{}", entity.name());
            for name in entity.key().iter().chain(entity.anchors()) {
                assert!(schema.contains(name), "{}.{name}", entity.name());
            }
            assert_eq!(Entity::from_name(entity.name()), Some(entity));
        }
    }

    #[test]
    fn a_timestamp_gives_three_columns() {
        let names: Vec<String> = Entity::Messages.columns().into_iter().map(|c| c.name).collect();
        let start = [
            "system",
            "batch",
            "record_number",
            "item_number",
            "message_id",
            "ticket_id",
            "sent_at",
            "sent_epoch",
            "sent_date",
        ];
        assert_eq!(names[..9], start);
    }
}
