//! A policy and its mutant: whether they differ, and on which issue.
//!
//! First issues near those of the scenarios are tried, which make the scenarios that an author would write;
//! then all issues there can be are asked of the prover.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::mutants::{Fate, Unproved, Within};
use super::{evaluate, same_outcomes};
use crate::diff::equivalence::{Equivalence, Limits, Proof, equivalence};
use crate::diff::{self, Differences};
use crate::engine::{Plan, Plane, Tuple};
use crate::explain::{candidate_states, facts_below_clauses};
use crate::issue::{FactState, Issue};
use crate::mutation::{Change, Mutant};
use crate::program::{FactId, FactKind, Given, Program, Scalar};
use crate::prove::{Bounds, Stop};
use crate::value::Value;

/// The most completions compared to show that a mutant is equivalent.
const COMPLETIONS: usize = 3_000;

/// The most issues tried to find one that kills a mutant.
const TRIES: usize = 4_000;

/// The most issues tried to say in full one that shows a difference.
const FULL: usize = 500;

/// A policy and its mutant. Facts and decisions are the same in both; only relations differ.
pub struct Pair<'a> {
    pub old: (&'a Program, &'a Plan),
    pub new: (&'a Program, &'a Plan),
}

impl Pair<'_> {
    /// Whether it is plain that they say the same on every issue.
    pub fn is_equivalent(&self, mutant: &Mutant) -> bool {
        if mutant.change == Change::ExchangeOptions {
            return self.exchange_is_idle(mutant);
        }
        let rules = self.changed_rules(mutant);
        let facts = self.facts(&rules);
        let Some(values) = facts.iter().map(|fact| values(self.old.0, *fact)).collect::<Option<Vec<_>>>() else {
            return false;
        };
        let total = values.iter().try_fold(1_usize, |n, v| n.checked_mul(v.len()));
        if total.is_none_or(|total| total > COMPLETIONS) {
            return false;
        }
        let mut issue = Issue::empty(self.old.0, "0");
        self.all_same(&rules, &facts, &values, 0, &mut issue)
    }

    /// Exchanging two options of which one is never concluded changes nothing that is decided.
    fn exchange_is_idle(&self, mutant: &Mutant) -> bool {
        let program = self.old.0;
        let Some(decision) = program.decision_ids.get(&mutant.subject).map(|id| program.decision(*id)) else {
            return false;
        };
        let concluded = |option: &str| {
            let clauses = program.clauses.iter().filter(|clause| clause.head == decision.predicate);
            clauses.into_iter().any(|clause| match clause.args.first() {
                Some(crate::program::Expr::Constant(Value::Symbol(symbol))) => symbol.as_ref() == option,
                _ => true,
            })
        };
        mutant.before.split(", ").any(|option| !concluded(option))
    }

    /// The rules whose clauses the mutant changes: its own, or those that it no longer overrides.
    fn changed_rules(&self, mutant: &Mutant) -> Vec<Arc<str>> {
        if mutant.change != Change::DropOverride {
            return vec![mutant.subject.clone()];
        }
        let program = self.old.0;
        let overridden = program
            .rules
            .iter()
            .filter(|rule| rule.overridden_by.iter().any(|by| program.rule(*by).name == mutant.subject));
        overridden.map(|rule| rule.name.clone()).collect()
    }

    fn facts(&self, rules: &[Arc<str>]) -> Vec<FactId> {
        let of = |program: &Program| {
            let clauses = program.clauses.iter().filter(|c| rules.contains(&program.rule(c.rule).name));
            facts_below_clauses(program, clauses)
        };
        let mut facts = of(self.old.0);
        facts.extend(of(self.new.0));
        facts.sort();
        facts.dedup();
        facts
    }

    fn all_same(
        &self,
        rules: &[Arc<str>],
        facts: &[FactId],
        values: &[Vec<FactState>],
        at: usize,
        issue: &mut Issue,
    ) -> bool {
        let (Some(fact), Some(states)) = (facts.get(at), values.get(at)) else {
            let old = concluded(self.old, rules, issue);
            return old == concluded(self.new, rules, issue);
        };
        states.iter().all(|state| {
            issue.facts[fact.index()] = state.clone();
            self.all_same(rules, facts, values, at + 1, issue)
        })
    }

    /// Whether they decide an issue otherwise, as far as a scenario can tell.
    pub fn differs(&self, issue: &Issue) -> bool {
        let old = evaluate(self.old.0, self.old.1, issue).verdict;
        let new = evaluate(self.new.0, self.new.1, issue).verdict;
        !same_outcomes(&self.by_name(self.old.0, &old), &self.by_name(self.new.0, &new))
    }

    /// Outcomes with their options numbered as in the old program, whose order a mutant may have changed.
    fn by_name(&self, program: &Program, verdict: &crate::verdict::Verdict) -> Vec<crate::verdict::Outcome> {
        let renumber = |outcome: &crate::verdict::Outcome| {
            let (own, old) = (program.decision(outcome.decision), self.old.0.decision(outcome.decision));
            let number = |indices: &[usize]| {
                let position = |i: &usize| old.options.iter().position(|o| o.id == own.options[*i].id).unwrap_or(*i);
                let mut numbers: Vec<usize> = indices.iter().map(position).collect();
                numbers.sort_unstable();
                numbers
            };
            let mut outcome = outcome.clone();
            outcome.value = number(&outcome.value);
            outcome.possible = number(&outcome.possible);
            outcome
        };
        verdict.outcomes.iter().map(renumber).collect()
    }

    /// An issue on which the two decide otherwise: found near the scenarios' issues, then made small.
    pub fn difference_near_scenarios(&self) -> Option<Issue> {
        let program = self.old.0;
        let mut tries = TRIES;
        let starts: Vec<Issue> = std::iter::once(Issue::empty(program, "0"))
            .chain(program.scenarios.iter().map(|scenario| (*scenario.issue).clone()))
            .collect();
        let facts: Vec<FactId> = (0..program.facts.len()).map(|i| FactId(i as u32)).collect();
        for changes in 0..=2 {
            for start in &starts {
                if let Some(found) = self.near(start, &facts, changes, &mut tries) {
                    return Some(self.smaller(found));
                }
            }
        }
        None
    }

    /// Whether an issue that they decide otherwise can be said in full so that they still do, as far as that is found
    /// in a few tries.
    pub fn differs_when_known(&self, issue: &Issue) -> bool {
        let mut tries = FULL;
        self.differs_in_full(issue, 0, &mut tries)
    }

    fn differs_in_full(&self, issue: &Issue, from: usize, tries: &mut usize) -> bool {
        let Some(at) = (from..issue.facts.len()).find(|at| unknown(&issue.facts[*at]) > 0) else { return true };
        let before = unknown(&issue.facts[at]);
        for state in candidate_states(self.old.0, issue, FactId(at as u32)) {
            if unknown(&state) >= before {
                continue;
            }
            if *tries == 0 {
                return false;
            }
            *tries -= 1;
            let mut more = issue.clone();
            more.facts[at] = state;
            if self.differs(&more) && self.differs_in_full(&more, at, tries) {
                return true;
            }
        }
        false
    }

    /// What the prover says of all issues, of which all is known.
    pub fn proved(&self, stop: Option<Stop>) -> Fate {
        let pair = diff::Pair { old: self.old.0, new: self.new.0 };
        let limits = Limits { bounds: Bounds::of(&[pair.old, pair.new]), stop };
        let found = equivalence(pair, &Differences::between(pair), &limits);
        let examples = found.decisions.iter().flat_map(|decision| &decision.examples).map(|example| &example.twin.old);
        let given = |issue: &&Issue| issue.facts.iter().filter(|state| state.given().is_some()).count();
        let smallest = examples.filter(|issue| self.differs(issue)).min_by_key(given);
        match smallest {
            Some(issue) => Fate::Alive(Box::new(self.smaller(issue.clone()))),
            None => alike(&found),
        }
    }

    fn near(&self, start: &Issue, facts: &[FactId], changes: usize, tries: &mut usize) -> Option<Issue> {
        if *tries == 0 {
            return None;
        }
        if changes == 0 {
            *tries -= 1;
            return self.differs(start).then(|| start.clone());
        }
        for (index, fact) in facts.iter().enumerate() {
            for state in candidate_states(self.old.0, start, *fact) {
                if state == FactState::Unknown && self.old.0.fact(*fact).default.is_some() {
                    continue;
                }
                let mut issue = start.clone();
                issue.facts[fact.index()] = state;
                if let Some(found) = self.near(&issue, facts.get(index + 1..).unwrap_or(&[]), changes - 1, tries) {
                    return Some(found);
                }
            }
        }
        None
    }

    /// Takes back every fact that the difference does not need.
    fn smaller(&self, mut issue: Issue) -> Issue {
        let empty = Issue::empty(self.old.0, issue.id.clone());
        for index in 0..issue.facts.len() {
            let before = std::mem::replace(&mut issue.facts[index], empty.facts[index].clone());
            if !self.differs(&issue) {
                issue.facts[index] = before;
            }
        }
        issue
    }
}

