//! Naive evaluation: what an issue comes to, in both planes, by nested loops; short and slow.
//!
//! The language page read once more, as a second opinion on the engines: no plan, no index, no
//! record. Shares with them what lies below them alone: values and their types and arithmetic, the table of hit policies.

use std::collections::BTreeSet;

use crate::arithmetic;
use crate::engine::types::number_sums;
use crate::issue::Issue;
use crate::program::{
    AggregateKind, Atom, Clause, CompareOp, Decision, Expr, FactKind, Given, GroupId, GroupKind, Literal, LiteralKind,
    PredicateId, Program, TestKind,
};
use crate::value::Value::{self, Integer, Text, Unknown};
use crate::verdict::hit_policy::{self, Hit};

/// The plane of what follows whatever the unknown facts are.
pub const CERTAIN: usize = 0;
/// The plane of what may follow. A negation looks at the other one, `1 - plane`.
pub const POSSIBLE: usize = 1;

/// The cells of a tuple.
pub type Tuple = Vec<Value>;
/// The value of each variable that has one.
pub type Binding = Vec<Option<Value>>;
/// A binding, and what tells it apart besides: which rows were met, and what each `_` stands for.
type Solution = (Binding, Tuple);

/// All relations of an issue. A row of records has one more cell, which tells equal rows apart.
#[derive(Debug)]
pub struct World<'a> {
    program: &'a Program,
    issue: &'a Issue,
    planes: [Vec<BTreeSet<Tuple>>; 2],
    /// Of each group, whether it adds up numbers, so that nothing adds up to `0.0`.
    number_sums: Vec<bool>,
}

impl<'a> World<'a> {
    /// Evaluates an issue.
    pub fn new(program: &'a Program, issue: &'a Issue) -> Self {
        let nothing = vec![BTreeSet::new(); program.predicates.len()];
        let planes = [nothing.clone(), nothing];
        let mut world = Self { program, issue, planes, number_sums: number_sums(program) };
        for (fact, state) in program.facts.iter().zip(&issue.facts) {
            let cells = |value: &Value| vec![value.clone(); program.predicate(fact.predicate).arity];
            let individual = |(row, cells): (usize, &Tuple)| match fact.kind {
                FactKind::Records(_) => [&cells[..], &[Value::symbol(&format!("{}#{row}", fact.name))]].concat(),
                _ => cells.clone(),
            };
            for plane in [CERTAIN, POSSIBLE] {
                world.planes[plane][fact.predicate.index()] = match state.given() {
                    None if plane == POSSIBLE => BTreeSet::from([cells(&Unknown)]),
                    None | Some(Given::Value(Value::Bool(false))) => BTreeSet::new(),
                    Some(Given::Value(value)) => BTreeSet::from([cells(value)]),
                    Some(Given::Rows(rows)) => rows.iter().enumerate().map(individual).collect(),
                };
            }
        }
        for stratum in &program.strata {
            for decision in stratum.decided.iter().map(|id| program.decision(*id)) {
                let hit = world.hit(decision);
                let tuple = |option: usize| vec![Value::Symbol(decision.options[option].id.clone())];
                for (plane, options) in [hit.decided, hit.may_be_decided].into_iter().enumerate() {
                    world.planes[plane][decision.decided.index()] = options.into_iter().map(tuple).collect();
                }
            }
            while stratum.clauses.iter().any(|id| world.apply(program.clause(*id))) {}
        }
        world
    }

    /// Adds what a clause concludes; whether that is anything new.
    fn apply(&mut self, clause: &Clause) -> bool {
        let mut grown = false;
        for plane in [CERTAIN, POSSIBLE] {
            for binding in self.bindings(plane, clause) {
                let tuple = self.head(clause, &binding);
                let holds = plane == POSSIBLE || !tuple.contains(&Unknown);
                grown |= holds && self.planes[plane][clause.head.index()].insert(tuple);
            }
        }
        grown
    }

    /// The bindings under which a clause holds.
    pub fn bindings(&self, plane: usize, clause: &Clause) -> impl Iterator<Item = Binding> + use<> {
        self.solutions(plane, &clause.body, &vec![None; clause.variables.len()]).into_iter().map(|(binding, _)| binding)
    }

    /// What a clause concludes under a binding.
    pub fn head(&self, clause: &Clause, binding: &Binding) -> Tuple {
        clause.args.iter().filter_map(|arg| self.value(arg, binding)).collect()
    }

    /// The tuples of a relation.
    pub fn tuples(&self, plane: usize, id: PredicateId) -> &BTreeSet<Tuple> {
        &self.planes[plane][id.index()]
    }

