//! `remit diff` without data: examples of every difference, and what is proved.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use remit::diff::equivalence::{Compared, Limits, Proof, equivalence};
use remit::diff::{Answer, Differences, Pair, Side};
use remit::engine::{Plan, evaluate_planned};
use remit::issue::{FactState, Issue};
use remit::program::{Given, Program};
use remit::prove::{Bounds, Stop};
use remit::verdict::settle;
use serde_json::Value;

use super::history::{load, new_program};
use super::{NEW, OLD, diff};
use crate::r#gen::gene::Gene;
use crate::r#gen::issue::{Extent, complete};
use crate::r#gen::{gene, issue, policy, tree};
use crate::run::Run;

/// A run over two texts.
fn two(old: &str, new: &str, arguments: &[&str]) -> Run {
    let all = ["diff", "old.toml", "new.toml"].iter().chain(arguments).copied();
    Run::new(all).file("old.toml", old).file("new.toml", new)
}

#[test]
fn differences_as_text() {
    insta::assert_snapshot!(diff(&[]).transcript());
}

#[test]
fn differences_as_markdown() {
    insta::assert_snapshot!(diff(&["--format", "markdown"]).transcript());
}

#[test]
fn differences_as_csv() {
    insta::assert_snapshot!(diff(&["--format", "csv"]).transcript());
}

#[test]
fn differences_as_json_have_proofs_that_can_be_checked() {
    let outcome = diff(&["--format", "json"]).outcome();
    assert_eq!((outcome.code, outcome.stderr.as_str()), (6, ""));
    let json: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    assert_eq!(json["equivalent"], false);
    assert_eq!(json["only"]["old"], serde_json::json!(["gone"]));
    let team = &json["decisions"]["team"];
    assert_eq!((&team["equal"], &team["verdict"]), (&false.into(), &"proved".into()));
    let examples = team["examples"].as_array().expect("examples");
    let pairs: Vec<_> = examples.iter().map(|each| (each["old"].as_str(), each["new"].as_str())).collect();
    let pair = |old, new| (Some(old), Some(new));
    assert_eq!(pairs, [pair("support", "services"), pair("support", "europe"), pair("desk", "services")]);
    for example in examples {
        for (side, text) in [("old", OLD), ("new", NEW)] {
            let proof = &example["proofs"][side];
            assert_eq!(proof["decisions"]["team"]["value"], example[side]);
            let run = Run::new(["explain", "i.json", "--policy", "p.toml", "--verify", "proof.json", "-q"]);
            let run = run.file("i.json", example["issue"].to_string()).file("p.toml", text);
            let verified = run.file("proof.json", with_id(proof).to_string()).outcome();
            assert_eq!((verified.code, verified.stdout.as_str()), (0, "proof.json: every step holds\n"), "{example}");
        }
    }
}

/// The proof, of an issue that is named after its file.
fn with_id(proof: &Value) -> Value {
    let mut proof = proof.clone();
    proof["id"] = "i".into();
    proof
}

#[test]
fn examples_are_files_that_both_policies_decide_as_is_said() {
    let outcome = diff(&["--examples", "found"]).outcome();
    assert_eq!((outcome.code, outcome.stderr.as_str()), (6, ""));
    let folder = outcome.folder.path().join("found");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .expect("a folder")
        .map(|entry| entry.expect("a file").file_name().into_string().expect("a name"))
        .collect();
    names.sort();
    let expected = [
        "note-1-old-to-none.toml",
        "team-1-support-to-services.toml",
        "team-2-support-to-europe.toml",
        "team-3-desk-to-services.toml",
    ];
    assert_eq!(names, expected);
    let first = fs::read_to_string(folder.join(&names[1])).expect("a file");
    insta::assert_snapshot!(first);
    for name in &names[1..] {
        let words: Vec<&str> = name.trim_end_matches(".toml").split('-').collect();
        for (policy, text, value) in [("old.toml", OLD, words[2]), ("new.toml", NEW, words[4])] {
            let issue = fs::read_to_string(folder.join(name)).expect("a file");
            let run = Run::new([
                "decide",
                "i.toml",
                "--policy",
                policy,
                "--format",
                "csv",
                "--fields",
                "team,team.status",
                "-q",
            ]);
            let decided = run.file(policy, text).file("i.toml", issue).outcome();
            assert_eq!(decided.stdout, format!("team,team.status\n{value},settled\n"), "{name}");
        }
    }
}

