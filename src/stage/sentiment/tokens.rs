//! A text as folded words, emoji and stops.

use std::ops::Range;

use crate::stage::reason::plain;

/// Words in lower case without accents, one space between two of them, so that a phrase is a slice.
#[derive(Debug, Default)]
pub(super) struct Text {
    folded: String,
    pub(super) tokens: Vec<Token>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Word(Span),
    Emoji(Span),
    Comma,
    /// End of a sentence or line.
    Stop,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    start: usize,
    end: usize,
}

/// Emoticons, and the emoji that each stands for.
const EMOTICONS: &[(&str, char)] = &[
    (":)", '🙂'),
    (":-)", '🙂'),
    ("=)", '🙂'),
    (";)", '🙂'),
    (";-)", '🙂'),
    (":D", '😀'),
    (":-D", '😀'),
    ("<3", '❤'),
    (":(", '🙁'),
    (":-(", '🙁'),
    ("=(", '🙁'),
    (":'(", '😢'),
    (":/", '😕'),
    (":-/", '😕'),
    (">:(", '😠'),
];

impl Text {
    pub(super) fn of(text: &str) -> Self {
        let mut out = Self::default();
        for line in text.lines() {
            for chunk in line.split_whitespace().filter(|chunk| !is_address(chunk)) {
                match EMOTICONS.iter().find(|(emoticon, _)| chunk.ends_with(emoticon)) {
                    Some((emoticon, emoji)) => {
                        out.chunk(chunk.strip_suffix(emoticon).unwrap_or_default());
                        out.emoji(*emoji);
                    }
                    None => out.chunk(chunk),
                }
            }
            out.stop(Token::Stop);
        }
        out
    }

    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().filter_map(|token| match token {
            Token::Word(span) => Some(self.slice(*span)),
            _ => None,
        })
    }

    /// Whether there is a word or an emoji; numbers and signs say nothing.
    pub(super) fn says_something(&self) -> bool {
        self.tokens.iter().any(|token| match token {
            Token::Word(word) => self.slice(*word).contains(char::is_alphabetic),
            Token::Emoji(_) => true,
            Token::Comma | Token::Stop => false,
        })
    }

    pub(super) fn slice(&self, span: Span) -> &str {
        self.folded.get(Range::from(span)).unwrap_or_default()
    }

    /// So many words from a token on, if nothing stands between them.
    pub(super) fn phrase(&self, at: usize, words: usize) -> Option<&str> {
        let tokens = self.tokens.get(at..at.checked_add(words)?)?;
        let mut span: Option<Span> = None;
        for token in tokens {
            let Token::Word(word) = token else { return None };
            span = Some(Span {
                start: span.map_or(word.start, |span| span.start),
                end: word.end,
            });
        }
        span.map(|span| self.slice(span))
    }

    /// What stands between two spaces.
    fn chunk(&mut self, chunk: &str) {
        let mut word = String::new();
        for c in chunk.chars().flat_map(char::to_lowercase).map(plain) {
            match c {
                // Accents written apart, marks of emoji, and apostrophes vanish: "don't" is one word.
                '\u{300}'..='\u{36f}'
                | '\u{fe0e}'
                | '\u{fe0f}'
                | '\u{200b}'..='\u{200d}'
                | '\u{1f3fb}'..='\u{1f3ff}' => {}
                '\'' | '’' => {}
                c if c.is_alphanumeric() => push_letter(&mut word, c),
                c => {
                    self.word(&word);
                    word.clear();
                    match c {
                        '.' | '!' | '?' | '¡' | '¿' | ';' | '…' => self.stop(Token::Stop),
                        ',' | ':' | '(' | ')' => self.stop(Token::Comma),
                        c if !c.is_ascii() => self.emoji(c),
                        _ => {}
                    }
                }
            }
        }
        self.word(&word);
    }

    fn word(&mut self, word: &str) {
        if !word.is_empty() {
            let span = self.push(word);
            self.tokens.push(Token::Word(span));
        }
    }

    /// The same one many times over counts once.
    fn emoji(&mut self, emoji: char) {
        let mut buffer = [0; 4];
        let emoji: &str = emoji.encode_utf8(&mut buffer);
        if let Some(Token::Emoji(last)) = self.tokens.last()
            && self.slice(*last) == emoji
        {
            return;
        }
        let span = self.push(emoji);
        self.tokens.push(Token::Emoji(span));
    }

    fn push(&mut self, text: &str) -> Span {
        if !self.folded.is_empty() {
            self.folded.push(' ');
        }
        let start = self.folded.len();
        self.folded.push_str(text);
        Span {
            start,
            end: self.folded.len(),
        }
    }

    fn stop(&mut self, stop: Token) {
        if matches!(self.tokens.last(), Some(Token::Word(_) | Token::Emoji(_))) {
            self.tokens.push(stop);
        }
    }
}

impl From<Span> for Range<usize> {
    fn from(span: Span) -> Self {
        span.start..span.end
    }
}

/// Of a letter written many times over, "buenisimooooo", three stay; [`super::lexicon::Lexicon::word`] knows.
fn push_letter(word: &mut String, c: char) {
    let drawn = c.is_alphabetic() && word.chars().rev().take_while(|before| *before == c).take(3).count() == 3;
    if !drawn {
        word.push(c);
    }
}

/// Links and e-mail addresses are nobody's mood.
fn is_address(chunk: &str) -> bool {
    chunk.contains("://") || chunk.starts_with("www.") || chunk.contains('@')
}
