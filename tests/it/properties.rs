//! Properties over random policies and random issues (§4 and §5 of the language page).
//!
//! `PROPTEST_CASES` sets the number of cases of each. A failure prints the policy and the
//! issue; a shrunk one belongs into `fixtures/regression`.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use remit::engine::{Interpretation, Plan, reference};
use remit::explain::explain;
use remit::explain::repair::{Change, Limits, applied, repairs};
use remit::explain::why_not::why_not;
use remit::issue::{Input, Issues, ReadOptions};
use remit::report::explanation::{Explained, WhyNotReport, json, text, why_not_json, why_not_text};
use remit::report::look::Look;
use remit::testing::broken_invariants;
use remit::verdict::{self, judge_in};

use crate::agreement::{differences, translated};
use crate::r#gen::case::{Case, Compiled, cases, compile};
use crate::r#gen::issue::{Extent, Issue, Said, complete, in_json};
use crate::r#gen::tree::{Clause, Rule};
use crate::naive::decide::Status;
use crate::naive::every_case::every_case;
use crate::naive::world::{Plane, Tuple};
use crate::naive::{self, Naive};

type Outcome = Result<(), TestCaseError>;

/// How many cases without `PROPTEST_CASES`: the whole file takes about a minute in the dev profile.
const CASES: u32 = 300;

/// Runs a property over random cases.
fn check(property: impl Fn(&Case) -> Outcome) {
    let cases_wanted = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(CASES);
    let config =
        Config { cases: cases_wanted, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let result = TestRunner::new(config).run(&cases(), |case| property(&case));
    let failure = result.err().map(|failure| failure.to_string()).unwrap_or_default();
    assert!(failure.is_empty(), "{failure}");
}

fn compiled(case: &Case) -> Result<Compiled, TestCaseError> {
    compile(vec![case.policy.to_string()])
        .map_err(|errors| TestCaseError::fail(format!("the checks refuse it:\n{errors}")))
}

/// The verdict of the library, in names.
fn judged(compiled: &Compiled, issue: &naive::issue::Issue) -> naive::Verdict {
    let issue = issue.to_library(&compiled.program);
    let model = reference::evaluate(&compiled.program, &issue);
    translated(&compiled.program, &verdict::judge(&compiled.program, &issue, &model))
}

#[test]
fn generated_policies_pass_the_checks() {
    check(|case| compiled(case).map(|_| ()));
}

#[test]
fn the_reference_engine_agrees_with_the_naive_evaluator() {
    check(|case| {
        let compiled = compiled(case)?;
        let naive = Naive::of(&compiled.policy);
        let issue = case.issue.to_naive();
        let own = issue.to_library(&compiled.program);
        let model = reference::evaluate(&compiled.program, &own);
        let verdict = verdict::judge(&compiled.program, &own, &model);
        let found = differences(&compiled.program, &naive, &issue, &model, &verdict);
        prop_assert!(found.is_empty(), "{}", found.join("\n"));
        Ok(())
    });
}

/// §4, *Classical*: where nothing is unknown and no arithmetic fails, the planes are one.
#[test]
fn nothing_unknown_is_classical() {
    check(|case| {
        let naive = Naive::of(&compiled(case)?.policy);
        let issue = complete(&case.issue, Extent::All, &|_| false, &case.later);
        prop_assert!(issue.is_complete());
        let model = naive.model(&issue.to_naive());
        if !model.warnings().is_empty() {
            return Ok(());
        }
        prop_assert_eq!(naive.relations(&model, Plane::Certain), naive.relations(&model, Plane::Possible));
        for (name, outcome) in naive.verdict(&model, &issue.to_naive()).outcomes {
            prop_assert!(outcome.status != Status::Open, "`{name}` is open though nothing is unknown");
        }
        Ok(())
    });
}

/// §4: "Certain is always within possible."
#[test]
fn certain_is_within_possible() {
    check(|case| {
        let naive = Naive::of(&compiled(case)?.policy);
        let model = naive.model(&case.issue.to_naive());
        let possible = naive.relations(&model, Plane::Possible);
        for (name, certain) in naive.relations(&model, Plane::Certain) {
            let strange: Vec<&Tuple> = certain.difference(&possible[&name]).collect();
            prop_assert!(strange.is_empty(), "certain but not possible of `{name}`: {strange:?}");
        }
        Ok(())
    });
}

/// §4, *Knowledge is monotone*, and "a settled decision never changes when more becomes known".
#[test]
fn knowledge_is_monotone() {
    check(|case| {
        let naive = Naive::of(&compiled(case)?.policy);
        let later = complete(&case.issue, Extent::Some, &|_| false, &case.later);
        monotone(&naive, &case.issue, &later)?;
        let all = complete(&later, Extent::All, &|_| false, &case.later);
        monotone(&naive, &later, &all)
    });
}

fn monotone(naive: &Naive, before: &Issue, after: &Issue) -> Outcome {
    let (first, second) = (naive.model(&before.to_naive()), naive.model(&after.to_naive()));
    let later = || format!("when it becomes known that\n{after}");
    let certain_after = naive.relations(&second, Plane::Certain);
    for (name, certain) in naive.relations(&first, Plane::Certain) {
        // A fact's own tuples change where a cell of them becomes known.
        let stays = |tuple: &&Tuple| certain_after[&name].iter().any(|other| matches(tuple, other));
        let gone: Vec<&Tuple> = certain.iter().filter(|tuple| !stays(tuple)).collect();
        prop_assert!(gone.is_empty(), "no longer certain of `{name}`: {gone:?} {}", later());
    }
    let possible_before = naive.relations(&first, Plane::Possible);
    for (name, possible) in naive.relations(&second, Plane::Possible) {
        let known = |tuple: &&Tuple| possible_before[&name].iter().any(|other| matches(tuple, other));
        let new: Vec<&Tuple> = possible.iter().filter(|tuple| !known(tuple)).collect();
        prop_assert!(new.is_empty(), "possible only now of `{name}`: {new:?} {}", later());
    }
    let (one, two) = (naive.verdict(&first, &before.to_naive()), naive.verdict(&second, &after.to_naive()));
    for (name, outcome) in &one.outcomes {
        let now = &two.outcomes[name];
        if outcome.status == Status::Settled {
            let same = now.status == Status::Settled && now.value == outcome.value;
            prop_assert!(same, "`{name}` was settled: {outcome:?}, and now {now:?} {}", later());
        }
        if outcome.status == Status::Conflict {
            prop_assert!(now.status == Status::Conflict, "`{name}` was a conflict: now {now:?} {}", later());
        }
    }
    Ok(())
}

fn matches(one: &Tuple, other: &Tuple) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| a == b || a.is_unknown() || b.is_unknown())
}

