//! The least fixpoint of a stratum, as formulas.
//!
//! What depends on nothing of its own stratum is concluded once. The rest is recursive:
//! its tuples are variables at first, until no new ones come; then each variable is
//! replaced by what concludes its tuple, from nothing, as often as any issue needs: see `rounds`.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::{Derived, Grounder};
use crate::program::{ClauseId, Expr, LiteralKind, PredicateId};
use crate::prove::circuit::Bit;
use crate::prove::classes::Scope;
use crate::prove::encoding::TooLarge;
use crate::prove::term::{Term, Tuple};

/// Of a recursion of more rounds, these are asked each whether they bring anything new, then fewer.
const OFTEN: usize = 8;

/// The most tuples of one recursive block.
const MOST_TUPLES: usize = 4000;

type Key = (PredicateId, Tuple);

impl Grounder<'_, '_> {
    /// Concludes what clauses of one stratum conclude.
    pub(super) fn stratum(&mut self, clauses: &[ClauseId]) -> Result<(), TooLarge> {
        let mut waiting: Vec<ClauseId> = clauses.to_vec();
        loop {
            let open: BTreeSet<PredicateId> = waiting.iter().map(|c| self.program.clause(*c).head).collect();
            let blocked: BTreeSet<PredicateId> = waiting
                .iter()
                .filter(|clause| self.uses(**clause).any(|used| open.contains(&used)))
                .map(|clause| self.program.clause(*clause).head)
                .collect();
            let ready = |clause: &ClauseId| !blocked.contains(&self.program.clause(*clause).head);
            let (now, later): (Vec<ClauseId>, Vec<ClauseId>) = waiting.iter().partition(|clause| ready(clause));
            if now.is_empty() {
                break;
            }
            for clause in &now {
                let derived = match self.reused(*clause) {
                    Some(derived) => derived,
                    None => self.clause(*clause)?,
                };
                self.conclude(derived);
            }
            self.settle(&now)?;
            waiting = later;
        }
        if waiting.is_empty() || self.reused_block(&waiting) {
            return Ok(());
        }
        self.recursive(&waiting)?;
        self.settle(&waiting)
    }

