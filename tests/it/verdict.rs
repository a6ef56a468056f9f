//! "Decisions", sentence by sentence: values, statuses, deciding rules, missing facts, every case.

use crate::evaluation::{Evaluation, evaluation, issue, program};
use remit::engine::evaluate;
use remit::issue::FactState;
use remit::program::{FactKind, Given, Scalar};
use remit::value::Value;
use remit::verdict::{Status, completions, judge};

const FACTS: &str = r#"
[fact.a]
type = "bool"
[fact.b]
type = "bool"
[fact.c]
type = "bool"
[fact.kind]
options = ["ootb", "custom"]
[fact.limit]
type = "integer"
[fact.assumed]
type = "bool"
default = false
[fact.source]
type = "records"
[fact.source.columns]
name = "text"
kind = ["ootb", "custom"]
size = "integer"
[fact.tags]
type = "list"
of = "text"
"#;

/// A decision `team` with the options x, y, z.
fn team(hit_policy: &str, default: &str) -> String {
    let options = ["x", "y", "z"].map(|id| format!("[[decision.team.option]]\nid = \"{id}\"\n")).concat();
    format!("{FACTS}\n[decision.team]\nquestion = \"Who?\"\nhit-policy = \"{hit_policy}\"\n{default}\n{options}")
}

fn by_priority(rules: &[&str], issue: &str) -> String {
    evaluation(&team("priority", "default = \"z\""), rules, issue).outcome("team")
}

#[test]
fn priority() {
    let rules = ["team(x) if a", "team(y) if b", "team(z) if c"];
    for (issue, outcome) in [
        ("a = true", "settled x"),
        ("a = false\nb = true", "settled y"),
        ("b = true\nc = true", "open y; possible x, y, z; missing a"),
        ("a = false\nb = false\nc = false", "settled z (default)"),
        ("a = false\nb = false\nc = true", "settled z"),
        ("a = false\nb = false", "open z (default); possible z; missing c; always z"),
        ("", "open z (default); possible x, y, z; missing a, b, c"),
    ] {
        assert_eq!(by_priority(&rules, issue), outcome, "{issue}");
    }
    let it = evaluation(&team("priority", ""), &rules, "a = false\nb = false\nc = false");
    assert_eq!(it.outcome("team"), "settled nothing");
    assert!(!it.verdict().outcomes[0].from_default);
}

#[test]
fn unique() {
    let rules = ["team(x) if a", "team(y) if b", "team(y) if c"];
    let tables = team("unique", "default = \"z\"");
    for (issue, outcome) in [
        ("a = true\nb = false\nc = false", "settled x"),
        ("b = true\nc = true\na = false", "settled y"),
        ("a = true\nb = true", "conflict nothing; possible x, y"),
        ("a = true\nb = false", "open x; possible x, y; missing c"),
        ("a = false", "open z (default); possible y; missing b, c"),
        ("a = false\nb = false\nc = false", "settled z (default)"),
    ] {
        assert_eq!(evaluation(&tables, &rules, issue).outcome("team"), outcome, "{issue}");
    }
}

#[test]
fn collect() {
    let rules = ["team(z) if a", "team(x) if b", "team(y) if c"];
    let tables = team("collect", "");
    for (issue, outcome) in [
        ("a = true\nb = true\nc = false", "settled x, z"),
        ("a = true\nb = true", "open x, z; possible x, y, z; missing c"),
        ("a = false\nb = false\nc = false", "settled nothing"),
        ("", "open nothing; possible x, y, z; missing a, b, c"),
    ] {
        assert_eq!(evaluation(&tables, &rules, issue).outcome("team"), outcome, "{issue}");
    }
}

#[test]
fn the_status_of_an_issue_is_the_worst_without_advisory_decisions() {
    let decision = |name: &str, policy: &str, advisory: bool| {
        format!(
            "[decision.{name}]\nquestion = \"?\"\nhit-policy = \"{policy}\"\nadvisory = {advisory}\n[[decision.{name}.option]]\nid = \"x\"\n[[decision.{name}.option]]\nid = \"y\"\n"
        )
    };
    let tables =
        |advisory| format!("{FACTS}{}{}", decision("first", "priority", false), decision("second", "unique", advisory));
    let rules = ["first(x) if a", "second(x) if b", "second(y) if c"];
    for (issue, advisory, status) in [
        ("a = true\nb = true\nc = false", false, Status::Settled),
        ("a = true\nb = true", false, Status::Open),
        ("a = true\nb = true\nc = true", false, Status::Conflict),
        ("b = true\nc = true", false, Status::Conflict),
        ("a = true\nb = true\nc = true", true, Status::Settled),
        ("b = true\nc = true", true, Status::Open),
    ] {
        assert_eq!(evaluation(&tables(advisory), &rules, issue).verdict().status, status, "{issue}");
    }
}

