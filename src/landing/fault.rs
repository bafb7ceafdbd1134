//! The fault that refuses a whole file.

use std::fmt;

/// Why a file is refused as a whole: what is wrong, where, and what to do about it. Shows no cell of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct FileFault {
    /// The file as people know it; filled in by staging.
    pub file: String,
    pub what: String,
    pub row: Option<i64>,
    pub column: Option<String>,
    pub what_to_do: String,
}

impl FileFault {
    pub fn new(what: impl Into<String>, what_to_do: impl Into<String>) -> Self {
        Self {
            file: String::new(),
            what: what.into(),
            row: None,
            column: None,
            what_to_do: what_to_do.into(),
        }
    }

    pub fn at_row(mut self, row: i64) -> Self {
        self.row = Some(row);
        self
    }

    pub fn at_column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }

    pub fn in_file(mut self, file: &str) -> Self {
        file.clone_into(&mut self.file);
        self
    }
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.file.is_empty() {
            write!(f, "{}: ", self.file)?;
        }
        write!(f, "{}", self.what)?;
        match (self.row, &self.column) {
            (Some(row), Some(column)) => write!(f, " (row {row}, column `{column}`)")?,
            (Some(row), None) => write!(f, " (row {row})")?,
            (None, Some(column)) => write!(f, " (column `{column}`)")?,
            (None, None) => {}
        }
        write!(f, "; {}", self.what_to_do)
    }
}
