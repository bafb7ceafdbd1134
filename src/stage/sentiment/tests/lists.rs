//! The word lists are data: each row must be one that the program can reach.

use std::collections::HashSet;

use super::super::lexicon::{MAX_PHRASE, OWN, PACKAGES, PREFIX_LETTERS};
use super::super::tokens::{Text, Token};

#[test]
fn own_rows_are_read_whole_and_say_each_word_once() {
    let mut seen = HashSet::new();
    for line in OWN.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [language, value, words] = columns[..] else {
            panic!("{line}")
        };
        assert!(["es", "en", "pt", "*"].contains(&language), "{line}");
        let tenths = value.parse::<i64>().map(|tenths| tenths.abs() <= 50);
        assert!(
            ["not", "flip", "more", "less", "but"].contains(&value) || tenths == Ok(true),
            "{line}"
        );
        for word in words.split(", ") {
            assert!(seen.insert((language, word)), "{language} {word} stands twice");
            match word.strip_suffix('*') {
                Some(prefix) => assert!(
                    PREFIX_LETTERS.contains(&prefix.len()) && !prefix.contains(' '),
                    "{word}"
                ),
                None => assert!(is_reachable(word, language == "*"), "{language} {word}"),
            }
        }
    }
}

#[test]
fn package_rows_are_words_with_weights() {
    for (language, list) in PACKAGES {
        for row in list.lines() {
            let (word, tenths) = row.split_once('\t').unwrap();
            let tenths: i64 = tenths.parse().unwrap();
            assert!(
                tenths != 0 && tenths.abs() <= 50 && is_reachable(word, false),
                "{language:?} {row}"
            );
        }
    }
}

/// Whether a text that is this entry is read as it is spelled.
fn is_reachable(entry: &str, is_emoji: bool) -> bool {
    let text = Text::of(entry);
    let Some((Token::Stop, tokens)) = text.tokens.split_last() else {
        return false;
    };
    match *tokens {
        [Token::Emoji(emoji)] => is_emoji && text.slice(emoji) == entry,
        _ => tokens.len() <= MAX_PHRASE && text.phrase(0, tokens.len()) == Some(entry),
    }
}