#[test]
fn deciding_rules_conclude_the_value_for_certain() {
    let tables = team("priority", "default = \"z\"");
    let rules = ["team(x) if a. team(x) if a and b", "team(y) if a", "team(x) if b", "team(x) if c"];
    assert_eq!(evaluation(&tables, &rules, "a = true\nb = true").deciding_rules("team"), ["r1", "r3"]);
    assert!(evaluation(&tables, &rules, "").deciding_rules("team").is_empty());
    let it = evaluation(&team("collect", ""), &rules, "a = true\nb = false");
    assert_eq!(it.deciding_rules("team"), ["r1", "r2"]);
}

#[test]
fn assumed_facts_are_named() {
    let it = evaluation(&team("priority", ""), &["team(x) if a and not assumed"], "a = true");
    let verdict = it.verdict();
    let names: Vec<&str> = verdict.assumed.iter().map(|fact| &*it.program.fact(*fact).name).collect();
    assert_eq!((names, verdict.status, &*verdict.id), (vec!["assumed"], Status::Settled, "test"));
    let it = evaluation(&team("priority", ""), &["team(x) if a and not assumed"], "a = true\nassumed = false");
    assert!(it.verdict().assumed.is_empty());
}

#[test]
fn an_error_never_settles_a_decision() {
    let it = evaluation(&team("priority", "default = \"z\""), &["team(x) if 1 / limit > 0"], "limit = 0");
    assert_eq!(it.outcome("team"), "open z (default); possible x; missing nothing");
    let verdict = it.verdict();
    let warnings: Vec<String> = verdict
        .warnings
        .iter()
        .map(|(rule, fault)| format!("{} {}", it.program.rule(*rule).name, fault.as_str()))
        .collect();
    assert_eq!(warnings, ["r1 a division by zero"]);
}

#[test]
fn missing_facts_are_those_of_open_literals_alone() {
    // `c` is unknown too, but the clause that asks for it fails.
    assert_eq!(
        by_priority(&["team(x) if a and b", "team(x) if c and assumed"], "b = true"),
        "open z (default); possible x; missing a"
    );
    // What an open clause below the value asks for does not matter.
    assert_eq!(
        by_priority(&["team(x) if a", "team(y) if b", "team(z) if c"], "b = true"),
        "open y; possible x, y, z; missing a"
    );
}

#[test]
fn missing_through_conclusions_and_negations() {
    let rules = ["p if a", "p if kind = custom and b", "team(x) if p", "q if c", "team(x) if assumed and not q"];
    assert_eq!(by_priority(&rules, ""), "open z (default); possible x; missing a, b, kind");
    assert_eq!(by_priority(&rules, "kind = \"ootb\""), "open z (default); possible x; missing a");
    let rules = ["q if c and limit > 2", "team(x) if not q"];
    assert_eq!(by_priority(&rules, ""), "open z (default); possible x; missing c, limit");
    assert_eq!(by_priority(&["team(x) if not not a"], ""), "open z (default); possible x; missing a");
}

#[test]
fn missing_through_records() {
    let rule = ["team(x) if source(kind: custom, name: \"db\")"];
    assert_eq!(by_priority(&rule, ""), "open z (default); possible x; missing source");
    assert_eq!(by_priority(&rule, "source = [{ name = \"db\" }]"), "open z (default); possible x; missing source");
    assert_eq!(by_priority(&rule, "source = [{ name = \"hr\" }]"), "settled z (default)");
    let rule = ["team(x) if not source(kind: custom)"];
    assert_eq!(by_priority(&rule, "source = [{ name = \"db\" }]"), "open z (default); possible x; missing source");
    // The name is what is asked for; that the row has no size does not matter.
    let rule = ["team(x) if not source(name: \"db\", kind: kind)"];
    let issue = "source = [{ name = \"db\", kind = \"custom\" }]";
    assert_eq!(by_priority(&rule, issue), "open z (default); possible x; missing kind");
    let rule = ["team(x) if tags(\"vip\")"];
    assert_eq!(by_priority(&rule, ""), "open z (default); possible x; missing tags");
}

