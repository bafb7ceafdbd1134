//! A JSON writer for records of a known shape: keys in the vendor's order, no tree in between.

use super::clock::{DAY, Instant, date_of_day, day_of};
use chrono::Datelike;

/// One JSON text under construction. Commas are put where the last byte asks for one.
#[derive(Default)]
pub struct Json(pub Vec<u8>);

impl Json {
    fn separate(&mut self) {
        if !matches!(self.0.last(), None | Some(b'{' | b'[' | b':' | b'\n')) {
            self.0.push(b',');
        }
    }

    pub fn open(&mut self, bracket: char) -> &mut Self {
        self.separate();
        self.0.push(bracket as u8);
        self
    }

    pub fn close(&mut self, bracket: char) -> &mut Self {
        self.0.push(bracket as u8);
        self
    }

    pub fn key(&mut self, key: &str) -> &mut Self {
        self.separate();
        self.0.push(b'"');
        self.0.extend_from_slice(key.as_bytes());
        self.0.extend_from_slice(b"\":");
        self
    }

    /// A value written as it stands: a number, a boolean, null.
    pub fn raw(&mut self, value: &str) -> &mut Self {
        self.separate();
        self.0.extend_from_slice(value.as_bytes());
        self
    }

    pub fn text(&mut self, value: &str) -> &mut Self {
        self.separate();
        self.0.push(b'"');
        for byte in value.bytes() {
            match byte {
                b'"' => self.0.extend_from_slice(b"\\\""),
                b'\\' => self.0.extend_from_slice(b"\\\\"),
                b'\n' => self.0.extend_from_slice(b"\\n"),
                b'\r' => self.0.extend_from_slice(b"\\r"),
                b'\t' => self.0.extend_from_slice(b"\\t"),
                0..0x20 => self.0.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
                _ => self.0.push(byte),
            }
        }
        self.0.push(b'"');
        self
    }

    pub fn number(&mut self, value: i64) -> &mut Self {
        self.separate();
        push_number(&mut self.0, value);
        self
    }

    pub fn flag(&mut self, value: bool) -> &mut Self {
        self.raw(if value { "true" } else { "false" })
    }

    pub fn null(&mut self) -> &mut Self {
        self.raw("null")
    }

    /// Cents as text, as order platforms write money.
    pub fn money(&mut self, cents: i64) -> &mut Self {
        self.separate();
        self.0.push(b'"');
        push_money(&mut self.0, cents);
        self.0.push(b'"');
        self
    }

    /// Cents as a number: what the platform does inside refund lines.
    pub fn money_number(&mut self, cents: i64) -> &mut Self {
        self.separate();
        push_money(&mut self.0, cents);
        self
    }

    /// `2025-03-30T01:00:00Z`
    pub fn instant(&mut self, at: Instant) -> &mut Self {
        self.separate();
        self.0.push(b'"');
        push_date_time(&mut self.0, at, b'T');
        self.0.extend_from_slice(b"Z\"");
        self
    }

    pub fn or_null<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) -> &mut Self {
        match value {
            Some(value) => write(self, value),
            None => {
                self.null();
            }
        }
        self
    }

    pub fn end_line(&mut self) {
        self.0.push(b'\n');
    }
}

pub fn push_number(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    push_padded(out, value.unsigned_abs(), 1);
}

pub fn push_money(out: &mut Vec<u8>, cents: i64) {
    if cents < 0 {
        out.push(b'-');
    }
    push_padded(out, cents.unsigned_abs() / 100, 1);
    out.push(b'.');
    push_padded(out, cents.unsigned_abs() % 100, 2);
}

pub fn push_date_time(out: &mut Vec<u8>, at: Instant, between: u8) {
    let date = date_of_day(day_of(at));
    let second = at.rem_euclid(DAY) as u64;
    push_padded(out, date.year() as u64, 4);
    out.push(b'-');
    push_padded(out, u64::from(date.month()), 2);
    out.push(b'-');
    push_padded(out, u64::from(date.day()), 2);
    out.push(between);
    push_padded(out, second / 3600, 2);
    out.push(b':');
    push_padded(out, second / 60 % 60, 2);
    out.push(b':');
    push_padded(out, second % 60, 2);
}

fn push_padded(out: &mut Vec<u8>, mut value: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let mut start = digits.len();
    while value > 0 || digits.len() - start < width {
        start -= 1;
        digits[start] = b'0' + (value % 10) as u8;
        value /= 10;
    }
    out.extend_from_slice(&digits[start..]);
}