#[test]
fn a_wide_terminal_is_not_needed() {
    let outcome = diff(&["--color", "always"]).outcome();
    assert!(outcome.stdout.contains("\u{1b}[1mteam:\u{1b}[0m Who takes it now?"), "{}", outcome.stdout);
}

#[test]
fn other_words_and_another_order_are_no_difference() {
    let new = NEW.replace("says    = 'team(support) :- worked.'", "says = 'team(support) if worked'");
    let new = new.replace("size > 2 and connector = custom", "connector = custom, not size <= 2");
    let outcome = two(NEW, &new, &[]).outcome();
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    assert!(outcome.stdout.starts_with("the policies are equivalent\n"), "{}", outcome.stdout);
    let outcome = two(NEW, NEW, &["--format", "json"]).outcome();
    assert_eq!(outcome.code, 0);
    let json: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    assert_eq!((&json["equivalent"], &json["decisions"]["team"]["equal"]), (&true.into(), &true.into()));
}

#[test]
fn what_only_one_policy_decides_is_a_difference() {
    let without = OLD.split("[decision.gone]").next().expect("a part");
    let outcome = two(OLD, without, &[]).outcome();
    assert_eq!(outcome.code, 6);
    let line = "the policies are equivalent in what both decide, but do not decide the same\n";
    assert!(outcome.stdout.starts_with(line), "{}", outcome.stdout);
}

/// A policy about rows, texts and sums.
const ROWS: &str = r#"
[policy]
name = "rows"
[fact.visit]
type = "records"
[fact.visit.columns]
hours = "integer"
[fact.limit]
type = "integer"
[fact.bonus]
type = "integer"
[fact.urgent]
type    = "bool"
default = false
[rule.many]
says = 'pay(extra) if count(visit(hours: _)) > 3'
because = "Many visits."
[rule.fast]
says = 'speed(fast) if urgent'
because = "It is urgent."
[rule.rich]
says = 'total(high) if limit + bonus > 10'
because = "It is much."
[decision.pay]
question = "How much?"
hit-policy = "priority"
default = "usual"
option = [{ id = "extra" }, { id = "usual" }]
[decision.speed]
question = "How fast?"
hit-policy = "priority"
default = "slow"
option = [{ id = "fast" }, { id = "slow" }]
[decision.total]
question = "How high?"
hit-policy = "priority"
default = "low"
option = [{ id = "high" }, { id = "low" }]
"#;

fn first_line(run: Run) -> (i32, String) {
    let outcome = run.outcome();
    assert_eq!(outcome.stderr, "");
    (outcome.code, outcome.stdout.lines().next().unwrap_or_default().to_owned())
}

#[test]
fn rows_beyond_those_that_are_looked_at_are_told() {
    let new = ROWS.replace("> 3", "> 4");
    let outcome = two(ROWS, &new, &["--rows", "2"]).outcome();
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    assert!(outcome.stdout.starts_with("the policies are equivalent, as far as issues were looked at\n"));
    let line = "\n  proved up to 2 rows of visit; rules count 5 rows: the answers are the same\n";
    assert!(outcome.stdout.contains(line), "{}", outcome.stdout);
    assert_eq!(two(ROWS, &new, &["--rows", "2", "--deny", "undetermined"]).outcome().code, 6);
    // Without a number, there are as many as rules count.
    assert_eq!(first_line(two(ROWS, &new, &[])), (6, "the policies differ: 1 move of pay".to_owned()));
}

#[test]
fn what_cannot_be_followed_is_undetermined_and_named() {
    let new = ROWS.replace("limit + bonus > 10", "bonus + limit > 10");
    let run = |arguments: &[&str]| two(ROWS, &new, arguments);
    insta::assert_snapshot!(run(&[]).transcript());
    assert_eq!(run(&["--deny", "undetermined"]).outcome().code, 6);
}

