//! `remit explain --why-not`: what stands in the way of an option, and what would make it so.

use serde_json::Value;

use crate::run::Run;

const TICKETS: &str = r#"
[policy]
name = "tickets"
[fact.age]
type = "integer"
ask  = "How old is the guest?"
[fact.member]
type = "bool"
[fact.bag]
type = "records"
[fact.bag.columns]
owner  = "text"
weight = "integer"
fragile = "bool"
[decision.ticket]
question   = "Which ticket?"
hit-policy = "priority"
default    = "full"
[[decision.ticket.option]]
id   = "child"
name = "Child's ticket"
[[decision.ticket.option]]
id   = "member"
name = "Member's ticket"
[[decision.ticket.option]]
id   = "full"
name = "Full price"
[decision.desk]
question   = "Where do the bags go?"
hit-policy = "unique"
[[decision.desk.option]]
id = "large"
[[decision.desk.option]]
id = "careful"
[rule.children]
says    = 'ticket(child) if age < 37'
because = "Below 37."
[rule.members]
says    = 'ticket(member) if member'
because = "A member."
[rule.large]
says    = 'desk(large) if bag(weight: W), W > 20'
because = "Heavy."
[rule.careful]
says    = 'desk(careful) if bag(fragile: true)'
because = "It breaks."
"#;

fn why_not(issue: &str, option: &str, more: &[&str]) -> String {
    let arguments = ["explain", "guest.toml", "--why-not", option].into_iter().chain(more.iter().copied());
    Run::new(arguments).file("policies/p/policy.toml", TICKETS).file("guest.toml", issue).outcome().stdout
}

#[test]
fn an_option_that_is_outranked_says_so() {
    insta::assert_snapshot!(why_not("age = 12\nmember = true", "member", &["--decision", "ticket"]));
}

#[test]
fn an_option_that_is_only_possible_says_until_when() {
    insta::assert_snapshot!(why_not("member = true", "child", &[]));
    let text = why_not("age = 12", "member", &["--decision", "ticket"]);
    assert!(text.starts_with("Why not Member's ticket? Member's ticket may still be concluded, but Child's"), "{text}");
}

#[test]
fn options_that_contradict_each_other_name_the_other() {
    let text = why_not("bag = [{ owner = \"Ada\", weight = 30, fragile = true }]", "careful", &[]);
    assert!(text.starts_with("Why not careful? careful is concluded, but so is large: they contradict"), "{text}");
}

/// Of `0`, `36`, and all in between, the nearest to what is given.
#[test]
fn one_number_stands_for_all_beyond_a_threshold() {
    let text = why_not("age = 40\nmember = false", "child", &[]);
    assert_eq!(text.matches("change age").count(), 1, "{text}");
    assert!(text.contains("  change age from 40 to 36: Child's ticket.\n"), "{text}");
}

/// Dates are counted from those that are given, by the days that rules ask for.
#[test]
fn days_between_dates_are_made_more_or_fewer() {
    for (condition, change) in [
        ("back - out > 3", "2026-05-05"),
        ("out + 14 < back", "2026-05-16"),
        ("D = back - out, D >= 20", "2026-05-21"),
        ("back = out", "2026-05-01"),
        ("out > back", "2026-05-03"),
    ] {
        let policy = format!(
            "[policy]\nname = 'bikes'\n[fact]\nout.type = 'date'\nback.type = 'date'\n[decision.d]\nquestion = '?'\n\
             hit-policy = 'priority'\ndefault = 'no'\noption = [{{ id = 'yes' }}, {{ id = 'no' }}]\n\
             [rule.r]\nsays = 'd(yes) if {condition}'\nbecause = 'So.'\n"
        );
        let run = Run::new(["explain", "bike.toml", "--why-not", "yes"]).file("policies/p/policy.toml", &policy);
        let text = run.file("bike.toml", "out = 2026-05-01\nback = 2026-05-02").outcome().stdout;
        let (_, repairs) = text.split_once("What would make it so:").expect("a repair");
        assert!(repairs.contains(change), "{condition}: {text}");
    }
}

#[test]
fn a_changed_row_keeps_its_other_columns_and_is_named_by_them() {
    let issue =
        "bag = [{ owner = \"Ada\", weight = 3, fragile = false }, { owner = \"Bo\", weight = 5, fragile = false }]";
    let text = why_not(issue, "large", &[]);
    assert!(
        text.contains("  in the row of bag (owner Bo, fragile no), change weight from 5 to 21: large.\n"),
        "{text}"
    );
}

#[test]
fn repairs_that_settle_come_before_those_that_leave_it_open() {
    let text = why_not("", "member", &["--decision", "ticket"]);
    let (settling, open) = text.split_once("What would make it so for now, and leave").expect("both kinds");
    assert!(settling.contains("say age = ") && settling.contains(" and say member = yes: Member's ticket."), "{text}");
    assert!(open.contains("  say member = yes: Member's ticket.\n"), "{text}");
}

