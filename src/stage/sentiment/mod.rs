//! Sentiment of a customer's words, in Spanish, English and Portuguese: a number in [-1, 1], from word lists and rules.
//!
//! No network and no floating point, so a text has one score on every machine. `docs/sentiment.md` tells the rules, the
//! measured accuracy and the limits.

mod clean;
mod language;
mod lexicon;
mod rules;
#[cfg(test)]
mod tests;
mod tokens;

pub use language::Language;

/// Scores from here on are positive, and those from minus this down are negative.
pub const POSITIVE_FROM_E4: i64 = 2_000;
/// A text whose weights sum up to this many ten-thousandths has the score 0.5. The lists' weights go from -5 to 5.
const HALF_AT_E4: i64 = 40_000;

/// What a text says of its writer's mood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentiment {
    /// From -10000 to 10000: the score in [-1, 1], for `DECIMAL(18,4)`.
    pub score_e4: i64,
    /// The language whose lists were used; `None` where all three were, since nothing told the language.
    pub language: Option<Language>,
}

/// The score in three parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Positive,
    Neutral,
    Negative,
}

impl Sentiment {
    pub fn class(self) -> Class {
        match self.score_e4 {
            POSITIVE_FROM_E4.. => Class::Positive,
            score if score <= -POSITIVE_FROM_E4 => Class::Negative,
            _ => Class::Neutral,
        }
    }
}

impl Class {
    pub fn name(self) -> &'static str {
        match self {
            Self::Positive => "positive",
            Self::Neutral => "neutral",
            Self::Negative => "negative",
        }
    }
}

/// The sentiment of what the writer of a message, comment or review wrote: quoted replies, signatures, links and HTML
/// do not count. `language` is what the export says (`es-ES`, `pt_BR`, `Spanish`); where it says nothing it is guessed.
///
/// `None` where nothing can be told: no word and no known emoji, or the language is another one.
pub fn score(text: &str, language: Option<&str>) -> Option<Sentiment> {
    let language = match language.map_or(language::Stated::Unknown, language::stated) {
        language::Stated::Other => return None,
        language::Stated::Unknown => None,
        language::Stated::Known(language) => Some(language),
    };
    let own_words = clean::own_words(text);
    let text = tokens::Text::of(&own_words);
    if !text.says_something() {
        return None;
    }
    let language = language.or_else(|| language::guess(&own_words, text.words()));
    let sum = rules::sum_e4(&text, lexicon::of(language), rules::NEGATION);
    Some(Sentiment {
        score_e4: squashed_e4(sum),
        language,
    })
}

/// x / (|x| + half), rounded half away from zero.
fn squashed_e4(sum_e4: i64) -> i64 {
    let x = i128::from(sum_e4);
    let below = x.abs() + i128::from(HALF_AT_E4);
    let rounded = (2 * 10_000 * x.abs() + below) / (2 * below);
    i64::try_from(rounded * x.signum()).unwrap_or(0)
}
