//! Random histories of tickets, told a second time without SQL: status times, first contact and service levels.
//!
//! The oracle walks over whole minutes and counts, rather than taking differences of clocks. It follows the words of
//! `docs/decisions.md`. `POSTVENTA_PROPTEST_CASES` sets the number of stories, `PROPTEST_RNG_SEED` repeats one.

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use super::program::Project;
use super::shop::number_from;
use super::warehouse::table;

/// A Monday; the clocks of Madrid go forward on the Sunday after it.
const START: &str = "2025-03-24T00:00:00Z";
const MINUTES_OF_WEEK: usize = 7 * 24 * 60;
/// How far an open wait is followed into the future.
const HORIZON: usize = 30 * 24 * 60;

const JOB: &str = r#"
[[schedule]]
id = "office"
hours = { mon = ["09:00-18:00"], tue = ["09:00-18:00"], wed = ["09:00-18:00"], thu = ["09:00-18:00"], fri = ["09:00-18:00"] }

[[sla]]
policy = "open hours"
default = true
business_hours = true
first_reply_minutes = { normal = 120, urgent = 30 }
next_reply_minutes = { normal = 240, urgent = 60 }
periodic_update_minutes = { normal = 600 }
requester_wait_minutes = { normal = 480, urgent = 240 }
agent_work_minutes = { normal = 480, urgent = 120 }
resolution_minutes = { normal = 1080, urgent = 540 }

[[sla]]
policy = "around the clock"
first_reply_minutes = { normal = 300, urgent = 60 }
next_reply_minutes = { normal = 300, urgent = 60 }
requester_wait_minutes = { normal = 1440, urgent = 300 }
agent_work_minutes = { normal = 1440, urgent = 300 }
resolution_minutes = { normal = 2880, urgent = 1440 }
"#;

/// Minutes of the target; `None`: the policy has none for this metric and priority.
fn target(policy: &str, metric: &str, priority: &str) -> Option<usize> {
    let urgent = priority == "urgent";
    let pick = |of_normal, of_urgent| Some(if urgent { of_urgent } else { of_normal });
    match (policy, metric) {
        ("open hours", "first_reply") => pick(120, 30),
        ("open hours", "next_reply") => pick(240, 60),
        ("open hours", "periodic_update") if !urgent => Some(600),
        ("open hours", "requester_wait") => pick(480, 240),
        ("open hours", "agent_work") => pick(480, 120),
        ("open hours", "resolution") => pick(1080, 540),
        ("around the clock", "first_reply" | "next_reply") => pick(300, 60),
        ("around the clock", "requester_wait" | "agent_work") => pick(1440, 300),
        ("around the clock", "resolution") => pick(2880, 1440),
        _ => None,
    }
}

