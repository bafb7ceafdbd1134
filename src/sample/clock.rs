//! Days and hours: UTC instants are seconds since 1970, days are numbered from the same origin.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;

pub const HOUR: i64 = 3600;
pub const DAY: i64 = 86_400;

/// An instant in UTC, in seconds since 1970.
pub type Instant = i64;

pub fn day_number(date: NaiveDate) -> i64 {
    naive(date, 0).and_utc().timestamp().div_euclid(DAY)
}

pub fn date_of_day(day: i64) -> NaiveDate {
    utc(day * DAY).date()
}

pub fn day_of(at: Instant) -> i64 {
    at.div_euclid(DAY)
}

fn utc(at: Instant) -> NaiveDateTime {
    DateTime::from_timestamp(at, 0).unwrap_or_default().naive_utc()
}

fn naive(date: NaiveDate, hour: u32) -> NaiveDateTime {
    date.and_hms_opt(hour, 0, 0).unwrap_or_default()
}

/// The shop's local time.
#[derive(Debug, Clone, Copy)]
pub struct LocalTime(pub Tz);

impl LocalTime {
    pub fn offset(self, at: Instant) -> i64 {
        i64::from(self.0.offset_from_utc_datetime(&utc(at)).fix().local_minus_utc())
    }

    /// Second of the local day.
    fn second_of_day(self, at: Instant) -> i64 {
        (at + self.offset(at)).rem_euclid(DAY)
    }

    pub fn hour(self, at: Instant) -> usize {
        (self.second_of_day(at) / HOUR) as usize
    }

    /// 0 is Monday.
    pub fn weekday(self, at: Instant) -> usize {
        weekday(day_of(at + self.offset(at)))
    }

    pub fn is_open(self, at: Instant) -> bool {
        self.weekday(at) < 5
            && (9..18).contains(&self.hour(at))
            && !is_holiday(date_of_day(day_of(at + self.offset(at))))
    }

    /// `at` if the office is open then, else a moment of the first hour of the next working day.
    pub fn when_open(self, at: Instant, spread: i64) -> Instant {
        if self.is_open(at) {
            return at;
        }
        let mut morning = at - self.second_of_day(at) + 9 * HOUR;
        if morning < at {
            morning += DAY;
        }
        while !self.is_open(morning + HOUR) {
            morning += DAY;
        }
        // A DST change in between moves the hour by one: still a working hour, and not before `at`.
        (morning + spread.rem_euclid(HOUR)).max(at)
    }

    /// The local midnight that falls in the UTC day, if any.
    pub fn midnight_within(self, day: i64) -> Option<Instant> {
        (0..24)
            .map(|hour| day * DAY + hour * HOUR)
            .find(|&at| self.second_of_day(at) == 0)
    }

    /// True when the clocks change during the UTC day.
    pub fn changes_on(self, day: i64) -> bool {
        self.offset(day * DAY) != self.offset((day + 1) * DAY)
    }
}

/// 0 is Monday (1970-01-01 was a Thursday).
pub fn weekday(day: i64) -> usize {
    (day + 3).rem_euclid(7) as usize
}

/// National holidays of Spain, by month and day; Good Friday moves.
const HOLIDAYS: [(&str, u32, u32); 9] = [
    ("New Year", 1, 1),
    ("Epiphany", 1, 6),
    ("Labour Day", 5, 1),
    ("Assumption", 8, 15),
    ("National Day", 10, 12),
    ("All Saints", 11, 1),
    ("Constitution Day", 12, 6),
    ("Immaculate Conception", 12, 8),
    ("Christmas", 12, 25),
];

pub fn is_holiday(date: NaiveDate) -> bool {
    let fixed = |&(_, month, day): &(_, u32, u32)| date.month() == month && date.day() == day;
    HOLIDAYS.iter().any(fixed) || date == good_friday(date.year())
}

/// The holidays of a year, in order.
pub fn holidays(year: i32) -> Vec<(&'static str, NaiveDate)> {
    let mut days: Vec<_> = HOLIDAYS
        .iter()
        .filter_map(|&(name, month, day)| Some((name, NaiveDate::from_ymd_opt(year, month, day)?)))
        .collect();
    days.push(("Good Friday", good_friday(year)));
    days.sort_by_key(|&(_, date)| date);
    days
}

/// Two days before Easter Sunday (the anonymous Gregorian rule).
fn good_friday(year: i32) -> NaiveDate {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let f = (b + 8) / 25;
    let h = (19 * a + b - b / 4 - (b - f + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    let easter = NaiveDate::from_ymd_opt(year, (n / 31) as u32, (n % 31 + 1) as u32).unwrap_or_default();
    easter - TimeDelta::days(2)
}
