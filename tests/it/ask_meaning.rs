//! What interviews must keep to, on random policies and on the shipped one: they end, they end
//! with the decision on the whole issue, and they ask nothing that could not change a decision.

use std::iter::zip;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use remit::interview::{Interviewer, Item, Progress, Question, Step};
use remit::issue::{FactState, Issue, Raw};
use remit::program::{DecisionId, FactId, FactKind, Given, Program, Scalar};
use remit::value::Value;
use remit::verdict::{Status, Verdict};

use crate::r#gen::case::{Case, cases, compile};
use crate::r#gen::issue::{Extent, complete};

type Outcome = Result<(), TestCaseError>;

/// Runs a property over random cases: so many, unless `PROPTEST_CASES` says how many.
fn check(cases_wanted: u32, property: impl Fn(&Case) -> Outcome) {
    let cases_wanted = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(cases_wanted);
    let config =
        Config { cases: cases_wanted, failure_persistence: None, max_shrink_iters: 5_000, ..Config::default() };
    let result = TestRunner::new(config).run(&cases(), |case| property(&case));
    let failure = result.err().map(|failure| failure.to_string()).unwrap_or_default();
    assert!(failure.is_empty(), "{failure}");
}

/// Answers a question as the whole issue says.
fn answer(progress: &mut Progress, question: &Question, whole: &Issue) {
    match (question.item, whole.fact(question.item.fact()).given()) {
        (Item::Fact(fact), Some(given)) => progress.tell(fact, given.clone()),
        (Item::Cell { fact, row, column }, Some(Given::Rows(rows))) => {
            progress.tell_cell(fact, row, column, rows[row][column].clone());
        }
        (item, _) => progress.give_up(item),
    }
}

/// Leads an interview to its end, assumptions corrected; the questions, and what it ends with.
fn led(interviewer: &Interviewer<'_>, known: &Issue, whole: &Issue) -> (Vec<Item>, Progress, Verdict) {
    let mut progress = Progress::new(known.clone());
    let mut asked = Vec::new();
    loop {
        match interviewer.next(&progress) {
            Step::Ask(question) => {
                asked.push(question.item);
                answer(&mut progress, &question, whole);
            }
            Step::Done(end) => {
                let is_wrong = |fact: &_| progress.issue.fact(*fact).given() != whole.fact(*fact).given();
                let wrong = interviewer.assumptions(&progress).into_iter().find(is_wrong);
                if let Some((fact, given)) = wrong.and_then(|fact| Some((fact, whole.fact(fact).given()?.clone()))) {
                    progress.tell(fact, given);
                    continue;
                }
                let (_, mut verdict) = interviewer.judged(&progress.issue);
                end.complete(&mut verdict);
                return (asked, progress, verdict);
            }
        }
        assert!(asked.len() < 500, "an interview ends: {asked:?}");
    }
}

fn binding(program: &Program) -> impl Iterator<Item = DecisionId> + '_ {
    (0..program.decisions.len()).map(|i| DecisionId(i as u32)).filter(|id| !program.decision(*id).advisory)
}

#[test]
fn an_interview_ends_with_the_decision_on_the_whole_issue() {
    check(200, |case| {
        let compiled = compile(vec![case.policy.to_string()]).map_err(TestCaseError::fail)?;
        let whole = complete(&case.issue, Extent::All, &|_| false, &case.later);
        let known = case.issue.to_naive().to_library(&compiled.program);
        let whole = whole.to_naive().to_library(&compiled.program);
        let interviewer = Interviewer::new(&compiled.program);
        let (asked, _, verdict) = led(&interviewer, &known, &whole);
        let (_, expected) = interviewer.judged(&whole);
        for id in binding(&compiled.program) {
            let (found, expected) = (&verdict.outcomes[id.index()], &expected.outcomes[id.index()]);
            // Only arithmetic that fails leaves something open of a whole issue.
            if expected.status == Status::Open {
                continue;
            }
            let value = found.every_case.as_ref().unwrap_or(&found.value);
            let conflict = expected.status == Status::Conflict && found.status == Status::Conflict;
            prop_assert!(
                conflict
                    || (value == &expected.value && (found.status == Status::Settled || found.every_case.is_some())),
                "asked {asked:?}\nin the end {found:?}\nof the whole issue {expected:?}\nwhich is\n{whole:?}"
            );
        }
        Ok(())
    });
}

