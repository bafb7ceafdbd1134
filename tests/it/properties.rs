//! Whatever the way to a set of landing files, the tables are those of one build from scratch over it.
//!
//! `POSTVENTA_PROPTEST_CASES` sets the number of stories. A failing story is made smaller and printed, with the seed that
//! repeats it: `PROPTEST_RNG_SEED=<seed>` on the same number of cases.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use object_store::memory::InMemory;
use postventa::build::Options;
use postventa::job::DateRange;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

use super::faulty_store::{Fault, FaultyStore};
use super::shop::{self, Files, Shop};
use super::warehouse::assert_same;

const FIRST_DAY: &str = "2025-01-28";
const DAYS: u32 = 8;
const PER_DAY: f64 = 2.5;
/// Files come in this order at most; a day may lack some.
const FILES_AT_MOST: usize = DAYS as usize * 4;

/// How the final files differ from what the invented shop exports.
#[derive(Debug, Clone)]
enum Twist {
    /// A record moves to the last file of its kind: a ticket comes after its events, an order after its customer's next.
    Later(Index, Index),
    /// An old record comes again in the last file of its kind, changed.
    Changed(Index, Index),
    /// A file is delivered twice, on two dates.
    Repeated(Index),
}

/// What stands first where a file is corrected later.
#[derive(Debug, Clone, Copy)]
enum Wrong {
    CutShort,
    LinesTwice,
    OfAnotherDay,
}

/// Which run follows on some deliveries.
#[derive(Debug, Clone, Copy)]
enum Which {
    Everything,
    /// One run per day with new files, newest first.
    Days,
    /// As a scheduler does it: the newest day with new files only.
    NewestDay,
    Range,
    /// Dates that were run before.
    Again,
    Full,
}

#[derive(Debug, Clone)]
struct Step {
    deliveries: usize,
    which: Which,
    /// The operation of the run at which the store goes wrong.
    fault: Option<(usize, Fault)>,
}

#[derive(Debug, Clone)]
struct Story {
    shop: u64,
    twists: Vec<Twist>,
    /// Files are delivered in the order of these numbers.
    order: Vec<u8>,
    /// A file, what it held first, and how many deliveries later the right one comes.
    corrected: Vec<(Index, Wrong, usize)>,
    /// A file that should not have come, and how many deliveries later it is taken away.
    withdrawn: Option<(Index, Index, usize)>,
    steps: Vec<Step>,
    ends_day_by_day: bool,
}

fn story() -> impl Strategy<Value = Story> {
    let twist = prop_oneof![
        (any::<Index>(), any::<Index>()).prop_map(|(file, line)| Twist::Later(file, line)),
        (any::<Index>(), any::<Index>()).prop_map(|(file, line)| Twist::Changed(file, line)),
        any::<Index>().prop_map(Twist::Repeated),
    ];
    let wrong = prop_oneof![
        Just(Wrong::CutShort),
        Just(Wrong::LinesTwice),
        Just(Wrong::OfAnotherDay)
    ];
    let which = prop_oneof![
        4 => Just(Which::Everything),
        2 => Just(Which::Days),
        3 => Just(Which::NewestDay),
        2 => Just(Which::Range),
        1 => Just(Which::Again),
        1 => Just(Which::Full),
    ];
    let step = (
        1..14_usize,
        which,
        prop::option::weighted(0.3, (0..250_usize, prop::sample::select(&Fault::ALL[..]))),
    );
    let step = step.prop_map(|(deliveries, which, fault)| Step {
        deliveries,
        which,
        fault,
    });
    let order = prop_oneof![
        // In the order of their dates, or anyhow.
        Just(vec![0; FILES_AT_MOST]),
        prop::collection::vec(any::<u8>(), FILES_AT_MOST),
    ];
    (
        0..4_u64,
        prop::collection::vec(twist, 0..4),
        order,
        prop::collection::vec((any::<Index>(), wrong, 1..20_usize), 0..4),
        prop::option::of((any::<Index>(), any::<Index>(), 1..20_usize)),
        prop::collection::vec(step, 1..5),
        any::<bool>(),
    )
        .prop_map(
            |(shop, twists, order, corrected, withdrawn, steps, ends_day_by_day)| Story {
                shop,
                twists,
                order,
                corrected,
                withdrawn,
                steps,
                ends_day_by_day,
            },
        )
}

