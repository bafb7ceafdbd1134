//! What the shop sells and what people write, in Spanish, Portuguese and English.

use super::draw::Draw;

/// Title and price in cents. The place in the list is the product's number; the last one is the gift card.
pub const PRODUCTS: [(&str, i64); 24] = [
    ("Camiseta \"Brisa\", blanca", 1990),
    ("Camiseta \"Brisa\", negra", 1990),
    ("Sudadera Cantábrico", 4450),
    ("Pantalón de lino, beige", 5950),
    ("Falda plisada", 3990),
    ("Vestido Alborada", 6990),
    ("Chaqueta vaquera", 7995),
    ("Calcetines (pack de 3)", 990),
    ("Zapatillas Duna", 8900),
    ("Sandalias Faro", 4990),
    ("Bolso de mano, piel", 11050),
    ("Mochila 20 l", 5400),
    ("Gorra Ñandú", 1450),
    ("Bufanda de lana", 2400),
    ("Guantes táctiles", 1799),
    ("Cinturón 3,5 cm", 2250),
    ("Taza café 350 ml", 1290),
    ("Botella térmica 0,5 l", 2199),
    ("Manta de algodón", 3900),
    ("Vela aromática", 1450),
    ("Cuaderno A5; rayas", 890),
    ("Paraguas plegable", 1975),
    ("Gafas de sol Ola", 12900),
    ("Tarjeta regalo", 2500),
];

pub const GIFT_CARD: usize = PRODUCTS.len() - 1;

pub const FIRST_NAMES: [&str; 24] = [
    "Lucía", "Hugo", "María", "Martín", "Sofía", "Pablo", "Paula", "Daniel", "Carmen", "Álvaro", "Inés", "Íñigo",
    "João", "Beatriz", "Tiago", "Mariana", "Emma", "Louis", "Giulia", "Marco", "Anna", "Oliver", "Nerea", "Begoña",
];

pub const LAST_NAMES: [&str; 20] = [
    "García",
    "Fernández",
    "López",
    "Muñoz",
    "Núñez",
    "Ibáñez",
    "Ruiz",
    "Peña",
    "Castaño",
    "Vega",
    "O'Neill",
    "Silva",
    "Gonçalves",
    "Costa",
    "Dubois",
    "Rossi",
    "Keller",
    "Smith",
    "Etxeberria",
    "Puig",
];

/// City, postcode, country: as often as they stand here.
pub const PLACES: [(&str, &str, &str); 16] = [
    ("Madrid", "28004", "ES"),
    ("Madrid", "28013", "ES"),
    ("Barcelona", "08001", "ES"),
    ("Barcelona", "08024", "ES"),
    ("Sevilla", "41001", "ES"),
    ("València", "46002", "ES"),
    ("A Coruña", "15003", "ES"),
    ("Bilbao", "48005", "ES"),
    ("Málaga", "29015", "ES"),
    ("Zaragoza", "50001", "ES"),
    ("León", "24002", "ES"),
    ("Lisboa", "1100-148", "PT"),
    ("Porto", "4050-014", "PT"),
    ("Lyon", "69002", "FR"),
    ("Milano", "20121", "IT"),
    ("Dublin", "D02 X285", "IE"),
];

/// Why a customer writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Wismo,
    Return,
    Refund,
    Exchange,
    Warranty,
    Damaged,
    Payment,
    Product,
    Stock,
    Cancel,
    Presales,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Spanish,
    Portuguese,
    English,
}

