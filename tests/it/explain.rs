//! Proofs and repairs: every proof is re-checked, tampered ones are refused, repairs do what they say.

use std::path::Path;

use remit::engine::{Interpretation, Plan, evaluate_planned};
use remit::explain::explain;
use remit::explain::repair::{Change, Limits, applied, repairs};
use remit::issue::Issue;
use remit::program::{DecisionId, Program};
use remit::report::explanation::{Explained, html, json, text};
use remit::report::look::Look;
use remit::source::Sources;
use remit::verdict::{Status, judge_in, settle};
use remit::verify::verify;
use serde_json::{Value as Json, json};

use crate::run::Run;

struct Policy {
    program: Program,
    plan: Plan,
    sources: Sources,
}

fn policy(path: &str) -> Policy {
    let mut sources = Sources::default();
    let (program, found) = remit::check::load(Path::new(path), &mut sources);
    let program = program.unwrap_or_else(|| unreachable!("{path}: {found:?}"));
    Policy { plan: Plan::new(&program), program, sources }
}

fn shipped() -> Vec<Policy> {
    vec![policy("policies/saas-platform"), policy("policies/escalation")]
}

fn told<T>(policy: &Policy, issue: &Issue, tell: impl Fn(&Explained<'_>) -> T) -> T {
    let model = evaluate_planned(&policy.program, &policy.plan, issue);
    let interpretation = Interpretation::new(&policy.program, &policy.plan, issue, &model);
    let explanation = explain(interpretation, judge_in(&interpretation));
    tell(&Explained { program: &policy.program, sources: &policy.sources, issue, explanation: &explanation })
}

fn scenario<'a>(policy: &'a Policy, name: &str) -> &'a Issue {
    let found = policy.program.scenarios.iter().find(|scenario| &*scenario.name == name);
    &found.unwrap_or_else(|| unreachable!("there is a scenario {name}")).issue
}

#[test]
fn the_proof_of_every_scenario_holds() {
    for policy in shipped() {
        for scenario in &policy.program.scenarios {
            let proof = told(&policy, &scenario.issue, json);
            assert_eq!(verify(&policy.program, &scenario.issue, &proof), Ok(()), "{}", scenario.name);
        }
    }
}

/// Every change of one place of a proof that makes it another one.
fn tampered(proof: &Json) -> Vec<(String, Json)> {
    let mut all = Vec::new();
    let mut change = |what: &str, path: &str, value: Json| {
        let mut changed = proof.clone();
        if let Some(place) = changed.pointer_mut(path)
            && *place != value
        {
            *place = value;
            all.push((format!("{what} {path}"), changed));
        }
    };
    change("digest", "/policy/digest", json!("sha256:0"));
    change("format", "/format", json!("remit-proof/9"));
    change("id", "/id", json!("another"));
    for (name, decision) in proof["decisions"].as_object().into_iter().flatten() {
        change("status", &format!("/decisions/{name}/status"), json!("conflict"));
        change(
            "default",
            &format!("/decisions/{name}/default"),
            json!(!decision["default"].as_bool().unwrap_or(false)),
        );
        change("value", &format!("/decisions/{name}/value"), json!("nobody"));
        change("no proof", &format!("/decisions/{name}/certain"), json!([{ "option": "nobody", "steps": [0] }]));
    }
    for (index, step) in proof["steps"].as_array().into_iter().flatten().enumerate() {
        change("rule", &format!("/steps/{index}/rule"), json!("another"));
        change("clause", &format!("/steps/{index}/clause"), json!("a if b"));
        change("values", &format!("/steps/{index}/values"), json!(["nobody"]));
        change("height", &format!("/steps/{index}/height"), json!(99));
        change("premises", &format!("/steps/{index}/premises"), json!([{}]));
        for (number, premise) in step["premises"].as_array().into_iter().flatten().enumerate() {
            let path = format!("/steps/{index}/premises/{number}");
            let other = if premise["holds"] == "certain" { "possible" } else { "certain" };
            change("holds", &format!("{path}/holds"), json!(other));
            change("literal", &format!("{path}/literal"), json!("another"));
            change("leans on itself", &format!("{path}/support/step"), json!(index));
            change("origin", &format!("{path}/support/origin"), json!("guessed"));
        }
    }
    all
}

#[test]
fn tampered_proofs_are_refused() {
    let mut tried = 0;
    for (path, name) in [
        ("policies/saas-platform", "aggregation-stopped-untouched"),
        ("policies/saas-platform", "ccg-connector-not-said"),
        ("policies/escalation", "deputy-of-a-deputy"),
    ] {
        let policy = policy(path);
        let issue = policy.program.scenarios.iter().find(|s| &*s.name == name).or(policy.program.scenarios.first());
        let issue = &issue.expect("a scenario").issue;
        let proof = told(&policy, issue, json);
        for (what, changed) in tampered(&proof) {
            tried += 1;
            assert!(verify(&policy.program, issue, &changed).is_err(), "{what}");
        }
    }
    assert!(tried > 100);
}

