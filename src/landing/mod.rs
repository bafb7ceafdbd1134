//! Landing: which files a run reads, and their bytes as records.
//!
//! Owns path patterns, decompression, character sets and the shapes of exports (CSV, JSON, Parquet). Promises that every
//! record of a file is handed on once, with its number, as text that nobody has interpreted yet, or that the file is
//! refused as a whole with a [`FileFault`].

pub mod csv;
pub mod decode;
pub mod fault;
pub mod json;
pub mod parquet;
pub mod path;
pub mod pattern;
pub mod record;

pub use fault::FileFault;
pub use pattern::{Match, Pattern};
pub use record::{Node, Shape};

/// What a reader hands its records to. Each stretch of a file gets a sink of its own, so that they run in parallel;
/// readers give the sinks back in the order of the file.
pub trait Sink: Send {
    /// Takes one record and its number in the file, from 1.
    fn record(&mut self, number: i64, record: &Node<'_>);
    /// Takes a record that cannot be read, with the reason's word.
    fn broken(&mut self, number: i64, reason: &'static str);
}

/// Bytes of text one stretch should have, so that every core gets several.
pub(crate) fn stretch_bytes(total: usize) -> usize {
    let pieces = rayon::current_num_threads().max(1) * 4;
    (total / pieces).clamp(256 * 1024, 16 * 1024 * 1024)
}
