//! Examples: issues that the solver found, confirmed by the reference engine and made small.

use super::findings::{Claim, Disagreement, Example};
use crate::engine::{Interpretation, Model, Plan, Plane, evaluate_planned};
use crate::issue::{FactState, Issue};
use crate::program::{ClauseId, DecisionId, FactId, FactKind, Given, InvariantKind, Program};
use crate::value::Value;
use crate::verdict::hit_policy::options_of;

/// Confirms examples with the reference engine.
#[derive(Debug)]
pub struct Confirm<'a> {
    /// The policy.
    pub program: &'a Program,
    plan: Plan,
}

impl<'a> Confirm<'a> {
    /// For examples of a policy.
    pub fn new(program: &'a Program) -> Self {
        Self { program, plan: Plan::new(program) }
    }

    /// An issue that decides a claim about this policy alone, made small.
    ///
    /// # Errors
    /// If the engine does not say of the issue what the solver does.
    pub fn example(&self, claim: Claim, issue: Issue) -> Result<Example, Box<Disagreement>> {
        if !self.is_decided(claim, &issue) {
            let concluded = self.concluded(&self.model(&issue));
            return Err(Box::new(Disagreement { claim, issue, concluded }));
        }
        let issue = self.smaller(claim, issue);
        let concluded = self.concluded(&self.model(&issue));
        Ok(Example { issue, concluded })
    }

    /// Whether an issue, whatever its unknown facts are, refutes a claim about all issues, or
    /// shows what is claimed of some.
    fn is_decided(&self, claim: Claim, issue: &Issue) -> bool {
        self.decides(claim, issue, &self.model(issue))
    }

    /// As `is_decided`, where the model of the issue is at hand.
    pub fn decides(&self, claim: Claim, issue: &Issue, model: &Model) -> bool {
        let options = |decision: DecisionId, plane| options_of(self.program.decision(decision), model, plane);
        let certain = |decision| options(decision, Plane::Certain);
        match claim {
            Claim::Invariant(number) => {
                let invariant = &self.program.invariants[number];
                let interpretation = Interpretation::new(self.program, &self.plan, issue, model);
                match invariant.kind {
                    InvariantKind::Never => !interpretation.answers(&invariant.body, Plane::Certain).is_empty(),
                    InvariantKind::Always => interpretation.answers(&invariant.body, Plane::Possible).is_empty(),
                }
            }
            Claim::NoConflict(decision) => certain(decision).len() > 1,
            Claim::NoGap(decision) => options(decision, Plane::Possible).is_empty(),
            Claim::NoOverlap(decision, one, other) => [one, other].iter().all(|o| certain(decision).contains(o)),
            Claim::OptionOccurs(decision, option) => {
                let hit = crate::verdict::hit_policy::hit(self.program.decision(decision), model);
                hit.decided.contains(&option)
            }
            Claim::ClauseHolds(clause) => holds(model, clause),
            Claim::RuleHolds(rule) => self.program.rule(rule).clauses.iter().any(|clause| holds(model, *clause)),
            Claim::ClauseMatters(_) | Claim::RuleMatters(_) | Claim::FactMatters(_) => true,
        }
    }

    /// Leaves out what can be left out: facts, then rows, then cells.
    fn smaller(&self, claim: Claim, mut issue: Issue) -> Issue {
        let empty = Issue::empty(self.program, issue.id.clone());
        let mut order: Vec<usize> = (0..issue.facts.len()).collect();
        // First what is said in many words.
        order.sort_by_key(|index| !matches!(issue.facts[*index].given(), Some(Given::Rows(rows)) if !rows.is_empty()));
        for index in order {
            let before = std::mem::replace(&mut issue.facts[index], empty.facts[index].clone());
            if !self.is_decided(claim, &issue) {
                issue.facts[index] = before;
                self.fewer_rows(claim, &mut issue, index);
            }
        }
        issue
    }

    fn fewer_rows(&self, claim: Claim, issue: &mut Issue, index: usize) {
        let FactState::Given(Given::Rows(rows)) = &issue.facts[index] else { return };
        let mut rows = rows.clone();
        let mut at = 0;
        while at < rows.len() {
            let mut fewer = rows.clone();
            fewer.remove(at);
            if self.still(claim, issue, index, &fewer) {
                rows = fewer;
            } else {
                at += 1;
            }
        }
        if !matches!(self.program.fact(FactId(index as u32)).kind, FactKind::Records(_)) {
            return;
        }
        for row in 0..rows.len() {
            for column in 0..rows[row].len() {
                let mut fewer = rows.clone();
                fewer[row][column] = Value::Unknown;
                if self.still(claim, issue, index, &fewer) {
                    rows = fewer;
                }
            }
        }
    }

    /// Puts the rows into the issue, if it decides the claim all the same.
    fn still(&self, claim: Claim, issue: &mut Issue, index: usize, rows: &[Vec<Value>]) -> bool {
        let given = FactState::Given(Given::Rows(rows.to_vec()));
        let before = std::mem::replace(&mut issue.facts[index], given);
        let decides = self.is_decided(claim, issue);
        if !decides {
            issue.facts[index] = before;
        }
        decides
    }

    /// What the engine makes of an issue.
    pub fn model(&self, issue: &Issue) -> Model {
        evaluate_planned(self.program, &self.plan, issue)
    }

    fn concluded(&self, model: &Model) -> Vec<(DecisionId, Vec<usize>)> {
        let decisions = self.program.decisions.iter().enumerate();
        decisions.map(|(id, decision)| (DecisionId(id as u32), options_of(decision, model, Plane::Certain))).collect()
    }
}

fn holds(model: &Model, clause: ClauseId) -> bool {
    model.certain_derivations.iter().any(|derivation| derivation.clause == clause)
}

/// Whether two policies, the second the first without some clauses, decide an issue differently.
pub fn differ(program: &Program, without: &Program, issue: &Issue) -> bool {
    values(program, issue) != values(without, issue)
}

/// What each decision is: its value, and whether there is a conflict.
pub fn values(program: &Program, issue: &Issue) -> Vec<(Vec<usize>, bool)> {
    values_of(program, &crate::engine::evaluate(program, issue))
}

/// As [`values`], of what the engine makes of an issue.
pub fn values_of(program: &Program, model: &Model) -> Vec<(Vec<usize>, bool)> {
    let hit = |decision| crate::verdict::hit_policy::hit(decision, model);
    let value = |hit: crate::verdict::hit_policy::Hit| (hit.value, hit.status == crate::verdict::Status::Conflict);
    program.decisions.iter().map(hit).map(value).collect()
}
