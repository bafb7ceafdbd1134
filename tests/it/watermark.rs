//! "Now" is the end of the last day of data, or what `--as-of` says, and never the clock on the wall.

use super::program::Project;
use super::warehouse::{assert_same, published, table};

fn last_day(project: &Project, mart: &str, column: &str) -> String {
    table(&project.warehouse(), mart)
        .column(column)
        .into_iter()
        .max()
        .unwrap()
}

#[test]
fn daily_tables_end_at_the_watermark_and_as_of_moves_it() {
    let project = Project::sample("2025-01-20", 16);
    let first = project.run(&["--json"]).exits(0).json();
    assert_eq!(first["watermark"], "2025-02-04");
    let before = published(&project.warehouse());
    let backlog = |project: &Project| last_day(project, "marts/backlog_daily", "date");
    assert_eq!(backlog(&project), "2025-02-04");
    assert_eq!(last_day(&project, "marts/retention_rate", "period_end"), "2025-02-04");

    let moved = project.run(&["--as-of", "2025-01-28", "--json"]).exits(0).json();
    assert_eq!(moved["watermark"], "2025-01-28");
    assert_eq!(backlog(&project), "2025-01-28");
    assert_eq!(last_day(&project, "marts/retention_rate", "period_end"), "2025-01-28");

    // Beyond the data: open tickets stay open on every day, and the month is complete.
    project.run(&["--as-of", "2025-03-02"]).exits(0);
    assert_eq!(backlog(&project), "2025-03-02");
    assert_eq!(last_day(&project, "marts/retention_rate", "period_end"), "2025-03-02");
    let february = table(&project.warehouse(), "marts/retention_rate");
    assert!(
        february
            .rows_where("month_start", "2025-02-01", &["is_complete"])
            .iter()
            .all(|row| row == &["true"])
    );

    project.run(&[]).exits(0);
    assert_same(
        "back to the data's own watermark",
        &published(&project.warehouse()),
        &before,
    );
}

/// The last local day may reach into a month of which the data have no complete day yet. Its customers are known all
/// the same, and no table of days tells of a part of a day.
#[test]
fn orders_after_the_watermark_keep_their_customers_and_are_in_no_daily_table() {
    let project = Project::sample("2025-01-20", 16);
    project.run(&[]).exits(0);
    let facts = |project: &Project| {
        let of_customers = |path: &String| path.contains("customer_first_orders") || path.contains("customer_months");
        let objects = published(&project.warehouse()).into_iter();
        objects
            .filter(|(path, _)| of_customers(path))
            .collect::<std::collections::BTreeMap<_, _>>()
    };
    let before = facts(&project);
    assert!(
        before.keys().any(|path| path.contains("month=2025-02")),
        "{:?}",
        before.keys()
    );

    project.run(&["--as-of", "2025-01-31"]).exits(0);
    assert_same("facts of customers", &facts(&project), &before);
    for mart in ["marts/orders_daily", "marts/contact_daily", "marts/service_daily"] {
        assert_eq!(last_day(&project, mart, "date"), "2025-01-31", "{mart}");
    }
}

/// Facts say what happened, whatever day it is: only the tables of days and periods follow the watermark.
#[test]
fn a_later_watermark_changes_no_row_of_the_past() {
    let project = Project::sample("2025-01-20", 16);
    project.run(&[]).exits(0);
    let before = published(&project.warehouse());
    project.run(&["--as-of", "2025-02-05"]).exits(0);
    let after = published(&project.warehouse());
    let touched: Vec<&String> = after
        .keys()
        .filter(|path| before.get(*path) != after.get(*path))
        .collect();
    assert!(
        touched
            .iter()
            .any(|path| path.as_str() == "marts/backlog_daily/month=2025-02/part-0.parquet"),
        "{touched:?}"
    );
    // What a week must pass for becomes final in January: 29 January + 7 days.
    let matures = "marts/first_contact_daily/month=2025-01/part-0.parquet";
    // The week of 27 January and the quarter begin in January and end later.
    let goes_on = |path: &str| path.contains("month=2025-02") || path.starts_with("marts/kpi");
    assert!(
        touched
            .iter()
            .all(|path| path.starts_with("marts/") && (goes_on(path) || *path == matures)),
        "{touched:?}"
    );
}

#[test]
fn as_of_in_the_job_file_is_the_default_of_the_flag() {
    let project = Project::sample("2025-01-20", 12);
    project.edit("job.toml", "[job]\n", "[job]\nas_of = \"2025-01-25\"\n");
    assert_eq!(project.run(&["--json"]).exits(0).json()["watermark"], "2025-01-25");
    assert_eq!(
        project.call("status", &["--json"]).run().exits(0).json()["watermark"],
        "2025-01-25"
    );
    assert_eq!(last_day(&project, "marts/backlog_daily", "date"), "2025-01-25");
    assert_eq!(
        project.run(&["--as-of", "2025-01-27", "--json"]).exits(0).json()["watermark"],
        "2025-01-27"
    );
    assert_eq!(last_day(&project, "marts/backlog_daily", "date"), "2025-01-27");
}

/// The same exports give the same bytes in another year and another time zone of the machine.
#[test]
fn the_machines_time_zone_and_folder_do_not_reach_a_table() {
    let here = Project::sample("2025-03-28", 4);
    here.run(&[]).exits(0);
    let there = Project::sample("2025-03-28", 4);
    there
        .call("run", &[])
        .env("TZ", "Pacific/Kiritimati")
        .env("LC_ALL", "de_DE.UTF-8")
        .run()
        .exits(0);
    assert_same(
        "elsewhere",
        &published(&there.warehouse()),
        &published(&here.warehouse()),
    );
}
