//! What an issue says → the relations of its facts, in both planes.
//!
//! An unknown fact has no tuple in the certain plane and one of `⊥`s in the possible one.

use std::sync::Arc;

use super::{Model, Relation, Tuple};
use crate::issue::{FactState, Issue};
use crate::program::{Fact, FactKind, Given, Program};
use crate::value::Value;

impl Relation {
    /// The relation of these tuples.
    pub fn new(mut tuples: Vec<Tuple>) -> Self {
        tuples.sort_unstable();
        tuples.dedup();
        Self { tuples }
    }

    /// The tuples whose first cell may match a value: those that hold it and those that hold `⊥`.
    /// Without a value, or if it is `⊥`, all of them.
    pub fn candidates<'r>(&'r self, first: Option<&Value>) -> impl Iterator<Item = &'r Tuple> + use<'r> {
        let (unknown, equal) = match first {
            None | Some(Value::Unknown) => (&self.tuples[..], &self.tuples[..0]),
            Some(value) => {
                let unknown = self.tuples.partition_point(|t| t.first().is_none_or(Value::is_unknown));
                let start = self.tuples.partition_point(|t| t.first() < Some(value));
                let end = self.tuples.partition_point(|t| t.first() <= Some(value));
                (&self.tuples[..unknown], &self.tuples[start..end])
            }
        };
        unknown.iter().chain(equal)
    }
}

/// A model that holds the facts of an issue and nothing else yet.
pub(super) fn model_of_facts(program: &Program, issue: &Issue) -> Model {
    let mut model = empty_model(program);
    for (fact, state) in program.facts.iter().zip(&issue.facts) {
        assert_fact(program, fact, state, &mut model);
    }
    model
}

/// A model that holds nothing.
pub(super) fn empty_model(program: &Program) -> Model {
    let relations = vec![Relation::default(); program.predicates.len()];
    Model {
        certain: relations.clone(),
        possible: relations,
        rows: vec![Vec::new(); program.predicates.len()],
        certain_derivations: Vec::new(),
        possible_derivations: Vec::new(),
        faults: Vec::new(),
    }
}

/// Writes what is known of a fact into its relation.
pub(super) fn assert_fact(program: &Program, fact: &Fact, state: &FactState, model: &mut Model) {
    match state.given() {
        Some(given) => assert_given(fact, given, model),
        None => assert_unknown(program, fact, model),
    }
}

fn assert_given(fact: &Fact, given: &Given, model: &mut Model) {
    let index = fact.predicate.index();
    let tuples: Vec<Tuple> = match given {
        Given::Value(Value::Bool(true)) => vec![Arc::from([])],
        Given::Value(Value::Bool(false)) => Vec::new(),
        Given::Value(value) => vec![Arc::from([value.clone()])],
        Given::Rows(rows) => rows.iter().map(|row| Arc::from(row.as_slice())).collect(),
    };
    if matches!(fact.kind, FactKind::Records(_)) {
        model.rows[index].clone_from(&tuples);
    }
    let relation = Relation::new(tuples);
    model.certain[index] = relation.clone();
    model.possible[index] = relation;
}

fn assert_unknown(program: &Program, fact: &Fact, model: &mut Model) {
    let arity = program.predicate(fact.predicate).arity;
    let tuple: Tuple = std::iter::repeat_n(Value::Unknown, arity).collect();
    model.possible[fact.predicate.index()] = Relation { tuples: vec![tuple] };
}
