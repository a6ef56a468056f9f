//! `ask` and `default` of a fact that stand below `[fact.NAME.options]`, where TOML takes them for options.
//!
//! Options may be called so: told only of what reads as the key, where no rule speaks of such an option.

use crate::diagnostic::Diagnostic;
use crate::policy::{Fact, OptionLabel, Policy, misplaced};
use crate::source::Sources;

/// Keys of a fact that stand among its options by mistake.
const KEYS: [&str; 2] = ["ask", "default"];

/// Reports such keys.
pub fn check(policy: &Policy, sources: &Sources, out: &mut Vec<Diagnostic>) {
    for fact in &policy.facts {
        let Some(options) = &fact.domain.options else { continue };
        let reads_as_key = |option: &&OptionLabel| reads_as_key(fact, option, &options.node);
        let found: Vec<&OptionLabel> = options.node.iter().filter(reads_as_key).collect();
        if found.is_empty() || are_used(policy, sources, fact, &options.node) {
            continue;
        }
        let owner = format!("fact `{}`", fact.name.node);
        let in_braces = sources.text(options.span).starts_with('{');
        out.extend(found.iter().map(|option| misplaced(&option.id, &owner, "options", in_braces)));
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

/// Whether anything speaks of an option of a fact that is called as a key is: a rule, or a text in quotes.
fn are_used(policy: &Policy, sources: &Sources, fact: &Fact, options: &[OptionLabel]) -> bool {
    let called = |word: &str| KEYS.contains(&word) && options.iter().any(|option| *option.id.node == *word);
    let is_quoted = |key: &str| sources.iter().any(|(_, source)| source.text.contains(&format!("\"{key}\"")));
    if KEYS.iter().any(|key| called(key) && is_quoted(key)) {
        return true;
    }
    policy.rules.iter().any(|rule| {
        let words = || sources.text(rule.says).split(|c: char| !c.is_alphanumeric() && c != '_');
        words().any(|word| *fact.name.node == *word) && words().any(called)
    })
}
