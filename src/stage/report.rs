//! Staging's own tables: what became of a file's records, and every reason why one was refused.

use chrono::NaiveDate;
use polars::prelude::*;

use super::entity::Entity;
use super::row::Refused;
use super::table::{StagedTable, own};
use super::{LandedFile, Totals};

/// The table `files` of one file.
pub fn files(source: &str, file: &LandedFile<'_>, totals: &[Totals]) -> PolarsResult<StagedTable> {
    let count = |of: fn(&Totals) -> usize| -> Vec<i64> {
        totals
            .iter()
            .map(|total| i64::try_from(of(total)).unwrap_or(i64::MAX))
            .collect()
    };
    let entities: Vec<&str> = totals.iter().map(|total| total.entity.name()).collect();
    let mut columns = head(source, file, &entities)?;
    columns.extend([
        Column::new("records_read".into(), count(|total| total.read)),
        Column::new("records_accepted".into(), count(|total| total.accepted)),
        Column::new("records_quarantined".into(), count(|total| total.quarantined)),
        Column::new("records_duplicate".into(), count(|total| total.duplicates)),
    ]);
    own(Entity::Files, columns)
}

/// The table `quarantine` of one file: one row per record, column and reason.
pub fn quarantine(source: &str, file: &LandedFile<'_>, refused: &[Refused]) -> PolarsResult<StagedTable> {
    let entities: Vec<&str> = refused.iter().map(|row| row.entity.name()).collect();
    let mut columns = head(source, file, &entities)?;
    let text = |of: fn(&Refused) -> Option<&str>| -> StringChunked { refused.iter().map(of).collect() };
    let number = |of: fn(&Refused) -> i64| -> Vec<i64> { refused.iter().map(of).collect() };
    columns.extend([
        Column::new("record_number".into(), number(|row| row.record_number)),
        Column::new("item_number".into(), number(|row| row.item_number)),
        text(|row| Some(row.column_name))
            .with_name("column_name".into())
            .into_column(),
        text(|row| Some(row.reason)).with_name("reason".into()).into_column(),
        text(|row| row.value.as_deref()).with_name("value".into()).into_column(),
    ]);
    own(Entity::Quarantine, columns)
}

fn head(source: &str, file: &LandedFile<'_>, entities: &[&str]) -> PolarsResult<Vec<Column>> {
    let height = entities.len();
    let day = file.batch_date.map(|date| {
        let start = NaiveDate::default();
        i32::try_from((date - start).num_days()).unwrap_or(0)
    });
    let same = |name: &str, text: &str| Column::new(name.into(), vec![text; height]);
    Ok(vec![
        same("source", source),
        same("file", file.path),
        Column::new("entity".into(), entities),
        Column::new("batch_date".into(), vec![day; height]).cast(&DataType::Date)?,
    ])
}
