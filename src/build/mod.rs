//! The warehouse as an incremental build: what is there, what is stale, and making it so.
//!
//! Owns: the ledger, the scan of the landing area, staging of new files, the build of stale units, and publishing.
//! Promises: a unit is rebuilt exactly when its fingerprint changed; tables change only after everything was built and
//! tested; a run that dies leaves readers with whole objects and the next run with enough to converge.

mod decoded;
mod dump;
mod inputs;
mod ledger;
mod publish;
mod run;
mod scan;
mod stage;
mod tables;
mod units;
mod verify;
mod workers;

pub use ledger::{Batch, Counts, Ledger, Output, RunRecord, Unit};
pub use run::{Options, ReadFile, RunContext, Summary, run, run_in};
pub use scan::{Found, Scanned, scan};
pub use units::BuiltUnit;
pub use verify::{Verification, vacuum, verify};
