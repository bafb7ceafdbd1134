//! `postventa sample`: the exports of an invented shop, as its vendors deliver them, one file per entity and UTC day.
//!
//! Owns no input and no output: [`generate`] hands every file to the caller. The same options give the same bytes on every
//! machine, and a longer export begins with the very files of a shorter one: orders and tickets are drawn whole when they
//! are created, wait in queues, and are written on the days on which something happens to them. Memory holds only what is
//! still alive (and a byte per customer).
//!
//! Layout (a day without records has no file):
//! - `zendesk/{groups,schedules,sla_policies}.json`: settings, once
//! - `zendesk/tickets/<date>.jsonl`: tickets changed on the day, as they were at its end, oldest change first
//! - `zendesk/ticket_audits/<date>.jsonl`: audits of the day, ids ascending in time
//! - `zendesk/users/<date>.jsonl`: new and changed users; the agents on the first day
//! - `shopify/orders/<date>.jsonl`: orders changed on the day, as they were at its end, oldest change first
//! - `shopify/orders_export/<date>.csv`: the admin's CSV of the orders created on the day, as at its end (if asked for)
//! - in the canonical layout, with the ids of `zendesk`: `interactions` (chats, calls), `bot_sessions`, `visits`, `surveys`
//!   (CES after a solve, CSAT after a call), `experiment_assignments` (by ticket)
//! - with the ids of `shopify`: `surveys` (NPS, review requests, thanks), `reviews`, `returns`, `inventory_levels` (CSV),
//!   `experiment_assignments` (by customer)
//! - `finance/costs/<first day>.csv` (agents are Zendesk's), `finance/fx_rates/<date>.csv` on working days
//!
//! Awkward cases, with their share of 1,000 (as measured over a year, rounded):
//! - tickets: reopened 80 (one in eight of them twice), merged into an earlier one 30 (tag `closed_by_merge`, a quarter
//!   `merge_closed_by_merge`), deleted 15, spam 27 (deleted or only tagged and closed), started by an agent 58, never
//!   answered 30 (half stay new), on hold for months 10, solved by the first reply 330, no priority at first 50, internal note
//!   before the first reply 95, other team 68, higher priority 45 (targets change in the same second), schedule assigned 250
//!   (half of them hours later, a tenth changed next day), targets 400, automatic answer 90 (a system's public comment,
//!   or only a notification), subject with quotes, commas, line breaks, emoji, capitals or spaces 40, no reason tag 95,
//!   second contact within seven days 60, follow-up of a closed ticket 13, survey offered 390, answered 143, bad turned good 1
//! - days: half as many tickets again on days of a clock change, fewer on holidays, Black Friday
//! - exports: a ticket twice in one file 20, repeated unchanged in the next day's file: tickets and orders 10, audits 3
//! - users: requester missing from the export 10, e-mail in capitals 30, no e-mail at first on chat channels 600 (learned
//!   later by most), e-mail changed later 5, suspended with spam; one agent leaves after three weeks and then one every
//!   five months: the account becomes an end user, a new agent takes the desk
//! - orders: guests 67 (one in eight without e-mail), e-mail in capitals 20 or with spaces around it 10, test 10,
//!   cancelled 41 (5 of them not refunded), voided 20, authorized then captured 170, last line removed in a newer version 8,
//!   gift card and card 60, bank transfer 30 (an eighth never pays), cash on delivery 25, failed payment first 45, free
//!   replacement 5, about local midnight 15, with a note 60, several lines 440, with a gift card 27
//! - parcels: late 116, lost 33, order in two parcels 31
//! - refunds: 113 (63 whole, 56 in another month than the order), shipping paid back (negative `shipping_refund`) 25, part
//!   kept back (positive `refund_discrepancy`) 14, in two steps 2, failed first 3
//!
//! Late, lost, damaged and returned parcels, failed payments and cancellations make their buyers write.

mod clock;
mod desk;
mod desk_export;
mod draw;
mod export;
mod fates;
mod fixed;
mod inputs;
mod json;
mod life;
mod moods;
mod order;
mod order_after;
mod order_csv;
mod order_json;
mod order_plan;
mod people;
mod sales;
mod shop;
#[cfg(test)]
mod tests;
mod ticket;
mod ticket_json;
mod words;

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;

