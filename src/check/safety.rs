//! `unsafe-variable`: what stands in a head, negation, comparison, test or group must be bound.
//!
//! Bound is a variable that is itself an argument of a positive atom, or that an
//! equation binds; found as a least fixpoint over the equations of one conjunction.

use std::collections::BTreeSet;

use super::capitals;
use super::ir::{Clause, Expr, ExprKind, Group, Literal, LiteralKind, Side, Variable};
use super::vocabulary::Vocabulary;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::program::{CompareOp, PredicateId, VariableId};
use crate::source::Span;

/// Reports every unbound variable of a clause, each once; `all` are the clauses that other sides of its
/// `or`s may be among.
pub fn check(vocabulary: &Vocabulary, clause: &Clause, all: &[Clause], out: &mut Vec<Diagnostic>) {
    let mut safety = Safety { vocabulary, clause, all, reported: BTreeSet::new(), out };
    let bound = bound_by(&clause.body, &clause.lost_variables());
    safety.literals(clause.as_written(), &bound);
    for (index, arg) in clause.args.iter().enumerate() {
        let takes = clause.head.map_or(Takes::Anything, |head| Takes::Column(head, index));
        safety.value(arg, &bound, Place { name: "the head", takes });
    }
}

/// In a clause with so many variables no two are looked for that are nearly the same.
const MANY: usize = 50;

/// Where a value is needed.
struct Place<'a> {
    /// In words.
    name: &'static str,
    takes: Takes<'a>,
}

/// What may stand in a place.
enum Takes<'a> {
    Anything,
    /// What a column of a relation takes.
    Column(PredicateId, usize),
    /// What is compared with this.
    Beside(&'a Expr),
}

impl From<&'static str> for Place<'_> {
    fn from(name: &'static str) -> Self {
        Self { name, takes: Takes::Anything }
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
    clause: &'a Clause,
    all: &'a [Clause],
    reported: BTreeSet<VariableId>,
    out: &'a mut Vec<Diagnostic>,
}

impl<'a> Safety<'a> {
    fn variable(&self, id: VariableId) -> &'a Variable {
        &self.clause.variables[id.index()]
    }

