//! `"count" "(" body ")"` and `( "count" | "sum" | "min" | "max" ) "(" expr ":" body ")"`.

use super::{GivenUp, Parser, Result, words};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{AggregateKind, Expr, ExprKind, Formula, Spanned};

impl Parser<'_, '_> {
    /// The aggregate whose name comes next.
    pub fn aggregate(&mut self, function: AggregateKind) -> Result<Expr> {
        let start = self.at;
        self.advance();
        if !self.is("(") {
            return Err(self.fault(self.span_of(start), words::aggregate_shape(function)));
        }
        if let Some(fault) = self.closed_too_late(start) {
            return Err(fault);
        }
        // A colon that is in no bracket further inside tells the two forms apart.
        let has_colon = self.tokens.has_colon(self.at);
        let (of, body) =
            self.in_brackets(|parser| if has_colon { parser.over_and_body() } else { parser.body_alone(function) })?;
        let node = ExprKind::Aggregate { function, of: of.map(Box::new), body: Box::new(body) };
        Ok(Spanned::new(node, self.since(start)))
    }

    /// Reports that the bracket that opens next is never closed, if a value is compared in it that belongs before it:
    /// `count(source(kind: custom) > 2`.
    fn closed_too_late(&mut self, start: usize) -> Option<GivenUp> {
        let open = self.at;
        if self.tokens.close_of(open).is_some() {
            return None;
        }
        let is_late =
            |index: usize| self.tokens.get(index).kind.is_comparison() && self.tokens.get(index - 1).kind.is(")");
        let late = self.first_in_bracket(open, is_late)?;
        let written = self.shown_from(start, late - 1);
        let words = words::aggregate_not_closed(self.shown_from(start, open), self.shown_from(late, late), written);
        self.faults.report_with(self.span_of(late), words, self.span_of(open), "opened here");
        Some(GivenUp)
    }

    fn over_and_body(&mut self) -> Result<(Option<Expr>, Formula)> {
        let of = self.expr()?;
        if !self.eat(":") {
            return Err(self.expected("a colon and a condition"));
        }
        Ok((Some(of), self.body()?))
    }

    fn body_alone(&mut self, function: AggregateKind) -> Result<(Option<Expr>, Formula)> {
        let over_value = matches!(self.kind(), TokenKind::Variable(_)) && self.peek(1).kind.is(")");
        if self.is(")") || over_value || function != AggregateKind::Count {
            return Err(self.fault_here(words::no_aggregate_body(function)));
        }
        Ok((None, self.body()?))
    }
}
