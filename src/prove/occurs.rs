//! What can occur: options that are the value, rules and clauses that hold.

use std::collections::BTreeSet;

use super::circuit::Bit;
use super::findings::{Claim, Disagreement, Finding, Reason, Verdict};
use super::prover::{Question, Search, Side};
use super::reasons::why_never;
use super::redundant::why_never_value;
use super::run::{Run, finding};
use crate::program::{ClauseId, DecisionId};
use crate::source::Span;

impl Run<'_> {
    /// A claim that some issue shows: whether one does, confirmed by the engine.
    fn shown(&mut self, claim: Claim, span: Span, question: &mut Question<'_>) -> Result<Finding, Box<Disagreement>> {
        let mut found = finding(claim, Verdict::Proved, span);
        match self.prover.search(question) {
            Search::Found(issue, _) => {
                self.known.keep(self.confirm, &issue);
                self.confirm.example(claim, *issue)?;
            }
            Search::Nothing => found.verdict = self.prover.refuted(&self.behind(claim)),
            Search::Open(obstacle) => found.verdict = Verdict::Undetermined(obstacle),
        }
        Ok(found)
    }

    pub(super) fn option(
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

    pub(super) fn holds(
        &mut self,
        claim: Claim,
        clauses: &[ClauseId],
        span: Span,
    ) -> Result<Finding, Box<Disagreement>> {
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
