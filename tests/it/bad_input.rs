//! Bad input gets an error that says where and what to do, and costs nothing that was good.

use super::program::{Project, Ran, postventa};
use super::warehouse::{assert_same, published, table};

const JOB: &str = r#"
[[source]]
name = "orders"
preset = "canonical.orders"
path = "orders/{date}.csv"
system = "shop"
max_quarantined_share = 0.5
"#;

const HEADER: &str = "order_id,created_at,financial_status,gross_amount,email\n";

/// A job with one good day: two orders, published.
fn shop() -> Project {
    let project = Project::with_job(JOB);
    let good = "1,2025-03-01T10:00:00Z,paid,10.00,a@example.com\n2,2025-03-01T11:00:00Z,paid,20.00,b@example.com\n";
    project.write("orders/2025-03-01.csv", &format!("{HEADER}{good}"));
    project.run(&[]).exits(0);
    assert_eq!(orders(&project), ["1", "2"]);
    project
}

fn orders(project: &Project) -> Vec<String> {
    table(&project.warehouse(), "facts/fct_orders").column("order_id")
}

/// Reasons of the quarantine table, without the columns that name the source.
fn quarantine(project: &Project) -> Vec<Vec<String>> {
    let columns = ["file", "entity", "record_number", "column_name", "reason", "value"];
    let mut rows = table(&project.warehouse(), "marts/quarantine").rows(&columns);
    rows.sort();
    rows
}

/// A second day of which nothing may be used: exit 65, and what was published stays as it was, byte for byte.
#[track_caller]
fn refused(project: &Project, file: &str, content: &str) -> Ran {
    let before = published(&project.warehouse());
    project.write(file, content);
    let ran = project.run(&["--json"]).exits(65);
    let summary = ran.json();
    assert_eq!(summary["status"], "refused");
    assert_eq!(summary["refused"].as_array().unwrap().len(), 1);
    assert_same("good data stays", &published(&project.warehouse()), &before);
    // It is told again until it is mended, and a mended file is taken.
    project.run(&[]).exits(65);
    ran
}

#[test]
fn a_csv_without_a_required_column_is_refused() {
    let project = shop();
    refused(
        &project,
        "orders/2025-03-02.csv",
        "order_id,creation,gross_amount\n3,2025-03-02T10:00:00Z,5.00\n",
    )
    .says(&[
        "1 delivery refused",
        "source orders: 2025-03-02.csv",
        "the required column `created_at` is missing",
        "the file has: order_id, creation, gross_amount",
    ]);
    project.write(
        "orders/2025-03-02.csv",
        "order_id,created_at,gross_amount\n3,2025-03-02T10:00:00Z,5.00\n",
    );
    project.run(&[]).exits(0);
    assert_eq!(orders(&project), ["1", "2", "3"]);
}

#[test]
fn of_several_new_files_only_the_bad_one_is_refused() {
    let project = shop();
    project.write("orders/2025-03-02.csv", "order_id\n3\n");
    project.write(
        "orders/2025-03-03.csv",
        &format!("{HEADER}4,2025-03-03T10:00:00Z,paid,5.00,\n"),
    );
    project
        .run(&[])
        .exits(65)
        .says(&["1 delivery refused", "2025-03-02.csv"]);
    assert_eq!(orders(&project), ["1", "2", "4"]);
}

#[test]
fn a_correction_that_is_refused_leaves_the_earlier_version() {
    let project = shop();
    let cut = format!("{HEADER}1,2025-03-01T10:00:00Z,paid,11.00,a@example.com\n2,2025-03-01T11:0");
    refused(&project, "orders/2025-03-01.csv", &cut).says(&[
        "2025-03-01.csv",
        "the file is cut: its last row has 2 of 5 cells and no line end",
    ]);
}

#[test]
fn a_truncated_last_json_line_refuses_the_file() {
    let project = tickets(TICKETS_JOB);
    let cut = format!("{}\n{}", ticket(2, "new"), &ticket(3, "new")[..40]);
    refused(&project, "tickets/2025-03-02.jsonl", &cut).says(&[
        "source tickets: 2025-03-02.jsonl",
        "the file is cut: it ends in the middle of a JSON value (row 2)",
        "deliver the whole file again",
    ]);
}

#[test]
fn a_truncated_gzip_refuses_the_file() {
    use std::io::Write;
    let project = tickets(&TICKETS_JOB.replace(".jsonl", ".jsonl*"));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    for number in 2..500 {
        writeln!(packed, "{}", ticket(number, "new")).unwrap();
    }
    let whole = packed.finish().unwrap();
    let before = published(&project.warehouse());
    project.write_bytes("tickets/2025-03-02.jsonl.gz", &whole[..whole.len() / 2]);
    project
        .run(&[])
        .exits(65)
        .says(&["2025-03-02.jsonl.gz", "cut or damaged", "deliver the whole file again"]);
    assert_same("good data stays", &published(&project.warehouse()), &before);
    project.write_bytes("tickets/2025-03-02.jsonl.gz", &whole);
    project.run(&[]).exits(0);
    assert_eq!(table(&project.warehouse(), "core/core_tickets").height(), 499);
}

