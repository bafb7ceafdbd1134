//! The ledger: what the warehouse holds and what it was made of.
//!
//! One compressed JSON object per state, numbered, written by create-only puts: of two runs that read state n, only one
//! can write n + 1. The highest number is the truth.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::model::Month;
use crate::stage::Entity;
use crate::store::{Listed, Store};

const FOLDER: &str = "_postventa/ledger";
const PRODUCT: &str = "postventa";
/// Raised when older programs could misread a ledger.
const FORMAT: u32 = 2;
/// States kept besides the newest, for people who look back.
const KEPT: usize = 4;
const RUNS_KEPT: usize = 50;

/// A state of the warehouse.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ledger {
    product: String,
    format: u32,
    #[serde(skip)]
    sequence: u64,
    /// The run that is replacing objects. When a run finds one here, it died: objects may be newer than the ledger says.
    pub publishing: Option<String>,
    /// A run that was replacing objects and that another one followed without knowing that it was dead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overtaken: Option<Overtaken>,
    /// Staged files, by source and by the file's path below the source's folder.
    pub sources: BTreeMap<String, BTreeMap<String, Batch>>,
    /// Built units, by table and unit.
    pub tables: BTreeMap<String, BTreeMap<Month, Unit>>,
    /// The newest runs that changed something, oldest first.
    pub runs: Vec<RunRecord>,
}

/// A run that did not finish. If it was only asleep it still goes on replacing objects, and the ledger's next number is
/// what stops it; so for some time every run compares the ledger with the objects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overtaken {
    pub run_id: String,
    /// Unix seconds.
    pub at_seconds: i64,
}

/// A run that was overtaken this long ago is dead.
const WATCHED_SECONDS: i64 = 24 * 60 * 60;

/// Stands for a run's id in `publishing` where objects may differ from the ledger and no run is replacing them.
pub const UNSETTLED: &str = "unsettled";

/// One landing file and the staged objects made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// The landing object's version when it was read.
    pub version: String,
    pub size_bytes: u64,
    /// Hash of the mapping and settings it was staged with.
    pub staging: String,
    /// The date in its path.
    pub date: Option<NaiveDate>,
    /// The newest local date in its rows.
    pub last_date: Option<NaiveDate>,
    pub slices: Vec<Slice>,
    /// Per entity; read = accepted + quarantined + duplicate.
    pub counts: BTreeMap<String, Counts>,
}

/// The rows of one file, entity and month: a run of rows in a staged object, which files staged together share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slice {
    pub entity: String,
    pub month: Month,
    /// The object, and where in it the rows stand.
    pub key: String,
    pub first_row: u64,
    pub rows: u64,
    /// Hash of the rows, whatever object they are in.
    pub hash: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub read: u64,
    pub accepted: u64,
    pub quarantined: u64,
    pub duplicate: u64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.read += other.read;
        self.accepted += other.accepted;
        self.quarantined += other.quarantined;
        self.duplicate += other.duplicate;
    }
}

/// What one unit of a model was built from, and what came out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Hashes of what the unit was built from, by what it is: `sql`, `settings`, or an input's name.
    pub fingerprint: BTreeMap<String, String>,
    pub outputs: BTreeMap<Month, Output>,
}

/// Stands in the fingerprint of the unit that only keeps an empty table readable.
pub const STAND_IN: &str = "stand_in";

impl Unit {
    pub fn is_stand_in(&self) -> bool {
        self.fingerprint.contains_key(STAND_IN)
    }

    /// Forgets what the unit was built from, so that it is built again.
    pub fn invalidate(&mut self) {
        self.fingerprint.retain(|part, _| part == STAND_IN);
    }
}

/// One published object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// Hash of the object's bytes.
    pub hash: String,
    pub rows: u64,
    pub size_bytes: u64,
    /// The store's version of the object, to notice one that somebody else replaced.
    pub version: String,
    /// Hash of each column's values, in the order of the header; empty for one that no model reads.
    pub columns: Vec<String>,
}

