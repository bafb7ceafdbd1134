//! The KPI dictionary, the help texts and the bundled job files say what is so.

use std::collections::BTreeSet;

use postventa::model::Catalog;
use serde_json::Value;

use super::program::{Project, postventa};

fn dictionary() -> Vec<Value> {
    match postventa(&["kpis", "--json"]).run().exits(0).json() {
        Value::Array(kpis) => kpis,
        other => panic!("{other}"),
    }
}

#[test]
fn every_table_and_column_of_the_dictionary_exists() {
    let catalog = Catalog::load(None).unwrap();
    let kpis = dictionary();
    assert!(kpis.len() >= 30, "{}", kpis.len());
    for kpi in &kpis {
        let table = kpi["table"].as_str().unwrap();
        let model = catalog
            .get(table)
            .unwrap_or_else(|| panic!("{}: there is no table {table}", kpi["key"]));
        let columns = kpi["columns"].as_array().unwrap();
        assert!(!columns.is_empty(), "{}", kpi["key"]);
        for column in columns {
            let known = model.columns.iter().any(|known| known.name == column.as_str().unwrap());
            assert!(known, "{}: {table} has no column {column}", kpi["key"]);
        }
    }
}

#[test]
fn every_kpi_has_a_key_of_its_own_and_words_in_both_languages() {
    let kpis = dictionary();
    let keys: BTreeSet<&str> = kpis.iter().map(|kpi| kpi["key"].as_str().unwrap()).collect();
    assert_eq!(keys.len(), kpis.len());
    for kpi in &kpis {
        for field in ["name", "question", "formula", "unit", "axis"] {
            for language in ["en", "es"] {
                let words = kpi[format!("{field}_{language}")].as_str().unwrap();
                assert!(!words.trim().is_empty(), "{}: {field}_{language}", kpi["key"]);
            }
        }
        assert!(kpi["question_es"].as_str().unwrap().starts_with('¿'), "{}", kpi["key"]);
        assert!(
            ["up", "down", "none"].contains(&kpi["better_when"].as_str().unwrap()),
            "{}",
            kpi["key"]
        );
    }
    let spanish = postventa(&["kpis", "--language", "es"]).run().exits(0).out;
    for kpi in &kpis {
        assert!(spanish.contains(kpi["name_es"].as_str().unwrap()), "{}", kpi["key"]);
    }
}

/// The page is written by `postventa kpis --markdown > sql/README.md`.
#[test]
fn the_page_of_kpis_and_tables_follows_the_headers_and_the_dictionary() {
    let written = postventa(&["kpis", "--markdown"]).run().exits(0).out;
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/README.md")).unwrap();
    assert!(
        page == written,
        "sql/README.md is not what `postventa kpis --markdown` prints"
    );
}

#[test]
fn a_target_names_a_kpi_and_a_number() {
    let project = Project::sample("2025-01-30", 1);
    let wrong = "[[target]]\nkpi = \"csta\"\nvalue = 0.9\n[[target]]\nkpi = \"csat\"\n[job]\n";
    project.edit("job.toml", "[job]\n", wrong);
    let says = ["target[0].kpi: there is no KPI \"csta\"", "target[1].value: missing"];
    project.call("check", &[]).run().exits(2).says(&says);
}

/// A KPI can only need what its table is made of.
#[test]
fn every_need_of_a_kpi_is_an_input_of_its_table() {
    let catalog = Catalog::load(None).unwrap();
    for kpi in dictionary() {
        let mut inputs = BTreeSet::new();
        let mut to_see = vec![kpi["table"].as_str().unwrap().to_owned()];
        while let Some(table) = to_see.pop() {
            if inputs.insert(table.clone()) {
                let model = catalog.get(&table);
                to_see.extend(
                    model
                        .into_iter()
                        .flat_map(|model| model.inputs.iter().map(|(name, _)| name.clone())),
                );
            }
        }
        for entity in kpi["needs"].as_array().unwrap() {
            let staged = format!("stg_{}", entity.as_str().unwrap());
            assert!(inputs.contains(&staged), "{} does not read {staged}", kpi["key"]);
        }
    }
}

/// Without surveys there is no NPS; what was delivered has data.
#[test]
fn status_names_the_kpis_without_data_and_what_they_lack() {
    let project = Project::with_job(
        "[[source]]\nname = \"orders\"\npreset = \"canonical.orders\"\npath = \"orders.csv\"\nsystem = \"shop\"\n",
    );
    project.write(
        "orders.csv",
        "order_id,created_at,total_amount,customer_id\no1,2025-01-02T10:00:00Z,10,c1\n",
    );
    let before = project.call("status", &["--json"]).run().exits(0).json();
    assert_eq!(
        before["kpis_without_data"],
        serde_json::json!([]),
        "nothing was built yet"
    );
    project.run(&[]).exits(0);
    let status = project.call("status", &["--json"]).run().exits(0).json();
    let missing = |key: &str| {
        let mut without = status["kpis_without_data"].as_array().unwrap().iter();
        without.find(|kpi| kpi["kpi"] == key).map(|kpi| kpi["missing"].clone())
    };
    assert_eq!(missing("nps"), Some(serde_json::json!(["surveys"])));
    assert_eq!(
        missing("contact_rate"),
        Some(serde_json::json!(["tickets"])),
        "orders are there"
    );
    assert_eq!(
        missing("csat"),
        Some(serde_json::json!([])),
        "a ticket's rating or a survey would do"
    );
    for key in ["orders", "net_sales", "retention_rate"] {
        assert_eq!(missing(key), None, "{key}");
    }
    let said = project.call("status", &[]).run().exits(0).out;
    let line = said
        .lines()
        .find(|line| line.starts_with("service_cost_ratio"))
        .unwrap();
    assert!(line.ends_with(" costs"), "{line}");
}

