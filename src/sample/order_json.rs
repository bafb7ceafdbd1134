//! An order as the order platform's REST interface gives it, at a moment.

use super::clock::Instant;
use super::json::Json;
use super::order::{Order, Parcel, Refund};
use super::people::shop_id;

pub const CURRENCY: &str = "EUR";

pub fn write_order(json: &mut Json, order: &Order, now: Instant) {
    let totals = order.totals_at(now);
    let name = order.name();
    json.open('{').key("id").number(order.id());
    json.key("name").text(&name).key("order_number").raw(&name[1..]);
    json.key("email").text(&order.buyer.email);
    json.key("created_at").instant(order.created);
    json.key("processed_at").instant(order.created);
    json.key("updated_at").instant(order.updated_at(now));
    let cancelled = order.cancelled.filter(|&at| at <= now);
    json.key("cancelled_at").or_null(cancelled, |json, at| {
        json.instant(at);
    });
    json.key("cancel_reason").or_null(cancelled, |json, _| {
        json.text("customer");
    });
    json.key("currency")
        .text(CURRENCY)
        .key("presentment_currency")
        .text(CURRENCY);
    json.key("financial_status").text(order.financial_status(now));
    json.key("fulfillment_status")
        .or_null(order.fulfillment_status(now), |json, status| {
            json.text(status);
        });
    json.key("test").flag(order.is_test);
    json.key("source_name").text(order.source);
    json.key("note").or_null(order.note, |json, note| {
        json.text(note);
    });
    json.key("tags").text(if order.is_test { "prueba" } else { "" });
    json.key("subtotal_price").money(totals.gross - totals.discount);
    json.key("total_tax").money(totals.tax);
    json.key("total_discounts").money(totals.discount);
    json.key("total_line_items_price").money(totals.gross);
    json.key("total_price").money(totals.total);
    json.key("discount_codes").open('[');
    if let Some(code) = order.discount_code {
        json.open('{')
            .key("code")
            .text(code)
            .key("amount")
            .money(totals.discount);
        json.key("type").text("percentage").close('}');
    }
    json.close(']');
    let customer = (!order.buyer.is_guest).then(|| shop_id(order.buyer.customer));
    json.key("customer").or_null(customer, |json, id| {
        json.open('{')
            .key("id")
            .number(id)
            .key("email")
            .text(order.buyer.email.trim())
            .close('}');
    });
    json.key("shipping_address")
        .open('{')
        .key("name")
        .text(&order.person.name);
    json.key("city")
        .text(order.person.city)
        .key("zip")
        .text(order.person.zip);
    json.key("country_code").text(order.person.country).close('}');
    json.key("shipping_lines")
        .open('[')
        .open('{')
        .key("id")
        .number(70_000_000 + order.number as i64);
    json.key("title")
        .text("Standard")
        .key("price")
        .money(order.shipping)
        .close('}')
        .close(']');
    json.key("line_items").open('[');
    for index in 0..order.lines_at(now).len() {
        write_line(json, order, index);
    }
    json.close(']').key("refunds").open('[');
    for (index, refund) in order.refunds.iter().enumerate().filter(|(_, refund)| refund.at <= now) {
        write_refund(json, order, index, refund);
    }
    json.close(']').key("fulfillments").open('[');
    for (index, parcel) in order.parcels.iter().enumerate().filter(|(_, parcel)| parcel.at <= now) {
        write_parcel(json, order, index, parcel, now);
    }
    json.close(']').key("transactions").open('[');
    for (index, payment) in order
        .payments
        .iter()
        .enumerate()
        .filter(|(_, payment)| payment.at <= now)
    {
        json.open('{').key("id").number(child_id(50_000_000, order, index));
        json.key("kind").text(payment.kind).key("amount").money(payment.amount);
        json.key("created_at").instant(payment.at);
        json.key("gateway")
            .text(payment.gateway)
            .key("status")
            .text(payment.status(now))
            .close('}');
    }
    json.close(']').close('}').end_line();
}

