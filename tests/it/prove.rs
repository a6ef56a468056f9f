//! `remit prove`: what is claimed, proved and refuted; faults that were planted; and whether
//! going through all issues one by one says the same.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::test_runner::{Config, TestCaseError, TestRunner};
use remit::engine::{self, Interpretation, Model, Plan, Plane};
use remit::issue::{FactState, Issue};
use remit::program::{FactKind, Given, InvariantKind, Program};
use remit::prove::{Abstraction, Bounds, Claim, Findings, Verdict, prove};
use remit::value::Value;
use remit::verdict::hit_policy;
use serde_json::Value as Json;

use crate::r#gen::case::{cases, compile};
use crate::run::Run;

const POLICY: &str = r#"
[policy]
name = "small"

[fact.kind]
options = ["fix", "build", "advice"]
[fact.days]
type = "integer"
[fact.worked]
type = "bool"
[fact.colour]
options = ["red", "blue"]

[rule.old]
says = 'queue(slow) if days > 30'
because = "It is old."
[rule.broken]
says = 'queue(fast) if kind = fix, worked'
because = "It worked."
[rule.never]
says = 'queue(fast) if days > 30, kind = fix, days < 10, worked'
because = "Never."
[rule.older]
says = 'queue(slow) if days > 60'
because = "It is very old."
[rule.asked]
says = 'queue(slow) if kind = advice'
because = "Somebody asks."
[rule.always-overrides]
says = 'mail(a) if kind = build'
because = "Something new."
overrides = ["always-overridden"]
[rule.always-overridden]
says = 'mail(b) if kind = build, worked'
because = "Something new that worked."
[rule.both]
says = 'mail(a) if kind = fix'
because = "Both."
[rule.both-too]
says = 'mail(b) if kind = fix, days >= 7'
because = "Both."

[decision.queue]
question = "Which queue?"
hit-policy = "priority"
default = "rest"
option = [{ id = "fast" }, { id = "slow" }, { id = "rest" }, { id = "none" }]

[decision.mail]
question = "Which letter?"
hit-policy = "unique"
option = [{ id = "a" }, { id = "b" }]

[invariant.builds-are-never-fast]
never = 'kind = build, decided(queue, fast)'
[invariant.old-ones-are-slow]
never = 'days > 40, not decided(queue, slow)'
"#;

#[test]
fn what_is_found_is_told() {
    let outcome = Run::new(["prove", "--policy", "policy.toml"]).file("policy.toml", POLICY).outcome();
    assert_eq!(outcome.code, 6, "{}", outcome.stderr);
    insta::assert_snapshot!("prove_text", outcome.stdout);
}

#[test]
fn every_format_tells_the_same() {
    for format in ["json", "sarif", "junit"] {
        let outcome =
            Run::new(["prove", "--policy", "policy.toml", "--format", format]).file("policy.toml", POLICY).outcome();
        assert_eq!(outcome.code, 6, "{}", outcome.stderr);
        insta::assert_snapshot!(format!("prove_{format}"), outcome.stdout);
    }
}

#[test]
fn examples_are_fact_files_that_show_it() {
    let outcome = Run::new(["prove", "--policy", "policy.toml", "--examples", "found", "-q"])
        .file("policy.toml", POLICY)
        .outcome();
    let folder = outcome.folder.path().join("found");
    let text = std::fs::read_to_string(folder.join("conflict-mail.toml")).expect("an example of the conflict");
    assert!(text.contains("kind = \"fix\"\ndays = 7\n") && !text.contains("worked"), "{text}");
    let decided = Run::new(["decide", "--policy", "policy.toml", "example.toml", "--format", "json"])
        .file("policy.toml", POLICY)
        .file("example.toml", text)
        .outcome();
    assert_eq!(decided.code, 4, "{}", decided.stdout);
}

