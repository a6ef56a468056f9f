//! Over any history, the matrix is that of deciding each issue by each policy with the reference engine.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use remit::check;
use remit::diff::{Batch, Cause, Comparison, Counts, Differences, Pair};
use remit::engine::{Plan, evaluate_planned};
use remit::issue::{Documents, Input, Issues, ReadOptions};
use remit::mutation::mutants;
use remit::program::Program;
use remit::source::Sources;
use remit::verdict::{Status, Verdict, judge};

use crate::r#gen::{case, gene, issue, policy, tree};

/// Two policies and a history.
#[derive(Clone)]
struct Two {
    old: tree::Policy,
    /// Which mutant of the old one is the new one; `None`: it is another policy altogether.
    new: Result<usize, tree::Policy>,
    history: Vec<issue::Issue>,
    /// Sizes of batches, again and again.
    sizes: Vec<usize>,
}

impl std::fmt::Debug for Two {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\n----- old.toml\n{}", self.old)?;
        match &self.new {
            Ok(mutant) => writeln!(f, "----- new: mutant {mutant}")?,
            Err(new) => write!(f, "----- new.toml\n{new}")?,
        }
        self.history.iter().try_for_each(|issue| write!(f, "----- issue.toml\n{issue}"))
    }
}

fn twos() -> impl Strategy<Value = Two> {
    let issues = prop::collection::vec(gene::issue(), 1..12);
    let sizes = prop::collection::vec(1usize..6, 1..4);
    let related = prop_oneof![3 => (0usize..1000).prop_map(Some), 1 => Just(None)];
    (gene::policy(), gene::policy(), related, issues, sizes).prop_map(|(old, new, related, issues, sizes)| {
        let (old, new) = (policy::build(&old), policy::build(&new));
        let of = |(at, genes): (usize, &Vec<_>)| match related {
            None if at % 2 == 1 => issue::build(&new, genes),
            _ => issue::build(&old, genes),
        };
        let history = issues.iter().enumerate().map(of).collect();
        Two { old, new: related.ok_or(new), history, sizes }
    })
}

/// A policy as written and as a program.
pub struct Loaded {
    written: remit::policy::Policy,
    sources: Sources,
    pub program: Program,
}

pub fn load(policy: &tree::Policy) -> Result<Loaded, TestCaseError> {
    let files = vec![("policy.toml".into(), policy.to_string())];
    let (written, sources, _) = remit::policy::load_texts(files, std::path::PathBuf::new());
    let program = case::compile(vec![policy.to_string()]).map_err(TestCaseError::fail)?.program;
    Ok(Loaded { written, sources, program })
}

/// The new policy; the old one itself where no mutant passes the checks.
pub fn new_program(new: &Result<usize, tree::Policy>, old: &Loaded) -> Result<Program, TestCaseError> {
    let mutant = match new {
        Err(new) => return load(new).map(|loaded| loaded.program),
        Ok(mutant) => mutant,
    };
    let all = mutants(&old.written, &old.program);
    let from = mutant % all.len().max(1);
    let passing = all.iter().skip(from).chain(&all).find_map(|mutant| {
        let (program, found) = check::check(&mutant.apply(&old.written), &old.sources);
        program.filter(|_| !remit::diagnostic::has_errors(&found))
    });
    Ok(passing.unwrap_or_else(|| old.program.clone()))
}

fn input(history: &[issue::Issue]) -> Input {
    let line = |(number, each): (usize, &issue::Issue)| {
        let json = issue::in_json(each).replacen("\"issue\"", &format!("\"i{number}\""), 1);
        format!("{}\n", json.replace('\n', " "))
    };
    let lines: String = history.iter().enumerate().map(line).collect();
    Input::Memory { name: "history.jsonl".into(), bytes: lines.into_bytes() }
}

/// What a policy says of each issue, by the reference engine; `None`: it cannot read it.
fn verdicts(program: &Program, history: &[issue::Issue]) -> Vec<Option<Verdict>> {
    let plan = Plan::new(program);
    let issues = Issues::open(program, vec![input(history)], ReadOptions::default()).expect("the history is there");
    let judge = |issue| judge(program, &issue, &evaluate_planned(program, &plan, &issue));
    issues.map(|record| record.ok().map(|record| judge(record.issue))).collect()
}

