//! What to ask where the best strategy is out of reach: the item that tells most.
//!
//! Completions that are decided differently are to be told apart: each such pair is an edge
//! that weighs as much as the pair is likely, and an answer cuts the edges between what it
//! rules out and everything else. Least expected weight of what is left (EC²: Golovin,
//! Krause, Ray, "Near-Optimal Bayesian Active Learning with Noisy Observations", 2010).

/// What is expected to be left to tell apart after each axis, by the shares of a table; the least is the best.
pub(super) fn left(shares: &[Vec<Vec<f64>>]) -> Vec<f64> {
    shares.iter().map(|groups| groups.iter().map(|shares| edges(shares)).sum()).collect()
}

/// The weight of the edges among completions of these shares, times how likely these are.
fn edges(shares: &[f64]) -> f64 {
    let all: f64 = shares.iter().sum();
    let same: f64 = shares.iter().map(|share| share * share).sum();
    all * (all * all - same)
}

#[cfg(test)]
mod tests {
    use super::left;

    #[test]
    fn what_separates_all_leaves_nothing_and_what_separates_nothing_leaves_all() {
        let separates = vec![vec![0.5, 0.0], vec![0.0, 0.5]];
        let tells_nothing = vec![vec![0.25, 0.25], vec![0.25, 0.25]];
        let tells_some = vec![vec![0.375, 0.125], vec![0.125, 0.375]];
        let left = left(&[tells_nothing, tells_some, separates]);
        assert_eq!(left, [0.125, 0.09375, 0.0]);
    }
}
