//! One field of one record: found, mapped and cast.

use std::borrow::Cow;

use chrono_tz::Tz;

use super::cast::{self, Reason};
use super::compile::{Agg, Filter, Origin, Piece, Spec};
use super::decimal::{Exact, seconds};
use super::entity::Kind;
use super::time::{self, Offsets};
use crate::landing::Node;
use crate::landing::path::Path;

/// A value ready for its column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'r> {
    Null,
    Text(Cow<'r, str>),
    Int(i64),
    /// In units of 1/10000.
    Decimal(i128),
    Bool(bool),
    /// Microseconds since 1970.
    At(i64),
    /// Days since 1970.
    Date(i32),
    List(Vec<String>),
}

/// Where a row is read from.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'r> {
    pub root: &'r Node<'r>,
    pub item: &'r Node<'r>,
    pub record_number: i64,
    pub item_number: i64,
}

/// A value that is refused, with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub reason: Reason,
    pub value: Option<String>,
}

impl Filter {
    /// Whether the row stays.
    pub fn passes(&self, scope: Scope<'_>) -> bool {
        let (mut any, mut hit) = (false, false);
        self.path.visit(scope.root, scope.item, &mut |node| {
            any = true;
            hit |= is_one_of(node.text().as_deref().unwrap_or_default(), &self.words);
        });
        if !any {
            hit = is_one_of("", &self.words);
        }
        hit == self.keep
    }
}

fn is_one_of(text: &str, words: &[String]) -> bool {
    let text = text.trim();
    words
        .iter()
        .any(|word| word.eq_ignore_ascii_case(text) || !text.is_ascii() && *word == text.to_lowercase())
}

/// Reads and casts one field. `zone` is the source's, for times without an offset.
pub fn read<'r>(
    spec: &'r Spec,
    kind: Kind,
    scope: Scope<'r>,
    zone: Tz,
    offsets: &mut Offsets,
) -> Result<Cell<'r>, Refusal> {
    if !spec.when.iter().all(|filter| filter.passes(scope)) {
        return Ok(Cell::Null);
    }
    if let Some(words) = &spec.is_one_of {
        return Ok(Cell::Bool(any_text(spec, scope, &mut |text| is_one_of(text, words))));
    }
    if let Some(words) = &spec.contains {
        return Ok(Cell::Bool(any_text(spec, scope, &mut |text| has_word(text, words))));
    }
    if kind == Kind::InputList {
        return Ok(list(spec, scope));
    }
    let cast_one = |text: Cow<'r, str>, offsets: &mut Offsets| cast_text(spec, kind, text, zone, offsets);
    let found = match spec.agg {
        Agg::First => first(spec, scope),
        Agg::Last => last(spec, scope),
        Agg::Join => joined(spec, scope),
        Agg::Count => return Ok(Cell::Int(count(spec, scope))),
        Agg::Sum => match sum(spec, kind, scope, zone, offsets)? {
            Cell::Null => None,
            cell => return Ok(cell),
        },
        Agg::Min | Agg::Max => match extreme(spec, kind, scope, zone, offsets)? {
            Cell::Null => None,
            cell => return Ok(cell),
        },
    };
    match found.or_else(|| spec.default.as_deref().map(Cow::Borrowed)) {
        None => Ok(Cell::Null),
        Some(text) => cast_one(text, offsets),
    }
}

/// All texts of a path, null words left out.
fn texts<'r>(spec: &Spec, path: &Path, scope: Scope<'r>, each: &mut dyn FnMut(Cow<'r, str>)) {
    path.visit(scope.root, scope.item, &mut |node| {
        if let Some(text) = node.text() {
            let text = trim(text);
            if !spec.is_null(&text) {
                each(text);
            }
        }
    });
}

fn trim(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) if text.trim().len() == text.len() => Cow::Owned(text),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

fn first<'r>(spec: &'r Spec, scope: Scope<'r>) -> Option<Cow<'r, str>> {
    spec.sources.iter().find_map(|source| {
        let mut found = None;
        match source {
            Origin::Constant(value) => found = Some(Cow::Borrowed(value.as_str())),
            Origin::Template(pieces) => found = template(spec, pieces, scope).map(Cow::Owned),
            Origin::Path(path) => match path.single(scope.root, scope.item) {
                // The usual case, a cell or a member, without the walk.
                Some(node) => found = node.text().map(trim).filter(|text| !spec.is_null(text)),
                None => texts(spec, path, scope, &mut |text| {
                    found.get_or_insert(text);
                }),
            },
        }
        found
    })
}

