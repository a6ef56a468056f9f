//! Every check: its page, a policy that fires it and one that does not, and the text it prints.

mod all_found;
mod declarations;
mod either;
mod meanings;
mod mends;
mod rule_texts;
mod silent;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use remit::diagnostic::{Code, Diagnostic, Severity, has_errors};
use remit::report::diagnostics::text;
use remit::report::look::Look;
use remit::source::Sources;

fn load(path: &Path) -> (bool, Vec<Diagnostic>, Sources) {
    let mut sources = Sources::default();
    let (program, diagnostics) = remit::check::load(path, &mut sources);
    (program.is_some(), diagnostics, sources)
}

fn fixture(code: Code, which: &str) -> PathBuf {
    ["fixtures", "check", code.as_str(), which].iter().collect()
}

#[test]
fn every_code_fires_on_its_fixture_and_on_no_mended_one() {
    for code in Code::ALL {
        let (_, fired, _) = load(&fixture(*code, "fires"));
        let codes: BTreeSet<Code> = fired.iter().map(|d| d.code).collect();
        assert_eq!(codes, BTreeSet::from([*code]), "{}", code.as_str());
        let (usable, quiet, _) = load(&fixture(*code, "quiet"));
        assert_eq!(quiet, [], "{}", code.as_str());
        assert!(usable, "{}", code.as_str());
    }
}

#[test]
fn every_code_prints_its_text() {
    let look = Look::default();
    for code in Code::ALL {
        let (_, fired, sources) = load(&fixture(*code, "fires"));
        insta::with_settings!({ snapshot_suffix => code.as_str(), omit_expression => true }, {
            insta::assert_snapshot!(text(&fired, &sources, look));
        });
    }
}

#[test]
fn an_error_leaves_no_program_and_a_warning_does() {
    for code in Code::ALL {
        let (usable, _, _) = load(&fixture(*code, "fires"));
        assert_eq!(usable, code.severity() == Severity::Warning, "{}", code.as_str());
    }
}

#[test]
fn every_finding_has_a_place_and_says_what_to_write_instead() {
    for code in Code::ALL.iter().filter(|code| **code != Code::NoPolicy) {
        let (_, fired, sources) = load(&fixture(*code, "fires"));
        for finding in fired {
            let span = finding.span.expect("a place");
            assert!(finding.help.is_some_and(|help| !help.is_empty()), "{}: {}", code.as_str(), finding.message);
            let text = &sources.file(span.file).text;
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{}", code.as_str());
        }
    }
}

#[test]
fn codes_are_unique_and_each_has_its_page() {
    let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(names.len(), Code::ALL.len());
    let is_page =
        |path: &PathBuf| path.extension().is_some_and(|e| e == "md") && path.file_stem().is_some_and(|s| s != "README");
    let pages = std::fs::read_dir("docs/checks").expect("the pages").map(|entry| entry.expect("a page").path());
    let pages: BTreeSet<String> =
        pages.filter(is_page).map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned()).collect();
    assert_eq!(pages.iter().map(String::as_str).collect::<BTreeSet<_>>(), names);
    for code in Code::ALL {
        assert!(code.page().starts_with(&format!("# {}\n", code.as_str())), "{}", code.as_str());
        let word = if code.severity() == Severity::Error { "Error." } else { "Warning." };
        assert!(code.page().contains(word), "{}", code.as_str());
        assert_eq!(Code::from_name(code.as_str()), Some(*code));
    }
}

#[test]
fn the_shipped_policies_have_no_finding() {
    for policy in ["policies/saas-platform", "policies/escalation"] {
        let (usable, found, sources) = load(Path::new(policy));
        assert!(usable && found.is_empty(), "{}", text(&found, &sources, Look::default()));
    }
}

/// What is found in a policy of facts of each kind, with these rules.
fn findings(rules: &str) -> Vec<(Code, String)> {
    diagnostics(rules).into_iter().map(|d| (d.code, d.message)).collect()
}

