//! What a header promises of a result's rows. Every promise that is broken is told, with the first of the rows at fault.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::catalog::Model;
use super::month::Month;
use crate::error::{Error, Result};

/// Rows told of each broken promise.
const SHOWN: usize = 3;

/// The inputs that the model's relationships name.
pub fn related(model: &Model, inputs: &[(String, DataFrame)]) -> BTreeMap<String, DataFrame> {
    let is_named = |table: &str| {
        model
            .relationships
            .iter()
            .any(|relationship| relationship.table == table)
    };
    inputs.iter().filter(|(table, _)| is_named(table)).cloned().collect()
}

/// Tests a result, sorted by the model's grain.
pub fn check(model: &Model, unit: Month, frame: &DataFrame, related: &BTreeMap<String, DataFrame>) -> Result<()> {
    let mut failures = Vec::new();
    let mut test = |bad: DataFrame, columns: &[String], promise: String| -> Result<()> {
        if bad.height() > 0 {
            let rows = shown(model, &bad, columns)?;
            failures.push(format!(
                "{} {unit}: {promise} in {} row(s): {rows}",
                model.name,
                bad.height()
            ));
        }
        Ok(())
    };
    for name in &model.not_null {
        let mask = frame.column(name)?.is_null();
        test(at(frame, &mask)?, &[], format!("{name} is NULL"))?;
    }
    for (name, accepted) in &model.accepted_values {
        let values = frame.column(name)?.str()?;
        let mask = values
            .iter()
            .map(|value| value.is_some_and(|value| !accepted.iter().any(|a| a == value)))
            .collect();
        let promise = format!("{name} is not one of {}", accepted.join(", "));
        test(at(frame, &mask)?, std::slice::from_ref(name), promise)?;
    }
    for (name, least, most) in &model.ranges {
        let values = frame.column(name)?.cast(&DataType::Float64)?;
        let mask = values
            .f64()?
            .iter()
            .map(|value| value.is_some_and(|value| !(*least..=*most).contains(&value)))
            .collect();
        let promise = format!("{name} is not between {least} and {most}");
        test(at(frame, &mask)?, std::slice::from_ref(name), promise)?;
    }
    for relationship in &model.relationships {
        let other = related
            .get(&relationship.table)
            .ok_or_else(|| Error::Bug(format!("{} is no input of {}", relationship.table, model.name)))?;
        let told = model.grain.iter().chain(&relationship.columns);
        let told: PlIndexSet<&str> = told.map(String::as_str).collect();
        // As with a foreign key, a row with a NULL refers to nothing.
        let referring = frame.select(told)?.drop_nulls(Some(&relationship.columns))?;
        let (ours, theirs) = (&relationship.columns, &relationship.keys);
        let bad = referring
            .join(other, ours, theirs, JoinArgs::new(JoinType::Anti), None)
            .map_err(|e| model.error(format!("relationship to {}: {e}", relationship.table)))?;
        test(
            bad,
            ours,
            format!("{} is not in {}", ours.join(", "), relationship.table),
        )?;
    }
    test(repeated(model, frame)?, &[], "another row has the same key".into())?;
    match failures.is_empty() {
        true => Ok(()),
        false => Err(Error::DataTest(failures)),
    }
}

/// The rows of a mask; a frame that passes is not gone through column by column.
fn at(frame: &DataFrame, mask: &BooleanChunked) -> Result<DataFrame> {
    match mask.any() {
        true => Ok(frame.filter(mask)?),
        false => Ok(frame.clear()),
    }
}

/// The key and the tested columns of the first rows.
fn shown(model: &Model, bad: &DataFrame, columns: &[String]) -> Result<String> {
    let tested = columns.iter().filter(|name| !model.grain.contains(name));
    let names: Vec<&String> = model.grain.iter().chain(tested).collect();
    let mut rows = Vec::new();
    for row in 0..bad.height().min(SHOWN) {
        let cells = names
            .iter()
            .map(|name| Ok(format!("{name}={}", bad.column(name)?.get(row)?)));
        rows.push(cells.collect::<Result<Vec<_>>>()?.join(", "));
    }
    Ok(rows.join("; "))
}

/// The rows with the same key as the next one, in a frame sorted by the key.
fn repeated(model: &Model, frame: &DataFrame) -> Result<DataFrame> {
    let others = frame.height().saturating_sub(1);
    let mut equal = BooleanChunked::full("".into(), true, others);
    for name in &model.grain {
        let key = frame.column(name)?.as_materialized_series();
        equal = equal & key.slice(0, others).equal_missing(&key.slice(1, others))?;
    }
    at(&frame.slice(0, others), &equal)
}
