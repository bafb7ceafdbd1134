//! The story of one call: read the command line, do what it says, turn the outcome into an exit code.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use clap::Parser;
use postventa::build::{self, Options, RunContext, Summary};
use postventa::cli::{Cli, Command, Compression, DateArgs, KpiArgs, LogFormat, SampleArgs, VerifyArgs};
use postventa::error::{Error, Result};
use postventa::job::{DateRange, Job};
use postventa::report::{self, Progress};
use postventa::sample::{self, SampleError, SampleOptions};
use tokio::runtime::{Handle, Runtime};

fn main() -> ExitCode {
    let cli = Cli::parse();
    start_logging(&cli);
    let outcome = std::panic::catch_unwind(|| {
        let runtime = Runtime::new().map_err(|e| Error::Bug(format!("runtime: {e}")))?;
        run(cli.command, runtime.handle())
    });
    let failures = match outcome {
        Ok(Ok(())) => return ExitCode::SUCCESS,
        Ok(Err(failures)) => failures,
        // The panic hook has told where.
        Err(_) => Failures(vec![Error::Bug("the program stopped itself".into())]),
    };
    for error in &failures.0 {
        // stderr may be closed; the exit code still tells.
        let _ = writeln!(std::io::stderr(), "error: {error}");
    }
    // Of several faults the one that a retry cannot mend decides.
    ExitCode::from(
        failures
            .0
            .iter()
            .map(Error::exit_code)
            .min()
            .unwrap_or(postventa::error::exit::BUG),
    )
}

/// What a command failed with: one error, or all faults of a check.
struct Failures(Vec<Error>);

impl From<Error> for Failures {
    fn from(error: Error) -> Self {
        Failures(vec![error])
    }
}

fn run(command: Command, runtime: &Handle) -> std::result::Result<(), Failures> {
    let mut out = std::io::stdout().lock();
    match command {
        Command::Run(args) => {
            let options = Options {
                dump_models: args.dump_models,
                ..options(&args.dates)?
            };
            let summary = run_job(&args.job.job, &options, runtime)?;
            stdout(report::print_summary(&summary, args.job.json, &mut out))?;
            refused(summary)?;
        }
        Command::Plan(args) => {
            let options = Options {
                rehearse: true,
                ..options(&args.dates)?
            };
            let summary = run_job(&args.job.job, &options, runtime)?;
            stdout(report::print_plan(&summary, args.job.json, &mut out))?;
            refused(summary)?;
        }
        Command::Check(args) => {
            let job = Job::load(&args.job)?;
            let faults = report::check(&job, runtime, &mut out);
            if !faults.is_empty() {
                return Err(Failures(faults));
            }
        }
        Command::Status(args) => {
            let job = Job::load(&args.job)?;
            let status = report::status(&job, runtime)?;
            stdout(report::print_status(&status, args.json, &mut out))?;
        }
        Command::Verify(args) => verify(&args, runtime, &mut out)?,
        Command::Vacuum(args) => {
            let removed = build::vacuum(&Job::load(&args.job)?, &context(runtime), args.dry_run)?;
            let verb = if args.dry_run { "would remove" } else { "removed" };
            let listed = removed.iter().try_for_each(|path| writeln!(out, "{verb} {path}"));
            stdout(listed.and_then(|()| writeln!(out, "{verb} {} object(s)", removed.len())))?;
        }
        Command::Kpis(args) if args.markdown => report::print_markdown(&mut out)?,
        Command::Kpis(KpiArgs { json, language, .. }) => report::print_kpis(json, language, &mut out)?,
        Command::Sample(args) => write_sample(&args, &mut out)?,
    }
    Ok(())
}

fn options(dates: &DateArgs) -> Result<Options> {
    let range = match (dates.date, dates.from, dates.to) {
        (Some(day), _, _) => Some(DateRange::inclusive(day, day)?),
        (None, Some(from), Some(to)) => Some(DateRange::inclusive(from, to)?),
        _ => None,
    };
    Ok(Options {
        dates: range,
        as_of: dates.as_of,
        full: dates.full,
        ..Options::default()
    })
}

fn run_job(path: &std::path::Path, options: &Options, runtime: &Handle) -> Result<Summary> {
    let job = Job::load(path)?;
    if !job.has_secret_key {
        tracing::warn!("no identity key in the environment: customers' hashes can be guessed from their e-mails");
    }
    let context = context(runtime);
    let summary = build::run(&job, options, &context);
    context.progress.finish();
    summary
}

