//! Nobody can be found in the warehouse or in the logs; the same person is one customer on both sides.

use std::collections::BTreeSet;
use std::io::Read;

use serde_json::Value;

use super::program::{Project, files, postventa};
use super::warehouse::{assert_same, published, table};

/// Every e-mail and phone of the landing files, in lower case, phones as their last nine digits too.
fn contacts(project: &Project) -> BTreeSet<String> {
    fn walk(value: &Value, key: &str, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| walk(value, key, found)),
            Value::Array(list) => list.iter().for_each(|value| walk(value, key, found)),
            Value::String(text) if text.contains('@') && !text.contains(' ') => {
                found.insert(text.to_lowercase());
            }
            Value::String(text) if key.contains("phone") => {
                let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                found.insert(digits[digits.len().saturating_sub(9)..].to_owned());
            }
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    for file in project.landed().into_iter().filter(|file| file.contains(".jsonl")) {
        let bytes = std::fs::read(project.path("demo").join(&file)).unwrap();
        let mut text = String::new();
        match file.ends_with(".gz") {
            true => flate2::read::GzDecoder::new(bytes.as_slice())
                .read_to_string(&mut text)
                .map(drop)
                .unwrap(),
            false => text = String::from_utf8(bytes).unwrap(),
        }
        for line in text.lines() {
            walk(&serde_json::from_str(line).unwrap(), "", &mut found);
        }
    }
    found
}

/// All text that the warehouse holds: paths, cells and column statistics of every Parquet file, ledger and leases, unpacked.
fn warehouse_text(project: &Project) -> String {
    let mut text = String::new();
    for file in files(&project.warehouse()) {
        text.push_str(&file);
        let path = project.warehouse().join(&file);
        if file.ends_with(".parquet") {
            let frame = table(&project.warehouse(), file.rsplit_once('/').unwrap().0).0;
            for column in frame.columns() {
                let cells = column.cast(&polars::prelude::DataType::String).unwrap();
                cells.str().unwrap().iter().flatten().for_each(|cell| {
                    text.push('\n');
                    text.push_str(cell);
                });
            }
        }
        let bytes = std::fs::read(path).unwrap();
        let bytes = if file.ends_with(".zst") {
            zstd::decode_all(bytes.as_slice()).unwrap()
        } else {
            bytes
        };
        // Of binary data what could be text: a lone `@` among other bytes is none.
        let words = bytes
            .split(|byte| !byte.is_ascii_graphic() && *byte != b' ')
            .filter(|word| word.len() > 8);
        words.for_each(|word| {
            text.push('\n');
            text.push_str(&String::from_utf8_lossy(word));
        });
    }
    text.to_lowercase()
}

#[test]
fn no_email_or_phone_is_anywhere_in_the_warehouse_or_the_logs() {
    let project = Project::sample("2025-01-27", 6);
    // A customer whose ticket goes to the quarantine, too.
    let bad = r#"{"id":77,"created_at":"2025-01-30T10:00:00Z","updated_at":"2025-01-30T10:00:00Z","status":"odd","subject":"write me: lola.lopez@example.com","tags":[],"via":{"source":{"from":{"address":"lola.lopez@example.com","phone":"+34 600 700 800"}}}}"#;
    let file = "demo/zendesk/tickets/2025-01-30.jsonl";
    project.write(file, &format!("{}{bad}\n", project.read(file)));
    project.edit("job.toml", "[job]\n", "[job]\nmax_quarantined_share = 0.9\n");
    let wanted = contacts(&project);
    assert!(
        wanted.len() > 20 && wanted.contains("lola.lopez@example.com"),
        "{}",
        wanted.len()
    );
    assert!(
        wanted.iter().any(|contact| !contact.contains('@')),
        "a phone is among them"
    );

    let run = project.run(&["--json", "--log", "trace"]).exits(0);
    assert_eq!(run.json()["rows"]["quarantined"], 1);
    let status = project.call("status", &[]).run().exits(0);
    let said = [run.out, run.err, status.out, status.err, warehouse_text(&project)]
        .concat()
        .to_lowercase();
    for contact in wanted
        .iter()
        .map(String::as_str)
        .chain(["lola.lopez", "600700800", "600 700 800"])
    {
        assert!(!said.contains(contact), "{contact}");
    }
    assert!(!said.contains("@example"), "an address of some other shape");
}

