//! `unused-fact`: a fact that no rule and no invariant mentions is asked for in vain.

use super::mentions::Mentions;
use super::vocabulary::Vocabulary;
use crate::diagnostic::{Code, Diagnostic};

/// Reports each such fact.
pub fn check(vocabulary: &Vocabulary, mentions: &Mentions<'_>, out: &mut Vec<Diagnostic>) {
    for fact in vocabulary.facts.iter().filter(|fact| !mentions.in_rules.has(&fact.name)) {
        out.push(
            Diagnostic::new(Code::UnusedFact, fact.span, format!("no rule uses the fact `{}`", fact.name))
                .help("use it in a rule, or take its table out"),
        );
    }
}
