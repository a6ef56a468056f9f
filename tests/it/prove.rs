//! `remit prove`: what is claimed, proved and refuted, and faults that were planted.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value as Json;

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
    assert!(text.contains("kind = \"fix\"\ndays = ") && !text.contains("worked"), "{text}");
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
fn what_holds_only_where_arithmetic_fails_is_seen_or_named() {
    let policy = r#"
[policy]
name = "large"
[fact.small]
type = "integer"
[fact.large]
type = "integer"
[rule.doubled]
says = 'team(one) if small + small = small'
[rule.at-the-end]
says = 'team(two) if small = 9223372036854775807'
[rule.doubled-too]
says = 'team(one) if large + large = large'
[rule.near-the-end]
says = 'team(two) if large > 9223372036854770000'
[decision.team]
question = "Who?"
hit-policy = "priority"
default = "three"
option = [{ id = "one" }, { id = "two" }, { id = "three" }]
"#;
    let outcome =
        Run::new(["prove", "--policy", "policy.toml", "--format", "json"]).file("policy.toml", policy).outcome();
    let json: Json = serde_json::from_str(&outcome.stdout).expect("JSON");
    let of = |name: &str| {
        let findings = json["findings"].as_array().expect("findings");
        let holds = |finding: &&Json| finding["claim"] == "rule-holds" && finding["name"] == name;
        findings.iter().find(holds).expect("a finding").clone()
    };
    assert_eq!(of("doubled")["verdict"], "proved");
    assert_eq!(of("at-the-end")["verdict"], "refuted");
    let open = of("near-the-end");
    assert_eq!(open["verdict"], "undetermined");
    assert_eq!(open["constructs"][0]["text"], "large + large = large", "{open:#}");
}

