//! Every relation of an issue in both planes, by nested loops: short and slow.

use std::collections::BTreeSet;

use crate::issue::Issue;
use crate::program::{
    AggregateKind, ArithmeticOp, Atom, Clause, CompareOp, Expr, FactKind, FunctionKind, Given, GroupId, GroupKind,
    HitPolicy, Literal, LiteralKind, PredicateId, PredicateKind, Program, Scalar, TestKind,
};
use crate::value::Value;

/// The certain plane; the possible one is 1.
pub const CERTAIN: usize = 0;

/// Values of variables.
pub type Binding = Vec<Option<Value>>;

/// What a decision comes to.
pub struct Hit {
    /// Options, sorted.
    pub value: Vec<usize>,
    /// settled, open or conflict
    pub status: &'static str,
    /// Whether it is the default.
    pub default: bool,
}

/// All relations.
pub struct World<'a> {
    program: &'a Program,
    issue: &'a Issue,
    planes: [Vec<BTreeSet<Vec<Value>>>; 2],
}

/// What tells solutions apart besides named variables: rows, and cells matched by `_`.
type Rest = Vec<(String, Vec<Value>)>;

/// Solutions of a conjunction.
type Solutions = BTreeSet<(Binding, Rest)>;

/// A solution of an aggregate: its own variables, the rest, and what the aggregate is over.
type Counted = ((Binding, Rest), Option<Value>);

impl<'a> World<'a> {
    /// Evaluates an issue.
    pub fn new(program: &'a Program, issue: &'a Issue) -> Self {
        let empty = vec![BTreeSet::new(); program.predicates.len()];
        let mut world = Self { program, issue, planes: [empty.clone(), empty] };
        for (fact, state) in program.facts.iter().zip(&issue.facts) {
            let arity = program.predicate(fact.predicate).arity;
            let (certain, possible) = match state.given() {
                None => (vec![], vec![vec![Value::Unknown; arity]]),
                Some(Given::Value(Value::Bool(false))) => (vec![], vec![]),
                Some(Given::Value(value)) => (vec![vec![value.clone(); arity]], vec![vec![value.clone(); arity]]),
                Some(Given::Rows(rows)) => (rows.clone(), rows.clone()),
            };
            world.planes[0][fact.predicate.index()].extend(certain);
            world.planes[1][fact.predicate.index()].extend(possible);
        }
        for stratum in &program.strata {
            for id in &stratum.decided {
                world.set_decided(id.index());
            }
            while stratum.clauses.iter().any(|id| world.apply(program.clause(*id))) {}
        }
        world
    }

    /// The tuples of a relation.
    pub fn tuples(&self, plane: usize, id: PredicateId) -> &BTreeSet<Vec<Value>> {
        &self.planes[plane][id.index()]
    }

    fn apply(&mut self, clause: &Clause) -> bool {
        let mut grown = false;
        for plane in 0..2 {
            for (binding, _) in self.solutions(plane, &clause.body, &vec![None; clause.variables.len()]) {
                let tuple = self.head(clause, &binding);
                if plane == CERTAIN && tuple.contains(&Value::Unknown) {
                    continue;
                }
                grown |= self.planes[plane][clause.head.index()].insert(tuple);
            }
        }
        grown
    }

    /// What a clause concludes under a binding.
    pub fn head(&self, clause: &Clause, binding: &Binding) -> Vec<Value> {
        clause.args.iter().map(|arg| self.value(arg, binding).unwrap_or(Value::Unknown)).collect()
    }

    /// Options concluded in a plane; `⊥` stands for every one.
    fn options(&self, plane: usize, decision: usize) -> Vec<usize> {
        let declared = &self.program.decisions[decision];
        let tuples = self.tuples(plane, declared.predicate);
        let all = tuples.iter().any(|tuple| tuple[0].is_unknown());
        let is = |option: &str| tuples.iter().any(|tuple| matches!(&tuple[0], Value::Symbol(s) if **s == *option));
        (0..declared.options.len()).filter(|i| all || is(&declared.options[*i].id)).collect()
    }

