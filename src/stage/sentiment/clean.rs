//! What the writer wrote: without markup, quoted replies and signatures. Every step reads the text once.

use super::tokens::folded;

/// Elements whose text is not the writer's.
const HIDDEN: &[&str] = &["blockquote", "head", "script", "style", "title"];
/// Elements that do not end a line.
const INLINE: &[&str] = &["a", "b", "em", "font", "i", "s", "small", "span", "strong", "u"];
/// Lines after which a mail client quotes.
const QUOTE_BEGINS: &[&str] = &[
    "original message",
    "mensaje original",
    "mensagem original",
    "forwarded message",
    "mensaje reenviado",
    "mensagem encaminhada",
];
const SENT_FROM: &[&str] = &[
    "sent from my",
    "enviado desde",
    "enviado do meu",
    "enviado a partir",
    "get outlook for",
    "obtener outlook",
    "obter o outlook",
];

/// Mail programs break lines near the 70th column: a line that long goes on in the next.
const WRAPPED_FROM: usize = 60;

pub(super) fn own_words(text: &str) -> String {
    without_quotes(&unescaped(&without_markup(text)))
}

fn without_markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut hidden = 0_usize;
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        let tag = tag(after);
        rest = tag.map_or(after, |(_, _, rest)| rest);
        if hidden == 0 {
            out.push_str(before);
            match tag {
                None => out.push('<'),
                Some((name, ..)) if is_one_of(INLINE, name) => {}
                Some(_) => out.push('\n'),
            }
        }
        if let Some((name, closes, _)) = tag
            && is_one_of(HIDDEN, name)
        {
            hidden = if closes { hidden.saturating_sub(1) } else { hidden + 1 };
        }
    }
    if hidden == 0 {
        out.push_str(rest);
    }
    out
}

/// Name, whether it closes, and what follows. "<3" is no tag, nor is "<" without a ">" before the next "<".
fn tag(after: &str) -> Option<(&str, bool, &str)> {
    let (closes, body) = match after.strip_prefix('/') {
        Some(body) => (true, body),
        None => (false, after),
    };
    if !body.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!') {
        return None;
    }
    let (inner, rest) = body.split_at(body.find(['<', '>'])?);
    let name = inner.split(|c: char| !c.is_ascii_alphanumeric()).next()?;
    Some((name, closes, rest.strip_prefix('>')?))
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// `&aacute;` becomes a: accents are folded away in any case.
fn unescaped(text: &str) -> String {
    const LONGEST: usize = 10;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let end = after.bytes().take(LONGEST).position(|byte| byte == b';');
        let name = end.and_then(|end| after.get(..end));
        match name.and_then(entity) {
            Some(c) => {
                out.push(c);
                rest = end.and_then(|end| after.get(end + 1..)).unwrap_or_default();
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return code.ok().and_then(char::from_u32);
    }
    match name {
        "amp" => return Some('&'),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "quot" => return Some('"'),
        "apos" | "lsquo" | "rsquo" => return Some('\''),
        "nbsp" => return Some(' '),
        "hellip" => return Some('…'),
        "iexcl" => return Some('¡'),
        "iquest" => return Some('¿'),
        _ => {}
    }
    let mut letters = name.chars();
    let letter = letters.next().filter(char::is_ascii_alphabetic)?;
    ["acute", "grave", "circ", "tilde", "uml", "cedil"]
        .contains(&letters.as_str())
        .then_some(letter)
}

/// Leaves out quoted lines, and everything from a quote's heading or a signature on.
fn without_quotes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    while let Some(line) = lines.next() {
        let plain = folded(line).collect::<String>();
        let next = lines.peek().copied().unwrap_or_default();
        let next_plain = folded(next).collect::<String>();
        let heads_quote = names_writer(&plain, &plain);
        if line == "--" || line.starts_with("##-") || is_divider(&plain) || is_mail_head(&plain, &next_plain) {
            break;
        }
        if heads_quote || names_writer(&plain, &next_plain) {
            if !heads_quote {
                lines.next();
            }
            // Where the quote is marked line by line, the answer may stand below it.
            if lines.peek().is_some_and(|next| next.starts_with('>')) {
                continue;
            }
            break;
        }
        if line.starts_with('>') || SENT_FROM.iter().any(|begin| plain.starts_with(begin)) {
            continue;
        }
        out.push_str(line);
        out.push(if line.len() < WRAPPED_FROM { '\n' } else { ' ' });
    }
    out
}

/// "On 3 March 2025 at 10:15, Ana wrote:", perhaps on two lines.
fn names_writer(line: &str, end: &str) -> bool {
    let begins = ["on ", "el ", "em "].iter().any(|begin| line.starts_with(begin));
    let ends = ["wrote:", "escribio:", "escreveu:"]
        .iter()
        .any(|verb| end.ends_with(verb));
    begins && ends && line.contains(|c: char| c.is_ascii_digit())
}

/// "-----Original Message-----"
fn is_divider(line: &str) -> bool {
    line.starts_with("--") && QUOTE_BEGINS.iter().any(|begin| line.contains(begin))
}

/// "From: ..", and "Sent: .." on the next line.
fn is_mail_head(line: &str, next: &str) -> bool {
    const SECOND: &[&str] = &[
        "sent:",
        "date:",
        "to:",
        "enviado:",
        "enviado el:",
        "enviada:",
        "fecha:",
        "data:",
        "para:",
    ];
    let [line, next] = [line, next].map(|line| line.trim_start_matches('*'));
    ["from:", "de:"].iter().any(|begin| line.starts_with(begin)) && SECOND.iter().any(|begin| next.starts_with(begin))
}
