//! The tables as a run sees them: what the ledger says, plus what this run has built and not published yet.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use bytes::Bytes;

use super::inputs::{Encoded, Input, Part, needed_columns};
use super::ledger::{Ledger, Output, STAND_IN, Unit};
use crate::error::Result;
use crate::model::{self, Catalog, Model, Month, Months, Parameters, staged_entity};
use crate::stage::Entity;

/// Raised when the engine makes other bytes of the same rows, so that everything is built again.
const ENGINE_VERSION: u32 = 2;

/// Stands in every unit's fingerprint, with how its model names its objects.
const LAYOUT: &str = "layout";

/// The unit that keeps an empty table readable: a month no unit of a model can have.
const STAND_IN_UNIT: Month = Month::NEVER;

/// The tables of one run.
pub struct Tables<'a> {
    pub ledger: Cow<'a, Ledger>,
    pub catalog: &'a Catalog,
    parameters: &'a Parameters,
    /// Staged slices by entity and month.
    staged: BTreeMap<&'static str, BTreeMap<Month, Vec<Slice>>>,
    /// Objects built and not yet published, by key.
    pub pending: HashMap<String, Bytes>,
    /// Objects that no unit has any more.
    pub removed: BTreeSet<String>,
}

/// Where the rows of a staged slice are, and their hash.
struct Slice {
    part: Part,
    hash: String,
}

impl<'a> Tables<'a> {
    pub fn new(ledger: Cow<'a, Ledger>, catalog: &'a Catalog, parameters: &'a Parameters) -> Self {
        let slice = |slice: &super::ledger::Slice| Slice {
            part: Part {
                key: slice.key.clone(),
                rows: Some((slice.first_row, slice.rows)),
                pending: None,
            },
            hash: slice.hash.clone(),
        };
        let mut slices = ledger.slices();
        let staged = Entity::ALL.map(|entity| {
            let months = slices.remove(entity.name()).unwrap_or_default().into_iter();
            let months = months.map(|(month, slices)| (month, slices.into_iter().map(slice).collect()));
            (entity.name(), months.collect())
        });
        Self {
            ledger,
            catalog,
            parameters,
            staged: BTreeMap::from(staged),
            pending: HashMap::new(),
            removed: BTreeSet::new(),
        }
    }

    /// The units a model has: the months in which an input that it reads as `same` has rows.
    pub fn units(&self, model: &Model) -> BTreeSet<Month> {
        if model.partition.is_none() {
            let any = model.inputs.iter().any(|(input, _)| !self.months(input).is_empty());
            // What follows from the job alone, such as the dictionary, waits for no data.
            let any = any || model.inputs.iter().all(|(input, _)| model::is_parameter(input));
            return any.then_some(Month::UNDATED).into_iter().collect();
        }
        let drivers = model.inputs.iter().filter(|(_, months)| months.drives());
        drivers.flat_map(|(input, _)| self.months(input)).collect()
    }

    fn months(&self, table: &str) -> BTreeSet<Month> {
        if table == "dates" {
            return self.parameters.months().into_iter().collect();
        }
        if model::is_parameter(table) {
            return BTreeSet::new();
        }
        match staged_entity(table) {
            Some(entity) => self.slices(entity.name()).map(|(month, _)| month).collect(),
            None => self
                .outputs(table, |_| true)
                .into_iter()
                .map(|(month, ..)| month)
                .collect(),
        }
    }

    /// The staged slices of an entity, in a fixed order.
    fn slices(&self, entity: &str) -> impl Iterator<Item = (Month, &Slice)> {
        let months = self.staged.get(entity).into_iter().flatten();
        months.flat_map(|(month, slices)| slices.iter().map(move |slice| (*month, slice)))
    }

    /// The objects with rows that a table has in the months wanted, in a fixed order.
    fn outputs(&self, table: &str, wanted: impl Fn(Month) -> bool) -> Vec<(Month, String, &Output)> {
        let Some(model) = self.catalog.get(table) else {
            return Vec::new();
        };
        let units = self.ledger.tables.get(table);
        let mut outputs: Vec<(Month, String, &Output)> = units
            .into_iter()
            .flatten()
            .flat_map(|(unit, built)| built.outputs.iter().map(move |(month, output)| (unit, month, output)))
            .filter(|(_, month, output)| wanted(**month) && (output.rows > 0 || model.partition.is_none()))
            .map(|(unit, month, output)| (*month, object_key(model, *unit, *month), output))
            .collect();
        outputs.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        outputs
    }

