//! §4.1 and §4.2: the bindings under which a conjunction holds in a plane, by nested loops.

use std::collections::{BTreeMap, BTreeSet};

use remit::syntax::tree::CompareOp;
use remit::value::Value;

use super::arithmetic::Faults;
use super::clause::{Literal, LiteralKind, Relation, Term};
use super::world::{Plane, Tuple, World};

/// The value of each variable.
pub type Binding = BTreeMap<String, Value>;

/// What an atom without a named variable was matched by: see §2, *Aggregates*.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Anonymous {
    /// A row of a records fact, an individual.
    Row(Relation, usize),
    /// What a `_` of another relation met.
    Cell(Value),
}

/// A tuple that an atom met; `Wildcard` arguments of the atom asked for nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Match {
    /// The atom's place in the conjunction.
    pub literal: usize,
    pub relation: Relation,
    pub tuple: Tuple,
    pub asked: Vec<bool>,
}

/// A binding under which every literal holds in a plane.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Solution {
    pub binding: Binding,
    /// In the order of the literals' canonical texts.
    pub anonymous: Vec<Anonymous>,
    /// The tuple that each atom met, in the same order.
    pub matched: Vec<Match>,
}

impl World {
    /// Every solution of a conjunction in a plane that extends the binding of the outer variables.
    pub fn solutions(&self, plane: Plane, body: &[Literal], outer: &Binding) -> BTreeSet<Solution> {
        let mut atoms: Vec<usize> =
            (0..body.len()).filter(|i| matches!(body[*i].kind, LiteralKind::Atom(..))).collect();
        atoms.sort_by(|a, b| body[*a].text.cmp(&body[*b].text));
        let mut joined = vec![Solution { binding: outer.clone(), anonymous: Vec::new(), matched: Vec::new() }];
        for literal in atoms {
            joined = joined.iter().flat_map(|so_far| self.matches(plane, body, literal, so_far)).collect();
        }
        let bound = joined.into_iter().filter_map(|mut solution| {
            self.equations(body, &mut solution.binding)?;
            Some(solution)
        });
        bound.filter(|solution| self.holds(plane, body, &solution.binding)).collect()
    }

    /// Whether every literal that is no positive atom holds in the plane. The atoms do: they were matched.
    fn holds(&self, plane: Plane, body: &[Literal], binding: &Binding) -> bool {
        body.iter().filter(|l| !matches!(l.kind, LiteralKind::Atom(..))).all(|literal| {
            let judged = self.judge(literal, binding, &mut Faults::new());
            match plane {
                Plane::Certain => judged.certain,
                Plane::Possible => judged.possible,
            }
        })
    }

    /// The ways in which a positive atom is matched.
    fn matches(&self, plane: Plane, body: &[Literal], literal: usize, so_far: &Solution) -> Vec<Solution> {
        let LiteralKind::Atom(relation, args) = &body[literal].kind else { return Vec::new() };
        let mut found = Vec::new();
        let mut try_tuple = |tuple: &Tuple, row: Option<usize>| {
            let mut solution = so_far.clone();
            for (arg, cell) in args.iter().zip(tuple) {
                if !match_cell(plane, arg, cell, &mut solution.binding) {
                    return;
                }
                if row.is_none() && matches!(arg, Term::Wildcard) {
                    solution.anonymous.push(Anonymous::Cell(cell.clone()));
                }
            }
            solution.anonymous.extend(row.map(|row| Anonymous::Row(relation.clone(), row)));
            let asked = args.iter().map(|arg| !matches!(arg, Term::Wildcard)).collect();
            solution.matched.push(Match { literal, relation: relation.clone(), tuple: tuple.clone(), asked });
            found.push(solution);
        };
        match self.rows(plane, relation) {
            Some(rows) => rows.iter().enumerate().for_each(|(row, tuple)| try_tuple(tuple, Some(row))),
            None => self.tuples(plane, relation).iter().for_each(|tuple| try_tuple(tuple, None)),
        }
        found
    }

    /// "A variable that no positive atom binds is bound by an equation as soon as the other
    /// side's variables are bound, equations with a known side before those with `⊥`."
    /// `None` if an aggregate on that side has no value: then the literal does not hold.
    fn equations(&self, body: &[Literal], binding: &mut Binding) -> Option<()> {
        loop {
            let mut with_unknown = None;
            let mut bound = false;
            for (variable, other) in body.iter().flat_map(sides_of_equation) {
                if binding.contains_key(variable) || !other.needs().iter().all(|need| binding.contains_key(need)) {
                    continue;
                }
                let value = self.value(other, binding, &mut Faults::new())?;
                if value.is_unknown() {
                    with_unknown = Some(variable);
                } else {
                    binding.insert(variable.to_string(), value);
                    bound = true;
                }
            }
            match with_unknown {
                _ if bound => {}
                Some(variable) => _ = binding.insert(variable.to_string(), Value::Unknown),
                None => return Some(()),
            }
        }
    }
}

/// Each bare variable of an equation with the other side.
fn sides_of_equation(literal: &Literal) -> Vec<(&str, &Term)> {
    match &literal.kind {
        LiteralKind::Compare(left, CompareOp::Eq, right) => {
            let mut sides = Vec::new();
            for (one, other) in [(left, right), (right, left)] {
                if let Term::Variable(name) = one {
                    sides.push((name.as_str(), other));
                }
            }
            sides
        }
        _ => Vec::new(),
    }
}

/// §4.1 for one argument and one cell.
fn match_cell(plane: Plane, arg: &Term, cell: &Value, binding: &mut Binding) -> bool {
    let wanted = match arg {
        Term::Wildcard => return true,
        Term::Constant(value) => Some(value.clone()),
        Term::Variable(name) => binding.get(name).cloned(),
        other => unreachable!("not an argument of a lowered atom: {other:?}"),
    };
    match plane {
        // "A cell `⊥` is matched by `_` alone."
        Plane::Certain if cell.is_unknown() => return false,
        Plane::Certain => {
            if wanted.as_ref().is_some_and(|wanted| wanted != cell) {
                return false;
            }
        }
        // "`⊥` matches anything, and a variable that meets both `⊥` and a value takes the
        // value; one that meets only `⊥` is `⊥`."
        Plane::Possible if cell.is_unknown() && wanted.is_some() => return true,
        Plane::Possible => {
            if wanted.as_ref().is_some_and(|wanted| !wanted.is_unknown() && wanted != cell) {
                return false;
            }
        }
    }
    if let Term::Variable(name) = arg {
        binding.insert(name.clone(), cell.clone());
    }
    true
}
