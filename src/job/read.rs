//! TOML into sections, going on after a fault so that all of them are found.

use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};
use toml::Value;

use super::faults::Faults;

/// Reads `text` into `T`. serde stops at its first fault, so the key at fault is noted, taken out, and the rest is read
/// again: as every field of `T` has a default, each round finds one more fault or succeeds. `None` for text that is no
/// TOML: of such a file nothing else can be told.
pub fn sections<T: DeserializeOwned + Default>(text: &str, faults: &mut Faults) -> Option<T> {
    let mut document = match text.parse::<toml::Table>() {
        Ok(table) => Value::Table(table),
        Err(error) => {
            let line = error
                .span()
                .map_or(1, |span| text[..span.start.min(text.len())].lines().count().max(1));
            faults.add(format!("line {line}"), error.message().trim());
            return None;
        }
    };
    loop {
        match serde_path_to_error::deserialize::<_, T>(document.clone()) {
            Ok(sections) => return Some(sections),
            Err(error) => {
                let message = error.inner().message().lines().next().unwrap_or_default().to_owned();
                faults.add(error.path().to_string(), message);
                if !take_out(&mut document, error.path()) {
                    return Some(T::default());
                }
            }
        }
    }
}

/// Removes what stands at `path`; an element of a list is blanked instead, so that the others keep their numbers.
fn take_out(document: &mut Value, path: &Path) -> bool {
    let segments: Vec<&Segment> = path.iter().collect();
    let Some((last, parents)) = segments.split_last() else {
        return false;
    };
    let mut at = document;
    for segment in parents {
        let next = match (segment, at) {
            (Segment::Map { key }, Value::Table(table)) => table.get_mut(key),
            (Segment::Seq { index }, Value::Array(list)) => list.get_mut(*index),
            _ => None,
        };
        match next {
            Some(value) => at = value,
            None => return false,
        }
    }
    match (last, at) {
        (Segment::Map { key }, Value::Table(table)) => table.remove(key).is_some(),
        (Segment::Seq { index }, Value::Array(list)) => match list.get_mut(*index) {
            Some(element) => {
                let blank = match element {
                    Value::Table(_) => Value::Table(toml::Table::new()),
                    _ => Value::String(String::new()),
                };
                std::mem::replace(element, blank.clone()) != blank
            }
            None => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Default, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    struct Sections {
        job: Inner,
        list: Vec<Inner>,
    }

    #[derive(Debug, Default, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    struct Inner {
        name: String,
        size: u32,
    }

    #[test]
    fn all_faults_are_found_in_one_reading() {
        let text =
            "[job]\nnam = \"x\"\nsize = \"big\"\n[[list]]\nname = 7\n[[list]]\nname = \"ok\"\nage = 1\n[extra]\n";
        let mut faults = Faults::default();
        let read: Sections = sections(text, &mut faults).unwrap();
        let mut keys: Vec<String> = faults.into_vec().into_iter().map(|f| f.key).collect();
        keys.sort();
        assert_eq!(keys, ["extra", "job.nam", "job.size", "list[0].name", "list[1].age"]);
        assert_eq!(read.list[1].name, "ok");
    }

    #[test]
    fn text_that_is_no_toml_names_its_line() {
        let mut faults = Faults::default();
        assert!(sections::<Sections>("[job]\nname = \n", &mut faults).is_none());
        assert_eq!(faults.into_vec()[0].key, "line 2");
    }
}
