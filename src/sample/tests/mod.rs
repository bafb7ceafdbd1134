//! The export as a whole: same bytes, same beginnings, sizes, days.

mod inputs;
mod orders;
mod tickets;

use super::{Compression, SampleError, SampleOptions, SampleSummary, generate};
use chrono::NaiveDate;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

type Files = BTreeMap<String, Vec<u8>>;

fn options(seed: u64, days: u32) -> SampleOptions {
    SampleOptions {
        seed,
        first_day: NaiveDate::from_ymd_opt(2025, 2, 1).unwrap(),
        days,
        orders_per_day: 12.0,
        tickets_per_day: 14.0,
        time_zone: chrono_tz::Europe::Madrid,
        compression: Compression::None,
        plain: Vec::new(),
        orders_csv: true,
    }
}

fn files(options: &SampleOptions) -> (Files, SampleSummary) {
    let mut files = Files::new();
    let summary = generate::<Infallible>(options, &mut |path, bytes| {
        assert!(
            files.insert(path.to_owned(), bytes.to_vec()).is_none(),
            "{path} written twice"
        );
        Ok(())
    })
    .unwrap();
    (files, summary)
}

/// The records of a folder with the day of their file.
fn records(files: &Files, folder: &str) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (path, bytes) in files.iter().filter(|(path, _)| path.starts_with(&format!("{folder}/"))) {
        let day = path[folder.len() + 1..][..10].to_owned();
        for line in std::str::from_utf8(bytes).unwrap().lines() {
            found.push((day.clone(), serde_json::from_str(line).unwrap()));
        }
    }
    found
}

/// The text of a gzip file.
fn unpack(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(bytes), &mut text).unwrap();
    text
}

