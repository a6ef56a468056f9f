//! Of sets of changes, those that do nothing needless, down to single cells.

use std::collections::BTreeSet;

use super::repair::Changes;
use crate::issue::{FactState, Issue};
use crate::program::{FactId, Given};
use crate::value::Value;

/// A change that is told by itself.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Single<'c> {
    /// A fact becomes this, whatever it was.
    Fact(FactId, Option<&'c Given>),
    /// A cell of the rows that are given becomes this.
    Cell(FactId, usize, usize, &'c Value),
}

/// Whether each set of changes is smallest: no other does but a part of it, and is as good. `rank` says how good.
pub(super) fn are_smallest<R: Ord>(issue: &Issue, sets: &[(&Changes, R)]) -> Vec<bool> {
    let singles: Vec<BTreeSet<Single<'_>>> = sets.iter().map(|(changes, _)| singles(issue, changes)).collect();
    let is_smallest = |at: usize| {
        let does_less =
            |other: usize| singles[other].len() < singles[at].len() && singles[other].is_subset(&singles[at]);
        !(0..sets.len()).any(|other| sets[other].1 <= sets[at].1 && does_less(other))
    };
    (0..sets.len()).map(is_smallest).collect()
}

fn singles<'c>(issue: &'c Issue, changes: &'c Changes) -> BTreeSet<Single<'c>> {
    changes.iter().flat_map(|(fact, state)| singles_of(issue.fact(*fact), *fact, state)).collect()
}

fn singles_of<'c>(before: &'c FactState, fact: FactId, after: &'c FactState) -> Vec<Single<'c>> {
    match changed_cells(before, after) {
        None => vec![Single::Fact(fact, after.given())],
        Some(cells) => cells.map(|(row, column, _, new)| Single::Cell(fact, row, column, new)).collect(),
    }
}

/// The cells that are others in rows that are as many as before: row, column, before, after.
pub(super) fn changed_cells<'c>(
    before: &'c FactState,
    after: &'c FactState,
) -> Option<impl Iterator<Item = (usize, usize, &'c Value, &'c Value)>> {
    let (Some(Given::Rows(old)), Some(Given::Rows(new))) = (before.given(), after.given()) else { return None };
    if old.len() != new.len() {
        return None;
    }
    let rows = old.iter().zip(new).enumerate();
    let cells = rows
        .flat_map(|(row, (old, new))| old.iter().zip(new).enumerate().map(move |(column, cells)| (row, column, cells)));
    Some(cells.filter(|(.., (old, new))| old != new).map(|(row, column, (old, new))| (row, column, old, new)))
}