const TICKETS_JOB: &str = r#"
[[source]]
name = "tickets"
preset = "zendesk.tickets"
path = "tickets/{date}.jsonl"
max_quarantined_share = 0.5
"#;

fn ticket(id: u32, status: &str) -> String {
    format!(
        r#"{{"id":{id},"created_at":"2025-03-02T09:00:00Z","updated_at":"2025-03-02T09:00:00Z","status":"{status}","tags":[]}}"#
    )
}

/// A helpdesk with one good day: ticket 1.
fn tickets(job: &str) -> Project {
    let project = Project::with_job(job);
    project.write("tickets/2025-03-01.jsonl", &format!("{}\n", ticket(1, "open")));
    project.run(&[]).exits(0);
    project
}

#[test]
fn a_broken_json_line_in_the_middle_is_quarantined() {
    let project = tickets(TICKETS_JOB);
    let lines = [
        ticket(2, "new"),
        "{\"id\":3,\"created_at\":".into(),
        ticket(4, "new"),
        "[7]".into(),
        ticket(5, "solved"),
    ];
    project.write("tickets/2025-03-02.jsonl", &(lines.join("\n") + "\n"));
    let rows = &project.run(&["--json"]).exits(0).json()["rows"];
    assert_eq!(
        (
            &rows["read"],
            &rows["accepted"],
            &rows["quarantined"],
            &rows["duplicate"]
        ),
        (&5.into(), &3.into(), &2.into(), &0.into())
    );
    assert_eq!(
        table(&project.warehouse(), "core/core_tickets").column("ticket_id"),
        ["1", "2", "4", "5"]
    );
    assert_eq!(
        quarantine(&project),
        [
            ["2025-03-02.jsonl", "tickets", "2", "", "invalid_json", ""],
            ["2025-03-02.jsonl", "tickets", "4", "", "not_an_object", ""],
        ]
    );
}

#[test]
fn an_unknown_status_is_quarantined_and_the_other_tickets_count() {
    let project = tickets(TICKETS_JOB);
    let lines = [ticket(2, "new"), ticket(3, "parked"), ticket(4, "SOLVED")];
    project.write("tickets/2025-03-02.jsonl", &(lines.join("\n") + "\n"));
    project.run(&[]).exits(0);
    let core = table(&project.warehouse(), "core/core_tickets");
    assert_eq!(
        core.rows(&["ticket_id", "status"]),
        [["1", "open"], ["2", "new"], ["4", "solved"]]
    );
    let rows = quarantine(&project);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0][..4], ["2025-03-02.jsonl", "tickets", "2", "status"]);
    assert_eq!(rows[0][5], "parked");
}

#[test]
fn a_date_that_does_not_exist_and_a_negative_price_are_quarantined_with_every_reason() {
    let job = "
[[source]]
name = \"lines\"
preset = \"canonical.order_lines\"
path = \"lines/{date}.csv\"
system = \"shop\"
max_quarantined_share = 0.9
";
    let project = Project::with_job(&format!("{JOB}{job}"));
    project.write(
        "orders/2025-03-02.csv",
        &format!(
            "{HEADER}\
             3,2025-03-02T10:00:00Z,paid,30.00,c@example.com\n\
             4,2025-02-30T10:00:00Z,paid,40.00,d@example.com\n\
             5,2025-03-02T12:00:00Z,lost,minus five,e@example.com\n\
             6,2025-03-02T13:00:00Z,paid,60.00,f@example.com\n"
        ),
    );
    project.write(
        "lines/2025-03-02.csv",
        "line_id,order_id,order_created_at,quantity,unit_price\n\
         a,3,2025-03-02T10:00:00Z,2,15.00\n\
         b,3,2025-03-02T10:00:00Z,1,-15.00\n\
         c,6,2025-03-02T13:00:00Z,one,60.00\n\
         d,,2025-03-02T13:00:00Z,1,60.00\n",
    );
    let rows = &project.run(&["--json"]).exits(0).json()["rows"];
    // Two of four orders and three of four lines.
    assert_eq!(
        (
            &rows["read"],
            &rows["accepted"],
            &rows["quarantined"],
            &rows["duplicate"]
        ),
        (&8.into(), &3.into(), &5.into(), &0.into())
    );
    assert_eq!(orders(&project), ["3", "6"]);
    let got: Vec<Vec<String>> = quarantine(&project)
        .into_iter()
        .map(|row| [&row[1..4], &row[5..]].concat())
        .collect();
    assert_eq!(
        got,
        [
            ["order_lines", "2", "unit_price", "-15.00"],
            ["order_lines", "3", "quantity", "one"],
            ["order_lines", "4", "order_id", ""],
            ["orders", "2", "created_at", "2025-02-30T10:00:00Z"],
            ["orders", "3", "financial_status", "lost"],
            ["orders", "3", "gross_amount", "minus five"],
        ]
    );
    assert!(
        quarantine(&project).iter().all(|row| !row[4].is_empty()),
        "every line has a reason"
    );
}

