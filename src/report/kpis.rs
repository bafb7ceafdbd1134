//! The KPI dictionary as text and as JSON.

use std::io::{self, Write};

use crate::cli::Language;
use crate::error::{Error, Result};
use crate::model::{Kpi, dictionary};

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
    let (name, question, formula, unit, axis, traps) = match language {
        Language::En => (
            &kpi.name_en,
            &kpi.question_en,
            &kpi.formula_en,
            &kpi.unit_en,
            &kpi.axis_en,
            &kpi.traps_en,
        ),
        Language::Es => (
            &kpi.name_es,
            &kpi.question_es,
            &kpi.formula_es,
            &kpi.unit_es,
            &kpi.axis_es,
            &kpi.traps_es,
        ),
    };
    let words = match language {
        Language::En => ["formula", "unit", "better", "booked on", "table", "needs", "beware"],
        Language::Es => ["fórmula", "unidad", "mejor", "fecha", "tabla", "necesita", "ojo"],
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
    let needs = match kpi.needs.as_slice() {
        [] => "-".to_owned(),
        needs => needs.join(", "),
    };
    let values = [formula.as_str(), unit, better, axis, &table, &needs];
    for (word, value) in words.iter().zip(values.into_iter().chain(traps.as_deref())) {
        writeln!(out, "  {word:<12} {value}")?;
    }
    writeln!(out)
}
