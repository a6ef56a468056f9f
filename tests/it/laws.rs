//! Laws of the two planes and of missing facts, on every shipped policy and random issues.

use std::path::Path;
use std::sync::OnceLock;

use proptest::prelude::*;

use remit::engine::{Model, Plan, Plane, evaluate_planned};
use remit::issue::{FactState, Issue};
use remit::program::{Domain, FactId, FactKind, Given, PredicateKind, Program, Scalar};
use remit::value::{Date, Value};
use remit::verdict::{Outcome, Status, judge};

/// The shipped policies, loaded once.
fn shipped() -> &'static [Program] {
    static SHIPPED: OnceLock<Vec<Program>> = OnceLock::new();
    SHIPPED.get_or_init(load)
}

fn load() -> Vec<Program> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let paths = remit::policy::find_policies(&folder).expect("there are policies");
    assert!(paths.len() >= 2, "both policies are found: {paths:?}");
    let load = |path: &std::path::PathBuf| {
        let (program, found) = remit::check::load(path, &mut remit::source::Sources::default());
        program.unwrap_or_else(|| unreachable!("{} has errors: {found:?}", path.display()))
    };
    paths.iter().map(load).collect()
}

/// Random numbers that shrink towards 0, by which an issue is drawn.
struct Tape<'a> {
    numbers: &'a [u8],
    at: usize,
}

impl Tape<'_> {
    fn below(&mut self, n: usize) -> usize {
        let number = self.numbers[self.at % self.numbers.len()];
        self.at += 1;
        usize::from(number) % n
    }

    fn cell(&mut self, domain: &Domain) -> Value {
        match domain.scalar {
            Scalar::Bool => Value::Bool(self.below(2) == 1),
            Scalar::Choice => Value::Symbol(domain.options[self.below(domain.options.len())].id.clone()),
            Scalar::Integer => Value::Integer([0, 1, 2, 3, 8, 9, 17, 18, 23, 60, 500][self.below(11)]),
            Scalar::Number => Value::number([0.0, 0.5, 4.0, 24.0][self.below(4)]).expect("finite"),
            Scalar::Date => {
                let day = ["2026-01-01", "2026-01-02", "2026-03-07", "2026-03-09"][self.below(4)];
                Value::Date(Date::parse(day).expect("a day"))
            }
            Scalar::Text => Value::text(["", "ann", "ben", "outage of all"][self.below(4)]),
        }
    }

    fn given(&mut self, kind: &FactKind) -> Given {
        match kind {
            FactKind::Single(domain) => Given::Value(self.cell(domain)),
            FactKind::List(domain) => Given::Rows((0..self.below(3)).map(|_| vec![self.cell(domain)]).collect()),
            FactKind::Records(columns) => {
                let row = |tape: &mut Self| columns.iter().map(|column| tape.cell(&column.domain)).collect();
                Given::Rows((0..self.below(4)).map(|_| row(self)).collect())
            }
        }
    }

    /// An issue of which everything is known.
    fn whole(&mut self, program: &Program) -> Issue {
        let mut issue = Issue::empty(program, "whole");
        for (fact, state) in program.facts.iter().zip(&mut issue.facts) {
            *state = FactState::Given(self.given(&fact.kind));
        }
        issue
    }

    /// The issue with some facts and cells made unknown, one in `rarity`.
    fn forget(&mut self, program: &Program, issue: &Issue, rarity: usize) -> Issue {
        let mut issue = issue.clone();
        for (fact, state) in program.facts.iter().zip(&mut issue.facts) {
            if self.below(rarity) == 0 {
                *state = FactState::Unknown;
            } else if let (FactState::Given(Given::Rows(rows)), FactKind::Records(_)) = (state, &fact.kind) {
                for cell in rows.iter_mut().flatten() {
                    if self.below(rarity) == 0 {
                        *cell = Value::Unknown;
                    }
                }
            }
        }
        issue
    }
}

fn is_fact(program: &Program, index: usize) -> bool {
    matches!(program.predicates[index].kind, PredicateKind::Fact(_))
}

fn matches(wide: &[Value], narrow: &[Value]) -> bool {
    wide.iter().zip(narrow).all(|(w, n)| w.is_unknown() || w == n)
}