/// How much of a fact is unknown: all of it, or so many cells.
fn unknown(state: &FactState) -> usize {
    match state.given() {
        None => usize::MAX,
        Some(Given::Value(value)) => usize::from(value.is_unknown()),
        Some(Given::Rows(rows)) => rows.iter().flatten().filter(|cell| cell.is_unknown()).count(),
    }
}

/// How far two policies are proved to decide alike that no issue tells apart.
fn alike(found: &Equivalence) -> Fate {
    let mut within = Within { no_failure: found.may_fail, ..Within::default() };
    let mut counted = 0;
    for compared in &found.decisions {
        if compared.differs() || !compared.contradictions.is_empty() {
            return Fate::Undetermined(Unproved::Disagreement);
        }
        match &compared.proof {
            Proof::Same | Proof::Proved => {}
            Proof::UpTo(rows, facts) => {
                within.rows = *rows;
                within.facts.extend(facts.iter().cloned());
                counted = counted.max(compared.counted);
            }
            Proof::Undetermined(reason) => return Fate::Undetermined(Unproved::Reason(reason.clone())),
        }
    }
    match () {
        () if within == Within::default() => Fate::Alike,
        () if counted > within.rows => Fate::Undetermined(Unproved::Counts(within, counted)),
        () => Fate::AlikeWithin(within),
    }
}

