//! The relational engine says of every relation, in both planes, what the reference engine says.
//!
//! `PROPTEST_CASES` sets the number of random cases.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use remit::engine::relational::{Database, Input};
use remit::engine::{Model, Plan, Plane, reference};
use remit::issue::Issue;
use remit::program::{PredicateId, Program};
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
