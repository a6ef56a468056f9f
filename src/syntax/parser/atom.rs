//! `atom = name [ "(" args ")" ]`, and what brackets have in common.

use std::sync::Arc;

use super::{GivenUp, Parser, Result, words};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{Args, Atom, Expr, ExprKind, Name};
use crate::syntax::words::{DECIDED, is_reserved};

impl Parser<'_, '_> {
    /// `name`, `name(…)` or `decided(…)`, where `what` is expected.
    pub fn atom(&mut self, what: &str) -> Result<Atom> {
        let name = if self.is_word(DECIDED) { self.decided()? } else { self.name(what)? };
        if !self.is("(") {
            return Ok(Atom { name, args: Args::None });
        }
        if self.peek(1).kind.is(")") {
            let span = self.here().to(self.span_of(self.at + 1));
            return Err(self.fault(span, words::empty_brackets(&name.node)));
        }
        let args = self.in_brackets(Self::args)?;
        Ok(Atom { name, args })
    }

    fn decided(&mut self) -> Result<Name> {
        let name = Name::new(Arc::from(DECIDED), self.here());
        self.advance();
        if self.is("(") { Ok(name) } else { Err(self.fault(name.span, words::decided_alone())) }
    }

    /// A name that is no word of the language.
    pub fn name(&mut self, what: &str) -> Result<Name> {
        match self.word() {
            Some(word) if !is_reserved(word) => {
                let name = Name::new(Arc::clone(word), self.here());
                self.advance();
                Ok(name)
            }
            _ => Err(self.no_value(what)),
        }
    }

    /// Reads what stands in the round brackets that open next.
    pub fn in_brackets<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let open = self.at;
        let part = self.nested(|parser| {
            parser.advance();
            read(parser)
        })?;
        if self.eat(")") {
            return Ok(part);
        }
        Err(self.not_closed(open))
    }

    /// Something other than `)` behind what belongs into the bracket at the token `open`.
    fn not_closed(&mut self, open: usize) -> GivenUp {
        if let Some(fault) = self.dotted_name(self.at + 1) {
            return fault;
        }
        if self.tokens.close_of(open).is_some() && !self.is_if() {
            return self.fault_here(words::too_much_in_bracket(self.shown()));
        }
        if !self.is_bad() {
            let words = words::not_closed(self.kind(), self.shown());
            self.faults.report_with(self.here(), words, self.span_of(open), "opened here");
        }
        GivenUp
    }

    fn args(&mut self) -> Result<Args> {
        let open = self.at.saturating_sub(1);
        let named = self.is_column();
        let (mut positional, mut columns) = (Vec::new(), Vec::new());
        loop {
            if self.is_column() != named && !self.is_bad() {
                let words = match self.peek(1).kind.is_comparison() {
                    true => words::condition_in_brackets(self.question(open).as_deref()),
                    false => words::mixed_arguments(),
                };
                return Err(self.fault_here(words));
            }
            if named {
                columns.push(self.column(open)?);
            } else {
                positional.push(self.arg(open)?);
            }
            let comma = self.here();
            if !self.eat(",") {
                break;
            }
            if self.is(")") {
                self.faults.report_at(comma, words::trailing_comma());
                break;
            }
        }
        Ok(if named { Args::Named(columns) } else { Args::Positional(positional) })
    }

    /// Whether the token at an index begins a rule.
    pub fn is_head(&self, index: usize) -> bool {
        self.is_rule && index.checked_sub(1).is_none_or(|before| self.tokens.get(before).kind.is("."))
    }

    fn is_column(&self) -> bool {
        matches!(self.kind(), TokenKind::Word(_) | TokenKind::Variable(_)) && self.peek(1).kind.is(":")
    }

    /// Whether a column and what it is, or is compared with, stand at an index.
    fn begins_column(&self, index: usize) -> bool {
        let behind = &self.tokens.get(index + 1).kind;
        self.word_at(index).is_some() && (behind.is(":") || behind.is_comparison())
    }

    fn column(&mut self, open: usize) -> Result<(Name, Expr)> {
        if let TokenKind::Variable(name) = self.kind() {
            return Err(self.fault_here(words::variable_column(name)));
        }
        let name = self.name("the name of a column")?;
        self.advance();
        Ok((name, self.arg(open)?))
    }

    /// An argument in the bracket at the token `open`.
    fn arg(&mut self, open: usize) -> Result<Expr> {
        if let Some(fault) = self.condition_as_argument(open) {
            return Err(fault);
        }
        let start = self.at;
        let arg = self.expr()?;
        match self.kind() {
            // The fault is then that the bracket is not closed before this.
            _ if self.is_if() || self.tokens.close_of(open).is_none() => Ok(arg),
            TokenKind::Mark("," | ")" | "." | "]") | TokenKind::End => Ok(arg),
            TokenKind::Mark(":") => Err(match self.dashed(start) {
                Some(fault) => fault,
                None => self.fault_here(words::mixed_arguments()),
            }),
            kind if kind.is_comparison() => {
                let words = match &arg.node {
                    ExprKind::Name(decision) if self.is("=") && self.word_at(open - 1) == Some(DECIDED) => {
                        words::decided_equals(decision, self.value_at(self.at + 1))
                    }
                    ExprKind::Name(column) if self.is("=") => {
                        words::column_equals(column, self.question(open).as_deref())
                    }
                    _ => words::condition_in_brackets(self.question(open).as_deref()),
                };
                Err(self.fault_here(words))
            }
            _ => Err(match self.unit() {
                Some(fault) => fault,
                None => self.fault_here(self.behind_argument(open, start)),
            }),
        }
    }

    /// What is said of something behind the argument begun at the token `start`, in the bracket at the token `open`.
    fn behind_argument(&self, open: usize, start: usize) -> words::Words {
        let before = self.shown_from(open - 1, start - 1);
        match self.word() {
            Some(joint) if joint.as_ref() == "and" && self.begins_column(self.at + 1) => {
                words::joined_columns(self.question(open).as_deref())
            }
            Some(joint) if matches!(joint.as_ref(), "or" | "and") => {
                let is_named = before.ends_with(':');
                let is_lone = self.peek(2).kind.is(")") && start == open + if is_named { 3 } else { 1 };
                let condition = |value: &str| format!("{before}{}{value})", if is_named { " " } else { "" });
                let each = self.lone_value_at(self.at + 1).filter(|_| is_lone);
                let one = self.shown_from(start, self.at - 1);
                if let Some(other) = each.filter(|_| self.is_head(open - 1)) {
                    return words::joined_heads(joint, &condition(one), &condition(other));
                }
                let each = each.map(|other| (condition(one), condition(other)));
                let whole = each.map(|(one, other)| match joint.as_ref() {
                    "or" => self.group_in_place_of(open - 1, &format!("{one} or {other}")),
                    _ => self.in_place_of(open - 1, &format!("{one}, {other}")),
                });
                words::joined_arguments(joint, whole.as_deref())
            }
            Some(word) if word.as_ref() == "in" && start + 1 == self.at && self.word_at(start).is_some() => {
                words::condition_in_brackets(self.question(open).as_deref())
            }
            _ => words::behind_argument(self.shown()),
        }
    }
}
