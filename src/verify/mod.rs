//! A proof checker: re-checks a proof's JSON against a policy and an issue.
//!
//! Shares nothing with the engines or with what makes proofs: relations come from a plain
//! evaluator of its own (`world`), and each step of a proof must lean on steps below it.

mod world;

use std::collections::HashMap;

use serde_json::Value as Json;

use crate::issue::{FactState, Issue};
use crate::program::{Clause, Given, HitPolicy, LiteralKind, PredicateKind, Program};
use crate::value::{Date, Value};
use world::{CERTAIN, World};

/// Re-checks a proof.
///
/// # Errors
/// Everything that does not hold, in words.
pub fn verify(program: &Program, issue: &Issue, proof: &Json) -> Result<(), Vec<String>> {
    let mut faults = Vec::new();
    if proof["format"] != "remit-proof/1" {
        return Err(vec!["this is no proof that remit has written: `format` is not `remit-proof/1`".to_owned()]);
    }
    if proof["policy"]["digest"] != *program.digest {
        return Err(vec![format!("the proof is of another policy: its digest is not {}", program.digest)]);
    }
    if proof["id"] != *issue.id {
        faults.push(format!("the proof is of another issue: its id is not `{}`", issue.id));
    }
    let world = World::new(program, issue);
    let checker =
        Checker { program, issue, world: &world, steps: proof["steps"].as_array().map_or(&[], Vec::as_slice) };
    for index in 0..checker.steps.len() {
        checker.step(index, &mut faults);
    }
    checker.decisions(proof, &mut faults);
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

struct Checker<'a> {
    program: &'a Program,
    issue: &'a Issue,
    world: &'a World<'a>,
    steps: &'a [Json],
}

fn plane(step: &Json) -> usize {
    usize::from(step["plane"] != "certain")
}

/// Whether a JSON value says a value; `null` says `⊥`.
fn says(json: &Json, value: &Value) -> bool {
    match value {
        Value::Unknown => json.is_null(),
        Value::Bool(b) => json.as_bool() == Some(*b),
        Value::Integer(i) => json.as_i64() == Some(*i),
        Value::Number(n) => json.as_f64() == Some(n.get()),
        Value::Symbol(s) | Value::Text(s) => json.as_str() == Some(s),
        Value::Date(d) => json.as_str().and_then(Date::parse) == Some(*d),
    }
}

