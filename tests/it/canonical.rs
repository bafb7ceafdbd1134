//! A helpdesk and a shop that no preset knows, mapped in the job file, against numbers worked out by hand.
//!
//! `tests/fixtures/canonical/README.md` shows the arithmetic behind `expected/*.csv`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use polars::prelude::*;
use tempfile::TempDir;

/// A table, the columns that name a row of it, and those that say which part of it the CSV lists: none, if it lists
/// the whole table.
struct Expected {
    layer: &'static str,
    table: &'static str,
    key: &'static [&'static str],
    part: &'static [&'static str],
}

const fn whole(layer: &'static str, table: &'static str, key: &'static [&'static str]) -> Expected {
    part(layer, table, key, &[])
}

const fn part(
    layer: &'static str,
    table: &'static str,
    key: &'static [&'static str],
    part: &'static [&'static str],
) -> Expected {
    Expected {
        layer,
        table,
        key,
        part,
    }
}

const EXPECTED: [Expected; 12] = [
    whole("marts", "source_files", &["source", "file"]),
    whole(
        "marts",
        "quarantine",
        &["source", "file", "record_number", "column_name"],
    ),
    whole("core", "core_surveys", &["survey_id"]),
    whole("core", "core_fulfillments", &["order_id", "fulfillment_id"]),
    whole("facts", "fct_tickets", &["ticket_id"]),
    whole("facts", "fct_orders", &["order_id"]),
    whole("facts", "fct_refunds", &["order_id", "refund_id"]),
    part(
        "marts",
        "cohort_retention",
        &["cohort_month", "months_since", "segment_kind", "segment_value"],
        &["segment_kind"],
    ),
    whole(
        "marts",
        "retention_rate",
        &["month_start", "segment_kind", "segment_value"],
    ),
    part(
        "marts",
        "contact_daily",
        &["date", "segment_kind", "segment_value"],
        &["date"],
    ),
    part("marts", "service_daily", &["date", "channel", "team_id"], &["date"]),
    part(
        "marts",
        "service_periods",
        &["period", "period_start", "metric", "slice", "slice_value"],
        &["period", "period_start", "metric"],
    ),
];

/// Rows as text by column; NULL is empty.
type Rows = BTreeMap<Vec<String>, BTreeMap<String, String>>;

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/canonical")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A copy of the job, for a warehouse of its own.
fn job() -> TempDir {
    let folder = TempDir::new().unwrap();
    copy(&fixture().join("exports"), &folder.path().join("exports"));
    std::fs::copy(fixture().join("job.toml"), folder.path().join("job.toml")).unwrap();
    folder
}

