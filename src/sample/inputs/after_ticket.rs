//! What belongs to a ticket in other tools: the call or chat behind it, the bot and the help centre before it, the survey
//! after it, the experiment it takes part in.

use super::{Folder, Queue, Row};
use crate::sample::clock::{DAY, HOUR, Instant, LocalTime};
use crate::sample::draw::Draw;
use crate::sample::moods::{Mood, comment};
use crate::sample::people::{Desks, Person};
use crate::sample::ticket::Ticket;

/// Seconds that somebody waits for an agent: quantiles.
pub const WAITS: [i64; 7] = [2, 6, 11, 17, 26, 70, 300];
const TALKS: [i64; 6] = [40, 110, 190, 300, 480, 1200];

pub struct AfterTicket<'a> {
    pub seed: u64,
    pub desks: Desks,
    pub local: LocalTime,
    pub ticket: &'a Ticket,
    pub person: &'a Person,
    pub queue: &'a mut Queue,
    pub draw: Draw,
}

impl AfterTicket<'_> {
    /// `solved`: the ticket's last solve.
    pub fn tell(mut self, solved: Option<Instant>) {
        let is_chat = self.ticket.channel == "chat";
        if is_chat {
            self.chat();
        } else if self.draw.chance(120) {
            self.call();
        }
        if matches!(self.ticket.channel, "chat" | "whatsapp" | "instagram_dm") && self.draw.chance(450) {
            self.bot();
        }
        if self.draw.chance(100) {
            self.visit();
        }
        if self.draw.chance(300) {
            self.assign();
        }
        if let Some(solved) = solved {
            self.ces(solved);
        }
    }

    fn interaction(&mut self, kind: &str, started: Instant) -> (Row, Instant) {
        let waited = self.draw.quantile(&WAITS);
        let agent = self.desks.agent_at(self.draw.below(self.desks.count), started + waited);
        let row = Row::new("interaction_id", &format!("{kind}-{}", self.ticket.id))
            .number("ticket_id", self.ticket.id)
            .text("channel", kind)
            .text("direction", "inbound")
            .at("started_at", started)
            .at("answered_at", started + waited)
            .number("wait_seconds", waited)
            .number("agent_id", agent)
            .number("team_id", self.ticket.state.group as i64)
            .text("country", self.person.country)
            .text("language", self.person.language.code())
            .text("outcome", "answered")
            .in_helpdesk(self.seed, self.ticket.requester);
        (row, started + waited)
    }

    /// The chat tool exports the whole time of the agent.
    fn chat(&mut self) {
        let (row, answered) = self.interaction("chat", self.ticket.created);
        let handled = 60 + 2 * self.draw.quantile(&TALKS);
        let row = row.at("ended_at", answered + handled).number("handle_seconds", handled);
        self.queue.push(Folder::Interactions, answered + handled, row.end());
    }

    /// The switchboard exports the parts. A third of the callers are asked how it was; half of them answer.
    fn call(&mut self) {
        let spread = self.draw.between(0, HOUR);
        let started = self.ticket.created + self.draw.between(300, 20 * HOUR);
        let (row, answered) = self.interaction("voice", self.local.when_open(started, spread));
        let (row, ended, done) = talk(&mut self.draw, row, answered);
        self.queue.push(Folder::Interactions, done, row.end());
        if !self.draw.chance(330) {
            return;
        }
        let id = format!("call-{}", self.ticket.id);
        let sent = ended + 600;
        let row = |sent| {
            Row::new("survey_id", &id)
                .text("kind", "csat")
                .text("interaction_id", &format!("voice-{}", self.ticket.id))
                .text("channel", "sms")
                .at("sent_at", sent)
                .in_helpdesk(self.seed, self.ticket.requester)
        };
        self.queue
            .push(Folder::TicketSurveys, sent, row(sent).at("updated_at", sent).end());
        if self.draw.chance(500) {
            let answered = sent + self.draw.between(30, 6 * HOUR);
            let score = self.draw.weighted(&[(8, 1), (6, 2), (12, 3), (30, 4), (44, 5)]);
            let row = row(sent)
                .at("answered_at", answered)
                .at("updated_at", answered)
                .number("score", score)
                .number("scale_max", 5);
            self.queue.push(Folder::TicketSurveys, answered, row.end());
        }
    }

    /// The bot talked first and handed over to the ticket.
    fn bot(&mut self) {
        let handed = self.ticket.created;
        let row = Row::new("session_id", &format!("bot-{}", self.ticket.id))
            .number("ticket_id", self.ticket.id)
            .text("channel", self.ticket.channel)
            .at("started_at", handed - self.draw.between(40, 900))
            .at("ended_at", handed)
            .at("handed_off_at", handed)
            .text("bot_id", "alba")
            .text("outcome", "handed_off")
            .number("messages", self.draw.between(3, 14))
            .text("language", self.person.language.code())
            .in_helpdesk(self.seed, self.ticket.requester);
        self.queue.push(Folder::BotSessions, handed, row.end());
    }

    /// Read something first, and wrote all the same. Exported with the ticket's day.
    fn visit(&mut self) {
        let at = self.ticket.created - self.draw.between(120, 3 * HOUR);
        let row = Row::new("visit_id", &format!("visit-{}", self.ticket.id))
            .at("visited_at", at)
            .text("article_id", &format!("art-{:02}", self.draw.between(1, 12)))
            .number("views", self.draw.between(1, 6))
            .text("language", self.person.language.code())
            .text("channel", "web")
            .in_helpdesk(self.seed, self.ticket.requester);
        self.queue.push(Folder::Visits, self.ticket.created, row.end());
    }

    fn assign(&mut self) {
        let is_control = self.draw.chance(500);
        let row = Row::new("assignment_id", &format!("reply-{}", self.ticket.id))
            .text("experiment_id", "shorter-replies")
            .text("variant", if is_control { "control" } else { "short" })
            .text("subject_kind", "ticket")
            .number("ticket_id", self.ticket.id)
            .at("assigned_at", self.ticket.created)
            .text("is_control", if is_control { "true" } else { "false" })
            .text("expected_share", "0.5")
            .in_helpdesk(self.seed, self.ticket.requester);
        self.queue
            .push(Folder::TicketExperiments, self.ticket.created, row.end());
    }

    /// How easy was it? Asked a quarter of the customers, answered by a third of those.
    fn ces(&mut self, solved: Instant) {
        if !self.draw.chance(250) {
            return;
        }
        let sent = solved + 2 * HOUR + self.draw.between(0, HOUR);
        let survey = || {
            Row::new("survey_id", &format!("ces-{}", self.ticket.id))
                .text("kind", "ces")
                .number("ticket_id", self.ticket.id)
                .text("channel", "email")
                .at("sent_at", sent)
                .in_helpdesk(self.seed, self.ticket.requester)
        };
        self.queue
            .push(Folder::TicketSurveys, sent, survey().at("updated_at", sent).end());
        if !self.draw.chance(350) {
            return;
        }
        let answered = sent + self.draw.between(600, 2 * DAY);
        let score = if solved - self.ticket.created > 3 * DAY {
            self.draw
                .weighted(&[(14, 1), (16, 2), (20, 3), (20, 4), (16, 5), (14, 6)])
        } else {
            self.draw
                .weighted(&[(4, 1), (6, 3), (10, 4), (20, 5), (32, 6), (28, 7)])
        };
        let row = survey()
            .at("answered_at", answered)
            .at("updated_at", answered)
            .number("score", score)
            .number("scale_max", 7);
        let language = self.person.language;
        let row = match self.draw.chance(400) {
            true => row
                .text("language", language.code())
                .text("comment", self.draw.pick::<&str>(comment(language, Mood::of(score, 7)))),
            false => row,
        };
        self.queue.push(Folder::TicketSurveys, answered, row.end());
    }
}

/// A call that was answered: its end, and when the agent was done with it.
pub fn talk(draw: &mut Draw, row: Row, answered: Instant) -> (Row, Instant, Instant) {
    let talked = draw.quantile(&TALKS);
    let held = if draw.chance(300) { draw.between(10, 240) } else { 0 };
    let wrapped = draw.between(15, 150);
    let ended = answered + talked + held;
    let row = row
        .at("ended_at", ended)
        .number("talk_seconds", talked)
        .number("hold_seconds", held)
        .number("wrap_up_seconds", wrapped);
    (row, ended, ended + wrapped)
}