/// §5: "Whatever values the facts outside `missing` take, the decision stays open."
#[test]
fn what_is_missing_is_what_keeps_it_open() {
    check(|case| {
        let compiled = compiled(case)?;
        for (name, outcome) in judged(&compiled, &case.issue.to_naive()).outcomes {
            if outcome.status != Status::Open {
                continue;
            }
            let keep = |fact: &str| outcome.missing.contains(fact);
            let later = complete(&case.issue, Extent::All, &keep, &case.later);
            let now = judged(&compiled, &later.to_naive()).outcomes.remove(&name);
            let open = now.as_ref().is_some_and(|now| now.status == Status::Open);
            prop_assert!(open, "`{name}` was {outcome:?}, and now {now:?}, when it becomes known that\n{later}");
        }
        Ok(())
    });
}

/// §8: "Reordering files, tables, rules, clauses, literals, rows or keys changes no byte."
#[test]
fn order_has_no_meaning() {
    check(|case| {
        let (one, two) = (compiled(case)?, {
            let texts = case.policy.reordered(&case.order).split(&case.order);
            compile(texts).map_err(|errors| TestCaseError::fail(format!("refused in another order:\n{errors}")))?
        });
        prop_assert_eq!(one.program.digest(), two.program.digest());
        let (first, second) = (case.issue.to_naive(), case.issue.reordered(&case.order).to_naive());
        let same = judged(&one, &first) == judged(&two, &second);
        prop_assert!(
            same,
            "another verdict in another order:\n{:?}\n{:?}",
            judged(&one, &first),
            judged(&two, &second)
        );
        let model = |compiled: &Compiled, issue: &naive::issue::Issue| {
            let model = reference::evaluate(&compiled.program, &issue.to_library(&compiled.program));
            let mut relations = BTreeSet::new();
            for (index, predicate) in compiled.program.predicates.iter().enumerate() {
                relations.insert((
                    predicate.name.clone(),
                    model.certain[index].tuples.clone(),
                    model.possible[index].tuples.clone(),
                ));
            }
            relations
        };
        prop_assert_eq!(model(&one, &first), model(&two, &second));
        Ok(())
    });
}