    /// The relations of the positive atoms of a clause.
    fn uses(&self, clause: ClauseId) -> impl Iterator<Item = PredicateId> + '_ {
        self.program.clause(clause).body.iter().filter_map(|literal| match &literal.kind {
            LiteralKind::Atom(atom) => Some(atom.predicate),
            _ => None,
        })
    }

    fn conclude(&mut self, derived: Vec<Derived>) {
        for derived in derived {
            let head = self.program.clause(derived.clause).head;
            let before = self.relations[head.index()].get(&derived.tuple).copied().unwrap_or(Bit::FALSE);
            let now = self.or([before, derived.holds]);
            self.relations[head.index()].insert(derived.tuple.clone(), now);
            self.derived.push(derived);
        }
    }

    /// What a clause concludes from the relations as they are.
    fn clause(&mut self, id: ClauseId) -> Result<Vec<Derived>, TooLarge> {
        let clause = self.program.clause(id);
        self.scope = Scope { program: self.number, number: id.index() };
        let plan = self.plan.clone();
        let before = self.encoding.circuit.len();
        let solved = self.solve(&clause.body, plan.clause(id), vec![None; clause.variables.len()]);
        *self.encoding.weights.entry((self.number, id)).or_default() += self.encoding.circuit.len() - before;
        let solutions = solved.inspect_err(|_| self.blame(&clause.text, clause.span))?;
        let mut by_tuple: BTreeMap<Tuple, Vec<Bit>> = BTreeMap::new();
        for solution in solutions {
            let term = |arg: &Expr| match arg {
                Expr::Constant(value) => Some(Term::Known(value.clone())),
                Expr::Variable(v) => solution.binding[v.index()].clone(),
                _ => None,
            };
            if let Some(tuple) = clause.args.iter().map(term).collect::<Option<Tuple>>() {
                by_tuple.entry(tuple).or_default().push(solution.guard);
            }
        }
        Ok(by_tuple.into_iter().map(|(tuple, when)| Derived { clause: id, tuple, holds: self.or(when) }).collect())
    }

    fn recursive(&mut self, clauses: &[ClauseId]) -> Result<(), TooLarge> {
        let faults = std::mem::take(&mut self.encoding.faults);
        let mut tokens: BTreeMap<Key, Bit> = BTreeMap::new();
        let derived = loop {
            self.encoding.faults.clear();
            let mut derived = Vec::new();
            for clause in clauses {
                derived.extend(self.clause(*clause)?);
            }
            let known = tokens.len();
            for key in derived.iter().map(|d| (self.program.clause(d.clause).head, d.tuple.clone())) {
                let Entry::Vacant(entry) = tokens.entry(key) else { continue };
                let token = self.encoding.circuit.variable();
                let (predicate, tuple) = entry.key().clone();
                self.relations[predicate.index()].insert(tuple, token);
                entry.insert(token);
            }
            if tokens.len() == known {
                break derived;
            }
            if tokens.len() > MOST_TUPLES {
                if let Some(clause) = clauses.first().map(|id| self.program.clause(*id)) {
                    self.blame(&clause.text, clause.span);
                }
                return Err(TooLarge);
            }
        };
        let most = self.most_rounds(clauses, tokens.keys());
        let unrolled = self.unrolled(&tokens, &derived, most);
        let values = unrolled.inspect_err(|_| {
            if let Some(clause) = clauses.first().map(|id| self.program.clause(*id)) {
                self.blame(&clause.text, clause.span);
            }
        })?;
        for (key, token) in &tokens {
            self.relations[key.0.index()].insert(key.1.clone(), values[&token.gate()]);
        }
        let mut done = values;
        for derived in derived {
            let holds = self.encoding.circuit.replace(derived.holds, &mut done);
            self.derived.push(Derived { holds, ..derived });
        }
        let own: Vec<Bit> = std::mem::take(&mut self.encoding.faults);
        self.encoding.faults = faults;
        for fault in own {
            let fault = self.encoding.circuit.replace(fault, &mut done);
            self.encoding.faults.push(fault);
        }
        Ok(())
    }

    /// What each token comes to in the least fixpoint, by gate.
    fn unrolled(
        &mut self,
        tokens: &BTreeMap<Key, Bit>,
        derived: &[Derived],
        most: usize,
    ) -> Result<FxHashMap<usize, Bit>, TooLarge> {
        let mut concluding: BTreeMap<Key, Vec<Bit>> = BTreeMap::new();
        for derived in derived {
            let key = (self.program.clause(derived.clause).head, derived.tuple.clone());
            concluding.entry(key).or_default().push(derived.holds);
        }
        let gates: BTreeSet<usize> = tokens.values().map(|token| token.gate()).collect();
        let mut waiting: Vec<(usize, Bit, Vec<usize>)> = Vec::new();
        for (key, holds) in concluding {
            let holds = self.or(holds);
            let uses = self.encoding.circuit.support([holds]).into_iter().filter(|gate| gates.contains(gate));
            waiting.push((tokens[&key].gate(), holds, uses.collect()));
        }
        let mut values: FxHashMap<usize, Bit> = FxHashMap::default();
        loop {
            let (now, later): (Vec<_>, Vec<_>) =
                waiting.into_iter().partition(|(_, _, uses)| uses.iter().all(|gate| values.contains_key(gate)));
            if now.is_empty() {
                return self.iterated(values, &later, most.min(later.len()));
            }
            let mut done = values.clone();
            for (gate, holds, _) in now {
                let value = self.encoding.circuit.replace(holds, &mut done);
                values.insert(gate, value);
            }
            waiting = later;
        }
    }

    /// Tuples that depend on each other, from nothing on, until no issue gets more of them: the formulas
    /// may go on changing long after that.
    fn iterated(
        &mut self,
        values: FxHashMap<usize, Bit>,
        waiting: &[(usize, Bit, Vec<usize>)],
        most: usize,
    ) -> Result<FxHashMap<usize, Bit>, TooLarge> {
        let mut current = values;
        current.extend(waiting.iter().map(|(gate, _, _)| (*gate, Bit::FALSE)));
        for round in 1..=most {
            self.encoding.go_on()?;
            let mut done = current.clone();
            let mut next = Vec::with_capacity(waiting.len());
            for (gate, holds, _) in waiting {
                next.push((*gate, self.encoding.circuit.replace(*holds, &mut done)));
            }
            let pairs: Vec<(Bit, Bit)> = next.iter().map(|(gate, bit)| (current[gate], *bit)).collect();
            let grown: Vec<Bit> =
                pairs.into_iter().map(|(one, other)| self.encoding.circuit.differ(one, other)).collect();
            let grown = self.or(grown);
            let asks = most > OFTEN && round > 1 && (round < OFTEN || round.is_power_of_two());
            if grown == Bit::FALSE || (asks && self.encoding.are_one(grown, Bit::FALSE)) {
                break;
            }
            current.extend(next);
        }
        Ok(current)
    }
}
