//! Small shops that are built many times, inside the test process and in memory.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use chrono::{DateTime, NaiveDate};
use futures::TryStreamExt;
use object_store::memory::InMemory;
use object_store::{ObjectStore, ObjectStoreExt};
use postventa::build::{self, Ledger, Options, RunContext, Summary, Verification};
use postventa::error::{Error, Result};
use postventa::job::Job;
use postventa::model::{Catalog, Month};
use postventa::report::Progress;
use postventa::sample::{Compression, SampleOptions, generate};
use postventa::store::{Location, Store};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::warehouse::PUBLISHED;

pub static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

/// Landing files, by path below the landing folder.
pub type Files = BTreeMap<String, Vec<u8>>;
/// Published objects: path and hash of the bytes.
pub type Tables = BTreeMap<String, String>;

/// The exports of an invented shop, as JSON lines: its helpdesk's and its shop's.
pub fn exports(seed: u64, first_day: &str, days: u32, per_day: f64) -> Files {
    let mut files = all_exports(seed, first_day, days, per_day);
    files.retain(|path, _| path.ends_with(".jsonl"));
    files
}

/// The same with what its other tools export, for `Shop::with_all_inputs`.
pub fn all_exports(seed: u64, first_day: &str, days: u32, per_day: f64) -> Files {
    let options = SampleOptions {
        seed,
        first_day: first_day.parse().unwrap(),
        days,
        orders_per_day: per_day,
        tickets_per_day: per_day,
        time_zone: chrono_tz::Europe::Madrid,
        compression: Compression::None,
        plain: Vec::new(),
        orders_csv: false,
    };
    let mut files = Files::new();
    let mut write = |path: &str, bytes: &[u8]| -> std::result::Result<(), Infallible> {
        files.insert(path.to_owned(), bytes.to_owned());
        Ok(())
    };
    generate(&options, &mut write).unwrap();
    files
}

/// The date in a landing file's path.
pub fn date_of(path: &str) -> NaiveDate {
    let name = path.rsplit('/').next().unwrap();
    name.strip_suffix(".jsonl").unwrap().parse().unwrap()
}

const JOB: &str = r#"[job]
name = "shop"
time_zone = "Europe/Madrid"
currency = "EUR"
warehouse = "warehouse"
sql = "sql"

[[schedule]]
id = "1"
time_zone = "Europe/Madrid"
default = true
hours = { mon = ["09:00-18:00"], tue = ["09:00-18:00"], wed = ["09:00-18:00"], thu = ["09:00-18:00"], fri = ["09:00-18:00"] }
holidays = ["2025-01-06"]

[settings]
conversion_window_days = 3

[[source]]
name = "tickets"
preset = "zendesk.tickets"
path = "landing/zendesk/tickets/{date}.jsonl"
optional = true

[[source]]
name = "ticket_audits"
preset = "zendesk.ticket_audits"
path = "landing/zendesk/ticket_audits/{date}.jsonl"
optional = true

[[source]]
name = "users"
preset = "zendesk.users"
path = "landing/zendesk/users/{date}.jsonl"
optional = true

[[source]]
name = "orders"
preset = "shopify.orders_json"
path = "landing/shopify/orders/{date}.jsonl"
optional = true
"#;

/// A job file and its landing files; the warehouse is given to each run.
pub struct Shop {
    pub folder: TempDir,
}

impl Shop {
    pub fn new(files: &Files) -> Self {
        let shop = Shop {
            folder: TempDir::new().unwrap(),
        };
        for layer in PUBLISHED {
            std::fs::create_dir_all(shop.folder.path().join("sql").join(layer)).unwrap();
        }
        shop.write("job.toml", JOB.as_bytes());
        files.iter().for_each(|(path, bytes)| shop.land(path, bytes));
        shop
    }

    /// A shop with the sources, schedules, policies and targets of the bundled demo.
    pub fn with_all_inputs(files: &Files) -> Self {
        let shop = Shop::new(files);
        let demo = include_str!("../../jobs/demo.toml").replace(".gz\"", "\"");
        let demo = demo.replace("\"demo/", "\"landing/");
        shop.write("job.toml", demo.replace("[job]", "[job]\nsql = \"sql\"").as_bytes());
        shop
    }

