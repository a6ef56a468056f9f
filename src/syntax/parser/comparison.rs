//! Comparisons, `in` and the tests of texts.

use super::{GivenUp, Parser, Result, words};
use crate::source::Span;
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{CompareOp, Constant, Expr, ExprKind, Formula, FormulaKind, Spanned, TestKind};
use crate::syntax::words::is_capital_keyword;

impl Parser<'_, '_> {
    /// `expr op expr`, `expr in [ … ]`, `expr not in [ … ]`.
    pub fn comparison(&mut self) -> Result<Formula> {
        let start = self.at;
        let subject = self.operand("a condition")?;
        if let Some(op) = compare_op(self.kind()) {
            self.advance();
            let right = self.operand("a value")?;
            if self.kind().is_comparison() || self.is_word("in") || self.is_not_in() {
                return Err(self.fault_here(words::second_comparison(self.shown_from(start, self.at - 1))));
            }
            return Ok(Spanned::new(FormulaKind::Compare { left: subject, op, right }, self.since(start)));
        }
        let negated = self.is_not_in();
        if negated {
            self.advance();
        }
        if self.eat_in() {
            let list = self.list()?;
            return Ok(Spanned::new(FormulaKind::In { subject, negated, list }, self.since(start)));
        }
        Err(self.no_condition(start, &subject))
    }

    fn eat_in(&mut self) -> bool {
        let found = self.is_word("in");
        if found {
            self.advance();
        }
        found
    }

    fn operand(&mut self, what: &str) -> Result<Expr> {
        if self.begins_value() { self.expr() } else { Err(self.no_value(what)) }
    }

    /// A value that is compared with nothing.
    fn no_condition(&mut self, start: usize, value: &Expr) -> GivenUp {
        if self.is_bad() {
            return GivenUp;
        }
        if let Some(fault) = self.dashed(start) {
            return fault;
        }
        if let Some(word) = self.word().filter(|word| matches!(word.as_ref(), "is" | "equals")) {
            return self.fault_here(words::equals_word(word));
        }
        let words = match (&value.node, self.kind()) {
            (ExprKind::Variable(name), _) if is_capital_keyword(name) => words::capital_keyword(name),
            (ExprKind::Variable(name), TokenKind::Mark("(")) => words::variable_relation(name),
            (ExprKind::Variable(name), _) => words::variable_condition(name),
            (ExprKind::Constant(Constant::Bool(_)), _) => words::bool_condition(),
            (ExprKind::Constant(Constant::Integer(_)), _) if self.is_thousands(start) => words::thousands(),
            _ => words::value_condition(),
        };
        self.fault(value.span, words)
    }

    /// Whether the integer at `start` is the second half of `1,000`.
    fn is_thousands(&self, start: usize) -> bool {
        let Some(before) = start.checked_sub(2) else { return false };
        matches!(self.tokens.get(before).kind, TokenKind::Integer(_))
            && self.tokens.get(start - 1).kind.is(",")
            && self.tokens.touches_next(before)
            && self.tokens.touches_next(start - 1)
    }

    /// `contains(subject, pattern)` and its kin.
    pub fn test(&mut self, test: TestKind) -> Result<Formula> {
        let start = self.at;
        self.advance();
        if !self.is("(") {
            return Err(self.fault(self.span_of(start), words::test_shape(test)));
        }
        let (subject, pattern) = self.in_brackets(|parser| {
            let subject = parser.expr()?;
            if !parser.eat(",") {
                return Err(parser.fault_here(words::test_shape(test)));
            }
            Ok((subject, parser.expr()?))
        })?;
        if self.kind().is_comparison() {
            return Err(self.fault_here(words::compared_condition()));
        }
        Ok(Spanned::new(FormulaKind::Test { test, subject, pattern }, self.since(start)))
    }

    fn list(&mut self) -> Result<Vec<Expr>> {
        if !self.is("[") {
            return Err(self.fault_here(words::no_list(self.kind(), self.shown())));
        }
        let open = self.here();
        self.advance();
        if self.is("]") {
            return Err(self.fault(open.to(self.here()), words::empty_list()));
        }
        let mut list = vec![self.list_item()?];
        loop {
            let comma = self.here();
            if self.eat("]") {
                return Ok(list);
            }
            if !self.eat(",") {
                return Err(self.behind_item(open));
            }
            if self.eat("]") {
                self.faults.report_at(comma, words::trailing_comma());
                return Ok(list);
            }
            list.push(self.list_item()?);
        }
    }

    fn behind_item(&mut self, open: Span) -> GivenUp {
        if self.is_end() || self.is(".") || self.is(")") {
            self.faults.report_with(
                self.here(),
                words::list_not_closed(self.kind(), self.shown()),
                open,
                "opened here",
            );
            return GivenUp;
        }
        if self.kind().is_arithmetic() || self.is("(") {
            return self.fault_here(words::no_constant());
        }
        self.expected("a comma or `]`")
    }

    fn list_item(&mut self) -> Result<Expr> {
        let start = self.at;
        if let Some(fault) = self.dashed(start) {
            return Err(fault);
        }
        match self.kind() {
            TokenKind::Variable(name) => return Err(self.fault_here(words::variable_in_list(name))),
            TokenKind::Wildcard | TokenKind::Mark("(") => return Err(self.fault_here(words::no_constant())),
            _ => {}
        }
        let item = self.factor()?;
        match item.node {
            ExprKind::Name(_) | ExprKind::Constant(_) => Ok(item),
            _ => Err(self.fault(item.span, words::no_constant())),
        }
    }
}

fn compare_op(kind: &TokenKind) -> Option<CompareOp> {
    let TokenKind::Mark(mark) = kind else { return None };
    [CompareOp::Eq, CompareOp::Ne, CompareOp::Lt, CompareOp::Le, CompareOp::Gt, CompareOp::Ge]
        .into_iter()
        .find(|op| op.as_str() == *mark)
}
