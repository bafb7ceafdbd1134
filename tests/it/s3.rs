//! The same job on S3: equal bytes, and errors that say which bucket and what to do.

use super::program::{Call, Project, copy, postventa};
use super::s3_server::S3Server;
use super::warehouse::{assert_same, everything, published};

/// A sample that reads from `s3://exports` and writes to `s3://tables/postventa`, as in the buckets of `server`.
fn on_s3(server: &S3Server, local: &Project) -> Project {
    let project = Project::new();
    let job = local.read("job.toml").replace("\"demo/", "\"s3://exports/landing/");
    project.write("job.toml", &job.replace("\"warehouse\"", "\"s3://tables/postventa\""));
    if server.bucket("exports").exists() {
        copy(&local.path("demo"), &server.bucket("exports").join("landing"));
    }
    project
}

fn with(server: &S3Server, call: Call) -> Call {
    call.envs(server.env())
}

#[test]
fn on_s3_the_tables_are_byte_identical_and_a_second_run_writes_nothing() {
    let local = Project::sample("2025-01-29", 6);
    local.run(&[]).exits(0);
    let expected = published(&local.warehouse());

    let server = S3Server::start(&["exports", "tables"]);
    let project = on_s3(&server, &local);
    let checked = with(&server, project.call("check", &[])).run().exits(0);
    assert!(checked.out.contains("s3://tables/postventa"), "{}", checked.out);
    let first = with(&server, project.call("run", &["--json"])).run().exits(0).json();
    assert_eq!(first["status"], "done");
    let warehouse = server.bucket("tables").join("postventa");
    assert_same("S3", &published(&warehouse), &expected);

    let before = everything(&warehouse);
    let second = with(&server, project.call("run", &["--json"])).run().exits(0).json();
    assert_eq!(second["status"], "nothing_to_do");
    assert!(
        before == everything(&warehouse),
        "a run with nothing to do changed an object"
    );

    let status = with(&server, project.call("status", &["--json"])).run().exits(0).json();
    assert_eq!(status["watermark"], "2025-02-03");
}

#[test]
fn on_s3_day_by_day_gives_the_bytes_of_one_local_run() {
    let local = Project::sample("2025-01-30", 4);
    local.run(&[]).exits(0);
    let server = S3Server::start(&["exports", "tables"]);
    let project = on_s3(&server, &local);
    for day in ["2025-02-01", "2025-01-30", "2025-02-02", "2025-01-31"] {
        with(&server, project.call("run", &["--date", day])).run().exits(0);
    }
    assert_same(
        "S3 by day",
        &published(&server.bucket("tables").join("postventa")),
        &published(&local.warehouse()),
    );
}

/// Buckets without a prefix, a file without a date in its path, and a run that is killed.
#[test]
fn on_s3_a_killed_run_converges_and_buckets_need_no_prefix() {
    let purchases = "order_id,created_at,gross_amount\n1,2025-03-01T10:00:00Z,10.00\n2,2025-04-01T10:00:00Z,5.00\n";
    let source =
        "[[source]]\nname = \"orders\"\npreset = \"canonical.orders\"\nsystem = \"shop\"\npath = \"orders.csv\"\n";
    let local = Project::with_job(source);
    local.write("orders.csv", purchases);
    local.run(&[]).exits(0);

    let server = S3Server::start(&["exports", "tables"]);
    std::fs::write(server.bucket("exports").join("orders.csv"), purchases).unwrap();
    let project = Project::with_job(&source.replace("orders.csv", "s3://exports/orders.csv"));
    project.edit("job.toml", "\"warehouse\"", "\"s3://tables\"");
    for wait in [40, 90, 140] {
        let mut child = with(&server, project.call("run", &["--full"])).start();
        std::thread::sleep(std::time::Duration::from_millis(wait));
        child.kill().unwrap();
        child.wait().unwrap();
        // A lease lives for a minute; here nobody waits for it.
        let _ = std::fs::remove_dir_all(server.bucket("tables").join("_postventa/lease"));
    }
    with(&server, project.call("run", &[])).run().exits(0);
    assert_same(
        "S3",
        &published(&server.bucket("tables")),
        &published(&local.warehouse()),
    );
    let again = with(&server, project.call("run", &["--json"])).run().exits(0).json();
    assert_eq!(again["status"], "nothing_to_do");
}

#[test]
fn wrong_credentials_exit_2_and_name_bucket_and_variables() {
    let server = S3Server::start(&["exports", "tables"]);
    let project = on_s3(&server, &Project::sample("2025-01-30", 1));
    for command in ["run", "check", "plan", "status"] {
        with(&server, project.call(command, &[]))
            .env("AWS_SECRET_ACCESS_KEY", "another-secret")
            .run()
            .exits(2)
            .says(&["error: s3://", "403", "hint:", "AWS_SECRET_ACCESS_KEY"]);
    }
    let unknown = with(&server, project.call("run", &[]))
        .env("AWS_ACCESS_KEY_ID", "nobody")
        .run()
        .exits(2);
    unknown.says(&["s3://exports/landing", "AWS_ACCESS_KEY_ID"]);
    assert_eq!(
        std::fs::read_dir(server.bucket("tables")).unwrap().count(),
        0,
        "something was written"
    );
}

#[test]
fn a_missing_bucket_exits_2_and_is_named() {
    let sample = Project::sample("2025-01-30", 1);
    let server = S3Server::start(&["exports"]);
    let project = on_s3(&server, &sample);
    with(&server, project.call("run", &[]))
        .run()
        .exits(2)
        .says(&["there is no bucket tables", "hint:"]);
    let server = S3Server::start(&["tables"]);
    let project = on_s3(&server, &sample);
    with(&server, project.call("run", &[]))
        .run()
        .exits(2)
        .says(&["there is no bucket exports", "hint:"]);
}

#[test]
fn an_endpoint_that_does_not_answer_exits_75() {
    let server = S3Server::start(&["exports", "tables"]);
    let project = on_s3(&server, &Project::sample("2025-01-30", 1));
    let call = with(&server, project.call("run", &[])).env("POSTVENTA_RETRY_SECONDS", "1");
    drop(server);
    let begun = std::time::Instant::now();
    call.run().exits(75).says(&["s3://exports/landing", "hint:"]);
    assert!(begun.elapsed().as_secs() < 20, "the retry limit was not kept");
}

/// A day whose export is not there yet is worth another try, on S3 as on a disk.
#[test]
fn a_day_without_an_export_on_s3_exits_75() {
    let server = S3Server::start(&["exports", "tables"]);
    let project = on_s3(&server, &Project::sample("2025-01-30", 1));
    with(&server, project.call("run", &["--date", "2025-03-01"]))
        .run()
        .exits(75)
        .says(&[
            "source tickets",
            "source orders",
            "s3://exports/landing/zendesk/tickets/{date}.jsonl",
            "wait for the export",
        ]);
    assert!(!server.bucket("tables").join("postventa").exists());
    postventa(&["run", &project.text("nothing.toml")])
        .run()
        .exits(2)
        .says(&["nothing.toml"]);
}
