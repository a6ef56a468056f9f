//! Tables and keys: what is unknown, missing, of the wrong kind or declared twice.

use std::fmt::Write as _;
use std::path::PathBuf;

use remit::policy::{Expectation, LiteralKind, ScenarioIssue, Text, load_texts};
use remit::syntax::print::{print_clause, print_formula};

use super::{literal, read, shown, word};

/// One or more mistakes each, behind a header that is in order.
const MISTAKES: &[&str] = &[
    // Tables.
    "[facts.a]\ntype = 'bool'",
    "[rules.a]\nsays = 'a'",
    "[Decision.a]\n",
    "[shipping]\nfrom = 'x'",
    "fact = 3",
    "[[rule]]\nsays = 'a'",
    "[fact]\na = 'bool'",
    "[[concept.a]]\nmeans = 'x'",
    "[rule]\nsays = 'a'",
    // Policy.
    "[policy.author]\nname = 'x'",
    // Facts.
    "[fact.a]",
    "[fact.a]\nask = 'Is it?'\nquestion = 'Is it?'",
    "[fact.a]\ntyp = 'bool'",
    "[fact.a]\ntype = 1\nask = true\noptions = 'p1'\naliases = ['p1']\nof = 3\ncolumns = 'x'",
    "[fact.a]\noptions = [1, ['p1'], 'p2', { a = 1 }]",
    "[fact.a]\noptions = { p1 = 'First', p2 = 2 }\naliases = { P1 = 'p1', P2 = 2 }",
    "[fact.a]\ntype = 'list'\nof = ['x', 2]",
    "[fact.a]\ntype = 'records'\n[fact.a.columns]\nx = 3\ny = {}\nz = { typ = 'bool', ask = 1 }\nv = ['p1', 7.5]\n\
     w = { type = 'choice', options = { p = 1 }, default = 2 }",
    // Concepts.
    "[concept.a]\nmeans = 2026-01-31\nmeaning = 'x'",
    "[concept.a]\nname = 'x'",
    // Rules.
    "[rule.a]",
    "[rule.a]\nsays = []",
    "[rule.a]\nsays = ''",
    "[rule.a]\nsays = 3\nbecause = ['x']\nsource = 3.5\noverrides = 'b'",
    "[rule.a]\nsays = ['a', 3, 'b if', 'c']\nif = 'x'\noverrides = ['b', 4]",
    "[rule.a]\nwhen = 'a if b'\nreason = 'x'",
    "[rule.a]\nsays = { head = 'a' }",
    // Decisions.
    "[decision.a]",
    "[decision.a]\nquestion = 'Who?'\nhit-policy = 'first'\noption = []",
    "[decision.a]\nquestion = 1\nhit-policy = 'Unique'\ndefault = true\nadvisory = 'true'\noption = ['x', { id = 'y' }]",
    "[decision.a]\nquestion = 'Who?'\nhit_policy = 'priority'\n[[decision.a.options]]\nid = 'x'\nlabel = 'X'",
    "[decision.a]\nquestion = 'Who?'\nhit-policy = 3\n[[decision.a.option]]\nname = 'X'\n[[decision.a.option]]\nid = 4",
    "[decision.a]\nquestion = 'Who?'\nhit-policy = 'unique'\n[decision.a.option]\nid = 'x'",
    "[decision.a]\nquestion = 'Who?'\nhit-policy = 'unique'\n[decision.a.option.x]\nname = 'X'",
    "[decision.a]\nquestion = 'Who?'\nhit-policy = 'unique'\noption = 'x'",
    // Scenarios.
    "[scenario.a]\nissue = 3\nexpect = 'x'\nbecause = 1\nskip = true",
    "[scenario.a]\ngiven = { b = 1 }\nthen = { team = 'x' }\nwhen = 3",
    "[scenario.a.expect]\nteam = 3\nstatus = ['open']\nholds = 1\nnot-holds = ['a', 2, 'b if c']\nrules = false",
    "[scenario.a.expect]\nteam = { value = 1, status = 2, default = 'x', possible = 'y', missing = 3, other = 4 }",
    // Invariants.
    "[invariant.a]",
    "[invariant.a]\nnever = 'a'\nalways = 'b'",
    "[invariant.a]\nnevr = 'a, '",
    "[invariant.a]\nnever = ['a', 'b']",
    "[invariant.a]\nalways = ''",
];

