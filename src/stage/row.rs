//! Rows of one entity: every field read, every reason collected, accepted rows added to the columns.

use std::borrow::Cow;

use super::cast::Reason;
use super::columns::Builder;
use super::compile::EntityMapping;
use super::decimal::SCALE;
use super::entity::{Entity, Field, Kind};
use super::identity;
use super::reason::Reasons;
use super::sentiment;
use super::time::Offsets;
use super::value::{Cell, Refusal, Scope, read};
use crate::stage::StageContext;
use chrono_tz::Tz;

/// What casting needs besides the mapping.
#[derive(Clone, Copy)]
pub struct Casting<'c> {
    pub context: &'c StageContext,
    pub reasons: &'c Reasons,
    pub system: &'c str,
    /// The source's zone.
    pub zone: Tz,
}

/// Fields that [`derive`] fills where nothing is mapped.
const DERIVED: [&str; 7] = [
    "contact_reason",
    "currency",
    "sequence",
    "gross_amount",
    "sentiment_score",
    "location_id",
    "subject_kind",
];

/// A line for the quarantine table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub entity: Entity,
    pub record_number: i64,
    pub item_number: i64,
    pub column_name: &'static str,
    pub reason: &'static str,
    pub value: Option<String>,
}

/// The growing table of one entity.
pub struct TableBuilder {
    pub entity: Entity,
    pub record_numbers: Vec<i64>,
    pub item_numbers: Vec<i64>,
    pub columns: Vec<Option<Builder>>,
    pub customer: Vec<Builder>,
    pub refused_rows: usize,
    pub refused: Vec<Refused>,
    /// Newest local date among anchors and versions.
    pub last_day: Option<i32>,
    dated: Vec<bool>,
}

impl TableBuilder {
    /// A table for rows of these mappings. Fields that none of them fills have no column here.
    pub fn new(entity: Entity, mappings: &[EntityMapping]) -> Self {
        let filled = |field: &Field| {
            DERIVED.contains(&field.name)
                || mappings
                    .iter()
                    .filter(|mapping| mapping.entity == entity)
                    .flat_map(|mapping| &mapping.fields)
                    .any(|(known, spec)| known.name == field.name && spec.is_some())
        };
        let column = |field: &Field| filled(field).then(|| Builder::new(field)).flatten();
        let customer = if entity.has_customer() {
            ["customer_source_id", "contact_hash", "id_hash"]
                .map(Builder::text)
                .into()
        } else {
            Vec::new()
        };
        let counts = |field: &Field| {
            let date = format!("{}_date", super::entity::stem(field.name));
            field.kind == Kind::Timestamp && (field.name == "updated_at" || entity.anchors().contains(&date.as_str()))
        };
        Self {
            entity,
            record_numbers: Vec::new(),
            item_numbers: Vec::new(),
            columns: entity.fields().iter().map(column).collect(),
            customer,
            refused_rows: 0,
            refused: Vec::new(),
            last_day: None,
            dated: entity.fields().iter().map(counts).collect(),
        }
    }

    /// Reads one row and adds it, or its reasons.
    pub fn add(&mut self, mapping: &EntityMapping, scope: Scope<'_>, casting: Casting<'_>, offsets: &mut Offsets) {
        let mut cells = Vec::with_capacity(mapping.fields.len());
        let before = self.refused.len();
        for (field, spec) in &mapping.fields {
            let cell = match spec {
                None => Ok(Cell::Null),
                Some(spec) => read(spec, field.kind, scope, casting.zone, offsets),
            };
            let cell = match cell {
                Ok(Cell::Null) if field.required => Err(Refusal {
                    reason: Reason::Missing,
                    value: None,
                }),
                cell => cell,
            };
            cells.push(cell.unwrap_or_else(|refusal| {
                self.refused.push(Refused {
                    entity: self.entity,
                    record_number: scope.record_number,
                    item_number: scope.item_number,
                    column_name: field.name,
                    reason: refusal.reason.word(),
                    value: refusal.value.filter(|_| !field.personal),
                });
                Cell::Null
            }));
        }
        if self.refused.len() == before
            && let Some((column_name, reason)) = derive(self.entity, &mut cells, casting)
        {
            self.refused.push(Refused {
                entity: self.entity,
                record_number: scope.record_number,
                item_number: scope.item_number,
                column_name,
                reason: reason.word(),
                value: None,
            });
        }
        if self.refused.len() > before {
            self.refused_rows += 1;
            return;
        }
        self.push(&cells, scope, casting, offsets);
    }

