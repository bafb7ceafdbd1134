//! What a changed definition rebuilds: exactly the units that are worked out here from the headers and from the columns
//! that came out different, each for the reason worked out here, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use object_store::memory::InMemory;
use postventa::build::{Ledger, Options, Summary};
use postventa::model::{Catalog, Model, Month, decode, encode, is_parameter, staged_entity};

use super::faulty_store::FaultyStore;
use super::shop::{self, Shop};
use super::warehouse::assert_same;

/// Units and why they were built.
type Units = BTreeMap<(String, Month), String>;

/// A warehouse at rest: its definitions and its objects.
struct State {
    catalog: Catalog,
    ledger: Ledger,
    tables: shop::Tables,
    objects: Arc<InMemory>,
}

fn state(shop: &Shop, warehouse: &Arc<InMemory>) -> State {
    State {
        catalog: Catalog::load(shop.job().sql_folder.as_deref()).unwrap(),
        ledger: Ledger::load(&shop::store(warehouse.clone())).unwrap().unwrap(),
        tables: shop::tables(warehouse),
        objects: Arc::new(warehouse.fork()),
    }
}

impl State {
    /// What a model reads of a table: the objects of the wanted months, and of each the columns that its SQL names.
    fn read(&self, reader: &Model, table: &str, wanted: impl Fn(Month) -> bool) -> BTreeSet<(String, Vec<u8>)> {
        let Some(model) = self.catalog.get(table) else {
            return BTreeSet::new();
        };
        let folder = format!("{}/", model.folder());
        let month = |path: &str| {
            let month = path.strip_prefix("month=").and_then(|rest| rest.split('/').next());
            month.map_or(Month::UNDATED, |month| Month::parse(month).unwrap())
        };
        let mut columns: Vec<&str> = model.columns.iter().map(|column| column.name.as_str()).collect();
        columns.retain(|column| reader.reads.needs(table, column));
        if columns.is_empty() {
            columns.push(&model.columns[0].name);
        }
        let paths = self
            .tables
            .keys()
            .filter(|path| path.strip_prefix(&folder).is_some_and(|rest| wanted(month(rest))));
        let store = shop::store(self.objects.clone());
        let read = paths.map(|path| {
            let all = model.columns.iter().map(|column| column.name.clone()).collect();
            (
                path,
                decode(store.get(path).unwrap(), all)
                    .unwrap()
                    .select(columns.iter().copied())
                    .unwrap(),
            )
        });
        // A table without rows keeps an empty object, of which no unit reads anything.
        read.filter(|(_, frame)| frame.height() > 0 || model.partition.is_none())
            .map(|(path, mut frame)| (path.clone(), encode(&mut frame).unwrap().to_vec()))
            .collect()
    }

    fn units(&self, model: &Model) -> BTreeSet<Month> {
        let units = self.ledger.tables.get(&model.name).into_iter().flatten();
        units
            .map(|(unit, _)| *unit)
            .filter(|unit| *unit != Month::NEVER)
            .collect()
    }
}

/// What has to be rebuilt on the way from one state to the other, when nothing was delivered and only these `settings`
/// and `parameters` changed, beside the models' texts.
fn expected(before: &State, after: &State, changed: &[&str]) -> Units {
    let mut expected = Units::new();
    for model in after.catalog.models() {
        let known = before.catalog.get(&model.name);
        for unit in after.units(model) {
            if known.is_none_or(|known| !before.units(known).contains(&unit)) {
                expected.insert((model.name.clone(), unit), "new".into());
                continue;
            }
            let mut parts = BTreeSet::new();
            if known.is_some_and(|known| known.text != model.text) {
                parts.insert("sql");
            }
            if model.settings.iter().any(|setting| changed.contains(&setting.as_str())) {
                parts.insert("settings");
            }
            for (input, months) in &model.inputs {
                let read = |state: &State| state.read(model, input, |month| months.reads(unit, month));
                let differs = match is_parameter(input) || staged_entity(input).is_some() {
                    true => changed.contains(&input.as_str()),
                    false => read(before) != read(after),
                };
                if differs {
                    parts.insert(input);
                }
            }
            if !parts.is_empty() {
                let parts: Vec<&str> = parts.into_iter().collect();
                expected.insert((model.name.clone(), unit), format!("changed: {}", parts.join(", ")));
            }
        }
    }
    expected
}

fn units(summary: &Summary) -> Units {
    let units = summary.units.iter();
    units
        .map(|built| ((built.table.clone(), built.unit), built.why.clone()))
        .collect()
}

fn built() -> (Shop, Arc<InMemory>) {
    let shop = Shop::new(&shop::exports(2, "2025-01-28", 8, 2.5));
    shop.write("sql/marts/late_replies.sql", LATE_REPLIES.as_bytes());
    shop.edit("[settings]", &format!("{SLA}\n[settings]"));
    let warehouse = Arc::new(InMemory::new());
    shop.run(warehouse.clone(), &Options::default()).unwrap();
    (shop, warehouse)
}

