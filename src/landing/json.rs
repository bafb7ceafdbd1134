//! JSON exports: one document per line, an array, or an envelope object with the list under a key. Told apart by content.

use std::borrow::Cow;
use std::fmt;

use rayon::prelude::*;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::fault::FileFault;
use super::record::{Node, Shape};
use super::{Sink, stretch_bytes};

/// Keys under which vendors deliver their lists. Only looked for in objects that have no `id` of their own.
const LIST_KEYS: &[&str] = &[
    "tickets",
    "audits",
    "ticket_audits",
    "ticket_metric_events",
    "users",
    "satisfaction_ratings",
    "orders",
    "customers",
    "refunds",
    "conversations",
    "surveys",
    "survey_responses",
    "messages",
    "records",
    "results",
    "items",
    "data",
];

/// One record of JSON text, cut to a shape. Errors are serde's.
pub fn parse_record<'a>(text: &'a str, shape: &Shape) -> Result<Node<'a>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let node = NodeSeed(shape).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(node)
}

/// Reads a whole file. `records` names the key of the list in an envelope; without it known keys are tried.
///
/// # Errors
/// A document that is cut at its end, or not JSON at all. A broken line between others goes to the sink instead.
pub fn read<S: Sink>(
    text: &str,
    shape: &Shape,
    records: Option<&str>,
    new_sink: &(dyn Fn() -> S + Sync),
) -> Result<Vec<S>, FileFault> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Ok(Vec::new());
    }
    let first_line = trimmed.lines().next().unwrap_or_default();
    let one_line_is_whole = serde_json::from_str::<IgnoredAny>(first_line).is_ok();
    let several = first_line.len() < trimmed.len();
    let head = if one_line_is_whole { first_line } else { trimmed };
    let envelope = envelope_key(head, records);
    // A first line that is broken among others that begin like records is a broken line, not a document.
    let broken_first_line = !one_line_is_whole
        && several
        && trimmed
            .lines()
            .nth(1)
            .is_some_and(|line| line.starts_with('{') && serde_json::from_str::<IgnoredAny>(line).is_ok());
    if trimmed.starts_with('{') && (one_line_is_whole || broken_first_line) {
        return read_lines(text, shape, envelope.as_deref(), new_sink);
    }
    read_document(trimmed, shape, envelope.as_deref(), new_sink)
}

fn read_lines<S: Sink>(
    text: &str,
    shape: &Shape,
    envelope: Option<&str>,
    new_sink: &(dyn Fn() -> S + Sync),
) -> Result<Vec<S>, FileFault> {
    if !text.ends_with('\n')
        && let Some(last) = text.lines().last()
        && !last.trim().is_empty()
        && let Err(error) = serde_json::from_str::<IgnoredAny>(last)
        && error.is_eof()
    {
        let row = lines(text).count();
        return Err(cut().at_row(i64::try_from(row).unwrap_or(i64::MAX)));
    }
    // How many records an envelope holds is not known before it is parsed, so pages are read one after the other.
    let size = match envelope {
        Some(_) => usize::MAX,
        None => stretch_bytes(text.len()),
    };
    let stretches = line_stretches(text, size);
    let counts: Vec<i64> = stretches
        .par_iter()
        .map(|stretch| lines(stretch).map(|_| 1).sum())
        .collect();
    let firsts: Vec<i64> = counts
        .iter()
        .scan(0, |next, count| {
            let first = *next;
            *next += count;
            Some(first)
        })
        .collect();
    let sinks = stretches
        .into_par_iter()
        .zip(firsts)
        .map(|(stretch, mut number)| {
            let mut sink = new_sink();
            for line in lines(stretch) {
                read_line(line, shape, envelope, &mut number, &mut sink);
            }
            sink
        })
        .collect();
    Ok(sinks)
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim_ascii_start().is_empty())
}

fn read_line<S: Sink>(line: &str, shape: &Shape, envelope: Option<&str>, number: &mut i64, sink: &mut S) {
    if let Some(key) = envelope {
        match parse_list(line, Some(key), shape) {
            Ok(nodes) => hand_on(&nodes, number, sink),
            Err(_) => {
                *number += 1;
                sink.broken(*number, "invalid_json");
            }
        }
        return;
    }
    *number += 1;
    match parse_record(line, shape) {
        Ok(node @ Node::Object(_)) => sink.record(*number, &node),
        Ok(_) => sink.broken(*number, "not_an_object"),
        Err(_) if line.contains('\0') => sink.broken(*number, "nul_byte"),
        Err(_) => sink.broken(*number, "invalid_json"),
    }
}

