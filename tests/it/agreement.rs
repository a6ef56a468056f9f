//! Whether the library and the naive evaluator say the same of an issue.

use std::collections::BTreeSet;

use remit::engine::{ArithmeticFault, Model, Plane};
use remit::program::{PredicateId, Program};
use remit::verdict::{Outcome, Status, Verdict};

use crate::naive::arithmetic::Fault;
use crate::naive::{self, Naive, decide, issue::Issue, world};

/// Every difference between a model and a verdict of the library and the naive ones, a line each.
pub fn differences(program: &Program, naive: &Naive, issue: &Issue, model: &Model, verdict: &Verdict) -> Vec<String> {
    let own = naive.model(issue);
    let mut found = Vec::new();
    for (plane, own_plane) in [(Plane::Certain, world::Plane::Certain), (Plane::Possible, world::Plane::Possible)] {
        let relations = naive.relations(&own, own_plane);
        for (index, predicate) in program.predicates.iter().enumerate() {
            let tuples = &model.relation(plane, PredicateId(index as u32)).tuples;
            let library: BTreeSet<world::Tuple> = tuples.iter().map(|tuple| tuple.to_vec()).collect();
            let empty = BTreeSet::new();
            let expected = relations.get(predicate.name.as_ref()).unwrap_or(&empty);
            if library != *expected {
                found.push(format!("{plane:?} `{}`: library {library:?}, naive {expected:?}", predicate.name));
            }
        }
    }
    let (library, expected) = (translated(program, verdict), naive.verdict(&own, issue));
    for (name, outcome) in &expected.outcomes {
        if library.outcomes.get(name) != Some(outcome) {
            found.push(format!("`{name}`: library {:?}, naive {outcome:?}", library.outcomes.get(name)));
        }
    }
    if library.status != expected.status {
        found.push(format!("status: library {:?}, naive {:?}", library.status, expected.status));
    }
    if library.assumed != expected.assumed {
        found.push(format!("assumed: library {:?}, naive {:?}", library.assumed, expected.assumed));
    }
    if library.warnings != expected.warnings {
        found.push(format!("warnings: library {:?}, naive {:?}", library.warnings, expected.warnings));
    }
    found
}

/// A verdict of the library in the naive evaluator's words: names, no ids.
pub fn translated(program: &Program, verdict: &Verdict) -> naive::Verdict {
    let outcomes = verdict
        .outcomes
        .iter()
        .map(|outcome| (program.decision(outcome.decision).name.to_string(), translated_outcome(program, outcome)));
    let fault = |fault: &ArithmeticFault| match fault {
        ArithmeticFault::OutOfRange => Fault::OutOfRange,
        ArithmeticFault::DivisionByZero => Fault::DivisionByZero,
    };
    naive::Verdict {
        status: status(verdict.status),
        outcomes: outcomes.collect(),
        assumed: verdict.assumed.iter().map(|fact| program.fact(*fact).name.to_string()).collect(),
        warnings: verdict.warnings.iter().map(|(rule, f)| (program.rule(*rule).name.to_string(), fault(f))).collect(),
    }
}

fn translated_outcome(program: &Program, outcome: &Outcome) -> naive::Outcome {
    let options = &program.decision(outcome.decision).options;
    let names = |indices: &[usize]| indices.iter().map(|i| options[*i].id.to_string()).collect();
    naive::Outcome {
        status: status(outcome.status),
        value: names(&outcome.value),
        from_default: outcome.from_default,
        certain: names(&outcome.certain),
        possible: names(&outcome.possible),
        rules: outcome.rules.iter().map(|rule| program.rule(*rule).name.to_string()).collect(),
        missing: outcome.missing.iter().map(|fact| program.fact(*fact).name.to_string()).collect(),
    }
}

fn status(status: Status) -> decide::Status {
    match status {
        Status::Settled => decide::Status::Settled,
        Status::Open => decide::Status::Open,
        Status::Conflict => decide::Status::Conflict,
    }
}
