//! Coverage and mutants: what scenarios exercise, and which changes they would not notice.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use remit::engine::Plan;
use remit::mutation::{Change, mutants};
use remit::program::Program;
use remit::report::mutants::{Counts, Mutated, document};
use remit::source::Sources;
use remit::testing::coverage::measure;
use remit::testing::mutants::{Fate, try_all};
use remit::testing::run_scenario;
use remit::testing::suggest::suggest;
use serde_json::Value;

use crate::run::Run;

struct Loaded {
    written: remit::policy::Policy,
    program: Program,
    sources: Sources,
}

fn loaded(text: &str) -> Loaded {
    let files = vec![(PathBuf::from("policy.toml"), text.to_owned())];
    let (written, sources, found) = remit::policy::load_texts(files, PathBuf::new());
    let (program, more) = remit::check::check(&written, &sources);
    let program = program.unwrap_or_else(|| unreachable!("{found:?} {more:?}"));
    Loaded { written, program, sources }
}

const LOANS: &str = r#"
[policy]
name = "loans"
[fact.member]
type = "bool"
[fact.late]
type = "bool"
[fact.items]
type = "integer"
[fact.kind]
options = ["book", "film"]
[decision.desk]
question = "Who lends it?"
hit-policy = "priority"
default = "ask"
[[decision.desk.option]]
id = "refuse"
[[decision.desk.option]]
id = "lend"
[[decision.desk.option]]
id = "ask"
[rule.lend-to-members]
says = 'desk(lend) if member, items <= 3, kind = book'
because = "Members may have three books."
[rule.refuse-late]
says = ['desk(refuse) if late, member', 'desk(refuse) if not member']
because = "Late or no member."
"#;

fn with(scenarios: &str) -> Loaded {
    loaded(&format!("{LOANS}{scenarios}"))
}

#[test]
fn coverage_tells_what_no_scenario_shows() {
    let Loaded { program, .. } = with(
        "[scenario.lend]\nissue = { member = true, late = false, items = 1, kind = \"book\" }\nexpect = { desk = \"lend\" }\n",
    );
    let coverage = measure(&program, &Plan::new(&program));
    assert_eq!((coverage.rule_share().covered, coverage.rule_share().all), (1, 2));
    assert_eq!((coverage.clause_share().covered, coverage.clause_share().all), (1, 3));
    // Of `member, items <= 3, kind = book, late, member, not member`: four are seen true, `late`
    // and `not member` false.
    assert_eq!((coverage.literal_share().covered, coverage.literal_share().all), (6, 12));
    assert!((coverage.total().percent() - 8.0 * 100.0 / 17.0).abs() < 1e-9);
}

#[test]
fn every_small_change_is_made_once() {
    let Loaded { written, program, .. } = with("");
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut texts = std::collections::BTreeSet::new();
    for mutant in mutants(&written, &program) {
        *counts.entry(mutant.change.as_str()).or_default() += 1;
        assert_ne!(mutant.before, mutant.after);
        assert!(texts.insert((mutant.subject.clone(), mutant.before, mutant.after)), "{}", mutant.subject);
    }
    let expected = BTreeMap::from([
        ("drop a clause", 2),
        ("drop a literal", 6),
        ("drop a rule", 2),
        ("exchange two options", 2),
        ("move a threshold", 2),
        ("negate a literal", 6),
        ("swap an option", 4),
        ("turn an `and` into `or`", 3),
    ]);
    assert_eq!(counts, expected);
}

