//! All models of a job: the embedded files, and those of the job's own folder in their place or beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::header::{Column, Header, Months, Relationship, Severity};
use super::parameters;
use super::reads::Reads;
use crate::error::{Error, Result};
use crate::job::SETTINGS;
use crate::stage::Entity;

include!(concat!(env!("OUT_DIR"), "/embedded_models.rs"));

/// How the origin of a model that is part of the program begins.
const EMBEDDED_ORIGIN: &str = "embedded";

/// The folders under `sql/`, in the order in which data passes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    Core,
    Facts,
    Marts,
    /// Data tests: what they return is at fault, and is not published.
    Checks,
}

impl Layer {
    pub const ALL: [Layer; 4] = [Layer::Core, Layer::Facts, Layer::Marts, Layer::Checks];
    pub const PUBLISHED: [Layer; 3] = [Layer::Core, Layer::Facts, Layer::Marts];

    pub fn name(self) -> &'static str {
        match self {
            Layer::Core => "core",
            Layer::Facts => "facts",
            Layer::Marts => "marts",
            Layer::Checks => "checks",
        }
    }
}

/// One model, read and checked on its own.
#[derive(Debug, Clone)]
pub struct Model {
    pub name: String,
    pub layer: Layer,
    /// Where its text comes from, for messages.
    pub origin: String,
    pub about: String,
    pub grain: Vec<String>,
    /// The DATE column whose month is the partition; `None` for a table of one unit.
    pub partition: Option<String>,
    pub scatter: bool,
    pub settings: Vec<String>,
    pub not_null: Vec<String>,
    /// Columns whose values must be among these, where they have one.
    pub accepted_values: Vec<(String, Vec<String>)>,
    /// Columns whose values must lie between these, where they have one.
    pub ranges: Vec<(String, f64, f64)>,
    /// Columns that refer to a row of an input.
    pub relationships: Vec<Relationship>,
    /// What a check's rows mean.
    pub severity: Severity,
    pub inputs: Vec<(String, Months)>,
    pub columns: Vec<Column>,
    pub reads: Arc<Reads>,
    pub sql: String,
    /// Header and SQL as written: what the fingerprint of every unit starts with.
    pub text: String,
}

/// The models of a job in an order in which each stands after what it reads.
#[derive(Debug)]
pub struct Catalog {
    models: Vec<Model>,
}

impl Catalog {
    /// Reads the embedded models and those of `folder`; every fault of every model is in the error's message.
    pub fn load(folder: Option<&Path>) -> Result<Self> {
        let mut texts: BTreeMap<String, (Layer, String, String)> = BTreeMap::new();
        for (layer, name, text) in EMBEDDED {
            texts.insert(
                (*name).to_owned(),
                (
                    *layer,
                    format!("{EMBEDDED_ORIGIN} {}/{name}.sql", layer.name()),
                    (*text).to_owned(),
                ),
            );
        }
        if let Some(folder) = folder {
            for layer in Layer::ALL {
                for (name, origin, text) in files(&folder.join(layer.name()))? {
                    texts.insert(name, (layer, origin, text));
                }
            }
        }
        let mut models = Vec::new();
        for (name, (layer, origin, text)) in texts {
            let model = Model::read(&name, layer, &origin, &text).map_err(|message| Error::Model {
                model: name.clone(),
                is_embedded: origin.starts_with(EMBEDDED_ORIGIN),
                origin: origin.clone(),
                message,
            })?;
            models.push(model);
        }
        Self::ordered(models)
    }

    pub fn models(&self) -> &[Model] {
        &self.models
    }

    pub fn get(&self, name: &str) -> Option<&Model> {
        self.models.iter().find(|m| m.name == name)
    }

    /// The columns of a table that some model may read.
    pub fn columns_read(&self, table: &str) -> BTreeSet<&str> {
        let readers = self
            .models
            .iter()
            .filter(|m| m.inputs.iter().any(|(input, _)| input == table));
        let readers: Vec<&Model> = readers.collect();
        let columns = self.get(table).into_iter().flat_map(|model| &model.columns);
        columns
            .map(|column| column.name.as_str())
            .enumerate()
            // The first one stands for a table whose rows are only counted.
            .filter(|(position, name)| {
                *position == 0 && !readers.is_empty() || readers.iter().any(|reader| reader.reads.needs(table, name))
            })
            .map(|(_, name)| name)
            .collect()
    }

    /// Sorts models so that each stands after its inputs; refuses unknown inputs and circles.
    fn ordered(models: Vec<Model>) -> Result<Self> {
        let known: BTreeSet<String> = models.iter().map(|m| m.name.clone()).collect();
        for model in &models {
            for (input, _) in &model.inputs {
                let exists = known.contains(input) || parameters::is_parameter(input) || staged_entity(input).is_some();
                if !exists {
                    return Err(model.error(format!("input {input}: there is no such table")));
                }
            }
            for Relationship { table, keys, .. } in &model.relationships {
                let other = models.iter().find(|other| other.name == *table);
                let has = |key: &String| other.is_some_and(|other| other.columns.iter().any(|c| c.name == *key));
                if let Some(missing) = keys.iter().find(|key| !has(key)) {
                    return Err(model.error(format!("relationships: no model {table} has a column {missing}")));
                }
            }
        }
        let mut waiting = models;
        let mut done: BTreeSet<String> = BTreeSet::new();
        let mut ordered = Vec::new();
        while !waiting.is_empty() {
            let (ready, rest): (Vec<Model>, Vec<Model>) = waiting.into_iter().partition(|m| {
                m.inputs
                    .iter()
                    .all(|(input, _)| !known.contains(input) || done.contains(input) || *input == m.name)
            });
            if ready.is_empty() {
                let names: Vec<&str> = rest.iter().map(|m| m.name.as_str()).collect();
                return Err(rest[0].error(format!(
                    "these models read each other in a circle: {}",
                    names.join(", ")
                )));
            }
            done.extend(ready.iter().map(|m| m.name.clone()));
            ordered.extend(ready);
            waiting = rest;
        }
        Ok(Self { models: ordered })
    }
}

