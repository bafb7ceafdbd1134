//! postventa: helpdesk and order exports in, service KPIs and cohorts as Parquet tables out.
//!
//! The modules stand in the order in which data travels; `ARCHITECTURE.md` tells the story.

pub mod build;
pub mod cli;
pub mod error;
pub mod job;
pub mod landing;
pub mod model;
pub mod report;
pub mod sample;
pub mod stage;
pub mod store;
