//! What the comparisons of a clause leave for each fact, variable and computed value: a set of options or
//! a range. Terms that an `=` makes equal share one. An empty one is a contradiction.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::canonical;
use super::ir::{Clause, Expr, ExprKind, LiteralKind};
use super::never_holds::Contradiction;
use super::types::Ty;
use super::vocabulary::Vocabulary;
use crate::program::{CompareOp, FactId, PredicateKind, VariableId};
use crate::source::Span;
use crate::value::{Date, Number, Value};

/// Something that has one value within a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Term {
    Fact(FactId),
    Variable(VariableId),
    /// The value of an expression, by its number in [`Classes::computed`].
    Computed(usize),
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
    /// Single values that are left out, with where that is said.
    excluded: BTreeMap<Value, Span>,
}

/// What is left for all terms of a clause.
#[derive(Debug, Default)]
pub struct Ranges {
    found: Option<Contradiction>,
}

impl Ranges {
    /// Reads the comparisons of a clause.
    pub fn of(vocabulary: &Vocabulary, clause: &Clause, variables: &[Option<Ty>]) -> Self {
        let mut classes = Classes { vocabulary, clause, variables, computed: Vec::new(), parent: BTreeMap::new() };
        let body = clause.as_written();
        for literal in &body {
            if let LiteralKind::Compare { left, op: CompareOp::Eq, right } = &literal.kind
                && let (Some(a), Some(b)) = (classes.term(left), classes.term(right))
            {
                classes.join(a, b);
            }
        }
        let mut fixed = BTreeMap::new();
        for literal in &body {
            if let LiteralKind::Compare { left, op: CompareOp::Eq, right } = &literal.kind {
                for (one, other) in [(left, right), (right, left)] {
                    if let (Some(term), Some(value)) = (classes.term(one), constant(other)) {
                        fixed.entry(classes.find(term)).or_insert(value);
                    }
                }
            }
        }
        let mut reader = Reader { classes, fixed, left: BTreeMap::new(), orders: BTreeMap::new() };
        Self { found: body.iter().find_map(|literal| reader.literal(literal.span, &literal.kind)) }
    }

    /// The first contradiction, if there is one.
    pub fn contradiction(self) -> Option<Contradiction> {
        self.found
    }
}

struct Classes<'a> {
    vocabulary: &'a Vocabulary,
    clause: &'a Clause,
    variables: &'a [Option<Ty>],
    /// Expressions, in canonical form.
    computed: Vec<String>,
    parent: BTreeMap<Term, Term>,
}

impl Classes<'_> {
    /// What is no constant.
    fn term(&mut self, expr: &Expr) -> Option<Term> {
        Some(match expr.kind {
            ExprKind::Fact(id) => Term::Fact(id),
            ExprKind::Variable(id) => Term::Variable(id),
            ExprKind::Binary { .. } | ExprKind::Negate(_) | ExprKind::Call(..) | ExprKind::Aggregate(_) => {
                let text = canonical::expr(self.vocabulary, self.clause, expr);
                let known = self.computed.iter().position(|known| *known == text);
                Term::Computed(known.unwrap_or_else(|| {
                    self.computed.push(text);
                    self.computed.len() - 1
                }))
            }
            ExprKind::Wildcard | ExprKind::Constant(_) | ExprKind::Name(_) => return None,
        })
    }

    fn find(&self, mut term: Term) -> Term {
        while let Some(parent) = self.parent.get(&term) {
            term = *parent;
        }
        term
    }

    fn join(&mut self, a: Term, b: Term) {
        // An integer is compared with a number as one, and so may be equal to several.
        if let (Some(one), Some(other)) = (self.ty(a), self.ty(b))
            && (one == Ty::Number) != (other == Ty::Number)
        {
            return;
        }
        let (a, b) = (self.find(a), self.find(b));
        if a != b {
            self.parent.insert(a.max(b), a.min(b));
        }
    }

    fn ty(&self, term: Term) -> Option<Ty> {
        match term {
            Term::Fact(id) => Some(Ty::of(self.vocabulary.domain(id))),
            Term::Variable(id) => self.variables[id.index()].clone(),
            Term::Computed(_) => None,
        }
    }
}