/// The reasons are words that can be grouped by, and a cure starts from.
#[test]
fn quarantine_reasons_tell_missing_from_impossible_values() {
    let project = shop();
    project.write(
        "orders/2025-03-02.csv",
        &format!(
            "{HEADER}3,2025-03-02T10:00:00Z,paid,1.00,\n4,2025-03-02T10:00:00Z,paid,1.00,\n5,2025-03-02T10:00:00Z,paid,1.00,\n\
             ,2025-03-02T10:00:00Z,paid,1.00,\n7,tomorrow,paid,1.00,\n8,2025-03-02T10:00:00Z,paid,999999999999999.00,\n"
        ),
    );
    project.run(&[]).exits(0);
    let reasons: Vec<(String, String)> = quarantine(&project)
        .into_iter()
        .map(|row| (row[3].clone(), row[4].clone()))
        .collect();
    assert_eq!(reasons.len(), 3);
    assert_eq!(reasons[0], ("order_id".to_owned(), "missing".to_owned()));
    assert_eq!(reasons[1].0, "created_at");
    assert_eq!(reasons[2], ("gross_amount".to_owned(), "out_of_range".to_owned()));
    let different: std::collections::BTreeSet<_> = reasons.iter().map(|(_, reason)| reason).collect();
    assert_eq!(different.len(), 3, "{reasons:?}");
}

#[test]
fn a_file_with_too_many_bad_rows_is_refused_whole() {
    let project = shop();
    project.edit(
        "job.toml",
        "max_quarantined_share = 0.5",
        "max_quarantined_share = 0.25",
    );
    // Two of five are bad: 0.4 of the rows.
    let rows = "3,2025-03-02,paid,1.00,\n4,2025-03-02,paid,1.00,\n5,2025-03-02,paid,1.00,\n6,2025-02-30,paid,1.00,\n7,2025-02-31,paid,1.00,\n";
    refused(&project, "orders/2025-03-02.csv", &format!("{HEADER}{rows}")).says(&[
        "source orders: 2025-03-02.csv: 2 of 5 orders are bad (",
        "more than max_quarantined_share = 0.25",
        "mend the export, or raise the share",
    ]);
    project.edit(
        "job.toml",
        "max_quarantined_share = 0.25",
        "max_quarantined_share = 0.4",
    );
    project.run(&[]).exits(0);
    assert_eq!(orders(&project), ["1", "2", "3", "4", "5"]);
}

#[test]
fn an_empty_file_is_refused_unless_it_is_allowed() {
    let project = shop();
    refused(&project, "orders/2025-03-02.csv", "")
        .says(&["source orders: 2025-03-02.csv: the file is empty", "allow_empty = true"]);
    project.edit("job.toml", "name = \"orders\"", "name = \"orders\"\nallow_empty = true");
    let summary = project.run(&["--json"]).exits(0).json();
    assert_eq!(summary["watermark"], "2025-03-02");
    assert_eq!(orders(&project), ["1", "2"]);
}

/// A header without rows is a day without orders: that is data, and counts as a complete day.
#[test]
fn a_csv_with_a_header_only_is_a_day_without_rows() {
    let project = shop();
    project.write("orders/2025-03-02.csv", HEADER);
    assert_eq!(project.run(&["--json"]).exits(0).json()["watermark"], "2025-03-02");
    assert_eq!(orders(&project), ["1", "2"]);
}

#[test]
fn a_wrong_path_exits_75_and_says_what_to_check() {
    let project = shop();
    project.edit("job.toml", "orders/{date}.csv", "order/{date}.csv");
    project
        .run(&[])
        .exits(75)
        .says(&["no export to read yet", "source orders", "there is no folder", "order"]);
    project.edit("job.toml", "order/{date}.csv", "orders/{date}.tsv");
    project.edit("job.toml", "system = \"shop\"", "system = \"shop\"\nformat = \"csv\"");
    project.run(&[]).exits(75).says(&[
        "source orders",
        "orders/{date}.tsv",
        "check the path",
        "optional = true",
    ]);
    project.call("check", &[]).run().exits(75);
    assert_eq!(orders(&project), ["1", "2"], "nothing is taken from the tables");
}

