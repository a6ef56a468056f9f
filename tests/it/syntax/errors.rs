//! What is said of texts that do not parse: golden texts, and what is kept of the tree.

use remit::diagnostic::{Code, Diagnostic};
use remit::source::{Sources, Span};
use remit::syntax::{MOST, Parsed, parse_atom, parse_body, parse_clauses, print_clause};

use super::{excerpt, show};

/// The text, and below it each diagnostic with its place underlined.
fn page<T>(texts: &[&str], parse: impl Fn(&str) -> Parsed<T>) -> String {
    texts.iter().map(|text| entry(text, &parse(text).diagnostics)).collect::<Vec<_>>().join("\n")
}

fn entry(text: &str, diagnostics: &[Diagnostic]) -> String {
    assert!(!diagnostics.is_empty(), "{text}");
    let mut sources = Sources::default();
    sources.add("rule", text);
    let mut out = text.chars().map(visible).collect::<String>() + "\n";
    for diagnostic in diagnostics {
        assert_eq!(diagnostic.code, Code::Syntax);
        let span = diagnostic.span.expect("a place");
        out += &format!("{} {}\n", underline(text, span), diagnostic.message);
        for label in &diagnostic.labels {
            out += &format!("{} {}\n", underline(text, label.span), label.text);
        }
        out += &format!("    {}\n", diagnostic.help.as_deref().expect("a help"));
    }
    out
}

/// One character for each, so that places stay where they are.
fn visible(c: char) -> char {
    match c {
        '\n' => '⏎',
        '\u{200b}' => '␣',
        c if c.is_control() => char::from_u32(0x2400 + u32::from(c)).unwrap_or('␦'),
        c => c,
    }
}

fn underline(text: &str, span: Span) -> String {
    let chars = |end: u32| text.get(..end as usize).expect("a character boundary").chars().count();
    let (start, end) = (chars(span.start), chars(span.end));
    format!("{}{}", " ".repeat(start), "^".repeat((end - start).max(1)))
}

fn golden(name: &str, page: &str) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!(format!("syntax_{name}"), page);
    });
}

fn clauses(texts: &[&str]) -> String {
    page(texts, |text| parse_clauses(&excerpt(text)))
}

#[test]
fn texts_and_heads() {
    golden(
        "texts_and_heads",
        &clauses(&[
            "",
            "  # a comment only\n",
            ".",
            "p..",
            "p if",
            "p if.",
            "p :-  # to come\n",
            "P if a",
            "_ if a",
            "Support_Takes(x) if a",
            "not p if a",
            "!p if a",
            "p, q if a",
            "p and q if a",
            "p or q if a",
            "p(name: X) if q(X)",
            "p(a: X, b: Y) if q(X, Y)",
            "p = x if a",
            "team in [a] if b",
            "decided(team, x) if a",
            "count if a",
            "if a then p",
            "IF a THEN p",
            ":- p",
            "\"p\" if a",
            "3 if a",
            "% a comment",
            "break-fix if a",
            "p(X)(Y) if a",
            "p) if a",
            "p IF a",
            "p when a",
            "p unless a",
            "p : a",
            "p <- a",
            "p -> a",
            "p a",
            "p + 1 if a",
            "source.kind = custom",
            "p if source.kind = custom",
        ]),
    );
}

#[test]
fn bodies() {
    golden(
        "bodies",
        &clauses(&[
            "p if a b",
            "p if a (b) (c)",
            "p if a \"b\"",
            "p if a NOT b",
            "p if a AND b",
            "p if (a OR b), c",
            "p if NOT a",
            "p if TRUE",
            "p if A",
            "p if A(x)",
            "p if true",
            "p if not",
            "p if not, a",
            "p if a,",
            "p if a, .",
            "p if a,, b",
            "p if a and",
            "p if a or or b",
            "p if and",
            "p if a and or b",
            "p if (a,)",
            "p if a if b",
            "p if a :- b",
            "p if a then b",
            "p if a else b",
            "p if a unless b",
            "p if a : b",
            "p if _",
            "p if \"text\"",
            "p if 3",
            "p if a + b",
            "p if in-progress",
            "p if on-hold, a",
            "p if custom-source(S)",
            "p if lower(title)",
            "p if count(a)",
            "p if decided",
            "p if decided = x",
            "p if upper",
            "p if matches",
        ]),
    );
}

