//! Nested-loop search: the solutions of a conjunction of literals under a binding.
//!
//! For groups and queries, whose relations are all complete. Literals are judged in the
//! order of a plan, by the same code that judges those of clauses.

use std::ops::ControlFlow;

use super::interpretation::{Binding, Interpretation};
use super::judge::{Undo, first_known, join, other, restore};
use super::plan::{Conjunction, Step};
use super::{Plane, Tuple};
use crate::program::{Atom, Group, GroupId, Literal, LiteralKind, PredicateId};
use crate::value::Value;

/// A tuple that a positive atom was matched with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// Index of the atom's literal in its conjunction.
    pub literal: usize,
    /// The tuple's number: that of the row for a records fact, so that equal rows differ.
    pub row: usize,
    /// The tuple.
    pub tuple: Tuple,
}

/// One way in which the body of a group holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// Which side of its `or`s.
    pub alternative: usize,
    /// The value of each variable of the clause: those of the outer binding and the group's own.
    pub binding: Box<Binding>,
    /// What its positive atoms were matched with.
    pub matched: Vec<Matched>,
}

/// Told of each solution: the binding and what the positive atoms matched.
type Found<'f> = dyn FnMut(&Binding, &[Matched]) -> ControlFlow<()> + 'f;

/// What stays the same during one search.
#[derive(Clone, Copy)]
struct Search<'a, 's> {
    interpretation: &'s Interpretation<'a>,
    plane: Plane,
    literals: &'s [Literal],
    steps: &'s [Step],
}

impl<'a> Interpretation<'a> {
    /// Goes through the solutions of `literals` in a plane until told to stop. The binding
    /// is in the end as it was.
    pub(super) fn search(
        &self,
        plane: Plane,
        literals: &[Literal],
        conjunction: &Conjunction,
        binding: &mut Binding,
        found: &mut Found<'_>,
    ) -> ControlFlow<()> {
        let search = Search { interpretation: self, plane, literals, steps: &conjunction.steps };
        search.step(0, binding, &mut Vec::new(), found)
    }

    /// The solutions of a group's body in a plane under a binding of its parameters, in no
    /// particular order. A parameter that is `⊥` matches anything in the possible plane.
    pub fn solutions(&self, plane: Plane, group: GroupId, binding: &Binding) -> Vec<Solution> {
        let mut solutions = Vec::new();
        let bodies = self.program.group(group).alternatives.iter().zip(self.plan.group(group));
        for (alternative, (literals, conjunction)) in bodies.enumerate() {
            let mut scratch = binding.to_vec();
            let _ = self.search(plane, literals, conjunction, &mut scratch, &mut |binding, matched| {
                solutions.push(Solution { alternative, binding: binding.into(), matched: matched.to_vec() });
                ControlFlow::Continue(())
            });
        }
        solutions
    }

    /// `not ( … )`: certain if the body has no possible solution, possible if it has no
    /// certain one or a parameter is not known.
    pub(super) fn no_solution(&self, plane: Plane, id: GroupId, binding: &Binding) -> bool {
        let group = self.program.group(id);
        if has_unknown_parameter(group, binding) {
            return plane == Plane::Possible;
        }
        let mut scratch = binding.to_vec();
        group.alternatives.iter().zip(self.plan.group(id)).all(|(literals, conjunction)| {
            self.search(other(plane), literals, conjunction, &mut scratch, &mut |_, _| ControlFlow::Break(()))
                .is_continue()
        })
    }

    /// The tuples of a relation with their numbers: rows for a records fact, repetitions kept.
    fn individuals(&self, plane: Plane, predicate: PredicateId, first: Option<&Value>) -> Vec<(usize, &'a Tuple)> {
        let rows = &self.model.rows[predicate.index()];
        if rows.is_empty() {
            return self.model.relation(plane, predicate).candidates(first).enumerate().collect();
        }
        rows.iter().enumerate().collect()
    }
}

/// Whether an outer variable of a group is `⊥`.
pub(super) fn has_unknown_parameter(group: &Group, binding: &Binding) -> bool {
    group.parameters.iter().any(|v| binding[v.index()].as_ref().is_none_or(Value::is_unknown))
}

impl Search<'_, '_> {
    fn step(
        self,
        at: usize,
        binding: &mut Binding,
        matched: &mut Vec<Matched>,
        found: &mut Found<'_>,
    ) -> ControlFlow<()> {
        match self.steps.get(at) {
            None => found(binding, matched),
            Some(Step::Atom { literal, .. }) => match &self.literals[*literal].kind {
                LiteralKind::Atom(atom) => self.join(at, *literal, atom, binding, matched, found),
                _ => ControlFlow::Continue(()),
            },
            Some(Step::Condition(literal)) => {
                if !self.interpretation.holds(self.plane, &self.literals[*literal], binding) {
                    return ControlFlow::Continue(());
                }
                self.step(at + 1, binding, matched, found)
            }
            Some(Step::Equations { literals, binds }) => {
                let holds = self.interpretation.equate(self.plane, self.literals, literals, binds, binding);
                let flow = if holds { self.step(at + 1, binding, matched, found) } else { ControlFlow::Continue(()) };
                for variable in binds {
                    binding[variable.index()] = None;
                }
                flow
            }
        }
    }

    fn join(
        self,
        at: usize,
        literal: usize,
        atom: &Atom,
        binding: &mut Binding,
        matched: &mut Vec<Matched>,
        found: &mut Found<'_>,
    ) -> ControlFlow<()> {
        let candidates = self.interpretation.individuals(self.plane, atom.predicate, first_known(atom, binding));
        let mut undo = Undo::new();
        for (row, tuple) in candidates {
            if !join(self.plane, atom, tuple, binding, &mut undo) {
                continue;
            }
            matched.push(Matched { literal, row, tuple: tuple.clone() });
            let flow = self.step(at + 1, binding, matched, found);
            matched.pop();
            restore(binding, &mut undo, 0);
            flow?;
        }
        ControlFlow::Continue(())
    }
}
