//! What the comparisons of a clause leave for each fact and variable: a set of options or
//! a range. Terms that an `=` makes equal share one. An empty one is a contradiction.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::ir::{Clause, Expr, ExprKind, LiteralKind};
use super::never_holds::Contradiction;
use super::types::Ty;
use super::vocabulary::Vocabulary;
use crate::program::{CompareOp, FactId, PredicateKind, VariableId};
use crate::source::Span;
use crate::value::Value;

/// Something that has one value within a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Term {
    Fact(FactId),
    Variable(VariableId),
}

/// A bound of a range, with where it is said.
#[derive(Debug, Clone)]
struct Bound {
    value: Value,
    inclusive: bool,
    span: Span,
}

/// What is left for a class of equal terms.
#[derive(Debug, Clone, Default)]
struct Left {
    lower: Option<Bound>,
    upper: Option<Bound>,
    /// Values that remain, where they can be counted; with where that was last narrowed.
    values: Option<(BTreeSet<Value>, Option<Span>)>,
    excluded: BTreeSet<Value>,
    integer: bool,
}

/// What is left for all terms of a clause.
#[derive(Debug, Default)]
pub struct Ranges {
    found: Option<Contradiction>,
}

impl Ranges {
    /// Reads the comparisons of a clause.
    pub fn of(vocabulary: &Vocabulary, clause: &Clause, variables: &[Option<Ty>]) -> Self {
        let mut classes = Classes { vocabulary, variables, parent: BTreeMap::new() };
        for literal in &clause.body {
            if let LiteralKind::Compare { left, op: CompareOp::Eq, right } = &literal.kind
                && let (Some(a), Some(b)) = (term(left), term(right))
            {
                classes.join(a, b);
            }
        }
        let mut reader = Reader { classes, clause, left: BTreeMap::new(), orders: BTreeMap::new() };
        Self { found: clause.body.iter().find_map(|literal| reader.literal(literal.span, &literal.kind)) }
    }

    /// The first contradiction, if there is one.
    pub fn contradiction(self) -> Option<Contradiction> {
        self.found
    }
}

fn term(expr: &Expr) -> Option<Term> {
    match expr.kind {
        ExprKind::Fact(id) => Some(Term::Fact(id)),
        ExprKind::Variable(id) => Some(Term::Variable(id)),
        _ => None,
    }
}

struct Classes<'a> {
    vocabulary: &'a Vocabulary,
    variables: &'a [Option<Ty>],
    parent: BTreeMap<Term, Term>,
}

impl Classes<'_> {
    fn find(&self, mut term: Term) -> Term {
        while let Some(parent) = self.parent.get(&term) {
            term = *parent;
        }
        term
    }

    fn join(&mut self, a: Term, b: Term) {
        let (a, b) = (self.find(a), self.find(b));
        if a != b {
            self.parent.insert(a.max(b), a.min(b));
        }
    }

    fn ty(&self, term: Term) -> Option<Ty> {
        match term {
            Term::Fact(id) => Some(Ty::of(self.vocabulary.domain(id))),
            Term::Variable(id) => self.variables[id.index()].clone(),
        }
    }
}

struct Reader<'a> {
    classes: Classes<'a>,
    clause: &'a Clause,
    left: BTreeMap<Term, Left>,
    /// How two classes may still compare, as (less, equal, greater), and where that was said.
    orders: BTreeMap<(Term, Term), ([bool; 3], Span)>,
}

