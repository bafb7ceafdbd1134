//! Writing: the day's tickets and who sends them.

use super::clock::{DAY, HOUR, Instant, date_of_day, day_of, is_holiday, weekday};
use super::draw::{Draw, Kind};
use super::inputs::{AfterTicket, sold_out};
use super::life::{Fate, Life};
use super::moods::opening;
use super::people::{helpdesk_id, person};
use super::shop::{Contact, Files, IN_HELPDESK, Shop, UserChange};
use super::ticket::{SYSTEM, State, Ticket};
use super::ticket_json::User;
use super::words::{GIFT_CARD, Reason, SPAM_SUBJECTS, subject};

const TICKET_WEEK: [u64; 7] = [140, 115, 105, 100, 100, 75, 65];
pub const TICKET_HOURS: [u64; 24] = [
    1, 1, 1, 1, 1, 1, 3, 7, 12, 15, 15, 14, 12, 10, 10, 11, 12, 11, 9, 7, 6, 5, 3, 2,
];
const CHANNELS: [(u64, &str); 6] = [
    (48, "email"),
    (22, "web"),
    (12, "chat"),
    (10, "whatsapp"),
    (4, "instagram_dm"),
    (4, "api"),
];

impl Shop<'_> {
    /// Takes in the day's tickets.
    pub fn hear(&mut self, day: i64, files: &mut Files) {
        let mut draw = Draw::new(self.options.seed, Kind::TicketDay, day as u64);
        let percent = match () {
            () if self.local.changes_on(day) => 150,
            () if is_holiday(date_of_day(day)) => 60,
            () => 100,
        };
        let count = draw.count(self.tickets_milli * TICKET_WEEK[weekday(day)] * percent / 10_000) as usize;
        let mut contacts = self.contacts.remove(&day).unwrap_or_default();
        contacts.truncate(count * 9 / 10);
        while contacts.len() < count {
            let twin_of = (!contacts.is_empty() && draw.chance(50)).then(|| draw.below(contacts.len() as u64) as usize);
            let contact = match twin_of.filter(|&first| contacts[first].twin_of.is_none()) {
                Some(first) => Contact {
                    at: (contacts[first].at + draw.between(60, 3000)).min((day + 1) * DAY - 1),
                    follow_up_of: None,
                    twin_of,
                    ..contacts[first].clone()
                },
                None => self.somebody(&mut draw, day),
            };
            contacts.push(contact);
        }
        let mut order: Vec<usize> = (0..contacts.len()).collect();
        order.sort_by_key(|&place| (contacts[place].at, place));
        let mut ids = vec![0; contacts.len()];
        for place in order {
            ids[place] = self.next_ticket;
            self.next_ticket += 1;
            let survivor = contacts[place].twin_of.map(|first| ids[first]);
            self.take_in(&mut draw, day, ids[place], &contacts[place], survivor, files);
        }
        for id in ids {
            self.schedule_ticket(id);
        }
    }

    /// Somebody who writes of their own accord: a recent buyer, or a visitor who may buy afterwards.
    fn somebody(&mut self, draw: &mut Draw, day: i64) -> Contact {
        let at = self.moment(draw, day, &TICKET_HOURS);
        let buyer = match self.recent.len() {
            0 => None,
            length if draw.chance(550) => Some(self.recent[draw.below(length as u64) as usize]),
            _ => None,
        };
        let contact = |customer, reason, order_name| Contact {
            at,
            customer,
            reason,
            order_name,
            follow_up_of: None,
            twin_of: None,
        };
        if let Some((customer, order)) = buyer {
            let reason = draw.weighted(&[
                (40, Reason::Wismo),
                (15, Reason::Product),
                (15, Reason::Other),
                (12, Reason::Exchange),
                (8, Reason::Payment),
                (5, Reason::Cancel),
                (5, Reason::Stock),
            ]);
            return contact(customer, reason, Some(format!("#{}", 1001 + order)));
        }
        let customer = self.new_customer();
        if draw.chance(250) {
            let soon = day + draw.between(1, 4);
            self.comebacks.entry(soon).or_default().push(customer);
        }
        let reason = draw.weighted(&[
            (35, Reason::Presales),
            (35, Reason::Product),
            (20, Reason::Stock),
            (10, Reason::Other),
        ]);
        contact(customer, reason, None)
    }

    fn take_in(
        &mut self,
        day_draw: &mut Draw,
        day: i64,
        id: i64,
        contact: &Contact,
        survivor: Option<i64>,
        files: &mut Files,
    ) {
        let mut draw = Draw::new(self.options.seed, Kind::Ticket, id as u64);
        let fate = match survivor {
            Some(survivor) => Fate::MergedInto(survivor),
            None => draw.weighted(&[
                (830, Fate::Answered),
                (60, Fate::StartedByAgent),
                (10, Fate::Stuck),
                (30, Fate::Unanswered),
                (15, Fate::Deleted),
                (25, Fate::Spam),
            ]),
        };
        // Spam comes from strangers.
        let requester = if fate == Fate::Spam {
            self.new_customer()
        } else {
            contact.customer
        };
        let who = person(self.options.seed, requester);
        let channel = if fate == Fate::Spam {
            "email"
        } else {
            draw.weighted(&CHANNELS)
        };
        let order_name = contact.order_name.clone().filter(|_| fate != Fate::Spam);
        let subject = match fate {
            Fate::Spam => (*draw.pick(&SPAM_SUBJECTS)).to_owned(),
            _ => subject(&mut draw, contact.reason, who.language, order_name.as_deref()),
        };
        let priority = draw.weighted(&[
            (50, None),
            (100, Some("low")),
            (510, Some("normal")),
            (210, Some("high")),
            (130, Some("urgent")),
        ]);
        let is_tagged = fate != Fate::Spam && draw.chance(900);
        let mut ticket = Ticket {
            id,
            created: contact.at,
            requester,
            submitter: helpdesk_id(requester),
            channel,
            follow_up_of: contact.follow_up_of,
            description: format!("{subject}. {}", draw.pick(opening(who.language))),
            subject,
            ticket_type: contact.reason.ticket_type(),
            brand: draw.weighted(&[(9, 500), (1, 501)]),
            order_name: order_name.filter(|_| draw.chance(600)),
            product: self.asked_about(id, day, contact.reason).filter(|_| fate != Fate::Spam),
            tags: is_tagged
                .then_some((contact.at, contact.reason.tag()))
                .into_iter()
                .collect(),
            comment: None,
            state: State {
                status: "new",
                priority,
                group: contact.reason.group(),
                assignee: None,
                score: "unoffered",
                updated: contact.at,
            },
            audits: Vec::new(),
            done: 0,
        };
        let solved = Life::new(&mut draw, self.desks, self.local, &mut ticket, who.language).tell(fate);
        ticket.apply_macros(&mut Draw::new(self.options.seed, Kind::Macros, id as u64));
        if !matches!(fate, Fate::Spam | Fate::Deleted | Fate::MergedInto(_)) {
            let after = AfterTicket {
                seed: self.options.seed,
                desks: self.desks,
                local: self.local,
                ticket: &ticket,
                person: &who,
                queue: &mut self.inputs,
                draw: Draw::new(self.options.seed, Kind::AfterTicket, id as u64),
            };
            after.tell(solved);
        }
        self.summary.tickets += 1;
        self.introduce(day_draw, &ticket, fate, files);
        if let (Some(survivor), Some(at)) = (survivor, solved) {
            self.note_merge(survivor, &ticket, at);
        } else if let Some(at) = solved {
            self.write_again(&mut draw, day, contact, id, at);
        }
        self.tickets.insert(id, ticket);
    }

    /// The product in the ticket's form: for stock questions one that is sold out, if there is any.
    fn asked_about(&self, id: i64, day: i64, reason: Reason) -> Option<usize> {
        let mut draw = Draw::new(self.options.seed, Kind::TicketProduct, id as u64);
        let is_about_product = matches!(
            reason,
            Reason::Product | Reason::Stock | Reason::Exchange | Reason::Warranty | Reason::Damaged
        );
        if !is_about_product || !draw.chance(750) {
            return None;
        }
        let any = draw.below(GIFT_CARD as u64) as usize;
        match reason {
            Reason::Stock => sold_out(self.options.seed, day, &mut draw).or(Some(any)),
            _ => Some(any),
        }
    }

    /// The surviving ticket gets a note in the second of the merge, if it is still alive then.
    fn note_merge(&mut self, survivor: i64, merged: &Ticket, at: Instant) {
        let Some(survivor) = self.tickets.get_mut(&survivor) else {
            return;
        };
        let is_alive = survivor.audits.last().is_some_and(|last| last.at > at);
        let merge = merged
            .audits
            .iter()
            .find(|audit| audit.at == at && audit.author != SYSTEM);
        if is_alive && let Some(merge) = merge {
            let body = format!("Request #{} was closed and merged into this request.", merged.id);
            survivor.insert_note(at, merge.author, body);
        }
    }

    /// Some write again within a week, with a new ticket; a few answer a closed one, which makes a follow-up.
    fn write_again(&mut self, draw: &mut Draw, day: i64, contact: &Contact, id: i64, solved: Instant) {
        let again = match draw.below(1000) {
            0..70 => (draw.between(3 * HOUR, 7 * DAY), None),
            70..85 => (draw.between(5 * DAY, 20 * DAY), Some(id)),
            _ => return,
        };
        self.expect(
            day + 1,
            Contact {
                at: solved + again.0,
                follow_up_of: again.1,
                ..contact.clone()
            },
        );
    }

    pub fn schedule_ticket(&mut self, id: i64) {
        if let Some(at) = self.tickets.get(&id).and_then(Ticket::next_at) {
            self.ticket_days.entry(day_of(at)).or_default().push(id);
        }
    }

    /// The first ticket of a person puts them into the users' export, one of a hundred never.
    fn introduce(&mut self, draw: &mut Draw, ticket: &Ticket, fate: Fate, files: &mut Files) {
        let seen = &mut self.customers[ticket.requester as usize];
        if *seen & IN_HELPDESK != 0 {
            return;
        }
        *seen |= IN_HELPDESK;
        if draw.chance(10) {
            return;
        }
        let who = person(self.options.seed, ticket.requester);
        let created = ticket.created;
        let mut user = User::customer(helpdesk_id(ticket.requester), &who, created);
        let capitals = who.email.to_uppercase();
        if draw.chance(30) {
            user.email = Some(&capitals);
        }
        let mut later = None;
        if matches!(ticket.channel, "chat" | "whatsapp" | "instagram_dm") {
            user.phone = Some(&who.phone);
            if draw.chance(600) {
                user.email = None;
                later = draw
                    .chance(700)
                    .then(|| (created + draw.between(HOUR, 3 * DAY), who.email.clone()));
            }
        }
        if fate == Fate::Spam {
            later = ticket.audits.last().map(|last| (last.at, who.email.clone()));
        } else if draw.chance(5) {
            let at = created + draw.between(5 * DAY, 60 * DAY);
            later = Some((at, format!("nuevo.{}", who.email)));
        }
        self.write_user(files, &user);
        if let Some((at, email)) = later {
            self.user_changes.entry(day_of(at)).or_default().push(UserChange {
                at,
                customer: ticket.requester,
                created,
                email,
                is_suspended: fate == Fate::Spam,
            });
        }
    }
}
