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

/// What a reader hands its records to. One sink serves one stretch of a file, so record numbers start at 1 in each;
/// the reader's [`Part`]s say how far to shift them.
pub trait Sink: Send {
    /// Takes one record.
    fn record(&mut self, number: i64, record: &Node<'_>);
    /// Takes a record that cannot be read, with the reason's word.
    fn broken(&mut self, number: i64, reason: &'static str);
}

/// A sink that has seen its stretch of the file, and how many record numbers the stretch used.
pub struct Part<S> {
    pub sink: S,
    pub records: i64,
}

/// Bytes of text one stretch should have, so that every core gets several.
pub(crate) fn stretch_bytes(total: usize) -> usize {
    let pieces = rayon::current_num_threads().max(1) * 4;
    (total / pieces).clamp(256 * 1024, 16 * 1024 * 1024)
}