/// What to generate.
#[derive(Debug, Clone)]
pub struct SampleOptions {
    pub seed: u64,
    /// First UTC day.
    pub first_day: NaiveDate,
    pub days: u32,
    /// Means; week, clock changes, holidays and chance move the single days.
    pub orders_per_day: f64,
    pub tickets_per_day: f64,
    /// The shop's zone: opening hours, busy hours, times in the CSV.
    pub time_zone: Tz,
    pub compression: Compression,
    /// Folders that stay plain although the others are compressed, by their last name (`tickets`).
    pub plain: Vec<String>,
    /// Also write `shopify/orders_export/`.
    pub orders_csv: bool,
}

/// How the daily files are compressed; the settings stay plain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    None,
    Gzip,
    Zstd,
}

/// What was written. Records count every version of a thing, repeats included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SampleSummary {
    pub files: u64,
    /// Before compression.
    pub bytes: u64,
    pub bytes_written: u64,
    pub tickets: u64,
    pub ticket_records: u64,
    pub audits: u64,
    /// Events inside the audits, references to macros left out.
    pub changes: u64,
    pub user_records: u64,
    pub orders: u64,
    /// Lines of the orders when created.
    pub order_lines: u64,
    pub order_records: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum SampleError<E: std::error::Error + 'static> {
    #[error("{0}")]
    Options(&'static str),
    #[error("cannot write {path}")]
    Write { path: String, source: E },
}

/// Takes a file's relative path and bytes.
pub type Sink<'a, E> = dyn FnMut(&str, &[u8]) -> Result<(), E> + 'a;

/// Generates the exports day by day; `write` gets each file's relative path and bytes, once per path.
pub fn generate<E: std::error::Error + 'static>(
    options: &SampleOptions,
    write: &mut Sink<'_, E>,
) -> Result<SampleSummary, SampleError<E>> {
    check(options).map_err(SampleError::Options)?;
    let mut shop = shop::Shop::open(options);
    let mut export = export::Export::new(options, write);
    export.settings("zendesk/groups.json", &fixed::groups())?;
    export.settings(
        "zendesk/schedules.json",
        &fixed::schedules(options.first_day, options.time_zone),
    )?;
    export.settings("zendesk/sla_policies.json", &fixed::sla_policies())?;
    let mut records = [0; 3];
    let first = clock::day_number(options.first_day);
    for day in first..first + i64::from(options.days) {
        let files = shop.live_through(day);
        let date = clock::date_of_day(day);
        records[0] += lines(&files.tickets);
        records[1] += lines(&files.users);
        records[2] += lines(&files.orders);
        export.day("zendesk", "tickets", date, "jsonl", &files.tickets)?;
        export.day("zendesk", "ticket_audits", date, "jsonl", &files.audits)?;
        export.day("zendesk", "users", date, "jsonl", &files.users)?;
        export.day("shopify", "orders", date, "jsonl", &files.orders)?;
        export.day("shopify", "orders_export", date, "csv", &files.orders_csv)?;
        for (folder, bytes) in &files.inputs {
            let (vendor, name, ending, _) = folder.file();
            export.day(vendor, name, date, ending, bytes)?;
        }
        if day == first {
            let costs = inputs::costs(date.year(), shop.desks.first_agents().start);
            export.day("finance", "costs", date, "csv", &costs)?;
        }
    }
    let mut summary = shop.summary;
    [summary.ticket_records, summary.user_records, summary.order_records] = records;
    (summary.files, summary.bytes, summary.bytes_written) = export.counts();
    Ok(summary)
}

fn lines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|&byte| u64::from(byte == b'\n')).sum()
}

/// The folders of daily files, by their last names.
pub const FOLDERS: [&str; 15] = [
    "tickets",
    "ticket_audits",
    "users",
    "orders",
    "orders_export",
    "interactions",
    "bot_sessions",
    "visits",
    "surveys",
    "experiment_assignments",
    "reviews",
    "returns",
    "inventory_levels",
    "fx_rates",
    "costs",
];

fn check(options: &SampleOptions) -> Result<(), &'static str> {
    let is_rate = |rate: f64| (0.0..=1_000_000.0).contains(&rate);
    if options.days == 0 || options.days > 36_525 {
        return Err("the days must be between 1 and 36525");
    }
    if !(1980..=2200).contains(&options.first_day.year()) {
        return Err("the first day must lie between 1980 and 2200");
    }
    if !is_rate(options.orders_per_day) || !is_rate(options.tickets_per_day) {
        return Err("orders and tickets per day must be between 0 and 1000000");
    }
    if options.plain.iter().any(|name| !FOLDERS.contains(&name.as_str())) {
        return Err("only folders of daily files can be kept plain, such as tickets or orders");
    }
    Ok(())
}
