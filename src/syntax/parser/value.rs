//! `factor = "-" factor | "(" expr ")" | function | term`: names, variables and constants.

use std::sync::Arc;

use super::{GivenUp, Parser, Result, words};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{Constant, Expr, ExprKind, Spanned};
use crate::syntax::words::{DECIDED, aggregate_kind, function_kind, is_reserved, test_kind};
use crate::value::Number;

impl Parser<'_, '_> {
    /// Whether the next token may begin an expression.
    pub fn begins_value(&self) -> bool {
        match self.kind() {
            TokenKind::Word(word) => {
                !is_reserved(word)
                    || matches!(word.as_ref(), "true" | "false")
                    || function_kind(word).is_some()
                    || aggregate_kind(word).is_some()
            }
            TokenKind::Mark(mark) => matches!(*mark, "(" | "-"),
            TokenKind::Bad | TokenKind::End => false,
            _ => true,
        }
    }

    /// What arithmetic is about.
    pub fn factor(&mut self) -> Result<Expr> {
        let start = self.at;
        let node = match self.kind() {
            TokenKind::Mark("-") => return self.minus(),
            TokenKind::Mark("(") => {
                let inner = self.in_brackets(Self::expr)?;
                return Ok(Spanned::new(inner.node, self.since(start)));
            }
            TokenKind::Word(word) => return self.word_value(word),
            TokenKind::Variable(name) => ExprKind::Variable(Arc::clone(name)),
            TokenKind::Wildcard => ExprKind::Wildcard,
            TokenKind::Text(text) => ExprKind::Constant(Constant::Text(Arc::clone(text))),
            TokenKind::Number(number) => ExprKind::Constant(Constant::Number(*number)),
            TokenKind::Date(date) => ExprKind::Constant(Constant::Date(*date)),
            TokenKind::Integer(n) => match i64::try_from(*n) {
                Ok(n) => ExprKind::Constant(Constant::Integer(n)),
                Err(_) => return Err(self.fault_here(words::integer_too_large(self.shown()))),
            },
            _ => return Err(self.no_value("a value")),
        };
        self.advance();
        Ok(Spanned::new(node, self.since(start)))
    }

    /// A minus directly before a number is a part of it, so that the least integer can be written.
    fn minus(&mut self) -> Result<Expr> {
        let start = self.at;
        let constant = match self.peek(1).kind {
            TokenKind::Integer(n) => Some(Constant::Integer(0_i64.wrapping_sub_unsigned(n))),
            TokenKind::Number(n) => Number::new(-n.get()).map(Constant::Number),
            _ => None,
        };
        self.advance();
        if let Some(constant) = constant {
            self.advance();
            return Ok(Spanned::new(ExprKind::Constant(constant), self.since(start)));
        }
        let operand = self.nested(Self::factor)?;
        Ok(Spanned::new(ExprKind::Negate(Box::new(operand)), self.since(start)))
    }

    fn word_value(&mut self, word: &Arc<str>) -> Result<Expr> {
        let start = self.at;
        if let Some(function) = aggregate_kind(word) {
            return self.aggregate(function);
        }
        if let Some(function) = function_kind(word) {
            self.advance();
            if !self.is("(") {
                return Err(self.fault(self.span_of(start), words::function_shape(word)));
            }
            let argument = self.in_brackets(Self::expr)?;
            return Ok(Spanned::new(ExprKind::Call(function, Box::new(argument)), self.since(start)));
        }
        let node = match word.as_ref() {
            "true" | "false" => ExprKind::Constant(Constant::Bool(word.as_ref() == "true")),
            _ if is_reserved(word) => return Err(self.no_value("a value")),
            _ => ExprKind::Name(Arc::clone(word)),
        };
        self.advance();
        if self.is("(") {
            return Err(self.value_with_brackets(start));
        }
        Ok(Spanned::new(node, self.since(start)))
    }

    /// `name(…)` where a value is expected; the name has been taken.
    fn value_with_brackets(&mut self, start: usize) -> GivenUp {
        if let Some(fault) = self.dashed(start) {
            return fault;
        }
        if let Some(fault) = self.quantifier(start) {
            return fault;
        }
        let words = self.no_function(start);
        self.fault(self.span_of(start), words)
    }

    /// What is said of the `name(…)` at a token that is no value.
    pub fn no_function(&self, index: usize) -> words::Words {
        let name = self.shown_from(index, index);
        let alone = self.tokens.get(index + 3).kind.is(")");
        let argument = self.word_at(index + 2).filter(|_| alone);
        words::foreign_function(name, argument)
            .or_else(|| Some(words::compared_with_truth(name, self.truth_behind(index + 1)?)))
            .unwrap_or_else(|| words::atom_as_value(name))
    }

    /// What the bracket that opens at a token is compared with, if that is `true` or `false`.
    fn truth_behind(&self, open: usize) -> Option<bool> {
        let close = self.tokens.close_of(open)?;
        let is_equal = match &self.tokens.get(close + 1).kind {
            equals if equals.is("=") => true,
            differs if differs.is("!=") => false,
            _ => return None,
        };
        match self.word_at(close + 2)? {
            "true" => Some(is_equal),
            "false" => Some(!is_equal),
            _ => None,
        }
    }

