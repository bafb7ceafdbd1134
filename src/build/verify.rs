//! Looking after a warehouse: is everything there that the ledger says, and nothing else?

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::ledger::Ledger;
use super::publish::is_ours;
use super::run::RunContext;
use super::tables::object_key;
use crate::error::{Error, Result};
use crate::job::Job;
use crate::model::{Catalog, Layer};
use crate::store::{Lease, Store};

/// Objects read at once; they are in memory together.
const READ_AT_ONCE: usize = 64;

/// How the objects of a warehouse differ from its ledger.
#[derive(Debug, Default, Serialize)]
pub struct Verification {
    pub objects_checked: u64,
    /// Published or staged objects that are gone.
    pub missing: Vec<String>,
    /// Published objects with other bytes than were written.
    pub changed: Vec<String>,
    /// Objects where readers look that the ledger does not know.
    pub extra: Vec<String>,
    /// Whether a run died while it was replacing objects.
    pub is_publishing: bool,
}

impl Verification {
    pub fn is_sound(&self) -> bool {
        self.missing.is_empty() && self.changed.is_empty() && self.extra.is_empty() && !self.is_publishing
    }
}

/// Reads every published object and compares it with the ledger; writes nothing.
pub fn verify(job: &Job, context: &RunContext) -> Result<Verification> {
    verify_in(&Store::open(&job.warehouse, false, &context.runtime)?, job, context)
}

/// The same with the warehouse in `store`, whatever address the job file gives.
pub fn verify_in(store: &Store, job: &Job, context: &RunContext) -> Result<Verification> {
    let catalog = Catalog::load(job.sql_folder.as_deref())?;
    let mut there = published(store)?;
    let Some(ledger) = Ledger::load(store)? else {
        return Ok(Verification {
            extra: there.into_iter().collect(),
            ..Verification::default()
        });
    };
    let mut found = Verification {
        is_publishing: ledger.publishing.is_some(),
        ..Verification::default()
    };
    let mut expected: Vec<(String, String)> = outputs(&ledger, &catalog).into_iter().collect();
    expected.retain(|(key, _)| {
        let is_there = there.remove(key);
        if !is_there {
            found.missing.push(key.clone());
        }
        is_there
    });
    found.extra = there.into_iter().collect();
    for some in expected.chunks(READ_AT_ONCE) {
        context.check_interrupted()?;
        let keys: Vec<String> = some.iter().map(|(key, _)| key.clone()).collect();
        for ((key, hash), bytes) in some.iter().zip(store.get_all(&keys)?) {
            found.objects_checked += 1;
            if blake3::hash(&bytes).to_hex()[..hash.len()] != **hash {
                found.changed.push(key.clone());
            }
        }
    }
    let staged: BTreeSet<String> = store.list("staging")?.into_iter().map(|object| object.path).collect();
    found
        .missing
        .extend(ledger.staged_objects().difference(&staged).cloned());
    Ok(found)
}

/// Removes what neither the ledger nor a reader needs: staged objects of superseded files, and strays among the tables.
/// Returns what was, or with `rehearse` would be, removed.
pub fn vacuum(job: &Job, context: &RunContext, rehearse: bool) -> Result<Vec<String>> {
    vacuum_in(
        &Store::open(&job.warehouse, false, &context.runtime)?,
        job,
        context,
        rehearse,
    )
}

/// The same with the warehouse in `store`, whatever address the job file gives.
pub fn vacuum_in(store: &Store, job: &Job, context: &RunContext, rehearse: bool) -> Result<Vec<String>> {
    let catalog = Catalog::load(job.sql_folder.as_deref())?;
    let lease = match rehearse {
        true => None,
        false => Some(Lease::acquire(store, &context.run_id, context.now_seconds)?),
    };
    let unknown = |why: &str| {
        let url = store.url("");
        Error::Usage(format!(
            "{url}: {why}, so nothing tells what is needed; run the job first"
        ))
    };
    let mut ledger = Ledger::load(store)?.ok_or_else(|| unknown("there is no ledger"))?;
    if ledger.publishing.is_some() {
        return Err(unknown("the last run did not finish"));
    }
    let needed = ledger.staged_objects();
    let staged = store.list("staging")?.into_iter().map(|object| object.path);
    let mut surplus: Vec<String> = staged.filter(|path| !needed.contains(path)).collect();
    let known = outputs(&ledger, &catalog);
    surplus.extend(published(store)?.into_iter().filter(|path| !known.contains_key(path)));
    if !rehearse && !surplus.is_empty() {
        // Since the listing another run may have taken over, and need by now what was surplus: then this fails. If it
        // takes over later, it finds the announcement, and compares what is there with what it wrote.
        ledger.announce(store, &context.run_id)?;
        store.delete_all(&surplus)?;
        ledger.conclude(store)?;
        ledger.prune(store)?;
    }
    if let Some(lease) = lease {
        lease.release()?;
    }
    Ok(surplus)
}

/// Every published object of the ledger with the hash of its bytes.
fn outputs(ledger: &Ledger, catalog: &Catalog) -> BTreeMap<String, String> {
    let mut outputs = BTreeMap::new();
    for model in catalog.models() {
        for (unit, built) in ledger.tables.get(&model.name).into_iter().flatten() {
            for (month, output) in &built.outputs {
                outputs.insert(object_key(model, *unit, *month), output.hash.clone());
            }
        }
    }
    outputs
}

/// The objects of our shape where readers look.
fn published(store: &Store) -> Result<BTreeSet<String>> {
    let mut there = BTreeSet::new();
    for layer in Layer::PUBLISHED {
        there.extend(
            store
                .list(layer.name())?
                .into_iter()
                .map(|object| object.path)
                .filter(|path| is_ours(path)),
        );
    }
    Ok(there)
}
