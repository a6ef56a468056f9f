//! Solutions of a conjunction: bindings that may hold, each with the formula of when.
//!
//! Goes through the steps of the engine's plan, all bindings at once.

use std::collections::BTreeMap;

use super::Grounder;
use crate::engine::plan::{Conjunction, Step};
use crate::program::{Expr, Literal, LiteralKind, PredicateId, VariableId};
use crate::prove::circuit::Bit;
use crate::prove::classes::Place;
use crate::prove::encoding::TooLarge;
use crate::prove::term::{Binding, Outcome, Term};

/// What a positive atom was matched with, where that tells solutions apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Match {
    /// The atom's literal.
    pub literal: usize,
    /// The row, or what the `_`s stand for.
    pub anonymous: Vec<Anonymous>,
}

/// A part of a solution that has no name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Anonymous {
    /// A row of a records fact.
    Row(PredicateId, usize),
    /// What a `_` matched.
    Value(Term),
}

/// A binding with when it holds.
#[derive(Debug, Clone)]
pub(super) struct Solution {
    pub binding: Binding,
    pub matched: Vec<Match>,
    /// When it holds, if arithmetic that fails is taken to hold.
    pub guard: Bit,
    /// When some arithmetic fails.
    pub fails: Bit,
}

/// The ways in which one thing is found. Where one of them is sure, it does not matter that arithmetic fails in others.
#[derive(Debug, Default)]
pub(super) struct Ways {
    found: Vec<Bit>,
    sure: Vec<Bit>,
}

/// The most solutions that are gone through for what one policy makes of one issue.
const MOST_TRIED: usize = 20_000_000;

/// Whether solutions are told apart by what they were matched with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Apart {
    ByBinding,
    ByMatch,
}

