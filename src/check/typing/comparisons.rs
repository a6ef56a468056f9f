//! Comparisons, lists of values and tests of texts: one side tells what a name on the other is.

use super::super::ir::{Expr, ExprKind};
use super::super::kinds::option_help;
use super::super::many_values::{self, Misplaced};
use super::super::slashes::names;
use super::super::types::{self, Ty};
use super::Typing;
use super::values::as_number;
use super::wording::{SAME_OPTIONS, nothing_in_common};
use crate::diagnostic::{Code, Diagnostic};
use crate::program::{CompareOp, TestKind};
use crate::source::Span;
use crate::value::Value;

/// A comparison as a whole.
pub(super) struct Whole {
    pub(super) span: Span,
    /// Whether `not` stands before it, and has turned it round.
    pub(super) is_denied: bool,
}

impl Typing<'_> {
    pub(super) fn compare(&mut self, left: &mut Expr, op: CompareOp, right: &mut Expr, whole: &Whole) {
        let (span, is_denied) = (whole.span, whole.is_denied);
        if self.misplaced(left, is_denied, op, right) | self.misplaced(right, is_denied, op.flipped(), left) {
            return;
        }
        if self.options_with_slashes(left, op, right) {
            return;
        }
        if self.is_untyped(left) || self.is_untyped(right) {
            // What may be compared with it cannot be told.
            [left, right].into_iter().filter(|side| matches!(side.kind, ExprKind::Name(_))).for_each(|side| {
                side.kind = ExprKind::Wildcard;
            });
            return;
        }
        // The side that has a type by itself tells what a name on the other side is.
        let left_type = self.own_type(left);
        let right_type = self.own_type(right);
        // What is compared with a text in quotes is hardly one itself.
        let is_text = |side: &Expr| matches!(side.kind, ExprKind::Constant(Value::Text(_)));
        let (left_is_text, right_is_text) = (is_text(left), is_text(right));
        self.side(left, right_type.as_ref(), right_is_text);
        self.side(right, left_type.as_ref(), left_is_text);
        let (Some(l), Some(r)) = (self.value(left), self.value(right)) else { return };
        if !(l.fits(&r) || r.fits(&l) || (l.is_numeric() && r.is_numeric())) {
            let message = format!("{} is compared with {}", l.words(), r.words());
            let (odd, wanted) = if matches!(left.kind, ExprKind::Constant(_)) { (&*left, &r) } else { (&*right, &l) };
            let help = self.mismatch_help(odd, wanted);
            self.out.push(
                Diagnostic::new(Code::TypeMismatch, odd.span, message)
                    .label(if odd.span == left.span { right.span } else { left.span }, "compared with this")
                    .help(help),
            );
            return;
        }
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) && matches!(l, Ty::Bool | Ty::Symbol(_)) {
            let message = format!("`{}` needs an order, and {} has none", op.as_str(), l.words());
            let help = "compare with `=` or `!=`, or list what you mean with `in [ … ]`";
            self.mismatch(span, [&*left, &*right], message, help);
            return;
        }
        // `X = 1` must not give a number variable an integer.
        for (constant, ty) in [(&mut *left, &r), (&mut *right, &l)] {
            as_number(constant, ty);
        }
        if let Some(message) = nothing_in_common(&l, &r) {
            self.mismatch(span, [&*left, &*right], message, SAME_OPTIONS);
        }
    }

    /// Reports `kind = ootb/custom`.
    fn options_with_slashes(&mut self, subject: &Expr, op: CompareOp, value: &mut Expr) -> bool {
        let (ExprKind::Name(name), Some(Ty::Symbol(options))) = (&subject.kind, self.own_type(subject)) else {
            return false;
        };
        let word = match op {
            CompareOp::Eq => "in",
            CompareOp::Ne => "not in",
            _ => return false,
        };
        let Some(names) = names(value, &options) else { return false };
        let help = format!("write `{name} {word} [{}]`", names.join(", "));
        let message = "`/` divides numbers, and these are options";
        self.out.push(Diagnostic::new(Code::TypeMismatch, subject.span.to(value.span), message).help(help));
        value.kind = ExprKind::Wildcard;
        true
    }

    /// Reports a side that has many values or none, with a view to what it is compared with.
    fn misplaced(&mut self, side: &mut Expr, is_denied: bool, op: CompareOp, other: &Expr) -> bool {
        let ExprKind::Name(name) = &side.kind else { return false };
        let is_option = match self.own_type(other) {
            Some(Ty::Symbol(options)) => options.contains(name),
            Some(_) => false,
            None => self.vocabulary.is_option(name),
        };
        if is_option {
            return false;
        }
        let it = Misplaced { name, span: side.span, is_denied, compared: Some((op, other)) };
        let Some(diagnostic) = many_values::misplaced(self.vocabulary, &it) else { return false };
        self.out.push(diagnostic);
        side.kind = ExprKind::Wildcard;
        true
    }

    /// The type that a side has whatever stands on the other; none for a name that is no fact.
    pub(super) fn own_type(&self, expr: &Expr) -> Option<Ty> {
        match &expr.kind {
            ExprKind::Name(name) => self.vocabulary.single(name).map(|fact| Ty::of(self.vocabulary.domain(fact))),
            _ => types::expr(self.vocabulary, expr, &self.variables),
        }
    }

    /// Whether an expression is a fact whose type is none, which has been reported.
    fn is_untyped(&self, expr: &Expr) -> bool {
        matches!(&expr.kind, ExprKind::Name(name) if self.vocabulary.untyped.contains(name))
    }

    pub(super) fn side(&mut self, expr: &mut Expr, other: Option<&Ty>, beside_text: bool) {
        let ExprKind::Name(name) = expr.kind.clone() else { return };
        match other {
            Some(ty @ Ty::Symbol(_)) => self.name_where(expr, &name, ty),
            Some(ty) if self.vocabulary.single(&name).is_none() => {
                self.unknown(expr, &name, Some(ty).filter(|_| !beside_text));
            }
            // `X = custom` binds X to the symbol.
            None if self.vocabulary.single(&name).is_none() => {
                if self.vocabulary.is_option(&name) {
                    expr.kind = ExprKind::Constant(Value::Symbol(name));
                } else {
                    self.unknown(expr, &name, None);
                }
            }
            _ => {}
        }
    }

    pub(super) fn membership(&mut self, subject: &mut Expr, negated: bool, list: &mut [Expr]) {
        let ty = self.value(subject);
        for constant in list {
            match (&constant.kind, &ty) {
                (ExprKind::Name(name), Some(Ty::Symbol(options))) => {
                    let name = name.clone();
                    let is_told = options.is_empty() && self.vocabulary.lacks_options();
                    if !options.contains(&name) && !is_told {
                        let help = match self.vocabulary.single(&name) {
                            Some(_) => fact_beside_list(&name, negated),
                            None => option_help(&name, options.iter().map(AsRef::as_ref)),
                        };
                        let message = format!("there is no option `{name}` here");
                        self.out.push(Diagnostic::new(Code::UnknownOption, constant.span, message).help(help));
                    }
                    constant.kind = ExprKind::Constant(Value::Symbol(name));
                }
                (ExprKind::Name(name), other) => {
                    let name = name.clone();
                    if self.vocabulary.single(&name).is_some() && !self.vocabulary.is_option(&name) {
                        let message = format!("`{name}` is a fact, and a list holds values alone");
                        self.mismatch(constant.span, [&*subject], message, fact_beside_list(&name, negated));
                    } else if let Some(other) = other {
                        let message = format!("`{name}` is an option, and {} is looked for", other.words());
                        let as_constant =
                            Expr { kind: ExprKind::Constant(Value::Symbol(name.clone())), span: constant.span };
                        let help = self.mismatch_help(&as_constant, other);
                        self.mismatch(constant.span, [&*subject], message, help);
                    }
                    constant.kind = ExprKind::Constant(Value::Symbol(name));
                }
                (_, Some(column)) => {
                    let numeric = column.is_numeric();
                    let own = types::expr(self.vocabulary, constant, &self.variables);
                    if !(numeric && own.is_some_and(|t| t.is_numeric())) {
                        let place = self.origins(constant.span, [&*subject]).first().map(|(place, _)| *place);
                        self.expected(constant, Some(column), place);
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn test(&mut self, test: TestKind, negated: bool, subject: &mut Expr, pattern: &mut Expr) {
        // Of a list it is asked as of a comparison whether it has a value.
        let op = if negated { CompareOp::Ne } else { CompareOp::Eq };
        if test == TestKind::Contains && self.misplaced(subject, negated, op, pattern) {
            return;
        }
        for side in [&mut *subject, &mut *pattern] {
            if let Some(ty) = self.value(side)
                && ty != Ty::Text
            {
                let message = format!("`{}` looks at texts, and this is {}", test.as_str(), ty.words());
                let help = match &ty {
                    Ty::Symbol(_) => "compare options with `=` or `in [ … ]`",
                    _ => "give it a text fact, a variable that is a text, or a text in quotes",
                };
                self.mismatch(side.span, [&*side], message, help);
            }
        }
        if test != TestKind::Matches {
            return;
        }
        let ExprKind::Constant(Value::Text(text)) = &pattern.kind else {
            self.out.push(
                Diagnostic::new(Code::BadPattern, pattern.span, "the pattern of `matches` is not a text in quotes")
                    .help("write the pattern itself: `matches(title, \"VPN|network\")`"),
            );
            return;
        };
        if let Err(error) = regex::Regex::new(text) {
            let reason = error.to_string();
            let last = reason.lines().last().unwrap_or("").trim_start_matches("error: ").to_owned();
            self.out.push(
                Diagnostic::new(Code::BadPattern, pattern.span, format!("this is no regular expression: {last}")).help(
                    "put a backslash before characters that are meant as they are, or use `contains` for plain text",
                ),
            );
        }
    }
}

/// How a fact is compared with that stands in a list.
fn fact_beside_list(name: &str, negated: bool) -> String {
    let (joint, op) = if negated { ("and", "!=") } else { ("or", "=") };
    format!("compare with the fact in a condition of its own, and join the two with `{joint}`: `… {op} {name}`")
}
