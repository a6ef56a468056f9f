//! What issues can say that only one policy reads, or that each assumes in its own way: told, and never called equal.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use remit::diff::equivalence::{Limits, equivalence};
use remit::diff::{Differences, Pair};
use remit::engine::{Plan, evaluate_planned};
use remit::issue::{FactState, Issue};
use remit::program::{self, Domain, Given, Program};
use remit::prove::Stop;
use remit::value;
use remit::verdict::{Status, settle};
use serde_json::Value;

use super::history::load;
use crate::r#gen::gene::{Gene, Tape};
use crate::r#gen::issue::Extent;
use crate::r#gen::tree::{self, Fact, FactKind, Type};
use crate::r#gen::{gene, issue, policy, schema};
use crate::run::{Outcome, Run};

/// Two policies that differ in what an issue can say, told apart by `OPTIONS`, `RULE` and `MORE`.
fn policy(options: &str, rule: &str, more: &str) -> String {
    format!(
        r#"
[policy]
name = "colours"
[fact.c]
{options}
[fact.item]
type = "records"
[fact.item.columns]
kind = ["lamp", "chair"]
number = "integer"
[rule.p]
says = 'team(paint) if {rule}'
because = "It is painted."
{more}
[decision.team]
question = "Who?"
hit-policy = "priority"
default = "desk"
option = [{{ id = "paint" }}, {{ id = "desk" }}]
"#
    )
}

const THREE: &str = r#"options = ["red", "blue", "grey"]"#;

fn two(old: &str, new: &str, arguments: &[&str]) -> Run {
    let all = ["diff", "old.toml", "new.toml"].iter().chain(arguments).copied();
    Run::new(all).file("old.toml", old).file("new.toml", new)
}

fn json(old: &str, new: &str) -> Value {
    let outcome = two(old, new, &["--format", "json"]).outcome();
    serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| unreachable!("{error}: {}", outcome.stdout))
}

/// How two policies of which no difference is known are told: the exit codes without and with `--deny undetermined`,
/// what was not compared, and how `team` is proved.
#[track_caller]
fn told(old: &str, new: &str) -> (i32, i32, Vec<String>, String) {
    let code = |arguments: &[&str]| {
        let Outcome { code, stderr, .. } = two(old, new, arguments).outcome();
        assert_eq!(stderr, "");
        code
    };
    let json = json(old, new);
    let denied = code(&["--deny", "undetermined"]);
    assert_eq!(json["equivalent"], denied == 0, "{json}");
    let sentences = json["not_looked_at"].as_array().expect("sentences").iter();
    let sentences = sentences.map(|sentence| sentence.as_str().expect("a sentence").to_owned()).collect();
    let words = json["decisions"]["team"]["words"].as_str().expect("words").to_owned();
    (code(&[]), denied, sentences, words)
}

const PARTLY: &str = "proved: the answers are the same, for every issue that was compared";

