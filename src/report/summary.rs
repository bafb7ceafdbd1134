//! The result of a run.

use std::io::{self, Write};

use crate::build::Summary;

/// One JSON line, or a few lines of text.
pub fn print_summary(summary: &Summary, json: bool, out: &mut dyn Write) -> io::Result<()> {
    if json {
        serde_json::to_writer(&mut *out, summary)?;
        return writeln!(out);
    }
    let watermark = summary
        .watermark
        .map_or("no data yet".into(), |day| format!("data up to {day}"));
    if summary.status == "nothing_to_do" {
        return writeln!(
            out,
            "{}: nothing to do, {watermark} ({:.2} s)",
            summary.job, summary.duration_seconds
        );
    }
    let rows = &summary.rows;
    writeln!(
        out,
        "{}: {}, {watermark} ({:.2} s)",
        summary.job, summary.status, summary.duration_seconds
    )?;
    writeln!(
        out,
        "  staged    {} file(s): {} rows read = {} accepted + {} quarantined + {} duplicate",
        summary.files_staged, rows.read, rows.accepted, rows.quarantined, rows.duplicate
    )?;
    writeln!(
        out,
        "  built     {} unit(s); {} partition(s) written ({} bytes), {} removed",
        summary.units_built, summary.partitions_written, summary.written_bytes, summary.partitions_removed
    )?;
    if summary.files_removed > 0 {
        writeln!(
            out,
            "  removed   {} file(s) that are no longer delivered",
            summary.files_removed
        )?;
    }
    Ok(())
}
