//! `unused-fact`: a fact that no rule and no invariant mentions is asked for in vain.
//!
//! A fact that the help of an error names is not: the author is told to use it.

use super::mentions::Mentions;
use super::vocabulary::Vocabulary;
use crate::diagnostic::{Code, Diagnostic};

/// Reports each such fact.
pub fn check(vocabulary: &Vocabulary, mentions: &Mentions<'_>, out: &mut Vec<Diagnostic>) {
    let helps: Vec<String> =
        out.iter().filter(|found| found.code == Code::UnknownName).filter_map(|found| found.help.clone()).collect();
    let is_meant = |name: &str| helps.iter().any(|help| help.contains(&format!("`{name}`")));
    let unused = vocabulary.facts.iter().filter(|fact| !mentions.in_rules.has(&fact.name) && !is_meant(&fact.name));
    for fact in unused {
        out.push(
            Diagnostic::new(Code::UnusedFact, fact.span, format!("no rule uses the fact `{}`", fact.name))
                .help("use it in a rule, or take its table out"),
        );
    }
}
