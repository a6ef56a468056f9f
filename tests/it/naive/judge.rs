//! §4.2 to §4.4: one literal under one binding, and the value of an expression.

use std::collections::{BTreeMap, BTreeSet};

use remit::syntax::tree::{AggregateKind, TestKind};
use remit::value::Value;

use super::arithmetic::{self, Faults};
use super::clause::{Aggregate, Group, Literal, LiteralKind, Relation, Term, Test};
use super::solve::{Anonymous, Binding, Solution};
use super::world::{Plane, World};

/// In which planes a literal holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    pub certain: bool,
    pub possible: bool,
}

const NEITHER: Judged = Judged { certain: false, possible: false };
const OPEN: Judged = Judged { certain: false, possible: true };

impl Judged {
    fn known(holds: bool) -> Self {
        Self { certain: holds, possible: holds }
    }

    /// Possible, but not certain.
    pub fn is_open(self) -> bool {
        self == OPEN
    }
}

impl World {
    /// Judges a literal of which every variable is bound, and notes what arithmetic failed.
    pub fn judge(&self, literal: &Literal, binding: &Binding, faults: &mut Faults) -> Judged {
        match &literal.kind {
            LiteralKind::Atom(relation, args) => {
                let Some(args) = self.arguments(args, binding, faults) else { return NEITHER };
                self.judge_atom(relation, &args)
            }
            LiteralKind::NotAtom(relation, args) => {
                let Some(values) = self.arguments(args, binding, faults) else { return NEITHER };
                let judged = self.judge_negated(relation, &values);
                // "An aggregate that is not known, …: not certain; in the possible plane its value is `⊥`."
                let known = args.iter().flat_map(Term::aggregates).all(|aggregate| {
                    let value = self.aggregate(aggregate, binding, faults);
                    value.is_some_and(|value| !value.is_unknown())
                });
                Judged { certain: judged.certain && known, ..judged }
            }
            LiteralKind::NotGroup(group) => self.judge_group(group, binding, faults),
            LiteralKind::Compare(left, op, right) => {
                let left = self.value(left, binding, faults);
                let right = self.value(right, binding, faults);
                let (Some(left), Some(right)) = (left, right) else { return NEITHER };
                // "With `⊥` on either side: not certain, possible."
                if left.is_unknown() || right.is_unknown() {
                    return OPEN;
                }
                Judged::known(op.holds(left.compare(&right).expect("compared values are of one kind")))
            }
            LiteralKind::In { subject, negated, list } => match self.value(subject, binding, faults) {
                None => NEITHER,
                Some(Value::Unknown) => OPEN,
                Some(value) => {
                    let found = list.iter().any(|item| value.compare(item).is_some_and(std::cmp::Ordering::is_eq));
                    Judged::known(found != *negated)
                }
            },
            LiteralKind::Test { test, negated, subject, pattern } => {
                let subject = self.value(subject, binding, faults);
                let pattern = self.value(pattern, binding, faults);
                match (subject, pattern) {
                    (None, _) | (_, None) => NEITHER,
                    (Some(Value::Text(subject)), Some(Value::Text(pattern))) => {
                        Judged::known(passes(test, &subject, &pattern) != *negated)
                    }
                    _ => OPEN,
                }
            }
        }
    }

    /// Arguments of an atom as values; `None` within for `_`, and for the whole if one has no value.
    pub fn arguments(&self, args: &[Term], binding: &Binding, faults: &mut Faults) -> Option<Vec<Option<Value>>> {
        let mut values = Vec::new();
        for arg in args {
            values.push(match arg {
                Term::Wildcard => Some(None),
                other => self.value(other, binding, faults).map(Some),
            });
        }
        values.into_iter().collect()
    }

    fn judge_atom(&self, relation: &Relation, args: &[Option<Value>]) -> Judged {
        Judged { certain: self.certainly_matched(relation, args), possible: self.possibly_matched(relation, args) }
    }

