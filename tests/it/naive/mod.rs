//! A naive evaluator of policies, written straight from §4 and §5 of the language page.
//!
//! The oracle of the property tests: plain, slow, and shares nothing with the library but
//! values and the tree of rule texts. Comments quote the page; numbers are its sections.

pub mod arithmetic;
pub mod clause;
pub mod decide;
pub mod every_case;
pub mod issue;
mod judge;
mod lower;
mod missing;
pub mod model;
mod numbers;
mod singletons;
mod solve;
pub mod vocabulary;
pub mod world;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use remit::policy::Policy;

use arithmetic::Fault;
use clause::{Clause, Relation};
use decide::Status;
use issue::Issue;
use model::Model;
use vocabulary::Vocabulary;
use world::{Plane, Tuple, World};

/// A policy, lowered once.
pub struct Naive {
    pub vocabulary: Vocabulary,
    clauses: Vec<Clause>,
}

/// What an issue comes to (§5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub status: Status,
    pub outcomes: BTreeMap<String, Outcome>,
    pub assumed: BTreeSet<String>,
    /// Rules in which arithmetic failed.
    pub warnings: BTreeSet<(String, Fault)>,
}

/// What a decision comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub status: Status,
    pub value: Vec<String>,
    pub from_default: bool,
    pub certain: Vec<String>,
    pub possible: Vec<String>,
    /// Rules with a clause that concludes the value for certain.
    pub rules: BTreeSet<String>,
    pub missing: BTreeSet<String>,
}

impl Naive {
    /// Takes a policy that passed the checks.
    pub fn of(policy: &Policy) -> Self {
        let vocabulary = Vocabulary::of(policy);
        let clauses = lower::lower(policy, &vocabulary);
        Self { vocabulary, clauses }
    }

    /// Everything that follows from an issue.
    pub fn model(&self, issue: &Issue) -> Model<'_> {
        Model::of(&self.vocabulary, &self.clauses, World::of(&self.vocabulary, issue))
    }

    /// The verdict on an issue, from its model.
    pub fn verdict(&self, model: &Model, issue: &Issue) -> Verdict {
        let outcomes: BTreeMap<String, Outcome> =
            self.vocabulary.decisions.keys().map(|name| (name.clone(), self.outcome(model, name))).collect();
        // "An issue's own status is the worst of its decisions', advisory ones left out."
        let counted = outcomes.iter().filter(|(name, _)| !self.vocabulary.decisions[*name].advisory);
        let status = counted.map(|(_, outcome)| outcome.status).max().unwrap_or(Status::Settled);
        Verdict { status, outcomes, assumed: issue.assumed.clone(), warnings: model.warnings() }
    }

    /// What a decision comes to.
    pub fn outcome(&self, model: &Model, name: &str) -> Outcome {
        let options = model.options(&self.vocabulary, name);
        let decided = decide::outcome(&self.vocabulary.decisions[name], &options);
        // "Settled and conflict: none."
        let missing = match decided.status {
            Status::Open => missing::missing(model, &self.vocabulary, name),
            _ => BTreeSet::new(),
        };
        Outcome {
            status: decided.status,
            rules: self.rules(model, name, &decided.value),
            value: decided.value,
            from_default: decided.from_default,
            certain: options.certain,
            possible: options.possible,
            missing,
        }
    }

    fn rules(&self, model: &Model, decision: &str, value: &[String]) -> BTreeSet<String> {
        let concludes = |clause: &&Clause| {
            clause.head == Relation::Named(decision.to_string())
                && model.derivations(Plane::Certain, clause).iter().any(|d| value.contains(&d.tuple[0].to_string()))
        };
        self.clauses.iter().filter(concludes).map(|clause| clause.rule.clone()).collect()
    }

    /// Every relation of the policy with its tuples in a plane, by the name the library gives it.
    pub fn relations(&self, model: &Model, plane: Plane) -> BTreeMap<String, BTreeSet<Tuple>> {
        let mut names: BTreeSet<Relation> = self.vocabulary.facts.keys().cloned().map(Relation::Named).collect();
        for clause in &self.clauses {
            names.insert(clause.head.clone());
            names.insert(Relation::Applies(clause.rule.clone()));
        }
        for name in self.vocabulary.decisions.keys() {
            names.insert(Relation::Named(name.clone()));
            names.insert(Relation::Decided(name.clone()));
        }
        names.into_iter().map(|relation| (library_name(&relation), model.world.tuples(plane, &relation))).collect()
    }
}

fn library_name(relation: &Relation) -> String {
    match relation {
        Relation::Named(name) => name.clone(),
        Relation::Applies(rule) => format!("applies {rule}"),
        Relation::Decided(decision) => format!("decided {decision}"),
    }
}
