//! Writes the inputs, SQL and result of every unit built to a folder, so that another engine can repeat it.

use std::fs;
use std::path::{Path, PathBuf};

use polars::prelude::DataFrame;

use crate::error::{Error, Result};
use crate::model::{self, Built, Model, Month};

fn unit_folder(folder: &Path, model: &Model, unit: Month) -> PathBuf {
    folder.join(&model.name).join(unit.to_string())
}

/// Writes `model.sql` and `inputs/<table>.parquet`.
pub fn inputs(folder: &Path, model: &Model, unit: Month, inputs: &[(String, DataFrame)]) -> Result<()> {
    let at = unit_folder(folder, model, unit);
    write(&at.join("model.sql"), model.sql.as_bytes())?;
    for (name, frame) in inputs {
        write(
            &at.join("inputs").join(format!("{name}.parquet")),
            &model::encode(&mut frame.clone())?,
        )?;
    }
    Ok(())
}

/// Writes `output.parquet`, all months of the unit together.
pub fn output(folder: &Path, model: &Model, unit: Month, built: &Built) -> Result<()> {
    let mut all = model::empty(model);
    for frame in built.values() {
        all.vstack_mut(frame)?;
    }
    write(
        &unit_folder(folder, model, unit).join("output.parquet"),
        &model::encode(&mut all)?,
    )
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |e: std::io::Error| Error::LocalFile {
        path: path.to_owned(),
        message: e.to_string(),
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, bytes).map_err(failed)
}
