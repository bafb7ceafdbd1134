//! What becomes of a ticket, from its first reply to its end.

use super::clock::{DAY, HOUR, Instant};
use super::life::{Fate, Life, PICK_UP};
use super::moods::{follow_ups, not_solved};
use super::ticket::{Event, SYSTEM, Value, Via};

/// Minutes until the customer writes back.
const WRITE_BACK: [i64; 6] = [5, 60, 300, 1100, 2400, 5000];
const CLOSE_AFTER: i64 = 4 * DAY;

impl Life<'_> {
    pub fn answer(&mut self, fate: Fate) -> Option<Instant> {
        if fate == Fate::StartedByAgent {
            self.wait(&WRITE_BACK);
            if self.draw.chance(600) {
                self.customer_writes(follow_ups(self.language)[0]);
                self.pick_up();
                self.reply(Some("pending"));
            }
        } else {
            self.pick_up();
            let next = self
                .draw
                .weighted(&[(430, "solved"), (370, "pending"), (60, "hold"), (140, "open")]);
            self.reply(Some(next));
        }
        if self.status != "solved" {
            for _ in 0..self.draw.weighted(&[(60, 0), (26, 1), (10, 2), (4, 4)]) {
                self.exchange();
            }
            self.solve();
        }
        let mut solved = self.now;
        self.survey();
        // A reopened ticket is solved again; one in eight of them is reopened twice.
        if self.draw.chance(90) {
            solved = self.reopen();
            if self.draw.chance(125) {
                solved = self.reopen();
            }
        }
        self.close(solved + CLOSE_AFTER);
        Some(solved)
    }

    fn exchange(&mut self) {
        self.wait(&WRITE_BACK);
        let body = *self.draw.pick(follow_ups(self.language));
        self.customer_writes(body);
        // Some write twice before they get an answer.
        if self.draw.chance(150) {
            self.now += self.draw.between(0, 900);
            self.customer_writes("???");
        }
        self.wait_for_agent(&PICK_UP);
        let next = self.draw.weighted(&[(7, "pending"), (1, "hold"), (3, "open")]);
        self.reply(Some(next));
    }

    fn solve(&mut self) {
        self.wait_for_agent(&[5, 30, 120, 700, 1500, 3000]);
        if self.draw.chance(300) {
            self.reply(Some("solved"));
        } else {
            let solved = self.status_change("solved");
            self.act(vec![solved]);
        }
    }

    fn reopen(&mut self) -> Instant {
        self.now += self.draw.between(2 * HOUR, CLOSE_AFTER - 6 * HOUR);
        self.customer_writes(not_solved(self.language));
        self.wait_for_agent(&PICK_UP);
        let next = self.draw.weighted(&[(6, "solved"), (4, "pending")]);
        self.reply(Some(next));
        if self.status != "solved" {
            self.solve();
        }
        self.now
    }

    /// Offered an hour after the solve to under half, answered by a third of those, mostly good.
    fn survey(&mut self) {
        if !self.draw.chance(450) {
            return;
        }
        let offered = self.now + HOUR + self.draw.between(0, 600);
        let change = |value, previous| vec![Event::Change("satisfaction_score", value, previous)];
        let offer = change(Value::Text("offered"), Value::None);
        self.push_at(offered, SYSTEM, Via::Automation, offer);
        if !self.draw.chance(370) {
            return;
        }
        let answered = offered + self.draw.between(300, 2 * DAY);
        let slow = self.now - self.ticket.created > 3 * DAY;
        let first = if self.draw.chance(if slow { 400 } else { 150 }) {
            "bad"
        } else {
            "good"
        };
        let requester = self.requester();
        let answer = change(Value::Text(first), Value::Text("offered"));
        self.push_at(answered, requester, Via::Channel("web"), answer);
        if self.draw.chance(150) {
            self.ticket.comment = Some(if first == "good" {
                "Muy rápido, ¡gracias! 😊"
            } else {
                "Tarde, \"como siempre\""
            });
        }
        if first == "bad" && self.draw.chance(60) {
            let changed = change(Value::Text("good"), Value::Text("bad"));
            self.push_at(answered + HOUR, requester, Via::Channel("web"), changed);
        }
    }

    fn close(&mut self, at: Instant) {
        self.now = at.max(self.now);
        let closed = self.status_change("closed");
        self.push(SYSTEM, Via::Automation, vec![closed]);
    }

    pub fn get_stuck(&mut self) -> Option<Instant> {
        self.pick_up();
        self.reply(Some("hold"));
        self.now += self.draw.between(25 * DAY, 90 * DAY);
        self.solve();
        let solved = self.now;
        self.close(solved + CLOSE_AFTER);
        Some(solved)
    }

    /// Never answered: half stay new for good, the others are closed unanswered after ten days.
    pub fn ignore(&mut self) -> Option<Instant> {
        if self.draw.chance(500) {
            self.wait(&WRITE_BACK);
            self.customer_writes("???");
            self.now += 10 * DAY;
            let solved = self.status_change("solved");
            self.push(SYSTEM, Via::Automation, vec![solved]);
            self.close(self.now + CLOSE_AFTER);
        }
        None
    }

    pub fn delete(&mut self, fate: Fate) -> Option<Instant> {
        self.wait_for_agent(&PICK_UP);
        if fate == Fate::Deleted && self.draw.chance(500) {
            self.reply(Some("open"));
            self.wait_for_agent(&PICK_UP);
        }
        // Spam is deleted, or closed with the tag alone.
        let end = if fate == Fate::Spam && self.draw.chance(400) {
            "closed"
        } else {
            "deleted"
        };
        if fate == Fate::Spam {
            self.ticket.tags.push((self.now, "spam"));
        }
        let ended = self.status_change(end);
        self.push(self.agent(), self.channel(), vec![ended]);
        None
    }

    pub fn merge(&mut self, survivor: i64) -> Option<Instant> {
        self.wait_for_agent(&PICK_UP);
        let open = self.status_change("open");
        self.act(vec![open]);
        self.now += self.draw.between(0, HOUR);
        let text = format!("This request was closed and merged into request #{survivor}");
        let note = self.comment(self.agent(), &text, false);
        let closed = self.status_change("closed");
        self.act(vec![note, closed]);
        // Both spellings are seen in exports.
        let tag = if self.draw.chance(250) {
            "merge_closed_by_merge"
        } else {
            "closed_by_merge"
        };
        self.ticket.tags.push((self.now, tag));
        Some(self.now)
    }
}
