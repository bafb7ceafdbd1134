//! Path patterns of sources: globs with a date in them.
//!
//! A pattern is matched against whole paths, as text, and a path never becomes part of a pattern: names of delivered
//! files cannot widen what a run reads.

use chrono::{Datelike, NaiveDate};

/// A compiled path pattern: `s3://bucket/zendesk/{date}/*.jsonl.gz`, `exports/**/orders-{date:%Y%m%d}.csv`.
///
/// `{date}` is `YYYY-MM-DD`, `{date:FORMAT}` takes `%Y %m %d %H %M %S`; `*` and `?` stop at a slash, `**` does not,
/// `[a-z]` and `[!a]` are classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    tokens: Vec<Token>,
}

/// A path that fits, and the date in it if the pattern has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    pub date: Option<NaiveDate>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Char(char),
    AnyChar,
    Star,
    DoubleStar,
    /// `**/`: any number of whole folders, also none.
    Folders,
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
    Digits {
        part: DatePart,
        width: usize,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DatePart {
    Year,
    Month,
    Day,
    Time,
}

#[derive(Clone, Copy, Default)]
struct Found {
    year: Option<u32>,
    month: Option<u32>,
    day: Option<u32>,
}

/// Steps one match may take; only a pattern of many stars against a long path gets near it.
const STEP_LIMIT: u32 = 200_000;

impl Pattern {
    /// Compiles a pattern. Errors say what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let text = text
            .strip_prefix("file://")
            .or_else(|| text.strip_prefix("./"))
            .unwrap_or(text);
        if text.is_empty() {
            return Err("the path is empty".into());
        }
        let chars: Vec<char> = text.chars().collect();
        let mut tokens = Vec::new();
        let mut at = 0;
        while let Some(&c) = chars.get(at) {
            at = match c {
                '*' if chars.get(at + 1) == Some(&'*') => {
                    // `a/**/b` also means `a/b`: the slash after the stars belongs to them.
                    let slash_before = at == 0 || chars.get(at - 1) == Some(&'/');
                    let folders = slash_before && chars.get(at + 2) == Some(&'/');
                    tokens.push(if folders { Token::Folders } else { Token::DoubleStar });
                    at + if folders { 3 } else { 2 }
                }
                '*' => {
                    tokens.push(Token::Star);
                    at + 1
                }
                '?' => {
                    tokens.push(Token::AnyChar);
                    at + 1
                }
                '[' => parse_class(&chars, at, &mut tokens)?,
                '{' => parse_date(&chars, at, &mut tokens)?,
                '}' => return Err("a `}` without `{`".into()),
                c => {
                    tokens.push(Token::Char(c));
                    at + 1
                }
            };
        }
        let pattern = Self {
            text: text.to_owned(),
            tokens,
        };
        pattern.check_date()?;
        Ok(pattern)
    }

    fn check_date(&self) -> Result<(), String> {
        let has = |wanted| {
            self.tokens
                .iter()
                .any(|t| matches!(t, Token::Digits { part, .. } if *part == wanted))
        };
        let parts = [has(DatePart::Year), has(DatePart::Month), has(DatePart::Day)];
        if parts.contains(&true) && parts.contains(&false) || has(DatePart::Time) && !parts[0] {
            return Err("the date in the path needs a year (%Y), a month (%m) and a day (%d)".into());
        }
        Ok(())
    }

    /// The pattern as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether paths of this pattern carry a date.
    pub fn has_date(&self) -> bool {
        self.tokens.iter().any(|token| matches!(token, Token::Digits { .. }))
    }

    /// Whether the pattern names exactly one path.
    pub fn is_literal(&self) -> bool {
        self.tokens.iter().all(|token| matches!(token, Token::Char(_)))
    }

    /// Matches a whole path. A date that does not exist is no match.
    pub fn matches(&self, path: &str) -> Option<Match> {
        let chars: Vec<char> = path.chars().collect();
        let mut steps = 0;
        let found = walk(&self.tokens, &chars, Found::default(), &mut steps)?;
        if !self.has_date() {
            return Some(Match { date: None });
        }
        let date = found.date()?;
        Some(Match { date: Some(date) })
    }

    /// The longest start of the pattern without wildcards that ends at a slash (or is empty): what to list.
    /// A pattern without wildcards gives its folder.
    pub fn literal_prefix(&self) -> String {
        self.prefix(None)
    }

    /// As [`literal_prefix`](Self::literal_prefix), with the date filled in: what to list for one day.
    pub fn prefix_for(&self, date: NaiveDate) -> String {
        self.prefix(Some(date))
    }

    fn prefix(&self, date: Option<NaiveDate>) -> String {
        let mut prefix = String::new();
        for token in &self.tokens {
            match (token, date) {
                (Token::Char(c), _) => prefix.push(*c),
                (Token::Digits { part, width }, Some(date)) => {
                    let number = match part {
                        DatePart::Year => i64::from(date.year()),
                        DatePart::Month => i64::from(date.month()),
                        DatePart::Day => i64::from(date.day()),
                        DatePart::Time => break,
                    };
                    let width = *width;
                    prefix.push_str(&format!("{number:0width$}"));
                }
                _ => break,
            }
        }
        prefix.truncate(prefix.rfind('/').map_or(0, |slash| slash + 1));
        prefix
    }
}