#[test]
fn every_mistake_is_told_in_plain_words() {
    let mut told = String::new();
    for mistake in MISTAKES {
        let (_, sources, diagnostics) = read(&format!("[policy]\nname = 'x'\n{mistake}"));
        assert!(!diagnostics.is_empty(), "{mistake}");
        let _ = writeln!(told, "{mistake}\n{}", shown(&diagnostics, &sources));
    }
    for header in [
        "",
        "[policy]",
        "policy = 'x'",
        "[[policy]]",
        "[policy]\nname = 3\nversion = 1.0\ndefault = 'no'\ntitle = 'x'\nlicence = ''",
    ] {
        let (_, sources, diagnostics) = read(header);
        let _ = writeln!(told, "{header}\n{}", shown(&diagnostics, &sources));
    }
    insta::assert_snapshot!("policy_tables", told);
}

#[test]
fn options_columns_and_defaults_have_several_forms() {
    let (policy, sources, diagnostics) = read(
        "[policy]\nname = 'x'\n\
         [fact.b]\ntype = 'choice'\noptions.p2 = 'Second'\noptions.p1 = 'First'\naliases.\"P 1\" = 'p1'\n\
         [fact.a]\ntype = 'list'\nof = ['x', 'y']\ndefault = [1, -2, 0x10, 1_000, 2.5, inf, 'x', true, 2026-01-31, 07:30:00, 2026-01-31T07:30:00Z]\n\
         [fact.c]\ntype = 'records'\ndefault = [{ v = 1 }, ['x']]\n\
         columns.w = { options = { q = 'Q', p = 'P' }, aliases = { X = 'q' }, ask = 'Which?' }\n\
         columns.v = ['p', 'q']\n",
    );
    assert_eq!(shown(&diagnostics, &sources), "");
    assert_eq!(
        policy.facts.iter().map(super::fact).collect::<Vec<_>>(),
        [
            "b choice/p2:Second p1:First/P 1>p1 of - columns [] ask - default -",
            "a list/-/ of -/x:- y:-/ columns [] ask - default [1, -2, 16, 1000, 2.5, inf, \"x\", true, \
             date 2026-01-31, time 07:30:00, time 2026-01-31T07:30:00Z]",
            "c records/-/ of - columns [w=-/q:Q p:P/X>q ask Which?, v=-/p:- q:-/ ask -] ask - \
             default [{v=1}, [\"x\"]]",
        ]
    );
    let alias = &policy.facts[0].domain.aliases[0];
    assert_eq!((sources.text(alias.0.span), sources.text(alias.1.span)), ("P 1", "p1"));
}

#[test]
fn scenarios_expect_in_several_forms() {
    let (policy, sources, diagnostics) = read(
        "[policy]\nname = 'x'\n\
         [scenario.a]\nissue = 'issues/a.toml'\nbecause = 'so it says'\nskip = 'not yet'\n\
         [scenario.a.expect]\nteam = ['x', 'y']\nstatus = 'open'\nholds = ['p(q)', 'r']\nnot-holds = 's'\nrules = 't'\n\
         other = { value = [], status = 'open', default = false, possible = ['x'], missing = [] }\nmore = { value = 'x' }\n\
         [scenario.b]\n",
    );
    assert_eq!(shown(&diagnostics, &sources), "");
    let [a, b] = policy.scenarios.as_slice() else { panic!("two scenarios") };
    assert!(b.issue.is_none() && b.expect.is_empty());
    assert!(matches!(&a.issue, Some(ScenarioIssue::File(path)) if &*path.node == "issues/a.toml"));
    assert_eq!((word(&a.because), word(&a.skip)), ("so it says", "not yet"));
    assert_eq!(
        a.expect.iter().map(|(name, what)| format!("{} {}", name.node, expectation(what))).collect::<Vec<_>>(),
        [
            "team x y, array",
            "status open",
            "holds p(q) & r",
            "not-holds s",
            "rules t",
            "other value [] array status open default Some(false) possible Some(\"x\") missing Some(\"\")",
            "more value [x] status - default None possible None missing None",
        ]
    );
}

