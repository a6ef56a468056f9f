//! A trace: through which clauses with variables something is open, and what they rest on.
//!
//! A join of its own for each relation or recursion that the walks of decisions come to.
//! Says what is asked of it and which planes it writes; it is carried out by `search::trace`.

use super::circuit::Signal;
use super::join::Needs;
use crate::engine::Tuple;
use crate::program::{DecisionId, PredicateId};
use crate::value::Value;

/// Tuples whose openness is to be traced: each is possible and not certain.
#[derive(Debug, Clone)]
pub(super) enum Goal {
    /// This one, of a relation of constants.
    Tuple(PredicateId, Tuple),
    /// Those of a decision's relation that are an option, or may be.
    Option(PredicateId, Value),
    /// Those that earlier traces have come to.
    Left(PredicateId),
}

/// What is asked on behalf of a decision.
#[derive(Debug)]
pub(super) struct Asked {
    /// Whose missing facts are looked for.
    pub(super) by: DecisionId,
    pub(super) goal: Goal,
    /// In which issues.
    pub(super) signal: Signal,
}

/// What is traced.
#[derive(Debug)]
pub(super) struct Trace {
    /// By decision, ascending.
    pub(super) asked: Vec<Asked>,
    /// The relations of the clauses, through which it goes by itself.
    pub(super) own: Vec<PredicateId>,
    pub(super) outputs: Outputs,
}

/// Which planes a trace writes for each of the decisions, one decision after the other. The first ones, one
/// a clause: a solution of it is open and asked for.
#[derive(Debug, Clone)]
pub(super) struct Outputs {
    /// The facts that are missing, one plane each.
    pub(super) facts: u32,
    /// By relation of constants, the tuples that it comes to.
    pub(super) grounds: Vec<u32>,
    /// The other relations: it has left goals.
    pub(super) kept: u32,
    /// All for one decision.
    pub(super) planes: u32,
}

impl Outputs {
    pub(super) fn of(clauses: usize, needs: &Needs) -> Self {
        let mut planes = clauses as u32;
        let mut take = |number: usize| {
            let first = planes;
            planes += number as u32;
            first
        };
        let facts = take(needs.facts.len());
        let grounds = needs.grounds.iter().map(|(_, tuples)| take(tuples.len())).collect();
        let kept = take(needs.kept.len());
        Self { facts, grounds, kept, planes }
    }
}
