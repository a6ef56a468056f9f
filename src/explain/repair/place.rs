//! The places of an issue where something can be changed, and to what.

use std::collections::BTreeSet;

use super::change::Change;
use super::looks::Looks;
use super::values::{Nearby, spread};
use crate::issue::{FactState, Issue};
use crate::program::{Domain, FactId, FactKind, Given, Program};
use crate::value::Value;

/// The most rows of one fact in which something is changed.
const ROWS: usize = 12;

/// The most sets of columns that are filled in a new row.
const NEW_ROWS: usize = 8;

/// The most changes in one place that are listed at all.
const CHANGES: usize = 64;

/// One place, and the values worth trying there.
#[derive(Debug, Clone)]
pub(super) struct Place {
    at: At,
    /// One list for each value that is chosen; none where there is nothing to choose.
    pub(super) values: Vec<Vec<Value>>,
}

/// Where something can be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum At {
    /// The value of a fact.
    Fact(FactId),
    /// A value of a list: which.
    Item(FactId, usize),
    /// A cell: row and column.
    Cell(FactId, usize, usize),
    /// A row that can be left out.
    Row(FactId, usize),
    /// All that is given of a fact.
    Whole(FactId, Option<Given>),
    /// A row more of so many cells, of which some are filled.
    New(FactId, usize, Vec<usize>),
    /// One value more of a list.
    Another(FactId),
}

impl Place {
    /// The change to the values chosen so far; those that are not are unknown.
    pub(super) fn change(&self, chosen: &[Value]) -> Change {
        let first = || chosen.first().cloned();
        match &self.at {
            At::Fact(fact) => Change::Fact(*fact, first().map(Given::Value)),
            // A list holds no unknown values, but can be unknown itself.
            At::Item(fact, _) | At::Another(fact) if chosen.is_empty() => Change::Fact(*fact, None),
            At::Item(fact, row) => {
                Change::Cell { fact: *fact, row: *row, column: 0, value: first().unwrap_or(Value::Unknown) }
            }
            At::Cell(fact, row, column) => {
                Change::Cell { fact: *fact, row: *row, column: *column, value: first().unwrap_or(Value::Unknown) }
            }
            At::Row(fact, row) => Change::Leave { fact: *fact, row: *row },
            At::Whole(fact, given) => Change::Fact(*fact, given.clone()),
            At::New(fact, cells, columns) => {
                let mut row = vec![Value::Unknown; *cells];
                for (column, value) in columns.iter().zip(chosen) {
                    row[*column] = value.clone();
                }
                Change::Add { fact: *fact, row }
            }
            At::Another(fact) => Change::Add { fact: *fact, row: chosen.to_vec() },
        }
    }

    /// All changes here, but no more than some.
    pub(super) fn changes(&self) -> Vec<Change> {
        let mut chosen: Vec<Vec<Value>> = vec![Vec::new()];
        for values in &self.values {
            let longer = |chosen: &Vec<Value>| {
                let chosen = chosen.clone();
                values.iter().map(move |value| [chosen.as_slice(), std::slice::from_ref(value)].concat())
            };
            chosen = chosen.iter().flat_map(longer).take(CHANGES).collect();
        }
        chosen.iter().map(|chosen| self.change(chosen)).collect()
    }

    /// Whether nothing can be changed in both places at once.
    pub(super) fn excludes(&self, other: &Self) -> bool {
        let (one, another) = (&self.at, &other.at);
        if one.fact() != another.fact() {
            return false;
        }
        match (one, another) {
            (At::Whole(..), _) | (_, At::Whole(..)) | (At::New(..), At::New(..)) => true,
            (one, another) => one.row().is_some() && one.row() == another.row() && (one.is_row() || another.is_row()),
        }
    }

    /// Whether it adds a row to records.
    pub(super) fn adds(&self) -> bool {
        matches!(self.at, At::New(..))
    }

    /// The same place without what is enough by itself; none if nothing is left.
    pub(super) fn without(mut self, is_enough: impl Fn(&Change) -> bool) -> Option<Self> {
        match self.values.as_slice() {
            [] if is_enough(&self.change(&[])) => return None,
            [values] => {
                let is_left = |value: &&Value| !is_enough(&self.change(std::slice::from_ref(value)));
                self.values = vec![values.iter().filter(is_left).cloned().collect()];
            }
            _ => {}
        }
        self.values.iter().all(|values| !values.is_empty()).then_some(self)
    }

    /// Whether it says less than before, and so can bring nothing for good.
    pub(super) fn takes_back(&self) -> bool {
        self.values.is_empty() && matches!(self.at, At::Whole(_, None) | At::Cell(..))
    }

    /// The same place with fewer values.
    pub(super) fn thinned(&self, most: usize) -> Self {
        Self { at: self.at.clone(), values: self.values.iter().map(|values| spread(values, most)).collect() }
    }
}

impl At {
    fn fact(&self) -> FactId {
        match self {
            Self::Fact(fact)
            | Self::Item(fact, _)
            | Self::Cell(fact, ..)
            | Self::Row(fact, _)
            | Self::Whole(fact, _)
            | Self::New(fact, ..)
            | Self::Another(fact) => *fact,
        }
    }

