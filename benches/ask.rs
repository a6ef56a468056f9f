//! How many questions an interview takes: `cargo bench --bench ask`.
//!
//! Counts beside those of the vocabulary's order and of the best strategy; then the processor time
//! that the next question takes. Everything is drawn by the same numbers in every run.

mod common;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use remit::interview::{Chart, Interviewer, Item, Progress, Step};
use remit::issue::{FactState, Issue};
use remit::program::{FactId, FactKind, Given, Program, Scalar};
use remit::value::Value;

use common::issues::Dice;

/// Random whole issues.
const ISSUES: usize = 10_000;
/// Generated policies, their facts and rules.
const GENERATED: u64 = 20;
const FACTS: usize = 13;
const RULES: usize = 24;
/// The most states for which the best strategy is worked out here.
const STATES: usize = 1 << 26;

fn main() {
    // `cargo test` builds and runs benches too, with this argument or without `--bench`.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let program = common::load(&common::file("policies/saas-platform"));
    let interviewer = Interviewer::new(&program);
    println!("saas-platform: mean number of questions");
    for start in [Start::NothingAssumed, Start::DefaultsAssumed] {
        of_random_issues(&interviewer, start);
    }
    of_scenarios(&interviewer);
    of_generated();
}

/// Time of the processor that this program has had, whatever else the machine does.
fn processor_time() -> Duration {
    let of = |time: nix::sys::time::TimeVal| {
        Duration::from_secs(time.tv_sec() as u64) + Duration::from_micros(time.tv_usec() as u64)
    };
    getrusage(UsageWho::RUSAGE_SELF).map_or(Duration::ZERO, |usage| of(usage.user_time()) + of(usage.system_time()))
}

/// The expected number of questions, exactly: all answers equally likely. What the interviewer says it
/// expects is the least there is, and is taken as it is.
fn expectation(interviewer: &Interviewer<'_>, progress: &Progress) -> f64 {
    let question = match interviewer.next(progress) {
        Step::Ask(question) => question,
        Step::Done(_) => return 0.0,
    };
    if let Some(expected) = question.expected {
        return expected;
    }
    let after = |given: &Given| {
        let mut progress = progress.clone();
        progress.tell(question.item.fact(), given.clone());
        expectation(interviewer, &progress)
    };
    1.0 + question.answers.iter().map(|answer| after(&answer.given)).sum::<f64>() / question.answers.len() as f64
}

/// Policies of thirteen yes-or-no facts: too many states for the best strategy to be worked out at once.
fn of_generated() {
    let mut ratios = Vec::new();
    let (mut own_sum, mut best_sum) = (0.0, 0.0);
    for seed in 0..GENERATED {
        let program = common::load_text(&policy_of(seed));
        let interviewer = Interviewer::new(&program);
        let begin = Progress::new(Issue::empty(&program, "issue"));
        let Some(best) = interviewer.chart(&begin, STATES).map(|chart| chart.optimum()) else { continue };
        let own = expectation(&interviewer, &begin);
        own_sum += own;
        best_sum += best;
        ratios.push(own / best);
    }
    let worst = ratios.iter().copied().fold(0.0, f64::max);
    let count = ratios.len() as f64;
    println!("{} generated policies of {FACTS} bools and {RULES} rules, expected number of questions", ratios.len());
    println!("    remit                {:.3}", own_sum / count);
    println!(
        "    best strategy        {:.3}  remit / best       {:.3}, at most {worst:.3}",
        best_sum / count,
        own_sum / best_sum
    );
}