fn diagnostics(rules: &str) -> Vec<Diagnostic> {
    let kept = |d: &Diagnostic| !matches!(d.code, Code::UnusedFact | Code::MissingBecause | Code::OptionNeverConcluded);
    all_diagnostics(rules).into_iter().filter(kept).collect()
}

fn all_diagnostics(rules: &str) -> Vec<Diagnostic> {
    let policy = format!(
        "[policy]\nname = \"t\"\n[fact]\na.type = \"bool\"\nb.type = \"bool\"\nn.type = \"integer\"\nday.type = \"date\"\nword.type = \"text\"\n\
         kind.options = [\"x\", \"y\", \"z\"]\nitem.type = \"records\"\nitem.columns = {{ name = \"text\", size = \"integer\" }}\n\
         [decision.d]\nquestion = \"?\"\nhit-policy = \"priority\"\ndefault = \"no\"\noption = [{{ id = \"yes\" }}, {{ id = \"no\" }}]\n{rules}"
    );
    let files = vec![(PathBuf::from("p.toml"), policy)];
    let (policy, sources, mut found) = remit::policy::load_texts(files, PathBuf::new());
    found.extend(remit::check::check(&policy, &sources).1);
    found
}

fn rule(says: &str) -> Vec<Code> {
    findings(&format!("[rule.r]\nsays = '{says}'\n")).into_iter().map(|(code, _)| code).collect()
}

const SMALL: &str = "[policy]\nname = 'x'\n[fact.blocked]\ntype = 'bool'\n[decision.access]\nquestion = '?'\nhit-policy = 'priority'\n\
     default = 'allow'\noption = [{ id = 'deny' }, { id = 'allow' }]\n[rule.allow]\nsays = 'access(allow) if not blocked'\n";

#[test]
fn a_policy_of_which_something_was_not_understood_is_no_program() {
    for (rest, is_fine) in [
        ("[rule.deny]\nsays = 'access(deny) if blocked'", true),
        ("[rule.deny]\nsays = 'access(deny) if and blocked'", false),
        ("[rule.deny]\nsay = 'access(deny) if blocked'", false),
        ("rule.deny]", false),
    ] {
        let files = vec![("p.toml".into(), format!("{SMALL}{rest}\n"))];
        let (policy, sources, _) = remit::policy::load_texts(files.clone(), PathBuf::new());
        assert_eq!(remit::check::check(&policy, &sources).0.is_some(), is_fine, "{rest}");
        assert_eq!(remit::check::compile(&policy, &sources).0.is_some(), is_fine, "{rest}");
        let (program, _, found) = remit::check::load_texts(files, PathBuf::new());
        assert_eq!((program.is_some(), !has_errors(&found)), (is_fine, is_fine), "{rest}: {found:?}");
    }
}

#[test]
fn a_policy_of_texts_has_its_fact_files_among_them_and_no_others() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("outside.toml"), "blocked = \"secret\"\n").expect("a file");
    let outside = folder.path().join("outside.toml");
    let scenario = |path: &str| format!("{SMALL}[scenario.s]\nissue = '{path}'\nexpect = {{ access = 'deny' }}\n");
    let inside = ("cases/x.toml".into(), "blocked = true\n".to_owned());
    for path in ["cases/x.toml", "./cases/../cases/x.toml"] {
        let rules = "[rule.deny]\nsays = 'access(deny) if blocked'\n";
        let files = vec![("p.toml".into(), scenario(path)), ("r.toml".into(), rules.to_owned()), inside.clone()];
        let (program, _, found) = remit::check::load_texts(files, PathBuf::new());
        let program = program.unwrap_or_else(|| unreachable!("{path}: {found:?}"));
        assert!(program.scenarios[0].issue.facts[0].given().is_some(), "{path}");
    }
    let root = folder.path().to_path_buf();
    for path in [outside.to_str().expect("a path"), "outside.toml", "cases/y.toml"] {
        let files = vec![("p.toml".into(), scenario(path)), inside.clone()];
        let (program, _, found) = remit::check::load_texts(files, root.clone());
        assert!(program.is_none());
        let told: Vec<(Code, bool)> = found
            .iter()
            .filter(|d| d.code == Code::Unreadable)
            .map(|d| (d.code, d.message.contains("secret")))
            .collect();
        assert_eq!(told, [(Code::Unreadable, false)], "{path}: {found:?}");
    }
}

