//! The KPI dictionary: what each number means, in English and Spanish.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::cli::Language;
use crate::error::{Error, Result};

const DICTIONARY: &str = include_str!("../../sql/kpis.toml");

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

/// One JSON array, or a block of text per KPI.
pub fn print_kpis(json: bool, language: Language, out: &mut dyn Write) -> Result<()> {
    let kpis = dictionary()?;
    let written = if json {
        serde_json::to_writer(&mut *out, &kpis)
            .map_err(io::Error::from)
            .and_then(|()| writeln!(out))
    } else {
        kpis.iter().try_for_each(|kpi| print_kpi(kpi, language, out))
    };
    match written {
        // `postventa kpis | head` closes the pipe: that is no error.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Error::Bug(format!("stdout: {error}"))),
        _ => Ok(()),
    }
}

fn print_kpi(kpi: &Kpi, language: Language, out: &mut dyn Write) -> io::Result<()> {
    let (name, question, formula, unit, axis) = match language {
        Language::En => (
            &kpi.name_en,
            &kpi.question_en,
            &kpi.formula_en,
            &kpi.unit_en,
            &kpi.axis_en,
        ),
        Language::Es => (
            &kpi.name_es,
            &kpi.question_es,
            &kpi.formula_es,
            &kpi.unit_es,
            &kpi.axis_es,
        ),
    };
    let words = match language {
        Language::En => ["formula", "unit", "better", "booked on", "table"],
        Language::Es => ["fórmula", "unidad", "mejor", "fecha", "tabla"],
    };
    let better = match (language, kpi.better_when.as_str()) {
        (Language::En, "up") => "when it rises",
        (Language::En, "down") => "when it falls",
        (Language::Es, "up") => "cuando sube",
        (Language::Es, "down") => "cuando baja",
        _ => "-",
    };
    writeln!(out, "{} - {name}", kpi.key)?;
    writeln!(out, "  {question}")?;
    let table = format!("{} ({})", kpi.table, kpi.columns.join(", "));
    let values = [formula.as_str(), unit, better, axis, &table];
    for (word, value) in words.iter().zip(values) {
        writeln!(out, "  {word:<12} {value}")?;
    }
    writeln!(out)
}