struct Reader<'a> {
    classes: Classes<'a>,
    /// The classes that an `=` gives a constant value.
    fixed: BTreeMap<Term, Value>,
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
                let listed = |value: &Value| values.iter().any(|one| one.compare(value) == Some(Ordering::Equal));
                let term = self.classes.term(subject)?;
                match self.classes.ty(term) {
                    Some(Ty::Bool | Ty::Symbol(_)) => self.narrow(term, span, |value| listed(value) != *negated, None),
                    _ if *negated => self.bounded(term, span, |left| left.exclude(values, span)),
                    _ => self.narrow(term, span, listed, Some(&values)),
                }
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
        match (self.classes.term(left), constant(left), self.classes.term(right), constant(right)) {
            (Some(term), _, _, Some(value)) => self.against(term, op, value, span),
            (_, Some(value), Some(term), _) => self.against(term, op.flipped(), value, span),
            (Some(a), _, Some(b), _) => self.between(a, op, b, span).or_else(|| self.through_fixed(a, op, b, span)),
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

    /// One of two classes has a constant value: the other is compared with that.
    fn through_fixed(&mut self, a: Term, op: CompareOp, b: Term, span: Span) -> Option<Contradiction> {
        let (class_a, class_b) = (self.classes.find(a), self.classes.find(b));
        if class_a == class_b {
            return None;
        }
        match (self.fixed.get(&class_a).cloned(), self.fixed.get(&class_b).cloned()) {
            (_, Some(value)) => self.against(a, op, value, span),
            (Some(value), _) => self.against(b, op.flipped(), value, span),
            (None, None) => None,
        }
    }

    fn against(&mut self, term: Term, op: CompareOp, value: Value, span: Span) -> Option<Contradiction> {
        let ordered = !matches!(value, Value::Symbol(_) | Value::Bool(_));
        if !ordered {
            return self.narrow(term, span, |v| op.holds(v.cmp(&value)), None);
        }
        let bound = |inclusive| Some(Bound { value: value.clone(), inclusive, span });
        let (lower, upper) = match op {
            CompareOp::Eq => (bound(true), bound(true)),
            CompareOp::Lt => (None, bound(false)),
            CompareOp::Le => (None, bound(true)),
            CompareOp::Gt => (bound(false), None),
            CompareOp::Ge => (bound(true), None),
            CompareOp::Ne => return self.bounded(term, span, |left| left.exclude([value], span)),
        };
        self.bounded(term, span, |left| {
            tighten(&mut left.lower, lower, Ordering::Greater);
            tighten(&mut left.upper, upper, Ordering::Less);
        })
    }

    /// Takes up what `span` says of the range of a term.
    fn bounded(&mut self, term: Term, span: Span, tell: impl FnOnce(&mut Left)) -> Option<Contradiction> {
        let class = self.classes.find(term);
        let ty = self.classes.ty(term);
        let left = self.left.entry(class).or_default();
        tell(left);
        let other = left.is_empty(ty.as_ref()).then(|| left.said_before(span))?;
        Some(self.contradiction(term, span, other))
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
        let ty = self.classes.ty(term);
        let declared = match &ty {
            Some(Ty::Bool) => Some([false, true].map(Value::Bool).into_iter().collect()),
            Some(Ty::Symbol(options)) => Some(options.iter().map(|o| Value::Symbol(Arc::clone(o))).collect()),
            _ => list.cloned(),
        };
        let left = self.left.entry(class).or_default();
        if left.values.is_none() {
            left.values = declared.map(|values| (values, None));
        }
        let (values, said) = left.values.as_mut()?;
        values.retain(|value| keep(value));
        let before = said.replace(span);
        let other = left.is_empty(ty.as_ref()).then(|| before.or_else(|| left.said_before(span)))?;
        Some(self.contradiction(term, span, other))
    }

    fn contradiction(&self, term: Term, span: Span, other: Option<Span>) -> Contradiction {
        let name = match term {
            Term::Fact(id) => self.classes.vocabulary.facts[id.index()].name.clone(),
            Term::Variable(id) => self.classes.clause.variables[id.index()].name.clone(),
            Term::Computed(_) => {
                let reason = "no value is left that fits every condition on what is computed here".to_owned();
                return Contradiction { span, other, reason };
            }
        };
        Contradiction { span, other, reason: format!("no value of `{name}` is left that fits every condition on it") }
    }
}

impl Left {
    fn exclude(&mut self, values: impl IntoIterator<Item = Value>, span: Span) {
        self.excluded.extend(values.into_iter().map(|value| (value, span)));
    }

    /// Where something else than `span` was said that matters, if there is such a place.
    fn said_before(&self, span: Span) -> Option<Span> {
        let listed = self.values.iter().filter_map(|(_, said)| *said);
        let bounds = [&self.lower, &self.upper].into_iter().flatten().map(|bound| bound.span);
        let excluded = self.excluded.values().copied();
        listed.chain(bounds).chain(excluded).find(|place| *place != span)
    }

