//! The life of a ticket: every audit it will ever have, drawn when it is created. Here its creation and what people do to it;
//! `fates` puts that into stories.

use super::clock::{DAY, HOUR, Instant, LocalTime};
use super::draw::Draw;
use super::fixed::{EVENINGS, OFFICE, POLICIES, PRIORITIES, Policy};
use super::moods::{agent_opening, replies};
use super::people::{Desks, helpdesk_id};
use super::ticket::{Audit, Event, SYSTEM, Ticket, Value, Via};
use super::words::{Language, NOTES};

/// What becomes of the ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Answered,
    StartedByAgent,
    /// Answered, then on hold for months.
    Stuck,
    Unanswered,
    Deleted,
    Spam,
    MergedInto(i64),
}

/// Minutes until an agent picks a ticket up: quantiles.
pub const PICK_UP: [i64; 7] = [2, 12, 35, 90, 240, 600, 2400];

pub struct Life<'a> {
    pub draw: &'a mut Draw,
    pub desks: Desks,
    pub local: LocalTime,
    pub ticket: &'a mut Ticket,
    /// What the two write in.
    pub language: Language,
    pub desk: u64,
    pub status: &'static str,
    pub priority: Option<&'static str>,
    pub assignee: Option<i64>,
    pub policy: Option<&'static Policy>,
    /// The target of the first or next reply that is running, in minutes.
    pub running: Option<(&'static str, i64)>,
    pub now: Instant,
}

impl<'a> Life<'a> {
    pub fn new(draw: &'a mut Draw, desks: Desks, local: LocalTime, ticket: &'a mut Ticket, language: Language) -> Self {
        Self {
            desk: draw.below(desks.count),
            status: "new",
            priority: ticket.state.priority,
            assignee: None,
            policy: None,
            running: None,
            now: ticket.created,
            draw,
            desks,
            local,
            ticket,
            language,
        }
    }

    /// Fills the ticket's audits. The moment of the last solve, if the ticket was solved.
    pub fn tell(mut self, fate: Fate) -> Option<Instant> {
        self.create(fate);
        let solved = match fate {
            Fate::Answered | Fate::StartedByAgent => self.answer(fate),
            Fate::Stuck => self.get_stuck(),
            Fate::Unanswered => self.ignore(),
            Fate::Deleted | Fate::Spam => self.delete(fate),
            Fate::MergedInto(survivor) => self.merge(survivor),
        };
        self.ticket.audits.sort_by_key(|audit| audit.at);
        solved
    }

    pub fn push(&mut self, author: i64, via: Via, events: Vec<Event>) {
        self.push_at(self.now, author, via, events);
    }

    pub fn push_at(&mut self, at: Instant, author: i64, via: Via, events: Vec<Event>) {
        self.ticket.audits.push(Audit {
            at,
            author,
            via,
            events,
        });
    }

    pub fn channel(&self) -> Via {
        Via::Channel(self.ticket.channel)
    }

    pub fn requester(&self) -> i64 {
        helpdesk_id(self.ticket.requester)
    }

    pub fn agent(&self) -> i64 {
        self.desks.agent_at(self.desk, self.now)
    }

    /// Some time later, in working hours for most.
    pub fn wait_for_agent(&mut self, minutes: &[i64]) {
        let wait = match self.priority {
            Some("urgent") => 2,
            Some("high") => 4,
            _ => 6,
        };
        self.now += self.draw.quantile(minutes) * 10 * wait + self.draw.between(1, 59);
        let spread = self.draw.between(0, HOUR);
        if self.draw.chance(880) {
            self.now = self.local.when_open(self.now, spread);
        }
    }

    pub fn wait(&mut self, minutes: &[i64]) {
        self.now += self.draw.quantile(minutes) * 60 + self.draw.between(1, 59);
    }

    pub fn status_change(&mut self, status: &'static str) -> Event {
        let event = Event::Change("status", Value::Text(status), Value::Text(self.status));
        self.status = status;
        event
    }

    /// An agent acts: takes the ticket first if it is somebody else's (or whose agent has left).
    pub fn act(&mut self, mut events: Vec<Event>) {
        let agent = self.agent();
        if self.assignee != Some(agent) {
            let previous = self.assignee.map_or(Value::None, Value::Id);
            events.insert(0, Event::Change("assignee_id", Value::Id(agent), previous));
            self.assignee = Some(agent);
        }
        self.push(agent, self.channel(), events);
    }

    pub fn comment(&self, author: i64, body: &str, is_public: bool) -> Event {
        Event::Comment {
            author,
            body: body.to_owned(),
            is_public,
        }
    }

    pub fn create(&mut self, fate: Fate) {
        let by_agent = fate == Fate::StartedByAgent;
        if by_agent {
            self.ticket.submitter = self.agent();
            agent_opening(self.language).clone_into(&mut self.ticket.description);
        }
        let submitter = self.ticket.submitter;
        let mut events = vec![Event::Create("status", Value::Text("new"))];
        if let Some(priority) = self.priority {
            events.push(Event::Create("priority", Value::Text(priority)));
        }
        events.push(Event::Create("group_id", Value::Id(self.ticket.state.group as i64)));
        events.push(self.comment(submitter, &self.ticket.description, true));
        let via = match self.ticket.follow_up_of {
            Some(parent) => Via::FollowUp(self.ticket.channel, parent),
            None => self.channel(),
        };
        self.push(submitter, via, events);
        if let Some(priority) = self.priority
            && self.draw.chance(420)
        {
            self.apply_policy(priority, by_agent);
        }
        if self.ticket.channel == "email" && !by_agent && self.draw.chance(200) {
            let acknowledgement = match self.draw.chance(500) {
                true => Event::Notification,
                false => self.comment(SYSTEM, "Hemos recibido tu mensaje (respuesta automática).", true),
            };
            self.push(SYSTEM, Via::Trigger, vec![acknowledgement]);
        }
        if self.draw.chance(250) {
            self.assign_schedule();
        }
    }

