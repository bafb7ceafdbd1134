//! The helpdesk's settings, which come once: groups, service targets, schedules.

use super::clock::holidays;
use super::json::Json;
use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;

pub const GROUPS: [(i64, &str); 3] = [(1, "Tier 1"), (2, "Tier 2"), (3, "Returns")];
pub const PRIORITIES: [&str; 4] = ["urgent", "high", "normal", "low"];
pub const OFFICE: i64 = 1;
pub const EVENINGS: i64 = 2;

/// A service policy: minutes per metric and priority, counted in business or calendar time.
pub struct Policy {
    pub name: &'static str,
    pub in_business_hours: bool,
    targets: [(&'static str, [i64; 4]); 4],
}

pub const POLICIES: [Policy; 2] = [
    Policy {
        name: "Gold",
        in_business_hours: true,
        targets: [
            ("first_reply_time", [30, 60, 240, 480]),
            ("next_reply_time", [60, 120, 480, 960]),
            ("requester_wait_time", [240, 480, 1440, 2880]),
            ("agent_work_time", [240, 480, 1440, 2880]),
        ],
    },
    Policy {
        name: "Silver",
        in_business_hours: false,
        targets: [
            ("first_reply_time", [60, 240, 720, 1440]),
            ("next_reply_time", [120, 480, 1440, 2880]),
            ("requester_wait_time", [480, 1440, 2880, 5760]),
            ("agent_work_time", [480, 1440, 2880, 5760]),
        ],
    },
];

impl Policy {
    pub fn minutes(&self, metric: &str, priority: &str) -> i64 {
        let place = PRIORITIES.iter().position(|&known| known == priority).unwrap_or(2);
        let found = self.targets.iter().find(|(name, _)| *name == metric);
        found.map_or(0, |(_, minutes)| minutes[place])
    }
}

pub fn groups() -> Vec<u8> {
    let mut json = Json::default();
    json.open('[');
    for (id, name) in GROUPS {
        json.open('{').key("id").number(id).key("name").text(name).close('}');
    }
    json.close(']').end_line();
    json.0
}

pub fn sla_policies() -> Vec<u8> {
    let mut json = Json::default();
    json.open('{');
    for policy in &POLICIES {
        json.key(policy.name)
            .open('{')
            .key("in_business_hours")
            .flag(policy.in_business_hours);
        json.key("targets").open('{');
        for (metric, minutes) in policy.targets {
            json.key(metric).open('{');
            for (priority, minutes) in PRIORITIES.into_iter().zip(minutes) {
                json.key(priority).number(minutes);
            }
            json.close('}');
        }
        json.close('}').close('}');
    }
    json.close('}').end_line();
    json.0
}

/// Two schedules: the office in the shop's zone, and evenings and weekends far away. The holidays reach five years past the
/// first day whatever the length of the export, so that a longer one has the same file.
pub fn schedules(first_day: NaiveDate, zone: Tz) -> Vec<u8> {
    let years = first_day.year() - 1..=first_day.year() + 5;
    let office: Vec<(i64, i64)> = (1..=5).map(|day| (day * 1440 + 540, day * 1440 + 1080)).collect();
    let mut evenings: Vec<(i64, i64)> = (1..=5).map(|day| (day * 1440 + 480, day * 1440 + 1230)).collect();
    evenings.extend([(6 * 1440 + 600, 6 * 1440 + 840), (600, 840)]);
    let mut json = Json::default();
    json.open('[');
    schedule(&mut json, OFFICE, "Office", zone.name(), first_day.year() - 2, &office);
    json.key("holidays").open('[');
    for (name, date) in years.clone().flat_map(holidays) {
        holiday(&mut json, name, date, date);
    }
    json.close(']').close('}');
    schedule(
        &mut json,
        EVENINGS,
        "LA evenings+weekend",
        "America/Los_Angeles",
        first_day.year() - 1,
        &evenings,
    );
    json.key("holidays").open('[');
    for year in years {
        let day = |day| NaiveDate::from_ymd_opt(year, 12, day).unwrap_or_default();
        holiday(&mut json, "Year end", day(24), day(26));
    }
    json.close(']').close('}').close(']').end_line();
    json.0
}

fn schedule(json: &mut Json, id: i64, name: &str, zone: &str, since: i32, intervals: &[(i64, i64)]) {
    json.open('{').key("id").number(id).key("name").text(name);
    json.key("time_zone").text(zone).key("iana").text(zone);
    json.key("created_at")
        .text(&format!("{since}-01-01T00:00:00Z"))
        .key("intervals")
        .open('[');
    for &(start, end) in intervals {
        json.open('{')
            .key("start_time")
            .number(start)
            .key("end_time")
            .number(end)
            .close('}');
    }
    json.close(']');
}

fn holiday(json: &mut Json, name: &str, from: NaiveDate, to: NaiveDate) {
    json.open('{').key("name").text(name);
    json.key("start_date")
        .text(&from.to_string())
        .key("end_date")
        .text(&to.to_string())
        .close('}');
}
