//! From a mapping as written to one that runs: paths become slots, words become checks, and every fault is collected.

use std::collections::BTreeMap;

use super::cast;
use super::decimal::{Exact, Unit};
use super::entity::{Entity, Field, Kind};
use super::mapping::{EntitySection, MappingSection, SpecSection, Words};
use super::time::Format;
use crate::job::faults::Faults;
use crate::landing::Shape;
use crate::landing::path::{Path, PathStyle, split_root};

/// A mapping that runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    /// Everything that any path asks for.
    pub shape: Shape,
    pub group_by: Option<String>,
    pub records: Option<String>,
    pub entities: Vec<EntityMapping>,
    pub style: PathStyle,
}

/// How records become rows of one entity.
#[derive(Debug, Clone, PartialEq)]
pub struct EntityMapping {
    pub entity: Entity,
    pub each: Option<Path>,
    pub filters: Vec<Filter>,
    /// In the order of [`Entity::mapped_fields`]; `None` for fields that are not mapped.
    pub fields: Vec<(Field, Option<Spec>)>,
    /// For each required field, the headers of which one must be there.
    pub needed: Vec<(&'static str, Vec<String>)>,
}

/// A condition on a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    pub path: Path,
    pub words: Vec<String>,
    pub keep: bool,
}

/// How one field is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    pub sources: Vec<Origin>,
    pub minus: Vec<Path>,
    pub agg: Agg,
    pub when: Vec<Filter>,
    pub default: Option<String>,
    pub map: Vec<(String, String)>,
    pub map_default: Option<String>,
    pub null: Vec<String>,
    pub formats: Vec<Format>,
    pub unit: Unit,
    pub decimal: Option<char>,
    pub scale: Option<Exact>,
    /// Tables: the only headers that can give a value; a file with none of them leaves the field out.
    pub headers: Vec<String>,
    /// A boolean that says whether any value is one of these (`is`) ...
    pub is_one_of: Option<Vec<String>>,
    /// ... or a list or text has one of these (`contains`).
    pub contains: Option<Vec<String>>,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    Path(Path),
    Template(Vec<Piece>),
    Constant(String),
}

/// A piece of a template.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    Literal(String),
    Path(Path),
    RecordNumber,
    ItemNumber,
}

/// What becomes of several values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Agg {
    #[default]
    First,
    Last,
    Sum,
    Count,
    Join,
    Min,
    Max,
}

/// Compiles a mapping; faults are added under `key`, and `None` is given if there were any.
pub fn compile(section: &MappingSection, style: PathStyle, key: &str, faults: &mut Faults) -> Option<Mapping> {
    let mut shape = Shape::default();
    let mut entities = Vec::new();
    let mut sound = true;
    if section.entity.is_empty() {
        faults.add(
            key,
            "no preset and no [[source.entity]]: nothing says what the records are",
        );
        sound = false;
    }
    for (at, entity) in section.entity.iter().enumerate() {
        let mut compiler = Compiler {
            key: format!("{key}.entity[{at}]"),
            style,
            shape: &mut shape,
            faults: &mut *faults,
            each: None,
            sound: true,
        };
        entities.extend(compiler.entity(entity));
        sound &= compiler.sound;
    }
    sound.then_some(Mapping {
        shape,
        group_by: section.group_by.clone(),
        records: section.records.clone(),
        entities,
        style,
    })
}

struct Compiler<'c> {
    key: String,
    style: PathStyle,
    shape: &'c mut Shape,
    faults: &'c mut Faults,
    each: Option<Path>,
    sound: bool,
}