#[test]
fn nothing_is_asked_twice_or_though_it_is_known() {
    check(100, |case| {
        let compiled = compile(vec![case.policy.to_string()]).map_err(TestCaseError::fail)?;
        let known = case.issue.to_naive().to_library(&compiled.program);
        let interviewer = Interviewer::new(&compiled.program);
        let mut progress = Progress::new(known.clone());
        let mut asked: Vec<Item> = Vec::new();
        // Nobody knows anything.
        while let Step::Ask(question) = interviewer.next(&progress) {
            let state = known.fact(question.item.fact());
            match question.item {
                Item::Fact(_) => prop_assert_eq!(state, &FactState::Unknown),
                Item::Cell { row, column, .. } => {
                    let Some(Given::Rows(rows)) = state.given() else {
                        return Err(TestCaseError::fail("a cell of no row"));
                    };
                    prop_assert!(rows[row][column].is_unknown());
                }
            }
            prop_assert!(!asked.contains(&question.item), "{:?} is asked twice", question.item);
            asked.push(question.item);
            progress.give_up(question.item);
        }
        let (before, after) = (interviewer.judged(&known).1, interviewer.judged(&progress.issue).1);
        prop_assert_eq!(before.outcomes, after.outcomes);
        Ok(())
    });
}

/// The values of a bool or a choice.
fn values(program: &Program, item: Item) -> Option<Vec<Value>> {
    let domain = match (item, &program.fact(item.fact()).kind) {
        (Item::Cell { column, .. }, FactKind::Records(columns)) => &columns[column].domain,
        (Item::Fact(_), FactKind::Single(domain)) => domain,
        _ => return None,
    };
    match domain.scalar {
        Scalar::Bool => Some([true, false].map(Value::Bool).to_vec()),
        Scalar::Choice => Some(domain.options.iter().map(|option| Value::Symbol(option.id.clone())).collect()),
        _ => None,
    }
}

fn told(progress: &Progress, item: Item, value: &Value) -> Progress {
    let mut progress = progress.clone();
    match item {
        Item::Fact(fact) => progress.tell(fact, Given::Value(value.clone())),
        Item::Cell { fact, row, column } => progress.tell_cell(fact, row, column, value.clone()),
    }
    progress
}

/// What is decided for every combination of values of some items, the last item changing fastest;
/// `None` if they have other values than bools and choices, or too many.
fn decided(interviewer: &Interviewer<'_>, progress: &Progress, items: &[Item]) -> Option<Vec<Vec<Decided>>> {
    let mut all = vec![progress.clone()];
    for item in items {
        let values = values(interviewer.program(), *item)?;
        all = all.iter().flat_map(|before| values.iter().map(move |value| told(before, *item, value))).collect();
        if all.len() > 256 {
            return None;
        }
    }
    let of = |progress: &Progress| {
        let (_, verdict) = interviewer.judged(&progress.issue);
        let outcome = |id: DecisionId| {
            let outcome = &verdict.outcomes[id.index()];
            Decided {
                value: outcome.value.clone(),
                status: outcome.status,
                is_only_value: outcome.status == Status::Open
                    && outcome.possible.iter().all(|option| outcome.value.contains(option)),
            }
        };
        binding(interviewer.program()).map(outcome).collect()
    };
    Some(all.iter().map(of).collect())
}

/// What one decision comes to.
#[derive(Debug, Clone)]
struct Decided {
    value: Vec<usize>,
    status: Status,
    /// Whether an open decision can only come to its value: arithmetic that fails may leave it open between
    /// its default and a rule that concludes the same option.
    is_only_value: bool,
}

impl Decided {
    fn is_told_from(&self, other: &Self) -> bool {
        (&self.value, self.status) != (&other.value, other.status)
    }

