//! Lists the files of `sql/` for the binary, so that a new model needs no line of Rust.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=sql");
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let mut code = String::from(
        "/// Layer, name and text of every model of `sql/`.\nstatic EMBEDDED: &[(Layer, &str, &str)] = &[\n",
    );
    for (layer, variant) in [
        ("core", "Core"),
        ("facts", "Facts"),
        ("marts", "Marts"),
        ("checks", "Checks"),
    ] {
        let folder = Path::new(&root).join("sql").join(layer);
        let mut names: Vec<String> = fs::read_dir(&folder)?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter_map(|file| file.strip_suffix(".sql").map(str::to_owned))
            .collect();
        names.sort();
        for name in names {
            let text = fs::read_to_string(folder.join(format!("{name}.sql")))?;
            writeln!(code, "    (Layer::{variant}, {name:?}, {text:?}),").map_err(io::Error::other)?;
        }
    }
    code.push_str("];\n");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let file = Path::new(&out).join("embedded_models.rs");
    // A new file, not the old one written over, which may be hard-linked into a copy of the target folder.
    match fs::remove_file(&file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => fs::write(file, code),
    }
}