impl Model {
    fn read(name: &str, layer: Layer, origin: &str, text: &str) -> std::result::Result<Self, String> {
        let (header, sql) = Header::split(text)?;
        let mut reads = Reads::of(&sql)?;
        let relationships = header.relationships()?;
        reads.and_columns(relationships.iter().flat_map(|relationship| relationship.keys.clone()));
        let model = Model {
            name: name.to_owned(),
            layer,
            origin: origin.to_owned(),
            inputs: header.inputs()?,
            accepted_values: header.accepted_values()?,
            ranges: header.ranges()?,
            relationships,
            severity: header.severity,
            columns: header.columns()?,
            reads: Arc::new(reads),
            about: header.about,
            grain: header.grain,
            partition: (header.partition != "none").then_some(header.partition),
            scatter: header.scatter,
            settings: header.settings,
            not_null: header.not_null,
            sql,
            text: text.to_owned(),
        };
        model.check()?;
        Ok(model)
    }

    fn check(&self) -> std::result::Result<(), String> {
        let column = |name: &String| self.columns.iter().find(|c| c.name == *name);
        let tested = self
            .accepted_values
            .iter()
            .map(|(name, _)| name)
            .chain(self.ranges.iter().map(|(name, _, _)| name))
            .chain(self.relationships.iter().flat_map(|relationship| &relationship.columns));
        for name in self
            .grain
            .iter()
            .chain(&self.not_null)
            .chain(&self.partition)
            .chain(tested)
        {
            column(name).ok_or(format!("{name} is named in the header but is no column"))?;
        }
        if self.grain.is_empty() {
            return Err("the grain is empty".into());
        }
        if self.partition.is_some() && self.columns.iter().any(|column| column.name == "month") {
            return Err("no column may be called month: that is what readers call the folder month=YYYY-MM".into());
        }
        for Relationship { table, .. } in &self.relationships {
            if !self.inputs.iter().any(|(input, _)| input == table) {
                return Err(format!("relationships: {table} is not listed under inputs"));
            }
        }
        for setting in &self.settings {
            if !SETTINGS.iter().any(|s| s.name == setting) {
                return Err(format!("there is no setting {setting}"));
            }
        }
        let partitioned_self = self.inputs.iter().find(|(input, _)| *input == self.name);
        if partitioned_self.is_some_and(|(_, months)| *months != Months::Before) {
            return Err("a model may read itself only in the months `before`".into());
        }
        let calendar = self.inputs.iter().find(|(input, _)| input == "calendar");
        if calendar.is_some_and(|(_, months)| !matches!(months, Months::Same | Months::Range { .. })) {
            return Err("the calendar has no end: it is read as `same` or as a range".into());
        }
        let drives = self.inputs.iter().any(|(_, months)| months.drives());
        if self.partition.is_some() && !drives {
            return Err(
                "one input must be read as `same` or as a range around 0: its months are the model's units".into(),
            );
        }
        if self.partition.is_none() && self.inputs.iter().any(|(_, months)| *months != Months::All) {
            return Err("a table of one unit reads its inputs as `all`".into());
        }
        let named: BTreeSet<String> = self.reads.tables.keys().cloned().collect();
        let declared: BTreeSet<String> = self.inputs.iter().map(|(input, _)| input.clone()).collect();
        let mut read = named.clone();
        let reads_settings = read.remove("settings");
        if reads_settings == self.settings.is_empty() {
            return Err("settings in the header and the table `settings` in the SQL go together".into());
        }
        if let Some(missing) = read.difference(&declared).next() {
            return Err(format!(
                "the SQL reads {missing}, which the header does not list under inputs"
            ));
        }
        if let Some(unused) = declared.difference(&read).next() {
            return Err(format!(
                "the header lists the input {unused}, which the SQL does not read"
            ));
        }
        Ok(())
    }

    /// An error that names this model.
    pub fn error(&self, message: impl Into<String>) -> Error {
        Error::Model {
            model: self.name.clone(),
            origin: self.origin.clone(),
            is_embedded: self.origin.starts_with(EMBEDDED_ORIGIN),
            message: message.into(),
        }
    }

    /// The folder of the table in the warehouse.
    pub fn folder(&self) -> String {
        format!("{}/{}", self.layer.name(), self.name)
    }
}

/// The staged entity behind a table's name.
pub fn staged_entity(table: &str) -> Option<Entity> {
    let name = table.strip_prefix("stg_")?;
    Entity::ALL.iter().copied().find(|entity| entity.name() == name)
}

/// `(name, origin, text)` of the SQL files of a folder, by name; a folder that is not there has none.
fn files(folder: &Path) -> Result<Vec<(String, String, String)>> {
    let failed = |path: &Path, error: std::io::Error| Error::LocalFile {
        path: path.to_owned(),
        message: error.to_string(),
    };
    let mut found = Vec::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in std::fs::read_dir(folder).map_err(|e| failed(folder, e))? {
        let path = entry.map_err(|e| failed(folder, e))?.path();
        if path.extension().is_some_and(|e| e == "sql") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).map_err(|e| failed(&path, e))?;
            found.push((name, path.display().to_string(), text));
        }
    }
    found.sort();
    Ok(found)
}
