//! Goes through everything that is claimed of a policy.

use std::collections::{BTreeMap, BTreeSet};

use super::abstraction::{Abstraction, Bounds};
use super::circuit::Bit;
use super::claims::{claims, dead_before};
use super::encoding::Construct;
use super::example::Confirm;
use super::findings::{Claim, Disagreement, Example, Finding, Findings, Obstacle, Reason, Verdict};
use super::known::Known;
use super::matter::{clause_alone, clauses_of};
use super::plain::is_plain;
use super::prover::{Prover, Question, Search, Side};
use super::sat::{Assignment, Found, Stop};
use crate::engine::mentioned::{Cone, Mentioned};
use crate::program::{ClauseId, FactId, FactKind, InvariantKind, Program};
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
    let abstraction = Abstraction::of(&[program], bounds);
    let mut shown: BTreeMap<Claim, Finding> = BTreeMap::new();
    let confirm = Confirm::new(program);
    let mut known = Known::drawn(&confirm, &abstraction);
    for (claim, span) in &claims {
        if is_plain(&known, &confirm, *claim) {
            shown.insert(*claim, finding(*claim, Verdict::Proved, *span));
        }
    }
    known.all_asked();
    let has_rows = program.facts.iter().any(|fact| !matches!(fact.kind, FactKind::Single(_)));
    for rows in (1..bounds.rows).filter(|_| has_rows) {
        let abstraction = Abstraction::of(&[program], Bounds { rows });
        let Ok(prover) = Prover::for_examples(program, &abstraction, stop.clone()) else { break };
        let mut run = Run { program, abstraction: &abstraction, prover, confirm: &confirm, known: &mut known };
        run.prover.limit(EASY);
        let open: Vec<_> = claims.iter().filter(|(claim, _)| !shown.contains_key(claim)).collect();
        for (claim, span) in open {
            let found = run.judge(*claim, *span)?;
            if !matches!(found.verdict, Verdict::Undetermined(_)) {
                shown.insert(*claim, found);
            }
        }
    }
    let mut findings = judge_rest(program, &abstraction, &claims, shown, (&confirm, &mut known), stop)?;
    // What the solver has not come to, an issue at hand may decide all the same.
    for found in &mut findings.findings {
        if found.claim.is_universal()
            && matches!(found.verdict, Verdict::Undetermined(_))
            && let Some(issue) = known.deciding(&confirm, found.claim)
        {
            found.example = Some(confirm.example(found.claim, issue.clone())?);
            found.verdict = Verdict::Refuted;
        }
    }
    Ok(findings)
}