#[test]
fn missing_through_groups_and_aggregates() {
    let count = ["team(x) if count(source(kind: custom)) > 1"];
    assert_eq!(by_priority(&count, ""), "open z (default); possible x; missing source");
    // One row is custom for certain; the other one, found by the same literal, is not known.
    let issue = "source = [{ name = \"a\", kind = \"custom\" }, { name = \"b\" }]";
    assert_eq!(by_priority(&count, issue), "open z (default); possible x; missing source");
    let sum = ["team(x) if sum(S * limit : source(size: S)) > 10"];
    assert_eq!(by_priority(&sum, "source = [{ size = 1 }]"), "open z (default); possible x; missing limit");
    let group = ["team(x) if not (source(kind: custom) and a)"];
    assert_eq!(by_priority(&group, "source = [{ kind = \"custom\" }]"), "open z (default); possible x; missing a");
    assert_eq!(by_priority(&group, "source = []"), "settled x");
    let nested = ["p(S) if tags(S), a", "team(x) if not (source(name: N) and not (p(N) and b))"];
    let issue = "source = [{ name = \"db\" }]\ntags = [\"db\", \"hr\"]";
    assert_eq!(by_priority(&nested, issue), "open z (default); possible x; missing a, b");
    let equation = ["team(x) if N = count(source(kind: custom)), M = N + limit, M > 3"];
    assert_eq!(by_priority(&equation, "source = []"), "open z (default); possible x; missing limit");
    assert_eq!(by_priority(&equation, "limit = 1"), "open z (default); possible x; missing source");
}

#[test]
fn missing_through_overrides() {
    let tables = format!(
        "{}\n[rule.high]\nsays = 'team(y) if b'\noverrides = [\"low\"]\n[rule.low]\nsays = 'team(x) if a'\n",
        team("priority", "default = \"z\"")
    );
    let outcome = |issue: &str| Evaluation::new(program(&tables), issue).outcome("team");
    assert_eq!(outcome("a = true"), "open z (default); possible x, y; missing b");
    assert_eq!(outcome("b = true"), "settled y");
    assert_eq!(outcome(""), "open z (default); possible x, y; missing a, b");
    assert_eq!(outcome("b = false"), "open z (default); possible x; missing a");
}

#[test]
fn missing_through_another_decision() {
    let other = "[decision.other]\nquestion = \"?\"\nhit-policy = \"HIT\"\n[[decision.other.option]]\nid = \"m\"\n[[decision.other.option]]\nid = \"n\"\n";
    let outcome = |hit: &str, rules: &[&str], issue: &str| {
        let tables = format!("{}{}", team("priority", "default = \"z\""), other.replace("HIT", hit));
        evaluation(&tables, rules, issue).outcome("team")
    };
    let rules = ["other(m) if a", "other(n) if b", "team(x) if decided(other, n)"];
    assert_eq!(outcome("priority", &rules, "b = true"), "open z (default); possible x; missing a");
    assert_eq!(outcome("priority", &rules, "b = false"), "settled z (default)");
    assert_eq!(outcome("unique", &rules, "b = true"), "open z (default); possible x; missing a");
    assert_eq!(outcome("collect", &rules, "a = true"), "open z (default); possible x; missing b");
    assert_eq!(outcome("collect", &rules, ""), "open z (default); possible x; missing b");
    let rules = ["other(m) if a", "other(n) if b", "team(x) if not decided(other, m)"];
    assert_eq!(outcome("priority", &rules, "b = true"), "open z (default); possible x; missing a");
}

#[test]
fn missing_through_recursion_ends() {
    let rules = [
        "reach(X) if source(name: X, kind: custom). reach(Y) if reach(X), link(X, Y)",
        "link(\"a\", \"b\") if a. link(\"b\", \"a\") if b. link(\"b\", \"c\") if c",
        "team(x) if reach(\"c\")",
    ];
    let issue = "source = [{ name = \"a\", kind = \"custom\" }]";
    assert_eq!(by_priority(&rules, issue), "open z (default); possible x; missing a, c");
}

#[test]
fn a_long_chain_of_conclusions_is_traced() {
    let mut rules = vec!["p0 if a".to_owned()];
    rules.extend((1..200).map(|i| format!("p{i} if p{}", i - 1)));
    rules.push("team(x) if p199".into());
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    assert_eq!(by_priority(&rules, ""), "open z (default); possible x; missing a");
}

#[test]
fn every_case_agrees() {
    let rules = ["team(y) if a", "team(y) if not a"];
    assert_eq!(by_priority(&rules, ""), "open z (default); possible y; missing a; always y");
    let rules = ["team(y) if kind = ootb", "team(y) if kind = custom and b", "team(y) if kind = custom and not b"];
    assert_eq!(by_priority(&rules, ""), "open z (default); possible y; missing b, kind; always y");
    let rules = ["team(y) if kind = ootb", "team(x) if kind = custom and b", "team(y) if kind = custom and not b"];
    assert_eq!(by_priority(&rules, ""), "open z (default); possible x, y; missing b, kind");
}

