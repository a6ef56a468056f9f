//! §5, *Every case*: an open decision, judged over every completion of its missing facts.

use remit::value::Value;

use super::decide::Status;
use super::issue::{Issue, Known};
use super::vocabulary::{Cell, Shape};
use super::{Naive, Outcome};

/// "An open decision whose missing facts are bools and choices with at most 4,096 completions
/// is also judged over all of them; if all agree, the verdict says so."
pub fn every_case(naive: &Naive, issue: &Issue, decision: &str, outcome: &Outcome) -> Option<Vec<String>> {
    if outcome.status != Status::Open || outcome.missing.is_empty() {
        return None;
    }
    let mut completions = vec![issue.clone()];
    for fact in &outcome.missing {
        let values = values(&naive.vocabulary.facts[fact])?;
        let mut next = Vec::new();
        for completion in &completions {
            for value in &values {
                let mut completion = completion.clone();
                completion.facts.insert(fact.clone(), Known::Value(value.clone()));
                next.push(completion);
            }
        }
        if next.len() > 4096 {
            return None;
        }
        completions = next;
    }
    let mut agreed: Option<Vec<String>> = None;
    for completion in &completions {
        let model = naive.model(completion);
        let case = naive.outcome(&model, decision);
        if case.status != Status::Settled || agreed.as_ref().is_some_and(|value| *value != case.value) {
            return None;
        }
        agreed = Some(case.value);
    }
    agreed
}

fn values(shape: &Shape) -> Option<Vec<Value>> {
    match shape {
        Shape::Bool => Some(vec![Value::Bool(false), Value::Bool(true)]),
        Shape::Single(Cell { options, .. }) if !options.is_empty() => {
            Some(options.iter().map(|option| Value::symbol(option)).collect())
        }
        _ => None,
    }
}
