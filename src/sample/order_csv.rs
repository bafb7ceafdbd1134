//! The admin's CSV export: one row per line, the order's own cells only on its first row, times in the shop's zone.

use super::clock::{Instant, LocalTime};
use super::json::{push_date_time, push_money, push_number};
use super::order::Order;
use super::order_json::CURRENCY;

pub const HEADER: &str = "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,\
Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,\
Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,\
Lineitem fulfillment status,Billing Name,Billing City,Billing Zip,Billing Country,Billing Phone,Shipping Name,Shipping City,\
Shipping Zip,Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,\
Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,Lineitem discount,\
Tax 1 Name,Tax 1 Value,Phone\n";

struct Row<'a> {
    out: &'a mut Vec<u8>,
    is_first: bool,
}

impl Row<'_> {
    fn next(&mut self) -> &mut Vec<u8> {
        if !self.is_first {
            self.out.push(b',');
        }
        self.is_first = false;
        self.out
    }

    fn text(&mut self, value: &str) {
        let out = self.next();
        if value.contains([',', '"', '\n', '\r']) {
            out.push(b'"');
            out.extend_from_slice(value.replace('"', "\"\"").as_bytes());
            out.push(b'"');
        } else {
            out.extend_from_slice(value.as_bytes());
        }
    }

    fn money(&mut self, cents: i64) {
        push_money(self.next(), cents);
    }

    fn blank(&mut self, count: usize) {
        (0..count).for_each(|_| self.text(""));
    }

    /// `2025-03-30 03:00:00 +0200`
    fn instant(&mut self, at: Option<Instant>, local: LocalTime) {
        let out = self.next();
        if let Some(at) = at {
            let offset = local.offset(at);
            push_date_time(out, at + offset, b' ');
            let sign = if offset < 0 { '-' } else { '+' };
            let minutes = offset.abs() / 60;
            out.extend_from_slice(format!(" {sign}{:02}{:02}", minutes / 60, minutes % 60).as_bytes());
        }
    }
}

pub fn write_order(out: &mut Vec<u8>, order: &Order, now: Instant, local: LocalTime) {
    for index in 0..order.lines_at(now).len() {
        let mut row = Row { out, is_first: true };
        row.text(&order.name());
        row.text(&order.buyer.email);
        if index == 0 {
            head(&mut row, order, now, local);
        } else {
            row.blank(13);
        }
        row.instant(Some(order.created), local);
        line(&mut row, order, index, now);
        if index == 0 {
            tail(&mut row, order, now, local);
        } else {
            row.blank(16);
            row.text("Alborada");
            row.blank(8);
        }
        row.money(order.lines[index].discount);
        if index == 0 {
            row.text("IVA 21%");
            row.money(order.totals_at(now).tax);
            row.text(&apostrophe(&order.person.phone));
        } else {
            row.blank(3);
        }
        out.push(b'\n');
    }
}

fn head(row: &mut Row<'_>, order: &Order, now: Instant, local: LocalTime) {
    let totals = order.totals_at(now);
    row.text(order.financial_status(now));
    let is_payment = |kind| kind == "sale" || kind == "capture";
    let paid = order
        .payments
        .iter()
        .find(|payment| is_payment(payment.kind) && payment.status(now) == "success");
    row.instant(paid.map(|payment| payment.settled).filter(|&at| at <= now), local);
    let status = order.fulfillment_status(now);
    row.text(status.unwrap_or("unfulfilled"));
    let sent = order
        .parcels
        .last()
        .filter(|_| status == Some("fulfilled"))
        .map(|parcel| parcel.at);
    row.instant(sent, local);
    row.text("no");
    row.text(CURRENCY);
    row.money(totals.gross - totals.discount);
    row.money(order.shipping);
    row.money(totals.tax);
    row.money(totals.total);
    row.text(order.discount_code.unwrap_or_default());
    row.money(totals.discount);
    row.text("Standard");
}

fn line(row: &mut Row<'_>, order: &Order, index: usize, now: Instant) {
    let line = &order.lines[index];
    push_number(row.next(), line.quantity);
    row.text(line.title());
    row.money(line.price);
    row.text("");
    row.text(&format!("SKU-{:03}", line.product + 1));
    row.text(if line.is_gift_card() { "false" } else { "true" });
    row.text(if line.is_gift_card() { "false" } else { "true" });
    row.text(if order.fulfillment_status(now) == Some("fulfilled") {
        "fulfilled"
    } else {
        "pending"
    });
}

fn tail(row: &mut Row<'_>, order: &Order, now: Instant, local: LocalTime) {
    let person = &order.person;
    for _ in ["billing", "shipping"] {
        row.text(&person.name);
        row.text(person.city);
        row.text(&apostrophe(person.zip));
        row.text(person.country);
        row.text(&apostrophe(&person.phone));
    }
    row.text(order.note.unwrap_or_default());
    row.text("");
    row.instant(order.cancelled.filter(|&at| at <= now), local);
    row.text(order.payments.last().map_or("", |payment| payment.gateway));
    row.text("");
    row.money(order.moved(&["refund"], now));
    row.text("Alborada");
    let paid = order.moved(&["sale", "capture"], now);
    row.money((order.totals_at(now).total - paid).max(0));
    row.blank(3);
    row.text(&order.id().to_string());
    row.text(if order.is_test { "prueba" } else { "" });
    row.text("Low");
    row.text(order.source);
}

/// Spreadsheets would eat a leading zero or plus: the export guards it.
fn apostrophe(value: &str) -> String {
    if value.starts_with(['0', '+']) {
        format!("'{value}")
    } else {
        value.to_owned()
    }
}
