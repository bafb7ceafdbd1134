//! How often the class is right, on labelled texts that tuned nothing. `docs/sentiment.md` states these figures.

use super::super::rules::{NEGATION, Negation};
use super::super::{Class, score_by};

const HELD_OUT: &str = include_str!("../../../../tests/fixtures/sentiment/heldout.tsv");
const TUNING: &str = include_str!("../../../../tests/fixtures/sentiment/tuning.tsv");
const LANGUAGES: [&str; 3] = ["es", "en", "pt"];
const CLASSES: [Class; 3] = [Class::Negative, Class::Neutral, Class::Positive];

/// Counts by true and by found class.
#[derive(Default)]
struct Confusion([[usize; 3]; 3]);

impl Confusion {
    fn of(set: &str, language: &str, found: impl Fn(&str) -> Class) -> Self {
        let mut confusion = Self::default();
        for row in set.lines().skip(1) {
            let columns: Vec<&str> = row.split('\t').collect();
            let [row_language, label, text] = columns[..] else {
                panic!("{row}")
            };
            if row_language == language {
                let truth = CLASSES.iter().position(|class| class.name() == label).unwrap();
                let found = found(text);
                confusion.0[truth][CLASSES.iter().position(|class| *class == found).unwrap()] += 1;
            }
        }
        confusion
    }

    fn texts(&self) -> usize {
        self.0.iter().flatten().sum()
    }

    fn right(&self) -> usize {
        (0..3).map(|class| self.0[class][class]).sum()
    }

    /// Mean of the classes' F1, in thousandths, rounded down.
    fn macro_f1_e3(&self) -> usize {
        let f1_e6 = |class: usize| {
            let of_class: usize = self.0[class].iter().sum();
            let found: usize = self.0.iter().map(|row| row[class]).sum();
            2_000_000 * self.0[class][class] / (of_class + found)
        };
        (0..3).map(f1_e6).sum::<usize>() / 3_000
    }
}

fn by(language: Option<&str>, negation: Negation) -> impl Fn(&str) -> Class {
    move |text| score_by(text, language, negation).unwrap().class()
}

#[test]
fn the_held_out_set_is_balanced_and_apart() {
    let tuning: Vec<&str> = TUNING
        .lines()
        .skip(1)
        .filter_map(|row| row.rsplit('\t').next())
        .collect();
    for row in HELD_OUT.lines().skip(1) {
        assert!(!tuning.contains(&row.rsplit('\t').next().unwrap()), "{row}");
    }
    for language in LANGUAGES {
        let confusion = Confusion::of(HELD_OUT, language, |_| Class::Neutral);
        assert_eq!(confusion.0.map(|row| row.iter().sum::<usize>()), [35; 3]);
    }
}

/// `cargo test --release sentiment::tests::accuracy -- --nocapture` prints the table.
#[test]
fn the_stated_accuracy_is_kept() {
    let no_negation = Negation {
        flips: false,
        lone_e4: 0,
    };
    let plain_flip = Negation {
        flips: true,
        lone_e4: 0,
    };
    let right_of = |set, name: &str, language, found: &dyn Fn(&str) -> Class| {
        let confusion = Confusion::of(set, language, found);
        println!(
            "{name:<16} {language} {:>3} of {} right, macro-F1 0.{:03}, negative/neutral/positive {:?}",
            confusion.right(),
            confusion.texts(),
            confusion.macro_f1_e3(),
            confusion.0
        );
        (confusion.right(), confusion.macro_f1_e3())
    };
    let stated = [("es", 87, 828), ("en", 84, 796), ("pt", 89, 843)];
    for (language, right, macro_f1_e3) in stated {
        let known = Some(language);
        let majority = right_of(HELD_OUT, "one class", language, &|_| Class::Neutral);
        let none = right_of(HELD_OUT, "no negation", language, &by(known, no_negation));
        let flip = right_of(HELD_OUT, "plain flip", language, &by(known, plain_flip));
        let ours = right_of(HELD_OUT, "held out", language, &by(known, NEGATION));
        let guessed = right_of(HELD_OUT, "language guessed", language, &by(None, NEGATION));
        right_of(TUNING, "tuning", language, &by(known, NEGATION));
        assert!(ours.0 >= right && ours.1 >= macro_f1_e3, "{language}: {ours:?}");
        assert!(guessed.0 + 2 >= right, "{language}: {guessed:?}");
        for baseline in [majority, none, flip] {
            assert!(baseline.0 < ours.0 && baseline.1 < ours.1, "{language}: {baseline:?}");
        }
    }
}
