//! Business hours: weekly opening times in a time zone, with holidays by local date.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::faults::Faults;

/// `[[schedule]]` as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScheduleSection {
    pub id: Option<String>,
    pub name: Option<String>,
    pub time_zone: Option<String>,
    /// The schedule of tickets that name none; without one marked, the first schedule is it.
    pub default: bool,
    /// `mon = ["09:00-14:00", "15:00-18:00"]`, local times; `24:00` is the end of the day.
    pub hours: BTreeMap<String, Vec<String>>,
    /// `2025-01-01` or `2025-12-24..2025-12-26`, both days included.
    pub holidays: Vec<String>,
}

/// A schedule that can be used.
#[derive(Debug, Clone, Serialize)]
pub struct Schedule {
    pub id: String,
    pub is_default: bool,
    #[serde(serialize_with = "zone_name")]
    time_zone: Tz,
    /// Opening times per weekday (0 = Monday) in minutes of the local day, in order, not overlapping.
    hours: BTreeMap<u32, Vec<(u32, u32)>>,
    holidays: BTreeSet<NaiveDate>,
}

fn zone_name<S: serde::Serializer>(zone: &Tz, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(zone.name())
}

const MINUTES_OF_DAY: u32 = 24 * 60;

impl ScheduleSection {
    pub fn resolve(&self, key: &str, job_time_zone: Tz, faults: &mut Faults) -> Option<Schedule> {
        let id = self.id.clone().unwrap_or_default();
        if id.is_empty() {
            faults.add(format!("{key}.id"), "missing; give the helpdesk's id of this schedule");
        }
        let time_zone = match &self.time_zone {
            None => job_time_zone,
            Some(name) => name.parse().unwrap_or_else(|_| {
                faults.add(
                    format!("{key}.time_zone"),
                    format!("{name:?} is no IANA time zone, such as Europe/Madrid"),
                );
                job_time_zone
            }),
        };
        let mut hours = BTreeMap::new();
        for (day, spans) in &self.hours {
            let at = format!("{key}.hours.{day}");
            match day.parse::<Weekday>() {
                Ok(weekday) => {
                    hours.insert(weekday.num_days_from_monday(), minutes(&at, spans, faults));
                }
                Err(_) => faults.add(at, "no weekday; use mon, tue, wed, thu, fri, sat, sun"),
            }
        }
        if hours.is_empty() {
            faults.add(format!("{key}.hours"), "missing; at least one day needs opening times");
        }
        let mut holidays = BTreeSet::new();
        for (i, text) in self.holidays.iter().enumerate() {
            match days(text) {
                Some(days) => holidays.extend(days),
                None => faults.add(
                    format!("{key}.holidays[{i}]"),
                    format!("{text:?} is neither a date (2025-01-01) nor a range (2025-12-24..2025-12-26)"),
                ),
            }
        }
        Some(Schedule {
            id,
            is_default: self.default,
            time_zone,
            hours,
            holidays,
        })
    }
}

fn minutes(key: &str, spans: &[String], faults: &mut Faults) -> Vec<(u32, u32)> {
    let mut open = Vec::new();
    for span in spans {
        match span.split_once('-').and_then(|(a, b)| Some((minute(a)?, minute(b)?))) {
            Some((from, to)) if from < to => open.push((from, to)),
            _ => faults.add(
                key,
                format!("{span:?} is no span such as 09:00-18:00, with the start before the end"),
            ),
        }
    }
    open.sort_unstable();
    if open.windows(2).any(|pair| pair[0].1 > pair[1].0) {
        faults.add(key, "spans overlap");
    }
    open
}

fn minute(text: &str) -> Option<u32> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= MINUTES_OF_DAY).then_some(total)
}

fn days(text: &str) -> Option<Vec<NaiveDate>> {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let (from, to): (NaiveDate, NaiveDate) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
    (from <= to && (to - from).num_days() <= 366).then(|| from.iter_days().take_while(|day| *day <= to).collect())
}

impl Schedule {
    /// Open time of one local day as instants in epoch seconds, in order, half open.
    ///
    /// An opening time that a clock change skips starts when the clock has jumped; one that happens twice starts at the
    /// first and ends at the last, so that the shop is open for the whole of it.
    pub fn open_on(&self, day: NaiveDate) -> Vec<(i64, i64)> {
        if self.holidays.contains(&day) {
            return Vec::new();
        }
        let spans = self.hours.get(&day.weekday().num_days_from_monday());
        spans
            .into_iter()
            .flatten()
            .filter_map(|(from, to)| {
                let from = instant(self.time_zone, at_minute(day, *from)?, Repeated::First)?;
                let to = instant(self.time_zone, at_minute(day, *to)?, Repeated::Last)?;
                (from < to).then_some((from, to))
            })
            .collect()
    }
}

fn at_minute(day: NaiveDate, minute: u32) -> Option<NaiveDateTime> {
    if minute == MINUTES_OF_DAY {
        return Some(day.checked_add_days(Days::new(1))?.and_time(NaiveTime::MIN));
    }
    day.and_hms_opt(minute / 60, minute % 60, 0)
}

/// Which instant a local time means that a clock change makes happen twice.
#[derive(Clone, Copy)]
enum Repeated {
    First,
    Last,
}

