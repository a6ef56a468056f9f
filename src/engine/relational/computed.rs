//! Joins by equations: `p(X), Y = X + 1, q(Y, Z)` looks the rows of `q` up by the value of `X + 1`.
//!
//! Only finds rows. The equation is judged afterwards like any condition, so what is found here
//! may be too much, never too little.

use std::ops::ControlFlow;

use rustc_hash::FxHashSet;

use super::body::{Body, Cell, Computed, Join, Mode};
use super::compile::Compiler;
use super::search::{Found, Search, bind};
use super::symbols::Symbol;
use crate::engine::plan::expr_variables;
use crate::program::{CompareOp, Expr, Literal, LiteralKind, Program, VariableId};
use crate::value::{Number, Value};

/// The first integer beyond which doubles do not tell integers apart.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// What an equation says that the variable in an argument is, all in terms of known variables.
pub(super) fn expression<'l>(
    program: &Program,
    arg: &Expr,
    literals: &'l [Literal],
    known: &FxHashSet<VariableId>,
) -> Option<&'l Expr> {
    let Expr::Variable(variable) = arg else { return None };
    if known.contains(variable) {
        return None;
    }
    let is_it = |side: &Expr| matches!(side, Expr::Variable(v) if v == variable);
    literals.iter().find_map(|literal| {
        let LiteralKind::Compare { left, op: CompareOp::Eq, right } = &literal.kind else { return None };
        [(left, right), (right, left)].into_iter().find_map(|(side, other)| {
            let mut needed = Vec::new();
            expr_variables(program, other, &mut needed);
            let is_told = is_it(side) && !has_aggregate(other) && needed.iter().all(|v| known.contains(v));
            is_told.then_some(other)
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
        let (column, expr) = join.rest.iter().find_map(|(column, cell)| {
            let Cell::Bind(register) = cell else { return None };
            let variable = Expr::Variable(VariableId(*register as u32));
            Some((*column, expression(program, &variable, literals, known)?))
        })?;
        Some(Computed { column, operand: self.operand(expr, mode) })
    }
}

/// Which symbols a computed value may be found under.
pub(super) enum Candidates {
    /// These, of which the second may not be there.
    Of(Symbol, Option<Symbol>),
    /// Any.
    All,
    /// None: the equation does not hold.
    None,
}

impl Search<'_> {
    /// The symbols that compare as equal to what an equation says.
    pub(super) fn candidates(&mut self, mode: Mode, computed: &Computed, registers: &[Symbol]) -> Candidates {
        let Some(symbol) = self.value(mode, &computed.operand, registers) else { return Candidates::None };
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
        let twin = match self.symbols.value(symbol) {
            Value::Unknown if mode == Mode::Possible => return Candidates::All,
            Value::Unknown => return Candidates::None,
            Value::Integer(integer) => Number::new(*integer as f64).map(Value::Number),
            Value::Number(number) if number.get().abs() >= EXACT => return Candidates::All,
            Value::Number(number) if number.get().fract() == 0.0 => Some(Value::Integer(number.get() as i64)),
            _ => None,
        };
        Candidates::Of(symbol, twin.and_then(|value| self.symbols.find(&value)))
    }

    /// A join whose index has a computed column, exactly.
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
        let key: Vec<Symbol> = join.key.iter().map(|term| term.of(registers)).collect();
        let mut each = |row: u32| {
            let cells = table.row(row as usize);
            if !bind(join, cells, registers) {
                return ControlFlow::Continue(());
            }
            matched[join.place] = row;
            self.step(body, at + 1, registers, matched, found)
        };
        let (first, second) = match (candidates, join.index) {
            (Candidates::None, _) => return ControlFlow::Continue(()),
            (Candidates::Of(first, second), Some(index)) => ((index, first), second.map(|second| (index, second))),
            _ => {
                let fits = |row: &u32| {
                    let cells = table.row(*row as usize);
                    join.columns.iter().zip(&key).all(|(column, symbol)| cells[*column] == *symbol)
                };
                return (low..high).filter(fits).try_for_each(each);
            }
        };
        for (index, symbol) in std::iter::once(first).chain(second) {
            let rows = table.index(index).rows(table.grid(), key.iter().copied().chain(std::iter::once(symbol)));
            if rows.find_map(low, high, |row| each(row).is_break().then_some(())).is_some() {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }
}
