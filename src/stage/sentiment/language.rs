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

/// Common words that only one of the three has, without accents.
const SPANISH: &[&str] = &[
    "al", "asi", "aun", "ayer", "bien", "buena", "bueno", "calidad", "con", "cuando", "del", "despues", "dia",
    "dinero", "donde", "el", "ella", "ellos", "en", "envian", "es", "eso", "esto", "estoy", "fue", "fueron", "gracias",
    "gusto", "ha", "hace", "hacen", "hasta", "hay", "hice", "hola", "hoy", "la", "las", "le", "les", "llego", "lo",
    "los", "manana", "mas", "mejor", "mi", "mis", "muy", "nadie", "ni", "nos", "otra", "otro", "pero", "porque",
    "precio", "producto", "puede", "pueden", "puedo", "quiero", "sigo", "sin", "son", "su", "sus", "talla", "tengo",
    "tiempo", "tiene", "tienen", "tienda", "todavia", "un", "una", "unos", "usted", "ustedes", "vez", "y", "ya", "yo",
];
const ENGLISH: &[&str] = &[
    "about", "after", "again", "am", "and", "any", "are", "at", "be", "been", "but", "can", "did", "does", "dont",
    "ever", "for", "from", "get", "got", "had", "has", "have", "hello", "hi", "how", "i", "if", "im", "in", "is", "it",
    "its", "ive", "just", "like", "my", "not", "of", "on", "order", "out", "please", "so", "thank", "thanks", "that",
    "the", "there", "they", "this", "to", "very", "was", "we", "what", "when", "where", "which", "will", "with",
    "would", "you", "your",
];
const PORTUGUESE: &[&str] = &[
    "agora",
    "ainda",
    "ao",
    "aos",
    "ate",
    "atendimento",
    "bem",
    "chegou",
    "com",
    "da",
    "das",
    "dinheiro",
    "do",
    "e",
    "ela",
    "ele",
    "em",
    "encomenda",
    "entao",
    "esta",
    "estou",
    "eu",
    "ficou",
    "fiz",
    "foi",
    "foram",
    "gostei",
    "ha",
    "isso",
    "isto",
    "ja",
    "loja",
    "mais",
    "mas",
    "melhor",
    "meu",
    "meus",
    "minha",
    "muito",
    "na",
    "nao",
    "nas",
    "nem",
    "num",
    "numa",
    "o",
    "obrigada",
    "obrigado",
    "oi",
    "ola",
    "onde",
    "os",
    "ou",
    "outra",
    "outro",
    "pela",
    "pelo",
    "pessoas",
    "pode",
    "podem",
    "pra",
    "preco",
    "produto",
    "qual",
    "qualidade",
    "quando",
    "quanto",
    "quero",
    "recebi",
    "sao",
    "sem",
    "seu",
    "so",
    "sua",
    "tem",
    "tenho",
    "tudo",
    "um",
    "uma",
    "veio",
    "vez",
    "voce",
    "voces",
];
/// Letters that only one of the three has.
const SPANISH_LETTERS: &[char] = &['ñ', 'Ñ', '¿', '¡'];
const PORTUGUESE_LETTERS: &[char] = &['ã', 'õ', 'ç', 'ê', 'ô', 'à', 'Ã', 'Õ', 'Ç', 'Ê', 'Ô', 'À'];

/// The language with most signs: its common words and its own letters. None where two have as many.
pub(super) fn guess<'t>(text: &str, words: impl Iterator<Item = &'t str>) -> Option<Language> {
    let letters = |own: &[char]| text.matches(own).count();
    let mut signs = [letters(SPANISH_LETTERS), 0, letters(PORTUGUESE_LETTERS)];
    for word in words {
        for (signs, list) in signs.iter_mut().zip([SPANISH, ENGLISH, PORTUGUESE]) {
            *signs += usize::from(list.contains(&word));
        }
    }
    let most = signs.iter().max()?;
    let languages = [Language::Spanish, Language::English, Language::Portuguese];
    let mut best = signs.iter().zip(languages).filter(|(signs, _)| *signs == most);
    match (best.next(), best.next()) {
        (Some((_, language)), None) => Some(language),
        _ => None,
    }
}
