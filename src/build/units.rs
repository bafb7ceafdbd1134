//! Building what is stale: every unit whose fingerprint changed, as soon as all that it reads is there.
//!
//! Models need not wait for each other: a few threads take whatever unit is ready, the first model's first. What comes
//! out does not depend on who was faster, as a unit is a pure function of its inputs.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::num::NonZero;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::inputs::{Computer, Encoded, Input};
use super::run::RunContext;
use super::tables::Tables;
use crate::error::{Error, Result};
use crate::model::{Catalog, Layer, Model, Month, Severity};

/// A unit that was built, why, and whether its rows came out different.
#[derive(Debug, Clone, Serialize)]
pub struct BuiltUnit {
    pub table: String,
    pub unit: Month,
    pub why: String,
    pub is_changed: bool,
}

/// What a build did.
#[derive(Default)]
pub struct Outcome {
    pub units: Vec<BuiltUnit>,
    /// What checks of severity `warn` found.
    pub warnings: Vec<String>,
}

/// Builds every stale unit. A failed check ends the run when all are done, so that it tells of every failure at once.
pub fn build(tables: &mut Tables, computer: &Computer, context: &RunContext) -> Result<Outcome> {
    let catalog = tables.catalog;
    context.progress.start("building", catalog.models().len() as u64);
    let queue = Queue {
        state: Mutex::new(State::new(tables, catalog, context)),
        changed: Condvar::new(),
    };
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| queue.work(computer, context));
        }
    });
    let state = queue.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    state.into_outcome()
}

/// Why a unit has to be built, and its fingerprint; `None` when it is as its inputs make it.
pub fn stale(tables: &Tables, model: &Model, unit: Month) -> Result<Option<(String, BTreeMap<String, String>)>> {
    let now = tables.fingerprint(model, unit)?;
    let why = match tables.ledger.tables.get(&model.name).and_then(|units| units.get(&unit)) {
        None => "new".into(),
        Some(known) if known.fingerprint == now => return Ok(None),
        Some(known) if known.fingerprint.is_empty() => "its objects are missing, or a full build was asked for".into(),
        Some(known) => {
            let changed: Vec<&str> = now
                .iter()
                .filter(|(part, hash)| known.fingerprint.get(*part) != Some(*hash))
                .map(|(part, _)| part.as_str())
                .collect();
            match changed.as_slice() {
                [] => "an input is gone from its SQL".into(),
                parts => format!("changed: {}", parts.join(", ")),
            }
        }
    };
    Ok(Some((why, now)))
}

/// A unit by its model's place in the catalogue, so that the smallest is the first to build and to tell of.
type Place = (usize, Month);

/// A stale unit, and all that it takes to compute it.
struct Task<'a> {
    place: Place,
    model: &'a Model,
    why: String,
    fingerprint: BTreeMap<String, String>,
    inputs: Vec<(String, Input)>,
}

/// What a unit came to: rows to publish, or what a check found.
enum Computed {
    Rows(BTreeMap<Month, Encoded>),
    Found(Option<String>),
}

struct Queue<'t, 'a> {
    state: Mutex<State<'t, 'a>>,
    changed: Condvar,
}

impl<'t, 'a> Queue<'t, 'a> {
    /// Takes one unit after the other until none is left, or one has failed.
    fn work(&self, computer: &Computer, context: &RunContext) {
        // A thread that panics must not leave the others waiting.
        let _wake = WakeOthers(self);
        loop {
            let mut state = self.lock();
            let task = loop {
                match state.take() {
                    Some(task) => break task,
                    None if state.is_over() => return,
                    None => state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                }
            };
            drop(state);
            let computed = context.check_interrupted().and_then(|()| compute(computer, &task));
            self.lock().finish(task, computed);
            self.changed.notify_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<'t, 'a>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct WakeOthers<'q, 't, 'a>(&'q Queue<'t, 'a>);

impl Drop for WakeOthers<'_, '_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.lock().has_panicked = true;
        }
        self.0.changed.notify_all();
    }
}

fn compute(computer: &Computer, task: &Task) -> Result<Computed> {
    let unit = task.place.1;
    Ok(match task.model.layer {
        Layer::Checks => Computed::Found(computer.check(task.model, unit, &task.inputs)?),
        _ => Computed::Rows(computer.build(task.model, unit, &task.inputs)?),
    })
}

/// How far the build is.
struct State<'t, 'a> {
    tables: &'t mut Tables<'a>,
    catalog: &'a Catalog,
    context: &'t RunContext,
    models: Vec<Progress>,
    ready: BTreeMap<Place, Task<'a>>,
    running: usize,
    built: BTreeMap<Place, BuiltUnit>,
    found: BTreeMap<Place, String>,
    failed: BTreeMap<Place, Error>,
    has_panicked: bool,
}

