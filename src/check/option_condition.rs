//! An option that stands alone where a condition is expected, as `p2` in `severity = p1 or p2`.
//!
//! Wording only; that no relation has this name is known already.

use std::sync::Arc;

use super::capitals;
use super::vocabulary::Vocabulary;
use crate::diagnostic::{Code, Diagnostic};
use crate::program::FactId;
use crate::syntax::print::print_atom;
use crate::syntax::tree::{Args, Atom, CompareOp, Expr, ExprKind, Formula, FormulaKind, Name};

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
    body.into_iter().for_each(|body| conditions(body, false, &mut parts));
    let is_denied = parts.iter().any(|part| matches!(part, Part::Alone(own, true) if own.span == name.span));
    let compared = parts.iter().find_map(|part| match part {
        Part::Compared(fact, op, _) if !is_denied || *op == CompareOp::Ne => {
            vocabulary.single(fact).filter(|fact| has_option(*fact)).map(|fact| (fact, *op))
        }
        _ => None,
    });
    let (fact, help) = match compared {
        Some((fact, op)) => {
            let own = &vocabulary.facts[fact.index()].name;
            let is_meant = |option: &Arc<str>| {
                parts.iter().any(|part| match part {
                    Part::Alone(alone, denied) => alone.node == *option && *denied == is_denied,
                    Part::Compared(fact, other, value) => *fact == own && *other == op && *value == option,
                    Part::Rows(_) => false,
                })
            };
            let options = vocabulary.domain(fact).options.iter().map(|option| &option.id);
            let listed: Vec<&str> = options.filter(|option| is_meant(option)).map(AsRef::as_ref).collect();
            let word = if op == CompareOp::Ne { "not in" } else { "in" };
            (fact, format!("write `{own} {word} [{}]`", listed.join(", ")))
        }
        None if let Some(help) = of_column(vocabulary, atom, &parts, has_and(body)) => {
            let message = format!("`{}` is an option, no condition by itself", name.node);
            return Some(Diagnostic::new(Code::UnknownName, name.span, message).help(help));
        }
        None => {
            let single = |fact: &FactId| vocabulary.single(&vocabulary.facts[fact.index()].name).is_some();
            let ids = (0..vocabulary.facts.len()).map(|index| FactId(index as u32));
            let mut facts = ids.filter(|fact| single(fact) && has_option(*fact));
            let fact = facts.next().filter(|_| facts.next().is_none())?;
            let own = &vocabulary.facts[fact.index()].name;
            // The `not` before it stays where it is.
            (fact, format!("write `{own} = {}`", name.node))
        }
    };
    let fact = &vocabulary.facts[fact.index()];
    let message = format!("`{}` is an option of `{}`, no condition by itself", name.node, fact.name);
    Some(Diagnostic::new(Code::UnknownName, name.span, message).label(fact.span, "declared here").help(help))
}

/// Whether a side of an `or` has several conditions.
fn has_and(body: Option<&Formula>) -> bool {
    let sides =
        body.into_iter().flat_map(|body| if let FormulaKind::Or(sides) = &body.node { sides.as_slice() } else { &[] });
    sides.into_iter().any(|side| matches!(side.node, FormulaKind::And(_)))
}

/// `source(kind: ootb) or custom`: the atom beside, with this option.
fn of_column(vocabulary: &Vocabulary, alone: &Atom, parts: &[Part<'_>], has_more: bool) -> Option<String> {
    let option = &alone.name.node;
    parts.iter().find_map(|part| {
        let Part::Rows(atom) = part else { return None };
        let mut meant = (*atom).clone();
        let args: Vec<&mut Expr> = match &mut meant.args {
            Args::None => return None,
            Args::Positional(args) => args.iter_mut().collect(),
            Args::Named(args) => args.iter_mut().map(|(_, arg)| arg).collect(),
        };
        let (_, arg) = args.into_iter().enumerate().find(|(index, arg)| {
            let column = capitals::place(vocabulary, atom, *index);
            let options = column.map(|(id, column)| capitals::column(vocabulary, id, column)).unwrap_or_default();
            matches!(&arg.node, ExprKind::Name(_)) && options.contains(option.as_ref())
        })?;
        arg.node = ExprKind::Name(option.clone());
        let all =
            if has_more { ", and brackets round the two: what stands beside an `or` belongs to one side" } else { "" };
        Some(format!("write `{}`{all}", print_atom(&meant)))
    })
}

/// A condition of a body that an option may be meant in.
enum Part<'a> {
    /// A name alone, and whether it is denied.
    Alone(&'a Name, bool),
    /// Something with arguments.
    Rows(&'a Atom),
    /// A name that is, or is not, a name.
    Compared(&'a Arc<str>, CompareOp, &'a Arc<str>),
}

fn conditions<'a>(body: &'a Formula, denied: bool, found: &mut Vec<Part<'a>>) {
    match &body.node {
        FormulaKind::Or(parts) | FormulaKind::And(parts) => {
            parts.iter().for_each(|part| conditions(part, denied, found));
        }
        FormulaKind::Group(inner) => conditions(inner, denied, found),
        FormulaKind::Not(inner) => conditions(inner, !denied, found),
        FormulaKind::Atom(atom) if atom.args == Args::None => found.push(Part::Alone(&atom.name, denied)),
        FormulaKind::Atom(atom) => found.push(Part::Rows(atom)),
        FormulaKind::Compare { left, op: op @ (CompareOp::Eq | CompareOp::Ne), right } => {
            if let (ExprKind::Name(fact), ExprKind::Name(option)) = (&left.node, &right.node) {
                let holds = (*op == CompareOp::Eq) != denied;
                let op = if holds { CompareOp::Eq } else { CompareOp::Ne };
                found.push(Part::Compared(fact, op, option));
            }
        }
        _ => {}
    }
}
