//! History comes out the same however it is loaded: whole, by day, in any order, with repeats, late and corrected.

use std::collections::BTreeMap;

use super::program::{Project, copy};
use super::warehouse::{assert_same, published, table};

const FIRST: &str = "2025-01-25";
const DAYS: u32 = 12;

/// Twelve days around the end of a month; on one of them nobody new wrote, so there is no file of users.
fn sample() -> Project {
    let project = Project::sample(FIRST, DAYS);
    project.remove("demo/zendesk/users/2025-01-29.jsonl");
    project
}

/// A table that had no rows for a while, or a month that lost them, leaves nothing for readers to stumble over.
#[track_caller]
fn assert_no_empty_folder(folder: &std::path::Path) {
    let inside: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(!inside.is_empty(), "{} is empty", folder.display());
    for path in inside.iter().filter(|path| path.is_dir()) {
        assert_no_empty_folder(path);
    }
}

fn days() -> Vec<String> {
    (25..=31)
        .map(|day| format!("2025-01-{day}"))
        .chain((1..=5).map(|day| format!("2025-02-0{day}")))
        .collect()
}

/// What a build from scratch over the landing files of `project` publishes.
fn from_scratch(project: &Project) -> BTreeMap<String, String> {
    let fresh = Project::new();
    copy(&project.path("demo"), &fresh.path("demo"));
    fresh.write("job.toml", &project.read("job.toml"));
    fresh.run(&[]).exits(0);
    published(&fresh.warehouse())
}

#[test]
fn day_by_day_gives_the_bytes_of_one_run() {
    let project = sample();
    let whole = from_scratch(&project);
    for day in days() {
        let summary = project.run(&["--date", &day, "--json"]).exits(0).json();
        assert_eq!(summary["watermark"], day.as_str());
        assert_eq!(summary["files_staged"], project.landed_between(&day, &day), "{day}");
    }
    assert_same("day by day", &published(&project.warehouse()), &whole);
}

#[test]
fn any_order_with_repeats_gives_the_bytes_of_one_run() {
    let project = sample();
    let whole = from_scratch(&project);
    let days = days();
    for (turn, index) in [7, 2, 11, 7, 0, 5, 2, 9, 3, 10, 1, 8, 4, 11, 6].into_iter().enumerate() {
        let summary = project.run(&["--date", &days[index], "--json"]).exits(0).json();
        let is_repeat = [3, 6, 13].contains(&turn);
        assert_eq!(
            summary["status"],
            if is_repeat { "nothing_to_do" } else { "done" },
            "turn {turn}"
        );
    }
    assert_same("shuffled", &published(&project.warehouse()), &whole);
    for layer in ["core", "facts", "marts"] {
        assert_no_empty_folder(&project.warehouse().join(layer));
    }
}

#[test]
fn ranges_that_overlap_give_the_bytes_of_one_run() {
    let project = sample();
    let whole = from_scratch(&project);
    for (from, to, new_from, new_to) in [
        ("2025-02-01", "2025-02-05", "2025-02-01", "2025-02-05"),
        ("2025-01-25", "2025-01-28", "2025-01-25", "2025-01-28"),
        ("2025-01-27", "2025-02-02", "2025-01-29", "2025-01-31"), // of seven days four are known
    ] {
        let summary = project.run(&["--from", from, "--to", to, "--json"]).exits(0).json();
        let files = project.landed_between(new_from, new_to);
        assert_eq!(summary["files_staged"], files, "{from}..{to}");
    }
    assert_same("ranges", &published(&project.warehouse()), &whole);
}

#[test]
fn a_corrected_file_gives_the_bytes_of_a_build_from_scratch() {
    let project = sample();
    project.run(&[]).exits(0);
    let before = published(&project.warehouse());
    // The helpdesk exports an old day again: another team for everything in it.
    project.edit(
        "demo/zendesk/tickets/2025-01-27.jsonl",
        "\"group_id\":",
        "\"group_id\":9",
    );
    let summary = project.run(&["--json"]).exits(0).json();
    assert_eq!(summary["files_staged"], 1);
    assert_ne!(published(&project.warehouse()), before, "the correction shows");
    assert_same("corrected", &published(&project.warehouse()), &from_scratch(&project));
}

#[test]
fn a_correction_of_another_day_is_left_to_the_run_of_that_day() {
    let project = sample();
    project.run(&[]).exits(0);
    project.edit(
        "demo/zendesk/tickets/2025-01-27.jsonl",
        "\"group_id\":",
        "\"group_id\":9",
    );
    assert_eq!(
        project.run(&["--date", "2025-01-28", "--json"]).exits(0).json()["status"],
        "nothing_to_do"
    );
    assert_eq!(
        project.run(&["--date", "2025-01-27", "--json"]).exits(0).json()["files_staged"],
        1
    );
    assert_same("corrected", &published(&project.warehouse()), &from_scratch(&project));
}

