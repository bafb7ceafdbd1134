//! Numbers from text, exact: money, quantities and spans of time.

use super::cast::Reason;

/// Digits behind the point of every staged decimal.
pub const SCALE: u32 = 4;
/// One less than the first value that does not fit `DECIMAL(18,4)`.
const MAX: i128 = 999_999_999_999_999_999;

/// A number as written: `digits` divided by ten to the power of `scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exact {
    digits: i128,
    scale: u32,
}

impl Exact {
    /// Reads a number. `decimal` is the decimal sign where the mapping fixes it; else the point, or whichever of point
    /// and comma comes last where both stand in the number.
    pub fn parse(text: &str, decimal: Option<char>) -> Result<Self, Reason> {
        if let Some(exact) = parse_plain(text, decimal) {
            return Ok(exact);
        }
        let (negative, body) = unwrap_sign(strip_currency(text.trim()));
        let body = strip_currency(body);
        // The sign may stand on either side of the currency: `-$ 5`, `$ -5`.
        let (inner_negative, body) = unwrap_sign(body);
        if negative && inner_negative {
            return Err(Reason::InvalidNumber);
        }
        let sign = decimal.unwrap_or_else(|| match (body.rfind('.'), body.rfind(',')) {
            (Some(point), Some(comma)) if comma > point => ',',
            _ => '.',
        });
        let (whole, fraction) = body.split_once(sign).unwrap_or((body, ""));
        if body.ends_with(sign) && whole.is_empty() || fraction.contains(sign) {
            return Err(Reason::InvalidNumber);
        }
        let mut digits: i128 = 0;
        let mut push = |c: char| -> Result<(), Reason> {
            let digit = c.to_digit(10).ok_or(Reason::InvalidNumber)?;
            digits = digits
                .checked_mul(10)
                .and_then(|d| d.checked_add(i128::from(digit)))
                .ok_or(Reason::OutOfRange)?;
            Ok(())
        };
        let groups: Vec<&str> = whole.split(is_group_sign(sign)).collect();
        for (at, group) in groups.iter().enumerate() {
            let right_length = match at {
                _ if groups.len() == 1 => true,
                0 => (1..=3).contains(&group.len()),
                _ => group.len() == 3,
            };
            if !right_length {
                return Err(Reason::InvalidNumber);
            }
            group.chars().try_for_each(&mut push)?;
        }
        if whole.is_empty() && fraction.is_empty() {
            return Err(Reason::InvalidNumber);
        }
        fraction.chars().try_for_each(&mut push)?;
        Ok(Self {
            digits: if negative || inner_negative { -digits } else { digits },
            scale: u32::try_from(fraction.len()).unwrap_or(u32::MAX),
        })
    }

    /// The product, exact.
    pub fn times(self, other: Self) -> Result<Self, Reason> {
        Ok(Self {
            digits: self.digits.checked_mul(other.digits).ok_or(Reason::OutOfRange)?,
            scale: self.scale + other.scale,
        })
    }

    /// In units of 1/10000, for `DECIMAL(18,4)`.
    pub fn scaled(self) -> Result<i128, Reason> {
        let scaled = self.at_scale(SCALE)?;
        if scaled.abs() > MAX {
            return Err(Reason::OutOfRange);
        }
        Ok(scaled)
    }

    /// As a whole number.
    pub fn integer(self) -> Result<i64, Reason> {
        i64::try_from(self.at_scale(0)?).map_err(|_| Reason::OutOfRange)
    }

    /// In millionths, of a factor that is more than nothing.
    pub fn millionths(self) -> Result<i64, Reason> {
        match i64::try_from(self.at_scale(6)?) {
            Ok(millionths) if millionths > 0 => Ok(millionths),
            _ => Err(Reason::OutOfRange),
        }
    }

    /// As a whole number, rounded half away from zero.
    pub fn rounded(self) -> Result<i64, Reason> {
        let Some(power) = 10_i128.checked_pow(self.scale) else {
            return Ok(0);
        };
        let (whole, rest) = (self.digits / power, self.digits % power);
        let up = if rest.abs() * 2 >= power { rest.signum() } else { 0 };
        i64::try_from(whole + up).map_err(|_| Reason::OutOfRange)
    }