/// A policy of random rules of two to four literals over bools, which conclude one of four options.
fn policy_of(seed: u64) -> String {
    let mut dice = Dice(seed);
    let mut text = String::from("[policy]\nname = \"generated\"\n");
    for fact in 0..FACTS {
        let _ = writeln!(text, "[fact.f{fact}]\ntype = \"bool\"");
    }
    for rule in 0..RULES {
        let mut facts: Vec<usize> = Vec::new();
        while facts.len() < 2 + rule % 3 {
            let fact = dice.below(FACTS);
            if !facts.contains(&fact) {
                facts.push(fact);
            }
        }
        let literal = |fact: &usize| format!("{}f{fact}", if dice.below(2) == 0 { "not " } else { "" });
        let body: Vec<String> = facts.iter().map(literal).collect();
        let _ = writeln!(text, "[rule.r{rule}]\nsays = 'team(t{}) if {}'", rule % 4, body.join(", "));
    }
    text.push_str("[decision.team]\nquestion = \"Who?\"\nhit-policy = \"priority\"\ndefault = \"t4\"\n");
    for option in 0..5 {
        let _ = writeln!(text, "[[decision.team.option]]\nid = \"t{option}\"");
    }
    text
}

/// What is known at the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    /// Facts with a default are asked, too.
    NothingAssumed,
    /// They are assumed, and assumed rightly.
    DefaultsAssumed,
}

impl Start {
    fn progress(self, program: &Program) -> Progress {
        let mut progress = Progress::new(Issue::empty(program, "issue"));
        if self == Self::NothingAssumed {
            progress.issue.facts.fill(FactState::Unknown);
        }
        progress
    }

    fn words(self) -> &'static str {
        match self {
            Self::NothingAssumed => "nothing known, nothing assumed",
            Self::DefaultsAssumed => "nothing known, defaults assumed",
        }
    }
}

/// All that an issue may say of a fact of a few values; of records, all sets of rows, texts left out.
fn values(program: &Program, fact: FactId) -> Vec<Given> {
    let of = |domain: &remit::program::Domain| -> Vec<Value> {
        match domain.scalar {
            Scalar::Bool => [true, false].map(Value::Bool).to_vec(),
            Scalar::Choice => domain.options.iter().map(|option| Value::Symbol(option.id.clone())).collect(),
            _ => vec![Value::Unknown],
        }
    };
    match &program.fact(fact).kind {
        FactKind::Single(domain) => of(domain).into_iter().map(Given::Value).collect(),
        FactKind::List(_) => vec![Given::Rows(Vec::new())],
        FactKind::Records(columns) => {
            let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
            for column in columns {
                let cells = of(&column.domain);
                rows = rows
                    .iter()
                    .flat_map(|row| cells.iter().map(|c| [row.as_slice(), std::slice::from_ref(c)].concat()))
                    .collect();
            }
            let set =
                |set: usize| (0..rows.len()).filter(|row| set >> row & 1 == 1).map(|row| rows[row].clone()).collect();
            (0..1 << rows.len()).map(|number| Given::Rows(set(number))).collect()
        }
    }
}

fn random_issues(program: &Program, start: Start) -> Vec<Issue> {
    let mut dice = Dice(start as u64);
    let values: Vec<Vec<Given>> = (0..program.facts.len()).map(|fact| values(program, FactId(fact as u32))).collect();
    let mut draw = || {
        let mut issue = start.progress(program).issue;
        for (state, values) in issue.facts.iter_mut().zip(&values) {
            if *state == FactState::Unknown {
                *state = FactState::Given(values[dice.below(values.len())].clone());
            }
        }
        issue
    };
    (0..ISSUES).map(|_| draw()).collect()
}

/// The interviewer with a memory: the same state of knowledge is worked out once.
struct Remembering<'a, 'p> {
    interviewer: &'a Interviewer<'p>,
    known: HashMap<String, Option<Item>>,
    longest: Duration,
    total: Duration,
}

impl<'a, 'p> Remembering<'a, 'p> {
    fn new(interviewer: &'a Interviewer<'p>) -> Self {
        Self { interviewer, known: HashMap::new(), longest: Duration::ZERO, total: Duration::ZERO }
    }

    fn next(&mut self, progress: &Progress) -> Option<Item> {
        let key = format!("{:?} {:?}", progress.issue.facts, progress.unanswerable);
        if let Some(item) = self.known.get(&key) {
            return *item;
        }
        let begin = processor_time();
        let item = match self.interviewer.next(progress) {
            Step::Ask(question) => Some(question.item),
            Step::Done(_) => None,
        };
        let took = processor_time() - begin;
        self.longest = self.longest.max(took);
        self.total += took;
        self.known.insert(key, item);
        item
    }