    /// Writes a file as an exporter should: under another name, then renamed.
    pub fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let begun = path.with_extension("begun");
        std::fs::write(&begun, bytes).unwrap();
        std::fs::rename(begun, path).unwrap();
    }

    pub fn land(&self, path: &str, bytes: &[u8]) {
        self.write(&format!("landing/{path}"), bytes);
    }

    pub fn remove(&self, path: &str) {
        std::fs::remove_file(self.folder.path().join("landing").join(path)).unwrap();
    }

    /// Changes the job file; `from` must be in it.
    #[track_caller]
    pub fn edit(&self, from: &str, to: &str) {
        let path = self.folder.path().join("job.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from:?} is not in the job file");
        std::fs::write(path, text.replace(from, to)).unwrap();
    }

    /// Copies an embedded model into the job's own folder, changed.
    #[track_caller]
    pub fn own_model(&self, path: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("sql").join(path)).unwrap();
        assert!(text.contains(from), "{from:?} is not in {path}");
        self.write(&format!("sql/{path}"), text.replace(from, to).as_bytes());
    }

    /// Takes a model out of the job's own folder again.
    pub fn drop_model(&self, path: &str) {
        std::fs::remove_file(self.folder.path().join("sql").join(path)).unwrap();
    }

    pub fn job(&self) -> Job {
        Job::load(&self.folder.path().join("job.toml")).unwrap()
    }

    /// One run with its warehouse in `objects`.
    pub fn run(&self, objects: Arc<dyn ObjectStore>, options: &Options) -> Result<Summary> {
        let mut store = store(objects);
        if options.rehearse {
            store = store.rehearsal();
        }
        build::run_in(store, &self.job(), options, &context())
    }

    pub fn vacuum(&self, objects: Arc<dyn ObjectStore>, rehearse: bool) -> Result<Vec<String>> {
        build::vacuum_in(&store(objects), &self.job(), &context(), rehearse)
    }

    pub fn verify(&self, objects: Arc<dyn ObjectStore>) -> Verification {
        build::verify_in(&store(objects), &self.job(), &context()).unwrap()
    }

    /// What one build from scratch publishes.
    pub fn scratch(&self) -> Tables {
        let objects = Arc::new(InMemory::new());
        self.run(objects.clone(), &Options::default()).unwrap();
        tables(&objects)
    }

    /// Asserts that the newest ledger claims nothing that is not there. Returns whether it is at rest.
    #[track_caller]
    pub fn assert_ledger_is_true(&self, objects: &Arc<InMemory>, what: &str) -> bool {
        let Some(ledger) = Ledger::load(&store(objects.clone())).unwrap() else {
            return false;
        };
        let staged: Tables = hashes(objects, &["staging"]);
        for batch in ledger.sources.values().flat_map(BTreeMap::values) {
            for slice in &batch.slices {
                assert!(staged.contains_key(&slice.key), "{what}: {} is not there", slice.key);
            }
        }
        if ledger.publishing.is_some() {
            return false;
        }
        let there = tables(objects);
        let catalog = Catalog::load(self.job().sql_folder.as_deref()).unwrap();
        for model in catalog.models() {
            for (unit, built) in ledger.tables.get(&model.name).into_iter().flatten() {
                for (month, output) in &built.outputs {
                    let folder = model.folder();
                    // The layout of the tables, as the documentation has it.
                    let key = match (&model.partition, model.scatter) {
                        (None, _) => format!("{folder}/part-0.parquet"),
                        (Some(_), true) if *unit != Month::NEVER => {
                            format!("{folder}/month={month}/from-{unit}.parquet")
                        }
                        _ => format!("{folder}/month={month}/part-0.parquet"),
                    };
                    let hash = there.get(&key).map(|hash| &hash[..output.hash.len()]);
                    assert_eq!(
                        hash,
                        Some(output.hash.as_str()),
                        "{what}: {key} is not what the ledger says"
                    );
                }
            }
        }
        true
    }
}

pub fn store(objects: Arc<dyn ObjectStore>) -> Store {
    let location = Location::S3 {
        bucket: "memory".into(),
        prefix: String::new(),
    };
    Store::new(objects, location, RUNTIME.handle().clone())
}

pub fn is_retryable(error: &Error) -> bool {
    error.exit_code() == postventa::error::exit::TRY_AGAIN
}

/// What readers see.
pub fn tables(objects: &InMemory) -> Tables {
    hashes(objects, &PUBLISHED)
}

pub fn hashes(objects: &InMemory, folders: &[&str]) -> Tables {
    let found: Vec<_> = RUNTIME.block_on(objects.list(None).try_collect()).unwrap();
    let paths = found.into_iter().map(|meta| meta.location);
    let within = paths.filter(|path| {
        folders
            .iter()
            .any(|folder| Path::new(path.as_ref()).starts_with(folder))
    });
    let hashed = within.map(|path| {
        let bytes = RUNTIME
            .block_on(async { objects.get(&path).await?.bytes().await })
            .unwrap();
        (path.to_string(), blake3::hash(&bytes).to_hex().to_string())
    });
    hashed.collect()
}

thread_local! {
    /// The wall clock of the runs that this thread starts.
    static CLOCK: RefCell<Arc<AtomicI64>> = RefCell::new(Arc::new(AtomicI64::new(1_750_000_000)));
}

/// So much later that a lease which nobody renews is free.
pub fn minutes_pass() {
    CLOCK.with_borrow(|clock| clock.fetch_add(600, Ordering::SeqCst));
}

/// This thread's clock, to be shared with another thread.
pub fn clock() -> Arc<AtomicI64> {
    CLOCK.with_borrow(Arc::clone)
}

pub fn share_clock(clock: Arc<AtomicI64>) {
    CLOCK.replace(clock);
}

fn now_seconds() -> i64 {
    CLOCK.with_borrow(|clock| clock.load(Ordering::SeqCst))
}

fn context() -> RunContext {
    static RUNS: AtomicU64 = AtomicU64::new(0);
    RunContext {
        run_id: format!("run-{}", RUNS.fetch_add(1, Ordering::SeqCst)),
        started_at: DateTime::from_timestamp(now_seconds(), 0).unwrap(),
        now_seconds,
        runtime: RUNTIME.handle().clone(),
        interrupted: Arc::default(),
        progress: Progress::hidden(),
    }
}

/// A number from the environment, for tests that run longer on demand.
pub fn number_from(variable: &str, default: usize) -> usize {
    match std::env::var(variable) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{variable} is no number: {text}")),
        Err(_) => default,
    }
}