/// What is certain is possible and holds no unknown; the other way round where all is known.
fn planes_agree(program: &Program, model: &Model, all_known: bool) {
    for index in (0..program.predicates.len()).filter(|i| !is_fact(program, *i)) {
        let (certain, possible) = (&model.certain[index], &model.possible[index]);
        let name = &program.predicates[index].name;
        assert!(certain.tuples.iter().all(|t| possible.contains(t)), "{name} is certain but not possible");
        assert!(!certain.tuples.iter().any(|t| t.iter().any(Value::is_unknown)), "{name} is certain but unknown");
        assert!(!all_known || certain == possible, "{name} is open though all is known");
    }
}

/// Knowledge is monotone from an issue to one that says more.
fn nothing_is_taken_back(program: &Program, less: &Model, more: &Model) {
    for index in (0..program.predicates.len()).filter(|i| !is_fact(program, *i)) {
        let name = &program.predicates[index].name;
        let kept = less.certain[index].tuples.iter().all(|t| more.certain[index].contains(t));
        assert!(kept, "{name} was certain and no longer is");
        let foreseen = |t: &[Value]| less.possible[index].tuples.iter().any(|wide| matches(wide, t));
        assert!(more.possible[index].tuples.iter().all(|t| foreseen(t)), "{name} was not possible and now is");
    }
}

fn outcomes(program: &Program, plan: &Plan, issue: &Issue) -> Vec<Outcome> {
    judge(program, issue, &evaluate_planned(program, plan, issue)).outcomes
}

/// The issue with every fact that `missing` does not name as in the whole one.
fn all_but(missing: &[FactId], less: &Issue, whole: &Issue) -> Issue {
    let mut issue = whole.clone();
    for fact in missing {
        issue.facts[fact.index()] = less.facts[fact.index()].clone();
    }
    issue
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn knowing_more_takes_nothing_back(numbers in prop::collection::vec(any::<u8>(), 200), rarity in 2_usize..6) {
        for program in shipped() {
            let plan = Plan::new(program);
            let mut tape = Tape { numbers: &numbers, at: 0 };
            let whole = tape.whole(program);
            let less = tape.forget(program, &whole, rarity);
            let least = tape.forget(program, &less, rarity);
            let models = [&least, &less, &whole].map(|issue| evaluate_planned(program, &plan, issue));
            planes_agree(program, &models[0], false);
            planes_agree(program, &models[1], false);
            planes_agree(program, &models[2], models[2].faults.is_empty());
            nothing_is_taken_back(program, &models[0], &models[1]);
            nothing_is_taken_back(program, &models[1], &models[2]);
            let [least, less, whole] = [&least, &less, &whole].map(|issue| outcomes(program, &plan, issue));
            for (before, after) in least.iter().zip(&less).chain(less.iter().zip(&whole)) {
                if before.status != Status::Open {
                    prop_assert_eq!((before.status, &before.value), (after.status, &after.value));
                }
            }
        }
    }

    #[test]
    fn a_decision_stays_open_until_a_missing_fact_is_known(
        numbers in prop::collection::vec(any::<u8>(), 200),
        rarity in 2_usize..6,
    ) {
        for program in shipped() {
            let plan = Plan::new(program);
            let mut tape = Tape { numbers: &numbers, at: 0 };
            let whole = tape.whole(program);
            let less = tape.forget(program, &whole, rarity);
            for (index, outcome) in outcomes(program, &plan, &less).iter().enumerate() {
                if outcome.status != Status::Open {
                    prop_assert!(outcome.missing.is_empty());
                    continue;
                }
                let other = all_but(&outcome.missing, &less, &whole);
                prop_assert_eq!(outcomes(program, &plan, &other)[index].status, Status::Open);
            }
        }
    }
}

#[test]
fn the_planes_are_relations_of_distinct_sorted_tuples() {
    for program in shipped() {
        let model = evaluate_planned(program, &Plan::new(program), &Issue::empty(program, "empty"));
        for plane in [Plane::Certain, Plane::Possible] {
            for index in 0..program.predicates.len() {
                let tuples = &model.relation(plane, remit::program::PredicateId(index as u32)).tuples;
                assert!(tuples.is_sorted() && tuples.windows(2).all(|pair| pair[0] != pair[1]));
            }
        }
    }
}
