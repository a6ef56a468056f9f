//! The reference engine: a policy's clauses as relations, interpreted by a crepe program.
//!
//! Strata in order, one run of the rules in `rules` for each stratum and plane. Both
//! planes of every lower stratum are complete before a run starts; within a run only the
//! relations that its own clauses conclude grow. Keeps every derivation.

mod context;
mod rules;

use rustc_hash::FxHashSet;

use super::facts::model_of_facts;
use super::{Derivation, Interpretation, Model, Plan, Plane, Relation, Tuple};
use crate::issue::Issue;
use crate::program::{ClauseId, PredicateId, Program, Stratum};
use crate::verdict::hit_policy;
use context::Context;

/// What follows from an issue, which was made for this very program: with one of another program, or of the same
/// policy with its facts in another order, it gives wrong answers or panics.
pub fn evaluate(program: &Program, issue: &Issue) -> Model {
    evaluate_planned(program, &Plan::new(program), issue)
}

/// As [`evaluate`], with the plan of the program at hand.
///
/// # Panics
/// Perhaps, if the issue or the plan was made for another program.
pub fn evaluate_planned(program: &Program, plan: &Plan, issue: &Issue) -> Model {
    let mut model = model_of_facts(program, issue);
    for stratum in &program.strata {
        for decision in &stratum.decided {
            hit_policy::decide(program, *decision, &mut model);
        }
        if stratum.clauses.is_empty() {
            continue;
        }
        let growing: FxHashSet<PredicateId> = stratum.clauses.iter().map(|c| program.clause(*c).head).collect();
        let interpretation = Interpretation::new(program, plan, issue, &model);
        let certain = run(interpretation, Plane::Certain, stratum, &growing);
        let possible = run(interpretation, Plane::Possible, stratum, &growing);
        certain.add_to(&mut model.certain, &mut model.certain_derivations);
        possible.add_to(&mut model.possible, &mut model.possible_derivations);
    }
    model.certain_derivations.sort_unstable();
    model.possible_derivations.sort_unstable();
    let interpretation = Interpretation::new(program, plan, issue, &model);
    model.faults = interpretation.faults(&model.possible_derivations);
    model
}

/// What one run concluded.
struct Conclusions {
    tuples: Vec<(PredicateId, Tuple)>,
    derivations: Vec<Derivation>,
}

impl Conclusions {
    fn add_to(self, relations: &mut [Relation], derivations: &mut Vec<Derivation>) {
        let mut tuples = self.tuples;
        tuples.sort_unstable();
        for (predicate, tuple) in tuples {
            relations[predicate.index()].tuples.push(tuple);
        }
        derivations.extend(self.derivations);
    }
}

/// The least fixpoint of one stratum in one plane.
fn run(
    interpretation: Interpretation<'_>,
    plane: Plane,
    stratum: &Stratum,
    growing: &FxHashSet<PredicateId>,
) -> Conclusions {
    let context = Context::new(interpretation, plane, growing);
    let starts: Vec<ClauseId> = stratum.clauses.iter().copied().filter(|clause| context.may_start(*clause)).collect();
    if starts.is_empty() {
        return Conclusions { tuples: Vec::new(), derivations: Vec::new() };
    }
    let known = context.known_tuples(&starts);
    let (derived, concluded) = rules::run(&context, starts, known);
    Conclusions {
        tuples: concluded.into_iter().map(|(predicate, tuple)| (predicate, context.tuple(tuple))).collect(),
        derivations: derived.into_iter().map(|(clause, binding)| context.derivation(clause, binding)).collect(),
    }
}
