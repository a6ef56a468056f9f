//! Levels, reachability and components of a graph, as crepe programs.
//!
//! Nodes are `0..count`. An arrow points from what depends to what it depends on; its
//! weight says how many levels must lie between. Peeling off what is on no cycle takes
//! time linear in the arrows; reachability runs on what is left, the cycles, alone.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};

/// An arrow of a [`Graph`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrow {
    /// What depends.
    pub from: u32,
    /// What it depends on.
    pub to: u32,
    /// 1 where the other must be complete before, else 0.
    pub weight: u32,
}

/// A directed graph.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// Number of nodes.
    pub count: u32,
    /// Arrows; repetitions do no harm.
    pub arrows: BTreeSet<Arrow>,
}

/// Counts down, node by node, the arrows whose targets have no level yet.
#[derive(Debug)]
struct Countdown(RefCell<Vec<(u32, u32)>>);

impl Countdown {
    /// One more target of `node` has its level: gives the node's own once it is the last.
    fn arrive(&self, node: u32, level: u32) -> Option<u32> {
        let mut nodes = self.0.borrow_mut();
        let (left, most) = nodes.get_mut(node as usize)?;
        *left -= 1;
        *most = level.max(*most);
        (*left == 0).then_some(*most)
    }
}

/// A countdown as a value of a relation: equal if it is the same one.
#[derive(Debug, Clone, Copy)]
struct Handle<'a>(&'a Countdown);

impl PartialEq for Handle<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Handle<'_> {}

impl Hash for Handle<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::ptr::hash(self.0, state);
    }
}

mod peel {
    #![allow(missing_docs, clippy::all, clippy::pedantic)]
    use super::Handle;

    crepe::crepe! {
        // A node that no arrow leaves.
        @input
        pub struct Free(pub u32);
        // to, from, weight
        @input
        pub struct Arrow(pub u32, pub u32, pub u32);
        @input
        pub struct Counter<'a>(pub Handle<'a>);
        @output
        pub struct Level(pub u32, pub u32);

        // Kahn (1962), Topological sorting of large networks: each arrow is counted once,
        // for the level of its target is new once.
        Level(n, 0) <- Free(n);
        Level(n, level) <-
            Level(m, below), Arrow(m, n, weight), Counter(count), let Some(level) = count.0.arrive(n, below + weight);
    }
}

mod reach {
    #![allow(missing_docs, clippy::all, clippy::pedantic)]
    crepe::crepe! {
        @input
        pub struct Arrow(pub u32, pub u32);
        struct Reach(u32, u32);
        @output
        pub struct Mutual(pub u32, pub u32);

        Reach(a, b) <- Arrow(a, b);
        Reach(a, c) <- Arrow(a, b), Reach(b, c);
        Mutual(a, b) <- Reach(a, b), Reach(b, a);
    }
}

impl Graph {
    /// Adds an arrow.
    pub fn arrow(&mut self, from: u32, to: u32, weight: u32) {
        self.arrows.insert(Arrow { from, to, weight });
    }

    /// The level of each node from which no cycle can be reached: the most weight on a path from it.
    pub fn levels(&self) -> BTreeMap<u32, u32> {
        let mut nodes = vec![(0, 0); self.count as usize];
        for arrow in &self.arrows {
            nodes[arrow.from as usize].0 += 1;
        }
        let free: Vec<u32> = (0..self.count).filter(|node| nodes[*node as usize].0 == 0).collect();
        let countdown = Countdown(RefCell::new(nodes));
        let mut program = peel::Crepe::new();
        program.extend(free.into_iter().map(peel::Free));
        program.extend(self.arrows.iter().map(|arrow| peel::Arrow(arrow.to, arrow.from, arrow.weight)));
        program.extend([peel::Counter(Handle(&countdown))]);
        let (levels,) = program.run_with_hasher::<rustc_hash::FxBuildHasher>();
        levels.into_iter().map(|peel::Level(node, level)| (node, level)).collect()
    }

