//! One run: scan, stage, build, test, publish.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use tokio::runtime::Handle;

use super::inputs::Computer;
use super::ledger::{Counts, Ledger, RunRecord, UNSETTLED, Unit};
use super::publish::{is_as_told, publish, settle};
use super::scan::{Scanned, scan};
use super::stage;
use super::tables::Tables;
use super::units::{BuiltUnit, Outcome, build, stale};
use crate::error::{Error, Result};
use crate::job::{DateRange, Job};
use crate::model::{Catalog, Layer, Parameters};
use crate::report::Progress;
use crate::store::{Lease, Location, Store};

/// What a run is asked for.
#[derive(Debug, Default)]
pub struct Options {
    /// Only landing files of these dates are looked at; files without a date in their path always are.
    pub dates: Option<DateRange>,
    /// The last complete day, instead of the last one staged.
    pub as_of: Option<NaiveDate>,
    /// Stage and build everything, whatever the ledger says.
    pub full: bool,
    /// Compare the ledger with the objects first, and build again what is missing or was replaced, and these objects.
    pub repair: Option<BTreeSet<String>>,
    /// Do everything but write.
    pub rehearse: bool,
    /// Write every built unit's inputs, SQL and result here.
    pub dump_models: Option<PathBuf>,
}

/// What a run has from the process it lives in. Nothing of it reaches a table.
pub struct RunContext {
    pub run_id: String,
    pub started_at: DateTime<Utc>,
    /// The wall clock in Unix seconds, for the lease.
    pub now_seconds: fn() -> i64,
    pub runtime: Handle,
    /// The signal that asked the run to stop; 0 while none did.
    pub interrupted: Arc<AtomicI32>,
    pub progress: Progress,
}

impl RunContext {
    pub(super) fn check_interrupted(&self) -> Result<()> {
        match self.interrupted.load(Ordering::Relaxed) {
            0 => Ok(()),
            signal => Err(Error::Interrupted(signal)),
        }
    }
}

/// A landing file that was read, and why.
#[derive(Debug, Clone, Serialize)]
pub struct ReadFile {
    pub source: String,
    pub file: String,
    pub why: String,
}

impl From<&stage::Stale<'_>> for ReadFile {
    fn from(stale: &stage::Stale) -> Self {
        Self {
            source: stale.source().to_owned(),
            file: stale.file.file.clone(),
            why: stale.why.to_owned(),
        }
    }
}

/// What a run did; the JSON line on stdout.
#[derive(Debug, Default, Serialize)]
pub struct Summary {
    pub job: String,
    pub run_id: String,
    /// `done`, `nothing_to_do` or `refused`.
    pub status: &'static str,
    pub watermark: Option<NaiveDate>,
    pub files_staged: u64,
    pub files_removed: u64,
    pub rows: Counts,
    pub units_built: u64,
    pub partitions_written: u64,
    pub partitions_removed: u64,
    pub written_bytes: u64,
    pub duration_seconds: f64,
    /// Deliveries that were refused; what was good is published.
    pub refused: Vec<String>,
    /// What checks of severity `warn` found.
    pub warnings: Vec<String>,
    #[serde(skip)]
    pub files: Vec<ReadFile>,
    /// Files that are no longer delivered.
    #[serde(skip)]
    pub forgotten: Vec<String>,
    #[serde(skip)]
    pub units: Vec<BuiltUnit>,
    /// Objects that no unit has any more.
    #[serde(skip)]
    pub removed: Vec<String>,
}

/// Runs a job.
pub fn run(job: &Job, options: &Options, context: &RunContext) -> Result<Summary> {
    run_in(open_warehouse(job, options, context)?, job, options, context)
}