#[test]
fn a_name_that_is_not_written_as_names_are_is_one_mistake() {
    let policy = "[policy]\nname = 'x'\n[fact.days-open]\ntype = 'integer'\n[fact.who]\noptions = ['Private', 'Two words']\n\
        [decision.team]\nquestion = '?'\nhit-policy = 'priority'\ndefault = 'desk'\noption = [{ id = 'Kundenbüro' }, { id = 'desk' }]\n\
        [rule.Büro-zuerst]\nsays = 'team(kundenbuero) if who = private, days_open > 3'\nbecause = 'x'\n\
        [rule.other]\nsays = 'team(desk) if who = two_words'\nbecause = 'x'\noverrides = ['buero-zuerst']\n";
    let policy = policy.replace("[rule.Büro-zuerst]", "[rule.'Büro-zuerst']");
    let (_, _, found) = remit::check::load_texts(vec![("p.toml".into(), policy)], PathBuf::new());
    let told: Vec<(Code, Option<&str>)> = found
        .iter()
        .map(|d| (d.code, d.help.as_deref().and_then(|help| help.rsplit_once("; write ")).map(|(_, name)| name)))
        .collect();
    let expected = ["`days_open`", "`private`", "`two_words`", "`kundenbuero`", "`buero-zuerst`"];
    assert_eq!(told, expected.map(|name| (Code::BadName, Some(name))));
}

#[test]
fn contradictions_are_found_and_only_those() {
    for says in [
        "d(yes) if a, not a",
        "d(yes) if kind = x, kind = y",
        "d(yes) if kind = x, kind != x",
        "d(yes) if kind in [x, y], kind not in [x, y]",
        "d(yes) if kind in [x], kind in [y]",
        "d(yes) if n > 3, n < 4",
        "d(yes) if n = 3, n > 5",
        "d(yes) if item(size: S), S = n, n > 5, S < 2",
        "d(yes) if n < n",
        "d(yes) if 2 < 1",
        "d(yes) if a = true, not a",
        "d(yes) if item(name: S), S = \"q\", not item(name: S)",
        "d(yes) if a, not (a or b)",
        "d(yes) if not b, a, not a",
        "d(yes) if n = 3, n not in [2, 3]",
        "d(yes) if n not in [3], n in [3]",
        "d(yes) if n != 3, n >= 3, n < 4",
        "d(yes) if n > 2, n < 6, n not in [3, 4], n != 5",
        "d(yes) if n > 2.5, n < 3",
        "d(yes) if n = 2.5",
        "d(yes) if n > 9223372036854775807",
        "d(yes) if n < -9223372036854775808",
        "d(yes) if day > 9999-12-31",
        "d(yes) if day < 0001-01-01",
        "d(yes) if day > 2026-01-01, day != 2026-01-02, day < 2026-01-03",
        "d(yes) if word < \"\"",
        "d(yes) if contains(word, \"q\"), not contains(word, \"q\")",
        "d(yes) if item(name: S), not starts_with(S, \"q\"), starts_with(S, \"q\")",
        "d(yes) if n + 1 > 3, not n + 1 > 3",
        "d(yes) if length(word) > 3, length(word) < 2",
        "d(yes) if n + 1 = 3, n + 1 = 4",
        "d(yes) if count(item(_, _)) > 3, count(item(_, _)) < 2",
        "d(yes) if X = n * 2, X > 5, n * 2 < 5",
        "d(yes) if item(size: S), S < n + 1, S > n + 1",
        "d(yes) if n in [1.5]",
    ] {
        assert_eq!(rule(says), [Code::NeverHolds], "{says}");
    }
    for says in [
        "d(yes) if a, not b",
        "d(yes) if kind in [x, y], kind not in [x]",
        "d(yes) if n > 3, n < 5",
        "d(yes) if n >= 3, n <= 3",
        "d(yes) if item(name: S, size: N), not item(name: S, size: 3), N > 2",
        "d(yes) if a, not (a and b)",
        "d(yes) if n not in [3], n > 2, n < 5",
        "d(yes) if n in [3], n in [3.0]",
        "d(yes) if n >= 9223372036854775807",
        "d(yes) if n >= 9223372036854775808.0",
        "d(yes) if day >= 9999-12-31",
        "d(yes) if word <= \"\"",
        "d(yes) if contains(word, \"q\"), not contains(word, \"r\")",
        "d(yes) if contains(word, \"q\"), not starts_with(word, \"q\")",
        "d(yes) if n + 1 > 3, n + 2 < 3",
        "d(yes) if length(word) > 3, length(lower(word)) < 2",
        "d(yes) if count(item(_, _)) > 3, count(item(_, 1)) < 2",
        "d(yes) if n in [1.5, 2.0]",
    ] {
        assert_eq!(rule(says), [], "{says}");
    }
}

