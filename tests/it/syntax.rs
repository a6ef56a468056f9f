//! Rule text: every production of the grammar, canonical printing, errors.

use remit::source::{Excerpt, FileId};
use remit::syntax::{parse_body, parse_clauses, print};

fn reprint(text: &str) -> String {
    let parsed = parse_clauses(&Excerpt::verbatim(FileId(0), 0, text));
    assert_eq!(parsed.diagnostics, [], "{text}");
    let printed: Vec<String> = parsed.tree.iter().map(print::print_clause).collect();
    let again = parse_clauses(&Excerpt::verbatim(FileId(0), 0, &printed.join(". ")));
    assert_eq!(again.tree, parsed.tree, "{text}");
    printed.join(". ")
}

#[test]
fn every_spelling_has_one_canonical_text() {
    for (text, canonical) in [
        ("break_fix :- no_config_change, previously_working.", "break_fix if no_config_change, previously_working"),
        ("a", "a"),
        ("a. b. c", "a. b. c"),
        ("a if b and c ; d or !e", "a if b, c or d or not e"),
        ("a if not (b or c), (d)", "a if not (b or c), (d)"),
        ("p(X) if q(name: X, kind: custom)", "p(X) if q(name: X, kind: custom)"),
        ("p if x < 2.", "p if x < 2"),
        ("p if x < 2.5.", "p if x < 2.5"),
        ("p if (a + 1) * 2 >= -b", "p if (a + 1) * 2 >= -b"),
        ("p if a - (b - c) = a - b - c", "p if a - (b - c) = a - b - c"),
        ("p if (a) in [x, -1, 2.5, \"t\", 2026-01-31, true]", "p if a in [x, -1, 2.5, \"t\", 2026-01-31, true]"),
        ("p if a not in [x]", "p if a not in [x]"),
        ("p if not a in [x]", "p if not a in [x]"),
        ("p if (a) not in [x]", "p if a not in [x]"),
        ("p if contains(title, \"a\\u00e9\\n\")", "p if contains(title, \"aé\\n\")"),
        ("p(N) if N = count(q(_)), N > max(S : item(size: S))", "p(N) if N = count(q(_)), N > max(S : item(size: S))"),
        ("p if count(q(X), X > 2 or r(X)) = 2", "p if count(q(X), X > 2 or r(X)) = 2"),
        ("p if q(n:-3)", "p if q(n: -3)"),
        ("p if not not q", "p if not not q"),
        (
            "p if lower(title) = upper(\"x\") # why\n, length(title) % 2 = 0",
            "p if lower(title) = upper(\"x\"), length(title) % 2 = 0",
        ),
        ("p if decided(team, T), q(T)", "p if decided(team, T), q(T)"),
        ("p if x > -9223372036854775808", "p if x > -9223372036854775808"),
        ("p if a<-3", "p if a < -3"),
        ("p if - (3) < a", "p if -(3) < a"),
    ] {
        assert_eq!(reprint(text), canonical);
    }
}

fn errors(text: &str) -> Vec<String> {
    let parsed = parse_clauses(&Excerpt::verbatim(FileId(0), 0, text));
    let at = |d: &remit::diagnostic::Diagnostic| d.span.map(|s| s.start).unwrap_or_default();
    parsed
        .diagnostics
        .iter()
        .map(|d| format!("{}: {} / {}", at(d), d.message, d.help.as_deref().unwrap_or("")))
        .collect()
}

#[test]
fn every_error_says_what_to_write() {
    let texts = [
        "",
        "p if",
        "p if a b",
        "p if (a",
        "p if a)",
        "p if state = in-progress",
        "p if a == b",
        "p if a && b",
        "p if 1 < x < 3",
        "P if a",
        "p if A",
        "p if A(x)",
        "p() if a",
        "p(a: X) if q(X)",
        "p if q(X,)",
        "p if q(a: 1, 2)",
        "p if x > 9223372036854775808",
        "p if x = 2026-02-30",
        "p if t = \"abc",
        "p if t = 'abc'",
        "p if x in []",
        "p if x in [Y]",
        "p IF a",
        "p if NOT a",
        "p when a",
        "p if count(X) > 2",
        "p if sum(q(X)) > 2",
        "p if and",
        "p if q(X) = 3",
        "p if x is 3",
        "decided(team, x) if a",
        "p if 3x > 1",
        "p if. q if a,. r if s",
    ];
    let shown: Vec<String> = texts.iter().map(|text| format!("{text}\n    {}", errors(text).join("\n    "))).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn deep_nesting_is_an_error_and_no_crash() {
    for open in ["(", "not ", "! ", "- ", "count(", "p if not ("] {
        let text = format!("p if {}", open.repeat(100_000));
        assert!(!errors(&text).is_empty(), "{open}");
        let body = parse_body(&Excerpt::verbatim(FileId(0), 0, &open.repeat(100_000)));
        assert!(body.tree.is_none());
    }
}
