//! From grown columns to a staged table: the newest version of each key, sorted by month and place in the file.

use chrono::{DateTime, Datelike};
use polars::prelude::*;

use super::columns::Builder;
use super::entity::{Entity, Kind};
use super::row::TableBuilder;

/// Rows of one entity, and the months they fall into, in the frame's order.
#[derive(Debug, Clone)]
pub struct StagedTable {
    pub entity: Entity,
    /// Columns as [`Entity::schema`]; sorted by month, record number, item number.
    pub frame: DataFrame,
    /// `2024-01` (`0000-00` for rows without a date) and how many rows.
    pub months: Vec<(String, usize)>,
}

/// The table of one entity out of the builders of all stretches of a file, and how many older versions were left out.
pub fn finish(
    entity: Entity,
    builders: Vec<TableBuilder>,
    system: &str,
    batch: &str,
) -> PolarsResult<(StagedTable, usize)> {
    let mut whole: Option<DataFrame> = None;
    for builder in builders {
        let frame = frame(builder)?;
        match &mut whole {
            None => whole = Some(frame),
            Some(whole) => {
                whole.vstack_mut(&frame)?;
            }
        }
    }
    let mut whole = whole.unwrap_or_else(|| DataFrame::empty_with_schema(&entity.schema()));
    whole.rechunk_mut_par();
    let kept = newest(entity, &whole)?;
    let duplicates = whole.height() - kept.len();
    let mut table = sort_by_month(entity, whole, kept)?;
    table.frame = complete(entity, &table.frame, system, batch)?;
    Ok((table, duplicates))
}

fn frame(builder: TableBuilder) -> PolarsResult<DataFrame> {
    let height = builder.record_numbers.len();
    let mut columns = vec![
        Column::new("record_number".into(), builder.record_numbers),
        Column::new("item_number".into(), builder.item_numbers),
    ];
    let own = builder.columns.into_iter().flatten();
    columns.extend(own.chain(builder.customer).flat_map(Builder::finish));
    DataFrame::new(height, columns)
}

/// Adds the columns that are the same in every row: system, batch, and fields that nothing fills.
fn complete(entity: Entity, frame: &DataFrame, system: &str, batch: &str) -> PolarsResult<DataFrame> {
    let height = frame.height();
    let default = |name: &str| {
        let field = entity.fields().iter().find(|field| field.name == name)?;
        match field.kind {
            Kind::Boolean(default) => Some(default),
            _ => None,
        }
    };
    let columns = entity.columns().into_iter().map(|info| {
        let name = PlSmallStr::from_str(&info.name);
        let same = |scalar| Column::new_scalar(name.clone(), scalar, height);
        match info.name.as_str() {
            "system" => same(Scalar::from(PlSmallStr::from_str(system))),
            "batch" => same(Scalar::from(PlSmallStr::from_str(batch))),
            known => match (frame.column(known), default(known)) {
                (Ok(column), _) => column.clone(),
                (Err(_), Some(default)) => same(Scalar::from(default)),
                (Err(_), None) => Column::full_null(name.clone(), height, &info.data_type),
            },
        }
    });
    DataFrame::new(height, columns.collect())
}

/// Rows that are the newest version of their key, in the frame's order.
fn newest(entity: Entity, frame: &DataFrame) -> PolarsResult<Vec<IdxSize>> {
    let (mut texts, mut day): (Vec<&StringChunked>, Option<Int32Chunked>) = (Vec::new(), None);
    for name in entity.key() {
        let column = frame.column(name)?;
        match column.dtype() {
            DataType::Date => day = Some(column.cast(&DataType::Int32)?.i32()?.clone()),
            _ => texts.push(column.str()?),
        }
    }
    let updated = match frame.column("updated_epoch") {
        Ok(column) => Some(column.i64()?),
        Err(_) => None,
    };
    let records = frame.column("record_number")?.i64()?;
    let items = frame.column("item_number")?.i64()?;
    let version = |row: usize| (updated.and_then(|u| u.get(row)), records.get(row), items.get(row));
    let height = frame.height();
    let mut best: PlHashMap<(&str, &str, Option<i32>), usize> = PlHashMap::with_capacity(height);
    for row in 0..height {
        let part = |at: usize| texts.get(at).and_then(|key| key.get(row)).unwrap_or_default();
        let day = day.as_ref().and_then(|day| day.get(row));
        best.entry((part(0), part(1), day))
            .and_modify(|known| {
                if version(row) > version(*known) {
                    *known = row;
                }
            })
            .or_insert(row);
    }
    let mut kept: Vec<IdxSize> = best.into_values().map(|row| row as IdxSize).collect();
    kept.sort_unstable();
    Ok(kept)
}

/// Takes rows in the order of their months and counts the months.
fn sort_by_month(entity: Entity, frame: DataFrame, kept: Vec<IdxSize>) -> PolarsResult<StagedTable> {
    let anchors: Vec<Int32Chunked> = entity
        .anchors()
        .iter()
        .filter(|name| frame.column(name).is_ok())
        .map(|name| Ok(frame.column(name)?.cast(&DataType::Int32)?.i32()?.clone()))
        .collect::<PolarsResult<_>>()?;
    let (records, items) = match frame.column("record_number") {
        Ok(records) => (Some(records.i64()?), Some(frame.column("item_number")?.i64()?)),
        Err(_) => (None, None),
    };
    let mut last = (i32::MIN, 0);
    let mut month_of = |row: usize| {
        let Some(day) = anchors.iter().find_map(|anchor| anchor.get(row)) else {
            return 0;
        };
        if last.0 != day {
            last = (day, month_number(day));
        }
        last.1
    };
    let mut order: Vec<(i32, Option<i64>, Option<i64>, IdxSize)> = kept
        .iter()
        .map(|row| {
            let at = *row as usize;
            let number = |column: Option<&Int64Chunked>| column.and_then(|column| column.get(at));
            (month_of(at), number(records), number(items), *row)
        })
        .collect();
    if !order.is_sorted() {
        order.sort_unstable();
    }
    let mut months: Vec<(i32, usize)> = Vec::new();
    for (month, ..) in &order {
        match months.last_mut() {
            Some((known, rows)) if known == month => *rows += 1,
            _ => months.push((*month, 1)),
        }
    }
    let untouched = order.len() == frame.height() && order.iter().enumerate().all(|(at, row)| at == row.3 as usize);
    let frame = if untouched {
        frame
    } else {
        let rows: Vec<IdxSize> = order.into_iter().map(|(.., row)| row).collect();
        frame.take(&IdxCa::from_vec("row".into(), rows))?
    };
    Ok(StagedTable {
        entity,
        frame,
        months: months
            .into_iter()
            .map(|(month, rows)| (month_name(month), rows))
            .collect(),
    })
}

/// Months since year 0, so that they sort; 0 for no date.
fn month_number(day: i32) -> i32 {
    DateTime::from_timestamp(i64::from(day) * 86_400, 0).map_or(0, |at| at.year() * 12 + at.month0() as i32)
}

fn month_name(month: i32) -> String {
    match month {
        0 => "0000-00".to_owned(),
        month => format!("{:04}-{:02}", month / 12, month % 12 + 1),
    }
}

/// One of staging's own tables (`files`, `quarantine`): rows as they are, all in the batch's month.
pub fn own(entity: Entity, columns: Vec<Column>) -> PolarsResult<StagedTable> {
    let frame = DataFrame::new_infer_height(columns)?;
    let kept = (0..frame.height() as IdxSize).collect();
    sort_by_month(entity, frame, kept)
}