#[test]
fn few_scenarios_kill_every_survivor() {
    let few = "[scenario.lend]\nissue = { member = true, late = false, items = 1, kind = \"book\" }\nexpect = { desk = \"lend\" }\n";
    let Loaded { written, program, sources } = with(few);
    let tried = try_all(&written, &sources, &program, &|_, _| (), &|| None);
    let suggestions = suggest(&written, &sources, &program, &tried);
    let counts = Counts::of(&tried);
    assert!(counts.killed > 0 && counts.alive > 0);
    assert!(suggestions.len() * 2 <= counts.alive, "{} for {}", suggestions.len(), counts.alive);
    let sizes: Vec<usize> = suggestions.iter().map(|suggestion| suggestion.notices.len()).collect();
    assert!(sizes.is_sorted_by(|one, next| one >= next), "{sizes:?}");
    let report = document(&Mutated { program: &program, sources: &sources, tried: &tried, suggestions: &suggestions });
    let scenarios = report["scenarios"].as_array().expect("scenarios");
    for (number, (each, told)) in tried.iter().zip(report["mutants"].as_array().expect("mutants")).enumerate() {
        let noticing = scenarios
            .iter()
            .filter(|scenario| scenario["notices"].as_array().expect("numbers").contains(&number.into()));
        let noticing: Vec<_> = noticing.map(|scenario| &scenario["scenario"]).collect();
        let Fate::Alive(_) = &each.fate else {
            assert!(noticing.is_empty() && told["killer"].is_null());
            continue;
        };
        assert_eq!(noticing, [&told["killer"]]);
        let killer = told["killer"].as_str().expect("a scenario");
        // It passes with the policy as it is, and fails with the mutant.
        let whole = with(&format!("{few}{killer}"));
        let failures = |program: &Program| {
            let plan = Plan::new(program);
            (0..program.scenarios.len()).map(|i| run_scenario(program, &plan, i).failures.len()).sum::<usize>()
        };
        assert_eq!(failures(&whole.program), 0, "{killer}");
        let (changed, _) = remit::check::check(&each.mutant.apply(&whole.written), &whole.sources);
        assert!(failures(&changed.expect("a mutant that passes the checks")) > 0, "{killer}");
    }
    // All together, they leave nothing alive.
    let all: String = scenarios.iter().filter_map(|scenario| scenario["scenario"].as_str()).collect();
    let whole = with(&format!("{few}{all}"));
    let left = Counts::of(&try_all(&whole.written, &whole.sources, &whole.program, &|_, _| (), &|| None));
    assert_eq!((left.alive, left.undetermined), (0, 0));
}

#[test]
fn mutants_as_text() {
    let policy =
        format!("{LOANS}[scenario.late]\nissue = {{ member = true, late = true }}\nexpect = {{ desk = \"refuse\" }}\n");
    let run = Run::new(["test", "--policy", "loans.toml", "--mutants"]).file("loans.toml", &policy);
    insta::assert_snapshot!(run.transcript());
}

/// Whoever has more than so many items closes; `REST` is about nothing that rows say.
const CLOSING: &str = r#"
[policy]
name = "closing"
[fact.item]
type = "records"
[fact.item.columns]
name = "text"
[fact.open]
type = "integer"
[fact.new]
type = "integer"
[rule.close]
says = 'room(close) if count(item(name: _)) > 2'
because = "Too much."
[rule.sale]
says = 'room(sale) if item(name: "TV")'
because = "A television."
REST
[decision.room]
question = "What becomes of the room?"
hit-policy = "priority"
default = "keep"
option = [{ id = "close" }, { id = "sale" }, { id = "keep" }]
[scenario.none]
issue = { item = [], open = 2, new = 1 }
expect = { room = "keep" }
[scenario.tv]
issue = { item = [{ name = "TV" }], open = 2, new = 1 }
expect = { room = "sale" }
"#;

#[test]
fn changes_that_show_at_the_third_row_are_found() {
    let Loaded { written, program, sources } = loaded(&CLOSING.replace("REST", ""));
    let tried = try_all(&written, &sources, &program, &|_, _| (), &|| None);
    let counts = Counts::of(&tried);
    assert_eq!(
        counts.undetermined,
        0,
        "{:?}",
        tried.iter().map(|each| (&each.mutant.after, &each.fate)).collect::<Vec<_>>()
    );
    let moved = tried.iter().find(|each| each.mutant.after.ends_with("> 3")).expect("a threshold that is moved");
    assert!(matches!(moved.fate, Fate::Alive(_)), "{moved:?}");
}

