//! An option that stands alone where a condition is expected, as `p2` in `severity = p1 or p2`.
//!
//! Wording only; that no relation has this name is known already.

use std::sync::Arc;

use super::capitals;
use super::vocabulary::Vocabulary;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::print::print_atom;
use crate::syntax::tree::{Args, Atom, CompareOp, Expr, ExprKind, Formula, FormulaKind, Name};

/// What is said of an atom that is an option of a fact in the same body, or of one fact alone.
pub fn option_as_condition(vocabulary: &Vocabulary, atom: &Atom, body: Option<&Formula>) -> Option<Diagnostic> {
    if atom.args != Args::None {
        return None;
    }
    let name = &atom.name;
    let mut parts = Vec::new();
    body.into_iter().for_each(|body| conditions(body, &mut parts));
    let is_denied = parts.iter().any(|part| matches!(part, Part::Alone(own, true, _) if own.span == name.span));
    let compared = parts.iter().find_map(|part| match part {
        Part::Compared(fact, op, ..) if !is_denied || *op == CompareOp::Ne => {
            vocabulary.single(fact).filter(|fact| vocabulary.has_option(*fact, &name.node)).map(|fact| (fact, *op))
        }
        _ => None,
    });
    let (fact, help, span) = match compared {
        Some((fact, op)) => {
            let own = &vocabulary.facts[fact.index()].name;
            let option_of = |part: &Part<'_>| {
                let (option, span) = match part {
                    Part::Alone(alone, denied, span) if *denied == is_denied => (&alone.node, *span),
                    Part::Compared(fact, other, value, span) if *fact == own && *other == op => (*value, *span),
                    _ => return None,
                };
                vocabulary.has_option(fact, option).then(|| (option.clone(), span))
            };
            parts.sort_by_key(Part::span);
            let meant: Vec<(Arc<str>, Span)> = parts.iter().filter_map(option_of).collect();
            let word = if op == CompareOp::Ne { "not in" } else { "in" };
            let listed: Vec<&str> = meant.iter().map(|(option, _)| option.as_ref()).collect();
            let whole = meant.iter().fold(name.span, |all, (_, span)| all.to(*span));
            // Where something else stands in between, or a bracket begins or ends there, the list cannot take the
            // place of all.
            let others = parts.iter().filter(|part| whole.contains(part.span())).count() > meant.len();
            let list = format!("`{own} {word} [{}]`", listed.join(", "));
            match others {
                true if is_denied || op == CompareOp::Eq => {
                    (fact, format!("write `{own} = {}`; one of several options is {list}", name.node), name.span)
                }
                true => (fact, format!("write `{own} != {}`; none of several options is {list}", name.node), name.span),
                false => (fact, format!("write {list}"), whole),
            }
        }
        None if let Some((help, span)) = of_column(vocabulary, atom, &mut parts, is_denied, has_and(body)) => {
            let message = format!("`{}` is an option, no condition by itself", name.node);
            return Some(Diagnostic::new(Code::UnknownName, span, message).help(help));
        }
        None => {
            let mut facts = vocabulary.with_option(&name.node);
            let fact = facts.next().filter(|_| facts.next().is_none())?;
            let own = &vocabulary.facts[fact.index()].name;
            // The `not` before it stays where it is.
            (fact, format!("write `{own} = {}`", name.node), name.span)
        }
    };
    let fact = &vocabulary.facts[fact.index()];
    let message = format!("`{}` is an option of `{}`, no condition by itself", name.node, fact.name);
    Some(Diagnostic::new(Code::UnknownName, span, message).label(fact.span, "declared here").help(help))
}

/// Whether a side of an `or` has several conditions.
fn has_and(body: Option<&Formula>) -> bool {
    let sides =
        body.into_iter().flat_map(|body| if let FormulaKind::Or(sides) = &body.node { sides.as_slice() } else { &[] });
    sides.into_iter().any(|side| matches!(side.node, FormulaKind::And(_)))
}