#[test]
fn only_what_is_denied_fails() {
    let fine = POLICY.replace("mail(b) if kind = fix, days >= 7", "mail(a) if kind = fix, days >= 7");
    let fine = fine.replace("not decided(queue, slow)'", "not decided(queue, slow), not decided(queue, fast)'");
    let code = |deny: &[&str]| {
        let mut arguments = vec!["prove", "--policy", "policy.toml"];
        arguments.extend(deny.iter().flat_map(|kind| ["--deny", *kind]));
        Run::new(arguments).file("policy.toml", &fine).outcome().code
    };
    assert_eq!(code(&[]), 0);
    for kind in ["gap", "overlap", "dead-option", "dead-rule", "dead-fact"] {
        assert_eq!(code(&[kind]), 6, "{kind}");
    }
    assert_eq!(code(&["undetermined"]), 0);
    assert_eq!(code(&["nonsense"]), 2);
}

#[test]
fn what_takes_too_long_is_undetermined() {
    let arguments = ["prove", "--policy", "policy.toml", "--timeout", "0", "--deny", "undetermined"];
    let outcome = Run::new(arguments).file("policy.toml", POLICY).outcome();
    assert_eq!(outcome.code, 6);
    assert!(outcome.stdout.contains("too much for the time"), "{}", outcome.stdout);
}

#[test]
fn a_policy_that_cannot_be_read_is_refused() {
    let broken = POLICY.replace("days > 60", "dayz > 60");
    let outcome = Run::new(["prove", "--policy", "policy.toml"]).file("policy.toml", broken).outcome();
    assert_eq!((outcome.code, outcome.stdout.as_str()), (1, ""));
    assert!(outcome.stderr.contains("unknown-name"), "{}", outcome.stderr);
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The findings on a copy of a shipped policy to which something was added, by claim and name.
fn planted(policy: &str, added: &str) -> BTreeMap<(String, String), Json> {
    let mut run = Run::new(["prove", "--policy", "policy", "--format", "json"]).file("policy/planted.toml", added);
    for entry in std::fs::read_dir(root().join("policies").join(policy)).expect("the policy is there") {
        let path = entry.expect("a file").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        if path.is_file() && !name.starts_with("scenario") {
            run = run.file(&format!("policy/{name}"), std::fs::read(&path).expect("it can be read"));
        }
    }
    let outcome = run.outcome();
    let json: Json = serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| unreachable!("{}", outcome.stderr));
    let findings = json["findings"].as_array().expect("findings").clone();
    let text = |finding: &Json, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    findings.into_iter().map(|finding| ((text(&finding, "claim"), text(&finding, "name")), finding)).collect()
}

