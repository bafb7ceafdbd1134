//! Parquet exports: flat columns, handed on as the text they stand for.

use std::borrow::Cow;
use std::io::Cursor;

use polars::prelude::{AnyValue, Column, DataFrame, ParquetReader, SerReader, TimeUnit};
use rayon::prelude::*;

use super::Sink;
use super::csv::column;
use super::fault::FileFault;
use super::record::{Node, Shape};

/// Rows one sink takes.
const STRETCH_ROWS: usize = 65_536;

/// Reads the file's columns.
///
/// # Errors
/// Bytes that are not Parquet, or are cut.
pub fn open(bytes: &[u8]) -> Result<DataFrame, FileFault> {
    ParquetReader::new(Cursor::new(bytes)).finish().map_err(|error| {
        FileFault::new(
            format!("the Parquet file cannot be read ({error})"),
            "deliver the whole file again",
        )
    })
}

/// The names of the columns.
pub fn headers(frame: &DataFrame) -> Vec<String> {
    frame.get_column_names().iter().map(|name| name.to_string()).collect()
}

/// Hands on all rows. Nested columns count as empty.
pub fn read<S: Sink>(frame: &DataFrame, shape: &Shape, new_sink: &(dyn Fn() -> S + Sync)) -> Vec<S> {
    let headers = headers(frame);
    let columns: Vec<Option<&Column>> = shape
        .names()
        .map(|name| frame.columns().get(column(&headers, name)?))
        .collect();
    let height = frame.height();
    (0..height.div_ceil(STRETCH_ROWS))
        .into_par_iter()
        .map(|stretch| {
            let mut sink = new_sink();
            let rows = stretch * STRETCH_ROWS..height.min((stretch + 1) * STRETCH_ROWS);
            for row in rows {
                let slots = columns.iter().map(|column| cell(*column, row)).collect();
                let number = i64::try_from(row + 1).unwrap_or(i64::MAX);
                sink.record(number, &Node::Object(slots));
            }
            sink
        })
        .collect()
}

fn cell(column: Option<&Column>, row: usize) -> Node<'_> {
    let Some(Ok(value)) = column.map(|column| column.get(row)) else {
        return Node::Null;
    };
    let text = match value {
        AnyValue::String("") => return Node::Null,
        AnyValue::String(text) => return Node::Text(Cow::Borrowed(text)),
        AnyValue::StringOwned(text) => text.to_string(),
        AnyValue::Boolean(value) => return Node::Bool(value),
        AnyValue::Float64(value) => return Node::Float(value),
        AnyValue::Float32(value) => value.to_string(),
        AnyValue::Date(days) => date_text(days),
        AnyValue::Datetime(value, unit, zone) => instant_text(value, unit, zone.is_some()),
        value if value.is_nested_null() || matches!(value, AnyValue::Null) => return Node::Null,
        value if value.is_primitive_numeric() || matches!(value, AnyValue::Decimal(..)) => value.to_string(),
        _ => return Node::Null,
    };
    Node::Text(Cow::Owned(text))
}

fn date_text(days: i32) -> String {
    chrono::DateTime::from_timestamp(i64::from(days) * 86_400, 0)
        .map(|at| at.format("%Y-%m-%d").to_string())
        .unwrap_or_default()
}

/// A timestamp without a zone stays without one: the source's zone decides, as for text.
fn instant_text(value: i64, unit: TimeUnit, zoned: bool) -> String {
    let micros = match unit {
        TimeUnit::Nanoseconds => value.div_euclid(1000),
        TimeUnit::Microseconds => value,
        TimeUnit::Milliseconds => value.saturating_mul(1000),
    };
    let format = if zoned {
        "%Y-%m-%dT%H:%M:%S%.6fZ"
    } else {
        "%Y-%m-%dT%H:%M:%S%.6f"
    };
    chrono::DateTime::from_timestamp_micros(micros)
        .map(|at| at.format(format).to_string())
        .unwrap_or_default()
}