/// `source(kind: ootb) or custom`: the atom beside, with this option, and what that is to take the place of.
fn of_column(
    vocabulary: &Vocabulary,
    alone: &Atom,
    parts: &mut [Part<'_>],
    is_denied: bool,
    has_more: bool,
) -> Option<(String, Span)> {
    parts.sort_by_key(Part::span);
    let name = &alone.name;
    parts.iter().find_map(|part| {
        let Part::Rows(atom, rows_denied, rows) = part else { return None };
        let meant = with_option(vocabulary, atom, &name.node)?;
        if *rows_denied && !is_denied {
            return Some(none_of(vocabulary, atom, *rows, name, parts));
        }
        let all =
            if has_more { ", and brackets round the two: what stands beside an `or` belongs to one side" } else { "" };
        Some((format!("write `{meant}`{all}"), name.span))
    })
}

/// `not symptoms(alarm) or leak`: the denied atom with each of the options that stand alone behind it.
fn none_of(vocabulary: &Vocabulary, atom: &Atom, rows: Span, name: &Name, parts: &[Part<'_>]) -> (String, Span) {
    let mut denied = vec![format!("not {}", print_atom(atom))];
    let mut whole = rows;
    for part in parts {
        if let Part::Alone(option, false, span) = part
            && let Some(meant) = with_option(vocabulary, atom, &option.node)
        {
            denied.push(format!("not {meant}"));
            whole = whole.to(*span);
        }
    }
    // Where something else stands in between, these cannot take the place of all.
    if parts.iter().filter(|part| whole.contains(part.span())).count() > denied.len() {
        let meant = with_option(vocabulary, atom, &name.node).unwrap_or_default();
        return (format!("write `not {meant}`, and join what is not to hold with commas"), name.span);
    }
    (format!("none of them is written `{}`", denied.join(", ")), whole)
}

/// An atom with an option in the place of one that its column has too.
fn with_option(vocabulary: &Vocabulary, atom: &Atom, option: &Arc<str>) -> Option<String> {
    let mut meant = atom.clone();
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
    Some(print_atom(&meant).to_string())
}

/// A condition of a body that an option may be meant in, and where it stands.
enum Part<'a> {
    /// A name alone, and whether it is denied.
    Alone(&'a Name, bool, Span),
    /// Something with arguments, and whether it is denied.
    Rows(&'a Atom, bool, Span),
    /// A name that is, or is not, a name.
    Compared(&'a Arc<str>, CompareOp, &'a Arc<str>, Span),
    /// Something else, or where a bracket begins or ends.
    Other(Span),
}

impl Part<'_> {
    fn span(&self) -> Span {
        match self {
            Self::Alone(.., span) | Self::Rows(.., span) | Self::Compared(.., span) | Self::Other(span) => *span,
        }
    }
}

/// The conditions of a body; of a denied bracket those inside, as if it were not denied.
fn conditions<'a>(body: &'a Formula, found: &mut Vec<Part<'a>>) {
    match &body.node {
        FormulaKind::Or(parts) | FormulaKind::And(parts) => parts.iter().for_each(|part| conditions(part, found)),
        FormulaKind::Group(inner) if one_condition(inner, body.span, false).is_none() => {
            found.push(Part::Other(Span { end: body.span.start, ..body.span }));
            conditions(inner, found);
            found.push(Part::Other(Span { start: body.span.end, ..body.span }));
        }
        FormulaKind::Not(inner) if one_condition(body, body.span, false).is_none() => conditions(inner, found),
        _ => found.push(one_condition(body, body.span, false).unwrap_or(Part::Other(body.span))),
    }
}

/// A condition with its `not`s, if it is one.
fn one_condition(body: &Formula, span: Span, denied: bool) -> Option<Part<'_>> {
    match &body.node {
        FormulaKind::Not(inner) => one_condition(inner, span, !denied),
        FormulaKind::Group(inner) => one_condition(inner, span, denied),
        FormulaKind::Atom(atom) if atom.args == Args::None => Some(Part::Alone(&atom.name, denied, span)),
        FormulaKind::Atom(atom) => Some(Part::Rows(atom, denied, span)),
        FormulaKind::Compare { left, op: op @ (CompareOp::Eq | CompareOp::Ne), right } => {
            let (ExprKind::Name(fact), ExprKind::Name(option)) = (&left.node, &right.node) else { return None };
            let holds = (*op == CompareOp::Eq) != denied;
            Some(Part::Compared(fact, if holds { CompareOp::Eq } else { CompareOp::Ne }, option, span))
        }
        _ => None,
    }
}
