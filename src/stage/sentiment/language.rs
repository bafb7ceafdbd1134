//! The language of a text: as the export says it, else by its commonest words.

use crate::stage::reason::plain;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Spanish,
    English,
    Portuguese,
}

impl Language {
    /// ISO 639-1.
    pub fn code(self) -> &'static str {
        match self {
            Self::Spanish => "es",
            Self::English => "en",
            Self::Portuguese => "pt",
        }
    }
}

/// What an export says of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stated {
    Known(Language),
    /// One without word lists.
    Other,
    Unknown,
}

/// Reads codes with or without a region, and names.
pub(super) fn stated(text: &str) -> Stated {
    let text: String = text.to_lowercase().chars().map(plain).collect();
    let first = text.split(|c: char| !c.is_alphanumeric()).find(|part| !part.is_empty());
    match first.unwrap_or_default() {
        "es" | "spa" | "spanish" | "espanol" | "castellano" | "espanhol" => Stated::Known(Language::Spanish),
        "en" | "eng" | "english" | "ingles" => Stated::Known(Language::English),
        "pt" | "por" | "portuguese" | "portugues" | "brazilian" => Stated::Known(Language::Portuguese),
        "" | "und" | "mul" | "unknown" | "none" | "null" | "n" => Stated::Unknown,
        _ => Stated::Other,
    }
}

/// Common words that only one of the three has.
const SPANISH: &[&str] = &[
    "el", "la", "los", "las", "un", "una", "y", "en", "es", "del", "al", "lo", "le", "les", "pero", "muy", "mi", "mis",
    "su", "con", "hasta", "donde", "cuando", "porque", "ha", "he", "han", "hay", "esta", "estoy", "hola", "gracias",
    "pedido", "quiero", "puedo", "tengo", "yo", "ya", "sin", "ni", "hace", "todavia", "nada", "llego", "ustedes",
    "hoy",
];
const ENGLISH: &[&str] = &[
    "the", "and", "is", "it", "to", "of", "my", "you", "your", "for", "was", "not", "have", "has", "this", "that",
    "with", "but", "are", "i", "im", "its", "on", "in", "what", "when", "where", "how", "can", "will", "would",
    "order", "very", "been", "from", "they", "we", "be", "been", "did", "does", "do", "am", "please", "thanks", "hi",
    "hello", "at",
];
const PORTUGUESE: &[&str] = &[
    "o",
    "os",
    "um",
    "uma",
    "e",
    "em",
    "do",
    "da",
    "dos",
    "das",
    "no",
    "na",
    "nos",
    "nas",
    "ao",
    "pelo",
    "pela",
    "nao",
    "muito",
    "meu",
    "minha",
    "com",
    "mas",
    "ainda",
    "voces",
    "voce",
    "obrigado",
    "obrigada",
    "ja",
    "quero",
    "tenho",
    "foi",
    "esta",
    "sao",
    "onde",
    "quando",
    "ola",
    "oi",
    "eu",
    "recebi",
    "chegou",
    "encomenda",
    "ate",
    "sem",
    "isso",
];

/// The language with most of its common words; none where two have as many.
pub(super) fn guess<'t>(words: impl Iterator<Item = &'t str>) -> Option<Language> {
    let mut hits = [0_usize; 3];
    for word in words {
        for (hits, list) in hits.iter_mut().zip([SPANISH, ENGLISH, PORTUGUESE]) {
            *hits += usize::from(list.contains(&word));
        }
    }
    let [spanish, english, portuguese] = hits;
    if spanish > english.max(portuguese) {
        Some(Language::Spanish)
    } else if english > spanish.max(portuguese) {
        Some(Language::English)
    } else if portuguese > spanish.max(english) {
        Some(Language::Portuguese)
    } else {
        None
    }
}
