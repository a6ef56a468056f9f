//! An option that stands alone where a condition is expected, as `p2` in `severity = p1 or p2`.
//!
//! Wording only; that no relation has this name is known already.

use std::sync::Arc;

use super::vocabulary::Vocabulary;
use crate::diagnostic::{Code, Diagnostic};
use crate::program::FactId;
use crate::syntax::tree::{Args, Atom, CompareOp, ExprKind, Formula, FormulaKind, Name};

/// What is said of an atom that is an option of a fact in the same body, or of one fact alone.
pub fn option_as_condition(vocabulary: &Vocabulary, atom: &Atom, body: Option<&Formula>) -> Option<Diagnostic> {
    if atom.args != Args::None {
        return None;
    }
    let name = &atom.name;
    let has_option = |fact: FactId| {
        let is_it = |option: &crate::program::OptionLabel| option.id == name.node;
        vocabulary.domain(fact).options.iter().any(is_it)
    };
    let mut parts = Vec::new();
    body.into_iter().for_each(|body| conditions(body, &mut parts));
    let compared = parts.iter().find_map(|part| match part {
        Part::Compared(fact, op, option) => {
            vocabulary.single(fact).filter(|fact| has_option(*fact)).map(|fact| (fact, *op, *option))
        }
        Part::Alone(_) => None,
    });
    let (fact, help) = match compared {
        Some((fact, op, first)) => {
            let options = vocabulary.domain(fact).options.iter().map(|option| &option.id);
            let also = |option: &&Arc<str>| {
                *option == first
                    || parts.iter().any(|part| matches!(part, Part::Alone(alone) if alone.node == **option))
            };
            let listed = options.filter(also).map(|option| option.as_ref()).collect::<Vec<&str>>().join(", ");
            let word = if op == CompareOp::Ne { "not in" } else { "in" };
            (fact, format!("write `{} {word} [{listed}]`", vocabulary.facts[fact.index()].name))
        }
        None => {
            let single = |fact: &FactId| vocabulary.single(&vocabulary.facts[fact.index()].name).is_some();
            let ids = (0..vocabulary.facts.len()).map(|index| FactId(index as u32));
            let mut facts = ids.filter(|fact| single(fact) && has_option(*fact));
            let fact = facts.next().filter(|_| facts.next().is_none())?;
            (fact, format!("write `{} = {}`", vocabulary.facts[fact.index()].name, name.node))
        }
    };
    let fact = &vocabulary.facts[fact.index()];
    let message = format!("`{}` is an option of `{}`, no condition by itself", name.node, fact.name);
    Some(Diagnostic::new(Code::UnknownName, name.span, message).label(fact.span, "declared here").help(help))
}

/// A condition of a body that an option may be meant in.
enum Part<'a> {
    /// A name alone.
    Alone(&'a Name),
    /// A name compared with a name.
    Compared(&'a Arc<str>, CompareOp, &'a Arc<str>),
}

fn conditions<'a>(body: &'a Formula, found: &mut Vec<Part<'a>>) {
    match &body.node {
        FormulaKind::Or(parts) | FormulaKind::And(parts) => parts.iter().for_each(|part| conditions(part, found)),
        FormulaKind::Not(inner) | FormulaKind::Group(inner) => conditions(inner, found),
        FormulaKind::Atom(atom) if atom.args == Args::None => found.push(Part::Alone(&atom.name)),
        FormulaKind::Compare { left, op: op @ (CompareOp::Eq | CompareOp::Ne), right } => {
            if let (ExprKind::Name(fact), ExprKind::Name(option)) = (&left.node, &right.node) {
                found.push(Part::Compared(fact, *op, option));
            }
        }
        _ => {}
    }
}
