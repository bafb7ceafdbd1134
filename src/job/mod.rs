//! The job file: what to read, how to read it, where to publish.
//!
//! Owns: its sections, their defaults, and telling every fault at once. Promises: unknown keys are refused, nothing in a
//! job file is a secret, and a `Job` that was loaded can be run.

mod dates;
pub mod faults;
mod read;
mod schedule;
mod settings;
mod source;
mod target;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::model::dictionary;
use crate::stage::reason::default_rules;
use crate::stage::{ReasonRule, StageContext};
use crate::store::Location;
pub use dates::DateRange;
use faults::Faults;
use schedule::ScheduleSection;
pub use schedule::{Schedule, day_start};
pub use settings::{SETTINGS, Setting, Settings, Value as SettingValue};
pub use source::{Format, Source, SourceSection};
pub use target::Target;

/// The whole file as written; every field has a default, so that what is missing is a fault we word ourselves.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct JobSections {
    job: JobSection,
    identity: IdentitySection,
    settings: BTreeMap<String, toml::Value>,
    schedule: Vec<ScheduleSection>,
    sla: Vec<SlaPolicy>,
    target: Vec<Target>,
    reason: Vec<ReasonRule>,
    source: Vec<SourceSection>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct JobSection {
    name: Option<String>,
    time_zone: Option<String>,
    currency: Option<String>,
    warehouse: Option<String>,
    as_of: Option<String>,
    sql: Option<String>,
    max_quarantined_share: Option<f64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct IdentitySection {
    key_env: Option<String>,
}

/// Targets of one service-level policy, in minutes by priority.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SlaPolicy {
    pub policy: String,
    /// The policy of tickets whose history names none.
    pub default: bool,
    pub business_hours: bool,
    pub first_reply_minutes: BTreeMap<String, u32>,
    pub next_reply_minutes: BTreeMap<String, u32>,
    pub requester_wait_minutes: BTreeMap<String, u32>,
    pub agent_work_minutes: BTreeMap<String, u32>,
    pub periodic_update_minutes: BTreeMap<String, u32>,
    pub resolution_minutes: BTreeMap<String, u32>,
}

const PRIORITIES: [&str; 4] = ["low", "normal", "high", "urgent"];

impl SlaPolicy {
    /// The targets by metric, under the metric's name in the tables.
    pub fn targets(&self) -> [(&'static str, &BTreeMap<String, u32>); 6] {
        [
            ("first_reply", &self.first_reply_minutes),
            ("next_reply", &self.next_reply_minutes),
            ("requester_wait", &self.requester_wait_minutes),
            ("agent_work", &self.agent_work_minutes),
            ("periodic_update", &self.periodic_update_minutes),
            ("resolution", &self.resolution_minutes),
        ]
    }

    fn check(&self, key: &str, faults: &mut Faults) {
        if self.policy.is_empty() {
            faults.add(
                format!("{key}.policy"),
                "missing; give the policy's name as the helpdesk exports it",
            );
        }
        for (metric, targets) in self.targets() {
            for priority in targets.keys().filter(|p| !PRIORITIES.contains(&p.as_str())) {
                faults.add(
                    format!("{key}.{metric}_minutes.{priority}"),
                    format!("unknown priority; use {}", PRIORITIES.join(", ")),
                );
            }
        }
    }
}

/// A job that can be run.
pub struct Job {
    pub name: String,
    /// The folder of the job file; relative paths start here.
    pub folder: PathBuf,
    pub time_zone: Tz,
    pub warehouse: Location,
    /// The day whose end is "now", where it is not the last day staged.
    pub as_of: Option<NaiveDate>,
    /// A folder of models that replace or add to the embedded ones.
    pub sql_folder: Option<PathBuf>,
    pub settings: Settings,
    pub schedules: Vec<Schedule>,
    pub sla: Vec<SlaPolicy>,
    pub targets: Vec<Target>,
    pub sources: Vec<Source>,
    /// The quarantine gate of sources that name none of their own.
    pub max_quarantined_share: f64,
    pub stage: StageContext,
    /// Whether identities are hashed with a key of the environment; the built-in key hides nothing.
    pub has_secret_key: bool,
}

/// Share of bad records from which a file is refused whole, where the job file names none.
const DEFAULT_QUARANTINED_SHARE: f64 = 0.1;

const DEFAULT_KEY_ENV: &str = "POSTVENTA_HASH_KEY";

impl Job {
    /// Reads and checks the job file at `path`; the error lists every fault with its key.
    pub fn load(path: &Path) -> Result<Job> {
        let text = std::fs::read_to_string(path).map_err(|e| Error::LocalFile {
            path: path.to_owned(),
            message: format!("the job file cannot be read: {e}"),
        })?;
        let mut faults = Faults::default();
        let sections: Option<JobSections> = read::sections(&text, &mut faults);
        let folder = path
            .parent()
            .filter(|p| !p.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let job = sections.and_then(|sections| resolve(sections, folder, &mut faults));
        match job {
            Some(job) if faults.is_empty() => Ok(job),
            _ => Err(Error::JobFile {
                path: path.to_owned(),
                faults: faults.into_vec(),
            }),
        }
    }
}

fn resolve(sections: JobSections, folder: &Path, faults: &mut Faults) -> Option<Job> {
    let job = &sections.job;
    let name = job.name.clone().unwrap_or_default();
    if name.is_empty() {
        faults.add("job.name", "missing; name the job, for logs");
    }
    let time_zone = time_zone(job.time_zone.as_deref(), faults);
    let warehouse = location("job.warehouse", job.warehouse.as_deref(), folder, faults);
    let as_of = job.as_of.as_ref().and_then(|text| match text.parse() {
        Ok(day) => Some(day),
        Err(_) => {
            faults.add("job.as_of", format!("{text:?} is no date such as 2025-01-31"));
            None
        }
    });
    let sql_folder = job.sql.as_ref().map(|sql| folder.join(sql));
    if let Some(missing) = sql_folder.as_ref().filter(|sql| !sql.is_dir()) {
        faults.add("job.sql", format!("there is no folder {}", missing.display()));
    }
    if job
        .max_quarantined_share
        .is_some_and(|share| !(0.0..=1.0).contains(&share))
    {
        faults.add("job.max_quarantined_share", "the share must lie between 0 and 1");
    }
    let currency = job.currency.clone().unwrap_or_default();
    if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
        faults.add("job.currency", format!("{currency:?} is no ISO 4217 code such as EUR"));
    }

