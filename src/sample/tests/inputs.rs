//! What other tools export fits the tickets and orders it belongs to.

use super::{Files, files, list, options, records};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The newest version of each record, by the text of `key`.
fn newest(files: &Files, folder: &str, key: &str) -> BTreeMap<String, Value> {
    records(files, folder)
        .into_iter()
        .map(|(_, record)| (text(&record[key]), record))
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// `earlier` before `later`: both are ISO texts in UTC.
#[track_caller]
fn assert_order(earlier: &Value, later: &Value) {
    assert!(
        earlier.is_string() && later.is_string() && earlier.as_str() < later.as_str(),
        "{earlier} {later}"
    );
}

fn last_delivery(order: &Value) -> Option<&str> {
    let parcels = list(&order["fulfillments"]);
    let deliveries: Option<Vec<&str>> = parcels
        .iter()
        .map(|parcel| {
            let events = list(&parcel["events"]);
            let delivered = events.iter().find(|event| event["status"] == "delivered");
            delivered.and_then(|event| event["happened_at"].as_str())
        })
        .collect();
    deliveries?.into_iter().max()
}

#[test]
fn feedback_on_orders_follows_their_delivery() {
    let (files, _) = files(&options(3, 120));
    let orders = newest(&files, "shopify/orders", "id");
    let surveys = newest(&files, "shopify/surveys", "survey_id");
    let mut kinds = BTreeSet::new();
    for survey in surveys.values() {
        let order = &orders[&text(&survey["order_id"])];
        assert!(last_delivery(order) < survey["sent_at"].as_str(), "{survey}");
        assert_eq!(order["test"], false);
        if let Some(customer) = survey.get("customer_id") {
            assert_eq!(customer, &order["customer"]["id"]);
        }
        let kind = text(&survey["kind"]);
        if survey.get("score").is_some() {
            assert_eq!(kind, "nps");
            assert_order(&survey["sent_at"], &survey["answered_at"]);
        }
        kinds.insert(kind);
    }
    assert_eq!(Vec::from_iter(kinds), ["nps", "review_request", "thank_you"]);
    let reviews = newest(&files, "shopify/reviews", "review_id");
    assert!(reviews.len() > 40);
    for review in reviews.values() {
        let order = &orders[&text(&review["order_id"])];
        assert!(last_delivery(order) < review["reviewed_at"].as_str(), "{review}");
        let bought = list(&order["line_items"])
            .iter()
            .any(|line| line["product_id"] == review["product_id"]);
        // An order may have lost its last line since.
        assert!(
            bought || review["kind"] == "store" || list(&order["line_items"]).len() < 7,
            "{review}"
        );
        if let Some(replied) = review.get("replied_at") {
            assert_order(&review["reviewed_at"], replied);
        }
    }
}

#[test]
fn goods_come_back_before_their_money_goes_back() {
    let (files, _) = files(&options(3, 150));
    let orders = newest(&files, "shopify/orders", "id");
    let mut ends = BTreeSet::new();
    let mut versions: BTreeMap<String, Value> = BTreeMap::new();
    for (_, back) in records(&files, "shopify/returns") {
        versions.insert(format!("{} {}", back["order_id"], text(&back["return_id"])), back);
    }
    for back in versions.values() {
        let order = &orders[&text(&back["order_id"])];
        assert_eq!(back["order_created_at"], order["created_at"]);
        assert!(last_delivery(order) < back["requested_at"].as_str(), "{back}");
        let status = text(&back["status"]);
        if status == "received" {
            assert_order(&back["requested_at"], &back["received_at"]);
            let refunds = list(&order["refunds"]);
            assert!(
                refunds.is_empty()
                    || refunds
                        .iter()
                        .any(|refund| refund["created_at"].as_str() >= back["received_at"].as_str()),
                "{back}"
            );
        }
        ends.insert(status);
    }
    assert_eq!(Vec::from_iter(ends), ["received", "rejected", "requested"]);
}

#[test]
fn contacts_belong_to_their_tickets() {
    let (files, _) = files(&options(3, 90));
    let tickets = newest(&files, "zendesk/tickets", "id");
    let agents = newest(&files, "zendesk/users", "id");
    let of_ticket = |folder: &str, key: &str| -> Vec<(Value, Value)> {
        let found = newest(&files, folder, key).into_values();
        found
            .filter(|record| record.get("ticket_id").is_some())
            .map(|record| (tickets[&text(&record["ticket_id"])].clone(), record))
            .collect()
    };
    let talks = of_ticket("zendesk/interactions", "interaction_id");
    assert!(talks.len() > 100);
    for (ticket, talk) in &talks {
        assert_eq!(talk["customer_id"], ticket["requester_id"]);
        assert!(talk["started_at"].as_str() >= ticket["created_at"].as_str());
        assert_order(&talk["started_at"], &talk["answered_at"]);
        assert_order(&talk["answered_at"], &talk["ended_at"]);
        assert!(agents.contains_key(&text(&talk["agent_id"])), "{talk}");
        assert_eq!(talk["channel"] == "chat", talk.get("handle_seconds").is_some());
    }
    for (ticket, session) in of_ticket("zendesk/bot_sessions", "session_id") {
        assert_eq!(session["handed_off_at"], ticket["created_at"]);
        assert_order(&session["started_at"], &session["ended_at"]);
    }
    for (ticket, survey) in of_ticket("zendesk/surveys", "survey_id") {
        assert_eq!(survey["kind"], "ces");
        assert_eq!(survey["customer_id"], ticket["requester_id"]);
        assert_order(&ticket["created_at"], &survey["sent_at"]);
    }
    for (ticket, assignment) in of_ticket("zendesk/experiment_assignments", "assignment_id") {
        assert_eq!(assignment["assigned_at"], ticket["created_at"]);
    }
    let outcomes: BTreeSet<String> = newest(&files, "zendesk/interactions", "interaction_id")
        .values()
        .map(|talk| text(&talk["outcome"]))
        .collect();
    assert_eq!(Vec::from_iter(outcomes), ["abandoned", "answered", "missed"]);
    let macros = records(&files, "zendesk/ticket_audits")
        .into_iter()
        .filter(|(_, audit)| {
            let events = list(&audit["events"]);
            let has = |test: &dyn Fn(&Value) -> bool| events.iter().any(test);
            let is_macro = has(&|event| event["type"] == "AgentMacroReference");
            assert!(!is_macro || has(&|event| event["public"] == true), "{audit}");
            is_macro
        });
    assert!(macros.count() > 100);
}

#[test]
fn every_day_has_its_stock_and_every_working_day_its_rates() {
    let (files, _) = files(&options(3, 60));
    let rows = |path: &str| -> Vec<Vec<String>> {
        let text = std::str::from_utf8(&files[path]).unwrap();
        let cells = |line: &str| line.split(',').map(str::to_owned).collect();
        text.lines().skip(1).map(cells).collect()
    };
    let mut sold_out = 0;
    for path in files.keys().filter(|path| path.starts_with("shopify/inventory_levels")) {
        let levels = rows(path);
        assert_eq!(levels.len(), 23, "all products but the gift card");
        assert!(levels.iter().all(|level| path.contains(&level[2])));
        sold_out += levels.iter().filter(|level| level[3] == "0").count();
    }
    assert!((10..300).contains(&sold_out), "{sold_out}");
    let days = files.keys().filter(|path| path.starts_with("finance/fx_rates")).count();
    // 60 days from Saturday 2025-02-01: eight whole weeks and Saturday to Tuesday.
    assert_eq!(days, 42);
    assert_eq!(rows("finance/costs/2025-02-01.csv").len(), 11);
}
