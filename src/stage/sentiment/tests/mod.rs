//! Scores worked out by hand: x / (|x| + 4), where x is the sum of the weights.

mod accuracy;
mod cleaning;
mod hostile;
mod lists;

use super::*;

fn spanish(text: &str) -> i64 {
    score(text, Some("es")).unwrap().score_e4
}

fn english(text: &str) -> i64 {
    score(text, Some("en")).unwrap().score_e4
}

fn portuguese(text: &str) -> i64 {
    score(text, Some("pt")).unwrap().score_e4
}

#[test]
fn a_text_that_says_nothing_has_no_score() {
    for text in [
        "",
        " \n\t",
        " ... ?!",
        "10",
        "4/5",
        "—",
        "> gracias",
        "https://example.com/bad",
        "很好",
        "отлично",
    ] {
        assert_eq!(score(text, None), None, "{text:?}");
    }
}

#[test]
fn weights_add_up_and_are_squashed() {
    // 3.0 / 7.0, 2.0 / 6.0, 5.0 / 9.0, and -3.5 / 7.5.
    assert_eq!(spanish("excelente"), 4286);
    assert_eq!(english("friendly"), 3333);
    assert_eq!(english("Friendly! Great!"), 5556);
    assert_eq!(portuguese("péssimo"), -4667);
    assert_eq!(spanish("mesa"), 0);
}

#[test]
fn the_score_is_rounded_half_away_from_zero_and_stays_within_one() {
    assert_eq!(squashed_e4(0), 0);
    // 10000 x / (x + 40000): 0.49.. and 0.74..
    assert_eq!([2, 3].map(squashed_e4), [0, 1]);
    // 2187.5 and 8437.5
    assert_eq!([11_200, -216_000].map(squashed_e4), [2_188, -8_438]);
    assert_eq!([i64::MAX, i64::MIN].map(squashed_e4), [10_000, -10_000]);
}

#[test]
fn classes_begin_at_a_fifth() {
    let class = |score_e4| {
        let sentiment = Sentiment {
            score_e4,
            language: None,
        };
        sentiment.class().name()
    };
    assert_eq!([2_000, 1_999, 0].map(class), ["positive", "neutral", "neutral"]);
    assert_eq!([-1_999, -2_000].map(class), ["neutral", "negative"]);
}

#[test]
fn intensifiers_strengthen_and_diminishers_weaken() {
    // 2.0 * 1.3 = 2.6, / 6.6; 2.0 * 1.6 = 3.2, / 7.2; -1.5 * 0.7 = -1.05, / 5.05
    assert_eq!(spanish("muy fácil"), 3939);
    assert_eq!(spanish("muy muy fácil"), 4444);
    assert_eq!(spanish("muy muy muy fácil"), 4444);
    assert_eq!(spanish("un poco caro"), -2079);
    // Two words on it still holds, three words on no more: 2.0 / 6.0.
    assert_eq!(english("really was friendly"), 3939);
    assert_eq!(english("really they were friendly"), 3333);
}

#[test]
fn a_negator_flips_up_to_three_words_further_on() {
    assert_eq!(spanish("No me resulta fácil"), -3333);
    // Four words on: 2.0 - 1.5 for the lone negator, / 4.5.
    assert_eq!(spanish("No me resulta siempre fácil"), 1111);
    assert_eq!(english("isn't friendly"), -3333);
    assert_eq!(english("isn’t faulty"), 3846);
    assert_eq!(portuguese("não é caro"), 2727);
}

#[test]
fn a_negator_that_flips_nothing_counts_as_a_complaint() {
    // -1.5 / 5.5, once however often the clause says no.
    assert_eq!(spanish("Y no abren"), -2727);
    assert_eq!(spanish("Nunca abren nada"), -2727);
    assert_eq!(english("It isn't here"), -2727);
    assert_eq!(portuguese("não abriram"), -2727);
    // Two clauses: -3.0 / 7.0.
    assert_eq!(spanish("No abren, no salen"), -4286);
    // "Without" alone is no complaint, but flips: 1.5 / 5.5.
    assert_eq!(spanish("sin tapa"), 0);
    assert_eq!(spanish("sin errores"), 2727);
}

