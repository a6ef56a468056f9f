//! What to ask where the best strategy is out of reach: the item that tells most.
//!
//! Completions that are decided differently are to be told apart: each such pair is an edge
//! that weighs as much as the pair is likely, and an answer cuts the edges between what it
//! rules out and everything else. Least expected weight of what is left (EC²: Golovin,
//! Krause, Ray, "Near-Optimal Bayesian Active Learning with Noisy Observations", 2010).

use super::table::Table;

/// What is expected to be left to tell apart after each axis; the least is the best.
pub(super) fn left(table: &Table) -> Vec<f64> {
    let weights = table.weights();
    (0..table.axes.len())
        .map(|number| table.shares(number, &weights).iter().map(|shares| edges(shares)).sum())
        .collect()
}

/// The weight of the edges among completions of these shares, times how likely these are.
fn edges(shares: &[f64]) -> f64 {
    let all: f64 = shares.iter().sum();
    let same: f64 = shares.iter().map(|share| share * share).sum();
    all * (all * all - same)
}
