//! Seeded chance. Every day, order, ticket and person draws from a stream of its own, so what one of them draws never
//! shifts what another gets. Whole numbers only: the same seed gives the same bytes on every machine.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// What a stream is drawn for; part of the stream's number.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    OrderDay = 1,
    TicketDay = 2,
    Order = 3,
    Ticket = 4,
    Person = 5,
    Export = 6,
    AfterOrder = 7,
    AfterTicket = 8,
    Around = 9,
    Stock = 10,
    Macros = 11,
    TicketProduct = 12,
}

pub struct Draw(ChaCha8Rng);

impl Draw {
    pub fn new(seed: u64, kind: Kind, number: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream((kind as u64) << 56 | (number & 0x00ff_ffff_ffff_ffff));
        Self(rng)
    }

    /// A number from 0 to `n` - 1 (0 when `n` is 0).
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.0.next_u64()) * u128::from(n)) >> 64) as u64
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as u64) as i64
    }

    /// True for `per_mille` of 1,000.
    pub fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    /// An item, each as often as its weight says.
    pub fn weighted<T: Copy>(&mut self, items: &[(u64, T)]) -> T {
        let mut left = self.below(items.iter().map(|item| item.0).sum());
        for &(weight, item) in items {
            if left < weight {
                return item;
            }
            left -= weight;
        }
        items[items.len() - 1].1
    }

    /// A value of the distribution whose evenly spaced quantiles are `points`: a long tail without floating point.
    pub fn quantile(&mut self, points: &[i64]) -> i64 {
        let step = self.below(points.len() as u64 - 1) as usize;
        self.between(points[step], points[step + 1])
    }

    /// How many of something happen in a day that expects `milli` thousandths of one: the expectation give or take a
    /// sixth, and the fraction by chance, so that the mean is right.
    pub fn count(&mut self, milli: u64) -> u64 {
        let sixth = (milli / 6) as i64;
        let around = (milli as i64 + self.between(-sixth, sixth)) as u64;
        around / 1000 + u64::from(self.chance(around % 1000))
    }
}
