//! What is said to write instead: golden texts of what beginners write, and what a mend must not change.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use remit::diagnostic::{Code, Diagnostic};
use remit::engine::{Plan, evaluate_planned};
use remit::issue::{FactState, Issue};
use remit::program::Given;
use remit::source::{Sources, Span};
use remit::value::Value;
use remit::verdict::settle;

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

fn conditions(title: &str, bodies: &[&str]) {
    page(title, bodies, |body| format!("[rule.ra]\nsays = '''team(aa) if {body}'''\n"));
}

/// Rules `ra`, `rb`, … in this order.
fn rules(says: &[&str]) -> String {
    let rule = |(index, says): (usize, &&str)| format!("[rule.r{}]\nsays = '{says}'\n", ["a", "b", "c"][index]);
    says.iter().enumerate().map(rule).collect()
}

#[test]
fn one_side_of_an_or_is_blamed_if_it_alone_is_at_fault() {
    let cases: &[&[&str]] = &[
        &["team(aa) if b", "team(aa) if c = x or b"],
        &["team(aa) if b", "team(aa) if c = x or b, n > 1, b2"],
        &["team(aa) if b, b2", "team(aa) if b, (c = x or b2)"],
        &["team(bb) if b or b"],
        &["team(bb) if b or b, b2"],
        &["team(bb) if b, (b2 or b2)"],
        &["team(bb) if b or (b, (c = x or c = y))"],
        &["team(aa) if c = x, (c = y or c = x)"],
        &["team(aa) if (c = y or c = x), c = x"],
        &["team(aa) if b or p", "p if b, not b"],
        // Neither side alone is at fault.
        &["team(aa) if (c = x or b), (c = y or b2)"],
        &["team(aa) if b, b2", "team(aa) if (b or c = x), (b2 or c = y)"],
        // All of the clause is at fault.
        &["team(aa) if b or c = x", "team(aa) if c = x or b"],
        &["team(aa) if b", "team(aa) if b, (c = x or b2)"],
        &["team(aa) if b, not b, (c = x or b2)"],
        &["team(aa) if b or c = x", "team(aa) if b"],
    ];
    let texts: Vec<String> = cases.iter().map(|says| says.join(". ")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    page("sides", &texts, |says| rules(&says.split(". ").collect::<Vec<_>>()));
}

/// Sides that overlap without one of them being superfluous are nothing to take out.
#[test]
fn brackets_that_overlap_are_no_fault() {
    for says in [
        "team(aa) if (b or b2), (b or c = x)",
        "team(aa) if (b or b2), (b or b2)",
        "team(aa) if b or b2",
        "team(aa) if tags(\"x\") or tags(\"y\")",
    ] {
        let codes: Vec<Code> = found(&rules(&[says])).0.iter().map(|d| d.code).collect();
        assert_eq!(codes, [], "{says}");
    }
    let says = "team(aa) if (b or c = x), (b2 or c = y), n > 1 or c = x, b2, n < 0";
    let codes: Vec<Code> = found(&rules(&[says])).0.iter().map(|d| d.code).collect();
    assert_eq!(codes, [Code::NeverHolds], "{says}");
}

/// Of sides that contradict each other where they meet, no others are named.
#[test]
fn only_the_sides_that_meet_are_named() {
    let says = "team(aa) if (c = x or b), (c = y or b2), (n > 1 or n < 0), (n > 7 or t = \"a\")";
    let found = found(&rules(&[says])).0;
    let helps = |two: &str| found.iter().filter(|d| d.help.as_ref().is_some_and(|help| help.contains(two))).count();
    assert!(found.iter().all(|d| d.code == Code::NeverHolds));
    let named =
        [helps("as written, `c = x` and `c = y` of the `or`s"), helps("as written, `n < 0` and `n > 7` of the `or`s")];
    assert_eq!((named.iter().sum::<usize>(), named.contains(&0)), (found.len(), false), "{found:#?}");
}

/// An option that stands alone is told with what is meant, be it denied or not.
#[test]
fn options_alone_keep_their_meaning() {
    for (body, mend) in [
        ("sev = p1 or p2", "write `sev in [p1, p2]`"),
        ("sev = p1 or sev = p2 or p3", "write `sev in [p1, p2, p3]`"),
        ("not sev = p1 and not p2", "write `sev not in [p1, p2]`"),
        ("sev != p1, not p2", "write `sev not in [p1, p2]`"),
        ("sev = p1, not p2", "write `sev = p2`"),
        ("b, p2", "write `sev = p2`"),
    ] {
        let found = found(&rules(&[&format!("team(aa) if {body}")])).0;
        let helps: Vec<&str> = found.iter().filter_map(|d| d.help.as_deref()).collect();
        assert!(helps.contains(&mend), "{body}: {helps:?}");
    }
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
fn lists_records_and_conclusions_are_no_values() {
    conditions(
        "many_values",
        &[
            "tags = \"x\"",
            "tags != \"x\"",
            "contains(tags, \"x\")",
            "length(tags) > 3",
            "nums > 3",
            "3 < nums",
            "n = nums",
            "opts = x",
            "opts in [x]",
            "r = 3",
            "team = aa",
            "team != aa",
        ],
    );
    page("conclusions", &["q = true", "q = false", "q != true", "q > 3", "p = 3"], |body| {
        format!("[rule.ra]\nsays = 'q if b. p(X) if nums(X). team(aa) if {body}'\n")
    });
}

#[test]
fn types_of_entries_and_columns() {
    page("entries", &["list", "records", "choice", "enum", "string", "lists"], |of| {
        format!("[fact.l]\ntype = 'list'\nof = '{of}'\n")
    });
    page("columns", &["list", "choice", "string"], |ty| {
        format!("[fact.l]\ntype = 'records'\ncolumns = {{ k = '{ty}', m = {{ type = '{ty}' }} }}\n")
    });
}

#[test]
fn keys_that_do_not_go_with_the_type() {
    let facts = [
        "type = 'text'\nof = 'text'",
        "options = ['x']\nof = ['y']",
        "type = 'text'\ncolumns = { a = 'text' }",
        "type = 'list'\nof = 'text'\ncolumns = { a = 'text' }",
        "type = 'list'\noptions = ['x', 'y']",
        "type = 'list'\nof = 'text'\noptions = ['x']",
        "type = 'records'\ncolumns = { a = 'text' }\nof = 'text'",
        "type = 'records'\ncolumns = { a = 'text' }\noptions = ['x']",
        "type = 'records'\ncolumns = { a = ['x'] }\naliases = { X = 'x' }",
        "type = 'integer'\naliases = { one = '1' }",
        "type = 'list'\nof = 'date'\naliases = { today = '2026-01-01' }",
        "type = 'list'\nof = ['x', 'y']\naliases = { X = 'z' }",
        "options = { x = 'The x' }\naliases = { X = 'z' }",
        "options = ['x', 'y']\naliases = { x = 'y' }",
    ];
    page("idle_keys", &facts, |fact| format!("[fact.f]\n{fact}\n"));
}

#[test]
fn values_in_reasons() {
    let reasons =
        ["It is {Y}.", "It is {n}.", "It is {b}.", "It is {nums}.", "It is {size}.", "It is {x}.", "It is {X}."];
    page("reasons", &reasons, |because| {
        format!("[rule.ra]\nsays = 'team(aa) if n > 3, r(name: X, size: Y), tags(X)'\nbecause = '{because}'\n")
    });
    let words = "[rule.ra]\nsays = 'team(aa) if n > 3'\nbecause = 'Write { n }, {}, {1}, {any} or {\"n\": 3}.'\n";
    assert!(found(words).0.is_empty());
}

#[test]
fn warnings_stand_beside_errors_of_other_rules() {
    let codes = |says: &[&str]| found(&rules(says)).0.iter().map(|d| d.code).collect::<Vec<_>>();
    assert_eq!(codes(&["team(aa) if b, not b", "team(bb) if zz"]), [Code::NeverHolds, Code::UnknownName]);
    assert_eq!(
        codes(&["team(aa) if b", "team(aa) if b, b2", "team(bb) if c = w"]),
        [Code::SubsumedRule, Code::UnknownOption]
    );
    // What rests on a broken rule is not judged: the rule may be meant otherwise.
    assert_eq!(codes(&["p(X) if nums(X), zz", "team(aa) if p(X), not p(X)"]), [Code::UnknownName]);
}

#[test]
fn a_text_without_quotes_is_asked_about_outside_rules_too() {
    let tables = "[rule.ra]\nsays = 'p(X) if tags(X)'\n[invariant.i]\nnever = 'p(TV)'\n[scenario.s]\n\
                  expect = { team = 'dd', holds = 'p(Vip)', not-holds = ['p(_)'] }\n";
    let (found, sources) = found(tables);
    let told: Vec<_> = found.iter().map(|d| (d.code, sources.text(d.span.expect("a place")))).collect();
    assert_eq!(told, [(Code::SingletonVariable, "TV"), (Code::SingletonVariable, "Vip")]);
}

#[test]
fn several_options() {
    conditions(
        "several_options",
        &[
            "sev = p1 or p2",
            "sev = p1 or p2 or p3",
            "sev != p1, p2",
            "b, (sev = p1 or p4)",
            "p2",
            "x",
            "sev = [p1, p2]",
            "sev != [p1]",
            "sev = (p1 or p2)",
            "sev = (p1, p2)",
        ],
    );
}

#[test]
fn capitals() {
    conditions(
        "capitals",
        &[
            "r(kind: Custom)",
            "r(_, _, Custom, _)",
            "r(kind: K)",
            "r(flag: False)",
            "tags(Urgent)",
            "tags(T)",
            "opts(X)",
            "X > 3",
            "sev = P1",
            "sev = X",
            "r(kind: K), K = CUSTOM",
            "b = True",
            "not r(flag: True, kind: K), b",
            "decided(team, AA)",
            "decided(Team, aa)",
            "decided(\"team\", aa)",
            "decided(3, aa)",
            "nums(X) or X > 2",
            "nums(X), n > X or X > 2",
        ],
    );
    page("capital_heads", &["team(X) if b", "team(AA) if b", "p(X) if b", "p(X) if nums(X) or b"], |says| {
        rules(&[says])
    });
}

#[test]
fn names_that_nothing_has() {
    conditions(
        "unresolved",
        &[
            "kind = x",
            "kind != x",
            "r(size: N), N > 1, kind = x",
            "sum(N : r(size: N) and kind = x) > 3",
            "sum(N : r(size: N) and kind != x) > 3",
            "r(flag: true), kind in [x, y]",
            "r(flag: true), size > 3",
            "contains(name, \"a\")",
            "flag",
            "not flag",
            "r(kind: x), not flag",
            "r(flag)",
            "not r(custom)",
            "r(name)",
            "r(3, true)",
            "r(X, custom), tags(X)",
            "r",
            "count(r) > 2",
            "count(r()) > 2",
            "t = unknown",
            "b = null",
            "c != unknown",
            "known(n)",
            "exists(n)",
            "exists(r)",
            "contains(t, lawyer)",
            "not starts_with(t, lawyer)",
            "contains(tags, lawyer)",
            "contains(opts, x)",
        ],
    );
}

/// What the helps for columns say to write is nothing to complain of.
#[test]
fn columns_in_brackets_are_right() {
    for (slip, mend) in [
        ("kind = x", "r(kind: x)"),
        ("kind != x", "r(kind: Kind), Kind != x"),
        ("sum(N : r(size: N) and kind = x) > 3", "r(size: N, kind: x)"),
        ("r(flag: true), size > 3", "r(flag: true, size: Size), Size > 3"),
        ("r(flag: true), kind not in [x, y]", "r(flag: true, kind: Kind), Kind not in [x, y]"),
        ("not contains(name, \"a\")", "r(name: Name), not contains(Name, \"a\")"),
        ("not flag", "r(flag: false)"),
        ("r(flag)", "r(flag: true)"),
        ("r(custom)", "r(kind: custom)"),
        ("count(r) > 2", "r(name: _)"),
        ("exists(r)", "r(name: _)"),
        ("contains(tags, lawyer)", "tags(\"lawyer\")"),
        ("contains(opts, x)", "opts(x)"),
    ] {
        let slips = found(&rules(&[&format!("team(aa) if {slip}")])).0;
        let helps: Vec<&str> = slips.iter().filter_map(|d| d.help.as_deref()).collect();
        assert!(matches!(helps.as_slice(), [help] if help.contains(&format!("`{mend}`"))), "{slip}: {helps:?}");
        let mend = if slip.starts_with("sum") { format!("sum(N : {mend}) > 3") } else { mend.to_owned() };
        assert_eq!(found(&rules(&[&format!("team(aa) if {mend}")])).0, [], "{mend}");
    }
}

/// Options and facts may have the names that are otherwise told apart.
#[test]
fn facts_and_options_may_be_called_anything() {
    let facts =
        "[fact]\nunknown.type = 'bool'\nkind.options = ['x', 'missing']\nlike.type = 'text'\ndays.type = 'integer'\n";
    let policy = POLICY.replacen("[fact]\n", facts, 1);
    let says =
        "team(aa) if unknown, kind = missing, contains(like, \"a\"), days > 14. team(aa) if unknown = true, kind = x";
    let files = vec![(PathBuf::from("p.toml"), format!("{policy}{}", rules(&[says])))];
    let (policy, sources, mut found) = remit::policy::load_texts(files, PathBuf::new());
    found.extend(remit::check::check(&policy, &sources).1);
    let errors: Vec<&Diagnostic> =
        found.iter().filter(|d| d.severity() == remit::diagnostic::Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    // What rules conclude may have the name of a column, too.
    let says = "p(unknown) if b. p(flag) if b2. team(aa) if p(X), X = unknown. team(bb) if p(X), X = flag";
    assert_eq!(self::found(&rules(&[says])).0, []);
}

#[test]
fn a_conclusion_that_nothing_uses_may_be_meant_as_a_decision() {
    for (head, help) in [
        (
            "taem(aa)",
            "write `team`, if the decision is meant; else use it in a rule, an invariant or a scenario, or take it out",
        ),
        (
            "aa",
            "write `team(aa)`, if the decision is meant; else use it in a rule, an invariant or a scenario, or take it out",
        ),
        ("other(aa)", "use it in a rule, an invariant or a scenario, or take it out"),
        ("taem", "use it in a rule, an invariant or a scenario, or take it out"),
    ] {
        let files = vec![(PathBuf::from("p.toml"), format!("{POLICY}{}", rules(&[&format!("{head} if b")])))];
        let (policy, sources, _) = remit::policy::load_texts(files, PathBuf::new());
        let found = remit::check::check(&policy, &sources).1;
        let told: Vec<_> =
            found.iter().filter(|d| d.code == Code::UnusedConclusion).map(|d| d.help.as_deref()).collect();
        assert_eq!(told, [Some(help)], "{head}");
    }
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
    let quoted = "[\"fact.q\"]\ntype = 'bool'\n[rule.ra]\nsays = 'team(bb) if q'\n";
    let told_of_it =
        "  unknown-key at `fact.q`: a policy has no table `fact.q`\n    write `[fact.q]`, without quotes\n";
    assert_eq!(told(quoted), told_of_it);
}

#[test]
fn keys_of_an_issue_are_marked() {
    let scenario = "[rule.ra]\nsays = 'team(aa) if b'\n[scenario.s]\nexpect = { team = 'aa' }\n";
    let issues =
        ["{ b = true, bb = 1 }", "{ b = true, r = [{ nam = 'a', size = 3 }] }", "{ b = true, r = [{ size = 'a' }] }"];
    page("issue_keys", &issues, |issue| format!("{scenario}issue = {issue}\n"));
}

#[test]
fn values_joined_or_denied_inside_brackets() {
    conditions(
        "inside_brackets",
        &[
            r#"tags("a" or "b")"#,
            r#"tags("a" and "b")"#,
            r#"r(name: "a" or "b")"#,
            r#"r(kind: x, name: "a" or "b")"#,
            "r(kind in [x, y])",
            "r(kind: [x, y])",
            r#"contains(t, ["a", "b"])"#,
            r#"r(name: not "a")"#,
            "decided(team = aa)",
            "r(kind: x) or custom",
            "opts(x) or y",
        ],
    );
}

#[test]
fn what_is_a_fact_and_what_is_not() {
    conditions(
        "facts_or_not",
        &[
            r#"room != "A12""#,
            r#"t = "a", contains(t, ta)"#,
            r#""n" > 10"#,
            r#"dt < dt - "2026-05-04""#,
            r#"t in ["a", t]"#,
            "n in [n, 3]",
            "c in [c, x]",
            r#"not contains(tags, "beta")"#,
            "nums(q), q > 7",
            "HTTPPort = 3",
            "inScope",
        ],
    );
}

#[test]
fn numbers_and_days_in_words() {
    conditions(
        "numbers_in_words",
        &[
            "n > 20%",
            "sum(S : r(size: S)) > 8 hours",
            "dt < 7 days ago",
            "dt < 2 weeks ago",
            "at least 10 n",
            "n > 10 or more",
        ],
    );
}

#[test]
fn a_variable_in_the_wrong_place() {
    conditions(
        "misplaced_variables",
        &["N = count(r(size: N)), N > 3", "r(size: N), not r(size: H), H > N", "r(size: N), not r(size: H), N > 2"],
    );
    let because = |says: &str, because: &str| told(&format!("[rule.ra]\nsays = '{says}'\nbecause = '{because}'\n"));
    assert_eq!(
        because("team(aa) if n > 3", "More than {n}."),
        "  bad-because at `{n}`: `{n}` would be printed as it stands: only variables are filled in\n    \
         add `N = n` to the conditions, write `N` for `n` in the others, and `{N}` here\n"
    );
    assert_eq!(found("[rule.ra]\nsays = 'team(aa) if N = n, N > 3'\nbecause = 'More than {N}.'\n").0, []);
    assert_eq!(
        because("team(aa) if b, not r(name: K)", "No {K}."),
        "  bad-because at `{K}`: `K` occurs once in the clause, and so stands for anything: it has no value to say\n    \
         what is denied is denied of every value: say it without `{K}`\n"
    );
}

/// The mend of an invariant that is written as a rule says what was meant.
#[test]
fn rules_where_a_condition_stands() {
    for (key, says, help) in [
        ("never", "team(aa) if b, c = x", "`b, c = x, team(aa)`"),
        ("never", "not decided(team, aa) if b", "`b, not decided(team, aa)`"),
        ("always", "decided(team, aa) :- b, c = x.", "`not (b, c = x) or decided(team, aa)`"),
    ] {
        let found = told(&format!("[invariant.i]\n{key} = '{says}'\n"));
        assert!(found.contains("a condition stands here, not a rule") && found.contains(help), "{found}");
    }
    let arrow = told("[invariant.i]\nalways = 'b -> decided(team, aa)'\n");
    assert!(arrow.contains("in an invariant, `not (condition) or conclusion`"), "{arrow}");
}

/// A conclusion whose only rule does not parse is called nothing, wherever it is used.
#[test]
fn a_conclusion_of_a_broken_rule_is_not_blamed() {
    for use_of_it in ["count(D : long(D)) > 1", "long(3)", "not long(_)"] {
        let tables = format!(
            "[concept.long]\nmeans = 'it is long'\n[rule.ra]\nsays = 'long(D) if nums(D), D > 0,5'\n[rule.rb]\n\
             says = 'team(aa) if {use_of_it}'\n"
        );
        let codes: Vec<Code> = found(&tables).0.iter().map(|d| d.code).collect();
        assert_eq!(codes, [Code::Syntax], "{use_of_it}");
    }
}

/// Neither variables that are called otherwise nor the side on which something stands make two clauses two.
#[test]
fn clauses_with_groups_and_aggregates_are_compared() {
    let codes = |says: &[&str]| found(&rules(says)).0.iter().map(|d| d.code).collect::<Vec<_>>();
    for (one, other) in [
        ("count(r(size: N), N > 3) > 1", "count(r(size: M), M > 3) > 1"),
        ("n > count(nums(_))", "count(nums(_)) < n"),
        ("sum(S : r(size: S)) = n", "n = sum(X : r(size: X))"),
        ("not (r(size: N), N > 3)", "not (r(size: M), 3 < M)"),
        ("r(size: N), not (r(size: M), M > N)", "r(size: M), not (r(size: X), X > M)"),
        ("r(size: N), count(r(size: M), M > N) > 1", "r(size: M), count(r(size: N), N > M) > 1"),
    ] {
        let [one, other] = [one, other].map(|body| format!("team(aa) if {body}"));
        assert_eq!(codes(&[&one, &other]), [Code::DuplicateRule], "{one}; {other}");
        assert_eq!(codes(&[&one, &format!("{other}, b")]), [Code::SubsumedRule], "{one}; {other}, b");
    }
    for (one, other) in [
        ("count(r(size: N), N > 3) > 1", "count(r(size: M), M > 4) > 1"),
        ("n > count(nums(_))", "n < count(nums(_))"),
        ("sum(S : r(size: S)) > 1", "max(S : r(size: S)) > 1"),
        // Variables that stand only in what is added up.
        ("nums(A), r(size: B), sum(A - B : opts(_)) > 1", "nums(A), r(size: B), sum(B - A : opts(_)) > 1"),
        // An equation gives its variable a value that is not known where an atom finds one.
        ("X = count(nums(_)), n < X", "X = count(nums(_)), n < X, r(size: X)"),
        ("X = n, X > 3", "X = n, X > 3, nums(X)"),
        ("r(size: N), not (r(size: M), M > N)", "r(size: M), not (r(size: X), X < M)"),
        ("nums(N), r(size: K), count(r(size: M), M > N) > K", "nums(N), r(size: K), count(r(size: M), M > K) > N"),
    ] {
        let [one, other] = [one, other].map(|body| format!("team(aa) if {body}"));
        assert_eq!(codes(&[&one, &other]), [], "{one}; {other}");
    }
}

#[test]
fn ranges_are_empty_through_what_has_a_constant_value() {
    for (body, is_empty) in [
        ("X = 3, n > X, n < 2", true),
        ("nums(M), M = 3, n > M, n < 2", true),
        ("X = 3, Y = 2, n > X, n < Y", true),
        ("n > X, n < Y, X = 3, Y = 4", true),
        ("X = 3, n > X, n < 5", false),
        ("X = 3, Y = 5, n > X, n < Y", false),
    ] {
        let codes: Vec<Code> = found(&rules(&[&format!("team(aa) if {body}")])).0.iter().map(|d| d.code).collect();
        assert_eq!(codes.contains(&Code::NeverHolds), is_empty, "{body}");
    }
}

/// Names that options, facts and columns may have are no slips; what is in no set of options is told, whatever the set.
#[test]
fn what_is_no_slip_is_not_told() {
    let options =
        "[fact.f.options]\nask = 'Shall we ask?'\ntype = 'text'\ndefault = 'basic'\nbasic = 'The basic one'\n";
    for says in ["f = ask", "f in [type, default]"] {
        assert_eq!(found(&format!("{options}[rule.ra]\nsays = 'team(aa) if {says}'\n")).0, [], "{says}");
    }
    let whole = "[fact.severity.options]\nlow = 'Low'\nhigh = 'High'\n[rule.ra]\nsays = 'team(aa) if severity = low'\n";
    let codes = |tables: &str| found(tables).0.iter().map(|d| d.code).collect::<Vec<_>>();
    assert_eq!(codes(whole), []);
    assert_eq!(codes(&format!("{whole}[fact.severity_2]\nask = 'What?'\n")), [Code::MissingKey]);
    let nowhere = "[fact.l]\ntype = 'list'\nof = ['q', 'w']\n[rule.ra]\nsays = 'team(aa) if opts(X), l(X), X = zzz'\n";
    assert!(codes(nowhere).contains(&Code::UnknownOption), "{:?}", codes(nowhere));
}

#[test]
fn integers_and_numbers_that_are_equal_share_no_range() {
    let body = "r2 = n, n > 9007199254740992, r2 <= 9007199254740992.0";
    let tables = format!("[fact.r2]\ntype = 'number'\n[rule.ra]\nsays = 'team(aa) if {body}'\n");
    assert_eq!(found(&tables).0, []);
}

#[test]
fn mends_fit_what_stands_beside() {
    conditions(
        "beside",
        &[
            "n not in [3, n]",
            "dt > 3 months ago",
            "at least 2 tags",
            "b, r(kind: x) or custom",
            "N = N + 1, N > 3",
            "later",
        ],
    );
    let head = told("[rule.ra]\nsays = 'q(X) if not r(size: X), X > 3'\n");
    assert!(!head.contains("not (r(size: X), X > 3)"), "{head}");
    let either = told("[invariant.i]\nnever = 'team(aa) if b or b2'\n");
    assert!(either.contains("`(b or b2), team(aa)`"), "{either}");
    let inside = told("[invariant.i]\nnever = '(team(aa) if b)'\n");
    assert!(inside.contains("write what comes behind `if` alone"), "{inside}");
}

/// What is decided of each issue in which `b`, `b2` and `c` are known or not.
fn decided(rules: &str) -> Vec<String> {
    let files = vec![(PathBuf::from("p.toml"), format!("{POLICY}{rules}"))];
    let (policy, sources, _) = remit::policy::load_texts(files, PathBuf::new());
    let program = remit::check::check(&policy, &sources).0.expect("a program");
    let plan = Plan::new(&program);
    let truths = [None, Some(Value::Bool(true)), Some(Value::Bool(false))];
    let options = [None, Some("x"), Some("y"), Some("z")].map(|option| option.map(|o| Value::Symbol(o.into())));
    let mut all = Vec::new();
    for (b, b2) in truths.iter().flat_map(|b| truths.iter().map(move |b2| (b, b2))) {
        for c in &options {
            let mut issue = Issue::empty(&program, Arc::from("1"));
            for (fact, value) in [("b", b), ("b2", b2), ("c", c)] {
                if let Some(value) = value {
                    issue.facts[program.fact_ids[fact].index()] = FactState::Given(Given::Value(value.clone()));
                }
            }
            let outcome = &settle(&program, &issue, &evaluate_planned(&program, &plan, &issue)).outcomes[0];
            all.push(format!("{:?} {:?} {:?}", outcome.status, outcome.value, outcome.possible));
        }
    }
    all
}

/// The rules without what is marked and the `or` beside it.
fn without(rules: &str, marked: Span) -> String {
    let [start, end] = [marked.start, marked.end].map(|at| at as usize - POLICY.len());
    let (before, after) = (rules.get(..start).expect("text"), rules.get(end..).expect("text"));
    match before.strip_suffix(" or ") {
        Some(before) => format!("{before}{after}"),
        None => format!("{before}{}", after.strip_prefix(" or ").expect("another side")),
    }
}

proptest! {
    #[test]
    fn a_superfluous_side_can_be_taken_out_as_the_help_says(
        clauses in vec(vec(vec(vec(select(vec!["b", "b2", "not b", "c = x", "c != x", "c = y"]), 1..3), 1..4), 1..3), 1..4),
    ) {
        let bracket = |sides: &Vec<Vec<&str>>| {
            let sides: Vec<String> = sides.iter().map(|literals| literals.join(", ")).collect();
            format!("({})", sides.join(" or "))
        };
        let says: Vec<String> = clauses
            .iter()
            .map(|brackets| format!("team(aa) if {}", brackets.iter().map(bracket).collect::<Vec<_>>().join(", ")))
            .collect();
        let mut rules = rules(&says.iter().map(String::as_str).collect::<Vec<_>>());
        let before = decided(&rules);
        let is_side = |d: &&Diagnostic| {
            matches!(d.code, Code::DuplicateRule | Code::SubsumedRule) && d.message.starts_with("the side")
        };
        while let Some(side) = found(&rules).0.iter().find(is_side) {
            rules = without(&rules, side.span.expect("a place"));
            prop_assert_eq!(&decided(&rules), &before, "{}", rules);
        }
    }
}
