//! One unit of one model: inputs in, checked and sorted rows out, as Parquet bytes.

use std::collections::BTreeMap;
use std::io::Cursor;

use bytes::Bytes;
use chrono::{DateTime, Days, NaiveDate};
use polars::prelude::*;
use polars::sql::SQLContext;
use polars_parquet::arrow::write::schema_to_metadata_key;

use super::catalog::Model;
use super::data_tests;
use super::header::schema;
use super::month::Month;
use crate::error::{Error, Result};

/// The rows of a unit, by the month they fall into. A table of one unit has its rows under `Month::UNDATED`.
pub type Built = BTreeMap<Month, DataFrame>;

/// Runs the model's SQL over `inputs` and checks the result against its header.
///
/// `unit` is the month built (`Month::UNDATED` for a table of one unit). Errors name the model and what is wrong: a
/// column or type that is not as declared is the model's fault; rows that break a promise of the header are a failed
/// data test.
pub fn run(model: &Model, unit: Month, inputs: Vec<(String, DataFrame)>) -> Result<Built> {
    let related = data_tests::related(model, &inputs);
    let mut tables: Vec<(String, LazyFrame)> = inputs.into_iter().map(|(name, frame)| (name, frame.lazy())).collect();
    for (name, sql) in &model.reads.steps.shared {
        let rows = select(model, unit, &tables, sql)?;
        tables.push((name.clone(), rows.lazy()));
    }
    let frame = select(model, unit, &tables, &model.reads.steps.last)?;
    check_columns(model, &frame)?;
    let frame = sort(model, frame)?;
    data_tests::check(model, unit, &frame, &related)?;
    split(model, unit, frame)
}

fn select(model: &Model, unit: Month, tables: &[(String, LazyFrame)], sql: &str) -> Result<DataFrame> {
    // A fresh context, since polars leaves the aliases of a query behind in a used one.
    let mut context = SQLContext::new();
    for (name, table) in tables {
        context.register(name, table.clone());
    }
    context
        .execute(sql)
        .and_then(|query| query.collect())
        .map_err(|e| model.error(format!("unit {unit}: {}", first_paragraph(&e))))
}

/// What polars says, without the query plan that follows.
fn first_paragraph(error: &PolarsError) -> String {
    let text = error.to_string();
    text.split("\n\n").next().unwrap_or_default().to_owned()
}

/// An empty table of the model's columns.
pub fn empty(model: &Model) -> DataFrame {
    DataFrame::empty_with_schema(&schema(&model.columns))
}

fn check_columns(model: &Model, frame: &DataFrame) -> Result<()> {
    let declared = schema(&model.columns);
    let actual = frame.schema();
    if **actual == declared {
        return Ok(());
    }
    let differences: Vec<String> = declared
        .iter()
        .map(Some)
        .chain(std::iter::repeat(None))
        .zip(actual.iter().map(Some).chain(std::iter::repeat(None)))
        .take(declared.len().max(actual.len()))
        .filter(|(declared, actual)| declared != actual)
        .map(|(declared, actual)| {
            let show =
                |column: Option<(&PlSmallStr, &DataType)>| column.map_or("nothing".into(), |(n, t)| format!("{n} {t}"));
            format!("the header declares {}, the SQL gives {}", show(declared), show(actual))
        })
        .collect();
    Err(model.error(differences.join("; ")))
}

fn sort(model: &Model, frame: DataFrame) -> Result<DataFrame> {
    let options = SortMultipleOptions::default().with_maintain_order(false);
    let mut sorted = frame.sort(model.grain.iter().map(String::as_str), options)?;
    // Bytes must not depend on how the engine cut the result into chunks.
    sorted.rechunk_mut();
    Ok(sorted)
}

