//! What a block says of a fact, and what joins have concluded in it, as columns of symbols by issue.

use super::rows::Rows;
use super::run::Relations;
use crate::engine::Plane;
use crate::engine::columnar::block::Block;
use crate::engine::relational::{Symbol, Symbols};
use crate::program::{FactId, FactKind, Given, PredicateId, Program};
use crate::value::Value;

/// Rows that lie one after the other.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    start: usize,
    rows: usize,
}

impl Span {
    fn put(self, cells: &[Symbol], arity: usize, rows: &mut Rows) {
        rows.clear();
        rows.extend(self.rows, &cells[self.start..self.start + self.rows * arity]);
    }
}

/// What one issue says of a fact.
#[derive(Debug, Clone, Copy)]
struct Said {
    /// `None` if nothing.
    tuples: Option<Span>,
    /// Rows of a records fact, if some are equal.
    individuals: Span,
    /// Of a fact of one value.
    value: Symbol,
    has_unknown: bool,
}

/// A fact.
#[derive(Debug)]
pub(super) struct Column {
    predicate: PredicateId,
    arity: usize,
    said: Vec<Said>,
    cells: Vec<Symbol>,
}

impl Column {
    pub(super) fn new(program: &Program, block: &Block, fact: FactId, symbols: &mut Symbols) -> Self {
        let predicate = program.fact(fact).predicate;
        let arity = program.predicate(predicate).arity;
        let mut column = Self { predicate, arity, said: Vec::with_capacity(block.len()), cells: Vec::new() };
        let keeps_equal = matches!(program.fact(fact).kind, FactKind::Records(_));
        let mut rows = Rows::new(arity);
        for issue in 0..block.len() {
            rows.clear();
            let mut value = Symbol::UNKNOWN;
            let given = block.given(issue, fact);
            match given {
                None | Some(Given::Value(Value::Bool(false))) => {}
                Some(Given::Value(Value::Bool(true))) => rows.push(&[]),
                Some(Given::Value(known)) => rows.push(&[symbols.intern(known)]),
                Some(Given::Rows(given)) => {
                    for row in given {
                        let cells: Vec<Symbol> = row.iter().map(|cell| symbols.intern(cell)).collect();
                        rows.push(&cells);
                    }
                }
            }
            if let Some(Given::Value(known)) = given {
                value = symbols.intern(known);
            }
            column.add(given.is_some(), value, &mut rows, keeps_equal);
        }
        column
    }

    fn add(&mut self, is_given: bool, value: Symbol, rows: &mut Rows, keeps_equal: bool) {
        let individuals = Span { start: self.cells.len(), rows: rows.len() };
        let given = self.cells.len();
        self.cells.extend_from_slice(rows.cells());
        rows.normalise();
        let mut said = Said { tuples: None, individuals, value, has_unknown: rows.has_unknown() };
        if !keeps_equal || rows.len() == individuals.rows {
            self.cells.truncate(given);
            said.individuals.rows = 0;
        }
        if is_given {
            said.tuples = Some(Span { start: self.cells.len(), rows: rows.len() });
            self.cells.extend_from_slice(rows.cells());
        }
        self.said.push(said);
    }

    /// Writes what an issue says into its relations; whether it says everything.
    pub(super) fn fill(&self, fact: FactId, issue: usize, relations: &mut Relations) -> bool {
        let said = &self.said[issue];
        let number = self.predicate.index();
        relations.facts[fact.index()] = said.value;
        said.individuals.put(&self.cells, self.arity, &mut relations.individuals[number]);
        let Some(tuples) = said.tuples else {
            relations.certain[number].clear();
            relations.possible[number].clear();
            relations.possible[number].push(&vec![Symbol::UNKNOWN; self.arity]);
            return false;
        };
        tuples.put(&self.cells, self.arity, &mut relations.certain[number]);
        tuples.put(&self.cells, self.arity, &mut relations.possible[number]);
        !said.has_unknown
    }
}

/// A relation that joins conclude and later joins look at.
#[derive(Debug, Default)]
pub(super) struct Kept {
    spans: Vec<[Span; 2]>,
    cells: Vec<Symbol>,
    /// Whether the planes say different things of an issue, or something of it is `⊥`.
    differs: Vec<bool>,
}

impl Kept {
    pub(super) fn clear(&mut self) {
        self.spans.clear();
        self.cells.clear();
        self.differs.clear();
    }

    /// Keeps what has been concluded of an issue.
    pub(super) fn keep(&mut self, issue: usize, predicate: PredicateId, relations: &Relations) {
        if self.spans.len() <= issue {
            self.spans.resize(issue + 1, Default::default());
            self.differs.resize(issue + 1, false);
        }
        let [certain, possible] = [Plane::Certain, Plane::Possible].map(|plane| relations.rows(plane, predicate));
        self.differs[issue] = certain != possible || possible.has_unknown();
        self.spans[issue] = [certain, possible].map(|rows| {
            let span = Span { start: self.cells.len(), rows: rows.len() };
            self.cells.extend_from_slice(rows.cells());
            span
        });
    }

    /// Writes what was kept of an issue into its relations; whether the planes are one.
    pub(super) fn fill(&self, issue: usize, predicate: PredicateId, arity: usize, relations: &mut Relations) -> bool {
        let Some([certain, possible]) = self.spans.get(issue) else {
            relations.certain[predicate.index()].clear();
            relations.possible[predicate.index()].clear();
            return true;
        };
        certain.put(&self.cells, arity, &mut relations.certain[predicate.index()]);
        possible.put(&self.cells, arity, &mut relations.possible[predicate.index()]);
        !self.differs[issue]
    }
}
