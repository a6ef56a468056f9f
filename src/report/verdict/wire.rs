//! A verdict as it goes over the wire: the JSON of one issue.
//!
//! Keys and their order are an interface.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::program::{Decision, FactId, HitPolicy, Program, RuleId};
use crate::verdict::{Outcome, Verdict};

/// The whole verdict.
#[derive(Debug, Clone, Copy)]
pub struct Wire<'a> {
    /// The policy.
    pub program: &'a Program,
    /// What it decides.
    pub verdict: &'a Verdict,
}

impl Serialize for Wire<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { program, verdict } = *self;
        let mut map = serializer.serialize_map(Some(6))?;
        map.serialize_entry("id", &*verdict.id)?;
        map.serialize_entry("status", verdict.status.as_str())?;
        map.serialize_entry("policy", &Policy(program))?;
        map.serialize_entry("decisions", &Decisions(*self))?;
        map.serialize_entry("assumed", &facts(program, &verdict.assumed))?;
        map.serialize_entry("warnings", &Warnings(*self))?;
        map.end()
    }
}

struct Policy<'a>(&'a Program);

impl Serialize for Policy<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("name", &*self.0.name)?;
        map.serialize_entry("version", &self.0.version.as_deref())?;
        map.serialize_entry("digest", self.0.digest())?;
        map.end()
    }
}

struct Decisions<'a>(Wire<'a>);

impl Serialize for Decisions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Wire { program, verdict } = self.0;
        let mut map = serializer.serialize_map(Some(verdict.outcomes.len()))?;
        for outcome in &verdict.outcomes {
            let decision = program.decision(outcome.decision);
            map.serialize_entry(&*decision.name, &Settled { program, decision, outcome })?;
        }
        map.end()
    }
}

struct Settled<'a> {
    program: &'a Program,
    decision: &'a Decision,
    outcome: &'a Outcome,
}

impl Serialize for Settled<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { program, decision, outcome } = *self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("status", outcome.status.as_str())?;
        map.serialize_entry("value", &Answer { decision, options: &outcome.value })?;
        map.serialize_entry("default", &outcome.from_default)?;
        map.serialize_entry("certain", &options(decision, &outcome.certain))?;
        map.serialize_entry("possible", &options(decision, &outcome.possible))?;
        map.serialize_entry("rules", &rules(program, &outcome.rules))?;
        map.serialize_entry("missing", &facts(program, &outcome.missing))?;
        if let Some(value) = &outcome.every_case {
            map.serialize_entry("every_case", &Answer { decision, options: value })?;
        }
        map.end()
    }
}

/// The value of a decision: a list for `collect`, else one option or null.
pub(super) struct Answer<'a> {
    pub(super) decision: &'a Decision,
    pub(super) options: &'a [usize],
}

impl Serialize for Answer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.decision.hit_policy == HitPolicy::Collect {
            return options(self.decision, self.options).serialize(serializer);
        }
        match self.options.first() {
            Some(option) => serializer.serialize_str(&self.decision.options[*option].id),
            None => serializer.serialize_none(),
        }
    }
}

/// A list of names.
pub(super) struct Names<'a, T, F: Fn(&T) -> &'a str> {
    items: &'a [T],
    name: F,
}

impl<'a, T, F: Fn(&T) -> &'a str> Serialize for Names<'a, T, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.items.len()))?;
        for item in self.items {
            list.serialize_element((self.name)(item))?;
        }
        list.end()
    }
}

pub(super) fn options<'a>(decision: &'a Decision, items: &'a [usize]) -> impl Serialize + 'a {
    Names { items, name: |option| &*decision.options[*option].id }
}

pub(super) fn rules<'a>(program: &'a Program, items: &'a [RuleId]) -> impl Serialize + 'a {
    Names { items, name: |rule| &*program.rule(*rule).name }
}

pub(super) fn facts<'a>(program: &'a Program, items: &'a [FactId]) -> impl Serialize + 'a {
    Names { items, name: |fact| &*program.fact(*fact).name }
}

struct Warnings<'a>(Wire<'a>);

impl Serialize for Warnings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Wire { program, verdict } = self.0;
        let mut list = serializer.serialize_seq(Some(verdict.warnings.len()))?;
        for (rule, fault) in &verdict.warnings {
            list.serialize_element(&Warning {
                rule: &program.rule(*rule).name,
                message: format!("{} leaves a value unknown", fault.as_str()),
            })?;
        }
        list.end()
    }
}

#[derive(serde::Serialize)]
struct Warning<'a> {
    rule: &'a str,
    message: String,
}
