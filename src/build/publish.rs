//! Putting built objects in their places, and finding out what a run that died left behind.

use std::collections::{BTreeMap, BTreeSet};

use super::ledger::Ledger;
use super::tables::{Tables, object_key};
use crate::error::Result;
use crate::model::{Catalog, Layer, Month};
use crate::store::Store;

/// What publishing did.
#[derive(Debug, Default, Clone, Copy)]
pub struct Published {
    pub written: u64,
    pub written_bytes: u64,
    pub removed: u64,
    /// Whether the ledger says that objects are being replaced.
    pub is_announced: bool,
}

/// Replaces objects one by one, each atomically, between two states of the ledger: one that says that objects are being
/// replaced, and one that says what they are now. `staged_before` are the staged objects of the state that the run found:
/// those that no batch refers to any more go, too.
pub fn publish(
    tables: &mut Tables,
    staged_before: &BTreeSet<String>,
    store: &Store,
    run_id: &str,
) -> Result<Published> {
    let pending = std::mem::take(&mut tables.pending);
    let removed = std::mem::take(&mut tables.removed).into_iter();
    // A place that one unit left and another took in the same run.
    let removed: Vec<String> = removed.filter(|key| !pending.contains_key(key)).collect();
    let staged_now = tables.ledger.staged_objects();
    let superseded: Vec<String> = staged_before.difference(&staged_now).cloned().collect();
    let published = Published {
        written: pending.len() as u64,
        written_bytes: pending.values().map(|bytes| bytes.len() as u64).sum(),
        removed: removed.len() as u64,
        is_announced: pending.len() + removed.len() + superseded.len() > 0,
    };
    let ledger = tables.ledger.to_mut();
    // What is built is in the ledger without a version until it is put: an unfinished run's units are built again.
    if published.is_announced {
        ledger.announce(store, run_id)?;
    }

    let mut objects: Vec<_> = pending.into_iter().collect();
    objects.sort_by(|a, b| a.0.cmp(&b.0));
    let keys: Vec<String> = objects.iter().map(|(key, _)| key.clone()).collect();
    let versions: BTreeMap<String, String> = keys.into_iter().zip(store.put_all(objects)?).collect();
    store.delete_all(&removed)?;
    store.delete_all(&superseded)?;

    set_versions(ledger, tables.catalog, &versions);
    Ok(published)
}

fn set_versions(ledger: &mut Ledger, catalog: &Catalog, versions: &BTreeMap<String, String>) {
    for model in catalog.models() {
        for (unit, built) in ledger.tables.get_mut(&model.name).into_iter().flatten() {
            for (month, output) in &mut built.outputs {
                if let Some(version) = versions.get(&object_key(model, *unit, *month)) {
                    output.version = version.clone();
                }
            }
        }
    }
}

/// Compares the ledger with the objects that are there, and forgets what is not so: units with a missing or changed
/// object are built again, batches with a missing object are staged again. Returns the objects that nothing refers to
/// and that readers would see. `spoiled` are objects that are not what they seem. For the holder of the lease: what a dead
/// run left half written is removed.
pub fn settle(
    ledger: &mut Ledger,
    catalog: &Catalog,
    store: &Store,
    spoiled: Option<&BTreeSet<String>>,
) -> Result<Vec<String>> {
    for folder in Layer::PUBLISHED.map(Layer::name).into_iter().chain(["staging"]) {
        store.remove_partial_writes(folder)?;
    }
    compare(ledger, catalog, store, spoiled)
}

/// Whether the objects are those that the ledger names, and no others.
pub fn is_as_told(ledger: &Ledger, catalog: &Catalog, store: &Store) -> Result<bool> {
    let mut compared = ledger.clone();
    let strays = compare(&mut compared, catalog, store, None)?;
    Ok(strays.is_empty() && compared.tables == ledger.tables && compared.sources == ledger.sources)
}

fn compare(
    ledger: &mut Ledger,
    catalog: &Catalog,
    store: &Store,
    spoiled: Option<&BTreeSet<String>>,
) -> Result<Vec<String>> {
    let mut there: BTreeMap<String, String> = BTreeMap::new();
    for layer in Layer::PUBLISHED {
        there.extend(
            store
                .list_versions(layer.name())?
                .into_iter()
                .map(|object| (object.path, object.version)),
        );
    }
    for model in catalog.models() {
        for (unit, built) in ledger.tables.get_mut(&model.name).into_iter().flatten() {
            let before = built.outputs.len();
            built.outputs.retain(|month, output| {
                // An object of another version stays a stray: its unit may come out without this month.
                let key = object_key(model, *unit, *month);
                let is_spoiled = spoiled.is_some_and(|spoiled| spoiled.contains(&key));
                let is_kept = there.get(&key) == Some(&output.version) && !is_spoiled;
                if is_kept {
                    there.remove(&key);
                }
                is_kept
            });
            if built.outputs.len() < before {
                built.invalidate();
            }
        }
    }
    let staged: BTreeMap<String, String> = store
        .list("staging")?
        .into_iter()
        .map(|object| (object.path, object.version))
        .collect();
    for batches in ledger.sources.values_mut() {
        for batch in batches.values_mut() {
            if !batch.slices.iter().all(|slice| staged.contains_key(&slice.key)) {
                batch.staging.clear();
            }
        }
    }
    Ok(there.into_keys().filter(|path| is_ours(path)).collect())
}

/// Whether a path has the shape of an object that this program publishes: nothing else is ever deleted.
pub fn is_ours(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        [_, _, file] => *file == "part-0.parquet",
        [_, _, month, file] => {
            let dated = month.strip_prefix("month=").and_then(Month::parse).is_some();
            let from = file
                .strip_prefix("from-")
                .and_then(|rest| rest.strip_suffix(".parquet"));
            dated && (*file == "part-0.parquet" || from.and_then(Month::parse).is_some())
        }
        _ => false,
    }
}
