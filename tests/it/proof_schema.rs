//! `docs/proof.schema.json` describes every proof that `remit explain --format json` writes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use remit::check;
use remit::engine::{Interpretation, Plan, evaluate_planned};
use remit::explain::explain;
use remit::issue::{Input, Issue, Issues, ReadOptions};
use remit::program::Program;
use remit::report::explanation::{Explained, json};
use remit::source::Sources;
use remit::verdict::judge_in;
use serde_json::{Value as Json, json};

use crate::json_schema::Schema;

struct Policy {
    program: Program,
    sources: Sources,
}

fn policy(path: &str) -> Policy {
    let mut sources = Sources::default();
    let (program, found) = check::load(Path::new(path), &mut sources);
    Policy { program: program.unwrap_or_else(|| unreachable!("{path}: {found:?}")), sources }
}

fn proof(policy: &Policy, issue: &Issue) -> Json {
    let plan = Plan::new(&policy.program);
    let model = evaluate_planned(&policy.program, &plan, issue);
    let interpretation = Interpretation::new(&policy.program, &plan, issue, &model);
    let explanation = explain(interpretation, judge_in(&interpretation));
    json(&Explained { program: &policy.program, sources: &policy.sources, issue, explanation: &explanation })
}

fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| unreachable!("{folder}: {error}"));
    let files = entries.map(|entry| entry.expect("an entry of the folder").path()).filter(|path| path.is_file());
    files.collect()
}

/// The proofs of all scenarios and fixtures of a policy.
fn proofs(path: &str, fixtures: &str) -> Vec<Json> {
    let policy = policy(path);
    let mut proofs: Vec<Json> = policy.program.scenarios.iter().map(|s| proof(&policy, &s.issue)).collect();
    for file in files(fixtures) {
        let issues = Issues::open(&policy.program, vec![Input::File(file)], ReadOptions::default());
        for record in issues.expect("a file with issues") {
            proofs.push(proof(&policy, &record.expect("an issue").issue));
        }
    }
    proofs
}

/// A policy that negates a group, and something that no rule concludes.
const LIFTS: &str = r#"
    [policy]
    name = "lifts"
    [rule.ground-floor]
    says    = 'stops_at(0) if not closed'
    because = "There is a door on the ground floor."
    [fact.closed]
    type = "bool"
    [rule.stairs]
    says    = 'advice(stairs) if stops_at(F), not stops_at(3), not (stops_at(G) and G > F)'
    because = "No lift goes up to the third floor."
    [decision.advice]
    question   = "How do I get up?"
    hit-policy = "priority"
    [[decision.advice.option]]
    id = "stairs"
"#;

/// The proof of an issue that says nothing.
fn of_nothing(text: &str) -> Json {
    let folder = tempfile::tempdir().expect("a folder to work in");
    let path = folder.path().join("policy.toml");
    fs::write(&path, text).expect("a file");
    let policy = policy(path.to_str().expect("a path that is text"));
    proof(&policy, &Issue::empty(&policy.program, "nothing"))
}

fn schema() -> Schema {
    Schema::read("docs/proof.schema.json")
}

/// Of both shipped policies and two small ones; made once, as it takes a while.
static ALL: LazyLock<Vec<Json>> = LazyLock::new(|| {
    let mut all = proofs("policies/saas-platform", "fixtures");
    all.extend(proofs("policies/escalation", "fixtures/escalation"));
    all.push(of_nothing(LIFTS));
    all.push(of_nothing(crate::effects::POLICY));
    all
});

#[test]
fn every_proof_fits_the_schema() {
    let schema = schema();
    for proof in ALL.iter() {
        assert_eq!(schema.faults(proof), Vec::<String>::new(), "{}", proof["id"]);
    }
}

/// What the schema offers is not more than there is: each kind and each key comes up in some proof.
#[test]
fn everything_in_the_schema_occurs() {
    let mut seen = BTreeSet::new();
    ALL.iter().for_each(|proof| collect(proof, &mut seen));
    let schema = schema();
    for (name, definition) in schema.definitions() {
        for key in definition["properties"].as_object().into_iter().flatten().map(|(key, _)| key) {
            assert!(seen.contains(key.as_str()), "{name}: {key}");
        }
    }
    for kind in ["step", "fact", "decided", "values", "absent", "clause", "no-rule", "group"] {
        assert!(seen.contains(&format!("kind={kind}")), "{kind}");
    }
}

fn collect(json: &Json, seen: &mut BTreeSet<String>) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| collect(item, seen)),
        Json::Object(members) => {
            seen.extend(members.keys().cloned());
            seen.extend(json["kind"].as_str().map(|kind| format!("kind={kind}")));
            members.values().for_each(|member| collect(member, seen));
        }
        _ => {}
    }
}

#[test]
fn what_does_not_fit_is_found() {
    let schema = schema();
    let saas = policy("policies/saas-platform");
    let scenario = saas.program.scenarios.first().expect("a scenario");
    let good = proof(&saas, &scenario.issue);
    for (path, value) in [
        ("/format", json!("remit-proof/9")),
        ("/status", json!("done")),
        ("/policy/digest", json!("sha256:1")),
        ("/decisions/team", json!({})),
        ("/decisions/team/value", json!(3)),
        ("/decisions/team/default", json!("no")),
        ("/decisions/team/certain/0/steps/0", json!(-1)),
        ("/steps/0/id", json!(0.5)),
        ("/steps/0/place", json!("nowhere")),
        ("/steps/0/premises/0/support/facts/0/origin", json!("guessed")),
        ("/steps/0/premises/0/support", json!({ "kind": "fact", "fact": "a", "origin": "given" })),
        ("/steps/0/premises/0/support", json!({ "kind": "step", "step": 0, "more": 1 })),
        ("/steps/0/bindings", json!({ "X": [] })),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(path).unwrap_or_else(|| unreachable!("there is no {path} in {good}")) = value;
        assert!(!schema.faults(&bad).is_empty(), "{path}");
    }
    assert_eq!(schema.faults(&good), Vec::<String>::new());
}
