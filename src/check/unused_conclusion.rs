//! `unused-conclusion`: a conclusion that is no decision and that nothing goes on to use.

use super::mentions::Mentions;
use super::vocabulary::Vocabulary;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::program::{Decision, PredicateKind};

/// Reports each such conclusion.
pub fn check(vocabulary: &Vocabulary, mentions: &Mentions<'_>, out: &mut Vec<Diagnostic>) {
    for (predicate, place) in vocabulary.predicates.iter().zip(&vocabulary.places) {
        let name = predicate.name.as_ref();
        if predicate.kind != PredicateKind::Conclusion
            || mentions.in_rules.relations.contains(name)
            || mentions.in_scenarios.relations.contains(name)
        {
            continue;
        }
        let use_it = "use it in a rule, an invariant or a scenario, or take it out";
        let help = match decision_meant(vocabulary, name, predicate.arity) {
            Some(decision) => format!("write `{decision}`, if the decision is meant; else {use_it}"),
            None => use_it.to_owned(),
        };
        let message = format!("nothing uses the conclusion `{name}`");
        out.push(Diagnostic::new(Code::UnusedConclusion, *place, message).help(help));
    }
}

/// The decision that a conclusion is misspelt for, or that has the option that it is.
fn decision_meant(vocabulary: &Vocabulary, conclusion: &str, arity: usize) -> Option<String> {
    let has_it = |decision: &&Decision| decision.options.iter().any(|option| option.id.as_ref() == conclusion);
    match arity {
        0 => {
            let decision = vocabulary.decisions.iter().find(has_it)?;
            Some(format!("{}({conclusion})", decision.name))
        }
        1 => nearest(conclusion, vocabulary.decisions.iter().map(|d| d.name.as_ref())).map(str::to_owned),
        _ => None,
    }
}
