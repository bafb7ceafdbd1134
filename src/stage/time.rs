//! Timestamps and dates from text, exact across daylight saving.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;
use polars::prelude::PlHashMap;

use super::cast::Reason;

/// Microseconds of 2100-01-01; staged instants lie between 1970 and it.
const END_MICROS: i64 = 4_102_444_800_000_000;
const MICROS: i64 = 1_000_000;

/// How a mapping says timestamps are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    /// Year first, as ISO 8601 and its relatives.
    Iso,
    EpochSeconds,
    EpochMillis,
    /// Days since 1899-12-30, as Excel counts them.
    Excel,
    /// chrono's `%d/%m/%Y %H:%M`.
    Pattern(String),
}

impl Format {
    /// Reads a format; errors say what is not known.
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(match text {
            "iso" => Format::Iso,
            "epoch_s" => Format::EpochSeconds,
            "epoch_ms" => Format::EpochMillis,
            "excel" => Format::Excel,
            pattern if pattern.contains('%') => {
                let broken =
                    chrono::format::StrftimeItems::new(pattern).any(|item| matches!(item, chrono::format::Item::Error));
                if broken {
                    return Err(format!("`{pattern}` has a % that is not known"));
                }
                Format::Pattern(pattern.to_owned())
            }
            other => {
                return Err(format!(
                    "`{other}` is not a date format; use iso, epoch_s, epoch_ms, excel or %d/%m/%Y %H:%M"
                ));
            }
        })
    }
}

/// What a text says before zones come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    Instant(i64),
    Local(NaiveDateTime),
    Day(NaiveDate),
}

/// The instant of a text, in microseconds since 1970 UTC. Without an offset it is local time in `zone`: of the two
/// instants when clocks go back the earlier, and none when they skip it. A date alone is the start of that day.
pub fn instant(text: &str, formats: &[Format], zone: Tz) -> Result<i64, Reason> {
    let micros = match written(text, formats)? {
        Written::Instant(micros) => micros,
        Written::Local(local) => to_utc(local, zone).ok_or(Reason::NonexistentLocalTime)?,
        Written::Day(day) => day_start(day, zone).ok_or(Reason::InvalidTimestamp)?,
    };
    if (0..END_MICROS).contains(&micros) {
        Ok(micros)
    } else {
        Err(Reason::OutOfRange)
    }
}

/// The local date of a text, in days since 1970: a date stays as written, an instant falls on its day in `zone` of the
/// job, a local time without offset keeps its date.
pub fn date(text: &str, formats: &[Format], offsets: &mut Offsets) -> Result<i32, Reason> {
    let days = match written(text, formats)? {
        Written::Instant(micros) => offsets.local_day(micros),
        Written::Local(local) => days(local.date()),
        Written::Day(day) => days(day),
    };
    let end = i32::try_from(END_MICROS / MICROS / 86_400).unwrap_or(i32::MAX);
    if (0..end).contains(&days) {
        Ok(days)
    } else {
        Err(Reason::OutOfRange)
    }
}

fn written(text: &str, formats: &[Format]) -> Result<Written, Reason> {
    if formats.is_empty() {
        return iso(text).ok_or(Reason::InvalidTimestamp);
    }
    formats
        .iter()
        .find_map(|format| one(text, format))
        .ok_or(Reason::InvalidTimestamp)
}

fn one(text: &str, format: &Format) -> Option<Written> {
    match format {
        Format::Iso => iso(text),
        Format::EpochSeconds => Some(Written::Instant(epoch(text, MICROS)?)),
        Format::EpochMillis => Some(Written::Instant(epoch(text, 1000)?)),
        Format::Excel => excel(text),
        Format::Pattern(pattern) => {
            if let Ok(at) = DateTime::parse_from_str(text, pattern) {
                return Some(Written::Instant(at.timestamp_micros()));
            }
            if let Ok(local) = NaiveDateTime::parse_from_str(text, pattern) {
                return Some(Written::Local(local));
            }
            let day = NaiveDate::parse_from_str(text, pattern).ok()?;
            Some(Written::Day(day))
        }
    }
}

