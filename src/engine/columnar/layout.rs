//! Where a block keeps what the rules ask of each fact.
//!
//! A single-valued fact is a choice of classes, a text has a plane for each test, a list or
//! records two for each pattern. Set once from the policy.

use regex::Regex;
use rustc_hash::FxHashSet;

use super::circuit::{Circuit, Judged};
use super::classes::{Classes, classes, cuts};
use super::leaf::{Leaf, Pattern, TextAsked};
use super::sets::{Set, is_ordered, ordered_key};
use super::thresholds::Thresholds;
use crate::program::{FactId, FactKind, Given, Program, Scalar, TestKind};
use crate::value::Value;

/// How a block keeps one fact.
#[derive(Debug)]
pub(super) enum Column {
    /// No rule asks for it by planes.
    Unread,
    /// One value of an ordered domain.
    Classes(Classes),
    /// The same, compared with many constants.
    Thresholds(Thresholds),
    /// One text.
    Text(Texts),
    /// A list or records.
    Rows(Patterns),
}

/// The tests of a text: planes from `known + 1`, one each.
#[derive(Debug)]
pub(super) struct Texts {
    pub(super) known: usize,
    pub(super) tests: Vec<(TextAsked, Option<Regex>)>,
}

/// Whether a text passes a test.
pub(super) fn passes((asked, regex): &(TextAsked, Option<Regex>), text: &str) -> bool {
    match asked {
        TextAsked::Compare(op, constant) => op.holds(text.cmp(constant)),
        TextAsked::In(list) => list.iter().any(|constant| **constant == *text),
        TextAsked::Test(TestKind::Contains, pattern) => text.contains(&**pattern),
        TextAsked::Test(TestKind::StartsWith, pattern) => text.starts_with(&**pattern),
        TextAsked::Test(TestKind::EndsWith, pattern) => text.ends_with(&**pattern),
        TextAsked::Test(TestKind::Matches, _) => regex.as_ref().is_some_and(|regex| regex.is_match(text)),
    }
}

/// The patterns of a list or records: planes from `known + 1`, two each: some row is such, some row may be.
#[derive(Debug)]
pub(super) struct Patterns {
    pub(super) known: usize,
    pub(super) patterns: Vec<Pattern>,
}

/// Whether a row is as a pattern asks, and whether it may be.
pub(super) fn fits(pattern: &Pattern, row: &[Value]) -> (bool, bool) {
    let (mut certain, mut possible) = (true, true);
    for (asked, cell) in pattern.iter().zip(row) {
        let Some(asked) = asked else { continue };
        certain &= asked == cell;
        possible &= cell.is_unknown() || asked == cell;
    }
    (certain, possible)
}

/// A fact with a default: what it is where an issue does not say.
#[derive(Debug)]
pub(super) struct Default {
    pub(super) fact: FactId,
    pub(super) given: Given,
    /// The planes that the default sets.
    pub(super) planes: Vec<usize>,
}

/// Where everything is.
#[derive(Debug)]
pub(super) struct Layout {
    /// Indexed by [`FactId`].
    pub(super) columns: Vec<Column>,
    /// How many planes a block has for facts.
    pub(super) planes: usize,
    /// The facts with thresholds, in the order of their numbers.
    pub(super) with_thresholds: Vec<FactId>,
    pub(super) defaults: Vec<Default>,
    /// The facts that have one, by name.
    pub(super) defaults_by_name: Vec<FactId>,
    /// Index into `defaults`; indexed by [`FactId`].
    pub(super) default_of: Vec<Option<usize>>,
    /// Facts whose values are kept as they are, besides planes; indexed by [`FactId`].
    pub(super) kept: Vec<bool>,
}

/// What rules ask of the facts.
#[derive(Debug)]
pub(super) struct Asked {
    sets: Vec<FxHashSet<Set>>,
    texts: Vec<Vec<(TextAsked, Option<Regex>)>>,
    patterns: Vec<Vec<Pattern>>,
    read: Vec<bool>,
}

impl Asked {
    pub(super) fn nothing(program: &Program) -> Self {
        let facts = program.facts.len();
        Self {
            sets: vec![FxHashSet::default(); facts],
            texts: vec![Vec::new(); facts],
            patterns: vec![Vec::new(); facts],
            read: vec![false; facts],
        }
    }

    pub(super) fn add(&mut self, leaf: &Leaf<'_>) {
        match leaf {
            Leaf::Constant(_) | Leaf::Ground { .. } => {}
            Leaf::Class(fact, set) => {
                self.read[fact.index()] = true;
                self.sets[fact.index()].insert(set.clone());
            }
            Leaf::Text { fact, asked, regex, .. } => {
                self.read[fact.index()] = true;
                let tests = &mut self.texts[fact.index()];
                if !tests.iter().any(|(test, _)| test == asked) {
                    tests.push((asked.clone(), regex.cloned()));
                }
            }
            Leaf::Rows { fact, pattern, .. } => {
                self.read[fact.index()] = true;
                let patterns = &mut self.patterns[fact.index()];
                if !patterns.contains(pattern) {
                    patterns.push(pattern.clone());
                }
            }
            Leaf::Group(alternatives) => alternatives.iter().flatten().for_each(|leaf| self.add(leaf)),
        }
    }

