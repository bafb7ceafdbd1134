//! The bundled demo: every landing record is accounted for, and a second run finds nothing to do.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use serde_json::Value;

use super::program::{Project, Ran};
use super::warehouse::{assert_same, everything, hashes, table, ten_thousandths};

/// The JSON documents of one landing file, read without the program.
fn documents(project: &Project, file: &str) -> Vec<Value> {
    let bytes = std::fs::read(project.path("demo").join(file)).unwrap();
    let mut text = String::new();
    if file.ends_with(".gz") {
        flate2::read::GzDecoder::new(bytes.as_slice())
            .read_to_string(&mut text)
            .unwrap();
    } else {
        text = String::from_utf8(bytes).unwrap();
    }
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The newest version of every document of a folder, by id, and how many were delivered.
fn newest(project: &Project, folder: &str) -> (BTreeMap<i64, Value>, usize) {
    let mut newest: BTreeMap<i64, Value> = BTreeMap::new();
    let mut delivered = 0;
    for file in project.landed().iter().filter(|file| file.starts_with(folder)) {
        for document in documents(project, file) {
            delivered += 1;
            let id = document["id"].as_i64().unwrap();
            let known = newest
                .get(&id)
                .map_or("", |known| known["updated_at"].as_str().unwrap());
            if document["updated_at"].as_str().unwrap() >= known {
                newest.insert(id, document);
            }
        }
    }
    (newest, delivered)
}

#[test]
fn the_demo_is_built_whole_and_a_second_run_changes_nothing() {
    let project = Project::demo();
    let first = project.run(&["--json"]).exits(0).json();
    assert_eq!(first["status"], "done");
    assert_eq!(first["watermark"], "2025-03-31");
    assert_eq!(
        first["files_staged"],
        project.landed_between("2025-01-31", "2025-03-31")
    );
    assert_eq!(first["rows"]["quarantined"], 0);
    assert_eq!(first["refused"], Value::Array(Vec::new()));
    let count = |name: &str| first["rows"][name].as_u64().unwrap();
    assert_eq!(count("read"), count("accepted") + count("duplicate"));

    let before = everything(&project.warehouse());
    let second = project.run(&["--json"]).exits(0).json();
    assert_eq!(second["status"], "nothing_to_do");
    assert_eq!(second["units_built"], 0);
    assert!(project.run(&[]).exits(0).out.contains("nothing to do"));
    project.run(&["--from", "2025-02-01", "--to", "2025-02-28"]).exits(0);
    assert!(project.call("plan", &[]).run().exits(0).out.contains("nothing to do"));
    assert!(
        before == everything(&project.warehouse()),
        "a run with nothing to do changed an object"
    );
}

#[test]
fn a_full_run_builds_everything_again_to_the_same_bytes() {
    let project = Project::sample("2025-01-28", 6);
    project.run(&[]).exits(0);
    let before = hashes(&project.warehouse(), &["core", "facts", "marts", "staging"]);
    let full = project.run(&["--full", "--json"]).exits(0).json();
    assert!(full["units_built"].as_u64().unwrap() > 80, "{full}");
    assert_eq!(full["partitions_written"], 0);
    assert_same(
        "full",
        &hashes(&project.warehouse(), &["core", "facts", "marts", "staging"]),
        &before,
    );
}

#[test]
fn the_demos_counts_add_up_per_file_and_equal_the_lines_delivered() {
    let project = Project::demo();
    project.run(&[]).exits(0);
    let files = table(&project.warehouse(), "marts/source_files");
    let mut seen = BTreeSet::new();
    let columns = [
        "source",
        "file",
        "entity",
        "records_read",
        "records_accepted",
        "records_quarantined",
        "records_duplicate",
    ];
    for row in files.rows(&columns) {
        let number = |at: usize| row[at].parse::<usize>().unwrap();
        assert_eq!(number(3), number(4) + number(5) + number(6), "{row:?}");
        assert_eq!(number(5), 0, "{row:?}");
        let folder = match row[0].as_str() {
            "orders" => "shopify/orders",
            "tickets" => "zendesk/tickets",
            "ticket_audits" => "zendesk/ticket_audits",
            "users" => "zendesk/users",
            "interactions" => "zendesk/interactions",
            "bot_sessions" => "zendesk/bot_sessions",
            "visits" => "zendesk/visits",
            "ticket_surveys" => "zendesk/surveys",
            "ticket_experiments" => "zendesk/experiment_assignments",
            "order_surveys" => "shopify/surveys",
            "customer_experiments" => "shopify/experiment_assignments",
            "reviews" => "shopify/reviews",
            "returns" => "shopify/returns",
            "inventory_levels" => "shopify/inventory_levels",
            "costs" => "finance/costs",
            "fx_rates" => "finance/fx_rates",
            other => panic!("{other}"),
        };
        // One record of these entities is one line of the file; children have their own counts.
        if matches!(
            (row[0].as_str(), row[2].as_str()),
            ("orders", "orders") | ("tickets", "tickets")
        ) {
            assert_eq!(
                number(3),
                documents(&project, &format!("{folder}/{}", row[1])).len(),
                "{row:?}"
            );
        }
        seen.insert(format!("{folder}/{}", row[1]));
    }
    let landed: BTreeSet<String> = project
        .landed()
        .into_iter()
        .filter(|file| !file.ends_with(".json") && !file.ends_with(".md"))
        .collect();
    assert_eq!(seen, landed);
}

#[test]
fn the_demos_facts_hold_each_ticket_and_order_delivered_once() {
    let project = Project::demo();
    project.run(&[]).exits(0);
    let warehouse = project.warehouse();

    let (tickets, delivered) = newest(&project, "zendesk/tickets");
    assert_eq!(tickets.len(), 480);
    assert!(delivered > tickets.len(), "some tickets come in several versions");
    let fact = table(&warehouse, "facts/fct_tickets");
    let ids: BTreeSet<String> = fact.column("ticket_id").into_iter().collect();
    assert_eq!(fact.height(), ids.len());
    // Deleted, spam, suspended and merged tickets are counted nowhere.
    let is_counted = |ticket: &Value| {
        let tags = ticket["tags"].as_array().unwrap();
        let tagged = ["spam", "closed_by_merge", "merge_closed_by_merge"]
            .iter()
            .any(|tag| tags.contains(&Value::from(*tag)));
        !tagged && !["deleted", "suspended"].contains(&ticket["status"].as_str().unwrap())
    };
    let counted: BTreeSet<String> = tickets
        .iter()
        .filter(|(_, ticket)| is_counted(ticket))
        .map(|(id, _)| id.to_string())
        .collect();
    assert!(counted.len() < tickets.len());
    assert_eq!(ids, counted);
    let created: i128 = table(&warehouse, "marts/service_daily").sum("tickets_created");
    assert_eq!(
        created,
        counted.len() as i128 * 10_000,
        "every counted ticket is created on one day"
    );

    let (orders, _) = newest(&project, "shopify/orders");
    let orders: BTreeMap<i64, Value> = orders.into_iter().filter(|(_, order)| order["test"] != true).collect();
    let fact = table(&warehouse, "facts/fct_orders");
    assert_eq!(
        fact.column("order_id").into_iter().collect::<BTreeSet<_>>(),
        orders.keys().map(i64::to_string).collect()
    );
    assert_eq!(fact.height(), orders.len());

    // Money: quantity x price of the newest version of each order, in ten-thousandths.
    let lines = || {
        orders
            .values()
            .flat_map(|order| order["line_items"].as_array().unwrap())
    };
    let gross: i128 = lines()
        .map(|line| i128::from(line["quantity"].as_i64().unwrap()) * ten_thousandths(line["price"].as_str().unwrap()))
        .sum();
    assert_eq!(fact.sum("gross_amount"), gross);
    assert_eq!(table(&warehouse, "facts/fct_order_lines").height(), lines().count());
    assert_eq!(table(&warehouse, "facts/fct_order_lines").sum("gross_amount"), gross);
    let refunds: usize = orders
        .values()
        .map(|order| order["refunds"].as_array().unwrap().len())
        .sum();
    assert_eq!(table(&warehouse, "facts/fct_refunds").height(), refunds);
    assert!(refunds > 0);
}

/// Spark and BI tools open these types; nothing else may slip into a table.
#[test]
fn tables_have_only_the_types_that_every_reader_opens() {
    use polars::prelude::{DataType, TimeUnit};
    let project = Project::sample("2025-01-28", 6);
    project.run(&[]).exits(0);
    let mut tables = BTreeSet::new();
    for path in super::warehouse::published(&project.warehouse()).keys() {
        let folder: Vec<&str> = path.split('/').take(2).collect();
        if !tables.insert(folder.join("/")) {
            continue;
        }
        for column in table(&project.warehouse(), &folder.join("/")).0.columns() {
            let ok = match column.dtype() {
                DataType::Int64 | DataType::Float64 | DataType::Boolean | DataType::String | DataType::Date => true,
                DataType::Decimal(precision, scale) => (*precision, *scale) == (18, 4),
                DataType::Datetime(unit, zone) => *unit == TimeUnit::Microseconds && zone.is_none(),
                _ => false,
            };
            assert!(ok, "{folder:?} {}: {}", column.name(), column.dtype());
        }
    }
    assert!(tables.len() > 40, "{tables:?}");
}

#[test]
fn with_json_stdout_is_one_line_that_parses_and_logs_go_to_stderr() {
    let project = Project::sample("2025-01-30", 3);
    let check = |ran: Ran| {
        ran.exits(0).json();
    };
    check(project.call("plan", &["--json"]).run());
    check(project.run(&["--json"]));
    check(project.run(&["--json"]));
    check(project.call("status", &["--json"]).run());
    check(super::program::postventa(&["kpis", "--json"]).run());
    let json_logs = project.call("run", &["--full", "--log-format", "json"]).run().exits(0);
    assert!(!json_logs.err.is_empty());
    for line in json_logs.err.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert!(line["level"].is_string(), "{line}");
    }
}

#[test]
fn a_plan_writes_nothing_and_tells_what_the_run_then_does() {
    let project = Project::sample("2025-01-28", 6);
    let plan = project.call("plan", &["--json"]).run().exits(0).json();
    assert!(!project.warehouse().exists(), "a plan made the warehouse");
    let run = project.run(&["--json"]).exits(0).json();
    assert_eq!(
        plan["files"].as_array().unwrap().len(),
        run["files_staged"].as_u64().unwrap() as usize
    );
    assert_eq!(
        plan["units"].as_array().unwrap().len(),
        run["units_built"].as_u64().unwrap() as usize
    );
}
