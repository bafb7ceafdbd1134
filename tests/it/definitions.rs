//! Changed definitions rebuild their own history and what reads it, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use postventa::model::Catalog;
use serde_json::Value;

use super::program::Project;
use super::warehouse::{assert_same, published, table};

/// Some days around the end of January, built.
fn built() -> Project {
    let project = Project::sample("2025-01-27", 10);
    project.run(&[]).exits(0);
    project
}

/// The tables that a plan would rebuild, and those whose rows come out different.
fn planned(project: &Project) -> (BTreeSet<String>, BTreeSet<String>) {
    let plan = project.call("plan", &["--json"]).run().exits(0).json();
    assert_eq!(plan["files"], Value::Array(Vec::new()));
    let units = plan["units"].as_array().unwrap();
    let name = |unit: &Value| unit["table"].as_str().unwrap().to_owned();
    let changed = units
        .iter()
        .filter(|unit| unit["is_changed"] == true)
        .map(name)
        .collect();
    (units.iter().map(name).collect(), changed)
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Everything that reads one of these tables, and what reads that; from the catalogue, not from the engine.
fn readers(of: &BTreeSet<String>) -> BTreeSet<String> {
    let catalog = Catalog::load(None).unwrap();
    let mut found = of.clone();
    loop {
        let more: Vec<String> = catalog
            .models()
            .iter()
            .filter(|model| !found.contains(&model.name) && model.inputs.iter().any(|(input, _)| found.contains(input)))
            .map(|model| model.name.clone())
            .collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

/// The published objects that are other than before, by table.
fn changed_tables(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> BTreeSet<String> {
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let differing = paths.into_iter().filter(|path| before.get(*path) != after.get(*path));
    differing
        .map(|path| path.split('/').nth(1).unwrap().to_owned())
        .collect()
}

fn assert_equals_scratch(project: &Project) {
    let got = published(&project.warehouse());
    std::fs::remove_dir_all(project.warehouse()).unwrap();
    project.run(&[]).exits(0);
    assert_same("from scratch", &got, &published(&project.warehouse()));
}

#[test]
fn a_setting_rebuilds_the_models_that_name_it_and_their_readers() {
    let project = built();
    let before = published(&project.warehouse());
    project.edit(
        "job.toml",
        "[[source]]\nname = \"tickets\"",
        "[settings]\nconversion_window_days = 1\n[[source]]\nname = \"tickets\"",
    );
    let (rebuilt, changed) = planned(&project);
    let naming: BTreeSet<String> = Catalog::load(None)
        .unwrap()
        .models()
        .iter()
        .filter(|model| model.settings.iter().any(|setting| setting == "conversion_window_days"))
        .map(|model| model.name.clone())
        .collect();
    assert_eq!(naming, names(&["contact_daily", "fct_conversions"]));
    assert!(
        rebuilt.is_superset(&naming) && rebuilt.is_subset(&readers(&naming)),
        "{rebuilt:?}"
    );
    assert_eq!(published(&project.warehouse()), before, "a plan writes nothing");

    let run = project.run(&["--json"]).exits(0).json();
    assert_eq!(run["files_staged"], 0);
    assert_eq!(changed_tables(&before, &published(&project.warehouse())), changed);
    assert_equals_scratch(&project);
}

#[test]
fn a_holiday_rebuilds_business_time_and_what_reads_it() {
    let project = built();
    let before = published(&project.warehouse());
    // A Wednesday of the sample on which the office was open.
    project.edit("job.toml", "\"2025-01-06\", ", "\"2025-01-06\", \"2025-01-29\", ");
    let (rebuilt, changed) = planned(&project);
    assert!(rebuilt.contains("core_ticket_clock"), "{rebuilt:?}");
    let clocked = readers(&names(&["core_ticket_clock", "core_ticket_schedules", "fct_reviews"]));
    assert!(rebuilt.is_subset(&clocked), "{rebuilt:?}");
    assert!(
        rebuilt
            .iter()
            .all(|table| !table.contains("order") && !table.contains("cohort") && !table.contains("refund")),
        "{rebuilt:?}"
    );
    assert!(
        changed.contains("fct_tickets") && changed.contains("service_daily"),
        "{changed:?}"
    );
    project.run(&[]).exits(0);
    let after = published(&project.warehouse());
    assert_eq!(changed_tables(&before, &after), changed);

    // A holiday outside of the data changes the clock's table or not, but no number.
    project.edit("job.toml", "\"2025-05-01\"", "\"2025-05-01\", \"2031-05-01\"");
    project.run(&[]).exits(0);
    assert_eq!(published(&project.warehouse()), after);
    assert_equals_scratch(&project);
}

/// A mart of the job's own: the same question as the embedded one, with a word changed.
fn own_mart(project: &Project) {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/marts/orders_daily.sql")).unwrap();
    let (embedded, own) = (
        "    sales_channel,\n    currency,\n    orders,",
        "    UPPER(sales_channel) AS sales_channel,\n    currency,\n    orders,",
    );
    assert!(text.contains(embedded));
    project.write("sql/marts/orders_daily.sql", &text.replace(embedded, own));
}

#[test]
fn an_own_mart_in_place_of_an_embedded_one_rebuilds_only_itself() {
    let project = built();
    let before = published(&project.warehouse());
    own_mart(&project);
    project.edit("job.toml", "[job]\n", "[job]\nsql = \"sql\"\n");
    // The mart itself, and nothing else: the check of its sums does not read the column.
    let (rebuilt, changed) = planned(&project);
    assert_eq!(rebuilt, names(&["orders_daily"]));
    assert_eq!(changed, names(&["orders_daily"]));
    let run = project.run(&["--json"]).exits(0).json();
    assert_eq!(run["partitions_written"], 2, "January and February");
    assert_eq!(changed_tables(&before, &published(&project.warehouse())), changed);
    let channels: BTreeSet<String> = table(&project.warehouse(), "marts/orders_daily")
        .column("sales_channel")
        .into_iter()
        .collect();
    assert!(channels.contains("WEB") && !channels.contains("web"), "{channels:?}");

    // Without it, the embedded mart is back, byte for byte.
    project.edit("job.toml", "sql = \"sql\"\n", "");
    project.run(&[]).exits(0);
    assert_same("the embedded mart", &published(&project.warehouse()), &before);
}

const OWN_TABLE: &str = r#"/*
about = "Orders of a country in a month."
grain = ["month_start", "country"]
partition = "month_start"
not_null = ["month_start", "country", "orders"]

[inputs]
fct_orders = "same"
dates = "same"

[columns]
month_start = "DATE first day of the month"
country = "VARCHAR country of the order; 'unknown' if not delivered"
orders = "BIGINT counted orders"
*/
SELECT
    d.month_start,
    COALESCE(o.country, 'unknown') AS country,
    CAST(COUNT(*) AS BIGINT) AS orders
FROM fct_orders AS o
INNER JOIN dates AS d
    ON o.created_date = d.date
WHERE o.is_counted
GROUP BY d.month_start, COALESCE(o.country, 'unknown')
"#;

/// Readers make a column `month` of the folder's name; two of that name they cannot read.
#[test]
fn no_table_has_a_column_of_the_name_of_its_folder() {
    let project = Project::sample("2025-01-30", 1);
    let text = OWN_TABLE
        .replace("country = \"VARCHAR", "month = \"VARCHAR")
        .replace("\"country\"", "\"month\"");
    project.write(
        "sql/marts/orders_by_country.sql",
        &text.replace(" AS country", " AS month"),
    );
    project.edit("job.toml", "[job]\n", "[job]\nsql = \"sql\"\n");
    project
        .call("check", &[])
        .run()
        .exits(2)
        .says(&["orders_by_country", "no column may be called month"]);
}

#[test]
fn an_added_model_adds_a_table_and_a_removed_one_takes_its_objects_away() {
    let project = built();
    let before = published(&project.warehouse());
    project.write("sql/marts/orders_by_country.sql", OWN_TABLE);
    project.edit("job.toml", "[job]\n", "[job]\nsql = \"sql\"\n");
    assert_eq!(planned(&project).0, names(&["orders_by_country"]));
    project.run(&[]).exits(0);
    let own = table(&project.warehouse(), "marts/orders_by_country");
    let counted = table(&project.warehouse(), "facts/fct_orders").column("is_counted");
    assert_eq!(
        own.sum("orders"),
        counted.iter().filter(|cell| *cell == "true").count() as i128 * 10_000
    );
    let new = changed_tables(&before, &published(&project.warehouse()));
    assert_eq!(new, names(&["orders_by_country"]));

    project.remove("sql/marts/orders_by_country.sql");
    let plan = project.call("plan", &["--json"]).run().exits(0).json();
    let objects = ["2025-01", "2025-02"].map(|month| format!("marts/orders_by_country/month={month}/part-0.parquet"));
    assert_eq!(plan["units"], Value::Array(Vec::new()));
    assert_eq!(plan["removed"], Value::from(objects.to_vec()));
    assert!(
        project
            .call("plan", &[])
            .run()
            .exits(0)
            .out
            .contains(&format!("remove {}", objects[0]))
    );
    let run = project.run(&["--json"]).exits(0).json();
    assert_eq!(
        (&run["status"], &run["partitions_removed"]),
        (&"done".into(), &2.into())
    );
    assert_same("without it", &published(&project.warehouse()), &before);
    assert_eq!(project.run(&["--json"]).exits(0).json()["status"], "nothing_to_do");
}

#[test]
fn a_broken_model_of_the_job_exits_2_and_is_named_with_its_file() {
    let project = built();
    let before = published(&project.warehouse());
    project.edit("job.toml", "[job]\n", "[job]\nsql = \"sql\"\n");
    let broken = [
        (OWN_TABLE.replace("GROUP BY", "GROUPED BY"), "SQL:"),
        (OWN_TABLE.replace("FROM fct_orders", "FROM fct_order"), "fct_order"),
        (
            OWN_TABLE.replace("fct_orders", "fct_purchases"),
            "there is no such table",
        ),
        (
            OWN_TABLE.replace("orders = \"BIGINT", "orders = \"DOUBLE"),
            "the header declares orders",
        ),
        (
            OWN_TABLE.replace("CAST(COUNT(*) AS BIGINT)", "o.purchases"),
            "purchases",
        ),
        (OWN_TABLE.replace("about", "abuot"), "abuot"),
        ("SELECT 1 AS one".to_owned(), "header"),
    ];
    for (text, says) in broken {
        project.write("sql/marts/orders_by_country.sql", &text);
        project
            .run(&[])
            .exits(2)
            .says(&["model orders_by_country", "sql/marts/orders_by_country.sql", says]);
        assert_same(says, &published(&project.warehouse()), &before);
    }
    project.write("sql/marts/orders_by_country.sql", "SELECT 1 AS one");
    project
        .call("check", &[])
        .run()
        .exits(2)
        .says(&["model orders_by_country"]);
}

#[test]
fn a_model_whose_grain_is_not_unique_exits_65_and_nothing_is_published() {
    let project = built();
    let before = published(&project.warehouse());
    project.edit("job.toml", "[job]\n", "[job]\nsql = \"sql\"\n");
    // One row per order, promised to be one per country. A change beside it waits with it.
    let twice = OWN_TABLE
        .replace("CAST(COUNT(*) AS BIGINT) AS orders", "CAST(1 AS BIGINT) AS orders")
        .replace("GROUP BY d.month_start, COALESCE(o.country, 'unknown')\n", "");
    project.write("sql/marts/orders_by_country.sql", &twice);
    own_mart(&project);
    project.run(&[]).exits(65).says(&[
        "data test",
        "nothing was published",
        "orders_by_country 2025-0",
        "another row has the same key in 19 row(s): month_start=2025-0",
    ]);
    assert_same("nothing is published", &published(&project.warehouse()), &before);

    let nulls = OWN_TABLE.replace(
        "COALESCE(o.country, 'unknown') AS country",
        "CAST(NULL AS VARCHAR) AS country",
    );
    project.write("sql/marts/orders_by_country.sql", &nulls);
    project
        .run(&[])
        .exits(65)
        .says(&["orders_by_country 2025-0", "country is NULL in"]);
    assert_same("nothing is published", &published(&project.warehouse()), &before);

    project.write("sql/marts/orders_by_country.sql", OWN_TABLE);
    project.run(&[]).exits(0);
    assert_equals_scratch(&project);
}

#[test]
fn another_time_zone_or_start_of_the_week_gives_the_tables_of_a_build_from_scratch() {
    let project = built();
    for (from, to) in [
        (
            "time_zone = \"Europe/Madrid\"\ncurrency",
            "time_zone = \"America/Los_Angeles\"\ncurrency",
        ),
        (
            "[[schedule]]\nid = \"1\"",
            "[settings]\nweek_starts_on = \"sunday\"\n[[schedule]]\nid = \"1\"",
        ),
        ("[settings]", "[settings]\nticket_schedule = \"at_the_time\""),
    ] {
        let before = published(&project.warehouse());
        project.edit("job.toml", from, to);
        project.run(&[]).exits(0);
        assert_ne!(published(&project.warehouse()), before, "{to}");
        assert_equals_scratch(&project);
    }
}
