//! The answers of a query: distinct, sorted by value.

use std::ops::ControlFlow;

use rustc_hash::FxHashMap;

use super::Database;
use super::body::{Groups, Term};
use super::compile::{Compiler, Place};
use super::search::Search;
use super::sort::sorted;
use super::symbols::{Symbol, Symbols};
use super::table::Table;
use crate::engine::Plane;
use crate::program::{Expr, Literal, LiteralKind, Query, VariableId};
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
        if let Some(table) = self.whole_table(query, plane) {
            let cells = sorted(&self.relations.symbols.ranks(), table.cells(), width);
            return Answers { len: table.len(), width, cells };
        }
        let mut found = Table::new(width, false);
        for literals in &query.alternatives {
            let mut compiler = Compiler {
                program: self.program,
                plan: self.plan,
                issue: self.issue,
                relations: &mut self.relations,
                growing: FxHashMap::default(),
                groups: Groups::default(),
                marks: 0,
                meets: 0,
            };
            let body = compiler.body(literals, Place { mode: plane.into(), bound: &[], last: None, in_group: false });
            let groups = compiler.groups;
            let mut registers = vec![Symbol::UNBOUND; query.variables.len()];
            let tables = &self.relations.tables;
            let mut search = Search::new(tables, &groups, &mut self.relations.symbols);
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
        let cells = sorted(&self.relations.symbols.ranks(), found.cells(), width);
        Answers { len: found.len(), width, cells }
    }
}

impl Database<'_> {
    /// The table that holds the answers as they are: that of an atom of nothing but different variables,
    /// if none of its cells is `⊥`.
    fn whole_table(&self, query: &Query, plane: Plane) -> Option<&Table> {
        let [literals] = query.alternatives.as_slice() else { return None };
        let [Literal { kind: LiteralKind::Atom(atom), .. }] = literals.as_slice() else { return None };
        let table = self.relations.table(atom.predicate, plane);
        let is_answer = |(arg, answer): (&Expr, &VariableId)| matches!(arg, Expr::Variable(v) if v == answer);
        let all = atom.args.len() == query.answer.len() && atom.args.iter().zip(&query.answer).all(is_answer);
        (all && !table.is_empty() && !table.has_any_unknown()).then_some(table)
    }
}
