//! What `remit explain --why-not` says would make it so: the smallest changes, to the nearest values, each told once.

use crate::run::Run;

/// Who signs for what is broken.
const APPROVAL: &str = r#"
[policy]
name = "approval"
[fact.item]
type = "records"
[fact.item.columns]
kind  = ["furniture", "electronics"]
price = "integer"
age   = "integer"
total = "bool"
[fact.cost]
type = "number"
default = 0.0
[rule.loss]
says = 'loss(sum(V : item(price: P, age: A, total: true), V = P - P * A / 10))'
[rule.manager]
says = ['approval(manager) if loss(L), L > 1000', 'approval(manager) if cost > 500.0']
[rule.expert]
says = 'approval(expert) if item(kind: electronics, price: P), P > 5000'
[decision.approval]
question = "Who signs?"
hit-policy = "priority"
default = "desk"
option = [{ id = "expert" }, { id = "manager" }, { id = "desk" }]
"#;

/// The lines that say what would make it so, and whether there were more.
fn repairs(policy: &str, issue: &str, option: &str) -> Vec<String> {
    let arguments = ["explain", "i.toml", "--policy", "p.toml", "--why-not", option];
    let text = Run::new(arguments).file("p.toml", policy).file("i.toml", issue).outcome().stdout;
    let (_, repairs) = text.split_once("What would ").expect("repairs");
    repairs.lines().skip(1).map(|line| line.trim().to_owned()).collect()
}

/// One thing that is broken.
const TV: &str = "item = [{ kind = 'electronics', price = 1200, age = 1, total = true }]";

/// What one rule adds up does not hide what another compares.
#[test]
fn one_cell_is_found_beside_sums_over_the_same_rows() {
    let expected = [
        "in the row of item (kind electronics, age 1, total yes), change price from 1200 to 5001: expert.",
        "add a row to item: kind electronics, price 5001: expert.",
    ];
    assert_eq!(repairs(APPROVAL, TV, "expert"), expected);
}

/// Each cell alone beside the cost: the price and the age as near as can be, and what is simply turned.
#[test]
fn no_change_is_needless_and_each_is_to_the_nearest_value() {
    let expected = [
        "change cost from 700.0 to 500.0 and in the row of item (kind electronics, age 1, total yes), change price from 1200 to 1111: desk.",
        "change cost from 700.0 to 500.0 and in the row of item (kind electronics, price 1200, total yes), change age from 1 to 2: desk.",
        "change cost from 700.0 to 500.0 and in the row of item (kind electronics, price 1200, age 1), change total from yes to no: desk.",
        "change cost from 700.0 to 500.0 and leave out every row of item: desk.",
    ];
    let mut found = repairs(APPROVAL, &format!("{TV}\ncost = 700.0"), "desk");
    found.truncate(4);
    assert_eq!(found, expected);
}

#[test]
fn numbers_between_two_that_are_given_have_as_many_decimals() {
    let expected = ["change cost from 12.5 to 500.1: manager."];
    assert_eq!(repairs(APPROVAL, "item = []\ncost = 12.5", "manager")[..1], expected);
}

/// A row is told once, with the cells that it needs, whatever numbers do as well.
#[test]
fn a_new_row_has_no_needless_cell() {
    let expected = ["add a row to item: kind electronics, price 5001: expert."];
    assert_eq!(repairs(APPROVAL, "item = []", "expert"), expected);
}

#[test]
fn what_differs_in_a_number_is_told_once() {
    let arguments = ["explain", "fixtures/escalation/night-page.toml", "--policy", "policies/escalation", "--why-not"];
    let run = Run::new(arguments.into_iter().chain(["duty_manager"])).at_root();
    let text = run.outcome().stdout;
    let (_, repairs) = text.split_once("What would make it so:").expect("repairs");
    insta::assert_snapshot!(repairs.trim_start_matches('\n'));
}

/// The option is the value, but of an open decision: then it is told what would make it so for good.
#[test]
fn an_open_decision_is_its_default_only_for_now() {
    let run = |issue: &str, option: &str| {
        let arguments = ["explain", "-", "--input", "json", "--policy", "p.toml", "--why-not", option];
        let policy =
            APPROVAL.replace("default = 0.0", "").replace("type = \"records\"", "type = \"records\"\ndefault = []");
        Run::new(arguments).file("p.toml", policy).stdin(issue).outcome().stdout
    };
    insta::assert_snapshot!(run("{}", "desk"));
    assert_eq!(run(r#"{"cost": 3}"#, "desk"), "desk is what `approval` is decided to be.\n");
}

#[test]
fn options_of_several_decisions_are_listed_once() {
    let other =
        "[decision.other]\nquestion = '?'\nhit-policy = 'collect'\noption = [{ id = 'desk' }, { id = 'safe' }]\n";
    let run = Run::new(["explain", "i.toml", "--policy", "p.toml", "--why-not", "nobody_at_all"]);
    let told = run.file("p.toml", format!("{APPROVAL}{other}")).file("i.toml", TV).outcome().stderr;
    assert!(told.contains("there are: expert, manager, desk, safe\n"), "{told}");
}
