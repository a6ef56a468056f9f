//! Which facts stand behind relations and bodies: all that they can depend on.

use std::collections::BTreeSet;

use crate::engine::plan::literal_exprs;
use crate::program::{
    ClauseId, Expr, FactId, GroupId, GroupKind, Literal, LiteralKind, PredicateId, PredicateKind, Program,
};

/// Goes from relations to the facts behind them.
#[derive(Debug)]
pub struct Behind<'a> {
    program: &'a Program,
    seen: BTreeSet<PredicateId>,
    facts: BTreeSet<FactId>,
}

impl<'a> Behind<'a> {
    /// Nothing yet.
    pub fn new(program: &'a Program) -> Self {
        Self { program, seen: BTreeSet::new(), facts: BTreeSet::new() }
    }

    /// What stands behind some literals.
    pub fn literals<'l>(mut self, literals: impl IntoIterator<Item = &'l Literal>) -> Self {
        literals.into_iter().for_each(|literal| self.literal(literal));
        self
    }

    /// What stands behind a clause.
    pub fn clause(self, clause: ClauseId) -> Self {
        let body = &self.program.clause(clause).body;
        self.literals(body)
    }

    /// What stands behind a relation.
    pub fn relation(mut self, predicate: PredicateId) -> Self {
        self.predicate(predicate);
        self
    }

    /// The facts.
    pub fn facts(self) -> BTreeSet<FactId> {
        self.facts
    }

    fn predicate(&mut self, id: PredicateId) {
        if !self.seen.insert(id) {
            return;
        }
        match self.program.predicate(id).kind {
            PredicateKind::Fact(fact) => {
                self.facts.insert(fact);
            }
            PredicateKind::Decided(decision) => self.predicate(self.program.decision(decision).predicate),
            PredicateKind::Conclusion | PredicateKind::Decision(_) | PredicateKind::Applies(_) => {
                for clause in &self.program.clauses {
                    if clause.head == id {
                        clause.body.iter().for_each(|literal| self.literal(literal));
                    }
                }
            }
        }
    }

    fn literal(&mut self, literal: &Literal) {
        match &literal.kind {
            LiteralKind::Atom(atom) | LiteralKind::NotAtom(atom) => self.predicate(atom.predicate),
            LiteralKind::NotGroup(group) => self.group(*group),
            LiteralKind::Compare { .. } | LiteralKind::In { .. } | LiteralKind::Test { .. } => {}
        }
        literal_exprs(literal).for_each(|expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Fact(fact) => {
                self.facts.insert(*fact);
            }
            Expr::Binary { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            Expr::Negate(operand) | Expr::Call(_, operand) => self.expr(operand),
            Expr::Aggregate(group) => self.group(*group),
            Expr::Wildcard | Expr::Variable(_) | Expr::Constant(_) => {}
        }
    }

    fn group(&mut self, id: GroupId) {
        let group = self.program.group(id);
        if let GroupKind::Aggregate(_, Some(of)) = &group.kind {
            self.expr(of);
        }
        group.alternatives.iter().flatten().for_each(|literal| self.literal(literal));
    }
}
