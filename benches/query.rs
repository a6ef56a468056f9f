//! Large relations: `cargo bench --bench query`.
//!
//! The same rules over the same rows, loaded at run time by `remit` and compiled into the
//! program by crepe and by ascent; one thread. Each result is counted, so that all agree.

// What the two macros write has no documentation.
#![allow(missing_docs)]

mod common;

use std::collections::BTreeSet;
use std::hint::black_box;

use divan::Bencher;
use remit::engine::relational::{Database, Input};
use remit::engine::{Plan, Plane};
use remit::issue::{FactState, Issue};
use remit::program::{Given, Program};
use remit::value::Value;
use rustc_hash::FxBuildHasher;

fn main() {
    divan::main();
}

/// Pairs of numbers, distinct.
type Edges = Vec<(u32, u32)>;

/// The graphs.
const GRAPHS: [&str; 3] = ["random", "chain", "grid"];

fn graph(name: &str) -> Edges {
    match name {
        "random" => random(2_000, 4_000),
        "chain" => (0..999).map(|node| (node, node + 1)).collect(),
        _ => grid(32),
    }
}

/// A random graph (splitmix64) of so many nodes and distinct edges.
fn random(nodes: u64, count: usize) -> Edges {
    let mut state = 7_u64;
    let mut below = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % nodes) as u32
    };
    let mut edges = BTreeSet::new();
    while edges.len() < count {
        edges.insert((below(), below()));
    }
    edges.into_iter().collect()
}

/// A square of nodes, with edges to the right and down.
fn grid(side: u32) -> Edges {
    let nodes = (0..side).flat_map(|row| (0..side).map(move |column| (row, column)));
    let number = |row: u32, column: u32| row * side + column;
    let edges = nodes.flat_map(|(row, column)| {
        let right = (column + 1 < side).then(|| (number(row, column), number(row, column + 1)));
        let down = (row + 1 < side).then(|| (number(row, column), number(row + 1, column)));
        right.into_iter().chain(down)
    });
    edges.collect()
}

/// Child and parent of a binary tree of 2,046 nodes and a root.
fn tree() -> Edges {
    (2..2_048).map(|node| (node, node / 2)).collect()
}

/// So many edges among 20,000 nodes.
fn wide() -> Edges {
    random(20_000, 400_000)
}

/// A policy of one relation of edges, with rules.
fn program(rules: &[&str]) -> Program {
    let mut text = "[policy]\nname = \"graph\"\n[fact.edge]\ntype = \"records\"\n[fact.edge.columns]\n\
                    from = \"integer\"\nto = \"integer\"\n"
        .to_owned();
    for (number, rule) in rules.iter().enumerate() {
        text.push_str(&format!("[rule.rule-{number}]\nsays = '{rule}'\n"));
    }
    text.push_str("[decision.none]\nquestion = \"?\"\nhit-policy = \"collect\"\noption = [{ id = \"nothing\" }]\n");
    common::load_text(&text)
}

/// An issue with edges.
fn issue(program: &Program, edges: &[(u32, u32)]) -> Issue {
    let mut issue = Issue::empty(program, "graph");
    let cell = |node: u32| Value::Integer(i64::from(node));
    let rows = edges.iter().map(|(from, to)| vec![cell(*from), cell(*to)]).collect();
    issue.facts[0] = FactState::Given(Given::Rows(rows));
    issue
}

/// How many tuples a relation has.
fn count(program: &Program, issue: &Issue, relation: &str) -> usize {
    let plan = Plan::new(program);
    let asked = program.predicate_ids[relation];
    let database = Database::evaluate(program, &plan, Input::new(issue), &[asked]);
    database.relations().table(asked, Plane::Certain).len()
}

fn bench_remit(bencher: Bencher, rules: &[&str], edges: &Edges, relation: &str, expected: usize) {
    let program = program(rules);
    let issue = issue(&program, edges);
    assert_eq!(count(&program, &issue, relation), expected, "as the others count");
    bencher.bench_local(|| black_box(count(&program, &issue, relation)));
}

mod crepe_rules {
    use crepe::crepe;

    pub mod closure {
        use super::crepe;
        crepe! {
            @input
            pub struct Edge(pub u32, pub u32);
            @output
            pub struct Path(pub u32, pub u32);
            Path(x, y) <- Edge(x, y);
            Path(x, z) <- Path(x, y), Edge(y, z);
        }
    }

    pub mod generation {
        use super::crepe;
        crepe! {
            @input
            pub struct Edge(pub u32, pub u32);
            @output
            pub struct Same(pub u32, pub u32);
            Same(x, y) <- Edge(x, p), Edge(y, p);
            Same(x, y) <- Edge(x, a), Same(a, b), Edge(y, b);
        }
    }

    pub mod triangles {
        use super::crepe;
        crepe! {
            @input
            pub struct Edge(pub u32, pub u32);
            @output
            pub struct Triangle(pub u32, pub u32, pub u32);
            Triangle(x, y, z) <- Edge(x, y), Edge(y, z), Edge(x, z);
        }
    }

    pub mod sums {
        use super::crepe;
        crepe! {
            @input
            pub struct Edge(pub u32, pub u32);
            @output
            pub struct Next(pub u32, pub u32);
            Next(x, z) <- Edge(x, y), let w = y + 1, Edge(w, z);
        }
    }
}

