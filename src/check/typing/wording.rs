//! What is said of values that do not fit where they stand.

use super::super::ir::{Expr, ExprKind};
use super::super::kinds::option_help;
use super::super::resolve::quoted;
use super::super::slashes::day_meant;
use super::super::types::{self, Ty};
use super::Typing;
use crate::value::{Date, Value};

impl Typing<'_> {
    pub(super) fn mismatch_help(&self, expr: &Expr, wanted: &Ty) -> String {
        match (&expr.kind, wanted) {
            (ExprKind::Constant(Value::Text(text)), Ty::Symbol(options)) if options.contains(text) => {
                format!("write `{text}` without quotes")
            }
            (ExprKind::Constant(Value::Text(text)), Ty::Symbol(options))
                if let Some(option) = self.vocabulary.labelled(text).find(|option| options.contains(*option)) =>
            {
                format!("write `{option}`, which is the option that this is the label of")
            }
            (ExprKind::Constant(Value::Text(_)), Ty::Symbol(options)) => {
                format!("options are written without quotes; {}", option_help("", options.iter().map(AsRef::as_ref)))
            }
            (ExprKind::Constant(Value::Text(text)), Ty::Date) if Date::parse(text).is_some() => {
                format!("write `{text}` without quotes")
            }
            (ExprKind::Constant(Value::Text(text)), wanted) if self.is_fact_of(text, wanted) => {
                format!("write `{text}` without quotes, if the fact is meant")
            }
            (ExprKind::Constant(Value::Symbol(name)), Ty::Text) => format!("texts stand in quotes: write `\"{name}\"`"),
            (_, Ty::Date) if let Some(date) = day_meant(expr) => format!("write `{date}`"),
            (_, Ty::Bool) => "write `true` or `false`".to_owned(),
            (_, Ty::Date) => "dates are written like 2026-01-31".to_owned(),
            (_, Ty::Integer | Ty::IntegerConstant) => "write a whole number, like 3".to_owned(),
            (_, Ty::Number) => "write a number, like 3.5".to_owned(),
            (_, Ty::Text) => "texts stand in quotes".to_owned(),
            (_, Ty::Symbol(options)) => option_help("", options.iter().map(AsRef::as_ref)),
        }
    }

    /// Whether a text is the name of a fact that has values of a type.
    fn is_fact_of(&self, text: &str, wanted: &Ty) -> bool {
        let domain = self.vocabulary.single(text).map(|fact| self.vocabulary.domain(fact));
        domain.is_some_and(|domain| {
            let ty = Ty::of(domain);
            ty.fits(wanted) || (ty.is_numeric() && wanted.is_numeric())
        })
    }
}

pub(super) const SAME_OPTIONS: &str = "compare what has the same options";

/// That two sets of options have none in common, if that is so.
pub(super) fn nothing_in_common(one: &Ty, other: &Ty) -> Option<String> {
    let (Ty::Symbol(one), Ty::Symbol(other)) = (one, other) else { return None };
    let list = |symbols: &types::Symbols| quoted(symbols.iter().map(AsRef::as_ref));
    let disjoint = one.is_disjoint(other) && !one.is_empty() && !other.is_empty();
    disjoint.then(|| format!("these two never have an option in common: {} and {}", list(one), list(other)))
}

pub(super) fn plural(ty: &Ty) -> &'static str {
    match ty {
        Ty::Bool => "true and false",
        Ty::Symbol(_) => "options",
        Ty::IntegerConstant | Ty::Integer => "integers",
        Ty::Number => "numbers",
        Ty::Date => "dates",
        Ty::Text => "texts",
    }
}
