//! Looking after a warehouse: what `verify` finds and mends, what `vacuum` takes away, and what becomes of a lost or
//! foreign ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use object_store::memory::InMemory;
use postventa::build::Options;
use postventa::error::Error;

use super::concurrency::asleep;
use super::faults::{chosen, everything_breaks};
use super::faulty_store::{Fault, FaultyStore};
use super::program::{Call, Project, files};
use super::s3_server::S3Server;
use super::shop::{self, Shop, Tables};
use super::warehouse::{assert_same, everything, hashes, published};

const MART: &str = "marts/orders_daily/month=2025-01/part-0.parquet";
const FACT: &str = "facts/fct_orders/month=2025-02/part-0.parquet";
const CELL: &str = "core/core_ticket_events/month=2025-01/from-2025-01.parquet";
const STRAY: &str = "marts/orders_daily/month=2024-01/part-0.parquet";

fn built() -> Project {
    let project = Project::sample("2025-01-30", 3);
    project.run(&[]).exits(0);
    project
}

/// What `verify` finds: missing, changed and extra objects.
#[track_caller]
fn found(call: Call, code: i32) -> [Vec<String>; 3] {
    let json = call.run().exits(code).json();
    ["missing", "changed", "extra"].map(|key| {
        let paths = json[key].as_array().unwrap().iter();
        paths.map(|path| path.as_str().unwrap().to_owned()).collect()
    })
}

fn nothing() -> [Vec<String>; 3] {
    Default::default()
}

#[test]
fn missing_changed_and_extra_objects_are_each_found_and_repaired_to_the_same_bytes() {
    let project = built();
    let before = hashes(&project.warehouse(), &["core", "facts", "marts", "staging"]);
    assert_eq!(found(project.call("verify", &["--json"]), 0), nothing());
    let checked = project.call("verify", &["--json"]).run().json()["objects_checked"].clone();
    assert_eq!(checked, published(&project.warehouse()).len());

    let path = |object: &str| format!("warehouse/{object}");
    let staged = format!("staging/orders/{}", files(&project.path("warehouse/staging/orders"))[0]);
    let remove = |object: &str| project.remove(&path(object));
    // One byte in the middle, so that the size stays.
    let spoil = |object: &str| {
        let mut bytes = std::fs::read(project.path(&path(object))).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        project.write_bytes(&path(object), &bytes);
    };
    let leave = |object: &str| project.write(&path(object), "left by nobody");
    type Damage<'a> = (&'a dyn Fn(&str), &'a str, usize);
    let damages: [Damage; 6] = [
        (&remove, MART, 0),
        (&remove, CELL, 0),
        (&remove, &staged, 0),
        (&spoil, FACT, 1),
        (&spoil, CELL, 1),
        (&leave, STRAY, 2),
    ];
    for some in damages
        .chunks(1)
        .chain([&[damages[0], damages[2], damages[3], damages[5]][..]])
    {
        let mut expected = nothing();
        for (damage, object, kind) in some {
            damage(object);
            expected[*kind].push((*object).to_owned());
        }
        let damaged = everything(&project.warehouse());
        assert_eq!(found(project.call("verify", &["--json"]), 65), expected);
        let told = project.call("verify", &[]).run().exits(65).says(&[
            "the warehouse is not as its ledger says",
            "verify --repair builds them again",
        ]);
        assert!(
            some.iter().all(|(_, object, _)| told.out.contains(object)),
            "{}",
            told.out
        );
        assert_eq!(everything(&project.warehouse()), damaged, "verify alone writes nothing");

        assert_eq!(found(project.call("verify", &["--repair", "--json"]), 0), nothing());
        let after = hashes(&project.warehouse(), &["core", "facts", "marts", "staging"]);
        assert_same("repaired", &after, &before);
        assert_eq!(project.run(&["--json"]).exits(0).json()["status"], "nothing_to_do");
    }
}

