//! One issue as two policies know it, and both decided by the reference engine.
//!
//! What both know of a fact of one name is the same, or what each assumes where the issue leaves it out;
//! only [`Twin::set`] changes it.

use std::sync::Arc;

use super::unlike::kinds;
use super::{Answer, Pair, Shared, Side};
use crate::engine::{Interpretation, Plan, evaluate_planned};
use crate::explain::{DecisionProof, Explanation, StepId, Support, explain};
use crate::issue::{FactState, Issue};
use crate::program::{DecisionId, FactId};
use crate::verdict::{Outcome, Status, Verdict, judge_in, settle};

/// One issue, once in the words of each policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    /// As the old policy knows it.
    pub old: Issue,
    /// As the new policy knows it.
    pub new: Issue,
}

/// A fact that one or both know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwinFact {
    /// Its name.
    pub name: Arc<str>,
    /// In the old policy.
    pub old: Option<FactId>,
    /// In the new policy.
    pub new: Option<FactId>,
}

/// Two policies, ready to decide one issue after the other.
#[derive(Debug)]
pub struct Judges<'p> {
    /// The policies.
    pub pair: Pair<'p>,
    /// Facts of either, in the new policy's order, then those that only the old one knows.
    pub facts: Vec<TwinFact>,
    old: Plan,
    new: Plan,
}

impl Twin {
    /// The issue as a policy knows it.
    pub fn of(&self, side: Side) -> &Issue {
        match side {
            Side::Old => &self.old,
            Side::New => &self.new,
        }
    }

    /// What is said of a fact.
    pub fn state(&self, fact: &TwinFact) -> &FactState {
        let new = fact.new.map(|id| self.new.fact(id));
        new.or(fact.old.map(|id| self.old.fact(id))).unwrap_or(&FactState::Unknown)
    }

    /// Says something else of a fact, to both.
    pub fn set(&mut self, fact: &TwinFact, state: &FactState) {
        for (issue, id) in [(&mut self.old, fact.old), (&mut self.new, fact.new)] {
            if let Some(known) = id.and_then(|id| issue.facts.get_mut(id.index())) {
                *known = state.clone();
            }
        }
    }
}

impl<'p> Judges<'p> {
    /// Prepares two policies.
    pub fn new(pair: Pair<'p>) -> Self {
        let of_new = pair.new.facts.iter().map(|fact| &fact.name);
        let of_old = pair.old.facts.iter().map(|fact| &fact.name);
        let names = of_new.chain(of_old.filter(|name| !pair.new.fact_ids.contains_key(*name)));
        let fact = |name: &Arc<str>| TwinFact {
            name: name.clone(),
            old: pair.old.fact_ids.get(name).copied(),
            new: pair.new.fact_ids.get(name).copied(),
        };
        Self { pair, facts: names.map(fact).collect(), old: Plan::new(pair.old), new: Plan::new(pair.new) }
    }

    fn plan(&self, side: Side) -> &Plan {
        match side {
            Side::Old => &self.old,
            Side::New => &self.new,
        }
    }

    /// Facts of one name that the two policies take for different things, so that no issue can
    /// say both; each with its kinds.
    pub fn clashes(&self) -> impl Iterator<Item = (&TwinFact, String, String)> {
        self.facts.iter().filter_map(|fact| {
            let (old, new) = kinds(self.pair.old.fact(fact.old?), self.pair.new.fact(fact.new?))?;
            Some((fact, old, new))
        })
    }

    /// What a policy says of an issue, without what is missing.
    pub fn settle(&self, side: Side, issue: &Issue) -> Verdict {
        let program = self.pair.of(side);
        settle(program, issue, &evaluate_planned(program, self.plan(side), issue))
    }

    /// What a policy says of an issue, and why.
    pub fn explain(&self, side: Side, issue: &Issue) -> Explanation {
        let (program, plan) = (self.pair.of(side), self.plan(side));
        let model = evaluate_planned(program, plan, issue);
        let interpretation = Interpretation::new(program, plan, issue, &model);
        explain(interpretation, judge_in(&interpretation))
    }

    /// The answers of both, if neither can change any more.
    pub fn answers(&self, shared: &Shared, twin: &Twin) -> Option<(Answer, Answer)> {
        let answer = |side| {
            let verdict = self.settle(side, twin.of(side));
            let outcome: &Outcome = verdict.outcomes.get(shared.id(side).index())?;
            (outcome.status != Status::Open).then(|| shared.answer_of(side, outcome))
        };
        Some((answer(Side::Old)?, answer(Side::New)?))
    }
}

/// The part of an explanation that is about one decision; steps that it does not rest on are emptied.
pub fn only(explanation: &Explanation, decision: DecisionId) -> Explanation {
    let (mut explanation, decision) = (explanation.clone(), decision.index());
    let keep = |proofs: &mut Vec<DecisionProof>| *proofs = proofs.drain(..).skip(decision).take(1).collect();
    keep(&mut explanation.decisions);
    explanation.verdict.outcomes = explanation.verdict.outcomes.drain(..).skip(decision).take(1).collect();
    let mut needed = vec![false; explanation.steps.len()];
    let mut queue: Vec<StepId> = explanation.decisions.iter().flat_map(roots).collect();
    while let Some(StepId(step)) = queue.pop() {
        if std::mem::replace(&mut needed[step as usize], true) {
            continue;
        }
        let premises = &explanation.steps[step as usize].premises;
        queue.extend(premises.iter().filter_map(|premise| match premise.support {
            Support::Step(id) => Some(id),
            _ => None,
        }));
    }
    for (step, needed) in explanation.steps.iter_mut().zip(needed) {
        if !needed {
            step.premises.clear();
        }
    }
    explanation
}

fn roots(proof: &DecisionProof) -> Vec<StepId> {
    let options = proof.certain.iter().chain(&proof.open).flat_map(|option| option.steps.iter().copied());
    options.chain(proof.overridden.iter().filter_map(|overridden| overridden.because)).collect()
}
