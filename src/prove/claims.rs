//! Everything that is claimed of a policy, in the order in which it is told.

use super::findings::{Claim, Finding, Verdict};
use crate::program::{DecisionId, FactId, HitPolicy, Program, RuleId};
use crate::source::Span;

/// What never holds never matters: the claim that something holds stands before the claim
/// that it matters.
pub(super) fn dead_before(before: &Finding, claim: Claim) -> Option<Verdict> {
    let same = match (before.claim, claim) {
        (Claim::RuleHolds(one), Claim::RuleMatters(other)) => one == other,
        (Claim::ClauseHolds(one), Claim::ClauseMatters(other)) => one == other,
        _ => false,
    };
    let refuted = before.verdict.is_refuted();
    (same && refuted).then(|| before.verdict.clone())
}

/// Everything that is claimed of a policy, with where it is written.
pub(super) fn claims(program: &Program) -> Vec<(Claim, Span)> {
    let mut claims: Vec<(Claim, Span)> =
        program.invariants.iter().enumerate().map(|(i, invariant)| (Claim::Invariant(i), invariant.span)).collect();
    for (index, decision) in program.decisions.iter().enumerate() {
        let id = DecisionId(index as u32);
        let options = decision.options.len();
        if decision.hit_policy == HitPolicy::Unique {
            claims.push((Claim::NoConflict(id), decision.span));
        }
        // To collect nothing is an answer like any other, and all that is collected is a value: nothing wins.
        if decision.hit_policy != HitPolicy::Collect {
            claims.push((Claim::NoGap(id), decision.span));
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