#[test]
fn every_model_documents_its_columns() {
    for model in Catalog::load(None).unwrap().models() {
        assert!(!model.about.trim().is_empty(), "{}", model.name);
        // A check has no rows where all is well, and so nothing to promise of them.
        assert!(
            !model.not_null.is_empty() || model.layer.name() == "checks",
            "{}",
            model.name
        );
        for key in &model.grain {
            assert!(
                model.columns.iter().any(|column| column.name == *key),
                "{}: {key}",
                model.name
            );
        }
        for column in &model.columns {
            assert!(!column.about.trim().is_empty(), "{}.{}", model.name, column.name);
        }
    }
}

#[test]
fn check_finds_nothing_wrong_with_the_demo() {
    let job = concat!(env!("CARGO_MANIFEST_DIR"), "/jobs/demo.toml");
    let checked = postventa(&["check", job]).run().exits(0);
    for line in ["models", "warehouse", "tickets: 60 file(s)", "orders: 60 file(s)"] {
        assert!(checked.out.contains(line), "{line:?} is not in {}", checked.out);
    }
}

/// All faults at once: one of SQL and one of paths.
#[test]
fn check_tells_every_fault_and_exits_with_the_one_that_waiting_cannot_mend() {
    let project = Project::sample("2025-01-30", 1);
    project.edit("job.toml", "[job]\n", "[job]\nsql = \"sql\"\n");
    project.edit("job.toml", "demo/shopify", "demo/shop");
    project.write("sql/marts/mine.sql", "SELECT 1");
    project
        .call("check", &[])
        .run()
        .exits(2)
        .says(&["model mine", "source orders"]);
    assert!(!project.warehouse().exists(), "a check writes nothing");
}

/// The production example is valid; only the machine it would run on is missing.
#[test]
fn the_production_example_has_no_fault() {
    let job = concat!(env!("CARGO_MANIFEST_DIR"), "/jobs/production.toml");
    assert!(postventa::job::Job::load(std::path::Path::new(job)).is_ok());
}

#[test]
fn the_help_lists_the_exit_codes_and_every_command() {
    let help = postventa(&["--help"]).run().exits(0).out;
    for code in ["0 ", "2 ", "65 ", "70 ", "75 ", "130 "] {
        assert!(help.lines().any(|line| line.trim_start().starts_with(code)), "{code}");
    }
    for command in ["run", "plan", "check", "status", "kpis", "sample"] {
        assert!(
            help.lines().any(|line| line.trim_start().starts_with(command)),
            "{command}"
        );
        postventa(&[command, "--help"]).run().exits(0);
    }
}

/// `postventa status | head`: a reader that has read enough is no error.
#[test]
fn a_closed_stdout_is_no_error() {
    let mut child = postventa(&["kpis"]).start();
    drop(child.stdout.take());
    let ran = super::program::Ran::of(child.wait_with_output().unwrap());
    ran.exits(0);
}

#[test]
fn status_shows_days_without_a_file_and_counts_that_add_up() {
    let project = Project::sample("2025-01-27", 5);
    project.remove("demo/zendesk/users/2025-01-29.jsonl");
    project.run(&[]).exits(0);
    let status = project.call("status", &["--json"]).run().exits(0).json();
    assert_eq!(status["watermark"], "2025-01-31");
    let sources = status["sources"].as_array().unwrap();
    assert_eq!(sources.len(), 16);
    for source in sources {
        let missing = match source["source"].as_str().unwrap() {
            "users" => vec!["2025-01-29"],
            _ => Vec::new(),
        };
        // On some days nobody answers a survey; tickets and orders there are on each.
        if ["tickets", "ticket_audits", "orders", "users"].contains(&source["source"].as_str().unwrap()) {
            assert_eq!(source["missing_dates"], Value::from(missing), "{}", source["source"]);
        }
        for (entity, rows) in source["rows"].as_object().unwrap() {
            let count = |name: &str| rows[name].as_u64().unwrap();
            assert_eq!(
                count("read"),
                count("accepted") + count("quarantined") + count("duplicate"),
                "{entity}"
            );
        }
    }
    let text = project.call("status", &[]).run().exits(0).out;
    assert!(text.contains("1 date(s) without a file: 2025-01-29"), "{text}");
    let runs = status["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 1);
    assert_eq!(
        runs[0]["files_staged"],
        project.landed_between("2025-01-27", "2025-01-31")
    );
}
