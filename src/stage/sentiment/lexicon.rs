//! The word lists. Words, prefixes and emoji carry weights in tenths, from -50 to 50.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Language;

/// Words of the longest phrase; `LONGEST` of lists/make.py.
pub(super) const MAX_PHRASE: usize = 5;
/// Letters of the shortest and of the longest prefix.
const PREFIX_LETTERS: std::ops::RangeInclusive<usize> = 3..=14;

/// Lists in the order in which they win: our own first.
const OWN: &str = include_str!("lists/own.tsv");
const ENGLISH: &str = include_str!("lists/en.tsv");
const PORTUGUESE: &str = include_str!("lists/pt.tsv");

/// What a word or phrase does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// Tenths. 0 is a phrase that is no sentiment although its words are.
    Weight(i64),
    Negator,
    /// A negator that alone says nothing: "sin", "without".
    Flip,
    /// Makes the next sentiment stronger.
    More,
    /// Makes it weaker.
    Less,
    /// What follows counts for more than what came before.
    But,
}

impl Entry {
    pub(super) fn negates(self) -> bool {
        matches!(self, Self::Negator | Self::Flip)
    }
}

#[derive(Debug, Default)]
pub(super) struct Lexicon {
    entries: HashMap<&'static str, Entry>,
    /// `decepcion` of `decepcion*`.
    prefixes: HashMap<&'static str, Entry>,
}

static SPANISH_ONLY: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&[Language::Spanish]));
static ENGLISH_ONLY: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&[Language::English]));
static PORTUGUESE_ONLY: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&[Language::Portuguese]));
static ALL: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::new(&[Language::Spanish, Language::English, Language::Portuguese]));

/// The lists of a language; those of all three where it is unknown.
pub(super) fn of(language: Option<Language>) -> &'static Lexicon {
    match language {
        Some(Language::Spanish) => &SPANISH_ONLY,
        Some(Language::English) => &ENGLISH_ONLY,
        Some(Language::Portuguese) => &PORTUGUESE_ONLY,
        None => &ALL,
    }
}

impl Lexicon {
    fn new(languages: &[Language]) -> Self {
        let mut lexicon = Self::default();
        for language in languages {
            for (word, entry) in own_rows(*language) {
                match word.strip_suffix('*') {
                    Some(prefix) => lexicon.prefixes.entry(prefix).or_insert(entry),
                    None => lexicon.entries.entry(word).or_insert(entry),
                };
            }
        }
        for language in languages {
            for (word, entry) in package_rows(*language) {
                lexicon.entries.entry(word).or_insert(entry);
            }
        }
        lexicon
    }

    /// A word, a phrase or an emoji, in full.
    pub(super) fn find(&self, text: &str) -> Option<Entry> {
        self.entries.get(text).copied()
    }

    /// A word, in full or by its longest prefix; "sooo" and "buenooo" as "soo" or "so", "buenoo" or "bueno".
    pub(super) fn word(&self, word: &str) -> Option<Entry> {
        self.spelled(word).or_else(|| {
            let [two, one] = [2, 1].map(|letters| shortened(word, letters));
            if two == word {
                return None;
            }
            self.spelled(&two).or_else(|| self.spelled(&one))
        })
    }

    fn spelled(&self, word: &str) -> Option<Entry> {
        self.find(word).or_else(|| {
            let ends = word.char_indices().map(|(at, c)| at + c.len_utf8());
            let ends = ends.skip(PREFIX_LETTERS.start() - 1).take(PREFIX_LETTERS.count());
            ends.filter_map(|end| self.prefixes.get(word.get(..end)?))
                .last()
                .copied()
        })
    }
}

/// Of lines `languages <tab> value <tab> word, word, ..`.
fn own_rows(language: Language) -> impl Iterator<Item = (&'static str, Entry)> {
    OWN.lines()
        .filter_map(move |line| {
            let (languages, row) = line.split_once('\t')?;
            let (value, words) = row.split_once('\t')?;
            let mine = languages == "*" || languages == language.code();
            let entry = entry_of(value).filter(|_| mine)?;
            Some(words.split(", ").map(move |word| (word, entry)))
        })
        .flatten()
}

/// Of lines `word <tab> value`.
fn package_rows(language: Language) -> impl Iterator<Item = (&'static str, Entry)> {
    let list = match language {
        Language::Spanish => "",
        Language::English => ENGLISH,
        Language::Portuguese => PORTUGUESE,
    };
    list.lines().filter_map(|line| {
        let (word, value) = line.split_once('\t')?;
        Some((word, entry_of(value)?))
    })
}

fn entry_of(value: &str) -> Option<Entry> {
    Some(match value {
        "not" => Entry::Negator,
        "flip" => Entry::Flip,
        "more" => Entry::More,
        "less" => Entry::Less,
        "but" => Entry::But,
        tenths => Entry::Weight(tenths.parse().ok()?),
    })
}

/// Runs of three of a letter become runs of one or two.
fn shortened(word: &str, letters: usize) -> String {
    let mut out = String::with_capacity(word.len());
    let mut rest = word.chars().peekable();
    while let Some(c) = rest.next() {
        let mut run = 1;
        while rest.next_if_eq(&c).is_some() {
            run += 1;
        }
        let keep = if run > 2 { letters } else { run };
        out.extend(std::iter::repeat_n(c, keep));
    }
    out
}
