//! The columnar engine says of every issue what the reference engine says, to the last rule and warning.
//!
//! `PROPTEST_CASES` sets the number of random policies; each is judged on a block of random issues.

use std::path::Path;
use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use remit::engine::columnar::{BLOCK, Block, Compiled, Frame, decide_block};
use remit::engine::{Plan, evaluate_planned};
use remit::issue::{FactState, Input, Issue, Issues, ReadOptions};
use remit::program::{DecisionId, Domain, FactKind, Given, Program, Scalar};
use remit::value::{Date, Value};
use remit::verdict::{Verdict, judge};

use crate::dice::Dice;
use crate::r#gen::gene;
use crate::r#gen::{case, issue, policy};

fn reference(program: &Program, issues: &[Issue]) -> Vec<Verdict> {
    let plan = Plan::new(program);
    issues.iter().map(|issue| judge(program, issue, &evaluate_planned(program, &plan, issue))).collect()
}

/// The first issue of which the engines say different things.
pub fn difference(compiled: &Compiled<'_>, issues: &[Issue], expected: &[Verdict]) -> Option<String> {
    let block = Block::from_issues(compiled, issues);
    let found = decide_block(compiled, &block);
    assert_eq!(found.len(), issues.len());
    let mut frame = Frame::new(compiled);
    let outcomes = compiled.outcomes(&block, &mut frame);
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        if found != expected {
            return Some(format!("issue {index}:\ncolumnar  {found:#?}\nreference {expected:#?}"));
        }
        let worst = outcomes.issue_status(index);
        if worst != expected.status {
            return Some(format!("issue {index}: {worst:?} is not {:?}", expected.status));
        }
        for outcome in &expected.outcomes {
            let value: Vec<usize> = outcomes.value(index, outcome.decision).collect();
            let status = outcomes.status(index, outcome.decision);
            if (&value, status) != (&outcome.value, outcome.status) {
                return Some(format!("issue {index}: {value:?} {status:?} is not {outcome:?}"));
            }
        }
    }
    None
}

fn agree(program: &Program, issues: &[Issue]) {
    let found = difference(&Compiled::new(program), issues, &reference(program, issues));
    assert!(found.is_none(), "{}", found.unwrap_or_default());
}

/// The shipped policies, loaded once.
fn shipped() -> &'static [Program] {
    static SHIPPED: OnceLock<Vec<Program>> = OnceLock::new();
    SHIPPED.get_or_init(|| {
        let paths = remit::policy::find_policies(&root().join("policies")).expect("there are policies");
        assert!(paths.len() >= 2, "both policies are found: {paths:?}");
        paths.iter().map(|path| load(path)).collect()
    })
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn load(path: &Path) -> Program {
    let (program, found) = remit::check::load(path, &mut remit::source::Sources::default());
    program.unwrap_or_else(|| unreachable!("{} has errors: {found:?}", path.display()))
}

#[test]
fn scenarios_come_out_the_same() {
    for program in shipped() {
        let issues: Vec<Issue> = program.scenarios.iter().map(|scenario| scenario.issue.as_ref().clone()).collect();
        assert!(!issues.is_empty(), "`{}` has scenarios", program.name);
        agree(program, &issues);
    }
}

#[test]
fn fixtures_come_out_the_same() {
    let mut read = 0;
    for program in shipped() {
        let mut inputs = Vec::new();
        for folder in ["fixtures", "fixtures/escalation", "fixtures/language-example"] {
            for entry in std::fs::read_dir(root().join(folder)).expect("a folder of fixtures") {
                let path = entry.expect("a file").path();
                if path.is_file() {
                    inputs.push(Input::File(path));
                }
            }
        }
        inputs.sort_by_key(|input| format!("{input:?}"));
        let records = Issues::open(program, inputs, ReadOptions::default()).expect("the fixtures are there");
        // A fixture of another policy is refused where a fact of the same name has another type.
        let issues: Vec<Issue> = records.filter_map(Result::ok).map(|record| record.issue).collect();
        read += issues.len();
        agree(program, &issues);
    }
    assert!(read > 20, "fixtures were read: {read}");
}

/// Issues of shipped policies.
impl Dice {
    fn cell(&mut self, domain: &Domain) -> Value {
        match domain.scalar {
            Scalar::Bool => Value::Bool(self.below(2) == 1),
            Scalar::Choice => Value::Symbol(domain.options[self.below(domain.options.len())].id.clone()),
            Scalar::Integer => Value::Integer([0, 1, 2, 3, 8, 9, 17, 18, 23, 60, 499, 500][self.below(12)]),
            Scalar::Number => Value::number([0.0, 0.5, 4.0, 24.0][self.below(4)]).expect("finite"),
            Scalar::Date => {
                let day = ["2026-01-01", "2026-01-02", "2026-03-07", "2026-03-09"][self.below(4)];
                Value::Date(Date::parse(day).expect("a day"))
            }
            Scalar::Text => Value::text(["", "ann", "ben", "Data loss of all"][self.below(4)]),
        }
    }

