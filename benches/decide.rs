//! One decision inside the process, and loading policies of many rules: `cargo bench --bench decide`.

mod common;

use divan::{Bencher, black_box};
use remit::engine::reference;
use remit::verdict;

fn main() {
    divan::main();
}

/// A settled issue, an open one, and one with nothing to go by.
const ISSUES: [&str; 3] = ["aggregation-stopped", "connector-not-said", "question-only"];

/// Sizes of generated policies, in rules.
const RULES: [usize; 3] = [1_000, 3_000, 10_000];

/// Both planes, every derivation kept.
#[divan::bench(args = ISSUES)]
fn evaluate(bencher: Bencher<'_, '_>, name: &str) {
    let program = common::load(&common::file("policies/saas-platform"));
    let issue = common::fixture(&program, name);
    bencher.bench(|| reference::evaluate(black_box(&program), black_box(&issue)));
}

/// Values, status, rules and missing facts, from a model.
#[divan::bench(args = ISSUES)]
fn judge(bencher: Bencher<'_, '_>, name: &str) {
    let program = common::load(&common::file("policies/saas-platform"));
    let issue = common::fixture(&program, name);
    let model = reference::evaluate(&program, &issue);
    bencher.bench(|| verdict::judge(black_box(&program), black_box(&issue), black_box(&model)));
}

/// Load and check the shipped policy from its files.
#[divan::bench]
fn load_shipped() -> remit::program::Program {
    common::load(&common::file("policies/saas-platform"))
}

/// Load and check a policy of many rules.
#[divan::bench(args = RULES, sample_count = 10, sample_size = 1)]
fn load_rules(bencher: Bencher<'_, '_>, rules: usize) {
    let text = common::policy_of(rules);
    bencher.bench(|| common::load_text(black_box(&text)));
}

/// One decision with a policy of many rules: evaluate and judge.
#[divan::bench(args = RULES, sample_count = 10, sample_size = 1)]
fn decide_rules(bencher: Bencher<'_, '_>, rules: usize) {
    let program = common::load_text(&common::policy_of(rules));
    let issue = common::issue(&program, &common::issue_of(rules));
    bencher.bench(|| {
        let model = reference::evaluate(black_box(&program), black_box(&issue));
        verdict::judge(&program, &issue, &model)
    });
}
