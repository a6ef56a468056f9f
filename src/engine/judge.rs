//! The single place where a literal is judged: one positive atom against one tuple,
//! or one condition under one binding.
//!
//! The rules of the reference engine, the search through groups, verdicts and
//! explanations all call what stands here.

use super::interpretation::{Binding, Interpretation, Judgement};
use super::{Plane, Tuple};
use crate::program::{Atom, CompareOp, Expr, Literal, LiteralKind, TestKind, VariableId};
use crate::value::Value;

/// Whether a known or unknown value may stand in a cell that holds `cell`.
fn matches(plane: Plane, wanted: &Value, cell: &Value) -> bool {
    match plane {
        Plane::Certain => !cell.is_unknown() && wanted == cell,
        Plane::Possible => wanted.is_unknown() || cell.is_unknown() || wanted == cell,
    }
}

/// What is to be put back when a binding is left again.
pub type Undo = Vec<(VariableId, Option<Value>)>;

/// Matches the arguments of a positive atom with a tuple and binds its variables. Where
/// it does not match, or once `undo` is played back, the binding is as it was.
pub fn join(plane: Plane, atom: &Atom, tuple: &[Value], binding: &mut Binding, undo: &mut Undo) -> bool {
    let before = undo.len();
    for (arg, cell) in atom.args.iter().zip(tuple) {
        if !join_cell(plane, arg, cell, binding, undo) {
            restore(binding, undo, before);
            return false;
        }
    }
    true
}

fn join_cell(plane: Plane, arg: &Expr, cell: &Value, binding: &mut Binding, undo: &mut Undo) -> bool {
    let variable = match arg {
        Expr::Variable(variable) => *variable,
        Expr::Constant(value) => return matches(plane, value, cell),
        _ => return true,
    };
    let takes_cell = match &binding[variable.index()] {
        Some(value) if !matches(plane, value, cell) => return false,
        Some(value) => value.is_unknown() && !cell.is_unknown(),
        None if plane == Plane::Certain && cell.is_unknown() => return false,
        None => true,
    };
    if takes_cell {
        let old = binding[variable.index()].replace(cell.clone());
        undo.push((variable, old));
    }
    true
}

/// Plays an undo log back to a length that it had.
pub fn restore(binding: &mut Binding, undo: &mut Undo, len: usize) {
    for (variable, old) in undo.drain(len..).rev() {
        binding[variable.index()] = old;
    }
}

/// Whether an atom matches a tuple under a binding; variables without a value match as in [`join`].
fn atom_matches(plane: Plane, atom: &Atom, tuple: &[Value], binding: &Binding) -> bool {
    atom.args.iter().zip(tuple).all(|(arg, cell)| match arg {
        Expr::Variable(v) => match &binding[v.index()] {
            Some(value) => matches(plane, value, cell),
            None => plane == Plane::Possible || !cell.is_unknown(),
        },
        Expr::Constant(value) => matches(plane, value, cell),
        _ => true,
    })
}

/// The known first argument of an atom.
pub(super) fn first_known<'e>(atom: &'e Atom, binding: &'e Binding) -> Option<&'e Value> {
    match atom.args.first()? {
        Expr::Variable(v) => binding[v.index()].as_ref(),
        Expr::Constant(value) => Some(value),
        _ => None,
    }
}

impl<'a> Interpretation<'a> {
    /// Judges a literal under a binding of all its variables.
    pub fn judge(&self, literal: &Literal, binding: &Binding) -> Judgement {
        let certain = self.holds(Plane::Certain, literal, binding);
        Judgement { certain, possible: certain || self.holds(Plane::Possible, literal, binding) }
    }

    /// Judges a literal in one plane under a binding of all its variables.
    pub fn holds(&self, plane: Plane, literal: &Literal, binding: &Binding) -> bool {
        match &literal.kind {
            LiteralKind::Atom(atom) => self.matching(plane, atom, binding).next().is_some(),
            LiteralKind::NotAtom(atom) => self.absent(plane, atom, binding),
            LiteralKind::NotGroup(group) => self.no_solution(plane, *group, binding),
            LiteralKind::Compare { left, op, right } => {
                let Some((left, right)) = self.value(left, binding).zip(self.value(right, binding)) else {
                    return false;
                };
                compare(plane, &left, *op, &right)
            }
            LiteralKind::In { subject, negated, list } => {
                self.value(subject, binding).is_some_and(|subject| is_in(plane, &subject, list, *negated))
            }
            LiteralKind::Test { test, negated, subject, pattern, regex } => {
                let Some((subject, pattern)) = self.value(subject, binding).zip(self.value(pattern, binding)) else {
                    return false;
                };
                match (&*subject, &*pattern) {
                    (Value::Unknown, _) | (_, Value::Unknown) => plane == Plane::Possible,
                    (Value::Text(s), Value::Text(p)) => passes(*test, s, p, regex.as_ref()) != *negated,
                    _ => false,
                }
            }
        }
    }