    fn given(&mut self, kind: &FactKind) -> Given {
        match kind {
            FactKind::Single(domain) => Given::Value(self.cell(domain)),
            FactKind::List(domain) => Given::Rows((0..self.below(3)).map(|_| vec![self.cell(domain)]).collect()),
            FactKind::Records(columns) => {
                let cell =
                    |dice: &mut Self, domain| if dice.below(5) == 0 { Value::Unknown } else { dice.cell(domain) };
                let row = |dice: &mut Self| columns.iter().map(|column| cell(dice, &column.domain)).collect();
                Given::Rows((0..self.below(4)).map(|_| row(self)).collect())
            }
        }
    }

    fn issue(&mut self, program: &Program, rarity: usize) -> Issue {
        let mut issue = Issue::empty(program, format!("issue-{}", self.0));
        for (fact, state) in program.facts.iter().zip(&mut issue.facts) {
            match self.below(rarity) {
                0 => {}
                1 => *state = FactState::Unknown,
                _ => *state = FactState::Given(self.given(&fact.kind)),
            }
        }
        issue
    }
}

#[test]
fn blocks_of_any_length_come_out_the_same() {
    let mut full_blocks = 0;
    for program in shipped() {
        let mut dice = Dice(1);
        let some: Vec<Issue> = (0..67).map(|at| dice.issue(program, 2 + at % 7)).collect();
        let expected = reference(program, &some);
        let compiled = Compiled::new(program);
        // Full blocks of the policy with joins take a while without optimisation.
        let plain = program.clauses.iter().all(|clause| clause.variables.is_empty());
        let full = if plain { vec![BLOCK - 1, BLOCK, BLOCK + 1] } else { Vec::new() };
        full_blocks += full.len();
        for length in [0, 1, 63, 64, 65, 511, 512, 513].into_iter().chain(full) {
            let at = |index: usize| (index * 31) % some.len();
            let issues: Vec<Issue> = (0..length).map(|index| some[at(index)].clone()).collect();
            let expected: Vec<Verdict> = (0..length).map(|index| expected[at(index)].clone()).collect();
            let found = difference(&compiled, &issues, &expected);
            assert!(found.is_none(), "{length} issues: {}", found.unwrap_or_default());
        }
    }
    assert!(full_blocks > 0, "a shipped policy has no variable");
}

#[test]
fn a_block_and_a_frame_are_used_again() {
    for program in shipped() {
        let (compiled, mut dice) = (Compiled::new(program), Dice(2));
        let (mut block, mut frame) = (compiled.block(70), Frame::new(&compiled));
        for length in [70, 3, 65, 1] {
            let issues: Vec<Issue> = (0..length).map(|_| dice.issue(program, 4)).collect();
            block.clear();
            issues.iter().for_each(|issue| block.push(issue));
            block.finish();
            assert_eq!(compiled.verdicts(&block, &mut frame), reference(program, &issues));
            let outcomes = compiled.outcomes(&block, &mut frame);
            for id in (0..program.decisions.len()).map(|index| DecisionId(index as u32)) {
                for option in 0..program.decision(id).options.len() {
                    let mut with = Vec::new();
                    outcomes.with_option(id, option, &mut |issue| with.push(issue));
                    let has = |issue: &usize| outcomes.value(*issue, id).any(|value| value == option);
                    assert_eq!(with, (0..length).filter(has).collect::<Vec<_>>());
                    assert_eq!(outcomes.count(id, option), with.len());
                }
            }
        }
    }
}

#[test]
fn an_issue_that_is_withdrawn_leaves_nothing_behind() {
    for program in shipped() {
        let (compiled, mut dice) = (Compiled::new(program), Dice(3));
        let issues: Vec<Issue> = (0..5).map(|_| dice.issue(program, 3)).collect();
        let mut block = compiled.block(5);
        for issue in &issues {
            block.push(&dice.issue(program, 9));
            block.withdraw();
            block.push(issue);
        }
        block.finish();
        assert_eq!(decide_block(&compiled, &block), reference(program, &issues));
    }
}

/// A random policy with random issues.
#[derive(Clone)]
struct Batch {
    policy: crate::r#gen::tree::Policy,
    issues: Vec<issue::Issue>,
}

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\n----- policy.toml\n{}", self.policy)?;
        self.issues.iter().try_for_each(|issue| write!(f, "----- issue.toml\n{issue}"))
    }
}

fn batches() -> impl Strategy<Value = Batch> {
    let issues = prop::collection::vec(gene::issue(), 1..9);
    (gene::policy(), issues).prop_map(|(genes, issues)| {
        let policy = policy::build(&genes);
        let issues = issues.iter().map(|genes| issue::build(&policy, genes)).collect();
        Batch { policy, issues }
    })
}

#[test]
fn random_policies_and_issues_come_out_the_same() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(1000);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let result = TestRunner::new(config).run(&batches(), |batch| {
        let compiled = case::compile(vec![batch.policy.to_string()]).map_err(TestCaseError::fail)?;
        let program = &compiled.program;
        let issues: Vec<Issue> = batch.issues.iter().map(|issue| issue.to_naive().to_library(program)).collect();
        let found = difference(&Compiled::new(program), &issues, &reference(program, &issues));
        prop_assert!(found.is_none(), "{}", found.unwrap_or_default());
        Ok(())
    });
    assert!(result.is_ok(), "{}", result.err().map_or(String::new(), |failure| failure.to_string()));
}
