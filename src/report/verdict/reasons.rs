//! The deciding reasons of an outcome, in the author's words.
//!
//! A rule without a `because` hands on the reasons of what it rests on.

use std::collections::{BTreeSet, VecDeque};

use super::Decided;
use crate::engine::{Derivation, Plane};
use crate::explain::fill;
use crate::program::{DecisionId, Expr, LiteralKind, PredicateId, PredicateKind};
use crate::value::Value;

/// The most reasons that are given of one outcome.
const LIMIT: usize = 10;

/// Reasons, each once, and how many more there are.
#[derive(Debug, Default)]
pub struct Reasons {
    /// In the order of rules, those nearest to the decision first.
    pub texts: Vec<String>,
    /// How many were left out.
    pub more: usize,
}

/// Why an option is concluded for certain.
pub fn reasons(decided: &Decided<'_>, decision: DecisionId, options: &[usize]) -> Reasons {
    let declared = decided.program.decision(decision);
    let ids: Vec<Value> = options.iter().map(|o| Value::Symbol(declared.options[*o].id.clone())).collect();
    let concluded = decided.model.derivations_of(decided.program, Plane::Certain, declared.predicate);
    let first = concluded.filter(|derivation| derivation.tuple.first().is_some_and(|v| ids.contains(v)));
    let mut walk = Walk { decided, queue: first.collect(), seen: BTreeSet::new(), texts: Vec::new() };
    walk.run();
    let more = walk.texts.len().saturating_sub(LIMIT);
    walk.texts.truncate(LIMIT);
    Reasons { texts: walk.texts, more }
}

struct Walk<'a> {
    decided: &'a Decided<'a>,
    queue: VecDeque<&'a Derivation>,
    /// Relations whose tuples have been gone into, with the tuples.
    seen: BTreeSet<(PredicateId, Vec<Value>)>,
    texts: Vec<String>,
}

impl Walk<'_> {
    fn run(&mut self) {
        while let Some(derivation) = self.queue.pop_front() {
            let program = self.decided.program;
            let rule = program.rule(program.clause(derivation.clause).rule);
            if rule.because.is_none() {
                self.descend(derivation);
                continue;
            }
            let text = fill(program, derivation.clause, &derivation.binding);
            if !self.texts.contains(&text) {
                self.texts.push(text);
            }
        }
    }

    /// Goes into the conclusions that a derivation rests on.
    fn descend(&mut self, derivation: &Derivation) {
        let program = self.decided.program;
        for literal in &program.clause(derivation.clause).body {
            let LiteralKind::Atom(atom) = &literal.kind else { continue };
            let kind = program.predicate(atom.predicate).kind;
            if !matches!(kind, PredicateKind::Conclusion | PredicateKind::Decision(_)) {
                continue;
            }
            let value = |arg: &Expr| match arg {
                Expr::Constant(value) => Some(value.clone()),
                Expr::Variable(id) => derivation.binding.get(id.index()).cloned().flatten(),
                _ => None,
            };
            let wanted: Vec<Option<Value>> = atom.args.iter().map(value).collect();
            for below in self.decided.model.derivations_of(program, Plane::Certain, atom.predicate) {
                let fits = below.tuple.iter().zip(&wanted).all(|(v, w)| w.as_ref().is_none_or(|w| w == v));
                if fits && self.seen.insert((atom.predicate, below.tuple.to_vec())) {
                    let same = |d: &&Derivation| d.tuple == below.tuple;
                    let all = self.decided.model.derivations_of(program, Plane::Certain, atom.predicate);
                    self.queue.extend(all.filter(same));
                }
            }
        }
    }
}
