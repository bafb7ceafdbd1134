//! The day's helpdesk exports: tickets, audits, users.

use super::clock::{DAY, Instant};
use super::draw::{Draw, Kind};
use super::json::Json;
use super::people::{helpdesk_id, person};
use super::shop::{Files, Shop};
use super::ticket::{Event, Ticket};
use super::ticket_json::{User, write_audit, write_ticket, write_user};

fn record(ticket: &Ticket) -> Vec<u8> {
    let mut json = Json::default();
    write_ticket(&mut json, ticket);
    json.0
}

impl Shop<'_> {
    pub fn export_tickets(&mut self, day: i64, files: &mut Files) {
        let end = (day + 1) * DAY;
        let mut draw = Draw::new(self.options.seed, Kind::Export, day as u64 * 2 + 1);
        let due = self.ticket_days.remove(&day).unwrap_or_default();
        let mut audits: Vec<(Instant, i64, usize)> = Vec::new();
        let mut records: Vec<(Instant, i64, Vec<u8>)> = Vec::new();
        for &id in &due {
            let Some(ticket) = self.tickets.get_mut(&id) else {
                continue;
            };
            let seen_early = draw.chance(20);
            let first = ticket.done;
            while let Some(at) = ticket.next_at().filter(|&at| at < end) {
                audits.push((at, id, ticket.done));
                ticket.apply_next();
                if seen_early && ticket.done == first + 1 {
                    records.push((at, id, record(ticket)));
                }
            }
            records.push((ticket.state.updated, id, record(ticket)));
        }
        records.sort_by_key(|record| (record.0, record.1));
        for (_, _, record) in &records {
            files.tickets.extend_from_slice(record);
            if draw.chance(10) {
                self.repeats.tickets.extend_from_slice(record);
            }
        }
        audits.sort_unstable();
        self.export_audits(&mut draw, &audits, files);
        for id in due {
            self.schedule_ticket(id);
            if self.tickets.get(&id).is_some_and(|ticket| ticket.next_at().is_none()) {
                self.tickets.remove(&id);
            }
        }
        self.export_users(day, files);
    }

    fn export_audits(&mut self, draw: &mut Draw, audits: &[(Instant, i64, usize)], files: &mut Files) {
        let mut json = Json(std::mem::take(&mut files.audits));
        for &(_, id, place) in audits {
            let audit = &self.tickets[&id].audits[place];
            let start = json.0.len();
            self.next_audit = write_audit(&mut json, id, audit, self.next_audit);
            self.summary.audits += 1;
            self.summary.changes += audit
                .events
                .iter()
                .filter(|event| !matches!(event, Event::Macro(_)))
                .count() as u64;
            if draw.chance(3) {
                self.repeats.audits.extend_from_slice(&json.0[start..]);
            }
        }
        files.audits = json.0;
    }

    /// The agents on the first day, agents who leave and come, customers whose address changed.
    fn export_users(&mut self, day: i64, files: &mut Files) {
        if day == self.desks.first_day {
            for id in self.desks.first_agents() {
                self.write_agent(files, id, "agent", day * DAY - 500 * DAY, day * DAY);
            }
        }
        if let Some(leave) = self.desks.leave_on(day) {
            self.write_agent(files, leave.hired, "agent", leave.at, leave.at);
            let hired_at = self
                .desks
                .hired_at(leave.left)
                .unwrap_or((self.desks.first_day - 500) * DAY);
            self.write_agent(files, leave.left, "end-user", hired_at, leave.at);
        }
        let mut changes = self.user_changes.remove(&day).unwrap_or_default();
        changes.sort_by_key(|change| (change.at, change.customer));
        for change in changes {
            let who = person(self.options.seed, change.customer);
            let user = User {
                email: Some(&change.email),
                is_suspended: change.is_suspended,
                updated: change.at,
                ..User::customer(helpdesk_id(change.customer), &who, change.created)
            };
            self.write_user(files, &user);
        }
    }

    fn write_agent(&mut self, files: &mut Files, id: i64, role: &'static str, created: Instant, updated: Instant) {
        let is_admin = role == "agent" && id == self.desks.first_agents().start;
        let user = User {
            id,
            name: &format!("Agente {id}"),
            email: Some(&format!("agente{id}@shop.example")),
            phone: None,
            role: if is_admin { "admin" } else { role },
            locale: "es",
            is_suspended: false,
            created,
            updated,
        };
        self.write_user(files, &user);
    }

    pub fn write_user(&mut self, files: &mut Files, user: &User<'_>) {
        let mut json = Json(std::mem::take(&mut files.users));
        write_user(&mut json, user);
        files.users = json.0;
    }
}
