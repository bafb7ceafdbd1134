//! The header of a model: what it is one row of, which months it reads, what its columns mean.

use polars::prelude::{DataType, Field, Schema, TimeUnit};
use serde::Deserialize;

use super::month::Month;

/// The TOML block comment at the top of a model's file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// What one row is, and what the table is for.
    pub about: String,
    /// The columns that name a row; rows are unique in them and sorted by them.
    pub grain: Vec<String>,
    /// The DATE column whose month is the partition, or `none`.
    pub partition: String,
    /// Whether a unit's rows may fall into months other than its own.
    #[serde(default)]
    pub scatter: bool,
    /// The columns of the one-row table `settings` that the model reads.
    #[serde(default)]
    pub settings: Vec<String>,
    #[serde(default)]
    pub not_null: Vec<String>,
    /// Of a check: whether the rows it returns stop the run.
    #[serde(default)]
    pub severity: Severity,
    #[serde(default)]
    accepted_values: toml::Table,
    #[serde(default)]
    ranges: toml::Table,
    #[serde(default)]
    relationships: toml::Table,
    inputs: toml::Table,
    columns: toml::Table,
}

/// What becomes of a run in which a check returns rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing is published.
    #[default]
    Error,
    /// The rows are told, and the run goes on.
    Warn,
}

/// Which months of an input one month of a model reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Months {
    /// The unit's own month.
    Same,
    /// Every month there is.
    All,
    /// The unit's month and all before it.
    UpTo,
    /// All months before the unit's.
    Before,
    /// Months from `first` to `last`, counted from the unit's.
    Range { first: i32, last: i32 },
}

/// A column of a model's result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub sql_type: SqlType,
    pub about: String,
}

/// Columns of a model whose values, where no NULL is among them, stand together in a row of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relationship {
    pub columns: Vec<String>,
    pub table: String,
    /// The input's columns, in the same order.
    pub keys: Vec<String>,
}

/// The types that every BI tool reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SqlType {
    Varchar,
    Bigint,
    Double,
    Decimal,
    Date,
    Timestamp,
    Boolean,
}

/// Precision and scale of every DECIMAL: four decimals hold all currencies and prices per part.
pub const DECIMAL: (usize, usize) = (18, 4);

impl SqlType {
    pub fn name(self) -> &'static str {
        match self {
            SqlType::Varchar => "VARCHAR",
            SqlType::Bigint => "BIGINT",
            SqlType::Double => "DOUBLE",
            SqlType::Decimal => "DECIMAL(18,4)",
            SqlType::Date => "DATE",
            SqlType::Timestamp => "TIMESTAMP",
            SqlType::Boolean => "BOOLEAN",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        use SqlType::*;
        [Varchar, Bigint, Double, Decimal, Date, Timestamp, Boolean]
            .into_iter()
            .find(|t| t.name() == name)
    }

    /// The same type in polars. A TIMESTAMP is in UTC, without a zone, in microseconds.
    pub fn polars(self) -> DataType {
        match self {
            SqlType::Varchar => DataType::String,
            SqlType::Bigint => DataType::Int64,
            SqlType::Double => DataType::Float64,
            SqlType::Decimal => DataType::Decimal(DECIMAL.0, DECIMAL.1),
            SqlType::Date => DataType::Date,
            SqlType::Timestamp => DataType::Datetime(TimeUnit::Microseconds, None),
            SqlType::Boolean => DataType::Boolean,
        }
    }
}

impl Header {
    /// Splits a file into its header and its SQL. The message of the error says what is wrong.
    pub fn split(text: &str) -> Result<(Header, String), String> {
        let rest = text
            .trim_start()
            .strip_prefix("/*")
            .ok_or("the header is missing: start the file with /* and TOML")?;
        let (head, sql) = rest
            .split_once("*/")
            .ok_or("the header does not end: close it with */")?;
        let header: Header = toml::from_str(head).map_err(|e| format!("header: {}", e.to_string().trim()))?;
        Ok((header, sql.trim().to_owned()))
    }

    /// Every input with the months it reads, in the header's order.
    pub fn inputs(&self) -> Result<Vec<(String, Months)>, String> {
        self.inputs
            .iter()
            .map(|(name, mode)| {
                let months = mode.as_str().and_then(Months::parse);
                let months = months.ok_or(format!(
                    "input {name}: {mode} is none of same, all, up_to, before, \"-1..1\""
                ))?;
                Ok((name.clone(), months))
            })
            .collect()
    }

    /// The accepted values of columns.
    pub fn accepted_values(&self) -> Result<Vec<(String, Vec<String>)>, String> {
        let text = |value: &toml::Value| value.as_str().map(str::to_owned);
        self.accepted_values
            .iter()
            .map(|(name, values)| {
                let values = values.as_array().and_then(|values| values.iter().map(text).collect());
                Ok((
                    name.clone(),
                    values.ok_or(format!("accepted_values.{name}: give a list of texts"))?,
                ))
            })
            .collect()
    }

