//! Customers and agents. A customer is a number: name, place and addresses are drawn from it, so nobody need be kept.

use super::clock::{DAY, HOUR, Instant};
use super::draw::{Draw, Kind};
use super::words::{FIRST_NAMES, LAST_NAMES, Language, PLACES};

/// The shop's number of the customer, from 0. Both systems know the same people under ids of their own.
pub type CustomerNumber = u64;

pub struct Person {
    pub name: String,
    pub email: String,
    pub phone: String,
    pub city: &'static str,
    pub zip: &'static str,
    pub country: &'static str,
    pub language: Language,
}

pub fn person(seed: u64, number: CustomerNumber) -> Person {
    let mut draw = Draw::new(seed, Kind::Person, number);
    let first = *draw.pick(&FIRST_NAMES);
    let last = *draw.pick(&LAST_NAMES);
    let &(city, zip, country) = draw.pick(&PLACES);
    let (language, prefix) = match country {
        "ES" if draw.chance(930) => (Language::Spanish, "+34 6"),
        "PT" => (Language::Portuguese, "+351 91"),
        _ => (Language::English, "+33 6"),
    };
    Person {
        name: format!("{first} {last}"),
        email: format!("{}.{number}@example.com", plain(first)),
        phone: format!("{prefix}{:08}", draw.below(100_000_000)),
        city,
        zip,
        country,
        language,
    }
}

/// Lower case without accents, for addresses.
fn plain(name: &str) -> String {
    let fold = |letter| match letter {
        'á' | 'Á' | 'ã' | 'à' => 'a',
        'é' => 'e',
        'í' | 'Í' => 'i',
        'ó' | 'õ' => 'o',
        'ú' => 'u',
        'ñ' => 'n',
        other => other,
    };
    name.chars().map(fold).collect::<String>().to_lowercase()
}

/// The address as people type it: two of a hundred in capitals, one with spaces around it.
pub fn as_typed(draw: &mut Draw, email: &str) -> String {
    match draw.below(100) {
        0 | 1 => email.to_uppercase(),
        2 => format!(" {email}  "),
        _ => email.to_owned(),
    }
}

pub fn shop_id(number: CustomerNumber) -> i64 {
    7_000_000 + number as i64
}

pub fn helpdesk_id(number: CustomerNumber) -> i64 {
    1_000_000 + number as i64
}

const FIRST_AGENT: i64 = 100;
/// The first agent leaves three weeks after the start, the next ones every five months.
const FIRST_LEAVE_DAY: i64 = 22;
const LEAVE_EVERY_DAYS: i64 = 150;

/// The agents' desks. When an agent leaves, the account becomes an end user and a new agent takes the desk.
#[derive(Debug, Clone, Copy)]
pub struct Desks {
    pub count: u64,
    pub first_day: i64,
}

/// One agent leaving and being replaced.
pub struct Leave {
    pub at: Instant,
    pub left: i64,
    pub hired: i64,
}

impl Desks {
    pub fn first_agents(self) -> std::ops::Range<i64> {
        FIRST_AGENT..FIRST_AGENT + self.count as i64
    }

    fn leave_at(self, number: i64) -> Instant {
        (self.first_day + FIRST_LEAVE_DAY + number * LEAVE_EVERY_DAYS) * DAY + 18 * HOUR
    }

    fn leaving_desk(self, number: i64) -> u64 {
        (2 + 3 * number as u64) % self.count
    }

    fn hired(self, number: i64) -> i64 {
        FIRST_AGENT + self.count as i64 + number
    }

    /// When an agent came, if after the start.
    pub fn hired_at(self, agent: i64) -> Option<Instant> {
        let number = agent - self.hired(0);
        (number >= 0).then(|| self.leave_at(number))
    }

    /// The last leave up to `at`: -1 before the first.
    fn last_leave(self, at: Instant) -> i64 {
        (at - self.leave_at(0)).div_euclid(LEAVE_EVERY_DAYS * DAY).max(-1)
    }

    /// Who sits at the desk at that moment.
    pub fn agent_at(self, desk: u64, at: Instant) -> i64 {
        (0..=self.last_leave(at))
            .rev()
            .find(|&number| self.leaving_desk(number) == desk)
            .map_or(FIRST_AGENT + desk as i64, |number| self.hired(number))
    }

    /// The agent who leaves on the UTC day, if one does.
    pub fn leave_on(self, day: i64) -> Option<Leave> {
        let number = (day - self.first_day - FIRST_LEAVE_DAY).div_euclid(LEAVE_EVERY_DAYS);
        let at = self.leave_at(number.max(0));
        (at.div_euclid(DAY) == day).then(|| Leave {
            at,
            left: self.agent_at(self.leaving_desk(number), at - 1),
            hired: self.hired(number),
        })
    }
}
