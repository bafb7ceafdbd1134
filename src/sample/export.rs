//! Hands finished files to the caller, compressed if asked, and counts them.

use super::{Compression, SampleError, SampleOptions, Sink};
use chrono::NaiveDate;
use std::io::Write;

pub struct Export<'a, E> {
    options: &'a SampleOptions,
    write: &'a mut Sink<'a, E>,
    files: u64,
    bytes: u64,
    bytes_written: u64,
}

impl<'a, E: std::error::Error + 'static> Export<'a, E> {
    pub fn new(options: &'a SampleOptions, write: &'a mut Sink<'a, E>) -> Self {
        Self {
            options,
            write,
            files: 0,
            bytes: 0,
            bytes_written: 0,
        }
    }

    /// Files, bytes, bytes written.
    pub fn counts(&self) -> (u64, u64, u64) {
        (self.files, self.bytes, self.bytes_written)
    }

    pub fn settings(&mut self, path: &str, bytes: &[u8]) -> Result<(), SampleError<E>> {
        self.put(path.to_owned(), bytes.len(), bytes)
    }

    pub fn day(
        &mut self,
        vendor: &str,
        folder: &str,
        date: NaiveDate,
        ending: &str,
        bytes: &[u8],
    ) -> Result<(), SampleError<E>> {
        if bytes.is_empty() {
            return Ok(());
        }
        let path = format!("{vendor}/{folder}/{date}.{ending}");
        let is_plain = self.options.plain.iter().any(|name| name == folder);
        // Writing to memory does not fail.
        match self.options.compression {
            _ if is_plain => self.put(path, bytes.len(), bytes),
            Compression::None => self.put(path, bytes.len(), bytes),
            Compression::Gzip => {
                let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
                let packed = encoder.write_all(bytes).and_then(|()| encoder.finish());
                self.put(path + ".gz", bytes.len(), &packed.unwrap_or_default())
            }
            Compression::Zstd => {
                let packed = zstd::bulk::compress(bytes, 3);
                self.put(path + ".zst", bytes.len(), &packed.unwrap_or_default())
            }
        }
    }

    fn put(&mut self, path: String, plain: usize, bytes: &[u8]) -> Result<(), SampleError<E>> {
        self.files += 1;
        self.bytes += plain as u64;
        self.bytes_written += bytes.len() as u64;
        (self.write)(&path, bytes).map_err(|source| SampleError::Write { path, source })
    }
}