#[test]
fn on_s3_what_is_missing_changed_or_extra_is_repaired_too() {
    let server = S3Server::start(&["tables"]);
    let project = Project::sample("2025-01-31", 2);
    project.edit("job.toml", "\"warehouse\"", "\"s3://tables/postventa\"");
    project.call("run", &[]).envs(server.env()).run().exits(0);
    let tables = server.bucket("tables").join("postventa");
    let before = published(&tables);
    std::fs::remove_file(tables.join(MART)).unwrap();
    std::fs::write(tables.join(FACT), "other bytes").unwrap();
    std::fs::create_dir_all(tables.join(STRAY).parent().unwrap()).unwrap();
    std::fs::write(tables.join(STRAY), "left by nobody").unwrap();
    let verify = |args: &[&str], code| found(project.call("verify", args).envs(server.env()), code);
    assert_eq!(
        verify(&["--json"], 65),
        [MART, FACT, STRAY].map(|path| vec![path.to_owned()])
    );
    assert_eq!(verify(&["--json", "--repair"], 0), nothing());
    assert_same("repaired on S3", &published(&tables), &before);
}

/// Without a ledger nothing is known: what is there is compared with nothing and built again, and what the landing
/// files of today do not give goes.
#[test]
fn a_lost_ledger_is_built_again_without_wrong_results() {
    let project = built();
    let before = published(&project.warehouse());
    let lose = || std::fs::remove_dir_all(project.path("warehouse/_postventa")).unwrap();
    lose();
    let extra: Vec<String> = before.keys().cloned().collect();
    assert_eq!(found(project.call("verify", &["--json"]), 65), [vec![], vec![], extra]);
    project
        .call("vacuum", &[])
        .run()
        .exits(2)
        .says(&["there is no ledger", "run the job first"]);
    project.run(&[]).exits(0);
    assert_same("built again", &published(&project.warehouse()), &before);
    assert_eq!(found(project.call("verify", &["--json"]), 0), nothing());
    assert_eq!(project.run(&["--json"]).exits(0).json()["status"], "nothing_to_do");

    lose();
    for file in project.landed().iter().filter(|file| file.contains("2025-02-01")) {
        project.remove(&format!("demo/{file}"));
    }
    project.write(&format!("warehouse/{STRAY}"), "left by nobody");
    project.run(&[]).exits(0);
    let after = published(&project.warehouse());
    std::fs::remove_dir_all(project.warehouse()).unwrap();
    project.run(&[]).exits(0);
    assert_same("with a day less", &after, &published(&project.warehouse()));
}

/// An older state comes to light again when the newest are lost, as in a bucket restored from a backup of yesterday.
#[test]
fn when_the_newest_states_are_lost_the_next_run_ends_where_it_was() {
    let project = built();
    project.edit("demo/zendesk/users/2025-01-31.jsonl", "\"locale\"", "\"local\"");
    project.run(&[]).exits(0);
    let before = published(&project.warehouse());
    let states = files(&project.path("warehouse/_postventa/ledger"));
    assert_eq!(states.len(), 5);
    for lost in 1..=states.len() {
        for state in files(&project.path("warehouse/_postventa/ledger"))
            .iter()
            .rev()
            .take(lost)
        {
            project.remove(&format!("warehouse/_postventa/ledger/{state}"));
        }
        project.run(&[]).exits(0);
        assert_same(&format!("{lost} lost"), &published(&project.warehouse()), &before);
        // A run that had nothing to compare with does not look at objects that it does not write.
        found(project.call("verify", &["--json", "--repair"]), 0);
        assert_same(
            &format!("{lost} lost, repaired"),
            &published(&project.warehouse()),
            &before,
        );
    }
}

