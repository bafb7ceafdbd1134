//! Tickets, audits and users as the helpdesk's incremental exports give them.

use super::clock::Instant;
use super::json::Json;
use super::people::{Person, helpdesk_id};
use super::ticket::{Audit, Event, Ticket, Value, Via};
use super::words::Language;

/// The custom field that holds the order's name.
const ORDER_FIELD: i64 = 360_001;
/// The one that holds the product.
const PRODUCT_FIELD: i64 = 360_002;

pub fn write_ticket(json: &mut Json, ticket: &Ticket) {
    let state = &ticket.state;
    json.open('{').key("id").number(ticket.id);
    json.key("url").text(&format!(
        "https://alborada.zendesk.com/api/v2/tickets/{}.json",
        ticket.id
    ));
    json.key("external_id").null().key("via");
    write_via(
        json,
        match ticket.follow_up_of {
            Some(parent) => Via::FollowUp(ticket.channel, parent),
            None => Via::Channel(ticket.channel),
        },
    );
    json.key("created_at")
        .instant(ticket.created)
        .key("updated_at")
        .instant(state.updated);
    json.key("type").text(ticket.ticket_type);
    json.key("subject")
        .text(&ticket.subject)
        .key("description")
        .text(&ticket.description);
    json.key("priority").or_null(state.priority, |json, priority| {
        json.text(priority);
    });
    json.key("status").text(state.status);
    json.key("requester_id")
        .number(helpdesk_id(ticket.requester))
        .key("submitter_id")
        .number(ticket.submitter);
    json.key("assignee_id").or_null(state.assignee, |json, agent| {
        json.number(agent);
    });
    json.key("group_id")
        .number(state.group as i64)
        .key("brand_id")
        .number(ticket.brand)
        .key("tags")
        .open('[');
    for (_, tag) in ticket.tags.iter().filter(|(from, _)| *from <= state.updated) {
        json.text(tag);
    }
    json.close(']')
        .key("is_public")
        .flag(true)
        .key("satisfaction_rating")
        .open('{')
        .key("score")
        .text(state.score);
    if let Some(comment) = ticket.comment.filter(|_| matches!(state.score, "good" | "bad")) {
        json.key("comment").text(comment);
    }
    json.close('}').key("custom_fields").open('[');
    if let Some(order) = &ticket.order_name {
        json.open('{')
            .key("id")
            .number(ORDER_FIELD)
            .key("value")
            .text(order)
            .close('}');
    }
    if let Some(product) = ticket.product {
        json.open('{')
            .key("id")
            .number(PRODUCT_FIELD)
            .key("value")
            .text(&(product + 1).to_string())
            .close('}');
    }
    json.close(']')
        .key("followup_ids")
        .open('[')
        .close(']')
        .close('}')
        .end_line();
}

/// Writes an audit and gives it and its events the ids from `id` on; returns the next free id.
pub fn write_audit(json: &mut Json, ticket: i64, audit: &Audit, id: i64) -> i64 {
    json.open('{').key("id").number(id).key("ticket_id").number(ticket);
    json.key("created_at")
        .instant(audit.at)
        .key("author_id")
        .number(audit.author)
        .key("via");
    write_via(json, audit.via);
    json.key("events").open('[');
    for (event, id) in audit.events.iter().zip(id + 1..) {
        json.open('{').key("id").number(id).key("type");
        match event {
            Event::Create(field, value) => {
                json.text("Create").key("field_name").text(field).key("value");
                write_value(json, value);
            }
            Event::Change(field, value, previous) => {
                json.text("Change").key("field_name").text(field).key("value");
                write_value(json, value);
                json.key("previous_value");
                write_value(json, previous);
            }
            Event::Comment {
                author,
                body,
                is_public,
            } => {
                json.text("Comment").key("author_id").number(*author);
                json.key("body").text(body).key("public").flag(*is_public);
            }
            Event::Schedule { previous, new } => {
                json.text("ScheduleAssignment")
                    .key("previous_schedule_id")
                    .or_null(*previous, |json, id| {
                        json.number(id);
                    });
                json.key("new_schedule_id").number(*new);
            }
            Event::Macro(id) => {
                json.text("AgentMacroReference").key("macro_id").text(&id.to_string());
            }
            Event::Notification => {
                json.text("Notification")
                    .key("subject")
                    .text("Solicitud recibida")
                    .key("recipients")
                    .open('[')
                    .close(']');
            }
        }
        json.close('}');
    }
    json.close(']').close('}').end_line();
    id + 1 + audit.events.len() as i64
}

fn write_value(json: &mut Json, value: &Value) {
    match value {
        Value::Text(text) => json.text(text),
        Value::Id(id) => json.text(&id.to_string()),
        Value::Minutes(minutes, in_business_hours) => json
            .open('{')
            .key("minutes")
            .number(*minutes)
            .key("in_business_hours")
            .flag(*in_business_hours)
            .close('}'),
        Value::None => json.null(),
    };
}

fn write_via(json: &mut Json, via: Via) {
    let (channel, rel) = match via {
        Via::Channel(channel) => (channel, None),
        Via::FollowUp(channel, _) => (channel, Some("follow_up")),
        Via::Trigger => ("rule", Some("trigger")),
        Via::Automation => ("rule", Some("automation")),
    };
    json.open('{').key("channel").text(channel);
    if let Some(rel) = rel {
        json.key("source").open('{').key("rel").text(rel);
        if let Via::FollowUp(_, parent) = via {
            json.key("from").open('{').key("ticket_id").number(parent).close('}');
        }
        json.close('}');
    }
    json.close('}');
}

/// One version of a user.
pub struct User<'a> {
    pub id: i64,
    pub name: &'a str,
    pub email: Option<&'a str>,
    pub phone: Option<&'a str>,
    pub role: &'static str,
    pub locale: &'static str,
    pub is_suspended: bool,
    pub created: Instant,
    pub updated: Instant,
}

impl<'a> User<'a> {
    pub fn customer(id: i64, person: &'a Person, at: Instant) -> Self {
        Self {
            id,
            name: &person.name,
            email: Some(&person.email),
            phone: None,
            role: "end-user",
            locale: match person.language {
                Language::Spanish => "es",
                Language::Portuguese => "pt",
                Language::English => "en",
            },
            is_suspended: false,
            created: at,
            updated: at,
        }
    }
}

pub fn write_user(json: &mut Json, user: &User<'_>) {
    json.open('{').key("id").number(user.id).key("name").text(user.name);
    let text = |json: &mut Json, value: &str| {
        json.text(value);
    };
    json.key("email").or_null(user.email, text);
    json.key("phone").or_null(user.phone, text);
    json.key("role")
        .text(user.role)
        .key("locale")
        .text(user.locale)
        .key("active")
        .flag(true);
    json.key("suspended").flag(user.is_suspended);
    json.key("created_at")
        .instant(user.created)
        .key("updated_at")
        .instant(user.updated)
        .close('}')
        .end_line();
}
