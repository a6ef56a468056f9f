//! What each answer to a missing fact would bring: every value belongs to one answer, and brings what that says.

use std::ops::Bound;
use std::path::PathBuf;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use remit::engine::{Interpretation, Plan, evaluate_planned};
use remit::explain::{Answer, Effect, Explainer, Values, explain};
use remit::issue::{FactState, Issue};
use remit::program::{FactKind, Given, Program, Scalar};
use remit::report::explanation::{Explained, text};
use remit::report::look::Look;
use remit::value::{Date, Value};
use remit::verdict::{Verdict, judge_in, settle};

use crate::r#gen::case::{cases, compile};

/// Values beside the constants that random rules write, and far from them.
fn probes(scalar: Scalar) -> Vec<Value> {
    let days = ["0001-01-01", "2024-02-27", "2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02", "9999-12-31"];
    match scalar {
        Scalar::Integer => (-4..=4).chain([i64::MIN, i64::MAX, i64::MAX - 1]).map(Value::Integer).collect(),
        Scalar::Number => (-8..=8).filter_map(|half| Value::number(f64::from(half) / 4.0)).collect(),
        Scalar::Date => days.into_iter().filter_map(Date::parse).map(Value::Date).collect(),
        Scalar::Text => ["", "a", "ab", "B", "zz"].map(Value::text).to_vec(),
        Scalar::Bool | Scalar::Choice => Vec::new(),
    }
}

fn includes(answer: &Answer, value: &Value, all: &[&Answer]) -> bool {
    match &answer.values {
        Values::One => answer.sample == *value,
        Values::Others => !all.iter().any(|other| other.values == Values::One && other.sample == *value),
        Values::Between(from, to) => {
            let above = match from {
                Bound::Included(from) => from <= value,
                Bound::Excluded(from) => from < value,
                Bound::Unbounded => true,
            };
            above
                && match to {
                    Bound::Included(to) => value <= to,
                    Bound::Excluded(to) => value < to,
                    Bound::Unbounded => true,
                }
        }
    }
}

fn verdict(program: &Program, issue: &Issue) -> Verdict {
    settle(program, issue, &evaluate_planned(program, &Plan::new(program), issue))
}

/// The number of values that were tried.
fn holds(program: &Program, issue: &Issue, decision: usize, effect: &Effect) -> Result<usize, TestCaseError> {
    let FactKind::Single(domain) = &program.fact(effect.fact).kind else { return Ok(0) };
    let answers: Vec<&Answer> = effect.outcomes.iter().map(|(answer, _)| answer).collect();
    if answers.is_empty() {
        return Ok(0);
    }
    let probes = probes(domain.scalar);
    for value in &probes {
        let mut covering = effect.outcomes.iter().filter(|(answer, _)| includes(answer, value, &answers));
        let Some((_, told)) = covering.next() else {
            return Err(TestCaseError::fail(format!("{value} is in no answer of {answers:?}")));
        };
        prop_assert!(covering.next().is_none(), "{} is in two answers of {:?}", value, answers);
        let mut given = issue.clone();
        given.facts[effect.fact.index()] = FactState::Given(Given::Value(value.clone()));
        let found = &verdict(program, &given).outcomes[decision];
        prop_assert_eq!((found.status, &found.value), (told.status, &told.value), "{}", value);
    }
    Ok(probes.len())
}

/// What a rule asks of the fact: with which operator, which constant, by a variable or not, for which option.
type Rule = (usize, usize, bool, usize);

const CONSTANTS: [(&str, [&str; 5]); 4] = [
    ("integer", ["-2", "0", "1", "3", "9223372036854775807"]),
    ("number", ["-1.5", "0", "0.5", "1.0", "1.25"]),
    ("date", ["0001-01-01", "2024-02-28", "2024-02-29", "2024-03-01", "9999-12-31"]),
    ("text", ["\"\"", "\"a\"", "\"ab\"", "\"B\"", "\"something else\""]),
];

/// A policy that asks such things of one fact, and of nothing else but a bool that is not known either.
fn policy(scalar: usize, rules: &[Rule]) -> String {
    let (name, constants) = CONSTANTS[scalar];
    // Of texts, all but `=` and `!=` would leave the answers untold.
    let operators = if name == "text" { &["=", "!="][..] } else { &["<", "<=", "=", "!=", ">=", ">"] };
    let mut text =
        format!("[policy]\nname = \"p\"\n[fact]\nx = {{ type = \"{name}\" }}\ny = {{ type = \"bool\" }}\n[rule]\n");
    for (number, (operator, constant, variable, option)) in rules.iter().enumerate() {
        let operator = operators[operator % operators.len()];
        let compared = if *variable { format!("X = x, X {operator}") } else { format!("x {operator}") };
        let guard = if number % 3 == 2 { "y, " } else { "" };
        text += &format!("r{number}.says = 'd(o{option}) if {guard}{compared} {}'\n", constants[*constant]);
    }
    text + "[decision.d]\nquestion = \"?\"\nhit-policy = \"priority\"\n\
            option = [{ id = \"o0\" }, { id = \"o1\" }, { id = \"o2\" }]\n"
}

