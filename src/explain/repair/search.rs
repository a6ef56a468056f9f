//! The search for sets of changes: sets of places by size, and in each the values one after the other.
//!
//! What is not chosen yet is unknown, and what is possible once it is known was possible
//! before (knowledge is monotone): where the option is not, nothing need be chosen.

use super::change::{Change, stand_for};
use super::judge::Judge;
use super::place::Place;
use crate::verdict::Status;

/// How many sets of places are gone through at once.
const TOGETHER: usize = 64;

/// The most values that are tried for each of one, two, three or more values that are chosen together.
const VALUES: [usize; 4] = [200, 24, 9, 4];

/// The most values of one place that are chosen together with other places.
const TOGETHER_WITH_OTHERS: usize = 3;

/// Changes that make the decision the option.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// In the order of their places.
    pub(super) changes: Vec<Change>,
    /// How settled the decision is.
    pub(super) status: Status,
}

/// Searches in some places for sets of at most so many changes.
pub(super) fn search(judge: &mut Judge<'_>, places: &[Place], most: usize) -> Vec<Found> {
    let mut found = Vec::new();
    for size in 1..=most.min(places.len()) {
        let places = for_sets(places, size, &found);
        let mut search = Search { judge, places: &places, found: &mut found, waiting: Vec::new() };
        search.sets(size, &mut Vec::new(), 0);
        search.run();
    }
    found
}

/// The places, and the values there, that are tried in sets of a size: nothing that is enough by itself.
fn for_sets(places: &[Place], size: usize, found: &[Found]) -> Vec<Place> {
    if size == 1 {
        return places.iter().map(|place| place.thinned(most_values(place.values.len()))).collect();
    }
    let alone: Vec<&Change> = found
        .iter()
        .filter(|found| found.status == Status::Settled)
        .filter_map(|found| if let [change] = found.changes.as_slice() { Some(change) } else { None })
        .collect();
    let is_enough = |change: &Change| alone.iter().any(|alone| alone.stands_for(change));
    let places = places.iter().filter(|place| !place.takes_back() && place.values.len() <= TOGETHER_WITH_OTHERS);
    let left = places.filter_map(|place| place.clone().without(is_enough));
    left.map(|place| place.thinned(most_values(size - 1 + place.values.len().max(1)))).collect()
}

/// How many values are tried for each of some that are chosen together.
fn most_values(together: usize) -> usize {
    VALUES[together.clamp(1, VALUES.len()) - 1]
}

struct Search<'s, 'a> {
    judge: &'s mut Judge<'a>,
    places: &'s [Place],
    found: &'s mut Vec<Found>,
    /// Sets of places that are to be gone through.
    waiting: Vec<Vec<usize>>,
}

/// Some places, and the values that are chosen in the first of them.
struct Node {
    places: Vec<usize>,
    chosen: Vec<Vec<crate::value::Value>>,
}

impl Search<'_, '_> {
    fn sets(&mut self, size: usize, places: &mut Vec<usize>, from: usize) {
        if places.len() == size {
            self.waiting.push(places.clone());
            if self.waiting.len() == TOGETHER {
                self.run();
            }
            return;
        }
        for next in from..self.places.len() {
            if !self.judge.may_go_on() {
                return;
            }
            if places.iter().any(|place| self.places[*place].excludes(&self.places[next])) {
                continue;
            }
            places.push(next);
            self.sets(size, places, next + 1);
            places.pop();
        }
    }

    /// Goes through the sets that are waiting.
    fn run(&mut self) {
        let sets = std::mem::take(&mut self.waiting);
        let mut nodes: Vec<Node> =
            sets.into_iter().map(|places| Node { chosen: vec![Vec::new(); places.len()], places }).collect();
        while !nodes.is_empty() {
            let changes: Vec<Vec<Change>> = nodes.iter().map(|node| self.changes(node)).collect();
            let prospects = self.judge.several(&changes);
            let mut further = Vec::new();
            for ((node, changes), prospect) in nodes.iter().zip(changes).zip(prospects) {
                match self.next(node) {
                    None => self.keep(node, changes, prospect.status),
                    Some(at) if prospect.may => self.choose(node, at, &mut further),
                    Some(_) => {}
                }
            }
            nodes = further;
        }
    }

    fn changes(&self, node: &Node) -> Vec<Change> {
        node.places.iter().zip(&node.chosen).map(|(place, chosen)| self.places[*place].change(chosen)).collect()
    }

    /// The first of the places in which there is something to choose.
    fn next(&self, node: &Node) -> Option<usize> {
        let is_open = |at: &usize| node.chosen[*at].len() < self.places[node.places[*at]].values.len();
        (0..node.places.len()).find(is_open)
    }

    fn choose(&self, node: &Node, at: usize, further: &mut Vec<Node>) {
        let place = &self.places[node.places[at]];
        for value in &place.values[node.chosen[at].len()] {
            let mut chosen = node.chosen.clone();
            chosen[at].push(value.clone());
            let next = Node { places: node.places.clone(), chosen };
            if !self.contains_a_smaller(&next) {
                further.push(next);
            }
        }
    }

    /// Whether what is chosen so far, but for one place at least, makes the decision the option by itself.
    fn contains_a_smaller(&self, node: &Node) -> bool {
        let done = |at: &usize| node.chosen[*at].len() == self.places[node.places[*at]].values.len();
        let done = (0..node.places.len()).filter(done);
        let changes: Vec<Change> = done.map(|at| self.places[node.places[at]].change(&node.chosen[at])).collect();
        let is_smaller = |found: &Found| {
            found.status == Status::Settled
                && found.changes.len() < node.places.len()
                && stand_for(&found.changes, &changes)
        };
        self.found.iter().any(is_smaller)
    }

    /// A row more of which not all is known leaves much open: only what it settles counts.
    fn keep(&mut self, node: &Node, changes: Vec<Change>, status: Option<Status>) {
        let adds = node.places.iter().any(|place| self.places[*place].adds());
        if let Some(status) = status.filter(|status| !adds || *status == Status::Settled) {
            self.found.push(Found { changes, status });
        }
    }
}
