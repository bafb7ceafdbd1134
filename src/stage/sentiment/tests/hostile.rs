//! Texts that nobody wrote. A step that is not linear would keep these running for hours.

use proptest::prelude::*;

use super::super::score;

const SIZE: usize = 1_000_000;

#[test]
fn a_megabyte_of_anything_is_scored() {
    let parts = [
        "a",
        "no ",
        "<",
        "<a",
        "</",
        "<a ",
        "<blockquote>",
        "&",
        "&#",
        "&amp;",
        "> ",
        ">\n",
        "\n",
        "\r",
        "é",
        "e\u{301}",
        "\u{301}",
        "👍",
        "👍\u{200d}",
        "\u{0}",
        "\u{7f}",
        "\u{202e}",
        "ooo",
        "muy ",
        "no bueno ",
        "on 3\n",
        "on 1 wrote:\n",
        "from:\n",
        "--",
        "@",
        ":)",
        "𝒳",
        "İ",
        "excelente. ",
        "no no no pero, ",
    ];
    for part in parts {
        let text = part.repeat(SIZE / part.len());
        if let Some(sentiment) = score(&text, None) {
            assert!(sentiment.score_e4.abs() <= 10_000, "{part:?}");
        }
    }
}

#[test]
fn a_long_text_saturates() {
    let text = "excelente. ".repeat(SIZE / 11);
    assert_eq!(score(&text, Some("es")).unwrap().score_e4, 10_000);
    let text = "horrible. ".repeat(SIZE / 10);
    assert_eq!(score(&text, Some("en")).unwrap().score_e4, -10_000);
}

proptest! {
    #[test]
    fn every_text_has_a_score_in_range_or_none(text in "(?s).{0,200}", tags in "[<>/&;a-z \n\u{300}👍:)]{0,200}") {
        for text in [&text, &tags] {
            let first = score(text, None);
            prop_assert_eq!(first, score(text, None));
            prop_assert!(first.is_none_or(|sentiment| sentiment.score_e4.abs() <= 10_000));
        }
    }
}
