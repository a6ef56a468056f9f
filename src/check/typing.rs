//! Judges a clause against the inferred types, and settles what each name in it is.
//!
//! A name becomes an option where one is expected, else a fact; an integer constant
//! becomes a number where one is expected. Reports `type-mismatch`, `unknown-option`,
//! `unknown-name`, `bad-pattern`.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::either;
use super::ir::{Atom, Clause, Expr, ExprKind, Group, Literal, LiteralKind};
use super::kinds::option_help;
use super::many_values::{self, Misplaced};
use super::resolve::quoted;
use super::slashes::{day_meant, names};
use super::types::{self, Columns, Ty};
use super::vocabulary::Vocabulary;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::program::{AggregateKind, ArithmeticOp, CompareOp, PredicateKind, TestKind, VariableId};
use crate::source::Span;
use crate::value::{Date, Value};

/// Judges and settles one clause.
pub fn check(vocabulary: &Vocabulary, columns: &Columns, clause: &mut Clause, out: &mut Vec<Diagnostic>) {
    either::settle(vocabulary, columns, clause);
    let variables = types::variables(vocabulary, clause, columns);
    let mut places = clause.variables.iter().map(|variable| variable.span).collect::<Vec<_>>();
    bound_at(&clause.body, &mut places);
    let mut typing = Typing { vocabulary, columns, variables, places, out };
    typing.literals(&mut clause.body, &BTreeSet::new());
    if let Some(head) = clause.head {
        for (index, arg) in clause.args.iter_mut().enumerate() {
            typing.head(head, index, arg);
        }
    }
}

/// Judges what is left of a clause in which something is not resolved, as far as its variables have types
/// all the same.
pub fn check_rest(vocabulary: &Vocabulary, columns: &Columns, rest: &mut Clause, out: &mut Vec<Diagnostic>) {
    let variables = types::variables(vocabulary, rest, columns);
    rest.body.retain(|literal| {
        let mut typed = true;
        literal.walk(&mut |part| typed &= part.variable().is_none_or(|id| variables[id.index()].is_some()));
        typed
    });
    check(vocabulary, columns, rest, out);
}

/// Notes for each variable of some literals where an atom gives it its value.
fn bound_at(literals: &[Literal], places: &mut [Span]) {
    for literal in literals {
        if let LiteralKind::Atom(atom) = &literal.kind {
            for arg in &atom.args {
                if let Some(id) = arg.variable() {
                    places[id.index()] = arg.span;
                }
            }
        }
        literal.groups().iter().flat_map(|group| &group.alternatives).for_each(|side| bound_at(side, places));
    }
}

struct Typing<'a> {
    vocabulary: &'a Vocabulary,
    columns: &'a Columns,
    variables: Vec<Option<Ty>>,
    /// Where an atom gives each variable its value; where it occurs first, if none does.
    places: Vec<Span>,
    out: &'a mut Vec<Diagnostic>,
}

