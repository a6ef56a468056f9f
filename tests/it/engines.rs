//! All engines and the naive evaluator on the same pairs of a policy and some issues.
//!
//! Tuples of every relation in both planes (naive, reference, relational), verdicts with
//! rules, missing facts and warnings (naive, reference, columnar). `PROPTEST_CASES` sets the
//! number of pairs of each of the four tests, which are one for the sake of several cores.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use remit::engine::columnar::{BLOCK, Compiled};
use remit::engine::reference;
use remit::issue::Issue as LibraryIssue;
use remit::verdict::{Verdict, judge};

use crate::agreement::differences;
use crate::r#gen::gene::{self, Gene};
use crate::r#gen::issue::{Extent, Issue, Said, build, complete};
use crate::r#gen::{case, policy, tree};
use crate::naive::Naive;
use crate::{columnar, relational};

/// Pairs of each of the four tests.
const PAIRS: u32 = 5_000;

/// A random policy with random issues; prints as TOML.
#[derive(Clone)]
struct Batch {
    policy: tree::Policy,
    issues: Vec<Issue>,
}

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\n----- policy.toml\n{}", self.policy)?;
        self.issues.iter().try_for_each(|issue| write!(f, "----- issue.toml\n{issue}"))
    }
}

/// How much issues say.
#[derive(Debug, Clone, Copy)]
enum Knowledge {
    Something,
    Everything,
    Nothing,
}

fn knowing(knowledge: Knowledge, issue: Issue, later: &[Gene]) -> Issue {
    match knowledge {
        Knowledge::Something => issue,
        Knowledge::Everything => complete(&issue, Extent::All, &|_| false, later),
        Knowledge::Nothing => Issue { said: issue.said.into_iter().map(|(fact, _)| (fact, Said::Null)).collect() },
    }
}

fn batches() -> impl Strategy<Value = Batch> {
    let knowledge =
        prop_oneof![8 => Just(Knowledge::Something), 2 => Just(Knowledge::Everything), 1 => Just(Knowledge::Nothing)];
    let issues = prop::collection::vec((knowledge, gene::issue(), gene::issue()), 1..9);
    (gene::policy(), issues).prop_map(|(genes, issues)| {
        let policy = policy::build(&genes);
        let issue = |(knowledge, genes, later): &(Knowledge, Vec<Gene>, Vec<Gene>)| {
            knowing(*knowledge, build(&policy, genes), later)
        };
        let issues = issues.iter().map(issue).collect();
        Batch { policy, issues }
    })
}

fn all_agree(batch: &Batch) -> Result<(), TestCaseError> {
    let compiled = case::compile(vec![batch.policy.to_string()]).map_err(TestCaseError::fail)?;
    let (program, naive) = (&compiled.program, Naive::of(&compiled.policy));
    let (mut issues, mut verdicts) = (Vec::new(), Vec::new());
    for issue in &batch.issues {
        let plain = issue.to_naive();
        let issue = plain.to_library(program);
        let model = reference::evaluate(program, &issue);
        let verdict = judge(program, &issue, &model);
        let mut found = differences(program, &naive, &plain, &model, &verdict);
        found.extend(relational::differences(program, &issue, &model));
        prop_assert!(found.is_empty(), "{}", found.join("\n"));
        issues.push(issue);
        verdicts.push(verdict);
    }
    let found = columnar::difference(&Compiled::new(program), &issues, &verdicts);
    prop_assert!(found.is_none(), "{}", found.unwrap_or_default());
    Ok(())
}

fn check_pairs() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(PAIRS);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let result = TestRunner::new(config).run(&batches(), |batch| all_agree(&batch));
    let failure = result.err().map(|failure| failure.to_string()).unwrap_or_default();
    assert!(failure.is_empty(), "{failure}");
}

#[test]
fn all_agree_on_a_first_quarter_of_random_pairs() {
    check_pairs();
}

#[test]
fn all_agree_on_a_second_quarter_of_random_pairs() {
    check_pairs();
}

#[test]
fn all_agree_on_a_third_quarter_of_random_pairs() {
    check_pairs();
}

#[test]
fn all_agree_on_a_fourth_quarter_of_random_pairs() {
    check_pairs();
}

/// Random policies with variables in blocks of lengths around those of words and blocks: 200 pairs.
#[test]
fn engines_agree_at_the_ends_of_blocks() {
    let mut runner = TestRunner::deterministic();
    let mut policies = 0;
    while policies < 34 {
        let batch = batches().new_tree(&mut runner).expect("a batch").current();
        let compiled = case::compile(vec![batch.policy.to_string()]).expect("it passes the checks");
        let program = &compiled.program;
        if !program.clauses.iter().any(|clause| clause.args.iter().any(is_variable)) {
            continue;
        }
        policies += 1;
        let some: Vec<LibraryIssue> = batch.issues.iter().map(|issue| issue.to_naive().to_library(program)).collect();
        let verdict = |issue: &LibraryIssue| judge(program, issue, &reference::evaluate(program, issue));
        let expected: Vec<Verdict> = some.iter().map(verdict).collect();
        let columns = Compiled::new(program);
        // Full blocks take a while without optimisation.
        let full: &[usize] = if policies <= 10 { &[BLOCK - 1, BLOCK, BLOCK + 1] } else { &[] };
        for length in [0, 1, 63, 64, 65].into_iter().chain(full.iter().copied()) {
            let at = |index: usize| (index * 5 + index / 64) % some.len();
            let issues: Vec<LibraryIssue> = (0..length).map(|index| some[at(index)].clone()).collect();
            let expected: Vec<Verdict> = (0..length).map(|index| expected[at(index)].clone()).collect();
            let found = columnar::difference(&columns, &issues, &expected);
            assert!(found.is_none(), "{batch:?}{length} issues: {}", found.unwrap_or_default());
        }
    }
}