mod ascent_rules {
    use ascent::ascent;

    ascent! {
        pub struct Closure;
        relation edge(u32, u32);
        relation path(u32, u32);
        path(x, y) <-- edge(x, y);
        path(x, z) <-- path(x, y), edge(y, z);
    }

    ascent! {
        pub struct Generation;
        relation edge(u32, u32);
        relation same(u32, u32);
        same(x, y) <-- edge(x, p), edge(y, p);
        same(x, y) <-- edge(x, a), same(a, b), edge(y, b);
    }

    ascent! {
        pub struct Triangles;
        relation edge(u32, u32);
        relation triangle(u32, u32, u32);
        triangle(x, y, z) <-- edge(x, y), edge(y, z), edge(x, z);
    }

    ascent! {
        pub struct Sums;
        relation edge(u32, u32);
        relation next(u32, u32);
        next(x, z) <-- edge(x, y), let w = y + 1, edge(w, z);
    }
}

macro_rules! compiled {
    ($module:ident, $relation:ident, $crepe:ident, $program:ident, $output:ident, $ascent:ident) => {
        fn $crepe(edges: &Edges) -> usize {
            use crepe_rules::$module::{Crepe, Edge, $relation};
            let mut program = Crepe::new();
            program.extend(edges.iter().map(|(from, to)| Edge(*from, *to)));
            let (found,): (std::collections::HashSet<$relation, FxBuildHasher>,) =
                program.run_with_hasher::<FxBuildHasher>();
            found.len()
        }

        fn $ascent(edges: &Edges) -> usize {
            let mut program = ascent_rules::$program::default();
            program.edge.clone_from(edges);
            program.run();
            program.$output.len()
        }
    };
}

compiled!(closure, Path, crepe_closure, Closure, path, ascent_closure);
compiled!(generation, Same, crepe_generation, Generation, same, ascent_generation);
compiled!(triangles, Triangle, crepe_triangles, Triangles, triangle, ascent_triangles);
compiled!(sums, Next, crepe_sums, Sums, next, ascent_sums);

mod transitive_closure {
    use super::*;

    #[divan::bench(args = GRAPHS, sample_count = 10)]
    fn remit(bencher: Bencher, name: &str) {
        let edges = graph(name);
        let rules = ["path(X, Y) if edge(X, Y)", "path(X, Z) if path(X, Y), edge(Y, Z)"];
        bench_remit(bencher, &rules, &edges, "path", ascent_closure(&edges));
    }

    #[divan::bench(args = GRAPHS, sample_count = 5)]
    fn crepe(bencher: Bencher, name: &str) {
        let edges = graph(name);
        bencher.bench_local(|| crepe_closure(black_box(&edges)));
    }

    #[divan::bench(args = GRAPHS, sample_count = 5)]
    fn ascent(bencher: Bencher, name: &str) {
        let edges = graph(name);
        bencher.bench_local(|| ascent_closure(black_box(&edges)));
    }
}

mod same_generation {
    use super::*;

    #[divan::bench(sample_count = 10)]
    fn remit(bencher: Bencher) {
        let edges = tree();
        let rules = ["same(X, Y) if edge(X, P), edge(Y, P)", "same(X, Y) if edge(X, A), same(A, B), edge(Y, B)"];
        bench_remit(bencher, &rules, &edges, "same", ascent_generation(&edges));
    }

    #[divan::bench(sample_count = 5)]
    fn crepe(bencher: Bencher) {
        let edges = tree();
        bencher.bench_local(|| crepe_generation(black_box(&edges)));
    }

    #[divan::bench(sample_count = 5)]
    fn ascent(bencher: Bencher) {
        let edges = tree();
        bencher.bench_local(|| ascent_generation(black_box(&edges)));
    }
}

mod triangles {
    use super::*;

    #[divan::bench(sample_count = 10)]
    fn remit(bencher: Bencher) {
        let edges = wide();
        let rules = ["triangle(X, Y, Z) if edge(X, Y), edge(Y, Z), edge(X, Z)"];
        bench_remit(bencher, &rules, &edges, "triangle", ascent_triangles(&edges));
    }

    #[divan::bench(sample_count = 5)]
    fn crepe(bencher: Bencher) {
        let edges = wide();
        bencher.bench_local(|| crepe_triangles(black_box(&edges)));
    }

    #[divan::bench(sample_count = 5)]
    fn ascent(bencher: Bencher) {
        let edges = wide();
        bencher.bench_local(|| ascent_triangles(black_box(&edges)));
    }
}

/// An equation leads from one edge to the next.
mod sums {
    use super::*;

    #[divan::bench(sample_count = 10)]
    fn remit(bencher: Bencher) {
        let edges = random(20_000, 100_000);
        let rules = ["next(X, Z) if edge(X, Y), W = Y + 1, edge(W, Z)"];
        bench_remit(bencher, &rules, &edges, "next", ascent_sums(&edges));
    }

    #[divan::bench(sample_count = 5)]
    fn crepe(bencher: Bencher) {
        let edges = random(20_000, 100_000);
        bencher.bench_local(|| crepe_sums(black_box(&edges)));
    }

    #[divan::bench(sample_count = 5)]
    fn ascent(bencher: Bencher) {
        let edges = random(20_000, 100_000);
        bencher.bench_local(|| ascent_sums(black_box(&edges)));
    }
}