/// What a clause that does not parse concludes is not unknown, and what it may mean misleads no other check.
#[test]
fn what_does_not_parse_may_be_concluded() {
    use Code::{NeverHolds, OptionNeverConcluded, Syntax, UnknownColumn, UnknownName};
    for (texts, codes) in [
        (&["p if a and and b", "d(yes) if p"][..], &[Syntax][..]),
        (&["p if a and and b", "d(yes) if p, kind = x"], &[Syntax]),
        (&["p if a, (b", "q if a, p", "d(yes) if q, kind = x"], &[Syntax]),
        (&["x if a and and b", "d(yes) if x, b"], &[Syntax]),
        // Whatever else such a text names is told.
        (&["d(yes) if urgnt, a == b"], &[Syntax, UnknownName]),
        (&["p if urgnt, a. d(yes) if p, (b"], &[Syntax, UnknownName]),
        (&["p if q, (b", "d(yes) if p, q"], &[Syntax, UnknownName]),
        (&["d(yes) if item(nam: _)"], &[UnknownColumn]),
        (&["p if q, a", "q if p, b"], &[OptionNeverConcluded, NeverHolds, NeverHolds]),
    ] {
        let rules = texts.iter().enumerate().map(|(number, text)| format!("[rule.r{number}]\nsays = '{text}'\n"));
        let ignored = [Code::UnusedFact, Code::MissingBecause, Code::UnusedConclusion];
        let found = all_diagnostics(&rules.collect::<String>()).into_iter().map(|found| found.code);
        let found: Vec<Code> = found.filter(|code| !ignored.contains(code)).collect();
        assert_eq!(found, codes, "{texts:?}");
    }
}

/// §3: "All that are found are reported, not the first."
#[test]
fn what_is_wrong_beside_an_unknown_name_is_told_too() {
    use Code::{HeadIsFact, TypeMismatch, UnknownColumn, UnknownName, UnknownOption, WrongArity};
    for (says, codes) in [
        ("d(yes) if aa, kind = q", &[UnknownName, UnknownOption][..]),
        ("d(yes) if aa, n = \"x\", bb", &[UnknownName, TypeMismatch, UnknownName]),
        ("d(yes) if item(nam: _), kind = q", &[UnknownColumn, UnknownOption]),
        ("d(yes, no) if kind = q", &[WrongArity, UnknownOption]),
        ("a if kind = q", &[HeadIsFact, UnknownOption]),
        ("d(yes) if (aa or b), kind = q", &[UnknownName, UnknownOption]),
        // What the unknown relation would bind is not known.
        ("d(yes) if aa(X), X = x, count(aa(Y), Y = x) > 1", &[UnknownName, UnknownName]),
    ] {
        assert_eq!(rule(says), codes, "{says}");
    }
}

