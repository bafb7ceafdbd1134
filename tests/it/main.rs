//! The one integration test binary: a second one would link polars a second time.
//!
//! Tests run the program as a child process and read what it published; expected values are worked out by hand or from
//! the landing files by other means.

// `cfg(test)` tells clippy that helpers, too, may unwrap.
#[cfg(test)]
mod backfill;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod canonical;
#[cfg(test)]
mod cohorts;
#[cfg(test)]
mod concurrency;
#[cfg(test)]
mod data_tests;
#[cfg(test)]
mod definitions;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod dictionary;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod faulty_store;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod interrupted;
#[cfg(test)]
mod kpi_cases;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod program;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod rebuilt;
#[cfg(test)]
mod recovery;
#[cfg(test)]
mod s3;
#[cfg(test)]
mod s3_server;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod warehouse;
#[cfg(test)]
mod watermark;