fn run(job: &TempDir, dates: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_postventa"));
    let output = command
        .arg("run")
        .arg(job.path().join("job.toml"))
        .args(dates)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn every_number_worked_out_by_hand_is_in_the_tables() {
    let job = job();
    run(&job, &[]);
    let differences = differences(&job.path().join("warehouse"));
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn deliveries_read_one_by_one_in_any_order_give_the_same_numbers() {
    let job = job();
    for date in ["2025-04-15", "2025-02-28", "2025-03-31"] {
        run(&job, &["--date", date]);
    }
    let differences = differences(&job.path().join("warehouse"));
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn differences(warehouse: &Path) -> Vec<String> {
    let mut people = People::default();
    let mut differences = Vec::new();
    for expected in &EXPECTED {
        let table = expected.table;
        let file = fixture().join("expected").join(format!("{table}.csv"));
        let (columns, wanted) = read_csv(&file, expected.key);
        let (types, mut found) = read_table(&warehouse.join(expected.layer).join(table), &columns, expected.key);
        let part_of = |row: &BTreeMap<String, String>| -> Vec<String> {
            expected.part.iter().map(|column| row[*column].clone()).collect()
        };
        let parts: BTreeSet<Vec<String>> = wanted.values().map(part_of).collect();
        found.retain(|_, row| parts.contains(&part_of(row)));

        let keys: BTreeSet<&Vec<String>> = wanted.keys().chain(found.keys()).collect();
        for key in keys {
            let (Some(wanted), Some(found)) = (wanted.get(key), found.get(key)) else {
                let what = if found.contains_key(key) {
                    "not expected"
                } else {
                    "missing"
                };
                differences.push(format!("{table} {key:?}: {what}"));
                continue;
            };
            for column in &columns {
                let (want, have) = (&wanted[column], &found[column]);
                let is_equal = match column.as_str() {
                    "customer_hash" => people.agree(want, have),
                    _ => equal(&types[column], want, have),
                };
                if !is_equal {
                    differences.push(format!("{table} {key:?}: {column} is {have:?}, by hand {want:?}"));
                }
            }
        }
    }
    differences
}

fn read_csv(file: &Path, key: &[&str]) -> (Vec<String>, Rows) {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let columns: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let mut rows = Rows::new();
    for record in reader.records() {
        let cells = record.unwrap();
        let row = columns.iter().cloned().zip(cells.iter().map(str::to_owned)).collect();
        insert(&mut rows, key, row, file);
    }
    assert!(!rows.is_empty(), "{} is empty", file.display());
    (columns, rows)
}

/// The objects of all months of a table: one a month, or one a month they come from.
fn files(folder: &Path) -> Vec<PathBuf> {
    let inside = |folder: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    };
    inside(folder).iter().flat_map(|month| inside(month)).collect()
}

/// The columns asked for of all months of a table, and their types.
fn read_table(folder: &Path, columns: &[String], key: &[&str]) -> (BTreeMap<String, DataType>, Rows) {
    let (mut types, mut rows) = (BTreeMap::new(), Rows::new());
    for file in files(folder) {
        let file = std::fs::File::open(file).unwrap();
        let frame = ParquetReader::new(file).finish().unwrap();
        let cells: Vec<Column> = columns
            .iter()
            .map(|name| {
                let column = frame.column(name).unwrap();
                types.insert(name.clone(), column.dtype().clone());
                column.cast(&DataType::String).unwrap()
            })
            .collect();
        for at in 0..frame.height() {
            let texts = cells
                .iter()
                .map(|column| column.str().unwrap().get(at).unwrap_or_default().to_owned());
            insert(&mut rows, key, columns.iter().cloned().zip(texts).collect(), folder);
        }
    }
    (types, rows)
}

fn insert(rows: &mut Rows, key: &[&str], row: BTreeMap<String, String>, source: &Path) {
    let key: Vec<String> = key.iter().map(|column| row[*column].clone()).collect();
    let repeated = rows.insert(key.clone(), row).is_some();
    assert!(!repeated, "{}: more than one row {key:?}", source.display());
}

/// Exact, but for the last digits of a float, which is written as a number or a fraction such as `2/3`.
fn equal(kind: &DataType, wanted: &str, found: &str) -> bool {
    if wanted.is_empty() || found.is_empty() {
        return wanted == found;
    }
    match kind {
        DataType::Float64 => {
            let (above, below) = wanted.split_once('/').unwrap_or((wanted, "1"));
            let wanted = above.parse::<f64>().unwrap() / below.parse::<f64>().unwrap();
            let found: f64 = found.parse().unwrap();
            (wanted - found).abs() <= 1e-9 * wanted.abs().max(1.0)
        }
        DataType::Decimal(..) => ten_thousandths(wanted) == ten_thousandths(found),
        DataType::Datetime(..) => found.split('.').next() == Some(wanted),
        _ => wanted == found,
    }
}

/// `-1.5` is -15000.
fn ten_thousandths(text: &str) -> i64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    assert!(fraction.len() <= 4, "{text}");
    format!("{whole}{fraction:0<4}").parse().unwrap()
}

/// People have names in the CSV and hashes in the tables: in all tables alike, one name is one hash.
#[derive(Default)]
struct People {
    hashes: BTreeMap<String, String>,
    names: BTreeMap<String, String>,
}

impl People {
    fn agree(&mut self, name: &str, hash: &str) -> bool {
        if name.is_empty() || hash.is_empty() {
            return name == hash;
        }
        let known_hash = self.hashes.entry(name.to_owned()).or_insert_with(|| hash.to_owned());
        let known_name = self.names.entry(hash.to_owned()).or_insert_with(|| name.to_owned());
        known_hash == hash && known_name == name
    }
}