fn lines(bytes: &[u8]) -> Vec<String> {
    std::str::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect()
}

fn joined(lines: &[String]) -> Vec<u8> {
    lines
        .iter()
        .flat_map(|line| [line.as_bytes(), b"\n"].concat())
        .collect()
}

/// The newest file of the same kind.
fn last_of_kind(files: &Files, path: &str) -> String {
    let folder = &path[..=path.rfind('/').unwrap()];
    files.keys().rfind(|other| other.starts_with(folder)).unwrap().clone()
}

/// The final files of a story.
fn final_files(story: &Story) -> Files {
    let mut files = shop::exports(story.shop, FIRST_DAY, DAYS, PER_DAY);
    for (number, twist) in story.twists.iter().enumerate() {
        let paths: Vec<String> = files.keys().cloned().collect();
        match twist {
            Twist::Later(file, line) | Twist::Changed(file, line) => {
                let path = file.get(&paths);
                let last = last_of_kind(&files, path);
                let mut records = lines(&files[path]);
                if *path == last || records.is_empty() {
                    continue;
                }
                let at = line.index(records.len());
                let record = match twist {
                    Twist::Changed(..) => changed(&records[at], number),
                    _ => records.remove(at),
                };
                files.insert(path.clone(), joined(&records));
                let mut records = lines(&files[&last]);
                records.push(record);
                files.insert(last, joined(&records));
            }
            Twist::Repeated(file) => {
                let path = file.get(&paths);
                let again = path.replace(&shop::date_of(path).to_string(), &format!("2025-02-1{number}"));
                files.insert(again, files[path].clone());
            }
        }
    }
    // A file whose last record moved on: an exporter writes none.
    files.retain(|_, bytes| !bytes.is_empty());
    files
}

/// The record as it stands some days later: another customer, state or address.
fn changed(record: &str, number: usize) -> String {
    let mut record: Value = serde_json::from_str(record).unwrap();
    let is_order = record.get("line_items").is_some();
    let fields = record.as_object_mut().unwrap();
    let mut set = |name: &str, value: Value| {
        if fields.contains_key(name) {
            fields.insert(name.to_owned(), value);
        }
    };
    set(
        "updated_at",
        format!("2025-02-0{}T22:10:0{number}Z", 4 + number % 2).into(),
    );
    set("email", format!("learned-{number}@example.com").into());
    set("status", "solved".into());
    set("priority", "low".into());
    set("financial_status", "paid".into());
    set(
        "tags",
        if is_order {
            "".into()
        } else {
            Value::from(vec!["delivery_late"])
        },
    );
    record.to_string()
}

/// Something that happens to the landing folder.
enum Delivery {
    Lands(String, Vec<u8>),
    Vanishes(String),
}

