//! A `[[source]]` of the job file: where files are, and how their records become rows.

use chrono_tz::Tz;
use encoding_rs::Encoding;
use serde::Deserialize;

use super::faults::Faults;
use crate::landing::Pattern;
use crate::landing::path::PathStyle;
use crate::stage::Entity;
use crate::stage::compile::{EntityMapping, Mapping, compile};
use crate::stage::mapping::{EntitySection, MappingSection};
use crate::stage::presets;

/// Raised when staging gives other rows for the same file and mapping.
const STAGING_VERSION: u32 = 4;

/// A source as written. Everything is optional here so that all faults can be told at once by [`resolve`](Self::resolve).
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SourceSection {
    pub name: Option<String>,
    /// `zendesk.tickets`, `shopify.orders_csv`, `canonical.orders`, ...
    pub preset: Option<String>,
    /// `s3://bucket/zendesk/{date}/*.jsonl.gz`, or a local path.
    pub path: Option<String>,
    /// `csv`, `json` or `parquet`; without it the preset's, else by the path's ending.
    pub format: Option<String>,
    /// Name space of the ids; without it the preset's.
    pub system: Option<String>,
    /// Zone of times without an offset; without it the job's.
    pub time_zone: Option<String>,
    /// CSV: one character, or `tab`; without it found in the header.
    pub delimiter: Option<String>,
    /// Character set, such as `windows-1252`; without it UTF-8.
    pub encoding: Option<String>,
    /// No file is fine.
    pub optional: bool,
    /// Every day has a file.
    pub expect_daily: bool,
    /// A file of 0 bytes is fine.
    pub allow_empty: bool,
    /// What a file brought stays when the file is removed; without it the tables follow the folder.
    pub keep_removed: bool,
    /// Share of bad records above which a file is refused whole; without it the job's.
    pub max_quarantined_share: Option<f64>,
    /// CSV: rows with the same value in this column are one record.
    pub group_by: Option<String>,
    /// JSON: key of the list in an envelope.
    pub records: Option<String>,
    /// `[[source.entity]]`: the user's own mapping, laid over the preset's.
    pub entity: Vec<EntitySection>,
}

/// A source that is sound.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    pub name: String,
    pub system: String,
    pub pattern: Pattern,
    pub format: Format,
    pub time_zone: Tz,
    pub delimiter: Option<u8>,
    pub encoding: Option<&'static Encoding>,
    pub optional: bool,
    pub expect_daily: bool,
    pub allow_empty: bool,
    pub keep_removed: bool,
    pub max_quarantined_share: Option<f64>,
    pub mapping: Mapping,
    fingerprint: String,
}

/// The shape of a source's files. JSON lines, arrays and envelopes are told apart by content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Json,
    Parquet,
}

impl Format {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "csv" | "tsv" => Format::Csv,
            "json" | "jsonl" | "ndjson" => Format::Json,
            "parquet" => Format::Parquet,
            _ => return None,
        })
    }

    /// By the path's ending, whatever it is packed with.
    fn of_path(path: &str) -> Option<Self> {
        let path = path.to_lowercase();
        let path = path.trim_end_matches(".gz").trim_end_matches(".zst");
        Self::parse(path.rsplit_once('.')?.1)
    }

    fn name(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Json => "json",
            Format::Parquet => "parquet",
        }
    }
}

impl SourceSection {
    /// Checks the section, lays it over its preset and compiles the mapping. Faults are added under `key`
    /// (`source[0]`); `None` if there were any.
    pub fn resolve(&self, key: &str, job_time_zone: Tz, faults: &mut Faults) -> Option<Source> {
        let name = self.name.as_deref().unwrap_or_default().trim().to_owned();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let name = if name.is_empty() || !name.chars().all(plain) {
            faults.add(
                format!("{key}.name"),
                "a source needs a name of letters, digits, `_`, `-` and `.`",
            );
            None
        } else {
            Some(name)
        };
        let pattern = match self.path.as_deref().map(Pattern::parse) {
            Some(Ok(pattern)) => Some(pattern),
            Some(Err(message)) => {
                faults.add(format!("{key}.path"), message);
                None
            }
            None => {
                faults.add(format!("{key}.path"), "a source needs a path");
                None
            }
        };
        let section = self.mapping(key, faults);
        let format = self.format(key, section.as_ref(), faults);
        let system = self.system.clone().or_else(|| section.as_ref()?.system.clone());
        let system = system.filter(|system| !system.trim().is_empty());
        if system.is_none() && section.is_some() {
            faults.add(
                format!("{key}.system"),
                "name the system whose ids these are (`zendesk`, `shop`, ...)",
            );
        }
        let time_zone = match self.time_zone.as_deref().map(str::parse::<Tz>) {
            None => Some(job_time_zone),
            Some(Ok(zone)) => Some(zone),
            Some(Err(_)) => {
                faults.add(
                    format!("{key}.time_zone"),
                    "not a time zone; write one such as `Europe/Madrid`",
                );
                None
            }
        };
        let delimiter = self.delimiter(key, faults);
        let encoding = self.encoding(key, faults);
        if self
            .max_quarantined_share
            .is_some_and(|share| !(0.0..=1.0).contains(&share))
        {
            faults.add(format!("{key}.max_quarantined_share"), "a share lies between 0 and 1");
        }
        let (section, format) = (section?, format?);
        let style = match format {
            Format::Json => PathStyle::Dotted,
            Format::Csv | Format::Parquet => PathStyle::Header,
        };
        if section.group_by.is_some() && format != Format::Csv {
            faults.add(format!("{key}.group_by"), "only rows of a CSV are grouped");
            return None;
        }
        let mapping = compile(&section, style, key, faults)?;
        let (system, time_zone) = (system?, time_zone?);
        let (delimiter, encoding) = (delimiter?, encoding?);
        let fingerprint = fingerprint(&[
            &STAGING_VERSION.to_string(),
            &system,
            time_zone.name(),
            format.name(),
            &format!("{delimiter:?}"),
            encoding.map_or("", Encoding::name),
            &serde_json::to_string(&section).unwrap_or_default(),
            &layout(&mapping),
        ]);
        Some(Source {
            name: name?,
            system,
            pattern: pattern?,
            format,
            time_zone,
            delimiter,
            encoding,
            optional: self.optional,
            expect_daily: self.expect_daily,
            allow_empty: self.allow_empty,
            keep_removed: self.keep_removed,
            max_quarantined_share: self.max_quarantined_share,
            mapping,
            fingerprint,
        })
    }

