//! Goes through everything that is claimed of a policy.

use std::collections::{BTreeMap, BTreeSet};

use super::abstraction::{Abstraction, Bounds};
use super::circuit::Bit;
use super::claims::{claims, dead_before};
use super::example::Confirm;
use super::findings::{Claim, Disagreement, Example, Finding, Findings, Obstacle, Reason, Verdict};
use super::prover::{Prover, Question, Search, Side};
use super::reasons::why_never;
use super::redundant::why_never_value;
use super::sat::{Assignment, Found, Stop};
use crate::engine::mentioned::{Cone, Mentioned};
use crate::program::{ClauseId, DecisionId, FactId, FactKind, InvariantKind, Program};
use crate::source::Span;

/// A question is easy if it takes the solver no more conflicts.
const EASY: u64 = 2_000;

/// How many examples are made small, to take the smallest.
const MOST_EXAMPLES: usize = 12;

/// Proves or refutes everything there is to be said of a policy.
///
/// What an issue decides is looked for with few rows first: such issues are found sooner, and
/// are smaller. Only what they leave open is looked at with as many rows as asked for.
///
/// ```
/// use remit::prove::{Bounds, Claim, prove};
/// # let mut sources = remit::source::Sources::default();
/// # let policy = std::path::Path::new("policies/escalation");
/// # let program = remit::check::load(policy, &mut sources).0.ok_or("the policy has errors")?;
///
/// let found = prove(&program, Bounds::default(), None)?;
/// let invariants = found.findings.iter().filter(|finding| matches!(finding.claim, Claim::Invariant(_)));
/// for finding in invariants {
///     assert!(!finding.verdict.is_refuted());
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the reference engine says something else of an issue than the solver.
pub fn prove(program: &Program, bounds: Bounds, stop: Option<Stop>) -> Result<Findings, Box<Disagreement>> {
    let claims = claims(program);
    let mut shown: BTreeMap<Claim, Finding> = BTreeMap::new();
    let has_rows = program.facts.iter().any(|fact| !matches!(fact.kind, FactKind::Single(_)));
    for rows in (1..bounds.rows).filter(|_| has_rows) {
        let abstraction = Abstraction::of(&[program], Bounds { rows });
        let Ok(prover) = Prover::for_examples(program, &abstraction, stop.clone()) else { break };
        let mut run = Run { program, abstraction: &abstraction, prover, confirm: Confirm::new(program) };
        run.prover.limit(EASY);
        let open: Vec<_> = claims.iter().filter(|(claim, _)| !shown.contains_key(claim)).collect();
        for (claim, span) in open {
            let found = run.judge(*claim, *span)?;
            if !matches!(found.verdict, Verdict::Undetermined(_)) {
                shown.insert(*claim, found);
            }
        }
    }
    judge_all(program, bounds, &claims, shown, stop)
}

/// Judges all claims that no issue has decided yet.
fn judge_all(
    program: &Program,
    bounds: Bounds,
    claims: &[(Claim, Span)],
    mut shown: BTreeMap<Claim, Finding>,
    stop: Option<Stop>,
) -> Result<Findings, Box<Disagreement>> {
    let abstraction = Abstraction::of(&[program], bounds);
    let mut findings =
        Findings { findings: Vec::new(), size: abstraction.size(), rows: bounds.rows, leaves_out_failures: false };
    let prover = match Prover::new(program, &abstraction, stop.clone()) {
        Ok(prover) => prover,
        // With fewer rows, something can be said all the same.
        Err(_) if bounds.rows > Bounds::default().rows => {
            return judge_all(program, Bounds { rows: bounds.rows - 1 }, claims, shown, stop);
        }
        Err(obstacle) => {
            let open = |(claim, span): &(Claim, Span)| {
                let undetermined = || finding(*claim, Verdict::Undetermined(obstacle.clone()), *span);
                shown.remove(claim).unwrap_or_else(undetermined)
            };
            findings.findings = claims.iter().map(open).collect();
            return Ok(findings);
        }
    };
    let mut run = Run { program, abstraction: &abstraction, prover, confirm: Confirm::new(program) };
    let vacuous = run.is_vacuous();
    findings.leaves_out_failures = run.can_fail();
    run.prover.limit(EASY);
    for (claim, span) in claims {
        let dead = findings.findings.last().and_then(|before| dead_before(before, *claim));
        let found = match (shown.remove(claim), dead) {
            (Some(found), _) => found,
            _ if vacuous => finding(*claim, Verdict::Undetermined(Obstacle::AllFail), *span),
            (_, Some(verdict)) => Finding { reasons: vec![Reason::NeverHolds], ..finding(*claim, verdict, *span) },
            (_, None) => run.judge(*claim, *span)?,
        };
        findings.findings.push(found);
    }
    // What is hard comes last, so that it takes no time from what is easy.
    run.prover.limit(u64::MAX);
    let is_hard = |found: &&mut Finding| matches!(found.verdict, Verdict::Undetermined(Obstacle::TooHard(_)));
    for found in findings.findings.iter_mut().filter(is_hard) {
        *found = run.judge(found.claim, found.span)?;
    }
    Ok(findings)
}

