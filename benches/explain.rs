//! Why, why not, and how well a policy is tested: `cargo bench --bench explain`.

mod common;

use std::path::PathBuf;

use divan::{Bencher, black_box};
use remit::engine::{Interpretation, Plan, evaluate_planned};
use remit::explain::repair::{Limits, repairs};
use remit::explain::why_not::why_not;
use remit::explain::{Explainer, explain};
use remit::issue::Issue;
use remit::policy::{self, Policy};
use remit::program::{DecisionId, Program};
use remit::source::Sources;
use remit::testing::mutants::try_all;
use remit::testing::run_scenario;
use remit::verdict::judge_in;
use remit::{check, verify};

fn main() {
    divan::main();
}

/// Settled issues, and open ones.
const ISSUES: [&str; 5] =
    ["aggregation-stopped", "both-connectors-after-ccg-update", "connector-not-said", "worked-before", "question-only"];

struct Case {
    program: Program,
    plan: Plan,
    issue: Issue,
}

fn case(name: &str) -> Case {
    let program = common::load(&common::file("policies/saas-platform"));
    let issue = common::fixture(&program, name);
    Case { plan: Plan::new(&program), program, issue }
}

/// One verdict on the reference engine: what `explain` is measured against.
#[divan::bench(args = ISSUES)]
fn decide(bencher: Bencher<'_, '_>, name: &str) {
    let Case { program, plan, issue } = case(name);
    bencher.bench(|| {
        let model = evaluate_planned(black_box(&program), &plan, black_box(&issue));
        judge_in(&Interpretation::new(&program, &plan, &issue, &model))
    });
}

/// The same verdict explained, by what explains all issues of the policy.
#[divan::bench(args = ISSUES)]
fn proof(bencher: Bencher<'_, '_>, name: &str) {
    let Case { program, plan, issue } = case(name);
    let explainer = Explainer::new(&program);
    bencher.bench(|| {
        let model = evaluate_planned(black_box(&program), &plan, black_box(&issue));
        let interpretation = Interpretation::new(&program, &plan, &issue, &model);
        explainer.explain(interpretation, judge_in(&interpretation))
    });
}

/// The same for one issue alone.
#[divan::bench(args = ISSUES)]
fn proof_of_one(bencher: Bencher<'_, '_>, name: &str) {
    let Case { program, plan, issue } = case(name);
    bencher.bench(|| {
        let model = evaluate_planned(black_box(&program), &plan, black_box(&issue));
        let interpretation = Interpretation::new(&program, &plan, &issue, &model);
        explain(interpretation, judge_in(&interpretation))
    });
}

/// A proof checked, without the engines.
#[divan::bench(args = ISSUES)]
fn check_proof(bencher: Bencher<'_, '_>, name: &str) {
    let Case { program, plan, issue } = case(name);
    let mut sources = Sources::default();
    let _ = check::load(&common::file("policies/saas-platform"), &mut sources);
    let model = evaluate_planned(&program, &plan, &issue);
    let interpretation = Interpretation::new(&program, &plan, &issue, &model);
    let explanation = explain(interpretation, judge_in(&interpretation));
    let told = remit::report::explanation::Explained {
        program: &program,
        sources: &sources,
        issue: &issue,
        explanation: &explanation,
    };
    let proof = remit::report::explanation::json(&told);
    bencher.bench(|| verify::verify(black_box(&program), black_box(&issue), black_box(&proof)));
}

/// Why the first decision is not each of its options in turn, rule by rule.
#[divan::bench(args = ISSUES)]
fn why_not_each(bencher: Bencher<'_, '_>, name: &str) {
    let Case { program, plan, issue } = case(name);
    let model = evaluate_planned(&program, &plan, &issue);
    let interpretation = Interpretation::new(&program, &plan, &issue, &model);
    let options = program.decision(DecisionId(0)).options.len();
    bencher.bench(|| (0..options).map(|option| why_not(&interpretation, DecisionId(0), option)).collect::<Vec<_>>());
}

/// The smallest repairs of at most three changes, of the option that takes longest to look for.
#[divan::bench(args = ISSUES, sample_count = 10, sample_size = 1)]
fn smallest_repairs(bencher: Bencher<'_, '_>, name: &str) {
    let Case { program, plan, issue } = case(name);
    let find = |option| repairs(&program, &plan, &issue, DecisionId(0), option, &Limits::default());
    let time = |option: &usize| {
        let begun = std::time::Instant::now();
        black_box(find(*option));
        begun.elapsed()
    };
    let slowest = (0..program.decision(DecisionId(0)).options.len()).max_by_key(time).unwrap_or_default();
    bencher.bench(|| find(black_box(slowest)));
}

/// What `--watch` does between a change and the result: load, check, and run all scenarios.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn run_again() -> usize {
    let program = common::load(&common::file("policies/saas-platform"));
    let plan = Plan::new(&program);
    (0..program.scenarios.len()).filter(|index| run_scenario(&program, &plan, *index).passed()).count()
}

fn written() -> (Policy, Sources, Program) {
    let path: PathBuf = common::file("policies/saas-platform");
    let mut sources = Sources::default();
    let (policy, _) = policy::load(&path, &mut sources);
    let (program, found) = check::check(&policy, &sources);
    (policy, sources, program.unwrap_or_else(|| unreachable!("a shipped policy is a program: {found:?}")))
}

/// Every mutant, against all scenarios, on all cores.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn mutants(bencher: Bencher<'_, '_>) {
    let (policy, sources, program) = written();
    bencher.bench(|| try_all(&policy, &sources, &program, &|_, _| {}, &|| None));
}
