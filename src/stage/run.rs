//! One file, from bytes to staged tables.

use chrono::{NaiveDate, TimeDelta};

use super::compile::EntityMapping;
use super::entity::Entity;
use super::reason::Reasons;
use super::row::{Casting, Refused, TableBuilder};
use super::time::Offsets;
use super::value::Scope;
use super::{FileFault, LandedFile, StageContext, StagedFile, Totals, report, table};
use crate::job::{Format, Source};
use crate::landing::csv::{Table, column, missing_column};
use crate::landing::{Node, Sink, decode, json, parquet};

/// Stages one file. Rows that are refused are in the table `quarantine`; a child whose record is refused is still judged
/// on its own.
///
/// # Errors
/// A file that is empty, cut, in the wrong character set, or without a column that a required field needs.
pub fn stage_file(source: &Source, context: &StageContext, file: &LandedFile<'_>) -> Result<StagedFile, FileFault> {
    stage(source, context, file).map_err(|fault| fault.in_file(file.path))
}

fn stage(source: &Source, context: &StageContext, file: &LandedFile<'_>) -> Result<StagedFile, FileFault> {
    let reasons = Reasons::new(&context.reasons);
    let casting = Casting {
        context,
        reasons: &reasons,
        system: &source.system,
        zone: source.time_zone,
    };
    let entities = source.entities();
    let bytes = decode::unpack(&file.bytes)?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        if source.allow_empty {
            return collect(source, file, &entities, entities.iter().map(|_| Vec::new()).collect());
        }
        return Err(FileFault::new(
            "the file is empty",
            "deliver it again, or set `allow_empty = true` on the source",
        ));
    }
    let mut builders: Vec<Vec<TableBuilder>> = entities.iter().map(|_| Vec::new()).collect();
    for tables in read(source, &bytes, casting)? {
        for (builders, table) in builders.iter_mut().zip(tables) {
            builders.push(table);
        }
    }
    collect(source, file, &entities, builders)
}

/// Grows the tables of all stretches of a file, each a table per entity.
fn read(source: &Source, bytes: &[u8], casting: Casting<'_>) -> Result<Vec<Vec<TableBuilder>>, FileFault> {
    let mapping = &source.mapping;
    let for_headers = |headers: &[String]| -> Vec<EntityMapping> {
        let has = |name: &str| column(headers, name).is_some();
        source
            .mappings()
            .iter()
            .map(|mapping| mapping.for_headers(has))
            .collect()
    };
    match source.format {
        Format::Csv => {
            let text = decode::text(bytes, source.encoding)?;
            let table = Table::open(&text, source.delimiter)?;
            check_columns(source, &table.headers)?;
            let mappings = for_headers(&table.headers);
            let new_sink = || Stager::new(source, &mappings, casting);
            let stagers = match &mapping.group_by {
                Some(key) => table.read_grouped(key, &mapping.shape, &new_sink),
                None => table.read(&mapping.shape, &new_sink),
            }?;
            Ok(tables(stagers))
        }
        Format::Json => {
            let text = decode::text(bytes, source.encoding)?;
            let new_sink = || Stager::new(source, source.mappings(), casting);
            let stagers = json::read(&text, &mapping.shape, mapping.records.as_deref(), &new_sink)?;
            Ok(tables(stagers))
        }
        Format::Parquet => {
            let frame = parquet::open(bytes)?;
            let headers = parquet::headers(&frame);
            check_columns(source, &headers)?;
            let mappings = for_headers(&headers);
            let new_sink = || Stager::new(source, &mappings, casting);
            Ok(tables(parquet::read(&frame, &mapping.shape, &new_sink)))
        }
    }
}

fn tables(stagers: Vec<Stager<'_>>) -> Vec<Vec<TableBuilder>> {
    stagers.into_iter().map(|stager| stager.tables).collect()
}