    fn row(&self) -> Option<usize> {
        match self {
            Self::Item(_, row) | Self::Cell(_, row, _) | Self::Row(_, row) => Some(*row),
            _ => None,
        }
    }

    fn is_row(&self) -> bool {
        matches!(self, Self::Row(..))
    }
}

/// All places in some facts, those with one value first; whether none was left out.
pub(super) fn places(program: &Program, issue: &Issue, facts: &[FactId], looks: &Looks) -> (Vec<Place>, bool) {
    let mut found = Finder { issue, nearby: Nearby::new(issue), places: Vec::new(), complete: true };
    for fact in facts {
        let met = looks.constants(program, *fact);
        match &program.fact(*fact).kind {
            FactKind::Single(domain) => found.single(*fact, domain, &met),
            FactKind::List(domain) => found.list(*fact, domain, &met),
            FactKind::Records(columns) => {
                let domains: Vec<&Domain> = columns.iter().map(|column| &column.domain).collect();
                found.records(*fact, &domains, &looks.columns(*fact), &met);
            }
        }
    }
    found.places.sort_by_key(|place| place.values.len() > 1);
    (found.places, found.complete)
}

struct Finder<'a> {
    issue: &'a Issue,
    nearby: Nearby,
    places: Vec<Place>,
    complete: bool,
}

impl Finder<'_> {
    fn add(&mut self, at: At, values: Vec<Vec<Value>>) {
        self.places.push(Place { at, values });
    }

    /// What an issue gives can be taken back, not what is assumed.
    fn take_back(&mut self, fact: FactId) {
        if matches!(self.issue.fact(fact), FactState::Given(_)) {
            self.add(At::Whole(fact, None), Vec::new());
        }
    }

    fn single(&mut self, fact: FactId, domain: &Domain, met: &BTreeSet<Value>) {
        let there = match self.issue.fact(fact).given() {
            Some(Given::Value(value)) => value,
            _ => &Value::Unknown,
        };
        self.take_back(fact);
        let values = self.nearby.values(domain, met, there);
        self.add(At::Fact(fact), vec![values]);
    }

    fn list(&mut self, fact: FactId, domain: &Domain, met: &BTreeSet<Value>) {
        let rows = self.rows(fact);
        let mut values = self.nearby.values(domain, met, &Value::Unknown);
        for (row, there) in rows.iter().filter_map(|(row, cells)| cells.first().map(|there| (*row, there))) {
            self.add(At::Item(fact, row), vec![self.nearby.values(domain, met, there)]);
        }
        values.retain(|value| !rows.iter().any(|(_, cells)| cells.contains(value)));
        self.add(At::Another(fact), vec![values]);
    }

    fn records(&mut self, fact: FactId, domains: &[&Domain], looks: &BTreeSet<Vec<usize>>, met: &BTreeSet<Value>) {
        let read: BTreeSet<usize> = looks.iter().flatten().copied().collect();
        for (row, cells) in self.rows(fact) {
            for column in &read {
                let values = self.nearby.values(domains[*column], met, &cells[*column]);
                self.add(At::Cell(fact, row, *column), vec![values]);
                if !cells[*column].is_unknown() {
                    self.add(At::Cell(fact, row, *column), Vec::new());
                }
            }
        }
        let mut filled: Vec<Vec<usize>> = looks.iter().cloned().chain([read.into_iter().collect()]).collect();
        filled.sort_by_cached_key(|columns| (columns.len(), columns.clone()));
        filled.dedup();
        self.complete &= filled.len() <= NEW_ROWS;
        for columns in filled.into_iter().take(NEW_ROWS) {
            let values = |column: &usize| self.nearby.values(domains[*column], met, &Value::Unknown);
            let values = columns.iter().map(values).collect();
            self.add(At::New(fact, domains.len(), columns), values);
        }
    }

    /// The rows of a fact in which something is changed, one of each kind; each but an only one can be left out, and all.
    fn rows(&mut self, fact: FactId) -> Vec<(usize, Vec<Value>)> {
        let state = self.issue.fact(fact);
        let given = if let Some(Given::Rows(rows)) = state.given() { rows.as_slice() } else { &[] };
        let is_first = |(number, row): &(usize, &Vec<Value>)| !given[..*number].contains(row);
        let rows: Vec<(usize, Vec<Value>)> =
            given.iter().enumerate().filter(is_first).map(|(number, row)| (number, row.clone())).collect();
        self.complete &= rows.len() <= ROWS;
        let none = Some(Given::Rows(Vec::new()));
        let are_several = given.len() > 1;
        if state.given() != none.as_ref() {
            self.add(At::Whole(fact, none), Vec::new());
        }
        self.take_back(fact);
        let rows: Vec<_> = rows.into_iter().take(ROWS).collect();
        for (row, _) in rows.iter().filter(|_| are_several) {
            self.add(At::Row(fact, *row), Vec::new());
        }
        rows
    }
}
