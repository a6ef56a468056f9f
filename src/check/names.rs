//! Names: how each kind is written, which are taken, and that one name stands for one thing.
//!
//! Reports `bad-name`, `reserved-name`, `duplicate-name`.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, proposed_name};
use crate::policy::Policy;
use crate::syntax::tree::Name;

/// How a kind of name is written.
#[derive(Clone, Copy, PartialEq)]
pub enum Case {
    /// `started_on`
    Snake,
    /// `first-aid`
    Kebab,
}

impl Case {
    /// What stands between two words.
    pub fn separator(self) -> char {
        if self == Self::Snake { '_' } else { '-' }
    }

    /// Whether a name is written so.
    pub fn is_kept(self, name: &str) -> bool {
        name.chars().next().is_some_and(|c| c.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == self.separator())
    }
}

/// Checks every name that a policy declares.
pub fn check(policy: &Policy, out: &mut Vec<Diagnostic>) {
    let mut snake: Vec<(&Name, &'static str)> = Vec::new();
    let mut kebab: Vec<(&Name, &'static str)> = Vec::new();
    let mut options: Vec<&Name> = Vec::new();
    for fact in &policy.facts {
        snake.push((&fact.name, "fact"));
        let domains = [Some(&fact.domain), fact.of.as_ref()];
        let columns = fact.columns.iter().flat_map(|c| &c.node);
        for domain in domains.into_iter().flatten().chain(columns.map(|c| &c.domain)) {
            options.extend(domain.options.iter().flat_map(|o| &o.node).map(|o| &o.id));
        }
        for column in fact.columns.iter().flat_map(|c| &c.node) {
            check_one(&column.name, "column", Case::Snake, out);
        }
    }
    snake.extend(policy.concepts.iter().map(|c| (&c.name, "concept")));
    snake.extend(policy.decisions.iter().map(|d| (&d.name, "decision")));
    options.extend(policy.decisions.iter().flat_map(|d| &d.options).map(|o| &o.id));
    kebab.extend(policy.rules.iter().map(|r| (&r.name, "rule")));
    kebab.extend(policy.scenarios.iter().map(|s| (&s.name, "scenario")));
    kebab.extend(policy.invariants.iter().map(|i| (&i.name, "invariant")));
    for (name, what) in &snake {
        check_one(name, what, Case::Snake, out);
    }
    policy.decisions.iter().for_each(|decision| check_decision_name(&decision.name, out));
    for (name, what) in &kebab {
        check_one(name, what, Case::Kebab, out);
    }
    for name in options {
        check_one(name, "option", Case::Snake, out);
    }
    check_unique(&snake, out);
    check_unique(&kebab, out);
}

/// Checks how one name of some kind is written.
pub fn check_one(name: &Name, what: &str, case: Case, out: &mut Vec<Diagnostic>) {
    let text = name.node.as_ref();
    let separator = case.separator();
    if !case.is_kept(text) {
        let style = if case == Case::Snake { "snake_case, like `started_on`" } else { "kebab-case, like `first-aid`" };
        let mut help =
            format!("{what} names are {style}: lower-case letters, digits and `{separator}`, a letter first");
        let proposal = proposed_name(text, separator);
        if !proposal.is_empty() && proposal != text {
            help.push_str(&format!("; write `{proposal}`"));
        }
        out.push(
            Diagnostic::new(Code::BadName, name.span, format!("`{text}` is no name for {} {what}", article(what)))
                .help(help),
        );
    } else if case == Case::Snake && crate::syntax::is_reserved(text) {
        out.push(
            Diagnostic::new(Code::ReservedName, name.span, format!("`{text}` is a word of the rule language"))
                .help(format!("choose another name for this {what}, `{text}_value` for example")),
        );
    }
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

fn check_unique(names: &[(&Name, &'static str)], out: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<&str, (&Name, &'static str)> = BTreeMap::new();
    for (name, what) in names {
        match seen.get(name.node.as_ref()) {
            // The loader has reported two tables of one kind and name already.
            Some((_, other)) if other == what => {}
            Some((first, other)) => out.push(
                Diagnostic::new(
                    Code::DuplicateName,
                    name.span,
                    format!("`{}` is {} {other} already", name.node, article(other)),
                )
                .label(first.span, format!("the {other}"))
                .help(other_name(&name.node, other, what)),
            ),
            None => {
                seen.insert(&name.node, (name, what));
            }
        }
    }
}

/// What to do with a name that the kind `first` has, and then the kind `second`.
fn other_name(name: &str, first: &str, second: &str) -> String {
    match first {
        "fact" => format!(
            "take `[fact.{name}]` out if rules conclude it, or `[{second}.{name}]` if an issue gives it; if both are \
             meant, give one another name"
        ),
        "concept" => {
            "give the concept another name, or take it out: what a decision means, its `question` says".to_owned()
        }
        _ => format!("give the {second} another name"),
    }
}

/// What stands beside decisions in `expect`, and in what is written of an issue.
fn check_decision_name(name: &Name, out: &mut Vec<Diagnostic>) {
    if matches!(name.node.as_ref(), "id" | "status" | "holds" | "rules") {
        let message = format!("`{}` means something else where decisions are named", name.node);
        let diagnostic = Diagnostic::new(Code::ReservedName, name.span, message);
        out.push(diagnostic.help("give the decision another name: scenarios and tables of verdicts have this one"));
    }
}