    /// Questions until an issue is decided; what it does not say is not known.
    fn questions(&mut self, mut progress: Progress, whole: &Issue) -> usize {
        let mut asked = 0;
        while let Some(item) = self.next(&progress) {
            asked += 1;
            tell(&mut progress, item, whole);
        }
        asked
    }

    /// Questions until an issue is decided, in the order of the vocabulary.
    fn in_order(&mut self, mut progress: Progress, whole: &Issue) -> usize {
        let mut asked = 0;
        for fact in 0..whole.facts.len() {
            let fact = FactId(fact as u32);
            if progress.issue.fact(fact) != &FactState::Unknown || self.next(&progress).is_none() {
                continue;
            }
            asked += 1;
            tell(&mut progress, Item::Fact(fact), whole);
        }
        asked
    }
}

fn tell(progress: &mut Progress, item: Item, whole: &Issue) {
    match (item, whole.fact(item.fact()).given()) {
        (Item::Fact(fact), Some(given)) => progress.tell(fact, given.clone()),
        (Item::Cell { fact, row, column }, Some(Given::Rows(rows))) if !rows[row][column].is_unknown() => {
            progress.tell_cell(fact, row, column, rows[row][column].clone());
        }
        _ => progress.give_up(item),
    }
}

fn mean(counts: impl Iterator<Item = usize>) -> f64 {
    let (sum, count) = counts.fold((0, 0), |(sum, count), n| (sum + n, count + 1));
    f64::from(sum as u32) / f64::from(count)
}

fn of_random_issues(interviewer: &Interviewer<'_>, start: Start) {
    let program = interviewer.program();
    let issues = random_issues(program, start);
    let begin = start.progress(program);
    let mut remembering = Remembering::new(interviewer);
    let own = mean(issues.iter().map(|whole| remembering.questions(begin.clone(), whole)));
    let chart: Option<Chart> = interviewer.chart(&begin, STATES);
    println!("  {}, {ISSUES} random issues", start.words());
    println!("    remit                {own:.3}  exactly expected   {:.3}", expectation(interviewer, &begin));
    if let Some(chart) = &chart {
        let unknown = |fact: &u32| begin.issue.facts[*fact as usize] == FactState::Unknown;
        let facts = (0..program.facts.len() as u32).filter(unknown).map(|fact| Item::Fact(FactId(fact)));
        let in_order = mean(issues.iter().filter_map(|whole| chart.questions(facts.clone(), whole)));
        let best = chart.optimum();
        println!("    best strategy        {best:.3}  remit / best       {:.3}", own / best);
        println!(
            "    vocabulary order     {in_order:.3}  remit / vocabulary {:.3}, best / vocabulary {:.3}",
            own / in_order,
            best / in_order
        );
    }
    let states = remembering.known.len();
    let average = remembering.total / states as u32;
    println!(
        "    next question        {average:.1?} of the processor on average over {states} states, {:.1?} at most",
        remembering.longest
    );
}

/// Scenarios as issues: what they do not say is as its default, or not known.
fn of_scenarios(interviewer: &Interviewer<'_>) {
    let program = interviewer.program();
    let begin = Start::NothingAssumed.progress(program);
    let wholes: Vec<&Issue> = program.scenarios.iter().map(|scenario| &*scenario.issue).collect();
    let mut remembering = Remembering::new(interviewer);
    let own = mean(wholes.iter().map(|whole| remembering.questions(begin.clone(), whole)));
    let in_order = mean(wholes.iter().map(|whole| remembering.in_order(begin.clone(), whole)));
    println!("  {} scenarios, nothing assumed; what they do not say is as its default, or nobody knows", wholes.len());
    println!("    remit                {own:.3}");
    println!("    vocabulary order     {in_order:.3}  remit / vocabulary {:.3}", own / in_order);
}