#[test]
fn another_key_gives_other_hashes_of_the_same_customers() {
    let project = Project::sample("2025-01-27", 5);
    project.run(&[]).exits(0);
    let hashes = |project: &Project| -> Vec<String> {
        table(&project.warehouse(), "facts/fct_orders")
            .rows(&["order_id", "customer_hash"])
            .concat()
    };
    let before = published(&project.warehouse());
    let first = hashes(&project);
    let plan = |key: &str| {
        project
            .call("plan", &["--json"])
            .env("POSTVENTA_HASH_KEY", key)
            .run()
            .exits(0)
            .json()
    };
    assert_eq!(plan("a key for tests")["files"], Value::Array(Vec::new()));

    project
        .call("run", &[])
        .env("POSTVENTA_HASH_KEY", "another key")
        .run()
        .exits(0);
    let second = hashes(&project);
    assert_eq!(first.len(), second.len());
    let pairs: Vec<_> = first.chunks(2).zip(second.chunks(2)).collect();
    assert!(pairs.iter().all(|(a, b)| a[0] == b[0]), "the same orders");
    assert!(
        pairs.iter().all(|(a, b)| a[1].is_empty() || a[1] != b[1]),
        "other hashes"
    );
    let customers = |side: &[String]| side.chunks(2).map(|row| row[1].clone()).collect::<BTreeSet<_>>().len();
    assert_eq!(customers(&first), customers(&second));

    project.run(&[]).exits(0);
    assert_same("with the first key again", &published(&project.warehouse()), &before);
}

/// One person in two systems: a ticket and an order with the same e-mail, written differently, are one customer.
#[test]
fn a_ticket_and_an_order_of_one_email_meet_in_one_hash() {
    let job = r#"
[identity]
key_env = "OUR_KEY"
[[source]]
name = "orders"
preset = "canonical.orders"
path = "orders.csv"
system = "shop"
[[source]]
name = "tickets"
preset = "canonical.tickets"
path = "tickets.csv"
system = "desk"
"#;
    let project = Project::with_job(job);
    project.write(
        "orders.csv",
        "order_id,created_at,gross_amount,customer_id,email,phone\n\
         1,2025-03-02T10:00:00Z,10.00,7,Ana.Paz@Example.com,\n\
         2,2025-03-02T11:00:00Z,10.00,8,,+34 612 345 678\n\
         3,2025-03-02T12:00:00Z,10.00,9,,\n\
         4,2025-03-02T13:00:00Z,10.00,,,\n",
    );
    project.write(
        "tickets.csv",
        "ticket_id,created_at,status,customer_id,email,phone\n\
         a,2025-03-01T10:00:00Z,solved,70,\" ana.paz@example.com \",+34600000000\n\
         b,2025-03-01T11:00:00Z,solved,80,,0034-612-345-678\n\
         c,2025-03-01T12:00:00Z,solved,9,,\n",
    );
    let key = |call: super::program::Call, key: &str| call.env("OUR_KEY", key);
    key(project.call("run", &[]), "k").run().exits(0);
    let order: Vec<String> = table(&project.warehouse(), "facts/fct_orders").column("customer_hash");
    let ticket: Vec<String> = table(&project.warehouse(), "facts/fct_tickets").column("customer_hash");
    assert_eq!(order[..2], ticket[..2], "by e-mail, and by phone where there is none");
    assert_ne!(order[2], ticket[2], "the same number in two systems is not one person");
    assert!(
        !order[2].is_empty() && order[3].is_empty(),
        "an order that names nobody has no customer"
    );
    assert!(order[..3].iter().all(|hash| hash.len() == 32));
    // The key's variable is the job's: without it there is a warning, and other hashes.
    let warned = project.call("run", &[]).run().exits(0);
    warned.says(&["no identity key in the environment"]);
    assert_ne!(
        table(&project.warehouse(), "facts/fct_orders").column("customer_hash")[0],
        order[0]
    );
}

#[test]
fn without_a_key_check_and_run_warn() {
    let project = Project::sample("2025-01-30", 1);
    let call = |command: &str| project.call(command, &[]).env("POSTVENTA_HASH_KEY", "").run().exits(0);
    assert!(call("check").out.contains("customers' hashes can be guessed"));
    call("run").says(&["customers' hashes can be guessed"]);
    assert!(!project.run(&[]).exits(0).err.contains("guessed"));
    postventa(&["--version"]).run().exits(0);
}