    fn push(&mut self, cells: &[Cell<'_>], scope: Scope<'_>, casting: Casting<'_>, offsets: &mut Offsets) {
        self.record_numbers.push(scope.record_number);
        self.item_numbers.push(scope.item_number);
        for (at, column) in self.columns.iter_mut().enumerate() {
            let (Some(column), Some(cell)) = (column, cells.get(at)) else {
                continue;
            };
            let day = column.push(cell, offsets);
            if self.dated.get(at) == Some(&true) {
                self.last_day = self.last_day.max(day);
            }
        }
        if self.customer.is_empty() {
            return;
        }
        let key = &casting.context.hash_key;
        // The customer's inputs follow the entity's own fields.
        let own = self.columns.len();
        let text = |at: usize| match cells.get(own + at) {
            Some(Cell::Text(text)) => Some(text.as_ref()),
            _ => None,
        };
        let id = text(0);
        let contact = identity::contact_hash(key, text(1), text(2));
        let id_hash = id.map(|id| identity::id_hash(key, casting.system, id));
        let cell = |text: Option<String>| text.map_or(Cell::Null, |text| Cell::Text(Cow::Owned(text)));
        let values = [
            id.map_or(Cell::Null, |id| Cell::Text(Cow::Borrowed(id))),
            cell(contact),
            cell(id_hash),
        ];
        for (column, value) in self.customer.iter_mut().zip(&values) {
            column.push(value, offsets);
        }
    }
}

/// Fills what follows from other fields: defaults, the contact reason, currency, sequence, gross amount and sentiment.
fn derive(entity: Entity, cells: &mut [Cell<'_>], casting: Casting<'_>) -> Option<(&'static str, Reason)> {
    for (field, cell) in entity.fields().iter().zip(cells.iter_mut()) {
        if let (Kind::Boolean(default), Cell::Null) = (field.kind, &*cell) {
            *cell = Cell::Bool(default);
        }
    }
    let at = |name: &str| entity.fields().iter().position(|field| field.name == name);
    match entity {
        Entity::Tickets => {
            let list = |cells: &[Cell<'_>], name| match at(name).and_then(|at| cells.get(at)) {
                Some(Cell::List(list)) => list.clone(),
                _ => Vec::new(),
            };
            let place = at("contact_reason")?;
            if cells.get(place) == Some(&Cell::Null) {
                let tags = split_tags(list(cells, "tags"));
                let subject = list(cells, "subject").into_iter().next().unwrap_or_default();
                let reason = casting.reasons.reason(&tags, &subject).to_owned();
                *cells.get_mut(place)? = Cell::Text(Cow::Owned(reason));
            }
        }
        Entity::Orders | Entity::Costs => {
            let currency = cells.get_mut(at("currency")?)?;
            *currency = match &*currency {
                Cell::Text(text) => Cell::Text(Cow::Owned(text.to_uppercase())),
                _ => Cell::Text(Cow::Owned(casting.context.currency.clone())),
            };
        }
        Entity::TicketEvents | Entity::Messages => {
            let place = at("sequence")?;
            if let (Some(Cell::Null), Some(Cell::Text(id))) = (cells.get(place), cells.first()) {
                let sequence = id.parse().map_or(Cell::Null, Cell::Int);
                *cells.get_mut(place)? = sequence;
            }
        }
        Entity::InventoryLevels => default_text(cells.get_mut(at("location_id")?)?, "all"),
        Entity::ExperimentAssignments => default_text(cells.get_mut(at("subject_kind")?)?, "customer"),
        Entity::FxRates => {
            for name in ["from_currency", "to_currency"] {
                let currency = cells.get_mut(at(name)?)?;
                if let Cell::Text(text) = currency {
                    *currency = Cell::Text(Cow::Owned(text.to_uppercase()));
                }
            }
        }
        Entity::OrderLines => {
            let (place, quantity, price) = (at("gross_amount")?, at("quantity")?, at("unit_price")?);
            if let (Some(Cell::Null), Some(Cell::Int(quantity)), Some(Cell::Decimal(price))) =
                (cells.get(place), cells.get(quantity), cells.get(price))
            {
                let gross = i128::from(*quantity).checked_mul(*price);
                match gross.filter(|gross| *gross < 10_i128.pow(14 + SCALE)) {
                    Some(gross) => *cells.get_mut(place)? = Cell::Decimal(gross),
                    None => return Some(("gross_amount", Reason::OutOfRange)),
                }
            }
        }
        _ => {}
    }
    let place = at("sentiment_score")?;
    match cells.get(place) {
        Some(Cell::Decimal(score)) if score.abs() > 10_i128.pow(SCALE) => Some(("sentiment_score", Reason::OutOfRange)),
        Some(Cell::Null) => {
            let text = |name: &str| match at(name).and_then(|at| cells.get(at)) {
                Some(Cell::Text(text)) => Some(text.as_ref()),
                _ => None,
            };
            let written = text("body").or_else(|| text("comment"))?;
            let score = sentiment::score(written, text("language"))?.score_e4;
            *cells.get_mut(place)? = Cell::Decimal(i128::from(score));
            None
        }
        _ => None,
    }
}

fn default_text(cell: &mut Cell<'_>, value: &'static str) {
    if *cell == Cell::Null {
        *cell = Cell::Text(Cow::Borrowed(value));
    }
}

/// Tags of a table stand in one cell.
fn split_tags(tags: Vec<String>) -> Vec<String> {
    if let [one] = tags.as_slice() {
        let parts = one.split([',', ';', '|']).flat_map(str::split_whitespace);
        let mut split: Vec<String> = parts.map(str::to_owned).collect();
        split.extend(one.split([',', ';', '|']).map(|tag| tag.trim().to_owned()));
        return split;
    }
    tags
}