    /// Something that is no value, or a word of the language, where `what` is expected.
    pub fn no_value(&mut self, what: &str) -> GivenUp {
        if let Some(fault) = self.dashed(self.at) {
            return fault;
        }
        if let Some(fault) = self.percent().or_else(|| self.odd_mark(what)) {
            return fault;
        }
        if self.is(".") && self.tokens.touches_next(self.at) && matches!(self.peek(1).kind, TokenKind::Integer(_)) {
            let fault = self.fault_here(words::no_digit_before_point());
            self.advance();
            return fault;
        }
        let Some(word) = self.word().filter(|word| is_reserved(word)) else { return self.expected(what) };
        let words = match word.as_ref() {
            "and" | "or" if self.at > 0 => return self.expected(what),
            DECIDED => words::decided_alone(),
            _ if test_kind(word).is_some() && self.peek(1).kind.is("(") => words::atom_as_value(word),
            _ => words::keyword(word, what),
        };
        self.fault_here(words)
    }

    /// Reports a mark that has no place where `what` is expected, if it is plain what was meant by it.
    fn odd_mark(&mut self, what: &str) -> Option<GivenUp> {
        let before = self.at.checked_sub(1)?;
        let [first, second] = [before, self.at].map(|index| self.shown_from(index, index));
        let is_argument = matches!(self.tokens.get(before).kind, TokenKind::Mark("(" | "," | ":"));
        if let Some(meant) = words::joined_operator(first, second).filter(|_| what == "a value") {
            let span = self.span_of(before).to(self.here());
            return Some(self.fault(span, words::operator_in_two(self.shown_from(before, self.at), meant)));
        }
        if self.is("+") && self.is_number_at(self.at + 1) {
            return Some(self.fault_here(words::plus(self.shown_from(self.at + 1, self.at + 1))));
        }
        if self.is("*") && is_argument && matches!(self.peek(1).kind, TokenKind::Mark(")" | ",")) {
            return Some(self.fault_here(words::star()));
        }
        None
    }

    /// Reports `source.kind`, whose second half the token at `index` is, if it is that.
    pub fn dotted_name(&mut self, index: usize) -> Option<GivenUp> {
        if !self.is_dotted(index) {
            return None;
        }
        let (question, last) = self.dotted_question(index).unzip();
        let words = words::dotted(self.shown_from(index - 2, index - 2), self.shown_from(index, index), question);
        let fault = self.fault(self.span_of(index - 2).to(self.span_of(index)), words);
        self.at = self.at.max(last.unwrap_or_default());
        Some(fault)
    }

    /// `part.kind = battery and part.age > 5`, of which the token at `index` is the first column, as one question; with
    /// the last token of it.
    fn dotted_question(&self, index: usize) -> Option<(String, usize)> {
        let relation = self.word_at(index.checked_sub(2)?)?;
        let (mut columns, mut column) = (Vec::new(), index);
        while let Some((asked, end)) = self.column_asked(column) {
            columns.push(asked);
            let is_further = (self.tokens.get(end).kind.is(",") || self.word_at(end) == Some("and"))
                && self.word_at(end + 1) == Some(relation)
                && self.is_dotted(end + 3);
            if !is_further {
                return Some((words::column_question(relation, &columns), end - 1));
            }
            column = end + 3;
        }
        None
    }

    /// Whether the token at `index` is a word that follows another without a blank, with a point between them.
    pub fn is_dotted(&self, index: usize) -> bool {
        let Some(first) = index.checked_sub(2) else { return false };
        self.tokens.get(index - 1).kind.is(".")
            && self.word_at(first).is_some()
            && self.word_at(index).is_some()
            && self.tokens.touches_next(first)
            && self.tokens.touches_next(index - 1)
    }

    /// Reports the name with minuses in it that the token at `index` is a part of, if it is one.
    pub fn dashed(&mut self, index: usize) -> Option<GivenUp> {
        let (first, last) = self.dashed_name(index)?;
        let span = self.span_of(first).to(self.span_of(last));
        self.at = self.at.max(last + 1);
        Some(self.fault(span, words::dashed(self.shown_from(first, last), self.is_rule)))
    }

    /// The first and last token of `in-progress` or `on-hold`, written without a blank.
    fn dashed_name(&self, index: usize) -> Option<(usize, usize)> {
        let part = |index: usize| {
            matches!(self.tokens.get(index).kind, TokenKind::Word(_) | TokenKind::Variable(_) | TokenKind::Integer(_))
        };
        let joined = |index: usize| {
            self.tokens.get(index + 1).kind.is("-")
                && self.tokens.touches_next(index)
                && self.tokens.touches_next(index + 1)
                && part(index + 2)
        };
        let mut first = if self.tokens.get(index).kind.is("-") { index.checked_sub(1)? } else { index };
        while let Some(before) = first.checked_sub(2).filter(|before| part(*before) && joined(*before)) {
            first = before;
        }
        let mut last = first;
        while joined(last) {
            last += 2;
        }
        let is_name = last > first && matches!(self.tokens.get(first).kind, TokenKind::Word(_));
        is_name.then_some((first, last))
    }
}