/// Ids of an order's parts: ten numbers per order, in a range of their own.
fn child_id(base: i64, order: &Order, index: usize) -> i64 {
    base + order.number as i64 * 10 + index as i64
}

fn write_line(json: &mut Json, order: &Order, index: usize) {
    let line = &order.lines[index];
    let product = line.product as i64 + 1;
    json.open('{').key("id").number(child_id(30_000_000, order, index));
    json.key("product_id")
        .number(product)
        .key("variant_id")
        .number(product * 10);
    json.key("sku").text(&format!("SKU-{product:03}"));
    json.key("title").text(line.title()).key("name").text(line.title());
    json.key("quantity")
        .number(line.quantity)
        .key("price")
        .money(line.price);
    json.key("gift_card").flag(line.is_gift_card());
    json.key("total_discount")
        .money(0)
        .key("discount_allocations")
        .open('[');
    if line.discount > 0 {
        json.open('{').key("amount").money(line.discount);
        json.key("discount_application_index").number(0).close('}');
    }
    json.close(']').key("tax_lines").open('[');
    if line.tax > 0 {
        json.open('{').key("price").money(line.tax).key("rate").raw("0.21");
        json.key("title").text("IVA").close('}');
    }
    json.close(']').close('}');
}

fn write_refund(json: &mut Json, order: &Order, index: usize, refund: &Refund) {
    let id = child_id(40_000_000, order, index);
    json.open('{').key("id").number(id).key("order_id").number(order.id());
    json.key("created_at")
        .instant(refund.at)
        .key("processed_at")
        .instant(refund.at);
    json.key("refund_line_items").open('[');
    for (place, line) in refund.lines.iter().enumerate() {
        json.open('{').key("id").number(id * 10 + place as i64);
        json.key("line_item_id").number(child_id(30_000_000, order, line.line));
        json.key("quantity")
            .number(line.quantity)
            .key("restock_type")
            .text(refund.restock);
        json.key("subtotal")
            .money_number(line.subtotal)
            .key("total_tax")
            .money_number(line.tax)
            .close('}');
    }
    json.close(']').key("order_adjustments").open('[');
    let adjustments = [
        (-refund.shipping, "shipping_refund"),
        (refund.kept, "refund_discrepancy"),
    ];
    for (place, (amount, kind)) in adjustments
        .into_iter()
        .enumerate()
        .filter(|(_, (amount, _))| *amount != 0)
    {
        json.open('{')
            .key("id")
            .number(id * 100 + place as i64)
            .key("amount")
            .money(amount);
        json.key("tax_amount").money(0).key("kind").text(kind).close('}');
    }
    json.close(']').key("transactions").open('[');
    for payment in order
        .payments
        .iter()
        .filter(|payment| payment.kind == "refund" && payment.at == refund.at)
    {
        json.open('{')
            .key("kind")
            .text("refund")
            .key("amount")
            .money(payment.amount);
        json.key("status")
            .text(payment.status(refund.at))
            .key("gateway")
            .text(payment.gateway)
            .close('}');
    }
    json.close(']').close('}');
}

fn write_parcel(json: &mut Json, order: &Order, index: usize, parcel: &Parcel, now: Instant) {
    let id = child_id(60_000_000, order, index);
    let steps = [
        ("confirmed", Some(parcel.at)),
        ("in_transit", Some(parcel.in_transit)),
        ("delivered", parcel.delivered),
    ];
    let seen = || {
        steps
            .into_iter()
            .filter_map(|(status, at)| Some((status, at.filter(|&at| at <= now)?)))
    };
    json.open('{').key("id").number(id).key("created_at").instant(parcel.at);
    json.key("status").text("success").key("tracking_company").text("SEUR");
    json.key("tracking_number").text(&format!("TRK{id}"));
    json.key("shipment_status")
        .text(seen().next_back().map_or("confirmed", |(status, _)| status));
    json.key("events").open('[');
    for (status, at) in seen() {
        json.open('{').key("status").text(status).key("happened_at").instant(at);
        json.key("estimated_delivery_at").instant(parcel.estimated).close('}');
    }
    json.close(']').close('}');
}
