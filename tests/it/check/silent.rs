//! What the language allows and hardly anybody means: told as a warning, with what was meant.

use remit::diagnostic::{Code, Diagnostic};

fn found(says: &str) -> Vec<Diagnostic> {
    super::diagnostics(&format!("[rule.r]\nsays = '{says}'\n"))
}

/// `or` binds less than `and`: an equation by itself on one side gives the variable its value, and always holds.
#[test]
fn an_equation_that_is_a_side_of_its_own_is_told() {
    for (says, mended) in [
        ("d(yes) if item(size: S), S = 3 or S = 4", "d(yes) if item(size: S), (S = 3 or S = 4)"),
        ("d(yes) if item(name: N), N = \"a\" or \"b\" = N", "d(yes) if item(name: N), (N = \"a\" or \"b\" = N)"),
        ("d(yes) if K = kind, a, K = x or K = z", "d(yes) if K = kind, a, (K = x or K = z)"),
        ("d(yes) if not (item(size: S), S = 3 or S = 4)", "d(yes) if not (item(size: S), (S = 3 or S = 4))"),
        ("d(yes) if D = day - day, D = 5 or D = n", "d(yes) if D = day - day, (D = 5 or D = n)"),
    ] {
        let told = found(says);
        let [warning] = told.as_slice() else { unreachable!("{says}: {told:?}") };
        assert_eq!(warning.code, Code::SingletonVariable, "{says}");
        let help = warning.help.as_deref().unwrap_or_default();
        let bracket = help.split('`').find(|piece| piece.starts_with('(')).unwrap_or_default();
        assert_eq!(says.replacen(bracket.trim_matches(['(', ')']), bracket, 1), mended, "{says}: {help}");
        assert_eq!(found(mended), [], "{mended}");
    }
}

#[test]
fn an_equation_that_says_something_is_not_told() {
    for says in [
        "p(S) if item(size: S), a or S = 3",
        "d(yes) if item(size: S), (a or S = 3)",
        "d(yes) if item(size: S), S = 3 or item(size: S), S = 4",
        "d(yes) if (S = 3 or S = 4), item(size: S)",
        "d(yes) if a or kind = x",
    ] {
        let told: Vec<Code> =
            found(says).iter().map(|d| d.code).filter(|code| *code == Code::SingletonVariable).collect();
        assert_eq!(told, [], "{says}");
    }
}

/// A full stop where a comma was meant makes a clause without a condition.
#[test]
fn what_stands_without_a_condition_is_named_where_it_makes_another_clause_idle() {
    let rules =
        "[rule.u]\nsays = 'urgent if a'\n[rule.r]\nsays = 'd(yes) if b. urgent'\n[rule.s]\nsays = 'd(yes) if urgent'\n";
    let told = super::diagnostics(rules);
    let help =
        told.iter().find(|d| d.code == Code::SubsumedRule && d.help.as_deref().is_some_and(|h| h.contains("comma")));
    assert!(
        help.is_some_and(|d| d.help.as_deref().is_some_and(|help| help.starts_with("`urgent` stands elsewhere"))),
        "{told:?}"
    );
}

/// Of rules that take part differently in `overrides`, neither says what the other does.
#[test]
fn rules_that_override_alike_are_alike() {
    let codes = |r0: &str, r1: &str, over: &str| {
        let rule = |name: &str, rest: &str| format!("[rule.{name}]\nsays = 'd(yes) if a'\n{rest}\n");
        let other = format!("[rule.other]\nsays = 'd(no) if b'\n{over}\n");
        let told = super::diagnostics(&(rule("r0", r0) + &rule("r1", r1) + &other));
        told.into_iter()
            .map(|d| d.code)
            .filter(|c| matches!(c, Code::DuplicateRule | Code::SubsumedRule))
            .collect::<Vec<_>>()
    };
    let overrides = |rule: &str| format!("overrides = [\"{rule}\"]");
    assert_eq!(codes("", "", ""), [Code::DuplicateRule]);
    assert_eq!(codes("", "", &overrides("r0")), [Code::SubsumedRule]);
    assert_eq!(codes("", &overrides("other"), ""), [Code::SubsumedRule]);
    assert_eq!(codes(&overrides("other"), &overrides("other"), ""), [Code::DuplicateRule]);
}

/// A brace round a name that is nearly that of a fact or a variable is meant to be filled in.
#[test]
fn a_misspelt_name_in_a_reason_is_told() {
    let told = |because: &str| {
        let rule = format!("[rule.r]\nsays = 'd(yes) if item(size: Size), Size > 3'\nbecause = \"{because}\"\n");
        super::diagnostics(&rule).into_iter().map(|d| (d.code, d.help.unwrap_or_default())).collect::<Vec<_>>()
    };
    assert_eq!(told("It is {sizee}."), [(Code::BadBecause, "if `size` is meant: write `{Size}`".to_owned())]);
    assert_eq!(told("It is {kidn}.")[0].0, Code::BadBecause);
    assert_eq!(told("It is {so to say}, {reference} or {}."), []);
}
