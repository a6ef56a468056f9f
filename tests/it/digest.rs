//! The digest: what changes it, and what does not (`cli.md`: "covers what bears meaning").

use std::path::PathBuf;

use remit::program::Program;

const POLICY: &str = r#"
[policy]
name = "t"
version = "1"
[fact.b]
type = "bool"
[fact.n]
type = "integer"
default = 3
[fact.c]
options = ["x", "y"]
aliases = { "X" = "x" }
[fact.nums]
type = "list"
of = "integer"
[fact.edge]
type = "records"
columns = { from = "integer", to = "integer" }
[decision.team]
question = "?"
hit-policy = "priority"
default = "dd"
option = [{ id = "aa" }, { id = "dd" }]
"#;

fn digest(policy: &str) -> String {
    let (program, sources, found) =
        remit::check::load_texts(vec![(PathBuf::from("p.toml"), policy.to_owned())], PathBuf::new());
    let shown = || remit::report::diagnostics::text(&found, &sources, remit::report::look::Look::default());
    let program: Program = program.unwrap_or_else(|| unreachable!("{policy}\n{}", shown()));
    program.digest().to_owned()
}

/// The digest of the policy with a rule that says this.
fn says(clause: &str) -> String {
    digest(&format!("{POLICY}[rule.r]\nsays = '''{clause}'''\n"))
}

#[test]
fn names_of_variables_and_sides_of_comparisons_do_not_change_it() {
    for same in [
        ["p(X) if nums(X)", "p(Y) if nums(Y)"],
        ["p(A, B) if edge(A, B)", "p(B, A) if edge(B, A)"],
        ["q if edge(A, B), edge(B, A)", "q if edge(B, A), edge(A, B)"],
        ["q if edge(A, B), edge(B, C), edge(C, A)", "q if edge(C, A), edge(A, B), edge(B, C)"],
        ["q if edge(A, B), edge(B, C), edge(C, A)", "q if edge(X, Y), edge(Z, X), edge(Y, Z)"],
        ["q if edge(A, B), nums(B), nums(A)", "q if nums(S), edge(T, S), nums(T)"],
        ["q if nums(A), nums(B), nums(C), A < B, B < C", "q if nums(C), nums(A), nums(B), B < A, C < B"],
        ["q if nums(A), nums(B), A != B", "q if nums(B), nums(A), B != A"],
        ["q if count(nums(X), X > 1) = 1", "q if 1 = count(nums(Y), Y > 1)"],
        ["q if nums(X), not (edge(X, Y), Y > X)", "q if nums(Y), not (edge(Y, X), X > Y)"],
        ["q if nums(X), N = X + 1, N > n", "q if nums(N), X = N + 1, n < X"],
        ["q if n > 3", "q if 3 < n"],
        ["q if c = x", "q if x = c"],
        ["p(A) if edge(from: A, to: B)", "p(A) if edge(from: A)"],
        ["q if edge(A, B), A > 3", "q if edge(A, _), 3 < A"],
        ["q if edge(A, B), edge(A, C), B < C", "q if edge(A, B), edge(A, C), B > C"],
        ["q if edge(A, B), edge(B, C), edge(C, A), A < B", "q if edge(A, B), edge(B, C), edge(C, A), C > B"],
        ["q if n in [3, 4]", "q if n in [4, 3, 3]"],
        ["q if c in [x]", "q if c = x"],
        ["q if n not in [3, 3]", "q if 3 != n"],
        ["q if b, c = x or b, n > 1", "q if n > 1, b or c = x, b"],
    ] {
        assert_eq!(says(same[0]), says(same[1]), "{same:?}");
    }
}

#[test]
fn what_follows_changes_it() {
    let clauses = [
        "p(X, Y) if edge(X, Y)",
        "p(X, Y) if edge(Y, X)",
        "p(X, Y) if nums(X), nums(Y)",
        "p(X, X) if nums(X)",
        "q if edge(A, B), edge(B, C)",
        "q if edge(A, B), edge(B, A)",
        "q if edge(A, B), edge(C, B)",
        "q if edge(A, B), edge(A, C)",
        "q if edge(A, B), edge(B, C), edge(C, A)",
        "q if edge(A, B), edge(B, C), edge(A, C)",
        "q if nums(A), nums(B), A < B",
        "q if nums(A), nums(B), A <= B",
        "q if n > 3",
        "q if n < 3",
        "q if nums(X), count(edge(X, Y), nums(Y)) = 1",
        "q if nums(X), count(edge(Y, X), nums(Y)) = 1",
    ];
    for (at, one) in clauses.iter().enumerate() {
        for other in &clauses[..at] {
            assert_ne!(says(one), says(other), "{one}\n{other}");
        }
    }
}

#[test]
fn texts_for_people_and_the_version_do_not_change_it() {
    let rule = "[rule.r]\nsays = 'team(aa) if b'\n";
    let bare = format!("{POLICY}{rule}");
    for (written, otherwise) in [
        ("version = \"1\"", "version = \"2\""),
        ("name = \"t\"\n", "name = \"t\"\nsummary = \"s\"\nsource = \"s\"\ndefault = true\n"),
        ("type = \"bool\"", "type = \"bool\"\nask = \"Is it?\""),
        ("options = [\"x\", \"y\"]", "options = { x = \"The x\", y = \"The y\" }"),
        ("question = \"?\"", "question = \"Who?\""),
        ("{ id = \"aa\" }", "{ id = \"aa\", name = \"A\", action = \"Call.\" }"),
        (rule, "[rule.r]\nsays = 'team(aa) if b'\nbecause = \"So.\"\nsource = \"Here\"\n"),
        (
            rule,
            "[rule.r]\nsays = 'team(aa) if b'\n[concept.k]\nmeans = \"k\"\n[scenario.s]\nexpect = { team = 'dd' }\n",
        ),
    ] {
        let changed = bare.replacen(written, otherwise, 1);
        assert_ne!(bare, changed, "{written}");
        assert_eq!(digest(&bare), digest(&changed), "{otherwise}");
    }
    for (written, otherwise) in [
        ("name = \"t\"", "name = \"u\""),
        ("default = 3", "default = 4"),
        ("\"X\" = \"x\"", "\"X\" = \"y\""),
        ("options = [\"x\", \"y\"]", "options = [\"y\", \"x\"]"),
        ("of = \"integer\"", "of = \"number\""),
        ("{ from = \"integer\", to = \"integer\" }", "{ to = \"integer\", from = \"integer\" }"),
        ("hit-policy = \"priority\"", "hit-policy = \"unique\""),
        ("[{ id = \"aa\" }, { id = \"dd\" }]", "[{ id = \"dd\" }, { id = \"aa\" }]"),
        ("default = \"dd\"", "default = \"aa\""),
        ("question = \"?\"", "question = \"?\"\nadvisory = true"),
        ("team(aa) if b", "team(aa) if not b"),
    ] {
        let changed = bare.replacen(written, otherwise, 1);
        assert_ne!(bare, changed, "{written}");
        assert_ne!(digest(&bare), digest(&changed), "{otherwise}");
    }
}
