//! What customers and agents write to each other, and what customers say of it, in three languages.

use super::words::Language;

/// How somebody feels about a parcel or a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Happy,
    Neutral,
    Angry,
}

impl Mood {
    /// The mood behind a score: the top fifth of the scale is happy, the lower half angry.
    pub fn of(score: i64, top: i64) -> Self {
        match score * 10 / top {
            8.. => Mood::Happy,
            6..8 => Mood::Neutral,
            _ => Mood::Angry,
        }
    }
}

/// Comments in surveys and reviews.
pub fn comment(language: Language, mood: Mood) -> &'static [&'static str] {
    use Language::{English, Portuguese, Spanish};
    match (language, mood) {
        (Spanish, Mood::Happy) => &[
            "Muy rápido y muy amables, ¡gracias! 😊",
            "Llegó antes de lo previsto y la calidad es excelente.",
            "Me encanta, volveré a comprar seguro.",
            "Un trato estupendo, me lo solucionaron en una hora",
            "Perfecto, tal como en la foto 👍",
        ],
        (Spanish, Mood::Neutral) => &[
            "Está bien, sin más.",
            "El producto correcto, el envío tardó lo que decía.",
            "La talla es un poco pequeña",
            "Bien, aunque la caja venía abierta.",
        ],
        (Spanish, Mood::Angry) => &[
            "Llegó tarde y roto, una vergüenza 😡",
            "Nadie responde a mis correos, pésima atención.",
            "No volveré a comprar aquí: el peor servicio que he tenido",
            "Me han cobrado dos veces y sigo sin solución",
            "Muy decepcionada, la tela es malísima.",
        ],
        (Portuguese, Mood::Happy) => &[
            "Entrega rápida e atendimento excelente, obrigado!",
            "Adorei, recomendo a todos ❤️",
            "Muito bom, resolveram tudo num instante.",
        ],
        (Portuguese, Mood::Neutral) => &[
            "Normal, nada de especial.",
            "O produto é como na fotografia.",
            "A cor é diferente, mas serve.",
        ],
        (Portuguese, Mood::Angry) => &[
            "Péssimo serviço, a encomenda nunca chegou.",
            "Chegou estragado e ninguém me ajuda 😠",
            "Não recebi o reembolso, estou muito desiludida.",
        ],
        (English, Mood::Happy) => &[
            "Great service, very friendly and fast. Thank you!",
            "I love it, excellent quality.",
            "Sorted out in minutes, really happy 😊",
        ],
        (English, Mood::Neutral) => &[
            "It is fine, nothing special.",
            "As described, delivered in the time stated.",
            "OK, the size runs a bit small",
        ],
        (English, Mood::Angry) => &[
            "Terrible: it arrived broken and nobody answers.",
            "Still waiting for my refund, very disappointed 😡",
            "Worst delivery ever, I will not buy here again.",
        ],
    }
}

/// What a customer writes first.
pub fn opening(language: Language) -> &'static [&'static str] {
    match language {
        Language::Spanish => &[
            "Hola, buenos días: os escribo por lo del asunto. ¡Gracias!",
            "Buenas, ¿me podéis ayudar? Lo necesito esta semana.",
            "Hola:\nMe dijeron \"24 horas\" y sigo esperando.",
            "Estoy muy enfadada, es la segunda vez que me pasa 😡",
            "Hola, me encanta vuestra tienda y quería preguntaros una cosa.",
            "No sé qué hacer, nadie me contesta al teléfono.",
        ],
        Language::Portuguese => &[
            "Olá, podem ajudar-me com isto? Obrigado.",
            "Boa tarde, preciso de uma resposta.",
            "É uma vergonha, ninguém responde.",
            "Olá! Adoro os vossos produtos, tenho só uma dúvida.",
        ],
        Language::English => &[
            "Hello, could you help me with this, please?",
            "Hi, I need an answer this week. Thanks",
            "This is the second time it goes wrong, I am really annoyed.",
            "Hi there, lovely shop! One quick question.",
        ],
    }
}

/// What a customer answers; the first of them is neither glad nor cross.
pub fn follow_ups(language: Language) -> &'static [&'static str] {
    match language {
        Language::Spanish => &[
            "Adjunto la foto 📷",
            "Gracias, pero sigo sin respuesta",
            "Vale, el pedido es el que os dije, \"el azul\"",
            "Perfecto, muchas gracias, sois muy amables",
            "Esto es inaceptable, quiero mi dinero ya",
            "De acuerdo, espero vuestra respuesta.",
        ],
        Language::Portuguese => &[
            "Envio a fotografia em anexo 📷",
            "Obrigada, mas continuo sem resposta",
            "Perfeito, muito obrigado pela ajuda!",
            "Isto é inaceitável, quero o meu dinheiro",
            "De acordo, fico à espera.",
        ],
        Language::English => &[
            "Please find the photo attached 📷",
            "Any news?",
            "Perfect, thank you so much for your help!",
            "This is unacceptable, I want my money back",
            "All right, it is the blue one.",
        ],
    }
}

/// What a customer writes when a solved ticket was none.
pub fn not_solved(language: Language) -> &'static str {
    match language {
        Language::Spanish => "Sigue sin estar resuelto",
        Language::Portuguese => "Continua por resolver, não recebi nada",
        Language::English => "It is still not solved",
    }
}

pub fn agent_opening(language: Language) -> &'static str {
    match language {
        Language::Spanish => "Hola, te escribimos nosotros: hay una incidencia con tu pedido. ¿Cómo prefieres seguir?",
        Language::Portuguese => "Olá, escrevemos nós: há um problema com a sua encomenda. Como prefere continuar?",
        Language::English => "Hello, there is a problem with your order. How would you like to go on?",
    }
}

/// What an agent replies.
pub fn replies(language: Language) -> &'static [&'static str] {
    match language {
        Language::Spanish => &[
            "Hola, gracias por escribirnos. Lo revisamos y te decimos algo.",
            "¡Hola! Ya está solucionado: te llegará un correo con los detalles.",
            "Hemos abierto una incidencia con el transportista, tarda 24-48 h.",
            "Sentimos mucho las molestias. Te enviamos otro mañana mismo.",
        ],
        Language::Portuguese => &[
            "Olá, obrigado pelo contacto. Já tratámos do assunto.",
            "Lamentamos o sucedido. Enviamos outro amanhã.",
        ],
        Language::English => &[
            "Thanks for your message. It is sorted out now; let us know if not.",
            "We are sorry about that. Another one is on its way.",
        ],
    }
}
