//! Every folder of `tests/fixtures/kpis` is one behaviour of the KPIs: small inputs, and rows worked out by hand.
//!
//! `<entity>.csv` holds inputs in the canonical layout, `job.toml` (optional) adds to the job file, and
//! `expected/<table>.csv` says what the table must hold. Lines with `#` comment; `# where column=value` leaves only such
//! rows of the table; of these the columns of the file's header must be its rows, as a multiset. An empty cell is NULL,
//! `2/3` is a number.
//!
//! The models are read from `sql/` of the folder in which cargo runs the tests, so that a change of SQL compiles nothing.
//! `POSTVENTA_KPI_CASES` runs only the cases whose names contain it, `POSTVENTA_KPI_DUMPS` names a folder for
//! `--dump-models`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use polars::prelude::DataType;
use postventa::stage::Entity;

use super::program::{Project, postventa};
use super::warehouse::{PUBLISHED, Table, table};

fn repository() -> PathBuf {
    let built_in = env!("CARGO_MANIFEST_DIR").to_owned();
    PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap_or(built_in))
}

#[test]
fn every_case_gives_the_numbers_worked_out_by_hand() {
    let wanted = std::env::var("POSTVENTA_KPI_CASES").unwrap_or_default();
    let mut cases = inside(&repository().join("tests/fixtures/kpis"));
    cases.retain(|case| name(case).contains(&wanted));
    assert!(!cases.is_empty(), "no case's name contains {wanted:?}");
    let halves = cases.split_at(cases.len() / 2);
    let faults = std::thread::scope(|scope| {
        let other = scope.spawn(|| faults_of_all(halves.0));
        let mut faults = faults_of_all(halves.1);
        faults.splice(..0, other.join().unwrap());
        faults
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn faults_of_all(cases: &[PathBuf]) -> Vec<String> {
    let named = |case: &PathBuf| -> Vec<String> {
        let found = faults(case).into_iter();
        found.map(|fault| format!("{}: {fault}", name(case))).collect()
    };
    cases.iter().flat_map(named).collect()
}

/// What is wrong with one case: with its files, or with what the program makes of them.
fn faults(case: &Path) -> Vec<String> {
    let expected: Vec<PathBuf> = inside(&case.join("expected"));
    if !expected.iter().any(|file| is_csv(file)) {
        return vec!["there is no expected/*.csv".to_owned()];
    }
    let project = Project::new();
    let mut faults = prepare(case, &project);
    if !faults.is_empty() {
        return faults;
    }
    let job = project.text("job.toml");
    let dump = std::env::var("POSTVENTA_KPI_DUMPS").map(|folder| format!("{folder}/{}", name(case)));
    let dump: Vec<&str> = dump.iter().flat_map(|folder| ["--dump-models", folder]).collect();
    let ran = postventa(&[&["run", &job][..], &dump].concat()).run();
    if ran.code != 0 {
        return vec![format!("the run ends with {}\n{}", ran.code, ran.err)];
    }
    // A mistyped value must not pass for one that is not there.
    let quarantine = table(&project.warehouse(), "marts/quarantine");
    if quarantine.height() > 0 && !expected.iter().any(|file| table_name(file) == "quarantine") {
        let rows = quarantine.rows(&["source", "record_number", "column_name", "reason", "value"]);
        faults.push(format!("rows in quarantine: {rows:?}"));
    }
    faults.extend(expected.iter().flat_map(|file| differences(file, &project.warehouse())));
    faults
}

/// Copies the inputs and writes the job file that reads them.
fn prepare(case: &Path, project: &Project) -> Vec<String> {
    let mut faults = Vec::new();
    let mut sources = String::new();
    for file in inside(case).into_iter().filter(|file| is_csv(file)) {
        let name = table_name(&file);
        let text = read(&file);
        let Some(entity) = Entity::from_name(&name).filter(|entity| entity.is_mapped()) else {
            faults.push(format!("{name}.csv: there is no entity {name}"));
            continue;
        };
        for column in text.lines().next().unwrap_or_default().split(',') {
            if !entity.mapped_fields().any(|field| field.name == column) {
                faults.push(format!("{name}.csv: {name} have no field {column:?}"));
            }
        }
        project.write(&format!("{name}.csv"), &text);
        sources += &format!(
            "[[source]]\nname = \"{name}\"\npreset = \"canonical.{name}\"\npath = \"{name}.csv\"\nsystem = \"shop\"\n"
        );
    }
    let own = Some(case.join("job.toml")).filter(|file| file.exists());
    let own: toml::Table = own.map_or_else(toml::Table::new, |file| read(&file).parse().unwrap());
    let mut job: toml::Table = sources.parse().unwrap();
    let sql = repository().join("sql");
    let head = "name = \"case\"\ntime_zone = \"Europe/Madrid\"\ncurrency = \"EUR\"\nwarehouse = \"warehouse\"\n";
    let mut head: toml::Table = head.parse().unwrap();
    head.insert("sql".to_owned(), sql.to_str().unwrap().into());
    for (section, value) in own {
        match value {
            toml::Value::Table(keys) if section == "job" => head.extend(keys),
            value => drop(job.insert(section, value)),
        }
    }
    job.insert("job".to_owned(), head.into());
    project.write("job.toml", &job.to_string());
    faults
}

/// Rows as text; NULL is empty.
type Row = Vec<String>;

/// An expected table, as its file says it.
struct Expected {
    conditions: BTreeMap<String, String>,
    columns: Vec<String>,
    rows: Vec<Row>,
}

fn parse(text: &str) -> Expected {
    let comments = text.lines().take_while(|line| line.starts_with('#'));
    let conditions = comments.filter_map(|line| line.strip_prefix("# where "));
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    Expected {
        conditions: conditions
            .map(|condition| condition.split_once('=').expect("column=value"))
            .map(|(column, value)| (column.trim().to_owned(), value.trim().to_owned()))
            .collect(),
        columns: reader.headers().unwrap().iter().map(str::to_owned).collect(),
        rows: reader
            .records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect())
            .collect(),
    }
}

fn differences(file: &Path, warehouse: &Path) -> Vec<String> {
    let name = table_name(file);
    let expected = parse(&read(file));
    let layer = PUBLISHED
        .iter()
        .find(|layer| warehouse.join(layer).join(&name).exists());
    let Some(layer) = layer else {
        return vec![format!("there is no table {name}")];
    };
    let table = table(warehouse, &format!("{layer}/{name}"));
    let unknown: Vec<String> = expected
        .columns
        .iter()
        .chain(expected.conditions.keys())
        .cloned()
        .collect();
    let unknown: Vec<String> = unknown
        .into_iter()
        .filter(|column| !has_column(&table, column))
        .collect();
    if !unknown.is_empty() {
        return vec![format!("{name} has no column {}", unknown.join(", "))];
    }

    let mut found = rows(&table, &expected.conditions, &expected.columns);
    let kinds: Vec<DataType> = expected.columns.iter().map(|column| kind(&table, column)).collect();
    let mut faults = Vec::new();
    for wanted in &expected.rows {
        let cells_agree = |row: &Row| (0..kinds.len()).all(|at| equal(&kinds[at], &wanted[at], &row[at]));
        match found.iter().position(cells_agree) {
            Some(place) => drop(found.remove(place)),
            None => faults.push(format!("{name}: missing    {}", wanted.join(","))),
        }
    }
    faults.extend(found.iter().map(|row| format!("{name}: unexpected {}", row.join(","))));
    if !faults.is_empty() {
        faults.insert(0, format!("{name}: columns    {}", expected.columns.join(",")));
    }
    faults
}

fn has_column(table: &Table, column: &str) -> bool {
    table.0.column(column).is_ok()
}

fn kind(table: &Table, column: &str) -> DataType {
    table.0.column(column).unwrap().dtype().clone()
}

/// The rows for which all conditions hold, cut to some columns.
fn rows(table: &Table, conditions: &BTreeMap<String, String>, columns: &[String]) -> Vec<Row> {
    let mut holds = vec![true; table.height()];
    for (column, value) in conditions {
        let kind = kind(table, column);
        for (row, cell) in table.column(column).iter().enumerate() {
            holds[row] &= equal(&kind, value, cell);
        }
    }
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let rows = table.rows(&columns).into_iter().zip(holds);
    rows.filter(|(_, holds)| *holds).map(|(row, _)| row).collect()
}

fn equal(kind: &DataType, wanted: &str, found: &str) -> bool {
    if wanted.is_empty() || found.is_empty() {
        return wanted == found;
    }
    match kind {
        DataType::Datetime(..) => found.split('.').next() == Some(wanted),
        kind if kind.is_numeric() => match (number(wanted), number(found)) {
            (Some(wanted), Some(found)) if kind.is_float() => (wanted - found).abs() <= 1e-9 * wanted.abs().max(1.0),
            (Some(wanted), Some(found)) => (wanted - found).abs() <= 1e-9,
            _ => false,
        },
        _ => wanted == found,
    }
}

fn number(text: &str) -> Option<f64> {
    let (above, below) = text.split_once('/').unwrap_or((text, "1"));
    Some(above.parse::<f64>().ok()? / below.parse::<f64>().ok()?)
}

/// What a folder holds, sorted; nothing, if there is none.
fn inside(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn is_csv(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "csv")
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// The entity or table that a file is named after.
fn table_name(file: &Path) -> String {
    file.file_stem().unwrap().to_str().unwrap().to_owned()
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap()
}

/// A case of two tickets, of which one is solved, with what its table is said to hold.
fn case(expected: &str) -> Project {
    let case = Project::new();
    case.write(
        "tickets.csv",
        "ticket_id,created_at,status,channel\n\
         a,2025-01-07T10:00:00Z,solved,chat\n\
         b,2025-01-08T10:00:00Z,open,\n",
    );
    if !expected.is_empty() {
        case.write("expected/fct_tickets.csv", expected);
    }
    case
}

fn faults_of(case: &Project) -> Vec<String> {
    faults(case.folder.path())
}

#[test]
fn right_rows_in_any_order_are_no_fault() {
    let right = "# where system=shop\n# Two rows.\nticket_id,channel,is_solved\nb,,false\na,chat,true\n";
    assert_eq!(faults_of(&case(right)), Vec::<String>::new());
    let one = "# where channel=\nticket_id\nb\n";
    assert_eq!(faults_of(&case(one)), Vec::<String>::new());
}

#[test]
fn a_wrong_number_is_told_with_its_table_and_both_rows() {
    let wrong = "ticket_id,created_epoch\na,1736244000\nb,1736330401\n";
    let told = [
        "fct_tickets: columns    ticket_id,created_epoch",
        "fct_tickets: missing    b,1736330401",
        "fct_tickets: unexpected b,1736330400",
    ];
    assert_eq!(faults_of(&case(wrong)), told);
    // A row twice is not the row once, and NULL is not a value.
    for wrong in [
        "ticket_id\na\na\nb\n",
        "ticket_id\na\n",
        "ticket_id,channel\na,chat\nb,0\n",
    ] {
        assert!(faults_of(&case(wrong)).len() >= 2, "{wrong}");
    }
}

#[test]
fn a_case_that_cannot_say_anything_fails() {
    assert_eq!(faults_of(&case("")), ["there is no expected/*.csv"]);
    assert_eq!(
        faults_of(&case("ticket_id,chanel\na,chat\n")),
        ["fct_tickets has no column chanel"]
    );

    let unknown = case("ticket_id\na\nb\n");
    unknown.write("expected/fct_ticket.csv", "ticket_id\na\n");
    assert_eq!(faults_of(&unknown), ["there is no table fct_ticket"]);

    let mistyped = case("ticket_id\na\nb\n");
    mistyped.edit("tickets.csv", "status,channel", "status,chanel");
    assert_eq!(faults_of(&mistyped), ["tickets.csv: tickets have no field \"chanel\""]);

    let refused = case("ticket_id\na\nb\n");
    refused.write("job.toml", "[job]\nmax_quarantined_share = 1.0\n");
    refused.edit("tickets.csv", "solved", "solvd");
    assert!(faults_of(&refused)[0].starts_with("rows in quarantine"));
}