fn is_variable(expr: &remit::program::Expr) -> bool {
    matches!(expr, remit::program::Expr::Variable(_))
}

/// A policy of so many rules: facts, a recursion, layers that rest on each other, and a decision.
fn large(seed: usize, rules: usize) -> String {
    let mut text = "[policy]\nname = \"large\"\n".to_owned();
    for fact in 0..20 {
        text.push_str(&match fact % 3 {
            0 => format!("[fact.f{fact}]\noptions = [\"o0\", \"o1\", \"o2\"]\n"),
            1 => format!("[fact.f{fact}]\ntype = \"integer\"\n"),
            _ => format!("[fact.f{fact}]\ntype = \"bool\"\n"),
        });
    }
    text.push_str("[fact.edge]\ntype = \"records\"\n[fact.edge.columns]\nfrom = \"integer\"\nto = \"integer\"\n");
    let on_fact = |fact: usize, salt: usize| match fact % 3 {
        0 => format!("f{fact} != o{}", salt % 3),
        1 => format!("f{fact} + {salt} > {}", salt + 2),
        _ => format!("f{fact}"),
    };
    let width = rules / 10;
    for number in 0..rules {
        let (layer, place) = (number / width, number % width);
        let salt = number * 7 + seed * 13;
        let (own, other) = (on_fact(salt % 20, salt % 5), on_fact((salt / 3) % 20, salt % 4));
        let below = |step: usize| format!("c{}_{}", layer.saturating_sub(1), (place + step + seed) % width);
        let says = match (layer, place % 8) {
            (0, 0..2) => format!("c0_{place}(X, Y) if edge(X, Y), X != {}", salt % 5),
            (0, 2..4) => format!("c0_{place}(X, X) if edge(X, _), {own}"),
            (0, _) => format!("c0_{place}(X, Y) if edge(X, Y), {own}, {other}"),
            (9, _) => format!("team(t{}) if {}(_, _), {own}", salt % 5, below(0)),
            (_, 0) => format!("c{layer}_{place}(X, Z) if {}(X, Y), {}(Y, Z)", below(0), below(1)),
            (_, 1) => format!("c{layer}_{place}(X, Y) if {}(X, Y), not {}(Y, X)", below(0), below(1)),
            (_, 2) => format!("c{layer}_{place}(X, N) if edge(X, _), N = count(Y : {}(X, Y))", below(0)),
            (_, 3) => format!("c{layer}_{place}(X, Y) if {}(X, Y) or edge(X, Y), {own}", below(2)),
            (_, 4) => {
                format!("c{layer}_{place}(X, Z) if c{layer}_{place}(X, Y), {}(Y, Z) or {}(X, Z)", below(0), below(1))
            }
            _ => format!("c{layer}_{place}(X, Y) if {}(X, Y), {other}", below(0)),
        };
        text.push_str(&format!("[rule.r{number}]\nsays = '{says}'\nbecause = \"So.\"\n"));
    }
    text.push_str("[decision.team]\nquestion = \"Who?\"\nhit-policy = \"priority\"\n");
    (0..5).for_each(|option| text.push_str(&format!("[[decision.team.option]]\nid = \"t{option}\"\n")));
    text
}

#[test]
fn engines_agree_on_policies_of_two_thousand_rules() {
    for seed in 0..20 {
        let compiled = case::compile(vec![large(seed, 2_000)]).unwrap_or_else(|errors| unreachable!("{errors}"));
        let program = &compiled.program;
        assert_eq!(program.rules.len(), 2_000);
        let mut documents = vec!["{}".to_owned()];
        documents.push(format!(
            r#"{{"f0":"o1","f1":{seed},"f2":true,"f4":4,"f5":false,"f8":true,"edge":[[1,2],[2,3],[3,{}]]}}"#,
            seed % 5
        ));
        let known: Vec<String> = (0..20)
            .map(|fact| match fact % 3 {
                0 => format!("\"f{fact}\":\"o{}\"", (fact + seed) % 3),
                1 => format!("\"f{fact}\":{}", (fact + seed) % 4),
                _ => format!("\"f{fact}\":{}", (fact + seed) % 2 == 0),
            })
            .collect();
        documents.push(format!("{{{},\"edge\":[[1,2],[2,1],[2,4],[0,3]]}}", known.join(",")));
        let bytes = documents.join("\n").into_bytes();
        let input = remit::issue::Input::Memory { name: "i.jsonl".to_owned(), bytes };
        let read = remit::issue::Issues::open(program, vec![input], Default::default()).expect("issues");
        let issues: Vec<LibraryIssue> = read.map(|record| record.expect("it fits").issue).collect();
        assert_eq!(issues.len(), 3);
        let mut verdicts = Vec::new();
        for issue in &issues {
            let model = reference::evaluate(program, issue);
            let found = relational::differences(program, issue, &model);
            assert!(found.is_empty(), "seed {seed}: {}", found.join("\n"));
            verdicts.push(judge(program, issue, &model));
        }
        let found = columnar::difference(&Compiled::new(program), &issues, &verdicts);
        assert!(found.is_none(), "seed {seed}: {}", found.unwrap_or_default());
    }
}
