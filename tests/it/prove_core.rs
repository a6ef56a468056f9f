//! Whether the formulas of `prove` say what the engine says, and whether the abstraction
//! has a place for every issue.

use std::collections::BTreeSet;
use std::path::Path;

use proptest::test_runner::{Config, TestCaseError, TestRunner};
use remit::engine::{self, Model, Plane};
use remit::issue::{FactState, Issue};
use remit::program::{ClauseId, Given, PredicateId, Program};
use remit::prove::classes::Place;
use remit::prove::{Abstraction, Bit, Bounds, Encoding, Faith, Found, Meaning, Stop, Term};
use remit::value::Value;
use remit::verdict::{self, Status};

use crate::dice::Dice;
use crate::r#gen::case::{Case, cases, compile};
use crate::r#gen::issue::{Extent, complete};

/// How many cases without `PROPTEST_CASES`.
const CASES: u32 = 150;

fn check(property: impl Fn(&Case) -> Result<(), TestCaseError>) {
    let mut config = Config { failure_persistence: None, max_shrink_iters: 300, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = CASES;
    }
    let mut runner = TestRunner::new(config);
    if let Err(error) = runner.run(&cases(), |case| property(&case)) {
        unreachable!("{error}");
    }
}

fn load(path: &str) -> Program {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let (program, found) = remit::check::load(&path, &mut remit::source::Sources::default());
    program.unwrap_or_else(|| unreachable!("{} has errors: {found:?}", path.display()))
}

/// Issues that the solver finds for random wishes, each compared with the engine.
fn formulas_agree(program: &Program, rounds: usize) -> Result<usize, String> {
    let programs = [program];
    let abstraction = Abstraction::of(&programs, Bounds { rows: 2 });
    let mut encoding = Encoding::new(&programs, &abstraction, Faith::Witnesses, None);
    let Ok(meaning) = encoding.meaning(0) else { return Ok(0) };
    let bits: Vec<Bit> = wishes(&encoding, &meaning);
    let mut dice = Dice(program.clauses.len() as u64);
    let mut found = 0;
    for _ in 0..rounds {
        let mut wanted: Vec<Bit> = (0..dice.below(6)).map(|_| dice.below(bits.len())).map(|i| bits[i]).collect();
        wanted.iter_mut().for_each(|bit| {
            if dice.below(2) == 0 {
                *bit = !*bit;
            }
        });
        let Found::Assignment(assignment) = encoding.solve(&wanted) else { continue };
        found += 1;
        let issue = encoding.issue(0, &assignment);
        let truth = assignment.completed(&encoding.circuit);
        let model = engine::evaluate(program, &issue);
        let shown = || format!("{issue:#?}");
        for (index, relation) in meaning.relations.iter().enumerate() {
            let predicate = &program.predicates[index];
            if let remit::program::PredicateKind::Fact(_) = predicate.kind {
                continue;
            }
            let own: BTreeSet<Vec<Value>> =
                relation.iter().filter(|(_, bit)| truth.is_true(**bit)).map(|(t, _)| known(t)).collect();
            for plane in [Plane::Certain, Plane::Possible] {
                let id = PredicateId(index as u32);
                let tuples = &model.relation(plane, id).tuples;
                let engine: BTreeSet<Vec<Value>> = tuples.iter().map(|t| in_regions(&abstraction, id, t)).collect();
                if own != engine {
                    return Err(format!("`{}` {plane:?}: {own:?}, engine {engine:?}\n{}", predicate.name, shown()));
                }
            }
        }
        for clause in 0..program.clauses.len() {
            let clause = ClauseId(clause as u32);
            let own = meaning.derived.iter().any(|d| d.clause == clause && truth.is_true(d.holds));
            if own != model.certain_derivations.iter().any(|d| d.clause == clause) {
                return Err(format!("`{}`: {own}\n{}", program.clause(clause).text, shown()));
            }
        }
        let verdict = verdict::judge(program, &issue, &model);
        for (outcome, bits) in verdict.outcomes.iter().zip(&meaning.decisions) {
            let value: Vec<usize> = (0..bits.value.len()).filter(|i| truth.is_true(bits.value[*i])).collect();
            let conflict = truth.is_true(bits.conflict);
            if value != outcome.value || conflict != (outcome.status == Status::Conflict) {
                return Err(format!("{outcome:?}: {value:?}\n{}", shown()));
            }
            if truth.is_true(bits.no_value) != outcome.value.is_empty() && bits.no_value != Bit::FALSE {
                return Err(format!("{outcome:?}: no value\n{}", shown()));
            }
        }
    }
    Ok(found)
}