fn check_columns(source: &Source, headers: &[String]) -> Result<(), FileFault> {
    let missing = source
        .mapping
        .entities
        .iter()
        .flat_map(|mapping| &mapping.needed)
        .find(|(_, names)| names.iter().all(|name| column(headers, name).is_none()));
    if let Some((_, names)) = missing
        && let Some(name) = names.first()
    {
        return Err(missing_column(headers, name));
    }
    let known: Vec<&str> = source.mapping.shape.names().collect();
    let ignored = headers
        .iter()
        .filter(|header| !known.iter().any(|name| name.eq_ignore_ascii_case(header)));
    tracing::debug!(
        source = source.name,
        columns_ignored = ignored.count(),
        "columns without a mapping"
    );
    Ok(())
}

fn collect(
    source: &Source,
    file: &LandedFile<'_>,
    entities: &[Entity],
    per_entity: Vec<Vec<TableBuilder>>,
) -> Result<StagedFile, FileFault> {
    let (mut tables, mut totals, mut refused, mut last_day) = (Vec::new(), Vec::new(), Vec::new(), None);
    for (entity, mut builders) in entities.iter().zip(per_entity) {
        let mut quarantined = 0;
        for builder in &mut builders {
            quarantined += builder.refused_rows;
            refused.append(&mut builder.refused);
            last_day = last_day.max(builder.last_day);
        }
        let (table, duplicates) = table::finish(*entity, builders, &source.system, file.batch).map_err(internal)?;
        let accepted = table.frame.height();
        totals.push(Totals {
            entity: *entity,
            read: accepted + quarantined + duplicates,
            accepted,
            quarantined,
            duplicates,
        });
        tables.push(table);
    }
    tables.push(report::files(&source.name, file, &totals).map_err(internal)?);
    refused.sort_by_key(|row: &Refused| (row.record_number, row.item_number));
    tables.push(report::quarantine(&source.name, file, &refused).map_err(internal)?);
    Ok(StagedFile {
        tables,
        last_date: last_day
            .and_then(|day| NaiveDate::default().checked_add_signed(TimeDelta::try_days(i64::from(day))?)),
        records_read: totals.iter().map(|total| total.read).sum(),
        records_quarantined: totals.iter().map(|total| total.quarantined).sum(),
        totals,
    })
}

/// Columns are built to fit; polars refusing them is a bug, told without the data.
fn internal(error: polars::prelude::PolarsError) -> FileFault {
    FileFault::new(
        format!("staging built a table that polars refuses ({error})"),
        "report this as a bug",
    )
}

/// Takes records and grows the tables of all entities.
struct Stager<'s> {
    mappings: &'s [EntityMapping],
    casting: Casting<'s>,
    offsets: Offsets,
    tables: Vec<TableBuilder>,
}

impl<'s> Stager<'s> {
    fn new(source: &Source, mappings: &'s [EntityMapping], casting: Casting<'s>) -> Self {
        let entities = source.entities().into_iter();
        Self {
            mappings,
            casting,
            offsets: Offsets::new(casting.context.time_zone),
            tables: entities.map(|entity| TableBuilder::new(entity, mappings)).collect(),
        }
    }
}

impl Sink for Stager<'_> {
    fn record(&mut self, number: i64, record: &Node<'_>) {
        for mapping in self.mappings {
            let Some(table) = self.tables.iter_mut().find(|table| table.entity == mapping.entity) else {
                continue;
            };
            let (casting, offsets) = (self.casting, &mut self.offsets);
            let mut add = |item: &Node<'_>, item_number: i64| {
                let scope = Scope {
                    root: record,
                    item,
                    record_number: number,
                    item_number,
                };
                if mapping.filters.iter().all(|filter| filter.passes(scope)) {
                    table.add(mapping, scope, casting, offsets);
                }
            };
            match &mapping.each {
                None => add(record, 0),
                Some(each) => each.visit_items(record, &mut |place, item| add(item, place)),
            }
        }
    }

    /// A record that cannot be read counts for the source's first entity.
    fn broken(&mut self, number: i64, reason: &'static str) {
        if let Some(table) = self.tables.first_mut() {
            table.refused_rows += 1;
            table.refused.push(Refused {
                entity: table.entity,
                record_number: number,
                item_number: 0,
                column_name: "",
                reason,
                value: None,
            });
        }
    }
}