#[test]
fn an_option_that_only_one_policy_has_is_not_compared() {
    let old = policy(THREE, "c = red", "");
    let more = policy(r#"options = ["red", "blue", "grey", "violet"]"#, "c in [red, violet]", "");
    insta::assert_snapshot!(two(&old, &more, &["--deny", "undetermined"]).transcript());
    insta::assert_snapshot!(two(&old, &more, &["--format", "markdown"]).transcript());
    let only_new = "Issues with c = violet were not compared: only the new policy reads them.".to_owned();
    assert_eq!(told(&old, &more), (0, 6, vec![only_new], PARTLY.to_owned()));
    let only_old = "Issues with c = violet were not compared: only the old policy reads them.".to_owned();
    assert_eq!(told(&more, &old), (0, 6, vec![only_old], PARTLY.to_owned()));
}

#[test]
fn other_spellings_are_read_or_not_too() {
    let aliases = |aliases: &str| policy(&format!("{THREE}\naliases = {{ {aliases} }}"), "not c = blue", "");
    let old = aliases(r#""dark red" = "red", "dull" = "grey""#);
    let new = aliases(r#""dull" = "blue""#);
    let sentences = vec![
        "Issues with c = \"dark red\" were not compared: only the old policy reads them.".to_owned(),
        "Issues with c = dull were not compared: it is grey in the old policy and blue in the new one.".to_owned(),
    ];
    assert_eq!(told(&old, &new), (0, 6, sentences, PARTLY.to_owned()));
}

#[test]
fn options_of_lists_and_rows_count_as_well() {
    let old = policy("type = \"list\"\nof = [\"red\", \"blue\"]", "c(red) or item(kind: lamp)", "");
    let new = old.replace(r#"of = ["red", "blue"]"#, r#"of = ["red", "blue", "grey", "black"]"#);
    let new = new.replace(r#"["lamp", "chair"]"#, r#"["lamp", "chair", "bed"]"#);
    let (code, denied, sentences, _) = told(&old, &new);
    assert_eq!((code, denied), (0, 6));
    let expected = [
        "Issues with black or grey in c were not compared: only the new policy reads them.",
        "Issues with kind = bed in a row of item were not compared: only the new policy reads them.",
    ];
    assert_eq!(sentences, expected);
}

#[test]
fn what_no_decision_depends_on_is_told_and_not_denied() {
    let old = policy(THREE, "item(kind: lamp)", "");
    let new = old.replace("\"grey\"", "\"green\"");
    let (code, denied, sentences, words) = told(&old, &new.replace("item(kind: lamp)", "not not item(kind: lamp)"));
    assert_eq!((code, denied, words.as_str()), (0, 0, "proved: the answers are the same, whatever the issue"));
    let of = |word, side| format!("Issues with c = {word} were not compared: only the {side} policy reads them.");
    assert_eq!(sentences, [of("grey", "old"), of("green", "new")]);
}

#[test]
fn a_fact_of_another_type_is_not_compared() {
    let old = policy("type = \"integer\"", "c > 3", "");
    let (code, denied, sentences, words) = told(&old, &policy("type = \"number\"", "c > 3", ""));
    assert_eq!((code, denied), (0, 6));
    assert_eq!(
        sentences,
        ["Issues that say c were not compared: it is integer in the old policy and number in the new one."]
    );
    assert!(words.ends_with("the fact c is integer in the old policy and number in the new one"), "{words}");
    // Choices that have no option in common are two types.
    let (_, denied, sentences, _) = told(&policy(THREE, "c = red", ""), &policy("options = [\"big\"]", "c = big", ""));
    assert_eq!(denied, 6);
    let sentence = "Issues that say c were not compared: it is choice of red, blue, grey in the old policy and choice of \
                    big in the new one.";
    assert_eq!(sentences, [sentence]);
}

#[test]
fn what_moves_because_of_a_default_is_a_move() {
    let old = policy("type = \"integer\"\ndefault = 0", "c > 3, item(kind: lamp)", "");
    let new = old.replace("default = 0", "default = 100");
    let transcript = two(&old, &new, &[]).transcript();
    insta::assert_snapshot!(transcript);
    // So it is where the default is rows.
    let rows = |rows: &str| old.replace("[fact.item]", &format!("[fact.item]\ndefault = [{rows}]"));
    let new = rows(r#"{ kind = "lamp", number = 1 }"#);
    let json = json(&rows(""), &new);
    assert_eq!(json["summary"], "the policies differ: 1 move of team");
    assert_eq!(json["decisions"]["team"]["examples"][0]["issue"], serde_json::json!({ "c": 4 }));
}

#[test]
fn a_default_that_changes_no_decision_is_no_difference() {
    let old = policy("type = \"integer\"\ndefault = 5", "c > 3, item(kind: lamp)", "");
    let (code, denied, sentences, words) = told(&old, &old.replace("default = 5", "default = 50"));
    assert_eq!((code, denied, sentences.len()), (0, 0, 0));
    assert_eq!(words, "proved: the answers are the same, whatever the issue");
}

#[test]
fn a_default_that_only_one_policy_has_is_not_compared() {
    let old = policy("type = \"bool\"", "c", "");
    let new = old.replace("type = \"bool\"", "type = \"bool\"\ndefault = false");
    let sentence = "Issues that leave out c were not compared, and may be decided otherwise: the old policy takes it for \
                    unknown then, the new one for false.";
    assert_eq!(told(&old, &new), (0, 6, vec![sentence.to_owned()], PARTLY.to_owned()));
}

#[test]
fn rows_are_looked_at_as_far_as_rules_count() {
    let counting = |count: &str| policy(THREE, &format!("{count}, not c = grey"), "");
    let many = "N = count(item(number: _))";

    let rest = format!("[rule.rest]\nsays = 'rest(N) if {many}'\nbecause = \"So many.\"");
    let through = |says: &str| policy(THREE, says, &rest);
    for (old, new) in [
        (counting("count(item(number: _)) > 2"), counting("count(item(number: _)) > 3")),
        (counting(&format!("{many}, 3 < N")), counting(&format!("{many}, 4 <= N + 1"))),
        (counting("count(item(number: _)) in [1, 4]"), counting("count(item(number: _)) = 1")),
        (through("rest(N), N > 2"), through("rest(N), N > 3")),
        (through("rest(3)"), through("rest(4)")),
    ] {
        let outcome = two(&old, &new, &[]).outcome();
        assert_eq!(outcome.code, 6, "{old}{new}{}{}", outcome.stdout, outcome.stderr);
    }
    let (code, denied, _, words) =
        told(&counting("count(item(number: _)) > 40"), &counting("count(item(number: _)) > 41"));
    assert_eq!((code, denied), (0, 6));
    assert_eq!(words, "proved up to 5 rows of item; rules count 42 rows: the answers are the same");
    let same = "count(item(number: _)) > 2, not count(item(number: _)) = 0";
    let (code, denied, _, words) = told(&counting("count(item(number: _)) > 2"), &counting(same));
    assert_eq!((code, denied, words.as_str()), (0, 0, "proved up to 3 rows of item: the answers are the same"));
}

#[test]
fn scenarios_need_not_fit() {
    let scenario = "[scenario.s]\nissue = { c = \"violet\", d = 1 }\nexpect = { team = \"paint\", other = \"x\" }\n";
    let old = policy(THREE, "c = red", "");
    let outcome = two(&old, &format!("{old}{scenario}"), &[]).outcome();
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert!(outcome.stdout.starts_with("the policies are equivalent\n"), "{}", outcome.stdout);
}

/// A policy, the same with other defaults and more options, and issues of the latter.
#[derive(Clone)]
struct Two {
    old: tree::Policy,
    new: tree::Policy,
    issues: Vec<issue::Issue>,
}

impl std::fmt::Debug for Two {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\n----- old.toml\n{}----- new.toml\n{}", self.old, self.new)?;
        self.issues.iter().try_for_each(|issue| write!(f, "----- issue.toml\n{issue}"))
    }
}

fn twos() -> impl Strategy<Value = Two> {
    let issues = prop::collection::vec((gene::issue(), gene::issue()), 1..24);
    (gene::policy(), gene::issue(), issues, any::<bool>()).prop_map(|(old, changes, issues, turned)| {
        let old = policy::build(&old);
        let mut new = old.clone();
        let none = Gene::default();
        for (index, fact) in new.facts.iter_mut().enumerate() {
            change(fact, &mut Tape::new(&changes.get(index).unwrap_or(&none).choices));
        }
        let complete = |(said, rest): &(Vec<Gene>, Vec<Gene>)| {
            issue::complete(&issue::build(&new, said), Extent::All, &|_| false, rest)
        };
        let issues = issues.iter().map(complete).collect();
        let (old, new) = if turned { (new, old) } else { (old, new) };
        Two { old, new, issues }
    })
}

/// Another default, none, or all options that there are.
fn change(fact: &mut Fact, tape: &mut Tape) {
    match tape.below(8) {
        0 => fact.default = None,
        1..=4 => fact.default = Some(schema::datum(&fact.kind, tape)),
        5 => match &mut fact.kind {
            FactKind::Single(ty) | FactKind::List(ty) => widen(ty),
            FactKind::Records(columns) => columns.iter_mut().for_each(|(_, ty)| widen(ty)),
        },
        _ => {}
    }
}

fn widen(ty: &mut Type) {
    if let Type::Choice(options) = ty {
        *options = 0b111;
    }
}

/// The issue as a policy reads it, if it does and knows all of it then.
fn read(issue: &issue::Issue, policy: &tree::Policy, program: &Program) -> Option<Issue> {
    let fact = |name: &str| policy.facts.iter().find(|fact| fact.name == name).cloned();
    let said = issue.said.iter().filter_map(|(known, said)| Some((fact(&known.name)?, said.clone()))).collect();
    let issue = issue::Issue { said };
    let library = issue.is_complete().then(|| issue.to_naive().to_library(program))?;
    let fits = |kind: &program::FactKind, given: &Given| match (kind, given) {
        (program::FactKind::Single(domain), Given::Value(value)) => is_option(domain, value),
        (program::FactKind::List(domain), Given::Rows(rows)) => rows.iter().flatten().all(|v| is_option(domain, v)),
        (program::FactKind::Records(columns), Given::Rows(rows)) => {
            rows.iter().all(|row| columns.iter().zip(row).all(|(column, value)| is_option(&column.domain, value)))
        }
        _ => false,
    };
    let fits = |(fact, state): (&program::Fact, &FactState)| state.given().is_some_and(|given| fits(&fact.kind, given));
    program.facts.iter().zip(&library.facts).all(fits).then_some(library)
}

fn is_option(domain: &Domain, value: &value::Value) -> bool {
    match value {
        value::Value::Symbol(symbol) => domain.options.iter().any(|option| option.id == *symbol),
        _ => true,
    }
}

/// What a policy decides, by name; `None` if arithmetic fails.
fn decided(program: &Program, issue: &Issue) -> Option<Vec<(String, Vec<String>, Status)>> {
    let model = evaluate_planned(program, &Plan::new(program), issue);
    let verdict = settle(program, issue, &model);
    let named = verdict.outcomes.iter().map(|outcome| {
        let decision = program.decision(outcome.decision);
        let ids = outcome.value.iter().map(|option| decision.options[*option].id.to_string());
        (decision.name.to_string(), ids.collect(), outcome.status)
    });
    model.faults.is_empty().then(|| named.collect())
}

fn rows(issue: &Issue) -> usize {
    let given = issue.facts.iter().filter_map(FactState::given);
    given.map(|given| if let Given::Rows(rows) = given { rows.len() } else { 0 }).max().unwrap_or(0)
}

#[test]
fn what_is_called_equal_is_decided_alike_by_all_that_both_read() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(200);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
    let counts = std::cell::RefCell::new(BTreeMap::<&str, usize>::new());
    let count = |what| *counts.borrow_mut().entry(what).or_default() += 1;
    let result = TestRunner::new(config).run(&twos(), |two| {
        let (old, new) = (load(&two.old)?.program, load(&two.new)?.program);
        let pair = Pair { old: &old, new: &new };
        let until = Instant::now() + Duration::from_secs(2);
        let limits = Limits { stop: Some(Stop::when(move || Instant::now() >= until)), ..Limits::default() };
        let found = equivalence(pair, &Differences::between(pair), &limits);
        prop_assert_eq!(found.contradictions().count(), 0, "{:?}", found.contradictions().next());
        count(if found.is_equal() { "equal" } else { "not equal" });
        for issue in &two.issues {
            let issues = (read(issue, &two.old, &old), read(issue, &two.new, &new));
            let (Some(before), Some(now)) = issues else { continue };
            let (Some(old), Some(new)) = (decided(&old, &before), decided(&new, &now)) else { continue };
            count("read by both");
            if old != new {
                count("different");
                let beyond = rows(&before).max(rows(&now)) > limits.bounds.rows;
                prop_assert!(!found.is_equal() || beyond, "{old:?} and {new:?} of\n{issue}");
                // What is only assumed otherwise is found, too, unless that was not looked at.
                prop_assert!(
                    found.differs() || !found.unlike.is_empty() || found.may_fail || beyond || found.is_undetermined()
                );
            }
        }
        Ok(())
    });
    assert!(result.is_ok(), "{}", result.err().map_or(String::new(), |failure| failure.to_string()));
    let counts = counts.into_inner();
    for (what, least) in [("equal", cases / 10), ("not equal", cases / 10), ("read by both", cases)] {
        assert!(counts.get(what).is_some_and(|number| *number > least as usize), "{counts:?}");
    }
}