#[test]
fn a_day_without_an_export_exits_75_and_a_day_of_an_optional_source_does_not() {
    let project = shop();
    project
        .run(&["--date", "2025-03-09"])
        .exits(75)
        .says(&["source orders", "wait for the export"]);
    project.edit("job.toml", "name = \"orders\"", "name = \"orders\"\noptional = true");
    assert_eq!(
        project.run(&["--date", "2025-03-09", "--json"]).exits(0).json()["status"],
        "nothing_to_do"
    );
}

#[test]
fn with_expect_daily_each_missing_day_of_a_range_is_named() {
    let project = shop();
    project.edit(
        "job.toml",
        "name = \"orders\"",
        "name = \"orders\"\nexpect_daily = true",
    );
    project.write("orders/2025-03-03.csv", HEADER);
    let ran = project.run(&["--from", "2025-03-01", "--to", "2025-03-04"]).exits(75);
    assert!(
        !ran.err.contains("no file of 2025-03-01") && !ran.err.contains("no file of 2025-03-03"),
        "{}",
        ran.err
    );
    ran.says(&[
        "source orders: no file of 2025-03-02",
        "source orders: no file of 2025-03-04",
    ]);
}

#[test]
fn a_job_file_with_three_faults_lists_all_three() {
    let project = shop();
    project.edit("job.toml", "Europe/Madrid", "Europe/Madird");
    project.edit("job.toml", "currency = \"EUR\"", "currency = \"euro\"");
    project.edit("job.toml", "canonical.orders", "canonical.order");
    for command in ["run", "check", "plan", "status"] {
        project.call(command, &[]).run().exits(2).says(&[
            "job.toml has 3 fault(s)",
            "\n  job.time_zone: \"Europe/Madird\" is no IANA time zone",
            "\n  job.currency: \"euro\"",
            "\n  source[0].preset: there is no preset `canonical.order`",
        ]);
    }
}

#[test]
fn unknown_keys_and_settings_are_named_where_they_stand() {
    let project = shop();
    project.edit(
        "job.toml",
        "[job]\n",
        "[settings]\nconversion_window = 3\nactive_window_days = 5000\n[job]\ntimezone = \"UTC\"\n",
    );
    project.edit(
        "job.toml",
        "name = \"orders\"",
        "name = \"orders\"\nexpect_dayly = true",
    );
    project.run(&[]).exits(2).says(&[
        "4 fault(s)",
        "job.timezone: unknown field `timezone`",
        "source[0].expect_dayly: unknown field `expect_dayly`",
        "settings.conversion_window: unknown setting; known are",
        "settings.active_window_days: 5000 is not a whole number from 31 to 730",
    ]);
}

#[test]
fn a_toml_syntax_error_tells_the_line() {
    let project = shop();
    project.edit("job.toml", "currency = \"EUR\"", "currency = EUR");
    project.run(&[]).exits(2).says(&["job.toml has 1 fault(s)", "line 4:"]);
}

#[test]
fn a_job_file_that_is_not_there_exits_2() {
    let project = Project::new();
    project
        .run(&[])
        .exits(2)
        .says(&["job.toml", "the job file cannot be read"]);
}

#[test]
fn wrong_arguments_exit_2() {
    let project = shop();
    project
        .run(&["--from", "2025-03-05", "--to", "2025-03-01"])
        .exits(2)
        .says(&["2025-03-05", "after", "2025-03-01"]);
    project.run(&["--from", "2025-03-05"]).exits(2).says(&["--to"]);
    project.run(&["--date", "2025-02-30"]).exits(2).says(&["2025-02-30"]);
    project
        .run(&["--date", "2025-03-01", "--from", "2025-03-01", "--to", "2025-03-01"])
        .exits(2);
    postventa(&["publish"]).run().exits(2);
    postventa(&["run"]).run().exits(2);
}

/// A warehouse that another program, or a later version, wrote to is left alone.
#[test]
fn a_ledger_that_is_not_ours_is_never_overwritten() {
    let project = shop();
    let foreign = zstd::encode_all(&br#"{"product":"postventa","format":99}"#[..], 1).unwrap();
    project.write_bytes("warehouse/_postventa/ledger/0000009999.json.zst", &foreign);
    let before = published(&project.warehouse());
    for command in ["run", "plan", "status"] {
        project.call(command, &[]).run().exits(2).says(&[
            "0000009999.json.zst",
            "format 99",
            "another warehouse folder",
        ]);
    }
    assert_same("untouched", &published(&project.warehouse()), &before);
}

/// A warehouse where a file stands in the way.
#[test]
fn a_warehouse_that_is_a_file_exits_2() {
    let project = Project::with_job(JOB);
    project.write("orders/2025-03-01.csv", HEADER);
    project.write("warehouse", "");
    project.run(&[]).exits(2).says(&["warehouse", "hint:"]);
}
