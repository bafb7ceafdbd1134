//! Draws an order whole: what is bought, by whom, how it is paid.

use super::clock::{DAY, HOUR, Instant, LocalTime};
use super::draw::Draw;
use super::order::{Buyer, Line, Order, Payment};
use super::people::{CustomerNumber, Person, as_typed};
use super::words::{GIFT_CARD, ORDER_NOTES, PRODUCTS};

const TAX_PERCENT: i64 = 21;
const CARD: &str = "shopify_payments";
pub const GIFT: &str = "gift_card";

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum PaymentPlan {
    Sale,
    Authorized,
    GiftAndCard,
    BankTransfer,
    OnDelivery,
    FailedFirst,
    PartPaidFirst,
    Voided,
    /// A replacement that costs nothing.
    Free,
}

const PAYMENT_PLANS: [(u64, PaymentPlan); 9] = [
    (645, PaymentPlan::Sale),
    (170, PaymentPlan::Authorized),
    (60, PaymentPlan::GiftAndCard),
    (30, PaymentPlan::BankTransfer),
    (25, PaymentPlan::OnDelivery),
    (40, PaymentPlan::FailedFirst),
    (5, PaymentPlan::PartPaidFirst),
    (20, PaymentPlan::Voided),
    (5, PaymentPlan::Free),
];

pub struct Plan<'a> {
    pub draw: &'a mut Draw,
    pub local: LocalTime,
}

impl Plan<'_> {
    pub fn order(&mut self, number: u64, created: Instant, customer: CustomerNumber, person: Person) -> Order {
        let is_test = self.draw.chance(10);
        let plan = if is_test {
            PaymentPlan::Sale
        } else {
            self.draw.weighted(&PAYMENT_PLANS)
        };
        let discount_percent = match plan {
            PaymentPlan::Free => 100,
            _ if self.draw.chance(180) => 10,
            _ => 0,
        };
        let mut order = Order {
            number,
            created,
            buyer: self.buyer(is_test, customer, &person),
            person,
            is_test,
            source: self.draw.weighted(&[
                (780, "web"),
                (90, "instagram"),
                (80, "pos"),
                (50, "shopify_draft_order"),
            ]),
            note: if self.draw.chance(60) {
                Some(*self.draw.pick(&ORDER_NOTES))
            } else {
                None
            },
            lines: self.lines(discount_percent),
            last_line_removed: None,
            shipping: 0,
            discount_code: match discount_percent {
                0 => None,
                100 => Some("REPLACEMENT"),
                _ => Some("HOLA10"),
            },
            payments: Vec::new(),
            cancelled: None,
            parcels: Vec::new(),
            refunds: Vec::new(),
        };
        if plan != PaymentPlan::Free && order.totals_at(created).gross < 8000 {
            order.shipping = self.draw.weighted(&[(6, 499), (3, 999), (2, 0)]);
        }
        let paid = self.pay(plan, &mut order);
        if is_test {
            return order;
        }
        if plan == PaymentPlan::Sale && self.draw.chance(45) {
            self.cancel(&mut order);
        } else if let Some(paid) = paid {
            self.ship(plan, paid, &mut order);
            self.give_back(&mut order);
        }
        order
    }

    fn buyer(&mut self, is_test: bool, customer: CustomerNumber, person: &Person) -> Buyer {
        let is_guest = is_test || self.draw.chance(70);
        let email = match () {
            () if is_test => "pruebas@shop.example".to_owned(),
            () if is_guest && self.draw.chance(120) => String::new(),
            () => as_typed(self.draw, &person.email),
        };
        Buyer {
            customer,
            is_guest,
            email,
        }
    }

    fn lines(&mut self, discount_percent: i64) -> Vec<Line> {
        let count = self.draw.weighted(&[(56, 1), (25, 2), (12, 3), (5, 4), (2, 7)]);
        (0..count)
            .map(|_| {
                // The sum of two draws: some products sell more than others.
                let product = if self.draw.chance(15) {
                    GIFT_CARD
                } else {
                    let half = GIFT_CARD as u64 / 2;
                    (self.draw.below(half + 1) + self.draw.below(GIFT_CARD as u64 - half)) as usize
                };
                let quantity = self.draw.weighted(&[(82, 1), (12, 2), (5, 3), (1, 6)]);
                let price = PRODUCTS[product].1;
                let discount = (quantity * price * discount_percent + 50) / 100;
                let taxed = if product == GIFT_CARD {
                    0
                } else {
                    quantity * price - discount
                };
                Line {
                    product,
                    quantity,
                    price,
                    discount,
                    tax: (taxed * TAX_PERCENT + 50) / 100,
                }
            })
            .collect()
    }

    /// Books the payments; the moment from which the order can be sent, if that comes.
    fn pay(&mut self, plan: PaymentPlan, order: &mut Order) -> Option<Instant> {
        let at = order.created;
        let total = order.totals_at(at).total;
        let payment = |at, kind, gateway, amount| Payment {
            at,
            kind,
            gateway,
            amount,
            failed: false,
            settled: at,
        };
        match plan {
            PaymentPlan::Free => Some(at),
            PaymentPlan::Sale => {
                order.payments.push(payment(at, "sale", CARD, total));
                Some(at)
            }
            PaymentPlan::Authorized => {
                order.payments.push(payment(at, "authorization", CARD, total));
                let mut captured = at + self.draw.between(600, 20 * HOUR);
                if order.lines.len() > 1 && self.draw.chance(150) {
                    order.last_line_removed = Some(at + self.draw.between(8 * HOUR, 20 * HOUR));
                    captured = at + DAY + self.draw.between(0, 8 * HOUR);
                }
                let amount = order.totals_at(captured).total;
                order.payments.push(payment(captured, "capture", CARD, amount));
                Some(captured)
            }
            PaymentPlan::GiftAndCard => {
                let gift = total.min(self.draw.between(1, 5) * 1000) / 2;
                order.payments.push(payment(at, "sale", GIFT, gift));
                order.payments.push(payment(at, "sale", CARD, total - gift));
                Some(at)
            }
            PaymentPlan::PartPaidFirst => {
                let later = at + self.draw.between(10 * HOUR, 40 * HOUR);
                order.payments.push(payment(at, "sale", GIFT, total / 3));
                order.payments.push(Payment {
                    failed: true,
                    ..payment(at, "sale", CARD, total - total / 3)
                });
                order.payments.push(payment(later, "sale", CARD, total - total / 3));
                Some(later)
            }
            PaymentPlan::FailedFirst => {
                let later = at + self.draw.between(30, 600);
                order.payments.push(Payment {
                    failed: true,
                    ..payment(at, "sale", CARD, total)
                });
                order.payments.push(payment(later, "sale", CARD, total));
                Some(later)
            }
            PaymentPlan::BankTransfer => {
                // One in eight never pays; the order is cancelled after a week.
                let settled = at + self.draw.between(DAY, 4 * DAY);
                let never = self.draw.chance(125);
                if never {
                    order.cancelled = Some(at + 7 * DAY);
                } else {
                    order.payments.push(Payment {
                        settled,
                        ..payment(at, "sale", "bank_deposit", total)
                    });
                }
                (!never).then_some(settled)
            }
            // The payment is added when the parcel arrives.
            PaymentPlan::OnDelivery => Some(at),
            PaymentPlan::Voided => {
                let voided = at + self.draw.between(HOUR, 30 * HOUR);
                order.payments.push(payment(at, "authorization", CARD, total));
                order.payments.push(payment(voided, "void", CARD, total));
                order.cancelled = self.draw.chance(500).then_some(voided);
                None
            }
        }
    }
}
