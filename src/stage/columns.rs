//! Growing columns: cells in, polars columns out.

use polars::prelude::*;

use super::entity::{Field, Kind, stem};
use super::time::Offsets;
use super::value::Cell;

/// A column, or the three of a timestamp, while rows are added.
pub enum Builder {
    Text(StringChunkedBuilder),
    Int(PrimitiveChunkedBuilder<Int64Type>),
    Decimal(PrimitiveChunkedBuilder<Int128Type>),
    Bool(BooleanChunkedBuilder),
    Date(PrimitiveChunkedBuilder<Int32Type>),
    At(Box<Instants>),
}

/// The columns of a timestamp.
pub struct Instants {
    at: PrimitiveChunkedBuilder<Int64Type>,
    epoch: PrimitiveChunkedBuilder<Int64Type>,
    date: PrimitiveChunkedBuilder<Int32Type>,
}

/// Rows a builder has room for before it grows.
const ROOM: usize = 1024;

impl Builder {
    /// The builder of a field; `None` for inputs, which are no columns.
    pub fn new(field: &Field) -> Option<Self> {
        let name = PlSmallStr::from_string(field.column());
        Some(match field.kind {
            Kind::Input | Kind::InputList => return None,
            Kind::Text | Kind::Lower | Kind::Enum(_) => Self::text(field.name),
            Kind::Integer | Kind::Count | Kind::Seconds | Kind::Millionths => {
                Builder::Int(PrimitiveChunkedBuilder::new(name, ROOM))
            }
            Kind::Decimal | Kind::Amount => Builder::Decimal(PrimitiveChunkedBuilder::new(name, ROOM)),
            Kind::Boolean(_) => Builder::Bool(BooleanChunkedBuilder::new(name, ROOM)),
            Kind::Date => Builder::Date(PrimitiveChunkedBuilder::new(name, ROOM)),
            Kind::Timestamp => {
                let stem = stem(field.name);
                Builder::At(Box::new(Instants {
                    at: PrimitiveChunkedBuilder::new(name, ROOM),
                    epoch: PrimitiveChunkedBuilder::new(format!("{stem}_epoch").into(), ROOM),
                    date: PrimitiveChunkedBuilder::new(format!("{stem}_date").into(), ROOM),
                }))
            }
        })
    }

    pub fn text(name: &str) -> Self {
        Builder::Text(StringChunkedBuilder::new(name.into(), ROOM))
    }

    pub fn int(name: &str) -> Self {
        Builder::Int(PrimitiveChunkedBuilder::new(name.into(), ROOM))
    }

    /// Adds a cell; one that does not fit the column is NULL. Gives the local date of an instant.
    pub fn push(&mut self, cell: &Cell<'_>, offsets: &mut Offsets) -> Option<i32> {
        match self {
            Builder::Text(column) => match cell {
                Cell::Text(text) => column.append_value(text.as_ref()),
                _ => column.append_null(),
            },
            Builder::Int(column) => match cell {
                Cell::Int(value) => column.append_value(*value),
                _ => column.append_null(),
            },
            Builder::Decimal(column) => match cell {
                Cell::Decimal(value) => column.append_value(*value),
                _ => column.append_null(),
            },
            Builder::Bool(column) => match cell {
                Cell::Bool(value) => column.append_value(*value),
                _ => column.append_null(),
            },
            Builder::Date(column) => match cell {
                Cell::Date(value) => column.append_value(*value),
                _ => column.append_null(),
            },
            Builder::At(columns) => match cell {
                Cell::At(micros) => {
                    let day = offsets.local_day(*micros);
                    columns.at.append_value(*micros);
                    columns.epoch.append_value(micros.div_euclid(1_000_000));
                    columns.date.append_value(day);
                    return Some(day);
                }
                _ => {
                    columns.at.append_null();
                    columns.epoch.append_null();
                    columns.date.append_null();
                }
            },
        }
        None
    }

    /// The finished columns.
    pub fn finish(self) -> Vec<Column> {
        let one = |series: Series| vec![series.into_column()];
        match self {
            Builder::Text(column) => one(column.finish().into_series()),
            Builder::Int(column) => one(column.finish().into_series()),
            Builder::Decimal(column) => one(column.finish().into_decimal_unchecked(18, 4).into_series()),
            Builder::Bool(column) => one(column.finish().into_series()),
            Builder::Date(column) => one(column.finish().into_date().into_series()),
            Builder::At(columns) => vec![
                columns
                    .at
                    .finish()
                    .into_datetime(TimeUnit::Microseconds, None)
                    .into_series()
                    .into_column(),
                columns.epoch.finish().into_series().into_column(),
                columns.date.finish().into_date().into_series().into_column(),
            ],
        }
    }
}
