//! The small tables through which a job's settings reach SQL: `settings`, `schedules`, `schedule_clock`, `sla_targets`,
//! `kpi_targets`, `kpi_dictionary`, `dates` and `calendar`.

use std::sync::OnceLock;

use chrono::{DateTime, Datelike, Days, NaiveDate, Weekday};
use chrono_tz::Tz;
use polars::prelude::*;

use super::dictionary;
use super::month::Month;
use crate::error::Result;
use crate::job::{Schedule, SettingValue, Settings, SlaPolicy, Target, day_start};

/// What every run of a job tells its models.
pub struct Parameters {
    settings: Settings,
    schedules: Vec<Schedule>,
    sla: Vec<SlaPolicy>,
    targets: Vec<Target>,
    time_zone: Tz,
    /// First and last day of `dates`; `None` while nothing is staged.
    days: Option<(NaiveDate, NaiveDate)>,
    clock: OnceLock<std::result::Result<DataFrame, String>>,
}

/// The clock runs over the days in which an instant may lie; staging refuses others.
const CLOCK_DAYS: (i32, i32) = (1970, 2100);
const DAY_SECONDS: i64 = 86_400;

pub fn is_parameter(table: &str) -> bool {
    matches!(
        table,
        "schedules" | "schedule_clock" | "sla_targets" | "kpi_targets" | "kpi_dictionary" | "dates" | "calendar"
    )
}

impl Parameters {
    /// `first` is the first month with data, `watermark` the last day that is complete.
    pub fn new(
        settings: &Settings,
        schedules: &[Schedule],
        sla: &[SlaPolicy],
        targets: &[Target],
        time_zone: Tz,
        days: Option<(Month, NaiveDate)>,
    ) -> Self {
        let days = days.and_then(|(first, watermark)| {
            let first = first.first_day()?;
            (first <= watermark).then_some((first, watermark))
        });
        Self {
            settings: settings.clone(),
            schedules: schedules.to_vec(),
            sla: sla.to_vec(),
            targets: targets.to_vec(),
            time_zone,
            days,
            clock: OnceLock::new(),
        }
    }

    /// The months of `dates`.
    pub fn months(&self) -> Vec<Month> {
        let Some((first, last)) = self.days else {
            return Vec::new();
        };
        let numbers = Month::of(first).number().zip(Month::of(last).number());
        numbers.map_or_else(Vec::new, |(a, b)| (a..=b).map(Month::from_number).collect())
    }

    /// What the content of a parameter table follows from: equal text, equal table. `month` is for tables of days.
    pub fn fingerprint(&self, table: &str, month: Option<Month>) -> Result<String> {
        let text = match table {
            "schedules" | "schedule_clock" => serde_json::to_string(&self.schedules),
            "sla_targets" => serde_json::to_string(&self.sla),
            "kpi_targets" => serde_json::to_string(&self.targets),
            "kpi_dictionary" => return Ok(dictionary::DICTIONARY.to_owned()),
            "calendar" => serde_json::to_string(&(self.time_zone.name(), self.first_weekday(), month)),
            _ => serde_json::to_string(&(
                self.time_zone.name(),
                self.first_weekday(),
                month.and_then(|m| self.days_of(m)),
            )),
        };
        text.map_err(|e| crate::error::Error::Bug(format!("fingerprint of {table}: {e}")))
    }

    /// The settings a model names, as they stand in its fingerprint.
    pub fn settings_fingerprint(&self, names: &[String]) -> String {
        names
            .iter()
            .map(|name| format!("{name}={:?};", self.settings.get(name)))
            .collect()
    }

    /// The one-row table `settings` with the columns named.
    pub fn settings(&self, names: &[String]) -> Result<DataFrame> {
        let columns = names
            .iter()
            .map(|name| match self.settings.get(name) {
                Some(SettingValue::Number(number)) => Column::new(name.as_str().into(), [*number]),
                Some(SettingValue::Text(text)) => Column::new(name.as_str().into(), [text.as_str()]),
                None => Column::full_null(name.as_str().into(), 1, &DataType::Int64),
            })
            .collect();
        Ok(DataFrame::new(1, columns)?)
    }

