//! What may only follow from another fault, which is told: the mend of that one would take it away.
//!
//! One place for all that is known of a policy as a whole; what follows within a clause is not reported at all.

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::policy::{Decision, Expectation, Policy, Rule};
use crate::source::{Sources, Span};

/// Takes such findings out.
pub fn take_out(policy: &Policy, sources: &Sources, out: &mut Vec<Diagnostic>) {
    if out.is_empty() {
        return;
    }
    let twice = named_twice(policy);
    let unnamed: Vec<&Decision> = policy.decisions.iter().filter(|decision| decision.unnamed).collect();
    out.retain(|found| {
        let text = || found.span.map(|span| sources.text(span));
        // What a broken file declares, nobody knows; nor what is concluded below a header that is not there.
        !(policy.incomplete && (found.severity() != Severity::Error || may_be_elsewhere(found.code)))
            && !(policy.nameless && (found.severity() != Severity::Error || found.code == Code::UnknownName))
            // A name for a fact and a decision may be meant as either, and nothing is wrong with what uses it.
            && !(found.code == Code::UnknownName && text().is_some_and(|text| twice.contains(&text)))
            && !found.span.is_some_and(|span| is_unread(policy, span))
            && (unnamed.is_empty() || !may_name_unnamed(policy, &unnamed, found))
    });
}

/// Whether a finding may be due to what cannot be read of a policy: something is not there, or a name is another.
fn may_be_elsewhere(code: Code) -> bool {
    use Code::{BadDefault, BadName, UnknownColumn, UnknownDecision, UnknownName, UnknownOption, UnknownRule};
    matches!(code, BadDefault | BadName | UnknownColumn | UnknownDecision | UnknownName | UnknownOption | UnknownRule)
}

/// The names that a fact and a decision have.
fn named_twice(policy: &Policy) -> Vec<&str> {
    let is_fact = |name: &&str| policy.facts.iter().any(|fact| *fact.name.node == **name);
    policy.decisions.iter().map(|decision| &*decision.name.node).filter(is_fact).collect()
}

/// Whether the TOML reader has complained of what stands there, so that it may say something else than was read of it.
fn is_unread(policy: &Policy, span: Span) -> bool {
    policy.unread.iter().any(|unread| unread.contains(span))
}

/// Whether an option that is told to be none may be one of those that have no name.
fn may_name_unnamed(policy: &Policy, unnamed: &[&Decision], found: &Diagnostic) -> bool {
    let Some(span) = found.span else { return false };
    let is_unnamed = |name: &str| unnamed.iter().any(|decision| *decision.name.node == *name);
    let concludes = |rule: &Rule| rule.clauses.iter().any(|clause| is_unnamed(&clause.head.name.node));
    let mut expected = policy.scenarios.iter().flat_map(|scenario| &scenario.expect);
    let mut is_expected = || {
        expected.any(|(name, expectation)| match expectation {
            Expectation::Names { span: all, .. } | Expectation::Long { span: all, .. } => {
                is_unnamed(&name.node) && all.contains(span)
            }
            Expectation::Atoms(_) => false,
        })
    };
    match found.code {
        Code::BadDefault => unnamed.iter().any(|decision| decision.default.as_ref().is_some_and(|d| d.span == span)),
        Code::UnknownOption => {
            policy.rules.iter().any(|rule| rule.says.contains(span) && concludes(rule)) || is_expected()
        }
        _ => false,
    }
}