    fn literals<'l>(&mut self, literals: impl IntoIterator<Item = &'l Literal>, bound: &BTreeSet<VariableId>) {
        for literal in literals {
            match &literal.kind {
                LiteralKind::Atom(atom) => {
                    // A bare variable is bound by standing here.
                    for arg in atom.args.iter().filter(|a| a.variable().is_none()) {
                        self.argument(arg, bound, "an argument".into());
                    }
                }
                LiteralKind::NotAtom(atom) => {
                    for (index, arg) in atom.args.iter().enumerate() {
                        let takes = Takes::Column(atom.predicate, index);
                        self.argument(arg, bound, Place { name: "a negation", takes });
                    }
                }
                LiteralKind::NotGroup(group) => self.group(group, bound),
                LiteralKind::Compare { left, right, .. } => {
                    for (one, other) in [(left, right), (right, left)] {
                        self.value(one, bound, Place { name: "a comparison", takes: Takes::Beside(other) });
                    }
                }
                LiteralKind::In { subject, .. } => self.value(subject, bound, "a comparison".into()),
                LiteralKind::Test { subject, pattern, .. } => {
                    self.value(subject, bound, "a test".into());
                    self.value(pattern, bound, "a test".into());
                }
            }
        }
    }

    fn argument(&mut self, expr: &Expr, bound: &BTreeSet<VariableId>, place: Place<'_>) {
        if !matches!(expr.kind, ExprKind::Wildcard) {
            self.value(expr, bound, place);
        }
    }

    fn value(&mut self, expr: &Expr, bound: &BTreeSet<VariableId>, place: Place<'_>) {
        match &expr.kind {
            ExprKind::Wildcard => self.wildcard(expr.span, place.name),
            ExprKind::Variable(id) if !bound.contains(id) || self.variable(*id).alone => {
                self.unbound(*id, expr.span, &place);
            }
            ExprKind::Binary { left, right, .. } => {
                self.value(left, bound, "arithmetic".into());
                self.value(right, bound, "arithmetic".into());
            }
            ExprKind::Negate(inner) => self.value(inner, bound, "arithmetic".into()),
            ExprKind::Call(_, inner) => self.value(inner, bound, "a function".into()),
            ExprKind::Aggregate(group) => self.group(group, bound),
            _ => {}
        }
    }

    fn group(&mut self, group: &Group, outer: &BTreeSet<VariableId>) {
        for id in group.parameters.difference(outer) {
            self.unbound(*id, group.span, &"a group".into());
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
                let name = &self.variable(*id).name;
                let message = format!("`{name}` is not bound on every side of the `or`");
                self.out.push(
                    Diagnostic::new(Code::UnsafeVariable, group.span, message)
                        .help("let every side of an `or` in an aggregate bind the same variables"),
                );
            }
        }
        if let Some(of) = of {
            self.value(of, &everywhere, "an aggregate".into());
        }
    }

    /// Whether something is at a place that is not resolved.
    fn is_lost(&self, span: Span) -> bool {
        self.clause.lost.places.iter().any(|place| place.contains(span))
    }

    fn wildcard(&mut self, span: Span, place: &str) {
        if self.is_lost(span) {
            return;
        }
        self.out.push(
            Diagnostic::new(Code::UnsafeVariable, span, format!("`_` stands in {place}, where a value is needed"))
                .help("name the value: use a variable that an atom such as `source(name: X)` binds, here too"),
        );
    }

    fn unbound(&mut self, id: VariableId, span: Span, place: &Place<'_>) {
        if self.is_lost(span) || !self.reported.insert(id) || self.in_two_spellings(id, span) {
            return;
        }
        let variable = self.variable(id);
        let name = &variable.name;
        let words = match place.takes {
            Takes::Anything => Default::default(),
            Takes::Column(relation, column) => capitals::column(self.vocabulary, relation, column),
            Takes::Beside(expr) => capitals::beside(self.vocabulary, self.clause, expr),
        };
        let help = match capitals::meant(name, &words) {
            Some(word) if matches!(word.as_str(), "true" | "false") => {
                format!("`{name}` begins with a capital and reads as a variable: write `{word}`")
            }
            Some(option) => {
                format!(
                    "`{name}` begins with a capital and reads as a variable; options are lower-case: write `{option}`"
                )
            }
            None if variable.alone => format!(
                "`{name}` begins with a capital and reads as a variable; options and facts are lower-case. \
                 If you mean a variable, use it in an atom of the same clause too"
            ),
            None if self.is_counted(id) => format!(
                "the `{name}` inside the brackets is the same one: give what is counted or added there another letter"
            ),
            None if let Some(denied) = self.denied_with(id) => {
                format!("put what is said of `{name}` into the negation: `{denied}`")
            }
            None => match self.side_without(name) {
                Some(side) => format!(
                    "another side of the `or` gives `{name}` its value, but `{}` does not: use `{name}` in an atom \
                     there too",
                    side.text
                ),
                None => format!(
                    "use `{name}` in an atom of the same clause that is not negated, or set it with `{name} = …`"
                ),
            },
        };
        let why =
            if variable.alone { "stands nowhere else, so that it has no value" } else { "is not bound by anything" };
        let message = format!("the variable `{name}` of {} {why}", place.name);
        self.out.push(Diagnostic::new(Code::UnsafeVariable, span, message).help(help));
    }

    /// Reports a variable that stands in one place alone together with another one of which that is true and whose name
    /// is nearly the same.
    fn in_two_spellings(&mut self, id: VariableId, span: Span) -> bool {
        let name = &self.variable(id).name;
        // `P1` and `P2` are rather options.
        let may_be = |variable: &Variable| {
            let lower = variable.name.to_lowercase();
            let is_known = self.vocabulary.is_option(&lower) || self.vocabulary.fact_ids.contains_key(lower.as_str());
            variable.alone && variable.name.len() > 2 && !is_known
        };
        if !may_be(self.variable(id)) || self.clause.variables.len() > MANY {
            return false;
        }
        let others = || self.clause.variables.iter().zip(0..).filter(|(other, _)| other.name != *name && may_be(other));
        let near = nearest(name, others().map(|(other, _)| other.name.as_ref()));
        let other = others().find(|(other, _)| Some(other.name.as_ref()) == near);
        let Some((other, index)) = other else { return false };
        self.reported.insert(VariableId(index));
        let message = format!("the variables `{name}` and `{}` stand in one place each", other.name);
        let help = format!("if they are the same, write `{name}` in both places; else use each a second time");
        self.out
            .push(Diagnostic::new(Code::UnsafeVariable, span, message).label(other.span, "the other one").help(help));
        true
    }

    /// Whether an aggregate that stands inside uses a variable that gets its value from it: `N = count(r(n: N))`.
    fn is_counted(&self, id: VariableId) -> bool {
        let counts = |part: &Expr| matches!(&part.kind, ExprKind::Aggregate(group) if group.parameters.contains(&id));
        self.clause.body.iter().any(|literal| match &literal.kind {
            LiteralKind::Compare { left, op: CompareOp::Eq, right } => [(left, right), (right, left)]
                .iter()
                .any(|(one, other)| one.variable() == Some(id) && other.any(counts)),
            _ => false,
        })
    }

    /// `not p(X), X > 3` with the comparison in the negation, if a variable stands in nothing else.
    fn denied_with(&self, id: VariableId) -> Option<String> {
        if self.clause.args.iter().any(|arg| arg.needs().contains(&id)) {
            return None;
        }
        let uses = |literal: &&&Literal| literal.any(|part| part.variable() == Some(id));
        let written = self.clause.as_written();
        let (denied, said): (Vec<&Literal>, Vec<&Literal>) =
            written.iter().filter(uses).partition(|literal| matches!(literal.kind, LiteralKind::NotAtom(_)));
        let [denied] = denied.as_slice() else { return None };
        let parts: Vec<&str> = said.iter().map(|literal| literal.text.as_ref()).collect();
        let atom = denied.text.strip_prefix("not ").filter(|_| !parts.is_empty())?;
        Some(format!("not ({atom}, {})", parts.join(", ")))
    }

    /// The side of an `or` that does not bind a variable of this name, if another side does.
    fn side_without(&self, name: &str) -> Option<&'a Side> {
        let other = self.all.iter().find(|other| other.span == self.clause.span && binds(other, name))?;
        self.clause.sides.iter().find(|side| other.sides.iter().all(|taken| taken.span != side.span))
    }
}

/// Whether a clause binds a variable of this name.
fn binds(clause: &Clause, name: &str) -> bool {
    let mut ids = (0..clause.variables.len() as u32).map(VariableId);
    let Some(id) = ids.find(|id| clause.variables[id.index()].name.as_ref() == name) else { return false };
    // A variable that stands in it once is `_` by now.
    let place = clause.variables[id.index()].span;
    let in_atom = |l: &Literal| matches!(l.kind, LiteralKind::Atom(_)) && l.span.contains(place);
    bound_by(&clause.body, &BTreeSet::new()).contains(&id) || clause.body.iter().any(in_atom)
}