    /// A parameter table; of those of days, the days of the months given.
    pub fn table(&self, table: &str, months: &[Month]) -> Result<DataFrame> {
        match table {
            "schedules" => self.schedules(),
            "schedule_clock" => {
                let clock = self.clock.get_or_init(|| self.clock().map_err(|e| e.to_string()));
                clock.clone().map_err(crate::error::Error::Bug)
            }
            "sla_targets" => self.sla_targets(),
            "kpi_targets" => self.kpi_targets(),
            "kpi_dictionary" => dictionary::table(),
            "calendar" => self.days(months, |month| month.first_day().zip(month.last_day())),
            _ => self.days(months, |month| self.days_of(month)),
        }
    }

    fn schedules(&self) -> Result<DataFrame> {
        let ids: Vec<&str> = self.schedules.iter().map(|s| s.id.as_str()).collect();
        let defaults: Vec<bool> = self.schedules.iter().map(|s| s.is_default).collect();
        Ok(df!("schedule_id" => ids, "is_default" => defaults)?)
    }

    fn sla_targets(&self) -> Result<DataFrame> {
        let (mut policy, mut default, mut business, mut metric, mut priority, mut seconds) =
            (vec![], vec![], vec![], vec![], vec![], vec![]);
        for sla in &self.sla {
            for (name, targets) in sla.targets() {
                for (level, minutes) in targets {
                    policy.push(sla.policy.as_str());
                    default.push(sla.default);
                    business.push(sla.business_hours);
                    metric.push(name);
                    priority.push(level.as_str());
                    seconds.push(i64::from(*minutes) * 60);
                }
            }
        }
        Ok(
            df!("policy" => policy, "is_default" => default, "is_business_hours" => business, "metric" => metric,
            "priority" => priority, "target_seconds" => seconds)?,
        )
    }

    fn kpi_targets(&self) -> Result<DataFrame> {
        let kpis: Vec<&str> = self.targets.iter().map(|target| target.kpi.as_str()).collect();
        let measures: Vec<&str> = self.targets.iter().map(|target| target.measure.as_str()).collect();
        let values: Vec<Option<f64>> = self.targets.iter().map(|target| target.value).collect();
        Ok(df!("kpi" => kpis, "measure" => measures, "target" => values)?)
    }

    /// Open segments per schedule and UTC day, with the open seconds since the origin at the start of the day.
    fn clock(&self) -> Result<DataFrame> {
        let (mut ids, mut days, mut froms, mut tos, mut clocks, mut from_clocks) =
            (vec![], vec![], vec![], vec![], vec![], vec![]);
        for schedule in &self.schedules {
            let mut open = open_segments(schedule);
            let (mut next, mut clock) = (0, 0);
            for day in utc_day(CLOCK_DAYS.0)..utc_day(CLOCK_DAYS.1) {
                let (start, end) = (day * DAY_SECONDS, (day + 1) * DAY_SECONDS);
                let mut row = |from: i64, to: i64, opened: i64| {
                    ids.push(schedule.id.as_str());
                    days.push(day);
                    froms.push(from);
                    tos.push(to);
                    clocks.push(clock);
                    from_clocks.push(clock + opened);
                };
                let mut opened = 0;
                while let Some((from, to)) = open.get_mut(next).filter(|(from, _)| *from < end) {
                    row(*from, (*to).min(end), opened);
                    opened += (*to).min(end) - *from;
                    if *to > end {
                        // What is open over midnight goes on as the next day's first segment.
                        *from = end;
                        break;
                    }
                    next += 1;
                }
                if opened == 0 {
                    row(start, start, 0);
                }
                clock += opened;
            }
        }
        Ok(
            df!("schedule_id" => ids, "utc_day" => days, "open_from_epoch" => froms, "open_to_epoch" => tos,
            "day_clock_seconds" => clocks, "open_from_clock_seconds" => from_clocks)?,
        )
    }

