//! The answers of a query: distinct, sorted by value.

use std::ops::ControlFlow;

use rustc_hash::FxHashMap;

use super::Database;
use super::body::{Groups, Term};
use super::compile::{Compiler, Place};
use super::search::Search;
use super::symbols::{Symbol, Symbols};
use super::table::Table;
use crate::engine::Plane;
use crate::program::Query;
use crate::value::Value;

/// Distinct answers, sorted by value.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// How many.
    pub len: usize,
    /// How many cells each has: one for each variable of the query.
    pub width: usize,
    /// Their cells, one answer after the other.
    pub cells: Vec<Symbol>,
}

impl Answers {
    /// Rows as answers, in their order; `width` is that of each.
    pub fn of_rows(rows: &[Vec<Value>], width: usize, symbols: &mut Symbols) -> Self {
        Self { len: rows.len(), width, cells: rows.iter().flatten().map(|value| symbols.intern(value)).collect() }
    }
}

impl Database<'_> {
    /// The distinct answers of a query in a plane, sorted: a value for each of its `answer`
    /// variables. A query without such variables has one empty answer if it holds. What the
    /// query looks at must have been evaluated.
    pub fn answers(&mut self, query: &Query, plane: Plane) -> Answers {
        let width = query.answer.len();
        let mut found = Table::new(width, false);
        for literals in &query.alternatives {
            let mut compiler = Compiler {
                program: self.program,
                plan: self.plan,
                issue: self.issue,
                relations: &mut self.relations,
                growing: FxHashMap::default(),
                groups: Groups::default(),
            };
            let body = compiler.body(literals, Place { mode: plane.into(), bound: &[], last: None, in_group: false });
            let groups = compiler.groups;
            let mut registers = vec![Symbol::UNBOUND; query.variables.len()];
            let tables = &self.relations.tables;
            let mut search = Search { tables, groups: &groups, symbols: &mut self.relations.symbols, failed: false };
            let head: Vec<Term> = query.answer.iter().map(|variable| Term::Register(variable.index())).collect();
            let mut row = vec![Symbol::UNKNOWN; width];
            let _ = search.solve(&body, &mut registers, &mut |registers, _| {
                for (cell, term) in row.iter_mut().zip(&head) {
                    *cell = term.of(registers);
                }
                found.insert(&row);
                if width == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
        }
        let cells = sorted(&self.relations.symbols, found.cells(), width);
        Answers { len: found.len(), width, cells }
    }
}

/// Rows sorted by value: by one column after the other, the last first, each time keeping
/// the order of rows that are equal in it.
fn sorted(symbols: &Symbols, cells: &[Symbol], width: usize) -> Vec<Symbol> {
    if width == 0 {
        return Vec::new();
    }
    let ranks = symbols.ranks();
    let key = |row: &[Symbol]| row.iter().map(|cell| ranks[cell.index()]).collect::<Vec<u32>>();
    let mut rows: Vec<&[Symbol]> = cells.chunks_exact(width).collect();
    rows.sort_by_cached_key(|row| key(row));
    rows.concat()
}