fn last<'r>(spec: &'r Spec, scope: Scope<'r>) -> Option<Cow<'r, str>> {
    let mut found = None;
    each_text(spec, scope, &mut |text| found = Some(text));
    found
}

fn each_text<'r>(spec: &'r Spec, scope: Scope<'r>, each: &mut dyn FnMut(Cow<'r, str>)) {
    for source in &spec.sources {
        match source {
            Origin::Constant(value) => each(Cow::Borrowed(value.as_str())),
            Origin::Template(pieces) => {
                if let Some(text) = template(spec, pieces, scope) {
                    each(Cow::Owned(text));
                }
            }
            Origin::Path(path) => texts(spec, path, scope, each),
        }
    }
}

fn any_text(spec: &Spec, scope: Scope<'_>, test: &mut dyn FnMut(&str) -> bool) -> bool {
    let mut any = false;
    each_text(spec, scope, &mut |text| any |= test(&text));
    any
}

/// Whether a tag, or a list of tags in one text, has one of the words.
fn has_word(text: &str, words: &[String]) -> bool {
    is_one_of(text, words)
        || text
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|'))
            .any(|part| !part.is_empty() && is_one_of(part, words))
}

fn list<'r>(spec: &Spec, scope: Scope<'r>) -> Cell<'r> {
    let mut found = Vec::new();
    each_text(spec, scope, &mut |text| found.push(text.into_owned()));
    if found.is_empty() {
        Cell::Null
    } else {
        Cell::List(found)
    }
}

fn joined<'r>(spec: &Spec, scope: Scope<'r>) -> Option<Cow<'r, str>> {
    let mut found = Vec::new();
    each_text(spec, scope, &mut |text| found.push(text.into_owned()));
    (!found.is_empty()).then(|| Cow::Owned(found.join(",")))
}

fn count(spec: &Spec, scope: Scope<'_>) -> i64 {
    let mut count = 0;
    each_text(spec, scope, &mut |_| count += 1);
    count
}

/// A template is null as soon as one of its paths is.
fn template(spec: &Spec, pieces: &[Piece], scope: Scope<'_>) -> Option<String> {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Literal(text) => out.push_str(text),
            Piece::RecordNumber => out.push_str(&scope.record_number.to_string()),
            Piece::ItemNumber => out.push_str(&scope.item_number.to_string()),
            Piece::Path(path) => {
                let mut found = None;
                texts(spec, path, scope, &mut |text| {
                    found.get_or_insert(text);
                });
                out.push_str(&found?);
            }
        }
    }
    Some(out)
}

fn sum<'r>(spec: &'r Spec, kind: Kind, scope: Scope<'r>, zone: Tz, offsets: &mut Offsets) -> Result<Cell<'r>, Refusal> {
    let (mut total, mut any, mut refused) = (0_i128, false, None);
    // Parts may be negative even where their sum may not.
    let part_kind = if kind == Kind::Amount { Kind::Decimal } else { kind };
    let mut add = |text: Cow<'r, str>, sign: i128, offsets: &mut Offsets| {
        match cast_text(spec, part_kind, text, zone, offsets) {
            Ok(Cell::Decimal(part)) => total += sign * part,
            Ok(Cell::Int(part)) => total += sign * i128::from(part),
            Ok(_) => return,
            Err(refusal) => refused = refused.take().or(Some(refusal)),
        }
        any = true;
    };
    each_text(spec, scope, &mut |text| add(text, 1, offsets));
    for path in &spec.minus {
        texts(spec, path, scope, &mut |text| add(text, -1, offsets));
    }
    if let Some(refusal) = refused {
        return Err(refusal);
    }
    let refuse = |reason| Refusal { reason, value: None };
    match kind {
        _ if !any => Ok(Cell::Null),
        Kind::Amount if total < 0 => Err(refuse(Reason::Negative)),
        Kind::Integer | Kind::Count | Kind::Seconds | Kind::Millionths => i64::try_from(total)
            .map(Cell::Int)
            .map_err(|_| refuse(Reason::OutOfRange)),
        _ if total.abs() >= 10_i128.pow(18) => Err(refuse(Reason::OutOfRange)),
        _ => Ok(Cell::Decimal(total)),
    }
}