#[test]
fn what_is_assumed_otherwise_is_compared() {
    let new = ROWS.replace("default = false", "default = true");
    assert_eq!(first_line(two(ROWS, &new, &[])), (6, "the policies differ: 1 move of speed".to_owned()));
}

#[test]
fn a_fact_that_is_not_the_same_thing_in_both_is_named() {
    let new = ROWS.replace("[fact.urgent]\ntype    = \"bool\"\ndefault = false", "[fact.urgent]\ntype = \"text\"");
    let new = new.replace("speed(fast) if urgent", "speed(fast) if urgent = \"very\"");
    let outcome = two(ROWS, &new, &[]).outcome();
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
    let reason = "the fact urgent is bool in the old policy and text in the new one\n";
    assert!(outcome.stdout.contains(reason), "{}", outcome.stdout);
}

#[test]
fn time_that_is_up_is_said() {
    let outcome = diff(&["--timeout", "0"]).outcome();
    assert!(outcome.stdout.contains("it takes longer than `--timeout` allows"), "{}", outcome.stdout);
    assert_eq!(diff(&["--timeout", "0", "--deny", "undetermined"]).outcome().code, 6);
}

#[test]
fn what_belongs_to_a_history_needs_one() {
    for arguments in [["--moved", "m.jsonl"], ["--rejects", "r.jsonl"], ["--input", "csv"]] {
        assert_eq!(diff(&arguments).outcome().code, 2);
    }
    assert_eq!(diff(&["--issues", "h.jsonl", "--examples", "found"]).outcome().code, 2);
}

/// A group whose arithmetic fails for one of the values that its outer variable may have.
const FAILS: &str = r#"
[policy]
name = "fails"
[fact.day]
type = "list"
of = "integer"
[rule.least]
says = 'least(-9223372036854775808) if day(_)'
because = "The least there is."
[rule.counted]
says = 'other(yes) if day(N), least(N)'
because = "It is the least."
[rule.later]
says = 'other(yes) if day(N), GROUP'
because = "So many."
[rule.any]
says = ['team(one)', 'team(one) if not day(_)']
because = "Always."
[decision.team]
question = "Who?"
hit-policy = "priority"
option = [{ id = "one" }]
[decision.other]
question = "What else?"
hit-policy = "priority"
option = [{ id = "yes" }]
"#;

#[test]
fn what_fails_in_a_group_fails_only_for_its_outer_values() {
    for group in ["count(M : day(M), D = 2024-02-28 + N, D = D) = N", "not (day(M), D = 2024-02-28 + N, D = D)"] {
        let old = FAILS.replace("GROUP", group);
        let new = old.replace("'team(one)', ", "");
        let outcome = two(&old, &new, &[]).outcome();
        let line = "the policies differ: 1 move of team";
        assert_eq!(outcome.stdout.lines().next(), Some(line), "{}{}", outcome.stdout, outcome.stderr);
    }
}

/// Two policies with issues of the old one, and issues to complete them.
#[derive(Clone)]
struct Two {
    old: tree::Policy,
    new: Result<usize, tree::Policy>,
    issues: Vec<issue::Issue>,
}

impl std::fmt::Debug for Two {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\n----- old.toml\n{}", self.old)?;
        match &self.new {
            Ok(mutant) => writeln!(f, "----- new: mutant {mutant}")?,
            Err(new) => write!(f, "----- new.toml\n{new}")?,
        }
        self.issues.iter().try_for_each(|issue| write!(f, "----- issue.toml\n{issue}"))
    }
}

fn twos() -> impl Strategy<Value = Two> {
    let issues = prop::collection::vec((gene::issue(), gene::issue()), 1..24);
    (gene::policy(), 0usize..1000, issues).prop_map(|(old, mutant, issues)| {
        let old = policy::build(&old);
        let complete =
            |(said, rest): &(Vec<Gene>, Vec<Gene>)| complete(&issue::build(&old, said), Extent::All, &|_| false, rest);
        let issues = issues.iter().map(complete).collect();
        Two { old, new: Ok(mutant), issues }
    })
}