impl Typing<'_> {
    /// Reports a mismatch, with the places that give the expressions in question their types.
    fn mismatch<'e>(
        &mut self,
        span: Span,
        about: impl IntoIterator<Item = &'e Expr>,
        message: String,
        help: impl Into<String>,
    ) {
        let diagnostic = Diagnostic::new(Code::TypeMismatch, span, message).help(help.into());
        let labelled = self
            .origins(span, about)
            .into_iter()
            .fold(diagnostic, |diagnostic, (place, text)| diagnostic.label(place, text));
        self.out.push(labelled);
    }

    /// Where facts are declared, and variables occur first, that stand in some expressions; each place once.
    fn origins<'e>(&self, span: Span, about: impl IntoIterator<Item = &'e Expr>) -> Vec<(Span, &'static str)> {
        let mut origins = Vec::new();
        for expr in about {
            expr.walk(&mut |part| match &part.kind {
                ExprKind::Fact(id) => origins.push((self.vocabulary.facts[id.index()].span, "declared here")),
                ExprKind::Variable(id) => origins.push((self.places[id.index()], "gets its type here")),
                _ => {}
            });
        }
        let mut known = vec![span];
        origins.retain(|(place, _)| {
            !known.contains(place) && {
                known.push(*place);
                true
            }
        });
        origins
    }

    fn literals(&mut self, literals: &mut [Literal], outer: &BTreeSet<VariableId>) {
        self.one_type(literals, outer);
        for literal in literals {
            match &mut literal.kind {
                LiteralKind::Atom(atom) | LiteralKind::NotAtom(atom) => self.atom(atom),
                LiteralKind::NotGroup(group) => self.group(group),
                LiteralKind::Compare { left, op, right } => self.compare(left, *op, right, literal.span),
                LiteralKind::In { subject, negated, list } => self.membership(subject, *negated, list),
                LiteralKind::Test { test, negated, subject, pattern } => {
                    self.test(*test, *negated, subject, pattern);
                }
            }
        }
    }

    fn group(&mut self, group: &mut Group) {
        for side in &mut group.alternatives {
            self.literals(side, &group.parameters);
        }
        let Some((kind, Some(of))) = &mut group.aggregate else { return };
        let (kind, of) = (*kind, of.as_mut());
        let Some(ty) = self.value(of) else { return };
        let fits = match kind {
            AggregateKind::Count => true,
            AggregateKind::Sum => ty.is_numeric(),
            AggregateKind::Min | AggregateKind::Max => !matches!(ty, Ty::Bool | Ty::Symbol(_)),
        };
        if !fits {
            let message = format!("`{}` cannot be taken over {}", kind.as_str(), plural(&ty));
            let help = match kind {
                AggregateKind::Sum => "`sum` adds integers or numbers; count things with `count`".to_owned(),
                _ => "`min` and `max` compare integers, numbers, dates and texts".to_owned(),
            };
            self.mismatch(of.span, [&*of], message, help);
        }
    }

    /// A variable that only equations bind takes its value from any of them: none may give an
    /// integer where another gives a number.
    fn one_type(&mut self, literals: &[Literal], outer: &BTreeSet<VariableId>) {
        let mut bound = outer.clone();
        for literal in literals {
            if let LiteralKind::Atom(atom) = &literal.kind {
                bound.extend(atom.args.iter().filter_map(Expr::variable));
            }
        }
        for literal in literals {
            let LiteralKind::Compare { left, op: CompareOp::Eq, right } = &literal.kind else { continue };
            for (one, other) in [(left, right), (right, left)] {
                let Some(id) = one.variable().filter(|id| !bound.contains(id)) else { continue };
                let (Some(own), Some(given)) = (self.variables[id.index()].clone(), self.own_type(other)) else {
                    continue;
                };
                if own.is_numeric() && given.is_numeric() && !given.fits(&own) {
                    let message = format!("{} is given to a variable that is {}", given.words(), own.words());
                    let help = "let every equation for one variable give integers, or every one numbers".to_owned();
                    self.mismatch(other.span, [one, other], message, help);
                }
            }
        }
    }

    fn atom(&mut self, atom: &mut Atom) {
        for index in 0..atom.args.len() {
            let column = self.columns.get(atom.predicate, index).cloned();
            let place = self.vocabulary.places[atom.predicate.index()];
            let arg = &mut atom.args[index];
            if self.is_any(arg, column.as_ref()) {
                continue;
            }
            self.expected(arg, column.as_ref(), Some(place));
            // Of what atoms leave to a variable, `never-holds` speaks; and what rules conclude may come to be more.
            let of_rules = matches!(self.vocabulary.predicates[atom.predicate.index()].kind, PredicateKind::Conclusion);
            if of_rules || matches!(arg.kind, ExprKind::Constant(_) | ExprKind::Variable(_)) {
                continue;
            }
            if let (Some(ty), Some(column)) = (types::expr(self.vocabulary, arg, &self.variables), &column)
                && let Some(message) = nothing_in_common(&ty, column)
            {
                let diagnostic = Diagnostic::new(Code::TypeMismatch, arg.span, message).help(SAME_OPTIONS);
                self.out.push(diagnostic.label(place, "declared or concluded here"));
            }
        }
    }

    /// Reports `any` where `_` is meant.
    fn is_any(&mut self, arg: &mut Expr, column: Option<&Ty>) -> bool {
        let (ExprKind::Name(name), Some(column)) = (&arg.kind, column) else { return false };
        let is_option = matches!(column, Ty::Symbol(options) if options.contains(name));
        if !matches!(name.as_ref(), "any" | "anything") || is_option || self.vocabulary.fact_ids.contains_key(name) {
            return false;
        }
        let message = format!("there is no fact `{name}` with a value");
        let help = "write `_`, which any value fits";
        self.out.push(Diagnostic::new(Code::UnknownName, arg.span, message).help(help));
        arg.kind = ExprKind::Wildcard;
        true
    }

    fn head(&mut self, head: crate::program::PredicateId, index: usize, arg: &mut Expr) {
        let Some(column) = self.columns.get(head, index).cloned() else {
            self.value(arg);
            return;
        };
        let decision = matches!(self.vocabulary.predicates[head.index()].kind, PredicateKind::Decision(_));
        if !decision {
            // The column is what its heads make it: only a name is an option or a fact by itself.
            if let ExprKind::Name(name) = &arg.kind
                && self.vocabulary.single(name).is_none()
            {
                arg.kind = ExprKind::Constant(Value::Symbol(name.clone()));
            }
        }
        let place = self.vocabulary.places[head.index()];
        self.expected(arg, Some(&column), Some(place));
        if !decision {
            return;
        }
        let Ty::Symbol(options) = &column else { return };
        let flowing = types::expr(self.vocabulary, arg, &self.variables);
        if matches!(arg.kind, ExprKind::Constant(_)) {
            return;
        }
        if let Some(Ty::Symbol(symbols)) = flowing {
            let strange: Vec<String> = symbols.difference(options).map(|s| format!("`{s}`")).collect();
            if !strange.is_empty() {
                let name = &self.vocabulary.predicates[head.index()].name;
                let message = format!("{} can come here, which `{name}` has no option for", strange.join(", "));
                self.out.push(
                    Diagnostic::new(Code::TypeMismatch, arg.span, message)
                        .label(place, "the decision")
                        .help("add the options to the decision, or conclude one option for each case"),
                );
            }
        }
    }

    /// Settles an expression that stands in a column (or beside something) of a type.
    fn expected(&mut self, expr: &mut Expr, column: Option<&Ty>, place: Option<Span>) {
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
            super::kinds::unknown_option(&text, options.iter().map(AsRef::as_ref), self.out);
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

    fn mismatch_help(&self, expr: &Expr, wanted: &Ty) -> String {
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

    /// A name where a type is expected: an option if it is one of them, else a fact.
    fn name_where(&mut self, expr: &mut Expr, name: &Arc<str>, wanted: &Ty) {
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

    fn unknown(&mut self, expr: &mut Expr, name: &Arc<str>, wanted: Option<&Ty>) {
        if self.vocabulary.untyped.contains(name) {
            expr.kind = ExprKind::Wildcard;
            return;
        }
        let it = Misplaced { name, span: expr.span, compared: None };
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
    fn value(&mut self, expr: &mut Expr) -> Option<Ty> {
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

    fn compare(&mut self, left: &mut Expr, op: CompareOp, right: &mut Expr, span: Span) {
        if self.misplaced(left, op, right) | self.misplaced(right, op.flipped(), left) {
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
    fn misplaced(&mut self, side: &mut Expr, op: CompareOp, other: &Expr) -> bool {
        let ExprKind::Name(name) = &side.kind else { return false };
        let is_option = match self.own_type(other) {
            Some(Ty::Symbol(options)) => options.contains(name),
            Some(_) => false,
            None => self.vocabulary.is_option(name),
        };
        if is_option {
            return false;
        }
        let it = Misplaced { name, span: side.span, compared: Some((op, other)) };
        let Some(diagnostic) = many_values::misplaced(self.vocabulary, &it) else { return false };
        self.out.push(diagnostic);
        side.kind = ExprKind::Wildcard;
        true
    }

    /// The type that a side has whatever stands on the other; none for a name that is no fact.
    fn own_type(&self, expr: &Expr) -> Option<Ty> {
        match &expr.kind {
            ExprKind::Name(name) => self.vocabulary.single(name).map(|fact| Ty::of(self.vocabulary.domain(fact))),
            _ => types::expr(self.vocabulary, expr, &self.variables),
        }
    }

    /// Whether an expression is a fact whose type is none, which has been reported.
    fn is_untyped(&self, expr: &Expr) -> bool {
        matches!(&expr.kind, ExprKind::Name(name) if self.vocabulary.untyped.contains(name))
    }

    fn side(&mut self, expr: &mut Expr, other: Option<&Ty>, beside_text: bool) {
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

    fn membership(&mut self, subject: &mut Expr, negated: bool, list: &mut [Expr]) {
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

    fn test(&mut self, test: TestKind, negated: bool, subject: &mut Expr, pattern: &mut Expr) {
        // Of a list it is asked as of a comparison whether it has a value.
        let op = if negated { CompareOp::Ne } else { CompareOp::Eq };
        if test == TestKind::Contains && self.misplaced(subject, op, pattern) {
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

fn plural(ty: &Ty) -> &'static str {
    match ty {
        Ty::Bool => "true and false",
        Ty::Symbol(_) => "options",
        Ty::IntegerConstant | Ty::Integer => "integers",
        Ty::Number => "numbers",
        Ty::Date => "dates",
        Ty::Text => "texts",
    }
}

const SAME_OPTIONS: &str = "compare what has the same options";

/// That two sets of options have none in common, if that is so.
fn nothing_in_common(one: &Ty, other: &Ty) -> Option<String> {
    let (Ty::Symbol(one), Ty::Symbol(other)) = (one, other) else { return None };
    let list = |symbols: &types::Symbols| quoted(symbols.iter().map(AsRef::as_ref));
    let disjoint = one.is_disjoint(other) && !one.is_empty() && !other.is_empty();
    disjoint.then(|| format!("these two never have an option in common: {} and {}", list(one), list(other)))
}

/// An integer constant is a number where one is expected.
fn as_number(expr: &mut Expr, wanted: &Ty) {
    if let (ExprKind::Constant(Value::Integer(i)), Ty::Number) = (&expr.kind, wanted)
        && let Some(number) = Value::number(*i as f64)
    {
        expr.kind = ExprKind::Constant(number);
    }
}