#[test]
fn what_is_undetermined_is_not_killed() {
    let rest = "[rule.many]\nsays = 'room(keep) if open + new > 4, new + open < 2'\nbecause = \"Never.\"\n";
    let policy = CLOSING.replace("> 2'", "> 40'").replace("REST", rest);
    let run = |arguments: &[&str]| {
        let all = ["test", "--policy", "closing.toml"].iter().chain(arguments).copied();
        Run::new(all).file("closing.toml", &policy)
    };
    insta::assert_snapshot!(run(&["--mutants"]).transcript());
    let outcome = run(&["--min-killed", "99"]).outcome();
    assert_eq!(outcome.code, 5);
    assert!(outcome.stderr.contains(" undetermined), less than the 99 % of `--min-killed`"), "{}", outcome.stderr);
    let json: Value = serde_json::from_str(&run(&["--mutants", "--format", "json"]).outcome().stdout).expect("JSON");
    let mutants = &json["mutants"][0];
    let count = |fate: &str| {
        let all = mutants["mutants"].as_array().expect("mutants").iter();
        all.filter(|each| each["fate"] == fate).count() as f64
    };
    let killable = count("killed") + count("alive") + count("undetermined");
    assert!(count("undetermined") > 1.0);
    assert_eq!(mutants["percent"].as_f64(), Some(count("killed") * 100.0 / killable));
}

#[test]
fn a_change_that_changes_nothing_is_equivalent() {
    let policy = LOANS
        .replace("'desk(refuse) if not member'", "'desk(refuse) if not member', 'desk(refuse) if not member, late'");
    let Loaded { written, program, sources } = loaded(&policy);
    let tried = try_all(&written, &sources, &program, &|_, _| (), &|| None);
    let dropped = tried.iter().find(|t| t.mutant.change == Change::DropClause && t.mutant.before.ends_with(", late"));
    assert!(matches!(dropped.expect("the clause is dropped").fate, Fate::Equivalent));
}

#[test]
fn what_is_alike_only_within_a_bound_of_rows_is_undetermined() {
    let policy = "[policy]\nname = 'counts'\n[fact.big]\ntype = 'bool'\n[fact.part]\ntype = 'records'\ncolumns = { cost = 'integer' }\n\
        [decision.team]\nquestion = '?'\nhit-policy = 'priority'\ndefault = 'b'\noption = [{ id = 'a' }, { id = 'b' }]\n\
        [rule.many]\nsays = 'team(a) if big, count(part(cost: _)) > 40'\n\
        [scenario.few]\nissue = { big = true, part = [] }\nexpect = { team = 'b' }\n";
    let Loaded { written, program, sources } = loaded(policy);
    let tried = try_all(&written, &sources, &program, &|_, _| (), &|| None);
    let moved = tried.iter().filter(|tried| tried.mutant.change == Change::MoveThreshold);
    let fates: Vec<bool> = moved.map(|tried| matches!(tried.fate, Fate::Undetermined(_))).collect();
    assert_eq!(fates, [true, true]);
}

#[test]
fn a_mutant_that_no_scenario_is_near_is_found_alive() {
    let policy = "[policy]\nname = 'far'\n[fact]\na.type = 'bool'\nb.type = 'bool'\nc.type = 'bool'\nn.type = 'integer'\n\
        [decision.team]\nquestion = '?'\nhit-policy = 'priority'\ndefault = 'none'\noption = [{ id = 'some' }, { id = 'none' }]\n\
        [rule.far]\nsays = 'team(some) if a, b, c, n > 5'\n\
        [scenario.none]\nissue = { a = false, b = false, c = false, n = 0 }\nexpect = { team = 'none' }\n";
    let Loaded { written, program, sources } = loaded(policy);
    let tried = try_all(&written, &sources, &program, &|_, _| (), &|| None);
    let dropped = tried.iter().find(|tried| tried.mutant.change == Change::DropRule).expect("a mutant");
    assert!(matches!(dropped.fate, Fate::Alive(_)), "{dropped:?}");
}

#[test]
fn the_scenarios_of_the_small_shipped_policy_notice_every_change() {
    let mut sources = Sources::default();
    let (written, _) = remit::policy::load(Path::new("policies/escalation"), &mut sources);
    let (program, _) = remit::check::check(&written, &sources);
    let program = program.expect("a policy");
    assert!(measure(&program, &Plan::new(&program)).rules.iter().all(|rule| rule.is_covered()));
    let counts = Counts::of(&try_all(&written, &sources, &program, &|_, _| (), &|| None));
    assert_eq!((counts.alive, counts.undetermined), (0, 0));
    assert!(counts.killed > 100);
}