#[test]
fn planted_faults_are_found() {
    let added = r#"
[rule.planted-dead]
says = 'flags(split) if need = build, product = nerm, need = fix'
[rule.planted-shadowed]
says = 'team(nerm_desk) if product = nerm, need = fix'
[rule.planted-outranked]
says = 'team(saas_support) if product = other'
[rule.planted-above]
says = 'flags(overlap) if product = identitynow'
overrides = ["planted-below"]
[rule.planted-below]
says = 'flags(split) if product = identitynow, need = advice'
[rule.planted-one]
says = 'desk(one) if need = fix'
[rule.planted-other]
says = 'desk(other) if config_changed, not previously_working'
[decision.desk]
question = "Which desk?"
hit-policy = "unique"
option = [{ id = "one" }, { id = "other" }]
[invariant.planted]
never = 'decided(team, customer), data_quality'
[fact.planted_fact]
type = "bool"
"#;
    let found = planted("saas-platform", added);
    let at = |claim: &str, name: &str| &found[&(claim.to_owned(), name.to_owned())];
    let refuted = |claim: &str, name: &str| {
        let finding = at(claim, name);
        assert_eq!(finding["verdict"], "refuted", "{finding:#}");
        finding
    };
    let contradiction = &refuted("rule-holds", "planted-dead")["reasons"][0];
    let literals: Vec<&str> =
        contradiction["literals"].as_array().expect("literals").iter().filter_map(|l| l["text"].as_str()).collect();
    assert_eq!(literals, ["need = build", "need = fix"]);
    let shadowed = &refuted("rule-matters", "planted-shadowed")["reasons"][0];
    assert_eq!((&shadowed["reason"], &shadowed["rules"][0]), (&"implied".into(), &"nerm-has-its-own-guidance".into()));
    let outranked = &refuted("rule-matters", "planted-outranked")["reasons"][0];
    assert_eq!((&outranked["reason"], &outranked["rules"][0]), (&"outranked".into(), &"other-products-are-out".into()));
    let overridden = &refuted("rule-holds", "planted-below")["reasons"][0];
    assert_eq!((&overridden["reason"], &overridden["rules"][0]), (&"overridden".into(), &"planted-above".into()));
    let conflict = &refuted("conflict", "desk")["example"]["issue"];
    assert_eq!(*conflict, serde_json::json!({ "need": "fix", "previously_working": false, "config_changed": true }));
    assert!(refuted("gap", "desk")["example"]["issue"].is_object());
    assert!(refuted("invariant", "planted")["example"]["issue"].is_object());
    refuted("fact-matters", "planted_fact");
    assert_eq!(at("invariant", "support-never-builds")["verdict"], "proved");
}

#[test]
fn nothing_is_undetermined_of_the_shipped_policy() {
    let found = planted("saas-platform", "");
    let refuted: Vec<(&str, &str)> = found
        .iter()
        .filter(|(_, finding)| finding["verdict"] != "proved")
        .map(|((claim, name), _)| (claim.as_str(), name.as_str()))
        .collect();
    // The general rules name Expert Services for these too; the listed ones say so in their own words.
    let meant = [
        ("gap", "team"),
        ("overlap", "team customer expert_services"),
        ("overlap", "team customer saas_support"),
        ("overlap", "team expert_services saas_support"),
        ("rule-matters", "help-with-access"),
        ("rule-matters", "new-source-fails"),
        ("rule-matters", "source-must-change"),
    ];
    assert_eq!(refuted, meant);
    assert!(found.values().all(|finding| finding["up_to_rows"].is_null()), "two rows are all kinds of rows");
}

/// The claims on all issues that enumeration can judge, with whether some issue decides them.
fn enumerated(program: &Program, abstraction: &Abstraction) -> BTreeMap<Claim, bool> {
    let plan = Plan::new(program);
    let mut decided: BTreeMap<Claim, bool> = BTreeMap::new();
    let mut note = |claim: Claim, here: bool| *decided.entry(claim).or_default() |= here;
    for issue in issues(program, abstraction) {
        let model = engine::evaluate_planned(program, &plan, &issue);
        if model.faults.is_empty() {
            judge(program, &plan, &issue, &model, &mut note);
        }
    }
    decided
}

fn judge(program: &Program, plan: &Plan, issue: &Issue, model: &Model, note: &mut impl FnMut(Claim, bool)) {
    let interpretation = Interpretation::new(program, plan, issue, model);
    for (number, invariant) in program.invariants.iter().enumerate() {
        let holds = !interpretation.answers(&invariant.body, Plane::Certain).is_empty();
        note(Claim::Invariant(number), holds == (invariant.kind == InvariantKind::Never));
    }
    for (index, decision) in program.decisions.iter().enumerate() {
        let id = remit::program::DecisionId(index as u32);
        let concluded = hit_policy::options_of(decision, model, Plane::Certain);
        let hit = hit_policy::hit(decision, model);
        note(Claim::NoConflict(id), concluded.len() > 1);
        note(Claim::NoGap(id), concluded.is_empty());
        for option in 0..decision.options.len() {
            note(Claim::OptionOccurs(id, option), hit.value.contains(&option));
        }
    }
    for index in 0..program.clauses.len() {
        let id = remit::program::ClauseId(index as u32);
        note(Claim::ClauseHolds(id), model.certain_derivations.iter().any(|derivation| derivation.clause == id));
    }
    for (index, rule) in program.rules.iter().enumerate() {
        let holds = model.certain_derivations.iter().any(|derivation| rule.clauses.contains(&derivation.clause));
        note(Claim::RuleHolds(remit::program::RuleId(index as u32)), holds);
    }
}