    /// What a decision comes to (language page, *Decisions*).
    pub fn hit(&self, decision: usize) -> Hit {
        let declared = &self.program.decisions[decision];
        let (certain, possible) = (self.options(0, decision), self.options(1, decision));
        let same = certain == possible;
        let (value, settled) = match declared.hit_policy {
            HitPolicy::Collect => (certain.clone(), same),
            HitPolicy::Unique if certain.len() > 1 => {
                return Hit { value: Vec::new(), status: "conflict", default: false };
            }
            HitPolicy::Unique => (certain.clone(), same),
            HitPolicy::Priority => {
                let value: Vec<usize> = certain.first().copied().into_iter().collect();
                let above = |option: &usize| !certain.contains(option) && value.first().is_none_or(|v| option < v);
                (value.clone(), !possible.iter().any(above))
            }
        };
        let default = value.is_empty() && declared.default.is_some();
        let value = if default { declared.default.into_iter().collect() } else { value };
        Hit { value, status: if settled { "settled" } else { "open" }, default }
    }

    fn set_decided(&mut self, decision: usize) {
        let declared = &self.program.decisions[decision];
        let (hit, certain, possible) = (self.hit(decision), self.options(0, decision), self.options(1, decision));
        let default: Vec<usize> = declared.default.into_iter().filter(|_| certain.is_empty()).collect();
        let may: Vec<usize> = match declared.hit_policy {
            _ if hit.status == "conflict" => Vec::new(),
            HitPolicy::Collect => possible,
            HitPolicy::Priority => {
                let first = certain.first().copied();
                possible.into_iter().filter(|o| first.is_none_or(|v| *o <= v)).chain(default).collect()
            }
            HitPolicy::Unique => {
                possible.into_iter().filter(|o| certain.iter().all(|c| c == o)).chain(default).collect()
            }
        };
        let is: Vec<usize> = match declared.hit_policy {
            HitPolicy::Collect => certain,
            _ if hit.status == "settled" => hit.value,
            _ => Vec::new(),
        };
        let tuple = |option: &usize| vec![Value::Symbol(declared.options[*option].id.clone())];
        let id = declared.decided.index();
        self.planes[0][id] = is.iter().map(tuple).collect();
        self.planes[1][id] = may.iter().map(tuple).collect();
    }

    /// Whether a cell may hold what is wanted.
    fn fits(plane: usize, wanted: &Value, cell: &Value) -> bool {
        if plane == CERTAIN {
            wanted == cell && !cell.is_unknown()
        } else {
            wanted.is_unknown() || cell.is_unknown() || wanted == cell
        }
    }

    /// Whether a positive atom matches a tuple under a binding of its variables.
    pub fn matches(&self, plane: usize, atom: &Atom, tuple: &[Value], binding: &Binding) -> bool {
        atom.args.iter().zip(tuple).all(|(arg, cell)| match arg {
            Expr::Wildcard => true,
            arg => self.value(arg, binding).is_some_and(|wanted| Self::fits(plane, &wanted, cell)),
        })
    }

    /// The solutions of a conjunction.
    pub fn solutions(&self, plane: usize, literals: &[Literal], start: &Binding) -> Solutions {
        let mut partial: Solutions = BTreeSet::from([(start.clone(), Vec::new())]);
        for literal in literals {
            let LiteralKind::Atom(atom) = &literal.kind else { continue };
            partial =
                partial.iter().flat_map(|(binding, rest)| self.join(plane, literal, atom, binding, rest)).collect();
        }
        let equated = partial.into_iter().map(|(binding, rest)| (self.equate(literals, binding), rest));
        equated
            .filter(|(binding, _)| {
                literals.iter().all(|l| matches!(l.kind, LiteralKind::Atom(_)) || self.holds(plane, l, binding))
            })
            .map(|(binding, mut rest)| {
                rest.sort();
                (binding, rest)
            })
            .collect()
    }