    /// The tuples that a positive atom matches under a binding: in the certain plane those
    /// that hold its known arguments, in the possible plane those that may be such, `⊥` on
    /// either side matching anything.
    pub fn matching<'e>(
        &self,
        plane: Plane,
        atom: &'e Atom,
        binding: &'e Binding,
    ) -> impl Iterator<Item = &'a Tuple> + use<'a, 'e> {
        let relation = self.model.relation(plane, atom.predicate);
        relation.candidates(first_known(atom, binding)).filter(move |tuple| atom_matches(plane, atom, tuple, binding))
    }

    /// The tuples from which a positive atom can have got its part of a complete binding:
    /// those it matches without a variable taking another value.
    pub fn supports<'e>(
        &self,
        plane: Plane,
        atom: &'e Atom,
        binding: &'e Binding,
    ) -> impl Iterator<Item = &'a Tuple> + use<'a, 'e> {
        let same = |arg: &Expr, cell: &Value| match arg {
            Expr::Variable(v) => {
                cell.is_unknown() || binding[v.index()].as_ref().is_none_or(|value| !value.is_unknown())
            }
            _ => true,
        };
        self.matching(plane, atom, binding)
            .filter(move |tuple| atom.args.iter().zip(tuple.iter()).all(|(arg, cell)| same(arg, cell)))
    }

    /// `not p(t)`: in the certain plane no possible tuple matches; in the possible plane
    /// no certain one does, or `t` is not known.
    fn absent(&self, plane: Plane, atom: &Atom, binding: &Binding) -> bool {
        if atom.args.is_empty() {
            return self.model.relation(other(plane), atom.predicate).tuples.is_empty();
        }
        let Some(wanted) = self.wanted(atom, binding) else { return false };
        if plane == Plane::Possible && wanted.iter().flatten().any(Value::is_unknown) {
            return true;
        }
        self.found(other(plane), atom, &wanted).next().is_none()
    }

    /// The tuples of the possible plane that may be what a negated atom denies.
    pub(crate) fn denied<'e>(&self, atom: &'e Atom, binding: &'e Binding) -> Vec<&'a Tuple> {
        let Some(wanted) = self.wanted(atom, binding) else { return Vec::new() };
        self.found(Plane::Possible, atom, &wanted).collect()
    }

    /// The arguments of a negated atom, `None` for `_`; nothing if one of them has no value.
    fn wanted(&self, atom: &Atom, binding: &Binding) -> Option<Vec<Option<Value>>> {
        let value = |arg: &Expr| match arg {
            Expr::Wildcard => Some(None),
            _ => self.value(arg, binding).map(|value| Some(value.into_owned())),
        };
        atom.args.iter().map(value).collect()
    }

    fn found<'w>(
        &self,
        plane: Plane,
        atom: &Atom,
        wanted: &'w [Option<Value>],
    ) -> impl Iterator<Item = &'a Tuple> + use<'a, 'w> {
        let first = wanted.first().and_then(Option::as_ref);
        self.model.relation(plane, atom.predicate).candidates(first).filter(move |tuple| {
            let mut cells = wanted.iter().zip(tuple.iter());
            cells.all(|(wanted, cell)| wanted.as_ref().is_none_or(|wanted| matches(plane, wanted, cell)))
        })
    }
}

/// The plane that a negation looks at.
pub(super) fn other(plane: Plane) -> Plane {
    match plane {
        Plane::Certain => Plane::Possible,
        Plane::Possible => Plane::Certain,
    }
}

/// A comparison of two values.
pub(crate) fn compare(plane: Plane, left: &Value, op: CompareOp, right: &Value) -> bool {
    if left.is_unknown() || right.is_unknown() {
        return plane == Plane::Possible;
    }
    left.compare(right).is_some_and(|ordering| op.holds(ordering))
}

fn is_in(plane: Plane, subject: &Value, list: &[Value], negated: bool) -> bool {
    if subject.is_unknown() {
        return plane == Plane::Possible;
    }
    let found = list.iter().any(|value| subject.compare(value).is_some_and(|ordering| ordering.is_eq()));
    found != negated
}

pub(crate) fn passes(test: TestKind, subject: &str, pattern: &str, regex: Option<&regex::Regex>) -> bool {
    match test {
        TestKind::Contains => subject.contains(pattern),
        TestKind::StartsWith => subject.starts_with(pattern),
        TestKind::EndsWith => subject.ends_with(pattern),
        TestKind::Matches => regex.is_some_and(|regex| regex.is_match(subject)),
    }
}
