//! Findings in words.

use super::super::diagnostics::plural;
use crate::program::{ClauseId, DecisionId, HitPolicy, InvariantKind, Program, RuleId};
use crate::prove::{Claim, Finding, Obstacle, Reason, Verdict};

/// The code of a claim.
pub fn code(claim: Claim) -> &'static str {
    match claim {
        Claim::Invariant(_) => "invariant",
        Claim::NoConflict(_) => "conflict",
        Claim::NoGap(_) => "gap",
        Claim::NoOverlap(..) => "overlap",
        Claim::OptionOccurs(..) => "option-occurs",
        Claim::ClauseHolds(_) => "clause-holds",
        Claim::ClauseMatters(_) => "clause-matters",
        Claim::RuleHolds(_) => "rule-holds",
        Claim::RuleMatters(_) => "rule-matters",
        Claim::FactMatters(_) => "fact-matters",
    }
}

/// The codes of all claims, each with what it claims.
pub const CODES: [(&str, &str); 10] = [
    ("invariant", "the invariant holds for every issue"),
    ("conflict", "no issue has two values of a decision that allows one"),
    ("gap", "some rule decides every issue"),
    ("overlap", "no two options are concluded together"),
    ("option-occurs", "the option is the value of some issue"),
    ("clause-holds", "the clause holds for some issue"),
    ("clause-matters", "some decision would be another without the clause"),
    ("rule-holds", "the rule holds for some issue"),
    ("rule-matters", "some decision would be another without the rule"),
    ("fact-matters", "some decision changes with the fact"),
];

/// What a claim is about.
pub fn name(program: &Program, claim: Claim) -> String {
    let option = |decision: DecisionId, option: usize| program.decision(decision).options[option].id.to_string();
    match claim {
        Claim::Invariant(number) => program.invariants[number].name.to_string(),
        Claim::NoConflict(id) | Claim::NoGap(id) => program.decision(id).name.to_string(),
        Claim::NoOverlap(id, one, other) => {
            format!("{} {} {}", program.decision(id).name, option(id, one), option(id, other))
        }
        Claim::OptionOccurs(id, one) => format!("{} {}", program.decision(id).name, option(id, one)),
        Claim::ClauseHolds(clause) | Claim::ClauseMatters(clause) => clause_name(program, clause),
        Claim::RuleHolds(rule) | Claim::RuleMatters(rule) => program.rule(rule).name.to_string(),
        Claim::FactMatters(fact) => program.fact(fact).name.to_string(),
    }
}

fn clause_name(program: &Program, id: ClauseId) -> String {
    let rule = program.rule(program.clause(id).rule);
    let number = rule.clauses.iter().position(|clause| *clause == id).map_or(0, |at| at + 1);
    format!("{} {number}", rule.name)
}

/// A finding in one sentence.
pub fn sentence(program: &Program, finding: &Finding) -> String {
    let what = statement(program, finding);
    match &finding.verdict {
        Verdict::Proved | Verdict::Refuted => match reasons(program, finding) {
            reasons if reasons.is_empty() => what,
            reasons => format!("{what}: {reasons}"),
        },
        Verdict::ProvedUpTo(rows, names) | Verdict::RefutedUpTo(rows, names) => {
            let rows = plural(*rows, "row");
            let bound = format!("with up to {rows} of {}", quoted(names.iter().map(|name| &**name)));
            match reasons(program, finding) {
                reasons if reasons.is_empty() => format!("{what}, {bound}"),
                reasons => format!("{what}, {bound}: {reasons}"),
            }
        }
        Verdict::Undetermined(obstacle) => format!("not known whether {what}: {}", obstacle_words(obstacle)),
    }
}

