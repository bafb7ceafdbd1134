//! From words to a sum: intensifiers, negators, "but".

use super::lexicon::{Entry, Lexicon, MAX_PHRASE};
use super::tokens::{Text, Token};

/// A negator flips sentiment words up to this many words further on.
const NEGATOR_REACH: usize = 3;

/// What negators do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Negation {
    pub(super) flips: bool,
    /// What a negator counts that flips nothing ("no llegó"), in ten-thousandths.
    pub(super) lone_e4: i64,
}

pub(super) const NEGATION: Negation = Negation {
    flips: true,
    lone_e4: -15_000,
};
/// An intensifier adds three tenths, a diminisher takes them away, within this many words.
const INTENSIFIER_REACH: usize = 2;
const INTENSIFIER_TENTHS: i64 = 3;

/// Sum of the weights of a text, in ten-thousandths.
pub(super) fn sum_e4(text: &Text, lexicon: &Lexicon, negation: Negation) -> i64 {
    let mut total = 0;
    let mut sentence = Sentence::new(negation);
    let mut at = 0;
    while let Some(token) = text.tokens.get(at) {
        let mut used = 1;
        match token {
            Token::Emoji(emoji) => {
                if let Some(Entry::Weight(tenths)) = lexicon.find(text.slice(*emoji)) {
                    sentence.sum += tenths * 1_000;
                }
            }
            Token::Word(_) => {
                let (words, entry) = longest(text, at, lexicon);
                used = words;
                sentence.take(entry, words > 1 && negates(text, at, words, lexicon));
            }
            Token::Comma => sentence.end_clause(),
            Token::Stop => {
                sentence.end_clause();
                total += sentence.sum;
                sentence = Sentence::new(negation);
            }
        }
        at += used;
    }
    sentence.end_clause();
    total + sentence.sum
}

/// The longest phrase that begins at a token, and how many words it has.
fn longest(text: &Text, at: usize, lexicon: &Lexicon) -> (usize, Option<Entry>) {
    for words in (2..=MAX_PHRASE).rev() {
        if let Some(entry) = text.phrase(at, words).and_then(|phrase| lexicon.find(phrase)) {
            return (words, Some(entry));
        }
    }
    (1, text.phrase(at, 1).and_then(|word| lexicon.word(word)))
}

/// "ningún problema" says itself what is negated: another negator before it flips nothing.
fn negates(text: &Text, at: usize, words: usize, lexicon: &Lexicon) -> bool {
    (at..at + words).any(|at| {
        text.phrase(at, 1)
            .and_then(|word| lexicon.find(word))
            .is_some_and(Entry::negates)
    })
}

struct Sentence {
    negation: Negation,
    sum: i64,
    /// The clause's negator: words since, and whether it counts no more if it flips nothing.
    negator: Option<(usize, bool)>,
    /// Words since an intensifier, and the tenths that it adds.
    intensity: Option<(usize, i64)>,
}

impl Sentence {
    fn new(negation: Negation) -> Self {
        Self {
            negation,
            sum: 0,
            negator: None,
            intensity: None,
        }
    }

    fn take(&mut self, entry: Option<Entry>, negates: bool) {
        if let Some((words, _)) = &mut self.negator {
            *words += 1;
        }
        if let Some((words, _)) = &mut self.intensity {
            *words += 1;
        }
        match entry {
            None => {}
            Some(Entry::Weight(0)) => {}
            Some(Entry::Weight(tenths)) => self.weigh(tenths, negates),
            // Two negators, as in "no llegó nada", say no once.
            Some(Entry::Negator) => self.negator = Some((0, self.negator.is_some_and(|(_, counted)| counted))),
            Some(Entry::Flip) => self.negator = Some((0, self.negator.is_none_or(|(_, counted)| counted))),
            Some(Entry::More) => self.intensify(INTENSIFIER_TENTHS),
            Some(Entry::Less) => self.intensify(-INTENSIFIER_TENTHS),
            Some(Entry::But) => {
                self.end_clause();
                self.sum /= 2;
            }
        }
    }

    fn intensify(&mut self, tenths: i64) {
        let before = self.intensity.take().map_or(0, |(_, before)| before);
        self.intensity = Some((0, (before + tenths).clamp(-6, 6)));
    }

    fn weigh(&mut self, tenths: i64, negates: bool) {
        let near = self.intensity.take().filter(|(words, _)| *words <= INTENSIFIER_REACH);
        let strength = 10 + near.map_or(0, |(_, tenths)| tenths);
        let mut weight = tenths * strength * 100;
        if let Some((words, counted)) = &mut self.negator
            && *words <= NEGATOR_REACH
        {
            *counted = true;
            if self.negation.flips && !negates {
                weight = -weight;
            }
        }
        self.sum += weight;
    }

    /// Neither negators nor intensifiers reach over a comma.
    fn end_clause(&mut self) {
        if let Some((_, false)) = self.negator.take() {
            self.sum += self.negation.lone_e4;
        }
        self.intensity = None;
    }
}
