//! Whether a job could run: everything that can be known without reading the exports.

use std::io::Write;

use polars::prelude::DataFrame;
use tokio::runtime::Handle;

use crate::build::{Ledger, scan};
use crate::error::{Error, Result};
use crate::job::Job;
use crate::model::{self, Catalog, Model, Month, Parameters, staged_entity};
use crate::store::{Location, Store};

/// Checks SQL, sources and warehouse; prints what is well and returns every fault.
pub fn check(job: &Job, runtime: &Handle, out: &mut dyn Write) -> Vec<Error> {
    let mut faults = Vec::new();
    let mut say = |line: String| {
        // A closed stdout is the reader's choice; the faults still reach stderr and the exit code.
        let _ = writeln!(out, "{line}");
    };
    match Catalog::load(job.sql_folder.as_deref()) {
        Ok(catalog) => {
            say(format!("sql        {} models", catalog.models().len()));
            faults.extend(
                catalog
                    .models()
                    .iter()
                    .filter_map(|model| rehearse(&catalog, model, job).err()),
            );
        }
        Err(error) => faults.push(error),
    }
    match warehouse(job, runtime) {
        Ok(text) => say(format!("warehouse  {text}")),
        Err(error) => faults.push(error),
    }
    match scan(job, None, runtime) {
        Ok(scanned) => {
            for source in scanned {
                let bytes: u64 = source.files.iter().map(|file| file.size_bytes).sum();
                say(format!(
                    "source     {}: {} file(s), {bytes} bytes",
                    source.source.name,
                    source.files.len()
                ));
            }
        }
        Err(error) => faults.push(error),
    }
    if !job.has_secret_key {
        say("identity   no key in the environment: customers' hashes can be guessed from their e-mails".into());
    }
    faults
}

/// Runs a model over inputs without rows: what it names and the types it gives must fit.
fn rehearse(catalog: &Catalog, model: &Model, job: &Job) -> Result<()> {
    let parameters = Parameters::new(
        &job.settings,
        &job.schedules,
        &job.sla,
        &job.targets,
        job.time_zone,
        None,
    );
    let mut inputs = Vec::new();
    for (input, _) in &model.inputs {
        let frame = match (staged_entity(input), catalog.get(input)) {
            (Some(entity), _) => DataFrame::empty_with_schema(&entity.schema()),
            (None, Some(model)) => model::empty(model),
            (None, None) => parameters.table(input, &[])?.clear(),
        };
        inputs.push((input.clone(), frame));
    }
    if !model.settings.is_empty() {
        inputs.push(("settings".to_owned(), parameters.settings(&model.settings)?));
    }
    model::run(model, Month::UNDATED, inputs).map(|_| ())
}

fn warehouse(job: &Job, runtime: &Handle) -> Result<String> {
    let url = job.warehouse.url("");
    if let Location::Local(folder) = &job.warehouse
        && !folder.exists()
    {
        return Ok(format!("{url} will be made by the first run"));
    }
    let store = Store::open(&job.warehouse, false, runtime)?;
    Ok(match Ledger::load(&store)? {
        Some(ledger) => format!("{url}: {} tables", ledger.tables.len()),
        None => format!("{url} is empty"),
    })
}
