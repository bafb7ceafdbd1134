//! Which landing files there are, and which of them a run has to look at.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use tokio::runtime::Handle;

use crate::error::{Error, Result};
use crate::job::{DateRange, Job, Source};
use crate::store::{Location, Store};

/// A landing file of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Path below the source's folder: the file's name in ledger and tables.
    pub file: String,
    pub date: Option<NaiveDate>,
    pub version: String,
    pub size_bytes: u64,
}

/// A source, its opened folder and the files of the dates asked for.
pub struct Scanned<'a> {
    pub source: &'a Source,
    pub store: Store,
    pub files: Vec<Found>,
}

/// Lists every source once. Files with a date in their path are left out where `dates` leaves the date out.
///
/// A source without any file for the dates asked for ends the run before it starts, unless the job file says that this
/// is fine: an export that is late must not look like a day without customers.
pub fn scan<'a>(job: &'a Job, dates: Option<&DateRange>, runtime: &Handle) -> Result<Vec<Scanned<'a>>> {
    let mut scanned = Vec::new();
    let mut missing = Vec::new();
    for source in &job.sources {
        let folder = source.pattern.literal_prefix();
        let location = location_of(&folder, job)?;
        let (store, files) = match open(&location, source, &folder, runtime)? {
            Some((store, files)) => (store, files),
            None => {
                missing.push(format!(
                    "source {}: there is no folder {}",
                    source.name,
                    location.url("")
                ));
                continue;
            }
        };
        let files: Vec<Found> = files
            .into_iter()
            .filter(|file| match (dates, file.date) {
                (Some(dates), Some(date)) => dates.contains(date),
                _ => true,
            })
            .collect();
        missing.extend(absent(source, dates, &files));
        scanned.push(Scanned { source, store, files });
    }
    if missing.is_empty() {
        Ok(scanned)
    } else {
        Err(Error::NotThereYet(missing))
    }
}

fn location_of(folder: &str, job: &Job) -> Result<Location> {
    let address = if folder.is_empty() { "." } else { folder };
    Location::parse(address, &job.folder).map_err(|message| Error::Usage(format!("{folder}: {message}")))
}

/// The source's store and its files; `None` for a local folder that is not there and must be.
fn open(location: &Location, source: &Source, folder: &str, runtime: &Handle) -> Result<Option<(Store, Vec<Found>)>> {
    if let Location::Local(path) = location
        && !path.is_dir()
    {
        return if source.optional {
            // An empty store stands for the folder: nothing is listed and nothing is read from it.
            let nothing = std::sync::Arc::new(object_store::memory::InMemory::new());
            Ok(Some((
                Store::new(nothing, location.clone(), runtime.clone()),
                Vec::new(),
            )))
        } else {
            Ok(None)
        };
    }
    let store = Store::open(location, false, runtime)?;
    let listed = if source.pattern.is_literal() {
        store.list_folder("")?
    } else {
        store.list("")?
    };
    let files = listed
        .into_iter()
        .filter_map(|object| {
            let matched = source.pattern.matches(&format!("{folder}{}", object.path))?;
            Some(Found {
                date: matched.date,
                file: object.path,
                version: object.version,
                size_bytes: object.size_bytes,
            })
        })
        .collect();
    Ok(Some((store, files)))
}

fn absent(source: &Source, dates: Option<&DateRange>, files: &[Found]) -> Vec<String> {
    if source.optional {
        return Vec::new();
    }
    let pattern = source.pattern.text();
    if files.is_empty() {
        let of = if dates.is_some() && source.pattern.has_date() {
            " of the dates asked for"
        } else {
            ""
        };
        return vec![format!(
            "source {}: no file{of} fits {pattern}; check the path, wait for the export, or set optional = true",
            source.name
        )];
    }
    if !source.expect_daily || !source.pattern.has_date() {
        return Vec::new();
    }
    let there: BTreeSet<NaiveDate> = files.iter().filter_map(|file| file.date).collect();
    let expected: Vec<NaiveDate> = match (dates, there.first(), there.last()) {
        (Some(dates), _, _) => dates.days().collect(),
        (None, Some(first), Some(last)) => first.iter_days().take_while(|day| day <= last).collect(),
        _ => Vec::new(),
    };
    expected
        .into_iter()
        .filter(|day| !there.contains(day))
        .map(|day| format!("source {}: no file of {day} fits {pattern}", source.name))
        .collect()
}