impl Found {
    /// Adds a part; `None` if the path says something else elsewhere.
    fn with(mut self, part: DatePart, number: u32) -> Option<Self> {
        let slot = match part {
            DatePart::Year => &mut self.year,
            DatePart::Month => &mut self.month,
            DatePart::Day => &mut self.day,
            DatePart::Time => return Some(self),
        };
        if slot.is_some_and(|known| known != number) {
            return None;
        }
        *slot = Some(number);
        Some(self)
    }

    fn date(self) -> Option<NaiveDate> {
        let year = i32::try_from(self.year?).ok()?;
        NaiveDate::from_ymd_opt(year, self.month?, self.day?)
    }
}

fn walk(tokens: &[Token], path: &[char], found: Found, steps: &mut u32) -> Option<Found> {
    *steps += 1;
    if *steps > STEP_LIMIT {
        return None;
    }
    let Some((token, rest)) = tokens.split_first() else {
        return path.is_empty().then_some(found);
    };
    match token {
        Token::Star | Token::DoubleStar | Token::Folders => {
            for taken in 0..=path.len() {
                let before = taken.checked_sub(1).and_then(|i| path.get(i));
                let at_slash = before == Some(&'/');
                if at_slash && *token == Token::Star {
                    return None;
                }
                if *token == Token::Folders && taken > 0 && !at_slash {
                    continue;
                }
                if let Some(found) = walk(rest, path.get(taken..)?, found, steps) {
                    return Some(found);
                }
            }
            None
        }
        Token::Digits { part, width } => {
            let digits = path.get(..*width)?;
            let mut number = 0;
            for digit in digits {
                number = number * 10 + digit.to_digit(10)?;
            }
            let found = found.with(*part, number)?;
            walk(rest, path.get(*width..)?, found, steps)
        }
        single => {
            let (&c, after) = path.split_first()?;
            let fits = match single {
                Token::Char(wanted) => *wanted == c,
                Token::AnyChar => c != '/',
                Token::Class { negated, ranges } => {
                    c != '/' && *negated != ranges.iter().any(|(low, high)| (*low..=*high).contains(&c))
                }
                _ => false,
            };
            if fits { walk(rest, after, found, steps) } else { None }
        }
    }
}

/// Reads `[a-z]`, `[!abc]`; gives the position behind it.
fn parse_class(chars: &[char], open: usize, tokens: &mut Vec<Token>) -> Result<usize, String> {
    let mut at = open + 1;
    let negated = matches!(chars.get(at), Some('!' | '^'));
    if negated {
        at += 1;
    }
    let first = at;
    let mut ranges = Vec::new();
    loop {
        match chars.get(at) {
            None => return Err("a `[` without `]`".into()),
            Some(']') if at > first => break,
            Some(&low) => match (chars.get(at + 1), chars.get(at + 2)) {
                (Some('-'), Some(&high)) if high != ']' => {
                    ranges.push((low, high));
                    at += 3;
                }
                _ => {
                    ranges.push((low, low));
                    at += 1;
                }
            },
        }
    }
    tokens.push(Token::Class { negated, ranges });
    Ok(at + 1)
}

