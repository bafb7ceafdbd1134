//! Staging: a record becomes typed rows.
//!
//! Owns the staged layout ([`Entity`]), the mapping language, casts, identity and quarantine. Promises that a staged row
//! depends on its own file only, and that in every file the records read of an entity are those accepted, quarantined
//! and left out as older versions.

pub mod cast;
pub mod columns;
pub mod compile;
pub mod decimal;
pub mod entity;
pub mod identity;
pub mod mapping;
pub mod presets;
pub mod reason;
mod report;
mod row;
mod run;
pub mod sentiment;
pub mod table;
#[cfg(test)]
mod tests;
pub mod time;
pub mod value;

use bytes::Bytes;
use chrono::NaiveDate;
use chrono_tz::Tz;

pub use crate::landing::FileFault;
pub use entity::Entity;
pub use reason::ReasonRule;
pub use run::stage_file;
pub use table::StagedTable;

/// What all files of a job are staged with.
#[derive(Debug, Clone)]
pub struct StageContext {
    /// Local dates are taken in this zone.
    pub time_zone: Tz,
    /// Key of the customers' hashes.
    pub hash_key: [u8; 32],
    /// Rules of contact reasons; see [`reason::default_rules`].
    pub reasons: Vec<ReasonRule>,
    /// Currency of orders that name none.
    pub currency: String,
}

/// One file as it landed.
#[derive(Debug, Clone)]
pub struct LandedFile<'a> {
    /// Shown to people.
    pub path: &'a str,
    /// Sorts by age; becomes the column `batch`.
    pub batch: &'a str,
    pub batch_date: Option<NaiveDate>,
    pub bytes: Bytes,
}

/// What became of one file.
#[derive(Debug, Clone)]
pub struct StagedFile {
    /// One table per mapped entity, then `files`, then `quarantine`; tables may be empty.
    pub tables: Vec<StagedTable>,
    /// Newest local date among the accepted rows' anchors and versions.
    pub last_date: Option<NaiveDate>,
    /// Per mapped entity.
    pub totals: Vec<Totals>,
    /// Sum over the entities.
    pub records_read: usize,
    pub records_quarantined: usize,
}

/// Counts of one entity in one file: `read = accepted + quarantined + duplicates`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    pub entity: Entity,
    pub read: usize,
    pub accepted: usize,
    pub quarantined: usize,
    pub duplicates: usize,
}

impl StageContext {
    /// Hash of everything that changes staged rows: zone, hash key, rules and currency.
    pub fn fingerprint(&self) -> String {
        let mut hasher = blake3::Hasher::new_keyed(&self.hash_key);
        hasher.update(format!("{}|{}|{:?}", self.time_zone.name(), self.currency, self.reasons).as_bytes());
        hasher.finalize().to_hex().to_string()
    }
}

impl StagedFile {
    /// The table of an entity, if the source is mapped to it.
    pub fn table(&self, entity: Entity) -> Option<&StagedTable> {
        self.tables.iter().find(|table| table.entity == entity)
    }
}