/// What is so, or is asked: the claim, turned round where it is refuted.
fn statement(program: &Program, finding: &Finding) -> String {
    let refuted = finding.verdict.is_refuted();
    let decision = |id: DecisionId| program.decision(id);
    let option = |id: DecisionId, at: usize| format!("`{}`", decision(id).options[at].id);
    match finding.claim {
        Claim::Invariant(number) => {
            let invariant = &program.invariants[number];
            match (refuted, invariant.kind) {
                (false, _) => format!("invariant `{}` holds for every issue", invariant.name),
                (true, InvariantKind::Never) => {
                    format!("invariant `{}` is broken: `{}` can hold", invariant.name, invariant.body.text)
                }
                (true, InvariantKind::Always) => {
                    format!("invariant `{}` is broken: `{}` need not hold", invariant.name, invariant.body.text)
                }
            }
        }
        Claim::NoConflict(id) if refuted => format!("decision `{}` can have two values at once", decision(id).name),
        Claim::NoConflict(id) => format!("decision `{}` never has two values at once", decision(id).name),
        Claim::NoGap(id) if refuted => {
            let takes = match decision(id).default {
                Some(at) => format!("the default {} takes it", option(id, at)),
                None => "it has no value".to_owned(),
            };
            format!(
                "decision `{}` has a gap: there is an issue for which no rule concludes anything, and {takes}",
                decision(id).name
            )
        }
        Claim::NoGap(id) => format!("rules decide `{}` for every issue", decision(id).name),
        Claim::NoOverlap(id, one, other) => {
            let (one, other) = (option(id, one), option(id, other));
            let name = &decision(id).name;
            match (refuted, decision(id).hit_policy) {
                (true, HitPolicy::Unique) => {
                    format!("decision `{name}`: {one} and {other} can be concluded together, and neither wins")
                }
                (true, _) => format!("decision `{name}`: {one} and {other} can be concluded together; {one} wins"),
                (false, _) => format!("decision `{name}`: {one} and {other} are never concluded together"),
            }
        }
        Claim::OptionOccurs(id, at) => {
            let among = if decision(id).hit_policy == HitPolicy::Collect { "among the values" } else { "the value" };
            let can = if refuted { "can never be" } else { "can be" };
            format!("decision `{}`: {} {can} {among}", decision(id).name, option(id, at))
        }
        Claim::ClauseHolds(clause) => {
            let can = if refuted { "can never hold" } else { "can hold" };
            format!("clause `{}` of rule `{}` {can}", program.clause(clause).text, rule_of(program, clause))
        }
        Claim::ClauseMatters(clause) => {
            let can = if refuted { "can never matter" } else { "can matter" };
            format!("clause `{}` of rule `{}` {can}", program.clause(clause).text, rule_of(program, clause))
        }
        Claim::RuleHolds(rule) => {
            format!("rule `{}` {}", program.rule(rule).name, if refuted { "can never hold" } else { "can hold" })
        }
        Claim::RuleMatters(rule) => {
            format!("rule `{}` {}", program.rule(rule).name, if refuted { "can never matter" } else { "can matter" })
        }
        Claim::FactMatters(fact) => {
            format!("fact `{}` {}", program.fact(fact).name, if refuted { "can never matter" } else { "can matter" })
        }
    }
}

fn rule_of(program: &Program, clause: ClauseId) -> &str {
    &program.rule(program.clause(clause).rule).name
}

/// Why not, each reason once.
fn reasons(program: &Program, finding: &Finding) -> String {
    let mut words: Vec<String> = Vec::new();
    for reason in &finding.reasons {
        let reason = reason_words(program, reason);
        if !words.contains(&reason) {
            words.push(reason);
        }
    }
    words.join("; ")
}

/// A reason in words.
pub fn reason_words(program: &Program, reason: &Reason) -> String {
    let rules = |rules: &[RuleId]| either(rules.iter().map(|rule| &*program.rule(*rule).name));
    match reason {
        Reason::Contradiction(clause, literals) => {
            let body = &program.clause(*clause).body;
            let texts = quoted(literals.iter().map(|at| &*body[*at].text));
            if literals.len() == 1 { format!("{texts} never holds") } else { format!("{texts} contradict each other") }
        }
        Reason::Overridden(_, by) => format!("{} always overrides it", rules(by)),
        Reason::Implied(by) => format!("{} always concludes the same", rules(by)),
        Reason::Outranked(by) => format!("{} always concludes an option that ranks higher", rules(by)),
        Reason::Contradicted(by) => format!("wherever it is concluded, {} concludes another", rules(by)),
        Reason::Covered(by) => {
            let names = quoted(by.iter().map(|rule| &*program.rule(*rule).name));
            format!("without {names} it would")
        }
        Reason::NeverHolds => "it can never hold".to_owned(),
        Reason::LeadsNowhere => "no decision depends on what it concludes".to_owned(),
        Reason::NeverDefault => {
            "no rule can conclude it, and rules decide every issue, so the default is never taken".to_owned()
        }
        Reason::NoEffect => "what it concludes changes no decision".to_owned(),
        Reason::NeverConcluded => "no rule can conclude it".to_owned(),
        Reason::NotUsed => "no decision changes with it".to_owned(),
    }
}

/// Why something is not known.
pub fn obstacle_words(obstacle: &Obstacle) -> String {
    match obstacle {
        Obstacle::Constructs(constructs) => {
            let mut texts: Vec<&str> = constructs.iter().map(|construct| &*construct.text).collect();
            texts.dedup();
            format!("{} cannot be followed exactly", quoted(texts.into_iter()))
        }
        Obstacle::TooMuch(None) => "it is too much for the time or the space there is".to_owned(),
        Obstacle::TooMuch(Some(construct)) => format!("`{}` has too many cases to go through", construct.text),
        Obstacle::TooHard(construct) => {
            format!("it is too much for the time or the space there is; most of it is `{}`", construct.text)
        }
        Obstacle::AllFail => "in every issue some arithmetic fails".to_owned(),
    }
}

fn quoted<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    listed(texts, "and")
}

fn either<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    listed(texts, "or")
}

fn listed<'t>(texts: impl Iterator<Item = &'t str>, last: &str) -> String {
    let mut texts: Vec<String> = texts.map(|text| format!("`{text}`")).collect();
    match texts.pop() {
        None => String::new(),
        Some(only) if texts.is_empty() => only,
        Some(end) => format!("{} {last} {end}", texts.join(", ")),
    }
}
