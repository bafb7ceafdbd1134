//! Buying: the day's orders, who comes back, and the day's order exports.

use super::clock::{DAY, Instant, date_of_day, day_of, is_holiday, weekday};
use super::draw::{Draw, Kind};
use super::inputs::AfterOrder;
use super::json::Json;
use super::order::Parcel;
use super::order_plan::Plan;
use super::people::{CustomerNumber, person};
use super::shop::{Contact, Files, IN_HELPDESK, Shop};
use super::{order_csv, order_json};
use chrono::{Datelike, Weekday};

/// Buyers who still have something to ask.
const RECENT: usize = 500;
const ORDER_WEEK: [u64; 7] = [105, 100, 98, 97, 95, 95, 110];
const ORDER_HOURS: [u64; 24] = [
    2, 1, 1, 1, 1, 2, 4, 7, 9, 11, 12, 12, 11, 10, 9, 9, 10, 11, 12, 13, 14, 14, 10, 5,
];
/// Days until the next order of those who come back: quantiles, dense at first.
const COMEBACK_DAYS: [i64; 13] = [2, 8, 15, 23, 31, 42, 56, 72, 95, 125, 170, 250, 400];

impl Shop<'_> {
    pub fn sell(&mut self, day: i64) {
        let mut draw = Draw::new(self.options.seed, Kind::OrderDay, day as u64);
        let date = date_of_day(day);
        let is_black_friday = date.month() == 11 && date.weekday() == Weekday::Fri && (23..30).contains(&date.day());
        let percent = match () {
            () if is_black_friday => 220,
            () if is_holiday(date) => 80,
            () => 100,
        };
        let count = draw.count(self.orders_milli * ORDER_WEEK[weekday(day)] * percent / 10_000);
        let mut buyers = self.comebacks.remove(&day).unwrap_or_default();
        let later = buyers.split_off(buyers.len().min(count as usize * 7 / 10));
        if !later.is_empty() {
            let tomorrow = self.comebacks.entry(day + 1).or_default();
            tomorrow.splice(0..0, later);
        }
        while (buyers.len() as u64) < count {
            let place = draw.below(buyers.len() as u64 + 1) as usize;
            let customer = self.new_customer();
            buyers.insert(place, customer);
        }
        let midnight = self.local.midnight_within(day);
        let mut times: Vec<Instant> = (0..count)
            .map(|_| match midnight {
                Some(midnight) if draw.chance(15) => (midnight + draw.between(-2, 2)).max(day * DAY),
                _ => self.moment(&mut draw, day, &ORDER_HOURS),
            })
            .collect();
        times.sort_unstable();
        for (customer, at) in buyers.into_iter().zip(times) {
            self.buy(day, customer, at);
        }
    }

    fn buy(&mut self, day: i64, customer: CustomerNumber, at: Instant) {
        let number = self.next_order;
        self.next_order += 1;
        let mut draw = Draw::new(self.options.seed, Kind::Order, number);
        let share = (self.tickets_milli * 2300 / self.orders_milli.max(1)).min(1000);
        let mut plan = Plan {
            draw: &mut draw,
            local: self.local,
        };
        let order = plan.order(number, at, customer, person(self.options.seed, customer));
        self.summary.orders += 1;
        self.summary.order_lines += order.lines.len() as u64;
        for due in order.export_days() {
            self.order_days.entry(due).or_default().push(number);
        }
        if !order.is_test {
            for trouble in plan.troubles(&order, share) {
                self.expect(
                    day,
                    Contact {
                        at: trouble.at,
                        customer,
                        reason: trouble.reason,
                        order_name: Some(order.name()),
                        follow_up_of: None,
                        twin_of: None,
                    },
                );
            }
            self.recent.push_back((customer, number));
            if self.recent.len() > RECENT {
                self.recent.pop_front();
            }
            // A late first parcel costs the shop one in three of those who would have come back.
            let is_first = self.customers[customer as usize] & !IN_HELPDESK == 0;
            AfterOrder::new(self.options.seed, &order, &mut self.inputs).tell(is_first);
            let seen = &mut self.customers[customer as usize];
            let is_late = |parcel: &Parcel| parcel.delivered.is_none_or(|at| at > parcel.estimated);
            let often = match *seen & !IN_HELPDESK {
                0 => 330,
                1 => 460,
                _ => 560,
            };
            if *seen & !IN_HELPDESK < IN_HELPDESK - 1 {
                *seen += 1;
            }
            if draw.chance(if order.parcels.iter().any(is_late) {
                often * 2 / 3
            } else {
                often
            }) {
                let next = day + draw.quantile(&COMEBACK_DAYS);
                self.comebacks.entry(next).or_default().push(customer);
            }
        }
        self.orders.insert(number, order);
    }

    pub fn export_orders(&mut self, day: i64, files: &mut Files) {
        let now = (day + 1) * DAY - 1;
        let mut draw = Draw::new(self.options.seed, Kind::Export, day as u64 * 2);
        let mut due = self.order_days.remove(&day).unwrap_or_default();
        if self.options.orders_csv {
            self.export_csv(day, &due, files);
        }
        due.sort_by_key(|number| (self.orders[number].updated_at(now), *number));
        for number in due {
            let order = &self.orders[&number];
            let mut json = Json(std::mem::take(&mut files.orders));
            let start = json.0.len();
            order_json::write_order(&mut json, order, now);
            files.orders = json.0;
            if draw.chance(10) {
                self.repeats.orders.extend_from_slice(&files.orders[start..]);
            }
            if order.export_days().last() == Some(&day) {
                self.orders.remove(&number);
            }
        }
    }

    /// The day's new orders are the last ones of the queue, in their order.
    fn export_csv(&self, day: i64, due: &[u64], files: &mut Files) {
        let now = (day + 1) * DAY - 1;
        for number in due {
            let order = &self.orders[number];
            if day_of(order.created) == day {
                if files.orders_csv.is_empty() {
                    files.orders_csv.extend_from_slice(order_csv::HEADER.as_bytes());
                }
                order_csv::write_order(&mut files.orders_csv, order, now, self.local);
            }
        }
    }
}