fn epoch(text: &str, unit_micros: i64) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut micros = whole.parse::<i64>().ok()?.checked_mul(unit_micros)?;
    let mut place = unit_micros;
    for digit in fraction.chars() {
        place /= 10;
        micros = micros.checked_add(i64::from(digit.to_digit(10)?) * place)?;
    }
    Some(micros)
}

fn excel(text: &str) -> Option<Written> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let start = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    let day = start.checked_add_signed(TimeDelta::try_days(whole.parse().ok()?)?)?;
    if fraction.is_empty() {
        return Some(Written::Day(day));
    }
    // Serials are binary fractions of a day; the nearest second is what was meant.
    let part: f64 = format!("0.{fraction}").parse().ok()?;
    let local = day.and_time(NaiveTime::MIN) + TimeDelta::try_milliseconds((part * 86_400.0).round() as i64 * 1000)?;
    Some(Written::Local(local))
}

/// `2026-03-12`, `2026-03-12T09:14:02.5+01:00`, `2026-03-12 09:14 +0000`, `2026/3/2 9:14:02 UTC`.
fn iso(text: &str) -> Option<Written> {
    let mut rest = text.as_bytes();
    let year = number(&mut rest, 4, 4)?;
    let separator = *rest.first().filter(|b| matches!(b, b'-' | b'/'))?;
    take(&mut rest, separator)?;
    let month = number(&mut rest, 1, 2)?;
    take(&mut rest, separator)?;
    let day = number(&mut rest, 1, 2)?;
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    if rest.is_empty() {
        return Some(Written::Day(date));
    }
    match rest.first()? {
        b'T' | b't' => rest = rest.get(1..)?,
        b' ' => skip_spaces(&mut rest),
        _ => return None,
    }
    let hour = number(&mut rest, 1, 2)?;
    take(&mut rest, b':')?;
    let minute = number(&mut rest, 2, 2)?;
    let (mut second, mut micros) = (0, 0);
    if rest.first() == Some(&b':') {
        take(&mut rest, b':')?;
        second = number(&mut rest, 2, 2)?;
        if matches!(rest.first(), Some(b'.' | b',')) {
            rest = rest.get(1..)?;
            micros = fraction(&mut rest)?;
        }
    }
    let local = date.and_hms_micro_opt(hour, minute, second, micros)?;
    skip_spaces(&mut rest);
    let offset = match rest {
        [] => return Some(Written::Local(local)),
        b"Z" | b"z" | b"UTC" | b"GMT" => 0,
        _ => offset_seconds(&mut rest)?,
    };
    let micros = local.and_utc().timestamp_micros();
    Some(Written::Instant(micros.checked_sub(offset * MICROS)?))
}

fn take(rest: &mut &[u8], wanted: u8) -> Option<()> {
    let (first, after) = rest.split_first()?;
    *rest = after;
    (*first == wanted).then_some(())
}

fn skip_spaces(rest: &mut &[u8]) {
    while let [b' ', after @ ..] = rest {
        *rest = after;
    }
}

fn number(rest: &mut &[u8], min: usize, max: usize) -> Option<u32> {
    let (mut value, mut length) = (0, 0);
    while let [digit @ b'0'..=b'9', after @ ..] = rest
        && length < max
    {
        value = value * 10 + u32::from(digit - b'0');
        length += 1;
        *rest = after;
    }
    (length >= min).then_some(value)
}

/// Digits behind the second's point; beyond microseconds they are cut.
fn fraction(rest: &mut &[u8]) -> Option<u32> {
    let (mut micros, mut length) = (0, 0);
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        if length < 6 {
            micros = micros * 10 + u32::from(digit - b'0');
        }
        length += 1;
        *rest = after;
    }
    (length > 0).then(|| micros * 10_u32.pow(6 - length.min(6)))
}

