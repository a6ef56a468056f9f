//! What of a written clause is at fault, if only some of the clauses are that it was lowered to.
//!
//! A side of an `or` is at fault if every clause that takes it is: it can be taken out, and nothing
//! else changes. Outer sides are blamed before those inside them. Judges nothing itself.

use super::DraftRule;
use super::ir::{Clause, Side};

/// What is at fault.
pub enum Blame<'a> {
    /// All of the written clause.
    Clause,
    /// One side of an `or`.
    Side(&'a Side),
    /// No side by itself, but these together, each of another `or`: as few as meet in no clause that is right.
    Meeting(Vec<&'a Side>),
}

/// What is at fault where each lowered clause of a rule is that `at_fault` says so of; `None` elsewhere.
pub fn of<'a>(rule: &'a DraftRule<'_>, at_fault: &[bool]) -> Vec<Option<Blame<'a>>> {
    let clauses = || rule.clauses.iter().zip(at_fault);
    // What is left of a broken clause may be right.
    let sound: Vec<&Clause> =
        clauses().filter(|(_, at_fault)| !**at_fault).map(|(clause, _)| clause).chain(&rule.rests).collect();
    clauses().map(|(clause, at_fault)| at_fault.then(|| blamed(clause, &sound))).collect()
}

fn blamed<'a>(clause: &'a Clause, sound: &[&Clause]) -> Blame<'a> {
    let siblings = || sound.iter().filter(|sibling| sibling.span == clause.span);
    if siblings().next().is_none() {
        return Blame::Clause;
    }
    let takes = |sibling: &Clause, side: &Side| sibling.sides.iter().any(|other| other.span == side.span);
    let meet = |sides: &[&Side]| siblings().any(|sibling| sides.iter().all(|side| takes(sibling, side)));
    if let Some(side) = clause.sides.iter().find(|side| !meet(&[side])) {
        return Blame::Side(side);
    }
    let mut sides: Vec<&Side> = clause.sides.iter().collect();
    for index in (0..sides.len()).rev() {
        let side = sides.remove(index);
        if meet(&sides) {
            sides.insert(index, side);
        }
    }
    Blame::Meeting(sides)
}

/// Some sides in a sentence: "`a` and `b`".
pub fn listed(sides: &[&Side]) -> String {
    let texts: Vec<String> = sides.iter().map(|side| format!("`{}`", side.text)).collect();
    match texts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => texts.concat(),
    }
}