fn context(runtime: &Handle) -> RunContext {
    RunContext {
        run_id: run_id(),
        started_at: now(),
        now_seconds: || now().timestamp(),
        runtime: runtime.clone(),
        interrupted: watch_signals(runtime),
        progress: Progress::new(),
    }
}

fn verify(args: &VerifyArgs, runtime: &Handle, out: &mut dyn Write) -> Result<()> {
    let job = Job::load(&args.job.job)?;
    let mut found = build::verify(&job, &context(runtime))?;
    if args.repair {
        // A store that spoils bytes, or hides that it replaced them, gives an object the version it had.
        let options = Options {
            repair: Some(found.changed.into_iter().collect()),
            ..Options::default()
        };
        refused(run_job(&args.job.job, &options, runtime)?)?;
        found = build::verify(&job, &context(runtime))?;
    }
    stdout(report::print_verification(&found, args.job.json, out))?;
    if found.is_sound() {
        return Ok(());
    }
    Err(Error::WarehouseUnsound {
        missing: found.missing.len(),
        changed: found.changed.len(),
        extra: found.extra.len(),
    })
}

fn refused(summary: Summary) -> Result<()> {
    if summary.refused.is_empty() {
        return Ok(());
    }
    Err(Error::DataRefused(summary.refused))
}

/// The one place that reads the wall clock: for run records and leases, never for a table.
#[expect(
    clippy::disallowed_methods,
    reason = "the clock enters the program here and nowhere else"
)]
fn now() -> chrono::DateTime<chrono::Utc> {
    chrono::Utc::now()
}

fn run_id() -> String {
    format!("{}-{}", now().format("%Y%m%dT%H%M%S%6fZ"), std::process::id())
}

/// Notes the first SIGINT or SIGTERM, so that the run can stop between two units; a second one ends the process at once.
fn watch_signals(runtime: &Handle) -> Arc<AtomicI32> {
    let flag = Arc::new(AtomicI32::new(0));
    let noted = flag.clone();
    runtime.spawn(async move {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
        else {
            tracing::warn!("signals cannot be watched");
            return;
        };
        loop {
            let number = tokio::select! {
                _ = interrupt.recv() => 2,
                _ = terminate.recv() => 15,
            };
            if noted.swap(number, Ordering::SeqCst) != 0 {
                std::process::exit(128 + number);
            }
            tracing::warn!("stopping after what is under way; signal again to stop at once");
        }
    });
    flag
}

fn start_logging(cli: &Cli) {
    let filter = tracing_subscriber::EnvFilter::try_new(&cli.log).unwrap_or_else(|_| "info".into());
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    match cli.log_format {
        LogFormat::Human => builder.with_target(false).init(),
        LogFormat::Json => builder.json().init(),
    }
}

fn write_sample(args: &SampleArgs, out: &mut dyn Write) -> Result<()> {
    let options = SampleOptions {
        seed: args.seed,
        first_day: args.from,
        days: args.days,
        orders_per_day: args.orders_per_day,
        tickets_per_day: args.tickets_per_day,
        time_zone: args.time_zone,
        compression: match args.compress {
            None => sample::Compression::None,
            Some(Compression::Gz) => sample::Compression::Gzip,
            Some(Compression::Zst) => sample::Compression::Zstd,
        },
        plain: args.plain.clone(),
        orders_csv: args.orders_csv,
    };
    let mut write = |path: &str, bytes: &[u8]| -> std::io::Result<()> {
        let path = args.folder.join(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, bytes)
    };
    let written = sample::generate(&options, &mut write).map_err(|error| match error {
        SampleError::Options(message) => Error::Usage(message.to_owned()),
        SampleError::Write { path, source } => Error::LocalFile {
            path: args.folder.join(path),
            message: source.to_string(),
        },
    })?;
    stdout(writeln!(
        out,
        "{}: {} files, {} bytes; {} tickets with {} changes, {} orders with {} lines",
        args.folder.display(),
        written.files,
        written.bytes_written,
        written.tickets,
        written.changes,
        written.orders,
        written.order_lines
    ))
}

/// A reader that closes our stdout early (`| head`) is no error of ours.
fn stdout(written: std::io::Result<()>) -> Result<()> {
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::Bug(format!("stdout: {error}"))),
        _ => Ok(()),
    }
}