    /// The preset's mapping with the section's own laid over it.
    fn mapping(&self, key: &str, faults: &mut Faults) -> Option<MappingSection> {
        let mut section = match self.preset.as_deref().map(|name| (name, presets::load(name))) {
            None => MappingSection::default(),
            Some((_, Some(Ok(section)))) => section,
            Some((name, other)) => {
                let message = match other {
                    Some(Err(error)) => format!("the preset `{name}` is broken: {error}"),
                    _ => format!("there is no preset `{name}`; there are {}", presets::names().join(", ")),
                };
                faults.add(format!("{key}.preset"), message);
                return None;
            }
        };
        section.extend(&self.entity);
        section.group_by = self.group_by.clone().or(section.group_by);
        section.records = self.records.clone().or(section.records);
        Some(section)
    }

    fn format(&self, key: &str, section: Option<&MappingSection>, faults: &mut Faults) -> Option<Format> {
        let written = self.format.as_deref().or_else(|| section?.format.as_deref());
        let format = match written {
            Some(text) => Format::parse(text),
            None => Format::of_path(self.path.as_deref().unwrap_or_default()),
        };
        if format.is_none() && (written.is_some() || self.path.is_some()) {
            faults.add(format!("{key}.format"), "the format is one of csv, json, parquet");
        }
        format
    }

    fn delimiter(&self, key: &str, faults: &mut Faults) -> Option<Option<u8>> {
        match self.delimiter.as_deref() {
            None => Some(None),
            Some("tab" | "\t") => Some(Some(b'\t')),
            Some(text) => match text.as_bytes() {
                [byte] if byte.is_ascii_punctuation() && *byte != b'"' => Some(Some(*byte)),
                _ => {
                    faults.add(
                        format!("{key}.delimiter"),
                        "a delimiter is one sign such as `;`, or `tab`",
                    );
                    None
                }
            },
        }
    }

    fn encoding(&self, key: &str, faults: &mut Faults) -> Option<Option<&'static Encoding>> {
        let Some(text) = self.encoding.as_deref() else {
            return Some(None);
        };
        let encoding = Encoding::for_label(text.trim().as_bytes());
        if encoding.is_none() {
            faults.add(
                format!("{key}.encoding"),
                "not a known character set; write `utf-8` or `windows-1252`",
            );
        }
        encoding.map(Some)
    }
}

impl Source {
    /// Hash of everything that changes staged rows; names, paths and gates are not among it.
    pub fn fingerprint(&self) -> String {
        self.fingerprint.clone()
    }

    /// How records become rows, in the order of the mapping. One entity may come more than once.
    pub fn mappings(&self) -> &[EntityMapping] {
        &self.mapping.entities
    }

    /// The entities that files of this source are staged as, each once.
    pub fn entities(&self) -> Vec<Entity> {
        let mut entities: Vec<Entity> = Vec::new();
        for mapping in &self.mapping.entities {
            if !entities.contains(&mapping.entity) {
                entities.push(mapping.entity);
            }
        }
        entities
    }
}

/// The columns that the mapped entities have now.
fn layout(mapping: &Mapping) -> String {
    let entities = mapping.entities.iter().map(|entity| entity.entity);
    let columns = entities.map(|entity| format!("{}{:?}{:?}", entity.name(), entity.schema(), entity.key()));
    columns.collect()
}

fn fingerprint(parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}