#[test]
fn every_case_needs_settled_cases_and_facts_that_can_be_listed() {
    // With `a` and `not a` a conflict in some case.
    let tables = team("unique", "default = \"z\"");
    let rules = ["team(y) if a", "team(y) if not a", "team(x) if a"];
    assert_eq!(evaluation(&tables, &rules, "").outcome("team"), "open z (default); possible x, y; missing a");
    let rules = ["team(y) if limit > 1", "team(y) if limit <= 1"];
    assert_eq!(by_priority(&rules, ""), "open z (default); possible y; missing limit");
    // A failure stays open in every case.
    let rules = ["team(y) if a and 1 / limit > 0", "team(y) if not a"];
    assert_eq!(by_priority(&rules, "limit = 0"), "open z (default); possible y; missing a");
}

#[test]
fn every_case_tries_4096_completions_at_most() {
    let bools = |n: usize| (0..n).map(|i| format!("[fact.f{i}]\ntype = \"bool\"\n")).collect::<String>();
    for (n, expected) in [(12, Some(4096)), (13, None)] {
        let it = program(&bools(n));
        let issue = issue(&it, "");
        let facts: Vec<_> = (0..n).map(|i| remit::program::FactId(i as u32)).collect();
        assert_eq!(completions(&it, &issue, &facts).map(Iterator::count), expected);
    }
    let it = program(&format!("{}{}", bools(11), "[fact.g]\noptions = [\"p\", \"q\", \"r\"]"));
    let issue = issue(&it, "");
    let facts: Vec<_> = (0..12).map(|i| remit::program::FactId(i as u32)).collect();
    assert!(completions(&it, &issue, &facts).is_none(), "6,144 completions");
    assert!(completions(&it, &issue, &[]).is_none(), "nothing is missing");
}

/// Values that a fact may take, a few for what has many.
fn some_values(kind: &FactKind) -> Vec<Given> {
    match kind {
        FactKind::Single(domain) => match domain.scalar {
            Scalar::Bool => [false, true].map(|b| Given::Value(Value::Bool(b))).to_vec(),
            Scalar::Choice => domain.options.iter().map(|o| Given::Value(Value::Symbol(o.id.clone()))).collect(),
            _ => [0, 1, 5].map(|i| Given::Value(Value::Integer(i))).to_vec(),
        },
        FactKind::List(_) => vec![Given::Rows(vec![]), Given::Rows(vec![vec![Value::text("db")]])],
        FactKind::Records(_) => {
            let row = |kind: &str| vec![Value::text("db"), Value::symbol(kind), Value::Integer(2)];
            vec![Given::Rows(vec![]), Given::Rows(vec![row("custom")]), Given::Rows(vec![row("ootb"), row("custom")])]
        }
    }
}

#[test]
fn whatever_the_facts_outside_missing_are_the_decision_stays_open() {
    let rules = [
        "p(N) if source(name: N, kind: custom)",
        "q if not (source(name: N) and not p(N))",
        "team(x) if a and q",
        "team(y) if count(source(kind: K) and kind = K) > limit",
        "team(x) if tags(T), p(T), not b",
        "team(y) if sum(S : source(size: S)) > limit, b or c",
    ];
    for hit in ["priority", "unique", "collect"] {
        let it = program(&format!("{}\n{}", team(hit, ""), crate::evaluation::rules(&rules)));
        for text in [
            "",
            "a = true",
            "limit = 1",
            "source = [{ name = \"db\" }]\nb = true",
            "tags = [\"db\"]\nlimit = 0",
            "c = false\nkind = \"custom\"",
        ] {
            let start = issue(&it, text);
            let verdict = judge(&it, &start, &evaluate(&it, &start));
            let outcome = &verdict.outcomes[0];
            if outcome.status != Status::Open {
                continue;
            }
            let others: Vec<usize> = (0..it.facts.len())
                .filter(|i| start.facts[*i] == FactState::Unknown && outcome.missing.iter().all(|m| m.index() != *i))
                .collect();
            let mut issues = vec![start.clone()];
            for fact in others {
                let with = |base: &remit::issue::Issue, given: Given| {
                    let mut issue = base.clone();
                    issue.facts[fact] = FactState::Given(given);
                    issue
                };
                let more: Vec<_> = issues
                    .iter()
                    .flat_map(|base| {
                        some_values(&it.facts[fact].kind).into_iter().map(|given| with(base, given)).collect::<Vec<_>>()
                    })
                    .collect();
                issues.extend(more);
            }
            for issue in issues {
                let verdict = judge(&it, &issue, &evaluate(&it, &issue));
                assert_eq!(verdict.outcomes[0].status, Status::Open, "{hit} {text} {:?}", issue.facts);
            }
        }
    }
}