#[test]
fn a_proof_of_another_issue_or_policy_is_refused() {
    let saas = policy("policies/saas-platform");
    let issue = scenario(&saas, "aggregation-stopped-untouched");
    let proof = told(&saas, issue, json);
    let mut other = Issue::empty(&saas.program, issue.id.clone());
    other.title.clone_from(&issue.title);
    assert!(verify(&saas.program, &other, &proof).is_err());
    let escalation = policy("policies/escalation");
    let faults =
        verify(&escalation.program, &Issue::empty(&escalation.program, "x"), &proof).expect_err("another policy");
    assert!(faults[0].contains("another policy"), "{faults:?}");
    assert!(verify(&saas.program, issue, &json!({ "format": 3 })).is_err());
}

#[test]
fn the_text_tells_the_whole_proof() {
    let saas = policy("policies/saas-platform");
    let look = Look::default();
    insta::assert_snapshot!(
        "settled",
        told(&saas, scenario(&saas, "aggregation-stopped-untouched"), |e| text(e, look))
    );
    let escalation = policy("policies/escalation");
    for (number, scenario) in escalation.program.scenarios.iter().enumerate().filter(|(n, _)| n % 9 == 0) {
        insta::assert_snapshot!(format!("escalation-{number}"), told(&escalation, &scenario.issue, |e| text(e, look)));
    }
}

#[test]
fn the_page_is_one_page_and_hostile_text_stays_text() {
    let saas = policy("policies/saas-platform");
    let mut issue = scenario(&saas, "aggregation-stopped-untouched").clone();
    issue.id = "<script>alert(1)</script>\u{1b}[31m".into();
    issue.title = Some("\" onload=\"x".into());
    let page = told(&saas, &issue, html);
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    for hostile in ["<script", "\u{1b}", "\" onload", "http:", "https:", "src="] {
        assert!(!page.contains(hostile), "{hostile}");
    }
}

#[test]
fn every_repair_makes_the_decision_what_was_asked_for() {
    let saas = policy("policies/saas-platform");
    let team = DecisionId(0);
    let mut found = 0;
    for name in ["aggregation-stopped-untouched", "worked-before-unchanged", "advice-only"] {
        let Some(scenario) = saas.program.scenarios.iter().find(|s| &*s.name == name) else { continue };
        for option in 0..saas.program.decision(team).options.len() {
            let limits = Limits { max_changes: 2, ..Limits::default() };
            let all = repairs(&saas.program, &saas.plan, &scenario.issue, team, option, &limits);
            assert!(all.complete);
            for repair in all.repairs {
                found += 1;
                let issue = applied(&scenario.issue, &repair.changes);
                for fact in repair.changes.iter().map(Change::fact) {
                    assert_ne!(issue.fact(fact), scenario.issue.fact(fact));
                }
                let model = evaluate_planned(&saas.program, &saas.plan, &issue);
                let outcome = settle(&saas.program, &issue, &model).outcomes[0].clone();
                assert_eq!(outcome.value, [option]);
                assert_ne!(outcome.status, Status::Conflict);
            }
        }
    }
    assert!(found > 10);
}

#[test]
fn facts_that_are_fixed_are_left_alone() {
    let saas = policy("policies/saas-platform");
    let issue = scenario(&saas, "aggregation-stopped-untouched");
    let fixed = vec![saas.program.fact_ids["subject"], saas.program.fact_ids["need"]];
    let limits = Limits { fixed: fixed.clone(), ..Limits::default() };
    let services = saas.program.decision(DecisionId(0)).options.iter().position(|o| &*o.id == "expert_services");
    let all = repairs(&saas.program, &saas.plan, issue, DecisionId(0), services.expect("an option"), &limits);
    assert!(!all.repairs.is_empty());
    assert!(all.repairs.iter().flat_map(|r| &r.changes).all(|change| !fixed.contains(&change.fact())));
}

fn fixture(policy: &Policy, name: &str) -> Issue {
    let input = remit::issue::Input::File(format!("fixtures/{name}.toml").into());
    let issues = remit::issue::Issues::open(&policy.program, vec![input], remit::issue::ReadOptions::default());
    issues.expect("a file").next().expect("an issue").expect("one that fits").issue
}

/// An open decision: both sides, and what each answer would bring, cell by cell.
#[test]
fn an_open_decision_tells_both_sides_and_what_would_settle_it() {
    let saas = policy("policies/saas-platform");
    let told_of = |name: &str| told(&saas, &fixture(&saas, name), |e| text(e, Look::default()));
    insta::assert_snapshot!("open-cell", told_of("connector-not-said"));
    insta::assert_snapshot!("open-fact", told_of("rule-not-ruled-out"));
    let little = told_of("question-only");
    assert!(little.contains("(previously_working)\n    No answer settles it alone.\n"), "{little}");
    assert!(little.contains("(subject)\n    A custom rule: Expert Services\n"), "{little}");
}

