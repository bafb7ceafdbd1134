//! What a KPI should reach: `[[target]]` of the job file.

use serde::{Deserialize, Serialize};

use super::faults::Faults;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Target {
    /// A key of the dictionary.
    pub kpi: String,
    /// Which figure of the KPI, as in the table `kpis`.
    #[serde(default = "main_measure")]
    pub measure: String,
    pub value: Option<f64>,
}

fn main_measure() -> String {
    "main".to_owned()
}

impl Target {
    pub fn check(&self, key: &str, known: &[String], faults: &mut Faults) {
        if !known.contains(&self.kpi) {
            faults.add(
                format!("{key}.kpi"),
                format!("there is no KPI {:?}; `postventa kpis` lists them", self.kpi),
            );
        }
        if !self.value.is_some_and(f64::is_finite) {
            faults.add(
                format!("{key}.value"),
                "missing; give the number that the KPI should reach",
            );
        }
    }
}
