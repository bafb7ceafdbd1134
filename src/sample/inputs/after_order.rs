//! What follows an order in other tools: surveys, reviews, returns; and the experiment that new customers take part in.

use super::{Folder, Queue, Row};
use crate::sample::clock::{DAY, HOUR, Instant};
use crate::sample::draw::{Draw, Kind};
use crate::sample::moods::{Mood, comment};
use crate::sample::order::Order;

pub struct AfterOrder<'a> {
    pub seed: u64,
    pub order: &'a Order,
    pub queue: &'a mut Queue,
    pub draw: Draw,
}

impl<'a> AfterOrder<'a> {
    pub fn new(seed: u64, order: &'a Order, queue: &'a mut Queue) -> Self {
        let draw = Draw::new(seed, Kind::AfterOrder, order.number);
        Self {
            seed,
            order,
            queue,
            draw,
        }
    }

    /// Everything that will come of the order. `is_first`: the customer's first one.
    pub fn tell(mut self, is_first: bool) {
        if self.order.is_test {
            return;
        }
        if is_first && !self.order.buyer.is_guest {
            self.assign();
        }
        let arrivals: Option<Vec<Instant>> = self.order.parcels.iter().map(|parcel| parcel.delivered).collect();
        let Some(arrived) = arrivals.and_then(|arrivals| arrivals.into_iter().max()) else {
            return;
        };
        let is_late = self
            .order
            .parcels
            .iter()
            .any(|parcel| parcel.delivered > Some(parcel.estimated));
        let asked = self.ask(arrived);
        self.nps(arrived, is_late);
        self.review(arrived, is_late, asked);
        self.returns(arrived);
    }

    fn who(&self, row: Row) -> Row {
        match self.order.buyer.is_guest {
            false => row.in_shop(self.seed, self.order.buyer.customer),
            true if self.order.buyer.email.is_empty() => row,
            true => row.text("email", &self.order.person.email),
        }
    }

    /// Half of the new customers see another shipping offer; in truth it changes nothing.
    fn assign(&mut self) {
        let at = self.order.created - self.draw.between(60, 1200);
        let is_control = self.draw.chance(500);
        let row = Row::new("assignment_id", &format!("shipping-{}", self.order.buyer.customer))
            .text("experiment_id", "free-shipping")
            .text("variant", if is_control { "control" } else { "free from 40 EUR" })
            .text("subject_kind", "customer")
            .at("assigned_at", at)
            .text("is_control", if is_control { "true" } else { "false" })
            .text("expected_share", "0.5");
        let row = self.who(row).end();
        // The export has it when the order is in.
        self.queue.push(Folder::OrderExperiments, self.order.created, row);
    }

    /// Asks for a review, says thank you, or neither. Neither has a score.
    fn ask(&mut self, arrived: Instant) -> bool {
        let (kind, days) = self
            .draw
            .weighted(&[(45, ("review_request", 4)), (15, ("thank_you", 1)), (40, ("", 0))]);
        if !kind.is_empty() {
            let at = arrived + days * DAY + self.draw.between(0, 2 * DAY);
            let row = self
                .survey(&format!("ask-{}", self.order.id()), kind, at)
                .at("updated_at", at);
            let row = self.who(row).end();
            self.queue.push(Folder::OrderSurveys, at, row);
        }
        kind == "review_request"
    }

    fn survey(&self, id: &str, kind: &str, sent: Instant) -> Row {
        Row::new("survey_id", id)
            .text("kind", kind)
            .number("order_id", self.order.id())
            .text("channel", "email")
            .at("sent_at", sent)
    }

    /// Sent to a third of the buyers, answered by a third of those.
    fn nps(&mut self, arrived: Instant, is_late: bool) {
        if !self.draw.chance(350) {
            return;
        }
        let id = format!("nps-{}", self.order.id());
        let sent = arrived + 7 * DAY + self.draw.between(0, 3 * DAY);
        let row = self.survey(&id, "nps", sent).at("updated_at", sent);
        let row = self.who(row).end();
        self.queue.push(Folder::OrderSurveys, sent, row);
        if !self.draw.chance(350) {
            return;
        }
        let answered = sent + self.draw.between(HOUR, 3 * DAY);
        let score = if is_late {
            self.draw
                .weighted(&[(10, 0), (15, 3), (20, 5), (20, 6), (15, 7), (10, 8), (10, 9)])
        } else {
            self.draw
                .weighted(&[(3, 2), (5, 5), (5, 6), (12, 7), (20, 8), (30, 9), (25, 10)])
        };
        let row = self
            .survey(&id, "nps", sent)
            .at("answered_at", answered)
            .at("updated_at", answered)
            .number("score", score)
            .number("scale_max", 10);
        let row = self.comment(row, Mood::of(score, 10), 450);
        let row = self.who(row).end();
        self.queue.push(Folder::OrderSurveys, answered, row);
    }

