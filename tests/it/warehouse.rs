//! Reading what was published, without the program's own readers of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::SystemTime;

use polars::prelude::*;

use super::program::files;

/// What readers see.
pub const PUBLISHED: [&str; 3] = ["core", "facts", "marts"];

/// Path and content hash of every published object.
pub fn published(warehouse: &Path) -> BTreeMap<String, String> {
    hashes(warehouse, &PUBLISHED)
}

/// Path and content hash of every object below some folders of the warehouse; the folder "" holds all of them.
pub fn hashes(warehouse: &Path, folders: &[&str]) -> BTreeMap<String, String> {
    files(warehouse)
        .into_iter()
        .filter(|file| folders.iter().any(|folder| Path::new(file).starts_with(folder)))
        .map(|file| {
            let bytes = std::fs::read(warehouse.join(&file)).expect("a published object");
            (file, blake3::hash(&bytes).to_hex().to_string())
        })
        .collect()
}

/// Path, content hash and time of change of every object of the warehouse, the ledger's among them.
pub fn everything(warehouse: &Path) -> BTreeMap<String, (String, SystemTime)> {
    hashes(warehouse, &[""])
        .into_iter()
        .map(|(file, hash)| {
            let path = warehouse.join(&file);
            let changed = std::fs::metadata(path)
                .and_then(|meta| meta.modified())
                .expect("a time of change");
            (file, (hash, changed))
        })
        .collect()
}

/// Fails with the paths that differ, rather than with two long lists.
#[track_caller]
pub fn assert_same(what: &str, got: &BTreeMap<String, String>, expected: &BTreeMap<String, String>) {
    assert!(!expected.is_empty(), "{what}: nothing to compare with");
    let paths: std::collections::BTreeSet<&String> = got.keys().chain(expected.keys()).collect();
    let differing: Vec<String> = paths
        .into_iter()
        .filter(|path| got.get(*path) != expected.get(*path))
        .map(|path| match (got.get(path), expected.get(path)) {
            (Some(_), Some(_)) => format!("{path} has other bytes"),
            (Some(_), None) => format!("{path} should not be there"),
            _ => format!("{path} is missing"),
        })
        .collect();
    assert!(differing.is_empty(), "{what}:\n{}", differing.join("\n"));
}

/// A table as text: numbers as SQL prints them, NULL as an empty cell.
pub struct Table(pub DataFrame);

/// All partitions of a table below the warehouse: `table(w, "marts/service_daily")`.
#[track_caller]
pub fn table(warehouse: &Path, folder: &str) -> Table {
    let mut whole: Option<DataFrame> = None;
    // As readers do: what a killed process was writing stands beside its place under another ending.
    for file in files(&warehouse.join(folder))
        .into_iter()
        .filter(|file| file.ends_with(".parquet"))
    {
        let file = std::fs::File::open(warehouse.join(folder).join(file)).expect("a published object");
        let frame = ParquetReader::new(file).finish().expect("Parquet");
        whole = Some(match whole {
            None => frame,
            Some(above) => above.vstack(&frame).expect("partitions of one schema"),
        });
    }
    Table(whole.unwrap_or_else(|| panic!("{folder} has no partition")))
}

impl Table {
    pub fn height(&self) -> usize {
        self.0.height()
    }

    /// One column as text.
    #[track_caller]
    pub fn column(&self, name: &str) -> Vec<String> {
        let column = self.0.column(name).expect("a column");
        let text = column.cast(&DataType::String).expect("a printable column");
        text.str()
            .expect("text")
            .iter()
            .map(|cell| cell.unwrap_or_default().to_owned())
            .collect()
    }

    /// Rows of some columns.
    #[track_caller]
    pub fn rows(&self, columns: &[&str]) -> Vec<Vec<String>> {
        let columns: Vec<Vec<String>> = columns.iter().map(|name| self.column(name)).collect();
        (0..self.height())
            .map(|row| columns.iter().map(|column| column[row].clone()).collect())
            .collect()
    }

    /// Rows of some columns in which `column` is `value`.
    #[track_caller]
    pub fn rows_where(&self, column: &str, value: &str, columns: &[&str]) -> Vec<Vec<String>> {
        let keys = self.column(column);
        let rows = self.rows(columns).into_iter().zip(keys);
        rows.filter(|(_, key)| key == value).map(|(row, _)| row).collect()
    }

    /// Sum of a column of whole numbers or decimals, in ten-thousandths.
    #[track_caller]
    pub fn sum(&self, name: &str) -> i128 {
        self.column(name)
            .iter()
            .filter(|cell| !cell.is_empty())
            .map(|cell| ten_thousandths(cell))
            .sum()
    }
}

/// `12.5` is 125000: money without floats.
#[track_caller]
pub fn ten_thousandths(text: &str) -> i128 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    assert!(fraction.len() <= 4, "{text}");
    let digits: i128 = format!("{}{fraction:0<4}", whole.trim_start_matches('-'))
        .parse()
        .expect("a number");
    if text.starts_with('-') { -digits } else { digits }
}
