//! Staging what is new: landing files into typed objects of their own.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::DataFrame;

use super::ledger::{Batch, Counts, Ledger, Slice, batch_key};
use super::scan::{Found, Scanned};
use super::workers;
use crate::error::{Error, Result};
use crate::job::{DateRange, Job, Source};
use crate::model::{Month, content_hash, encode};
use crate::report::Progress;
use crate::stage::{Entity, LandedFile, StagedFile, stage_file};
use crate::store::Store;

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
        "{}|{}|{}",
        scanned.source.name,
        scanned.source.fingerprint(),
        job.stage.fingerprint()
    );
    blake3::hash(text.as_bytes()).to_hex()[..16].to_owned()
}

/// What is no longer delivered, by source and file: files that vanished from their folder, sources that left the job file.
///
/// With dates, only files of those dates are judged.
pub fn gone(ledger: &Ledger, scanned: &[Scanned], dates: Option<&DateRange>) -> Vec<(String, String)> {
    let mut gone = Vec::new();
    for (source, batches) in &ledger.sources {
        let found = scanned.iter().find(|s| s.source.name == *source);
        let there: BTreeSet<&str> = found.iter().flat_map(|s| &s.files).map(|f| f.file.as_str()).collect();
        for (file, batch) in batches {
            let judged = match (dates, batch.date, found) {
                (_, _, Some(found)) if found.source.keep_removed => false,
                (Some(dates), Some(date), _) => dates.contains(date),
                _ => true,
            };
            if judged && !there.contains(file.as_str()) {
                gone.push((source.clone(), file.clone()));
            }
        }
    }
    gone
}

/// Drops what is no longer delivered. Returns the files dropped.
pub fn forget(ledger: &mut Ledger, scanned: &[Scanned], dates: Option<&DateRange>) -> Vec<String> {
    let gone = gone(ledger, scanned, dates);
    for (source, file) in &gone {
        if let Some(batches) = ledger.sources.get_mut(source) {
            batches.remove(file);
        }
    }
    ledger.sources.retain(|_, batches| !batches.is_empty());
    gone.into_iter()
        .map(|(source, file)| format!("{source}/{file}"))
        .collect()
}

/// Files staged together: their rows of one entity and month share an object, so that a day's file need not be one.
/// Bounded, since they are in memory together.
const FILES_AT_ONCE: usize = 48;
const BYTES_AT_ONCE: u64 = 32 << 20;

/// Stages files in parallel and notes them in the ledger, until `stop` says so. A file that cannot be used is refused on
/// its own.
pub fn stage(
    job: &Job,
    ledger: &mut Ledger,
    files: &[Stale],
    warehouse: &Store,
    progress: &Progress,
    stop: &dyn Fn() -> bool,
) -> Result<Staged> {
    let mut staged = Staged::default();
    for group in groups(files) {
        if stop() {
            break;
        }
        let mut read = Vec::new();
        for (stale, outcome) in group.iter().zip(stage_group(job, group)?) {
            progress.step(&format!("{}/{}", stale.source(), stale.file.file));
            match outcome {
                Ok(file) => read.push((stale, file)),
                Err(refused) => staged.refused.push(refused),
            }
        }
        for (stale, batch) in pack(read, warehouse)? {
            staged.files += 1;
            batch.counts.values().for_each(|counts| staged.counts += *counts);
            let batches = ledger.sources.entry(stale.source().to_owned()).or_default();
            batches.insert(stale.file.file.clone(), batch);
        }
    }
    Ok(staged)
}

/// Cuts a list of files into groups of one source each.
fn groups<'a, 'b>(files: &'a [Stale<'b>]) -> Vec<&'a [Stale<'b>]> {
    let mut groups = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (at, stale) in files.iter().enumerate() {
        let is_full = at - start == FILES_AT_ONCE || bytes + stale.file.size_bytes > BYTES_AT_ONCE;
        if at > start && (is_full || stale.source() != files[start].source()) {
            groups.push(&files[start..at]);
            (start, bytes) = (at, 0);
        }
        bytes += stale.file.size_bytes;
    }
    if start < files.len() {
        groups.push(&files[start..]);
    }
    groups
}

type Outcome = std::result::Result<StagedFile, String>;

/// Reads and stages the files of one group; files that cannot be used come as what is wrong with them.
fn stage_group(job: &Job, group: &[Stale]) -> Result<Vec<Outcome>> {
    let Some(first) = group.first() else {
        return Ok(Vec::new());
    };
    let paths: Vec<String> = group.iter().map(|stale| stale.file.file.clone()).collect();
    let bytes = first.scanned.store.get_all(&paths)?;
    let work: Vec<(&Stale, bytes::Bytes)> = group.iter().zip(bytes).collect();
    Ok(workers::each(&work, |(stale, bytes)| {
        stage_one(job, stale, bytes.clone())
    }))
}