#[test]
fn every_value_brings_what_its_answer_says() {
    let tried = std::cell::Cell::new(0);
    let config = Config { cases: 1_000, failure_persistence: None, ..Config::default() };
    let rules = prop::collection::vec((0..6_usize, 0..5_usize, any::<bool>(), 0..3_usize), 1..6);
    let result = TestRunner::new(config).run(&(0..4_usize, rules), |(scalar, rules)| {
        let program = compile(vec![policy(scalar, &rules)]).map_err(TestCaseError::fail)?.program;
        let issue = Issue::empty(&program, "1");
        let plan = Plan::new(&program);
        let model = evaluate_planned(&program, &plan, &issue);
        let interpretation = Interpretation::new(&program, &plan, &issue, &model);
        let explanation = explain(interpretation, judge_in(&interpretation));
        for effect in &explanation.decisions[0].effects {
            tried.set(tried.get() + holds(&program, &issue, 0, effect)?);
        }
        Ok(())
    });
    let failure = result.err().map(|failure| failure.to_string()).unwrap_or_default();
    assert!(failure.is_empty(), "{failure}");
    assert!(tried.get() > 5_000, "only {} values were tried", tried.get());
}

/// An explainer tries its first few answers one by one, and all others as a block: no one can tell.
#[test]
fn answers_tried_one_by_one_and_as_a_block_bring_the_same() {
    let compared = std::cell::Cell::new(0);
    let config = Config { cases: 1_000, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&cases(), |case| {
        let compiled = compile(vec![case.policy.to_string()]).map_err(TestCaseError::fail)?;
        let (program, issue) = (&compiled.program, case.issue.to_naive().to_library(&compiled.program));
        let plan = Plan::new(program);
        let model = evaluate_planned(program, &plan, &issue);
        let interpretation = Interpretation::new(program, &plan, &issue, &model);
        let explainer = Explainer::new(program);
        let effects = || -> Vec<_> {
            let decisions = explainer.explain(interpretation, judge_in(&interpretation)).decisions;
            let effects = decisions.into_iter().flat_map(|decision| decision.effects);
            effects
                .map(|mut effect| {
                    effect.outcomes.iter_mut().for_each(|(_, outcome)| outcome.rules.clear());
                    (effect.fact, effect.cell, effect.outcomes)
                })
                .collect()
        };
        let first = effects();
        let answers: usize = first.iter().map(|(_, _, outcomes)| outcomes.len()).sum();
        if answers > 0 {
            compared.set(compared.get() + answers);
            // Each round tries at least one.
            (0..8).for_each(|_| drop(effects()));
            prop_assert_eq!(first, effects());
        }
        Ok(())
    });
    let failure = result.err().map(|failure| failure.to_string()).unwrap_or_default();
    assert!(failure.is_empty(), "{failure}");
    assert!(compared.get() > 200, "only {} answers were compared", compared.get());
}

/// Facts of every type that has ranges.
pub const POLICY: &str = r#"
[policy]
name = "ranges"
[fact]
days   = { type = "integer", ask = "How many days ago?" }
share  = { type = "number", ask = "Which share?" }
since  = { type = "date", ask = "Since when?" }
word   = { type = "text", ask = "Which word?" }
spent  = { type = "integer", ask = "How much was spent?" }
budget = { type = "integer", default = 5 }
[rule]
a = { says = 'days_ago(late) if D = days, D >= 24', because = "It was {D} days ago." }
b = { says = 'days_ago(early) if days < 3' }
c = { says = 'sharing(much) if share > 0.5' }
g = { says = 'sharing(little) if share < 0.25' }
d = { says = 'dated(old) if since < 2024-02-01' }
e = { says = 'worded(known) if word in ["yes", "no"]' }
f = { says = 'spending(over) if spent > budget' }
[decision]
days_ago = { question = "When?", hit-policy = "priority", option = [{ id = "late" }, { id = "early" }] }
sharing  = { question = "How much?", hit-policy = "priority", option = [{ id = "much" }, { id = "little" }] }
dated    = { question = "How old?", hit-policy = "priority", option = [{ id = "old" }] }
worded   = { question = "Which?", hit-policy = "priority", option = [{ id = "known" }] }
spending = { question = "Over?", hit-policy = "priority", option = [{ id = "over" }] }
"#;

#[test]
fn answers_are_told_as_ranges() {
    let (policy, sources, _) = remit::policy::load_texts(vec![("p.toml".into(), POLICY.to_owned())], PathBuf::new());
    let program = remit::check::check(&policy, &sources).0.expect("a policy without errors");
    let issue = Issue::empty(&program, "1");
    let plan = Plan::new(&program);
    let model = evaluate_planned(&program, &plan, &issue);
    let interpretation = Interpretation::new(&program, &plan, &issue, &model);
    let explanation = explain(interpretation, judge_in(&interpretation));
    let told = Explained { program: &program, sources: &sources, issue: &issue, explanation: &explanation };
    let told = text(&told, Look::default());
    for expected in [
        "How many days ago? (days)\n    2 or less: early\n    3 to 23: nothing\n    24 or more: late\n",
        "Which share? (share)\n    less than 0.25: little\n    0.25 to 0.5: nothing\n    more than 0.5: much\n",
        "Since when? (since)\n    until 2024-01-31: old\n    from 2024-02-01 on: nothing\n",
        "Which word? (word)\n    no; yes: known\n    anything else: nothing\n",
        "How much was spent? (spent)\n    It has too many answers to go through; one of them may settle this.\n",
    ] {
        assert!(told.contains(expected), "{expected}\nis not in\n{told}");
    }
}
