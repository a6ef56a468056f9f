//! Equations: `V = expr` where no positive atom binds `V`.
//!
//! They bind in rounds, so that the order in which they are written tells nothing: in
//! each round every equation whose other side is bound; those with a known value first,
//! those with `⊥` once no known value is left to be had. What then remains is compared.

use std::cmp::Ordering;

use super::Plane;
use super::interpretation::{Binding, Interpretation};
use crate::program::{Expr, Literal, LiteralKind, VariableId};
use crate::value::Value;

/// An equation that can bind a variable now.
pub(super) struct Ready<T> {
    /// The number of the equation.
    pub(super) equation: usize,
    /// The number of the variable.
    pub(super) variable: usize,
    /// What it would be.
    pub(super) value: T,
}

/// Leaves of what can be bound now what this round binds: the known values if there are any, else `⊥`;
/// of two values for one variable the lesser. Whether the values are known.
pub(super) fn keep_this_round<T>(
    ready: &mut Vec<Ready<T>>,
    is_unknown: impl Fn(&T) -> bool,
    order: impl Fn(&T, &T) -> Ordering,
) -> bool {
    let known = ready.iter().any(|r| !is_unknown(&r.value));
    ready.retain(|r| is_unknown(&r.value) != known);
    ready.sort_by(|a, b| a.variable.cmp(&b.variable).then_with(|| order(&a.value, &b.value)));
    ready.dedup_by_key(|r| r.variable);
    known
}

impl Interpretation<'_> {
    /// Binds the variables `binds` and judges the equations; false if one does not hold in
    /// the plane (the binding is then of no use).
    pub(super) fn equate(
        &self,
        plane: Plane,
        literals: &[Literal],
        equations: &[usize],
        binds: &[VariableId],
        binding: &mut Binding,
    ) -> bool {
        let mut waiting = equations.to_vec();
        loop {
            let Some(mut ready) = self.ready(literals, &waiting, binds, binding) else { return false };
            if ready.is_empty() {
                break;
            }
            if !keep_this_round(&mut ready, Value::is_unknown, Ord::cmp) && plane == Plane::Certain {
                return false;
            }
            for Ready { equation, variable, value } in ready {
                binding[variable] = Some(value);
                waiting.retain(|other| *other != equation);
            }
        }
        waiting.iter().all(|equation| self.holds(plane, &literals[*equation], binding))
    }

    /// The equations that can bind a variable; `None` if one of them has no value at all.
    fn ready(
        &self,
        literals: &[Literal],
        waiting: &[usize],
        binds: &[VariableId],
        binding: &Binding,
    ) -> Option<Vec<Ready<Value>>> {
        let mut ready = Vec::new();
        for literal in waiting {
            let LiteralKind::Compare { left, right, .. } = &literals[*literal].kind else { continue };
            for (side, other) in [(left, right), (right, left)] {
                let Some(variable) = unbound(side, binds, binding) else { continue };
                if !self.is_bound(other, binding) {
                    continue;
                }
                let value = self.value(other, binding)?.into_owned();
                ready.push(Ready { equation: *literal, variable: variable.index(), value });
            }
        }
        Some(ready)
    }

    fn is_bound(&self, expr: &Expr, binding: &Binding) -> bool {
        let mut needed = Vec::new();
        super::plan::expr_variables(self.program, expr, &mut needed);
        needed.iter().all(|v| binding[v.index()].is_some())
    }
}

fn unbound(side: &Expr, binds: &[VariableId], binding: &Binding) -> Option<VariableId> {
    match side {
        Expr::Variable(v) if binds.contains(v) && binding[v.index()].is_none() => Some(*v),
        _ => None,
    }
}