/// What is wrong with a declaration is told there, and not again where it is used.
#[test]
fn a_fact_with_a_broken_type_is_a_fact_to_scenarios() {
    let scenario = "[scenario.s]\nissue = { seen = true, sen = true }\nexpect = { d = \"no\" }\n";
    let rule = "[rule.r]\nsays = 'd(yes) if a'\n";
    let found = findings(&format!("[fact.seen]\ntype = \"boolean\"\n{rule}{scenario}"));
    let messages: Vec<&str> = found.iter().map(|(_, message)| message.as_str()).collect();
    assert_eq!(messages.iter().filter(|message| message.contains("which is no fact")).count(), 1, "{messages:?}");
    assert!(messages.iter().any(|message| message.contains("`sen`, which is no fact")), "{messages:?}");
}

/// §3: "`unknown-name` … with the nearest name", also within a subtraction.
#[test]
fn names_with_a_minus_between_are_one_name_only_where_none_is_a_fact() {
    for (says, help) in [
        ("d(yes) if day - dya > 3", "write `day`"),
        ("d(yes) if n-nn > 3", "write `n`"),
        ("d(yes) if kind = on-hold", "names are written with `_`: `on_hold`"),
    ] {
        let found = diagnostics(&format!("[rule.r]\nsays = '{says}'\n"));
        let helps: Vec<&str> = found.iter().filter_map(|found| found.help.as_deref()).collect();
        assert!(helps.iter().any(|told| told.starts_with(help)), "{says}: {helps:?}");
    }
}

/// §2: "what can … be compared with an option lies within its set".
#[test]
fn options_of_other_sets_match_nothing() {
    let with = "[fact.level]\noptions = [\"low\", \"high\"]\n[fact.kinds]\ntype = \"list\"\nof = [\"x\", \"y\", \"z\"]\n\
        [fact.other]\ntype = \"list\"\nof = [\"q\", \"low\"]\n";
    let codes = |says: &str| -> Vec<Code> {
        findings(&format!("{with}[rule.r]\nsays = '{says}'\n")).into_iter().map(|(code, _)| code).collect()
    };
    for says in ["d(yes) if kinds(level)", "d(yes) if not kinds(level)", "d(yes) if count(kinds(level)) > 0"] {
        let found = codes(says);
        assert!(found.contains(&Code::TypeMismatch), "{says}: {found:?}");
    }
    for says in [
        "d(yes) if other(level)",
        "d(yes) if kinds(K), not other(K)",
        "d(yes) if kinds(kind)",
        "d(yes) if not kinds(kind)",
        "d(yes) if kinds(_)",
    ] {
        assert_eq!(codes(says), [], "{says}");
    }
}

/// §3: `type-mismatch` comes "with both places".
#[test]
fn a_mismatch_has_both_places() {
    for body in [
        "length(n) > 1",
        "contains(n, \"x\")",
        "lower(a) = \"x\"",
        "sum(K : item(name: K)) > 1",
        "n + word > 3",
        "kind = n",
        "a > true",
        "-word = 1",
        "item(name: n)",
        "n in [x]",
        "word in [3]",
        "item(name: S), S > 3",
    ] {
        let found = diagnostics(&format!("[rule.r]\nsays = 'd(yes) if {body}'\n"));
        let mismatch = found.iter().find(|d| d.code == Code::TypeMismatch).expect(body);
        assert!(mismatch.labels.iter().any(|label| Some(label.span) != mismatch.span), "{body}: {mismatch:?}");
    }
}

