//! CSV exports, cut into stretches that are parsed in parallel.

use std::borrow::Cow;
use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord};
use rayon::prelude::*;

use super::fault::FileFault;
use super::record::{Node, Shape};
use super::{Sink, stretch_bytes};

/// A CSV text with its header read: what there is to map before any row is.
#[derive(Debug)]
pub struct Table<'a> {
    /// Trimmed; a name that comes again gets `.2`, `.3`.
    pub headers: Vec<String>,
    body: &'a str,
    delimiter: u8,
}

/// The member of a grouped record that holds its rows.
pub const ROWS: &str = "rows";

impl<'a> Table<'a> {
    /// Reads the header. Without a delimiter the most frequent of `,` `;` tab and `|` in the header is taken.
    ///
    /// # Errors
    /// A text without a header.
    pub fn open(text: &'a str, delimiter: Option<u8>) -> Result<Self, FileFault> {
        let text = text.trim_start_matches(['\n', '\r']);
        let delimiter = delimiter.unwrap_or_else(|| guess_delimiter(text));
        let mut reader = builder(delimiter).from_reader(text.as_bytes());
        let mut record = StringRecord::new();
        let read = reader.read_record(&mut record);
        if !read.is_ok_and(|any| any) {
            return Err(FileFault::new(
                "the file has no header",
                "deliver the file with a header line",
            ));
        }
        let end = usize::try_from(reader.position().byte()).unwrap_or(text.len());
        let mut seen: HashMap<String, usize> = HashMap::new();
        let headers = record
            .iter()
            .map(|name| {
                let name = name.trim();
                let count = seen.entry(name.to_owned()).or_insert(0);
                *count += 1;
                match *count {
                    1 => name.to_owned(),
                    n => format!("{name}.{n}"),
                }
            })
            .collect();
        Ok(Self {
            headers,
            body: text.get(end..).unwrap_or_default(),
            delimiter,
        })
    }

    /// The column of a name: exact, else whatever the case.
    pub fn column(&self, name: &str) -> Option<usize> {
        column(&self.headers, name)
    }