const AGES: &str = r#"
[policy]
name = "ages"
[fact.born]
type = "integer"
[fact.year]
type = "integer"
[fact.visit]
type = "records"
[fact.visit.columns]
age = "integer"
[decision.ticket]
question = "Which ticket?"
hit-policy = "priority"
default = "full"
[[decision.ticket.option]]
id = "child"
[[decision.ticket.option]]
id = "full"
[rule.child]
says = 'ticket(child) if A = year - born, A < 16, A = year - born, M = max(B : visit(age: B)), M < 16'
because = "Below sixteen."
[scenario.a-child]
issue = { born = 2015, year = 2026, visit = [{ age = 3 }] }
expect = { ticket = "child" }
"#;

#[test]
fn an_equation_that_binds_need_not_be_seen_false() {
    let Loaded { program, .. } = loaded(AGES);
    let coverage = measure(&program, &Plan::new(&program));
    let binds: Vec<bool> = coverage.rules[0].clauses[0].literals.iter().map(|seen| seen.binds).collect();
    // The second equation compares, and the greatest of no visits has no value.
    assert_eq!(binds, [true, false, false, false, false]);
    let share = coverage.literal_share();
    assert_eq!((share.covered, share.all), (5, 9));
}

/// What issues show alone that leave something open is left out, whichever of them happen to be scenarios.
#[test]
fn what_is_alike_where_all_is_known_is_left_out_with_scenarios_near_and_far() {
    let policy = |issue: &str, expect: &str| {
        format!(
            "[policy]\nname = 'low'\n[fact]\na.type = 'bool'\nb.type = 'bool'\nc.type = 'bool'\nn.type = 'integer'\n\
             [decision.team]\nquestion = '?'\nhit-policy = 'priority'\ndefault = 'desk'\noption = [{{ id = 'it' }}, {{ id = 'desk' }}]\n\
             [rule.it]\nsays = 'team(it) if c'\n[rule.desk]\nsays = 'team(desk) if a, b, n > 3'\n\
             [scenario.s]\nissue = {{ {issue} }}\nexpect = {{ team = {expect} }}\n"
        )
    };
    for (issue, expect) in [
        ("a = false, b = false, c = true, n = 0", "'it'"),
        ("b = true, n = 9", "{ value = 'desk', status = 'open' }"),
        ("", "{ value = 'desk', status = 'open' }"),
    ] {
        let Loaded { written, program, sources } = loaded(&policy(issue, expect));
        let tried = try_all(&written, &sources, &program, &|_, _| (), &|| None);
        let of_desk = tried.iter().filter(|tried| &*tried.mutant.subject == "desk");
        for tried in of_desk.filter(|tried| tried.mutant.change == Change::DropLiteral) {
            assert!(matches!(tried.fate, Fate::Alike | Fate::AlikeWithin(_)), "{issue}: {tried:?}");
        }
    }
}

/// A suggestion can be pasted as it is, also where an earlier one was.
#[test]
fn suggested_scenarios_have_free_names() {
    let plain = format!("{LOANS}[invariant.always-one]\nalways = 'not member or member'\n");
    let named = |text: &str| -> Vec<String> {
        let outcome = Run::new(["test", "--policy", "p.toml", "--mutants"]).file("p.toml", text).outcome();
        let names = outcome.stdout.lines().filter_map(|line| line.trim().strip_prefix("[scenario."));
        names.map(|name| name.trim_end_matches(']').to_owned()).collect()
    };
    let first = named(&plain);
    let rules = |name: &str| format!("[scenario.{name}]\nissue = {{}}\nskip = \"taken\"\n");
    let taken: String = first.iter().map(|name| rules(name)).collect();
    let again = named(&format!("{plain}{taken}"));
    assert!(!first.is_empty() && again.len() == first.len(), "{first:?} {again:?}");
    assert!(again.iter().all(|name| !first.contains(name)), "{first:?} {again:?}");
}