#[test]
fn comparisons_and_lists() {
    golden(
        "comparisons_and_lists",
        &clauses(&[
            "p if state = in-progress",
            "p if state = log-in",
            "p if state != not-started, a",
            "p if state = a-b-or-c",
            "p if x =",
            "p if = x",
            "p if x > , y",
            "p if x = y = z",
            "p if 1 < x < 3",
            "p if (1 < x < 3)",
            "p if x < y in [a]",
            "p if x is 3",
            "p if X is 3",
            "p if x equals y",
            "p if q(X) = 3",
            "p if q(X) + 1 > 3",
            "p if x = q(X)",
            "p if q(X) in [a]",
            "p if contains(title, \"x\") = true",
            "p if x = contains(title, \"x\")",
            "p if contains title",
            "p if contains(title)",
            "p if contains(title, \"x\", \"y\")",
            "p if contains()",
            "p if x in",
            "p if x in tags",
            "p if x in (a, b)",
            "p if x in \"a\"",
            "p if x in []",
            "p if x in [",
            "p if x in [a",
            "p if x in [a, b, c",
            "p if x in [a, b) and c",
            "p if x in [a,]",
            "p if x in [, a]",
            "p if x in [a,, b]",
            "p if x in [a b]",
            "p if x in [A]",
            "p if x in [_]",
            "p if x in [a + 1]",
            "p if x in [(a)]",
            "p if x in [-a]",
            "p if x in [lower(a)]",
            "p if x in [count(a)]",
            "p if x in [a or b]",
            "p if x in [in-progress, on-hold, log-in]",
            "p if x !in [a]",
            "p if x not [a]",
            "p if x = not a",
            "p if x != !a, b",
            "p if x < not (a + 1)",
            "p if x is not a",
            "p if x is in [a]",
            "p if x is not in [a]",
            "p if x = [a, b]",
            "p if x != [a]",
            "p if x < [a]",
            "p if x = (a or b), c",
            "p if x != (a, \"b\")",
            "p if x contains \"a\", b",
            "p if not x starts_with y",
            "p if X matches \"a\"",
            "p if x between 1 and 3, b",
            "p if not x between 1 and 3",
            "p if x between 1",
            "p if x mod 2 = 1",
            "p if x = 3 mod y",
        ]),
    );
}

#[test]
fn brackets_arguments_and_aggregates() {
    golden(
        "brackets_arguments_and_aggregates",
        &clauses(&[
            "p if (a",
            "p if (a. q",
            "p if (a, (b), c",
            "p if a)",
            "p if a]",
            "p if ()",
            "p if (a]",
            "p if [a]",
            "p if (a + 1) * (2 = x",
            "p if q(",
            "p if q(X",
            "p if q(X, Y",
            "p if q(X, Y. r",
            "team(support if a",
            "team(support if q(X))",
            "p() if a",
            "p if q()",
            "p if q(X,)",
            "p if q(,X)",
            "p if q(X Y)",
            "p if q(X; Y)",
            "p if q(X = 3)",
            "p if q(X > 3, Y)",
            "p if q(name = X)",
            "p if q(a: 1, 2)",
            "p if q(1, a: 2)",
            "p if q(Name: 1)",
            "p if q(in: 1)",
            "p if q(due-date: X)",
            "p if q(a:)",
            "p if q(a: X b: Y)",
            "p if q(r(X))",
            "p if q(not X)",
            "p if q[X]",
            "p if count(X) > 2",
            "p if count() > 2",
            "p if count > 2",
            "p if sum(q(X)) > 2",
            "p if sum(X, q(X)) > 2",
            "p if sum(X : ) > 2",
            "p if sum(: q(X)) > 2",
            "p if sum(q : X : a) > 2",
            "p if max(q(X) : q(X)) > 2",
            "p if length = 3",
            "p if length() = 3",
            "p if lower(a, b) = c",
            "p if x = -",
            "p if x = (1 + 2",
            "p if x * * y = 3",
            "p if abs(x) > 3",
            "p if x > len(t)",
            "p if avg(X : q(X)) > 3",
            "p if today() > x",
            "p if x < now()",
            "p if to_lower(t) = \"a\"",
            "p if uppercase(t) = \"A\"",
        ]),
    );
}