impl Reader<'_> {
    fn literal(&mut self, span: Span, kind: &LiteralKind) -> Option<Contradiction> {
        match kind {
            LiteralKind::Atom(atom) if atom.args.is_empty() => self.proposition(atom.predicate, true, span),
            LiteralKind::NotAtom(atom) if atom.args.is_empty() => self.proposition(atom.predicate, false, span),
            LiteralKind::Compare { left, op, right } => self.compare(left, *op, right, span),
            LiteralKind::In { subject, negated, list } => {
                let values: BTreeSet<Value> = list.iter().filter_map(constant).collect();
                let term = term(subject)?;
                self.narrow(term, span, |value| values.contains(value) != *negated, (!negated).then_some(&values))
            }
            _ => None,
        }
    }

    fn proposition(&mut self, id: crate::program::PredicateId, value: bool, span: Span) -> Option<Contradiction> {
        let PredicateKind::Fact(fact) = self.classes.vocabulary.predicates[id.index()].kind else { return None };
        self.narrow(Term::Fact(fact), span, |v| *v == Value::Bool(value), None)
    }

    fn compare(&mut self, left: &Expr, op: CompareOp, right: &Expr, span: Span) -> Option<Contradiction> {
        if let (Some(a), Some(b)) = (constant(left), constant(right)) {
            let holds = a.compare(&b).is_some_and(|ordering| op.holds(ordering));
            let reason = "this comparison of two constants is false".to_owned();
            return (!holds).then_some(Contradiction { span, other: None, reason });
        }
        match (term(left), constant(left), term(right), constant(right)) {
            (Some(term), _, _, Some(value)) => self.against(term, op, value, span),
            (_, Some(value), Some(term), _) => self.against(term, op.flipped(), value, span),
            (Some(a), _, Some(b), _) => self.between(a, op, b, span),
            _ => None,
        }
    }

    fn between(&mut self, a: Term, op: CompareOp, b: Term, span: Span) -> Option<Contradiction> {
        let (a, b) = (self.classes.find(a), self.classes.find(b));
        let (a, op, b) = if a <= b { (a, op, b) } else { (b, op.flipped(), a) };
        let allowed = [Ordering::Less, Ordering::Equal, Ordering::Greater].map(|ordering| op.holds(ordering));
        if a == b {
            let reason = "this compares a value with itself and is never so".to_owned();
            return (!allowed[1]).then_some(Contradiction { span, other: None, reason });
        }
        let known = self.orders.entry((a, b)).or_insert(([true; 3], span));
        let before = known.1;
        for (known, allowed) in known.0.iter_mut().zip(allowed) {
            *known &= allowed;
        }
        known.1 = span;
        let reason = "these two comparisons cannot both be so".to_owned();
        (known.0 == [false; 3]).then_some(Contradiction { span, other: Some(before), reason })
    }

    fn against(&mut self, term: Term, op: CompareOp, value: Value, span: Span) -> Option<Contradiction> {
        let ordered = !matches!(value, Value::Symbol(_) | Value::Bool(_));
        if !ordered {
            return self.narrow(term, span, |v| op.holds(v.cmp(&value)), None);
        }
        let class = self.classes.find(term);
        let integer = matches!(self.classes.ty(term), Some(Ty::Integer | Ty::IntegerConstant | Ty::Date));
        let left = self.left.entry(class).or_default();
        left.integer |= integer;
        let bound = |inclusive| Some(Bound { value: value.clone(), inclusive, span });
        let (lower, upper) = match op {
            CompareOp::Eq => (bound(true), bound(true)),
            CompareOp::Lt => (None, bound(false)),
            CompareOp::Le => (None, bound(true)),
            CompareOp::Gt => (bound(false), None),
            CompareOp::Ge => (bound(true), None),
            CompareOp::Ne => {
                left.excluded.insert(value.clone());
                (None, None)
            }
        };
        tighten(&mut left.lower, lower, Ordering::Greater);
        tighten(&mut left.upper, upper, Ordering::Less);
        let other = self.empty(class, span)?;
        Some(self.contradiction(term, span, Some(other)))
    }

    /// Where the range of a class became empty, apart from `span`.
    fn empty(&self, class: Term, span: Span) -> Option<Span> {
        let left = self.left.get(&class)?;
        if let Some((values, said)) = &left.values
            && values.iter().all(|value| !within(left, value))
        {
            return Some(said.unwrap_or(span));
        }
        let (lower, upper) = (left.lower.as_ref()?, left.upper.as_ref()?);
        let other = if lower.span == span { upper.span } else { lower.span };
        let empty = match lower.value.compare(&upper.value)? {
            Ordering::Greater => true,
            Ordering::Equal => !(lower.inclusive && upper.inclusive) || left.excluded.contains(&lower.value),
            Ordering::Less => {
                left.integer && !lower.inclusive && !upper.inclusive && adjacent(&lower.value, &upper.value)
            }
        };
        empty.then_some(other)
    }

    /// Keeps the values that `keep` allows of a term that has countable ones, or is given them by `list`.
    fn narrow(
        &mut self,
        term: Term,
        span: Span,
        keep: impl Fn(&Value) -> bool,
        list: Option<&BTreeSet<Value>>,
    ) -> Option<Contradiction> {
        let class = self.classes.find(term);
        let declared = match self.classes.ty(term) {
            Some(Ty::Bool) => Some([false, true].map(Value::Bool).into_iter().collect()),
            Some(Ty::Symbol(options)) => Some(options.iter().map(|o| Value::Symbol(Arc::clone(o))).collect()),
            _ => list.cloned(),
        };
        let left = self.left.entry(class).or_default();
        if left.values.is_none() {
            left.values = declared.map(|values| (values, None));
        }
        let (values, said) = left.values.as_mut()?;
        let before = *said;
        values.retain(|value| keep(value));
        *said = Some(span);
        let none = values.is_empty();
        let outside = !none && self.empty(class, span).is_some();
        let bound = self.left.get(&class).and_then(|l| l.lower.as_ref().or(l.upper.as_ref())).map(|b| b.span);
        (none || outside).then(|| self.contradiction(term, span, before.or(bound)))
    }

    fn contradiction(&self, term: Term, span: Span, other: Option<Span>) -> Contradiction {
        let name = match term {
            Term::Fact(id) => self.classes.vocabulary.facts[id.index()].name.clone(),
            Term::Variable(id) => self.clause.variables[id.index()].name.clone(),
        };
        Contradiction { span, other, reason: format!("no value of `{name}` is left that fits every condition on it") }
    }
}

fn within(left: &Left, value: &Value) -> bool {
    let above = left.lower.as_ref().is_none_or(|bound| match value.compare(&bound.value) {
        Some(Ordering::Greater) | None => true,
        Some(Ordering::Equal) => bound.inclusive,
        Some(Ordering::Less) => false,
    });
    let below = left.upper.as_ref().is_none_or(|bound| match value.compare(&bound.value) {
        Some(Ordering::Less) | None => true,
        Some(Ordering::Equal) => bound.inclusive,
        Some(Ordering::Greater) => false,
    });
    above && below && !left.excluded.contains(value)
}

fn tighten(known: &mut Option<Bound>, new: Option<Bound>, tighter: Ordering) {
    let Some(new) = new else { return };
    let replace = known.as_ref().is_none_or(|old| match new.value.compare(&old.value) {
        Some(Ordering::Equal) => old.inclusive && !new.inclusive,
        Some(ordering) => ordering == tighter,
        None => false,
    });
    if replace {
        *known = Some(new);
    }
}

/// No value lies between the two.
fn adjacent(lower: &Value, upper: &Value) -> bool {
    match (lower, upper) {
        (Value::Integer(a), Value::Integer(b)) => a.checked_add(1) == Some(*b),
        (Value::Date(a), Value::Date(b)) => b.days_since(*a) == 1,
        _ => false,
    }
}

fn constant(expr: &Expr) -> Option<Value> {
    match &expr.kind {
        ExprKind::Constant(value) => Some(value.clone()),
        _ => None,
    }
}
