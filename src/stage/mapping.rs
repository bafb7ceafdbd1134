//! The mapping language as it is written in TOML, by presets and by job files alike.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

/// A preset's file, or the mapping part of a source.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct MappingSection {
    pub format: Option<String>,
    pub system: Option<String>,
    /// CSV: rows with the same value in this column are one record.
    pub group_by: Option<String>,
    /// JSON: the key of the list in an envelope.
    pub records: Option<String>,
    pub entity: Vec<EntitySection>,
}

/// How records become rows of one entity.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct EntitySection {
    pub name: String,
    /// Path of the children that become rows; without it the record itself does.
    pub each: Option<String>,
    /// Only records whose paths have one of these values.
    #[serde(rename = "where")]
    pub keep: BTreeMap<String, Words>,
    /// Not records whose paths have one of these values.
    #[serde(rename = "where_not")]
    pub leave: BTreeMap<String, Words>,
    pub fields: BTreeMap<String, FieldSection>,
}

/// Where a field's value comes from and how it is read. Plain text in TOML is a path.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FieldSection(pub SpecSection);

/// A field's table; see `docs/mapping.md` for every key.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct SpecSection {
    pub path: Option<String>,
    pub paths: Vec<String>,
    pub template: Option<String>,
    pub value: Option<Word>,
    pub when: BTreeMap<String, Words>,
    pub default: Option<Word>,
    pub map: BTreeMap<String, Word>,
    pub map_default: Option<Word>,
    pub null: Words,
    pub format: Option<String>,
    pub formats: Vec<String>,
    pub unit: Option<String>,
    pub decimal: Option<String>,
    pub numeric_scale: Option<Word>,
    pub contains: Words,
    #[serde(rename = "is")]
    pub is_one_of: Words,
    pub agg: Option<String>,
    pub minus: Vec<String>,
}

/// Text, a number or a boolean in TOML, kept as text.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Word(pub String);

/// One [`Word`] or a list of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Words(pub Vec<String>);

impl<'de> Deserialize<'de> for FieldSection {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PathOrTable;
        impl<'de> Visitor<'de> for PathOrTable {
            type Value = FieldSection;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a path, or a table with `path`, `paths`, `template` or `value`")
            }
            fn visit_str<E>(self, path: &str) -> Result<FieldSection, E> {
                Ok(FieldSection(SpecSection {
                    path: Some(path.to_owned()),
                    ..SpecSection::default()
                }))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FieldSection, A::Error> {
                SpecSection::deserialize(MapAccessDeserializer::new(map)).map(FieldSection)
            }
        }
        deserializer.deserialize_any(PathOrTable)
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Scalar;
        impl Visitor<'_> for Scalar {
            type Value = Word;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text, a number or a boolean")
            }
            fn visit_str<E>(self, text: &str) -> Result<Word, E> {
                Ok(Word(text.to_owned()))
            }
            fn visit_bool<E>(self, value: bool) -> Result<Word, E> {
                Ok(Word(value.to_string()))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Word, E> {
                Ok(Word(value.to_string()))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Word, E> {
                Ok(Word(value.to_string()))
            }
        }
        deserializer.deserialize_any(Scalar)
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;
        impl<'de> Visitor<'de> for OneOrMany {
            type Value = Words;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("one value or a list of values")
            }
            fn visit_str<E>(self, text: &str) -> Result<Words, E> {
                Ok(Words(vec![text.to_owned()]))
            }
            fn visit_bool<E>(self, value: bool) -> Result<Words, E> {
                Ok(Words(vec![value.to_string()]))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Words, E> {
                Ok(Words(vec![value.to_string()]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Words, A::Error> {
                let mut words = Vec::new();
                while let Some(Word(word)) = seq.next_element()? {
                    words.push(word);
                }
                Ok(Words(words))
            }
        }
        deserializer.deserialize_any(OneOrMany)
    }
}

impl MappingSection {
    /// Lays the user's own blocks over a preset's: fields of the same entity are added or replaced in every block of
    /// that entity, entities the preset has not are added whole.
    pub fn extend(&mut self, own: &[EntitySection]) {
        for section in own {
            let blocks: Vec<&mut EntitySection> = self
                .entity
                .iter_mut()
                .filter(|known| known.name == section.name)
                .collect();
            if blocks.is_empty() {
                self.entity.push(section.clone());
                continue;
            }
            for block in blocks {
                let fields = section.fields.iter();
                block
                    .fields
                    .extend(fields.map(|(name, spec)| (name.clone(), spec.clone())));
                block.keep.extend(section.keep.clone());
                block.leave.extend(section.leave.clone());
                if section.each.is_some() {
                    block.each.clone_from(&section.each);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_a_path_and_a_table_is_a_spec() {
        let section: MappingSection = toml::from_str(
            r#"
            [[entity]]
            name = "orders"
            where = { kind = ["sale", 7] }
            fields = { order_id = "Id", is_test = { value = false }, total_amount = { path = "Sum", decimal = "," } }
            "#,
        )
        .unwrap();
        let entity = &section.entity[0];
        assert_eq!(entity.keep["kind"].0, ["sale", "7"]);
        assert_eq!(entity.fields["order_id"].0.path.as_deref(), Some("Id"));
        assert_eq!(entity.fields["is_test"].0.value, Some(Word("false".into())));
        assert_eq!(entity.fields["total_amount"].0.decimal.as_deref(), Some(","));
    }

    #[test]
    fn unknown_keys_are_named() {
        let wrong = "[[entity]]\nname = \"orders\"\nfields = { order_id = { pth = \"Id\" } }";
        let error = toml::from_str::<MappingSection>(wrong).unwrap_err().to_string();
        assert!(error.contains("pth"), "{error}");
    }
}
