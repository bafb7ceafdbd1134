//! Building what is stale: every unit whose fingerprint changed, model by model.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::Serialize;

use super::run::{Options, RunContext};
use super::tables::Tables;
use super::workers;
use crate::error::{Error, Result};
use crate::model::{Layer, Model, Month, Severity};

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
    /// What checks of severity `error` found.
    failures: Vec<String>,
}

/// Builds every stale unit, model by model in the order of their inputs. A failed check ends the run when all are done,
/// so that it tells of every failure at once.
pub fn build(tables: &mut Tables, options: &Options, context: &RunContext) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    let catalog = tables.catalog;
    context.progress.start("building", catalog.models().len() as u64);
    for model in catalog.models() {
        let units = tables.units(model);
        let known = tables.known_units(model);
        for gone in known.difference(&units) {
            tables.drop_unit(model, *gone);
        }
        let reads_itself = model.inputs.iter().any(|(input, _)| *input == model.name);
        // A model that reads its own earlier months is built month by month; any other, all months at once.
        let rounds: Vec<Vec<Month>> = match reads_itself {
            true => units.into_iter().map(|unit| vec![unit]).collect(),
            false => vec![units.into_iter().collect()],
        };
        for round in rounds {
            build_units(tables, model, &round, options, context, &mut outcome)?;
        }
        if model.layer != Layer::Checks {
            tables.keep_readable(model)?;
        }
        context.progress.step(&model.name);
    }
    match outcome.failures.is_empty() {
        true => Ok(outcome),
        false => Err(Error::DataTest(outcome.failures)),
    }
}

fn build_units(
    tables: &mut Tables,
    model: &Model,
    units: &[Month],
    options: &Options,
    context: &RunContext,
    outcome: &mut Outcome,
) -> Result<()> {
    let view: &Tables = tables;
    let built = workers::each(units, |unit| {
        context.check_interrupted()?;
        let Some(why) = stale_because(view, model, *unit)? else {
            return Ok(None);
        };
        let fingerprint = view.fingerprint(model, *unit)?;
        let computed = match model.layer {
            Layer::Checks => Computed::Found(view.check(model, *unit, options.dump_models.as_deref())?),
            _ => Computed::Rows(view.build(model, *unit, options.dump_models.as_deref())?),
        };
        Ok(Some((*unit, why, fingerprint, computed)))
    });
    let built = built.into_iter().collect::<Result<Vec<_>>>()?;
    for (unit, why, fingerprint, computed) in built.into_iter().flatten() {
        let outputs = match computed {
            Computed::Rows(outputs) => outputs,
            Computed::Found(found) => {
                match model.severity {
                    Severity::Error => outcome.failures.extend(found),
                    Severity::Warn => outcome.warnings.extend(found),
                }
                BTreeMap::new()
            }
        };
        let is_changed = tables.note(model, unit, fingerprint, outputs);
        outcome.units.push(BuiltUnit {
            table: model.name.clone(),
            unit,
            why,
            is_changed,
        });
    }
    Ok(())
}

/// What a unit came to: rows to publish, or what a check found.
enum Computed {
    Rows(BTreeMap<Month, (Bytes, u64)>),
    Found(Option<String>),
}

/// Why a unit has to be built; `None` when it is as its inputs make it.
pub fn stale_because(tables: &Tables, model: &Model, unit: Month) -> Result<Option<String>> {
    let now = tables.fingerprint(model, unit)?;
    let Some(known) = tables.ledger.tables.get(&model.name).and_then(|units| units.get(&unit)) else {
        return Ok(Some("new".into()));
    };
    if known.fingerprint == now {
        return Ok(None);
    }
    if known.fingerprint.is_empty() {
        return Ok(Some("its objects are missing, or a full build was asked for".into()));
    }
    let changed: Vec<&str> = now
        .iter()
        .filter(|(part, hash)| known.fingerprint.get(*part) != Some(*hash))
        .map(|(part, _)| part.as_str())
        .collect();
    Ok(Some(match changed.as_slice() {
        [] => "an input is gone from its SQL".into(),
        parts => format!("changed: {}", parts.join(", ")),
    }))
}