#[test]
fn recursion_goes_through_as_many_rows_as_there_are() {
    let policy = r#"
[policy]
name = "steps"
[fact.edge]
type = "records"
[fact.edge.columns]
from = ["a", "b", "c", "d"]
to = ["a", "b", "c", "d"]
[rule.start]
says = 'reached(a)'
[rule.step]
says = 'reached(Y) if reached(X), edge(from: X, to: Y)'
[rule.path]
says = ['path(X, Y) if edge(from: X, to: Y)', 'path(X, Z) if path(X, Y), edge(from: Y, to: Z)']
[rule.near]
says = ['near if edge(from: a, to: d)', 'near if edge(from: a, to: X), edge(from: X, to: d)']
[rule.far]
says = 'goal(far) if reached(d), path(a, d), not near'
[decision.goal]
question = "How far?"
hit-policy = "collect"
option = [{ id = "far" }]
[invariant.reached-in-two]
never = 'reached(d), not near'
[invariant.path-of-two]
never = 'path(a, d), not near'
"#;
    let verdicts = |rows: &str| {
        let invariants = findings(policy, rows).into_iter().filter(|finding| finding["claim"] == "invariant");
        invariants.map(|finding| finding["verdict"].as_str().expect("a verdict").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(verdicts("2"), ["proved", "proved"]);
    assert_eq!(verdicts("3"), ["refuted", "refuted"], "three rows lead there in three steps");
}

#[test]
fn a_sum_of_too_many_numbers_leaves_nothing_else_open() {
    let policy = r#"
[policy]
name = "repairs"
[fact.limit]
type = "integer"
[fact.urgent]
type = "bool"
[fact.paid]
type = "bool"
[fact.part]
type = "records"
columns = { kind = "text", cost = "integer", hours = "integer" }
[rule.dear]
says = 'team(experts) if sum(C * H : part(cost: C, hours: H)) > limit'
[rule.half]
says = 'half if sum(C : part(cost: C)) > 100, limit < 5'
[rule.support]
says = 'team(support) if urgent, not paid'
[rule.services]
says = ['team(services) if paid, not urgent', 'team(services) if half']
[rule.never]
says = 'team(nobody) if paid, not paid'
[decision.team]
question = "Who?"
hit-policy = "priority"
default = "desk"
option = [{ id = "experts" }, { id = "support" }, { id = "services" }, { id = "nobody" }, { id = "desk" }]
[invariant.nobody]
never = 'decided(team, nobody)'
[invariant.cheap]
never = 'half, decided(team, services)'
"#;
    let findings = findings(policy, "3");
    let of = |claim: &str, name: &str| {
        let found = findings.iter().find(|finding| {
            finding["claim"] == claim && [&finding["name"], &finding["option"]].iter().any(|named| **named == name)
        });
        found.unwrap_or_else(|| unreachable!("{claim} {name}: {findings:#?}"))
    };
    assert_eq!(of("invariant", "nobody")["verdict"], "proved");
    assert_eq!(of("invariant", "cheap")["verdict"], "refuted", "{findings:#?}");
    assert!(findings.iter().all(|finding| finding["verdict"] != "undetermined"), "{findings:#?}");
}

#[test]
fn one_expression_beside_several_constants_is_kept_in_order() {
    let policy = r#"
[policy]
name = "returns"
[fact.delivered]
type = "date"
[fact.reported]
type = "date"
[rule.soon]
says = 'soon if reported - delivered <= 14'
[rule.late]
says = 'late if 365 < reported - delivered'
[rule.flag]
says = ['flag(late) if not soon', 'flag(late) if late', 'flag(year) if reported - delivered = 365']
[decision.flag]
question = "What should be noted?"
hit-policy = "collect"
option = [{ id = "late" }, { id = "year" }]
[invariant.not-both]
never = 'soon, late'
[invariant.either]
always = 'soon or late'
[invariant.the-year-is-not-soon]
never = 'soon, decided(flag, year)'
[invariant.the-year-is-not-late]
never = 'late, decided(flag, year)'
"#;
    let findings = findings(policy, "2");
    let verdicts = |claim: &str| {
        let of = findings.iter().filter(|finding| finding["claim"] == claim);
        of.map(|finding| finding["verdict"].as_str().expect("a verdict")).collect::<Vec<_>>()
    };
    assert_eq!(verdicts("invariant"), ["proved", "refuted", "proved", "proved"], "{findings:#?}");
    let needless: Vec<&str> = findings
        .iter()
        .filter(|finding| finding["claim"] == "clause-matters" && finding["verdict"] == "refuted")
        .filter_map(|finding| finding["message"].as_str())
        .collect();
    assert!(needless.len() == 1 && needless[0].contains("flag(late) if late"), "{findings:#?}");
}

/// What is found of the first claim of a policy, its invariant if it has one.
fn first_finding(policy: &str) -> Json {
    findings(policy, "2").remove(0)
}

/// What is found of a policy with so many rows.
fn findings(policy: &str, rows: &str) -> Vec<Json> {
    let arguments = ["prove", "--policy", "policy.toml", "--format", "json", "--rows", rows];
    let outcome = Run::new(arguments).file("policy.toml", policy).outcome();
    let json: Json = serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| unreachable!("{}", outcome.stderr));
    json["findings"].as_array().expect("findings").clone()
}

#[test]
fn a_count_that_no_witness_stands_for_is_no_proof() {
    // In each, a level of two and a row of each kind break it.
    for invariant in [
        "never = 'level(N), count(K : row(kind: K)) = N, row(kind: a), row(kind: b)'",
        "never = 'size(N), level(N), row(kind: a), row(kind: b)'",
        "always = 'not level(count(K : row(kind: K))) or not row(kind: a) or not row(kind: b)'",
    ] {
        let policy = format!(
            r#"
[policy]
name = "counts"
[fact.level]
type = "list"
of = "integer"
[fact.row]
type = "records"
[fact.row.columns]
kind = ["a", "b"]
[concept.size]
means = "How many kinds of rows there are"
[rule.size]
says = 'size(N) if N = count(K : row(kind: K))'
[rule.any]
says = 'team(one) if level(_), row(kind: a)'
[decision.team]
question = "Who?"
hit-policy = "collect"
option = [{{ id = "one" }}]
[invariant.two]
{invariant}
"#
        );
        let finding = first_finding(&policy);
        let verdict = finding["verdict"].as_str().expect("a verdict");
        assert!(["refuted", "undetermined"].contains(&verdict), "{invariant}: {finding:#}");
    }
}

#[test]
fn an_equation_that_fails_leaves_its_variable_to_the_others() {
    let policy = r#"
[policy]
name = "equations"
[fact.flag]
type = "bool"
[concept.odd]
means = "What no number is"
[rule.odd]
says = 'odd if I = 9223372036854775807 + 1, I = 1, I + I = I'
[rule.one]
says = 'team(one) if flag, not odd'
[decision.team]
question = "Who?"
hit-policy = "collect"
option = [{ id = "one" }]
[invariant.off]
never = 'flag'
"#;
    // Nothing fails where the flag is set: the clause does not hold whatever the sum may be.
    let finding = first_finding(policy);
    assert_eq!(finding["verdict"], "refuted", "{finding:#}");
}

#[test]
fn what_fails_beside_a_sure_solution_is_no_reason_to_doubt() {
    let policy = r#"
[policy]
name = "beside"
[fact.flag]
type = "bool"
[rule.sizes]
says = ['size(9223372036854775807)', 'size(1)']
[rule.one]
says = 'team(one) if flag, not (size(N), M = N + 1, M = M)'
[decision.team]
question = "Who?"
hit-policy = "collect"
option = [{ id = "one" }]
[invariant.never-one]
never = 'team(one)'
"#;
    // One size has no next one, but the other has: there is a size with a next one, in every issue.
    let finding = first_finding(policy);
    assert_eq!(finding["verdict"], "proved", "{finding:#}");
}

#[test]
fn shares_are_counted_over_all_kinds_of_issues() {
    let run = |arguments: &[&str]| {
        let arguments = ["prove", "--policy", "policy.toml", "--shares"].iter().chain(arguments);
        Run::new(arguments.copied()).file("policy.toml", POLICY).outcome().stdout
    };
    let json: Json = serde_json::from_str(&run(&["--format", "json"])).expect("JSON");
    let shares = &json["shares"];
    let all = json["issues"].as_u64().expect("they can be counted");
    assert_eq!(shares["issues"], all);
    let queue = &shares["decisions"]["queue"];
    let of = |option: &str| queue["options"][option].as_u64().expect("a count");
    // Of three kinds, `fix` is one; of two answers, that it worked is one.
    assert_eq!(of("fast"), all / 6);
    assert_eq!(of("fast") + of("slow") + of("rest"), all);
    assert_eq!((of("none"), &queue["conflict"], &queue["nothing"]), (0, &Json::from(0), &Json::from(0)));
    let mail = &shares["decisions"]["mail"];
    let (a, b) = (&mail["options"]["a"], &mail["options"]["b"]);
    let sum = [a, b, &mail["conflict"], &mail["nothing"]].iter().filter_map(|count| count.as_u64()).sum::<u64>();
    assert_eq!((sum, b), (all, &Json::from(0)), "{mail:#}");
    assert_eq!(mail["nothing"], all / 3, "nothing is said of advice");
    assert!(run(&[]).contains("fast    16.7 %"), "{}", run(&[]));
    let none: Json = serde_json::from_str(&run(&["--format", "json", "--timeout", "0"])).expect("JSON");
    assert_eq!(none["shares"], Json::Null);
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
fn planted(policy: &str, rows: &str, added: &str) -> BTreeMap<(String, String), Json> {
    let arguments = ["prove", "--policy", "policy", "--format", "json", "--rows", rows];
    let mut run = Run::new(arguments).file("policy/planted.toml", added);
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
fn planted_faults_are_found_in_the_policy_to_learn_from() {
    let added = r#"
[rule.planted-dead]
says = 'notify(status_page) if hour > 20, severity = p1, contract = basic, hour < 4'
[rule.planted-shadowed]
says = 'urgent if severity = p1, hour >= 12'
[rule.planted-outranked]
says = 'reach(higher_level) if level_needed(N), answers(_, N)'
[rule.planted-above]
says = 'notify(account_manager) if hour > 6'
overrides = ["planted-below"]
[rule.planted-below]
says = 'notify(status_page) if hour > 12'
[rule.planted-again]
says = 'escalate_to(on_call) if serious, contract = standard'
[rule.planted-one]
says = 'desk(one) if affected_users >= 10'
[rule.planted-other]
says = 'desk(other) if affected_users < 10, title != ""'
[decision.desk]
question = "Which desk?"
hit-policy = "unique"
option = [{ id = "one" }, { id = "other" }]
[invariant.planted]
never = 'decided(escalate_to, director), hour < 6'
[fact.planted_fact]
type = "date"
"#;
    let found = planted("escalation", "1", added);
    let refuted = |claim: &str, name: &str| {
        let finding = &found[&(claim.to_owned(), name.to_owned())];
        assert_eq!(finding["verdict"], "refuted", "{finding:#}");
        finding
    };
    let by = |claim: &str, name: &str| {
        let reason = &refuted(claim, name)["reasons"][0];
        (reason["reason"].as_str().unwrap_or_default().to_owned(), reason["rules"].clone())
    };
    let literals = &refuted("rule-holds", "planted-dead")["reasons"][0]["literals"];
    let literals: Vec<&str> = literals.as_array().expect("some").iter().filter_map(|l| l["text"].as_str()).collect();
    assert_eq!(literals, ["hour < 4", "hour > 20"]);
    assert_eq!(by("rule-matters", "planted-shadowed"), ("implied".to_owned(), serde_json::json!(["urgent"])));
    let own_level = ("outranked".to_owned(), serde_json::json!(["own-level-answers"]));
    assert_eq!(by("rule-matters", "planted-outranked"), own_level);
    assert_eq!(by("rule-holds", "planted-below"), ("overridden".to_owned(), serde_json::json!(["planted-above"])));
    let concluded = &refuted("conflict", "escalate_to")["example"]["concluded"]["escalate_to"];
    assert_eq!(*concluded, serde_json::json!(["duty_manager", "on_call"]));
    assert_eq!(refuted("gap", "desk")["example"]["issue"]["affected_users"], serde_json::Value::Null);
    assert!(refuted("invariant", "planted")["example"]["issue"]["hour"].as_i64().expect("an hour") < 6);
    refuted("fact-matters", "planted_fact");
}

#[test]
fn a_rule_that_others_make_needless_names_them() {
    let policy = r#"
[policy]
name = "chains"
[fact.kind]
options = ["new", "old", "odd"]
[fact.urgent]
type = "bool"
[fact.far]
type = "bool"
[rule.old-is-simple]
says = 'simple if kind = old'
[rule.far-is-simple]
says = 'simple if far'
[rule.simple-goes-home]
says = 'team(home) if simple'
[rule.what-is-old-goes-home]
says = 'team(home) if kind = old, urgent'
[rule.what-is-not-urgent-goes-home]
says = 'team(home) if kind = old, not urgent'
[rule.for-nobody]
says = 'unheard if kind = odd'
[rule.home-for-the-odd]
says = 'team(home) if kind = odd, far'
[rule.away-for-the-odd]
says = 'team(away) if kind = odd, far'
[decision.team]
question = "Who?"
hit-policy = "priority"
default = "rest"
option = [{ id = "away" }, { id = "home" }, { id = "rest" }]
[decision.one]
question = "Which?"
hit-policy = "unique"
option = [{ id = "a" }, { id = "b" }]
[rule.a]
says = 'one(a) if urgent'
[rule.b]
says = 'one(b) if urgent, far'
"#;
    let outcome = Run::new(["prove", "--policy", "policy.toml"]).file("policy.toml", policy).outcome();
    insta::assert_snapshot!("prove_needless", outcome.stdout);
}

#[test]
fn the_fewest_literals_are_blamed() {
    let rule = "[rule.never]\nsays = 'queue(fast) if days > 5, worked, days < 9, kind = fix, days != 6, days != 7, days != 8, not queue_is_odd, kind = build'\n[rule.odd]\nsays = 'queue_is_odd if worked, colour = red'\n";
    let policy = format!("{}\n{rule}", POLICY.replace("[rule.never]", "[rule.never-either]"));
    let outcome = Run::new(["prove", "--policy", "policy.toml"]).file("policy.toml", policy).outcome();
    let line = outcome.stdout.lines().find(|line| line.contains("rule `never` can never hold")).expect("it is told");
    assert!(line.ends_with("`kind = build` and `kind = fix` contradict each other"), "{line}");
}

#[test]
fn sarif_is_what_the_standard_requires() {
    let arguments = ["prove", "--policy", "policy.toml", "--format", "sarif", "--deny", "gap"];
    let outcome = Run::new(arguments).file("policy.toml", POLICY).outcome();
    let log: Json = serde_json::from_str(&outcome.stdout).expect("JSON");
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let results = run["results"].as_array().expect("results");
    assert!(results.len() > 8, "{}", results.len());
    let mut levels = std::collections::BTreeSet::new();
    for result in results {
        let rule = &rules[result["ruleIndex"].as_u64().expect("an index") as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["shortDescription"]["text"].is_string());
        let level = result["level"].as_str().expect("a level");
        assert!(["error", "warning", "note", "none"].contains(&level), "{level}");
        levels.insert((result["ruleId"].as_str().expect("an id").to_owned(), level.to_owned()));
        assert!(!result["message"]["text"].as_str().expect("a message").is_empty());
        for location in
            [&result["locations"], &result["relatedLocations"]].into_iter().flat_map(|l| l.as_array()).flatten()
        {
            let place = &location["physicalLocation"];
            assert_eq!(place["artifactLocation"]["uri"], "policy.toml");
            let at = |key: &str| place["region"][key].as_u64().unwrap_or_default();
            assert!(at("startLine") >= 1 && at("startColumn") >= 1 && at("endColumn") > at("startColumn"), "{place}");
        }
    }
    assert!(levels.contains(&("gap".to_owned(), "error".to_owned())), "{levels:?}");
    assert!(levels.contains(&("overlap".to_owned(), "note".to_owned())), "{levels:?}");
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
    let found = planted("saas-platform", "2", added);
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
    let found = planted("saas-platform", "2", "");
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

/// A sum of what is calculated from two columns, in place or by way of a relation.
const DAMAGE: &str = r#"
[policy]
name = "damage"
[fact.item]
type = "records"
columns = { kind = ["furniture", "electronics"], price = "integer", age = "integer" }
[fact.urgent]
type = "bool"
[rule.residual]
says = 'residual(K, V) if item(kind: K, price: P, age: A), A < 10, V = P - P * A / 10'
because = "It is worth {V}."
[rule.loss]
says = 'loss(L) if L = sum(V : residual(_, V))'
because = "They are worth {L}."
[rule.big]
says = 'approval(manager) if loss(L), L > 1000'
because = "It is much."
[rule.exact]
says = 'approval(clerk) if loss(700), not urgent'
because = "It is just that."
[rule.both]
says = 'approval(expert) if loss(L), L > 1000, L < 700'
because = "Never."
[rule.gone]
says = 'approval(expert) if sum(V : item(price: P, age: A), V = P - A) > 5000, urgent'
because = "Much is gone."
[decision.approval]
question = "Who signs?"
hit-policy = "priority"
default = "desk"
option = [{ id = "expert" }, { id = "manager" }, { id = "clerk" }, { id = "desk" }]
[invariant.more-is-more]
never = 'loss(L), L > 1000, not decided(approval, manager), not decided(approval, expert)'
[invariant.nothing-is-left]
never = 'loss(L), L < 0'
"#;

#[test]
fn sums_of_what_is_calculated_are_followed_between_constants() {
    for rows in ["1", "2", "3"] {
        let findings = findings(DAMAGE, rows);
        let of = |claim: &str, name: &str| {
            let found = findings.iter().find(|finding| finding["claim"] == claim && finding["name"] == name);
            found.unwrap_or_else(|| unreachable!("{claim} {name}: {findings:#?}"))
        };
        assert!(findings.iter().all(|finding| finding["verdict"] != "undetermined"), "{findings:#?}");
        assert_eq!(of("invariant", "more-is-more")["verdict"], "proved");
        assert_eq!(of("invariant", "nothing-is-left")["verdict"], "refuted");
        assert_eq!(of("rule-holds", "both")["verdict"], "refuted");
        for rule in ["big", "exact", "gone"] {
            assert_eq!(of("rule-matters", rule)["verdict"], "proved", "{rule}");
        }
        let example = &of("invariant", "nothing-is-left")["example"]["issue"]["item"];
        assert_eq!(example.as_array().map(Vec::len), Some(1), "{example}");
    }
}

#[test]
fn what_is_at_hand_is_said_however_little_time_there_is() {
    let run = |timeout: &str| {
        let arguments = ["prove", "--policy", "policy.toml", "--timeout", timeout, "--format", "json"];
        let outcome = Run::new(arguments).file("policy.toml", DAMAGE).outcome();
        let document: Json = serde_json::from_str(&outcome.stdout).expect("JSON");
        document["findings"].as_array().expect("findings").clone()
    };
    let findings = run("0");
    let verdict = |claim: &str, name: &str| {
        let found = findings.iter().find(|finding| finding["claim"] == claim && finding["name"] == name);
        found.map(|finding| finding["verdict"].clone()).unwrap_or_default()
    };
    // Issues that are drawn show it.
    assert_eq!(verdict("gap", "approval"), "refuted");
    assert_eq!(verdict("option-occurs", "approval desk"), "proved");
    assert_eq!(verdict("rule-holds", "residual"), "proved");
    assert_eq!(verdict("invariant", "more-is-more"), "undetermined");
}

#[test]
fn what_time_ran_out_for_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("policy.toml");
    std::fs::write(&path, DAMAGE).expect("it can be written");
    let (program, _) = remit::check::load(&path, &mut remit::source::Sources::default());
    let program = program.expect("the policy is fine");
    let asked = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    // So that it stops at the same place in every run.
    let stop = remit::prove::Stop::when(move || asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) > 3_000);
    let findings = remit::prove::prove(&program, remit::prove::Bounds::default(), Some(stop)).expect("it agrees");
    let open = findings.findings.iter().filter_map(|finding| match &finding.verdict {
        remit::prove::Verdict::Undetermined(obstacle) => Some(obstacle),
        _ => None,
    });
    let open: Vec<_> = open.collect();
    assert!(!open.is_empty());
    for obstacle in open {
        let remit::prove::Obstacle::TooHard(construct) = obstacle else { unreachable!("{obstacle:?}") };
        assert!(construct.text.starts_with("residual"), "{construct:?}");
    }
}

#[test]
fn a_fact_that_only_needless_rules_look_at_never_matters() {
    let policy = r#"
[policy]
name = "stay"
[fact.arrived]
type = "date"
[fact.left]
type = "date"
[fact.wear]
type = "bool"
[rule.long]
says = 'long if left - arrived >= 14'
because = "It was long."
[rule.hotel]
says = 'payer(hotel) if long, wear'
because = "It is ours."
[rule.guest]
says = 'payer(guest) if not wear'
because = "It is not."
[decision.payer]
question = "Who?"
hit-policy = "priority"
default = "hotel"
option = [{ id = "guest" }, { id = "hotel" }]
"#;
    let verdicts = |policy: &str| {
        let findings = findings(policy, "2").into_iter().filter(|finding| finding["claim"] == "fact-matters");
        let pair = |finding: Json| (finding["name"].to_string(), finding["verdict"].to_string());
        findings.map(pair).collect::<BTreeMap<String, String>>()
    };
    let quoted = |name: &str| format!("\"{name}\"");
    let found = verdicts(policy);
    assert_eq!(found[&quoted("arrived")], quoted("refuted"));
    assert_eq!(found[&quoted("wear")], quoted("proved"));
    // Two rules that say the same need each other not, and yet the fact matters.
    let twice = policy
        .replace("'payer(guest) if not wear'", "'payer(guest) if left - arrived >= 14'")
        .replace("'payer(hotel) if long, wear'", "'payer(guest) if arrived + 14 <= left'");
    assert_eq!(verdicts(&twice)[&quoted("arrived")], quoted("proved"));
}

#[test]
fn what_is_not_followed_is_named_as_the_claim_has_it() {
    let policy = r#"
[policy]
name = "ratio"
[fact.ratio]
type = "number"
[rule.half]
says = 'team(one) if ratio * 2 = 1.0'
because = "Half."
[decision.team]
question = "Who?"
hit-policy = "collect"
option = [{ id = "one" }]
[invariant.less]
never = 'ratio > 0.5, ratio * 2 <= 1.0'
"#;
    let finding = first_finding(policy);
    assert_eq!(finding["verdict"], "undetermined", "{finding:#}");
    let named: Vec<&str> =
        finding["constructs"].as_array().into_iter().flatten().filter_map(|c| c["text"].as_str()).collect();
    assert_eq!(named, ["ratio * 2 <= 1.0"]);
}