/// Reads `{date}` or `{date:FORMAT}`; gives the position behind it.
fn parse_date(chars: &[char], open: usize, tokens: &mut Vec<Token>) -> Result<usize, String> {
    let close = (open..chars.len())
        .find(|at| chars.get(*at) == Some(&'}'))
        .ok_or("a `{` without `}`")?;
    let inside: String = chars.get(open + 1..close).unwrap_or_default().iter().collect();
    let format = match inside.split_once(':') {
        None if inside == "date" => "%Y-%m-%d",
        Some(("date", format)) => format,
        _ => {
            return Err(format!(
                "`{{{inside}}}` is not known; write {{date}} or {{date:%Y%m%d}}"
            ));
        }
    };
    let mut format_chars = format.chars();
    while let Some(c) = format_chars.next() {
        if c != '%' {
            tokens.push(Token::Char(c));
            continue;
        }
        let (part, width) = match format_chars.next() {
            Some('Y') => (DatePart::Year, 4),
            Some('m') => (DatePart::Month, 2),
            Some('d') => (DatePart::Day, 2),
            Some('H' | 'M' | 'S') => (DatePart::Time, 2),
            other => {
                let other = other.map(String::from).unwrap_or_default();
                return Err(format!(
                    "`%{other}` is not known in a path's date; use %Y %m %d %H %M %S"
                ));
            }
        };
        tokens.push(Token::Digits { part, width });
    }
    Ok(close + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn found(pattern: &str, path: &str) -> Option<Option<NaiveDate>> {
        Pattern::parse(pattern).unwrap().matches(path).map(|m| m.date)
    }

    #[test]
    fn a_date_is_read_from_the_path() {
        let pattern = "s3://lake/zendesk/{date}/*.jsonl.gz";
        let day = Some(Some(date("2026-01-31")));
        assert_eq!(found(pattern, "s3://lake/zendesk/2026-01-31/tickets.jsonl.gz"), day);
        assert_eq!(found(pattern, "s3://lake/zendesk/2026-02-30/tickets.jsonl.gz"), None);
        assert_eq!(found(pattern, "s3://lake/zendesk/2026-01-31/a/b.jsonl.gz"), None);
        assert_eq!(found("x/{date:%Y/%m/%d}/o.csv", "x/2026/01/31/o.csv"), day);
        assert_eq!(found("x/*-{date:%Y%m%d}.csv", "x/a-b-20260131.csv"), day);
    }

    #[test]
    fn parts_of_a_date_that_contradict_each_other_do_not_match() {
        let pattern = "dt={date}/orders-{date:%Y%m%d}.csv";
        assert!(found(pattern, "dt=2026-01-31/orders-20260131.csv").is_some());
        assert!(found(pattern, "dt=2026-01-31/orders-20260201.csv").is_none());
    }

    #[test]
    fn wildcards_stop_at_slashes_unless_doubled() {
        assert!(found("a/*.csv", "a/b.csv").is_some());
        assert!(found("a/*.csv", "a/b/c.csv").is_none());
        assert!(found("a/**/*.csv", "a/b/c.csv").is_some());
        assert!(found("a/**/*.csv", "a/c.csv").is_some());
        assert!(found("a/**/x.csv", "a/bx.csv").is_none());
        assert!(found("a/?[0-9].csv", "a/x7.csv").is_some());
        assert!(found("a/?[!0-9].csv", "a/x7.csv").is_none());
        assert!(found("a.csv", "a_csv").is_none());
    }

    #[test]
    fn listing_starts_at_the_longest_fixed_folder() {
        let pattern = Pattern::parse("s3://lake/zd/dt={date}/part-*.jsonl").unwrap();
        assert_eq!(pattern.literal_prefix(), "s3://lake/zd/");
        assert_eq!(pattern.prefix_for(date("2026-01-05")), "s3://lake/zd/dt=2026-01-05/");
        assert_eq!(Pattern::parse("orders.csv").unwrap().literal_prefix(), "");
        assert_eq!(Pattern::parse("./in/orders.csv").unwrap().literal_prefix(), "in/");
    }

    #[test]
    fn wrong_patterns_are_refused() {
        for wrong in ["", "a/{day}.csv", "a/{date:%Y}.csv", "a/{date", "a/[b", "a/{date:%q}"] {
            assert!(Pattern::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn many_stars_end_in_time() {
        let pattern = Pattern::parse(&"*a".repeat(30)).unwrap();
        assert!(pattern.matches(&"a".repeat(200).replace("aaaa", "aaab")).is_none());
    }
}
