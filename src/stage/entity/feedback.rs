//! What customers say when asked.

use super::{Field, Kind, Layout, SENTIMENT, VENDOR_SENTIMENT, field, personal, required};

const KINDS: &[&str] = &["nps", "csat", "ces", "review_request", "thank_you"];

const COMMENT: Field = personal("comment", "What was written; read for `sentiment_score`, never kept.");

pub(super) const SURVEYS: Layout = Layout {
    name: "surveys",
    about: "One survey or request for feedback, sent or answered. Comments are never staged.",
    key: &["survey_id"],
    anchors: &["answered_date", "sent_date"],
    has_customer: true,
    fields: &[
        required("survey_id", Kind::Text, "Id in the system."),
        required(
            "kind",
            Kind::Enum(KINDS),
            "What is asked; a request for a review and a thank-you carry no score.",
        ),
        field("ticket_id", Kind::Text, "The ticket it asks about."),
        field("order_id", Kind::Text, "The order it asks about."),
        field("sent_at", Kind::Timestamp, "When it was sent."),
        field(
            "answered_at",
            Kind::Timestamp,
            "When it was answered; NULL: not answered.",
        ),
        field(
            "updated_at",
            Kind::Timestamp,
            "When this version was written; the newest wins.",
        ),
        field("score", Kind::Decimal, "Answer as a number."),
        field("scale_max", Kind::Integer, "Highest score there is."),
        field("label", Kind::Enum(&["good", "bad"]), "Answer as a word."),
        field("channel", Kind::Lower, "How it was sent."),
        field("interaction_id", Kind::Text, "The call or chat it asks about."),
        field(
            "language",
            Kind::Lower,
            "Language of the comment; guessed for the score where it is not delivered.",
        ),
        SENTIMENT,
        VENDOR_SENTIMENT,
        COMMENT,
    ],
};

pub(super) const REVIEWS: Layout = Layout {
    name: "reviews",
    about: "One version of a review of a product or of the store. Its text is never staged.",
    key: &["review_id"],
    anchors: &["reviewed_date"],
    has_customer: true,
    fields: &[
        required("review_id", Kind::Text, "Id in the system."),
        required("kind", Kind::Enum(&["product", "store"]), "What is reviewed."),
        field("order_id", Kind::Text, "The order it came from."),
        field("product_id", Kind::Text, "The product reviewed."),
        required("reviewed_at", Kind::Timestamp, "When it was written."),
        field(
            "updated_at",
            Kind::Timestamp,
            "When this version was written; the newest wins.",
        ),
        field(
            "replied_at",
            Kind::Timestamp,
            "When the shop answered it; NULL: not answered.",
        ),
        required("rating", Kind::Decimal, "Stars, or whatever is given."),
        field("scale_max", Kind::Count, "Highest rating there is."),
        field(
            "language",
            Kind::Lower,
            "Language of the text; guessed for the score where it is not delivered.",
        ),
        SENTIMENT,
        COMMENT,
    ],
};
