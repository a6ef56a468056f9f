//! `unused-conclusion`: a conclusion that is no decision and that nothing goes on to use.

use super::mentions::Mentions;
use super::vocabulary::Vocabulary;
use crate::diagnostic::{Code, Diagnostic};
use crate::program::PredicateKind;

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
        out.push(
            Diagnostic::new(Code::UnusedConclusion, *place, format!("nothing uses the conclusion `{name}`"))
                .help("use it in a rule, an invariant or a scenario, or take it out"),
        );
    }
}
