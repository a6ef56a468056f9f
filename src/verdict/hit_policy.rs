//! Hit policies: the options certain and possible → value, status and what is decided.
//!
//! [`apply`] is pure: it knows neither models nor issues. [`decide`] writes its answer
//! into the relation `decided` of a model, between two strata.

use std::sync::Arc;

use super::Status;
use crate::engine::{Model, Plane, Relation, Tuple};
use crate::program::{Decision, DecisionId, HitPolicy, Program};
use crate::value::Value;

/// What a hit policy makes of the options concluded. Options are indices in the decision's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// How settled.
    pub status: Status,
    /// The value: at most one option unless the decision collects; sorted.
    pub value: Vec<usize>,
    /// Whether the value is the default.
    pub from_default: bool,
    /// The options that `decided` holds for certain; sorted.
    pub decided: Vec<usize>,
    /// The options that `decided` may hold; sorted.
    pub may_be_decided: Vec<usize>,
    /// The possible options that keep the decision open; sorted, empty unless open.
    pub open_options: Vec<usize>,
}

/// Applies a hit policy. `certain` and `possible` are sorted; `certain` lies within `possible`.
pub fn apply(policy: HitPolicy, default: Option<usize>, certain: &[usize], possible: &[usize]) -> Hit {
    match policy {
        HitPolicy::Priority => priority(default, certain, possible),
        HitPolicy::Unique => unique(default, certain, possible),
        HitPolicy::Collect => collect(certain, possible),
    }
}

fn priority(default: Option<usize>, certain: &[usize], possible: &[usize]) -> Hit {
    let first = certain.first().copied();
    let above: Vec<usize> = possible.iter().copied().filter(|o| first.is_none_or(|value| *o < value)).collect();
    single(first.or(default), first.is_none(), above.clone(), above)
}

fn unique(default: Option<usize>, certain: &[usize], possible: &[usize]) -> Hit {
    if certain.len() > 1 {
        return Hit {
            status: Status::Conflict,
            value: Vec::new(),
            from_default: false,
            decided: Vec::new(),
            may_be_decided: Vec::new(),
            open_options: Vec::new(),
        };
    }
    let only = certain.first().copied();
    // A second option would be a conflict, in which nothing is decided.
    let others = if only.is_some() { Vec::new() } else { possible.to_vec() };
    single(only.or(default), only.is_none(), others, uncertain(certain, possible))
}

/// A decision of one value, which `rivals` may take the place of.
fn single(value: Option<usize>, nothing_certain: bool, rivals: Vec<usize>, open_options: Vec<usize>) -> Hit {
    let value: Vec<usize> = value.into_iter().collect();
    let status = status_of(&open_options);
    let decided = if status == Status::Settled { value.clone() } else { Vec::new() };
    let mut may_be_decided = [value.clone(), rivals].concat();
    may_be_decided.sort_unstable();
    may_be_decided.dedup();
    let from_default = nothing_certain && !value.is_empty();
    Hit { status, value, from_default, decided, may_be_decided, open_options }
}

fn collect(certain: &[usize], possible: &[usize]) -> Hit {
    let open_options = uncertain(certain, possible);
    Hit {
        status: status_of(&open_options),
        value: certain.to_vec(),
        from_default: false,
        decided: certain.to_vec(),
        may_be_decided: possible.to_vec(),
        open_options,
    }
}

fn uncertain(certain: &[usize], possible: &[usize]) -> Vec<usize> {
    possible.iter().copied().filter(|option| !certain.contains(option)).collect()
}

fn status_of(open_options: &[usize]) -> Status {
    if open_options.is_empty() { Status::Settled } else { Status::Open }
}

/// The options of a decision that a plane of a model concludes; sorted. A `⊥` is every option.
pub fn options_of(decision: &Decision, model: &Model, plane: Plane) -> Vec<usize> {
    let relation = model.relation(plane, decision.predicate);
    let concluded = |option: &str| {
        let names = |value: &Value| match value {
            Value::Unknown => true,
            Value::Symbol(symbol) => **symbol == *option,
            _ => false,
        };
        relation.tuples.iter().any(|tuple| tuple.first().is_some_and(names))
    };
    (0..decision.options.len()).filter(|i| concluded(&decision.options[*i].id)).collect()
}