    let settings = Settings::resolve(&sections.settings, &currency, faults);
    let mut schedules: Vec<Schedule> = sections
        .schedule
        .iter()
        .enumerate()
        .filter_map(|(i, section)| section.resolve(&format!("schedule[{i}]"), time_zone, faults))
        .collect();
    settle_default(&mut schedules, faults);
    unique("schedule", "id", schedules.iter().map(|s| s.id.as_str()), faults);
    for (i, policy) in sections.sla.iter().enumerate() {
        policy.check(&format!("sla[{i}]"), faults);
    }
    unique("sla", "policy", sections.sla.iter().map(|p| p.policy.as_str()), faults);
    if sections.sla.iter().filter(|policy| policy.default).count() > 1 {
        faults.add("sla", "more than one is marked default = true");
    }
    if !sections.target.is_empty() {
        let known: Vec<String> =
            dictionary().map_or_else(|_| Vec::new(), |kpis| kpis.into_iter().map(|kpi| kpi.key).collect());
        for (i, target) in sections.target.iter().enumerate() {
            target.check(&format!("target[{i}]"), &known, faults);
        }
        let names: Vec<String> = sections
            .target
            .iter()
            .map(|t| format!("{} {}", t.kpi, t.measure))
            .collect();
        unique("target", "kpi and measure", names.iter().map(String::as_str), faults);
    }

    if sections.source.is_empty() {
        faults.add("source", "missing; a job needs at least one [[source]]");
    }
    let sources: Vec<Source> = sections
        .source
        .iter()
        .enumerate()
        .filter_map(|(i, section)| section.resolve(&format!("source[{i}]"), time_zone, faults))
        .collect();
    unique("source", "name", sources.iter().map(|s| s.name.as_str()), faults);

    let key_env = sections.identity.key_env.as_deref().unwrap_or(DEFAULT_KEY_ENV);
    let secret = std::env::var(key_env).ok().filter(|secret| !secret.is_empty());
    Some(Job {
        name,
        folder: folder.to_owned(),
        time_zone,
        warehouse: warehouse?,
        as_of,
        sql_folder,
        settings,
        schedules,
        sla: sections.sla,
        targets: sections.target,
        sources,
        max_quarantined_share: job.max_quarantined_share.unwrap_or(DEFAULT_QUARANTINED_SHARE),
        has_secret_key: secret.is_some(),
        stage: StageContext {
            time_zone,
            hash_key: blake3::derive_key(
                "postventa 2026 customer identity",
                secret.unwrap_or_default().as_bytes(),
            ),
            reasons: if sections.reason.is_empty() {
                default_rules()
            } else {
                sections.reason
            },
            currency,
        },
    })
}

fn time_zone(name: Option<&str>, faults: &mut Faults) -> Tz {
    let Some(name) = name else {
        faults.add(
            "job.time_zone",
            "missing; give the IANA zone whose days the tables use, such as Europe/Madrid",
        );
        return Tz::UTC;
    };
    name.parse().unwrap_or_else(|_| {
        faults.add(
            "job.time_zone",
            format!("{name:?} is no IANA time zone, such as Europe/Madrid"),
        );
        Tz::UTC
    })
}

fn location(key: &str, address: Option<&str>, folder: &Path, faults: &mut Faults) -> Option<Location> {
    match Location::parse(address.unwrap_or_default(), folder) {
        Ok(location) => Some(location),
        Err(message) => {
            faults.add(key, message);
            None
        }
    }
}

/// Exactly one schedule is the default: the marked one, else the first.
fn settle_default(schedules: &mut [Schedule], faults: &mut Faults) {
    match schedules.iter().filter(|s| s.is_default).count() {
        0 => {
            if let Some(first) = schedules.first_mut() {
                first.is_default = true;
            }
        }
        1 => {}
        _ => faults.add("schedule", "more than one is marked default = true"),
    }
}

fn unique<'a>(section: &str, field: &str, values: impl Iterator<Item = &'a str>, faults: &mut Faults) {
    let mut seen = std::collections::BTreeSet::new();
    for value in values {
        if !seen.insert(value) {
            faults.add(section, format!("two have the {field} {value:?}"));
        }
    }
}