impl<'a> Grounder<'_, 'a> {
    /// The solutions of literals; notes when arithmetic in them fails.
    pub(super) fn solve(
        &mut self,
        literals: &[Literal],
        conjunction: &Conjunction,
        binding: Binding,
    ) -> Result<Vec<Solution>, TooLarge> {
        let (solutions, failed) = self.search(literals, conjunction, binding, Apart::ByBinding)?;
        self.encoding.faults.push(failed);
        for solution in &solutions {
            let fault = self.and([solution.guard, solution.fails]);
            self.encoding.faults.push(fault);
        }
        Ok(solutions)
    }

    /// The solutions of literals, and when an equation that is to bind a variable fails. Inside a
    /// group both are as if its outer variables had these values.
    pub(super) fn search(
        &mut self,
        literals: &[Literal],
        conjunction: &Conjunction,
        binding: Binding,
        apart: Apart,
    ) -> Result<(Vec<Solution>, Bit), TooLarge> {
        let mut failed = Vec::new();
        let mut solutions = vec![Solution { binding, matched: Vec::new(), guard: Bit::TRUE, fails: Bit::FALSE }];
        for step in &conjunction.steps {
            let mut next = Vec::new();
            for solution in solutions {
                let before = next.len();
                match step {
                    Step::Atom { literal, .. } => {
                        if let LiteralKind::Atom(atom) = &literals[*literal].kind {
                            self.join(atom, *literal, &solution, apart, &mut next);
                        }
                    }
                    Step::Condition(literal) => next.extend(self.filter(&literals[*literal], solution)?),
                    Step::Equations { literals: equations, binds } => {
                        let equations: Vec<&Literal> = equations.iter().map(|i| &literals[*i]).collect();
                        self.equate(equations, &[], binds, solution, (&mut next, &mut failed))?;
                    }
                }
                self.go_on_after(1 + next.len() - before)?;
            }
            next.retain(|solution| solution.guard != Bit::FALSE);
            solutions = if apart == Apart::ByBinding { self.merged(next) } else { next };
        }
        Ok((solutions, self.or(failed)))
    }

    /// Gives up after too many solutions: most of them may come to gates that are there already.
    fn go_on_after(&mut self, solutions: usize) -> Result<(), TooLarge> {
        self.tried += solutions;
        if self.tried > MOST_TRIED { Err(TooLarge) } else { self.encoding.go_on() }
    }

    fn filter(&mut self, literal: &Literal, solution: Solution) -> Result<Option<Solution>, TooLarge> {
        let judged = self.judge(literal, &solution.binding)?;
        self.suspect(literal, solution.guard, judged.fails);
        let holds = self.or([judged.holds, judged.fails]);
        let guard = self.and([solution.guard, holds]);
        let fails = self.or([solution.fails, judged.fails]);
        Ok((guard != Bit::FALSE).then_some(Solution { guard, fails, ..solution }))
    }

    /// Adds a way that is there if `guard`, and in which arithmetic fails if `fails`.
    pub(super) fn add_way(&mut self, ways: &mut Ways, guard: Bit, fails: Bit) {
        ways.found.push(guard);
        ways.sure.push(self.and([guard, !fails]));
    }

    /// When there is some way, if arithmetic that fails is taken to hold; and when it fails in all that there are.
    pub(super) fn found_in(&mut self, ways: Ways) -> (Bit, Bit) {
        let (found, sure) = (self.or(ways.found), self.or(ways.sure));
        (found, self.and([found, !sure]))
    }

    /// Solutions of one binding as one.
    fn merged(&mut self, solutions: Vec<Solution>) -> Vec<Solution> {
        let mut by_binding: BTreeMap<Binding, Ways> = BTreeMap::new();
        for solution in solutions {
            self.add_way(by_binding.entry(solution.binding).or_default(), solution.guard, solution.fails);
        }
        let merge = |(binding, ways)| {
            let (guard, fails) = self.found_in(ways);
            Solution { binding, matched: Vec::new(), guard, fails }
        };
        by_binding.into_iter().map(merge).collect()
    }

    /// Binds by equations what they bind, in rounds as the engine does, and judges the rest. One that
    /// fails leaves its variable to the others; `failing` are those.
    fn equate<'l>(
        &mut self,
        mut equations: Vec<&'l Literal>,
        failing: &[&'l Literal],
        binds: &[VariableId],
        solution: Solution,
        (found, failed): (&mut Vec<Solution>, &mut Vec<Bit>),
    ) -> Result<(), TooLarge> {
        let ready = equations.iter().position(|literal| self.binding_side(literal, binds, &solution.binding).is_some());
        let Some(ready) = ready else {
            let left = failing.iter().find(|literal| self.binding_side(literal, binds, &solution.binding).is_some());
            if let Some(literal) = left {
                self.suspect(literal, solution.guard, Bit::TRUE);
                failed.push(solution.guard);
                return Ok(());
            }
            let mut kept = Some(solution);
            for literal in failing.iter().copied().chain(equations) {
                kept = match kept {
                    Some(solution) => self.filter(literal, solution)?,
                    None => return Ok(()),
                };
            }
            found.extend(kept);
            return Ok(());
        };
        let literal = equations.remove(ready);
        let Some((variable, expr)) = self.binding_side(literal, binds, &solution.binding) else { return Ok(()) };
        let into = self.encoding.abstraction.classes.id(Place::Variable(self.scope, variable));
        for (outcome, when) in self.evaluate(expr, into, literal, &solution.binding)? {
            let guard = self.and([solution.guard, when]);
            if guard == Bit::FALSE {
                continue;
            }
            let mut next = Solution { guard, ..solution.clone() };
            match outcome {
                Outcome::Value(term, _) => {
                    next.binding[variable.index()] = Some(term);
                    self.equate(equations.clone(), failing, binds, next, (found, failed))?;
                }
                Outcome::Failed => {
                    let failing: Vec<&Literal> = failing.iter().copied().chain([literal]).collect();
                    self.equate(equations.clone(), &failing, binds, next, (found, failed))?;
                }
                Outcome::Nothing => {}
            }
        }
        Ok(())
    }

    /// The variable that an equation can bind now, and what it is equal to.
    fn binding_side<'l>(
        &self,
        literal: &'l Literal,
        binds: &[VariableId],
        binding: &Binding,
    ) -> Option<(VariableId, &'l Expr)> {
        let LiteralKind::Compare { left, right, .. } = &literal.kind else { return None };
        [(left, right), (right, left)].into_iter().find_map(|(side, other)| match side {
            Expr::Variable(v) if binds.contains(v) && binding[v.index()].is_none() => {
                self.is_bound(other, binding).then_some((*v, other))
            }
            _ => None,
        })
    }

    fn is_bound(&self, expr: &Expr, binding: &Binding) -> bool {
        match expr {
            Expr::Variable(v) => binding[v.index()].is_some(),
            Expr::Binary { left, right, .. } => self.is_bound(left, binding) && self.is_bound(right, binding),
            Expr::Negate(operand) | Expr::Call(_, operand) => self.is_bound(operand, binding),
            Expr::Aggregate(id) => self.program.group(*id).parameters.iter().all(|v| binding[v.index()].is_some()),
            Expr::Wildcard | Expr::Constant(_) | Expr::Fact(_) => true,
        }
    }
}