fn offset_seconds(rest: &mut &[u8]) -> Option<i64> {
    let sign = match rest.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    *rest = rest.get(1..)?;
    let hours = number(rest, 2, 2)?;
    if rest.first() == Some(&b':') {
        take(rest, b':')?;
    }
    let minutes = if rest.is_empty() { 0 } else { number(rest, 2, 2)? };
    if !rest.is_empty() || hours > 14 || minutes > 59 {
        return None;
    }
    Some(sign * (i64::from(hours) * 3600 + i64::from(minutes) * 60))
}

fn to_utc(local: NaiveDateTime, zone: Tz) -> Option<i64> {
    zone.from_local_datetime(&local)
        .earliest()
        .map(|at| at.timestamp_micros())
}

/// The first instant of a local day, also where clocks skip midnight.
fn day_start(day: NaiveDate, zone: Tz) -> Option<i64> {
    let midnight = day.and_time(NaiveTime::MIN);
    (0..96).find_map(|quarter| to_utc(midnight + TimeDelta::minutes(quarter * 15), zone))
}

fn days(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - 719_163
}

/// Local dates of instants in one zone, remembering the offset of each UTC day whose clock does not change.
#[derive(Debug)]
pub struct Offsets {
    zone: Tz,
    days: PlHashMap<i64, Option<i64>>,
    last: Option<(i64, i64)>,
}

impl Offsets {
    pub fn new(zone: Tz) -> Self {
        Self {
            zone,
            days: PlHashMap::default(),
            last: None,
        }
    }

    /// Days since 1970 of the local date on which an instant falls.
    pub fn local_day(&mut self, micros: i64) -> i32 {
        let seconds = micros.div_euclid(MICROS);
        let day = seconds.div_euclid(86_400);
        let offset = match self.last {
            Some((known, offset)) if known == day => offset,
            _ => self.offset(day, seconds),
        };
        i32::try_from((seconds + offset).div_euclid(86_400)).unwrap_or(i32::MAX)
    }

    fn offset(&mut self, day: i64, seconds: i64) -> i64 {
        let zone = self.zone;
        let steady = *self.days.entry(day).or_insert_with(|| {
            let start = offset_at(zone, day * 86_400);
            (start == offset_at(zone, day * 86_400 + 86_399)).then_some(start)
        });
        match steady {
            Some(offset) => {
                self.last = Some((day, offset));
                offset
            }
            None => offset_at(zone, seconds),
        }
    }
}

