//! How many mutants had which fate, and what that comes to in words.

use std::collections::BTreeSet;

use crate::report::diagnostics::plural;
use crate::testing::mutants::{Fate, Tried, Within};

/// How many mutants had which fate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Some scenario fails.
    pub killed: usize,
    /// No scenario fails, and there is an issue on which it decides otherwise.
    pub alive: usize,
    /// No scenario fails, no such issue was found, and it is not proved that there is none.
    pub undetermined: usize,
    /// It says the same on every issue.
    pub equivalent: usize,
    /// It decides the same on every issue of which all is known.
    pub alike: usize,
    /// The same, within bounds.
    pub alike_within: usize,
    /// It does not pass the checks.
    pub refused: usize,
    /// The bounds that all of them are within.
    pub within: Within,
}

impl Counts {
    /// Counts the fates.
    pub fn of(tried: &[Tried]) -> Self {
        let mut counts = Self::default();
        for each in tried {
            *match &each.fate {
                Fate::Killed(_) => &mut counts.killed,
                Fate::Alive(_) => &mut counts.alive,
                Fate::Undetermined(_) => &mut counts.undetermined,
                Fate::Equivalent => &mut counts.equivalent,
                Fate::Alike => &mut counts.alike,
                Fate::AlikeWithin(_) => &mut counts.alike_within,
                Fate::Refused => &mut counts.refused,
            } += 1;
        }
        let bounds: Vec<&Within> = tried.iter().filter_map(|each| within(&each.fate)).collect();
        let rows = bounds.iter().map(|within| within.rows).filter(|rows| *rows > 0).min();
        counts.within = Within {
            rows: rows.unwrap_or(0),
            facts: BTreeSet::new(),
            no_failure: bounds.iter().any(|within| within.no_failure),
        };
        counts
    }

    /// How many could have been killed: all but those that are proved to decide alike, and those that do not pass
    /// the checks.
    pub fn killable(&self) -> usize {
        self.killed + self.alive + self.undetermined
    }

    /// Killed of those that could be, in percent; 100 of none.
    pub fn percent(&self) -> f64 {
        let all = self.killable();
        #[allow(clippy::cast_precision_loss)]
        if all == 0 { 100.0 } else { self.killed as f64 * 100.0 / all as f64 }
    }

    /// `9 killed, 1 alive, 0 undetermined (90.0 % killed); left out: 1 says the same on every issue`.
    pub(super) fn words(&self) -> String {
        let not_killed = if self.undetermined == 0 { "" } else { ", which count as not killed" };
        let mut words = format!(
            "{} killed, {} alive, {} undetermined{not_killed} ({:.1} % killed)",
            self.killed,
            self.alive,
            self.undetermined,
            self.percent()
        );
        let within = within_words(&self.within);
        let left_out = [
            (self.equivalent, "says", "say", "the same on every issue"),
            (self.alike, "decides", "decide", "alike every issue of which all is known"),
            (self.alike_within, "decides", "decide", &format!("alike every issue of which all is known {within}")),
            (self.refused, "does", "do", "not pass the checks"),
        ];
        let left_out = left_out.iter().filter(|(number, ..)| *number > 0);
        let left_out: Vec<String> = left_out
            .map(|(number, one, many, what)| format!("{number} {} {what}", if *number == 1 { one } else { many }))
            .collect();
        if !left_out.is_empty() {
            words.push_str(&format!("; left out: {}", left_out.join(", ")));
        }
        words
    }
}

fn within(fate: &Fate) -> Option<&Within> {
    if let Fate::AlikeWithin(within) = fate { Some(within) } else { None }
}

/// `with up to 3 rows of item, on which no arithmetic fails`.
pub(super) fn within_words(within: &Within) -> String {
    let mut words = Vec::new();
    if within.rows > 0 {
        let facts: Vec<&str> = within.facts.iter().map(|fact| &**fact).collect();
        let of = if facts.is_empty() { String::new() } else { format!(" of {}", facts.join(", ")) };
        words.push(format!("with up to {}{of}", plural(within.rows, "row")));
    }
    if within.no_failure {
        words.push("on which no arithmetic fails".to_owned());
    }
    words.join(", ")
}