/// Judges what no issue has decided yet, with as many rows as can be followed.
fn judge_rest(
    program: &Program,
    abstraction: &Abstraction,
    claims: &[(Claim, Span)],
    mut shown: BTreeMap<Claim, Finding>,
    (confirm, known): (&Confirm<'_>, &mut Known),
    stop: Option<Stop>,
) -> Result<Findings, Box<Disagreement>> {
    let bounds = abstraction.bounds;
    let mut findings =
        Findings { findings: Vec::new(), size: abstraction.size(), rows: bounds.rows, leaves_out_failures: false };
    match Prover::new(program, abstraction, stop.clone()) {
        Ok(prover) => {
            let mut run = Run { program, abstraction, prover, confirm, known };
            findings.leaves_out_failures = run.can_fail();
            findings.findings = run.judge_all(claims, shown)?;
        }
        // With fewer rows, something can be said all the same.
        Err(_) if bounds.rows > Bounds::default().rows => {
            let fewer = Abstraction::of(&[program], Bounds { rows: bounds.rows - 1 });
            return judge_rest(program, &fewer, claims, shown, (confirm, known), stop);
        }
        Err(obstacle) => {
            let open = |(claim, span): &(Claim, Span)| {
                let undetermined = || finding(*claim, Verdict::Undetermined(obstacle.clone()), *span);
                shown.remove(claim).unwrap_or_else(undetermined)
            };
            findings.findings = claims.iter().map(open).collect();
        }
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
    pub(super) confirm: &'a Confirm<'a>,
    pub(super) known: &'a mut Known,
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

    /// Judges all claims that no issue has decided yet.
    fn judge_all(
        &mut self,
        claims: &[(Claim, Span)],
        mut shown: BTreeMap<Claim, Finding>,
    ) -> Result<Vec<Finding>, Box<Disagreement>> {
        let vacuous = self.is_vacuous();
        self.prover.limit(EASY);
        let mut findings: Vec<Finding> = Vec::new();
        for (claim, span) in claims {
            let dead = findings.last().and_then(|before| dead_before(before, *claim));
            let found = match (shown.remove(claim), dead) {
                (Some(found), _) => found,
                _ if vacuous => finding(*claim, Verdict::Undetermined(Obstacle::AllFail), *span),
                (_, Some(verdict)) => Finding { reasons: vec![Reason::NeverHolds], ..finding(*claim, verdict, *span) },
                (_, None) => self.judge(*claim, *span)?,
            };
            findings.push(found);
        }
        // What is hard comes last, so that it takes no time from what is easy.
        self.prover.limit(u64::MAX);
        let is_hard = |found: &&mut Finding| {
            matches!(found.verdict, Verdict::Undetermined(Obstacle::TooHard(_) | Obstacle::TooMuch(None)))
        };
        for found in findings.iter_mut().filter(is_hard) {
            *found = self.judge(found.claim, found.span)?;
        }
        Ok(findings)
    }

    /// What comes of a claim; of one that takes too long, with the clause that most of it is.
    fn judge(&mut self, claim: Claim, span: Span) -> Result<Finding, Box<Disagreement>> {
        if is_plain(self.known, self.confirm, claim) {
            return Ok(finding(claim, Verdict::Proved, span));
        }
        let mut found = self.try_judge(claim, span)?;
        match &mut found.verdict {
            Verdict::Undetermined(Obstacle::Constructs(constructs)) => self.keep_own(claim, constructs),
            Verdict::Undetermined(obstacle @ Obstacle::TooMuch(None)) => {
                if let Some(heaviest) = self.prover.heaviest(&self.cone(claim).predicates) {
                    *obstacle = Obstacle::TooHard(heaviest);
                }
            }
            _ => {}
        }
        Ok(found)
    }

    /// Of constructs of which all come to the same, those that the claim rests on.
    fn keep_own(&self, claim: Claim, constructs: &mut Vec<Construct>) {
        let program = self.program;
        let below = self.cone(claim).predicates;
        let own = |id: ClauseId| {
            matches!(claim, Claim::ClauseHolds(clause) if clause == id)
                || matches!(claim, Claim::RuleHolds(rule) if program.clause(id).rule == rule)
        };
        let clauses = program.clauses.iter().enumerate();
        let clauses = clauses.filter(|(id, clause)| below.contains(&clause.head) || own(ClauseId(*id as u32)));
        let mut spans: Vec<Span> = clauses.map(|(_, clause)| clause.span).collect();
        if let Claim::Invariant(number) = claim {
            spans.push(program.invariants[number].body.span);
        }
        let is_own = |construct: &Construct| spans.iter().any(|span| span.contains(construct.span));
        if constructs.iter().any(is_own) {
            constructs.retain(is_own);
        }
    }

    fn try_judge(&mut self, claim: Claim, span: Span) -> Result<Finding, Box<Disagreement>> {
        match claim {
            Claim::Invariant(_) | Claim::NoConflict(_) | Claim::NoGap(_) | Claim::NoOverlap(..) => {
                self.universal(claim, span)
            }
            Claim::OptionOccurs(decision, option) => self.option(claim, decision, option, span),
            Claim::ClauseHolds(clause) => self.holds(claim, &[clause], span),
            Claim::RuleHolds(rule) => self.holds(claim, &self.program.rule(rule).clauses.clone(), span),
            Claim::ClauseMatters(clause) => self.matters(claim, &[clause], &clause_alone(self.program, clause), span),
            Claim::RuleMatters(rule) => {
                let removed = clauses_of(self.program, rule);
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
                self.known.keep(self.confirm, &issue);
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
}
