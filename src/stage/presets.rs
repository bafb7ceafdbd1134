//! Mappings of known exports, and the canonical layout, by name.

use std::collections::BTreeMap;

use super::entity::Entity;
use super::mapping::{EntitySection, FieldSection, MappingSection, SpecSection};

const VENDORS: &[(&str, &str)] = &[
    (
        "delighted.survey_responses",
        include_str!("presets/delighted.survey_responses.toml"),
    ),
    (
        "freshdesk.tickets_csv",
        include_str!("presets/freshdesk.tickets_csv.toml"),
    ),
    ("gorgias.messages", include_str!("presets/gorgias.messages.toml")),
    (
        "gorgias.satisfaction_surveys",
        include_str!("presets/gorgias.satisfaction_surveys.toml"),
    ),
    ("gorgias.tickets", include_str!("presets/gorgias.tickets.toml")),
    (
        "intercom.conversations",
        include_str!("presets/intercom.conversations.toml"),
    ),
    ("shopify.orders_csv", include_str!("presets/shopify.orders_csv.toml")),
    ("shopify.orders_json", include_str!("presets/shopify.orders_json.toml")),
    (
        "woocommerce.orders_csv",
        include_str!("presets/woocommerce.orders_csv.toml"),
    ),
    (
        "zendesk.satisfaction_ratings",
        include_str!("presets/zendesk.satisfaction_ratings.toml"),
    ),
    (
        "zendesk.ticket_audits",
        include_str!("presets/zendesk.ticket_audits.toml"),
    ),
    (
        "zendesk.ticket_metric_events",
        include_str!("presets/zendesk.ticket_metric_events.toml"),
    ),
    ("zendesk.tickets", include_str!("presets/zendesk.tickets.toml")),
    ("zendesk.users", include_str!("presets/zendesk.users.toml")),
];

/// The names of all presets.
pub fn names() -> Vec<String> {
    let canonical = Entity::ALL.into_iter().filter(|entity| entity.is_mapped());
    let mut names: Vec<String> = VENDORS.iter().map(|(name, _)| (*name).to_owned()).collect();
    names.extend(canonical.map(|entity| format!("canonical.{}", entity.name())));
    names.sort();
    names
}

/// A preset's mapping; `None` for a name that is not known.
///
/// # Errors
/// A preset file that is broken, which the tests rule out.
pub fn load(name: &str) -> Option<Result<MappingSection, toml::de::Error>> {
    if let Some(entity) = name.strip_prefix("canonical.") {
        let entity = Entity::from_name(entity).filter(|entity| entity.is_mapped())?;
        return Some(Ok(canonical(entity)));
    }
    let (_, text) = VENDORS.iter().find(|(known, _)| *known == name)?;
    Some(toml::from_str(text))
}

/// Columns named as our fields.
fn canonical(entity: Entity) -> MappingSection {
    let fields: BTreeMap<String, FieldSection> = entity
        .mapped_fields()
        .map(|field| {
            let spec = SpecSection {
                path: Some(field.name.to_owned()),
                ..SpecSection::default()
            };
            (field.name.to_owned(), FieldSection(spec))
        })
        .collect();
    MappingSection {
        entity: vec![EntitySection {
            name: entity.name().to_owned(),
            fields,
            ..EntitySection::default()
        }],
        ..MappingSection::default()
    }
}
