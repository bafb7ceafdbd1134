//! Contact reasons: why a customer wrote, from tags and subject.

use serde::Deserialize;

/// A rule: its reason applies if one of the tags is there, or one of the words stands in the subject.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReasonRule {
    pub reason: String,
    pub tags: Vec<String>,
    /// Words or phrases, found at word borders whatever case and accents.
    pub words: Vec<String>,
}

/// The reason of a ticket that fits no rule.
pub const OTHER: &str = "other";

/// The rules of a job that gives none: Spanish, English and Portuguese.
pub fn default_rules() -> Vec<ReasonRule> {
    const RULES: &[(&str, &[&str], &[&str])] = &[
        (
            "cancel",
            &["cancel", "cancellation"],
            &["cancel", "cancelar", "cancelacion", "anular", "cancelamento"],
        ),
        (
            "damaged",
            &["damaged", "broken", "defective"],
            &[
                "damaged",
                "broken",
                "defective",
                "faulty",
                "roto",
                "rota",
                "danado",
                "defectuoso",
                "quebrado",
                "avariado",
                "com defeito",
            ],
        ),
        (
            "exchange",
            &["exchange", "size"],
            &[
                "exchange",
                "wrong size",
                "different size",
                "swap",
                "cambio",
                "cambiar",
                "otra talla",
                "troca",
                "trocar",
            ],
        ),
        (
            "refund",
            &["refund"],
            &[
                "refund",
                "money back",
                "reembolso",
                "devolucion del dinero",
                "reintegro",
                "estorno",
            ],
        ),
        (
            "return",
            &["return", "returns"],
            &["return", "returns", "send back", "devolver", "devolucion", "devolucao"],
        ),
        ("warranty", &["warranty"], &["warranty", "guarantee", "garantia"]),
        (
            "wismo",
            &["wismo", "shipping", "delivery", "tracking"],
            &[
                "where is my order",
                "where is my package",
                "tracking",
                "track",
                "delivery",
                "not arrived",
                "not received",
                "shipment",
                "donde esta mi pedido",
                "seguimiento",
                "envio",
                "entrega",
                "no ha llegado",
                "no llega",
                "onde esta",
                "rastreio",
                "nao chegou",
            ],
        ),
        (
            "payment",
            &["payment", "billing", "invoice"],
            &[
                "payment",
                "charged",
                "invoice",
                "billing",
                "pago",
                "cobro",
                "factura",
                "pagamento",
                "fatura",
                "cobranca",
            ],
        ),
        (
            "stock",
            &["stock", "restock"],
            &[
                "stock",
                "restock",
                "back in stock",
                "disponible",
                "disponibilidad",
                "estoque",
                "disponivel",
            ],
        ),
        (
            "presales",
            &["presales", "presale", "discount"],
            &[
                "discount",
                "coupon",
                "promo code",
                "voucher",
                "descuento",
                "cupon",
                "desconto",
                "cupom",
                "preventa",
            ],
        ),
        (
            "account",
            &["account", "login"],
            &[
                "password",
                "login",
                "log in",
                "contrasena",
                "mi cuenta",
                "senha",
                "minha conta",
            ],
        ),
        (
            "product_question",
            &["product", "product_question"],
            &[
                "size guide",
                "product",
                "how to",
                "producto",
                "talla",
                "medidas",
                "produto",
                "tamanho",
                "como usar",
            ],
        ),
    ];
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    RULES
        .iter()
        .map(|(reason, tags, words)| ReasonRule {
            reason: (*reason).to_owned(),
            tags: owned(tags),
            words: owned(words),
        })
        .collect()
}

/// Rules made ready for many tickets.
#[derive(Debug, Clone)]
pub struct Reasons(Vec<ReasonRule>);

impl Reasons {
    pub fn new(rules: &[ReasonRule]) -> Self {
        let plain = |words: &[String]| words.iter().map(|word| words_of(word)).collect();
        let ready = rules.iter().map(|rule| ReasonRule {
            reason: rule.reason.trim().to_lowercase(),
            tags: rule.tags.iter().map(|tag| tag.trim().to_lowercase()).collect(),
            words: plain(&rule.words),
        });
        Self(ready.collect())
    }

    /// The first rule with one of the tags; else the first with a word of the subject; else [`OTHER`].
    pub fn reason<'s>(&'s self, tags: &[String], subject: &str) -> &'s str {
        let tagged = self.0.iter().find(|rule| {
            rule.tags
                .iter()
                .any(|wanted| tags.iter().any(|tag| tag.trim().to_lowercase() == *wanted))
        });
        if let Some(rule) = tagged {
            return &rule.reason;
        }
        let subject = words_of(subject);
        let spoken = self
            .0
            .iter()
            .find(|rule| rule.words.iter().any(|word| subject.contains(word.as_str())));
        spoken.map_or(OTHER, |rule| &rule.reason)
    }
}

/// ` word word `: lower case without accents, one space around every word, so that a search for ` word ` hits borders.
fn words_of(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(' ');
    for c in text.chars().flat_map(char::to_lowercase).map(plain) {
        // Combining accents vanish; anything else that is no letter or digit is a border.
        if matches!(c, '\u{300}'..='\u{36f}') {
            continue;
        }
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    if !out.ends_with(' ') {
        out.push(' ');
    }
    out
}

/// A lower case letter without its accent.
pub(super) fn plain(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(tags: &[&str], subject: &str) -> String {
        let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
        Reasons::new(&default_rules()).reason(&tags, subject).to_owned()
    }

    #[test]
    fn tags_come_before_words() {
        assert_eq!(reason(&["vip", "WISMO"], "Please cancel"), "wismo");
        assert_eq!(reason(&["vip"], "Please cancel my order"), "cancel");
        assert_eq!(reason(&[], "Hello"), "other");
    }

    #[test]
    fn words_ignore_case_accents_and_punctuation() {
        assert_eq!(reason(&[], "¿DÓNDE ESTÁ mi pedido?"), "wismo");
        assert_eq!(reason(&[], "Devolução"), "return");
        assert_eq!(reason(&[], "Re: [garantía] zapatos"), "warranty");
        assert_eq!(reason(&[], "Money-back please"), "refund");
        assert_eq!(reason(&[], "overstocked"), "other");
    }
}
