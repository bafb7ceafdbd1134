//! Runs that are stopped, killed or not alone: readers see whole objects, and the next run ends where one run would have.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command};
use std::thread::JoinHandle;

use super::program::{Project, Ran, files};
use super::warehouse::{assert_same, published, table};

/// What an undisturbed run of the demo publishes.
fn undisturbed() -> BTreeMap<String, String> {
    let project = Project::demo();
    project.run(&[]).exits(0);
    published(&project.warehouse())
}

/// Starts a run and comes back when its log says that staging is done and the tables are being built.
fn run_until_staged(project: &Project) -> (Child, JoinHandle<String>) {
    let mut child = project.call("run", &[]).start();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut text = String::new();
    while !text.contains("staged files=") {
        assert!(
            stderr.read_line(&mut text).unwrap() > 0,
            "the run ended before it was stopped: {text}"
        );
    }
    let rest = std::thread::spawn(move || {
        stderr.read_to_string(&mut text).unwrap();
        text
    });
    (child, rest)
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args(["-s", name, &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}

fn end((child, stderr): (Child, JoinHandle<String>)) -> Ran {
    let mut ran = Ran::of(child.wait_with_output().unwrap());
    ran.err = stderr.join().unwrap();
    ran
}

/// The lease that a killed run left, made as old as it would be a minute later.
fn a_minute_passes(project: &Project) {
    let folder = project.path("warehouse/_postventa/lease");
    let lease = files(&folder).pop().expect("a lease");
    let path = format!("warehouse/_postventa/lease/{lease}");
    let mut holder: serde_json::Value = serde_json::from_str(&project.read(&path)).unwrap();
    holder["expires_at_seconds"] = (holder["expires_at_seconds"].as_i64().unwrap() - 60).into();
    project.write(&path, &holder.to_string());
}

#[test]
fn sigint_exits_130_publishes_nothing_and_the_next_run_goes_on() {
    let project = Project::demo();
    let running = run_until_staged(&project);
    signal(&running.0, "INT");
    end(running)
        .exits(130)
        .says(&["stopping after what is under way", "interrupted by signal 2"]);
    assert!(published(&project.warehouse()).is_empty(), "nothing is published half");
    // What was staged is kept, and the lease is free at once.
    let next = project.run(&["--json"]).exits(0).json();
    assert_eq!(next["files_staged"], 0);
    assert_same("after SIGINT", &published(&project.warehouse()), &undisturbed());
    assert_eq!(project.run(&["--json"]).exits(0).json()["status"], "nothing_to_do");
}

#[test]
fn sigterm_exits_143() {
    let project = Project::demo();
    let running = run_until_staged(&project);
    signal(&running.0, "TERM");
    end(running).exits(143).says(&["interrupted by signal 15"]);
    project.run(&[]).exits(0);
}

#[test]
fn after_sigkill_the_lease_expires_and_the_next_run_converges() {
    let project = Project::demo();
    let running = run_until_staged(&project);
    signal(&running.0, "KILL");
    end(running).exits(-9);
    project
        .run(&[])
        .exits(75)
        .says(&["another run holds the warehouse", "_postventa/lease"]);
    a_minute_passes(&project);
    project.run(&[]).exits(0);
    assert_same("after SIGKILL", &published(&project.warehouse()), &undisturbed());
}

/// Killed again and again, a little later each time: wherever it hits, the state is one that a run can go on from.
#[test]
fn killed_at_any_moment_the_runs_converge_to_the_bytes_of_one() {
    let expected = {
        let project = Project::sample("2025-01-29", 5);
        project.run(&[]).exits(0);
        published(&project.warehouse())
    };
    let project = Project::sample("2025-01-29", 5);
    let mut killed = 0;
    for turn in 0..12 {
        let mut child = project.call("run", &["--full"]).start();
        std::thread::sleep(std::time::Duration::from_millis(25 + 45 * turn));
        child.kill().unwrap();
        if child.wait().unwrap().code().is_none() {
            killed += 1;
        }
        // Whatever stands there can be read, whole.
        let there = published(&project.warehouse());
        for path in there.keys().filter(|path| path.ends_with(".parquet")) {
            table(&project.warehouse(), path.rsplit_once('/').unwrap().0);
        }
        if project.path("warehouse/_postventa/lease").exists() {
            a_minute_passes(&project);
        }
    }
    assert!(killed >= 1, "{killed} of 12 runs were killed");
    project.run(&[]).exits(0);
    assert_same("killed at many moments", &published(&project.warehouse()), &expected);
    assert_eq!(project.run(&["--json"]).exits(0).json()["status"], "nothing_to_do");
}

/// The store fails half way through publishing: a folder stands where an object has to go.
#[test]
fn a_run_that_fails_while_publishing_is_mended_by_the_next() {
    let project = Project::sample("2025-01-29", 5);
    let obstacle = project.path("warehouse/marts/contact_daily/month=2025-02/part-0.parquet/obstacle");
    std::fs::create_dir_all(&obstacle).unwrap();
    project.run(&[]).exits(2).says(&["contact_daily", "hint:"]);
    let status = project.call("status", &["--json"]).run().exits(0).json();
    assert_eq!(status["is_publishing"], true);
    std::fs::remove_dir_all(project.path("warehouse/marts/contact_daily/month=2025-02")).unwrap();
    project.run(&[]).exits(0);
    let clean = Project::sample("2025-01-29", 5);
    clean.run(&[]).exits(0);
    assert_same(
        "mended",
        &published(&project.warehouse()),
        &published(&clean.warehouse()),
    );
    assert_eq!(
        project.call("status", &["--json"]).run().exits(0).json()["is_publishing"],
        false
    );
}

#[test]
fn two_runs_at_once_end_as_one() {
    let expected = {
        let project = Project::sample("2025-01-29", 5);
        project.run(&[]).exits(0);
        published(&project.warehouse())
    };
    for _ in 0..3 {
        let project = Project::sample("2025-01-29", 5);
        let both = [project.call("run", &[]).start(), project.call("run", &[]).start()];
        let ends = both.map(|child| Ran::of(child.wait_with_output().unwrap()));
        let mut codes = ends.each_ref().map(|ran| ran.code);
        codes.sort();
        assert!(codes == [0, 0] || codes == [0, 75], "{ends:?}");
        assert_same("two at once", &published(&project.warehouse()), &expected);
        assert_eq!(project.run(&["--json"]).exits(0).json()["status"], "nothing_to_do");
    }
}

/// Two runs of different days: neither takes back what the other brought, whoever comes first.
#[test]
fn two_backfills_at_once_lose_no_day() {
    let project = Project::sample("2025-01-29", 6);
    let whole = {
        project.run(&[]).exits(0);
        let whole = published(&project.warehouse());
        std::fs::remove_dir_all(project.warehouse()).unwrap();
        whole
    };
    let halves = [
        ["--from", "2025-01-29", "--to", "2025-01-31"],
        ["--from", "2025-02-01", "--to", "2025-02-03"],
    ];
    let both = halves.map(|dates| project.call("run", &dates).start());
    let ends = both.map(|child| Ran::of(child.wait_with_output().unwrap()));
    for (ran, dates) in ends.into_iter().zip(halves) {
        // Held by the other: a scheduler tries again later.
        if ran.code == 75 {
            project.run(&dates).exits(0);
        } else {
            ran.exits(0);
        }
    }
    assert_same("both halves", &published(&project.warehouse()), &whole);
}

/// Objects that somebody took away or changed by hand come back with the next run that is told to look.
#[test]
fn a_full_run_brings_back_objects_that_were_lost() {
    let project = Project::sample("2025-01-30", 3);
    project.run(&[]).exits(0);
    let before = published(&project.warehouse());
    let [mart, fact] = [
        "marts/orders_daily/month=2025-01/part-0.parquet",
        "facts/fct_orders/month=2025-02/part-0.parquet",
    ];
    project.remove(&format!("warehouse/{mart}"));
    project.write(&format!("warehouse/{fact}"), "not Parquet");
    project.write(
        "warehouse/marts/orders_daily/month=2024-01/part-0.parquet",
        "left by nobody",
    );
    let staged = files(&project.path("warehouse/staging/orders")).remove(0);
    project.remove(&format!("warehouse/staging/orders/{staged}"));
    project.run(&["--full"]).exits(0);
    assert_same("brought back", &published(&project.warehouse()), &before);
    assert!(files(&project.path("warehouse/staging/orders")).contains(&staged));
}

/// A run that needs an object that is gone builds it again instead of asking for help.
#[test]
fn a_run_that_misses_an_object_builds_it_again() {
    let project = Project::sample("2025-01-30", 3);
    project.run(&[]).exits(0);
    project.remove("warehouse/facts/fct_orders/month=2025-02/part-0.parquet");
    // Conversations meet orders again, and of these a month is gone.
    project.edit("job.toml", "[job]\n", "[settings]\nconversion_window_days = 1\n[job]\n");
    project
        .run(&[])
        .exits(0)
        .says(&["an object of the warehouse is gone", "facts/fct_orders/month=2025-02"]);
    let mended = published(&project.warehouse());
    std::fs::remove_dir_all(project.warehouse()).unwrap();
    project.run(&[]).exits(0);
    assert_same("mended", &mended, &published(&project.warehouse()));
}