#[derive(Debug, Clone, Copy)]
enum Event {
    Status(&'static str),
    /// `None` takes the policy away.
    Policy(Option<&'static str>),
    Priority(&'static str),
    Customer,
    Agent,
    Note,
    Bot,
}

/// A ticket of a customer: minutes since the start, and what happened so many minutes after the event before.
#[derive(Debug, Clone)]
struct Ticket {
    id: String,
    customer: usize,
    reason: Option<&'static str>,
    created: usize,
    history: Vec<(usize, Event)>,
}

fn tickets() -> impl Strategy<Value = Vec<Ticket>> {
    let status = prop::sample::select(&["open", "pending", "hold", "solved", "solved", "closed"][..]);
    let policy = prop::sample::select(&[Some("open hours"), Some("around the clock"), None][..]);
    let event = prop_oneof![
        5 => status.prop_map(Event::Status),
        1 => policy.prop_map(Event::Policy),
        1 => prop::sample::select(&["normal", "urgent"][..]).prop_map(Event::Priority),
        3 => Just(Event::Customer),
        4 => Just(Event::Agent),
        1 => Just(Event::Note),
        1 => Just(Event::Bot),
    ];
    let pause = prop_oneof![2 => Just(0_usize), 4 => 1..90_usize, 3 => 90..2_000_usize];
    let history = prop::collection::vec((pause, event), 0..9);
    let reason = prop::sample::select(&[Some("refund"), Some("wismo"), None][..]);
    let ticket = (0..20_usize, reason, 0..2 * MINUTES_OF_WEEK, history);
    let ticket = ticket.prop_map(|(customer, reason, created, pauses)| {
        let mut now = created;
        let history = pauses.into_iter().map(|(pause, event)| {
            now += pause;
            (now, event)
        });
        Ticket {
            id: String::new(),
            customer,
            reason,
            created,
            history: history.collect(),
        }
    });
    prop::collection::vec(ticket, 30..60).prop_map(|mut tickets| {
        for (number, ticket) in tickets.iter_mut().enumerate() {
            ticket.id = format!("t{number}");
        }
        tickets
    })
}

fn instant(minute: usize) -> DateTime<Utc> {
    let start: DateTime<Utc> = START.parse().unwrap();
    start + TimeDelta::minutes(i64::try_from(minute).unwrap())
}

fn local_date(minute: usize) -> String {
    let local = instant(minute).with_timezone(&chrono_tz::Europe::Madrid);
    local.date_naive().to_string()
}

/// Whether the office is open in each minute.
fn opening() -> Vec<bool> {
    let is_open = |minute| {
        let local = instant(minute).with_timezone(&chrono_tz::Europe::Madrid);
        local.weekday().num_days_from_monday() < 5 && (9..18).contains(&local.hour())
    };
    (0..2 * MINUTES_OF_WEEK + 20_000 + HORIZON).map(is_open).collect()
}

/// A stretch of minutes; without an end while it runs.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: usize,
    to: Option<usize>,
}

struct Wait {
    metric: &'static str,
    spans: Vec<Span>,
    ended: Option<usize>,
}

impl Ticket {
    fn statuses(&self) -> Vec<(usize, &'static str)> {
        let status = |(at, event): &(usize, Event)| match event {
            Event::Status(status) => Some((*at, *status)),
            _ => None,
        };
        self.history.iter().filter_map(status).collect()
    }

    fn status(&self) -> &'static str {
        self.statuses().last().map_or("new", |(_, status)| *status)
    }

    fn is_solved(&self) -> bool {
        matches!(self.status(), "solved" | "closed")
    }

    /// Times at which the ticket became solved (`true`), or unsolved again (`false`).
    fn turns(&self) -> Vec<(usize, bool)> {
        let mut turns = Vec::new();
        let mut was_solved = false;
        for (at, status) in self.statuses() {
            let is_solved = matches!(status, "solved" | "closed");
            if is_solved != was_solved {
                turns.push((at, is_solved));
            }
            was_solved = is_solved;
        }
        turns
    }

    fn solves(&self) -> Vec<usize> {
        let turns = self.turns().into_iter();
        turns.filter(|(_, is_solve)| *is_solve).map(|(at, _)| at).collect()
    }

    /// The spans in some statuses; those of no length are none.
    fn spans(&self, of: &[&str]) -> Vec<Span> {
        let mut spans = Vec::new();
        let (mut from, mut status) = (self.created, "new");
        for (at, next) in self.statuses() {
            if of.contains(&status) && at > from {
                spans.push(Span { from, to: Some(at) });
            }
            (from, status) = (at, next);
        }
        if of.contains(&status) {
            spans.push(Span { from, to: None });
        }
        spans
    }

    /// Seconds of ended spans; nothing without a history.
    fn seconds_in(&self, of: &[&str]) -> Option<usize> {
        let ended = |span: &Span| span.to.map_or(0, |to| to - span.from);
        (!self.statuses().is_empty()).then(|| self.spans(of).iter().map(ended).sum::<usize>() * 60)
    }

    fn times(&self, wanted: fn(&Event) -> bool) -> Vec<usize> {
        let of_kind = self.history.iter().filter(|(_, event)| wanted(event));
        of_kind.map(|(at, _)| *at).collect()
    }

    fn replies(&self) -> Vec<usize> {
        self.times(|event| matches!(event, Event::Agent))
    }

    fn has_messages(&self) -> bool {
        let is_message = |event: &Event| matches!(event, Event::Customer | Event::Agent | Event::Note | Event::Bot);
        self.history.iter().any(|(_, event)| is_message(event))
    }

    fn is_first_contact(&self, all: &[Ticket]) -> Option<bool> {
        let solved = *self.solves().last()?;
        if !self.has_messages() {
            return None;
        }
        let is_same_matter = |other: &Ticket| match (self.reason, other.reason) {
            (Some(own), Some(their)) => own == their,
            _ => true,
        };
        let came_back = all.iter().any(|other| {
            other.customer == self.customer
                && other.created > solved
                && other.created <= solved + MINUTES_OF_WEEK
                && is_same_matter(other)
        });
        let reopened = self.turns().iter().any(|(_, is_solve)| !is_solve);
        Some(self.replies().len() == 1 && !reopened && !came_back)
    }

    /// A wait for a reply: a solve ends it, too. `None` where it ends at a time that nobody knows.
    fn wait(&self, metric: &'static str, from: usize, reply: Option<usize>) -> Option<Wait> {
        let solve = self.solves().into_iter().find(|solve| *solve >= from);
        let ended = reply.into_iter().chain(solve).min();
        if ended.is_none() && self.is_solved() {
            return None;
        }
        let spans = vec![Span { from, to: ended }];
        Some(Wait { metric, spans, ended })
    }

    fn waits(&self) -> Vec<Wait> {
        let mut waits = Vec::new();
        if self.has_messages() {
            waits.extend(self.wait("first_reply", self.created, self.replies().first().copied()));
        }
        let (mut waiting_since, mut is_answered) = (None, false);
        for (at, event) in &self.history {
            match event {
                Event::Customer => waiting_since = waiting_since.or(Some(*at)),
                Event::Agent => {
                    if let Some(from) = waiting_since.take().filter(|_| is_answered) {
                        waits.extend(self.wait("next_reply", from, Some(*at)));
                    }
                    is_answered = true;
                }
                _ => {}
            }
        }
        if let Some(from) = waiting_since.filter(|_| is_answered) {
            waits.extend(self.wait("next_reply", from, None));
        }
        let replies = self.replies();
        for (number, from) in replies.iter().enumerate() {
            let wait = self.wait("periodic_update", *from, replies.get(number + 1).copied());
            waits.extend(wait.filter(|wait| wait.ended != Some(*from)));
        }
        let ended = self.solves().last().copied().filter(|_| self.is_solved());
        if !self.statuses().is_empty() {
            for (metric, of) in [
                ("requester_wait", &["new", "open", "hold"][..]),
                ("agent_work", &["new", "open"][..]),
            ] {
                let spans = self.spans(of);
                waits.push(Wait { metric, spans, ended });
            }
        }
        let spans = vec![Span {
            from: self.created,
            to: ended,
        }];
        let metric = "resolution";
        waits.push(Wait { metric, spans, ended });
        waits.retain(|wait| !wait.spans.is_empty());
        waits
    }

    /// Policy and priority in force at a time: of two at one instant the later one.
    fn in_force(&self, at: Option<usize>) -> (Option<&'static str>, &'static str) {
        let (mut policy, mut priority) = (Some("open hours"), "normal");
        if self.history.iter().any(|(_, event)| matches!(event, Event::Policy(_))) {
            policy = None;
        }
        for (_, event) in self.history.iter().filter(|(time, _)| at.is_none_or(|at| *time <= at)) {
            match event {
                Event::Policy(name) => policy = *name,
                Event::Priority(name) => priority = name,
                _ => {}
            }
        }
        (policy, priority)
    }

    /// Metric, target, elapsed seconds, status, due instant and date of every wait that has a target.
    fn runs(&self, open: &[bool]) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        for wait in self.waits() {
            let (policy, priority) = self.in_force(wait.ended);
            let Some(minutes) = policy.and_then(|policy| target(policy, wait.metric, priority)) else {
                continue;
            };
            let counts = |minute: &usize| policy == Some("around the clock") || open[*minute];
            let (mut used, mut due) = (0, None);
            for span in &wait.spans {
                let counted = (span.from..span.to.unwrap_or(span.from + HORIZON)).filter(counts);
                let counted: Vec<usize> = counted.collect();
                let left = minutes - used.min(minutes);
                if due.is_none() && used <= minutes && counted.len() > left {
                    due = Some(if left == 0 { span.from } else { counted[left - 1] + 1 });
                }
                used += if span.to.is_some() { counted.len() } else { 0 };
            }
            let status = match wait.ended {
                _ if used > minutes => "breached",
                Some(_) => "met",
                None => "open",
            };
            let date = if status == "met" { wait.ended } else { due };
            rows.push(vec![
                self.id.clone(),
                wait.metric.to_owned(),
                (minutes * 60).to_string(),
                (used * 60).to_string(),
                status.to_owned(),
                text(due.map(|due| instant(due).timestamp())),
                text(date.map(local_date)),
            ]);
        }
        rows
    }