    fn comment(&mut self, row: Row, mood: Mood, often: u64) -> Row {
        let language = self.order.person.language;
        if !self.draw.chance(often) {
            return row;
        }
        row.text("language", language.code())
            .text("comment", self.draw.pick::<&str>(comment(language, mood)))
    }

    /// One buyer in four who was asked writes a review, and a few who were not; the shop answers half of them.
    fn review(&mut self, arrived: Instant, is_late: bool, asked: bool) {
        if !self.draw.chance(if asked { 250 } else { 40 }) {
            return;
        }
        let reviewed = arrived + self.draw.between(4 * DAY, 20 * DAY);
        let is_store = self.draw.chance(160);
        let product = self.draw.pick(&self.order.lines).product as i64 + 1;
        let rating = if is_late && is_store {
            self.draw.weighted(&[(30, 1), (25, 2), (25, 3), (20, 4)])
        } else {
            self.draw.weighted(&[(6, 1), (5, 2), (11, 3), (28, 4), (50, 5)])
        };
        let (id, order) = (format!("review-{}", self.order.id()), self.order.id());
        let row = Row::new("review_id", &id).text("kind", if is_store { "store" } else { "product" });
        let row = if is_store {
            row
        } else {
            row.number("product_id", product)
        };
        let row = row
            .number("order_id", order)
            .at("reviewed_at", reviewed)
            .number("rating", rating)
            .number("scale_max", 5);
        let row = self.comment(row, Mood::of(rating, 5), 750);
        let row = self.who(row);
        let started = row.0.0.clone();
        self.queue
            .push(Folder::Reviews, reviewed, row.at("updated_at", reviewed).end());
        if self.draw.chance(550) {
            let replied = reviewed + self.draw.between(2 * HOUR, 4 * DAY);
            let row = Row(crate::sample::json::Json(started))
                .at("replied_at", replied)
                .at("updated_at", replied)
                .end();
            self.queue.push(Folder::Reviews, replied, row);
        }
    }

    /// Goods that come back before their money goes back, and a few requests that are turned down.
    fn returns(&mut self, arrived: Instant) {
        let order = self.order;
        let refunds = order.refunds.iter().filter(|refund| refund.restock != "cancel");
        let mut number = 0;
        for refund in refunds {
            let requested = (refund.at - self.draw.between(4 * DAY, 9 * DAY)).max(arrived + HOUR);
            if requested >= refund.at {
                continue;
            }
            let received = refund.at - self.draw.between(0, (refund.at - requested) / 2);
            let pieces = refund.lines.iter().map(|line| line.quantity).sum();
            number += 1;
            self.send_back(number, requested, pieces, "received", received);
        }
        if number == 0 && self.draw.chance(15) {
            let requested = arrived + self.draw.between(15 * DAY, 40 * DAY);
            let refused = requested + self.draw.between(2 * HOUR, 2 * DAY);
            self.send_back(1, requested, 1, "rejected", refused);
        }
    }

    /// Two versions: as requested, and as it ended.
    fn send_back(&mut self, number: i64, requested: Instant, pieces: i64, status: &str, ended: Instant) {
        let reason = self.draw.weighted(&[
            (40, "size"),
            (25, "changed mind"),
            (20, "defective"),
            (15, "not as shown"),
        ]);
        let version = |status: &str, at: Instant| {
            Row::new("return_id", &format!("R{number}"))
                .number("order_id", self.order.id())
                .at("order_created_at", self.order.created)
                .at("requested_at", requested)
                .at("updated_at", at)
                .number("quantity", pieces)
                .text("reason", reason)
                .text("status", status)
        };
        self.queue
            .push(Folder::Returns, requested, version("requested", requested).end());
        let row = version(status, ended);
        let row = match status {
            "received" => row.at("received_at", ended),
            _ => row,
        };
        self.queue.push(Folder::Returns, ended, row.end());
    }
}