/// Every issue of the abstraction.
fn issues(program: &Program, abstraction: &Abstraction) -> Vec<Issue> {
    let mut all = vec![Issue::empty(program, "one")];
    for (slot, fact) in program.facts.iter().enumerate() {
        let columns = match &fact.kind {
            FactKind::Records(columns) => columns.len(),
            _ => 1,
        };
        let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
        for column in 0..columns {
            let grown = |row: Vec<Value>| {
                abstraction.values(slot, column).iter().map(move |value| [row.clone(), vec![value.clone()]].concat())
            };
            rows = rows.into_iter().flat_map(grown).collect();
        }
        let given: Vec<Given> = match &fact.kind {
            FactKind::Single(_) => rows.into_iter().flatten().map(Given::Value).collect(),
            _ => {
                let mut given = vec![Given::Rows(Vec::new())];
                given.extend(rows.into_iter().map(|row| Given::Rows(vec![row])));
                given
            }
        };
        let with = |issue: Issue| {
            given.iter().map(move |given| {
                let mut issue = issue.clone();
                issue.facts[slot] = FactState::Given(given.clone());
                issue
            })
        };
        all = all.into_iter().flat_map(with).collect();
    }
    all
}

/// The most issues that are gone through for one policy.
const MOST: u64 = 400;

fn compare(program: &Program, findings: &Findings, enumerated: &BTreeMap<Claim, bool>) -> Result<(), String> {
    for finding in &findings.findings {
        let Some(decided) = enumerated.get(&finding.claim) else { continue };
        let found = match (&finding.verdict, finding.claim.is_universal()) {
            (Verdict::Refuted | Verdict::RefutedUpTo(..), universal) => universal,
            (Verdict::Proved | Verdict::ProvedUpTo(..), universal) => !universal,
            // What is not determined has no example among the witnesses.
            (Verdict::Undetermined(_), _) => false,
        };
        // Where arithmetic can fail, a few more issues are left out than need be.
        if found != *decided && !(findings.leaves_out_failures && *decided) {
            return Err(format!("{finding:#?}\nof {}: going through all issues says {decided}", program.name));
        }
    }
    Ok(())
}

#[test]
fn going_through_all_issues_says_the_same() {
    let mut config = Config { failure_persistence: None, max_shrink_iters: 300, ..Config::default() };
    // Some thousand cases find a policy that is too large to be encoded. The same cases each time, unless more
    // are asked for.
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 120;
        config.rng_seed = proptest::test_runner::RngSeed::Fixed(2026);
    }
    let compared = std::cell::Cell::new(0);
    let outcome = TestRunner::new(config).run(&cases(), |case| {
        let compiled = compile(vec![case.policy.to_string()]).map_err(TestCaseError::fail)?;
        let bounds = Bounds { rows: 1 };
        let abstraction = Abstraction::of(&[&compiled.program], bounds);
        if abstraction.size().is_none_or(|size| size > MOST) {
            return Ok(());
        }
        compared.set(compared.get() + 1);
        let findings = prove(&compiled.program, bounds, None)
            .map_err(|disagreement| TestCaseError::fail(format!("{disagreement:#?}")))?;
        compare(&compiled.program, &findings, &enumerated(&compiled.program, &abstraction)).map_err(TestCaseError::fail)
    });
    outcome.unwrap_or_else(|error| unreachable!("{error}"));
    assert!(compared.get() > 10, "policies are small enough: {}", compared.get());
}