fn deliveries(story: &Story, files: &Files) -> Vec<Delivery> {
    let mut paths: Vec<String> = files.keys().cloned().collect();
    paths.sort_by_key(|path| shop::date_of(path));
    let mut ordered: Vec<(u8, String)> = story
        .order
        .iter()
        .copied()
        .chain(std::iter::repeat(0))
        .zip(paths)
        .collect();
    ordered.sort_by_key(|(order, _)| *order);
    let paths: Vec<String> = ordered.into_iter().map(|(_, path)| path).collect();

    let mut first: BTreeMap<&str, (Vec<u8>, usize)> = BTreeMap::new();
    for (file, wrong, later) in &story.corrected {
        let path = file.get(&paths);
        let right = lines(&files[path]);
        let bytes = match wrong {
            Wrong::CutShort => joined(&right[..right.len() / 2]),
            Wrong::LinesTwice => joined(&[&right[..], &right[..]].concat()),
            Wrong::OfAnotherDay => files[&last_of_kind(files, path)].clone(),
        };
        if !bytes.is_empty() {
            first.insert(path, (bytes, *later));
        }
    }
    let mut queue: Vec<Vec<Delivery>> = Vec::new();
    let at = |queue: &mut Vec<Vec<Delivery>>, place: usize, delivery: Delivery| {
        while queue.len() <= place {
            queue.push(Vec::new());
        }
        queue[place].push(delivery);
    };
    for (place, path) in paths.iter().enumerate() {
        let right = Delivery::Lands(path.clone(), files[path].clone());
        match first.remove(path.as_str()) {
            None => at(&mut queue, place, right),
            Some((wrong, later)) => {
                at(&mut queue, place, Delivery::Lands(path.clone(), wrong));
                at(&mut queue, place + later, right);
            }
        }
    }
    if let Some((file, place, later)) = &story.withdrawn {
        let (path, place) = (file.get(&paths), place.index(paths.len()));
        // Of other records and in a month of its own, so that whole units and the watermark have to go back.
        let wrong = path.replace(&shop::date_of(path).to_string(), "2025-03-05");
        let mut text = String::from_utf8(files[path].clone()).unwrap();
        text = text.replace("2025-02-0", "2025-03-0");
        for field in ["id", "ticket_id"] {
            for digit in (1..=9).rev() {
                text = text.replace(&format!("\"{field}\":{digit}"), &format!("\"{field}\":9{digit}"));
            }
        }
        at(&mut queue, place, Delivery::Lands(wrong.clone(), text.into_bytes()));
        at(&mut queue, place + later, Delivery::Vanishes(wrong));
    }
    queue.into_iter().flatten().collect()
}

/// A warehouse, and the dates whose files changed since a run looked at them.
struct Telling {
    shop: Shop,
    warehouse: Arc<InMemory>,
    unseen: BTreeSet<NaiveDate>,
}

impl Telling {
    fn deliver(&mut self, delivery: Delivery) {
        let path = match delivery {
            Delivery::Lands(path, bytes) => {
                self.shop.land(&path, &bytes);
                path
            }
            Delivery::Vanishes(path) => {
                self.shop.remove(&path);
                path
            }
        };
        self.unseen.insert(shop::date_of(&path));
    }

    fn run(&mut self, range: Option<(NaiveDate, NaiveDate)>, full: bool, fault: Option<(usize, Fault)>) {
        let options = Options {
            dates: range.map(|(from, to)| DateRange::inclusive(from, to).unwrap()),
            full,
            ..Options::default()
        };
        let store = match fault {
            None => FaultyStore::counting(self.warehouse.clone()),
            Some((at, fault)) => FaultyStore::failing(self.warehouse.clone(), at, fault),
        };
        let store = Arc::new(store);
        match self.shop.run(store.clone(), &options) {
            Ok(_) => self
                .unseen
                .retain(|day| range.is_some_and(|(from, to)| *day < from || *day > to)),
            Err(error) => {
                assert!(store.has_failed() && shop::is_retryable(&error), "{error}");
                shop::minutes_pass();
            }
        }
        self.shop.assert_ledger_is_true(&self.warehouse, "after a run");
    }

    fn step(&mut self, step: &Step) {
        let (first, last) = (self.unseen.first().copied(), self.unseen.last().copied());
        match step.which {
            Which::Everything => self.run(None, false, step.fault),
            Which::Full => self.run(None, true, step.fault),
            Which::Again => {
                let day = FIRST_DAY.parse().unwrap();
                self.run(Some((day, day)), false, step.fault);
            }
            Which::NewestDay => self.run(last.zip(last), false, step.fault),
            Which::Range => self.run(first.zip(last), false, step.fault),
            Which::Days => {
                for day in self.unseen.clone().into_iter().rev() {
                    self.run(Some((day, day)), false, step.fault);
                }
            }
        }
    }
}

