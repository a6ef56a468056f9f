//! `ambiguous-name`: an option that is also a single-valued fact; where an option is
//! expected, the name means the option and hides the fact.

use super::vocabulary::Vocabulary;
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::Policy;
use crate::syntax::tree::Name;

/// Reports each such option.
pub fn check(policy: &Policy, vocabulary: &Vocabulary, out: &mut Vec<Diagnostic>) {
    let mut options: Vec<&Name> = policy.decisions.iter().flat_map(|d| &d.options).map(|o| &o.id).collect();
    for fact in &policy.facts {
        let columns = fact.columns.iter().flat_map(|c| &c.node).map(|c| &c.domain);
        for domain in std::iter::once(&fact.domain).chain(&fact.of).chain(columns) {
            options.extend(domain.options.iter().flat_map(|o| &o.node).map(|o| &o.id));
        }
    }
    for option in options {
        let Some(fact) = vocabulary.single(&option.node) else { continue };
        let message = format!("`{}` is an option and a fact", option.node);
        out.push(
            Diagnostic::new(Code::AmbiguousName, option.span, message)
                .label(vocabulary.facts[fact.index()].span, "the fact")
                .help("give one of them another name: where an option is expected, the rules mean the option"),
        );
    }
}