impl Compiler<'_> {
    fn fault(&mut self, key: &str, message: impl Into<String>) {
        let key = format!("{}{key}", self.key);
        self.faults.add(key, message);
        self.sound = false;
    }

    fn entity(&mut self, section: &EntitySection) -> Option<EntityMapping> {
        let Some(entity) = Entity::from_name(&section.name).filter(|entity| entity.is_mapped()) else {
            let known: Vec<_> = Entity::ALL
                .into_iter()
                .filter(|e| e.is_mapped())
                .map(Entity::name)
                .collect();
            let message = format!("`{}` is not an entity; use one of {}", section.name, known.join(", "));
            self.fault(".name", message);
            return None;
        };
        if let Some(each) = &section.each {
            match Path::compile(each, PathStyle::Dotted, None, self.shape) {
                Ok(path) => self.each = Some(path),
                Err(message) => self.fault(".each", message),
            }
        }
        let mut filters = self.filters(".where", &section.keep, true);
        filters.extend(self.filters(".where_not", &section.leave, false));
        let known: Vec<Field> = entity.mapped_fields().collect();
        for name in section.fields.keys() {
            if !known.iter().any(|field| field.name == name) {
                let names: Vec<_> = known.iter().map(|field| field.name).collect();
                let message = format!("{} has no such field; it has {}", entity.name(), names.join(", "));
                self.fault(&format!(".fields.{name}"), message);
            }
        }
        let (mut fields, mut needed) = (Vec::new(), Vec::new());
        for field in known {
            let spec = section.fields.get(field.name).map(|field_section| &field_section.0);
            if field.required && spec.is_none() {
                let message = format!("{} needs the field `{}`", entity.name(), field.name);
                self.fault(".fields", message);
            }
            if let Some(spec) = spec
                && field.required
                && self.style == PathStyle::Header
            {
                needed.extend(headers(spec).into_iter().map(|headers| (field.name, headers)));
            }
            let spec = spec.and_then(|spec| self.spec(&format!(".fields.{}", field.name), field, spec));
            fields.push((field, spec));
        }
        needed.retain(|(_, headers): &(_, Vec<String>)| !headers.is_empty());
        Some(EntityMapping {
            entity,
            each: self.each.clone(),
            filters,
            fields,
            needed,
        })
    }

    fn path(&mut self, key: &str, text: &str) -> Option<Path> {
        match Path::compile(text, self.style, self.each.as_ref(), self.shape) {
            Ok(path) => Some(path),
            Err(message) => {
                self.fault(key, message);
                None
            }
        }
    }

    fn filters(&mut self, key: &str, section: &BTreeMap<String, Words>, keep: bool) -> Vec<Filter> {
        let mut filters = Vec::new();
        for (path, words) in section {
            if let Some(path) = self.path(key, path) {
                filters.push(Filter {
                    path,
                    words: words.0.iter().map(|word| word.trim().to_lowercase()).collect(),
                    keep,
                });
            }
        }
        filters
    }

    fn spec(&mut self, key: &str, field: Field, section: &SpecSection) -> Option<Spec> {
        let sources = self.sources(key, section);
        let minus: Vec<Path> = section.minus.iter().filter_map(|path| self.path(key, path)).collect();
        if sources.is_empty() && minus.is_empty() && self.sound {
            self.fault(key, "give a `path`, `paths`, a `template` or a `value`");
        }
        let formats = section.format.iter().chain(&section.formats);
        let formats: Vec<_> = formats.map(|format| Format::parse(format)).collect();
        let mut ready = Vec::new();
        for format in formats {
            match format {
                Ok(format) => ready.push(format),
                Err(message) => self.fault(key, message),
            }
        }
        let unit = section.unit.as_deref().map_or(Some(Unit::Seconds), Unit::parse);
        if unit.is_none() {
            self.fault(key, "`unit` is one of seconds, minutes, hours, hh:mm:ss");
        }
        let agg = section.agg.as_deref().map_or(Some(Agg::First), Agg::parse);
        if agg.is_none() {
            self.fault(key, "`agg` is one of first, last, sum, count, join, min, max");
        }
        if !minus.is_empty() && agg != Some(Agg::Sum) {
            self.fault(key, "`minus` goes with `agg = \"sum\"`");
        }
        let decimal = match section.decimal.as_deref() {
            None => None,
            Some(".") => Some('.'),
            Some(",") => Some(','),
            Some(_) => {
                self.fault(key, "`decimal` is `.` or `,`");
                None
            }
        };
        let scale = match &section.numeric_scale {
            None => None,
            Some(scale) => Exact::parse(&scale.0, None).map(Some).unwrap_or_else(|_| {
                self.fault(key, "`numeric_scale` is a number such as 0.01");
                None
            }),
        };
        let tests_words = !section.contains.0.is_empty() || !section.is_one_of.0.is_empty();
        if tests_words && !matches!(field.kind, Kind::Boolean(_)) {
            self.fault(key, "`is` and `contains` give a boolean, which this field is not");
        }
        let lower = |words: &Words| -> Option<Vec<String>> {
            let words: Vec<_> = words.0.iter().map(|word| word.trim().to_lowercase()).collect();
            (!words.is_empty()).then_some(words)
        };
        Some(Spec {
            sources,
            minus,
            agg: agg?,
            when: self.filters(key, &section.when, true),
            default: section.default.as_ref().map(|word| word.0.clone()),
            map: section
                .map
                .iter()
                .map(|(from, to)| (from.to_lowercase(), to.0.clone()))
                .collect(),
            map_default: section.map_default.as_ref().map(|word| word.0.clone()),
            null: lower(&section.null).unwrap_or_default(),
            formats: ready,
            unit: unit?,
            decimal,
            scale,
            headers: match self.style {
                PathStyle::Header if section.minus.is_empty() && section.template.is_none() && !tests_words => {
                    headers(section).into_iter().flatten().collect()
                }
                _ => Vec::new(),
            },
            is_one_of: lower(&section.is_one_of),
            contains: lower(&section.contains),
        })
    }

    fn sources(&mut self, key: &str, section: &SpecSection) -> Vec<Origin> {
        let given = [
            section.path.is_some() || !section.paths.is_empty(),
            section.template.is_some(),
            section.value.is_some(),
        ];
        if given.iter().filter(|given| **given).count() > 1 {
            self.fault(key, "give only one of `path`/`paths`, `template` and `value`");
        }
        let mut sources = Vec::new();
        for path in section.path.iter().chain(&section.paths) {
            sources.extend(self.path(key, path).map(Origin::Path));
        }
        if let Some(template) = &section.template {
            sources.extend(self.template(key, template).map(Origin::Template));
        }
        sources.extend(section.value.as_ref().map(|value| Origin::Constant(value.0.clone())));
        sources
    }

    fn template(&mut self, key: &str, text: &str) -> Option<Vec<Piece>> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((literal, after)) = rest.split_once('{') {
            if !literal.is_empty() {
                pieces.push(Piece::Literal(literal.to_owned()));
            }
            let Some((inside, after)) = after.split_once('}') else {
                self.fault(key, format!("`{text}` has a `{{` without `}}`"));
                return None;
            };
            pieces.push(match inside {
                "#" => Piece::RecordNumber,
                "#item" => Piece::ItemNumber,
                path => Piece::Path(self.path(key, path)?),
            });
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Literal(rest.to_owned()));
        }
        Some(pieces)
    }
}