    /// Reads all rows as records.
    ///
    /// # Errors
    /// A file that is cut in its last row. A row with too many or too few cells goes to the sink instead.
    pub fn read<S: Sink>(&self, shape: &Shape, new_sink: &(dyn Fn() -> S + Sync)) -> Result<Vec<S>, FileFault> {
        let columns = self.columns(shape);
        let stretches = self.stretches(stretch_bytes(self.body.len()))?;
        let read_one = |stretch: &Stretch<'_>| {
            let mut sink = new_sink();
            let rows = self.each_row(stretch.text, stretch.first_row, |number, row| match row {
                Ok(row) => {
                    let slots = columns.iter().map(|column| cell(row, *column)).collect();
                    sink.record(number, &Node::Object(slots));
                }
                Err(reason) => sink.broken(number, reason),
            })?;
            Ok((sink, rows == stretch.rows))
        };
        let read: Vec<(S, bool)> = stretches.par_iter().map(read_one).collect::<Result<_, FileFault>>()?;
        if read.len() <= 1 || read.iter().all(|(_, as_counted)| *as_counted) {
            return Ok(read.into_iter().map(|(sink, _)| sink).collect());
        }
        // Rows of another shape than lines (blank ones, lone carriage returns): numbers only come out in one go.
        let whole = Stretch {
            text: self.body,
            first_row: 0,
            rows: 0,
        };
        Ok(vec![read_one(&whole)?.0])
    }

    /// Reads rows that belong together by a key, wherever they stand in the file, as one record each: its own members
    /// come from its first row, its rows are the list [`ROWS`]. A record has the number of its first row.
    ///
    /// # Errors
    /// As [`read`](Self::read), and a file without the key's column.
    pub fn read_grouped<S: Sink>(
        &self,
        key: &str,
        shape: &Shape,
        new_sink: &(dyn Fn() -> S + Sync),
    ) -> Result<Vec<S>, FileFault> {
        let key_column = self.column(key).ok_or_else(|| self.missing(key))?;
        let rows = shape.find(ROWS);
        let columns = self.columns(shape);
        let row_columns = rows.map(|(_, shape)| self.columns(shape));
        let mut sink = new_sink();
        let mut groups: Vec<(i64, Vec<Node<'static>>, Vec<Node<'static>>)> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        self.stretches(usize::MAX)?;
        self.each_row(self.body, 0, |number, row| {
            let row = match row {
                Ok(row) => row,
                Err(reason) => return sink.broken(number, reason),
            };
            let owned = |columns: &[Option<usize>]| -> Vec<Node<'static>> {
                columns.iter().map(|c| owned_cell(row, *c)).collect()
            };
            let name = row.get(key_column).unwrap_or_default().trim();
            // A row without a key belongs to nobody: it stands alone and says so by its missing id.
            let known = places.get(name).copied().filter(|_| !name.is_empty());
            let place = known.unwrap_or_else(|| {
                groups.push((number, owned(&columns), Vec::new()));
                places.insert(name.to_owned(), groups.len() - 1);
                groups.len() - 1
            });
            if let (Some(columns), Some(group)) = (&row_columns, groups.get_mut(place)) {
                group.2.push(Node::Object(owned(columns)));
            }
        })?;
        for (number, mut slots, items) in groups {
            if let Some(place) = rows.and_then(|(slot, _)| slots.get_mut(slot)) {
                *place = Node::List(items);
            }
            sink.record(number, &Node::Object(slots));
        }
        Ok(vec![sink])
    }

    fn columns(&self, shape: &Shape) -> Vec<Option<usize>> {
        shape.names().map(|name| self.column(name)).collect()
    }

    /// Calls `each` with every row of a text and its number after `first_row`; gives how many there were.
    fn each_row(
        &self,
        text: &str,
        first_row: i64,
        mut each: impl FnMut(i64, Result<&StringRecord, &'static str>),
    ) -> Result<i64, FileFault> {
        let mut reader = builder(self.delimiter).from_reader(text.as_bytes());
        let mut row = StringRecord::new();
        let mut number = first_row;
        while reader.read_record(&mut row).map_err(unreadable)? {
            number += 1;
            if row.len() != self.headers.len() {
                each(number, Err("wrong_cell_count"));
            } else if row.as_slice().contains('\0') {
                each(number, Err("nul_byte"));
            } else {
                each(number, Ok(&row));
            }
        }
        Ok(number - first_row)
    }

    /// Cuts the body into stretches of whole rows, and refuses a body that ends inside a row.
    fn stretches(&self, size: usize) -> Result<Vec<Stretch<'a>>, FileFault> {
        let scan = scan(self.body, self.delimiter, size);
        if scan.open_quote {
            return Err(FileFault::new(
                "the file is cut, or a quote in it is never closed",
                "deliver the whole file again",
            ));
        }
        let last = self.body.get(scan.last_row..).unwrap_or_default();
        if !last.trim().is_empty() {
            let mut cells = 0;
            let mut reader = builder(self.delimiter).from_reader(last.as_bytes());
            let mut row = StringRecord::new();
            while reader.read_record(&mut row).map_err(unreadable)? {
                cells = row.len();
            }
            if cells < self.headers.len() && !last.ends_with('\r') {
                return Err(FileFault::new(
                    format!(
                        "the file is cut: its last row has {cells} of {} cells and no line end",
                        self.headers.len()
                    ),
                    "deliver the whole file again",
                ));
            }
        }
        Ok(scan.stretches)
    }

    /// The fault of a column that must be there.
    pub fn missing(&self, name: &str) -> FileFault {
        missing_column(&self.headers, name)
    }
}

/// The column of a name among headers: exact, else whatever the case and the spaces around it.
pub fn column(headers: &[String], name: &str) -> Option<usize> {
    let name = name.trim();
    headers.iter().position(|header| header == name).or_else(|| {
        let name = name.to_lowercase();
        headers.iter().position(|header| header.to_lowercase() == name)
    })
}

