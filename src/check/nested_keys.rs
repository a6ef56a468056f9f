//! `ask` and `default` of a fact that stand below `[fact.NAME.options]`, where TOML takes them for options.
//!
//! Options may be called so: told only of what reads as the key, where no rule speaks of such an option.

use super::mentions::{self, Names};
use crate::diagnostic::Diagnostic;
use crate::policy::{Fact, OptionLabel, Policy, misplaced};
use crate::source::Sources;

/// Reports such keys.
pub fn check(policy: &Policy, sources: &Sources, out: &mut Vec<Diagnostic>) {
    for fact in &policy.facts {
        let Some(options) = &fact.domain.options else { continue };
        let reads_as_key = |option: &&OptionLabel| reads_as_key(fact, option, &options.node);
        for option in options.node.iter().filter(reads_as_key) {
            if !is_used(policy, fact, option) {
                let owner = format!("fact `{}`", fact.name.node);
                let in_braces = sources.text(options.span).starts_with('{');
                out.push(misplaced(&option.id, &owner, "options", in_braces));
            }
        }
    }
}

/// Whether an option reads as a key of its fact that is not there.
fn reads_as_key(fact: &Fact, option: &OptionLabel, all: &[OptionLabel]) -> bool {
    let is_question = |option: &OptionLabel| option.label.as_ref().is_some_and(|l| l.node.trim_end().ends_with('?'));
    let mut others = all.iter().filter(|other| other.id.node != option.id.node).peekable();
    match option.id.node.as_ref() {
        "ask" => fact.ask.is_none() && is_question(option) && others.peek().is_some() && !others.any(is_question),
        "default" => {
            let label = option.label.as_ref().map(|label| &label.node);
            fact.default.is_none() && others.any(|other| Some(&other.id.node) == label)
        }
        _ => false,
    }
}

/// Whether a rule speaks of a fact and of what may be its option.
fn is_used(policy: &Policy, fact: &Fact, option: &OptionLabel) -> bool {
    policy.rules.iter().any(|rule| {
        let mut names = Names::default();
        mentions::clauses(rule, &mut names);
        let speaks_of = |name| names.has(name) || rule.unparsed.contains(name);
        speaks_of(&fact.name.node) && speaks_of(&option.id.node)
    })
}