    /// Hashes of everything a unit is built from. Of a published table it is only the columns that the model reads: a
    /// ticket's new status is no reason to look up its customer again.
    pub fn fingerprint(&self, model: &Model, unit: Month) -> Result<BTreeMap<String, String>> {
        let mut fingerprint = BTreeMap::new();
        fingerprint.insert(LAYOUT.to_owned(), layout(model));
        fingerprint.insert("sql".to_owned(), hash(&format!("{ENGINE_VERSION}|{}", model.text)));
        if !model.settings.is_empty() {
            let settings = self.parameters.settings_fingerprint(&model.settings);
            fingerprint.insert("settings".to_owned(), hash(&settings));
        }
        for (input, months) in &model.inputs {
            let mut text = String::new();
            if matches!(input.as_str(), "dates" | "calendar") {
                for month in self.day_months(input, unit, *months) {
                    text.push_str(&self.parameters.fingerprint(input, Some(month))?);
                }
            } else if model::is_parameter(input) {
                text.push_str(&self.parameters.fingerprint(input, None)?);
            } else if let Some(entity) = staged_entity(input) {
                // Not the objects' names: one may change without the rows that a slice of it holds.
                let wanted = self
                    .slices(entity.name())
                    .filter(|(month, _)| months.reads(unit, *month));
                wanted.for_each(|(_, slice)| text.push_str(&slice.hash));
            } else if let Some(read) = self.catalog.get(input) {
                let columns = needed_columns(model, input, read.columns.iter().map(|column| column.name.as_str()));
                for (_, key, output) in self.outputs(input, |month| months.reads(unit, month)) {
                    text.push_str(&key);
                    for column in &columns {
                        text.push_str(output.columns.get(*column).map_or("", String::as_str));
                    }
                }
            }
            fingerprint.insert(input.clone(), hash(&text));
        }
        Ok(fingerprint)
    }

    /// The months of a table of days that a unit reads. `dates` ends with the watermark, `calendar` never does.
    fn day_months(&self, table: &str, unit: Month, months: Months) -> Vec<Month> {
        match table {
            "calendar" => months.around(unit),
            _ => {
                let known = self.parameters.months().into_iter();
                known.filter(|month| months.reads(unit, *month)).collect()
            }
        }
    }

    /// Where the rows are that a unit reads, by the names its SQL uses.
    pub fn inputs(&self, model: &Model, unit: Month) -> Vec<(String, Input)> {
        let inputs = model.inputs.iter().map(|(input, months)| {
            let found = if model::is_parameter(input) {
                Input::Parameter(self.day_months(input, unit, *months))
            } else if let Some(entity) = staged_entity(input) {
                let wanted = self
                    .slices(entity.name())
                    .filter(|(month, _)| months.reads(unit, *month));
                Input::Table(wanted.map(|(_, slice)| slice.part.clone()).collect())
            } else {
                let outputs = self.outputs(input, |month| months.reads(unit, month)).into_iter();
                let parts = outputs.map(|(_, key, _)| Part {
                    pending: self.pending.get(&key).cloned(),
                    rows: None,
                    key,
                });
                Input::Table(parts.collect())
            };
            (input.clone(), found)
        });
        inputs.collect()
    }

    /// Notes what a unit came out as. Returns whether any of its rows differ from what was there.
    pub fn note(
        &mut self,
        model: &Model,
        unit: Month,
        fingerprint: BTreeMap<String, String>,
        built: BTreeMap<Month, Encoded>,
    ) -> bool {
        let before = self.take(model, unit);
        let mut outputs = BTreeMap::new();
        let mut changed = false;
        for (month, encoded) in built {
            let old = before.as_ref().and_then(|unit| unit.outputs.get(&month));
            let is_old = old.is_some_and(|old| old.hash == encoded.hash);
            let output = Output {
                version: old
                    .filter(|_| is_old)
                    .map_or_else(String::new, |old| old.version.clone()),
                hash: encoded.hash,
                rows: encoded.rows,
                size_bytes: encoded.bytes.len() as u64,
                columns: encoded.columns,
            };
            if !is_old {
                changed = true;
                self.pending.insert(object_key(model, unit, month), encoded.bytes);
            }
            outputs.insert(month, output);
        }
        for month in before.iter().flat_map(|unit| unit.outputs.keys()) {
            if !outputs.contains_key(month) {
                changed = true;
                self.removed.insert(object_key(model, unit, *month));
            }
        }
        let units = self.ledger.to_mut().tables.entry(model.name.clone()).or_default();
        units.insert(unit, Unit { fingerprint, outputs });
        changed
    }

