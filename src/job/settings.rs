//! The thresholds and windows that SQL models read from the one-row table `settings`.

use std::collections::BTreeMap;

use super::faults::Faults;

/// A setting of `[settings]`: whole numbers only, so far; each has its unit in its name.
#[derive(Debug)]
pub struct Setting {
    pub name: &'static str,
    pub default: i64,
    pub least: i64,
    pub most: i64,
    pub about: &'static str,
}

/// Every setting a job file may carry.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "one_touch_max_replies",
        default: 1,
        least: 1,
        most: 100,
        about: "public agent replies up to which a solved ticket counts as one-touch",
    },
    Setting {
        name: "conversion_window_days",
        default: 3,
        least: 1,
        most: 30,
        about: "days after a conversation in which an order of the same customer is credited to it",
    },
    Setting {
        name: "active_window_days",
        default: 365,
        least: 1,
        most: 730,
        about: "days a customer stays active after an order",
    },
];

/// The values a job uses, by name: those of the job file, else the defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings(BTreeMap<&'static str, i64>);

impl Settings {
    /// Reads `[settings]`; unknown names and values out of range become faults.
    pub fn resolve(section: &BTreeMap<String, toml::Value>, faults: &mut Faults) -> Self {
        let mut values: BTreeMap<&'static str, i64> = SETTINGS.iter().map(|s| (s.name, s.default)).collect();
        for (name, value) in section {
            let key = format!("settings.{name}");
            let Some(setting) = SETTINGS.iter().find(|s| s.name == name) else {
                let known: Vec<&str> = SETTINGS.iter().map(|s| s.name).collect();
                faults.add(key, format!("unknown setting; known are {}", known.join(", ")));
                continue;
            };
            match value.as_integer() {
                Some(number) if (setting.least..=setting.most).contains(&number) => {
                    values.insert(setting.name, number);
                }
                _ => faults.add(
                    key,
                    format!("{value} is not a whole number from {} to {}", setting.least, setting.most),
                ),
            }
        }
        Self(values)
    }

    pub fn get(&self, name: &str) -> Option<i64> {
        self.0.get(name).copied()
    }
}