/// Runs a job with the warehouse in `store`, whatever address the job file gives.
pub fn run_in(store: Store, job: &Job, options: &Options, context: &RunContext) -> Result<Summary> {
    let started = Instant::now();
    let catalog = Catalog::load(job.sql_folder.as_deref())?;
    let scanned = scan(job, options.dates.as_ref(), &context.runtime)?;

    let known = Ledger::load(&store)?;
    if let Some(ledger) = &known
        && !options.full
        && options.repair.is_none()
        && is_current(job, options, ledger, &catalog, &scanned)?
        && (!ledger.is_watched((context.now_seconds)()) || is_as_told(ledger, &catalog, &store)?)
    {
        return Ok(Summary {
            job: job.name.clone(),
            run_id: context.run_id.clone(),
            status: "nothing_to_do",
            watermark: watermark(job, options, ledger),
            duration_seconds: started.elapsed().as_secs_f64(),
            ..Summary::default()
        });
    }

    let lease = match options.rehearse {
        true => None,
        false => Some(Lease::acquire(&store, &context.run_id, context.now_seconds)?),
    };
    // Another run may have finished since, perhaps with files that were not there yet when this one listed.
    let (newest, scanned) = match known {
        Some(known) if known.is_newest(&store)? => (Some(known), scanned),
        _ => (
            Ledger::load(&store)?,
            scan(job, options.dates.as_ref(), &context.runtime)?,
        ),
    };
    let work = Work {
        job,
        options,
        context,
        catalog: &catalog,
        store: &store,
        scanned: &scanned,
        started,
    };
    let mut summary = match work.change(newest, options.full || options.repair.is_some()) {
        Err(Error::WarehouseChanged { url, .. }) => {
            tracing::warn!(%url, "an object of the warehouse is gone: comparing the ledger with the objects");
            work.change(Ledger::load(&store)?, true)?
        }
        done => done?,
    };
    if let Some(lease) = lease {
        lease.release()?;
    }
    summary.duration_seconds = started.elapsed().as_secs_f64();
    Ok(summary)
}

fn open_warehouse(job: &Job, options: &Options, context: &RunContext) -> Result<Store> {
    if !options.rehearse {
        return Store::open(&job.warehouse, true, &context.runtime);
    }
    if let Location::Local(folder) = &job.warehouse
        && !folder.is_dir()
    {
        let nothing = Arc::new(object_store::memory::InMemory::new());
        return Ok(Store::new(nothing, job.warehouse.clone(), context.runtime.clone()).rehearsal());
    }
    Ok(Store::open(&job.warehouse, false, &context.runtime)?.rehearsal())
}

