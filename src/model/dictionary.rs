//! The KPI dictionary: what each number means, in English and Spanish.

use polars::prelude::{DataFrame, df};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The file as it stands: equal text, equal table.
pub const DICTIONARY: &str = include_str!("../../sql/kpis.toml");

/// One KPI.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kpi {
    pub key: String,
    pub name_en: String,
    pub name_es: String,
    pub question_en: String,
    pub question_es: String,
    pub formula_en: String,
    pub formula_es: String,
    pub unit_en: String,
    pub unit_es: String,
    /// `up`, `down`, or `none` for a plain count.
    pub better_when: String,
    /// The date a value is booked on.
    pub axis_en: String,
    pub axis_es: String,
    pub table: String,
    pub columns: Vec<String>,
    /// Entities without any one of which the KPI is NULL.
    pub needs: Vec<String>,
    /// What misleads whoever computes or reads it carelessly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traps_en: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traps_es: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Dictionary {
    kpi: Vec<Kpi>,
}

/// Every KPI, in the order of the file.
pub fn dictionary() -> Result<Vec<Kpi>> {
    let read: Dictionary = toml::from_str(DICTIONARY).map_err(|e| Error::Bug(format!("sql/kpis.toml: {e}")))?;
    Ok(read.kpi)
}

/// The dictionary as the parameter table `kpi_dictionary`.
pub fn table() -> Result<DataFrame> {
    let kpis = dictionary()?;
    let positions: Vec<i64> = (1..).take(kpis.len()).collect();
    let words = |of: &dyn Fn(&Kpi) -> &String| kpis.iter().map(|kpi| of(kpi).clone()).collect::<Vec<String>>();
    let traps = |of: &dyn Fn(&Kpi) -> &Option<String>| kpis.iter().map(|kpi| of(kpi).clone()).collect::<Vec<_>>();
    Ok(df!(
        "position" => positions,
        "key" => words(&|kpi| &kpi.key),
        "name_en" => words(&|kpi| &kpi.name_en),
        "name_es" => words(&|kpi| &kpi.name_es),
        "question_en" => words(&|kpi| &kpi.question_en),
        "question_es" => words(&|kpi| &kpi.question_es),
        "formula_en" => words(&|kpi| &kpi.formula_en),
        "formula_es" => words(&|kpi| &kpi.formula_es),
        "unit_en" => words(&|kpi| &kpi.unit_en),
        "unit_es" => words(&|kpi| &kpi.unit_es),
        "better_when" => words(&|kpi| &kpi.better_when),
        "axis_en" => words(&|kpi| &kpi.axis_en),
        "axis_es" => words(&|kpi| &kpi.axis_es),
        "traps_en" => traps(&|kpi| &kpi.traps_en),
        "traps_es" => traps(&|kpi| &kpi.traps_es),
        "table_name" => words(&|kpi| &kpi.table),
        "column_names" => kpis.iter().map(|kpi| kpi.columns.join(", ")).collect::<Vec<String>>(),
        "needs" => kpis.iter().map(|kpi| kpi.needs.join(", ")).collect::<Vec<String>>(),
    )?)
}