#[test]
fn numbers_texts_and_signs() {
    golden(
        "numbers_texts_and_signs",
        &clauses(&[
            "p if x > 9223372036854775808",
            "p if x > 99999999999999999999999999999999999999999999999999",
            "p if x > a - 9223372036854775808",
            "p if x > 1.0e999",
            "p if x > 1,000",
            "p if x > 1_000",
            "p if x > .5",
            "p if x > 1.2.3, y",
            "p if x > 30%",
            "p if 3x > 1",
            "p if x > 5days",
            "p if x = 2026-02-30",
            "p if x = 2026–02–01, y = 2026−02−30",
            "p if x = 2026-13-01",
            "p if x = 0000-01-01",
            "p if x > 1.2.2026",
            "p if x > 2026.02.01",
            "p if x > 31.02.2026",
            "p if x = 2026-01-31T10:00:00, y = \"z\"",
            "p if x = 2026-01-31_",
            "p if connectorType = custom",
            "p if größe = 3",
            "p if t = \"abc",
            "p if t = \"abc\n, a\"",
            "p if t = \"\\d+\", u = \"\\ud83d\", v = \"\\u12\", w = \"\\u12é4\"",
            "p if t = \"\\ud83d\\u0041 \\udc00\"",
            "p if t = 'abc', u = ‘b c’",
            "p if t = “abc” and u = „d“ and v = «e»",
            "p if t = `abc`",
            "p if t = the customer's",
            "p if a == b",
            "p if a === b, c !== d, e <> f, g =< h, i := j",
            "p if a ≠ b, c ≤ d, e ≥ f, g ~= h, i =/= j",
            "p if a && b || c & d | e",
            "p if ¬a ∧ ~b ∨ c",
            "p ← a",
            "p if a => b",
            "p if a -> b",
            "p if x = 2 × 3 ÷ 4",
            "p if x − 3 > 1",
            "p if in–progress",
            "p if x // y",
            "p /* why */ if a",
            "p if {a}",
            "p if q($x, @y, Z?)",
            "p if a\u{0}b \u{200b} c",
            "p if x ^ 2 = 3",
            "p if 😀",
        ]),
    );
}

#[test]
fn one_body_and_one_atom() {
    let bodies = page(
        &["", "p if a", "p :- a", "a. b", "a..", "a b", "a)", "a,", "X", "if a", "(a", "a == b", "a } b"],
        |text| parse_body(&excerpt(text)),
    );
    let atoms = page(
        &[
            "",
            ".",
            "not p",
            "!p",
            "P(x)",
            "p = x",
            "p, q",
            "p if q",
            "p(X) p(Y)",
            "p)",
            "p.q",
            "3",
            "\"p\"",
            "in",
            "decided",
            "p(",
            "(p)",
            "p-q",
        ],
        |text| parse_atom(&excerpt(text)),
    );
    golden("one_body_and_one_atom", &format!("{bodies}\n---\n\n{atoms}"));
}

#[test]
fn all_faults_are_told_and_faultless_clauses_kept() {
    let text = "\
first if a.
Second if b == c, D.
third if x in [], not (q(X,), E), 1 < x < 3 or F; in.
fourth if (a, b.
fifth if r(a.b), c.
sixth :- d";
    let parsed = parse_clauses(&excerpt(text));
    golden("all_faults_are_told", &entry_lines(text, &parsed.diagnostics));
    let kept: Vec<String> = parsed.tree.iter().map(show::clause).collect();
    assert_eq!(kept, ["first <= a", "sixth <= d"]);
}

fn entry_lines(text: &str, diagnostics: &[Diagnostic]) -> String {
    let mut sources = Sources::default();
    sources.add("rule", text);
    let line = |d: &Diagnostic| {
        let span = d.span.expect("a place");
        format!("{} `{}`: {}", sources.place(span), sources.text(span), d.message)
    };
    diagnostics.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_clearly_meant_is_kept() {
    for (text, meant) in [
        ("p if a == b && c != d || e", "p if a = b, c != d or e"),
        ("p if a =< 3, b <> c, d ≥ 2, ~e", "p if a <= 3, b != c, d >= 2, not e"),
        ("p if title = 'abc', x in [a, b,], q(X,)", "p if title = \"abc\", x in [a, b], q(X)"),
        ("p if connectorType = custom // why", "p if connector_type = custom"),
        ("p if d > 2026–05–01", "p if d > 2026-05-01"),
        ("p if t = \"a\\qb\"", "p if t = \"a\u{fffd}b\""),
    ] {
        let parsed = parse_clauses(&excerpt(text));
        assert!(!parsed.diagnostics.is_empty(), "{text}");
        assert_eq!(parsed.tree.iter().map(print_clause).collect::<Vec<_>>(), [meant]);
    }
}

#[test]
fn diagnostics_are_bounded_and_in_order() {
    for text in [
        "'",
        "@ ",
        "{ ",
        "p if a but b. ",
        "a but b, ",
        "p if x > 3 days. ",
        "(no a, ",
        "count(q(X) > 3, ",
        "a in b, ",
        "p if A. ",
        "p if x = \"\\q\", ",
        "a == b ",
        ") ",
        "‘",
        "P. ",
    ] {
        let parsed = parse_clauses(&excerpt(&text.repeat(5_000)));
        assert!(!parsed.diagnostics.is_empty() && parsed.diagnostics.len() <= MOST, "{text}");
        assert!(parsed.diagnostics.is_sorted_by_key(|d| d.span), "{text}");
    }
    assert_eq!(parse_clauses(&excerpt(&"p if A. ".repeat(5_000))).diagnostics.len(), MOST);
}
