//! The tables as a run sees them: what the ledger says, plus what this run has built and not published yet.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::time::Instant;

use bytes::Bytes;
use polars::prelude::DataFrame;

use super::decoded::Decoded;
use super::ledger::{Ledger, Output, STAND_IN, Unit};
use crate::error::{Error, Result};
use crate::model::{self, Built, Catalog, Model, Month, Months, Parameters, staged_entity};
use crate::store::Store;

/// Raised when the engine makes other bytes of the same rows, so that everything is built again.
const ENGINE_VERSION: u32 = 1;

/// Stands in every unit's fingerprint, with how its model names its objects.
const LAYOUT: &str = "layout";

/// The unit that keeps an empty table readable: a month no unit of a model can have.
const STAND_IN_UNIT: Month = Month::NEVER;

/// An object that holds rows of a table, and the hash of its content.
#[derive(Debug, Clone)]
struct Part {
    month: Month,
    key: String,
    /// The rows in the object; all of them for a published one.
    rows: Option<(u64, u64)>,
    hash: String,
}

/// The tables of one run.
pub struct Tables<'a> {
    pub ledger: Ledger,
    pub catalog: &'a Catalog,
    store: &'a Store,
    parameters: &'a Parameters,
    staged: BTreeMap<&'static str, Vec<Part>>,
    /// Objects built and not yet published, by key.
    pub pending: HashMap<String, Bytes>,
    /// Objects that no unit has any more.
    pub removed: BTreeSet<String>,
    decoded: Decoded,
}

impl<'a> Tables<'a> {
    pub fn new(ledger: Ledger, catalog: &'a Catalog, store: &'a Store, parameters: &'a Parameters) -> Self {
        let staged = crate::stage::Entity::ALL
            .iter()
            .map(|entity| {
                let slices = ledger.slices(entity.name());
                let parts = slices.into_iter().map(|(_, slice)| Part {
                    month: slice.month,
                    key: slice.key.clone(),
                    rows: Some((slice.first_row, slice.rows)),
                    hash: slice.hash.clone(),
                });
                (entity.name(), parts.collect())
            })
            .collect();
        Self {
            ledger,
            catalog,
            store,
            parameters,
            staged,
            pending: HashMap::new(),
            removed: BTreeSet::new(),
            decoded: Decoded::default(),
        }
    }

    /// The units a model has: the months in which an input that it reads as `same` has rows.
    pub fn units(&self, model: &Model) -> BTreeSet<Month> {
        if model.partition.is_none() {
            let any = model.inputs.iter().any(|(input, _)| !self.months(input).is_empty());
            return any.then_some(Month::UNDATED).into_iter().collect();
        }
        let drivers = model.inputs.iter().filter(|(_, months)| months.drives());
        drivers.flat_map(|(input, _)| self.months(input)).collect()
    }

    fn months(&self, table: &str) -> BTreeSet<Month> {
        if table == "dates" {
            return self.parameters.months().into_iter().collect();
        }
        self.parts(table, |_| true).into_iter().map(|part| part.month).collect()
    }

    /// The objects of a table in the months wanted, in a fixed order.
    fn parts(&self, table: &str, wanted: impl Fn(Month) -> bool) -> Vec<Part> {
        if let Some(entity) = staged_entity(table) {
            let parts = self.staged.get(entity.name()).into_iter().flatten();
            return parts.filter(|part| wanted(part.month)).cloned().collect();
        }
        let Some(model) = self.catalog.get(table) else {
            return Vec::new();
        };
        let units = self.ledger.tables.get(table);
        let mut parts: Vec<Part> = units
            .into_iter()
            .flatten()
            .flat_map(|(unit, built)| built.outputs.iter().map(move |(month, output)| (unit, month, output)))
            .filter(|(_, month, output)| wanted(**month) && (output.rows > 0 || model.partition.is_none()))
            .map(|(unit, month, output)| Part {
                month: *month,
                key: object_key(model, *unit, *month),
                rows: None,
                hash: output.hash.clone(),
            })
            .collect();
        parts.sort_by(|a, b| (a.month, &a.key).cmp(&(b.month, &b.key)));
        parts
    }