/// A tuple as the formulas have it: of what is calculated and only compared with constants, one value stands for
/// all between two of them.
fn in_regions(abstraction: &Abstraction, predicate: PredicateId, tuple: &[Value]) -> Vec<Value> {
    let cell = |(column, value): (usize, &Value)| {
        let class = abstraction.classes.id(Place::Column(0, predicate, column));
        let regions = class.and_then(|class| abstraction.regions(class));
        regions.map_or_else(|| value.clone(), |regions| regions.substitute(value))
    };
    tuple.iter().enumerate().map(cell).collect()
}

fn known(tuple: &[Term]) -> Vec<Value> {
    let value = |term: &Term| match term {
        Term::Known(value) => value.clone(),
        Term::Opaque(_) => Value::Unknown,
    };
    tuple.iter().map(value).collect()
}

/// What a solver can be asked for.
fn wishes(encoding: &Encoding<'_>, meaning: &Meaning) -> Vec<Bit> {
    let decisions = meaning.decisions.iter().flat_map(|d| d.concluded.iter().copied().chain([d.nothing]));
    let inputs =
        encoding.inputs.slots.iter().flat_map(|slot| slot.present.iter().chain(slot.cells.iter().flatten().flatten()));
    decisions.chain(meaning.derived.iter().map(|d| d.holds)).chain(inputs.copied()).collect()
}

#[test]
fn formulas_of_shipped_policies_agree_with_the_engine() {
    for path in ["policies/saas-platform", "policies/escalation"] {
        let found = formulas_agree(&load(path), 12).unwrap_or_else(|error| unreachable!("{path}: {error}"));
        assert!(found > 4, "{path}: examples are found: {found}");
    }
}

#[test]
fn formulas_agree_with_the_engine() {
    check(|case| {
        let compiled = compile(vec![case.policy.to_string()]).map_err(TestCaseError::fail)?;
        formulas_agree(&compiled.program, 8).map_err(TestCaseError::fail)?;
        Ok(())
    });
}

/// Policies whose formulas once did not say what the engine says.
#[test]
fn formulas_of_what_failed_once_agree_with_the_engine() {
    // The equations of two arguments of one atom were taken for one.
    let two_facts_in_one_row = r#"
        [policy]
        name = "failed"
        [fact.known]
        type = "bool"
        [fact.open]
        type = "bool"
        [fact.row]
        type = "records"
        columns = { known = "bool", open = "bool", size = "integer" }
        [rule.both]
        says = 'size(N) if row(known: known, open: open, size: N)'
        [rule.head]
        says = 'pair(known, open) if row(size: 1)'
        [rule.one]
        says = 'team(one) if size(N), N > 1'
        [rule.other]
        says = 'team(other) if pair(K, O), K != O'
        [decision.team]
        question = "Who?"
        hit-policy = "collect"
        option = [{ id = "one" }, { id = "other" }]
    "#;
    let compiled = compile(vec![two_facts_in_one_row.to_owned()]).unwrap_or_else(|error| unreachable!("{error}"));
    let found = formulas_agree(&compiled.program, 100).unwrap_or_else(|error| unreachable!("{error}"));
    assert!(found > 40, "examples are found: {found}");
}

/// The issue with at most two rows of anything.
fn cut(mut issue: Issue) -> Issue {
    for state in &mut issue.facts {
        if let FactState::Given(Given::Rows(rows)) | FactState::Assumed(Given::Rows(rows)) = state {
            rows.truncate(2);
        }
    }
    issue
}

