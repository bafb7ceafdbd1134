//! What a run would do.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::build::Summary;

#[derive(Serialize)]
struct Plan<'a> {
    job: &'a str,
    files: &'a [crate::build::ReadFile],
    forgotten: &'a [String],
    units: &'a [crate::build::BuiltUnit],
    removed: &'a [String],
    files_removed: u64,
    partitions_removed: u64,
    refused: &'a [String],
}

/// The files a run would read and the units it would rebuild, with reasons.
pub fn print_plan(summary: &Summary, json: bool, out: &mut dyn Write) -> io::Result<()> {
    if json {
        let plan = Plan {
            job: &summary.job,
            files: &summary.files,
            forgotten: &summary.forgotten,
            units: &summary.units,
            removed: &summary.removed,
            files_removed: summary.files_removed,
            partitions_removed: summary.partitions_removed,
            refused: &summary.refused,
        };
        serde_json::to_writer(&mut *out, &plan)?;
        return writeln!(out);
    }
    let lists = [
        summary.files.len(),
        summary.forgotten.len(),
        summary.units.len(),
        summary.removed.len(),
    ];
    if lists.iter().all(|length| *length == 0) {
        return writeln!(out, "{}: nothing to do", summary.job);
    }
    let mut by_reason: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for file in &summary.files {
        by_reason.entry((&file.source, &file.why)).or_default().push(&file.file);
    }
    writeln!(out, "read {} file(s)", summary.files.len())?;
    for ((source, why), files) in by_reason {
        writeln!(out, "  {source:<20} {:>6} ({why}): {}", files.len(), shorten(&files))?;
    }
    writeln!(
        out,
        "rebuild {} unit(s), {} with other rows than now",
        summary.units.len(),
        changed(summary)
    )?;
    let mut by_table: Vec<(&str, &str, Vec<String>)> = Vec::new();
    for unit in &summary.units {
        let label = format!("{}{}", unit.unit, if unit.is_changed { "*" } else { "" });
        match by_table
            .iter_mut()
            .find(|(table, why, _)| *table == unit.table && *why == unit.why)
        {
            Some((_, _, units)) => units.push(label),
            None => by_table.push((&unit.table, &unit.why, vec![label])),
        }
    }
    for (table, why, units) in by_table {
        let units: Vec<&str> = units.iter().map(String::as_str).collect();
        writeln!(out, "  {table:<28} {:>4} ({why}): {}", units.len(), shorten(&units))?;
    }
    for forgotten in &summary.forgotten {
        writeln!(out, "forget {forgotten}, which is no longer delivered")?;
    }
    for removed in &summary.removed {
        writeln!(out, "remove {removed}")?;
    }
    for refused in &summary.refused {
        writeln!(out, "refuse {refused}")?;
    }
    if summary.units.is_empty() {
        Ok(())
    } else {
        writeln!(out, "(* rows differ from those published)")
    }
}

fn changed(summary: &Summary) -> usize {
    summary.units.iter().filter(|unit| unit.is_changed).count()
}

/// The first and the last few of a long list.
fn shorten(items: &[&str]) -> String {
    match items {
        [first, second, .., last] if items.len() > 8 => format!("{first}, {second}, .., {last}"),
        _ => items.join(", "),
    }
}
