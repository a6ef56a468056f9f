//! The proof checker and the naive evaluation it stands on: they agree with the engine on
//! random policies, and every single change of what a proof claims is noticed.

use std::collections::BTreeSet;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use remit::engine::{Interpretation, Plan, Plane, evaluate_planned};
use remit::explain::explain;
use remit::issue::Issue;
use remit::naive::{CERTAIN, POSSIBLE, World};
use remit::program::{PredicateId, Program};
use remit::report::explanation::{Explained, json};
use remit::source::Sources;
use remit::verdict::judge_in;
use remit::verify::verify;
use serde_json::{Value as Json, json};

use crate::r#gen::case::{Case, cases, compile};

/// How many cases without `PROPTEST_CASES`.
const CASES: u32 = 200;

fn check(property: impl Fn(&Case) -> Result<(), TestCaseError>) {
    let cases_wanted = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(CASES);
    let config =
        Config { cases: cases_wanted, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let result = TestRunner::new(config).run(&cases(), |case| property(&case));
    let failure = result.err().map(|failure| failure.to_string()).unwrap_or_default();
    assert!(failure.is_empty(), "{failure}");
}

fn proof(program: &Program, sources: &Sources, issue: &Issue) -> Json {
    let plan = Plan::new(program);
    let model = evaluate_planned(program, &plan, issue);
    let interpretation = Interpretation::new(program, &plan, issue, &model);
    let explanation = explain(interpretation, judge_in(&interpretation));
    json(&Explained { program, sources, issue, explanation: &explanation })
}

#[test]
fn naive_evaluation_agrees_with_the_reference_engine() {
    check(|case| {
        let compiled = compile(vec![case.policy.to_string()]).map_err(TestCaseError::fail)?;
        let (program, issue) = (&compiled.program, case.issue.to_naive().to_library(&compiled.program));
        let model = evaluate_planned(program, &Plan::new(program), &issue);
        let world = World::new(program, &issue);
        for (plane, own) in [(Plane::Certain, CERTAIN), (Plane::Possible, POSSIBLE)] {
            for (index, predicate) in program.predicates.iter().enumerate() {
                let id = PredicateId(index as u32);
                let engine: BTreeSet<_> = model.relation(plane, id).tuples.iter().map(|t| t.to_vec()).collect();
                // Without the cell that tells rows apart.
                let naive = world.tuples(own, id).iter().map(|t| t.iter().take(predicate.arity).cloned().collect());
                prop_assert_eq!(engine, naive.collect::<BTreeSet<_>>(), "{:?} {}", plane, predicate.name);
            }
        }
        Ok(())
    });
}

#[test]
fn every_proof_of_a_random_policy_holds() {
    check(|case| {
        let compiled = compile(vec![case.policy.to_string()]).map_err(TestCaseError::fail)?;
        let issue = case.issue.to_naive().to_library(&compiled.program);
        let proof = proof(&compiled.program, &compiled.sources, &issue);
        // As it comes back from a file.
        let read: Json = serde_json::from_str(&proof.to_string()).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(verify(&compiled.program, &issue, &read), Ok(()), "{}", proof);
        Ok(())
    });
}

/// Words for people, and why something is absent: not judged.
const WORDS: [&str; 5] = ["means", "because", "place", "reasons", "title"];

/// The places of all values in a proof that are neither lists nor objects.
fn leaves(json: &Json, at: &str, found: &mut Vec<String>) {
    match json {
        Json::Array(items) => (0..items.len()).for_each(|i| leaves(&items[i], &format!("{at}/{i}"), found)),
        Json::Object(members) => {
            for (key, member) in members.iter().filter(|(key, _)| !WORDS.contains(&key.as_str())) {
                leaves(member, &format!("{at}/{key}"), found);
            }
        }
        _ => found.push(at.to_owned()),
    }
}

/// Other values that might stand in a place.
fn others(json: &Json) -> Vec<Json> {
    match json {
        Json::Null => vec![json!("x"), json!(0), json!(true)],
        Json::Bool(it) => vec![json!(!it), Json::Null],
        Json::Number(it) if it.is_f64() => vec![json!(it.as_f64().unwrap_or(0.0) + 0.5), Json::Null],
        Json::Number(it) => vec![json!(it.as_i64().unwrap_or(0) + 1), json!("1"), Json::Null],
        _ => vec![json!("another"), json!(""), Json::Null],
    }
}

#[test]
fn every_changed_claim_is_noticed() {
    let mut tried = 0;
    for path in ["policies/saas-platform", "policies/escalation"] {
        let mut sources = Sources::default();
        let (program, found) = remit::check::load(Path::new(path), &mut sources);
        let program = program.unwrap_or_else(|| unreachable!("{path}: {found:?}"));
        for scenario in program.scenarios.iter().step_by(program.scenarios.len() / 4) {
            let good = proof(&program, &sources, &scenario.issue);
            let mut places = Vec::new();
            leaves(&good, "", &mut places);
            for place in places.iter().step_by(1 + places.len() / 150) {
                for other in others(good.pointer(place).unwrap_or(&Json::Null)) {
                    let mut bad = good.clone();
                    if let Some(leaf) = bad.pointer_mut(place) {
                        *leaf = other.clone();
                    }
                    tried += 1;
                    let verdict = verify(&program, &scenario.issue, &bad);
                    assert!(verdict.is_err(), "{}: {place} = {other}", scenario.name);
                }
            }
        }
    }
    assert!(tried > 1_000, "{tried}");
}

/// Lists and objects of a proof, each with an entry of them taken out or doubled.
#[test]
fn what_is_left_out_or_said_twice_is_noticed() {
    let mut sources = Sources::default();
    let (program, found) = remit::check::load(Path::new("policies/saas-platform"), &mut sources);
    let program = program.unwrap_or_else(|| unreachable!("{found:?}"));
    for scenario in program.scenarios.iter().step_by(program.scenarios.len() / 4) {
        let good = proof(&program, &sources, &scenario.issue);
        for step in 0..good["steps"].as_array().map_or(0, Vec::len) {
            for place in ["/steps".to_owned(), format!("/steps/{step}/premises"), format!("/steps/{step}/values")] {
                let mut bad = good.clone();
                let list = bad.pointer_mut(&place).and_then(Json::as_array_mut).expect("a list");
                let Some(last) = list.pop() else { continue };
                assert!(
                    verify(&program, &scenario.issue, &bad).is_err(),
                    "{}: {place} without the last",
                    scenario.name
                );
                let list = bad.pointer_mut(&place).and_then(Json::as_array_mut).expect("a list");
                list.extend([last.clone(), last]);
                assert!(verify(&program, &scenario.issue, &bad).is_err(), "{}: {place}, the last twice", scenario.name);
            }
        }
    }
}

/// Tampers with the answers of each effect of a proof, and gives what was done to `each`.
fn tampered_answers(good: &Json, each: &mut dyn FnMut(String, Json)) {
    for (name, decision) in good["decisions"].as_object().into_iter().flatten() {
        for (number, effect) in decision["effects"].as_array().into_iter().flatten().enumerate() {
            let place = format!("/decisions/{name}/effects/{number}/outcomes");
            let told = effect["outcomes"].as_array().cloned().unwrap_or_default();
            let mut change = |what: String, outcomes: Vec<Json>| {
                let mut bad = good.clone();
                *bad.pointer_mut(&place).expect("outcomes") = Json::Array(outcomes);
                each(format!("{place}: {what}"), bad);
            };
            for at in 0..told.len() {
                let mut outcomes = told.clone();
                let taken = outcomes.remove(at);
                // A text that is left out is one of the others, whose values the checker does not know.
                if !told.iter().any(|answer| answer["others"] == true) || at + 1 == told.len() {
                    change(format!("without {at}"), outcomes.clone());
                }
                outcomes.splice(at..at, [taken.clone(), taken]);
                change(format!("{at} twice"), outcomes);
                for end in ["from", "to", "above", "below", "others", "status", "value"] {
                    let mut outcomes = told.clone();
                    let Some(before) = outcomes[at].as_object_mut().and_then(|outcome| outcome.remove(end)) else {
                        continue;
                    };
                    // A value of null says as much as none.
                    if !before.is_null() {
                        change(format!("{at} without {end}"), outcomes.clone());
                    }
                    for other in others(&before).into_iter().chain([json!("2024-02-10")]) {
                        outcomes[at][end] = other.clone();
                        change(format!("{end} of {at} is {other}"), outcomes.clone());
                    }
                }
            }
        }
    }
}

#[test]
fn answers_that_are_left_out_or_moved_are_noticed() {
    let (policy, sources, _) = remit::policy::load_texts(
        vec![("p.toml".into(), crate::effects::POLICY.to_owned())],
        std::path::PathBuf::new(),
    );
    let ranges = (remit::check::check(&policy, &sources).0.expect("a policy without errors"), sources);
    let mut sources = Sources::default();
    let saas = remit::check::load(Path::new("policies/saas-platform"), &mut sources).0.expect("a policy");
    let saas = (saas, sources);
    let mut tried = 0;
    for (program, sources) in [&ranges, &saas] {
        let issue = Issue::empty(program, "1");
        let good = proof(program, sources, &issue);
        assert_eq!(verify(program, &issue, &good), Ok(()));
        tampered_answers(&good, &mut |what, bad| {
            tried += 1;
            assert!(verify(program, &issue, &bad).is_err(), "{what}");
        });
    }
    assert!(tried > 100, "{tried}");
}

/// What a proof leaves out is missed, and what it adds that nothing rests on.
#[test]
fn what_is_left_out_or_added_is_noticed() {
    let mut sources = Sources::default();
    let program = remit::check::load(Path::new("policies/saas-platform"), &mut sources).0.expect("a policy");
    let mut tried = BTreeSet::new();
    for scenario in program.scenarios.iter().step_by(3) {
        let good = proof(&program, &sources, &scenario.issue);
        let mut refused = |what: &'static str, bad: Json| {
            assert!(verify(&program, &scenario.issue, &bad).is_err(), "{}: {what}", scenario.name);
            tried.insert(what);
        };
        for decision in good["decisions"].as_object().into_iter().flat_map(|all| all.keys()) {
            let place = format!("/decisions/{decision}/overridden");
            if good.pointer(&place).is_some_and(|told| *told != json!([])) {
                let mut bad = good.clone();
                *bad.pointer_mut(&place).expect("a list") = json!([]);
                refused("nothing is overridden", bad);
            }
        }
        let steps = good["steps"].as_array().map_or(&[][..], Vec::as_slice);
        for (number, step) in steps.iter().enumerate() {
            for (premise, told) in step["premises"].as_array().into_iter().flatten().enumerate() {
                if told["support"]["kind"] == "values" && told["support"]["facts"] != json!([]) {
                    let mut bad = good.clone();
                    bad["steps"][number]["premises"][premise]["support"]["facts"] = json!([]);
                    refused("no facts", bad);
                }
            }
        }
        if let Some(step) = steps.last() {
            let (mut bad, mut step) = (good.clone(), step.clone());
            step["id"] = json!(steps.len());
            bad["steps"].as_array_mut().expect("a list").push(step);
            refused("a step more", bad);
        }
    }
    assert_eq!(tried.len(), 3, "{tried:?}");
}

