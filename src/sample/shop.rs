//! The shop from day to day: who buys, who writes, and what of it each day's exports hold.

use super::clock::{DAY, HOUR, Instant, LocalTime, day_number, day_of};
use super::draw::Draw;
use super::inputs::{Folder, Queue};
use super::order::Order;
use super::people::{CustomerNumber, Desks};
use super::ticket::Ticket;
use super::words::Reason;
use super::{SampleOptions, SampleSummary};
use std::collections::{BTreeMap, VecDeque};

/// One day's files.
#[derive(Default)]
pub struct Files {
    pub tickets: Vec<u8>,
    pub audits: Vec<u8>,
    pub users: Vec<u8>,
    pub orders: Vec<u8>,
    pub orders_csv: Vec<u8>,
    pub inputs: BTreeMap<Folder, Vec<u8>>,
}

/// Somebody who is going to write.
#[derive(Clone)]
pub struct Contact {
    pub at: Instant,
    pub customer: CustomerNumber,
    pub reason: Reason,
    pub order_name: Option<String>,
    pub follow_up_of: Option<i64>,
    /// Writes the same once more, through another channel: merged into the first, whose place in the day this is.
    pub twin_of: Option<usize>,
}

/// A new version of a user that comes on a later day.
pub struct UserChange {
    pub at: Instant,
    pub customer: CustomerNumber,
    pub created: Instant,
    pub email: String,
    pub is_suspended: bool,
}

pub struct Shop<'a> {
    pub options: &'a SampleOptions,
    pub local: LocalTime,
    pub desks: Desks,
    pub orders_milli: u64,
    pub tickets_milli: u64,
    pub next_order: u64,
    pub next_ticket: i64,
    pub next_audit: i64,
    /// Per customer: orders so far (up to 63), and whether the helpdesk's export has seen them.
    pub customers: Vec<u8>,
    pub comebacks: BTreeMap<i64, Vec<CustomerNumber>>,
    pub contacts: BTreeMap<i64, Vec<Contact>>,
    pub orders: BTreeMap<u64, Order>,
    pub order_days: BTreeMap<i64, Vec<u64>>,
    pub tickets: BTreeMap<i64, Ticket>,
    pub ticket_days: BTreeMap<i64, Vec<i64>>,
    pub user_changes: BTreeMap<i64, Vec<UserChange>>,
    /// Buyers of the last orders, who ask things of their own accord.
    pub recent: VecDeque<(CustomerNumber, u64)>,
    /// Records that come again in tomorrow's files.
    pub repeats: Files,
    /// Rows of the other tools that wait for their day.
    pub inputs: Queue,
    pub summary: SampleSummary,
}

pub const IN_HELPDESK: u8 = 64;

impl<'a> Shop<'a> {
    pub fn open(options: &'a SampleOptions) -> Self {
        let local = LocalTime(options.time_zone);
        Self {
            options,
            local,
            desks: Desks {
                count: (options.tickets_per_day / 12.0) as u64 + 6,
                first_day: day_number(options.first_day),
            },
            orders_milli: (options.orders_per_day * 1000.0).round() as u64,
            tickets_milli: (options.tickets_per_day * 1000.0).round() as u64,
            next_order: 0,
            next_ticket: 20_000,
            next_audit: 5_000_000,
            customers: Vec::new(),
            comebacks: BTreeMap::new(),
            contacts: BTreeMap::new(),
            orders: BTreeMap::new(),
            order_days: BTreeMap::new(),
            tickets: BTreeMap::new(),
            ticket_days: BTreeMap::new(),
            user_changes: BTreeMap::new(),
            recent: VecDeque::new(),
            repeats: Files::default(),
            inputs: Queue::default(),
            summary: SampleSummary::default(),
        }
    }

    /// Lets the day happen and gives its files. Days must come in order.
    pub fn live_through(&mut self, day: i64) -> Files {
        let mut files = std::mem::take(&mut self.repeats);
        self.sell(day);
        self.hear(day, &mut files);
        self.export_orders(day, &mut files);
        self.export_tickets(day, &mut files);
        self.happen_around(day);
        files.inputs = self.inputs.take(day);
        files
    }

    pub fn new_customer(&mut self) -> CustomerNumber {
        self.customers.push(0);
        self.customers.len() as u64 - 1
    }

    /// A moment of the UTC day, in busy hours more often.
    pub fn moment(&self, draw: &mut Draw, day: i64, hours: &[u64; 24]) -> Instant {
        let weights: [(u64, i64); 24] = std::array::from_fn(|hour| {
            let start = day * DAY + hour as i64 * HOUR;
            (hours[self.local.hour(start)], start)
        });
        draw.weighted(&weights) + draw.between(0, HOUR - 1)
    }

    pub fn expect(&mut self, today: i64, mut contact: Contact) {
        let day = day_of(contact.at).max(today);
        contact.at = day * DAY + contact.at.rem_euclid(DAY);
        self.contacts.entry(day).or_default().push(contact);
    }
}
