//! Several runs on one warehouse: at the same time, after one that died, and after one that only seemed to have died.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use object_store::ObjectStore;
use object_store::memory::InMemory;
use postventa::build::{Options, Summary};
use postventa::error::{Error, Result};

use super::faulty_store::{Fault, FaultyStore, Gate};
use super::program::{Project, Ran, copy};
use super::s3_server::S3Server;
use super::shop::{self, Shop};
use super::warehouse::{assert_same, published};

/// Starts the runs at once; each must end well or say that another one is at work.
fn at_once(project: &Project, environment: &[(&'static str, String)], runs: &[&[&str]]) -> usize {
    let begun = Instant::now();
    let started: Vec<_> = runs
        .iter()
        .map(|dates| project.call("run", dates).envs(environment.iter().cloned()).start())
        .collect();
    let ended: Vec<Ran> = started
        .into_iter()
        .map(|child| Ran::of(child.wait_with_output().unwrap()))
        .collect();
    for ran in &ended {
        assert!(matches!(ran.code, 0 | 75), "{}: {}", ran.code, ran.err);
        assert!(
            ran.code == 0 || ran.err.contains("another run holds the warehouse"),
            "{}",
            ran.err
        );
    }
    assert!(
        begun.elapsed() < Duration::from_secs(30),
        "nobody waits for a lease: {:?}",
        begun.elapsed()
    );
    ended.iter().filter(|ran| ran.code == 0).count()
}

const SAME: &[&[&str]] = &[&[], &[]];
const OTHERS: &[&[&str]] = &[
    &["--date", "2025-01-30"],
    &["--from", "2025-01-31", "--to", "2025-02-01"],
    &["--date", "2025-01-29"],
];

#[test]
fn runs_at_once_end_0_or_75_and_one_more_completes_the_tables() {
    let sample = Project::sample("2025-01-29", 4);
    // Quiet days have no file of every kind.
    let job = sample
        .read("job.toml")
        .replace("optional = true", "")
        .replace("path =", "optional = true\npath =");
    sample.write("job.toml", &job);
    let whole = Project::new();
    copy(sample.folder.path(), whole.folder.path());
    whole.run(&[]).exits(0);
    let expected = published(&whole.warehouse());
    for runs in [SAME, OTHERS] {
        let local = Project::new();
        copy(sample.folder.path(), local.folder.path());
        assert!(at_once(&local, &[], runs) > 0, "one of them gets the lease");
        local.run(&[]).exits(0);
        assert_same("local", &published(&local.warehouse()), &expected);

        let server = S3Server::start(&["tables"]);
        local.edit("job.toml", "\"warehouse\"", "\"s3://tables/postventa\"");
        assert!(at_once(&local, &server.env(), runs) > 0, "one of them gets the lease");
        local.call("run", &[]).envs(server.env()).run().exits(0);
        assert_same("S3", &published(&server.bucket("tables").join("postventa")), &expected);
    }
}

/// The exports of three days, and the same with the newest day's files cut short.
struct Shops {
    shop: Shop,
    newest: Vec<(String, Vec<u8>)>,
}

const NEWEST: &str = "2025-02-01";

fn two_shops() -> Shops {
    let files = shop::exports(5, "2025-01-30", 3, 2.0);
    let newest = files.iter().filter(|(path, _)| path.contains(NEWEST));
    let newest = newest.map(|(path, bytes)| (path.clone(), bytes.clone())).collect();
    Shops {
        shop: Shop::new(&files),
        newest,
    }
}

impl Shops {
    /// The newest day as it is exported first: the last record of each file is still missing.
    fn early(&self) {
        for (path, bytes) in &self.newest {
            let end = bytes[..bytes.len() - 1]
                .iter()
                .rposition(|byte| *byte == b'\n')
                .map_or(0, |at| at + 1);
            match end {
                0 => self.shop.remove(path),
                end => self.shop.land(path, &bytes[..end]),
            }
        }
    }

    fn late(&self) {
        self.newest.iter().for_each(|(path, bytes)| self.shop.land(path, bytes));
    }

    fn run(&self, warehouse: &Arc<InMemory>) -> Result<Summary> {
        self.shop.run(warehouse.clone(), &Options::default())
    }
}

/// Acts in a thread of its own, on a store that stops at the gate; `meanwhile` happens then, and it goes on. `None` when
/// it ended before the gate.
pub fn asleep<T: Send>(
    store: FaultyStore,
    gate: Gate,
    act: impl FnOnce(Arc<dyn ObjectStore>) -> T + Send,
    meanwhile: impl FnOnce(),
) -> Option<T> {
    std::thread::scope(|scope| {
        let clock = shop::clock();
        let sleeper = scope.spawn(move || {
            shop::share_clock(clock);
            act(Arc::new(store))
        });
        while !sleeper.is_finished() && !gate.is_reached() {
            std::thread::sleep(Duration::from_millis(2));
        }
        if !gate.is_reached() {
            return None;
        }
        meanwhile();
        gate.open();
        Some(sleeper.join().unwrap())
    })
}

/// A run sleeps at some operation for so long that its lease expires, and another one takes over with newer files. The
/// sleeper wakes up, still in the belief to hold the lease, and goes on replacing objects. With `dies`, it is killed so
/// many operations later. One more run, and the tables are right.
fn sleep_at(at: usize, dies: Option<usize>) -> bool {
    let shops = two_shops();
    let warehouse = Arc::new(InMemory::new());
    shops.early();
    let what = format!("asleep at operation {at}, dies {dies:?} later");
    let sleeper = match dies {
        None => FaultyStore::counting(warehouse.clone()),
        Some(later) => FaultyStore::failing(warehouse.clone(), at + later, Fault::DoneThenKilled),
    };
    let (sleeper, gate) = sleeper.suspended(at);
    let run = |store| shops.shop.run(store, &Options::default());
    let outcome = asleep(sleeper, gate, run, || {
        shop::minutes_pass();
        shops.late();
        shops
            .run(&warehouse)
            .unwrap_or_else(|error| panic!("{what}: the second: {error}"));
        shops.shop.assert_ledger_is_true(&warehouse, &what);
    });
    let Some(outcome) = outcome else {
        return false;
    };
    match outcome {
        Ok(_) => {}
        Err(error) => assert!(shop::is_retryable(&error), "{what}: {error}"),
    }
    shop::minutes_pass();
    shops
        .run(&warehouse)
        .unwrap_or_else(|error| panic!("{what}: the third: {error}"));
    assert_same(&what, &shop::tables(&warehouse), &shops.shop.scratch());
    assert!(shops.shop.assert_ledger_is_true(&warehouse, &what));
    true
}

/// The number of operations of a first build, and of those the first that puts a published object.
fn operations() -> (usize, usize) {
    let shops = two_shops();
    shops.early();
    let counting = Arc::new(FaultyStore::counting(Arc::default()));
    shops.shop.run(counting.clone(), &Options::default()).unwrap();
    let log = counting.log();
    let first = log
        .iter()
        .position(|operation| operation.starts_with("put core/"))
        .unwrap();
    (log.len(), first)
}

#[test]
fn a_run_that_wakes_up_after_another_took_over_spoils_nothing_for_long() {
    let (all, first_put) = operations();
    let steps = shop::number_from("POSTVENTA_SLEEPERS", 4);
    let slept: Vec<usize> = (0..steps)
        .map(|n| first_put + n * (all - 2 - first_put) / steps)
        .collect();
    for at in [3, first_put - 1].into_iter().chain(slept) {
        assert!(sleep_at(at, None), "operation {at} of {all} was not reached");
    }
    println!("slept at {} of {all} operations", steps + 2);
}

/// The same, and the sleeper dies before it can tell that it was overtaken.
#[test]
fn a_run_that_wakes_up_and_dies_spoils_nothing_for_long() {
    let (all, first_put) = operations();
    let steps = shop::number_from("POSTVENTA_SLEEPERS", 3);
    for n in 0..steps {
        let at = first_put + n * (all - 30 - first_put) / steps;
        assert!(sleep_at(at, Some(20)), "operation {at} of {all} was not reached");
    }
    println!("slept and died at {steps} of {all} operations");
}

/// A run that listed the landing folder, and then waited, must not take what came meanwhile for removed.
#[test]
fn a_run_that_listed_before_another_finished_forgets_nothing() {
    let shops = two_shops();
    let warehouse = Arc::new(InMemory::new());
    let all: BTreeSet<&String> = shops.newest.iter().map(|(path, _)| path).collect();
    all.iter().for_each(|path| shops.shop.remove(path));
    let counting = Arc::new(FaultyStore::counting(Arc::default()));
    shops.shop.run(counting.clone(), &Options::default()).unwrap();
    let lease = counting
        .log()
        .iter()
        .position(|operation| operation == "list _postventa/lease")
        .unwrap();

    let (slow, gate) = FaultyStore::counting(warehouse.clone()).suspended(lease);
    let run = |store| shops.shop.run(store, &Options::default());
    let outcome = asleep(slow, gate, run, || {
        shops.late();
        shops.run(&warehouse).unwrap();
    });
    outcome.expect("the lease is asked for").unwrap();
    assert_same("both runs", &shop::tables(&warehouse), &shops.shop.scratch());
}

#[test]
fn the_lease_of_a_dead_run_holds_until_it_expires() {
    let shops = two_shops();
    let warehouse = Arc::new(InMemory::new());
    let dies = Arc::new(FaultyStore::failing(warehouse.clone(), 40, Fault::Killed));
    shops.shop.run(dies, &Options::default()).unwrap_err();
    match shops.run(&warehouse) {
        Err(error @ Error::LeaseHeld { .. }) => assert!(shop::is_retryable(&error)),
        other => panic!("{other:?}"),
    }
    shop::minutes_pass();
    shops.run(&warehouse).unwrap();
    assert_same("after the lease", &shop::tables(&warehouse), &shops.shop.scratch());
}

/// Threads that all start on an empty warehouse.
#[test]
fn of_runs_in_one_moment_one_holds_the_warehouse() {
    let shops = two_shops();
    let warehouse = Arc::new(InMemory::new());
    let ended: Vec<Result<Summary>> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..3)
            .map(|_| {
                let clock = shop::clock();
                scope.spawn(|| {
                    shop::share_clock(clock);
                    shops.run(&warehouse)
                })
            })
            .collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert!(ended.iter().any(Result::is_ok));
    assert!(
        ended
            .iter()
            .filter_map(|run| run.as_ref().err())
            .all(shop::is_retryable)
    );
    shops.run(&warehouse).unwrap();
    assert_same("after all", &shop::tables(&warehouse), &shops.shop.scratch());
}
