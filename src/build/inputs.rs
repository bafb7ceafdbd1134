//! From where a unit's rows are to its result: reading and decoding its inputs, running its model, encoding what comes out.
//!
//! Nothing here changes the tables of the run, so that many threads do it at once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use bytes::Bytes;
use polars::prelude::DataFrame;

use super::decoded::Decoded;
use crate::error::{Error, Result};
use crate::model::{self, Built, Catalog, Model, Month, Parameters, staged_entity};
use crate::store::Store;

/// Where the rows of an input are.
#[derive(Debug)]
pub enum Input {
    /// A parameter table; of days, these months.
    Parameter(Vec<Month>),
    Table(Vec<Part>),
}

/// An object that holds rows of a table.
#[derive(Debug, Clone)]
pub struct Part {
    pub key: String,
    /// The rows in the object; all of them for a published one.
    pub rows: Option<(u64, u64)>,
    /// The object itself, if this run built it and has not published it yet.
    pub pending: Option<Bytes>,
}

/// The rows of a unit that fall into one month, as they are published.
#[derive(Debug)]
pub struct Encoded {
    pub bytes: Bytes,
    /// Hash of the bytes.
    pub hash: String,
    pub rows: u64,
    /// Hash of each column's values; empty for one that no model reads.
    pub columns: Vec<String>,
}

impl Encoded {
    /// Encodes a frame; `read` are the columns that some model reads.
    pub fn of(frame: &mut DataFrame, read: &BTreeSet<&str>) -> Result<Self> {
        let bytes = model::encode(frame)?;
        let hash_if_read = |column: &polars::prelude::Column| match read.contains(column.name().as_str()) {
            true => model::column_hash(column),
            false => Ok(String::new()),
        };
        Ok(Self {
            hash: blake3::hash(&bytes).to_hex()[..32].to_owned(),
            rows: frame.height() as u64,
            columns: frame.columns().iter().map(hash_if_read).collect::<Result<_>>()?,
            bytes,
        })
    }
}

/// The positions of the columns of `table` that a model may read.
pub fn needed_columns<'c>(model: &Model, table: &str, columns: impl Iterator<Item = &'c str>) -> Vec<usize> {
    let needed = columns.enumerate().filter(|(_, name)| model.reads.needs(table, name));
    let needed: Vec<usize> = needed.map(|(position, _)| position).collect();
    // Only counted: a frame without columns would have no rows.
    if needed.is_empty() { vec![0] } else { needed }
}

/// Computes units.
pub struct Computer<'a> {
    catalog: &'a Catalog,
    store: &'a Store,
    parameters: &'a Parameters,
    decoded: Decoded,
    /// Where to write every unit's inputs, SQL and result.
    dump: Option<&'a Path>,
}

impl<'a> Computer<'a> {
    pub fn new(catalog: &'a Catalog, store: &'a Store, parameters: &'a Parameters, dump: Option<&'a Path>) -> Self {
        Self {
            catalog,
            store,
            parameters,
            decoded: Decoded::default(),
            dump,
        }
    }

    /// Builds one unit from scratch: what is published of it, by month.
    pub fn build(&self, model: &Model, unit: Month, inputs: &[(String, Input)]) -> Result<BTreeMap<Month, Encoded>> {
        let read = self.catalog.columns_read(&model.name);
        let built = self.compute(model, unit, inputs)?.into_iter();
        built
            .map(|(month, mut frame)| Ok((month, Encoded::of(&mut frame, &read)?)))
            .collect()
    }

    /// Runs a check; says how many rows it found at fault, and the first of them.
    pub fn check(&self, model: &Model, unit: Month, inputs: &[(String, Input)]) -> Result<Option<String>> {
        const SHOWN: usize = 3;
        let built = self.compute(model, unit, inputs)?;
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

    fn compute(&self, model: &Model, unit: Month, inputs: &[(String, Input)]) -> Result<Built> {
        let started = Instant::now();
        let mut frames = Vec::new();
        for (name, input) in inputs {
            let frame = match input {
                Input::Parameter(months) => self.parameters.table(name, months)?,
                Input::Table(parts) => self.read(model, name, parts)?,
            };
            frames.push((name.clone(), frame));
        }
        if !model.settings.is_empty() {
            frames.push(("settings".to_owned(), self.parameters.settings(&model.settings)?));
        }
        let read_seconds = started.elapsed().as_secs_f64();
        if let Some(folder) = self.dump {
            super::dump::inputs(folder, model, unit, &frames)?;
        }
        let built = model::run(model, unit, frames)?;
        let ran_seconds = started.elapsed().as_secs_f64() - read_seconds;
        tracing::debug!(table = model.name, %unit, read_seconds, ran_seconds, "computed");
        if let Some(folder) = self.dump {
            super::dump::output(folder, model, unit, &built)?;
        }
        Ok(built)
    }

    /// The rows of some parts of a table; of its columns those that the model may read.
    fn read(&self, model: &Model, table: &str, parts: &[Part]) -> Result<DataFrame> {
        let whole = match (staged_entity(table), self.catalog.get(table)) {
            (Some(entity), _) => DataFrame::empty_with_schema(&entity.schema()),
            (None, Some(model)) => model::empty(model),
            (None, None) => return Err(Error::Bug(format!("there is no table {table}"))),
        };
        let names = whole.get_column_names();
        let needed = needed_columns(model, table, names.iter().map(|name| name.as_str()));
        let names: Vec<String> = needed.iter().map(|column| names[*column].to_string()).collect();
        let mut frame = whole.select(names.iter().map(String::as_str))?;
        let objects = self.objects(parts, &names)?;
        for part in parts {
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
        let mut missing: BTreeMap<&str, Option<&Bytes>> = parts
            .iter()
            .map(|part| (part.key.as_str(), part.pending.as_ref()))
            .collect();
        missing.retain(|key, _| match self.decoded.get(key, columns) {
            Some(frame) => {
                objects.insert(*key, frame);
                false
            }
            None => true,
        });
        let stored: Vec<&str> = missing
            .iter()
            .filter(|(_, pending)| pending.is_none())
            .map(|(key, _)| *key)
            .collect();
        let paths: Vec<String> = stored.iter().map(|key| (*key).to_owned()).collect();
        let pending = missing
            .iter()
            .filter_map(|(key, pending)| Some((*key, pending.cloned()?)));
        let stored = stored.iter().copied().zip(self.store.get_all(&paths)?);
        for (key, bytes) in pending.chain(stored) {
            let frame = model::decode(bytes, columns.to_vec())?;
            self.decoded.put(key, columns, &frame);
            objects.insert(key, frame);
        }
        Ok(objects)
    }
}
