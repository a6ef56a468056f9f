//! What is said to write instead: golden texts of what beginners write, and what a mend must not change.

use std::fmt::Write as _;
use std::path::PathBuf;

use remit::diagnostic::{Code, Diagnostic};
use remit::source::Sources;

const POLICY: &str = r#"
[policy]
name = "t"
[fact]
b.type = "bool"
b2.type = "bool"
c.options = ["x", "y", "z"]
sev.options = ["p1", "p2", "p3", "p4"]
n.type = "integer"
dt.type = "date"
t.type = "text"
[fact.tags]
type = "list"
of = "text"
[fact.nums]
type = "list"
of = "integer"
[fact.opts]
type = "list"
of = ["x", "y", "z"]
[fact.r]
type = "records"
columns = { name = "text", size = "integer", kind = ["x", "y", "custom"], flag = "bool" }
[decision.team]
question = "?"
hit-policy = "priority"
default = "dd"
option = [{ id = "aa" }, { id = "bb" }, { id = "dd" }]
"#;

/// What is found in a policy that has these tables beside its facts and its decision, and what it is found in.
fn found(tables: &str) -> (Vec<Diagnostic>, Sources) {
    let files = vec![(PathBuf::from("p.toml"), format!("{POLICY}{tables}"))];
    let (policy, sources, mut found) = remit::policy::load_texts(files, PathBuf::new());
    found.extend(remit::check::check(&policy, &sources).1);
    remit::diagnostic::sort(&mut found, &sources);
    let unused =
        [Code::UnusedFact, Code::UnusedConclusion, Code::MissingBecause, Code::OptionNeverConcluded, Code::NoDefault];
    found.retain(|d| !unused.contains(&d.code));
    (found, sources)
}

/// Each finding: its code, the text that it marks, the message and the help.
fn told(tables: &str) -> String {
    let (found, sources) = found(tables);
    assert!(!found.is_empty(), "{tables}");
    let mut out = String::new();
    for d in found {
        let marked = sources.text(d.span.expect("a place"));
        let _ = writeln!(out, "  {} at `{marked}`: {}", d.code.as_str(), d.message);
        let _ = writeln!(out, "    {}", d.help.expect("a help"));
    }
    out
}

fn page(title: &str, cases: &[&str], tables: impl Fn(&str) -> String) {
    let page: Vec<String> = cases.iter().map(|case| format!("{case}\n{}", told(&tables(case)))).collect();
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!(format!("mends_{title}"), page.join("\n"));
    });
}

#[test]
fn keys_of_expect() {
    let keys = [
        "hold = 'b'",
        "Holds = 'b'",
        "rule = 'ra'",
        "stauts = 'open'",
        "not_holds = 'b'",
        "notholds = 'b'",
        "taem = 'aa'",
        "x = 'aa'",
        "holds = 'n'",
    ];
    page("expect", &keys, |key| {
        format!("[rule.ra]\nsays = 'team(aa) if b'\n[scenario.s]\nissue = {{ b = true }}\nexpect = {{ {key} }}\n")
    });
}

#[test]
fn names_of_overridden_rules() {
    let found = told("[rule.r-a]\nsays = 'team(aa) if b'\noverrides = ['r-b']\n");
    assert_eq!(
        found,
        "  unknown-rule at `r-b`: there is no rule `r-b`\n    name a rule of this policy, without `rule.`\n"
    );
}

#[test]
fn backslashes_inside_texts_of_toml() {
    let says = [
        r#""team(aa) if matches(t, \"\d\")""#,
        r#""team(aa) if matches(t, \"\\d\")""#,
        r#"'team(aa) if matches(t, "\d")'"#,
        r#""team\d""#,
    ];
    page("backslashes", &says, |says| format!("[rule.ra]\nsays = {says}\n"));
    assert_eq!(found("[rule.ra]\nsays = 'team(aa) if matches(t, \"\\\\d\")'\n").0, []);
    assert_eq!(found("[rule.ra]\nsays = \"team(aa) if matches(t, \\\"\\\\\\\\d\\\")\"\n").0, []);
}

#[test]
fn tables_without_a_name() {
    let tables = "[rule.x]\nsays = 'team(bb) if b2'\n[[rule]]\nsays = 'team(aa) if b'\n";
    assert_eq!(told(tables), "  toml at `[[rule]]`: `[[rule]]` gives the rule no name\n    write `[rule.name]`\n");
}

#[test]
fn keys_of_an_issue_are_marked() {
    let scenario = "[rule.ra]\nsays = 'team(aa) if b'\n[scenario.s]\nexpect = { team = 'aa' }\n";
    let issues =
        ["{ b = true, bb = 1 }", "{ b = true, r = [{ nam = 'a', size = 3 }] }", "{ b = true, r = [{ size = 'a' }] }"];
    page("issue_keys", &issues, |issue| format!("{scenario}issue = {issue}\n"));
}