    /// The units of a model that are built, without the stand-in of an empty table.
    pub fn known_units(&self, model: &Model) -> BTreeSet<Month> {
        let built = self.ledger.tables.get(&model.name).into_iter().flatten();
        built
            .filter(|(_, unit)| !unit.is_stand_in())
            .map(|(month, _)| *month)
            .collect()
    }

    /// A table without a single row keeps one object without rows, so that readers find it and its columns.
    pub fn keep_readable(&mut self, model: &Model) -> Result<()> {
        let units = self.ledger.tables.get(&model.name).into_iter().flatten();
        let real = units.filter(|(_, unit)| !unit.is_stand_in());
        let has_objects = real.clone().any(|(_, unit)| !unit.outputs.is_empty());
        let needs = !has_objects && model.partition.is_some();
        let has = self
            .ledger
            .tables
            .get(&model.name)
            .and_then(|units| units.get(&STAND_IN_UNIT));
        let has = has.is_some_and(Unit::is_stand_in);
        if has && !needs {
            self.drop_unit(model, STAND_IN_UNIT);
        } else if needs {
            let columns = model
                .columns
                .iter()
                .map(|c| format!("{} {}, ", c.name, c.sql_type.name()))
                .collect::<String>();
            let fingerprint = BTreeMap::from([
                (STAND_IN.to_owned(), hash(&columns)),
                (LAYOUT.to_owned(), layout(model)),
            ]);
            let known = self
                .ledger
                .tables
                .get(&model.name)
                .and_then(|units| units.get(&STAND_IN_UNIT));
            if known.is_none_or(|unit| unit.fingerprint != fingerprint || unit.outputs.is_empty()) {
                let encoded = Encoded::of(&mut model::empty(model), &BTreeSet::new())?;
                self.note(
                    model,
                    STAND_IN_UNIT,
                    fingerprint,
                    BTreeMap::from([(Month::UNDATED, encoded)]),
                );
            }
        }
        Ok(())
    }

    /// Drops a unit that has no input any more.
    pub fn drop_unit(&mut self, model: &Model, unit: Month) {
        if let Some(before) = self.take(model, unit) {
            self.removed
                .extend(before.outputs.keys().map(|month| object_key(model, unit, *month)));
        }
    }

    /// Drops them. Their objects are found by the layout of their names.
    pub fn drop_unknown_tables(&mut self) -> Vec<String> {
        let unknown = self.unknown_tables();
        for table in &unknown {
            self.ledger.to_mut().tables.remove(table);
        }
        unknown
    }

    /// Tables whose model is gone, or names its objects otherwise than before.
    pub fn unknown_tables(&self) -> Vec<String> {
        let is_known = |table: &str, units: &BTreeMap<Month, Unit>| {
            let layout = self.catalog.get(table).map(layout);
            let mut before = units.values().filter_map(|unit| unit.fingerprint.get(LAYOUT));
            layout.is_some_and(|layout| before.all(|before| *before == layout))
        };
        let tables = self.ledger.tables.iter();
        tables
            .filter(|(table, units)| !is_known(table, units))
            .map(|(table, _)| table.clone())
            .collect()
    }

    fn take(&mut self, model: &Model, unit: Month) -> Option<Unit> {
        self.ledger.to_mut().tables.get_mut(&model.name)?.remove(&unit)
    }
}

/// How a model names its objects; written out, as another one needs no hash to be told apart.
fn layout(model: &Model) -> String {
    let parts = match (&model.partition, model.scatter) {
        (None, _) => "whole",
        (Some(_), false) => "by month",
        (Some(_), true) => "by month and unit",
    };
    format!("{} {parts}", model.folder())
}

/// Where the rows of one unit that fall into one month are published.
pub fn object_key(model: &Model, unit: Month, month: Month) -> String {
    let folder = model.folder();
    match (&model.partition, model.scatter) {
        (None, _) => format!("{folder}/part-0.parquet"),
        (Some(_), _) if unit == STAND_IN_UNIT => format!("{folder}/month={month}/part-0.parquet"),
        (Some(_), false) => format!("{folder}/month={month}/part-0.parquet"),
        (Some(_), true) => format!("{folder}/month={month}/from-{unit}.parquet"),
    }
}

fn hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..16].to_owned()
}