impl Reason {
    pub fn tag(self) -> &'static str {
        match self {
            Self::Wismo => "wismo",
            Self::Return => "return",
            Self::Refund => "refund",
            Self::Exchange => "exchange",
            Self::Warranty => "warranty",
            Self::Damaged => "damaged",
            Self::Payment => "payment",
            Self::Product => "product",
            Self::Stock => "stock",
            Self::Cancel => "cancel",
            Self::Presales => "presales",
            Self::Other => "other",
        }
    }

    /// Zendesk's group (`groups.json`) that answers first.
    pub fn group(self) -> u64 {
        match self {
            Self::Return | Self::Refund | Self::Exchange => 3,
            Self::Warranty | Self::Damaged => 2,
            _ => 1,
        }
    }

    pub fn ticket_type(self) -> &'static str {
        match self {
            Self::Damaged | Self::Payment => "problem",
            Self::Wismo => "incident",
            _ => "question",
        }
    }

    fn subjects(self, language: Language) -> &'static [&'static str] {
        use Language::{English, Portuguese, Spanish};
        match (self, language) {
            (Self::Wismo, Spanish) => &["¿Dónde está mi pedido?", "Mi pedido no llega", "Seguimiento del envío"],
            (Self::Wismo, Portuguese) => &["Onde está a minha encomenda?", "A encomenda não chegou"],
            (Self::Wismo, English) => &["Where is my order?", "Order not delivered yet"],
            (Self::Return, Spanish) => &["Quiero hacer una devolución", "Devolver un artículo"],
            (Self::Return, Portuguese) => &["Quero devolver um artigo"],
            (Self::Return, English) => &["Return request"],
            (Self::Refund, Spanish) => &["No me ha llegado el reembolso", "¿Cuándo recibo el reembolso?"],
            (Self::Refund, Portuguese) => &["Reembolso não recebido"],
            (Self::Refund, English) => &["Refund not received"],
            (Self::Exchange, Spanish) => &["Cambio de talla", "Quiero cambiar el color"],
            (Self::Exchange, Portuguese) => &["Trocar de tamanho"],
            (Self::Exchange, English) => &["Wrong size, exchange please"],
            (Self::Warranty, Spanish) => &["Garantía: se ha roto", "Reclamación de garantía"],
            (Self::Warranty, Portuguese) => &["Pedido de garantia"],
            (Self::Warranty, English) => &["Warranty claim"],
            (Self::Damaged, Spanish) => &["Ha llegado roto", "Artículo defectuoso"],
            (Self::Damaged, Portuguese) => &["Artigo danificado"],
            (Self::Damaged, English) => &["Damaged item"],
            (Self::Payment, Spanish) => &["Error al pagar con tarjeta", "Me han cobrado dos veces"],
            (Self::Payment, Portuguese) => &["Erro no pagamento"],
            (Self::Payment, English) => &["Payment failed"],
            (Self::Product, Spanish) => &["Duda sobre el tejido", "¿Qué talla me recomendáis?"],
            (Self::Product, Portuguese) => &["Dúvida sobre o produto"],
            (Self::Product, English) => &["Question about a product"],
            (Self::Stock, Spanish) => &["¿Cuándo volvéis a tener existencias?", "Artículo agotado"],
            (Self::Stock, Portuguese) => &["Produto esgotado"],
            (Self::Stock, English) => &["Back in stock?"],
            (Self::Cancel, Spanish) => &["Cancelar mi pedido", "Anular pedido"],
            (Self::Cancel, Portuguese) => &["Cancelar a encomenda"],
            (Self::Cancel, English) => &["Cancel my order"],
            (Self::Presales, Spanish) => &["¿Hacéis envíos a Canarias?", "Código de descuento"],
            (Self::Presales, Portuguese) => &["Código de desconto"],
            (Self::Presales, English) => &["Discount code"],
            (Self::Other, Spanish) => &["Consulta", "Factura a nombre de empresa"],
            (Self::Other, Portuguese) => &["Outra questão"],
            (Self::Other, English) => &["Question"],
        }
    }
}

/// A subject; one in twenty-five has characters that break careless CSV and JSON writers.
pub fn subject(draw: &mut Draw, reason: Reason, language: Language, order: Option<&str>) -> String {
    let mut text = (*draw.pick(reason.subjects(language))).to_owned();
    if let Some(order) = order.filter(|_| draw.chance(350)) {
        text.push(' ');
        text.push_str(order);
    }
    if draw.chance(40) {
        text = match draw.below(5) {
            0 => format!("{text} 😡"),
            1 => format!("\"{text}\", urgente"),
            2 => format!("{text}\n(segunda vez)"),
            3 => format!("  {} ", text.to_uppercase()),
            _ => format!("{text}; gracias, un saludo 🙏\t"),
        };
    }
    text
}

pub const SPAM_SUBJECTS: [&str; 4] = [
    "Increase your SEO ranking NOW!!!",
    "Você ganhou um prémio 🎁",
    "Cheap watches, 90% off",
    "Invoice_8841.zip",
];

pub const NOTES: [&str; 3] = [
    "Nota interna: cliente habitual, prioridad",
    "Llamado al almacén; esperan respuesta",
    "Ver ticket anterior",
];

/// Notes on orders, for the CSV's quoting.
pub const ORDER_NOTES: [&str; 4] = [
    "Es un regalo 🎁, sin factura por favor",
    "Dejar en portería; llamar al \"2º B\"",
    "Horario:\nde 9 a 14 h",
    "Ring twice, then wait",
];