    /// "`not p(t)` is certain if no tuple of the possible plane matches `t`, `⊥` on either side
    /// matching anything. It is possible if `t` holds `⊥`, or no tuple of the certain plane
    /// matches `t`, where a `⊥` of the tuple is matched by `_` alone."
    fn judge_negated(&self, relation: &Relation, args: &[Option<Value>]) -> Judged {
        let holds_unknown = args.iter().flatten().any(Value::is_unknown);
        Judged {
            certain: !self.possibly_matched(relation, args),
            possible: holds_unknown || !self.certainly_matched(relation, args),
        }
    }

    fn certainly_matched(&self, relation: &Relation, args: &[Option<Value>]) -> bool {
        self.tuples(Plane::Certain, relation).iter().any(|tuple| {
            let cell = |(arg, cell): (&Option<Value>, &Value)| match arg {
                None => true,
                Some(arg) => !cell.is_unknown() && arg == cell,
            };
            args.iter().zip(tuple).all(cell)
        })
    }

    fn possibly_matched(&self, relation: &Relation, args: &[Option<Value>]) -> bool {
        self.tuples(Plane::Possible, relation).iter().any(|tuple| may_match(args, tuple))
    }

    /// "`not (B)` is certain if `B` has no possible solution, possible if it has no certain one;
    /// with an outer variable `⊥`: possible, not certain."
    fn judge_group(&self, group: &Group, binding: &Binding, faults: &mut Faults) -> Judged {
        if has_unknown_outer(group, binding) {
            return OPEN;
        }
        self.note_faults(group, None, binding, faults);
        Judged {
            certain: self.group_solutions(Plane::Possible, group, binding).is_empty(),
            possible: self.group_solutions(Plane::Certain, group, binding).is_empty(),
        }
    }

    /// The solutions of every alternative of a group.
    pub fn group_solutions(&self, plane: Plane, group: &Group, binding: &Binding) -> BTreeSet<Solution> {
        group.alternatives.iter().flat_map(|side| self.solutions(plane, side, binding)).collect()
    }

    /// A fault inside a group counts where a possible solution of the group evaluated it.
    fn note_faults(&self, group: &Group, of: Option<&Term>, binding: &Binding, faults: &mut Faults) {
        for side in &group.alternatives {
            for solution in self.solutions(Plane::Possible, side, binding) {
                for literal in side {
                    self.judge(literal, &solution.binding, faults);
                }
                if let Some(of) = of {
                    self.value(of, &solution.binding, faults);
                }
            }
        }
    }

    /// The value of an expression: `⊥` if it is not known, `None` if there is none (`min`
    /// and `max` of nothing).
    pub fn value(&self, term: &Term, binding: &Binding, faults: &mut Faults) -> Option<Value> {
        match term {
            Term::Wildcard => unreachable!("`_` has no value"),
            Term::Variable(name) => Some(binding[name].clone()),
            Term::Constant(value) => Some(value.clone()),
            Term::Fact(name) => Some(self.single(name).clone()),
            Term::Binary(op, left, right) => {
                let left = self.value(left, binding, faults);
                let right = self.value(right, binding, faults);
                Some(arithmetic::binary(*op, &left?, &right?, faults))
            }
            Term::Negate(inner) => Some(arithmetic::negate(&self.value(inner, binding, faults)?, faults)),
            Term::Call(function, inner) => Some(arithmetic::call(*function, &self.value(inner, binding, faults)?)),
            Term::Aggregate(aggregate) => self.aggregate(aggregate, binding, faults),
        }
    }