/// Changes a definition. The plan names the units that the run then builds, with the reasons, and these are the ones
/// expected; the run writes the objects with other rows and no others, and ends where a build from scratch does.
/// `changed` are the settings and parameter tables that change. Returns the units and the tables written.
fn assert_travels(name: &str, changed: &[&str], change: impl Fn(&Shop)) -> (Units, BTreeSet<String>) {
    let (shop, warehouse) = built();
    let before = state(&shop, &warehouse);
    change(&shop);

    let everything = shop::hashes(&warehouse, &[""]);
    let rehearse = Options {
        rehearse: true,
        ..Options::default()
    };
    let plan = shop.run(warehouse.clone(), &rehearse).unwrap();
    assert_same(name, &shop::hashes(&warehouse, &[""]), &everything);

    let counted = Arc::new(FaultyStore::counting(warehouse.clone()));
    let done = shop.run(counted.clone(), &Options::default()).unwrap();
    assert_eq!(done.files_staged, 0, "{name}");
    let after = state(&shop, &warehouse);
    let expected = expected(&before, &after, changed);
    assert!(!expected.is_empty(), "{name}: nothing is expected");
    assert_eq!(units(&plan), expected, "{name}: the plan");
    assert_eq!(units(&done), expected, "{name}: the run");
    assert_eq!(plan.removed, done.removed, "{name}: what goes");
    assert_same(name, &after.tables, &shop.scratch());

    // Objects that were put again, although their bytes are the same, count as written.
    let log = counted.log();
    let puts = log.iter().filter_map(|operation| operation.strip_prefix("put "));
    let written: BTreeSet<&str> = puts.filter(|path| !path.starts_with("_postventa/")).collect();
    let differing = after
        .tables
        .iter()
        .filter(|(path, hash)| before.tables.get(*path) != Some(*hash));
    assert_eq!(
        written,
        differing.map(|(path, _)| path.as_str()).collect(),
        "{name}: what was put is what differs"
    );
    let written = written
        .into_iter()
        .map(|path| path.split('/').nth(1).unwrap().to_owned())
        .collect();
    (expected, written)
}

