//! Names that are an option as well as a fact: the option where one is expected, whatever the order and the names of rules.

use std::path::PathBuf;

use proptest::prelude::*;
use proptest::sample::subsequence;
use remit::diagnostic::Severity;
use remit::engine::{Plan, evaluate_planned};
use remit::issue::{FactState, Issue};
use remit::program::{Given, Program};
use remit::value::Value;
use remit::verdict::settle;

/// A policy with a fact `custom` that is declared so, beside `kind`, of which `custom` is an option.
fn policy(custom: &str, says: &[(String, &str)]) -> Result<Program, Vec<String>> {
    let mut text = format!(
        "[policy]\nname = 't'\n[fact.custom]\n{custom}\n[fact.kind]\noptions = ['ootb', 'custom']\n[fact.b]\n\
         type = 'bool'\n[fact.l]\ntype = 'list'\nof = ['ootb', 'custom']\n\
         [decision.d]\nquestion = '?'\nhit-policy = 'priority'\ndefault = 'no'\noption = [{{ id = 'yes' }}, {{ id = 'no' }}]\n"
    );
    for (name, says) in says {
        text.push_str(&format!("[rule.{name}]\nsays = '{says}'\n"));
    }
    let (program, _, found) = remit::check::load_texts(vec![(PathBuf::from("p.toml"), text)], PathBuf::new());
    let errors = found.iter().filter(|d| d.severity() == Severity::Error).map(|d| d.message.clone()).collect();
    program.ok_or(errors)
}

fn named(says: &[&'static str]) -> Vec<(String, &'static str)> {
    says.iter().enumerate().map(|(index, says)| (format!("r{index}"), *says)).collect()
}

/// Whether the decision is `yes` where `kind` and `custom` are these, and `b` is true.
fn is_yes(program: &Program, kind: &str, custom: Value) -> bool {
    let mut issue = Issue::empty(program, "i");
    let given = |value| FactState::Given(Given::Value(value));
    issue.facts[program.fact_ids["kind"].index()] = given(Value::symbol(kind));
    issue.facts[program.fact_ids["custom"].index()] = given(custom);
    issue.facts[program.fact_ids["b"].index()] = given(Value::Bool(true));
    let found = settle(program, &issue, &evaluate_planned(program, &Plan::new(program), &issue));
    format!("{:?}", found.outcomes[0].value).contains('0')
}

const CHOICE: &str = "options = ['ootb', 'other']";
const BOOL: &str = "type = 'bool'";

#[test]
fn beside_a_variable_that_can_be_it_the_name_is_the_option() {
    for says in [
        "d(yes) if K = kind, K = custom",
        "d(yes) if kind = K, custom = K",
        "d(yes) if K = custom, K = kind",
        "d(yes) if K = kind, K in [custom]",
        "d(yes) if K = kind, not K != custom",
        "d(yes) if count(K : K = kind, K = custom) = 1",
        "d(yes) if not (K = kind, K = ootb)",
    ] {
        for (fact, value) in [(CHOICE, Value::symbol("other")), (BOOL, Value::Bool(false))] {
            let program =
                policy(fact, &named(&[says])).map_err(|errors| format!("{says}: {errors:?}")).expect("a program");
            assert!(is_yes(&program, "custom", value.clone()), "{says}, {fact}");
            assert!(!is_yes(&program, "ootb", value), "{says}, {fact}");
        }
    }
}

#[test]
fn in_a_column_that_has_the_option_the_name_is_the_option() {
    for rules in [
        ["p(kind) if b", "p(custom) if not b", "d(yes) if p(custom)"],
        ["p(custom) if not b", "p(kind) if b", "d(yes) if p(custom)"],
        ["p(custom) if not b. p(kind) if b", "q if p(custom)", "d(yes) if q"],
    ] {
        for (fact, value) in [(CHOICE, Value::symbol("ootb")), (BOOL, Value::Bool(true))] {
            let program =
                policy(fact, &named(&rules)).map_err(|errors| format!("{rules:?}: {errors:?}")).expect("a program");
            assert!(is_yes(&program, "custom", value.clone()), "{rules:?}, {fact}");
            assert!(!is_yes(&program, "ootb", value), "{rules:?}, {fact}");
        }
    }
}

#[test]
fn where_no_option_is_expected_the_name_is_the_fact() {
    let program = policy(CHOICE, &named(&["p(custom) if b", "d(yes) if p(other)"])).expect("a program");
    assert!(is_yes(&program, "custom", Value::symbol("other")));
    assert!(!is_yes(&program, "custom", Value::symbol("ootb")));
}

const CLAUSES: [&str; 9] = [
    "p(kind) if b",
    "p(custom) if not b",
    "p(K) if l(K)",
    "q(K) if K = custom, b",
    "q(K) if p(K), K = custom",
    "q(K) if l(K), K = kind",
    "d(yes) if p(custom)",
    "d(yes) if q(K), K = kind, K = custom",
    "d(yes) if K = kind, not K = custom",
];

proptest! {
    #[test]
    fn neither_names_nor_order_of_rules_count(
        says in subsequence(CLAUSES.to_vec(), 2..6),
        names in Just(["a", "b", "c", "d", "e", "f"].to_vec()).prop_shuffle(),
        is_bool: bool,
    ) {
        let fact = if is_bool { BOOL } else { CHOICE };
        let value = if is_bool { Value::Bool(true) } else { Value::symbol("other") };
        let judged = |policy: Result<Program, Vec<String>>| match policy {
            Ok(program) => Some(["ootb", "custom"].map(|kind| is_yes(&program, kind, value.clone()))),
            // Of two types that do not go together, the one that comes later by the rules' names is told.
            Err(_) => None,
        };
        let one = judged(policy(fact, &named(&says)));
        let renamed: Vec<(String, &str)> =
            names.iter().zip(&says).map(|(name, says)| ((*name).to_owned(), *says)).collect();
        prop_assert_eq!(&judged(policy(fact, &renamed)), &one);
        let turned: Vec<(String, &str)> = renamed.into_iter().rev().collect();
        prop_assert_eq!(&judged(policy(fact, &turned)), &one);
    }
}
