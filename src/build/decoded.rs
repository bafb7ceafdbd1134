//! Decoded objects that many units read: the months before, the lists of everybody.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use polars::prelude::DataFrame;

/// All frames kept take no more than this; when it is reached, all go.
const CAPACITY_BYTES: usize = 256 << 20;
/// A larger object is read by few units, and would push out what many read.
const LARGEST_BYTES: usize = 4 << 20;

/// Frames by object and the columns decoded of it.
#[derive(Default)]
pub struct Decoded(Mutex<Frames>);

#[derive(Default)]
struct Frames {
    by_key: HashMap<String, HashMap<String, DataFrame>>,
    bytes: usize,
}

impl Decoded {
    pub fn get(&self, key: &str, columns: &[String]) -> Option<DataFrame> {
        self.lock().by_key.get(key)?.get(&columns.join(",")).cloned()
    }

    pub fn put(&self, key: &str, columns: &[String], frame: &DataFrame) {
        let bytes = frame.estimated_size();
        if bytes > LARGEST_BYTES {
            return;
        }
        let mut frames = self.lock();
        if frames.bytes + bytes > CAPACITY_BYTES {
            *frames = Frames::default();
        }
        frames.bytes += bytes;
        frames
            .by_key
            .entry(key.to_owned())
            .or_default()
            .insert(columns.join(","), frame.clone());
    }

    fn lock(&self) -> MutexGuard<'_, Frames> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