    /// For each node on a cycle, the least node of its component; nodes on no cycle are not in it.
    pub fn cycles(&self) -> BTreeMap<u32, u32> {
        let forward = self.without(&self.levels());
        let core = forward.without(&forward.reversed().levels());
        let mut program = reach::Crepe::new();
        program.extend(core.arrows.iter().map(|arrow| reach::Arrow(arrow.from, arrow.to)));
        let (mutual,) = program.run_with_hasher::<rustc_hash::FxBuildHasher>();
        let mut least = BTreeMap::new();
        for reach::Mutual(a, b) in mutual {
            let entry = least.entry(a).or_insert(b);
            *entry = b.min(*entry);
        }
        least
    }

    /// The graph with each component drawn together into its least node.
    pub fn condensed(&self, cycles: &BTreeMap<u32, u32>) -> Self {
        let least = |node: u32| cycles.get(&node).copied().unwrap_or(node);
        let arrows = self.arrows.iter().map(|arrow| Arrow { from: least(arrow.from), to: least(arrow.to), ..*arrow });
        Self { count: self.count, arrows: arrows.filter(|arrow| arrow.from != arrow.to).collect() }
    }

    /// A shortest path between two nodes over nodes of one component, both ends included.
    pub fn path(&self, from: u32, to: u32, cycles: &BTreeMap<u32, u32>) -> Vec<u32> {
        let inside = cycles.get(&from);
        let mut came: BTreeMap<u32, u32> = BTreeMap::new();
        let mut front = vec![from];
        while !front.is_empty() && !came.contains_key(&to) && from != to {
            let mut next = Vec::new();
            for node in front {
                let range =
                    Arrow { from: node, to: 0, weight: 0 }..=Arrow { from: node, to: u32::MAX, weight: u32::MAX };
                for arrow in self.arrows.range(range) {
                    if cycles.get(&arrow.to) == inside && arrow.to != from && !came.contains_key(&arrow.to) {
                        came.insert(arrow.to, node);
                        next.push(arrow.to);
                    }
                }
            }
            front = next;
        }
        let mut path = vec![to];
        while let Some(before) = path.last().and_then(|last| came.get(last)) {
            path.push(*before);
        }
        path.reverse();
        path
    }

    fn without(&self, gone: &BTreeMap<u32, u32>) -> Self {
        let stays = |node: &u32| !gone.contains_key(node);
        let arrows = self.arrows.iter().filter(|a| stays(&a.from) && stays(&a.to)).copied().collect();
        Self { count: self.count, arrows }
    }

    fn reversed(&self) -> Self {
        let arrows = self.arrows.iter().map(|a| Arrow { from: a.to, to: a.from, weight: a.weight }).collect();
        Self { count: self.count, arrows }
    }
}

#[cfg(test)]
mod tests {
    use super::Graph;

    fn graph(count: u32, arrows: &[(u32, u32, u32)]) -> Graph {
        let mut graph = Graph { count, ..Graph::default() };
        arrows.iter().for_each(|(from, to, weight)| graph.arrow(*from, *to, *weight));
        graph
    }

    #[test]
    fn levels_count_the_weight_of_the_longest_path() {
        let levels = graph(5, &[(0, 1, 1), (1, 2, 1), (0, 2, 0), (3, 0, 0)]).levels();
        assert_eq!(levels.into_iter().collect::<Vec<_>>(), [(0, 2), (1, 1), (2, 0), (3, 2), (4, 0)]);
    }

    #[test]
    fn what_reaches_a_cycle_has_no_level_and_what_is_on_it_is_a_component() {
        let graph = graph(6, &[(0, 1, 0), (1, 2, 0), (2, 1, 1), (2, 3, 0), (4, 5, 0), (5, 4, 0)]);
        assert_eq!(graph.levels().into_keys().collect::<Vec<_>>(), [3]);
        let cycles = graph.cycles();
        assert_eq!(cycles.clone().into_iter().collect::<Vec<_>>(), [(1, 1), (2, 1), (4, 4), (5, 4)]);
        assert_eq!(graph.condensed(&cycles).levels().len(), 6);
        assert_eq!(graph.path(1, 2, &cycles), [1, 2]);
    }

    #[test]
    fn a_node_that_depends_on_itself_is_a_cycle() {
        let graph = graph(2, &[(0, 0, 1)]);
        assert_eq!(graph.cycles().into_iter().collect::<Vec<_>>(), [(0, 0)]);
        assert_eq!(graph.path(0, 0, &graph.cycles()), [0]);
    }
}