fn split(model: &Model, unit: Month, frame: DataFrame) -> Result<Built> {
    let mut built = Built::new();
    let Some(partition) = &model.partition else {
        built.insert(Month::UNDATED, frame);
        return Ok(built);
    };
    if frame.height() == 0 {
        return Ok(built);
    }
    let days = frame.column(partition)?.cast(&DataType::Int32)?;
    let mut rows: BTreeMap<Month, Vec<IdxSize>> = BTreeMap::new();
    for (row, day) in days.i32()?.iter().enumerate() {
        rows.entry(month_of_day(day)).or_default().push(row as IdxSize);
    }
    if !model.scatter
        && let Some(other) = rows.keys().find(|month| **month != unit)
    {
        return Err(model.error(format!(
            "unit {unit} gave rows of {other}; only a model with scatter = true may"
        )));
    }
    if rows.len() == 1 {
        built.extend(rows.into_keys().map(|month| (month, frame.clone())));
        return Ok(built);
    }
    for (month, rows) in rows {
        let taken = frame.take(&IdxCa::from_vec("row".into(), rows))?;
        built.insert(month, taken);
    }
    Ok(built)
}

fn month_of_day(day: Option<i32>) -> Month {
    let date: Option<NaiveDate> = day.and_then(|day| {
        let epoch = DateTime::UNIX_EPOCH.date_naive();
        let days = Days::new(day.unsigned_abs().into());
        if day < 0 {
            epoch.checked_sub_days(days)
        } else {
            epoch.checked_add_days(days)
        }
    });
    date.map_or(Month::UNDATED, Month::of)
}

/// Parquet bytes of a frame; equal frames give equal bytes.
pub fn encode(frame: &mut DataFrame) -> Result<Bytes> {
    let mut bytes = Vec::new();
    // polars notes its own string views in the file, on which other Arrow readers cannot filter or sort.
    let schema = schema_to_metadata_key(&frame.schema().to_arrow(CompatLevel::oldest()));
    ParquetWriter::new(&mut bytes)
        .with_compression(ParquetCompression::Zstd(None))
        .with_key_value_metadata(Some(KeyValueMetadata::Static(vec![schema])))
        .set_parallel(false)
        .finish(frame)?;
    Ok(bytes.into())
}

/// The columns named of the frame in Parquet bytes written by `encode`.
pub fn decode(bytes: Bytes, columns: Vec<String>) -> Result<DataFrame> {
    Ok(ParquetReader::new(Cursor::new(bytes))
        .with_columns(Some(columns))
        .finish()?)
}

/// Hash of a frame's rows, in order; independent of how they are cut into chunks or encoded.
pub fn content_hash(frame: &DataFrame) -> Result<String> {
    let mut hasher = blake3::Hasher::new();
    for column in frame.columns() {
        hasher.update(column.name().as_bytes());
        let bytes = value_bytes(column)?;
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(&bytes);
    }
    Ok(hasher.finalize().to_hex()[..32].to_owned())
}

/// Hash of a column's values, in order.
pub fn column_hash(column: &polars::prelude::Column) -> Result<String> {
    Ok(blake3::hash(&value_bytes(column)?).to_hex()[..16].to_owned())
}

/// The values of a column one after the other, in a form in which different columns differ.
fn value_bytes(column: &polars::prelude::Column) -> Result<Vec<u8>> {
    let mut bytes: Vec<u8> = Vec::new();
    let series = column.as_materialized_series().to_physical_repr();
    match series.dtype() {
        DataType::String => push_all(&mut bytes, series.str()?.iter(), |bytes, text| {
            bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }),
        DataType::Boolean => push_all(&mut bytes, series.bool()?.iter(), |bytes, value| {
            bytes.push(value.into())
        }),
        DataType::Int32 => push_all(&mut bytes, series.i32()?.iter(), |b, v| {
            b.extend_from_slice(&v.to_le_bytes())
        }),
        DataType::Int64 => push_all(&mut bytes, series.i64()?.iter(), |b, v| {
            b.extend_from_slice(&v.to_le_bytes())
        }),
        DataType::Int128 => push_all(&mut bytes, series.i128()?.iter(), |b, v| {
            b.extend_from_slice(&v.to_le_bytes())
        }),
        DataType::Float64 => push_all(&mut bytes, series.f64()?.iter(), |b, v| {
            b.extend_from_slice(&v.to_bits().to_le_bytes())
        }),
        other => return Err(Error::Bug(format!("{other} has no content hash"))),
    }
    Ok(bytes)
}

fn push_all<T>(bytes: &mut Vec<u8>, values: impl Iterator<Item = Option<T>>, push: impl Fn(&mut Vec<u8>, T)) {
    for value in values {
        bytes.push(value.is_some().into());
        if let Some(value) = value {
            push(bytes, value);
        }
    }
}