/// How far a model is.
#[derive(Default)]
struct Progress {
    /// Models that it reads and that are not complete.
    waits_for: BTreeSet<usize>,
    /// Units that were not looked at yet.
    units: VecDeque<Month>,
    /// Units that are ready or being computed.
    open: usize,
}

impl<'t, 'a> State<'t, 'a> {
    fn new(tables: &'t mut Tables<'a>, catalog: &'a Catalog, context: &'t RunContext) -> Self {
        let place = |name: &str| catalog.models().iter().position(|model| model.name == name);
        let mut models = Vec::new();
        for (own, model) in catalog.models().iter().enumerate() {
            let inputs = model.inputs.iter().filter_map(|(input, _)| place(input));
            models.push(Progress {
                waits_for: inputs.filter(|input| *input != own).collect(),
                ..Progress::default()
            });
        }
        let mut state = Self {
            tables,
            catalog,
            context,
            models,
            ready: BTreeMap::new(),
            running: 0,
            built: BTreeMap::new(),
            found: BTreeMap::new(),
            failed: BTreeMap::new(),
            has_panicked: false,
        };
        let first: Vec<usize> = (0..state.models.len())
            .filter(|m| state.models[*m].waits_for.is_empty())
            .collect();
        for model in first {
            state.open(model);
        }
        state
    }

    fn take(&mut self) -> Option<Task<'a>> {
        if self.is_broken() {
            return None;
        }
        let (_, task) = self.ready.pop_first()?;
        self.running += 1;
        Some(task)
    }

    fn is_broken(&self) -> bool {
        self.has_panicked || !self.failed.is_empty()
    }

    fn is_over(&self) -> bool {
        self.is_broken() || self.ready.is_empty() && self.running == 0
    }

    /// A model whose inputs are complete.
    fn open(&mut self, place: usize) {
        let model = &self.catalog.models()[place];
        let units = self.tables.units(model);
        for gone in self.tables.known_units(model).difference(&units) {
            self.tables.drop_unit(model, *gone);
        }
        self.models[place].units = units.into_iter().collect();
        self.advance(place);
    }

    /// Makes the stale units of an open model ready: all at once, or month by month if it reads its own earlier months.
    /// Goes on to the models that waited for it when there are none left.
    fn advance(&mut self, place: usize) {
        let model = &self.catalog.models()[place];
        let reads_itself = model.inputs.iter().any(|(input, _)| *input == model.name);
        while let Some(unit) = self.models[place].units.pop_front() {
            match stale(self.tables, model, unit) {
                Ok(None) => continue,
                Ok(Some((why, fingerprint))) => {
                    let task = Task {
                        place: (place, unit),
                        model,
                        why,
                        fingerprint,
                        inputs: self.tables.inputs(model, unit),
                    };
                    self.ready.insert(task.place, task);
                    self.models[place].open += 1;
                }
                Err(error) => {
                    self.failed.insert((place, unit), error);
                }
            }
            if reads_itself {
                break;
            }
        }
        if self.models[place].open == 0 {
            self.complete(place);
        }
    }

    fn complete(&mut self, place: usize) {
        let model = &self.catalog.models()[place];
        if model.layer != Layer::Checks
            && let Err(error) = self.tables.keep_readable(model)
        {
            self.failed.insert((place, Month::UNDATED), error);
        }
        self.context.progress.step(&model.name);
        for reader in 0..self.models.len() {
            let waits_for = &mut self.models[reader].waits_for;
            if waits_for.remove(&place) && waits_for.is_empty() {
                self.open(reader);
            }
        }
    }

    fn finish(&mut self, task: Task<'a>, computed: Result<Computed>) {
        self.running -= 1;
        let (place, unit) = task.place;
        let rows = match computed {
            Ok(Computed::Rows(rows)) => rows,
            Ok(Computed::Found(found)) => {
                self.found.extend(found.map(|found| (task.place, found)));
                BTreeMap::new()
            }
            Err(error) => {
                self.failed.insert(task.place, error);
                return;
            }
        };
        let built = BuiltUnit {
            table: task.model.name.clone(),
            unit,
            why: task.why,
            is_changed: self.tables.note(task.model, unit, task.fingerprint, rows),
        };
        self.built.insert(task.place, built);
        self.models[place].open -= 1;
        if self.models[place].open == 0 {
            self.advance(place);
        }
    }

    fn into_outcome(self) -> Result<Outcome> {
        if let Some((_, error)) = self.failed.into_iter().next() {
            return Err(error);
        }
        let is_error = |place: &Place| self.catalog.models()[place.0].severity == Severity::Error;
        let (failures, warnings): (Vec<_>, Vec<_>) = self.found.into_iter().partition(|(place, _)| is_error(place));
        if !failures.is_empty() {
            return Err(Error::DataTest(failures.into_iter().map(|(_, found)| found).collect()));
        }
        Ok(Outcome {
            units: self.built.into_values().collect(),
            warnings: warnings.into_iter().map(|(_, found)| found).collect(),
        })
    }
}
