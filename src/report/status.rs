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
    /// The KPIs that are NULL everywhere: nothing that they are made of was delivered.
    pub kpis_without_data: Vec<KpiWithoutData>,
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
pub struct KpiWithoutData {
    pub kpi: String,
    /// The entities it needs of which no file had a good row. None, if its table is without rows all the same.
    pub missing: Vec<String>,
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
    let sources: Vec<SourceStatus> = job
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
    let kpis_without_data = without_data(dictionary()?, &sources, &tables);
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

fn without_data(kpis: Vec<Kpi>, sources: &[SourceStatus], tables: &[TableStatus]) -> Vec<KpiWithoutData> {
    if tables.is_empty() {
        return Vec::new(); // Nothing has been built yet.
    }
    let is_delivered = |entity: &String| {
        let counts = sources.iter().filter_map(|source| source.rows.get(entity));
        counts.into_iter().any(|counts| counts.accepted > 0)
    };
    let is_empty = |name: &String| tables.iter().any(|table| table.table == *name && table.rows == 0);
    let judged = kpis.into_iter().map(|mut kpi| {
        kpi.needs.retain(|entity| !is_delivered(entity));
        let has_none = !kpi.needs.is_empty() || is_empty(&kpi.table);
        has_none.then_some(KpiWithoutData {
            kpi: kpi.key,
            missing: kpi.needs,
        })
    });
    judged.flatten().collect()
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
        writeln!(out, "\n{:<28} for want of", "KPI without data")?;
        for kpi in &status.kpis_without_data {
            writeln!(out, "{:<28} {}", kpi.kpi, kpi.missing.join(", "))?;
        }
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