    /// What a decision comes to.
    pub fn hit(&self, decision: &Decision) -> Hit {
        let [certain, possible] = [CERTAIN, POSSIBLE].map(|plane| -> Vec<usize> {
            let tuples = self.tuples(plane, decision.predicate);
            let is = |cell: Value| tuples.contains(&vec![Unknown]) || tuples.contains(&vec![cell]);
            (0..decision.options.len()).filter(|i| is(Value::Symbol(decision.options[*i].id.clone()))).collect()
        });
        hit_policy::apply(decision.hit_policy, decision.default, &certain, &possible)
    }

    /// The solutions of a conjunction that agree with a binding.
    fn solutions(&self, plane: usize, body: &[Literal], start: &Binding) -> BTreeSet<Solution> {
        let mut found = BTreeSet::from([(start.clone(), Vec::new())]);
        let mut literals: Vec<&Literal> = body.iter().collect();
        literals.sort_by_key(|literal| &literal.text);
        for literal in literals {
            let LiteralKind::Atom(atom) = &literal.kind else { continue };
            let tuples = self.tuples(plane, atom.predicate);
            let join = |each| tuples.iter().filter_map(move |tuple| self.join(plane, atom, tuple, each));
            found = found.iter().flat_map(join).collect();
        }
        let bound = found.into_iter().map(|(binding, rest)| (self.equate(body, binding), rest));
        bound.filter(|(binding, _)| body.iter().all(|literal| self.holds(plane, literal, binding))).collect()
    }

    fn join(&self, plane: usize, atom: &Atom, tuple: &Tuple, (binding, rest): &Solution) -> Option<Solution> {
        let (mut binding, mut wild) = (binding.clone(), Vec::new());
        for (arg, cell) in atom.args.iter().zip(tuple) {
            match arg {
                Expr::Variable(v) if binding[v.index()].as_ref().is_none_or(Value::is_unknown) => {
                    binding[v.index()] = Some(cell.clone());
                }
                Expr::Wildcard => wild.push(cell.clone()),
                _ => {}
            }
        }
        let row = tuple.get(atom.args.len()..).filter(|row| !row.is_empty());
        self.matches(plane, atom, tuple, &binding).then(|| (binding, [rest, row.unwrap_or(&wild)].concat()))
    }

    /// Whether the binding of a whole clause can have got an atom's part from a tuple.
    pub fn supports(&self, plane: usize, atom: &Atom, tuple: &Tuple, binding: &Binding) -> bool {
        let joined = self.join(plane, atom, tuple, &(binding.clone(), Vec::new()));
        joined.is_some_and(|(joined, _)| joined == *binding)
    }

    /// Whether an atom whose variables are bound matches a tuple.
    fn matches(&self, plane: usize, atom: &Atom, tuple: &[Value], binding: &Binding) -> bool {
        atom.args.iter().zip(tuple).all(|(arg, cell)| match self.value(arg, binding) {
            None => matches!(arg, Expr::Wildcard),
            Some(wanted) if wanted.is_unknown() || cell.is_unknown() => plane == POSSIBLE,
            Some(wanted) => wanted == *cell,
        })
    }