/// §8, of proofs and of why not; but for the places of the clauses, which are others.
#[test]
fn order_has_no_meaning_in_proofs() {
    check(|case| {
        let reordered = compile(vec![case.policy.rules_reordered(&case.order).to_string()]);
        let reordered = reordered.map_err(|errors| TestCaseError::fail(format!("refused in another order:\n{errors}")));
        let (one, two) = (compiled(case)?, reordered?);
        let (first, second) = (case.issue.to_naive(), case.issue.reordered(&case.order).to_naive());
        prop_assert_eq!(told(&one, &first), told(&two, &second));
        Ok(())
    });
}

/// Proofs and repairs as text and as JSON, without places.
fn told(compiled: &Compiled, issue: &naive::issue::Issue) -> Vec<String> {
    let Compiled { program, sources, .. } = compiled;
    let issue = &issue.to_library(program).in_order();
    let plan = Plan::new(program);
    let model = reference::evaluate(program, issue);
    let interpretation = Interpretation::new(program, &plan, issue, &model);
    let explanation = explain(interpretation, judge_in(&interpretation));
    let explained = Explained { program, sources, issue, explanation: &explanation };
    let mut told = vec![text(&explained, Look::default()), format!("{:#}", json(&explained))];
    let limits = Limits { max_changes: 1, max_evaluations: 200, ..Limits::default() };
    for outcome in &explanation.verdict.outcomes {
        for option in 0..program.decision(outcome.decision).options.len() {
            let why_not = &why_not(&interpretation, outcome.decision, option);
            let repairs = &repairs(program, &plan, issue, outcome.decision, option, &limits);
            let report = WhyNotReport { program, sources, issue, why_not, repairs, outcome };
            told.extend([why_not_text(&report, Look::default()), format!("{:#}", why_not_json(&report))]);
        }
    }
    let place = regex::Regex::new(r"[0-9]+\.toml:[0-9]+").expect("a pattern");
    let words = |text: &String| place.replace_all(text, "…").split_whitespace().collect::<Vec<_>>().join(" ");
    told.iter().map(words).collect()
}

/// Each repair makes a decision the option that was asked for, no part of it does as much, and no other says the same.
#[test]
fn repairs_do_what_they_say_and_nothing_needless() {
    check(|case| {
        let compiled = compiled(case)?;
        let program = &compiled.program;
        let issue = case.issue.to_naive().to_library(program).in_order();
        let plan = Plan::new(program);
        let outcomes = |changes: &[Change]| {
            let issue = applied(&issue, changes);
            verdict::judge(program, &issue, &reference::evaluate(program, &issue)).outcomes
        };
        let limits = Limits { max_changes: 2, max_evaluations: 400, max_repairs: 3, ..Limits::default() };
        for (index, outcome) in outcomes(&[]).iter().enumerate() {
            for option in 0..program.decision(outcome.decision).options.len() {
                let repairs = repairs(program, &plan, &issue, outcome.decision, option, &limits).repairs;
                let does = |changes: &[Change]| {
                    let outcome = outcomes(changes).swap_remove(index);
                    outcome.value.contains(&option).then_some(outcome.status)
                };
                for (number, repair) in repairs.iter().enumerate() {
                    let status = does(&repair.changes);
                    prop_assert_eq!(status, Some(repair.outcome.status), "{:?}", &repair.changes);
                    for part in parts(&repair.changes) {
                        prop_assert!(
                            does(&part) > status || does(&part).is_none(),
                            "{:?} does as much as {:?}",
                            part,
                            &repair.changes
                        );
                    }
                    prop_assert!(repairs[..number].iter().all(|earlier| earlier.changes != repair.changes));
                }
            }
        }
        Ok(())
    });
}

