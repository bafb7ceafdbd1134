//! Tickets: audits and states agree, awkward cases.

use super::{files, list, options, records};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn audits_tell_the_state_of_their_tickets() {
    let (files, _) = files(&options(6, 90));
    let mut histories: BTreeMap<i64, BTreeMap<String, Value>> = BTreeMap::new();
    let (mut seen, mut last) = (BTreeSet::new(), (String::new(), 0));
    let mut audits = records(&files, "zendesk/ticket_audits");
    audits.sort_by_key(|(_, audit)| audit["id"].as_i64());
    for (_, audit) in audits {
        let id = audit["id"].as_i64().unwrap();
        if !seen.insert(id) {
            continue;
        }
        let now = (audit["created_at"].as_str().unwrap().to_owned(), id);
        assert!(last < now, "ids ascend in time");
        last = now;
        let fields = histories.entry(audit["ticket_id"].as_i64().unwrap()).or_default();
        for event in list(&audit["events"]) {
            assert!(seen.insert(event["id"].as_i64().unwrap()));
            let Some(field) = event["field_name"].as_str() else {
                continue;
            };
            if event["type"] == "Change" {
                let before = fields.get(field).unwrap_or(&Value::Null);
                assert_eq!(&event["previous_value"], before, "{audit}");
            }
            fields.insert(field.to_owned(), event["value"].clone());
        }
    }
    let tickets = records(&files, "zendesk/tickets");
    let mut newest: BTreeMap<i64, &Value> = BTreeMap::new();
    for (_, ticket) in &tickets {
        let best = newest.entry(ticket["id"].as_i64().unwrap()).or_insert(ticket);
        if best["updated_at"].as_str() <= ticket["updated_at"].as_str() {
            *best = ticket;
        }
    }
    assert!(
        newest.keys().eq(histories.keys()),
        "every audit has its ticket, every ticket its audits"
    );
    for (id, ticket) in newest {
        let history = &histories[&id];
        let text = |field: &str| history.get(field).cloned().unwrap_or(Value::Null);
        assert_eq!(ticket["status"], text("status"), "{ticket}");
        assert_eq!(ticket["priority"], text("priority"), "{ticket}");
        assert_eq!(ticket["group_id"].to_string(), text("group_id").as_str().unwrap());
        assert_eq!(
            ticket["assignee_id"].as_i64().map(|id| id.to_string()).as_deref(),
            text("assignee_id").as_str()
        );
    }
}

#[test]
fn every_awkward_ticket_occurs() {
    let (files, _) = files(&options(1, 120));
    let audits = records(&files, "zendesk/ticket_audits");
    let tickets = records(&files, "zendesk/tickets");
    let users = records(&files, "zendesk/users");
    let any_audit = |test: &dyn Fn(&Value) -> bool| audits.iter().any(|(_, audit)| test(audit));
    let any_event = |test: &dyn Fn(&Value) -> bool| any_audit(&|audit| list(&audit["events"]).iter().any(test));
    let any_ticket = |test: &dyn Fn(&Value) -> bool| tickets.iter().any(|(_, ticket)| test(ticket));
    let any_user = |test: &dyn Fn(&Value) -> bool| users.iter().any(|(_, user)| test(user));
    let has_tag = |ticket: &Value, tag| list(&ticket["tags"]).iter().any(|known| known == tag);

    assert!(
        any_event(&|event| event["value"] == "open" && event["previous_value"] == "solved"),
        "reopened"
    );
    assert!(
        any_ticket(&|ticket| has_tag(ticket, "closed_by_merge") && ticket["status"] == "closed"),
        "merged"
    );
    assert!(
        any_event(&|event| event["body"]
            .as_str()
            .is_some_and(|body| body.contains("merged into this"))),
        "survivor"
    );
    assert!(
        any_ticket(&|ticket| ticket["status"] == "deleted" && !has_tag(ticket, "spam")),
        "deleted"
    );
    assert!(
        any_ticket(&|ticket| ticket["status"] == "deleted" && has_tag(ticket, "spam")),
        "spam deleted"
    );
    assert!(
        any_ticket(&|ticket| ticket["status"] == "closed" && has_tag(ticket, "spam")),
        "spam closed"
    );
    assert!(
        any_ticket(&|ticket| ticket["submitter_id"].as_i64() < Some(1000)),
        "agent-started"
    );
    assert!(
        any_ticket(&|ticket| ticket["priority"].is_null()),
        "no priority at first"
    );
    assert!(
        any_ticket(&|ticket| ticket["via"]["source"]["rel"] == "follow_up"),
        "follow-up"
    );
    let subject =
        |part: &'static str| any_ticket(&|ticket| ticket["subject"].as_str().is_some_and(|text| text.contains(part)));
    for part in ["\n", "\"", ", ", "😡", "🙏"] {
        assert!(subject(part), "{part:?} in a subject");
    }
    assert!(
        any_audit(&|audit| audit["author_id"] == -1 && audit["events"][0]["public"] == true),
        "automatic answer"
    );
    assert!(any_event(&|event| event["type"] == "Notification"), "notification");
    assert!(
        any_event(&|event| event["previous_schedule_id"].is_i64()),
        "schedule changed"
    );
    assert!(
        any_event(&|event| event["field_name"] == "priority" && event["value"] == "urgent"),
        "escalated"
    );
    for score in ["offered", "good", "bad"] {
        assert!(
            any_ticket(&|ticket| ticket["satisfaction_rating"]["score"] == score),
            "{score}"
        );
    }
    let leaver = users
        .iter()
        .find(|(_, user)| user["id"].as_i64() < Some(1000) && user["role"] == "end-user");
    let leaver = leaver
        .map(|(_, user)| &user["id"])
        .expect("an agent became an end user");
    assert!(
        any_event(&|event| event["author_id"] == *leaver && event["public"] == true),
        "replied before"
    );
    assert!(
        any_user(&|user| user["role"] == "agent" && user["id"] == *leaver),
        "was an agent"
    );
    assert!(
        any_user(&|user| user["suspended"] == true) && any_user(&|user| user["email"].is_null()),
        "users"
    );
    let known: BTreeSet<i64> = users.iter().filter_map(|(_, user)| user["id"].as_i64()).collect();
    assert!(
        any_ticket(&|ticket| !known.contains(&ticket["requester_id"].as_i64().unwrap())),
        "requester missing"
    );
    let on = |day| {
        tickets
            .iter()
            .filter(|(_, ticket)| ticket["created_at"].as_str().unwrap().starts_with(day))
            .count()
    };
    assert!(
        on("2025-03-30") > on("2025-03-23"),
        "busy on the day of the clock change"
    );
}