/// What the hit policy of a decision makes of a model.
pub fn hit(decision: &Decision, model: &Model) -> Hit {
    let certain = options_of(decision, model, Plane::Certain);
    let possible = options_of(decision, model, Plane::Possible);
    apply(decision.hit_policy, decision.default, &certain, &possible)
}

/// Writes what is decided into the relation `decided` of a decision.
pub fn decide(program: &Program, id: DecisionId, model: &mut Model) {
    let decision = program.decision(id);
    let hit = hit(decision, model);
    let relation = |options: &[usize]| {
        let tuple = |option: &usize| -> Tuple { Arc::from([Value::Symbol(decision.options[*option].id.clone())]) };
        Relation::new(options.iter().map(tuple).collect())
    };
    model.certain[decision.decided.index()] = relation(&hit.decided);
    model.possible[decision.decided.index()] = relation(&hit.may_be_decided);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(policy: HitPolicy, default: Option<usize>, certain: &[usize], possible: &[usize]) -> Hit {
        apply(policy, default, certain, possible)
    }

    #[test]
    fn priority_takes_the_first_certain_option() {
        let it = hit(HitPolicy::Priority, Some(2), &[1, 2], &[1, 2]);
        assert_eq!((it.status, it.value, it.from_default), (Status::Settled, vec![1], false));
        assert_eq!((it.decided, it.may_be_decided), (vec![1], vec![1]));
    }

    #[test]
    fn priority_is_open_to_options_above_its_value_alone() {
        let it = hit(HitPolicy::Priority, None, &[1], &[0, 1, 2]);
        assert_eq!((it.status, it.value), (Status::Open, vec![1]));
        assert_eq!((it.decided, it.may_be_decided, it.open_options), (vec![], vec![0, 1], vec![0]));
        assert_eq!(hit(HitPolicy::Priority, None, &[1], &[1, 2]).status, Status::Settled);
    }

    #[test]
    fn priority_falls_back_on_its_default() {
        let it = hit(HitPolicy::Priority, Some(2), &[], &[]);
        assert_eq!((it.status, it.value, it.from_default), (Status::Settled, vec![2], true));
        assert_eq!(it.decided, [2]);
        let it = hit(HitPolicy::Priority, Some(2), &[], &[0, 1]);
        assert_eq!((it.status, it.value, it.from_default), (Status::Open, vec![2], true));
        assert_eq!((it.decided, it.may_be_decided, it.open_options), (vec![], vec![0, 1, 2], vec![0, 1]));
        let it = hit(HitPolicy::Priority, None, &[], &[]);
        assert_eq!((it.status, it.value, it.from_default), (Status::Settled, vec![], false));
    }

    #[test]
    fn the_default_itself_keeps_a_priority_decision_open() {
        let it = hit(HitPolicy::Priority, Some(2), &[], &[2]);
        assert_eq!((it.status, it.value, it.from_default), (Status::Open, vec![2], true));
    }

    #[test]
    fn unique_conflicts_with_two() {
        let it = hit(HitPolicy::Unique, Some(2), &[0, 1], &[0, 1, 2]);
        assert_eq!((it.status, it.value, it.from_default), (Status::Conflict, vec![], false));
        assert_eq!((it.decided, it.may_be_decided, it.open_options), (vec![], vec![], vec![]));
    }

    #[test]
    fn unique_is_open_while_anything_else_is_possible() {
        let it = hit(HitPolicy::Unique, Some(2), &[1], &[1, 2]);
        assert_eq!((it.status, it.value), (Status::Open, vec![1]));
        assert_eq!((it.decided, it.may_be_decided, it.open_options), (vec![], vec![1], vec![2]));
        let it = hit(HitPolicy::Unique, Some(2), &[], &[0]);
        assert_eq!((it.status, it.value, it.from_default), (Status::Open, vec![2], true));
        assert_eq!(it.may_be_decided, [0, 2]);
        let it = hit(HitPolicy::Unique, Some(2), &[1], &[1]);
        assert_eq!((it.status, it.decided), (Status::Settled, vec![1]));
    }

    #[test]
    fn collect_takes_all() {
        let it = hit(HitPolicy::Collect, None, &[0, 2], &[0, 1, 2]);
        assert_eq!((it.status, it.value), (Status::Open, vec![0, 2]));
        assert_eq!((it.decided, it.may_be_decided, it.open_options), (vec![0, 2], vec![0, 1, 2], vec![1]));
        assert_eq!(hit(HitPolicy::Collect, None, &[], &[]).status, Status::Settled);
    }
}