/// A run that changed something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    pub run_id: String,
    pub started_at: String,
    pub duration_seconds: f64,
    pub files_staged: u64,
    pub partitions_written: u64,
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            product: PRODUCT.into(),
            format: FORMAT,
            sequence: 0,
            publishing: None,
            overtaken: None,
            sources: BTreeMap::new(),
            tables: BTreeMap::new(),
            runs: Vec::new(),
        }
    }
}

impl Ledger {
    /// The newest state of a warehouse; `None` where there is none yet (or none any more).
    pub fn load(store: &Store) -> Result<Option<Self>> {
        let Some(newest) = newest(store)? else {
            return Ok(None);
        };
        let foreign = |message: String| Error::ForeignLedger {
            url: store.url(&newest.path),
            message,
        };
        let bytes = store.get(&newest.path)?;
        let json = zstd::decode_all(bytes.as_ref()).map_err(|e| foreign(format!("the ledger cannot be read: {e}")))?;
        #[derive(Deserialize)]
        struct Head {
            product: String,
            format: u32,
        }
        let head: Head =
            serde_json::from_slice(&json).map_err(|e| foreign(format!("this is no ledger of ours: {e}")))?;
        if head.product != PRODUCT || head.format != FORMAT {
            return Err(foreign(format!(
                "the ledger is {} format {}, this program reads {PRODUCT} format {FORMAT}; use the program that wrote it, \
                 or another warehouse folder",
                head.product, head.format
            )));
        }
        let mut ledger: Ledger =
            serde_json::from_slice(&json).map_err(|e| foreign(format!("the ledger cannot be read: {e}")))?;
        ledger.sequence = number(&newest.path).unwrap_or_default();
        Ok(Some(ledger))
    }

    /// Whether no other run has written a state since this one was loaded.
    pub fn is_newest(&self, store: &Store) -> Result<bool> {
        Ok(newest(store)?.is_some_and(|object| number(&object.path) == Some(self.sequence)))
    }

    /// Writes this state as the next one; fails when another run did so first.
    pub fn commit(&mut self, store: &Store) -> Result<()> {
        let surplus = self.runs.len().saturating_sub(RUNS_KEPT);
        self.runs.drain(..surplus);
        let json = serde_json::to_vec(self).map_err(|e| Error::Bug(format!("ledger: {e}")))?;
        let bytes = zstd::encode_all(json.as_slice(), 1).map_err(|e| Error::Bug(format!("ledger: {e}")))?;
        let next = self.sequence + 1;
        if !store.put_new(&path(next), bytes.into())? {
            return Err(Error::LeaseHeld {
                url: store.url(&path(next)),
                holder: "it committed while this run was working".into(),
            });
        }
        self.sequence = next;
        Ok(())
    }

    /// Writes this state as one whose objects are being replaced or removed: a run that finds it compares them first. To be
    /// written before the first of them goes, for if another run took over meanwhile this is what fails.
    pub fn announce(&mut self, store: &Store, run_id: &str) -> Result<()> {
        self.publishing = Some(run_id.to_owned());
        self.commit(store)
    }

    /// Writes what the objects are after `announce`. If another run took over meanwhile, the next one has to compare them.
    pub fn conclude(&mut self, store: &Store) -> Result<()> {
        self.publishing = None;
        let done = self.commit(store);
        if matches!(done, Err(Error::LeaseHeld { .. })) {
            tracing::warn!("another run took over while this one was replacing objects: the next one compares them");
            Self::doubt(store)?;
        }
        done
    }

    /// Every staged object that a batch refers to.
    pub fn staged_objects(&self) -> BTreeSet<String> {
        let batches = self.sources.values().flat_map(BTreeMap::values);
        batches
            .flat_map(|batch| &batch.slices)
            .map(|slice| slice.key.clone())
            .collect()
    }

