//! What follows a paid order: parcels, cancellation, returns, the money paid back, and what makes its buyer write.

use super::clock::{DAY, HOUR, Instant};
use super::draw::Draw;
use super::order::{Order, Parcel, Payment, Refund, RefundLine};
use super::order_plan::{GIFT, PaymentPlan, Plan};
use super::words::Reason;

/// A reason to write that an order gave.
pub struct Trouble {
    pub at: Instant,
    pub reason: Reason,
}

impl Plan<'_> {
    /// Four of five cancelled orders are refunded at once, the others stay paid.
    pub fn cancel(&mut self, order: &mut Order) {
        let at = order.created + self.draw.between(HOUR, 9 * HOUR);
        order.cancelled = Some(at);
        if self.draw.chance(800) {
            let lines = (0..order.lines.len())
                .map(|line| (line, order.lines[line].quantity))
                .collect();
            self.refund(order, at, "cancel", lines, true);
        }
    }

    pub fn ship(&mut self, plan: PaymentPlan, paid: Instant, order: &mut Order) {
        let count = if order.lines_at(Instant::MAX).len() > 1 && self.draw.chance(80) {
            2
        } else {
            1
        };
        let mut from = paid;
        for _ in 0..count {
            let ready = from + self.draw.between(2 * HOUR, 30 * HOUR);
            let spread = self.draw.between(0, HOUR);
            let at = self.local.when_open(ready, spread);
            let estimated = at + 3 * DAY;
            let delivered = match self.draw.below(100) {
                0..85 => Some(at + self.draw.between(20 * HOUR, 3 * DAY)),
                85..97 => Some(estimated + self.draw.quantile(&[2 * HOUR, DAY, 2 * DAY, 4 * DAY, 9 * DAY])),
                _ => None,
            };
            order.parcels.push(Parcel {
                at,
                in_transit: at + self.draw.between(HOUR, 3 * HOUR),
                delivered,
                estimated,
            });
            from = at + DAY;
        }
        if plan == PaymentPlan::OnDelivery
            && let Some(at) = order.parcels.last().and_then(|parcel| parcel.delivered)
        {
            order.payments.push(Payment {
                at,
                kind: "sale",
                gateway: "cash_on_delivery",
                amount: order.totals_at(at).total,
                failed: false,
                settled: at,
            });
        }
    }

    /// Returns of one in twelve delivered orders (one in eight of those in two steps), and the money of lost parcels.
    pub fn give_back(&mut self, order: &mut Order) {
        if order.moved(&["sale", "capture"], Instant::MAX) == 0 {
            return;
        }
        let Some(last) = order.parcels.last() else { return };
        let lost_after = last.estimated + 9 * DAY;
        let line_count = order.lines_at(Instant::MAX).len();
        let everything: Vec<(usize, i64)> = (0..line_count).map(|line| (line, order.lines[line].quantity)).collect();
        let Some(delivered) = last.delivered else {
            if self.draw.chance(700) {
                let at = lost_after + self.draw.between(0, 5 * DAY);
                self.refund(order, at, "no_restock", everything, true);
            }
            return;
        };
        if !self.draw.chance(85) {
            return;
        }
        let at = delivered
            + self
                .draw
                .quantile(&[4 * DAY, 8 * DAY, 12 * DAY, 18 * DAY, 26 * DAY, 45 * DAY]);
        if self.draw.chance(350) {
            let shipping = self.draw.chance(600);
            self.refund(order, at, "return", everything, shipping);
            return;
        }
        let (line, bought) = *self.draw.pick(&everything);
        let quantity = self.draw.between(1, bought);
        let restock = self.draw.weighted(&[(7, "return"), (3, "no_restock")]);
        self.refund(order, at, restock, vec![(line, quantity)], false);
        let rest: Vec<_> = everything.into_iter().filter(|&(other, _)| other != line).collect();
        if !rest.is_empty() && self.draw.chance(125) {
            let later = at + self.draw.between(HOUR, 12 * DAY);
            self.refund(order, later, "return", rest, false);
        }
    }

    fn refund(
        &mut self,
        order: &mut Order,
        at: Instant,
        restock: &'static str,
        lines: Vec<(usize, i64)>,
        shipping: bool,
    ) {
        let lines: Vec<RefundLine> = lines
            .into_iter()
            .map(|(index, quantity)| {
                let line = order.lines[index];
                RefundLine {
                    line: index,
                    quantity,
                    subtotal: line.net() * quantity / line.quantity,
                    tax: line.tax * quantity / line.quantity,
                }
            })
            .collect();
        let goods: i64 = lines.iter().map(|line| line.subtotal).sum();
        let refund = Refund {
            at,
            restock,
            kept: if restock != "cancel" && goods > 1000 && self.draw.chance(150) {
                200
            } else {
                0
            },
            shipping: if shipping { order.shipping } else { 0 },
            lines,
        };
        self.pay_back(order, &refund);
        order.refunds.push(refund);
    }

    /// To the card first, the rest to the gift card. One in thirty refunds fails first.
    fn pay_back(&mut self, order: &mut Order, refund: &Refund) {
        let mut left = refund.amount();
        let failed_first = self.draw.chance(33);
        let mut gateways: Vec<&'static str> = Vec::new();
        for payment in order.payments.iter().rev() {
            if !gateways.contains(&payment.gateway) {
                gateways.push(payment.gateway);
            }
        }
        gateways.sort_by_key(|&gateway| gateway == GIFT);
        for gateway in gateways {
            let came = |payment: &&Payment| payment.gateway == gateway && !payment.failed;
            let balance: i64 = order
                .payments
                .iter()
                .filter(came)
                .map(|payment| match payment.kind {
                    "sale" | "capture" => payment.amount,
                    "refund" => -payment.amount,
                    _ => 0,
                })
                .sum();
            let amount = left.min(balance);
            if amount > 0 {
                let payment = |failed, at| Payment {
                    at,
                    kind: "refund",
                    gateway,
                    amount,
                    failed,
                    settled: at,
                };
                if failed_first {
                    order.payments.push(payment(true, refund.at));
                }
                order.payments.push(payment(false, refund.at));
                left -= amount;
            }
        }
    }

    /// What makes the buyer write, by what happened. `share` of 1,000 of them do.
    pub fn troubles(&mut self, order: &Order, share: u64) -> Vec<Trouble> {
        let mut found = Vec::new();
        let mut add = |draw: &mut Draw, often: u64, at: Instant, reason| {
            if draw.chance(often * share / 1000) {
                found.push(Trouble { at, reason });
            }
        };
        let draw = &mut *self.draw;
        if order
            .payments
            .iter()
            .any(|payment| payment.failed && payment.kind == "sale")
        {
            add(draw, 400, order.created + 900, Reason::Payment);
        }
        if let Some(cancelled) = order.cancelled {
            add(draw, 700, cancelled - 1800, Reason::Cancel);
        }
        for parcel in &order.parcels {
            let arrives = parcel.delivered.unwrap_or(Instant::MAX);
            if arrives > parcel.estimated {
                let after = draw.between(HOUR, 30 * HOUR);
                add(draw, 700, parcel.estimated + after, Reason::Wismo);
                continue;
            }
            let waiting = draw.between(parcel.at, arrives);
            add(draw, 50, waiting, Reason::Wismo);
            let unpacked = arrives + draw.between(HOUR, 2 * DAY);
            add(draw, 25, unpacked, Reason::Damaged);
            add(draw, 15, unpacked, Reason::Exchange);
            let used = arrives + draw.between(20 * DAY, 120 * DAY);
            add(draw, 10, used, Reason::Warranty);
        }
        for refund in order.refunds.iter().filter(|refund| refund.restock != "cancel") {
            let before = draw.between(DAY, 3 * DAY);
            add(draw, 800, refund.at - before, Reason::Return);
            let after = draw.between(4 * DAY, 9 * DAY);
            add(draw, 150, refund.at + after, Reason::Refund);
        }
        found
    }
}
