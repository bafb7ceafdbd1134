//! What `verify` and `vacuum` found.

use std::io::{self, Write};

use crate::build::Verification;

/// One JSON line, or a line per object at fault.
pub fn print_verification(found: &Verification, json: bool, out: &mut dyn Write) -> io::Result<()> {
    if json {
        serde_json::to_writer(&mut *out, found)?;
        return writeln!(out);
    }
    for (what, keys) in [
        ("missing", &found.missing),
        ("changed", &found.changed),
        ("extra", &found.extra),
    ] {
        for key in keys {
            writeln!(out, "{what:<8} {key}")?;
        }
    }
    if found.is_publishing {
        writeln!(out, "the last run did not finish publishing; the next run mends it")?;
    }
    let sum = found.missing.len() + found.changed.len() + found.extra.len();
    writeln!(out, "{} object(s) read, {sum} at fault", found.objects_checked)
}
