//! Joins by equations: `p(X), Y = X + 1, q(Y, Z)` looks the rows of `q` up by the value of `X + 1`.
//!
//! What is looked up are the symbols that compare as equal to the value, so that rows found so settle the
//! equation. In the possible plane, where `⊥` matches anything, it is judged afterwards like any condition.

use std::cmp::Ordering;
use std::ops::ControlFlow;

use rustc_hash::FxHashSet;

use super::body::{Body, Cell, Computed, Join, Mode};
use super::compile::Compiler;
use super::search::{Found, Search, bind};
use super::symbols::Symbol;
use crate::engine::plan::expr_variables;
use crate::program::{CompareOp, Expr, Literal, LiteralKind, Program, VariableId};
use crate::value::{Number, Value};

/// What an equation says that the variable in an argument is, all in terms of known variables.
pub(super) fn expression<'l>(
    program: &Program,
    arg: &Expr,
    literals: &'l [Literal],
    known: &FxHashSet<VariableId>,
) -> Option<(usize, &'l Expr)> {
    let Expr::Variable(variable) = arg else { return None };
    if known.contains(variable) {
        return None;
    }
    let is_it = |side: &Expr| matches!(side, Expr::Variable(v) if v == variable);
    literals.iter().enumerate().find_map(|(at, literal)| {
        let LiteralKind::Compare { left, op: CompareOp::Eq, right } = &literal.kind else { return None };
        [(left, right), (right, left)].into_iter().find_map(|(side, other)| {
            let mut needed = Vec::new();
            expr_variables(program, other, &mut needed);
            let is_told = is_it(side) && !has_aggregate(other) && needed.iter().all(|v| known.contains(v));
            is_told.then_some((at, other))
        })
    })
}

/// Aggregates are not worked out twice.
fn has_aggregate(expr: &Expr) -> bool {
    match expr {
        Expr::Wildcard | Expr::Constant(_) | Expr::Fact(_) | Expr::Variable(_) => false,
        Expr::Binary { left, right, .. } => has_aggregate(left) || has_aggregate(right),
        Expr::Negate(operand) | Expr::Call(_, operand) => has_aggregate(operand),
        Expr::Aggregate(_) => true,
    }
}

impl Compiler<'_> {
    /// A column that the join is about to bind and an equation tells.
    pub(super) fn computed(
        &mut self,
        join: &Join,
        literals: &[Literal],
        mode: Mode,
        known: &FxHashSet<VariableId>,
    ) -> Option<Computed> {
        let program = self.program;
        let (column, (literal, expr)) = join.rest.iter().find_map(|(column, cell)| {
            let Cell::Bind(register) = cell else { return None };
            let variable = Expr::Variable(VariableId(*register as u32));
            Some((*column, expression(program, &variable, literals, known)?))
        })?;
        Some(Computed { literal, column, operand: self.operand(expr, mode) })
    }
}

/// Which symbols a computed value may be found under.
pub(super) enum Candidates {
    /// These, of which the second may not be there.
    Of(Symbol, Option<Symbol>),
    /// Any; those that hold compare as equal to this.
    All(Symbol),
    /// None: the equation does not hold.
    None,
}

impl Search<'_> {
    /// The symbols that compare as equal to what an equation says.
    pub(super) fn candidates(&mut self, mode: Mode, computed: &Computed, registers: &[Symbol]) -> Candidates {
        let Some(symbol) = self.value(mode, &computed.operand, registers) else { return Candidates::None };
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
        let twin = match self.symbols.value(symbol) {
            Value::Unknown if mode == Mode::Possible => return Candidates::All(symbol),
            Value::Unknown => return Candidates::None,
            Value::Integer(integer) => Number::new(*integer as f64).map(Value::Number),
            Value::Number(number) if number.get().abs() >= Number::INEXACT => return Candidates::All(symbol),
            Value::Number(number) if number.get().fract() == 0.0 => Some(Value::Integer(number.get() as i64)),
            _ => None,
        };
        Candidates::Of(symbol, twin.and_then(|value| self.symbols.find(&value)))
    }

    /// A join whose index has a computed column, exactly: what is found settles the equation.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn join_computed(
        &mut self,
        body: &Body,
        at: usize,
        (join, computed): (&Join, &Computed),
        registers: &mut [Symbol],
        matched: &mut [u32],
        found: &mut Found<'_>,
    ) -> ControlFlow<()> {
        let table = &self.tables[join.table.index()];
        let (low, high) = join.window.of(table);
        let candidates = self.candidates(body.mode, computed, registers);
        if self.failed {
            return ControlFlow::Break(());
        }
        let (first, second, index) = match (candidates, join.index) {
            (Candidates::Of(first, second), Some(index)) => (first, second, table.index(index)),
            (Candidates::None, _) => return ControlFlow::Continue(()),
            (Candidates::Of(wanted, _) | Candidates::All(wanted), _) => {
                let key: Vec<Symbol> = join.key.iter().map(|term| term.of(registers)).collect();
                return (low..high).try_for_each(|row| {
                    let cells = table.row(row as usize);
                    let fits = join.columns.iter().zip(&key).all(|(column, symbol)| cells[*column] == *symbol)
                        && self.symbols.compare(cells[computed.column], wanted).is_some_and(Ordering::is_eq)
                        && bind(join, cells, registers);
                    if !fits {
                        return ControlFlow::Continue(());
                    }
                    matched[join.place] = row;
                    self.step(body, at + 1, registers, matched, found)
                });
            }
        };
        for symbol in std::iter::once(first).chain(second) {
            let rows = match *join.key.as_slice() {
                // The common case without a loop.
                [] => index.rows(table.grid(), std::iter::once(symbol)),
                _ => {
                    let key: Vec<Symbol> = join.key.iter().map(|term| term.of(registers)).collect();
                    index.rows(table.grid(), key.into_iter().chain([symbol]))
                }
            };
            self.join_rows(body, at, join, rows, registers, matched, found)?;
        }
        ControlFlow::Continue(())
    }
}
