//! What can matter: whether some decision changes without a clause or rule, or with a fact.
//!
//! An issue that shows it is confirmed by the engine before it counts.

use std::collections::BTreeSet;

use super::circuit::Bit;
use super::classes::Place;
use super::encoding::{Construct, TooLarge};
use super::example::{differ, values};
use super::findings::{Claim, Disagreement, Finding, Obstacle, Reason, Verdict};
use super::prover::{Search, Side};
use super::redundant::why_no_matter;
use super::run::{Run, finding};
use crate::engine::mentioned::Mentioned;
use crate::issue::Issue;
use crate::program::{Clause, ClauseId, FactId, Literal, PredicateKind, Program, RuleId, Scalar};
use crate::source::Span;

impl Run<'_> {
    pub(super) fn matters(
        &mut self,
        claim: Claim,
        clauses: &[ClauseId],
        removed: &BTreeSet<ClauseId>,
        span: Span,
    ) -> Result<Finding, Box<Disagreement>> {
        let mut question = |side: &mut Side<'_>| {
            let without = side.encoding.meaning_without(0, removed)?;
            Ok(side.differs(&without))
        };
        let mut found = finding(claim, Verdict::Proved, span);
        match self.prover.search(&mut question) {
            Search::Found(issue, _) => {
                self.known.keep(self.confirm, &issue);
                self.confirm_difference(claim, &issue, removed)?;
            }
            Search::Nothing => found.verdict = self.prover.refuted(&self.behind(claim)),
            Search::Open(obstacle) => found.verdict = Verdict::Undetermined(obstacle),
        }
        if found.verdict.is_refuted() {
            let for_all = found.verdict == Verdict::Refuted;
            found.reasons.push(why_no_matter(&mut self.prover, self.program, clauses, removed, for_all));
        }
        Ok(found)
    }

    fn confirm_difference(
        &self,
        claim: Claim,
        issue: &Issue,
        removed: &BTreeSet<ClauseId>,
    ) -> Result<(), Box<Disagreement>> {
        if differ(self.program, &without(self.program, removed), issue) {
            return Ok(());
        }
        Err(Box::new(Disagreement { claim, issue: issue.clone(), concluded: Vec::new() }))
    }

    pub(super) fn fact(&mut self, claim: Claim, fact: FactId, span: Span) -> Result<Finding, Box<Disagreement>> {
        let slot = self.abstraction.slots.slot_of(0, fact);
        let mut other = None;
        let mut question = |side: &mut Side<'_>| -> Result<Bit, TooLarge> {
            let inputs = side.encoding.inputs_with_fresh(slot);
            let meaning = side.encoding.meaning_over(0, &inputs, &BTreeSet::new())?;
            other.get_or_insert(inputs);
            Ok(side.differs(&meaning))
        };
        let search = self.prover.search(&mut question);
        let mut found = finding(claim, Verdict::Proved, span);
        match (search, other) {
            (Search::Found(issue, assignment), Some(inputs)) => {
                self.known.keep(self.confirm, &issue);
                let changed = self.prover.examples.encoding.issue_of(0, &inputs, &assignment);
                if values(self.program, &issue) == values(self.program, &changed) {
                    return Err(Box::new(Disagreement { claim, issue: *issue, concluded: Vec::new() }));
                }
            }
            (Search::Open(obstacle), _) => found.verdict = Verdict::Undetermined(obstacle),
            _ if !self.behind(claim).contains(&fact) => found.verdict = Verdict::Refuted,
            _ if self.is_injective(fact) => {
                found.verdict = Verdict::Undetermined(Obstacle::Constructs(self.looked_at(fact)));
            }
            _ => found.verdict = self.prover.refuted(&self.behind(claim)),
        }
        if matches!(found.verdict, Verdict::Undetermined(Obstacle::Constructs(_))) && self.is_needless(fact) {
            found.verdict = self.prover.refuted(&self.behind(claim));
        }
        if found.verdict.is_refuted() {
            found.reasons.push(Reason::NotUsed);
        }
        Ok(found)
    }

    /// Whether decisions come to the same for every issue without any of the clauses that look at a fact, so
    /// that they cannot depend on it. That each of them by itself makes no difference would not be enough.
    fn is_needless(&mut self, fact: FactId) -> bool {
        let program = self.program;
        let looks = |clause: &Clause| Mentioned::of(program, &clause.body).all_facts(program).contains(&fact);
        let clauses = program.clauses.iter().enumerate().filter(|(_, clause)| looks(clause));
        let clauses: BTreeSet<ClauseId> = clauses.map(|(id, _)| ClauseId(id as u32)).collect();
        let mut question = |side: &mut Side<'_>| {
            let without = side.encoding.meaning_without(0, &clauses)?;
            Ok(side.differs(&without))
        };
        matches!(self.prover.search(&mut question), Search::Nothing)
    }

    /// The literals that look at a fact.
    fn looked_at(&self, fact: FactId) -> Vec<Construct> {
        let program = self.program;
        let looks = |literal: &&Literal| Mentioned::of(program, [*literal]).all_facts(program).contains(&fact);
        let literals = program.clauses.iter().flat_map(|clause| &clause.body).filter(looks);
        let found: BTreeSet<Construct> =
            literals.map(|literal| Construct { text: literal.text.clone(), program: 0, span: literal.span }).collect();
        found.into_iter().collect()
    }

    /// Whether a fact is compared with others: then there are too few witnesses for two
    /// issues at once.
    fn is_injective(&self, fact: FactId) -> bool {
        let slot = self.abstraction.slots.slot_of(0, fact);
        let columns = self.abstraction.slots.slots[slot].columns.iter().enumerate();
        columns.filter(|(_, column)| !matches!(column.scalar, Scalar::Bool | Scalar::Choice)).any(|(at, _)| {
            let place = Place::Cell(slot, at);
            self.abstraction.classes.class(place).is_some_and(|class| class.injective)
        })
    }
}

/// A clause, and what it says of whether its rule overrides others.
pub(super) fn clause_alone(program: &Program, id: ClauseId) -> BTreeSet<ClauseId> {
    let rule = program.clause(id).rule;
    let place = program.rule(rule).clauses.iter().position(|clause| *clause == id);
    // The clauses of `applies` are copies of the rule's, in their order.
    let copies = program.clauses.iter().enumerate();
    let copies = copies.filter(|(_, c)| program.predicate(c.head).kind == PredicateKind::Applies(rule));
    let copy = place.and_then(|place| copies.map(|(index, _)| ClauseId(index as u32)).nth(place));
    copy.into_iter().chain([id]).collect()
}

/// The clauses of a rule, those of its relation `applies` too.
pub(super) fn clauses_of(program: &Program, rule: RuleId) -> BTreeSet<ClauseId> {
    let clauses = program.clauses.iter().enumerate();
    let own =
        |clause: &Clause| clause.rule == rule || program.predicate(clause.head).kind == PredicateKind::Applies(rule);
    clauses.filter(|(_, clause)| own(clause)).map(|(index, _)| ClauseId(index as u32)).collect()
}

/// The policy without some clauses.
pub(super) fn without(program: &Program, removed: &BTreeSet<ClauseId>) -> Program {
    let mut program = program.clone();
    for stratum in &mut program.strata {
        stratum.clauses.retain(|clause| !removed.contains(clause));
    }
    program
}
