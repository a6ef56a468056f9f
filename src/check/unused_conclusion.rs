//! `unused-conclusion`: a conclusion that is no decision and that nothing goes on to use.

use std::collections::BTreeMap;

use super::mentions::Mentions;
use super::vocabulary::Vocabulary;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::policy::{Policy, Rule};
use crate::program::{Decision, PredicateKind};

/// Reports each such conclusion; gives the names of those that a decision may be meant by, each with that.
pub fn check<'a>(
    policy: &Policy,
    vocabulary: &'a Vocabulary,
    mentions: &Mentions<'_>,
    out: &mut Vec<Diagnostic>,
) -> Misspelt<'a> {
    let mut misspelt = Misspelt::new();
    for (predicate, place) in vocabulary.predicates.iter().zip(&vocabulary.places) {
        let name = predicate.name.as_ref();
        if predicate.kind != PredicateKind::Conclusion
            || mentions.in_rules.relations.contains(name)
            || mentions.in_scenarios.relations.contains(name)
        {
            continue;
        }
        let concludes = |rule: &&Rule| rule.clauses.iter().any(|clause| clause.head.name.node == predicate.name);
        let use_it = match policy.rules.iter().filter(concludes).find(|rule| !rule.overrides.is_empty()) {
            None => "use it in a rule, an invariant or a scenario, or take it out".to_owned(),
            Some(rule) => format!(
                "use it in a rule, an invariant or a scenario; taking `{}` out would end what it overrides",
                rule.name.node
            ),
        };
        let help = match decision_meant(vocabulary, name, predicate.arity) {
            Some(decision) => format!("write `{decision}`, if the decision is meant; else {use_it}"),
            None => use_it,
        };
        let message = format!("nothing uses the conclusion `{name}`");
        out.push(Diagnostic::new(Code::UnusedConclusion, *place, message).help(help));
        if predicate.arity == 1 {
            misspelt.extend(nearest_decision(vocabulary, name).map(|decision| (name, decision)));
        }
    }
    misspelt
}

/// Conclusions, and the decisions that they are misspelt for.
pub type Misspelt<'a> = BTreeMap<&'a str, &'a str>;

fn nearest_decision<'a>(vocabulary: &'a Vocabulary, conclusion: &str) -> Option<&'a str> {
    nearest(conclusion, vocabulary.decisions.iter().map(|decision| decision.name.as_ref()))
}

/// The decision that a conclusion is misspelt for, or that has the option that it is.
fn decision_meant(vocabulary: &Vocabulary, conclusion: &str, arity: usize) -> Option<String> {
    let has_it = |decision: &&Decision| decision.options.iter().any(|option| option.id.as_ref() == conclusion);
    match arity {
        0 => {
            let decision = vocabulary.decisions.iter().find(has_it)?;
            Some(format!("{}({conclusion})", decision.name))
        }
        1 => nearest_decision(vocabulary, conclusion).map(str::to_owned),
        _ => None,
    }
}