fn instant(zone: Tz, local: NaiveDateTime, repeated: Repeated) -> Option<i64> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) => Some(at.timestamp()),
        LocalResult::Ambiguous(first, last) => Some(match repeated {
            Repeated::First => first.timestamp(),
            Repeated::Last => last.timestamp(),
        }),
        // The clock jumps over this time: take the first local time after it that exists.
        LocalResult::None => (1..=24 * 4).find_map(|quarters| {
            let later = local + chrono::TimeDelta::minutes(15 * quarters);
            zone.from_local_datetime(&later).earliest().map(|at| {
                // Back to the jump itself: the quarter found may lie past it.
                let before = at - chrono::TimeDelta::minutes(15);
                jump_between(zone, before.with_timezone(&Utc), at.with_timezone(&Utc))
            })
        }),
    }
}

/// The instant in (`from`, `to`] at which the zone's offset changes, to the second.
fn jump_between(zone: Tz, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
    use chrono::Offset;
    let offset = |epoch: i64| {
        DateTime::from_timestamp(epoch, 0)
            .map(|at| zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc())
    };
    let (mut low, mut high) = (from.timestamp(), to.timestamp());
    let after = offset(high);
    while low + 1 < high {
        let middle = low + (high - low) / 2;
        if offset(middle) == after {
            high = middle
        } else {
            low = middle
        }
    }
    high
}

/// Start of a local day as an instant in epoch seconds; a day whose midnight is skipped starts after the jump.
pub fn day_start(zone: Tz, day: NaiveDate) -> Option<i64> {
    instant(zone, day.and_time(NaiveTime::MIN), Repeated::First)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(zone: &str, spans: &[&str]) -> Schedule {
        let section = ScheduleSection {
            id: Some("1".into()),
            time_zone: Some(zone.into()),
            hours: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
                .iter()
                .map(|d| (d.to_string(), spans.iter().map(|s| s.to_string()).collect()))
                .collect(),
            holidays: vec!["2024-12-25".into(), "2024-12-30..2025-01-01".into()],
            ..Default::default()
        };
        let mut faults = Faults::default();
        let schedule = section.resolve("schedule[0]", Tz::UTC, &mut faults).unwrap();
        assert!(faults.is_empty());
        schedule
    }

    fn open_seconds(schedule: &Schedule, day: &str) -> i64 {
        schedule.open_on(day.parse().unwrap()).iter().map(|(a, b)| b - a).sum()
    }

    #[test]
    fn a_day_with_a_clock_change_is_as_long_as_it_is() {
        let always = schedule("Europe/Madrid", &["00:00-24:00"]);
        assert_eq!(open_seconds(&always, "2025-03-29"), 24 * 3600);
        assert_eq!(open_seconds(&always, "2025-03-30"), 23 * 3600);
        assert_eq!(open_seconds(&always, "2024-10-27"), 25 * 3600);
    }

    #[test]
    fn opening_times_inside_a_jump_start_after_it() {
        // Madrid 2025-03-30: 02:00 becomes 03:00 at 01:00 UTC = 1743296400.
        let night = schedule("Europe/Madrid", &["02:20-04:00"]);
        assert_eq!(
            night.open_on("2025-03-30".parse().unwrap()),
            vec![(1_743_296_400, 1_743_300_000)]
        );
    }

    #[test]
    fn opening_times_that_happen_twice_are_open_twice() {
        // Madrid 2024-10-27: 02:00-03:00 happens twice, from 00:00 UTC to 02:00 UTC.
        let night = schedule("Europe/Madrid", &["02:00-02:30"]);
        assert_eq!(open_seconds(&night, "2024-10-27"), 90 * 60);
    }

    #[test]
    fn holidays_are_closed_by_local_date() {
        let office = schedule("America/Los_Angeles", &["09:00-14:00", "15:00-18:00"]);
        assert_eq!(open_seconds(&office, "2024-12-24"), 8 * 3600);
        for day in ["2024-12-25", "2024-12-30", "2024-12-31", "2025-01-01"] {
            assert_eq!(open_seconds(&office, day), 0, "{day}");
        }
    }

    #[test]
    fn every_fault_of_a_schedule_is_reported() {
        let section = ScheduleSection {
            time_zone: Some("Madrid".into()),
            hours: [
                ("lunes".to_owned(), vec!["09:00-18:00".to_owned()]),
                ("tue".to_owned(), vec!["18:00-09:00".to_owned(), "9-10".to_owned()]),
                (
                    "wed".to_owned(),
                    vec!["09:00-12:00".to_owned(), "11:00-13:00".to_owned()],
                ),
            ]
            .into(),
            holidays: vec!["2025-02-30".into()],
            ..Default::default()
        };
        let mut faults = Faults::default();
        section.resolve("schedule[0]", Tz::UTC, &mut faults);
        let keys: Vec<String> = faults.into_vec().into_iter().map(|f| f.key).collect();
        assert_eq!(
            keys,
            [
                "schedule[0].id",
                "schedule[0].time_zone",
                "schedule[0].hours.lunes",
                "schedule[0].hours.tue",
                "schedule[0].hours.tue",
                "schedule[0].hours.wed",
                "schedule[0].holidays[0]"
            ]
        );
    }
}
