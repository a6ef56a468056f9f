//! All that is wrong in a clause is reported, not the first (`language.md` §3): what is not resolved hides only what
//! may follow from it.

use std::path::PathBuf;

use remit::check;
use remit::diagnostic::Severity;

const POLICY: &str = r#"[policy]
name = "t"
[fact.x]
type = "integer"
[fact.s]
options = ["o1", "o2"]
[fact.e]
type = "records"
columns = { a = "integer", b = "integer" }
[decision.d]
question = "q"
hit-policy = "collect"
option = [{ id = "oa" }]
"#;

/// The codes of what is wrong, each with the text that it marks.
fn found(says: &str, because: &str) -> Vec<(&'static str, String)> {
    let policy = format!("{POLICY}[rule.r]\nsays = '{says}'\nbecause = '{because}'\n");
    let (_, sources, found) = check::load_texts(vec![(PathBuf::from("p.toml"), policy)], PathBuf::new());
    let errors = found.iter().filter(|d| d.code.severity() == Severity::Error);
    errors.map(|d| (d.code.as_str(), sources.text(d.span.expect("a place")).to_owned())).collect()
}

#[test]
fn an_unbound_variable_is_told_beside_what_is_not_resolved() {
    for (says, expected) in [
        ("d(oa) if e(q: 1), x > Y", [("unknown-column", "q"), ("unsafe-variable", "Y")]),
        ("d(oa) if e(q: 1), x > _", [("unknown-column", "q"), ("unsafe-variable", "_")]),
        ("d(oa) if zz, x > Y", [("unknown-name", "zz"), ("unsafe-variable", "Y")]),
        ("d(oa) if e(1), x > Y", [("wrong-arity", "e"), ("unsafe-variable", "Y")]),
        ("d(oa) if decided(nn, oa), x > Y", [("unknown-decision", "nn"), ("unsafe-variable", "Y")]),
        ("d(Y) if e(q: 1)", [("unsafe-variable", "Y"), ("unknown-column", "q")]),
        ("d(oa) if s = o9, x > Y", [("unknown-option", "o9"), ("unsafe-variable", "Y")]),
        ("d(oa) if not (zz and x > Y)", [("unknown-name", "zz"), ("unsafe-variable", "Y")]),
    ] {
        let expected = expected.map(|(code, text)| (code, text.to_owned()));
        assert_eq!(found(says, "so"), expected, "{says}");
    }
    let expected = [("unknown-name", "zz"), ("bad-because", "{Q}")].map(|(code, text)| (code, text.to_owned()));
    assert_eq!(found("d(oa) if zz", "{Q}"), expected);
}

/// What an atom that nobody knows would bind is no second mistake.
#[test]
fn what_may_be_bound_where_something_is_not_resolved_is_not_told() {
    for says in [
        "d(oa) if zz(Y), x > Y",
        "d(oa) if zz(Y), Z = Y + 1, x > Z",
        "d(oa) if e(q: Y), x > Y",
        "d(oa) if N = count(zz(Y) and Y > 3), N > x",
        "p(X) if zz(X)",
        "d(oa) if not (zz(Y), Y > 3)",
    ] {
        assert_eq!(found(says, "so").len(), 1, "{says}");
    }
    assert_eq!(found("p(X) if zz(X)", "{X} is so").len(), 1);
    assert_eq!(found("d(oa) if N = sum(P : e(q: P)), N > 3", "{N} in all").len(), 1);
}

/// An option that is misspelt in two places is no variable.
#[test]
fn a_misspelt_option_is_told_as_that() {
    let policy = format!("{POLICY}[fact.r]\ntype = \"records\"\ncolumns = {{ kind = [\"custom\"] }}\n");
    let rule = "[rule.r]\nsays = 'handled(custm) if r(kind: custm)'\nbecause = 'so'\n";
    let (_, _, found) = check::load_texts(vec![(PathBuf::from("p.toml"), policy + rule)], PathBuf::new());
    let helps: Vec<&str> = found.iter().filter_map(|d| d.help.as_deref()).collect();
    assert!(found.iter().any(|d| d.code.as_str() == "unknown-option"), "{found:#?}");
    assert!(helps.iter().any(|help| help.contains("`custom`")), "{helps:#?}");
}

/// What is wrong with one declaration hides nothing that is wrong with another.
#[test]
fn declarations_that_are_wrong_hide_no_other_fault() {
    let twice = "[rule.urgent]\nsays = 'd(oa) if urgent'\n[scenario.urgent]\nexpect = {}\n";
    let unnamed = "[decision.u]\nquestion = '?'\nhit-policy = 'collect'\n[[decision.u.option]]\nname = 'U'\n\
                   [rule.q]\nsays = 'd(oa) if s = o9'\n";
    let unsaid = "[rule.q]\nbecause = 'so'\n[rule.w]\nsays = 'd(oa) if s = o9 and not x > 3 and x < 1.'\n";
    for (tables, codes) in [
        (twice, &["duplicate-name", "unknown-name"][..]),
        (unnamed, &["missing-key", "unknown-option"]),
        (unsaid, &["missing-key", "unknown-option", "missing-because"]),
    ] {
        let policy = format!("{POLICY}{tables}");
        let (_, _, found) = check::load_texts(vec![(PathBuf::from("p.toml"), policy)], PathBuf::new());
        for code in codes {
            assert!(found.iter().any(|d| d.code.as_str() == *code), "{code}: {found:#?}");
        }
    }
}
