//! Arithmetic that had no value, in derivations that hold in the possible plane.
//!
//! Looked for once a derivation is complete, so that neither the order of literals nor
//! a candidate that a guard shuts out can give a warning.

use std::collections::BTreeSet;

use super::interpretation::{Binding, Interpretation};
use super::search::has_unknown_parameter;
use super::{ArithmeticFault, Derivation, Plane, arithmetic};
use crate::program::{Expr, GroupId, GroupKind, Literal, LiteralKind, RuleId};

/// Faults found.
type Faults = BTreeSet<ArithmeticFault>;

impl Interpretation<'_> {
    /// Rules in which arithmetic failed, sorted and distinct.
    pub(super) fn faults(&self, derivations: &[Derivation]) -> Vec<(RuleId, ArithmeticFault)> {
        let mut found = BTreeSet::new();
        for derivation in derivations {
            if !self.plan.clause(derivation.clause).may_fault {
                continue;
            }
            let clause = self.program.clause(derivation.clause);
            let mut faults = Faults::new();
            self.literal_faults(&clause.body, &derivation.binding, &mut faults);
            found.extend(faults.into_iter().map(|fault| (clause.rule, fault)));
        }
        found.into_iter().collect()
    }

    fn literal_faults(&self, literals: &[Literal], binding: &Binding, faults: &mut Faults) {
        for literal in literals {
            if let LiteralKind::NotGroup(group) = &literal.kind {
                self.group_faults(*group, binding, faults);
            }
            for expr in super::plan::literal_exprs(literal) {
                self.expr_faults(expr, binding, faults);
            }
        }
    }

    fn expr_faults(&self, expr: &Expr, binding: &Binding, faults: &mut Faults) {
        match expr {
            Expr::Wildcard | Expr::Variable(_) | Expr::Constant(_) | Expr::Fact(_) => {}
            Expr::Binary { op, left, right } => {
                self.expr_faults(left, binding, faults);
                self.expr_faults(right, binding, faults);
                if let Some((left, right)) = self.value(left, binding).zip(self.value(right, binding)) {
                    faults.extend(arithmetic::binary(*op, &left, &right).err());
                }
            }
            Expr::Negate(operand) => {
                self.expr_faults(operand, binding, faults);
                if let Some(operand) = self.value(operand, binding) {
                    faults.extend(arithmetic::negate(&operand).err());
                }
            }
            Expr::Call(_, operand) => self.expr_faults(operand, binding, faults),
            Expr::Aggregate(group) => {
                self.group_faults(*group, binding, faults);
                faults.extend(self.aggregate(*group, binding).err());
            }
        }
    }

    fn group_faults(&self, id: GroupId, binding: &Binding, faults: &mut Faults) {
        let group = self.program.group(id);
        if has_unknown_parameter(group, binding) {
            return;
        }
        for solution in self.solutions(Plane::Possible, id, binding) {
            self.literal_faults(&group.alternatives[solution.alternative], &solution.binding, faults);
            if let GroupKind::Aggregate(_, Some(of)) = &group.kind {
                self.expr_faults(of, &solution.binding, faults);
            }
        }
    }
}
