//! `unsafe-variable`: what stands in a head, negation, comparison, test or group must be bound.
//!
//! Bound is a variable that is itself an argument of a positive atom, or that an
//! equation binds; found as a least fixpoint over the equations of one conjunction.

use std::collections::BTreeSet;

use super::ir::{Clause, Expr, ExprKind, Group, Literal, LiteralKind, Variable};
use super::vocabulary::Vocabulary;
use crate::diagnostic::{Code, Diagnostic};
use crate::program::{CompareOp, VariableId};
use crate::source::Span;

/// Reports every unbound variable of a clause, each once.
pub fn check(vocabulary: &Vocabulary, clause: &Clause, out: &mut Vec<Diagnostic>) {
    let mut safety = Safety { vocabulary, variables: &clause.variables, reported: BTreeSet::new(), out };
    let bound = bound_by(&clause.body, &BTreeSet::new());
    safety.literals(clause.as_written(), &bound);
    for arg in &clause.args {
        safety.value(arg, &bound, "the head");
    }
}

/// The variables a conjunction binds, given those already bound.
pub fn bound_by(literals: &[Literal], given: &BTreeSet<VariableId>) -> BTreeSet<VariableId> {
    let mut bound = given.clone();
    for literal in literals {
        if let LiteralKind::Atom(atom) = &literal.kind {
            bound.extend(atom.args.iter().filter_map(Expr::variable));
        }
    }
    loop {
        let before = bound.len();
        for literal in literals {
            if let LiteralKind::Compare { left, op: CompareOp::Eq, right } = &literal.kind {
                for (one, other) in [(left, right), (right, left)] {
                    if let Some(id) = one.variable()
                        && other.needs().is_subset(&bound)
                    {
                        bound.insert(id);
                    }
                }
            }
        }
        if bound.len() == before {
            return bound;
        }
    }
}

struct Safety<'a> {
    vocabulary: &'a Vocabulary,
    variables: &'a [Variable],
    reported: BTreeSet<VariableId>,
    out: &'a mut Vec<Diagnostic>,
}

impl Safety<'_> {
    fn literals<'l>(&mut self, literals: impl IntoIterator<Item = &'l Literal>, bound: &BTreeSet<VariableId>) {
        for literal in literals {
            match &literal.kind {
                LiteralKind::Atom(atom) => {
                    // A bare variable is bound by standing here.
                    for arg in atom.args.iter().filter(|a| a.variable().is_none()) {
                        self.argument(arg, bound, "an argument");
                    }
                }
                LiteralKind::NotAtom(atom) => {
                    for arg in &atom.args {
                        self.argument(arg, bound, "a negation");
                    }
                }
                LiteralKind::NotGroup(group) => self.group(group, bound),
                LiteralKind::Compare { left, right, .. } => {
                    self.value(left, bound, "a comparison");
                    self.value(right, bound, "a comparison");
                }
                LiteralKind::In { subject, .. } => self.value(subject, bound, "a comparison"),
                LiteralKind::Test { subject, pattern, .. } => {
                    self.value(subject, bound, "a test");
                    self.value(pattern, bound, "a test");
                }
            }
        }
    }

    fn argument(&mut self, expr: &Expr, bound: &BTreeSet<VariableId>, place: &str) {
        if !matches!(expr.kind, ExprKind::Wildcard) {
            self.value(expr, bound, place);
        }
    }

    fn value(&mut self, expr: &Expr, bound: &BTreeSet<VariableId>, place: &str) {
        match &expr.kind {
            ExprKind::Wildcard => self.wildcard(expr.span, place),
            ExprKind::Variable(id) if !bound.contains(id) || self.variables[id.index()].alone => {
                self.unbound(*id, expr.span, place);
            }
            ExprKind::Binary { left, right, .. } => {
                self.value(left, bound, "arithmetic");
                self.value(right, bound, "arithmetic");
            }
            ExprKind::Negate(inner) => self.value(inner, bound, "arithmetic"),
            ExprKind::Call(_, inner) => self.value(inner, bound, "a function"),
            ExprKind::Aggregate(group) => self.group(group, bound),
            _ => {}
        }
    }

    fn group(&mut self, group: &Group, outer: &BTreeSet<VariableId>) {
        for id in group.parameters.difference(outer) {
            self.unbound(*id, group.span, "a group");
        }
        let given: BTreeSet<_> = outer.union(&group.parameters).copied().collect();
        let inside: Vec<_> = group.alternatives.iter().map(|side| bound_by(side, &given)).collect();
        for (side, bound) in group.alternatives.iter().zip(&inside) {
            self.literals(side, bound);
        }
        let Some((_, of)) = &group.aggregate else { return };
        let everywhere = inside
            .iter()
            .skip(1)
            .fold(inside.first().cloned().unwrap_or_default(), |all, next| all.intersection(next).copied().collect());
        for id in &group.own {
            if !everywhere.contains(id) && inside.iter().any(|bound| bound.contains(id)) && self.reported.insert(*id) {
                let name = &self.variables[id.index()].name;
                let message = format!("`{name}` is not bound on every side of the `or`");
                self.out.push(
                    Diagnostic::new(Code::UnsafeVariable, group.span, message)
                        .help("let every side of an `or` in an aggregate bind the same variables"),
                );
            }
        }
        if let Some(of) = of {
            self.value(of, &everywhere, "an aggregate");
        }
    }

    fn wildcard(&mut self, span: Span, place: &str) {
        self.out.push(
            Diagnostic::new(Code::UnsafeVariable, span, format!("`_` stands in {place}, where a value is needed"))
                .help("name the value: use a variable that an atom such as `source(name: X)` binds, here too"),
        );
    }

    fn unbound(&mut self, id: VariableId, span: Span, place: &str) {
        if !self.reported.insert(id) {
            return;
        }
        let name = &self.variables[id.index()].name;
        let lower = name.to_lowercase();
        let option = self.vocabulary.is_option(&lower).then_some(lower);
        let help = match option {
            Some(option) => {
                format!(
                    "`{name}` begins with a capital and reads as a variable; options are lower-case: write `{option}`"
                )
            }
            None if self.variables[id.index()].alone => format!(
                "`{name}` begins with a capital and reads as a variable; options and facts are lower-case. \
                 If you mean a variable, use it in an atom of the same clause too"
            ),
            None => {
                format!("use `{name}` in an atom of the same clause that is not negated, or set it with `{name} = …`")
            }
        };
        let message = format!("the variable `{name}` of {place} is not bound by anything");
        self.out.push(Diagnostic::new(Code::UnsafeVariable, span, message).help(help));
    }
}