fn limits() -> Limits {
    let until = Instant::now() + Duration::from_secs(2);
    Limits { bounds: Bounds::default(), stop: Some(Stop::when(move || Instant::now() >= until)) }
}

/// The same issue for another policy of the same facts.
fn for_program(issue: &issue::Issue, program: &Program) -> Issue {
    issue.to_naive().to_library(program)
}

fn rows(issue: &Issue) -> usize {
    let rows = issue.facts.iter().map(|state| match state {
        FactState::Given(Given::Rows(rows)) | FactState::Assumed(Given::Rows(rows)) => rows.len(),
        _ => 0,
    });
    rows.max().unwrap_or(0)
}

/// What both say in a decision; `None` if arithmetic fails.
fn answers(pair: Pair<'_>, compared: &Compared, issue: &issue::Issue) -> Option<(Answer, Answer)> {
    let [old, new] = Side::BOTH.map(|side| {
        let program = pair.of(side);
        let issue = for_program(issue, program);
        let model = evaluate_planned(program, &Plan::new(program), &issue);
        let verdict = settle(program, &issue, &model);
        let outcome = &verdict.outcomes[compared.shared.id(side).index()];
        model.faults.is_empty().then(|| compared.shared.answer_of(side, outcome))
    });
    Some((old?, new?))
}

#[test]
fn no_issue_shows_a_difference_that_is_not_told() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(150);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
    let told = std::cell::RefCell::new(BTreeMap::<&str, usize>::new());
    let count = |what| *told.borrow_mut().entry(what).or_default() += 1;
    let result = TestRunner::new(config).run(&twos(), |two| {
        let old = load(&two.old)?;
        let new = new_program(&two.new, &old)?;
        let pair = Pair { old: &old.program, new: &new };
        let limits = limits();
        let found = equivalence(pair, &Differences::between(pair), &limits);
        prop_assert_eq!(found.contradictions().count(), 0, "{:?}", found.contradictions().next());
        for compared in &found.decisions {
            for example in &compared.examples {
                count("example");
                prop_assert_ne!(&example.pair.0, &example.pair.1);
            }
            let bound = match &compared.proof {
                Proof::Undetermined(_) => {
                    count("undetermined");
                    continue;
                }
                Proof::UpTo(rows, _) => *rows,
                Proof::Same | Proof::Proved => usize::MAX,
            };
            count("proved");
            for issue in &two.issues {
                let Some(answers) = answers(pair, compared, issue) else { continue };
                if answers.0 == answers.1 || rows(&for_program(issue, pair.new)) > bound {
                    continue;
                }
                count("difference");
                let told = compared.examples.iter().any(|example| example.pair == answers);
                // Where arithmetic can fail, a few more issues are left out than need be, which is said.
                if !told && found.may_fail {
                    count("left out");
                    continue;
                }
                prop_assert!(told, "{answers:?} of {} is not told by\n{issue}", compared.shared.name);
            }
        }
        Ok(())
    });
    assert!(result.is_ok(), "{}", result.err().map_or(String::new(), |failure| failure.to_string()));
    let told = told.into_inner();
    let of = |what| told.get(what).copied().unwrap_or_default();
    assert!(of("left out") <= of("difference") / 20, "{told:?}");
    for what in ["example", "proved", "difference"] {
        assert!(told.get(what).is_some_and(|number| *number > cases as usize / 20), "{told:?}");
    }
}

#[test]
fn order_makes_no_difference() {
    let config = Config { cases: 60, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&(gene::policy(), gene::order()), |(policy, order)| {
        let policy = policy::build(&policy);
        let old = load(&policy)?;
        let new = load(&policy.reordered(&order))?;
        let pair = Pair { old: &old.program, new: &new.program };
        let found = equivalence(pair, &Differences::between(pair), &limits());
        prop_assert!(found.decisions.iter().all(|compared| compared.proof == Proof::Same), "{found:?}");
        Ok(())
    });
    assert!(result.is_ok(), "{}", result.err().map_or(String::new(), |failure| failure.to_string()));
}