#[test]
fn a_more_general_rule_makes_another_superfluous() {
    let two = |one: &str, other: &str| -> Vec<Code> {
        let rules = format!("[rule.one]\nsays = '{one}'\n[rule.two]\nsays = '{other}'\n");
        findings(&rules).into_iter().map(|(code, _)| code).collect()
    };
    assert_eq!(two("d(yes) if a", "d(yes) if a, b"), [Code::SubsumedRule]);
    assert_eq!(two("d(yes) if a, b", "d(yes) if b, a"), [Code::DuplicateRule]);
    assert_eq!(two("d(yes) if item(size: S), S > 2", "d(yes) if item(size: T), T > 2"), [Code::DuplicateRule]);
    assert_eq!(two("d(yes) if item(size: 3)", "d(yes) if item(name: X, size: 3), X = \"q\""), [Code::SubsumedRule]);
    assert_eq!(two("d(yes) if not item(size: 3)", "d(yes) if not item(_, _)"), [Code::SubsumedRule]);
    assert_eq!(two("d(yes) if not item(_, _)", "d(yes) if not item(size: 3)"), [Code::SubsumedRule]);
    assert_eq!(two("d(yes) if a", "d(no) if a, b"), []);
}

#[test]
fn recursion_through_a_negation_is_told_rule_by_rule() {
    let found = findings(
        "[rule.r]\nsays = 'p if a, not q'\n[rule.s]\nsays = 'q if b, r2'\n[rule.t]\nsays = 'r2 if p'\n[rule.u]\nsays = 'd(yes) if p'\n",
    );
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, Code::NegationCycle);
    assert_eq!(found[0].1, "`p` depends on its own negation: `p` → `q` → `r2` → `p`");
    for says in [
        "p if a, count(item(_, _), p) > 1. d(yes) if p",
        "p if a, not (b, p). d(yes) if p",
        "p if decided(d, yes). d(yes) if p",
    ] {
        assert_eq!(rule(says), [Code::NegationCycle], "{says}");
    }
    assert_eq!(rule("p if a. p if p, b. d(yes) if p"), []);
}

#[test]
fn values_computed_in_recursion_are_refused() {
    assert_eq!(
        rule("p(X) if item(size: X). p(Y) if p(X), Y = X + 1, Y < 10. d(yes) if p(3)"),
        [Code::UnboundedArithmetic]
    );
    assert_eq!(rule("p(X) if item(size: X). p(X + 1) if p(X). d(yes) if p(3)"), [Code::UnboundedArithmetic]);
    assert_eq!(
        rule("p(X) if item(size: X). p(Y) if p(X), Y = sum(Z : item(size: S), Z = S + X). d(yes) if p(3)"),
        [Code::UnboundedArithmetic]
    );
    assert_eq!(rule("p(X) if item(size: X). q(X + 1) if p(X). d(yes) if q(3)"), []);
    assert_eq!(rule("p(X) if item(size: X). p(X) if p(X), X + 1 > 3. d(yes) if p(3)"), []);
    // What an atom binds is only compared.
    assert_eq!(rule("p(X) if item(name: \"a\", size: X). p(Y) if p(X), item(size: Y), Y = X + 1. d(yes) if p(3)"), []);
    assert_eq!(
        rule("p(X) if item(name: \"a\", size: X). p(Y) if p(X), Y = sum(Z : item(size: Z), Z = X + 1). d(yes) if p(3)"),
        []
    );
}

#[test]
fn every_fault_of_a_scenarios_issue_is_told() {
    let scenario = "[scenario.s]\nissue = { a = 1, m = 2, kind = \"w\" }\nexpect = { d = \"no\" }\n";
    let codes: Vec<Code> =
        findings(&format!("[rule.r]\nsays = 'd(yes) if a'\n{scenario}")).into_iter().map(|f| f.0).collect();
    assert_eq!(codes, [Code::WrongKind, Code::UnknownFact, Code::UnknownOption]);
}

#[test]
fn a_decision_has_no_name_that_stands_for_something_else_beside_it() {
    for name in ["id", "status", "holds", "rules"] {
        let decision = format!(
            "[rule.r]\nsays = 'd(yes) if a'\n[rule.q]\nsays = '{name}(x) if a'\n\
             [decision.{name}]\nquestion = \"?\"\nhit-policy = \"collect\"\noption = [{{ id = \"x\" }}]\n"
        );
        assert!(findings(&decision).iter().any(|(code, _)| *code == Code::ReservedName), "{name}");
    }
}