fn offset_at(zone: Tz, seconds: i64) -> i64 {
    DateTime::from_timestamp(seconds, 0).map_or(0, |at| {
        i64::from(zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Tz::{America__Sao_Paulo as SAO_PAULO, Europe__Madrid as MADRID};

    fn utc(text: &str) -> Result<String, Reason> {
        with(text, &[])
    }

    fn with(text: &str, formats: &[&str]) -> Result<String, Reason> {
        let formats: Vec<_> = formats.iter().map(|f| Format::parse(f).unwrap()).collect();
        let micros = instant(text, &formats, MADRID)?;
        let at = DateTime::from_timestamp_micros(micros).unwrap();
        Ok(at.format("%Y-%m-%d %H:%M:%S%.f").to_string())
    }

    #[test]
    fn iso_and_its_relatives() {
        let ok = |text, expected: &str| assert_eq!(utc(text).as_deref(), Ok(expected), "{text}");
        ok("2024-09-05T13:05:48Z", "2024-09-05 13:05:48");
        ok("2026-03-12 09:14:02 +0000", "2026-03-12 09:14:02");
        ok("2024-01-04 14:34:00 +0100", "2024-01-04 13:34:00");
        ok("2024-01-04T14:34:00.123456789-05:30", "2024-01-04 20:04:00.123456");
        ok("2024-01-04 14:34:00 UTC", "2024-01-04 14:34:00");
        ok("2024-07-04 14:34", "2024-07-04 12:34:00");
        ok("2024-07-04", "2024-07-03 22:00:00");
        ok("2024/7/4 9:05:01", "2024-07-04 07:05:01");
    }

    #[test]
    fn dates_that_do_not_exist_and_other_nonsense() {
        for text in [
            "2024-02-30",
            "2023-02-29T10:00:00Z",
            "2024-13-01",
            "2024-01-01T25:00:00Z",
            "12/31/2024",
            "20240101",
            "2024-01-01T10:00:00+25:00",
            "2024-01-01x",
            "1714000000",
            "2024-01/02",
            "2024-1-1T1:1Z",
        ] {
            assert_eq!(utc(text), Err(Reason::InvalidTimestamp), "{text}");
        }
        assert_eq!(utc("1969-12-31T23:59:59Z"), Err(Reason::OutOfRange));
        assert_eq!(utc("2100-01-01T00:00:00Z"), Err(Reason::OutOfRange));
    }

    #[test]
    fn explicit_formats() {
        let ok = |text, format, expected: &str| {
            assert_eq!(with(text, &[format]).as_deref(), Ok(expected), "{text}");
        };
        ok("29/2/2016 1:16", "%d/%m/%Y %H:%M", "2016-02-29 00:16:00");
        ok("31-12-2025", "%d-%m-%Y", "2025-12-30 23:00:00");
        ok("07/04/2024 09:05:01", "%m/%d/%Y %H:%M:%S", "2024-07-04 07:05:01");
        ok("1714000000", "epoch_s", "2024-04-24 23:06:40");
        ok("1714000000123", "epoch_ms", "2024-04-24 23:06:40.123");
        ok("45292.5", "excel", "2024-01-01 11:00:00");
        assert_eq!(
            with("30/2/2016 1:16", &["%d/%m/%Y %H:%M"]),
            Err(Reason::InvalidTimestamp)
        );
        let two = ["%d/%m/%Y", "iso"];
        assert_eq!(with("2024-07-04", &two).as_deref(), Ok("2024-07-03 22:00:00"));
        assert!(Format::parse("day first").is_err());
    }

    #[test]
    fn clocks_that_change() {
        // Madrid 2024: forward on 31 March at 02:00 (01:00 UTC), back on 27 October at 03:00 (01:00 UTC).
        assert_eq!(utc("2024-03-31 01:59:59").as_deref(), Ok("2024-03-31 00:59:59"));
        assert_eq!(utc("2024-03-31 02:30:00"), Err(Reason::NonexistentLocalTime));
        assert_eq!(utc("2024-03-31 03:00:00").as_deref(), Ok("2024-03-31 01:00:00"));
        assert_eq!(utc("2024-10-27 02:30:00").as_deref(), Ok("2024-10-27 00:30:00"));
        assert_eq!(utc("2024-10-27 03:00:00").as_deref(), Ok("2024-10-27 02:00:00"));
        // São Paulo skipped midnight on 4 November 2018: the day begins at 01:00 (03:00 UTC).
        assert_eq!(instant("2018-11-04", &[], SAO_PAULO), Ok(1_541_300_400_000_000));
    }

    #[test]
    fn local_dates() {
        let mut offsets = Offsets::new(MADRID);
        let mut day = |text| offsets.local_day(instant(text, &[], MADRID).unwrap());
        let first = day("2024-10-26T21:59:59Z");
        assert_eq!(day("2024-10-26T22:00:00Z"), first + 1);
        assert_eq!(day("2024-10-27T22:59:59Z"), first + 1);
        assert_eq!(day("2024-10-27T23:00:00Z"), first + 2);
        assert_eq!(first, 20_022);
        let mut offsets = Offsets::new(MADRID);
        assert_eq!(date("2024-10-26", &[], &mut offsets), Ok(20_022));
        assert_eq!(date("2024-10-26T22:30:00Z", &[], &mut offsets), Ok(20_023));
    }
}
