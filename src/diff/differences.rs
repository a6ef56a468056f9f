//! What differs between two policies as they are written, by name.
//!
//! Only what bears meaning counts: of rules the canonical text and the overrides, not the
//! words for people, and not the order of rules, clauses or literals.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use super::{Pair, Side};
use crate::program::{Decision, Domain, Fact, FactKind, Given, HitPolicy, Program, Rule, RuleId};
use crate::value::Value;

/// What differs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Differences {
    /// Facts, by name.
    pub facts: Vec<Difference>,
    /// Decisions, by name.
    pub decisions: Vec<Difference>,
    /// Rules, by name.
    pub rules: Vec<Difference>,
}

/// Something of a name that one policy has, or both in different form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its name.
    pub name: Arc<str>,
    /// As it was, line by line; `None`: it was not there.
    pub old: Option<Vec<String>>,
    /// As it shall be; `None`: it is gone.
    pub new: Option<Vec<String>>,
}

impl Difference {
    /// The only policy that knows it; `None`: both do.
    pub fn only(&self) -> Option<Side> {
        match (&self.old, &self.new) {
            (Some(_), None) => Some(Side::Old),
            (None, Some(_)) => Some(Side::New),
            _ => None,
        }
    }

    /// In a word: `added`, `removed` or `changed`.
    pub fn word(&self) -> &'static str {
        match self.only() {
            Some(Side::Old) => "removed",
            Some(Side::New) => "added",
            None => "changed",
        }
    }
}

impl Differences {
    /// Of two policies.
    pub fn between(pair: Pair<'_>) -> Self {
        let compare = |forms: fn(&Program) -> Forms| differences(forms(pair.old), forms(pair.new));
        Self { facts: compare(facts), decisions: compare(decisions), rules: compare(rules) }
    }

    /// Whether nothing differs, so that both decide the same whatever the issue.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty() && self.decisions.is_empty() && self.rules.is_empty()
    }

    /// Names of facts that only this policy knows.
    pub fn only_facts(&self, side: Side) -> impl Iterator<Item = &str> {
        self.facts.iter().filter(move |fact| fact.only() == Some(side)).map(|fact| &*fact.name)
    }

    /// What became of a rule; `None`: nothing.
    pub fn of_rule(&self, name: &str) -> Option<&Difference> {
        self.rules.binary_search_by(|rule| (*rule.name).cmp(name)).ok().and_then(|index| self.rules.get(index))
    }
}

/// Things by name: how each is shown, and what is compared.
type Forms = BTreeMap<Arc<str>, Form>;

struct Form {
    shown: Vec<String>,
    compared: BTreeSet<String>,
}

fn differences(old: Forms, mut new: Forms) -> Vec<Difference> {
    let mut found = Vec::new();
    for (name, before) in old {
        match new.remove(&name) {
            Some(now) if now.compared == before.compared => {}
            now => found.push(Difference { name, old: Some(before.shown), new: now.map(|form| form.shown) }),
        }
    }
    found.extend(new.into_iter().map(|(name, form)| Difference { name, old: None, new: Some(form.shown) }));
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn plain(text: String) -> Form {
    Form { compared: BTreeSet::from([text.clone()]), shown: vec![text] }
}

fn facts(program: &Program) -> Forms {
    program.facts.iter().map(|fact| (fact.name.clone(), plain(fact_text(fact)))).collect()
}

fn fact_text(fact: &Fact) -> String {
    let mut text = match &fact.kind {
        FactKind::Single(domain) => domain_text(domain),
        FactKind::List(domain) => format!("list of {}", domain_text(domain)),
        FactKind::Records(columns) => {
            let columns = columns.iter().map(|column| format!("{}: {}", column.name, domain_text(&column.domain)));
            format!("records ({})", columns.collect::<Vec<_>>().join("; "))
        }
    };
    match &fact.default {
        None => {}
        Some(Given::Value(value)) => {
            let _ = write!(text, ", default {}", value_text(value));
        }
        Some(Given::Rows(rows)) => {
            let row = |row: &Vec<Value>| row.iter().map(value_text).collect::<Vec<_>>().join(", ");
            let _ = write!(text, ", default [{}]", rows.iter().map(row).collect::<Vec<_>>().join("; "));
        }
    }
    text
}

fn value_text(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("{text:?}"),
        other => other.to_string(),
    }
}

fn domain_text(domain: &Domain) -> String {
    if domain.options.is_empty() {
        return domain.scalar.as_str().to_owned();
    }
    let options: Vec<&str> = domain.options.iter().map(|option| &*option.id).collect();
    let mut aliases: Vec<String> = domain.aliases.iter().map(|(from, to)| format!("{from:?} = {to}")).collect();
    aliases.sort();
    let aliases = if aliases.is_empty() { String::new() } else { format!(", aliases {}", aliases.join(", ")) };
    format!("{}{aliases}", options.join(" | "))
}

fn decisions(program: &Program) -> Forms {
    program.decisions.iter().map(|decision| (decision.name.clone(), plain(decision_text(decision)))).collect()
}

fn decision_text(decision: &Decision) -> String {
    let options: Vec<&str> = decision.options.iter().map(|option| &*option.id).collect();
    let between = if decision.hit_policy == HitPolicy::Priority { " > " } else { ", " };
    let mut text = format!("{}: {}", decision.hit_policy.as_str(), options.join(between));
    if let Some(default) = decision.default.and_then(|index| options.get(index)) {
        let _ = write!(text, "; default {default}");
    }
    if decision.advisory {
        text.push_str("; advisory");
    }
    text
}

fn rules(program: &Program) -> Forms {
    let numbered = program.rules.iter().enumerate();
    let form = |(index, rule): (usize, &Rule)| (rule.name.clone(), rule_form(program, RuleId(index as u32), rule));
    numbered.map(form).collect()
}

fn rule_form(program: &Program, id: RuleId, rule: &Rule) -> Form {
    let clauses = rule.clauses.iter().map(|clause| program.clause(*clause));
    let mut shown: Vec<String> = clauses.map(|clause| clause.text.to_string()).collect();
    shown.dedup();
    let mut compared: BTreeSet<String> = rule.canonical.iter().cloned().collect();
    let overrides = program.rules.iter().filter(|other| other.overridden_by.contains(&id));
    let overrides: Vec<&str> = overrides.map(|other| &*other.name).collect();
    if !overrides.is_empty() {
        shown.push(format!("overrides {}", overrides.join(", ")));
        compared.insert(format!("overrides {}", overrides.join(", ")));
    }
    Form { shown, compared }
}