/// A fact that is assumed is no fact that is given, wherever a proof names it.
#[test]
fn assumed_and_given_are_not_taken_for_each_other() {
    let mut sources = Sources::default();
    let program = remit::check::load(Path::new("policies/saas-platform"), &mut sources).0.expect("a policy");
    let mut tried = BTreeSet::new();
    for scenario in program.scenarios.iter().step_by(7) {
        let good = proof(&program, &sources, &scenario.issue);
        let mut places = Vec::new();
        origins(&good, "", &mut places);
        for place in places {
            let now = good.pointer(&place).and_then(Json::as_str).unwrap_or_default();
            for other in ["given", "assumed", "unknown"].into_iter().filter(|other| *other != now) {
                let mut bad = good.clone();
                *bad.pointer_mut(&place).expect("an origin") = json!(other);
                assert!(verify(&program, &scenario.issue, &bad).is_err(), "{}: {place} is {other}", scenario.name);
                tried.insert((now.to_owned(), other));
            }
        }
    }
    assert_eq!(tried.len(), 6, "each is taken for each other: {tried:?}");
}

/// The places where a proof says how a fact is known, those in reasons why something is absent too.
fn origins(json: &Json, at: &str, found: &mut Vec<String>) {
    let members = json.as_object().into_iter().flatten().map(|(key, member)| (key.clone(), member));
    let items = json.as_array().into_iter().flatten().enumerate().map(|(index, item)| (index.to_string(), item));
    for (key, inner) in members.chain(items) {
        let at = format!("{at}/{key}");
        if key == "origin" {
            found.push(at);
        } else {
            origins(inner, &at, found);
        }
    }
}

/// A checker that knew no steps would pass a proof of nothing.
#[test]
fn a_proof_without_its_steps_or_decisions_is_refused() {
    let mut sources = Sources::default();
    let program = remit::check::load(Path::new("policies/saas-platform"), &mut sources).0.expect("a policy");
    for scenario in program.scenarios.iter().step_by(20) {
        let good = proof(&program, &sources, &scenario.issue);
        let has_steps = good["steps"].as_array().is_some_and(|steps| !steps.is_empty());
        for (place, empty, matters) in [("/steps", json!([]), has_steps), ("/decisions", json!({}), true)] {
            let mut bad = good.clone();
            *bad.pointer_mut(place).expect("a place") = empty;
            assert_eq!(verify(&program, &scenario.issue, &bad).is_err(), matters, "{}: {place}", scenario.name);
        }
    }
}
