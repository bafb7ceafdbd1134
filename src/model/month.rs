//! Calendar months: the partitions of every table.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A calendar month, `YYYY-MM`; undated rows have `0000-00`, which sorts first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i32,
    month: u32,
}

impl Month {
    pub const UNDATED: Month = Month { year: 0, month: 0 };
    /// A month that no date has.
    pub const NEVER: Month = Month { year: 9999, month: 12 };

    pub fn of(date: NaiveDate) -> Self {
        Month {
            year: date.year(),
            month: date.month(),
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let parsed = Month {
            year: year.parse().ok()?,
            month: month.parse().ok()?,
        };
        (parsed == Self::UNDATED || (1..=12).contains(&parsed.month)).then_some(parsed)
    }

    /// Months since year 0, to count with; `None` for undated.
    pub fn number(self) -> Option<i32> {
        (self != Self::UNDATED).then_some(self.year * 12 + self.month as i32 - 1)
    }

    /// The month's first day; `None` for undated.
    pub fn first_day(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year, self.month, 1)
    }

    /// The month's last day; `None` for undated.
    pub fn last_day(self) -> Option<NaiveDate> {
        Month::from_number(self.number()? + 1).first_day()?.pred_opt()
    }

    pub fn from_number(number: i32) -> Self {
        Month {
            year: number.div_euclid(12),
            month: number.rem_euclid(12) as u32 + 1,
        }
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Month::parse(&text).ok_or_else(|| de::Error::custom(format!("{text:?} is no month")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        Month::parse(text).unwrap()
    }

    #[test]
    fn months_count_over_new_year() {
        assert_eq!(
            Month::from_number(month("2023-12").number().unwrap() + 1),
            month("2024-01")
        );
        assert_eq!(month("0000-00").to_string(), "0000-00");
        assert_eq!(Month::parse("2024-13"), None);
    }
}
