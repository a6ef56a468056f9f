//! The relations of one issue: what it says, and what has been concluded so far.
//!
//! A relation has a table in each plane, the same one where the planes are one.

use rustc_hash::FxHashMap;

use super::body::Mode;
use super::symbols::{Symbol, Symbols};
use super::table::{Table, TableId};
use crate::engine::Plane;
use crate::issue::Issue;
use crate::program::{Fact, FactId, FactKind, Given, PredicateId, Program};
use crate::value::Value;

/// The rows of a list or records fact, as symbols.
#[derive(Debug, Clone, Default)]
pub struct FactRows {
    /// How many rows.
    pub len: usize,
    /// Their cells, row by row; `⊥` where a cell was left out. Repetitions are kept.
    pub cells: Vec<Symbol>,
}

impl FactRows {
    /// The rows as values.
    pub fn values(&self, program: &Program, fact: FactId, symbols: &Symbols) -> Vec<Vec<Value>> {
        let arity = program.predicate(program.fact(fact).predicate).arity;
        let row = |row: &[Symbol]| row.iter().map(|cell| symbols.value(*cell).clone()).collect();
        self.cells.chunks_exact(arity.max(1)).map(row).collect()
    }
}

/// What is evaluated: an issue, and the rows of facts that were read as symbols. What is in
/// `rows` counts instead of what the issue says of that fact.
#[derive(Debug, Clone)]
pub struct Input<'i> {
    /// What is known of each fact.
    pub issue: &'i Issue,
    /// The symbols of `rows`.
    pub symbols: Symbols,
    /// Rows by fact.
    pub rows: FxHashMap<FactId, FactRows>,
}

impl<'i> Input<'i> {
    /// An issue, and nothing else.
    pub fn new(issue: &'i Issue) -> Self {
        Self { issue, symbols: Symbols::default(), rows: FxHashMap::default() }
    }
}

/// Tables of all relations.
#[derive(Debug, Clone)]
pub struct Relations {
    pub(super) symbols: Symbols,
    pub(super) tables: Vec<Table>,
    /// The table of each relation in the certain plane.
    certain: Vec<TableId>,
    /// And in the possible one.
    possible: Vec<TableId>,
    /// The rows of records facts that have equal rows.
    individuals: FxHashMap<PredicateId, TableId>,
}

impl Relations {
    /// The facts `wanted` of an input, all else empty.
    pub(super) fn of_facts(program: &Program, mut input: Input<'_>, wanted: &[bool]) -> Self {
        let tables = program.predicates.iter().map(|predicate| Table::new(predicate.arity, false)).collect();
        let ids: Vec<TableId> = (0..program.predicates.len() as u32).map(TableId).collect();
        let symbols = std::mem::take(&mut input.symbols);
        let mut relations =
            Self { symbols, tables, certain: ids.clone(), possible: ids, individuals: FxHashMap::default() };
        for (index, fact) in program.facts.iter().enumerate() {
            if wanted[fact.predicate.index()] {
                let rows = input.rows.remove(&FactId(index as u32));
                relations.assert_fact(program, fact, rows, input.issue.fact(FactId(index as u32)).given());
            }
        }
        let renamed = relations.symbols.sort();
        relations.tables.iter_mut().for_each(|table| table.rename(&renamed));
        let has_rows = |fact: &&Fact| !matches!(fact.kind, FactKind::Single(_)) && wanted[fact.predicate.index()];
        program.facts.iter().filter(has_rows).for_each(|fact| relations.make_distinct(fact));
        relations
    }