pub(super) fn finding(claim: Claim, verdict: Verdict, span: Span) -> Finding {
    Finding { claim, verdict, example: None, reasons: Vec::new(), span }
}

/// A policy and all that is needed to judge claims about it.
pub(super) struct Run<'a> {
    pub(super) program: &'a Program,
    pub(super) abstraction: &'a Abstraction,
    pub(super) prover: Prover<'a>,
    confirm: Confirm<'a>,
}

impl Run<'_> {
    /// Whether there is no issue at all in which no arithmetic fails.
    fn is_vacuous(&mut self) -> bool {
        let encoding = &mut self.prover.examples.encoding;
        matches!(encoding.solve(&[]), Found::Nothing(_))
    }

    fn can_fail(&mut self) -> bool {
        self.prover.examples.encoding.fails() != Bit::FALSE
    }

    /// What comes of a claim; of one that takes too long, with the clause that most of it is.
    fn judge(&mut self, claim: Claim, span: Span) -> Result<Finding, Box<Disagreement>> {
        let mut found = self.try_judge(claim, span)?;
        if found.verdict == Verdict::Undetermined(Obstacle::TooMuch(None))
            && let Some(heaviest) = self.prover.heaviest(&self.cone(claim).predicates)
        {
            found.verdict = Verdict::Undetermined(Obstacle::TooHard(heaviest));
        }
        Ok(found)
    }

    fn try_judge(&mut self, claim: Claim, span: Span) -> Result<Finding, Box<Disagreement>> {
        match claim {
            Claim::Invariant(_) | Claim::NoConflict(_) | Claim::NoGap(_) | Claim::NoOverlap(..) => {
                self.universal(claim, span)
            }
            Claim::OptionOccurs(decision, option) => self.option(claim, decision, option, span),
            Claim::ClauseHolds(clause) => self.holds(claim, &[clause], span),
            Claim::RuleHolds(rule) => self.holds(claim, &self.program.rule(rule).clauses.clone(), span),
            Claim::ClauseMatters(clause) => self.matters(claim, &[clause], &self.clause_alone(clause), span),
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
            Search::Found(issue, assignment) => {
                let first = self.confirm.example(claim, *issue)?;
                found.example = Some(self.smallest(claim, first, assignment, &mut question)?);
            }
            Search::Nothing => found.verdict = self.prover.proved(&self.behind(claim)),
            Search::Open(obstacle) => found.verdict = Verdict::Undetermined(obstacle),
        }
        Ok(found)
    }

    /// The smallest of the examples that are found one after the other, each another than those before.
    fn smallest(
        &mut self,
        claim: Claim,
        first: Example,
        assignment: Assignment,
        question: &mut Question<'_>,
    ) -> Result<Example, Box<Disagreement>> {
        let mut smallest = first.clone();
        let (mut last, mut known, mut blocked) = (first, assignment, Vec::new());
        for _ in 0..MOST_EXAMPLES {
            blocked.push(!self.prover.says(&last.issue, &known));
            if smallest.size().0 == 0 {
                break;
            }
            let Some((issue, assignment)) = self.prover.another(question, &blocked) else { break };
            (last, known) = (self.confirm.example(claim, issue)?, assignment);
            if last.size() < smallest.size() {
                smallest = last.clone();
            }
        }
        Ok(smallest)
    }

    /// All facts that a claim can depend on.
    pub(super) fn behind(&self, claim: Claim) -> BTreeSet<FactId> {
        self.cone(claim).facts
    }

    fn cone(&self, claim: Claim) -> Cone {
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
        mentioned.and_below(program)
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
        if found.verdict.is_refuted() {
            let mut concluded = |side: &mut Side<'_>| Ok(side.meaning.decisions[decision.index()].concluded[option]);
            let reason = match self.prover.search(&mut concluded) {
                Search::Found(..) => why_never_value(&mut self.prover, self.program, decision, option),
                Search::Nothing | Search::Open(_) => {
                    let is_default = self.program.decision(decision).default == Some(option);
                    Some(if is_default { Reason::NeverDefault } else { Reason::NeverConcluded })
                }
            };
            found.reasons.extend(reason);
        }
        Ok(found)
    }

    fn holds(&mut self, claim: Claim, clauses: &[ClauseId], span: Span) -> Result<Finding, Box<Disagreement>> {
        let mut question = |side: &mut Side<'_>| {
            let Side { encoding, meaning } = side;
            let bits: Vec<Bit> = clauses.iter().map(|clause| meaning.clause_holds(encoding, *clause)).collect();
            Ok(encoding.circuit.or(bits))
        };
        let mut found = self.shown(claim, span, &mut question)?;
        if found.verdict.is_refuted() {
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
}
