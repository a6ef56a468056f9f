//! A policy with every name that it declares written as names are, there and where the name is given.
//!
//! What is told of it after `bad-name` then asks for nothing else than `bad-name` does. Rule
//! texts stay: what cannot be a name there is an error of its own, which proposes the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::names::Case;
use crate::diagnostic::proposed_name;
use crate::policy::{Expectation, Literal, LiteralKind, Policy, ScenarioIssue, Text};
use crate::syntax::tree::{Name, Spanned};

/// The policy with the names that the errors about them propose.
pub fn as_proposed(policy: &Policy) -> Policy {
    let mut proposed = policy.clone();
    let mut snake = Renamed::of(Case::Snake);
    let mut kebab = Renamed::of(Case::Kebab);
    for fact in &mut proposed.facts {
        snake.declared(&mut fact.name);
        let mut domains = vec![&mut fact.domain];
        domains.extend(fact.of.as_mut());
        for column in fact.columns.iter_mut().flat_map(|columns| &mut columns.node) {
            snake.declared(&mut column.name);
            domains.push(&mut column.domain);
        }
        for domain in domains {
            domain.options.iter_mut().flat_map(|options| &mut options.node).for_each(|o| snake.declared(&mut o.id));
            domain.aliases.iter_mut().for_each(|(_, option)| snake.given(option));
        }
    }
    for decision in &mut proposed.decisions {
        snake.declared(&mut decision.name);
        decision.options.iter_mut().for_each(|option| snake.declared(&mut option.id));
        decision.default.iter_mut().for_each(|default| snake.given(default));
    }
    proposed.concepts.iter_mut().for_each(|concept| snake.declared(&mut concept.name));
    proposed.rules.iter_mut().for_each(|rule| kebab.declared(&mut rule.name));
    proposed.rules.iter_mut().flat_map(|rule| &mut rule.overrides).for_each(|rule| kebab.given(rule));
    proposed.facts.iter_mut().flat_map(|fact| &mut fact.default).for_each(|default| snake.literal(default));
    for scenario in &mut proposed.scenarios {
        if let Some(ScenarioIssue::Inline(issue)) = &mut scenario.issue {
            snake.literal(issue);
        }
        for (key, expected) in &mut scenario.expect {
            let renamed = if *key.node == *"rules" { &kebab } else { &snake };
            renamed.given(key);
            texts(expected).into_iter().for_each(|text| renamed.given(text));
        }
    }
    proposed
}

/// Names of one way of writing that were written otherwise, each with what it should be.
struct Renamed {
    case: Case,
    names: BTreeMap<Arc<str>, Arc<str>>,
}

impl Renamed {
    fn of(case: Case) -> Self {
        Self { case, names: BTreeMap::new() }
    }

    /// Writes a name that is declared as it should be.
    fn declared(&mut self, name: &mut Name) {
        if self.case.is_kept(&name.node) {
            return;
        }
        let proposal: Arc<str> = proposed_name(&name.node, self.case.separator()).into();
        if !proposal.is_empty() {
            self.names.insert(std::mem::replace(&mut name.node, Arc::clone(&proposal)), proposal);
        }
    }

    /// Writes a name alike where it is given.
    fn given(&self, name: &mut Spanned<Arc<str>>) {
        if let Some(proposal) = self.names.get(&name.node) {
            name.node = Arc::clone(proposal);
        }
    }

    fn literal(&self, literal: &mut Literal) {
        match &mut literal.kind {
            LiteralKind::Text(text) => {
                if let Some(proposal) = self.names.get(text.as_str()) {
                    *text = proposal.to_string();
                }
            }
            LiteralKind::Array(items) => items.iter_mut().for_each(|item| self.literal(item)),
            LiteralKind::Table(entries) => entries.iter_mut().for_each(|(key, value)| {
                self.given(key);
                self.literal(value);
            }),
            _ => {}
        }
    }
}

/// The texts of an expectation.
fn texts(expected: &mut Expectation) -> Vec<&mut Text> {
    match expected {
        Expectation::Names { names, .. } => names.iter_mut().collect(),
        Expectation::Long { value, possible, missing, .. } => {
            let value = value.iter_mut().flat_map(|value| &mut value.node);
            value.chain(possible.iter_mut().flatten()).chain(missing.iter_mut().flatten()).collect()
        }
        Expectation::Atoms(_) => Vec::new(),
    }
}