/// Whether nothing at all has to be done: decided from listings and the ledger alone.
fn is_current(job: &Job, options: &Options, ledger: &Ledger, catalog: &Catalog, scanned: &[Scanned]) -> Result<bool> {
    if ledger.publishing.is_some() || !stage::stale(job, ledger, scanned).is_empty() {
        return Ok(false);
    }
    if !stage::gone(ledger, scanned, options.dates.as_ref()).is_empty() {
        return Ok(false);
    }
    let parameters = parameters(job, options, ledger);
    let tables = Tables::new(Cow::Borrowed(ledger), catalog, &parameters);
    if !tables.unknown_tables().is_empty() {
        return Ok(false);
    }
    for model in catalog.models() {
        let units = tables.units(model);
        if units != tables.known_units(model) {
            return Ok(false);
        }
        for unit in units {
            if stale(&tables, model, unit)?.is_some() {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

fn watermark(job: &Job, options: &Options, ledger: &Ledger) -> Option<NaiveDate> {
    options.as_of.or(job.as_of).or_else(|| ledger.watermark())
}

fn parameters(job: &Job, options: &Options, ledger: &Ledger) -> Parameters {
    let days = ledger.first_month().zip(watermark(job, options, ledger));
    Parameters::new(
        &job.settings,
        &job.schedules,
        &job.sla,
        &job.targets,
        job.time_zone,
        days,
    )
}

/// What the writing part of a run works with.
struct Work<'a> {
    job: &'a Job,
    options: &'a Options,
    context: &'a RunContext,
    catalog: &'a Catalog,
    store: &'a Store,
    scanned: &'a [Scanned<'a>],
    started: Instant,
}

impl Work<'_> {
    /// The part of a run that writes. With `settle`, the ledger is compared with the objects that are there first, as
    /// it is anyway where the last run died. `loaded` is the ledger as it is under the lease.
    fn change(&self, loaded: Option<Ledger>, settle_first: bool) -> Result<Summary> {
        let (options, context, store) = (self.options, self.context, self.store);
        if loaded.as_ref().is_some_and(|ledger| ledger.publishing.is_some()) {
            tracing::info!("the last run did not finish: comparing the ledger with the objects");
        }
        let now_seconds = (context.now_seconds)();
        let is_at_rest = |ledger: &Ledger| ledger.publishing.is_none() && !ledger.is_watched(now_seconds);
        let is_settled = !settle_first && loaded.as_ref().is_some_and(is_at_rest);
        let mut ledger = loaded.unwrap_or_default();
        ledger.follow_dead(now_seconds);
        let before = ledger.staged_objects();
        let mut strays = Vec::new();
        if !is_settled {
            strays = settle(&mut ledger, self.catalog, store, options.repair.as_ref())?;
        }
        if options.full {
            ledger
                .sources
                .values_mut()
                .flat_map(|b| b.values_mut())
                .for_each(|batch| batch.staging.clear());
            ledger
                .tables
                .values_mut()
                .flat_map(|u| u.values_mut())
                .for_each(Unit::invalidate);
        }

        let forgotten = stage::forget(&mut ledger, self.scanned, options.dates.as_ref());
        let stale = stage::stale(self.job, &ledger, self.scanned);
        let files = stale.iter().map(ReadFile::from).collect();
        context.progress.start("staging", stale.len() as u64);
        let stop = || context.check_interrupted().is_err();
        let staged = stage::stage(self.job, &mut ledger, &stale, store, &context.progress, &stop)?;
        if staged.files > 0 || !forgotten.is_empty() {
            tracing::info!(
                files = staged.files,
                removed = forgotten.len(),
                rows = staged.counts.accepted,
                "staged"
            );
            // Staging is worth keeping even if the build fails: the next run goes on from here.
            checkpoint(&mut ledger, is_settled, store)?;
        }
        context.check_interrupted()?;

        let parameters = parameters(self.job, options, &ledger);
        let mut tables = Tables::new(Cow::Owned(ledger), self.catalog, &parameters);
        for table in tables.drop_unknown_tables() {
            for layer in Layer::PUBLISHED {
                let objects = store.list(&format!("{}/{table}", layer.name()))?;
                tables.removed.extend(objects.into_iter().map(|object| object.path));
            }
        }
        let dump = options.dump_models.as_deref();
        let computer = Computer::new(self.catalog, store, &parameters, dump);
        let Outcome { units, warnings } = build(&mut tables, &computer, context)?;
        for warning in &warnings {
            tracing::warn!("{warning}");
        }
        let strays = strays
            .into_iter()
            .filter(|stray| !tables.pending.contains_key(stray))
            .collect::<Vec<_>>();
        tables.removed.extend(strays);

        let removed: Vec<String> = tables.removed.iter().cloned().collect();
        let published = publish(&mut tables, &before, store, &context.run_id)?;
        let mut summary = Summary {
            job: self.job.name.clone(),
            run_id: context.run_id.clone(),
            status: if staged.refused.is_empty() { "done" } else { "refused" },
            watermark: watermark(self.job, options, &tables.ledger),
            files_staged: staged.files,
            files_removed: forgotten.len() as u64,
            rows: staged.counts,
            units_built: units.len() as u64,
            partitions_written: published.written,
            partitions_removed: published.removed,
            written_bytes: published.written_bytes,
            duration_seconds: 0.0,
            refused: staged.refused,
            warnings,
            files,
            forgotten,
            units,
            removed,
        };
        let changed =
            summary.files_staged + summary.files_removed + summary.units_built + summary.partitions_removed > 0;
        if changed || !is_settled {
            self.commit(tables.ledger.to_mut(), &mut summary, published.is_announced)?;
        }
        Ok(summary)
    }

    /// Ends the run: the ledger says what is published now.
    fn commit(&self, ledger: &mut Ledger, summary: &mut Summary, is_announced: bool) -> Result<()> {
        summary.duration_seconds = self.started.elapsed().as_secs_f64();
        ledger.runs.push(RunRecord {
            run_id: self.context.run_id.clone(),
            started_at: self.context.started_at.to_rfc3339(),
            duration_seconds: summary.duration_seconds,
            files_staged: summary.files_staged,
            partitions_written: summary.partitions_written,
        });
        if is_announced {
            ledger.conclude(self.store)?;
        } else {
            ledger.publishing = None;
            ledger.commit(self.store)?;
        }
        ledger.prune(self.store)
    }
}

fn checkpoint(ledger: &mut Ledger, is_settled: bool, store: &Store) -> Result<()> {
    if !is_settled {
        // Still unsettled: a run that goes on from this state must compare again.
        ledger.publishing.get_or_insert_with(|| UNSETTLED.into());
    }
    ledger.commit(store)
}