    /// The ranges of columns, both ends included.
    pub fn ranges(&self) -> Result<Vec<(String, f64, f64)>, String> {
        let number = |value: &toml::Value| value.as_float().or(value.as_integer().map(|n| n as f64));
        self.ranges
            .iter()
            .map(|(name, ends)| {
                let ends: Option<Vec<f64>> = ends.as_array().and_then(|ends| ends.iter().map(number).collect());
                match ends.as_deref() {
                    Some([least, most]) => Ok((name.clone(), *least, *most)),
                    _ => Err(format!("ranges.{name}: give two numbers, such as [0, 1]")),
                }
            })
            .collect()
    }

    /// `"order_system, order_id" = "fct_orders (system, order_id)"`; without brackets the names are the same in both.
    pub fn relationships(&self) -> Result<Vec<Relationship>, String> {
        let names = |list: &str| list.split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>();
        self.relationships
            .iter()
            .map(|(columns, other)| {
                let other = other.as_str().unwrap_or_default();
                let (table, keys) = match other.strip_suffix(')').and_then(|other| other.split_once('(')) {
                    Some((table, keys)) => (table, keys),
                    None => (other, columns.as_str()),
                };
                let relationship = Relationship {
                    columns: names(columns),
                    table: table.trim().to_owned(),
                    keys: names(keys),
                };
                match relationship.columns.len() == relationship.keys.len() {
                    true => Ok(relationship),
                    false => Err(format!(
                        "relationships.{columns:?}: {other} has another number of columns"
                    )),
                }
            })
            .collect()
    }

    /// The columns of the result, in order.
    pub fn columns(&self) -> Result<Vec<Column>, String> {
        self.columns
            .iter()
            .map(|(name, text)| {
                let text = text.as_str().unwrap_or_default();
                let (sql_type, about) = text.split_once(' ').unwrap_or((text, ""));
                let sql_type =
                    SqlType::parse(sql_type).ok_or(format!("column {name}: {sql_type:?} is no type we publish"))?;
                Ok(Column {
                    name: name.clone(),
                    sql_type,
                    about: about.trim().to_owned(),
                })
            })
            .collect()
    }
}

/// The schema of a table with these columns.
pub fn schema(columns: &[Column]) -> Schema {
    columns
        .iter()
        .map(|c| Field::new(c.name.as_str().into(), c.sql_type.polars()))
        .collect()
}

impl Months {
    fn parse(mode: &str) -> Option<Self> {
        match mode {
            "same" => Some(Months::Same),
            "all" => Some(Months::All),
            "up_to" => Some(Months::UpTo),
            "before" => Some(Months::Before),
            range => {
                let (first, last) = range.split_once("..")?;
                let (first, last) = (first.parse().ok()?, last.parse().ok()?);
                (first <= last).then_some(Months::Range { first, last })
            }
        }
    }

    /// Whether the input's months are units of the model: those of which a unit reads its own month and not all others.
    pub fn drives(self) -> bool {
        match self {
            Months::Same => true,
            Months::Range { first, last } => first <= 0 && 0 <= last,
            Months::All | Months::UpTo | Months::Before => false,
        }
    }

    /// The months that a unit reads of a table that has all of them; none for an undated unit, or a mode without an end.
    pub fn around(self, unit: Month) -> Vec<Month> {
        let (first, last) = match self {
            Months::Same => (0, 0),
            Months::Range { first, last } => (first, last),
            Months::All | Months::UpTo | Months::Before => return Vec::new(),
        };
        let numbers = unit.number().map(|unit| unit + first..=unit + last);
        numbers.into_iter().flatten().map(Month::from_number).collect()
    }

    /// Whether a unit of month `unit` reads `month`. Undated rows belong to no month: only `all`, `up_to` and a unit that
    /// is undated itself read them.
    pub fn reads(self, unit: Month, month: Month) -> bool {
        match self {
            Months::Same => month == unit,
            Months::All => true,
            Months::UpTo => month <= unit,
            Months::Before => month < unit,
            Months::Range { first, last } => match (unit.number(), month.number()) {
                (Some(unit), Some(month)) => (first..=last).contains(&(month - unit)),
                (None, None) => first <= 0 && 0 <= last,
                _ => false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        Month::parse(text).unwrap()
    }

    #[test]
    fn modes_read_the_months_they_say() {
        let unit = month("2024-01");
        let reads = |mode: &str, m: &str| Months::parse(mode).unwrap().reads(unit, month(m));
        assert!(reads("same", "2024-01") && !reads("same", "2023-12"));
        assert!(reads("up_to", "2024-01") && reads("up_to", "0000-00") && !reads("up_to", "2024-02"));
        assert!(reads("before", "2023-12") && !reads("before", "2024-01"));
        assert!(reads("-1..1", "2023-12") && reads("-1..1", "2024-02") && !reads("-1..1", "2024-03"));
        assert!(!reads("-1..1", "0000-00") && reads("all", "0000-00"));
        assert_eq!(Months::parse("1..0"), None);
    }
}
