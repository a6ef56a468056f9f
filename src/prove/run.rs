//! Goes through everything that is claimed of a policy.

use std::collections::BTreeSet;

use super::abstraction::{Abstraction, Bounds};
use super::circuit::Bit;
use super::encoding::TooLarge;
use super::example::{Confirm, differ};
use super::findings::{Claim, Disagreement, Finding, Findings, Obstacle, Reason, Verdict};
use super::prover::{Prover, Question, Search, Side};
use super::reasons::{why_never, why_no_matter};
use super::sat::{Found, Stop};
use crate::engine::mentioned::Mentioned;
use crate::program::{ClauseId, DecisionId, FactId, HitPolicy, InvariantKind, PredicateKind, Program, RuleId, Scalar};
use crate::source::Span;

/// Proves or refutes everything there is to be said of a policy.
///
/// # Errors
/// If the reference engine says something else of an issue than the solver.
pub fn prove(program: &Program, bounds: Bounds, stop: Option<Stop>) -> Result<Findings, Box<Disagreement>> {
    let abstraction = Abstraction::of(&[program], bounds);
    let mut findings =
        Findings { findings: Vec::new(), size: abstraction.size(), rows: bounds.rows, leaves_out_failures: false };
    let Ok(prover) = Prover::new(program, &abstraction, stop) else {
        let open = |(claim, span)| finding(claim, Verdict::Undetermined(Obstacle::TooMuch), span);
        findings.findings = claims(program).into_iter().map(open).collect();
        return Ok(findings);
    };
    let mut run = Run { program, abstraction: &abstraction, prover, confirm: Confirm::new(program) };
    let vacuous = run.is_vacuous();
    findings.leaves_out_failures = run.can_fail();
    for (claim, span) in claims(program) {
        let dead = findings.findings.last().and_then(|before| dead_before(before, claim));
        let found = match dead {
            _ if vacuous => finding(claim, Verdict::Undetermined(Obstacle::AllFail), span),
            Some(verdict) => Finding { reasons: vec![Reason::NeverHolds], ..finding(claim, verdict, span) },
            None => run.judge(claim, span)?,
        };
        findings.findings.push(found);
    }
    Ok(findings)
}

/// What never holds never matters: the claim that something holds stands before the claim
/// that it matters.
fn dead_before(before: &Finding, claim: Claim) -> Option<Verdict> {
    let same = match (before.claim, claim) {
        (Claim::RuleHolds(one), Claim::RuleMatters(other)) => one == other,
        (Claim::ClauseHolds(one), Claim::ClauseMatters(other)) => one == other,
        _ => false,
    };
    let refuted = matches!(before.verdict, Verdict::Refuted | Verdict::RefutedUpTo(..));
    (same && refuted).then(|| before.verdict.clone())
}

/// Everything that is claimed of a policy, with where it is written.
fn claims(program: &Program) -> Vec<(Claim, Span)> {
    let mut claims: Vec<(Claim, Span)> =
        program.invariants.iter().enumerate().map(|(i, invariant)| (Claim::Invariant(i), invariant.span)).collect();
    for (index, decision) in program.decisions.iter().enumerate() {
        let id = DecisionId(index as u32);
        let options = decision.options.len();
        if decision.hit_policy == HitPolicy::Unique {
            claims.push((Claim::NoConflict(id), decision.span));
        }
        // To collect nothing is an answer like any other.
        if decision.hit_policy != HitPolicy::Collect {
            claims.push((Claim::NoGap(id), decision.span));
        }
        if decision.hit_policy == HitPolicy::Priority {
            let pairs = (0..options).flat_map(|one| (one + 1..options).map(move |other| (one, other)));
            claims.extend(pairs.map(|(one, other)| (Claim::NoOverlap(id, one, other), decision.span)));
        }
        claims.extend((0..options).map(|option| (Claim::OptionOccurs(id, option), decision.span)));
    }
    for (index, rule) in program.rules.iter().enumerate() {
        let id = RuleId(index as u32);
        claims.extend([(Claim::RuleHolds(id), rule.span), (Claim::RuleMatters(id), rule.span)]);
        if rule.clauses.len() > 1 {
            for clause in &rule.clauses {
                let span = program.clause(*clause).span;
                claims.extend([(Claim::ClauseHolds(*clause), span), (Claim::ClauseMatters(*clause), span)]);
            }
        }
    }
    let facts = program.facts.iter().enumerate();
    claims.extend(facts.map(|(i, fact)| (Claim::FactMatters(FactId(i as u32)), fact.span)));
    claims
}

