//! One table in several files: `[decision.team]` in one, `[[decision.team.option]]` in another.
//!
//! Parts are joined where each says something else, in the order of files. What two parts both
//! say is never chosen from: they are two tables of one name then.

use std::collections::HashMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{
    Column, Concept, Decision, Domain, Expectation, Fact, Invariant, Literal, LiteralKind, Rule, Scenario,
    ScenarioIssue,
};
use crate::source::Span;
use crate::syntax::tree::Name;

/// A table that may stand in several parts, if it has tables below it.
pub trait Part: Clone {
    /// Takes in what another part says; `false` if both say the same thing, and then it is worth nothing.
    /// Where they stand is added to `parts`, of tables below it.
    fn join(&mut self, _more: Self, _parts: &mut Parts) -> bool {
        false
    }
}

impl Part for Fact {
    fn join(&mut self, more: Self, parts: &mut Parts) -> bool {
        let columns = match (&mut self.columns, more.columns) {
            (Some(columns), Some(more)) => join_columns(&mut columns.node, more.node, parts),
            (columns, more) => fill(columns, more),
        };
        columns
            && self.domain.join(more.domain, parts)
            && fill(&mut self.of, more.of)
            && fill(&mut self.ask, more.ask)
            && fill(&mut self.default, more.default)
    }
}

fn join_columns(columns: &mut Vec<Column>, more: Vec<Column>, parts: &mut Parts) -> bool {
    more.into_iter().all(|column| match columns.iter_mut().find(|there| there.name.node == column.name.node) {
        Some(there) => there.join(column, parts),
        None => {
            columns.push(column);
            true
        }
    })
}

impl Part for Column {
    fn join(&mut self, more: Self, parts: &mut Parts) -> bool {
        let part = more.name.span;
        let fits = self.domain.join(more.domain, parts) && fill(&mut self.ask, more.ask);
        if fits {
            parts.add(self.name.span, part);
        }
        fits
    }
}

impl Part for Domain {
    fn join(&mut self, more: Self, _: &mut Parts) -> bool {
        fill(&mut self.kind, more.kind)
            && fill(&mut self.options, more.options)
            && extend(&mut self.aliases, more.aliases, |(spelling, _)| spelling)
    }
}

impl Part for Decision {
    fn join(&mut self, more: Self, _: &mut Parts) -> bool {
        // An option that two parts list is one listed twice.
        self.options.extend(more.options);
        self.unnamed |= more.unnamed;
        let both = self.has_default && more.has_default;
        self.has_default |= more.has_default;
        !both
            && fill(&mut self.question, more.question)
            && fill(&mut self.hit_policy, more.hit_policy)
            && fill(&mut self.advisory, more.advisory)
            && fill(&mut self.default, more.default)
    }
}

impl Part for Scenario {
    fn join(&mut self, more: Self, parts: &mut Parts) -> bool {
        let issue = match (&mut self.issue, more.issue) {
            (Some(ScenarioIssue::Inline(issue)), Some(ScenarioIssue::Inline(more))) => issue.join(more, parts),
            (issue, more) => fill(issue, more),
        };
        issue
            && extend(&mut self.expect, more.expect, |(name, _): &(Name, Expectation)| name)
            && fill(&mut self.because, more.because)
            && fill(&mut self.skip, more.skip)
    }
}

impl Part for Literal {
    fn join(&mut self, more: Self, _: &mut Parts) -> bool {
        match (&mut self.kind, more.kind) {
            (LiteralKind::Table(table), LiteralKind::Table(more)) => extend(table, more, |(name, _)| name),
            _ => false,
        }
    }
}

impl Part for Concept {}
impl Part for Rule {}
impl Part for Invariant {}

/// What one of two says.
fn fill<T>(into: &mut Option<T>, more: Option<T>) -> bool {
    if into.is_some() {
        return more.is_none();
    }
    *into = more;
    true
}

/// What both list, unless they have a name in common.
fn extend<T>(into: &mut Vec<T>, more: Vec<T>, name: impl Fn(&T) -> &Name) -> bool {
    let there: FxHashSet<&str> = into.iter().map(|entry| name(entry).node.as_ref()).collect();
    if more.iter().any(|entry| there.contains(name(entry).node.as_ref())) {
        return false;
    }
    into.extend(more);
    true
}

/// Tables in several parts.
#[derive(Default)]
pub struct Parts {
    /// Where the parts are of each, by the place of the first.
    places: FxHashMap<Span, Vec<Span>>,
}

impl Parts {
    /// Adds a part of the table that is declared first at a place.
    pub fn add(&mut self, first: Span, part: Span) {
        self.places.entry(first).or_insert_with(|| vec![first]).push(part);
    }

    /// Takes back that a part lacks what another one says; what all of them lack is told of the first.
    pub fn settle(self, diagnostics: &mut Vec<Diagnostic>) {
        let firsts: FxHashMap<Span, Span> =
            self.places.iter().flat_map(|(first, parts)| parts.iter().map(|part| (*part, *first))).collect();
        let first_of = |found: &Diagnostic| {
            found.span.filter(|_| found.code == Code::MissingKey).and_then(|span| firsts.get(&span).copied())
        };
        let mut lacking: HashMap<(Span, String), usize> = HashMap::new();
        for found in diagnostics.iter() {
            if let Some(first) = first_of(found) {
                *lacking.entry((first, found.message.clone())).or_default() += 1;
            }
        }
        diagnostics.retain(|found| {
            first_of(found).is_none_or(|first| {
                let parts = self.places.get(&first).map_or(0, Vec::len);
                found.span == Some(first) && lacking.get(&(first, found.message.clone())) == Some(&parts)
            })
        });
    }
}