/// What some rules conclude of an issue, in both planes.
fn concluded(
    (program, plan): (&Program, &Plan),
    rules: &[Arc<str>],
    issue: &Issue,
) -> BTreeSet<(Plane, Arc<str>, Tuple)> {
    let model = evaluate(program, plan, issue).model;
    let mut found = BTreeSet::new();
    for plane in [Plane::Certain, Plane::Possible] {
        for derivation in model.derivations(plane) {
            let clause = program.clause(derivation.clause);
            if rules.contains(&program.rule(clause.rule).name) {
                found.insert((plane, program.predicate(clause.head).name.clone(), derivation.tuple.clone()));
            }
        }
    }
    found
}

/// Every state of a bool or choice, unknown included.
fn values(program: &Program, fact: FactId) -> Option<Vec<FactState>> {
    let FactKind::Single(domain) = &program.fact(fact).kind else { return None };
    let values: Vec<Value> = match domain.scalar {
        Scalar::Bool => vec![Value::Bool(false), Value::Bool(true)],
        Scalar::Choice => domain.options.iter().map(|o| Value::Symbol(o.id.clone())).collect(),
        _ => return None,
    };
    Some(values.into_iter().map(|v| FactState::Given(Given::Value(v))).chain([FactState::Unknown]).collect())
}