/// A decision's value in words, as the report has it, found in another way.
fn words(program: &Program, verdict: &Verdict, name: &str) -> String {
    let outcome = &verdict.outcomes[program.decision_ids[name].index()];
    let decision = program.decision(outcome.decision);
    if outcome.status == Status::Conflict {
        return "(conflict)".to_owned();
    }
    let mut ids: Vec<&str> = outcome.value.iter().map(|option| &*decision.options[*option].id).collect();
    ids.sort_unstable();
    if ids.is_empty() { "(none)".to_owned() } else { ids.join(" + ") }
}

fn status(program: &Program, verdict: &Verdict, name: &str) -> Status {
    verdict.outcomes[program.decision_ids[name].index()].status
}

/// The words of an answer with its options sorted by name.
fn sorted(words: &str) -> String {
    let mut ids: Vec<&str> = words.split(" + ").collect();
    ids.sort_unstable();
    ids.join(" + ")
}

type Matrix = BTreeMap<(String, String), usize>;

struct Compared {
    counts: Counts,
    batches: Vec<Batch>,
}

fn compare(comparison: &Comparison<'_>, history: &[issue::Issue], sizes: &[usize]) -> Compared {
    let documents = Documents::open(comparison.pair.old, vec![input(history)], ReadOptions::default());
    let documents = documents.expect("the history is there");
    let mut documents: Vec<_> = documents.map(|document| document.expect("a document")).collect();
    let mut workspace = comparison.workspace();
    let mut counts = Counts::new(comparison.shared.len());
    let mut batches = Vec::new();
    let mut sizes = sizes.iter().cycle();
    while !documents.is_empty() {
        let size = sizes.next().map_or(1, |size| (*size).min(documents.len()));
        let rest = documents.split_off(size);
        let batch = comparison.compare(&mut workspace, documents);
        counts.merge(batch.counts.clone());
        batches.push(batch);
        documents = rest;
    }
    Compared { counts, batches }
}

fn agrees(two: &Two, old: &Program, new: &Program) -> Result<(), TestCaseError> {
    let pair = Pair { old, new };
    let comparison = Comparison::new(pair, ReadOptions::default());
    let Compared { counts, batches } = compare(&comparison, &two.history, &two.sizes);
    let whole = compare(&comparison, &two.history, &[two.history.len()]);
    prop_assert_eq!(&counts, &whole.counts, "how the history is cut into batches does not show");

    let (before, now) = (verdicts(old, &two.history), verdicts(new, &two.history));
    let both: Vec<(&Verdict, &Verdict)> =
        before.iter().zip(&now).filter_map(|(before, now)| Some((before.as_ref()?, now.as_ref()?))).collect();
    prop_assert_eq!(counts.read(), two.history.len());
    prop_assert_eq!(counts.compared, both.len());
    prop_assert_eq!(batches.iter().map(|batch| batch.rejected.len()).sum::<usize>(), counts.rejected);

    let names: Vec<&str> =
        new.decisions.iter().map(|d| &*d.name).filter(|d| old.decision_ids.contains_key(*d)).collect();
    prop_assert_eq!(comparison.shared.iter().map(|each| &*each.name).collect::<Vec<_>>(), names.clone());
    let is_moved = |(before, now): &(&Verdict, &Verdict)| {
        names.iter().any(|name| words(old, before, name) != words(new, now, name))
    };
    let is_changed = |(before, now): &(&Verdict, &Verdict)| {
        let other = |name: &&str| status(old, before, name) != status(new, now, name);
        is_moved(&(*before, *now)) || before.status != now.status || names.iter().any(other)
    };
    prop_assert_eq!(counts.moved, both.iter().filter(|pair| is_moved(pair)).count());
    let changed: Vec<_> = both.iter().filter(|pair| is_changed(pair)).collect();
    prop_assert_eq!(counts.changed, changed.len());
    let listed: Vec<_> = batches.iter().flat_map(|batch| &batch.changed).collect();
    prop_assert_eq!(listed.len(), changed.len());
    for (listed, (before, now)) in listed.iter().zip(&changed) {
        prop_assert_eq!((&listed.old, &listed.new), (*before, *now));
        prop_assert_eq!(&listed.record.issue.id, &now.id);
    }
    for status in [Status::Settled, Status::Open, Status::Conflict] {
        let became = both.iter().filter(|(before, now)| before.status != status && now.status == status);
        prop_assert_eq!(counts.statuses.became(status), became.count());
    }

    for (shared, of) in comparison.shared.iter().zip(&counts.decisions) {
        let mut expected = Matrix::new();
        for (before, now) in &both {
            *expected.entry((words(old, before, &shared.name), words(new, now, &shared.name))).or_default() += 1;
        }
        let words = |(before, now): &(_, _)| (sorted(&shared.words(before)), sorted(&shared.words(now)));
        let found: Matrix = of.pairs.iter().map(|(pair, cell)| (words(pair), cell.issues)).collect();
        prop_assert_eq!(found, expected);
        prop_assert_eq!(of.same() + of.moved(), counts.compared);
        for (pair, cell) in of.moves() {
            let (sides, of_pair) = ([(&cell.before, old), (&cell.now, new)], words(pair));
            for (side, (causes, program)) in sides.into_iter().enumerate() {
                let mut expected: BTreeMap<String, usize> = BTreeMap::new();
                for (before, now) in both
                    .iter()
                    .filter(|(b, n)| (self::words(old, b, &shared.name), self::words(new, n, &shared.name)) == of_pair)
                {
                    let verdict = if side == 0 { before } else { now };
                    for cause in reasons(program, verdict, &shared.name) {
                        *expected.entry(cause).or_default() += 1;
                    }
                }
                let named = causes.iter().map(|(cause, issues)| (named(program, *cause), *issues));
                prop_assert_eq!(named.collect::<BTreeMap<_, _>>(), expected);
            }
        }
    }
    Ok(())
}

