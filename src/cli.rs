//! The command line.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Helpdesk and order exports in, service KPIs and cohorts as Parquet tables out.
#[derive(Debug, Parser)]
#[command(name = "postventa", version, about, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,

    /// How logs are written to stderr.
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Human)]
    pub log_format: LogFormat,

    /// Which logs: error, warn, info, debug, or a filter such as postventa=debug.
    #[arg(long, global = true, default_value = "info", env = "POSTVENTA_LOG")]
    pub log: String,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    done, also when there was nothing to do
  2    the command line, the job file, its SQL or its credentials are wrong
  65   data was refused: a file that cannot be read, a gate, or a data test
  70   a bug
  75   try again later: the store does not answer, another run is at work, or an export is not there yet
  130  interrupted (143 when terminated)

Environment:
  AWS_*                    credentials, region and endpoint, as the AWS SDKs read them
  POSTVENTA_HASH_KEY       key of the customers' hashes (another name: [identity] key_env in the job file)
  POSTVENTA_RETRY_SECONDS  how long a request to a store is tried again before exit 75 (60)
  POSTVENTA_LEASE_SECONDS  how long a run that died keeps others from its warehouse (60)";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Human,
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Stage what is new, build what changed, publish.
    Run(RunArgs),
    /// What a run would read and rebuild, and why; writes nothing.
    Plan(PlanArgs),
    /// Settings, paths, credentials and SQL: all faults at once.
    Check(JobArgs),
    /// Freshness, runs, rows, quarantine, gaps in dates.
    Status(JobArgs),
    /// Compare every published object with the ledger.
    Verify(VerifyArgs),
    /// Remove objects that nothing refers to any more.
    Vacuum(VacuumArgs),
    /// The KPI dictionary.
    Kpis(KpiArgs),
    /// Write exports of an invented shop, to try things on.
    Sample(SampleArgs),
}

#[derive(Debug, Args)]
pub struct JobArgs {
    /// The job file.
    pub job: PathBuf,
    /// Print one JSON line instead of text.
    #[arg(long)]
    pub json: bool,
}

/// Which days; files without a date in their path are always looked at.
#[derive(Debug, Args)]
pub struct DateArgs {
    /// One day.
    #[arg(long, value_name = "DAY", conflicts_with_all = ["from", "to"])]
    pub date: Option<NaiveDate>,
    /// The first day of a range.
    #[arg(long, value_name = "DAY", requires = "to")]
    pub from: Option<NaiveDate>,
    /// The last day of the range, included.
    #[arg(long, value_name = "DAY", requires = "from")]
    pub to: Option<NaiveDate>,
    /// The last complete day ("now" for open tickets), instead of the last day staged.
    #[arg(long, value_name = "DAY")]
    pub as_of: Option<NaiveDate>,
    /// Stage and build everything again.
    #[arg(long)]
    pub full: bool,
}

#[derive(Debug, Args)]
pub struct RunArgs {
    #[command(flatten)]
    pub job: JobArgs,
    #[command(flatten)]
    pub dates: DateArgs,
    /// Write the inputs, SQL and result of every unit built to this folder, to repeat them in another engine.
    #[arg(long, value_name = "FOLDER")]
    pub dump_models: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct PlanArgs {
    #[command(flatten)]
    pub job: JobArgs,
    #[command(flatten)]
    pub dates: DateArgs,
}

#[derive(Debug, Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    pub job: JobArgs,
    /// Build again what is missing or changed, and remove what is extra.
    #[arg(long)]
    pub repair: bool,
}

#[derive(Debug, Args)]
pub struct VacuumArgs {
    /// The job file.
    pub job: PathBuf,
    /// Only say what would be removed.
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct KpiArgs {
    /// Print JSON instead of text.
    #[arg(long)]
    pub json: bool,
    /// Print the page of all KPIs and tables, in both languages, as it stands in sql/README.md.
    #[arg(long, conflicts_with = "json")]
    pub markdown: bool,
    /// The language of names and questions.
    #[arg(long, value_enum, default_value_t = Language::En)]
    pub language: Language,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    En,
    Es,
}

#[derive(Debug, Args)]
pub struct SampleArgs {
    /// The folder to write to; made if it is not there.
    pub folder: PathBuf,
    /// Equal seeds give equal files.
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// The first day.
    #[arg(long, value_name = "DAY", default_value = "2025-01-01")]
    pub from: NaiveDate,
    #[arg(long, default_value_t = 90)]
    pub days: u32,
    #[arg(long, default_value_t = 20.0)]
    pub orders_per_day: f64,
    #[arg(long, default_value_t = 10.0)]
    pub tickets_per_day: f64,
    /// Compress every file.
    #[arg(long, value_enum)]
    pub compress: Option<Compression>,
    /// Leave these folders uncompressed, such as tickets.
    #[arg(long, value_name = "NAME")]
    pub plain: Vec<String>,
    /// The shop's IANA time zone.
    #[arg(long, default_value = "Europe/Madrid")]
    pub time_zone: chrono_tz::Tz,
    /// Write the shop's CSV export beside the JSON one.
    #[arg(long)]
    pub orders_csv: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Compression {
    Gz,
    Zst,
}
