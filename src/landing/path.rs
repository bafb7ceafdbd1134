//! Paths into records, compiled once to slots.
//!
//! In JSON: `satisfaction_rating.score`, `line_items[]` (every item), `tags[0]`,
//! `transactions[kind=refund,status=success|pending].amount` (items whose members have one of these values), `.` (the
//! item itself). In tables a path is a column's header, taken literally. `^` in front starts at the root record.

use super::record::{Node, Shape};

/// How a path is written: dotted, or a header taken as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathStyle {
    Dotted,
    Header,
}

/// A compiled path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    from_root: bool,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Member(usize),
    Every(Vec<Condition>),
    Index(usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Condition {
    slot: usize,
    words: Vec<String>,
}

/// Splits `^name` into whether it starts at the root, and the rest.
pub fn split_root(text: &str) -> (bool, &str) {
    match text.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, text),
    }
}

impl Path {
    /// Compiles a path, adding what it names to the shape it starts from. `base` is the path of the item that relative
    /// paths start from (the record itself without one).
    pub fn compile(text: &str, style: PathStyle, base: Option<&Path>, root: &mut Shape) -> Result<Self, String> {
        let (from_root, rest) = split_root(text.trim());
        let mut shape = root;
        if let (false, Some(base)) = (from_root, base) {
            for step in &base.steps {
                if let Step::Member(slot) = step {
                    shape = shape.below(*slot).ok_or("a path lost its base")?;
                }
            }
        }
        let from_root = from_root || base.is_none();
        let mut steps = Vec::new();
        match style {
            PathStyle::Header => steps.push(Step::Member(shape.slot(rest))),
            PathStyle::Dotted => compile_dotted(rest, shape, &mut steps)?,
        }
        Ok(Self { from_root, steps })
    }

    /// Calls `each` with every value the path leads to. A list at the end of a path stands for its items.
    pub fn visit<'r>(&self, root: &'r Node<'r>, item: &'r Node<'r>, each: &mut dyn FnMut(&'r Node<'r>)) {
        walk(&self.steps, if self.from_root { root } else { item }, each);
    }

    /// Calls `each` with every child the path leads to, and its place from 1. Children that a condition leaves out keep
    /// their place, so that two paths over one list number it alike. A list at the end stands for its items; null has none.
    pub fn visit_items<'r>(&self, root: &'r Node<'r>, each: &mut dyn FnMut(i64, &'r Node<'r>)) {
        let mut place = 0;
        walk_items(&self.steps, root, &mut place, each);
    }

    /// The value, if the path is the name of one member and the member is no list.
    pub fn single<'r>(&self, root: &'r Node<'r>, item: &'r Node<'r>) -> Option<&'r Node<'r>> {
        let [Step::Member(slot)] = self.steps.as_slice() else {
            return None;
        };
        let node = if self.from_root { root } else { item }.slot(*slot);
        (!matches!(node, Node::List(_))).then_some(node)
    }
}

fn walk<'r>(steps: &[Step], node: &'r Node<'r>, each: &mut dyn FnMut(&'r Node<'r>)) {
    let Some((step, rest)) = steps.split_first() else {
        match node {
            Node::List(items) => items.iter().for_each(each),
            node => each(node),
        }
        return;
    };
    match (step, node) {
        (Step::Member(slot), Node::Object(_)) => walk(rest, node.slot(*slot), each),
        (Step::Every(conditions), Node::List(items)) => items
            .iter()
            .filter(|item| conditions.iter().all(|condition| condition.holds(item)))
            .for_each(|item| walk(rest, item, each)),
        (Step::Index(at), Node::List(items)) => {
            if let Some(item) = items.get(*at) {
                walk(rest, item, each);
            }
        }
        _ => {}
    }
}

fn walk_items<'r>(steps: &[Step], node: &'r Node<'r>, place: &mut i64, each: &mut dyn FnMut(i64, &'r Node<'r>)) {
    let Some((step, rest)) = steps.split_first() else {
        match node {
            Node::Null => {}
            Node::List(items) => {
                for item in items {
                    *place += 1;
                    each(*place, item);
                }
            }
            node => {
                *place += 1;
                each(*place, node);
            }
        }
        return;
    };
    match (step, node) {
        (Step::Member(slot), Node::Object(_)) => walk_items(rest, node.slot(*slot), place, each),
        (Step::Every(conditions), Node::List(items)) => {
            for item in items {
                if conditions.iter().all(|condition| condition.holds(item)) {
                    walk_items(rest, item, place, each);
                } else {
                    *place += 1;
                }
            }
        }
        (Step::Index(at), Node::List(items)) => {
            if let Some(item) = items.get(*at) {
                walk_items(rest, item, place, each);
            }
        }
        _ => {}
    }
}

impl Condition {
    fn holds(&self, item: &Node<'_>) -> bool {
        let value = item.slot(self.slot).text();
        let value = value.as_deref().map_or("", str::trim);
        self.words.iter().any(|word| word.eq_ignore_ascii_case(value))
    }
}

