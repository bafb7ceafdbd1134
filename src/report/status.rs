//! How fresh and how complete the warehouse is.

use std::collections::BTreeMap;
use std::io::{self, Write};

use chrono::NaiveDate;
use serde::Serialize;
use tokio::runtime::Handle;

use crate::build::{Counts, Ledger, RunRecord};
use crate::error::Result;
use crate::job::Job;
use crate::model::{Kpi, dictionary};
use crate::store::{Location, Store};

/// What `postventa status` shows.
#[derive(Debug, Serialize)]
pub struct Status {
    pub job: String,
    /// The last complete day.
    pub watermark: Option<NaiveDate>,
    pub is_publishing: bool,
    pub sources: Vec<SourceStatus>,
    pub tables: Vec<TableStatus>,
    /// Keys of the dictionary whose table has no rows: nothing that they are made of was delivered.
    pub kpis_without_data: Vec<String>,
    pub runs: Vec<RunRecord>,
}

#[derive(Debug, Serialize)]
pub struct SourceStatus {
    pub source: String,
    pub files: u64,
    pub first_date: Option<NaiveDate>,
    pub last_date: Option<NaiveDate>,
    /// Days between the first and the last without a file; only for sources with a date in their path.
    pub missing_dates: Vec<NaiveDate>,
    pub rows: BTreeMap<String, Counts>,
}

#[derive(Debug, Serialize)]
pub struct TableStatus {
    pub table: String,
    pub partitions: u64,
    pub rows: u64,
    pub size_bytes: u64,
}

/// Reads the status from the ledger alone.
pub fn status(job: &Job, runtime: &Handle) -> Result<Status> {
    let ledger = match &job.warehouse {
        Location::Local(folder) if !folder.exists() => Ledger::default(),
        _ => Ledger::load(&Store::open(&job.warehouse, false, runtime)?)?.unwrap_or_default(),
    };
    let sources = job
        .sources
        .iter()
        .map(|source| {
            let mut status = SourceStatus {
                source: source.name.clone(),
                files: 0,
                first_date: None,
                last_date: None,
                missing_dates: Vec::new(),
                rows: BTreeMap::new(),
            };
            let mut dates = std::collections::BTreeSet::new();
            for batch in ledger.sources.get(&source.name).into_iter().flat_map(|b| b.values()) {
                status.files += 1;
                dates.extend(batch.date);
                for (entity, counts) in &batch.counts {
                    *status.rows.entry(entity.clone()).or_default() += *counts;
                }
            }
            status.first_date = dates.first().copied();
            status.last_date = dates.last().copied();
            if let (Some(first), Some(last)) = (status.first_date, status.last_date) {
                let days = first.iter_days().take_while(|day| *day <= last);
                status.missing_dates = days.filter(|day| !dates.contains(day)).collect();
            }
            status
        })
        .collect();
    let tables: Vec<TableStatus> = ledger
        .tables
        .iter()
        .map(|(table, units)| {
            let outputs = || units.values().flat_map(|unit| unit.outputs.values());
            TableStatus {
                table: table.clone(),
                partitions: outputs().count() as u64,
                rows: outputs().map(|output| output.rows).sum(),
                size_bytes: outputs().map(|output| output.size_bytes).sum(),
            }
        })
        // Checks publish nothing; every table has at least one object.
        .filter(|table| table.partitions > 0)
        .collect();
    let empty = |kpi: &Kpi| tables.iter().any(|table| table.table == kpi.table && table.rows == 0);
    let kpis_without_data = dictionary()?.into_iter().filter(empty).map(|kpi| kpi.key).collect();
    Ok(Status {
        job: job.name.clone(),
        watermark: job.as_of.or_else(|| ledger.watermark()),
        is_publishing: ledger.publishing.is_some(),
        sources,
        tables,
        kpis_without_data,
        runs: ledger.runs,
    })
}

/// One JSON line, or tables of text.
pub fn print_status(status: &Status, json: bool, out: &mut dyn Write) -> io::Result<()> {
    if json {
        serde_json::to_writer(&mut *out, status)?;
        return writeln!(out);
    }
    match status.watermark {
        Some(day) => writeln!(out, "{}: data up to {day}", status.job)?,
        None => writeln!(out, "{}: no data yet", status.job)?,
    }
    if status.is_publishing {
        writeln!(out, "the last run did not finish publishing; the next run mends it")?;
    }
    writeln!(out, "\n{:<20} {:>6}  {:<23} rows", "source", "files", "dates")?;
    for source in &status.sources {
        let dates = match (source.first_date, source.last_date) {
            (Some(first), Some(last)) => format!("{first}..{last}"),
            _ => "-".into(),
        };
        writeln!(out, "{:<20} {:>6}  {dates}", source.source, source.files)?;
        for (entity, rows) in &source.rows {
            writeln!(
                out,
                "  {entity:<18} {:>9} read = {} accepted + {} quarantined + {} duplicate",
                rows.read, rows.accepted, rows.quarantined, rows.duplicate
            )?;
        }
        if !source.missing_dates.is_empty() {
            let days: Vec<String> = source.missing_dates.iter().take(5).map(ToString::to_string).collect();
            let more = if source.missing_dates.len() > 5 { ", .." } else { "" };
            writeln!(
                out,
                "  {} date(s) without a file: {}{more}",
                source.missing_dates.len(),
                days.join(", ")
            )?;
        }
    }
    writeln!(
        out,
        "\n{:<28} {:>10} {:>10} {:>12}",
        "table", "partitions", "rows", "bytes"
    )?;
    for table in &status.tables {
        writeln!(
            out,
            "{:<28} {:>10} {:>10} {:>12}",
            table.table, table.partitions, table.rows, table.size_bytes
        )?;
    }
    if !status.kpis_without_data.is_empty() {
        writeln!(out, "\nno data: {}", status.kpis_without_data.join(", "))?;
    }
    writeln!(
        out,
        "\n{:<26} {:>8} {:>7} {:>11}",
        "run started (UTC)", "seconds", "files", "partitions"
    )?;
    for run in status.runs.iter().rev().take(10) {
        let started: String = run.started_at.chars().take(19).collect();
        writeln!(
            out,
            "{started:<26} {:>8.2} {:>7} {:>11}",
            run.duration_seconds, run.files_staged, run.partitions_written
        )?;
    }
    Ok(())
}
