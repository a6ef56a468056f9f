//! Issues at hand: some that are drawn, and those that were found by the solver.
//!
//! What one of them shows need not be asked of the solver, and is known even where time runs out. Only issues
//! in which no arithmetic fails are kept.

use std::collections::BTreeSet;

use super::abstraction::Abstraction;
use super::example::{Confirm, values_of};
use super::findings::Claim;
use super::matter::without;
use crate::dice::Dice;
use crate::engine::{Model, Plan, evaluate_planned};
use crate::issue::{FactState, Issue};
use crate::program::{ClauseId, FactId, FactKind, Given, Program};
use crate::value::Value;

/// How many issues are drawn.
const DRAWN: usize = 40;

/// The most issues that are kept.
const MOST: usize = 100;

/// How many issues are looked at with another value of a fact, or without a rule.
const MOST_CHANGED: usize = 8;

/// The most clauses of a policy that is evaluated anew without one of them.
const MOST_CLAUSES: usize = 2_000;

/// Issues, with what the engine makes of them.
#[derive(Debug)]
pub struct Known {
    issues: Vec<(Issue, Model)>,
    /// How many of them every claim has been held against.
    asked: usize,
}

impl Known {
    /// Issues drawn from what issues can say.
    pub fn drawn(confirm: &Confirm<'_>, abstraction: &Abstraction) -> Self {
        let (mut known, mut dice) = (Self { issues: Vec::new(), asked: 0 }, Dice(1));
        for _ in 0..DRAWN {
            known.keep(confirm, &drawn(confirm.program, abstraction, &mut dice));
        }
        known
    }

    /// Keeps an issue.
    pub fn keep(&mut self, confirm: &Confirm<'_>, issue: &Issue) {
        let model = confirm.model(issue);
        if self.issues.len() < MOST && model.faults.is_empty() {
            self.issues.push((issue.clone(), model));
        }
    }

    /// Every claim has been held against those there are: only later ones will be asked.
    pub fn all_asked(&mut self) {
        self.asked = self.issues.len();
    }

    /// An issue that decides a claim of what an issue says by itself, of all there are.
    pub fn deciding(&self, confirm: &Confirm<'_>, claim: Claim) -> Option<&Issue> {
        self.issues.iter().find(|(issue, model)| confirm.decides(claim, issue, model)).map(|(issue, _)| issue)
    }

    /// Whether one that has not been asked yet shows that something occurs.
    pub fn shows(&self, confirm: &Confirm<'_>, claim: Claim) -> bool {
        self.issues[self.asked..].iter().any(|(issue, model)| confirm.decides(claim, issue, model))
    }

    /// Whether one that has not been asked yet is decided otherwise without some clauses.
    pub fn needs(&self, program: &Program, clauses: &BTreeSet<ClauseId>) -> bool {
        let holds = |(_, model): &&(Issue, Model)| {
            model.certain_derivations.iter().any(|derivation| clauses.contains(&derivation.clause))
        };
        let mut issues = self.issues[self.asked..].iter().filter(holds).take(MOST_CHANGED).peekable();
        if issues.peek().is_none() || program.clauses.len() > MOST_CLAUSES {
            return false;
        }
        let fewer = without(program, clauses);
        let plan = Plan::new(&fewer);
        issues.any(|(issue, model)| {
            let other = evaluate_planned(&fewer, &plan, issue);
            other.faults.is_empty() && values_of(program, model) != values_of(&fewer, &other)
        })
    }

    /// Whether one that has not been asked yet is decided otherwise with another value of a fact.
    pub fn changes_with(&self, confirm: &Confirm<'_>, fact: FactId) -> bool {
        let changes = |(issue, model): &(Issue, Model)| {
            self.issues.iter().take(MOST_CHANGED).any(|(other, _)| {
                let mut changed = issue.clone();
                changed.facts[fact.index()].clone_from(&other.facts[fact.index()]);
                let other = confirm.model(&changed);
                other.faults.is_empty() && values_of(confirm.program, model) != values_of(confirm.program, &other)
            })
        };
        self.issues[self.asked..].iter().take(MOST_CHANGED).any(changes)
    }
}

/// An issue with one of the values that there are of each fact.
fn drawn(program: &Program, abstraction: &Abstraction, dice: &mut Dice) -> Issue {
    let mut issue = Issue::empty(program, "example");
    for (index, fact) in program.facts.iter().enumerate() {
        let slot = abstraction.slots.slot_of(0, FactId(index as u32));
        let count = dice.below(abstraction.rows(slot) + 1);
        let columns = abstraction.slots.slots[slot].columns.len();
        let mut row = || -> Vec<Value> {
            let values = (0..columns).map(|column| abstraction.values(slot, column));
            values.map(|values| values.get(dice.below(values.len())).cloned().unwrap_or(Value::Unknown)).collect()
        };
        let given = match fact.kind {
            FactKind::Single(_) => row().pop().filter(|value| !value.is_unknown()).map(Given::Value),
            FactKind::List(_) | FactKind::Records(_) => {
                let mut rows: Vec<Vec<Value>> = (0..count).map(|_| row()).collect();
                if matches!(fact.kind, FactKind::List(_)) {
                    rows.retain(|row| !row.contains(&Value::Unknown));
                    rows.sort();
                    rows.dedup();
                }
                Some(Given::Rows(rows))
            }
        };
        issue.facts[index] = given.map_or(FactState::Unknown, FactState::Given);
    }
    issue
}
