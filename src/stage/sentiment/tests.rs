use super::*;

#[test]
fn an_empty_text_has_no_score() {
    assert_eq!(score("", None), None);
    assert_eq!(score(" \n ... ", Some("es")), None);
}
