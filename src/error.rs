//! Every error a run can end with, and the one map from errors to exit codes.

use std::path::PathBuf;

use crate::job::faults::Fault;

/// What can end a run. Each variant says what happened, where, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line asks for something that makes no sense.
    #[error("{0}")]
    Usage(String),

    /// The job file cannot be used; every fault found is listed.
    #[error("{} has {} fault(s):{}", .path.display(), .faults.len(), list(.faults))]
    JobFile { path: PathBuf, faults: Vec<Fault> },

    /// A SQL model of the job's own folder, or one that is embedded, cannot be used.
    #[error("model {model} ({origin}): {message}")]
    Model {
        model: String,
        origin: String,
        is_embedded: bool,
        message: String,
    },

    /// The store refuses us: wrong credentials, a bucket that is not there, a folder that cannot be written.
    #[error("{url}: {message}\n  hint: {hint}")]
    StoreRefused { url: String, message: String, hint: String },

    /// The store did not answer within the retry limit.
    #[error(
        "{url}: {message}\n  hint: the store did not answer within the retry limit; run the same command again later"
    )]
    StoreUnavailable { url: String, message: String },

    /// An object that the ledger names is gone or is not what was written.
    #[error(
        "{url}: {message}\n  hint: run again; if it stays away, a run with --full stages and builds what is missing"
    )]
    WarehouseChanged { url: String, message: String },

    /// `verify` found objects that are not as the ledger says.
    #[error(
        "the warehouse is not as its ledger says: {missing} missing, {changed} changed, {extra} extra\n  hint: verify \
         --repair builds them again"
    )]
    WarehouseUnsound {
        missing: usize,
        changed: usize,
        extra: usize,
    },

    /// The warehouse's ledger is of another product or version.
    #[error("{url}: {message}")]
    ForeignLedger { url: String, message: String },

    /// Files or rows were refused. What was good is published.
    #[error("{} refused:{}", count(.0.len(), "delivery", "deliveries"), lines(.0))]
    DataRefused(Vec<String>),

    /// A data test failed. Nothing of this run was published.
    #[error("{} failed, nothing was published:{}", count(.0.len(), "data test", "data tests"), lines(.0))]
    DataTest(Vec<String>),

    /// Files that this run was asked to read are not there yet.
    #[error("no export to read yet:{}", lines(.0))]
    NotThereYet(Vec<String>),

    /// Another run holds the warehouse.
    #[error("{url}: another run holds the warehouse ({holder}); try again when it is done")]
    LeaseHeld { url: String, holder: String },

    /// The run was told to stop by a signal.
    #[error("interrupted by signal {0}; the next run goes on from here")]
    Interrupted(i32),

    /// A local file that the command needs cannot be read or written.
    #[error("{}: {message}", .path.display())]
    LocalFile { path: PathBuf, message: String },

    /// Something that cannot happen did.
    #[error("bug: {0}\n  please report it with the command and this message")]
    Bug(String),
}

/// Exit codes, as `README.md` lists them; 64..78 follow BSD's sysexits.h.
pub mod exit {
    pub const DONE: u8 = 0;
    pub const USAGE: u8 = 2;
    pub const DATA_REFUSED: u8 = 65;
    pub const BUG: u8 = 70;
    pub const TRY_AGAIN: u8 = 75;
    /// A signal's exit code is this plus its number, as shells have it (130 for SIGINT, 143 for SIGTERM).
    pub const SIGNAL_BASE: u8 = 128;
}

impl Error {
    /// The process exit code of this error.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Usage(_)
            | Error::JobFile { .. }
            | Error::StoreRefused { .. }
            | Error::ForeignLedger { .. }
            | Error::LocalFile { .. } => exit::USAGE,
            // The embedded models are our own; those of a job's folder are the user's.
            Error::Model { is_embedded, .. } => match is_embedded {
                true => exit::BUG,
                false => exit::USAGE,
            },
            Error::DataRefused(_) | Error::DataTest(_) | Error::WarehouseUnsound { .. } => exit::DATA_REFUSED,
            Error::StoreUnavailable { .. }
            | Error::WarehouseChanged { .. }
            | Error::NotThereYet(_)
            | Error::LeaseHeld { .. } => exit::TRY_AGAIN,
            Error::Interrupted(signal) => exit::SIGNAL_BASE.saturating_add(u8::try_from(*signal).unwrap_or(0)),
            Error::Bug(_) => exit::BUG,
        }
    }
}

/// polars refuses what we ask of it outside a model: that is our mistake, never the data's.
impl From<polars::error::PolarsError> for Error {
    fn from(error: polars::error::PolarsError) -> Self {
        Error::Bug(format!("polars: {error}"))
    }
}

pub type Result<T> = std::result::Result<T, Error>;

fn lines(items: &[String]) -> String {
    items.iter().map(|item| format!("\n  {item}")).collect()
}

fn list(faults: &[Fault]) -> String {
    faults.iter().map(|fault| format!("\n  {fault}")).collect()
}

fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