#[test]
fn the_effects_of_a_missing_cell_can_be_checked() {
    let saas = policy("policies/saas-platform");
    let issue = fixture(&saas, "connector-not-said");
    let proof = told(&saas, &issue, json);
    let effect = &proof["decisions"]["team"]["effects"][0];
    assert_eq!((&effect["row"]["name"], &effect["column"]), (&json!("HR DB"), &json!("connector")));
    assert_eq!(verify(&saas.program, &issue, &proof), Ok(()));
    for (key, value) in [("row", json!({})), ("row", json!(0)), ("column", json!("name")), ("fact", json!("product"))] {
        let mut bad = proof.clone();
        bad["decisions"]["team"]["effects"][0][key] = value.clone();
        assert!(verify(&saas.program, &issue, &bad).is_err(), "{key} = {value}");
    }
}

/// A policy of lists with one rule for `total` and one that looks at it.
fn of_lists(total: &str, looks: &str) -> String {
    format!(
        r#"
[policy]
name = "lists"
[fact.urgent]
type = "bool"
[fact.hours]
type = "list"
of = "number"
[rule.total]
says = '{total}'
[rule.looks]
says = '{looks}'
[decision.answer]
question = "Which?"
hit-policy = "priority"
default = "no"
option = [{{ id = "yes" }}, {{ id = "no" }}]
"#
    )
}

/// §8: the literals of an aggregate in a head may stand in any order.
#[test]
fn order_within_a_head_is_not_told() {
    let told = |total: &str, format: &str| {
        let policy = of_lists(total, "answer(yes) if total(_)");
        let run = Run::new(["explain", "i.json", "--policy", "p.toml", "--format", format]);
        let outcome = run.file("p.toml", &policy).file("i.json", r#"{"urgent":true,"hours":[2.5]}"#).outcome();
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        outcome.stdout
    };
    for format in ["text", "json"] {
        let (one, other) = ("total(min(H : urgent, hours(H)))", "total(min(H : hours(H), urgent))");
        assert_eq!(told(one, format), told(other, format));
    }
}

/// The sum of no numbers is `0.0`, however the numbers come about; the checker finds the same.
#[test]
fn a_proof_of_a_sum_of_nothing_holds() {
    for total in [
        "total(sum(H : hours(H)))",
        "total(sum(H * 1.5 : hours(H)))",
        "total(T) if T = sum(H * 1.5 : hours(H))",
        "total(sum(K : hours(H), K = H + 1))",
    ] {
        let policy = of_lists(total, "answer(yes) if total(0.0)");
        let run = |arguments: &[&str]| {
            let files = ["explain", "i.json", "--policy", "p.toml"];
            Run::new(files.iter().chain(arguments).copied()).file("p.toml", &policy).file("i.json", r#"{"hours":[]}"#)
        };
        let proof = run(&["--format", "json"]).outcome().stdout;
        let checked = run(&["--verify", "proof.json"]).file("proof.json", &proof).outcome();
        assert_eq!(
            (checked.code, checked.stdout.as_str()),
            (0, "proof.json: every step holds\n"),
            "{total}: {}",
            checked.stderr
        );
        assert!(proof.contains("\"value\": \"yes\""), "{total}: {proof}");
    }
}

/// The empty text is seen where a rule's values and reasons are told.
#[test]
fn an_empty_text_is_shown_as_quotes() {
    let policy = "[policy]\nname = 'duty'\n[fact.on_duty]\ntype = 'records'\ncolumns = { person = 'text', until = 'integer' }\n\
        [decision.d]\nquestion = '?'\nhit-policy = 'priority'\noption = [{ id = 'yes' }]\n\
        [rule.long]\nsays = 'long(P) if on_duty(person: P, until: U), U >= 20'\nbecause = '{P} stays late.'\n\
        [rule.r]\nsays = 'd(yes) if long(P), not short(P)'\n[rule.short]\nsays = 'short(P) if on_duty(person: P, until: 1)'\n";
    let run = Run::new(["explain", "i.toml"]).file("policies/p/policy.toml", policy);
    let text = run.file("i.toml", "on_duty = [{ person = \"\", until = 22 }]\n").outcome().stdout;
    for told in ["\"\" stays late.\n", "long(\"\")", "with P = \"\":", "person \"\""] {
        assert!(text.contains(told), "{told}: {text}");
    }
}

/// Whether a proof holds is told in one way.
#[test]
fn a_check_of_a_proof_takes_no_other_format() {
    let run = |format: &'static str| {
        let arguments = ["explain", "i.json", "--verify", "proof.json", "--format", format];
        Run::new(arguments)
            .file("policies/policy.toml", crate::run::CLEAN)
            .file("i.json", "{}")
            .file("proof.json", "{}")
    };
    let told = "error: whether a proof holds is told as text, and by the exit code\n  help: leave `--format` out\n\n\
                For more information, try `remit explain --help`.\n";
    run("json").code(2).stderr(told).run();
    run("html").code(2).stderr(told).run();
    assert_eq!(run("text").outcome().code, 1);
}
