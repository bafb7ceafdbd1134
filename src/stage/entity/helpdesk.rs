//! What a helpdesk exports.

use super::{Field, Kind, Layout, SENTIMENT, VENDOR_SENTIMENT, field, personal, required};

const PRIORITIES: &[&str] = &["low", "normal", "high", "urgent"];
const STATUSES: &[&str] = &["new", "open", "pending", "hold", "solved", "closed", "deleted"];

pub(super) const TICKETS: Layout = Layout {
    name: "tickets",
    about: "One version of a ticket or conversation.",
    key: &["ticket_id"],
    anchors: &["created_date"],
    has_customer: true,
    fields: &[
        required("ticket_id", Kind::Text, "Id in the system."),
        required("created_at", Kind::Timestamp, "When the ticket came in."),
        field(
            "updated_at",
            Kind::Timestamp,
            "When this version was written; the newest wins.",
        ),
        required("status", Kind::Enum(STATUSES), "State of this version."),
        field(
            "channel",
            Kind::Lower,
            "How it came in: email, web, chat, voice, api, ...",
        ),
        field("priority", Kind::Enum(PRIORITIES), "Priority of this version."),
        field(
            "ticket_type",
            Kind::Lower,
            "The helpdesk's own type: question, incident, ...",
        ),
        field("team_id", Kind::Text, "Team (group) it is assigned to."),
        field("agent_id", Kind::Text, "Agent it is assigned to."),
        field(
            "opened_by_id",
            Kind::Text,
            "Who opened it: the customer, or an agent for them.",
        ),
        field("brand_id", Kind::Text, "Brand it belongs to."),
        field("country", Kind::Text, "Country of the customer, as delivered."),
        field("language", Kind::Lower, "Language of the conversation."),
        field(
            "contact_reason",
            Kind::Lower,
            "Why the customer wrote: as mapped, else by the job's rules from `tags` and `subject`, else `other`.",
        ),
        field("schedule_id", Kind::Text, "Business hours that apply to it."),
        field("is_spam", Kind::Boolean(false), "Spam or suspended."),
        field(
            "is_merged",
            Kind::Boolean(false),
            "Closed by merging it into another ticket.",
        ),
        field("is_test", Kind::Boolean(false), "Not a customer's."),
        field(
            "csat_label",
            Kind::Enum(&["good", "bad", "offered"]),
            "Answer to the satisfaction question.",
        ),
        field(
            "csat_score",
            Kind::Decimal,
            "Score given, where the helpdesk asks for a number.",
        ),
        field(
            "handle_seconds",
            Kind::Seconds,
            "Time agents worked on it, as the helpdesk measured it.",
        ),
        field(
            "vendor_first_response_seconds",
            Kind::Seconds,
            "The helpdesk's own first response time.",
        ),
        field(
            "vendor_full_resolution_seconds",
            Kind::Seconds,
            "The helpdesk's own full resolution time.",
        ),
        field(
            "vendor_first_response_at",
            Kind::Timestamp,
            "The helpdesk's own first response.",
        ),
        field("vendor_solved_at", Kind::Timestamp, "The helpdesk's own last solve."),
        field("tags", Kind::InputList, "Labels; read for `contact_reason`."),
        field(
            "subject",
            Kind::InputList,
            "Subject; read for `contact_reason`, never kept.",
        ),
        field(
            "order_id",
            Kind::Text,
            "The order it is about: its id, or its number as the customer knows it.",
        ),
        field("product_id", Kind::Text, "The product it is about."),
    ],
};

pub(super) const TICKET_EVENTS: Layout = Layout {
    name: "ticket_events",
    about: "One change of a ticket's field.",
    key: &["event_id"],
    anchors: &["occurred_date"],
    has_customer: false,
    fields: &[
        required("event_id", Kind::Text, "Id in the system."),
        required("ticket_id", Kind::Text, "The ticket that changed."),
        required("occurred_at", Kind::Timestamp, "When it changed."),
        field("updated_at", Kind::Timestamp, "Version of the document it came in."),
        field(
            "sequence",
            Kind::Integer,
            "Order of events at one instant: the id where it is a number.",
        ),
        required(
            "field",
            Kind::Enum(&[
                "status",
                "priority",
                "team",
                "agent",
                "schedule",
                "csat",
                "sla_policy",
                "sla_first_reply",
                "sla_next_reply",
                "sla_requester_wait",
                "sla_agent_work",
                "vendor_sla_first_reply",
                "vendor_sla_next_reply",
                "vendor_sla_periodic_update",
                "vendor_sla_requester_wait",
                "vendor_sla_agent_work",
                "vendor_sla_resolution",
            ]),
            "What changed.",
        ),
        field(
            "value",
            Kind::Text,
            "Value after the change; targets of `sla_*` in minutes; for `vendor_sla_*` apply_sla, activate, pause, breach, fulfill.",
        ),
        field("previous_value", Kind::Text, "Value before the change."),
        field("actor_id", Kind::Text, "Who changed it."),
        field(
            "is_automated",
            Kind::Boolean(false),
            "Changed by a rule or by the system.",
        ),
    ],
};

pub(super) const MESSAGES: Layout = Layout {
    name: "messages",
    about: "One message or note in a ticket. Its text is never staged.",
    key: &["message_id"],
    anchors: &["sent_date"],
    has_customer: false,
    fields: &[
        required("message_id", Kind::Text, "Id in the system."),
        required("ticket_id", Kind::Text, "The ticket it belongs to."),
        required("sent_at", Kind::Timestamp, "When it was sent."),
        field("updated_at", Kind::Timestamp, "Version of the document it came in."),
        field(
            "sequence",
            Kind::Integer,
            "Order of messages at one instant: the id where it is a number.",
        ),
        field("author_id", Kind::Text, "Who wrote it."),
        field(
            "author_kind",
            Kind::Enum(&["customer", "agent", "bot", "system"]),
            "What the author is; NULL: look it up by `author_id`.",
        ),
        field("is_public", Kind::Boolean(true), "The customer can see it."),
        field("is_automated", Kind::Boolean(false), "Sent by a rule or by the system."),
        field("channel", Kind::Lower, "How it was sent."),
        field(
            "template_id",
            Kind::Text,
            "Macro or template it was made from; NULL without one.",
        ),
        field(
            "language",
            Kind::Lower,
            "Language of the text; guessed for the score where it is not delivered.",
        ),
        SENTIMENT,
        VENDOR_SENTIMENT,
        personal("body", "Its text; read for `sentiment_score`, never kept."),
    ],
};

pub(super) const AGENTS: Layout = Layout {
    name: "agents",
    about: "One version of a person or bot who answers.",
    key: &["agent_id"],
    anchors: &["created_date"],
    has_customer: false,
    fields: &[
        required("agent_id", Kind::Text, "Id in the system."),
        field("created_at", Kind::Timestamp, "When the account was made."),
        field(
            "updated_at",
            Kind::Timestamp,
            "When this version was written; the newest wins.",
        ),
        field("role", Kind::Lower, "Role in the helpdesk."),
        Field {
            personal: true,
            ..field("agent_name", Kind::Text, "Name as the team knows it.")
        },
        field("team_id", Kind::Text, "Main team."),
        field("is_active", Kind::Boolean(true), "Still works there."),
    ],
};
