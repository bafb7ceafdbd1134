//! `sql/README.md`: the dictionary and the tables, written from the files that define them.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::error::{Error, Result};
use crate::model::{Catalog, Kpi, Layer, Model, dictionary};

pub fn print_markdown(out: &mut dyn Write) -> Result<()> {
    let page = page(&dictionary()?, &Catalog::load(None)?).map_err(|e| Error::Bug(format!("markdown: {e}")))?;
    match out.write_all(page.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Error::Bug(format!("stdout: {error}"))),
        _ => Ok(()),
    }
}

const HEAD: &str = "# KPIs and tables

Written by `postventa kpis --markdown` from `sql/kpis.toml` and the headers of the SQL files; a test holds this page to
them. The same dictionary is the table `kpi_definitions`, and every value by period and slice stands in `kpis`.
";

fn page(kpis: &[Kpi], catalog: &Catalog) -> std::result::Result<String, std::fmt::Error> {
    let mut page = HEAD.to_owned();
    writeln!(
        page,
        "\n## KPIs\n\n| key | English | Spanish | unit | better when | table |"
    )?;
    writeln!(page, "|---|---|---|---|---|---|")?;
    for kpi in kpis {
        let better = match kpi.better_when.as_str() {
            "none" => "-",
            direction => direction,
        };
        writeln!(
            page,
            "| [{key}](#{key}) | {} | {} | {} | {better} | {} |",
            kpi.name_en,
            kpi.name_es,
            kpi.unit_en,
            kpi.table,
            key = kpi.key
        )?;
    }
    for kpi in kpis {
        definition(kpi, &mut page)?;
    }
    for (layer, title) in [
        (Layer::Marts, "Tables for reports (`marts`)"),
        (Layer::Facts, "Facts (`facts`)"),
        (Layer::Core, "Current documents (`core`)"),
    ] {
        writeln!(page, "\n## {title}")?;
        let mut models: Vec<&Model> = catalog.models().iter().filter(|model| model.layer == layer).collect();
        models.sort_by(|a, b| a.name.cmp(&b.name));
        for model in models {
            table(model, &mut page)?;
        }
    }
    Ok(page)
}

fn definition(kpi: &Kpi, page: &mut String) -> std::fmt::Result {
    writeln!(page, "\n### {}\n", kpi.key)?;
    writeln!(page, "{}: {} {}.", kpi.name_en, kpi.question_en, kpi.formula_en)?;
    writeln!(page, "Unit: {}. Booked on: {}.", kpi.unit_en, kpi.axis_en)?;
    if let Some(traps) = &kpi.traps_en {
        writeln!(page, "Beware: {traps}")?;
    }
    writeln!(page, "\n{}: {} {}.", kpi.name_es, kpi.question_es, kpi.formula_es)?;
    writeln!(page, "Unidad: {}. Fecha: {}.", kpi.unit_es, kpi.axis_es)?;
    if let Some(traps) = &kpi.traps_es {
        writeln!(page, "Ojo: {traps}")?;
    }
    write!(page, "\n`{}`: `{}`", kpi.table, kpi.columns.join("`, `"))?;
    if !kpi.needs.is_empty() {
        write!(page, ", from `{}`", kpi.needs.join("`, `"))?;
    }
    writeln!(page)
}

/// Columns only of the tables that reports read; those of the others stand in the headers.
fn table(model: &Model, page: &mut String) -> std::fmt::Result {
    writeln!(page, "\n### {}\n\n{}", model.name, model.about.trim())?;
    writeln!(page, "\nOne row per `{}`.", model.grain.join("`, `"))?;
    if model.layer != Layer::Marts {
        return Ok(());
    }
    writeln!(page, "\n| column | type | meaning |\n|---|---|---|")?;
    for column in &model.columns {
        writeln!(
            page,
            "| {} | {} | {} |",
            column.name,
            column.sql_type.name(),
            column.about.replace('|', "\\|")
        )?;
    }
    Ok(())
}