#[test]
fn json_says_what_the_decision_is_instead() {
    let text = why_not("age = 12\nmember = true", "member", &["--decision", "ticket", "--format", "json"]);
    let json: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((&json["value"], &json["status"]), (&"child".into(), &"settled".into()));
    assert!(json["standing"].as_str().is_some_and(|text| text.contains("comes before it")), "{json}");
}

/// Ten clauses that rest on each other can be gone through in millions of orders; each relation is looked into once.
#[test]
fn what_rests_on_itself_is_told_once() {
    let mut policy = TICKETS.replace("says    = 'ticket(child) if age < 37'", "says    = 'ticket(child) if step0(X)'");
    policy.push_str("[rule.begin]\nsays = 'step0(X) if bag(weight: X, owner: \"nobody\")'\n");
    for step in 0..10 {
        let next = (step * 7 + 3) % 10;
        let clauses =
            format!("'step{step}(X) if step{next}(X), bag(weight: X)', 'step{next}(X) if step0(X), step{step}(X)'");
        policy.push_str(&format!("[rule.go{step}]\nsays = [{clauses}]\n"));
    }
    let arguments = ["explain", "guest.toml", "--why-not", "child", "--decision", "ticket", "--format", "json"];
    let issue = "bag = [{ owner = \"Ann\", weight = 3 }]\nage = 40\nmember = false\n";
    let run = Run::new(arguments).file("policies/p/policy.toml", &policy).file("guest.toml", issue).outcome();
    let told: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(told["rules_complete"], true);
    // On each path each relation is looked into once: no rule stands below itself for the same relation.
    assert_eq!(run.stdout.matches("\"rule\":").count(), 16);
}

/// What would be told millions of times over is cut, and that is said.
#[test]
fn what_branches_too_much_is_cut_and_says_so() {
    let mut policy = TICKETS.replace("says    = 'ticket(child) if age < 37'", "says    = 'ticket(child) if step0(X)'");
    for step in 0..11 {
        let below = (0..3).map(|way| format!("'step{step}(X) if way{step}_{way}(X)'")).collect::<Vec<_>>().join(", ");
        policy.push_str(&format!("[rule.step{step}]\nsays = [{below}]\n"));
        for way in 0..3 {
            let next = if step == 10 { "bag(weight: X)".to_owned() } else { format!("step{}(X)", step + 1) };
            policy.push_str(&format!("[rule.way{step}-{way}]\nsays = 'way{step}_{way}(X) if {next}, age < 3'\n"));
        }
    }
    let arguments = ["explain", "guest.toml", "--why-not", "child", "--decision", "ticket", "--format"];
    let run = |format| {
        let run = Run::new(arguments.iter().copied().chain([format])).file("policies/p/policy.toml", &policy);
        run.file("guest.toml", "bag = [{ owner = \"Ann\", weight = 3 }]\nage = 40\nmember = false\n").outcome().stdout
    };
    let told: Value = serde_json::from_str(&run("json")).expect("JSON");
    assert_eq!(told["rules_complete"], false);
    assert!(run("text").contains("There is more below these rules than is told here."));
}

/// A conclusion that fails counts by what its nearest rule lacks, not as one literal; what is lacked twice, once.
#[test]
fn the_nearest_rule_is_the_one_that_lacks_the_fewest_facts() {
    let policy = "[policy]\nname = 'near'\n[fact]\nf.type = 'bool'\ng.type = 'bool'\nh.type = 'bool'\n[rule]\n\
                  a-far.says = 't(x) if p'\nfar.says = 'p if g, h'\nb-near.says = 't(x) if q, r'\n\
                  q.says = 'q if f'\nr.says = 'r if f'\n\
                  [decision.t]\nquestion = 'Which?'\nhit-policy = 'priority'\ndefault = 'y'\n\
                  option = [{ id = 'x' }, { id = 'y' }]\n";
    for issue in ["f = false\ng = false\nh = false", "g = false\nh = false"] {
        let run = Run::new(["explain", "i.toml", "--why-not", "x"]).file("policies/p/policy.toml", policy);
        let text = run.file("i.toml", issue).outcome().stdout;
        let place = |rule: &str| text.find(&format!("  rule {rule}, ")).expect("the rule is told");
        assert!(place("b-near") < place("a-far"), "{text}");
    }
}

/// Of two rules that lack the same, the one that has what the other leaves open.
#[test]
fn the_rule_that_reopens_a_tenant_is_the_nearest() {
    let run = Run::new(["explain", "fixtures/tenant-down-after-change.toml", "--why-not", "saas_support"]).at_root();
    let text = run.outcome().stdout;
    assert!(text.starts_with("Why not SaaS Support?\n  rule support-reopens-tenant, "), "{text}");
}
