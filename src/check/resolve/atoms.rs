//! Atoms: the relation that a name is, and its arguments by place or by column.

use super::super::ir::{Atom, Expr, ExprKind};
use super::super::option_condition::option_as_condition;
use super::wording::{decided_shape, no_columns, unknown_decision, unknown_relation, wrong_arity};
use super::{Resolver, quoted, unresolved};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::program::{FactKind, PredicateId, PredicateKind};
use crate::source::Span;
use crate::syntax::tree::{self, Args, Constant};
use crate::syntax::{DECIDED, print};

impl Resolver<'_> {
    pub(super) fn atom(&mut self, atom: &tree::Atom, span: Span) -> Option<Atom> {
        let resolved = self.try_atom(atom);
        if resolved.is_none() {
            self.lost.push(span);
        }
        resolved
    }

    fn try_atom(&mut self, atom: &tree::Atom) -> Option<Atom> {
        let name = &atom.name;
        if name.node.as_ref() == DECIDED {
            return self.decided(atom);
        }
        let Some(&predicate) = self.vocabulary.predicate_ids.get(&name.node) else {
            if !self.vocabulary.untyped.contains(&name.node) && !self.vocabulary.given_up.contains(&name.node) {
                let option = option_as_condition(self.vocabulary, atom, self.body);
                let option = option.or_else(|| unresolved::or_more(atom, self.body?));
                let meant = option.or_else(|| unresolved::relation(self.vocabulary, atom));
                let meant = meant.unwrap_or_else(|| unknown_relation(self.vocabulary, atom));
                // Of `kind = a or b or c`, all was said with `b`.
                if !self.out.iter().any(|told| told.span == meant.span && told.code == meant.code) {
                    self.out.push(meant);
                }
            }
            return None;
        };
        let args = match &atom.args {
            Args::Named(named) => self.named(predicate, atom, named)?,
            Args::None => Vec::new(),
            Args::Positional(args) => args.iter().map(|arg| self.expr(arg)).collect(),
        };
        if args.len() != self.vocabulary.predicates[predicate.index()].arity {
            if self.vocabulary.untyped.contains(&name.node) {
                return None;
            }
            let wrong = wrong_arity(self.vocabulary, predicate, args.len(), name.span);
            self.out.push(match self.by_column(predicate, atom) {
                Some(help) => wrong.help(help),
                None => wrong,
            });
            return None;
        }
        Some(Atom { predicate, args, name_span: name.span })
    }

    /// How an atom of records with too few or too many arguments is meant.
    pub(super) fn by_column(&self, id: PredicateId, atom: &tree::Atom) -> Option<String> {
        let PredicateKind::Fact(fact) = self.vocabulary.predicates[id.index()].kind else { return None };
        match &self.vocabulary.facts[fact.index()].kind {
            FactKind::Records(columns) => unresolved::by_column(columns, &atom.name.node, &atom.args),
            FactKind::List(_) => unresolved::by_value(&atom.name.node, &atom.args),
            FactKind::Single(_) => None,
        }
    }

    pub(super) fn decided(&mut self, atom: &tree::Atom) -> Option<Atom> {
        let span = atom.name.span;
        let Args::Positional(args) = &atom.args else {
            self.out.push(decided_shape(self.vocabulary, span));
            return None;
        };
        let [decision, value] = args.as_slice() else {
            self.out.push(decided_shape(self.vocabulary, span));
            return None;
        };
        let tree::ExprKind::Name(name) = &decision.node else {
            self.out.push(self.no_decision_name(decision, value));
            return None;
        };
        let Some(id) = self.vocabulary.decision_ids.get(name) else {
            self.out.push(unknown_decision(self.vocabulary, name, decision.span));
            return None;
        };
        let predicate = self.vocabulary.decisions[id.index()].decided;
        Some(Atom { predicate, args: vec![self.expr(value)], name_span: span })
    }

    /// What is said of something other than a name where `decided` takes the decision.
    fn no_decision_name(&self, decision: &tree::Expr, value: &tree::Expr) -> Diagnostic {
        let (name, reads_as) = match &decision.node {
            tree::ExprKind::Constant(Constant::Text(text)) => (text, "a text in quotes"),
            tree::ExprKind::Variable(name) => (name, "a variable, since it begins with a capital"),
            _ => return decided_shape(self.vocabulary, decision.span),
        };
        let decisions = || self.vocabulary.decisions.iter().map(|d| d.name.as_ref());
        let near = decisions().find(|d| *d == name.to_lowercase()).or_else(|| nearest(name, decisions()));
        let Some(near) = near else { return decided_shape(self.vocabulary, decision.span) };
        let message = format!("`decided` takes the name of a decision, and this is {reads_as}");
        Diagnostic::new(Code::WrongArity, decision.span, message)
            .help(format!("write `decided({near}, {})`", self.option_of(near, value)))
    }

    /// A value as the option of a decision that it is, if that stands in quotes.
    fn option_of(&self, decision: &str, value: &tree::Expr) -> String {
        let options =
            self.vocabulary.decision_ids.get(decision).map(|id| &self.vocabulary.decisions[id.index()].options);
        match &value.node {
            tree::ExprKind::Constant(Constant::Text(text))
                if options.is_some_and(|options| options.iter().any(|option| option.id == *text)) =>
            {
                text.to_string()
            }
            _ => print::print_expr(value),
        }
    }

    pub(super) fn named(
        &mut self,
        id: PredicateId,
        atom: &tree::Atom,
        named: &[(tree::Name, tree::Expr)],
    ) -> Option<Vec<Expr>> {
        let PredicateKind::Fact(fact) = self.vocabulary.predicates[id.index()].kind else {
            self.out.push(no_columns(atom, named));
            return None;
        };
        let FactKind::Records(columns) = &self.vocabulary.facts[fact.index()].kind else {
            self.out.push(no_columns(atom, named));
            return None;
        };
        let mut args: Vec<Option<Expr>> = vec![None; columns.len()];
        let mut good = true;
        for (column, arg) in named {
            let Some(index) = columns.iter().position(|c| c.name == column.node) else {
                let known = columns.iter().map(|c| c.name.as_ref());
                let help = match nearest(&column.node, known.clone()) {
                    Some(near) => format!("write `{near}`"),
                    None => format!("its columns are {}", quoted(known)),
                };
                let message = format!("`{}` has no column `{}`", atom.name.node, column.node);
                let place = self.vocabulary.facts[fact.index()].span;
                self.out.push(
                    Diagnostic::new(Code::UnknownColumn, column.span, message).label(place, "declared here").help(help),
                );
                good = false;
                continue;
            };
            if args[index].is_some() {
                let message = format!("the column `{}` is given twice", column.node);
                self.out.push(
                    Diagnostic::new(Code::UnknownColumn, column.span, message)
                        .help("give each column once; a second condition on it goes into a comparison"),
                );
                good = false;
            }
            args[index] = Some(self.expr(arg));
        }
        let wildcard = Expr { kind: ExprKind::Wildcard, span: atom.name.span };
        good.then(|| args.into_iter().map(|arg| arg.unwrap_or_else(|| wildcard.clone())).collect())
    }
}