    /// Hashes of everything a unit is built from.
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
            if input == "dates" {
                for month in self.date_months(unit, *months) {
                    text.push_str(&self.parameters.fingerprint(input, Some(month))?);
                }
            } else if model::is_parameter(input) {
                text.push_str(&self.parameters.fingerprint(input, None)?);
            }
            for part in self.parts(input, |month| months.reads(unit, month)) {
                // The object of a staged slice may change without its rows; a published object's name says the unit.
                if part.rows.is_none() {
                    text.push_str(&part.key);
                }
                text.push_str(&part.hash);
            }
            fingerprint.insert(input.clone(), hash(&text));
        }
        Ok(fingerprint)
    }

    fn date_months(&self, unit: Month, months: Months) -> Vec<Month> {
        self.parameters
            .months()
            .into_iter()
            .filter(|month| months.reads(unit, *month))
            .collect()
    }

    /// The rows a unit reads, by the names its SQL uses.
    pub fn inputs(&self, model: &Model, unit: Month) -> Result<Vec<(String, DataFrame)>> {
        let mut inputs = Vec::new();
        for (input, months) in &model.inputs {
            let frame = if model::is_parameter(input) {
                self.parameters.table(input, &self.date_months(unit, *months))?
            } else {
                self.read(model, input, |month| months.reads(unit, month))?
            };
            inputs.push((input.clone(), frame));
        }
        if !model.settings.is_empty() {
            inputs.push(("settings".to_owned(), self.parameters.settings(&model.settings)?));
        }
        Ok(inputs)
    }

    /// The rows of a table in the months wanted; of its columns those that the model may read.
    fn read(&self, model: &Model, table: &str, wanted: impl Fn(Month) -> bool) -> Result<DataFrame> {
        let whole = match (staged_entity(table), self.catalog.get(table)) {
            (Some(entity), _) => DataFrame::empty_with_schema(&entity.schema()),
            (None, Some(model)) => model::empty(model),
            (None, None) => return Err(Error::Bug(format!("there is no table {table}"))),
        };
        let names = whole
            .get_column_names()
            .into_iter()
            .filter(|name| model.reads.needs(table, name));
        let mut names: Vec<String> = names.map(ToString::to_string).collect();
        if names.is_empty() {
            // Only counted: a frame without columns would have no rows.
            names.extend(whole.get_column_names().first().map(ToString::to_string));
        }
        let mut frame = whole.select(names.iter().map(String::as_str))?;
        let parts = self.parts(table, wanted);
        let objects = self.objects(&parts, &names)?;
        for part in &parts {
            let Some(object) = objects.get(part.key.as_str()) else {
                continue;
            };
            match part.rows {
                None => frame.vstack_mut(object)?,
                Some((first, rows)) => frame.vstack_mut(&object.slice(first as i64, rows as usize))?,
            };
        }
        Ok(frame)
    }

    /// The columns named of the objects of some parts, decoded, each once.
    fn objects<'p>(&self, parts: &'p [Part], columns: &[String]) -> Result<BTreeMap<&'p str, DataFrame>> {
        let mut objects = BTreeMap::new();
        let mut missing: BTreeSet<&str> = parts.iter().map(|part| part.key.as_str()).collect();
        missing.retain(|key| match self.decoded.get(key, columns) {
            Some(frame) => {
                objects.insert(*key, frame);
                false
            }
            None => true,
        });
        let (pending, stored): (Vec<&str>, Vec<&str>) =
            missing.into_iter().partition(|key| self.pending.contains_key(*key));
        let paths: Vec<String> = stored.iter().map(|key| (*key).to_owned()).collect();
        let pending = pending.into_iter().map(|key| (key, self.pending[key].clone()));
        let stored = stored.into_iter().zip(self.store.get_all(&paths)?);
        for (key, bytes) in pending.chain(stored) {
            let frame = model::decode(bytes, columns.to_vec())?;
            self.decoded.put(key, columns, &frame);
            objects.insert(key, frame);
        }
        Ok(objects)
    }

    /// Computes one unit from scratch.
    fn compute(&self, model: &Model, unit: Month, dump: Option<&Path>) -> Result<Built> {
        let started = Instant::now();
        let inputs = self.inputs(model, unit)?;
        let read_seconds = started.elapsed().as_secs_f64();
        if let Some(folder) = dump {
            super::dump::inputs(folder, model, unit, &inputs)?;
        }
        let built = model::run(model, unit, inputs)?;
        let ran_seconds = started.elapsed().as_secs_f64() - read_seconds;
        tracing::debug!(table = model.name, %unit, read_seconds, ran_seconds, "computed");
        if let Some(folder) = dump {
            super::dump::output(folder, model, unit, &built)?;
        }
        Ok(built)
    }

    /// Builds one unit from scratch: the bytes and rows of each month it has.
    pub fn build(&self, model: &Model, unit: Month, dump: Option<&Path>) -> Result<BTreeMap<Month, (Bytes, u64)>> {
        let mut encoded = BTreeMap::new();
        for (month, mut frame) in self.compute(model, unit, dump)? {
            let bytes = model::encode(&mut frame)?;
            encoded.insert(month, (bytes, frame.height() as u64));
        }
        Ok(encoded)
    }

    /// Runs a check; says how many rows it found at fault, and the first of them.
    pub fn check(&self, model: &Model, unit: Month, dump: Option<&Path>) -> Result<Option<String>> {
        const SHOWN: usize = 3;
        let built = self.compute(model, unit, dump)?;
        let rows: usize = built.values().map(DataFrame::height).sum();
        let mut shown = Vec::new();
        for frame in built.values() {
            for row in 0..frame.height().min(SHOWN) {
                let cells = frame
                    .columns()
                    .iter()
                    .map(|c| Ok(format!("{}={}", c.name(), c.get(row)?)));
                shown.push(cells.collect::<Result<Vec<_>>>()?.join(", "));
            }
        }
        shown.truncate(SHOWN);
        let about = &model.about;
        Ok((rows > 0).then(|| format!("{} {unit}: {about} {rows} row(s): {}", model.name, shown.join("; "))))
    }

    /// Notes what a unit came out as. Returns whether any of its rows differ from what was there.
    pub fn note(
        &mut self,
        model: &Model,
        unit: Month,
        fingerprint: BTreeMap<String, String>,
        built: BTreeMap<Month, (Bytes, u64)>,
    ) -> bool {
        let before = self.take(model, unit);
        let mut outputs = BTreeMap::new();
        let mut changed = false;
        for (month, (bytes, rows)) in built {
            self.decoded.forget(&object_key(model, unit, month));
            let hash = blake3::hash(&bytes).to_hex()[..32].to_owned();
            let old = before.as_ref().and_then(|unit| unit.outputs.get(&month));
            let output = match old {
                Some(old) if old.hash == hash => old.clone(),
                _ => {
                    changed = true;
                    let output = Output {
                        hash,
                        rows,
                        size_bytes: bytes.len() as u64,
                        version: String::new(),
                    };
                    self.pending.insert(object_key(model, unit, month), bytes);
                    output
                }
            };
            outputs.insert(month, output);
        }
        for month in before.iter().flat_map(|unit| unit.outputs.keys()) {
            if !outputs.contains_key(month) {
                changed = true;
                self.removed.insert(object_key(model, unit, *month));
            }
        }
        let units = self.ledger.tables.entry(model.name.clone()).or_default();
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
                let bytes = model::encode(&mut model::empty(model))?;
                self.note(
                    model,
                    STAND_IN_UNIT,
                    fingerprint,
                    BTreeMap::from([(Month::UNDATED, (bytes, 0))]),
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

    /// Drops tables whose model is gone, or names its objects otherwise than before. Their objects are found by the
    /// layout of their names.
    pub fn drop_unknown_tables(&mut self) -> Vec<String> {
        let is_known = |table: &str, units: &BTreeMap<Month, Unit>| {
            let layout = self.catalog.get(table).map(layout);
            let mut before = units.values().filter_map(|unit| unit.fingerprint.get(LAYOUT));
            layout.is_some_and(|layout| before.all(|before| *before == layout))
        };
        let tables = self.ledger.tables.iter();
        let unknown: Vec<String> = tables
            .filter(|(table, units)| !is_known(table, units))
            .map(|(table, _)| table.clone())
            .collect();
        for table in &unknown {
            self.ledger.tables.remove(table);
        }
        unknown
    }

    fn take(&mut self, model: &Model, unit: Month) -> Option<Unit> {
        self.ledger.tables.get_mut(&model.name)?.remove(&unit)
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