    fn at_scale(self, scale: u32) -> Result<i128, Reason> {
        if self.scale <= scale {
            let power = 10_i128.checked_pow(scale - self.scale).ok_or(Reason::OutOfRange)?;
            return self.digits.checked_mul(power).ok_or(Reason::OutOfRange);
        }
        let power = 10_i128.checked_pow(self.scale - scale);
        match power {
            Some(power) if self.digits % power == 0 => Ok(self.digits / power),
            None if self.digits == 0 => Ok(0),
            _ => Err(Reason::TooPrecise),
        }
    }
}

/// The usual case without any of the rest: `-12.34`.
fn parse_plain(text: &str, decimal: Option<char>) -> Option<Exact> {
    let (negative, body) = match text.strip_prefix('-') {
        Some(body) => (true, body),
        None => (false, text),
    };
    if body.is_empty() || body.len() > 18 {
        return None;
    }
    let (mut digits, mut scale, mut point): (i64, u32, bool) = (0, 0, false);
    for byte in body.bytes() {
        match byte {
            b'0'..=b'9' => {
                digits = digits * 10 + i64::from(byte - b'0');
                scale += u32::from(point);
            }
            b'.' if !point && decimal != Some(',') => point = true,
            _ => return None,
        }
    }
    if !body.starts_with(|c: char| c.is_ascii_digit()) || body.ends_with('.') {
        return None;
    }
    Some(Exact {
        digits: i128::from(if negative { -digits } else { digits }),
        scale,
    })
}

fn is_group_sign(decimal: char) -> impl Fn(char) -> bool {
    move |c| c != decimal && matches!(c, '.' | ',' | '\'' | '\u{2019}' | ' ' | '\u{a0}' | '\u{202f}')
}

/// Drops `(..)`, `-` in front or behind; says whether there was one.
fn unwrap_sign(text: &str) -> (bool, &str) {
    let text = text.trim();
    if let Some(inside) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        return (true, inside.trim());
    }
    for minus in ['-', '\u{2212}'] {
        if let Some(rest) = text.strip_prefix(minus).or_else(|| text.strip_suffix(minus)) {
            return (true, rest.trim());
        }
    }
    (false, text.strip_prefix('+').unwrap_or(text).trim())
}

/// Drops a currency's sign or three-letter code from either end.
fn strip_currency(text: &str) -> &str {
    const SIGNS: &[&str] = &["R$", "S/", "US$", "$", "€", "£", "¥", "₹", "₽", "₺", "kr", "zł"];
    let mut text = text.trim();
    for sign in SIGNS {
        text = text.strip_prefix(sign).unwrap_or(text).trim_start();
        text = text.strip_suffix(sign).unwrap_or(text).trim_end();
    }
    let is_code = |code: &str| code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
    if let Some((code, rest)) = text.split_at_checked(3)
        && is_code(code)
    {
        text = rest.trim_start();
    }
    if let Some((rest, code)) = text.len().checked_sub(3).and_then(|at| text.split_at_checked(at))
        && is_code(code)
    {
        text = rest.trim_end();
    }
    text
}

/// A span of time in whole seconds: `hh:mm:ss` (hours may pass 24), or a number of the unit.
pub fn seconds(text: &str, unit: Unit, decimal: Option<char>) -> Result<i64, Reason> {
    let factor = match unit {
        Unit::Seconds => 1,
        Unit::Minutes => 60,
        Unit::Hours => 3600,
        Unit::Clock => return clock(text),
    };
    if text.contains(':') {
        return clock(text);
    }
    let factor = Exact {
        digits: factor,
        scale: 0,
    };
    let seconds = Exact::parse(text, decimal)?.times(factor)?.rounded()?;
    if seconds < 0 {
        Err(Reason::Negative)
    } else {
        Ok(seconds)
    }
}

/// What a number of a duration counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unit {
    #[default]
    Seconds,
    Minutes,
    Hours,
    Clock,
}

impl Unit {
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "seconds" => Unit::Seconds,
            "minutes" => Unit::Minutes,
            "hours" => Unit::Hours,
            "hh:mm:ss" => Unit::Clock,
            _ => return None,
        })
    }
}