    fn times_row(&self) -> Vec<String> {
        let solves = self.solves();
        let since_creation = |at: &usize| (at - self.created) * 60;
        let last = solves.last().filter(|_| self.is_solved());
        vec![
            self.id.clone(),
            text(self.seconds_in(&["new", "open", "hold"])),
            text(self.seconds_in(&["new", "open"])),
            text(self.seconds_in(&["pending"])),
            text(self.seconds_in(&["hold"])),
            text(solves.first().map(since_creation)),
            text(last.map(since_creation)),
        ]
    }
}

fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// The tickets as exports in the canonical layout, read by a job.
fn project(tickets: &[Ticket]) -> Project {
    let mut rows = String::from("ticket_id,created_at,status,priority,contact_reason,customer_id,opened_by_id\n");
    let mut events = String::from("event_id,ticket_id,occurred_at,sequence,field,value,previous_value\n");
    let mut messages = String::from("message_id,ticket_id,sent_at,sequence,author_kind,is_public\n");
    let mut number = 0;
    for ticket in tickets {
        let Ticket {
            id,
            customer,
            reason,
            created,
            ..
        } = ticket;
        let (mut status, mut priority) = ("new", "normal");
        for (at, event) in &ticket.history {
            number += 1;
            let at = instant(*at).to_rfc3339();
            let mut changed = |field, value: &str, before: &str| {
                events += &format!("{number},{id},{at},{number},{field},{value},{before}\n");
            };
            let (author, is_public) = match event {
                Event::Status(next) => {
                    changed("status", next, status);
                    status = next;
                    continue;
                }
                Event::Priority(next) => {
                    changed("priority", next, priority);
                    priority = next;
                    continue;
                }
                Event::Policy(policy) => {
                    changed("sla_policy", policy.unwrap_or_default(), "");
                    continue;
                }
                Event::Customer => ("customer", true),
                Event::Agent => ("agent", true),
                Event::Note => ("agent", false),
                Event::Bot => ("bot", true),
            };
            messages += &format!("{number},{id},{at},{number},{author},{is_public}\n");
        }
        let (reason, created) = (reason.unwrap_or_default(), instant(*created).to_rfc3339());
        rows += &format!("{id},{created},{status},{priority},{reason},c{customer},c{customer}\n");
    }
    let mut job = JOB.to_owned();
    let project = Project::new();
    for (entity, content) in [("tickets", rows), ("ticket_events", events), ("messages", messages)] {
        project.write(&format!("{entity}.csv"), &content);
        job += &format!(
            "[[source]]\nname = \"{entity}\"\npreset = \"canonical.{entity}\"\npath = \"{entity}.csv\"\nsystem = \"desk\"\n"
        );
    }
    project.job(&job);
    project
}

