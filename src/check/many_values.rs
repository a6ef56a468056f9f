//! What to write where a list, records or a conclusion stands in the place of a single value.
//!
//! Wording only; where it is said is the business of `typing`.

use std::sync::Arc;

use super::ir::{Expr, ExprKind};
use super::vocabulary::Vocabulary;
use crate::diagnostic::{Code, Diagnostic};
use crate::program::{CompareOp, Domain, FactKind, PredicateKind, Scalar};
use crate::source::Span;
use crate::syntax::print::print_expr;
use crate::syntax::tree;
use crate::value::Value;

/// A name that stands where a value is expected.
pub struct Misplaced<'a> {
    /// The name.
    pub name: &'a Arc<str>,
    /// Where.
    pub span: Span,
    /// Whether `not` stands before the comparison, and has turned it round.
    pub is_denied: bool,
    /// What it is compared with, if it is.
    pub compared: Option<(CompareOp, &'a Expr)>,
}

/// What is wrong with the name, if it is that of something with many values or none.
pub fn misplaced(vocabulary: &Vocabulary, it: &Misplaced<'_>) -> Option<Diagnostic> {
    let (message, help) = match vocabulary.fact_ids.get(it.name) {
        Some(id) => match &vocabulary.facts[id.index()].kind {
            FactKind::Single(_) => return None,
            FactKind::List(domain) => list(it, domain),
            FactKind::Records(columns) => {
                let (name, column) = (it.name, &columns[0].name);
                let variable = variable(column);
                (
                    format!("`{name}` has many rows; it is no single value"),
                    format!("name the column that is meant: `{name}({column}: {variable})`, and use `{variable}`"),
                )
            }
        },
        None => {
            let id = vocabulary.predicate_ids.get(it.name)?;
            let predicate = &vocabulary.predicates[id.index()];
            match predicate.kind {
                PredicateKind::Decision(_) => decision(it),
                _ => conclusion(it, predicate.arity),
            }
        }
    };
    Some(Diagnostic::new(Code::UnknownName, it.span, message).help(help))
}

fn list(it: &Misplaced<'_>, domain: &Domain) -> (String, String) {
    let (name, variable) = (it.name, variable(it.name));
    let message = format!("`{name}` is a list of values; it is no single value");
    let asked = |value: &str| format!("write `{name}({value})` to ask whether the list has this value");
    let help = match it.compared.map(|(op, other)| (op, option(domain, other).or_else(|| written(other)))) {
        Some((CompareOp::Eq, Some(value))) if is_empty(domain, &value) => {
            format!("write `not {name}(_)` to ask that the list has no value")
        }
        Some((CompareOp::Ne, Some(value))) if is_empty(domain, &value) => {
            format!("write `{name}(_)` to ask that the list has a value")
        }
        Some((CompareOp::Eq, Some(value))) => asked(&value),
        Some((CompareOp::Ne, Some(value))) => {
            format!("write `not {name}({value})` to ask that the list does not have this value")
        }
        Some((op, Some(value))) if it.is_denied => format!(
            "give its values a name, and deny that one of them is so: `not ({name}({variable}), {variable} {} {value})`",
            op.negated().as_str()
        ),
        Some((op, Some(value))) => {
            format!(
                "give its values a name, and compare that: `{name}({variable}), {variable} {} {value}`",
                op.as_str()
            )
        }
        _ if domain.scalar == Scalar::Text => {
            format!("write `{name}(\"…\")` to ask for one value, or `{name}({variable})` and use `{variable}` here")
        }
        _ => format!("write `{name}({variable})` as a condition of its own, and use `{variable}` here"),
    };
    (message, help)
}

/// Whether a word says that nothing is in a list, and is none of its options.
fn is_empty(domain: &Domain, value: &str) -> bool {
    value == "empty" && domain.options.iter().all(|option| *option.id != *value)
}

/// What is said of the `length` of a list or of records.
pub fn counted(vocabulary: &Vocabulary, name: &Arc<str>, span: Span) -> Option<Diagnostic> {
    let (message, any) = match &vocabulary.facts[vocabulary.fact_ids.get(name)?.index()].kind {
        FactKind::Single(_) => return None,
        FactKind::List(_) => (format!("`{name}` is a list of values; it is no single value"), "_".to_owned()),
        FactKind::Records(columns) => {
            (format!("`{name}` has many rows; it is no single value"), format!("{}: _", columns[0].name))
        }
    };
    let help = format!("`length` is of one text; how many there are is `count({name}({any}))`");
    Some(Diagnostic::new(Code::UnknownName, span, message).help(help))
}

fn decision(it: &Misplaced<'_>) -> (String, String) {
    let name = it.name;
    let message = format!("`{name}` is a decision; it has no value before it is decided");
    let help = match it.compared.map(|(op, other)| (op, written(other))) {
        Some((CompareOp::Eq, Some(value))) => format!("write `decided({name}, {value})`"),
        Some((CompareOp::Ne, Some(value))) => format!("write `not decided({name}, {value})`"),
        _ => format!("write `decided({name}, V)` as a condition of its own, and use `V` here"),
    };
    (message, help)
}

fn conclusion(it: &Misplaced<'_>, arity: usize) -> (String, String) {
    let name = it.name;
    let message = format!("`{name}` is a conclusion: it holds or does not hold, and has no value");
    let truth = it.compared.and_then(|(op, other)| match (&other.kind, op) {
        (ExprKind::Constant(Value::Bool(b)), CompareOp::Eq) => Some(*b),
        (ExprKind::Constant(Value::Bool(b)), CompareOp::Ne) => Some(!*b),
        _ => None,
    });
    let help = match (arity, truth) {
        (0, Some(true)) => format!("write `{name}` alone"),
        (0, Some(false)) => format!("write `not {name}`"),
        (0, None) => format!("write `{name}` or `not {name}` as a condition of its own"),
        (1, _) => format!("write `{name}(X)` as a condition of its own, and use `X` here"),
        (n, _) => {
            let places = vec!["_"; n - 1].join(", ");
            format!("write `{name}(X, {places})` as a condition of its own, and use `X` here")
        }
    };
    (message, help)
}

/// A variable named after a fact or column: its first letter as a capital.
fn variable(name: &str) -> String {
    name.chars().take(1).flat_map(char::to_uppercase).collect()
}

/// The option that a text in quotes is meant for.
fn option(domain: &Domain, expr: &Expr) -> Option<String> {
    let ExprKind::Constant(Value::Text(text)) = &expr.kind else { return None };
    domain.options.iter().find(|option| option.id == *text).map(|option| option.id.to_string())
}

/// A constant as it is written in a rule.
fn written(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Name(name) | ExprKind::Constant(Value::Symbol(name)) => Some(name.to_string()),
        ExprKind::Constant(Value::Text(text)) => {
            let text = tree::ExprKind::Constant(tree::Constant::Text(text.clone()));
            Some(print_expr(&tree::Expr::new(text, expr.span)))
        }
        ExprKind::Constant(Value::Unknown) => None,
        ExprKind::Constant(value) => Some(value.to_string()),
        _ => None,
    }
}