    /// Whether nothing of a type is left.
    fn is_empty(&self, ty: Option<&Ty>) -> bool {
        if let Some((values, _)) = &self.values {
            return values.iter().all(|value| !self.admits(value) || !can_be(value, ty));
        }
        match ty {
            Some(Ty::Integer | Ty::IntegerConstant) => {
                self.is_empty_of_whole(i128::from(i64::MIN), i128::from(i64::MAX))
            }
            Some(Ty::Date) => self.is_empty_of_whole(day(Date::MIN), day(Date::MAX)),
            Some(Ty::Number) => self.is_empty_between(Value::number(f64::MIN), Value::number(f64::MAX)),
            Some(Ty::Text) => self.is_empty_between(Some(Value::text("")), None),
            _ => self.is_empty_between(None, None),
        }
    }

    /// Of a type whose values are counted one by one, from the least to the greatest.
    fn is_empty_of_whole(&self, least: i128, greatest: i128) -> bool {
        let excluded: BTreeSet<i128> = self.excluded.keys().filter_map(|value| whole(value, Round::Exact)).collect();
        let bound = |bound: &Option<Bound>, round, step: i128| {
            let Bound { value, inclusive, .. } = bound.as_ref()?;
            let beside = !inclusive && whole(value, Round::Exact).is_some();
            Some(whole(value, round)? + if beside { step } else { 0 })
        };
        let mut lower = bound(&self.lower, Round::Up, 1).map_or(least, |lower| lower.max(least));
        let upper = bound(&self.upper, Round::Down, -1).map_or(greatest, |upper| upper.min(greatest));
        while lower <= upper && excluded.contains(&lower) {
            lower += 1;
        }
        lower > upper
    }

    /// Of a type whose values lie between two, where there is a least and a greatest.
    fn is_empty_between(&self, least: Option<Value>, greatest: Option<Value>) -> bool {
        let limit = |value: Value| (value, true);
        let own = |bound: &Option<Bound>| bound.as_ref().map(|bound| (bound.value.clone(), bound.inclusive));
        let ends = (own(&self.lower).or(least.map(limit)), own(&self.upper).or(greatest.map(limit)));
        let (Some((lower, lower_in)), Some((upper, upper_in))) = ends else { return false };
        match lower.compare(&upper) {
            Some(Ordering::Greater) => true,
            Some(Ordering::Equal) => !(lower_in && upper_in && self.admits(&lower)),
            Some(Ordering::Less) | None => false,
        }
    }

    /// Whether a value fits every bound, and is not left out.
    fn admits(&self, value: &Value) -> bool {
        let above = self.lower.as_ref().is_none_or(|bound| match value.compare(&bound.value) {
            Some(Ordering::Greater) | None => true,
            Some(Ordering::Equal) => bound.inclusive,
            Some(Ordering::Less) => false,
        });
        let below = self.upper.as_ref().is_none_or(|bound| match value.compare(&bound.value) {
            Some(Ordering::Less) | None => true,
            Some(Ordering::Equal) => bound.inclusive,
            Some(Ordering::Greater) => false,
        });
        above && below && !self.excluded.keys().any(|excluded| excluded.compare(value) == Some(Ordering::Equal))
    }
}

/// Whether something of a type can be equal to a value.
fn can_be(value: &Value, ty: Option<&Ty>) -> bool {
    match (ty, value) {
        (Some(Ty::Integer | Ty::IntegerConstant), Value::Number(number)) => number.get().fract() == 0.0,
        _ => true,
    }
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

/// What becomes of a number that is not whole.
#[derive(Clone, Copy)]
enum Round {
    Up,
    Down,
    Exact,
}

/// A value as a whole number: an integer itself, a day by its distance from the first one. Integers compare with
/// inexact numbers as their neighbours do.
fn whole(value: &Value, round: Round) -> Option<i128> {
    match value {
        Value::Integer(i) => Some(i128::from(*i)),
        Value::Date(date) => Some(day(*date)),
        Value::Number(number) if number.get().abs() < Number::INEXACT => {
            let rounded = match round {
                Round::Up => number.get().ceil(),
                Round::Down => number.get().floor(),
                Round::Exact if number.get().fract() == 0.0 => number.get(),
                Round::Exact => return None,
            };
            #[allow(clippy::cast_possible_truncation)]
            Some(rounded as i128)
        }
        _ => None,
    }
}

fn day(date: Date) -> i128 {
    i128::from(date.days_since(Date::MIN))
}

fn constant(expr: &Expr) -> Option<Value> {
    match &expr.kind {
        ExprKind::Constant(value) => Some(value.clone()),
        _ => None,
    }
}
