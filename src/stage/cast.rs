//! Text to values: null words, booleans, and the words for what can be wrong with a value.

/// Why a value is refused. The word is what the quarantine table shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Missing,
    InvalidNumber,
    TooPrecise,
    OutOfRange,
    Negative,
    InvalidTimestamp,
    NonexistentLocalTime,
    InvalidBoolean,
    InvalidDuration,
    UnknownValue,
}

impl Reason {
    pub fn word(self) -> &'static str {
        match self {
            Reason::Missing => "missing",
            Reason::InvalidNumber => "invalid_number",
            Reason::TooPrecise => "too_precise",
            Reason::OutOfRange => "out_of_range",
            Reason::Negative => "negative",
            Reason::InvalidTimestamp => "invalid_timestamp",
            Reason::NonexistentLocalTime => "nonexistent_local_time",
            Reason::InvalidBoolean => "invalid_boolean",
            Reason::InvalidDuration => "invalid_duration",
            Reason::UnknownValue => "unknown_value",
        }
    }
}

/// Words that mean "no value" in every export.
const NULL_WORDS: &[&str] = &["?", "null", "n/a", "-", "none"];

/// Whether trimmed text means "no value".
pub fn is_null(text: &str) -> bool {
    text.is_empty() || text.len() <= 4 && NULL_WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// `true/false/1/0/yes/no/sí/si/y/n/t/f`, whatever the case.
pub fn boolean(text: &str) -> Result<bool, Reason> {
    const TRUE: &[&str] = &["true", "1", "yes", "sí", "si", "y", "t"];
    const FALSE: &[&str] = &["false", "0", "no", "n", "f"];
    if TRUE.contains(&text) {
        return Ok(true);
    }
    if FALSE.contains(&text) {
        return Ok(false);
    }
    let lower = text.to_lowercase();
    match lower.as_str() {
        lower if TRUE.contains(&lower) => Ok(true),
        lower if FALSE.contains(&lower) => Ok(false),
        _ => Err(Reason::InvalidBoolean),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_words() {
        for null in ["", "?", "NULL", "N/A", "n/a", "-", "null", "None"] {
            assert!(is_null(null), "{null}");
        }
        for value in ["0", "no", "--", "nulls", "none of it"] {
            assert!(!is_null(value), "{value}");
        }
    }

    #[test]
    fn booleans() {
        for yes in ["true", "TRUE", "1", "Yes", "sí", "Sí", "SÍ", "si", "Y", "t"] {
            assert_eq!(boolean(yes), Ok(true), "{yes}");
        }
        for no in ["false", "False", "0", "NO", "n", "F"] {
            assert_eq!(boolean(no), Ok(false), "{no}");
        }
        assert_eq!(boolean("maybe"), Err(Reason::InvalidBoolean));
        assert_eq!(boolean("2"), Err(Reason::InvalidBoolean));
    }
}