#[test]
fn removed_and_late_files_give_the_bytes_of_a_build_from_scratch() {
    let project = sample();
    // A whole day of January comes late, and one of February is taken back.
    let late = [
        "zendesk/tickets/2025-01-26.jsonl",
        "zendesk/ticket_audits/2025-01-26.jsonl.gz",
        "shopify/orders/2025-01-26.jsonl.gz",
    ];
    std::fs::create_dir_all(project.path("later")).unwrap();
    for (number, file) in late.iter().enumerate() {
        std::fs::rename(
            project.path(&format!("demo/{file}")),
            project.path(&format!("later/{number}")),
        )
        .unwrap();
    }
    project.run(&[]).exits(0);
    assert_same(
        "without a day",
        &published(&project.warehouse()),
        &from_scratch(&project),
    );

    for (number, file) in late.iter().enumerate() {
        std::fs::rename(
            project.path(&format!("later/{number}")),
            project.path(&format!("demo/{file}")),
        )
        .unwrap();
    }
    project.remove("demo/shopify/orders/2025-02-04.jsonl.gz");
    project.remove("demo/zendesk/tickets/2025-02-04.jsonl");
    let summary = project.run(&["--json"]).exits(0).json();
    assert_eq!(summary["files_staged"], 3);
    assert_eq!(summary["files_removed"], 2);
    assert_same(
        "late and removed",
        &published(&project.warehouse()),
        &from_scratch(&project),
    );
}

#[test]
fn when_every_file_of_a_month_goes_its_partitions_go_too() {
    let project = sample();
    project.run(&[]).exits(0);
    assert!(
        published(&project.warehouse())
            .keys()
            .any(|path| path.contains("month=2025-02"))
    );
    for file in project.landed() {
        if file.contains("2025-02-") {
            project.remove(&format!("demo/{file}"));
        }
    }
    let summary = project.run(&["--json"]).exits(0).json();
    assert!(summary["partitions_removed"].as_u64().unwrap() > 10, "{summary}");
    assert_eq!(summary["watermark"], "2025-01-31");
    let orders = table(&project.warehouse(), "facts/fct_orders");
    assert!(
        orders
            .column("created_date")
            .iter()
            .all(|day| day.as_str() <= "2025-01-31")
    );
    assert_same(
        "a month taken back",
        &published(&project.warehouse()),
        &from_scratch(&project),
    );
}

/// A refund that arrives before its order, and a correction that moves the order over the end of the month.
#[test]
fn an_order_whose_file_is_corrected_to_another_month_leaves_the_old_one() {
    let job = r#"
[[source]]
name = "orders"
preset = "canonical.orders"
path = "demo/orders/{date}.csv"
system = "shop"
[[source]]
name = "refunds"
preset = "canonical.refunds"
path = "demo/refunds/{date}.csv"
system = "shop"
optional = true
"#;
    let order = |time: &str| {
        "order_id,created_at,updated_at,gross_amount,customer_id,email\n".to_owned()
            + &format!("1,{time},{time},50.00,7,a@example.com\n2,2025-01-30T11:00:00Z,,20.00,8,b@example.com\n")
    };
    let project = Project::with_job(job);
    project.write("demo/orders/2025-01-31.csv", &order("2025-01-31T21:30:00Z"));
    project.write(
        "demo/orders/2025-02-04.csv",
        "order_id,created_at,gross_amount\n3,2025-02-04T08:00:00Z,7.00\n",
    );
    project.write(
        "demo/refunds/2025-02-04.csv",
        "refund_id,order_id,created_at,refunded_amount,items_amount\nr1,1,2025-02-04T09:00:00Z,12.50,12.50\n",
    );
    let orders = || {
        let columns = [
            "order_id",
            "created_date",
            "gross_amount",
            "refunded_goods_amount",
            "net_amount",
        ];
        table(&project.warehouse(), "facts/fct_orders").rows(&columns)
    };
    project.run(&["--date", "2025-02-04"]).exits(0);
    assert_eq!(orders(), [["3", "2025-02-04", "7.0000", "0.0000", "7.0000"]]);
    project.run(&["--date", "2025-01-31"]).exits(0);
    assert_same(
        "the refund came first",
        &published(&project.warehouse()),
        &from_scratch(&project),
    );
    assert_eq!(orders()[0], ["1", "2025-01-31", "50.0000", "12.5000", "37.5000"]);

    // 23:30 UTC on the 31st is the 1st of February in Madrid.
    project.write("demo/orders/2025-01-31.csv", &order("2025-01-31T23:30:00Z"));
    project.run(&[]).exits(0);
    assert_eq!(
        orders(),
        [
            ["2", "2025-01-30", "20.0000", "0.0000", "20.0000"],
            ["1", "2025-02-01", "50.0000", "12.5000", "37.5000"],
            ["3", "2025-02-04", "7.0000", "0.0000", "7.0000"],
        ]
    );
    assert_same(
        "the order moved",
        &published(&project.warehouse()),
        &from_scratch(&project),
    );
}

/// `keep_removed`: a landing folder that is swept after a while does not take history with it.
#[test]
fn with_keep_removed_a_swept_landing_folder_loses_nothing() {
    let project = sample();
    let job = project
        .read("job.toml")
        .replace("[[source]]\n", "[[source]]\nkeep_removed = true\n");
    project.write("job.toml", &job);
    project.run(&[]).exits(0);
    let before = published(&project.warehouse());
    for file in project.landed() {
        if file.contains("2025-01-") {
            project.remove(&format!("demo/{file}"));
        }
    }
    assert_eq!(project.run(&["--json"]).exits(0).json()["status"], "nothing_to_do");
    assert_eq!(published(&project.warehouse()), before);
}