    fn assert_fact(&mut self, program: &Program, fact: &Fact, rows: Option<FactRows>, given: Option<&Given>) {
        let arity = program.predicate(fact.predicate).arity;
        if let Some(rows) = rows {
            self.tables[fact.predicate.index()] = Table::of_rows(arity, rows.len, rows.cells);
            return;
        }
        match given {
            Some(Given::Value(Value::Bool(false))) => {}
            Some(Given::Value(Value::Bool(true))) => {
                self.tables[fact.predicate.index()].insert(&[]);
            }
            Some(Given::Value(value)) => {
                let symbol = self.symbols.intern(value);
                self.tables[fact.predicate.index()].insert(&[symbol]);
            }
            Some(Given::Rows(rows)) => {
                let mut cells = Vec::with_capacity(rows.len() * arity);
                cells.extend(rows.iter().flatten().map(|value| self.symbols.intern(value)));
                self.tables[fact.predicate.index()] = Table::of_rows(arity, rows.len(), cells);
            }
            None => {
                let mut unknown = Table::new(arity, false);
                unknown.insert(&vec![Symbol::UNKNOWN; arity]);
                self.possible[fact.predicate.index()] = self.add(unknown);
            }
        }
    }

    /// Leaves each row of facts there once; rows of records that are equal are kept apart as well.
    fn make_distinct(&mut self, fact: &Fact) {
        let table = &mut self.tables[fact.predicate.index()];
        let whole = std::mem::replace(table, Table::new(0, false));
        let (distinct, repeated) = whole.into_distinct(self.symbols.len());
        *table = distinct;
        if let (Some(repeated), FactKind::Records(_)) = (repeated, &fact.kind) {
            let individuals = self.add(repeated);
            self.individuals.insert(fact.predicate, individuals);
        }
    }

    /// Another table.
    pub(super) fn add(&mut self, table: Table) -> TableId {
        self.tables.push(table);
        TableId(self.tables.len() as u32 - 1)
    }

    /// The table of a relation.
    pub(super) fn table_id(&self, predicate: PredicateId, mode: Mode) -> TableId {
        match mode {
            Mode::Certain | Mode::Both => self.certain[predicate.index()],
            Mode::Possible => self.possible[predicate.index()],
        }
    }

    /// The table of a relation in which equal rows of records differ.
    pub(super) fn individuals(&self, predicate: PredicateId, mode: Mode) -> TableId {
        self.individuals.get(&predicate).copied().unwrap_or_else(|| self.table_id(predicate, mode))
    }

    /// Says what the table of a relation is in a plane, or in both.
    pub(super) fn set(&mut self, predicate: PredicateId, mode: Mode, table: TableId) {
        if mode != Mode::Possible {
            self.certain[predicate.index()] = table;
        }
        if mode != Mode::Certain {
            self.possible[predicate.index()] = table;
        }
    }

    /// Makes the planes of a relation one, if they say the same and nothing is `⊥`.
    pub(super) fn unite(&mut self, predicate: PredicateId) {
        let (certain, possible) = (self.certain[predicate.index()], self.possible[predicate.index()]);
        let (certain_table, possible_table) = (&self.tables[certain.index()], &self.tables[possible.index()]);
        // What is certain is possible: as many tuples are the same tuples.
        if certain_table.len() == possible_table.len() && !possible_table.has_any_unknown() {
            self.possible[predicate.index()] = certain;
        }
    }

    /// The table of a relation, if it is the same in both planes.
    pub(super) fn one_table(&self, predicate: PredicateId) -> Option<&Table> {
        let certain = self.certain[predicate.index()];
        (certain == self.possible[predicate.index()]).then(|| &self.tables[certain.index()])
    }

    pub(super) fn index_on(&mut self, table: TableId, columns: &[usize]) -> usize {
        self.tables[table.index()].index_on(columns, self.symbols.len())
    }

    pub(super) fn lists_on(&mut self, table: TableId, columns: &[usize], column: usize) -> usize {
        self.tables[table.index()].lists_on(columns, column, self.symbols.len())
    }

    /// The tuples of a relation in a plane, distinct, in no order.
    pub fn table(&self, predicate: PredicateId, plane: Plane) -> &Table {
        &self.tables[self.table_id(predicate, plane.into()).index()]
    }

    /// What symbols stand for.
    pub fn symbols(&self) -> &Symbols {
        &self.symbols
    }
}
