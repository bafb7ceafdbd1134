//! What happens beside orders and tickets: calls that lead to no ticket, talks with the bot, visits to the help centre; stock,
//! rates and costs.

use super::after_ticket::{WAITS, talk};
use super::{Folder, Row, stock};
use crate::sample::clock::{DAY, Instant, date_of_day, weekday};
use crate::sample::desk::TICKET_HOURS;
use crate::sample::draw::{Draw, Kind};
use crate::sample::people::{CustomerNumber, person};
use crate::sample::shop::Shop;
use crate::sample::words::{GIFT_CARD, Language};

/// The day's calls, talks and visits per 1,000 tickets, beside those that belong to one.
const CALLS: u64 = 250;
const TALKS_WITH_BOT: u64 = 350;
const VISITS: u64 = 1200;

impl Shop<'_> {
    pub fn happen_around(&mut self, day: i64) {
        let mut draw = Draw::new(self.options.seed, Kind::Around, day as u64);
        let tickets = self.tickets_milli;
        for number in 0..draw.count(tickets * CALLS / 1000) {
            self.call(&mut draw, day, number);
        }
        for number in 0..draw.count(tickets * TALKS_WITH_BOT / 1000) {
            self.talk_with_bot(&mut draw, day, number);
        }
        for number in 0..draw.count(tickets * VISITS / 1000) {
            self.visit(&mut draw, day, number);
        }
        self.count_stock(day);
        self.quote_rates(&mut draw, day);
    }

    /// Somebody who bought lately, or a stranger.
    fn maybe_known(&self, draw: &mut Draw, often: u64) -> Option<CustomerNumber> {
        let place = draw.below(self.recent.len() as u64) as usize;
        let known = draw.chance(often);
        self.recent.get(place).filter(|_| known).map(|buyer| buyer.0)
    }

    fn with_customer(&self, row: Row, customer: Option<CustomerNumber>) -> Row {
        match customer {
            Some(customer) => row
                .text("language", person(self.options.seed, customer).language.code())
                .in_helpdesk(self.options.seed, customer),
            None => row.text("language", Language::Spanish.code()),
        }
    }

    /// Nobody takes calls outside office hours; one caller in five leaves before an answer; one call in ten goes out.
    fn call(&mut self, draw: &mut Draw, day: i64, number: u64) {
        let started = self.moment(draw, day, &TICKET_HOURS);
        let customer = self.maybe_known(draw, 600);
        let outcome = match self.local.is_open(started) {
            true => draw.weighted(&[(80, "answered"), (20, "abandoned")]),
            false => draw.weighted(&[(50, "missed"), (50, "abandoned")]),
        };
        let is_outbound = outcome == "answered" && draw.chance(100);
        let row = Row::new("interaction_id", &format!("call-{day}-{number}"))
            .text("channel", "voice")
            .text("direction", if is_outbound { "outbound" } else { "inbound" })
            .text("outcome", outcome)
            .text("is_test", if draw.chance(10) { "true" } else { "false" })
            .at("started_at", started);
        let row = self.with_customer(row, customer);
        let (waited, desk) = (draw.quantile(&WAITS), draw.below(self.desks.count));
        let row = row.number("wait_seconds", waited);
        let (row, done) = if outcome == "answered" {
            let answered = started + waited;
            let row = row
                .at("answered_at", answered)
                .number("agent_id", self.desks.agent_at(desk, answered))
                .number("team_id", 1);
            let (row, _, done) = talk(draw, row, answered);
            (row, done)
        } else {
            (row.at("ended_at", started + waited), started + waited)
        };
        self.inputs.push(Folder::Interactions, done, row.end());
    }

    fn talk_with_bot(&mut self, draw: &mut Draw, day: i64, number: u64) {
        let started = self.moment(draw, day, &TICKET_HOURS);
        let customer = self.maybe_known(draw, 600);
        let ended = started + draw.between(30, 900);
        let row = Row::new("session_id", &format!("bot-{day}-{number}"))
            .text(
                "channel",
                draw.weighted(&[(5, "chat"), (4, "whatsapp"), (1, "instagram_dm")]),
            )
            .at("started_at", started)
            .at("ended_at", ended)
            .text("bot_id", "alba")
            .text("outcome", draw.weighted(&[(3, "resolved"), (1, "abandoned")]))
            .number("messages", draw.between(2, 12));
        let row = self.with_customer(row, customer);
        self.inputs.push(Folder::BotSessions, ended, row.end());
    }

    fn visit(&mut self, draw: &mut Draw, day: i64, number: u64) {
        let at = self.moment(draw, day, &TICKET_HOURS);
        let customer = self.maybe_known(draw, 400);
        let row = Row::new("visit_id", &format!("visit-{day}-{number}"))
            .at("visited_at", at)
            .text("article_id", &format!("art-{:02}", draw.between(1, 12)))
            .number("views", draw.weighted(&[(60, 1), (22, 2), (10, 3), (8, 5)]))
            .text("channel", draw.weighted(&[(8, "web"), (2, "app")]));
        let row = self.with_customer(row, customer);
        self.inputs.push(Folder::Visits, at, row.end());
    }

    /// Counted at the end of the day.
    fn count_stock(&mut self, day: i64) {
        let (date, end) = (date_of_day(day), end_of(day));
        for product in 0..GIFT_CARD {
            let pieces = stock(self.options.seed, product, day);
            let number = product + 1;
            let row = format!("{number},SKU-{number:03},{date},{pieces}\n");
            self.inputs.push(Folder::InventoryLevels, end, row.into_bytes());
        }
    }

    /// Rates of the working day, around a level that stays.
    fn quote_rates(&mut self, draw: &mut Draw, day: i64) {
        if weekday(day) > 4 {
            return;
        }
        let date = date_of_day(day);
        for (currency, millionths) in [("GBP", 1_185_000), ("USD", 920_000)] {
            let rate = millionths + draw.between(-9_000, 9_000);
            let row = format!("{date},{currency},EUR,{}.{:06}\n", rate / 1_000_000, rate % 1_000_000);
            self.inputs.push(Folder::FxRates, end_of(day), row.into_bytes());
        }
    }
}

fn end_of(day: i64) -> Instant {
    (day + 1) * DAY - 1
}

/// What an agent's hour, a contact and a talk with the bot cost from two years before the first day on; the hour costs more
/// from the next January on, and the first agent's more than the others'.
pub fn costs(first_year: i32, first_agent: i64) -> Vec<u8> {
    let mut rows = String::from("cost_id,cost_kind,agent_id,channel,valid_from_date,amount,currency\n");
    let (old, new) = (first_year - 2, first_year + 1);
    rows += &format!("hour-{old},agent_hour,,,{old}-01-01,17.50,EUR\n");
    rows += &format!("hour-{new},agent_hour,,,{new}-01-01,18.20,EUR\n");
    rows += &format!("lead-{old},agent_hour,{first_agent},,{old}-01-01,24.00,EUR\n");
    for (channel, amount) in [
        ("email", "3.10"),
        ("web", "2.90"),
        ("chat", "2.20"),
        ("whatsapp", "2.40"),
        ("instagram_dm", "2.40"),
        ("voice", "4.80"),
        ("", "3.00"),
    ] {
        let name = if channel.is_empty() { "other" } else { channel };
        rows += &format!("contact-{name},contact,,{channel},{old}-01-01,{amount},EUR\n");
    }
    rows += &format!("bot-{old},bot_session,,,{old}-01-01,0.15,EUR\n");
    rows.into_bytes()
}