    /// Binds what equations alone bind: by known values first, by `⊥` after.
    fn equate(&self, body: &[Literal], mut binding: Binding) -> Binding {
        'again: loop {
            for (known, literal) in [true, false].into_iter().flat_map(|known| body.iter().map(move |l| (known, l))) {
                let LiteralKind::Compare { left, op: CompareOp::Eq, right } = &literal.kind else { continue };
                for (one, other) in [(left, right), (right, left)] {
                    let Expr::Variable(v) = one else { continue };
                    let value = self.value(other, &binding).filter(|value| value.is_unknown() != known);
                    if binding[v.index()].is_none() && value.is_some() {
                        binding[v.index()] = value;
                        continue 'again;
                    }
                }
            }
            return binding;
        }
    }

    /// Whether a literal holds under a binding.
    pub fn holds(&self, plane: usize, literal: &Literal, binding: &Binding) -> bool {
        let value = |expr| self.value(expr, binding);
        let any = |plane, atom: &Atom| {
            self.tuples(plane, atom.predicate).iter().any(|tuple| self.matches(plane, atom, tuple, binding))
        };
        let pair = |left, right, test: &dyn Fn(&Value, &Value) -> bool| match (value(left), value(right)) {
            (Some(Unknown), Some(_)) | (Some(_), Some(Unknown)) => plane == POSSIBLE,
            (Some(left), Some(right)) => test(&left, &right),
            _ => false,
        };
        match &literal.kind {
            LiteralKind::Atom(atom) => any(plane, atom),
            LiteralKind::NotAtom(atom) => {
                let args = atom.args.iter().filter(|arg| !matches!(arg, Expr::Wildcard)).map(value);
                let args: Option<Tuple> = args.collect();
                args.is_some_and(|args| plane == POSSIBLE && args.contains(&Unknown) || !any(1 - plane, atom))
            }
            LiteralKind::NotGroup(id) if self.is_open(*id, binding) => plane == POSSIBLE,
            LiteralKind::NotGroup(id) => {
                let mut sides = self.program.group(*id).alternatives.iter();
                sides.all(|side| self.solutions(1 - plane, side, binding).is_empty())
            }
            LiteralKind::Compare { left, op, right } => {
                pair(left, right, &|left, right| left.compare(right).is_some_and(|ordering| op.holds(ordering)))
            }
            LiteralKind::In { subject, negated, list } => pair(subject, subject, &|value, _| {
                list.iter().any(|each| value.compare(each).is_some_and(|ordering| ordering.is_eq())) != *negated
            }),
            LiteralKind::Test { test, negated, subject, pattern, regex } => {
                pair(subject, pattern, &|subject, pattern| {
                    let (Text(subject), Text(pattern)) = (subject, pattern) else { return false };
                    let passes = match test {
                        TestKind::Contains => subject.contains(&**pattern),
                        TestKind::StartsWith => subject.starts_with(&**pattern),
                        TestKind::EndsWith => subject.ends_with(&**pattern),
                        TestKind::Matches => regex.as_ref().is_some_and(|regex| regex.is_match(subject)),
                    };
                    passes != *negated
                })
            }
        }
    }

    /// Whether a group has a variable from outside that is not known.
    fn is_open(&self, id: GroupId, binding: &Binding) -> bool {
        self.program.group(id).parameters.iter().any(|v| binding[v.index()] == Some(Unknown))
    }

    /// The value of an expression; none of a variable that is not bound, and of `min` or `max` of nothing.
    fn value(&self, expr: &Expr, binding: &Binding) -> Option<Value> {
        Some(match expr {
            Expr::Wildcard => return None,
            Expr::Variable(v) => return binding[v.index()].clone(),
            Expr::Constant(value) => value.clone(),
            Expr::Fact(id) => match self.issue.fact(*id).given() {
                Some(Given::Value(value)) => value.clone(),
                _ => Unknown,
            },
            Expr::Binary { op, left, right } => {
                arithmetic::binary(*op, &self.value(left, binding)?, &self.value(right, binding)?).unwrap_or(Unknown)
            }
            Expr::Negate(inner) => arithmetic::negate(&self.value(inner, binding)?).unwrap_or(Unknown),
            Expr::Call(function, inner) => arithmetic::call(*function, &self.value(inner, binding)?),
            Expr::Aggregate(id) => return self.aggregate(*id, binding),
        })
    }

    fn aggregate(&self, id: GroupId, binding: &Binding) -> Option<Value> {
        let group = self.program.group(id);
        let GroupKind::Aggregate(kind, of) = &group.kind else { return None };
        if group.parameters.iter().any(|v| binding[v.index()].is_none()) {
            return None;
        }
        let [certain, possible] = [CERTAIN, POSSIBLE].map(|plane| {
            let solutions = group.alternatives.iter().flat_map(|side| self.solutions(plane, side, binding));
            let counted = |(binding, rest): Solution| {
                let value = of.as_ref().map_or(Some(Integer(1)), |of| self.value(of, &binding));
                let own = group.own.iter().filter_map(|v| binding[v.index()].clone()).chain(rest);
                let by_value = of.is_some() && *kind != AggregateKind::Sum;
                (if by_value { Vec::new() } else { own.collect() }, value)
            };
            solutions.map(counted).collect::<BTreeSet<_>>()
        });
        let known = |(own, value): &(Tuple, Option<Value>)| !own.contains(&Unknown) && *value != Some(Unknown);
        if self.is_open(id, binding) || certain != possible || !certain.iter().all(known) {
            return Some(Unknown);
        }
        let values: Vec<Value> = certain.into_iter().map(|(_, value)| value).collect::<Option<_>>()?;
        match kind {
            AggregateKind::Count => Some(Integer(values.len() as i64)),
            AggregateKind::Min => values.into_iter().min(),
            AggregateKind::Max => values.into_iter().max(),
            AggregateKind::Sum => arithmetic::sum(values, self.number_sums[id.index()]).ok().or(Some(Unknown)),
        }
    }
}