impl EntityMapping {
    /// The mapping for a file with these headers: fields that it cannot give are dropped.
    pub fn for_headers(&self, has: impl Fn(&str) -> bool) -> Self {
        let mut mapping = self.clone();
        for (_, spec) in &mut mapping.fields {
            if let Some(known) = spec
                && known.agg != Agg::Count
                && !known.headers.is_empty()
                && !known.headers.iter().any(|header| has(header))
            {
                *spec = None;
            }
        }
        mapping
    }
}

impl Agg {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "first" => Agg::First,
            "last" => Agg::Last,
            "sum" => Agg::Sum,
            "count" => Agg::Count,
            "join" => Agg::Join,
            "min" => Agg::Min,
            "max" => Agg::Max,
            _ => return None,
        })
    }
}

impl Spec {
    /// Whether text means "no value" for this field.
    pub fn is_null(&self, text: &str) -> bool {
        cast::is_null(text) || self.null.iter().any(|null| *null == text.to_lowercase())
    }

    /// The word a value is mapped to; `None` where no map changes it.
    pub fn mapped(&self, text: &str) -> Option<&str> {
        if self.map.is_empty() {
            return None;
        }
        let hit = self
            .map
            .iter()
            .find(|(from, _)| from.eq_ignore_ascii_case(text) || !text.is_ascii() && *from == text.to_lowercase());
        hit.map(|(_, to)| to.as_str()).or(self.map_default.as_deref())
    }
}

/// The groups of headers a spec reads, of each of which one must be there; none if it has a value without them.
fn headers(spec: &SpecSection) -> Vec<Vec<String>> {
    if spec.default.is_some() || spec.value.is_some() {
        return Vec::new();
    }
    let header = |path: &str| split_root(path.trim()).1.to_owned();
    if let Some(template) = &spec.template {
        let inside = template.split('{').skip(1).filter_map(|rest| rest.split('}').next());
        return inside
            .filter(|path| !path.starts_with('#'))
            .map(|path| vec![header(path)])
            .collect();
    }
    vec![spec.path.iter().chain(&spec.paths).map(|path| header(path)).collect()]
}
