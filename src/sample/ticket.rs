//! A ticket as the helpdesk shows it, and the audits that make it so: applying them in order gives its state at any time.

use super::clock::Instant;
use super::draw::Draw;
use super::people::{CustomerNumber, helpdesk_id};

/// Rules, triggers and automations write under this author.
pub const SYSTEM: i64 = -1;

pub struct Ticket {
    pub id: i64,
    pub created: Instant,
    pub requester: CustomerNumber,
    pub submitter: i64,
    pub channel: &'static str,
    /// The closed ticket this one follows up.
    pub follow_up_of: Option<i64>,
    pub subject: String,
    pub description: String,
    pub ticket_type: &'static str,
    pub brand: i64,
    pub order_name: Option<String>,
    /// Its place in the list of products.
    pub product: Option<usize>,
    /// With the moment from which the ticket has them.
    pub tags: Vec<(Instant, &'static str)>,
    pub comment: Option<&'static str>,
    pub state: State,
    /// In the order they happen.
    pub audits: Vec<Audit>,
    /// How many of them have been exported.
    pub done: usize,
}

/// What audits change.
#[derive(Clone)]
pub struct State {
    pub status: &'static str,
    pub priority: Option<&'static str>,
    pub group: u64,
    pub assignee: Option<i64>,
    pub score: &'static str,
    pub updated: Instant,
}

pub struct Audit {
    pub at: Instant,
    pub author: i64,
    pub via: Via,
    pub events: Vec<Event>,
}

#[derive(Clone, Copy)]
pub enum Via {
    Channel(&'static str),
    FollowUp(&'static str, i64),
    Trigger,
    Automation,
}

#[derive(Clone)]
pub enum Value {
    Text(&'static str),
    /// Ids in field changes are text.
    Id(i64),
    Minutes(i64, bool),
    None,
}

pub enum Event {
    Create(&'static str, Value),
    Change(&'static str, Value, Value),
    Comment {
        author: i64,
        body: String,
        is_public: bool,
    },
    Schedule {
        previous: Option<i64>,
        new: i64,
    },
    Notification,
    /// The macro that the comment beside it was made from.
    Macro(i64),
}

impl Ticket {
    /// Exports one more audit: the state after it.
    pub fn apply_next(&mut self) {
        let audit = &self.audits[self.done];
        self.state.updated = audit.at;
        for event in &audit.events {
            if let Event::Create(field, value) | Event::Change(field, value, _) = event {
                match (*field, value) {
                    ("status", Value::Text(status)) => self.state.status = status,
                    ("priority", Value::Text(priority)) => self.state.priority = Some(priority),
                    ("group_id", Value::Id(group)) => self.state.group = *group as u64,
                    ("assignee_id", Value::Id(agent)) => self.state.assignee = Some(*agent),
                    ("satisfaction_score", Value::Text(score)) => self.state.score = score,
                    _ => {}
                }
            }
        }
        self.done += 1;
    }

    /// Two of five public replies are made from one of four macros.
    pub fn apply_macros(&mut self, draw: &mut Draw) {
        let requester = helpdesk_id(self.requester);
        for audit in &mut self.audits {
            let by_agent = audit.author != SYSTEM && audit.author != requester;
            let is_reply = |event: &Event| matches!(event, Event::Comment { is_public: true, .. });
            if by_agent && audit.events.iter().any(is_reply) && draw.chance(400) {
                audit.events.push(Event::Macro(900 + draw.between(1, 4)));
            }
        }
    }

    pub fn next_at(&self) -> Option<Instant> {
        self.audits.get(self.done).map(|audit| audit.at)
    }

    /// Adds an agent's internal note that changes nothing else. Only before the audit's time has come.
    pub fn insert_note(&mut self, at: Instant, author: i64, body: String) {
        let place = self.audits.partition_point(|audit| audit.at <= at);
        let note = Event::Comment {
            author,
            body,
            is_public: false,
        };
        self.audits.insert(
            place,
            Audit {
                at,
                author,
                via: Via::Channel(self.channel),
                events: vec![note],
            },
        );
    }
}