    fn differs_from(&self, other: &Self) -> bool {
        let is_for_good = |it: &Self| it.status == Status::Settled || it.is_only_value;
        self.is_told_from(other) && !(self.value == other.value && is_for_good(self) && is_for_good(other))
    }
}

/// What is asked changes a decision for some values of all else that is open; an end leaves no such thing.
#[test]
fn only_what_can_change_a_decision_is_asked() {
    let mut judged = 0;
    let counter = std::cell::RefCell::new(&mut judged);
    check(600, |case| {
        let compiled = compile(vec![case.policy.to_string()]).map_err(TestCaseError::fail)?;
        let whole = complete(&case.issue, Extent::All, &|_| false, &case.later);
        let whole = whole.to_naive().to_library(&compiled.program);
        let interviewer = Interviewer::new(&compiled.program);
        let mut progress = Progress::new(whole.clone());
        for (index, state) in progress.issue.facts.iter_mut().enumerate() {
            if values(&compiled.program, Item::Fact(FactId(index as u32))).is_some() {
                *state = FactState::Unknown;
            }
        }
        loop {
            let (_, verdict) = interviewer.judged(&progress.issue);
            let mut items = interviewer.open_items(&progress, &verdict);
            let step = interviewer.next(&progress);
            if let Step::Ask(question) = &step {
                items.retain(|item| *item != question.item);
                items.push(question.item);
            }
            let outcomes = decided(&interviewer, &progress, &items);
            let Step::Ask(question) = step else {
                let changes = |all: &[Decided], first: &[Decided]| zip(all, first).any(|(a, b)| a.differs_from(b));
                let same = outcomes.is_none_or(|outcomes| !outcomes.iter().any(|all| changes(all, &outcomes[0])));
                prop_assert!(same, "it ends though {items:?} could change a decision");
                return Ok(());
            };
            if let (Some(outcomes), Some(values)) = (outcomes, values(&compiled.program, question.item)) {
                **counter.borrow_mut() += 1;
                let conflict = outcomes.iter().all(|o| o.iter().any(|one| one.status == Status::Conflict));
                let is_told = |all: &[Decided], first: &[Decided]| zip(all, first).any(|(a, b)| a.is_told_from(b));
                let is_told_in = |cases: &[Vec<Decided>]| cases.iter().any(|all| is_told(all, &cases[0]));
                let differs = conflict || outcomes.chunks(values.len()).any(is_told_in);
                prop_assert!(differs, "{:?} is asked, and changes nothing", question.item);
            }
            answer(&mut progress, &question, &whole);
        }
    });
    assert!(judged > 50, "enough questions can be judged: {judged}");
}

/// An addition that fails keeps `d` open between its default and a rule for the same option: nothing that
/// could be asked changes what is decided, whichever of the two is told.
#[test]
fn what_only_tells_a_default_from_a_rule_for_the_same_is_not_asked() {
    let policy = r#"
        [policy]
        name = "same"
        [fact.seen]
        type = "list"
        of = "bool"
        [fact.flag]
        type = "bool"
        [fact.visit]
        type = "records"
        columns = { day = "date" }
        [decision.d]
        question = "?"
        hit-policy = "priority"
        default = "a"
        option = [{ id = "a" }, { id = "b" }]
        [rule.r]
        says = 'd(a) if not seen(flag), not visit(day: 2024-02-28 + 9223372036854775807)'
    "#;
    let program = compile(vec![policy.to_owned()]).expect("a policy without errors").program;
    let mut issue = Issue::empty(&program, "it");
    let mut give = |name: &str, rows: Vec<Raw<'_>>| issue.give(&program, name, Raw::Array(rows)).expect("it fits");
    give("seen", vec![Raw::Bool(true)]);
    give("visit", vec![Raw::Array(vec![Raw::text("2024-01-01")])]);
    let interviewer = Interviewer::new(&program);
    let Step::Done(end) = interviewer.next(&Progress::new(issue)) else { unreachable!("nothing is to be asked") };
    assert_eq!(end.whatever, [(DecisionId(0), vec![0])]);
}
