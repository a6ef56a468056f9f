//! Aggregates: `count`, `sum`, `min` and `max` over the solutions of a body.
//!
//! The solutions are distinct: by the group's own variables, by which row each positive
//! atom of a records fact matched, and by what each `_` of any other atom matched.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::interpretation::{Binding, Interpretation};
use super::search::{Solution, has_unknown_parameter};
use super::{ArithmeticFault, Plane, arithmetic};
use crate::program::{
    AggregateKind, Expr, FactKind, Group, GroupId, GroupKind, LiteralKind, PredicateId, PredicateKind,
};
use crate::value::Value;

/// What tells two solutions apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Identity {
    own: Vec<Option<Value>>,
    anonymous: Vec<Anonymous>,
}

/// A part of a solution that has no name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Anonymous {
    /// A row of a records fact.
    Row(PredicateId, usize),
    /// What a `_` matched.
    Value(Value),
}

impl Identity {
    fn has_unknown(&self) -> bool {
        self.own.iter().flatten().any(Value::is_unknown)
            || self.anonymous.iter().any(|a| matches!(a, Anonymous::Value(Value::Unknown)))
    }
}

/// The distinct solutions in one plane, each with one binding of the group's own variables.
type Distinct = BTreeMap<Identity, Box<Binding>>;

impl Interpretation<'_> {
    /// The value of an aggregate, the same in both planes: `⊥` if it is not known, `None`
    /// if it is the least or greatest of nothing; an error if its sum is out of range.
    pub(super) fn aggregate(&self, id: GroupId, binding: &Binding) -> Result<Option<Value>, ArithmeticFault> {
        let group = self.program.group(id);
        let GroupKind::Aggregate(kind, of) = &group.kind else { return Ok(Some(Value::Unknown)) };
        if has_unknown_parameter(group, binding) {
            return Ok(Some(Value::Unknown));
        }
        let certain = self.distinct(Plane::Certain, id, binding);
        let possible = self.distinct(Plane::Possible, id, binding);
        match (kind, of) {
            (AggregateKind::Sum, Some(of)) => self.sum(id, of, &certain, &possible),
            (_, Some(of)) => Ok(self.over_values(*kind, of, &certain, &possible)),
            (_, None) => Ok(Some(count(&certain, &possible))),
        }
    }

    fn distinct(&self, plane: Plane, id: GroupId, binding: &Binding) -> Distinct {
        let group = self.program.group(id);
        let solutions = self.solutions(plane, id, binding);
        solutions.into_iter().map(|s| (self.identity(id, group, &s), s.binding)).collect()
    }

    fn identity(&self, id: GroupId, group: &Group, solution: &Solution) -> Identity {
        let own = group.own.iter().map(|v| solution.binding[v.index()].clone()).collect();
        let mut anonymous = Vec::new();
        for literal in &self.plan.group(id)[solution.alternative].atoms {
            let LiteralKind::Atom(atom) = &group.alternatives[solution.alternative][*literal].kind else { continue };
            let Some(matched) = solution.matched.iter().find(|m| m.literal == *literal) else { continue };
            if self.is_records(atom.predicate) {
                anonymous.push(Anonymous::Row(atom.predicate, matched.row));
                continue;
            }
            let cells = atom.args.iter().zip(matched.tuple.iter());
            let wildcards = cells.filter(|(arg, _)| matches!(arg, Expr::Wildcard));
            anonymous.extend(wildcards.map(|(_, cell)| Anonymous::Value(cell.clone())));
        }
        Identity { own, anonymous }
    }

    fn is_records(&self, predicate: PredicateId) -> bool {
        match self.program.predicate(predicate).kind {
            PredicateKind::Fact(fact) => matches!(self.program.fact(fact).kind, FactKind::Records(_)),
            _ => false,
        }
    }

    fn sum(
        &self,
        id: GroupId,
        of: &Expr,
        certain: &Distinct,
        possible: &Distinct,
    ) -> Result<Option<Value>, ArithmeticFault> {
        if !are_known(certain, possible) {
            return Ok(Some(Value::Unknown));
        }
        let Some(values) = self.values(of, certain) else { return Ok(None) };
        arithmetic::sum(values, self.plan.sums_numbers(id)).map(Some)
    }

    /// `count(E : …)`, `min`, `max`: known if the certain and the possible values are the same.
    fn over_values(&self, kind: AggregateKind, of: &Expr, certain: &Distinct, possible: &Distinct) -> Option<Value> {
        let certain: BTreeSet<Value> = self.values(of, certain)?.into_iter().collect();
        let possible: Option<BTreeSet<Value>> = self.values(of, possible).map(|v| v.into_iter().collect());
        if possible.as_ref() != Some(&certain) || certain.contains(&Value::Unknown) {
            return Some(Value::Unknown);
        }
        match kind {
            AggregateKind::Min => certain.first().cloned(),
            AggregateKind::Max => certain.last().cloned(),
            AggregateKind::Count | AggregateKind::Sum => Some(size(certain.len())),
        }
    }

    /// The value of an expression under each solution; `None` if under one it has none.
    fn values(&self, of: &Expr, solutions: &Distinct) -> Option<Vec<Value>> {
        solutions.values().map(|binding| self.value(of, binding).map(std::borrow::Cow::into_owned)).collect()
    }
}

fn are_known(certain: &Distinct, possible: &Distinct) -> bool {
    certain.len() == possible.len() && certain.keys().eq(possible.keys()) && !certain.keys().any(Identity::has_unknown)
}

fn count(certain: &Distinct, possible: &Distinct) -> Value {
    if are_known(certain, possible) { size(certain.len()) } else { Value::Unknown }
}

fn size(len: usize) -> Value {
    i64::try_from(len).map_or(Value::Unknown, Value::Integer)
}
