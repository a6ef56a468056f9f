//! The rules alone, columns ready: `cargo bench --bench columnar`.
//!
//! A block of issues, one thread. Beside the columnar engine stand the same 25 rules written
//! by hand over one plane of 64-bit words, as the compiler makes them and with the vectors that
//! the engine asks the machine for, and the reference engine, one issue at a time. How large the
//! compiled policies are is printed first.

mod common;

use std::hint::black_box;

use divan::Bencher;
use divan::counter::ItemsCount;
use fearless_simd::{Level, dispatch};
use remit::engine::columnar::{BLOCK, Block, Compiled, Frame, Size};
use remit::engine::{Plan, evaluate_planned};
use remit::issue::{FactState, Issue};
use remit::program::{DecisionId, Domain, FactKind, Given, Program, Scalar};
use remit::value::{Date, Value};
use remit::verdict::judge;

use common::issues::Dice;

fn main() {
    let sizes = RULES.map(|rules| (format!("generated, {rules} rules"), common::load_text(&common::policy_of(rules))));
    let shipped = [("routing".to_owned(), common::load_text(ROUTING)), ("shipped".to_owned(), platform())];
    for (name, program) in shipped.into_iter().chain(sizes) {
        let literals: usize = program.clauses.iter().map(|clause| clause.body.len()).sum();
        let Size { planes, instructions, operands, registers, .. } = Compiled::new(&program).size();
        println!(
            "{name}: {literals} literals, {planes} planes, {instructions} instructions that read {operands}, {registers} registers"
        );
    }
    divan::main();
}

/// Twenty-five rules over choices, bools and an integer.
const ROUTING: &str = include_str!("routing.toml");

/// Sizes of generated policies, in rules.
const RULES: [usize; 3] = [25, 250, 2_500];

/// Random issues.
impl Dice {
    fn cell(&mut self, domain: &Domain) -> Value {
        match domain.scalar {
            Scalar::Bool => Value::Bool(self.below(2) == 1),
            Scalar::Choice => Value::Symbol(domain.options[self.below(domain.options.len())].id.clone()),
            Scalar::Integer => Value::Integer(self.below(1_000) as i64),
            Scalar::Number => Value::number(self.below(100) as f64 / 4.0).unwrap_or(Value::Unknown),
            Scalar::Date => Date::new(2026, 1 + self.below(12) as i8, 1).map_or(Value::Unknown, Value::Date),
            Scalar::Text => Value::text(["data loss", "slow", "no access", "question"][self.below(4)]),
        }
    }

    fn given(&mut self, kind: &FactKind) -> Given {
        match kind {
            FactKind::Single(domain) => Given::Value(self.cell(domain)),
            FactKind::List(domain) => Given::Rows((0..self.below(3)).map(|_| vec![self.cell(domain)]).collect()),
            FactKind::Records(columns) => {
                let row = |dice: &mut Self| columns.iter().map(|column| dice.cell(&column.domain)).collect();
                Given::Rows((0..self.below(3)).map(|_| row(self)).collect())
            }
        }
    }

    /// An issue that says two facts of three.
    fn issue(&mut self, program: &Program) -> Issue {
        let mut issue = Issue::empty(program, "issue");
        for (fact, state) in program.facts.iter().zip(&mut issue.facts) {
            if self.below(3) != 0 {
                *state = FactState::Given(self.given(&fact.kind));
            }
        }
        issue
    }
}

fn issues(program: &Program) -> Vec<Issue> {
    let mut dice = Dice(7);
    (0..BLOCK).map(|_| dice.issue(program)).collect()
}

fn platform() -> Program {
    common::load(&common::file("policies/saas-platform"))
}

/// Value and status of each decision of a block, as planes.
fn outcomes(bencher: Bencher<'_, '_>, program: &Program) {
    let compiled = Compiled::new(program);
    let block = Block::from_issues(&compiled, &issues(program));
    let mut frame = Frame::new(&compiled);
    bencher.counter(ItemsCount::new(BLOCK)).bench_local(|| {
        let outcomes = compiled.outcomes(black_box(&block), &mut frame);
        black_box(outcomes.status(0, DecisionId(0)))
    });
}

/// Whole verdicts of a block: options, rules, missing facts, warnings.
fn verdicts(bencher: Bencher<'_, '_>, program: &Program) {
    let compiled = Compiled::new(program);
    let block = Block::from_issues(&compiled, &issues(program));
    let mut frame = Frame::new(&compiled);
    bencher.counter(ItemsCount::new(BLOCK)).bench_local(|| compiled.verdicts(black_box(&block), &mut frame));
}

/// Issues → block.
fn fill(bencher: Bencher<'_, '_>, program: &Program) {
    let compiled = Compiled::new(program);
    let issues = issues(program);
    let mut block = compiled.block(BLOCK);
    bencher.counter(ItemsCount::new(BLOCK)).bench_local(|| {
        block.clear();
        black_box(&issues).iter().for_each(|issue| block.push(issue));
        block.finish();
    });
}

/// One issue by itself, without proof: block, planes, verdict.
fn one(bencher: Bencher<'_, '_>, program: &Program) {
    let compiled = Compiled::new(program);
    let issues = issues(program);
    let (mut block, mut frame) = (compiled.block(1), Frame::new(&compiled));
    bencher.counter(ItemsCount::new(64_usize)).bench_local(|| {
        for issue in &black_box(&issues)[..64] {
            block.clear();
            block.push(issue);
            block.finish();
            black_box(compiled.verdicts(&block, &mut frame));
        }
    });
}

/// The reference engine, one issue after the other.
fn reference(bencher: Bencher<'_, '_>, program: &Program) {
    let (plan, issues) = (Plan::new(program), issues(program));
    let some = &issues[..64];
    bencher.counter(ItemsCount::new(some.len())).bench_local(|| {
        for issue in some {
            black_box(judge(program, issue, &evaluate_planned(program, &plan, issue)));
        }
    });
}

