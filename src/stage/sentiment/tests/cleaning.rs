use super::super::clean::own_words;

#[test]
fn quoted_lines_and_what_follows_a_reply_heading_are_left_out() {
    assert_eq!(own_words("Gracias\n> horrible\n>> peor"), "Gracias\n");
    for heading in [
        "On Mon, 3 Mar 2025 at 10:15, Shop <help@shop.example> wrote:",
        "El lun, 3 mar 2025 a las 10:15, Tienda escribió:",
        "Em seg., 3 de mar. de 2025 às 10:15, Loja escreveu:",
        "El lun, 3 mar 2025 a las 10:15, Tienda\n<ayuda@tienda.example> escribió:",
        "-----Original Message-----",
        "----- Mensaje original -----",
        "De: Tienda\nEnviado: lunes, 3 de marzo",
        "*From:* Shop\n*Sent:* Monday",
        "##- Please type your reply above this line -##",
        "--",
    ] {
        assert_eq!(
            own_words(&format!("Bien\n\n{heading}\n\nmala respuesta\n")),
            "Bien\n",
            "{heading}"
        );
    }
}

#[test]
fn an_answer_below_a_marked_quote_stays() {
    let text = "El 3 de marzo, Tienda escribió:\n> ¿Llegó?\n> Saludos\n\nSí, perfecto";
    assert_eq!(own_words(text), "Sí, perfecto\n");
}

#[test]
fn a_line_that_only_looks_like_a_heading_stays() {
    assert_eq!(own_words("On time\nas you wrote: bad"), "On time\nas you wrote: bad\n");
    assert_eq!(own_words("De: mesa\nA: silla"), "De: mesa\nA: silla\n");
}

#[test]
fn signatures_of_phones_are_left_out() {
    assert_eq!(own_words("Roto\nEnviado desde mi iPhone"), "Roto\n");
    assert_eq!(own_words("Broken\nSent from my Galaxy"), "Broken\n");
}

#[test]
fn wrapped_lines_are_one_sentence() {
    let long = "Buenos días, les escribo porque la mesa que compré en marzo no";
    assert_eq!(
        own_words(&format!("{long}\nllegó\nbien")),
        format!("{long} llegó\nbien\n")
    );
}

#[test]
fn markup_goes_and_blocks_end_a_line() {
    assert_eq!(own_words("<p>No</p><p>per<b>fect</b>o</p>"), "No\nperfecto\n");
    assert_eq!(own_words("a<br/>b<BR>c"), "a\nb\nc\n");
    assert_eq!(
        own_words("Bien<blockquote type=\"cite\">mal <blockquote>peor</blockquote></blockquote>, gracias"),
        "Bien\n, gracias\n"
    );
    assert_eq!(own_words("<style>p { color: bad }</style>Bien"), "Bien\n");
    assert_eq!(own_words("I <3 it, 1 < 2 <b"), "I <3 it, 1 < 2 <b\n");
}

#[test]
fn entities_are_read() {
    assert_eq!(
        own_words("Lleg&oacute; r&#225;pido &#x1F44D; A&amp;B &lt;3&nbsp;&hellip;"),
        "Llego rápido 👍 A&B <3 …\n"
    );
    assert_eq!(
        own_words("a & b &; &nope; &#xffffffff; &"),
        "a & b &; &nope; &#xffffffff; &\n"
    );
    assert_eq!(own_words("&gt; quoted\nmine"), "mine\n");
}
