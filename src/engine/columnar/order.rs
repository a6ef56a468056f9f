//! In which order relations are evaluated: components of mutual dependence, the lowest first.
//!
//! Finer than strata: every relation that does not rest on itself is a component of its own.

use crate::engine::mentioned::Mentioned;
use crate::program::{PredicateId, Program};

/// Relations that rest on one another.
#[derive(Debug)]
pub(in crate::engine) struct Component {
    /// Sorted.
    pub(in crate::engine) predicates: Vec<PredicateId>,
    /// Whether one of them rests on itself.
    pub(in crate::engine) recursive: bool,
}

/// All relations, each component after those that it rests on.
pub(in crate::engine) fn components(program: &Program) -> Vec<Component> {
    let edges = edges(program);
    let mut search = Search { edges: &edges, ..Search::default() };
    search.order = vec![0; edges.len()];
    search.low = vec![0; edges.len()];
    search.stacked = vec![false; edges.len()];
    (0..edges.len()).for_each(|node| search.from(node));
    search.found
}

fn edges(program: &Program) -> Vec<Vec<usize>> {
    let mut edges = vec![Vec::new(); program.predicates.len()];
    for clause in &program.clauses {
        let mentioned = Mentioned::of(program, &clause.body);
        edges[clause.head.index()].extend(mentioned.predicates.iter().map(|p| p.index()));
    }
    for decision in &program.decisions {
        edges[decision.decided.index()].push(decision.predicate.index());
    }
    for of_node in &mut edges {
        of_node.sort_unstable();
        of_node.dedup();
    }
    edges
}

/// Tarjan's strongly connected components (SIAM J. Computing 1, 1972), without recursion.
#[derive(Default)]
struct Search<'e> {
    edges: &'e [Vec<usize>],
    /// The number of each node in order of discovery, from 1; 0 before that.
    order: Vec<usize>,
    low: Vec<usize>,
    stacked: Vec<bool>,
    stack: Vec<usize>,
    next: usize,
    found: Vec<Component>,
}

impl Search<'_> {
    fn from(&mut self, start: usize) {
        if self.order[start] != 0 {
            return;
        }
        let mut path = vec![(start, 0)];
        self.discover(start);
        while let Some((node, at)) = path.pop() {
            let Some(next) = self.edges[node].get(at).copied() else {
                self.leave(node, path.last().map(|(parent, _)| *parent));
                continue;
            };
            path.push((node, at + 1));
            if self.order[next] == 0 {
                self.discover(next);
                path.push((next, 0));
            } else if self.stacked[next] {
                self.low[node] = self.low[node].min(self.order[next]);
            }
        }
    }

    fn discover(&mut self, node: usize) {
        self.next += 1;
        self.order[node] = self.next;
        self.low[node] = self.next;
        self.stacked[node] = true;
        self.stack.push(node);
    }

    fn leave(&mut self, node: usize, parent: Option<usize>) {
        if let Some(parent) = parent {
            self.low[parent] = self.low[parent].min(self.low[node]);
        }
        if self.low[node] != self.order[node] {
            return;
        }
        let mut members = Vec::new();
        while let Some(member) = self.stack.pop() {
            self.stacked[member] = false;
            members.push(member);
            if member == node {
                break;
            }
        }
        members.sort_unstable();
        let recursive = members.len() > 1 || self.edges[node].contains(&node);
        let predicates = members.into_iter().map(|member| PredicateId(member as u32)).collect();
        self.found.push(Component { predicates, recursive });
    }
}