/// The tables of which some unit was rebuilt for a reason that begins so.
fn because(units: &Units, why: &str) -> BTreeSet<String> {
    let units = units.iter().filter(|(_, reason)| reason.starts_with(why));
    units.map(|((table, _), _)| table.clone()).collect()
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

const SLA: &str = r#"[[sla]]
policy = "standard"
default = true
business_hours = false
first_reply_minutes = { low = 480, normal = 240, high = 60, urgent = 15 }
"#;

/// A model of the job's own, which reads the targets.
const LATE_REPLIES: &str = r#"/*
about = "First replies that came later than the job's targets, by month and priority."
grain = ["month_start", "priority"]
partition = "month_start"
not_null = ["month_start", "priority", "tickets", "late"]

[inputs]
fct_tickets = "same"
dates = "same"
sla_targets = "all"

[columns]
month_start = "DATE first day of the month of the tickets' creation"
priority = "VARCHAR priority of the tickets"
tickets = "BIGINT tickets with a first reply"
late = "BIGINT of these, replied to after more than target_seconds"
*/
SELECT
    d.month_start AS month_start,
    t.priority AS priority,
    CAST(COUNT(*) AS BIGINT) AS tickets,
    CAST(SUM(CASE WHEN t.first_response_seconds > s.target_seconds THEN 1 ELSE 0 END) AS BIGINT) AS late
FROM fct_tickets AS t
INNER JOIN dates AS d ON d.date = t.created_date
INNER JOIN sla_targets AS s ON s.priority = t.priority
WHERE s.metric = 'first_reply' AND t.first_response_seconds IS NOT NULL
GROUP BY d.month_start, t.priority
"#;

#[test]
fn an_edited_model_rebuilds_itself_and_what_reads_other_rows() {
    // The same rows: nobody else is asked.
    let (units, written) = assert_travels("a comment", &[], |shop| {
        shop.own_model("core/core_tickets.sql", "SELECT", "-- the same rows\nSELECT");
    });
    assert_eq!(because(&units, ""), names(&["core_tickets"]));
    assert_eq!((units.len(), written.len()), (2, 0), "two months, and nothing to write");

    let (units, written) = assert_travels("a mart", &[], |shop| {
        let (from, to) = (
            "    sales_channel,\n    currency,\n    orders,",
            "    UPPER(sales_channel) AS sales_channel,\n    currency,\n    orders,",
        );
        shop.own_model("marts/orders_daily.sql", from, to);
    });
    assert_eq!(because(&units, ""), names(&["orders_daily"]));
    assert_eq!(written, names(&["orders_daily"]));

    // In the middle: facts and marts follow, as far as their rows differ.
    let (units, written) = assert_travels("a fact", &[], |shop| {
        shop.own_model(
            "facts/fct_tickets.sql",
            "t.channel AS channel",
            "UPPER(t.channel) AS channel",
        );
    });
    assert_eq!(because(&units, "changed: sql"), names(&["fct_tickets"]));
    assert!(
        written.is_superset(&names(&["fct_tickets", "service_daily", "backlog_daily"])),
        "{written:?}"
    );
    // These read the table, but not the column.
    let others = names(&["fct_conversions", "late_replies", "orders_daily"]);
    assert!(because(&units, "").is_disjoint(&others), "{units:?}");
}

#[test]
fn a_threshold_rebuilds_what_names_it_and_what_reads_that() {
    let (units, _) = assert_travels("conversion window", &["conversion_window_days"], |shop| {
        shop.edit("conversion_window_days = 3", "conversion_window_days = 6");
    });
    assert_eq!(
        because(&units, "changed: settings"),
        names(&["contact_daily", "fct_conversions"])
    );

    let (units, _) = assert_travels("one touch", &["one_touch_max_replies"], |shop| {
        shop.edit("[settings]", "[settings]\none_touch_max_replies = 3");
    });
    assert_eq!(because(&units, "changed: settings"), names(&["fct_tickets"]));
}

#[test]
fn an_sla_target_rebuilds_what_reads_the_targets_and_what_follows() {
    let (units, written) = assert_travels("an SLA target", &["sla_targets"], |shop| {
        shop.edit("normal = 240", "normal = 1");
    });
    assert_eq!(
        because(&units, "changed: sla_targets"),
        names(&["fct_sla_policies", "fct_sla_spans", "late_replies"])
    );
    assert!(
        written.is_superset(&names(&["fct_sla", "kpis", "late_replies", "sla_daily"])),
        "{written:?}"
    );
    let others = names(&[
        "cohort_retention",
        "fct_tickets",
        "orders_daily",
        "satisfaction_daily",
        "service_daily",
    ]);
    assert!(because(&units, "").is_disjoint(&others), "{units:?}");
}

#[test]
fn a_target_of_a_kpi_rebuilds_its_status_and_nothing_else() {
    let (units, written) = assert_travels("a target", &["kpi_targets"], |shop| {
        shop.edit("[settings]", "[[target]]\nkpi = \"orders\"\nvalue = 1000\n[settings]");
    });
    assert_eq!(because(&units, "changed: kpi_targets"), names(&["kpi_status"]));
    assert_eq!(
        (because(&units, ""), written),
        (names(&["kpi_status"]), names(&["kpi_status"]))
    );
}

#[test]
fn a_holiday_rebuilds_business_time_and_what_reads_it() {
    let (units, written) = assert_travels("a holiday", &["schedules", "schedule_clock"], |shop| {
        shop.edit(
            "holidays = [\"2025-01-06\"]",
            "holidays = [\"2025-01-06\", \"2025-01-30\"]",
        );
    });
    assert_eq!(
        because(&units, "changed: schedule"),
        names(&[
            "core_ticket_clock",
            "core_ticket_schedule_spans",
            "core_ticket_schedules",
            "fct_reviews",
            "fct_sla_runs",
        ])
    );
    assert!(
        written.contains("core_ticket_clock") && written.contains("service_daily"),
        "{written:?}"
    );
    let orders = |table: &String| table.contains("order") || table.contains("cohort") || table.contains("refund");
    assert!(!because(&units, "").iter().any(orders), "{units:?}");
    assert!(!written.contains("core_ticket_schedules"), "it has no holidays");
}

#[test]
fn a_model_that_is_added_or_taken_away_rebuilds_no_other() {
    let (units, _) = assert_travels("an added model", &[], |shop| {
        let text = LATE_REPLIES.replace("First replies", "Again, first replies");
        shop.write("sql/marts/late_again.sql", text.as_bytes());
    });
    assert_eq!(because(&units, "new"), names(&["late_again"]));
    assert_eq!(units.len(), 2);
}

#[test]
fn a_full_build_builds_every_unit_and_writes_nothing_new() {
    let (shop, warehouse) = built();
    let before = state(&shop, &warehouse);
    let counted = Arc::new(FaultyStore::counting(warehouse.clone()));
    let full = Options {
        full: true,
        ..Options::default()
    };
    let again = shop.run(counted.clone(), &full).unwrap();
    let all = before.catalog.models().iter();
    let all: BTreeSet<(String, Month)> = all
        .flat_map(|model| before.units(model).into_iter().map(|unit| (model.name.clone(), unit)))
        .collect();
    assert_eq!(units(&again).into_keys().collect::<BTreeSet<_>>(), all);
    assert_eq!(again.partitions_written, 0);
    let published = |operation: &&String| {
        let (kind, path) = operation.split_once(' ').unwrap();
        kind != "get" && kind != "list" && super::warehouse::PUBLISHED.iter().any(|layer| path.starts_with(layer))
    };
    assert_eq!(counted.log().iter().find(published), None);
    assert_same("a full build", &shop::tables(&warehouse), &before.tables);
}
