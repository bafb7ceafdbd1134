//! What people and schedulers read of a run: progress, summaries, plans, status, checks and the KPI dictionary.
//!
//! Owns: wording and layout of stdout. Promises: stdout carries the result only, and never a customer's data.

mod check;
mod kpis;
mod markdown;
mod plan;
mod progress;
mod status;
mod summary;
mod verify;

pub use check::check;
pub use kpis::print_kpis;
pub use markdown::print_markdown;
pub use plan::print_plan;
pub use progress::Progress;
pub use status::{Status, print_status, status};
pub use summary::print_summary;
pub use verify::print_verification;