fn extreme<'r>(
    spec: &'r Spec,
    kind: Kind,
    scope: Scope<'r>,
    zone: Tz,
    offsets: &mut Offsets,
) -> Result<Cell<'r>, Refusal> {
    let (mut best, mut refused) = (Cell::Null, None);
    each_text(
        spec,
        scope,
        &mut |text| match cast_text(spec, kind, text, zone, offsets) {
            Ok(cell) => {
                let wins = match order(&cell, &best) {
                    Some(order) => {
                        order == std::cmp::Ordering::Less && spec.agg == Agg::Min
                            || order == std::cmp::Ordering::Greater && spec.agg == Agg::Max
                    }
                    None => best == Cell::Null,
                };
                if wins {
                    best = cell;
                }
            }
            Err(refusal) => refused = refused.take().or(Some(refusal)),
        },
    );
    refused.map_or(Ok(best), Err)
}

fn order(left: &Cell<'_>, right: &Cell<'_>) -> Option<std::cmp::Ordering> {
    match (left, right) {
        (Cell::Text(l), Cell::Text(r)) => Some(l.cmp(r)),
        (Cell::Int(l), Cell::Int(r)) | (Cell::At(l), Cell::At(r)) => Some(l.cmp(r)),
        (Cell::Decimal(l), Cell::Decimal(r)) => Some(l.cmp(r)),
        (Cell::Date(l), Cell::Date(r)) => Some(l.cmp(r)),
        (Cell::Bool(l), Cell::Bool(r)) => Some(l.cmp(r)),
        _ => None,
    }
}

fn cast_text<'r>(
    spec: &'r Spec,
    kind: Kind,
    text: Cow<'r, str>,
    zone: Tz,
    offsets: &mut Offsets,
) -> Result<Cell<'r>, Refusal> {
    let text = match spec.mapped(&text) {
        Some("") => return Ok(Cell::Null),
        Some(word) => Cow::Borrowed(word),
        None => text,
    };
    let cell = match kind {
        Kind::Text | Kind::Input | Kind::InputList => Ok(Cell::Text(unquoted(text.clone()))),
        Kind::Lower => Ok(Cell::Text(lower(text.clone()))),
        Kind::Enum(words) => words
            .iter()
            .find(|word| word.eq_ignore_ascii_case(&text))
            .map(|word| Cell::Text(Cow::Borrowed(*word)))
            .ok_or(Reason::UnknownValue),
        Kind::Integer => number(spec, &text).and_then(Exact::integer).map(Cell::Int),
        Kind::Count => number(spec, &text)
            .and_then(Exact::integer)
            .and_then(|n| if n < 0 { Err(Reason::Negative) } else { Ok(Cell::Int(n)) }),
        Kind::Seconds => seconds(&text, spec.unit, spec.decimal).map(Cell::Int),
        Kind::Decimal => number(spec, &text).and_then(Exact::scaled).map(Cell::Decimal),
        Kind::Amount => number(spec, &text).and_then(Exact::scaled).and_then(|n| {
            if n < 0 {
                Err(Reason::Negative)
            } else {
                Ok(Cell::Decimal(n))
            }
        }),
        Kind::Millionths => number(spec, &text).and_then(Exact::millionths).map(Cell::Int),
        Kind::Boolean(_) => cast::boolean(&text).map(Cell::Bool),
        Kind::Timestamp => time::instant(&text, &spec.formats, zone).map(Cell::At),
        Kind::Date => time::date(&text, &spec.formats, offsets).map(Cell::Date),
    };
    cell.map_err(|reason| Refusal {
        reason,
        value: Some(text.chars().take(200).collect()),
    })
}

fn number(spec: &Spec, text: &str) -> Result<Exact, Reason> {
    let exact = Exact::parse(text, spec.decimal)?;
    match spec.scale {
        None => Ok(exact),
        Some(scale) => exact.times(scale),
    }
}

/// Spreadsheets keep text as text with an apostrophe in front.
fn unquoted(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.strip_prefix('\'').unwrap_or(text)),
        Cow::Owned(text) => match text.strip_prefix('\'') {
            Some(rest) => Cow::Owned(rest.to_owned()),
            None => Cow::Owned(text),
        },
    }
}

fn lower(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        text
    } else {
        Cow::Owned(text.to_lowercase())
    }
}