fn expectation(expectation: &Expectation) -> String {
    let words = |texts: &[Text]| texts.iter().map(|t| t.node.to_string()).collect::<Vec<_>>().join(" ");
    match expectation {
        Expectation::Names { names, array, .. } => format!("{}{}", words(names), if *array { ", array" } else { "" }),
        Expectation::Atoms(atoms) => atoms.iter().map(print_formula).collect::<Vec<_>>().join(" & "),
        Expectation::Long { value, value_is_array, status, default, possible, missing, .. } => format!(
            "value [{}]{} status {} default {default:?} possible {:?} missing {:?}",
            value.as_ref().map_or(String::new(), |value| words(&value.node)),
            if *value_is_array { " array" } else { "" },
            word(status),
            possible.as_ref().map(|texts| words(texts)),
            missing.as_ref().map(|texts| words(texts)),
        ),
    }
}

#[test]
fn tables_are_in_path_order_then_in_order_of_place() {
    let files = vec![
        ("b.toml", "[fact.z]\ntype = 'bool'\n[rule.y]\nsays = 'a'\n[fact.a]\ntype = 'bool'"),
        ("a/c.toml", "[rule.x]\nsays = 'a'\n[fact.m]\ntype = 'bool'"),
        ("a.toml", "[policy]\nname = 'x'\n[rule.w.b]\n[fact.n]\ntype = 'bool'\n[rule.c]\nsays = 'a'"),
    ];
    let files: Vec<(PathBuf, String)> = files.into_iter().map(|(p, t)| (PathBuf::from(p), t.to_owned())).collect();
    let mut reversed = files.clone();
    reversed.reverse();
    let (policy, sources, diagnostics) = load_texts(files, PathBuf::new());
    let (_, again, same) = load_texts(reversed, PathBuf::new());
    assert_eq!(shown(&diagnostics, &sources), shown(&same, &again));
    let facts: Vec<&str> = policy.facts.iter().map(|fact| &*fact.name.node).collect();
    let rules: Vec<&str> = policy.rules.iter().map(|rule| &*rule.name.node).collect();
    let paths: Vec<_> = sources.iter().map(|(_, file)| file.path.display().to_string()).collect();
    assert_eq!(paths, ["a/c.toml", "a.toml", "b.toml"]);
    assert_eq!((facts.join(" "), rules.join(" ")), ("m n z a".to_owned(), "x w c y".to_owned()));
}

#[test]
fn a_table_in_two_files_is_declared_twice() {
    let kinds = [
        ("policy", "[policy]\nname = 'x'"),
        ("fact", "[fact.x]\ntype = 'bool'"),
        ("concept", "[concept.x]"),
        ("rule", "[rule.x]\nsays = 'a'"),
        ("decision", "[decision.x]\nquestion = 'Who?'\nhit-policy = 'unique'\noption = [{ id = 'x' }]"),
        ("scenario", "[scenario.x]"),
        ("invariant", "[invariant.x]\nnever = 'a'"),
    ];
    let all: Vec<&str> = kinds.iter().map(|(_, text)| *text).collect();
    let all = all.join("\n");
    let files = ["a.toml", "b.toml"].map(|path| (PathBuf::from(path), all.clone()));
    let (policy, sources, diagnostics) = load_texts(files.to_vec(), PathBuf::new());
    insta::assert_snapshot!("policy_twice", shown(&diagnostics, &sources));
    let counts =
        [policy.facts.len(), policy.concepts.len(), policy.rules.len(), policy.decisions.len(), policy.scenarios.len()];
    assert_eq!((counts, policy.invariants.len()), ([1; 5], 1));
}