/// Fails with the rows that only one of the two tells.
fn assert_told_alike(what: &str, project: &Project, columns: &[&str], mut oracle: Vec<Vec<String>>) {
    let mut told = table(&project.warehouse(), &format!("facts/{what}")).rows(columns);
    told.sort();
    oracle.sort();
    let only = |rows: &[Vec<String>], others: &[Vec<String>]| -> Vec<String> {
        let only = rows.iter().filter(|row| !others.contains(row));
        only.map(|row| row.join(" ")).collect()
    };
    assert!(
        told == oracle,
        "{what}: {}\nonly in the table: {:#?}\nonly in the oracle: {:#?}",
        columns.join(" "),
        only(&told, &oracle),
        only(&oracle, &told)
    );
}

fn tell(tickets: &[Ticket], open: &[bool]) {
    let project = project(tickets);
    project.run(&[]).exits(0);
    let times = [
        "ticket_id",
        "requester_wait_seconds",
        "agent_work_seconds",
        "agent_wait_seconds",
        "on_hold_seconds",
        "first_resolution_seconds",
        "full_resolution_seconds",
    ];
    assert_told_alike(
        "fct_tickets",
        &project,
        &times,
        tickets.iter().map(Ticket::times_row).collect(),
    );
    let solved = tickets.iter().filter(|ticket| ticket.is_solved());
    let contacts = solved.map(|ticket| vec![ticket.id.clone(), text(ticket.is_first_contact(tickets))]);
    let columns = ["ticket_id", "is_first_contact"];
    assert_told_alike("fct_first_contact", &project, &columns, contacts.collect());
    let columns = [
        "ticket_id",
        "metric",
        "target_seconds",
        "elapsed_seconds",
        "status",
        "due_epoch",
        "status_date",
    ];
    let runs = tickets.iter().flat_map(|ticket| ticket.runs(open));
    assert_told_alike("fct_sla_runs", &project, &columns, runs.collect());
}

#[test]
fn random_histories_are_told_as_a_naive_reader_tells_them() {
    let cases = number_from("POSTVENTA_PROPTEST_CASES", 12);
    let config = ProptestConfig {
        cases: u32::try_from(cases).unwrap(),
        max_shrink_iters: 60,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let seed = number_from("PROPTEST_RNG_SEED", 20_250_324) as u64;
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let open = opening();
    let outcome = runner.run(&tickets(), |tickets| {
        tell(&tickets, &open);
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("PROPTEST_RNG_SEED={seed} POSTVENTA_PROPTEST_CASES={cases}: {failure}");
    }
}