    /// "An aggregate that is not known, or one of whose outer variables is `⊥`: not certain; in
    /// the possible plane its value is `⊥`."
    fn aggregate(&self, aggregate: &Aggregate, binding: &Binding, faults: &mut Faults) -> Option<Value> {
        if has_unknown_outer(&aggregate.body, binding) {
            return Some(Value::Unknown);
        }
        self.note_faults(&aggregate.body, aggregate.of.as_ref(), binding, faults);
        let certain = self.distinct(Plane::Certain, aggregate, binding)?;
        let possible = self.distinct(Plane::Possible, aggregate, binding)?;
        let values = |solutions: &Distinct| -> BTreeSet<Value> { solutions.values().flatten().cloned().collect() };
        let function = aggregate.function;
        if function == AggregateKind::Sum || aggregate.of.is_none() {
            // "`count(body)` and `sum` [are known] if the solutions are [equal and free of `⊥`]."
            let free = possible.keys().all(Key::is_free_of_unknown) && !values(&possible).contains(&Value::Unknown);
            if certain != possible || !free {
                return Some(Value::Unknown);
            }
            return Some(match function {
                AggregateKind::Count => Value::Integer(certain.len() as i64),
                _ => arithmetic::sum(certain.into_values().flatten().collect(), aggregate.of_number, faults),
            });
        }
        // "`count(E : …)`, `min`, `max` are known if the certain and possible sets of `E`'s values
        // are equal and free of `⊥`."
        let (certain, possible) = (values(&certain), values(&possible));
        if certain != possible || certain.contains(&Value::Unknown) {
            return Some(Value::Unknown);
        }
        match function {
            AggregateKind::Count => Some(Value::Integer(certain.len() as i64)),
            AggregateKind::Min => {
                certain.into_iter().reduce(|a, b| if a.compare(&b).is_some_and(|o| o.is_gt()) { b } else { a })
            }
            _ => certain.into_iter().reduce(|a, b| if a.compare(&b).is_some_and(|o| o.is_lt()) { b } else { a }),
        }
    }

    /// The distinct solutions of an aggregate's body, each with the value of `E`.
    /// `None` if `E` itself has no value under one of them.
    fn distinct(&self, plane: Plane, aggregate: &Aggregate, binding: &Binding) -> Option<Distinct> {
        let mut distinct = Distinct::new();
        for solution in self.group_solutions(plane, &aggregate.body, binding) {
            let own = aggregate
                .body
                .own
                .iter()
                .filter_map(|name| solution.binding.get(name).map(|value| (name.clone(), value.clone())));
            let key = Key { own: own.collect(), anonymous: solution.anonymous.clone() };
            let value = match &aggregate.of {
                Some(of) => Some(self.value(of, &solution.binding, &mut Faults::new())?),
                None => None,
            };
            distinct.insert(key, value);
        }
        Some(distinct)
    }
}

/// "The solutions of the body are distinct bindings of its own variables."
type Distinct = BTreeMap<Key, Option<Value>>;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    own: Binding,
    anonymous: Vec<Anonymous>,
}

impl Key {
    fn is_free_of_unknown(&self) -> bool {
        let unknown = |part: &Anonymous| matches!(part, Anonymous::Cell(Value::Unknown));
        !self.own.values().any(Value::is_unknown) && !self.anonymous.iter().any(unknown)
    }
}

/// Whether the arguments match the tuple, `⊥` on either side matching anything.
pub fn may_match(args: &[Option<Value>], tuple: &[Value]) -> bool {
    let cell = |(arg, cell): (&Option<Value>, &Value)| match arg {
        None => true,
        Some(arg) => arg.is_unknown() || cell.is_unknown() || arg == cell,
    };
    args.iter().zip(tuple).all(cell)
}

/// Whether an outer variable of the group is `⊥`.
fn has_unknown_outer(group: &Group, binding: &Binding) -> bool {
    group.outer.iter().any(|name| binding[name].is_unknown())
}

fn passes(test: &Test, subject: &str, pattern: &str) -> bool {
    match test {
        Test::Matches(regex) => regex.is_match(subject),
        Test::Plain(TestKind::Contains) => subject.contains(pattern),
        Test::Plain(TestKind::StartsWith) => subject.starts_with(pattern),
        Test::Plain(TestKind::EndsWith) => subject.ends_with(pattern),
        Test::Plain(TestKind::Matches) => unreachable!("the pattern of `matches` is a constant"),
    }
}
