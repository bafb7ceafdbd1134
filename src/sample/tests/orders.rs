//! Orders: their money, their awkward cases, who comes back.

use super::{cents, files, list, options, records, sum};
use crate::sample::SampleOptions;
use chrono::NaiveDate;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn the_money_of_orders_adds_up() {
    let (files, _) = files(&options(9, 90));
    for (_, order) in records(&files, "shopify/orders") {
        let lines = list(&order["line_items"]);
        let gross = sum(lines, |line| cents(&line["price"]) * line["quantity"].as_i64().unwrap());
        let discount = sum(lines, |line| {
            sum(list(&line["discount_allocations"]), |part| cents(&part["amount"]))
        });
        let tax = sum(lines, |line| {
            sum(list(&line["tax_lines"]), |part| cents(&part["price"]))
        });
        let shipping = sum(list(&order["shipping_lines"]), |line| cents(&line["price"]));
        assert!(!lines.is_empty());
        assert_eq!(cents(&order["total_line_items_price"]), gross, "{order}");
        assert_eq!(cents(&order["total_discounts"]), discount);
        assert_eq!(cents(&order["subtotal_price"]), gross - discount);
        assert_eq!(cents(&order["total_tax"]), tax);
        assert_eq!(cents(&order["total_price"]), gross - discount + tax + shipping);

        let moved = |kinds: &[&str]| {
            let done =
                |payment: &&Value| payment["status"] == "success" && kinds.contains(&payment["kind"].as_str().unwrap());
            let payments = list(&order["transactions"]).iter().filter(done);
            payments.map(|payment| cents(&payment["amount"])).sum::<i64>()
        };
        let (paid, refunded) = (moved(&["sale", "capture"]), moved(&["refund"]));
        assert!(refunded <= paid && paid <= cents(&order["total_price"]), "{order}");
        let refunds = list(&order["refunds"]);
        let in_refunds = sum(refunds, |refund| {
            let goods = sum(list(&refund["refund_line_items"]), |line| {
                cents(&line["subtotal"]) + cents(&line["total_tax"])
            });
            goods - sum(list(&refund["order_adjustments"]), |part| cents(&part["amount"]))
        });
        assert_eq!(in_refunds, refunded, "{order}");
        let status = order["financial_status"].as_str().unwrap();
        let expected: &[&str] = match (paid, refunded) {
            (0, _) if cents(&order["total_price"]) > 0 => &["pending", "authorized", "voided"],
            (_, 0) => &["paid", "partially_paid"],
            (paid, refunded) if refunded < paid => &["partially_refunded"],
            _ => &["refunded"],
        };
        assert!(expected.contains(&status), "{order}");
    }
}

#[test]
fn the_csv_has_the_lines_of_the_days_orders() {
    let (files, summary) = files(&options(9, 40));
    let mut orders = BTreeMap::new();
    let mut rows = 0;
    for bytes in files
        .iter()
        .filter(|(path, _)| path.contains("orders_export"))
        .map(|(_, bytes)| bytes)
    {
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let header = reader.headers().unwrap().clone();
        let column = |name| header.iter().position(|known| known == name).unwrap();
        let (name, total, notes) = (column("Name"), column("Total"), column("Notes"));
        for row in reader.records().map(Result::unwrap) {
            rows += 1;
            assert!(row[column("Lineitem price")].contains('.') && row[column("Vendor")] == *"Alborada");
            if orders.contains_key(&row[name]) {
                assert!(row[total].is_empty() && row[notes].is_empty());
            } else {
                orders.insert(row[name].to_owned(), row[total].to_owned());
            }
        }
    }
    assert_eq!(orders.len() as u64, summary.orders);
    assert!(rows <= summary.order_lines && rows as f64 > summary.order_lines as f64 * 0.97);
    for (_, order) in records(&files, "shopify/orders") {
        if order["updated_at"] == order["created_at"] {
            assert_eq!(
                orders[order["name"].as_str().unwrap()],
                order["total_price"].as_str().unwrap()
            );
        }
    }
}