fn finding(claim: Claim, verdict: Verdict, span: Span) -> Finding {
    Finding { claim, verdict, example: None, reasons: Vec::new(), span }
}

/// A policy and all that is needed to judge claims about it.
struct Run<'a> {
    program: &'a Program,
    abstraction: &'a Abstraction,
    prover: Prover<'a>,
    confirm: Confirm<'a>,
}

impl Run<'_> {
    /// Whether there is no issue at all in which no arithmetic fails.
    fn is_vacuous(&mut self) -> bool {
        matches!(self.prover.examples.encoding.solve(&[]), Found::Nothing(_))
    }

    fn can_fail(&mut self) -> bool {
        self.prover.examples.encoding.fails() != Bit::FALSE
    }

    fn judge(&mut self, claim: Claim, span: Span) -> Result<Finding, Box<Disagreement>> {
        match claim {
            Claim::Invariant(_) | Claim::NoConflict(_) | Claim::NoGap(_) | Claim::NoOverlap(..) => {
                self.universal(claim, span)
            }
            Claim::OptionOccurs(decision, option) => self.option(claim, decision, option, span),
            Claim::ClauseHolds(clause) => self.holds(claim, &[clause], span),
            Claim::RuleHolds(rule) => self.holds(claim, &self.program.rule(rule).clauses.clone(), span),
            Claim::ClauseMatters(clause) => self.matters(claim, &[clause], &BTreeSet::from([clause]), span),
            Claim::RuleMatters(rule) => {
                let removed = self.clauses_of(rule);
                self.matters(claim, &self.program.rule(rule).clauses.clone(), &removed, span)
            }
            Claim::FactMatters(fact) => self.fact(claim, fact, span),
        }
    }

    fn universal(&mut self, claim: Claim, span: Span) -> Result<Finding, Box<Disagreement>> {
        let program = self.program;
        let mut question = |side: &mut Side<'_>| match claim {
            Claim::Invariant(number) => {
                let Side { encoding, meaning } = side;
                let body = meaning.invariant(encoding, number)?;
                let never = program.invariants[number].kind == InvariantKind::Never;
                Ok(if never { body } else { !body })
            }
            Claim::NoConflict(decision) => Ok(side.meaning.decisions[decision.index()].conflict),
            Claim::NoGap(decision) => Ok(side.meaning.decisions[decision.index()].nothing),
            Claim::NoOverlap(decision, one, other) => {
                let concluded = &side.meaning.decisions[decision.index()].concluded;
                Ok(side.encoding.circuit.and([concluded[one], concluded[other]]))
            }
            _ => Ok(Bit::FALSE),
        };
        let mut found = finding(claim, Verdict::Refuted, span);
        match self.prover.search(&mut question) {
            Search::Found(issue, _) => found.example = Some(self.confirm.example(claim, *issue)?),
            Search::Nothing => found.verdict = self.prover.proved(&self.behind(claim)),
            Search::Open(obstacle) => found.verdict = Verdict::Undetermined(obstacle),
        }
        Ok(found)
    }

    /// All facts that a claim can depend on.
    fn behind(&self, claim: Claim) -> BTreeSet<FactId> {
        let program = self.program;
        let clauses = |ids: &[ClauseId]| Mentioned::of(program, ids.iter().flat_map(|id| &program.clause(*id).body));
        let mentioned = match claim {
            Claim::Invariant(number) => {
                Mentioned::of(program, program.invariants[number].body.alternatives.iter().flatten())
            }
            Claim::NoConflict(id) | Claim::NoGap(id) | Claim::NoOverlap(id, ..) | Claim::OptionOccurs(id, _) => {
                Mentioned::from_iter([program.decision(id).predicate])
            }
            Claim::ClauseHolds(clause) => clauses(&[clause]),
            Claim::RuleHolds(rule) => clauses(&program.rule(rule).clauses),
            Claim::ClauseMatters(_) | Claim::RuleMatters(_) | Claim::FactMatters(_) => {
                program.decisions.iter().map(|decision| decision.predicate).collect()
            }
        };
        mentioned.and_below(program).facts
    }

    /// A claim that some issue shows: whether one does, confirmed by the engine.
    fn shown(&mut self, claim: Claim, span: Span, question: &mut Question<'_>) -> Result<Finding, Box<Disagreement>> {
        let mut found = finding(claim, Verdict::Proved, span);
        match self.prover.search(question) {
            Search::Found(issue, _) => {
                self.confirm.example(claim, *issue)?;
            }
            Search::Nothing => found.verdict = self.prover.refuted(&self.behind(claim)),
            Search::Open(obstacle) => found.verdict = Verdict::Undetermined(obstacle),
        }
        Ok(found)
    }

    fn option(
        &mut self,
        claim: Claim,
        decision: DecisionId,
        option: usize,
        span: Span,
    ) -> Result<Finding, Box<Disagreement>> {
        let mut value = |side: &mut Side<'_>| Ok(side.meaning.decisions[decision.index()].value[option]);
        let mut found = self.shown(claim, span, &mut value)?;
        if matches!(found.verdict, Verdict::Refuted | Verdict::RefutedUpTo(..)) {
            let mut concluded = |side: &mut Side<'_>| Ok(side.meaning.decisions[decision.index()].concluded[option]);
            let reason = match self.prover.search(&mut concluded) {
                Search::Found(..) => self.why_outranked(decision, option),
                Search::Nothing | Search::Open(_) => Some(Reason::NeverConcluded),
            };
            found.reasons.extend(reason);
        }
        Ok(found)
    }

    fn why_outranked(&mut self, decision: DecisionId, option: usize) -> Option<Reason> {
        let head = self.program.decision(decision).predicate;
        let id = &self.program.decision(decision).options[option].id;
        let concludes = |clause: &crate::program::Clause| {
            clause.head == head
                && matches!(clause.args.first(), Some(crate::program::Expr::Constant(crate::value::Value::Symbol(s))) if s == id)
        };
        let clauses: Vec<ClauseId> = (0..self.program.clauses.len())
            .map(|index| ClauseId(index as u32))
            .filter(|clause| concludes(self.program.clause(*clause)))
            .collect();
        match why_no_matter(&mut self.prover, self.program, &clauses) {
            Reason::Outranked(rules) => Some(Reason::Outranked(rules)),
            _ => None,
        }
    }

    fn holds(&mut self, claim: Claim, clauses: &[ClauseId], span: Span) -> Result<Finding, Box<Disagreement>> {
        let mut question = |side: &mut Side<'_>| {
            let Side { encoding, meaning } = side;
            let bits: Vec<Bit> = clauses.iter().map(|clause| meaning.clause_holds(encoding, *clause)).collect();
            Ok(encoding.circuit.or(bits))
        };
        let mut found = self.shown(claim, span, &mut question)?;
        if matches!(found.verdict, Verdict::Refuted | Verdict::RefutedUpTo(..)) {
            let mut behind = BTreeSet::new();
            let mut all_explained = true;
            for clause in clauses {
                match why_never(&mut self.prover, self.program, *clause) {
                    Some((reason, facts)) => {
                        behind.extend(facts);
                        found.reasons.push(reason);
                    }
                    None => all_explained = false,
                }
            }
            if all_explained {
                found.verdict = self.prover.refuted(&behind);
            }
        }
        Ok(found)
    }

    fn matters(
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
            Search::Found(issue, _) => self.confirm_difference(claim, &issue, removed)?,
            Search::Nothing => found.verdict = self.prover.refuted(&self.behind(claim)),
            Search::Open(obstacle) => found.verdict = Verdict::Undetermined(obstacle),
        }
        if matches!(found.verdict, Verdict::Refuted | Verdict::RefutedUpTo(..)) {
            found.reasons.push(why_no_matter(&mut self.prover, self.program, clauses));
        }
        Ok(found)
    }

    fn confirm_difference(
        &self,
        claim: Claim,
        issue: &crate::issue::Issue,
        removed: &BTreeSet<ClauseId>,
    ) -> Result<(), Box<Disagreement>> {
        if differ(self.program, &without(self.program, removed), issue) {
            return Ok(());
        }
        Err(Box::new(Disagreement { claim, issue: issue.clone(), concluded: Vec::new() }))
    }

    /// The clauses of a rule, those of its relation `applies` too.
    fn clauses_of(&self, rule: RuleId) -> BTreeSet<ClauseId> {
        let clauses = self.program.clauses.iter().enumerate();
        let own = |clause: &crate::program::Clause| {
            clause.rule == rule || self.program.predicate(clause.head).kind == PredicateKind::Applies(rule)
        };
        clauses.filter(|(_, clause)| own(clause)).map(|(index, _)| ClauseId(index as u32)).collect()
    }

    fn fact(&mut self, claim: Claim, fact: FactId, span: Span) -> Result<Finding, Box<Disagreement>> {
        let slot = self.abstraction.slots.slot_of(0, fact);
        let mut other = None;
        let mut question = |side: &mut Side<'_>| -> Result<Bit, TooLarge> {
            let inputs = side.encoding.inputs_with_fresh(slot);
            let meaning = side.encoding.meaning_over(0, &inputs)?;
            other.get_or_insert(inputs);
            Ok(side.differs(&meaning))
        };
        let search = self.prover.search(&mut question);
        let mut found = finding(claim, Verdict::Proved, span);
        match (search, other) {
            (Search::Found(issue, assignment), Some(inputs)) => {
                let changed = self.prover.examples.encoding.issue_of(0, &inputs, &assignment);
                if super::example::values(self.program, &issue) == super::example::values(self.program, &changed) {
                    return Err(Box::new(Disagreement { claim, issue: *issue, concluded: Vec::new() }));
                }
            }
            (Search::Open(obstacle), _) => found.verdict = Verdict::Undetermined(obstacle),
            _ if !self.behind(claim).contains(&fact) => found.verdict = Verdict::Refuted,
            _ if self.is_injective(fact) => {
                found.verdict = Verdict::Undetermined(Obstacle::Constructs(Vec::new()));
            }
            _ => found.verdict = self.prover.refuted(&self.behind(claim)),
        }
        if matches!(found.verdict, Verdict::Refuted | Verdict::RefutedUpTo(..)) {
            found.reasons.push(Reason::NotUsed);
        }
        Ok(found)
    }

    /// Whether a fact is compared with others: then there are too few witnesses for two
    /// issues at once.
    fn is_injective(&self, fact: FactId) -> bool {
        let slot = self.abstraction.slots.slot_of(0, fact);
        let columns = self.abstraction.slots.slots[slot].columns.iter().enumerate();
        columns.filter(|(_, column)| !matches!(column.scalar, Scalar::Bool | Scalar::Choice)).any(|(at, _)| {
            let place = super::classes::Place::Cell(slot, at);
            self.abstraction.classes.class(place).is_some_and(|class| class.injective)
        })
    }
}

/// The policy without some clauses.
fn without(program: &Program, removed: &BTreeSet<ClauseId>) -> Program {
    let mut program = program.clone();
    for stratum in &mut program.strata {
        stratum.clauses.retain(|clause| !removed.contains(clause));
    }
    program
}
