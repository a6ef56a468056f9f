//! For which records and lists a bound on their rows leaves nothing out.
//!
//! Where rows are not counted and their values neither joined nor compared with each
//! other, an issue is as good as the set of kinds of rows it has. If there are no more
//! kinds than rows, every such set fits.

use std::collections::BTreeSet;

use super::abstraction::Abstraction;
use super::classes::Place;
use super::flow::cell;
use super::slots::{Shape, SlotId};
use crate::program::{Atom, Expr, FactId, FactKind, GroupKind, Literal, LiteralKind, PredicateKind, Program, Scalar};

/// The slots whose bound on rows may leave something out.
pub fn bounded(abstraction: &Abstraction, programs: &[&Program]) -> BTreeSet<SlotId> {
    let slots = &abstraction.slots.slots;
    let mut asked: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); slots.len()];
    let mut counted = BTreeSet::new();
    for (number, program) in programs.iter().enumerate() {
        for (atom, in_aggregate) in atoms(program) {
            let PredicateKind::Fact(fact) = program.predicate(atom.predicate).kind else { continue };
            if matches!(program.fact(fact).kind, FactKind::Single(_)) {
                continue;
            }
            let slot = abstraction.slots.slot_of(number, fact);
            asked[slot].extend(columns(abstraction, number, program, fact, atom));
            if in_aggregate {
                counted.insert(slot);
            }
        }
    }
    let leaves_out = |slot: &SlotId| {
        slots[*slot].shape != Shape::Single && (counted.contains(slot) || !fits(abstraction, *slot, &asked[*slot]))
    };
    (0..slots.len()).filter(leaves_out).collect()
}

fn fits(abstraction: &Abstraction, slot: SlotId, columns: &BTreeSet<usize>) -> bool {
    let blurred = |column: &usize| {
        let declared = &abstraction.slots.slots[slot].columns[*column];
        let finite = matches!(declared.scalar, Scalar::Bool | Scalar::Choice);
        !finite && abstraction.classes.class(Place::Cell(slot, *column)).is_some_and(|class| class.injective)
    };
    let kinds = columns.iter().try_fold(1_usize, |kinds, c| kinds.checked_mul(abstraction.values(slot, *c).len()));
    !columns.iter().any(blurred) && kinds.is_some_and(|kinds| kinds <= abstraction.bounds.rows)
}

/// The columns of a slot that an atom asks for.
fn columns(abstraction: &Abstraction, number: usize, program: &Program, fact: FactId, atom: &Atom) -> Vec<usize> {
    let asked = atom.args.iter().enumerate().filter(|(_, arg)| !matches!(arg, Expr::Wildcard));
    asked
        .map(|(column, _)| match cell(&abstraction.slots, number, fact, program, column) {
            Place::Cell(_, at) => at,
            _ => column,
        })
        .collect()
}

/// All atoms of clauses, groups and invariants; whether they stand in a group that is no
/// plain negation.
fn atoms(program: &Program) -> Vec<(&Atom, bool)> {
    let bodies = program.clauses.iter().map(|clause| &clause.body);
    let invariants = program.invariants.iter().flat_map(|invariant| &invariant.body.alternatives);
    let mut found: Vec<(&Atom, bool)> = bodies.chain(invariants).flatten().filter_map(|l| atom(l, false)).collect();
    // Groups may stand in each other: one inside an aggregate counts as one itself.
    let aggregates = program.groups.iter().any(|group| matches!(group.kind, GroupKind::Aggregate(..)));
    for group in &program.groups {
        found.extend(group.alternatives.iter().flatten().filter_map(|literal| atom(literal, aggregates)));
    }
    found
}

fn atom(literal: &Literal, counted: bool) -> Option<(&Atom, bool)> {
    match &literal.kind {
        LiteralKind::Atom(atom) | LiteralKind::NotAtom(atom) => Some((atom, counted)),
        _ => None,
    }
}