#[test]
fn every_awkward_order_occurs() {
    let (files, _) = files(&SampleOptions {
        orders_per_day: 30.0,
        ..options(1, 120)
    });
    let orders = records(&files, "shopify/orders");
    let any = |test: &dyn Fn(&Value) -> bool| orders.iter().any(|(_, order)| test(order));
    let email = |order: &Value| order["email"].as_str().unwrap().to_owned();
    assert!(
        any(&|order| order["customer"].is_null() && !email(order).is_empty()),
        "guest with e-mail"
    );
    assert!(
        any(&|order| order["customer"].is_null() && email(order).is_empty()),
        "guest without e-mail"
    );
    assert!(
        any(&|order| email(order).contains("@EXAMPLE.COM")) && any(&|order| email(order).starts_with(' ')),
        "e-mails"
    );
    assert!(any(&|order| order["test"] == true), "test");
    assert!(
        any(&|order| order["cancelled_at"].is_string() && order["financial_status"] == "paid"),
        "cancelled, kept"
    );
    for status in [
        "pending",
        "authorized",
        "partially_paid",
        "paid",
        "partially_refunded",
        "refunded",
        "voided",
    ] {
        assert!(any(&|order| order["financial_status"] == status), "{status}");
    }
    assert!(any(&|order| order["fulfillment_status"] == "partial"), "two parcels");
    for status in ["failure", "pending"] {
        assert!(
            any(&|order| list(&order["transactions"])
                .iter()
                .any(|payment| payment["status"] == status)),
            "{status}"
        );
    }
    for (kind, sign) in [("shipping_refund", -1), ("refund_discrepancy", 1)] {
        let fits = |part: &Value| part["kind"] == kind && cents(&part["amount"]).signum() == sign;
        let in_refund = |refund: &Value| list(&refund["order_adjustments"]).iter().any(fits);
        assert!(any(&|order| list(&order["refunds"]).iter().any(in_refund)), "{kind}");
    }
    let month = |value: &Value| value.as_str().unwrap()[..7].to_owned();
    assert!(any(&|order| list(&order["refunds"]).iter().any(|refund| month(
        &refund["created_at"]
    ) > month(
        &order["created_at"]
    ))));
    let gateways = |order: &Value| -> BTreeSet<String> {
        list(&order["transactions"])
            .iter()
            .map(|payment| payment["gateway"].to_string())
            .collect()
    };
    assert!(any(&|order| gateways(order).len() == 2), "gift card and card");
    assert!(
        any(&|order| list(&order["line_items"]).iter().any(|line| line["gift_card"] == true)),
        "gift card sold"
    );
    let mut lines: BTreeMap<i64, usize> = BTreeMap::new();
    let mut shrunk = false;
    let mut midnight = false;
    for (_, order) in &orders {
        let count = list(&order["line_items"]).len();
        shrunk |= *lines.entry(order["id"].as_i64().unwrap()).or_insert(count) > count;
        midnight |= order["created_at"].as_str().unwrap().contains("T22:59:59")
            || order["created_at"].as_str().unwrap().contains("T23:00:00");
    }
    assert!(shrunk, "a line removed in a newer version");
    assert!(midnight, "at local midnight");
}

#[test]
fn buyers_come_back_less_and_less() {
    let (files, _) = files(&options(2, 240));
    let mut first: BTreeMap<i64, (NaiveDate, [bool; 4])> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (_, order) in records(&files, "shopify/orders") {
        let (Some(customer), true) = (order["customer"]["id"].as_i64(), seen.insert(order["id"].as_i64())) else {
            continue;
        };
        let date: NaiveDate = order["created_at"].as_str().unwrap()[..10].parse().unwrap();
        let (start, months) = first.entry(customer).or_insert((date, [false; 4]));
        let month = (date - *start).num_days() / 30;
        if let Some(seen) = months.get_mut(month as usize) {
            *seen = true;
        }
    }
    let back = |month: usize| {
        first
            .values()
            .filter(|(start, months)| start.to_string().as_str() < "2025-06-01" && months[month])
            .count()
    };
    assert!(back(0) > back(1) && back(1) > back(2) && back(2) > back(3) && back(3) > 0);
}