fn stage_one(job: &Job, stale: &Stale, bytes: bytes::Bytes) -> Outcome {
    let (source, file) = (stale.scanned.source, stale.file);
    let landed = LandedFile {
        path: &file.file,
        batch: &batch_key(file.date, &source.name, &file.file),
        batch_date: file.date,
        bytes,
    };
    let staged = stage_file(source, &job.stage, &landed).map_err(|fault| format!("source {}: {fault}", source.name))?;
    match gate(job, source, &file.file, &staged) {
        Some(refused) => Err(refused),
        None => Ok(staged),
    }
}

/// Writes the rows of a group of files, one object per entity and month, and says where each file's rows are.
fn pack<'a, 'b>(files: Vec<(&'a Stale<'b>, StagedFile)>, warehouse: &Store) -> Result<Vec<(&'a Stale<'b>, Batch)>> {
    let mut parts: BTreeMap<(&'static str, Month), Vec<(usize, DataFrame)>> = BTreeMap::new();
    let mut batches = Vec::new();
    for (number, (stale, staged)) in files.into_iter().enumerate() {
        batches.push((
            stale,
            Batch {
                version: stale.file.version.clone(),
                size_bytes: stale.file.size_bytes,
                staging: stale.staging.clone(),
                date: stale.file.date,
                last_date: staged.last_date,
                slices: Vec::new(),
                counts: counts(&staged),
            },
        ));
        for table in staged.tables {
            let mut row = 0;
            for (month, rows) in &table.months {
                let month =
                    Month::parse(month).ok_or_else(|| Error::Bug(format!("staging gave the month {month:?}")))?;
                let part = table.frame.slice(row as i64, *rows);
                row += rows;
                parts
                    .entry((table.entity.name(), month))
                    .or_default()
                    .push((number, part));
            }
        }
    }
    let parts: Vec<_> = parts.into_iter().collect();
    let packed = workers::each(&parts, |((entity, month), parts)| pack_one(entity, *month, parts));
    let mut objects = Vec::new();
    for packed in packed {
        let (object, slices) = packed?;
        objects.push(object);
        for (number, slice) in slices {
            batches[number].1.slices.push(slice);
        }
    }
    warehouse.put_all(objects)?;
    Ok(batches)
}

type Packed = ((String, bytes::Bytes), Vec<(usize, Slice)>);

fn pack_one(entity: &str, month: Month, parts: &[(usize, DataFrame)]) -> Result<Packed> {
    let mut all = DataFrame::empty_with_schema(parts[0].1.schema());
    let mut slices = Vec::new();
    for (number, part) in parts {
        let slice = Slice {
            entity: entity.to_owned(),
            month,
            key: String::new(),
            first_row: all.height() as u64,
            rows: part.height() as u64,
            hash: content_hash(part)?,
        };
        slices.push((*number, slice));
        all.vstack_mut(part)?;
    }
    all.rechunk_mut();
    let bytes = encode(&mut all)?;
    // A staged object is never replaced: its name follows from its content.
    let key = format!(
        "staging/{entity}/month={month}/{}.parquet",
        &blake3::hash(&bytes).to_hex()[..24]
    );
    for (_, slice) in &mut slices {
        slice.key.clone_from(&key);
    }
    Ok(((key, bytes), slices))
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
fn gate(job: &Job, source: &Source, file: &str, staged: &StagedFile) -> Option<String> {
    let share = source.max_quarantined_share.unwrap_or(job.max_quarantined_share);
    counts(staged).into_iter().find_map(|(entity, counts)| {
        let allowed = share * counts.read as f64;
        (counts.quarantined as f64 > allowed).then(|| {
            format!(
                "source {}: {file}: {} of {} {entity} are bad ({}), more than max_quarantined_share = {share}; mend the \
                 export, or raise the share to publish the good rows",
                source.name,
                counts.quarantined,
                counts.read,
                reasons(staged, &entity)
            )
        })
    })
}

/// The commonest reasons for which rows of an entity were quarantined, with the column and how often.
fn reasons(staged: &StagedFile, entity: &str) -> String {
    const SHOWN: usize = 3;
    let mut counted: BTreeMap<(String, String), u64> = BTreeMap::new();
    if let Some(table) = staged.table(Entity::Quarantine) {
        let text = |name: &str| table.frame.column(name).and_then(|column| column.str().cloned());
        if let (Ok(entities), Ok(columns), Ok(reasons)) = (text("entity"), text("column_name"), text("reason")) {
            for ((of, column), reason) in entities.iter().zip(columns.iter()).zip(reasons.iter()) {
                if of == Some(entity) {
                    let key = (
                        column.unwrap_or_default().to_owned(),
                        reason.unwrap_or_default().to_owned(),
                    );
                    *counted.entry(key).or_default() += 1;
                }
            }
        }
    }
    let mut commonest: Vec<_> = counted.into_iter().collect();
    commonest.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let shown = commonest
        .into_iter()
        .take(SHOWN)
        .map(|((column, reason), n)| format!("{column} {reason}: {n}"));
    shown.collect::<Vec<_>>().join(", ")
}
