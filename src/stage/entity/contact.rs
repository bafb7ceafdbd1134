//! Contacts beside tickets: calls and chats, conversations with a bot, visits to the help centre.

use super::{Kind, Layout, field, required};

pub(super) const INTERACTIONS: Layout = Layout {
    name: "interactions",
    about: "One version of a call, a chat or another contact that takes an agent's time.",
    key: &["interaction_id"],
    anchors: &["started_date"],
    has_customer: true,
    fields: &[
        required("interaction_id", Kind::Text, "Id in the system."),
        field("ticket_id", Kind::Text, "The ticket it belongs to."),
        field("channel", Kind::Lower, "voice, chat, ..."),
        field("direction", Kind::Enum(&["inbound", "outbound"]), "Who started it."),
        required("started_at", Kind::Timestamp, "When it was offered or started."),
        field("answered_at", Kind::Timestamp, "When an agent took it."),
        field("ended_at", Kind::Timestamp, "When it ended."),
        field(
            "updated_at",
            Kind::Timestamp,
            "When this version was written; the newest wins.",
        ),
        field("agent_id", Kind::Text, "Agent who took it."),
        field("team_id", Kind::Text, "Team it went to."),
        field("country", Kind::Text, "Country of the customer, as delivered."),
        field("language", Kind::Lower, "Language of the conversation."),
        field("talk_seconds", Kind::Seconds, "Time in conversation."),
        field("hold_seconds", Kind::Seconds, "Time the customer was on hold."),
        field(
            "wrap_up_seconds",
            Kind::Seconds,
            "Time the agent worked on it afterwards.",
        ),
        field(
            "handle_seconds",
            Kind::Seconds,
            "All the agent's time, where exported; else talk, hold and wrap-up.",
        ),
        field(
            "wait_seconds",
            Kind::Seconds,
            "From the offer to the answer, or until the customer left.",
        ),
        field(
            "outcome",
            Kind::Enum(&["answered", "abandoned", "missed"]),
            "What became of it: answered, left by the customer, not taken.",
        ),
        field("is_test", Kind::Boolean(false), "Not a customer's."),
    ],
};

pub(super) const BOT_SESSIONS: Layout = Layout {
    name: "bot_sessions",
    about: "One version of a conversation with a bot.",
    key: &["session_id"],
    anchors: &["started_date"],
    has_customer: true,
    fields: &[
        required("session_id", Kind::Text, "Id in the system."),
        field("ticket_id", Kind::Text, "The ticket it became or belongs to."),
        field("channel", Kind::Lower, "Where it was held."),
        required("started_at", Kind::Timestamp, "When it started."),
        field("ended_at", Kind::Timestamp, "When it ended."),
        field(
            "updated_at",
            Kind::Timestamp,
            "When this version was written; the newest wins.",
        ),
        field(
            "handed_off_at",
            Kind::Timestamp,
            "When a person took over; NULL: nobody did.",
        ),
        field("bot_id", Kind::Text, "The bot."),
        field(
            "outcome",
            Kind::Enum(&["resolved", "handed_off", "abandoned"]),
            "How it ended, as the bot says.",
        ),
        field("messages", Kind::Count, "Messages in it."),
        field("language", Kind::Lower, "Language of the conversation."),
    ],
};

pub(super) const VISITS: Layout = Layout {
    name: "visits",
    about: "One visit to the help centre.",
    key: &["visit_id"],
    anchors: &["visited_date"],
    has_customer: true,
    fields: &[
        required("visit_id", Kind::Text, "Id in the system."),
        required("visited_at", Kind::Timestamp, "When it began."),
        field(
            "updated_at",
            Kind::Timestamp,
            "When this version was written; the newest wins.",
        ),
        field("article_id", Kind::Text, "Article read, or read first."),
        field("views", Kind::Count, "Articles looked at."),
        field("language", Kind::Lower, "Language of the articles."),
        field(
            "channel",
            Kind::Lower,
            "Where the help centre was opened: web, app, ...",
        ),
    ],
};
