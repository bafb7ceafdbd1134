//! How much of each product there is on a day: it sells down and is filled up again, some products too late.

use crate::sample::draw::{Draw, Kind};
use crate::sample::words::GIFT_CARD;

/// Pieces on a UTC day. The gift card never runs out and is in no stock list.
pub fn stock(seed: u64, product: usize, day: i64) -> i64 {
    let mut draw = Draw::new(seed, Kind::Stock, product as u64);
    let (every, sold) = (draw.between(12, 40), draw.between(2, 7));
    let filled = every * sold * draw.between(65, 140) / 100;
    let since = (day + draw.between(0, every)).rem_euclid(every);
    (filled - since * sold).max(0)
}

/// A product that there is none of on the day, if one of a few picked at random is.
pub fn sold_out(seed: u64, day: i64, draw: &mut Draw) -> Option<usize> {
    (0..12)
        .map(|_| draw.below(GIFT_CARD as u64) as usize)
        .find(|&product| stock(seed, product, day) == 0)
}
