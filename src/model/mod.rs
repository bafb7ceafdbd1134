//! SQL models: what they read, what they promise, and how one unit of one is computed.
//!
//! Owns: headers, the catalogue (embedded files and a job's own folder), parameter tables, and the engine. Promises: a
//! result has exactly the columns its header declares, its rows are unique in the grain and sorted by it, and the same
//! inputs give the same bytes.

mod catalog;
mod data_tests;
mod dictionary;
mod engine;
mod header;
mod month;
mod parameters;
mod reads;
mod steps;

pub use catalog::{Catalog, Layer, Model, staged_entity};
pub use dictionary::{Kpi, dictionary};
pub use engine::{Built, column_hash, content_hash, decode, empty, encode, run};
pub use header::{Column, Months, Relationship, Severity, SqlType, schema};
pub use month::Month;
pub use parameters::{Parameters, is_parameter};
