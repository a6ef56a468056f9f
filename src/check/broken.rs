//! What cannot be judged, since something in it, or in what it rests on, is broken and has been reported.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Draft;
use super::ir::{Clause, Literal, LiteralKind};
use super::mentions::{self, Names};
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::Rule;
use crate::program::PredicateId;

/// The broken rules of a draft, and the relations that rest on them.
pub struct Broken {
    rules: Vec<bool>,
    relations: BTreeSet<PredicateId>,
}

impl Broken {
    /// Found from what has been reported, and from what could not be resolved.
    pub fn new(draft: &Draft<'_>, reported: &[Diagnostic]) -> Self {
        let faults: Vec<&Diagnostic> = reported.iter().filter(|found| breaks(found.code)).collect();
        let is_broken = |rule: &super::DraftRule<'_>| {
            let within = |fault: &&Diagnostic| fault.span.is_some_and(|span| rule.rule.says.contains(span));
            !rule.rests.is_empty()
                || rule.clauses.len() < rule.rule.clauses.len()
                || faults.iter().any(within)
                || speaks_of(rule.rule, &draft.vocabulary.untyped)
        };
        let rules: Vec<bool> = draft.rules.iter().map(is_broken).collect();
        let named = &draft.vocabulary.predicate_ids;
        let broken = draft.rules.iter().zip(&rules).filter(|(_, broken)| **broken).map(|(rule, _)| rule.rule);
        let heads = broken.flat_map(|rule| rule.clauses.iter().map(|clause| &clause.head.name.node));
        let relations = heads.chain(&draft.vocabulary.given_up).filter_map(|name| named.get(name).copied()).collect();
        Self { rules, relations: spread(draft, relations) }
    }

    /// Whether no rule is broken, but for clauses that do not parse.
    pub fn leaves_rules_whole(&self) -> bool {
        !self.rules.contains(&true)
    }

    /// Relations of which not all that is concluded is known.
    pub fn relations(&self) -> &BTreeSet<PredicateId> {
        &self.relations
    }

    /// Whether a clause of a rule, by its number, cannot be judged.
    pub fn affects(&self, rule: usize, clause: &Clause) -> bool {
        self.rules[rule] || (!self.relations.is_empty() && !mentioned(&clause.body).is_disjoint(&self.relations))
    }
}

/// Whether a rule speaks of a fact whose type is none.
fn speaks_of(rule: &Rule, untyped: &FxHashSet<Arc<str>>) -> bool {
    let mut names = Names::default();
    if !untyped.is_empty() {
        mentions::clauses(rule, &mut names);
    }
    untyped.iter().any(|name| names.has(name))
}

/// These relations and all that rest on them.
fn spread(draft: &Draft<'_>, mut relations: BTreeSet<PredicateId>) -> BTreeSet<PredicateId> {
    let mut rest_on: FxHashMap<PredicateId, Vec<PredicateId>> = FxHashMap::default();
    if !relations.is_empty() {
        for clause in draft.rules.iter().flat_map(|rule| &rule.clauses) {
            for relation in mentioned(&clause.body) {
                rest_on.entry(relation).or_default().extend(clause.head);
            }
        }
    }
    let mut queue: Vec<PredicateId> = relations.iter().copied().collect();
    while let Some(relation) = queue.pop() {
        let more = rest_on.remove(&relation).unwrap_or_default();
        queue.extend(more.into_iter().filter(|head| relations.insert(*head)));
    }
    relations
}

/// The relations that a body speaks of.
fn mentioned(body: &[Literal]) -> BTreeSet<PredicateId> {
    let of = |literal: &Literal| {
        let named = match &literal.kind {
            LiteralKind::Atom(atom) | LiteralKind::NotAtom(atom) => Some(atom.predicate),
            _ => None,
        };
        let groups = literal.groups().into_iter().flat_map(|group| &group.alternatives);
        groups.flat_map(|side| mentioned(side)).chain(named).collect::<Vec<_>>()
    };
    body.iter().flat_map(of).collect()
}

/// Whether a fault leaves it open what the clause says.
fn breaks(code: Code) -> bool {
    matches!(code, Code::UnknownName | Code::UnknownOption | Code::TypeMismatch | Code::UnsafeVariable)
}
