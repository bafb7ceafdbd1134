//! An order with everything that will ever happen to it, and what of that an export sees at a given moment.

use super::clock::{Instant, day_of};
use super::people::{CustomerNumber, Person};
use super::words::{GIFT_CARD, PRODUCTS};

pub struct Order {
    /// From 0; ids and names are derived from it.
    pub number: u64,
    pub created: Instant,
    pub buyer: Buyer,
    pub person: Person,
    pub is_test: bool,
    pub source: &'static str,
    pub note: Option<&'static str>,
    pub lines: Vec<Line>,
    /// From then on newer versions of the order lack its last line.
    pub last_line_removed: Option<Instant>,
    pub shipping: i64,
    pub discount_code: Option<&'static str>,
    pub payments: Vec<Payment>,
    pub cancelled: Option<Instant>,
    pub parcels: Vec<Parcel>,
    pub refunds: Vec<Refund>,
}

pub struct Buyer {
    pub customer: CustomerNumber,
    /// A guest has no customer record; the e-mail may be missing too.
    pub is_guest: bool,
    pub email: String,
}

#[derive(Clone, Copy)]
pub struct Line {
    pub product: usize,
    pub quantity: i64,
    pub price: i64,
    pub discount: i64,
    pub tax: i64,
}

pub struct Payment {
    pub at: Instant,
    /// sale, authorization, capture, void or refund
    pub kind: &'static str,
    pub gateway: &'static str,
    pub amount: i64,
    pub failed: bool,
    /// Money that is announced at `at` and arrives later: pending until then.
    pub settled: Instant,
}

pub struct Parcel {
    pub at: Instant,
    pub in_transit: Instant,
    pub delivered: Option<Instant>,
    pub estimated: Instant,
}

pub struct Refund {
    pub at: Instant,
    pub restock: &'static str,
    pub lines: Vec<RefundLine>,
    pub shipping: i64,
    /// What the shop kept back of the amount due.
    pub kept: i64,
}

pub struct RefundLine {
    pub line: usize,
    pub quantity: i64,
    pub subtotal: i64,
    pub tax: i64,
}

/// The money of an order at a moment.
#[derive(Default, Clone, Copy)]
pub struct Totals {
    pub gross: i64,
    pub discount: i64,
    pub tax: i64,
    pub total: i64,
}

impl Line {
    pub fn gross(&self) -> i64 {
        self.quantity * self.price
    }

    pub fn net(&self) -> i64 {
        self.gross() - self.discount
    }

    pub fn title(&self) -> &'static str {
        PRODUCTS[self.product].0
    }

    pub fn is_gift_card(&self) -> bool {
        self.product == GIFT_CARD
    }
}

impl Payment {
    pub fn status(&self, now: Instant) -> &'static str {
        match (self.failed, self.settled <= now) {
            (true, _) => "failure",
            (false, true) => "success",
            (false, false) => "pending",
        }
    }
}

impl Refund {
    /// The money paid back.
    pub fn amount(&self) -> i64 {
        let goods: i64 = self.lines.iter().map(|line| line.subtotal + line.tax).sum();
        goods + self.shipping - self.kept
    }
}

impl Order {
    pub fn id(&self) -> i64 {
        10_000_000 + self.number as i64
    }

    pub fn name(&self) -> String {
        format!("#{}", 1001 + self.number)
    }

    pub fn lines_at(&self, now: Instant) -> &[Line] {
        let removed = self.last_line_removed.is_some_and(|at| at <= now);
        &self.lines[..self.lines.len() - usize::from(removed)]
    }

    pub fn totals_at(&self, now: Instant) -> Totals {
        let lines = self.lines_at(now);
        let mut totals = Totals {
            gross: lines.iter().map(Line::gross).sum(),
            discount: lines.iter().map(|line| line.discount).sum(),
            tax: lines.iter().map(|line| line.tax).sum(),
            total: 0,
        };
        totals.total = totals.gross - totals.discount + totals.tax + self.shipping;
        totals
    }

    /// Money that really moved with payments of these kinds.
    pub fn moved(&self, kinds: &[&str], now: Instant) -> i64 {
        let moved = |payment: &&Payment| kinds.contains(&payment.kind) && payment.status(now) == "success";
        self.payments
            .iter()
            .filter(|payment| payment.at <= now)
            .filter(moved)
            .map(|payment| payment.amount)
            .sum()
    }

    pub fn financial_status(&self, now: Instant) -> &'static str {
        let total = self.totals_at(now).total;
        let paid = self.moved(&["sale", "capture"], now);
        let refunded = self.moved(&["refund"], now);
        let has = |kind| {
            self.payments
                .iter()
                .any(|payment| payment.kind == kind && payment.at <= now)
        };
        match () {
            () if has("void") => "voided",
            () if total == 0 => "paid",
            () if paid == 0 && has("authorization") => "authorized",
            () if paid == 0 => "pending",
            () if refunded >= paid => "refunded",
            () if refunded > 0 => "partially_refunded",
            () if paid < total => "partially_paid",
            () => "paid",
        }
    }

    pub fn fulfillment_status(&self, now: Instant) -> Option<&'static str> {
        match self.parcels.iter().filter(|parcel| parcel.at <= now).count() {
            0 => None,
            sent if sent < self.parcels.len() => Some("partial"),
            _ => Some("fulfilled"),
        }
    }

    /// Every moment at which something happens to the order.
    fn moments(&self) -> impl Iterator<Item = Instant> {
        let payments = self.payments.iter().flat_map(|payment| [payment.at, payment.settled]);
        let parcels = self.parcels.iter().flat_map(|parcel| {
            [Some(parcel.at), Some(parcel.in_transit), parcel.delivered]
                .into_iter()
                .flatten()
        });
        [self.created]
            .into_iter()
            .chain(self.last_line_removed)
            .chain(self.cancelled)
            .chain(payments)
            .chain(parcels)
            .chain(self.refunds.iter().map(|refund| refund.at))
    }

    pub fn updated_at(&self, now: Instant) -> Instant {
        self.moments().filter(|&at| at <= now).max().unwrap_or(self.created)
    }

    /// The UTC days whose export has this order, in order.
    pub fn export_days(&self) -> Vec<i64> {
        let mut days: Vec<i64> = self.moments().map(day_of).collect();
        days.sort_unstable();
        days.dedup();
        days
    }
}
