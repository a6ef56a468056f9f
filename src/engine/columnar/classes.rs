//! Classes of a single-valued fact: values that no rule tells apart, one plane each.
//!
//! Of a known value exactly one plane is set, of an unknown one none.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::circuit::{Circuit, Judged, Signal};
use super::sets::{Set, ordered_key};
use crate::program::{Domain, Scalar};
use crate::value::Value;

/// The classes of a fact: planes from `first`, one more than there are cuts.
#[derive(Debug)]
pub(super) struct Classes {
    pub(super) first: usize,
    /// Keys at which a class begins, ascending; the first class begins at `least`.
    cuts: Vec<i64>,
    least: i64,
    /// Whether it pays to compute once for all tests which issues say anything of the fact.
    by_known: bool,
    /// The class of each option of a choice.
    pub(super) of_option: Vec<usize>,
    /// Numbers of options, by name.
    pub(super) options: FxHashMap<Arc<str>, usize>,
}

impl Classes {
    /// The plane of a key.
    pub(super) fn plane(&self, key: i64) -> usize {
        self.first + self.cuts.partition_point(|cut| *cut <= key)
    }

    pub(super) fn count(&self) -> usize {
        self.cuts.len() + 1
    }

    /// The numbers of the classes within a set, and of the others.
    fn partition(&self, set: &Set) -> (Vec<usize>, Vec<usize>) {
        let least = |class: usize| class.checked_sub(1).map_or(self.least, |cut| self.cuts[cut]);
        (0..self.count()).partition(|class| set.contains(least(*class)))
    }

    /// Whether reading the fewer of the classes within and without, and which issues say anything, costs less
    /// than reading both, counted in planes; beyond some planes sums are shared, so that they count no more.
    fn pays_to_know(&self, sets: &FxHashSet<Set>) -> bool {
        const SHARED: usize = 4;
        const MANY: usize = 64;
        if sets.len() > MANY {
            return true;
        }
        let read = |classes: &[usize]| classes.len().min(SHARED);
        let (mut both, mut fewer) = (0, self.count() + SHARED);
        for (within, without) in sets.iter().map(|set| self.partition(set)) {
            both += read(&within) + read(&without);
            fewer += read(&within).min(read(&without)) + 2;
        }
        fewer < both
    }

    /// The value is known and in a set: the classes within; perhaps: not in one of the others.
    pub(super) fn judged(&self, circuit: &mut Circuit, set: &Set) -> Judged {
        let (within, without) = self.partition(set);
        if !self.by_known || within.is_empty() || without.is_empty() {
            let certain = self.any(circuit, &within);
            return Judged { certain, possible: !self.any(circuit, &without) };
        }
        let all: Vec<usize> = (0..self.count()).collect();
        let known = self.any(circuit, &all);
        if within.len() <= without.len() {
            let certain = self.any(circuit, &within);
            Judged { certain, possible: circuit.or(certain, !known) }
        } else {
            let possible = !self.any(circuit, &without);
            Judged { certain: circuit.and(known, possible), possible }
        }
    }

    /// Summed up from the end that it reaches, so that comparisons with other constants share most of it.
    fn any(&self, circuit: &mut Circuit, classes: &[usize]) -> Signal {
        let mut planes: Vec<Signal> = classes.iter().map(|class| circuit.input(self.first + class)).collect();
        if classes.first() != Some(&0) {
            planes.reverse();
        }
        circuit.any(planes)
    }
}

/// The least and the greatest key.
fn range(domain: &Domain) -> (i64, i64) {
    match domain.scalar {
        Scalar::Bool => (0, 1),
        Scalar::Choice => (0, domain.options.len() as i64 - 1),
        _ => (i64::MIN, i64::MAX),
    }
}

/// The keys, ascending, at which the classes begin that some sets tell apart, but for the first one. No class is
/// without a value: bools and options are numbered from 0.
pub(super) fn cuts(domain: &Domain, sets: &FxHashSet<Set>) -> Vec<i64> {
    let (least, greatest) = range(domain);
    let mut cuts: Vec<i64> = sets.iter().flat_map(Set::cuts).filter(|cut| least < *cut && *cut <= greatest).collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// The classes that begin at some cuts, which are those of the sets.
pub(super) fn classes(domain: &Domain, sets: &FxHashSet<Set>, cuts: Vec<i64>, first: usize) -> Classes {
    let (least, _) = range(domain);
    let options = domain.options.iter().enumerate().map(|(number, option)| (option.id.clone(), number)).collect();
    let of_option = (0..domain.options.len()).map(|number| cuts.partition_point(|cut| *cut <= number as i64)).collect();
    let mut classes = Classes { first, cuts, least, by_known: false, of_option, options };
    classes.by_known = classes.pays_to_know(sets);
    classes
}

impl Classes {
    pub(super) fn key(&self, value: &Value) -> Option<i64> {
        Some(match value {
            Value::Bool(b) => i64::from(*b),
            Value::Symbol(symbol) => *self.options.get(symbol)? as i64,
            _ => return ordered_key(value),
        })
    }
}
