//! What the shop's other tools export, in the canonical layout: surveys, calls and chats, bot, help centre, reviews,
//! returns, stock, costs, experiments, rates. Rows are drawn when the order or ticket is that they belong to, from streams
//! of their own, and wait in a queue for the day on which they are exported.

mod after_order;
mod after_ticket;
mod around;
mod stock;

pub use after_order::AfterOrder;
pub use after_ticket::AfterTicket;
pub use around::costs;
pub use stock::{sold_out, stock};

use super::clock::{Instant, day_of};
use super::json::Json;
use super::people::{CustomerNumber, helpdesk_id, person, shop_id};
use super::words::Language;
use std::collections::BTreeMap;

/// A folder of daily files. The same name under two vendors is one entity with ids of two systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Folder {
    Interactions,
    BotSessions,
    Visits,
    TicketSurveys,
    TicketExperiments,
    OrderSurveys,
    OrderExperiments,
    Reviews,
    Returns,
    InventoryLevels,
    FxRates,
}

impl Folder {
    /// Vendor, folder, ending, and the header of a CSV.
    pub fn file(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Folder::Interactions => ("zendesk", "interactions", "jsonl", ""),
            Folder::BotSessions => ("zendesk", "bot_sessions", "jsonl", ""),
            Folder::Visits => ("zendesk", "visits", "jsonl", ""),
            Folder::TicketSurveys => ("zendesk", "surveys", "jsonl", ""),
            Folder::TicketExperiments => ("zendesk", "experiment_assignments", "jsonl", ""),
            Folder::OrderSurveys => ("shopify", "surveys", "jsonl", ""),
            Folder::OrderExperiments => ("shopify", "experiment_assignments", "jsonl", ""),
            Folder::Reviews => ("shopify", "reviews", "jsonl", ""),
            Folder::Returns => ("shopify", "returns", "jsonl", ""),
            Folder::InventoryLevels => (
                "shopify",
                "inventory_levels",
                "csv",
                "product_id,sku,level_date,available_quantity\n",
            ),
            Folder::FxRates => (
                "finance",
                "fx_rates",
                "csv",
                "rate_date,from_currency,to_currency,rate\n",
            ),
        }
    }
}

/// Finished rows with the moment that puts them in order.
type Rows = Vec<(Instant, Vec<u8>)>;

/// Rows that wait for the day of their export.
#[derive(Default)]
pub struct Queue(BTreeMap<i64, BTreeMap<Folder, Rows>>);

impl Queue {
    pub fn push(&mut self, folder: Folder, at: Instant, row: Vec<u8>) {
        self.0
            .entry(day_of(at))
            .or_default()
            .entry(folder)
            .or_default()
            .push((at, row));
    }

    /// The files of the day.
    pub fn take(&mut self, day: i64) -> BTreeMap<Folder, Vec<u8>> {
        let rows = self.0.remove(&day).unwrap_or_default();
        let file = |(folder, mut rows): (Folder, Rows)| {
            rows.sort_by_key(|row| row.0);
            let header = folder.file().3.as_bytes().to_vec();
            let bytes = rows.into_iter().fold(header, |mut bytes, (_, row)| {
                bytes.extend(row);
                bytes
            });
            (folder, bytes)
        };
        rows.into_iter().map(file).collect()
    }
}

/// A JSON row under construction. What is not known is left out.
pub struct Row(Json);

impl Row {
    fn new(key: &str, id: &str) -> Self {
        let mut json = Json::default();
        json.open('{').key(key).text(id);
        Self(json)
    }

    fn text(mut self, key: &str, value: &str) -> Self {
        self.0.key(key).text(value);
        self
    }

    fn number(mut self, key: &str, value: i64) -> Self {
        self.0.key(key).number(value);
        self
    }

    fn at(mut self, key: &str, at: Instant) -> Self {
        self.0.key(key).instant(at);
        self
    }

    /// A customer under the helpdesk's id.
    fn in_helpdesk(self, seed: u64, customer: CustomerNumber) -> Self {
        let email = person(seed, customer).email;
        self.number("customer_id", helpdesk_id(customer)).text("email", &email)
    }

    /// A customer under the shop's id.
    fn in_shop(self, seed: u64, customer: CustomerNumber) -> Self {
        let email = person(seed, customer).email;
        self.number("customer_id", shop_id(customer)).text("email", &email)
    }

    fn end(mut self) -> Vec<u8> {
        self.0.close('}').end_line();
        self.0.0
    }
}

impl Language {
    pub fn code(self) -> &'static str {
        match self {
            Language::Spanish => "es",
            Language::Portuguese => "pt",
            Language::English => "en",
        }
    }
}