fn compile_dotted(text: &str, shape: &mut Shape, steps: &mut Vec<Step>) -> Result<(), String> {
    if text == "." {
        return Ok(());
    }
    let mut shape = shape;
    for segment in segments(text)? {
        let name = segment.split('[').next().unwrap_or_default();
        if name.is_empty() {
            return Err(format!("`{text}` has an empty part"));
        }
        let slot = shape.slot(name);
        steps.push(Step::Member(slot));
        shape = shape.below(slot).ok_or("a path lost its place")?;
        let mut brackets = segment.get(name.len()..).unwrap_or_default();
        while !brackets.is_empty() {
            let (inside, rest) = brackets
                .strip_prefix('[')
                .and_then(|open| open.split_once(']'))
                .ok_or_else(|| format!("`{text}` has a `[` without `]`"))?;
            steps.push(bracket(inside, shape).map_err(|what| format!("`{text}`: {what}"))?);
            brackets = rest;
        }
    }
    Ok(())
}

/// Splits at dots outside brackets.
fn segments(text: &str) -> Result<Vec<&str>, String> {
    let mut parts = Vec::new();
    let (mut start, mut inside) = (0, false);
    for (at, c) in text.char_indices() {
        match c {
            '[' => inside = true,
            ']' => inside = false,
            '.' if !inside => {
                parts.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    if inside {
        return Err(format!("`{text}` has a `[` without `]`"));
    }
    parts.push(text.get(start..).unwrap_or_default());
    Ok(parts)
}

fn bracket(inside: &str, shape: &mut Shape) -> Result<Step, String> {
    if inside.is_empty() {
        return Ok(Step::Every(Vec::new()));
    }
    if let Ok(index) = inside.parse() {
        return Ok(Step::Index(index));
    }
    let mut conditions = Vec::new();
    for condition in inside.split(',') {
        let (name, words) = condition
            .split_once('=')
            .ok_or_else(|| format!("`[{inside}]` is neither a number nor name=value"))?;
        conditions.push(Condition {
            slot: shape.slot(name.trim()),
            words: words.split('|').map(|w| w.trim().to_owned()).collect(),
        });
    }
    Ok(Step::Every(conditions))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::landing::json::parse_record;

    fn values(path: &str, json: &str) -> Vec<String> {
        let mut shape = Shape::default();
        let path = Path::compile(path, PathStyle::Dotted, None, &mut shape).unwrap();
        let node = parse_record(json, &shape).unwrap();
        let mut found = Vec::new();
        path.visit(&node, &node, &mut |value| {
            found.extend(value.text().map(|text| text.into_owned()));
        });
        found
    }

    #[test]
    fn dots_lists_and_conditions() {
        let json = r#"{"a":{"b":1},"tags":["x","y"],"t":[{"k":"Refund","s":"ok","v":2.5},
            {"k":"sale","s":"ok","v":3},{"k":"refund","s":"failed","v":12.62}],"e":{"m":240}}"#;
        assert_eq!(values("a.b", json), ["1"]);
        assert_eq!(values("tags", json), ["x", "y"]);
        assert_eq!(values("tags[]", json), ["x", "y"]);
        assert_eq!(values("tags[1]", json), ["y"]);
        assert_eq!(values("t[].v", json), ["2.5", "3", "12.62"]);
        assert_eq!(values("t[k=refund].v", json), ["2.5", "12.62"]);
        assert_eq!(values("t[k=refund|sale,s=ok].v", json), ["2.5", "3"]);
        assert_eq!(values("e", json), Vec::<String>::new());
        assert_eq!(values("e.m", json), ["240"]);
        assert_eq!(values("missing.deep[3].x", json), Vec::<String>::new());
    }

    #[test]
    fn relative_paths_start_at_the_item_and_root_paths_at_the_record() {
        let mut shape = Shape::default();
        let each = Path::compile("l[]", PathStyle::Dotted, None, &mut shape).unwrap();
        let inner = Path::compile("v", PathStyle::Dotted, Some(&each), &mut shape).unwrap();
        let outer = Path::compile("^v", PathStyle::Dotted, Some(&each), &mut shape).unwrap();
        let node = parse_record(r#"{"v":"root","l":[{"v":"one"},{"v":"two"}]}"#, &shape).unwrap();
        let mut found = Vec::new();
        each.visit_items(&node, &mut |_, item| {
            for path in [&inner, &outer] {
                path.visit(&node, item, &mut |v| found.extend(v.text()));
            }
        });
        assert_eq!(found, ["one", "root", "two", "root"]);
    }

    #[test]
    fn a_header_is_taken_literally() {
        let mut shape = Shape::default();
        let style = PathStyle::Header;
        Path::compile("First response time (in hrs.)", style, None, &mut shape).unwrap();
        assert_eq!(shape.names().collect::<Vec<_>>(), ["First response time (in hrs.)"]);
    }

    #[test]
    fn broken_paths_are_refused() {
        for wrong in ["a..b", "a[x", "a[b]", ""] {
            let compiled = Path::compile(wrong, PathStyle::Dotted, None, &mut Shape::default());
            assert!(compiled.is_err(), "{wrong}");
        }
    }
}