impl Checker<'_> {
    /// The clause that a step names, its own or that of its rule's `applies`.
    fn clause(&self, step: &Json) -> Option<&Clause> {
        let of_relation = |clause: &&Clause| match self.program.predicate(clause.head).kind {
            PredicateKind::Applies(rule) => step["relation"] == format!("applies {}", self.program.rule(rule).name),
            _ => step["relation"] == *self.program.predicate(clause.head).name,
        };
        let named = |c: &&Clause| *self.program.rule(c.rule).name == step["rule"] && *c.text == step["clause"];
        self.program.clauses.iter().filter(named).find(of_relation)
    }

    fn step(&self, index: usize, faults: &mut Vec<String>) {
        let step = &self.steps[index];
        let mut fault = |what: String| faults.push(format!("step {index}: {what}"));
        let Some(clause) = self.clause(step) else {
            return fault(format!("the policy has no such clause: rule {}, {}", step["rule"], step["clause"]));
        };
        if step["id"] != index {
            fault("its number is not its place".to_owned());
        }
        let Some(solution) = self.solution(clause, step) else {
            return fault("under these bindings the clause does not hold, or concludes something else".to_owned());
        };
        let premises = step["premises"].as_array().map_or(&[][..], Vec::as_slice);
        if premises.len() != clause.body.len() {
            return fault(format!(
                "it has {} premises, and the clause has {} literals",
                premises.len(),
                clause.body.len()
            ));
        }
        let mut height = 1;
        for (premise, literal) in premises.iter().zip(&clause.body) {
            if premise["literal"] != *literal.text {
                fault(format!("the premise {} is not the literal `{}`", premise["literal"], literal.text));
            }
            let certain = self.world.holds(CERTAIN, literal, &solution);
            if (premise["holds"] == "certain") != certain || (plane(step) == CERTAIN && !certain) {
                fault(format!("`{}` does not hold as it says", literal.text));
            }
            let support = &premise["support"];
            match (&literal.kind, support["kind"].as_str()) {
                (LiteralKind::Atom(atom), Some("step")) => match self.below(support, step) {
                    Some(below) => {
                        let fits = self.clause(below).is_some_and(|c| c.head == atom.predicate)
                            && self.world.tuples(plane(below), atom.predicate).iter().any(|tuple| {
                                self.values_are(below, tuple)
                                    && self.world.matches(plane(below), atom, tuple, &solution)
                            });
                        if !fits {
                            fault(format!("step {} does not conclude `{}`", support["step"], literal.text));
                        }
                        height = height.max(below["height"].as_u64().unwrap_or(0) + 1);
                    }
                    None => {
                        fault(format!("`{}` leans on step {}, which is not below it", literal.text, support["step"]))
                    }
                },
                (LiteralKind::Atom(atom), kind) => {
                    let relation = &self.program.predicate(atom.predicate).kind;
                    let given = matches!(
                        (relation, kind),
                        (PredicateKind::Fact(_), Some("fact")) | (PredicateKind::Decided(_), Some("decided"))
                    );
                    if !given {
                        fault(format!("`{}` leans on nothing that concludes it", literal.text));
                    }
                }
                _ => {}
            }
            self.facts(support, &mut fault);
        }
        if step["height"] != height {
            fault(format!("its height is {height}, not {}", step["height"]));
        }
    }

    /// The binding of a clause that a step says, if the clause holds under it and concludes the step's tuple.
    fn solution(&self, clause: &Clause, step: &Json) -> Option<Vec<Option<Value>>> {
        let bindings: HashMap<&str, &Json> =
            step["bindings"].as_object()?.iter().map(|(k, v)| (k.as_str(), v)).collect();
        let solutions = self.world.solutions(plane(step), &clause.body, &vec![None; clause.variables.len()]);
        let agrees = |binding: &[Option<Value>]| {
            clause.variables.iter().zip(binding).all(|(name, value)| match (bindings.get(&**name), value) {
                (Some(json), Some(value)) => says(json, value),
                (said, value) => said.is_none() && value.is_none(),
            })
        };
        let found = solutions.into_iter().map(|(binding, _)| binding).find(|binding| agrees(binding))?;
        self.values_are(step, &self.world.head(clause, &found)).then_some(found)
    }

    fn values_are(&self, step: &Json, tuple: &[Value]) -> bool {
        step["values"].as_array().is_some_and(|values| {
            values.len() == tuple.len() && values.iter().zip(tuple).all(|(json, value)| says(json, value))
        })
    }

    fn below(&self, support: &Json, step: &Json) -> Option<&Json> {
        let below = self.steps.get(usize::try_from(support["step"].as_u64()?).ok()?)?;
        (below["height"].as_u64()? < step["height"].as_u64()? || (plane(below) == CERTAIN && plane(step) != CERTAIN))
            .then_some(below)
    }

    /// Whether the facts that a support names are as the issue has them.
    fn facts(&self, support: &Json, fault: &mut dyn FnMut(String)) {
        for list in [&support["facts"], &support["reasons"]] {
            list.as_array().into_iter().flatten().for_each(|inner| self.facts(inner, fault));
        }
        if support["kind"] != "fact" {
            return;
        }
        let name = support["fact"].as_str().unwrap_or("");
        let Some(state) = self.program.fact_ids.get(name).map(|id| self.issue.fact(*id)) else {
            return fault(format!("there is no fact `{name}`"));
        };
        let origin = match state {
            FactState::Given(_) => "given",
            FactState::Assumed(_) => "assumed",
            FactState::Unknown => "unknown",
        };
        let value = match state.given() {
            Some(Given::Value(value)) => support["row"].is_array() || says(&support["value"], value),
            _ => true,
        };
        if support["origin"] != origin || !value {
            fault(format!("the issue says something else of `{name}`"));
        }
    }

    fn decisions(&self, proof: &Json, faults: &mut Vec<String>) {
        for (index, decision) in self.program.decisions.iter().enumerate() {
            let told = &proof["decisions"][&*decision.name];
            let hit = self.world.hit(index);
            let ids: Vec<&str> = hit.value.iter().map(|option| &*decision.options[*option].id).collect();
            let value = match decision.hit_policy {
                HitPolicy::Collect => serde_json::json!(ids),
                _ => serde_json::json!(ids.first()),
            };
            if told["value"] != value || told["status"] != hit.status || told["default"] != hit.default {
                faults.push(format!("`{}` is {value}, {}, not what the proof says", decision.name, hit.status));
            }
            for (key, wanted) in [("certain", 0), ("open", 1)] {
                for option in told[key].as_array().into_iter().flatten() {
                    let steps = option["steps"].as_array().map_or(&[][..], Vec::as_slice);
                    let concludes = |id: &Json| {
                        let step = id.as_u64().and_then(|id| self.steps.get(usize::try_from(id).ok()?));
                        step.is_some_and(|step| {
                            step["relation"] == *decision.name
                                && plane(step) <= wanted
                                && (step["values"][0] == option["option"] || step["values"][0].is_null())
                        })
                    };
                    if steps.is_empty() || !steps.iter().all(concludes) {
                        faults.push(format!("no step concludes {} for `{}`", option["option"], decision.name));
                    }
                }
            }
            let proved: Vec<&Json> = told["certain"].as_array().into_iter().flatten().map(|o| &o["option"]).collect();
            if !hit.default && !ids.iter().all(|id| proved.iter().any(|option| *option == id)) {
                faults.push(format!("the value of `{}` is not proved", decision.name));
            }
        }
    }
}