fn read_document<S: Sink>(
    text: &str,
    shape: &Shape,
    envelope: Option<&str>,
    new_sink: &(dyn Fn() -> S + Sync),
) -> Result<Vec<S>, FileFault> {
    let nodes = if text.starts_with('[') || envelope.is_some() {
        parse_list(text, envelope.filter(|_| !text.starts_with('[')), shape)
    } else {
        parse_record(text, shape).map(|node| vec![node])
    };
    let nodes = nodes.map_err(|error| {
        if error.is_eof() {
            return cut();
        }
        FileFault::new(
            format!("the file is not JSON: {}", position(&error)),
            "deliver JSON lines, an array of objects, or an object with the list under a key (`records`)",
        )
    })?;
    let size = (nodes.len() / (rayon::current_num_threads().max(1) * 4)).max(1024);
    Ok(nodes
        .par_chunks(size)
        .enumerate()
        .map(|(chunk_number, chunk)| {
            let mut sink = new_sink();
            let mut number = i64::try_from(chunk_number * size).unwrap_or(i64::MAX);
            hand_on(chunk, &mut number, &mut sink);
            sink
        })
        .collect())
}

fn hand_on<S: Sink>(nodes: &[Node<'_>], number: &mut i64, sink: &mut S) {
    for node in nodes {
        *number += 1;
        match node {
            Node::Object(_) => sink.record(*number, node),
            _ => sink.broken(*number, "not_an_object"),
        }
    }
}

fn cut() -> FileFault {
    FileFault::new(
        "the file is cut: it ends in the middle of a JSON value",
        "deliver the whole file again",
    )
}

/// serde's messages may quote the data; the position never does.
fn position(error: &serde_json::Error) -> String {
    format!("line {}, column {}", error.line(), error.column())
}

/// Cuts text into stretches that end at line ends.
fn line_stretches(text: &str, size: usize) -> Vec<&str> {
    let mut stretches = Vec::new();
    let mut rest = text;
    while rest.len() > size {
        let tail = rest.as_bytes().get(size..).unwrap_or_default();
        let Some(newline) = tail.iter().position(|b| *b == b'\n') else {
            break;
        };
        let (stretch, after) = rest.split_at(size + newline + 1);
        stretches.push(stretch);
        rest = after;
    }
    stretches.push(rest);
    stretches
}

/// The key of the list, if the first document is an envelope.
fn envelope_key(document: &str, records: Option<&str>) -> Option<String> {
    if !document.starts_with('{') {
        return None;
    }
    if let Some(key) = records {
        let mut shape = Shape::default();
        shape.slot(key);
        let node = parse_record(document, &shape).ok()?;
        return matches!(node.slot(0), Node::List(_)).then(|| key.to_owned());
    }
    let mut shape = Shape::default();
    shape.slot("id");
    for key in LIST_KEYS {
        shape.slot(key);
    }
    let node = parse_record(document, &shape).ok()?;
    if *node.slot(0) != Node::Null {
        return None;
    }
    LIST_KEYS
        .iter()
        .enumerate()
        .find(|(at, _)| matches!(node.slot(at + 1), Node::List(_)))
        .map(|(_, key)| (*key).to_owned())
}

fn parse_list<'a>(text: &'a str, key: Option<&str>, shape: &Shape) -> Result<Vec<Node<'a>>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let nodes = ListSeed { key, shape }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(nodes)
}

struct ListSeed<'s> {
    key: Option<&'s str>,
    shape: &'s Shape,
}

impl<'de> DeserializeSeed<'de> for ListSeed<'_> {
    type Value = Vec<Node<'de>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ListSeed<'_> {
    type Value = Vec<Node<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = seq.next_element_seed(NodeSeed(self.shape))? {
            nodes.push(node);
        }
        Ok(nodes)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut nodes = None;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if Some(key.as_ref()) == self.key {
                let list = ListSeed {
                    key: None,
                    shape: self.shape,
                };
                nodes = Some(map.next_value_seed(list)?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        nodes.ok_or_else(|| A::Error::custom("the object has no list of records"))
    }
}

#[derive(Clone, Copy)]
struct NodeSeed<'s>(&'s Shape);

impl<'de> DeserializeSeed<'de> for NodeSeed<'_> {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NodeSeed<'_> {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Node::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(match i64::try_from(value) {
            Ok(value) => Node::Int(value),
            Err(_) => Node::Text(Cow::Owned(value.to_string())),
        })
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Node::Float(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Node::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Node::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut slots = self.0.empty_slots();
        while let Some(found) = map.next_key_seed(KeySeed(self.0))? {
            let place = found.and_then(|(slot, below)| Some((slots.get_mut(slot)?, below)));
            match place {
                Some((place, below)) => *place = map.next_value_seed(NodeSeed(below))?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Node::Object(slots))
    }
}

/// Finds a key's slot without copying the key.
struct KeySeed<'s>(&'s Shape);

impl<'de, 's> DeserializeSeed<'de> for KeySeed<'s> {
    type Value = Option<(usize, &'s Shape)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'s> Visitor<'_> for KeySeed<'s> {
    type Value = Option<(usize, &'s Shape)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.find(key))
    }
}