mod routing {
    //! Twenty-five rules.

    use super::*;

    fn hand(bencher: Bencher<'_, '_>, run: impl Fn(&[[u64; WORDS]], &mut [[u64; WORDS]; 6])) {
        let mut dice = Dice(7);
        let planes: Vec<[u64; WORDS]> = (0..INPUTS).map(|_| std::array::from_fn(|_| dice.next())).collect();
        let mut teams = [[0; WORDS]; 6];
        bencher.counter(ItemsCount::new(BLOCK)).bench_local(|| {
            run(black_box(&planes), &mut teams);
            black_box(&teams);
        });
    }

    #[divan::bench]
    fn by_hand(bencher: Bencher<'_, '_>) {
        hand(bencher, teams_by_hand);
    }

    /// With the widest vectors that the machine has.
    #[divan::bench]
    fn by_hand_wide(bencher: Bencher<'_, '_>) {
        let level = Level::new();
        hand(bencher, |planes, teams| dispatch!(level, _simd => teams_by_hand(planes, teams)));
    }

    #[divan::bench]
    fn one(bencher: Bencher<'_, '_>) {
        super::one(bencher, &common::load_text(ROUTING));
    }

    #[divan::bench]
    fn outcomes(bencher: Bencher<'_, '_>) {
        super::outcomes(bencher, &common::load_text(ROUTING));
    }

    #[divan::bench]
    fn verdicts(bencher: Bencher<'_, '_>) {
        super::verdicts(bencher, &common::load_text(ROUTING));
    }

    #[divan::bench]
    fn fill(bencher: Bencher<'_, '_>) {
        super::fill(bencher, &common::load_text(ROUTING));
    }

    #[divan::bench]
    fn reference(bencher: Bencher<'_, '_>) {
        super::reference(bencher, &common::load_text(ROUTING));
    }
}

mod shipped {
    //! The shipped policy of the platform.

    use super::*;

    #[divan::bench]
    fn outcomes(bencher: Bencher<'_, '_>) {
        super::outcomes(bencher, &platform());
    }

    #[divan::bench]
    fn verdicts(bencher: Bencher<'_, '_>) {
        super::verdicts(bencher, &platform());
    }

    #[divan::bench]
    fn fill(bencher: Bencher<'_, '_>) {
        super::fill(bencher, &platform());
    }

    #[divan::bench]
    fn one(bencher: Bencher<'_, '_>) {
        super::one(bencher, &platform());
    }

    #[divan::bench]
    fn reference(bencher: Bencher<'_, '_>) {
        super::reference(bencher, &platform());
    }

    /// One policy, compiled.
    #[divan::bench]
    fn compile(bencher: Bencher<'_, '_>) {
        let program = platform();
        bencher.bench_local(|| drop(black_box(Compiled::new(black_box(&program)))));
    }
}

mod joins {
    //! The shipped policy with records, aggregates and a recursion.

    use super::*;

    #[divan::bench(sample_count = 10)]
    fn outcomes(bencher: Bencher<'_, '_>) {
        super::outcomes(bencher, &common::load(&common::file("policies/escalation")));
    }

    #[divan::bench(sample_count = 10)]
    fn verdicts(bencher: Bencher<'_, '_>) {
        super::verdicts(bencher, &common::load(&common::file("policies/escalation")));
    }

    #[divan::bench(sample_count = 10)]
    fn reference(bencher: Bencher<'_, '_>) {
        super::reference(bencher, &common::load(&common::file("policies/escalation")));
    }
}

/// Policies of more and more rules.
#[divan::bench(args = RULES)]
fn rules(bencher: Bencher<'_, '_>, rules: usize) {
    outcomes(bencher, &common::load_text(&common::policy_of(rules)));
}

const WORDS: usize = BLOCK / 64;

/// Planes that the hand-written rules read.
const INPUTS: usize = 17;

/// The rules of `routing.toml`, all facts known, over one plane of words.
#[inline(always)]
fn teams_by_hand(planes: &[[u64; WORDS]], teams: &mut [[u64; WORDS]; 6]) {
    let planes: &[[u64; WORDS]; INPUTS] = planes.try_into().unwrap_or_else(|_| unreachable!("as many as are read"));
    let [platform, nerm, other, build, change, profile, role, custom, not_provisioning, ..] = planes;
    let [.., inaccessible, working, changed, involved, alone, quality, wanted, many] = planes;
    let [on_call, customer, support, services, desk, out] = teams;
    for at in 0..WORDS {
        let in_scope = platform[at];
        let break_fix = !changed[at] & working[at];
        let to_blame = involved[at] & !alone[at];
        let other_work = build[at] | change[at] | !working[at] | changed[at] | quality[at] | custom[at] | to_blame;
        let access = profile[at] | role[at];
        let new_access = (build[at] | change[at]) & access;
        let lost = !(build[at] | change[at]) & access & not_provisioning[at] & working[at];
        let may_customer = in_scope & new_access & !wanted[at];
        let may_support = (in_scope & break_fix) | (in_scope & lost);
        let may_services = (in_scope & other_work) | (in_scope & new_access & wanted[at]);
        let urgent = many[at] & inaccessible[at] & in_scope;
        let mut rest = !urgent;
        on_call[at] = urgent;
        customer[at] = rest & may_customer;
        rest &= !may_customer;
        support[at] = rest & may_support;
        rest &= !may_support;
        services[at] = rest & may_services;
        rest &= !may_services;
        desk[at] = rest & nerm[at];
        rest &= !nerm[at];
        out[at] = rest & other[at];
    }
}