    fn join(
        &self,
        plane: usize,
        literal: &Literal,
        atom: &Atom,
        binding: &Binding,
        rest: &[(String, Vec<Value>)],
    ) -> Solutions {
        let predicate = self.program.predicate(atom.predicate);
        let rows = match predicate.kind {
            PredicateKind::Fact(id) if matches!(self.program.fact(id).kind, FactKind::Records(_)) => {
                self.issue.fact(id).given()
            }
            _ => None,
        };
        let individuals: Vec<(Vec<Value>, Option<usize>)> = match rows {
            Some(Given::Rows(rows)) => rows.iter().enumerate().map(|(i, row)| (row.clone(), Some(i))).collect(),
            _ => self.tuples(plane, atom.predicate).iter().map(|tuple| (tuple.clone(), None)).collect(),
        };
        let mut found = BTreeSet::new();
        'tuples: for (tuple, row) in individuals {
            let mut binding = binding.clone();
            for (arg, cell) in atom.args.iter().zip(&tuple) {
                let wanted = match arg {
                    Expr::Variable(v) => binding[v.index()].clone(),
                    Expr::Constant(value) => Some(value.clone()),
                    _ => continue,
                };
                if wanted.as_ref().map_or(plane == CERTAIN && cell.is_unknown(), |w| !Self::fits(plane, w, cell)) {
                    continue 'tuples;
                }
                if let (Expr::Variable(v), None | Some(Value::Unknown)) = (arg, &wanted) {
                    binding[v.index()] = Some(cell.clone());
                }
            }
            let wild =
                atom.args.iter().zip(&tuple).filter(|(arg, _)| matches!(arg, Expr::Wildcard)).map(|(_, c)| c.clone());
            let mut rest = rest.to_vec();
            match row {
                Some(row) => rest.push((predicate.name.to_string(), vec![Value::Integer(row as i64)])),
                None => rest.push((literal.text.to_string(), wild.collect())),
            }
            found.insert((binding, rest));
        }
        found
    }

    /// Binds the variables that no positive atom binds: by known values first, by `⊥` after.
    fn equate(&self, literals: &[Literal], mut binding: Binding) -> Binding {
        let in_atom = |id: usize| {
            literals.iter().any(|l| {
                matches!(&l.kind, LiteralKind::Atom(a)
                if a.args.iter().any(|arg| matches!(arg, Expr::Variable(v) if v.index() == id)))
            })
        };
        loop {
            let mut unknown = None;
            let mut known = None;
            for literal in literals {
                let LiteralKind::Compare { left, op: CompareOp::Eq, right } = &literal.kind else { continue };
                for (one, other) in [(left, right), (right, left)] {
                    let Expr::Variable(v) = one else { continue };
                    if binding[v.index()].is_some() || in_atom(v.index()) || !self.is_bound(other, &binding) {
                        continue;
                    }
                    match self.value(other, &binding) {
                        Some(Value::Unknown) => unknown = unknown.or(Some((v.index(), Value::Unknown))),
                        Some(value) => known = known.or(Some((v.index(), value))),
                        None => {}
                    }
                }
            }
            match known.or(unknown) {
                Some((variable, value)) => binding[variable] = Some(value),
                None => return binding,
            }
        }
    }

    fn is_bound(&self, expr: &Expr, binding: &Binding) -> bool {
        match expr {
            Expr::Variable(v) => binding[v.index()].is_some(),
            Expr::Binary { left, right, .. } => self.is_bound(left, binding) && self.is_bound(right, binding),
            Expr::Negate(inner) | Expr::Call(_, inner) => self.is_bound(inner, binding),
            Expr::Aggregate(id) => self.program.group(*id).parameters.iter().all(|v| binding[v.index()].is_some()),
            _ => true,
        }
    }

    /// Whether a literal holds in a plane under a binding.
    pub fn holds(&self, plane: usize, literal: &Literal, binding: &Binding) -> bool {
        let open = plane != CERTAIN;
        match &literal.kind {
            LiteralKind::Atom(atom) => {
                self.tuples(plane, atom.predicate).iter().any(|t| self.matches(plane, atom, t, binding))
            }
            LiteralKind::NotAtom(atom) => {
                let wanted: Option<Vec<Option<Value>>> = atom
                    .args
                    .iter()
                    .map(|arg| match arg {
                        Expr::Wildcard => Some(None),
                        arg => self.value(arg, binding).map(Some),
                    })
                    .collect();
                let Some(wanted) = wanted else { return false };
                let is = |tuple: &Vec<Value>| {
                    wanted.iter().zip(tuple).all(|(w, c)| w.as_ref().is_none_or(|w| Self::fits(1 - plane, w, c)))
                };
                (open && wanted.contains(&Some(Value::Unknown)))
                    || !self.tuples(1 - plane, atom.predicate).iter().any(is)
            }
            LiteralKind::NotGroup(id) if self.has_unknown_parameter(*id, binding) => open,
            LiteralKind::NotGroup(id) => self
                .program
                .group(*id)
                .alternatives
                .iter()
                .all(|side| self.solutions(1 - plane, side, binding).is_empty()),
            LiteralKind::Compare { left, op, right } => match (self.value(left, binding), self.value(right, binding)) {
                (Some(l), Some(r)) if l.is_unknown() || r.is_unknown() => open,
                (Some(l), Some(r)) => l.compare(&r).is_some_and(|ordering| op.holds(ordering)),
                _ => false,
            },
            LiteralKind::In { subject, negated, list } => match self.value(subject, binding) {
                Some(Value::Unknown) => open,
                Some(value) => list.iter().any(|c| value.compare(c).is_some_and(|o| o.is_eq())) != *negated,
                None => false,
            },
            LiteralKind::Test { test, negated, subject, pattern, .. } => {
                match (self.value(subject, binding), self.value(pattern, binding)) {
                    (Some(Value::Text(s)), Some(Value::Text(p))) => {
                        negated
                            != &match test {
                                TestKind::Contains => s.contains(&*p),
                                TestKind::StartsWith => s.starts_with(&*p),
                                TestKind::EndsWith => s.ends_with(&*p),
                                TestKind::Matches => regex::Regex::new(&p).is_ok_and(|regex| regex.is_match(&s)),
                            }
                    }
                    (Some(_), Some(_)) => open,
                    _ => false,
                }
            }
        }
    }

    fn has_unknown_parameter(&self, id: GroupId, binding: &Binding) -> bool {
        self.program.group(id).parameters.iter().any(|v| binding[v.index()].as_ref().is_none_or(Value::is_unknown))
    }

    /// The value of an expression; `None` of a `min` or `max` of nothing.
    fn value(&self, expr: &Expr, binding: &Binding) -> Option<Value> {
        Some(match expr {
            Expr::Wildcard => Value::Unknown,
            Expr::Variable(v) => binding[v.index()].clone().unwrap_or(Value::Unknown),
            Expr::Constant(value) => value.clone(),
            Expr::Fact(id) => match self.issue.fact(*id).given() {
                Some(Given::Value(value)) => value.clone(),
                _ => Value::Unknown,
            },
            Expr::Binary { op, left, right } => {
                arithmetic(*op, &self.value(left, binding)?, &self.value(right, binding)?)
            }
            Expr::Negate(inner) => match self.value(inner, binding)? {
                Value::Integer(i) => i.checked_neg().map_or(Value::Unknown, Value::Integer),
                Value::Number(n) => Value::number(-n.get()).unwrap_or(Value::Unknown),
                _ => Value::Unknown,
            },
            Expr::Call(function, inner) => match (function, self.value(inner, binding)?) {
                (FunctionKind::Length, Value::Text(t)) => Value::Integer(t.chars().count() as i64),
                (FunctionKind::Lower, Value::Text(t)) => Value::text(&t.to_lowercase()),
                (FunctionKind::Upper, Value::Text(t)) => Value::text(&t.to_uppercase()),
                _ => Value::Unknown,
            },
            Expr::Aggregate(id) => return self.aggregate(*id, binding),
        })
    }

    fn aggregate(&self, id: GroupId, binding: &Binding) -> Option<Value> {
        let group = self.program.group(id);
        let GroupKind::Aggregate(kind, of) = &group.kind else { return Some(Value::Unknown) };
        if self.has_unknown_parameter(id, binding) {
            return Some(Value::Unknown);
        }
        let [certain, possible] = [0, 1].map(|plane| {
            let sides = group.alternatives.iter().flat_map(|side| self.solutions(plane, side, binding));
            let own = |(b, rest): (Binding, Rest)| {
                let named: Vec<Option<Value>> = group.own.iter().map(|v| b[v.index()].clone()).collect();
                let value = of.as_ref().map(|of| self.value(of, &b).unwrap_or(Value::Unknown));
                ((named, rest), value)
            };
            sides.map(own).collect::<BTreeSet<_>>()
        });
        let values = |solutions: &BTreeSet<(_, Option<Value>)>| -> BTreeSet<Value> {
            solutions.iter().filter_map(|s: &Counted| s.1.clone()).collect()
        };
        let (sure, maybe) = (values(&certain), values(&possible));
        let known_values = sure == maybe && !sure.contains(&Value::Unknown);
        let open = |s: &Counted| {
            s.0.0.contains(&Some(Value::Unknown)) || s.0.1.iter().any(|(_, cells)| cells.contains(&Value::Unknown))
        };
        let known = certain == possible && !certain.iter().any(open) && !sure.contains(&Value::Unknown);
        Some(match kind {
            AggregateKind::Count if of.is_none() && known => Value::Integer(certain.len() as i64),
            AggregateKind::Count if of.is_some() && known_values => Value::Integer(sure.len() as i64),
            AggregateKind::Sum if known => self.sum(id, certain.into_iter().filter_map(|s| s.1).collect()),
            AggregateKind::Min if known_values => return sure.into_iter().next(),
            AggregateKind::Max if known_values => return sure.into_iter().next_back(),
            _ => Value::Unknown,
        })
    }

    fn sum(&self, id: GroupId, mut values: Vec<Value>) -> Value {
        values.sort();
        let integers: Option<Vec<i128>> = values
            .iter()
            .map(|v| match v {
                Value::Integer(i) => Some(i128::from(*i)),
                _ => None,
            })
            .collect();
        match integers {
            Some(all) if !(all.is_empty() && self.is_numeric(id)) => {
                i64::try_from(all.into_iter().sum::<i128>()).map_or(Value::Unknown, Value::Integer)
            }
            _ => Value::number(values.iter().filter_map(Value::as_f64).sum()).unwrap_or(Value::Unknown),
        }
    }

    /// Whether a sum is over a column of numbers, so that nothing adds up to `0.0`.
    fn is_numeric(&self, id: GroupId) -> bool {
        let group = self.program.group(id);
        let GroupKind::Aggregate(_, Some(Expr::Variable(of))) = &group.kind else { return false };
        group.alternatives.iter().flatten().any(|literal| match &literal.kind {
            LiteralKind::Atom(atom) => atom
                .args
                .iter()
                .zip(&self.program.predicate(atom.predicate).columns)
                .any(|(arg, scalar)| matches!(arg, Expr::Variable(v) if v == of) && *scalar == Some(Scalar::Number)),
            _ => false,
        })
    }
}