fn cents(value: &Value) -> i64 {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let cents =
        whole.trim_start_matches('-').parse::<i64>().unwrap() * 100 + format!("{part:0<2}").parse::<i64>().unwrap();
    if text.starts_with('-') { -cents } else { cents }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn sum(values: &[Value], amount: impl Fn(&Value) -> i64) -> i64 {
    values.iter().map(amount).sum()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let (first, summary) = files(&options(7, 20));
    let (again, same) = files(&options(7, 20));
    assert_eq!((&first, summary), (&again, same));
    let (other, _) = files(&options(8, 20));
    assert_ne!(
        first["zendesk/tickets/2025-02-05.jsonl"],
        other["zendesk/tickets/2025-02-05.jsonl"]
    );
    assert_ne!(
        first["shopify/orders/2025-02-05.jsonl"],
        other["shopify/orders/2025-02-05.jsonl"]
    );
}

#[test]
fn a_longer_export_begins_with_the_files_of_a_shorter_one() {
    let (short, _) = files(&options(3, 30));
    let (long, _) = files(&options(3, 31));
    for (path, bytes) in &short {
        assert_eq!(Some(bytes), long.get(path), "{path}");
    }
    let added: Vec<_> = long.keys().filter(|path| !short.contains_key(*path)).collect();
    assert!(
        !added.is_empty() && added.iter().all(|path| path.contains("2025-03-03")),
        "{added:?}"
    );
}

#[test]
fn sizes_come_as_asked() {
    for (orders, tickets) in [(12.0, 14.0), (40.0, 8.0), (0.0, 20.0), (20.0, 0.0), (3.5, 7.5)] {
        let (_, summary) = files(&SampleOptions {
            orders_per_day: orders,
            tickets_per_day: tickets,
            ..options(11, 120)
        });
        let near = |got: u64, per_day: f64| (got as f64 - per_day * 120.0).abs() <= per_day * 12.0;
        assert!(near(summary.orders, orders), "{orders}: {}", summary.orders);
        assert!(near(summary.tickets, tickets), "{tickets}: {}", summary.tickets);
        assert!(
            near(summary.changes, tickets * 14.0 * 0.96),
            "{tickets}: {}",
            summary.changes
        );
    }
}

#[test]
fn the_summary_counts_what_is_in_the_files() {
    let (files, summary) = files(&options(5, 60));
    let tickets = records(&files, "zendesk/tickets");
    let distinct = |records: &[(String, Value)]| {
        let ids: BTreeSet<i64> = records
            .iter()
            .map(|(_, record)| record["id"].as_i64().unwrap())
            .collect();
        ids.len() as u64
    };
    assert_eq!(summary.files, files.len() as u64);
    assert_eq!(
        summary.bytes,
        files.values().map(|bytes| bytes.len() as u64).sum::<u64>()
    );
    assert_eq!(summary.tickets, distinct(&tickets));
    let orders = records(&files, "shopify/orders");
    assert_eq!(summary.orders, distinct(&orders));
    let audits = records(&files, "zendesk/ticket_audits");
    assert_eq!(summary.audits, distinct(&audits));
    for (counted, written) in [
        (summary.ticket_records, tickets.len()),
        (summary.order_records, orders.len()),
    ] {
        assert_eq!(counted, written as u64);
    }
}

#[test]
fn updates_lie_in_the_day_of_their_file_or_repeat_yesterdays() {
    let (files, _) = files(&options(5, 60));
    for folder in [
        "zendesk/tickets",
        "shopify/orders",
        "zendesk/ticket_audits",
        "zendesk/users",
        "zendesk/surveys",
        "shopify/surveys",
        "shopify/reviews",
        "shopify/returns",
    ] {
        let field = if folder.ends_with("audits") {
            "created_at"
        } else {
            "updated_at"
        };
        let mut repeats = 0;
        let all = records(&files, folder);
        let known: BTreeSet<(String, String)> = all
            .iter()
            .map(|(day, record)| (day.clone(), record.to_string()))
            .collect();
        for (day, record) in &all {
            let updated = &record[field].as_str().unwrap()[..10];
            if updated != day {
                let next = updated.parse::<NaiveDate>().unwrap().succ_opt().unwrap().to_string();
                assert_eq!(*day, next, "{folder}: {record}");
                assert!(
                    known.contains(&(updated.to_owned(), record.to_string())),
                    "{folder}: {record}"
                );
                repeats += 1;
            }
        }
        let is_repeated = matches!(folder, "zendesk/tickets" | "zendesk/ticket_audits" | "shopify/orders");
        assert_eq!(is_repeated, repeats > 0, "{folder}");
    }
}

#[test]
fn compressed_files_hold_the_plain_ones() {
    let (plain, _) = files(&options(4, 5));
    for (compression, ending) in [(Compression::Gzip, ".gz"), (Compression::Zstd, ".zst")] {
        let (packed, summary) = files(&SampleOptions {
            compression,
            plain: vec!["users".to_owned()],
            ..options(4, 5)
        });
        assert!(summary.bytes_written < summary.bytes);
        assert_eq!(packed.len(), plain.len());
        for (path, bytes) in packed {
            let unpacked = match path.strip_suffix(ending) {
                Some(_) if ending == ".gz" => unpack(&bytes),
                Some(_) => zstd::decode_all(&bytes[..]).unwrap(),
                None => {
                    assert!(path.contains("users") || path.ends_with(".json"));
                    bytes
                }
            };
            assert_eq!(plain[path.trim_end_matches(ending)], unpacked, "{path}");
        }
    }
}

#[test]
fn impossible_options_are_refused() {
    let refused = |options: &SampleOptions| {
        matches!(
            generate::<Infallible>(options, &mut |_, _| Ok(())),
            Err(SampleError::Options(_))
        )
    };
    assert!(refused(&options(1, 0)));
    assert!(refused(&SampleOptions {
        orders_per_day: f64::NAN,
        ..options(1, 1)
    }));
    assert!(refused(&SampleOptions {
        tickets_per_day: -1.0,
        ..options(1, 1)
    }));
    assert!(refused(&SampleOptions {
        plain: vec!["invoices".to_owned()],
        ..options(1, 1)
    }));
}

#[test]
fn a_failed_write_names_its_file() {
    let failure = generate(&options(1, 1), &mut |path: &str, _: &[u8]| match path {
        "zendesk/schedules.json" => Err(std::io::Error::other("full")),
        _ => Ok(()),
    });
    assert_eq!(failure.unwrap_err().to_string(), "cannot write zendesk/schedules.json");
}

#[test]
fn other_zones_and_tiny_shops_work() {
    for zone in [
        chrono_tz::UTC,
        chrono_tz::Asia::Kolkata,
        chrono_tz::America::Los_Angeles,
        chrono_tz::Pacific::Apia,
    ] {
        let (_, summary) = files(&SampleOptions {
            time_zone: zone,
            orders_per_day: 0.3,
            tickets_per_day: 0.4,
            ..options(1, 60)
        });
        assert!(summary.orders > 5 && summary.tickets > 8);
    }
}

#[test]
fn the_bundled_demo_is_what_the_generator_makes() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("jobs/demo");
    let (made, _) = files(&SampleOptions {
        first_day: NaiveDate::from_ymd_opt(2025, 1, 31).unwrap(),
        orders_per_day: 6.0,
        tickets_per_day: 8.0,
        orders_csv: false,
        ..options(5, 60)
    });
    for (path, bytes) in made {
        let bundled = match std::fs::read(root.join(&path)) {
            Ok(plain) => plain,
            Err(_) => unpack(&std::fs::read(root.join(format!("{path}.gz"))).unwrap()),
        };
        assert!(
            bundled == bytes,
            "{path} differs: make jobs/demo again (its README has the command)"
        );
    }
}