/// What an issue comes to, as wishes: it must be possible that all of them are fulfilled.
fn signature(encoding: &mut Encoding<'_>, meaning: &Meaning, program: &Program, model: &Model) -> Vec<Bit> {
    let mut wanted = Vec::new();
    for clause in 0..program.clauses.len() {
        let clause = ClauseId(clause as u32);
        let holds = meaning.clause_holds(encoding, clause);
        let engine = model.certain_derivations.iter().any(|d| d.clause == clause);
        wanted.push(if engine { holds } else { !holds });
    }
    wanted
}

#[test]
fn every_issue_has_its_place_in_the_abstraction() {
    check(|case| {
        let compiled = compile(vec![case.policy.to_string()]).map_err(TestCaseError::fail)?;
        let program = &compiled.program;
        let issue = complete(&case.issue, Extent::All, &|_| false, &case.later);
        let issue = cut(issue.to_naive().to_library(program));
        let model = engine::evaluate(program, &issue);
        if !model.faults.is_empty() {
            return Ok(());
        }
        let programs = [program];
        let abstraction = Abstraction::of(&programs, Bounds { rows: 2 });
        for faith in [Faith::Witnesses, Faith::Relaxed] {
            let mut encoding = Encoding::new(&programs, &abstraction, faith, None);
            let Ok(meaning) = encoding.meaning(0) else { continue };
            let wanted = signature(&mut encoding, &meaning, program, &model);
            if faith == Faith::Witnesses && !encoding.is_exact {
                continue;
            }
            if let Found::Nothing(core) = encoding.solve(&wanted) {
                // Arithmetic that fails in a step is not warned of where the rest of its clause cannot hold.
                if !encoding.failing(&wanted).is_empty() {
                    continue;
                }
                let clauses: Vec<&str> = (0..program.clauses.len())
                    .filter(|i| core.contains(&wanted[*i]))
                    .map(|i| program.clauses[i].text.as_ref())
                    .collect();
                return Err(TestCaseError::fail(format!("{faith:?}: no place for {issue:#?}\nblamed: {clauses:#?}")));
            }
        }
        Ok(())
    });
}

#[test]
fn two_policies_share_their_facts() {
    let (one, other) = (load("policies/saas-platform"), load("policies/saas-platform"));
    let programs = [&one, &other];
    let abstraction = Abstraction::of(&programs, Bounds::default());
    let mut encoding = Encoding::new(&programs, &abstraction, Faith::Witnesses, None);
    let (first, second) = (encoding.meaning(0), encoding.meaning(1));
    let (first, second) = (first.expect("it is small"), second.expect("it is small"));
    assert_eq!(first.decisions, second.decisions, "the same policy is the same formulas");
    let without = BTreeSet::from([one.rules[0].clauses[0]]);
    let less = encoding.meaning_without(0, &without).expect("it is small");
    let pairs = first.decisions.iter().zip(&less.decisions).flat_map(|(one, other)| one.value.iter().zip(&other.value));
    let pairs: Vec<(Bit, Bit)> = pairs.map(|(one, other)| (*one, *other)).collect();
    let differences: Vec<Bit> = pairs.into_iter().map(|(one, other)| encoding.circuit.differ(one, other)).collect();
    let differs = encoding.circuit.or(differences);
    assert!(matches!(encoding.solve(&[differs]), Found::Assignment(_)), "without `{}` it differs", one.rules[0].name);
}

#[test]
fn a_solver_that_is_told_to_stop_says_so() {
    let program = load("policies/saas-platform");
    let abstraction = Abstraction::of(&[&program], Bounds::default());
    let mut encoding = Encoding::new(&[&program], &abstraction, Faith::Witnesses, Some(Stop::when(|| true)));
    assert!(encoding.meaning(0).is_err());
    assert_eq!(encoding.solve(&[encoding.inputs.slots[0].cells[0][0][0]]), Found::GaveUp);
}