#[test]
fn a_ledger_of_another_format_is_refused_by_every_command_and_left_alone() {
    let project = built();
    let state = "warehouse/_postventa/ledger/0000009999.json.zst";
    let packed = |text: &str| zstd::encode_all(text.as_bytes(), 1).unwrap();
    let foreign: [(Vec<u8>, &[&str]); 5] = [
        (
            packed(r#"{"product":"postventa","format":1}"#),
            &["format 1", "reads postventa format 2"],
        ),
        (
            packed(r#"{"product":"postventa","format":3,"sources":[]}"#),
            &["format 3", "use the program that wrote it"],
        ),
        (
            packed(r#"{"product":"otherventa","format":2}"#),
            &["otherventa", "another warehouse folder"],
        ),
        (packed(r#"{"entries":[]}"#), &["this is no ledger of ours"]),
        (b"{}".to_vec(), &["the ledger cannot be read"]),
    ];
    for (bytes, says) in foreign {
        project.write_bytes(state, &bytes);
        let before = everything(&project.warehouse());
        for (command, args) in [
            ("run", &[][..]),
            ("run", &["--full"]),
            ("plan", &[]),
            ("status", &[]),
            ("verify", &[]),
            ("verify", &["--repair"]),
            ("vacuum", &["--dry-run"]),
        ] {
            let ran = project.call(command, args).run().exits(2);
            ran.says(&["0000009999.json.zst"]).says(says);
        }
        assert_eq!(everything(&project.warehouse()), before);
        // This one takes the lease before it looks.
        project.call("vacuum", &[]).run().exits(2).says(says);
        let objects = ["core", "facts", "marts", "staging"];
        let untouched = hashes(&project.warehouse(), &objects);
        assert!(
            before
                .iter()
                .all(|(path, (hash, _))| path.starts_with("_postventa") || untouched[path] == *hash)
        );
    }
    project.remove(state);
    assert_eq!(project.run(&["--json"]).exits(0).json()["status"], "nothing_to_do");
}

#[test]
fn vacuum_removes_what_nothing_refers_to_and_a_dry_run_only_says_so() {
    let project = built();
    let needed = hashes(&project.warehouse(), &["core", "facts", "marts", "staging"]);
    assert!(
        project
            .call("vacuum", &[])
            .run()
            .exits(0)
            .out
            .starts_with("removed 0 object(s)")
    );
    let leftover = "staging/orders/month=2025-01/0123456789abcdef0123456789abcdef.parquet";
    let not_ours = "marts/notes/readme.txt";
    for object in [leftover, STRAY, not_ours] {
        project.write(&format!("warehouse/{object}"), "left by nobody");
    }
    let before = everything(&project.warehouse());
    let rehearsed = project.call("vacuum", &["--dry-run"]).run().exits(0).out;
    assert_eq!(
        rehearsed.lines().collect::<Vec<_>>(),
        [
            format!("would remove {leftover}"),
            format!("would remove {STRAY}"),
            "would remove 2 object(s)".into()
        ]
    );
    assert_eq!(everything(&project.warehouse()), before, "a rehearsal writes nothing");

    let removed = project.call("vacuum", &[]).run().exits(0).out;
    assert_eq!(removed, rehearsed.replace("would remove", "removed"));
    assert!(
        project.path(&format!("warehouse/{not_ours}")).exists(),
        "only objects of our shape go"
    );
    project.remove(&format!("warehouse/{not_ours}"));
    let after = hashes(&project.warehouse(), &["core", "facts", "marts", "staging"]);
    assert_same("vacuumed", &after, &needed);
    assert_eq!(found(project.call("verify", &["--json"]), 0), nothing());
    assert_eq!(project.run(&["--json"]).exits(0).json()["status"], "nothing_to_do");
}

/// Two days that are built, and a run of the third that died when everything was staged and nothing of it in the ledger.
struct Leftovers {
    shop: Shop,
    warehouse: Arc<InMemory>,
    /// What a build from scratch gives.
    expected: Tables,
}

fn leftovers() -> Leftovers {
    let files = shop::exports(5, "2025-01-30", 3, 2.0);
    let (newest, older): (BTreeMap<_, _>, BTreeMap<_, _>) =
        files.into_iter().partition(|(path, _)| path.contains("2025-02-01"));
    let shop = Shop::new(&older);
    let warehouse = Arc::new(InMemory::new());
    shop.run(warehouse.clone(), &Options::default()).unwrap();
    let needed = shop::hashes(&warehouse, &["staging"]);
    newest.iter().for_each(|(path, bytes)| shop.land(path, bytes));
    let log = operations(|store| shop.run(store, &Options::default()).map(|_| ()), &warehouse);
    let checkpoint = log
        .iter()
        .position(|operation| operation.starts_with("put _postventa/ledger"))
        .unwrap();
    let dies = FaultyStore::failing(warehouse.clone(), checkpoint, Fault::Killed);
    shop.run(Arc::new(dies), &Options::default()).unwrap_err();
    assert!(
        shop::hashes(&warehouse, &["staging"]).len() > needed.len(),
        "something is left"
    );
    shop::minutes_pass();
    let expected = shop.scratch();
    Leftovers {
        shop,
        warehouse,
        expected,
    }
}

/// The operations of what is done to a copy of the warehouse.
fn operations(act: impl FnOnce(Arc<FaultyStore>) -> Result<(), Error>, warehouse: &InMemory) -> Vec<String> {
    let counting = Arc::new(FaultyStore::counting(Arc::new(warehouse.fork())));
    act(counting.clone()).unwrap();
    counting.log()
}

impl Leftovers {
    fn vacuum_log(&self) -> Vec<String> {
        let log = operations(|store| self.shop.vacuum(store, false).map(|_| ()), &self.warehouse);
        let of = |what: &str| log.iter().position(|operation| operation.starts_with(what));
        let announced = of("put _postventa/ledger").unwrap();
        assert!(
            announced < of("delete staging").unwrap(),
            "announced before the first delete: {log:?}"
        );
        log
    }

    /// One more run, and everything is as if nothing had happened.
    #[track_caller]
    fn assert_converges(&self, warehouse: &Arc<InMemory>, what: &str) {
        shop::minutes_pass();
        self.shop
            .run(warehouse.clone(), &Options::default())
            .unwrap_or_else(|error| panic!("{what}: then {error}"));
        assert_same(what, &shop::tables(warehouse), &self.expected);
        assert!(self.shop.assert_ledger_is_true(warehouse, what), "{what}: not at rest");
        assert!(self.shop.verify(warehouse.clone()).is_sound(), "{what}");
    }
}

/// A vacuum sleeps at any operation until its lease has expired and another run has staged just the files whose objects
/// it was about to remove. It wakes up and goes on; with `dies`, for so many operations.
#[test]
fn a_vacuum_that_was_overtaken_takes_nothing_that_is_needed() {
    let scene = leftovers();
    let log = scene.vacuum_log();
    let ends = [None, Some(0), Some(2)];
    for (at, operation) in log.iter().enumerate() {
        // In CI one of them at each operation.
        let all = everything_breaks();
        let ends = ends
            .into_iter()
            .enumerate()
            .filter(|(number, _)| all || number % 3 == at % 3);
        for (_, dies) in ends {
            let what = format!("vacuum asleep at operation {at}, {operation}, dies {dies:?} later");
            let warehouse = Arc::new(scene.warehouse.fork());
            let sleeper = match dies {
                None => FaultyStore::counting(warehouse.clone()),
                Some(later) => FaultyStore::failing(warehouse.clone(), at + later, Fault::DoneThenKilled),
            };
            let (sleeper, gate) = sleeper.suspended(at);
            let vacuum = |store| scene.shop.vacuum(store, false);
            let outcome = asleep(sleeper, gate, vacuum, || {
                shop::minutes_pass();
                let run = scene.shop.run(warehouse.clone(), &Options::default());
                run.unwrap_or_else(|error| panic!("{what}: the run: {error}"));
                scene.shop.assert_ledger_is_true(&warehouse, &what);
            });
            match outcome.unwrap_or_else(|| panic!("{what}: not reached")) {
                Ok(_) => {}
                Err(error) => assert!(shop::is_retryable(&error), "{what}: {error}"),
            }
            scene.assert_converges(&warehouse, &what);
        }
    }
}

#[test]
fn a_vacuum_that_breaks_anywhere_is_mended_by_the_next_run() {
    let scene = leftovers();
    let log = scene.vacuum_log();
    let mut broken = 0;
    for (at, fault) in chosen(&log) {
        let what = format!("vacuum: {fault:?} at operation {at}, {}", log[at]);
        let warehouse = Arc::new(scene.warehouse.fork());
        let before = shop::tables(&warehouse);
        let faulty = Arc::new(FaultyStore::failing(warehouse.clone(), at, fault));
        match scene.shop.vacuum(faulty.clone(), false) {
            Ok(_) => {}
            Err(error) => assert!(shop::is_retryable(&error), "{what}: {error}"),
        }
        assert!(faulty.has_failed(), "{what}");
        assert_same(&what, &shop::tables(&warehouse), &before);
        scene.shop.assert_ledger_is_true(&warehouse, &what);
        scene.assert_converges(&warehouse, &what);
        broken += 1;
    }
    assert!(broken > 15, "{broken}");
    println!("vacuum: {broken} broken, each of {} operations", log.len());
}

#[test]
fn vacuum_waits_for_runs_that_are_at_work_or_died() {
    let scene = leftovers();
    let log = operations(
        |store| scene.shop.run(store, &Options::default()).map(|_| ()),
        &scene.warehouse,
    );
    // In the midst of publishing: two threads may read an object twice, so that the first put is not always the same.
    let puts: Vec<usize> = (0..log.len())
        .filter(|at| {
            ["put core/", "put facts/", "put marts/"]
                .iter()
                .any(|put| log[*at].starts_with(put))
        })
        .collect();
    let dies = FaultyStore::failing(scene.warehouse.clone(), puts[puts.len() / 2], Fault::Killed);
    scene.shop.run(Arc::new(dies), &Options::default()).unwrap_err();
    let everything = shop::hashes(&scene.warehouse, &[""]);
    let vacuum = || scene.shop.vacuum(scene.warehouse.clone(), false).unwrap_err();
    assert!(matches!(vacuum(), Error::LeaseHeld { .. }));
    assert_same("held", &shop::hashes(&scene.warehouse, &[""]), &everything);
    shop::minutes_pass();
    assert!(vacuum().to_string().contains("the last run did not finish"));
    let needed = |hashes: BTreeMap<String, String>| -> BTreeSet<String> {
        hashes
            .into_keys()
            .filter(|path| !path.starts_with("_postventa/lease"))
            .collect()
    };
    assert_eq!(needed(shop::hashes(&scene.warehouse, &[""])), needed(everything));
    scene.assert_converges(&scene.warehouse, "after the run that died");
}

/// A run removes the staged objects of a file that was corrected. It sleeps before that; meanwhile the correction is
/// taken back, and the objects are needed again.
#[test]
fn a_run_that_was_overtaken_takes_no_staged_object_that_is_needed() {
    let files = shop::exports(5, "2025-01-30", 3, 4.0);
    let path = "shopify/orders/2025-02-01.jsonl";
    let whole = &files[path];
    let shop = Shop::new(&files);
    shop.remove(path);
    let built = Arc::new(InMemory::new());
    // In a run of its own, so that its objects are not those of other days, too.
    shop.run(built.clone(), &Options::default()).unwrap();
    shop.land(path, whole);
    shop.run(built.clone(), &Options::default()).unwrap();
    let cut = whole[..whole.len() - 1]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .unwrap()
        + 1;
    let correct = || shop.land(path, &whole[..cut]);
    correct();
    let log = operations(|store| shop.run(store, &Options::default()).map(|_| ()), &built);
    let deletes: Vec<usize> = (0..log.len())
        .filter(|at| log[*at].starts_with("delete staging/"))
        .collect();
    assert!(!deletes.is_empty(), "{log:?}");
    shop.land(path, whole);
    let expected = shop.scratch();
    for at in deletes {
        for dies in [None, Some(0)] {
            let what = format!("asleep at operation {at}, {}, dies {dies:?}", log[at]);
            correct();
            let warehouse = Arc::new(built.fork());
            let sleeper = match dies {
                None => FaultyStore::counting(warehouse.clone()),
                Some(later) => FaultyStore::failing(warehouse.clone(), at + later, Fault::DoneThenKilled),
            };
            let (sleeper, gate) = sleeper.suspended(at);
            let run = |store| shop.run(store, &Options::default());
            let outcome = asleep(sleeper, gate, run, || {
                shop::minutes_pass();
                shop.land(path, whole);
                shop.run(warehouse.clone(), &Options::default()).unwrap();
                shop.assert_ledger_is_true(&warehouse, &what);
            });
            match outcome.unwrap_or_else(|| panic!("{what}: not reached")) {
                Ok(_) => {}
                Err(error) => assert!(shop::is_retryable(&error), "{what}: {error}"),
            }
            shop::minutes_pass();
            shop.run(warehouse.clone(), &Options::default()).unwrap();
            assert_same(&what, &shop::tables(&warehouse), &expected);
            assert!(shop.assert_ledger_is_true(&warehouse, &what), "{what}");
        }
    }
}
