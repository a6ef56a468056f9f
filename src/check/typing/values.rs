//! What stands where a value is: names become options or facts, and arithmetic is judged.

use std::sync::Arc;

use super::super::ir::{Expr, ExprKind};
use super::super::kinds::{option_help, unknown_option};
use super::super::many_values::{self, Misplaced};
use super::super::types::{self, Ty};
use super::Typing;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::program::{ArithmeticOp, FunctionKind};
use crate::source::Span;
use crate::value::{Date, Value};

impl Typing<'_> {
    /// Settles an expression that stands in a column (or beside something) of a type.
    pub(super) fn expected(&mut self, expr: &mut Expr, column: Option<&Ty>, place: Option<Span>) {
        if matches!(expr.kind, ExprKind::Wildcard) {
            return;
        }
        let Some(column) = column else {
            self.free(expr);
            return;
        };
        if let ExprKind::Name(name) = expr.kind.clone() {
            self.name_where(expr, &name, column);
        } else if let (ExprKind::Constant(Value::Symbol(name)), Ty::Symbol(options)) = (&expr.kind, column)
            && !options.contains(name)
        {
            let text = crate::policy::Text::new(name.clone(), expr.span);
            unknown_option(&text, options.iter().map(AsRef::as_ref), self.out);
        }
        as_number(expr, column);
        let Some(ty) = self.value(expr) else { return };
        if ty.fits(column) {
            return;
        }
        let message = format!("{} stands where {} is expected", ty.words(), column.words());
        let help = self.mismatch_help(expr, column);
        let diagnostic = Diagnostic::new(Code::TypeMismatch, expr.span, message).help(help);
        self.out.push(match place {
            Some(place) if place != expr.span => diagnostic.label(place, "declared or concluded here"),
            _ => diagnostic,
        });
    }

    /// A name where a type is expected: an option if it is one of them, else a fact.
    pub(super) fn name_where(&mut self, expr: &mut Expr, name: &Arc<str>, wanted: &Ty) {
        if let Ty::Symbol(options) = wanted
            && options.contains(name)
        {
            expr.kind = ExprKind::Constant(Value::Symbol(name.clone()));
        } else if let Some(fact) = self.vocabulary.single(name) {
            expr.kind = ExprKind::Fact(fact);
        } else if let Ty::Symbol(options) = wanted {
            let options: Vec<&str> = options.iter().map(AsRef::as_ref).collect();
            // That there are none at all has been reported where they belong.
            if !options.is_empty() || !self.vocabulary.lacks_options() {
                self.out.push(
                    Diagnostic::new(Code::UnknownOption, expr.span, format!("there is no option `{name}` here"))
                        .help(option_help(name, options.iter().copied())),
                );
            }
            expr.kind = ExprKind::Wildcard;
        } else {
            self.unknown(expr, name, Some(wanted));
        }
    }

    pub(super) fn unknown(&mut self, expr: &mut Expr, name: &Arc<str>, wanted: Option<&Ty>) {
        if self.vocabulary.untyped.contains(name) {
            expr.kind = ExprKind::Wildcard;
            return;
        }
        let it = Misplaced { name, span: expr.span, is_denied: false, compared: None };
        if let Some(diagnostic) = many_values::misplaced(self.vocabulary, &it) {
            self.out.push(diagnostic);
            expr.kind = ExprKind::Wildcard;
            return;
        }
        let fits = |fact: &&str| {
            let domain = self.vocabulary.single(fact).map(|fact| self.vocabulary.domain(fact));
            domain.is_some_and(|domain| wanted.is_none_or(|wanted| Ty::of(domain).fits(wanted)))
        };
        let single = self.vocabulary.facts.iter().map(|fact| fact.name.as_ref()).filter(fits);
        let help = match wanted {
            Some(Ty::Bool) if matches!(name.as_ref(), "yes" | "y" | "on") => "write `true`".to_owned(),
            Some(Ty::Bool) if matches!(name.as_ref(), "no" | "n" | "off") => "write `false`".to_owned(),
            _ => match nearest(name, single) {
                Some(near) => format!("write `{near}`"),
                None if matches!(wanted, Some(Ty::Text)) => format!("texts stand in quotes: write `\"{name}\"`"),
                None if name.len() == 1 => {
                    format!(
                        "variables begin with a capital: write `{}`; or declare a fact `[fact.{name}]`",
                        name.to_uppercase()
                    )
                }
                None if matches!(name.as_ref(), "today" | "now") => crate::syntax::NO_CLOCK.to_owned(),
                None if let Some(fact) = self.vocabulary.with_option(name).next() => {
                    let fact = &self.vocabulary.facts[fact.index()].name;
                    format!("`{name}` is an option of `{fact}`: write `{fact} = {name}`, or name a fact that there is")
                }
                None => format!("declare a fact `[fact.{name}]`, or name one that there is"),
            },
        };
        self.out.push(
            Diagnostic::new(Code::UnknownName, expr.span, format!("there is no fact `{name}` with a value")).help(help),
        );
        expr.kind = ExprKind::Wildcard;
    }

    /// An expression where any type may stand: a name is a fact or a symbol.
    fn free(&mut self, expr: &mut Expr) {
        if let ExprKind::Name(name) = &expr.kind {
            expr.kind = match self.vocabulary.single(name) {
                Some(fact) => ExprKind::Fact(fact),
                None => ExprKind::Constant(Value::Symbol(name.clone())),
            };
        }
        self.value(expr);
    }

    /// Settles what stands where only a value can, and gives its type.
    pub(super) fn value(&mut self, expr: &mut Expr) -> Option<Ty> {
        let span = expr.span;
        match &mut expr.kind {
            ExprKind::Name(name) => {
                let name = name.clone();
                match self.vocabulary.single(&name) {
                    Some(fact) => expr.kind = ExprKind::Fact(fact),
                    None => self.unknown(expr, &name, None),
                }
            }
            ExprKind::Binary { op, left, right } => {
                if self.reads_as_minus(*op, left, right, span) {
                    expr.kind = ExprKind::Wildcard;
                    return None;
                }
                let op = *op;
                let (l, r) = (self.value(left)?, self.value(right)?);
                let ty = types::arithmetic(op, &l, &r);
                if ty.is_none() {
                    let message = format!("{} `{}` {} makes no sense", l.words(), op.as_str(), r.words());
                    let date = [&**left, &**right].into_iter().find_map(|side| match &side.kind {
                        ExprKind::Constant(Value::Text(text)) => Date::parse(text),
                        _ => None,
                    });
                    let help = match date {
                        Some(date) => format!("write `{date}` without quotes"),
                        None => "arithmetic takes integers and numbers; date - date gives days, date + integer a date"
                            .to_owned(),
                    };
                    self.mismatch(span, [&**left, &**right], message, help);
                }
                return ty.map(types::settle);
            }
            ExprKind::Negate(inner) => {
                let ty = self.value(inner)?;
                if !ty.is_numeric() {
                    let message = format!("a minus before {} makes no sense", ty.words());
                    self.mismatch(span, [&**inner], message, "only integers and numbers have a sign");
                    return None;
                }
            }
            ExprKind::Call(function, inner) => {
                if let (FunctionKind::Length, ExprKind::Name(name)) = (&function, &inner.kind)
                    && let Some(diagnostic) = many_values::counted(self.vocabulary, name, span)
                {
                    self.out.push(diagnostic);
                    inner.kind = ExprKind::Wildcard;
                    return types::expr(self.vocabulary, expr, &self.variables);
                }
                let function = function.as_str();
                if let Some(ty) = self.value(inner)
                    && ty != Ty::Text
                {
                    let message = format!("`{function}` takes a text, not {}", ty.words());
                    let help = format!("give `{function}` a text fact or a variable that is one");
                    self.mismatch(inner.span, [&**inner], message, help);
                }
            }
            ExprKind::Aggregate(group) => self.group(group),
            _ => {}
        }
        types::expr(self.vocabulary, expr, &self.variables)
    }

    /// `on-hold`: names with a minus between that were meant as one. Where one of them is a fact with a value, and
    /// they are no option when joined, a subtraction is meant, in which something else may be wrong.
    fn reads_as_minus(&mut self, op: ArithmeticOp, left: &Expr, right: &Expr, span: Span) -> bool {
        let (ArithmeticOp::Subtract, ExprKind::Name(right)) = (op, &right.kind) else { return false };
        let mut words = vec![right.clone()];
        let mut rest = left;
        loop {
            match &rest.kind {
                ExprKind::Name(name) => {
                    words.push(name.clone());
                    break;
                }
                ExprKind::Binary { op: ArithmeticOp::Subtract, left, right } => {
                    let ExprKind::Name(name) = &right.kind else { return false };
                    words.push(name.clone());
                    rest = left;
                }
                _ => return false,
            }
        }
        let is_fact =
            |word: &&Arc<str>| self.vocabulary.single(word).is_some() || self.vocabulary.untyped.contains(*word);
        let facts = words.iter().filter(is_fact).count();
        words.reverse();
        let dashed = words.join("-");
        let joined = words.join("_");
        let is_option = self.vocabulary.is_option(&joined);
        if facts == words.len() || (facts > 0 && !is_option) {
            return false;
        }
        let help = if is_option {
            format!("write `{joined}`")
        } else {
            format!(
                "names are written with `_`: `{joined}`; a subtraction needs two facts that are integers, numbers or dates"
            )
        };
        self.out.push(
            Diagnostic::new(
                Code::UnknownName,
                span,
                format!(
                    "`{dashed}` reads as `{}` minus `{}`",
                    words.iter().take(words.len() - 1).map(AsRef::as_ref).collect::<Vec<&str>>().join("-"),
                    words.last().map_or("", AsRef::as_ref)
                ),
            )
            .help(help),
        );
        true
    }
}

/// An integer constant is a number where one is expected.
pub(super) fn as_number(expr: &mut Expr, wanted: &Ty) {
    if let (ExprKind::Constant(Value::Integer(i)), Ty::Number) = (&expr.kind, wanted)
        && let Some(number) = Value::number(*i as f64)
    {
        expr.kind = ExprKind::Constant(number);
    }
}
