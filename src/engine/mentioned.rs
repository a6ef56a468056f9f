//! What literals look at, and all that stands behind that.
//!
//! Says what a body can depend on; judges nothing.

use std::collections::BTreeSet;

use super::plan::literal_exprs;
use crate::program::{Expr, FactId, GroupId, GroupKind, Literal, LiteralKind, PredicateId, PredicateKind, Program};

/// What some literals look at, groups included.
#[derive(Debug, Default)]
pub(crate) struct Mentioned {
    pub(crate) predicates: BTreeSet<PredicateId>,
    /// Facts whose value is looked at, not those that an atom names.
    pub(crate) facts: BTreeSet<FactId>,
}

impl Mentioned {
    /// What these literals look at.
    pub(crate) fn of<'l>(program: &Program, literals: impl IntoIterator<Item = &'l Literal>) -> Self {
        let mut mentioned = Self::default();
        mentioned.add(program, literals);
        mentioned
    }

    pub(crate) fn add<'l>(&mut self, program: &Program, literals: impl IntoIterator<Item = &'l Literal>) {
        for literal in literals {
            match &literal.kind {
                LiteralKind::Atom(atom) | LiteralKind::NotAtom(atom) => {
                    self.predicates.insert(atom.predicate);
                }
                LiteralKind::NotGroup(group) => self.group(program, *group),
                LiteralKind::Compare { .. } | LiteralKind::In { .. } | LiteralKind::Test { .. } => {}
            }
            for expr in literal_exprs(literal) {
                self.expr(program, expr);
            }
        }
    }

    pub(crate) fn group(&mut self, program: &Program, id: GroupId) {
        let group = program.group(id);
        if let GroupKind::Aggregate(_, Some(of)) = &group.kind {
            self.expr(program, of);
        }
        for literals in &group.alternatives {
            self.add(program, literals);
        }
    }

    fn expr(&mut self, program: &Program, expr: &Expr) {
        expr.walk(&mut |expr| match expr {
            Expr::Fact(fact) => {
                self.facts.insert(*fact);
            }
            Expr::Aggregate(group) => self.group(program, *group),
            _ => {}
        });
    }

    /// Every fact looked at, by an atom or by its value.
    pub(crate) fn all_facts(&self, program: &Program) -> BTreeSet<FactId> {
        let named = self.predicates.iter().filter_map(|p| match program.predicate(*p).kind {
            PredicateKind::Fact(fact) => Some(fact),
            _ => None,
        });
        named.chain(self.facts.iter().copied()).collect()
    }

    /// These, and all that the relations among them rest on.
    pub(crate) fn and_below(mut self, program: &Program) -> Cone {
        let mut waiting: Vec<PredicateId> = std::mem::take(&mut self.predicates).into_iter().collect();
        // Most literals look at no relation.
        let concluding = if waiting.is_empty() { Vec::new() } else { program.clauses_by_head() };
        while let Some(id) = waiting.pop() {
            if !self.predicates.insert(id) {
                continue;
            }
            if let PredicateKind::Decided(decision) = program.predicate(id).kind {
                waiting.push(program.decision(decision).predicate);
            }
            for clause in &concluding[id.index()] {
                let Self { predicates, facts } = Self::of(program, &program.clause(*clause).body);
                waiting.extend(predicates);
                self.facts.extend(facts);
            }
        }
        Cone { facts: self.all_facts(program), predicates: self.predicates }
    }
}

impl FromIterator<PredicateId> for Mentioned {
    fn from_iter<I: IntoIterator<Item = PredicateId>>(predicates: I) -> Self {
        Self { predicates: predicates.into_iter().collect(), facts: BTreeSet::new() }
    }
}

/// All that something can depend on.
#[derive(Debug)]
pub(crate) struct Cone {
    pub(crate) predicates: BTreeSet<PredicateId>,
    /// In the author's order.
    pub(crate) facts: BTreeSet<FactId>,
}
