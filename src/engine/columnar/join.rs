//! Clauses with variables: judged issue by issue, where their leaves let an issue through.
//!
//! One join for each relation or recursion, and one for each of these that a walk down to
//! missing facts comes to. Says what is judged and what for: planes for what gates ask for,
//! tuples for what later joins ask for. Judges nothing.

use std::collections::BTreeSet;

use super::build::Builder;
use super::circuit::Judged;
use super::trace::{Asked, Trace};
use crate::engine::Tuple;
use crate::engine::mentioned::Mentioned;
use crate::engine::plan::Conjunction;
use crate::program::{ClauseId, DecisionId, FactId, Literal, PredicateId, PredicateKind};

/// What a clause concludes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Head {
    /// Tuples that no gate asks for.
    Kept,
    /// One tuple: a plane for certain, one for possible.
    Tuple { first: u32 },
    /// Options of a decision: two planes each.
    Options { decision: DecisionId, first: u32 },
}

/// A clause.
#[derive(Debug)]
pub(super) struct JoinClause {
    pub(super) id: ClauseId,
    /// Its literals that are no leaves.
    pub(super) rest: Vec<Literal>,
    pub(super) conjunction: Conjunction,
    /// Its leaves.
    pub(super) guard: Judged,
    pub(super) head: Head,
}

/// What has to be at hand before the clauses are judged.
#[derive(Debug, Default)]
pub(super) struct Needs {
    /// Facts whose values or rows are looked at.
    pub(super) facts: Vec<FactId>,
    /// Relations of constants, with their tuples.
    pub(super) grounds: Vec<(PredicateId, Vec<(Tuple, Judged)>)>,
    /// Relations that earlier joins keep.
    pub(super) kept: Vec<PredicateId>,
}

impl Needs {
    pub(super) fn of(builder: &Builder<'_>, clauses: &[JoinClause], concluded: &[PredicateId]) -> Self {
        let mentioned = Mentioned::of(builder.program, clauses.iter().flat_map(|clause| &clause.rest));
        let concluded: BTreeSet<_> = concluded.iter().copied().collect();
        let mut needs = Self { facts: mentioned.all_facts(builder.program).into_iter().collect(), ..Self::default() };
        for predicate in mentioned.predicates.difference(&concluded).copied() {
            if matches!(builder.program.predicate(predicate).kind, PredicateKind::Fact(_)) {
                continue;
            }
            if !builder.grounds[predicate.index()] {
                needs.kept.push(predicate);
                continue;
            }
            let entries = builder.tables[predicate.index()].entries.iter();
            let mut tuples: Vec<_> = entries.map(|entry| (entry.tuple.clone(), entry.judged)).collect();
            tuples.sort_by(|a, b| a.0.cmp(&b.0));
            needs.grounds.push((predicate, tuples));
        }
        needs
    }
}

/// The clauses of one relation or recursion.
#[derive(Debug)]
pub(super) struct Join {
    pub(super) clauses: Vec<JoinClause>,
    pub(super) needs: Needs,
    pub(super) purpose: Purpose,
    /// How many planes it writes.
    pub(super) planes: u32,
    /// Its planes are the gates from here on.
    pub(super) first_gate: usize,
}

/// What is found out about the clauses.
#[derive(Debug)]
pub(super) enum Purpose {
    /// What they conclude.
    Conclude(Concluded),
    /// What keeps it open.
    Trace(Trace),
}

/// What clauses conclude.
#[derive(Debug, Default)]
pub(super) struct Concluded {
    /// Relations whose tuples are gathered.
    pub(super) gathered: Vec<PredicateId>,
    /// Those of them that later joins may look at.
    pub(super) kept: Vec<PredicateId>,
    pub(super) recursive: bool,
}

impl Join {
    /// What it concludes, if it is there for that.
    pub(super) fn concluded(&self) -> Option<&Concluded> {
        match &self.purpose {
            Purpose::Conclude(concluded) => Some(concluded),
            Purpose::Trace(_) => None,
        }
    }

    /// What it is asked, if it is a trace.
    pub(super) fn asked(&self) -> &[Asked] {
        match &self.purpose {
            Purpose::Conclude(_) => &[],
            Purpose::Trace(trace) => &trace.asked,
        }
    }
}
