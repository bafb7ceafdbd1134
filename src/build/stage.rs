//! Staging what is new: landing files into typed objects of their own.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::ledger::{Batch, Counts, Ledger, Slice, batch_key};
use super::scan::{Found, Scanned};
use crate::error::{Error, Result};
use crate::job::{DateRange, Job, Source};
use crate::model::{Month, encode};
use crate::report::Progress;
use crate::stage::{LandedFile, StagedFile, stage_file};
use crate::store::Store;

/// Raised when staging makes other rows of the same file, so that everything is staged again.
const STAGING_VERSION: u32 = 1;

/// What staging did and what it refused.
#[derive(Debug, Default)]
pub struct Staged {
    pub files: u64,
    pub counts: Counts,
    /// Files that could not be used, each with what is wrong: their earlier version, if any, stays.
    pub refused: Vec<String>,
}

/// One file that differs from what the ledger knows, and why.
pub struct Stale<'a> {
    scanned: &'a Scanned<'a>,
    pub file: &'a Found,
    staging: String,
    pub why: &'static str,
}

impl Stale<'_> {
    pub fn source(&self) -> &str {
        &self.scanned.source.name
    }
}

/// The files to stage: new ones, changed ones, and all whose mapping changed.
pub fn stale<'a>(job: &Job, ledger: &Ledger, scanned: &'a [Scanned<'a>]) -> Vec<Stale<'a>> {
    scanned
        .iter()
        .flat_map(|source| {
            let staging = fingerprint(job, source);
            let known = ledger.sources.get(&source.source.name);
            source.files.iter().filter_map(move |file| {
                let why = match known.and_then(|batches| batches.get(&file.file)) {
                    None => "new",
                    Some(batch) if batch.staging != staging => "its mapping or the job's settings changed",
                    Some(batch) if batch.version != file.version => "the file changed",
                    Some(_) => return None,
                };
                Some(Stale {
                    scanned: source,
                    file,
                    staging: staging.clone(),
                    why,
                })
            })
        })
        .collect()
}

/// Everything besides the file's bytes that decides its staged rows.
fn fingerprint(job: &Job, scanned: &Scanned) -> String {
    let text = format!(
        "{STAGING_VERSION}|{}|{}|{}",
        scanned.source.name,
        scanned.source.fingerprint(),
        job.stage.fingerprint()
    );
    blake3::hash(text.as_bytes()).to_hex()[..16].to_owned()
}

/// Drops what is no longer delivered: files that vanished from their folder, sources that left the job file.
///
/// With dates, only files of those dates are judged. Returns the files dropped.
pub fn forget(ledger: &mut Ledger, scanned: &[Scanned], dates: Option<&DateRange>) -> Vec<String> {
    let mut dropped = Vec::new();
    for (source, batches) in &mut ledger.sources {
        let found = scanned.iter().find(|s| s.source.name == *source);
        let there: BTreeSet<&str> = found.iter().flat_map(|s| &s.files).map(|f| f.file.as_str()).collect();
        batches.retain(|file, batch| {
            let judged = match (dates, batch.date, found) {
                (_, _, Some(found)) if found.source.keep_removed => false,
                (Some(dates), Some(date), _) => dates.contains(date),
                _ => true,
            };
            let keep = !judged || there.contains(file.as_str());
            if !keep {
                dropped.push(format!("{source}/{file}"));
            }
            keep
        });
    }
    ledger.sources.retain(|_, batches| !batches.is_empty());
    dropped
}

/// Stages files in parallel and notes them in the ledger. A file that cannot be used is refused on its own.
pub fn stage(job: &Job, ledger: &mut Ledger, files: &[Stale], warehouse: &Store, progress: &Progress) -> Result<Staged> {
    let done: Vec<Result<std::result::Result<Batch, String>>> = files
        .par_iter()
        .map(|stale| {
            let batch = stage_one(job, stale, warehouse);
            progress.step(&format!("{}/{}", stale.source(), stale.file.file));
            batch
        })
        .collect();
    let mut staged = Staged::default();
    for (stale, batch) in files.iter().zip(done) {
        match batch? {
            Err(refused) => staged.refused.push(refused),
            Ok(batch) => {
                staged.files += 1;
                batch.counts.values().for_each(|counts| staged.counts += *counts);
                let batches = ledger.sources.entry(stale.source().to_owned()).or_default();
                batches.insert(stale.file.file.clone(), batch);
            }
        }
    }
    Ok(staged)
}

fn stage_one(job: &Job, stale: &Stale, warehouse: &Store) -> Result<std::result::Result<Batch, String>> {
    let (source, file) = (stale.scanned.source, stale.file);
    let bytes = stale.scanned.store.get(&file.file)?;
    let landed = LandedFile {
        path: &file.file,
        batch: &batch_key(file.date, &source.name, &file.file),
        batch_date: file.date,
        bytes,
    };
    let staged = match stage_file(source, &job.stage, &landed) {
        Ok(staged) => staged,
        Err(fault) => return Ok(Err(format!("source {}: {fault}", source.name))),
    };
    let counts = counts(&staged);
    if let Some(refused) = gate(job, source, &file.file, &counts) {
        return Ok(Err(refused));
    }
    let mut slices = Vec::new();
    let mut objects = Vec::new();
    for table in staged.tables {
        let mut row = 0;
        for (month, rows) in &table.months {
            let mut part = table.frame.slice(row as i64, *rows);
            row += rows;
            let (slice, bytes) = slice(source.name.as_str(), file, table.entity.name(), month, &mut part)?;
            objects.push((slice.key.clone(), bytes));
            slices.push(slice);
        }
    }
    warehouse.put_all(objects)?;
    Ok(Ok(Batch {
        version: file.version.clone(),
        size_bytes: file.size_bytes,
        staging: stale.staging.clone(),
        date: file.date,
        last_date: staged.last_date,
        slices,
        counts,
    }))
}

fn slice(source: &str, file: &Found, entity: &str, month: &str, part: &mut DataFrame) -> Result<(Slice, bytes::Bytes)> {
    let month = Month::parse(month).ok_or_else(|| Error::Bug(format!("staging gave the month {month:?}")))?;
    part.rechunk_mut();
    let bytes = encode(part)?;
    let hash = blake3::hash(&bytes).to_hex()[..32].to_owned();
    // A staged object is never replaced: its name follows from its file and its content.
    let name = blake3::hash(format!("{source}/{}", file.file).as_bytes()).to_hex()[..16].to_owned();
    let slice = Slice {
        entity: entity.to_owned(),
        month,
        key: format!("staging/{entity}/month={month}/{name}-{}.parquet", &hash[..16]),
        rows: part.height() as u64,
        hash,
    };
    Ok((slice, bytes))
}

fn counts(staged: &StagedFile) -> BTreeMap<String, Counts> {
    staged
        .totals
        .iter()
        .map(|total| {
            let counts = Counts {
                read: total.read as u64,
                accepted: total.accepted as u64,
                quarantined: total.quarantined as u64,
                duplicate: total.duplicates as u64,
            };
            (total.entity.name().to_owned(), counts)
        })
        .collect()
}

/// The quarantine gate: a file in which too many rows are bad is refused whole.
fn gate(job: &Job, source: &Source, file: &str, counts: &BTreeMap<String, Counts>) -> Option<String> {
    let share = source.max_quarantined_share.unwrap_or(job.max_quarantined_share);
    counts.iter().find_map(|(entity, counts)| {
        let allowed = share * counts.read as f64;
        (counts.quarantined as f64 > allowed).then(|| {
            format!(
                "source {}: {file}: {} of {} {entity} are bad, more than max_quarantined_share = {share}; mend the export, \
                 or raise the share to publish the good rows",
                source.name, counts.quarantined, counts.read
            )
        })
    })
}
