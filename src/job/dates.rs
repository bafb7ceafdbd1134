//! The dates a run is asked for: inclusive outside, half open inside.

use chrono::{Days, NaiveDate};

use crate::error::{Error, Result};

/// Days from `from` up to, not including, `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateRange {
    from: NaiveDate,
    until: NaiveDate,
}

impl DateRange {
    /// The range between two days, both included.
    pub fn inclusive(from: NaiveDate, to: NaiveDate) -> Result<Self> {
        let until = to.checked_add_days(Days::new(1));
        match until {
            Some(until) if from <= to => Ok(Self { from, until }),
            _ => Err(Error::Usage(format!("--from {from} is after --to {to}; swap them"))),
        }
    }

    pub fn contains(&self, date: NaiveDate) -> bool {
        self.from <= date && date < self.until
    }

    /// Every day of the range, oldest first.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let until = self.until;
        self.from.iter_days().take_while(move |day| *day < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn both_ends_belong_to_the_range() {
        let range = DateRange::inclusive(day("2024-02-28"), day("2024-03-01")).unwrap();
        assert_eq!(range.days().count(), 3);
        assert!(range.contains(day("2024-03-01")) && !range.contains(day("2024-03-02")));
        assert!(DateRange::inclusive(day("2024-03-02"), day("2024-03-01")).is_err());
    }
}