/// The fault of a column that must be there, with the columns that are, and the most alike of them.
pub fn missing_column(headers: &[String], name: &str) -> FileFault {
    let alike = headers
        .iter()
        .map(|header| (distance(&header.to_lowercase(), &name.to_lowercase()), header))
        .filter(|(distance, _)| *distance * 2 <= name.chars().count())
        .min();
    let hint = alike.map_or(String::new(), |(_, header)| format!(" did you mean `{header}`?"));
    FileFault::new(
        format!(
            "the required column `{name}` is missing;{hint} the file has: {}",
            headers.join(", ")
        ),
        "correct the mapping's path, or deliver the column",
    )
    .at_column(name)
}

fn builder(delimiter: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter);
    builder
}

fn unreadable(error: csv::Error) -> FileFault {
    FileFault::new(format!("the CSV cannot be read ({error})"), "deliver the file again")
}

fn cell<'r>(row: &'r StringRecord, column: Option<usize>) -> Node<'r> {
    match column.and_then(|column| row.get(column)) {
        None | Some("") => Node::Null,
        Some(text) => Node::Text(Cow::Borrowed(text)),
    }
}

fn owned_cell(row: &StringRecord, column: Option<usize>) -> Node<'static> {
    match column.and_then(|column| row.get(column)) {
        None | Some("") => Node::Null,
        Some(text) => Node::Text(Cow::Owned(text.to_owned())),
    }
}

fn guess_delimiter(text: &str) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            byte if !quoted => {
                if let Some((_, count)) = counts.iter_mut().find(|(known, _)| *known == byte) {
                    *count += 1;
                }
            }
            _ => {}
        }
    }
    let best = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts
        .iter()
        .find(|(_, count)| *count == best)
        .map_or(b',', |(delimiter, _)| *delimiter)
}

/// Whole rows of a body.
struct Stretch<'a> {
    text: &'a str,
    /// Rows before it.
    first_row: i64,
    /// Rows in it, if every line end outside quotes ends one.
    rows: i64,
}

struct Scan<'a> {
    stretches: Vec<Stretch<'a>>,
    /// Where the last row begins that has no line end.
    last_row: usize,
    open_quote: bool,
}

/// Finds row ends as the CSV parser sees them: a quote opens only at the start of a cell, and a doubled one stays open.
fn scan<'a>(body: &'a str, delimiter: u8, size: usize) -> Scan<'a> {
    let bytes = body.as_bytes();
    let (mut stretches, mut start, mut last_row) = (Vec::new(), 0, 0);
    let (mut open, mut closed_at) = (false, usize::MAX);
    let (mut first_row, mut rows) = (0, 0);
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'"' {
            let before = at.checked_sub(1).and_then(|i| bytes.get(i)).copied();
            let at_cell_start = before.is_none_or(|b| b == delimiter || b == b'\n' || b == b'\r');
            if open {
                open = false;
                closed_at = at;
            } else if at_cell_start || (at > 0 && closed_at == at - 1) {
                open = true;
            }
        } else if *byte == b'\n' && !open {
            last_row = at + 1;
            rows += 1;
            if last_row - start >= size {
                stretches.push(Stretch {
                    text: body.get(start..last_row).unwrap_or_default(),
                    first_row,
                    rows,
                });
                start = last_row;
                first_row += rows;
                rows = 0;
            }
        }
    }
    if start < body.len() {
        stretches.push(Stretch {
            text: body.get(start..).unwrap_or_default(),
            first_row,
            rows: rows + i64::from(last_row < body.len()),
        });
    }
    Scan {
        stretches,
        last_row,
        open_quote: open,
    }
}

/// Edit distance, for "did you mean".
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, r) in right.iter().enumerate() {
            let above = row.get(j + 1).copied().unwrap_or(usize::MAX - 1);
            let corner = row.get(j).copied().unwrap_or(usize::MAX - 1);
            let beside = next.last().copied().unwrap_or(usize::MAX - 1);
            next.push((corner + usize::from(l != *r)).min(above + 1).min(beside + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
