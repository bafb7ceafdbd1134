//! The thresholds and windows that SQL models read from the one-row table `settings`.

use std::collections::BTreeMap;

use super::faults::Faults;

/// A setting of `[settings]`; its unit stands in its name.
#[derive(Debug)]
pub struct Setting {
    pub name: &'static str,
    pub kind: Kind,
    pub about: &'static str,
}

/// What a setting may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Number {
        default: i64,
        least: i64,
        most: i64,
    },
    /// One of these words; the first is the default.
    Choice(&'static [&'static str]),
    /// Taken from `job.currency`.
    Currency,
}

/// The value a job uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Number(i64),
    Text(String),
}

const fn number(name: &'static str, default: i64, least: i64, most: i64, about: &'static str) -> Setting {
    Setting {
        name,
        kind: Kind::Number { default, least, most },
        about,
    }
}

/// Every setting a model may read.
pub const SETTINGS: &[Setting] = &[
    number(
        "one_touch_min_replies",
        1,
        0,
        100,
        "public agent replies from which a solved ticket counts as one-touch",
    ),
    number(
        "one_touch_max_replies",
        1,
        0,
        100,
        "public agent replies up to which a solved ticket counts as one-touch",
    ),
    number(
        "opening_comment_seconds",
        60,
        0,
        86_400,
        "seconds after its creation in which an agent's message opens the ticket",
    ),
    number(
        "fcr_window_days",
        7,
        1,
        27,
        "days after a solve in which a new ticket of the customer undoes a first contact resolution",
    ),
    number(
        "answered_within_seconds",
        20,
        1,
        86_400,
        "seconds within which a call or chat should be answered",
    ),
    number(
        "kpi_watch_percent",
        10,
        0,
        1000,
        "percent by which a KPI may miss its target with the status watch, and from which getting worse is watch",
    ),
    number(
        "kpi_breach_percent",
        25,
        0,
        1000,
        "percent by which a KPI gets worse than in the 28 days before when its status is breach",
    ),
    number("csat_good_from_of_5", 4, 1, 5, "lowest good answer on the scale 1-5"),
    number("csat_good_from_of_7", 6, 1, 7, "lowest good answer on the scale 1-7"),
    number("csat_good_from_of_10", 8, 1, 10, "lowest good answer on the scale 1-10"),
    number(
        "conversion_window_days",
        3,
        1,
        27,
        "days after a conversation in which an order of the same customer is credited to it",
    ),
    number(
        "active_window_days",
        365,
        31,
        730,
        "days a customer stays active after an order",
    ),
    number(
        "fast_resolution_hours",
        24,
        1,
        720,
        "hours in which a ticket must be solved to count as fast service",
    ),
    number(
        "experiment_window_days",
        30,
        1,
        59,
        "days after an assignment in which an outcome counts for the experiment",
    ),
    number(
        "feedback_window_days",
        14,
        1,
        27,
        "days after a delivery in which a survey, a thank-you or a request for a review counts as asking for feedback",
    ),
    number(
        "containment_window_hours",
        72,
        1,
        648,
        "hours after a talk with the bot in which a contact with people says that the bot did not settle it",
    ),
    number(
        "self_service_window_hours",
        24,
        1,
        648,
        "hours after a visit to the help centre in which a ticket of the visitor says that the visit was not enough",
    ),
    number(
        "channel_switch_days",
        7,
        1,
        27,
        "days back in which a customer's previous ticket is compared with the channel of this one",
    ),
    Setting {
        name: "ticket_schedule",
        kind: Kind::Choice(&["last", "at_the_time"]),
        about: "the business hours of a ticket that changed its schedule: its last one's for its whole life, or each one's \
                while it held",
    },
    Setting {
        name: "week_starts_on",
        kind: Kind::Choice(&["monday", "sunday", "saturday"]),
        about: "first day of the week",
    },
    Setting {
        name: "currency",
        kind: Kind::Currency,
        about: "the job's currency; sums over customers leave out amounts in others",
    },
];

/// The values a job uses, by name: those of the job file, else the defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings(BTreeMap<&'static str, Value>);

impl Settings {
    /// Reads `[settings]`; unknown names and values out of range become faults.
    pub fn resolve(section: &BTreeMap<String, toml::Value>, currency: &str, faults: &mut Faults) -> Self {
        let mut values = BTreeMap::new();
        for setting in SETTINGS {
            let value = match setting.kind {
                Kind::Number { default, .. } => Value::Number(default),
                Kind::Choice(words) => Value::Text(words.first().copied().unwrap_or_default().to_owned()),
                Kind::Currency => Value::Text(currency.to_owned()),
            };
            values.insert(setting.name, value);
        }
        for (name, written) in section {
            match read(name, written) {
                Ok((name, value)) => {
                    values.insert(name, value);
                }
                Err(message) => faults.add(format!("settings.{name}"), message),
            }
        }
        Self(values)
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}

fn read(name: &str, written: &toml::Value) -> Result<(&'static str, Value), String> {
    let to_set = || SETTINGS.iter().filter(|setting| setting.kind != Kind::Currency);
    let setting = to_set().find(|known| known.name == name).ok_or_else(|| {
        let known: Vec<&str> = to_set().map(|setting| setting.name).collect();
        format!("unknown setting; known are {}", known.join(", "))
    })?;
    let value = match setting.kind {
        Kind::Number { least, most, .. } => {
            let number = written.as_integer().filter(|number| (least..=most).contains(number));
            number
                .map(Value::Number)
                .ok_or_else(|| format!("{written} is not a whole number from {least} to {most}"))
        }
        Kind::Choice(words) => {
            let word = written.as_str().filter(|word| words.contains(word));
            word.map(|word| Value::Text(word.to_owned()))
                .ok_or_else(|| format!("{written} is none of {}", words.join(", ")))
        }
        Kind::Currency => Err("is taken from job.currency".to_owned()),
    };
    Ok((setting.name, value?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_out_of_range_and_unknown_names_are_faults() {
        let section = [
            ("conversion_window_days".to_owned(), toml::Value::Integer(0)),
            ("active_window_days".to_owned(), toml::Value::Integer(180)),
            ("currency".to_owned(), toml::Value::String("EUR".into())),
            ("ticket_schedule".to_owned(), toml::Value::String("first".into())),
        ];
        let mut faults = Faults::default();
        let settings = Settings::resolve(&section.into(), "EUR", &mut faults);
        let keys: Vec<String> = faults.into_vec().into_iter().map(|f| f.key).collect();
        let wrong = ["conversion_window_days", "currency", "ticket_schedule"];
        assert_eq!(keys, wrong.map(|name| format!("settings.{name}")));
        assert_eq!(settings.get("ticket_schedule"), Some(&Value::Text("last".into())));
        assert_eq!(settings.get("active_window_days"), Some(&Value::Number(180)));
        assert_eq!(settings.get("currency"), Some(&Value::Text("EUR".into())));
    }
}
