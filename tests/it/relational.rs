//! The relational engine says of every relation, in both planes, what the reference engine says.
//!
//! `PROPTEST_CASES` sets the number of random cases.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use remit::engine::relational::{Database, Input};
use remit::engine::{Model, Plan, Plane, reference};
use remit::issue::{FactState, Issue};
use remit::program::{Given, PredicateId, Program};
use remit::value::Value;

use crate::r#gen::case::{cases, compile};

/// Every difference between the relations of the two engines, a line each.
pub fn differences(program: &Program, issue: &Issue, model: &Model) -> Vec<String> {
    let plan = Plan::new(program);
    let all: Vec<PredicateId> = (0..program.predicates.len() as u32).map(PredicateId).collect();
    let database = Database::evaluate(program, &plan, Input::new(issue), &all);
    let relations = database.relations();
    let mut found = Vec::new();
    for (predicate, plane) in all.iter().flat_map(|p| [(*p, Plane::Certain), (*p, Plane::Possible)]) {
        let table = relations.table(predicate, plane);
        let values =
            |row: &[_]| row.iter().map(|cell| relations.symbols().value(*cell).clone()).collect::<Vec<Value>>();
        let own: BTreeSet<Vec<Value>> = table.rows().map(values).collect();
        let tuples = &model.relation(plane, predicate).tuples;
        let expected: BTreeSet<Vec<Value>> = tuples.iter().map(|tuple| tuple.to_vec()).collect();
        if own != expected || table.len() != own.len() {
            let name = &program.predicate(predicate).name;
            found.push(format!("{plane:?} `{name}`: relational {own:?}, reference {expected:?}"));
        }
    }
    found
}