fn arithmetic(op: ArithmeticOp, left: &Value, right: &Value) -> Value {
    use ArithmeticOp::{Add, Divide, Multiply, Remainder, Subtract};
    let found = match (op, left, right) {
        (_, Value::Integer(a), Value::Integer(b)) => match op {
            Add => a.checked_add(*b),
            Subtract => a.checked_sub(*b),
            Multiply => a.checked_mul(*b),
            Divide => a.checked_div(*b),
            Remainder if *b == -1 => Some(0),
            Remainder => a.checked_rem(*b),
        }
        .map(Value::Integer),
        (Subtract, Value::Date(a), Value::Date(b)) => Some(Value::Integer(a.days_since(*b))),
        (Add, Value::Date(a), Value::Integer(days)) => a.plus_days(*days).map(Value::Date),
        (Subtract, Value::Date(a), Value::Integer(days)) => {
            days.checked_neg().and_then(|d| a.plus_days(d)).map(Value::Date)
        }
        _ => left.as_f64().zip(right.as_f64()).and_then(|(a, b)| {
            Value::number(match op {
                Add => a + b,
                Subtract => a - b,
                Multiply => a * b,
                Divide => a / b,
                Remainder => a % b,
            })
        }),
    };
    found.unwrap_or(Value::Unknown)
}
