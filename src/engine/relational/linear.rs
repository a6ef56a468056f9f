//! Linear recursion over pairs: which components have that shape.
//!
//! `p(X, Z) if left(X, A), p(A, B), right(B, Z)`, where either side may be absent: transitive
//! closure from one end or the other, same generation. Also `p(X, Z) if p(X, Y), p(Y, Z)`, if
//! nothing else recurs. Sides are any literals that share no variable; found by shape alone.

use rustc_hash::FxHashSet;

use crate::engine::columnar::order::Component;
use crate::engine::plan::{atom_variables, atoms, literal_variables};
use crate::program::{Clause, ClauseId, Expr, Literal, LiteralKind, PredicateId, Program, VariableId};

/// A relation of pairs that rests on itself linearly.
#[derive(Debug)]
pub(super) struct Linear {
    pub(super) predicate: PredicateId,
    /// Clauses that do not recur.
    pub(super) bases: Vec<ClauseId>,
    pub(super) steps: Vec<Step>,
}

/// What a clause that recurs does to a pair.
#[derive(Debug)]
pub(super) enum Step {
    /// Steps from its first cell by one relation and from its second by another.
    Sides { clause: ClauseId, left: Option<Side>, right: Option<Side> },
    /// Goes on with another pair.
    Doubling,
}

/// Literals that lead from one variable to another.
#[derive(Debug)]
pub(super) struct Side {
    pub(super) literals: Vec<Literal>,
    /// The variable in the atom that recurs.
    pub(super) near: VariableId,
    /// The variable in the head.
    pub(super) far: VariableId,
}

/// The shape of a component, if it is this one.
pub(super) fn shape(program: &Program, component: &Component, clauses: &[ClauseId]) -> Option<Linear> {
    let [predicate] = *component.predicates.as_slice() else { return None };
    if !component.recursive || program.predicate(predicate).arity != 2 {
        return None;
    }
    let recurs = |id: &ClauseId| atoms(&program.clause(*id).body).any(|(_, atom)| atom.predicate == predicate);
    let (recursive, bases): (Vec<ClauseId>, Vec<ClauseId>) = clauses.iter().copied().partition(recurs);
    let steps: Vec<Step> = recursive.iter().map(|id| step(program, *id, predicate)).collect::<Option<_>>()?;
    let doubles = steps.iter().any(|step| matches!(step, Step::Doubling));
    (!doubles || steps.len() == 1).then_some(Linear { predicate, bases, steps })
}

fn step(program: &Program, id: ClauseId, predicate: PredicateId) -> Option<Step> {
    let clause = program.clause(id);
    let [head_left, head_right] = pair(&clause.args)?;
    let own: Vec<&[Expr]> = atoms(&clause.body)
        .filter(|(_, atom)| atom.predicate == predicate)
        .map(|(_, atom)| atom.args.as_slice())
        .collect();
    match *own.as_slice() {
        [args] => {
            let [left, right] = pair(args)?;
            let (left, right) = sides(program, clause, predicate, [head_left, left], [right, head_right])?;
            Some(Step::Sides { clause: id, left, right })
        }
        [first, second] if clause.body.len() == 2 => {
            let ([a, b], [c, d]) = (pair(first)?, pair(second)?);
            let chains = |a, b, c, d| b == c && a == head_left && d == head_right;
            (chains(a, b, c, d) || chains(c, d, a, b)).then_some(Step::Doubling)
        }
        _ => None,
    }
}

/// Two variables that differ.
fn pair(args: &[Expr]) -> Option<[VariableId; 2]> {
    match args {
        [Expr::Variable(left), Expr::Variable(right)] if left != right => Some([*left, *right]),
        _ => None,
    }
}

/// The literals of a clause to the left and to the right of the atom that recurs; nothing if they do not part.
fn sides(
    program: &Program,
    clause: &Clause,
    predicate: PredicateId,
    left: [VariableId; 2],
    right: [VariableId; 2],
) -> Option<(Option<Side>, Option<Side>)> {
    let is_own = |literal: &Literal| matches!(&literal.kind, LiteralKind::Atom(atom) if atom.predicate == predicate);
    let rest: Vec<(&Literal, Vec<VariableId>)> = clause
        .body
        .iter()
        .filter(|literal| !is_own(literal))
        .map(|literal| {
            let mut variables = Vec::new();
            literal_variables(program, literal, &mut variables);
            (literal, variables)
        })
        .collect();
    let to_the_left = connected(&rest, &left);
    if right.iter().any(|variable| to_the_left.contains(variable)) {
        return None;
    }
    let to_the_right = connected(&rest, &right);
    // What is connected with neither end goes where there are literals anyway.
    let is_right = |variables: &[VariableId]| match variables.iter().any(|v| to_the_left.contains(v)) {
        true => false,
        false => variables.iter().any(|v| to_the_right.contains(v)) || right[0] != right[1],
    };
    let (of_right, of_left): (Vec<_>, Vec<_>) = rest.iter().partition(|(_, variables)| is_right(variables));
    let literals = |side: Vec<&(&Literal, Vec<VariableId>)>| side.into_iter().map(|(l, _)| (*l).clone()).collect();
    Some((side(literals(of_left), left[1], left[0])?, side(literals(of_right), right[0], right[1])?))
}

/// All variables that literals connect with these.
fn connected(literals: &[(&Literal, Vec<VariableId>)], ends: &[VariableId; 2]) -> FxHashSet<VariableId> {
    let mut reached: FxHashSet<VariableId> = ends.iter().copied().collect();
    loop {
        let before = reached.len();
        for (_, variables) in literals {
            if variables.iter().any(|variable| reached.contains(variable)) {
                reached.extend(variables);
            }
        }
        if reached.len() == before {
            return reached;
        }
    }
}

/// A side, or that there is none; nothing if its own atoms do not bind its ends.
fn side(literals: Vec<Literal>, near: VariableId, far: VariableId) -> Option<Option<Side>> {
    if literals.is_empty() && near == far {
        return Some(None);
    }
    let bound: FxHashSet<VariableId> = atoms(&literals).flat_map(|(_, atom)| atom_variables(atom)).collect();
    (bound.contains(&near) && bound.contains(&far)).then_some(Some(Side { literals, near, far }))
}
