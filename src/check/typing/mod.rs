//! Judges a clause against the inferred types, and settles what each name in it is.
//!
//! A name becomes an option where one is expected, else a fact; an integer constant
//! becomes a number where one is expected. Reports `type-mismatch`, `unknown-option`,
//! `unknown-name`, `bad-pattern`.

mod comparisons;
mod values;
mod wording;

use std::collections::BTreeSet;

use super::either;
use super::ir::{Atom, Clause, Expr, ExprKind, Group, Literal, LiteralKind};
use super::types::{self, Columns, Ty};
use super::vocabulary::Vocabulary;
use crate::diagnostic::{Code, Diagnostic};
use crate::program::{AggregateKind, CompareOp, PredicateId, PredicateKind, VariableId};
use crate::source::Span;
use crate::value::Value;
use comparisons::Whole;
use wording::{SAME_OPTIONS, nothing_in_common, plural};

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
                LiteralKind::Compare { left, op, right } => {
                    let whole = Whole { span: literal.span, is_denied: literal.text.starts_with("not ") };
                    self.compare(left, *op, right, &whole);
                }
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

    fn head(&mut self, head: PredicateId, index: usize, arg: &mut Expr) {
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
}