    /// The trigger that sets the targets runs in the second of the creation.
    pub fn apply_policy(&mut self, priority: &'static str, by_agent: bool) {
        let policy = self.draw.pick(&POLICIES);
        self.policy = Some(policy);
        let mut events = vec![Event::Create("sla_policy", Value::Text(policy.name))];
        let metrics = ["first_reply_time", "requester_wait_time", "agent_work_time"];
        for metric in metrics.into_iter().skip(usize::from(by_agent)) {
            let minutes = policy.minutes(metric, priority);
            events.push(Event::Create(metric, Value::Minutes(minutes, policy.in_business_hours)));
        }
        if !by_agent {
            self.running = Some(("first_reply_time", policy.minutes("first_reply_time", priority)));
        }
        self.push(SYSTEM, Via::Trigger, events);
    }

    /// A schedule comes later than the creation, up to half a day; one in ten is changed the next day.
    pub fn assign_schedule(&mut self) {
        let at = self.now + self.draw.between(0, 12 * HOUR) * self.draw.between(0, 1);
        let new = self.draw.weighted(&[(1, OFFICE), (2, EVENINGS)]);
        self.push_at(at, SYSTEM, Via::Trigger, vec![Event::Schedule { previous: None, new }]);
        if self.draw.chance(100) {
            let change = Event::Schedule {
                previous: Some(new),
                new: OFFICE + EVENINGS - new,
            };
            self.push_at(at + DAY, SYSTEM, Via::Trigger, vec![change]);
        }
    }

    /// Assigning, triage: note, other team, other priority. All before the first reply.
    pub fn pick_up(&mut self) {
        self.wait_for_agent(&PICK_UP);
        if self.draw.chance(550) {
            let open = self.status_change("open");
            self.act(vec![open]);
            self.wait_for_agent(&[1, 5, 15, 60, 200]);
        }
        if self.priority.is_none() {
            self.priority = Some("normal");
            self.act(vec![Event::Change("priority", Value::Text("normal"), Value::None)]);
        }
        if self.draw.chance(100) {
            let note = *self.draw.pick(&NOTES);
            let note = self.comment(self.agent(), note, false);
            self.act(vec![note]);
            self.wait_for_agent(&[1, 5, 15, 60, 200]);
        }
        if self.draw.chance(80) {
            self.transfer();
        }
        if self.draw.chance(60) {
            self.escalate();
        }
    }

    pub fn transfer(&mut self) {
        let from = self.ticket.state.group as i64;
        let to = if from == 2 { 3 } else { 2 };
        self.act(vec![Event::Change("group_id", Value::Id(to), Value::Id(from))]);
        self.desk = self.draw.below(self.desks.count);
        self.wait_for_agent(&[10, 40, 100, 400, 900]);
    }

    /// A higher priority; in the same second the trigger sets the targets of that priority.
    pub fn escalate(&mut self) {
        let Some(from) = self.priority else { return };
        let place = PRIORITIES.iter().position(|&known| known == from).unwrap_or(0);
        let to = PRIORITIES[place.saturating_sub(1)];
        if from == to {
            return;
        }
        self.priority = Some(to);
        self.act(vec![Event::Change("priority", Value::Text(to), Value::Text(from))]);
        let Some(policy) = self.policy else { return };
        let value = |metric, priority| Value::Minutes(policy.minutes(metric, priority), policy.in_business_hours);
        let running = self.running.map(|(metric, _)| metric);
        let metrics = running.into_iter().chain(["requester_wait_time", "agent_work_time"]);
        let events = metrics
            .map(|metric| Event::Change(metric, value(metric, to), value(metric, from)))
            .collect();
        self.running = running.map(|metric| (metric, policy.minutes(metric, to)));
        self.push(SYSTEM, Via::Trigger, events);
    }

    /// A public reply, with a change of status in the same audit or none; it ends the running target.
    pub fn reply(&mut self, status: Option<&'static str>) {
        let body = *self.draw.pick(replies(self.language));
        let mut events = vec![self.comment(self.agent(), body, true)];
        if let Some(status) = status.filter(|&status| status != self.status) {
            events.push(self.status_change(status));
        }
        self.act(events);
        if let (Some((metric, minutes)), Some(policy)) = (self.running.take(), self.policy) {
            let previous = Value::Minutes(minutes, policy.in_business_hours);
            self.push(SYSTEM, Via::Trigger, vec![Event::Change(metric, Value::None, previous)]);
        }
    }

    /// The customer writes: the ticket opens and the next reply is due.
    pub fn customer_writes(&mut self, body: &str) {
        let mut events = vec![self.comment(self.requester(), body, true)];
        if !matches!(self.status, "new" | "open") {
            events.push(self.status_change("open"));
        }
        self.push(self.requester(), self.channel(), events);
        if let (None, Some(policy), Some(priority)) = (self.running, self.policy, self.priority) {
            let minutes = policy.minutes("next_reply_time", priority);
            self.running = Some(("next_reply_time", minutes));
            let value = Value::Minutes(minutes, policy.in_business_hours);
            self.push(
                SYSTEM,
                Via::Trigger,
                vec![Event::Change("next_reply_time", value, Value::None)],
            );
        }
    }
}