/// All parts of some changes, none of them too, but the whole.
fn parts(changes: &[Change]) -> Vec<Vec<Change>> {
    let part = |part: usize| {
        let is_in = |(at, _): &(usize, &Change)| part >> at & 1 == 1;
        changes.iter().enumerate().filter(is_in).map(|(_, change)| change.clone()).collect()
    };
    (0..(1_usize << changes.len()) - 1).map(part).collect()
}

/// §5, *Every case*.
#[test]
fn every_case_is_what_all_completions_agree_on() {
    check(|case| {
        let compiled = compiled(case)?;
        let (program, naive) = (&compiled.program, Naive::of(&compiled.policy));
        let issue = case.issue.to_naive();
        let library = issue.to_library(program);
        let judge = |issue: &remit::issue::Issue| verdict::judge(program, issue, &reference::evaluate(program, issue));
        let mut verdict = judge(&library);
        verdict::every_case(program, &library, &mut verdict, &mut |issue| judge(issue));
        let model = naive.model(&issue);
        for outcome in &verdict.outcomes {
            let decision = program.decision(outcome.decision);
            let expected = every_case(&naive, &issue, &decision.name, &naive.outcome(&model, &decision.name));
            let names = |values: &Vec<usize>| values.iter().map(|i| decision.options[*i].id.to_string()).collect();
            let found: Option<Vec<String>> = outcome.every_case.as_ref().map(names);
            prop_assert_eq!(found, expected, "every case of `{}`", decision.name);
        }
        Ok(())
    });
}

/// §6: an issue says the same in TOML, in JSON and by itself.
#[test]
fn issues_are_read_as_they_are_written() {
    check(|case| {
        let compiled = compiled(case)?;
        let expected = case.issue.to_naive().to_library(&compiled.program);
        let read = |name: &str, text: String| {
            let inputs = vec![Input::Memory { name: name.to_string(), bytes: text.into_bytes() }];
            let mut issues = Issues::open(&compiled.program, inputs, ReadOptions::default()).expect("it can be read");
            issues.next().expect("there is one").map(|record| record.issue)
        };
        prop_assert_eq!(read("issue.json", in_json(&case.issue)), Ok(expected.clone()));
        // TOML has no null.
        if !case.issue.said.iter().any(|(_, said)| *said == Said::Null) {
            prop_assert_eq!(read("issue.toml", case.issue.to_string()), Ok(expected));
        }
        Ok(())
    });
}

/// §7: `never` is broken if its body is certain, `always` if it is not even possible; a body
/// means what it means in a clause.
#[test]
fn invariants_are_judged_like_clauses() {
    check(|case| {
        let mut policy = case.policy.clone();
        let clauses: Vec<&Clause> = case.policy.rules.iter().flat_map(|rule| &rule.clauses).collect();
        let place = case.order.first().map_or(0, |byte| usize::from(*byte) % clauses.len());
        let body = clauses[place].body.clone();
        if body.is_empty() {
            return Ok(());
        }
        let clause = Clause { head: "asked".to_string(), args: Vec::new(), body };
        let text = clause.to_string();
        let body = text.strip_prefix("asked if ").expect("a clause with a body");
        policy.rules.push(Rule { name: "asked".to_string(), clauses: vec![clause], overrides: Vec::new() });
        let invariants = format!("[invariant.never]\nnever = '{body}'\n[invariant.always]\nalways = '{body}'\n");
        // Without the head that used it, a variable may occur but once in a comparison.
        let Ok(compiled) = compile(vec![policy.to_string(), invariants]) else { return Ok(()) };
        let naive = Naive::of(&compiled.policy);
        let issue = case.issue.to_naive();
        let model = naive.model(&issue);
        let holds = |plane| !naive.relations(&model, plane)["asked"].is_empty();
        let library = issue.to_library(&compiled.program);
        let evaluated = reference::evaluate(&compiled.program, &library);
        let plan = Plan::new(&compiled.program);
        let broken = broken_invariants(&Interpretation::new(&compiled.program, &plan, &library, &evaluated));
        let broken: BTreeSet<String> = broken.into_iter().map(|failure| failure.subject).collect();
        prop_assert_eq!(broken.contains("invariant never"), holds(Plane::Certain), "never {}", body);
        prop_assert_eq!(broken.contains("invariant always"), !holds(Plane::Possible), "always {}", body);
        Ok(())
    });
}