fn clock(text: &str) -> Result<i64, Reason> {
    let parts: Vec<&str> = text.split(':').collect();
    if !(2..=3).contains(&parts.len()) {
        return Err(Reason::InvalidDuration);
    }
    let mut total: i64 = 0;
    for (at, part) in parts.iter().enumerate() {
        let number: i64 = part.parse().map_err(|_| Reason::InvalidDuration)?;
        if number < 0 || at > 0 && number > 59 {
            return Err(Reason::InvalidDuration);
        }
        total = total
            .checked_mul(60)
            .and_then(|t| t.checked_add(number))
            .ok_or(Reason::OutOfRange)?;
    }
    if parts.len() == 2 {
        total = total.checked_mul(60).ok_or(Reason::OutOfRange)?;
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Result<i128, Reason> {
        Exact::parse(text, None)?.scaled()
    }

    #[test]
    fn money_as_shops_write_it() {
        let same = [
            "1234.56",
            "1,234.56",
            "1.234,56",
            "$ 1,234.56",
            "1.234,56 €",
            "€1234.56",
            "USD 1234.56",
            "1 234.56",
            "1'234.56",
            "+1234.560000",
            " 1234.56 ",
            "R$ 1.234,56",
            "1234.56 EUR",
        ];
        for text in same {
            assert_eq!(money(text), Ok(12_345_600), "{text}");
        }
        for text in [
            "-12.00",
            "(12.00)",
            "($12.00)",
            "-$12.00",
            "$-12.00",
            "12.00-",
            "\u{2212}12",
        ] {
            assert_eq!(money(text), Ok(-120_000), "{text}");
        }
        assert_eq!(money("12.62"), Ok(126_200));
        assert_eq!(money("0.1"), Ok(1000));
        assert_eq!(money(".5"), Ok(5000));
        assert_eq!(money("007"), Ok(70_000));
        assert_eq!(money("1,234"), Ok(12_340_000));
    }

    #[test]
    fn what_is_not_plainly_a_number_is_refused() {
        for text in [
            "12,50", "1,23,4", "1.2.3", "abc", "1e3", "--5", "(5", "$", "12 a", "1 2", ".", "-",
        ] {
            assert_eq!(money(text), Err(Reason::InvalidNumber), "{text}");
        }
        assert_eq!(money("1.23456"), Err(Reason::TooPrecise));
        assert_eq!(money("1.23450"), Ok(12_345));
        assert_eq!(money("100000000000000"), Err(Reason::OutOfRange));
        assert_eq!(money("99999999999999.9999"), Ok(MAX));
        assert_eq!(money(&"9".repeat(60)), Err(Reason::OutOfRange));
    }

    #[test]
    fn a_fixed_decimal_sign_settles_it() {
        let comma = |text| Exact::parse(text, Some(','))?.scaled();
        assert_eq!(comma("12,5"), Ok(125_000));
        assert_eq!(comma("1.234"), Ok(12_340_000));
        assert_eq!(comma("1,234"), Ok(12_340));
        assert_eq!(comma("1.234,56"), Ok(12_345_600));
        assert_eq!(comma("1,234.56"), Err(Reason::InvalidNumber));
        let point = |text| Exact::parse(text, Some('.'))?.scaled();
        assert_eq!(point("1.234,56"), Err(Reason::InvalidNumber));
    }

    #[test]
    fn integers_and_products() {
        let integer = |text| Exact::parse(text, None)?.integer();
        assert_eq!(integer("2.0"), Ok(2));
        assert_eq!(integer("-3"), Ok(-3));
        assert_eq!(integer("2.5"), Err(Reason::TooPrecise));
        assert_eq!(integer("9223372036854775808"), Err(Reason::OutOfRange));
        let cents = Exact::parse("0.01", None).unwrap();
        let price = Exact::parse("1299", None).unwrap().times(cents).unwrap();
        assert_eq!(price.scaled(), Ok(129_900));
    }

    #[test]
    fn spans_of_time() {
        assert_eq!(seconds("90", Unit::Seconds, None), Ok(90));
        assert_eq!(seconds("1.5", Unit::Minutes, None), Ok(90));
        assert_eq!(seconds("0.33", Unit::Hours, None), Ok(1188));
        assert_eq!(seconds("26:01:05", Unit::Clock, None), Ok(93_665));
        assert_eq!(seconds("01:05", Unit::Clock, None), Ok(3900));
        assert_eq!(seconds("01:75:00", Unit::Clock, None), Err(Reason::InvalidDuration));
        assert_eq!(seconds("-5", Unit::Seconds, None), Err(Reason::Negative));
    }
}