    /// The layout that answers all that is asked.
    pub(super) fn layout(mut self, program: &Program) -> Layout {
        let mut planes = 0;
        let mut columns = Vec::with_capacity(program.facts.len());
        let mut with_thresholds = Vec::new();
        for (index, fact) in program.facts.iter().enumerate() {
            let column = self.column(index, &fact.kind, planes, with_thresholds.len());
            planes += match &column {
                Column::Unread => 0,
                Column::Classes(classes) => classes.count(),
                Column::Thresholds(thresholds) => {
                    with_thresholds.push(FactId(index as u32));
                    thresholds.planes()
                }
                Column::Text(texts) => 1 + texts.tests.len(),
                Column::Rows(patterns) => 1 + 2 * patterns.patterns.len(),
            };
            columns.push(column);
        }
        let mut layout = Layout {
            columns,
            planes,
            with_thresholds,
            defaults: Vec::new(),
            defaults_by_name: Vec::new(),
            default_of: vec![None; program.facts.len()],
            kept: vec![false; program.facts.len()],
        };
        for (index, fact) in program.facts.iter().enumerate() {
            let Some(given) = fact.default.clone() else { continue };
            let id = FactId(index as u32);
            let mut planes = Vec::new();
            layout.planes_of(id, &given, &mut |plane| planes.push(plane));
            layout.default_of[index] = Some(layout.defaults.len());
            layout.defaults.push(Default { fact: id, given, planes });
        }
        layout.defaults_by_name = layout.defaults.iter().map(|default| default.fact).collect();
        layout.defaults_by_name.sort_by(|a, b| program.fact(*a).name.cmp(&program.fact(*b).name));
        layout
    }

    fn column(&mut self, index: usize, kind: &FactKind, first: usize, thresholds: usize) -> Column {
        if !self.read[index] {
            return Column::Unread;
        }
        match kind {
            FactKind::Single(domain) if domain.scalar == Scalar::Text => {
                Column::Text(Texts { known: first, tests: std::mem::take(&mut self.texts[index]) })
            }
            FactKind::Single(domain) => {
                let cuts = cuts(domain, &self.sets[index]);
                if is_ordered(domain) && Thresholds::are_better(&cuts) {
                    return Column::Thresholds(Thresholds::new(cuts, first, thresholds));
                }
                Column::Classes(classes(domain, &self.sets[index], cuts, first))
            }
            FactKind::List(_) | FactKind::Records(_) => {
                Column::Rows(Patterns { known: first, patterns: std::mem::take(&mut self.patterns[index]) })
            }
        }
    }
}

impl Layout {
    /// What has thresholds, in the order of their numbers.
    pub(super) fn thresholds(&self) -> impl Iterator<Item = &Thresholds> {
        self.with_thresholds.iter().filter_map(|fact| match &self.columns[fact.index()] {
            Column::Thresholds(thresholds) => Some(thresholds),
            _ => None,
        })
    }

    /// Calls `set` with each plane that a value or rows set.
    pub(super) fn planes_of(&self, fact: FactId, given: &Given, set: &mut dyn FnMut(usize)) {
        match (&self.columns[fact.index()], given) {
            (Column::Classes(classes), Given::Value(value)) => {
                if let Some(key) = classes.key(value) {
                    set(classes.plane(key));
                }
            }
            (Column::Thresholds(thresholds), Given::Value(value)) => {
                if let Some(key) = ordered_key(value) {
                    thresholds.planes_of(key).for_each(set);
                }
            }
            (Column::Text(texts), Given::Value(Value::Text(text))) => texts.planes_of(text, set),
            (Column::Rows(patterns), Given::Rows(rows)) => {
                set(patterns.known);
                rows.iter().for_each(|row| patterns.planes_of(row, set));
            }
            _ => {}
        }
    }

    /// What a leaf about facts is, from the planes of a block; `None` for any other leaf.
    pub(super) fn judged(&self, circuit: &mut Circuit, leaf: &Leaf<'_>) -> Option<Judged> {
        let (judged, negated) = match leaf {
            Leaf::Class(fact, set) => match &self.columns[fact.index()] {
                Column::Classes(classes) => (classes.judged(circuit, set), false),
                Column::Thresholds(thresholds) => (thresholds.judged(circuit, set), false),
                _ => return None,
            },
            Leaf::Text { fact, asked, negated, .. } => match &self.columns[fact.index()] {
                Column::Text(texts) => (texts.judged(circuit, asked)?, *negated),
                _ => return None,
            },
            Leaf::Rows { fact, pattern, negated } => match &self.columns[fact.index()] {
                Column::Rows(patterns) => (patterns.judged(circuit, pattern)?, *negated),
                _ => return None,
            },
            Leaf::Constant(_) | Leaf::Ground { .. } | Leaf::Group(_) => return None,
        };
        Some(if negated { !judged } else { judged })
    }
}

impl Texts {
    pub(super) fn planes_of(&self, text: &str, set: &mut dyn FnMut(usize)) {
        set(self.known);
        for (number, test) in self.tests.iter().enumerate() {
            if passes(test, text) {
                set(self.known + 1 + number);
            }
        }
    }

    fn judged(&self, circuit: &mut Circuit, asked: &TextAsked) -> Option<Judged> {
        let number = self.tests.iter().position(|(test, _)| test == asked)?;
        let (known, passed) = (circuit.input(self.known), circuit.input(self.known + 1 + number));
        Some(Judged { certain: passed, possible: circuit.or(passed, !known) })
    }
}

impl Patterns {
    pub(super) fn planes_of(&self, row: &[Value], set: &mut dyn FnMut(usize)) {
        for (number, pattern) in self.patterns.iter().enumerate() {
            let (certain, possible) = fits(pattern, row);
            if certain {
                set(self.known + 1 + 2 * number);
            }
            if possible {
                set(self.known + 2 + 2 * number);
            }
        }
    }

    fn judged(&self, circuit: &mut Circuit, pattern: &Pattern) -> Option<Judged> {
        let number = self.patterns.iter().position(|p| p == pattern)?;
        let known = circuit.input(self.known);
        let [certain, possible] = [1, 2].map(|offset| circuit.input(self.known + offset + 2 * number));
        Some(Judged { certain, possible: circuit.or(possible, !known) })
    }
}