#[test]
fn the_same_name_of_two_kinds_is_for_the_checks_to_judge() {
    let (policy, sources, diagnostics) =
        read("[policy]\nname = 'x'\n[fact.a]\ntype = 'bool'\n[concept.a]\n[rule.a]\nsays = 'a'");
    assert_eq!(shown(&diagnostics, &sources), "");
    assert_eq!((policy.facts.len(), policy.concepts.len(), policy.rules.len()), (1, 1, 1));
}

#[test]
fn a_rule_keeps_the_clauses_that_parse() {
    let (policy, _, diagnostics) = read("[policy]\nname = 'x'\n[rule.a]\nsays = ['a if b. c if. d', 'e if (', 'f']");
    let clauses: Vec<String> = policy.rules[0].clauses.iter().map(print_clause).collect();
    assert_eq!(clauses, ["a if b", "d", "f"]);
    assert_eq!(diagnostics.iter().map(|d| d.code.as_str()).collect::<Vec<_>>(), ["syntax"; 2]);
}

#[test]
fn a_misspelt_key_is_read_as_the_one_that_is_meant() {
    let (policy, _, diagnostics) = read(
        "[policy]\nname = 'x'\n[facts.a]\ntyp = 'text'\nquestion = 'Which?'\n[rules.b]\nif = 'c if d'\nreason = 'so'",
    );
    assert_eq!(diagnostics.iter().map(|d| d.code.as_str()).collect::<Vec<_>>(), ["unknown-key"; 6]);
    assert_eq!(super::fact(&policy.facts[0]), "a text/-/ of - columns [] ask Which? default -");
    assert_eq!(print_clause(&policy.rules[0].clauses[0]), "c if d");
    assert_eq!(policy.rules[0].because.as_ref().map(|because| &*because.text), Some("so"));
}

/// What is written behind a key that is there already is not to be lost, if it is a list.
#[test]
fn a_misspelt_key_beside_the_right_one_is_told_what_to_do_with_it() {
    let decision = "[policy]\nname = 'x'\n[decision.d]\nquestion = '?'\n[[decision.d.option]]\nid = 'a'\n";
    for (more, help) in [
        ("[[decision.d.options]]\nid = 'b'", "write `[[decision.d.option]]`"),
        ("ID = 'b'", "take it out: there is `id` already"),
        ("[[decision.d.option]]\nID = 'b'", "write `id`"),
        ("[decision.e]\nQUESTION = '?'", "write `question`"),
    ] {
        let (_, _, diagnostics) = read(&format!("{decision}{more}"));
        let helps: Vec<_> = diagnostics.iter().filter_map(|d| d.help.as_deref()).collect();
        assert!(helps.contains(&help), "{more}: {helps:?}");
    }
}

#[test]
fn an_issue_in_place_keeps_the_order_and_place_of_its_keys() {
    let (policy, sources, diagnostics) = read(
        "[policy]\nname = 'x'\n[scenario.a.issue]\nz = 1\n'a b' = [{ c = 2, b = 3 }]\n[[scenario.a.issue.rows]]\nq = 'x'\n[[scenario.a.issue.rows]]\n",
    );
    assert_eq!(shown(&diagnostics, &sources), "");
    let Some(ScenarioIssue::Inline(issue)) = &policy.scenarios[0].issue else { panic!("an issue in place") };
    assert_eq!(literal(issue), "{z=1, a b=[{c=2, b=3}], rows=[{q=\"x\"}, {}]}");
    let LiteralKind::Table(entries) = &issue.kind else { panic!("a table") };
    assert_eq!(sources.text(issue.span), "[scenario.a.issue]");
    let places: Vec<_> =
        entries.iter().map(|(key, value)| (sources.text(key.span), sources.text(value.span))).collect();
    assert_eq!(places, [("z", "1"), ("a b", "[{ c = 2, b = 3 }]"), ("rows", "[[scenario.a.issue.rows]]")]);
}