    /// Notes whom the run that loaded this state follows.
    pub fn follow_dead(&mut self, now_seconds: i64) {
        if let Some(run_id) = self.publishing.clone() {
            self.overtaken = Some(Overtaken {
                run_id,
                at_seconds: now_seconds,
            });
        } else if !self.is_watched(now_seconds) {
            self.overtaken = None;
        }
    }

    /// Whether a run that was overtaken may still be replacing objects.
    pub fn is_watched(&self, now_seconds: i64) -> bool {
        let since = self.overtaken.as_ref().map(|run| now_seconds - run.at_seconds);
        since.is_some_and(|since| since < WATCHED_SECONDS)
    }

    /// Writes the newest state once more, unsettled: for a run that replaced objects and then finds that it was overtaken.
    /// It also stops the other run, if that has not finished, as it may have looked at the objects too early.
    fn doubt(store: &Store) -> Result<()> {
        while let Some(mut newest) = Self::load(store)? {
            newest.publishing = Some(UNSETTLED.to_owned());
            match newest.commit(store) {
                Err(Error::LeaseHeld { .. }) => {}
                done => return done,
            }
        }
        Ok(())
    }

    /// The number of this state.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// The last day that is complete: the newest date of a path, or of the rows where paths have no date.
    pub fn watermark(&self) -> Option<NaiveDate> {
        let batches = self.sources.values().flat_map(BTreeMap::values);
        batches.filter_map(|batch| batch.date.or(batch.last_date)).max()
    }

    /// The first month in which something happened to customers; people, costs and rates may be older than any of it.
    pub fn first_month(&self) -> Option<Month> {
        let batches = self.sources.values().flat_map(BTreeMap::values);
        let dated = batches
            .flat_map(|batch| &batch.slices)
            .filter(|slice| slice.month != Month::UNDATED);
        dated
            .filter(|slice| Entity::from_name(&slice.entity).is_some_and(Entity::is_activity))
            .map(|slice| slice.month)
            .min()
    }

    /// Removes states that are no longer needed.
    pub fn prune(&self, store: &Store) -> Result<()> {
        let states: Vec<String> = store.list(FOLDER)?.into_iter().map(|object| object.path).collect();
        let old = states.len().saturating_sub(KEPT + 1);
        store.delete_all(&states[..old])
    }

    /// All slices by entity and month, oldest batch first.
    pub fn slices(&self) -> BTreeMap<&str, BTreeMap<Month, Vec<&Slice>>> {
        let batches = self.sources.iter();
        let mut batches: Vec<(String, &Batch)> = batches
            .flat_map(|(source, batches)| batches.iter().map(move |(file, batch)| (source, file, batch)))
            .map(|(source, file, batch)| (batch_key(batch.date, source, file), batch))
            .collect();
        batches.sort_by(|a, b| a.0.cmp(&b.0));
        let mut slices: BTreeMap<&str, BTreeMap<Month, Vec<&Slice>>> = BTreeMap::new();
        for slice in batches.iter().flat_map(|(_, batch)| &batch.slices) {
            let months = slices.entry(slice.entity.as_str()).or_default();
            months.entry(slice.month).or_default().push(slice);
        }
        slices
    }
}

/// What names a batch inside staged rows: sorts by date, then by source and path; free of buckets and folders, so that
/// the same exports give the same tables wherever they lie.
pub fn batch_key(date: Option<NaiveDate>, source: &str, file: &str) -> String {
    let date = date.map(|d| d.to_string()).unwrap_or_default();
    format!("{date}|{source}/{file}")
}

fn newest(store: &Store) -> Result<Option<Listed>> {
    let states = store.list(FOLDER)?.into_iter();
    Ok(states.rev().find(|object| number(&object.path).is_some()))
}

fn path(sequence: u64) -> String {
    format!("{FOLDER}/{sequence:010}.json.zst")
}

fn number(path: &str) -> Option<u64> {
    path.strip_prefix(FOLDER)?
        .strip_prefix('/')?
        .strip_suffix(".json.zst")?
        .parse()
        .ok()
}
