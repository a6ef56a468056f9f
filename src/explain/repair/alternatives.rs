//! Repairs that differ in one option alone: told together.

use std::cmp::Reverse;

use super::{Change, Repair};
use crate::program::Given;
use crate::value::Value;

/// The repairs in groups, each in the place of its first; those of a group differ in one change, which says another option
/// in the same place, and come to the same.
pub fn alternatives(repairs: &[Repair]) -> Vec<Vec<&Repair>> {
    let mut left: Vec<&Repair> = repairs.iter().collect();
    let mut groups = Vec::new();
    while let Some(first) = left.first().copied() {
        let others = |at: usize| left.iter().copied().filter(|other| differ_at(first, other, at)).collect();
        let others: Vec<Vec<&Repair>> = (0..first.changes.len()).map(others).collect();
        let others = others.into_iter().min_by_key(|others| Reverse(others.len())).unwrap_or_default();
        let group: Vec<&Repair> = std::iter::once(first).chain(others).collect();
        left.retain(|repair| !group.iter().any(|taken| std::ptr::eq(*taken, *repair)));
        groups.push(group);
    }
    groups
}

fn differ_at(one: &Repair, other: &Repair, at: usize) -> bool {
    let same_change = |(number, (one, other)): (usize, (&Change, &Change))| {
        if number == at { say_other_options(one, other) } else { one == other }
    };
    one.changes.len() == other.changes.len()
        && (one.outcome.status, &one.outcome.value) == (other.outcome.status, &other.outcome.value)
        && one.changes.iter().zip(&other.changes).enumerate().all(same_change)
}

fn say_other_options(one: &Change, other: &Change) -> bool {
    let is_option = |change: &Change| matches!(said(change), Some(Value::Symbol(_)));
    let same_place = match (one, other) {
        (Change::Cell { row, column, .. }, Change::Cell { row: same, column: of, .. }) => (row, column) == (same, of),
        (one, other) => matches!((one, other), (Change::Fact(..), Change::Fact(..))),
    };
    same_place && one.fact() == other.fact() && one != other && is_option(one) && is_option(other)
}

/// The one value that a change says.
pub fn said(change: &Change) -> Option<&Value> {
    match change {
        Change::Fact(_, Some(Given::Value(value))) | Change::Cell { value, .. } => Some(value),
        _ => None,
    }
}