#[test]
fn random_policies_and_issues_have_the_same_relations() {
    let wanted = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(1000);
    let config = Config { cases: wanted, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let result = TestRunner::new(config).run(&cases(), |case| {
        let compiled = compile(vec![case.policy.to_string()])
            .map_err(|errors| TestCaseError::fail(format!("the checks refuse it:\n{errors}")))?;
        let issue = case.issue.to_naive().to_library(&compiled.program);
        let model = reference::evaluate(&compiled.program, &issue);
        let found = differences(&compiled.program, &issue, &model);
        prop_assert!(found.is_empty(), "{}", found.join("\n"));
        Ok(())
    });
    let failure = result.err().map(|failure| failure.to_string()).unwrap_or_default();
    assert!(failure.is_empty(), "{failure}");
}

/// Rules over two relations of pairs, `a` and `b`, and a bool `on`; of every shape that has a way of its own.
const SHAPES: [&[&str]; 20] = [
    &["p(X, Y) if a(X, Y)", "p(X, Z) if p(X, Y), a(Y, Z)"],
    &["p(X, Y) if b(X, Y)", "p(X, Z) if a(X, Y), p(Y, Z)"],
    &["p(X, Y) if a(X, Y)", "p(X, Z) if p(X, Y), p(Y, Z)"],
    &["p(X, Y) if a(X, Y)", "p(X, Z) if p(Y, Z), p(X, Y)"],
    &["p(X, Y) if a(X, P), a(Y, P)", "p(X, Y) if a(X, A), p(A, B), b(Y, B)"],
    &["p(X, Y) if a(X, Y)", "p(X, Z) if p(X, Y), a(Y, Z), on", "p(X, Z) if b(X, Y), p(Y, Z)"],
    &["p(X, Y) if a(X, Y)", "p(X, Z) if p(X, Y), a(Y, Z), not b(Y, Z), Z != 2"],
    &["p(X, Y) if a(X, Y)", "p(X, Z) if p(X, Y), a(Y, Z), X != Z"],
    &["p(X, Y) if a(X, Y)", "p(X, Z) if p(X, Y), a(Y, Z), not (b(Z, W) and W > Y)", "p(X, Y) if p(Y, X)"],
    &["p(X, Y) if a(X, Y)", "p(X, Z) if p(X, Y), a(Y, Z), b(X, _)"],
    &["p(X, Y) if a(X, Y)", "p(X, X) if p(X, Y), p(Y, X)", "p(X, Z) if p(X, Y), p(Y, Z)"],
    &["p(X, 1) if a(X, _)", "p(X, Z) if p(X, Y), a(Y, Z), count(b(Y, _)) > 0"],
    &["p(X, Y) if a(X, Y)", "p(X, Z) if q(X, Y), a(Y, Z)", "q(X, Z) if p(X, Y), b(Y, Z)", "q(X, X) if b(X, X)"],
    &[
        "p(X, Y) if a(X, Y), a(Y, Z), a(X, Z)",
        "q(N, X) if a(X, _), N = count(Y : a(X, Y))",
        "q(S, 0) if S = sum(X : a(X, _))",
    ],
    // Atoms that lack the same one variable.
    &["p(X, Y) if a(X, Y), a(X, Z), a(Y, Z), b(X, W), a(Y, W), a(Z, W)", "q(X, 1) if a(X, 1), b(X, 2), a(3, X)"],
    &["p(X, Z) if b(X, Y), a(Y, Z), a(X, Z), b(Z, _), not a(Z, X)", "q(X, Y) if a(X, Y), b(X, Y), a(Y, X), X < Y"],
    &["p(X, Y) if a(X, Y), b(Y, X)", "p(X, Z) if p(X, Y), a(Y, Z), b(Z, Y), a(X, Z)", "q(X, Y) if p(X, Y), p(Y, X)"],
    // Equations that tell what an atom is about to bind.
    &["p(X, Z) if a(X, Y), W = Y + 1, b(W, Z)", "q(X, W) if b(W, _), a(X, _), W = X - 1, b(X, W)"],
    &["p(X, Y) if a(X, Y)", "p(X, Z) if p(X, Y), Y + 1 = W, a(W, Z)", "q(Z, W) if b(X, Z), X = 2, a(W, Z), W = Z"],
    &["p(X, N) if a(X, _), N = count(Z : a(Y, Z), W = Y + 1, b(W, Z))", "q(X, Z) if a(X, Y), b(W, Z), W = Y / 2"],
];

fn shaped(rules: &[&str]) -> String {
    let records = |name: &str| {
        format!("[fact.{name}]\ntype = \"records\"\n[fact.{name}.columns]\nfrom = \"integer\"\nto = \"integer\"\n")
    };
    let rule = |(number, rule): (usize, &&str)| format!("[rule.rule-{number}]\nsays = '{rule}'\nbecause = \"So.\"\n");
    let decision = "[decision.none]\nquestion = \"?\"\nhit-policy = \"collect\"\noption = [{ id = \"nothing\" }]\n";
    let head = "[policy]\nname = \"shapes\"\n[fact.on]\ntype = \"bool\"\n";
    let rules: String = rules.iter().enumerate().map(rule).collect();
    format!("{head}{}{}{decision}{rules}", records("a"), records("b"))
}

/// For each relation of pairs its rows, or that it is unknown; a cell of 0 is not known.
type Pairs = Option<Vec<(i64, i64)>>;

fn shaped_issue(program: &Program, a: &Pairs, b: &Pairs, on: Option<bool>) -> Issue {
    let cell = |number: i64| if number == 0 { Value::Unknown } else { Value::Integer(number) };
    let rows = |pairs: &Pairs| match pairs {
        Some(pairs) => FactState::Given(Given::Rows(pairs.iter().map(|(x, y)| vec![cell(*x), cell(*y)]).collect())),
        None => FactState::Unknown,
    };
    let mut issue = Issue::empty(program, "shaped");
    for (name, state) in [
        ("a", rows(a)),
        ("b", rows(b)),
        ("on", on.map_or(FactState::Unknown, |on| FactState::Given(Given::Value(Value::Bool(on))))),
    ] {
        issue.facts[program.fact_ids[name].index()] = state;
    }
    issue
}

#[test]
fn every_shape_of_recursion_has_the_same_relations() {
    let programs: Vec<Program> = SHAPES
        .iter()
        .map(|rules| compile(vec![shaped(rules)]).unwrap_or_else(|errors| unreachable!("{errors}")).program)
        .collect();
    let pairs = |least: i64| prop::option::weighted(0.9, prop::collection::vec((least..6, least..6), 0..12));
    let graphs = prop_oneof![(pairs(1), pairs(1)), (pairs(0), pairs(1)), (pairs(1), pairs(0))];
    let cases = (0..programs.len(), graphs, prop::option::of(any::<bool>()));
    let wanted = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(1000);
    let config = Config { cases: wanted, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let result = TestRunner::new(config).run(&cases, |(shape, (a, b), on)| {
        let program = &programs[shape];
        let issue = shaped_issue(program, &a, &b, on);
        let found = differences(program, &issue, &reference::evaluate(program, &issue));
        prop_assert!(found.is_empty(), "{:?}\n{}", SHAPES[shape], found.join("\n"));
        Ok(())
    });
    let failure = result.err().map(|failure| failure.to_string()).unwrap_or_default();
    assert!(failure.is_empty(), "{failure}");
}

/// Integers and numbers compare as doubles, which from 2^53 on do not tell all integers apart.
#[test]
fn rows_are_found_by_the_values_that_compare_as_equal() {
    let policy = "[policy]\nname = \"numbers\"\n[fact]\n\
        i = { type = \"list\", of = \"integer\" }\nn = { type = \"list\", of = \"number\" }\n\
        [decision.none]\nquestion = \"?\"\nhit-policy = \"collect\"\noption = [{ id = \"nothing\" }]\n[rule.pairs]\n\
        says = ['of_numbers(I, N) if n(N), I = N + 0.0, i(I)', 'of_integers(I, N) if i(I), N = I + 0, n(N)',\n\
        'both(I, N) if i(I), n(N), I = N', 'next(I, J) if i(I), J = I + 1, i(J)', \
        'half(I, N) if i(I), N = I / 2.0, n(N)']\n";
    let program = compile(vec![policy.to_owned()]).expect("a policy without errors").program;
    let edge = 9_007_199_254_740_992_i64;
    let integers = [3, 4, edge - 1, edge, edge + 1, edge + 2, edge + 3, i64::MAX - 1, i64::MAX];
    let numbers = integers.map(|integer| integer as f64).into_iter().chain([1.5, 2.0, 3.5]);
    let rows =
        |values: Vec<Value>| FactState::Given(Given::Rows(values.into_iter().map(|value| vec![value]).collect()));
    let mut issue = Issue::empty(&program, "numbers");
    issue.facts[program.fact_ids["i"].index()] = rows(integers.map(Value::Integer).to_vec());
    issue.facts[program.fact_ids["n"].index()] = rows(numbers.filter_map(Value::number).collect());
    let model = reference::evaluate(&program, &issue);
    assert_eq!(differences(&program, &issue, &model), Vec::<String>::new());
    let both = model.relation(Plane::Certain, program.predicate_ids["both"]).tuples.len();
    assert_eq!(both, integers.len(), "each is one of the seven distinct numbers");
}