fn tell(story: &Story) {
    let files = final_files(story);
    let mut telling = Telling {
        shop: Shop::new(&Files::new()),
        warehouse: Arc::default(),
        unseen: BTreeSet::new(),
    };
    let mut deliveries = deliveries(story, &files).into_iter();
    for step in &story.steps {
        deliveries
            .by_ref()
            .take(step.deliveries)
            .for_each(|delivery| telling.deliver(delivery));
        telling.step(step);
    }
    deliveries.for_each(|delivery| telling.deliver(delivery));
    if story.ends_day_by_day {
        for day in telling.unseen.clone() {
            telling.run(Some((day, day)), false, None);
        }
    }
    telling.run(None, false, None);
    let expected = Shop::new(&files).scratch();
    assert_same("the story's tables", &shop::tables(&telling.warehouse), &expected);
    let again = telling
        .shop
        .run(telling.warehouse.clone(), &Options::default())
        .unwrap();
    assert_eq!(again.status, "nothing_to_do");
}

#[test]
fn any_story_ends_with_the_tables_of_one_build_from_scratch() {
    let cases = shop::number_from("POSTVENTA_PROPTEST_CASES", 12);
    let config = ProptestConfig {
        cases: u32::try_from(cases).unwrap(),
        max_shrink_iters: 40,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let seed = shop::number_from("PROPTEST_RNG_SEED", 20_250_101) as u64;
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let outcome = runner.run(&story(), |story| {
        tell(&story);
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("PROPTEST_RNG_SEED={seed} POSTVENTA_PROPTEST_CASES={cases}: {failure}");
    }
    println!("{cases} stories of PROPTEST_RNG_SEED={seed}");
}

const OWN: &str = r#"/*
about = "Orders of a month, of a model that moves about."
grain = ["month_start", "system", "order_id"]
partition = "month_start"
not_null = ["month_start", "system", "order_id"]

[inputs]
fct_orders = "same"
dates = "same"

[columns]
month_start = "DATE first day of the month"
system = "VARCHAR name space of the ids"
order_id = "VARCHAR id of the order"
*/
SELECT d.month_start AS month_start, o.system AS system, o.order_id AS order_id
FROM fct_orders AS o
INNER JOIN dates AS d ON d.date = o.created_date
"#;

/// A model whose objects have other names than before leaves none of the old ones to readers.
#[test]
fn a_model_of_another_layout_leaves_no_object_behind() {
    let whole = OWN
        .replace("partition = \"month_start\"", "partition = \"none\"")
        .replace("\"same\"", "\"all\"");
    let layouts = [
        ("sql/marts/own_orders.sql", OWN.to_owned()),
        ("sql/marts/own_orders.sql", whole.clone()),
        ("sql/facts/own_orders.sql", whole),
        ("sql/facts/own_orders.sql", OWN.to_owned()),
        (
            "sql/facts/own_orders.sql",
            OWN.replace("not_null", "scatter = true\nnot_null"),
        ),
        ("sql/marts/own_orders.sql", OWN.to_owned()),
    ];
    let shop = Shop::new(&shop::exports(2, FIRST_DAY, 5, PER_DAY));
    let warehouse = Arc::new(InMemory::new());
    let mut last = "";
    for (number, (path, text)) in layouts.iter().enumerate() {
        if !last.is_empty() {
            std::fs::remove_file(shop.folder.path().join(last)).unwrap();
        }
        shop.write(path, text.as_bytes());
        last = path;
        shop.run(warehouse.clone(), &Options::default()).unwrap();
        assert_same(&format!("layout {number}"), &shop::tables(&warehouse), &shop.scratch());
        shop.assert_ledger_is_true(&warehouse, &format!("layout {number}"));
    }
}