#[test]
fn a_phrase_that_negates_is_not_negated_again() {
    assert_eq!(spanish("No tuve ningún problema"), 3333);
    assert_eq!(spanish("sin problemas"), 3333);
    // Phrases that only look negative.
    assert_eq!(spanish("No sé qué mesa"), 0);
    assert_eq!(english("I don't know the table"), 0);
}

#[test]
fn negators_do_not_reach_over_a_comma() {
    // -1.5 + 3.0 = 1.5, / 5.5
    assert_eq!(spanish("No abren, excelente"), 2727);
    assert_eq!(spanish("No abren. Excelente"), 2727);
}

#[test]
fn what_stands_before_but_counts_half() {
    // 3.0 / 2 - 1.5 = 0; -1.5 / 2 + 3.0 = 2.25, / 6.25
    assert_eq!(spanish("excelente pero caro"), 0);
    assert_eq!(spanish("caro pero excelente"), 3600);
    assert_eq!(english("expensive but great"), 3600);
    assert_eq!(portuguese("caro mas adorei"), 3600);
}

#[test]
fn case_accents_and_drawn_out_letters_do_not_matter() {
    assert_eq!(spanish("BUENÍSIMO"), 4286);
    // The accent as a mark of its own.
    assert_eq!(spanish("buen\u{69}\u{301}simo"), 4286);
    assert_eq!(spanish("buenisimoooooo"), 4286);
    assert_eq!(english("soooo goooood"), 3939);
    assert_eq!(portuguese("ótimooo"), 4286);
}

#[test]
fn emoji_and_emoticons_count_once_in_a_row() {
    assert_eq!(spanish("👍"), 3333);
    assert_eq!(spanish("👍🏽👍🏽👍🏽"), 3333);
    assert_eq!(english("❤️"), 4286);
    assert_eq!(english("table :)"), 3333);
    assert_eq!(english("table:("), -3333);
    assert_eq!(english("table <3"), 4286);
    // 3.0 + 2.0 = 5.0, / 9.0: negators leave emoji alone.
    assert_eq!(spanish("😡🙁"), -5556);
    assert_eq!(score("🙂", None).unwrap().language, None);
}

#[test]
fn the_language_of_the_export_comes_first() {
    // English knows "faulty", Spanish does not.
    for code in ["en", "en-GB", "EN_us", "English", " eng "] {
        assert_eq!(
            score("la pasta faulty", Some(code)).unwrap().language,
            Some(Language::English),
            "{code}"
        );
    }
    for code in ["es", "es-ES", "es_419", "Spanish", "Español", "castellano"] {
        assert_eq!(score("the faulty one", Some(code)).unwrap().score_e4, 0, "{code}");
    }
    for code in ["pt", "pt_BR", "pt-PT", "Português", "Portuguese (Brazil)"] {
        assert_eq!(
            score("mesa", Some(code)).unwrap().language.map(Language::code),
            Some("pt"),
            "{code}"
        );
    }
    for code in ["fr", "de-DE", "French"] {
        assert_eq!(score("excellent", Some(code)), None, "{code}");
    }
}

#[test]
fn an_unstated_language_is_guessed() {
    let guessed = |text| score(text, Some("und")).unwrap().language;
    assert_eq!(guessed("¿Dónde está mi pedido?"), Some(Language::Spanish));
    assert_eq!(guessed("where is my order"), Some(Language::English));
    assert_eq!(guessed("onde está a minha encomenda"), Some(Language::Portuguese));
    // A tie takes all three lists: 2.9 - 2.5 - 3.5 = -3.1, / 7.1
    assert_eq!(guessed("Excelente"), None);
    assert_eq!(score("Excelente, faulty, lixo", None).unwrap().score_e4, -4366);
}
