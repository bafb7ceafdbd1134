//! A record as readers hand it on: a small tree that holds only what a mapping asks for.
//!
//! A [`Shape`] lists the members a mapping names. Readers fill one slot per member and skip the rest (message bodies are
//! never even copied), so a compiled path is a list of slot numbers.

use std::borrow::Cow;

/// A value as delivered. Members of an object sit in the slots of its [`Shape`].
#[derive(Debug, Clone, PartialEq)]
pub enum Node<'a> {
    /// Absent, or `null`.
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Object(Vec<Node<'a>>),
}

impl<'a> Node<'a> {
    /// The member in a slot; [`Node::Null`] where there is none.
    pub fn slot(&self, slot: usize) -> &Node<'a> {
        match self {
            Node::Object(slots) => slots.get(slot).unwrap_or(&Node::Null),
            _ => &Node::Null,
        }
    }

    /// A single value as text: floats by their shortest exact text. Lists, objects and null have none.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Node::Null | Node::List(_) | Node::Object(_) => None,
            Node::Bool(true) => Some(Cow::Borrowed("true")),
            Node::Bool(false) => Some(Cow::Borrowed("false")),
            Node::Int(number) => Some(Cow::Owned(number.to_string())),
            Node::Float(number) => Some(Cow::Owned(number.to_string())),
            Node::Text(text) => Some(Cow::Borrowed(text)),
        }
    }
}

/// The members of an object that a mapping names, each with the members below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    members: Vec<(String, Shape)>,
}

impl Shape {
    /// The slot of a member, added if it is new.
    pub fn slot(&mut self, name: &str) -> usize {
        if let Some(at) = self.members.iter().position(|(known, _)| known == name) {
            return at;
        }
        self.members.push((name.to_owned(), Shape::default()));
        self.members.len() - 1
    }

    /// The shape below a slot.
    pub fn below(&mut self, slot: usize) -> Option<&mut Shape> {
        self.members.get_mut(slot).map(|(_, shape)| shape)
    }

    /// The slot and shape of a member that was asked for.
    pub fn find(&self, name: &str) -> Option<(usize, &Shape)> {
        self.members
            .iter()
            .enumerate()
            .find(|(_, (known, _))| known == name)
            .map(|(at, (_, shape))| (at, shape))
    }

    /// Names in slot order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|(name, _)| name.as_str())
    }

    pub fn len(&self) -> usize {
        self.members.len()
    }

    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// An object of this shape with nothing in it.
    pub fn empty_slots<'a>(&self) -> Vec<Node<'a>> {
        vec![Node::Null; self.members.len()]
    }
}