fn named(program: &Program, cause: Cause) -> String {
    match cause {
        Cause::Rule(rule) => program.rule(rule).name.to_string(),
        other => format!("{other:?}"),
    }
}

/// What decided, found in another way.
fn reasons(program: &Program, verdict: &Verdict, name: &str) -> Vec<String> {
    let outcome = &verdict.outcomes[program.decision_ids[name].index()];
    match outcome {
        _ if outcome.status == Status::Conflict => vec!["Conflict".to_owned()],
        _ if outcome.from_default => vec!["Default".to_owned()],
        _ if outcome.value.is_empty() => vec!["Nothing".to_owned()],
        _ => outcome.rules.iter().map(|rule| program.rule(*rule).name.to_string()).collect(),
    }
}

#[test]
fn the_matrix_is_that_of_deciding_each_issue_by_each_policy() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(100);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 5_000, ..Config::default() };
    let (moves, rejections) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    let result = TestRunner::new(config).run(&twos(), |two| {
        let old = load(&two.old)?;
        let new = new_program(&two.new, &old)?;
        let comparison = Comparison::new(Pair { old: &old.program, new: &new }, ReadOptions::default());
        let counts = compare(&comparison, &two.history, &[100]).counts;
        moves.set(moves.get() + counts.moved);
        rejections.set(rejections.get() + counts.rejected);
        agrees(&two, &old.program, &new)
    });
    assert!(result.is_ok(), "{}", result.err().map_or(String::new(), |failure| failure.to_string()));
    assert!(moves.get() > cases as usize / 20 && rejections.get() > 0, "{} moved", moves.get());
}

#[test]
fn nothing_moves_where_nothing_differs() {
    let config = Config { cases: 50, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&twos(), |two| {
        let old = load(&two.old)?;
        let new = new_program(&two.new, &old)?;
        let pair = Pair { old: &old.program, new: &new };
        if !Differences::between(pair).is_empty() {
            return Ok(());
        }
        let comparison = Comparison::new(pair, ReadOptions::default());
        prop_assert_eq!(compare(&comparison, &two.history, &[100]).counts.changed, 0);
        Ok(())
    });
    assert!(result.is_ok(), "{}", result.err().map_or(String::new(), |failure| failure.to_string()));
}