    fn first_weekday(&self) -> u32 {
        let weekday = match self.settings.get("week_starts_on") {
            Some(SettingValue::Text(day)) if day == "saturday" => Weekday::Sat,
            Some(SettingValue::Text(day)) if day == "sunday" => Weekday::Sun,
            _ => Weekday::Mon,
        };
        weekday.num_days_from_monday()
    }

    fn days_of(&self, month: Month) -> Option<(NaiveDate, NaiveDate)> {
        let (first, last) = self.days?;
        let start = month.first_day()?;
        let end = month.last_day()?;
        let (from, to) = (start.max(first), end.min(last));
        (from <= to).then_some((from, to))
    }

    /// The days of some months; `of` gives the first and the last one of a month.
    fn days(&self, months: &[Month], of: impl Fn(Month) -> Option<(NaiveDate, NaiveDate)>) -> Result<DataFrame> {
        let days: Vec<NaiveDate> = months
            .iter()
            .filter_map(|month| of(*month))
            .flat_map(|(from, to)| from.iter_days().take_while(move |day| *day <= to))
            .collect();
        let date = |name: &str, of: &dyn Fn(NaiveDate) -> Option<NaiveDate>| {
            let numbers: Vec<Option<i32>> = days.iter().map(|d| of(*d).map(|d| day_number(d) as i32)).collect();
            Column::new(name.into(), numbers).cast(&DataType::Date)
        };
        let number = |name: &str, of: &dyn Fn(NaiveDate) -> Option<i64>| {
            Column::new(name.into(), days.iter().map(|d| of(*d)).collect::<Vec<_>>())
        };
        let names: Vec<String> = days.iter().map(|d| Month::of(*d).to_string()).collect();
        let first_weekday = self.first_weekday();
        let since_week_start = |d: NaiveDate| (d.weekday().num_days_from_monday() + 7 - first_weekday) % 7;
        let columns = vec![
            date("date", &Some)?,
            number("day_number", &|d| Some(day_number(d))),
            Column::new("month".into(), names),
            number("month_number", &|d| Month::of(d).number().map(i64::from)),
            date("month_start", &|d| Month::of(d).first_day())?,
            date("month_end", &|d| Month::of(d).last_day())?,
            date("week_start", &|d| {
                d.checked_sub_days(Days::new(since_week_start(d).into()))
            })?,
            date("week_end", &|d| {
                d.checked_add_days(Days::new((6 - since_week_start(d)).into()))
            })?,
            number("week_number", &|d| {
                let start = day_number(d) - i64::from(since_week_start(d));
                Some((start + 6).div_euclid(7))
            }),
            number("start_epoch", &|d| day_start(self.time_zone, d)),
            number("end_epoch", &|d| day_start(self.time_zone, d.succ_opt()?)),
        ];
        Ok(DataFrame::new(days.len(), columns)?)
    }
}

/// All open segments of a schedule over the clock's days, in order; those that touch are joined.
fn open_segments(schedule: &Schedule) -> Vec<(i64, i64)> {
    let (from, until) = (utc_day(CLOCK_DAYS.0) * DAY_SECONDS, utc_day(CLOCK_DAYS.1) * DAY_SECONDS);
    let mut segments: Vec<(i64, i64)> = Vec::new();
    let first = NaiveDate::from_ymd_opt(CLOCK_DAYS.0 - 1, 12, 31).unwrap_or_default();
    for day in first.iter_days().take_while(|day| day.year() <= CLOCK_DAYS.1) {
        for (open, close) in schedule.open_on(day) {
            let (open, close) = (open.max(from), close.min(until));
            match segments.last_mut() {
                Some(last) if last.1 >= open => last.1 = last.1.max(close),
                _ if open < close => segments.push((open, close)),
                _ => {}
            }
        }
    }
    segments
}

fn utc_day(year: i32) -> i64 {
    NaiveDate::from_ymd_opt(year, 1, 1).map_or(0, day_number)
}

/// Days since 1970-01-01.
fn day_number(day: NaiveDate) -> i64 {
    day.signed_duration_since(DateTime::UNIX_EPOCH.date_naive()).num_days()
}

#[cfg(test)]
mod tests;
