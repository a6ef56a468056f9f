//! Comparisons, `in` and the tests of texts.

use super::{GivenUp, Parser, Result, words};
use crate::source::Span;
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{CompareOp, Constant, Expr, ExprKind, Formula, FormulaKind, Spanned, TestKind};
use crate::syntax::words::{is_capital_keyword, is_reserved};

impl<'t> Parser<'t, '_> {
    /// `expr op expr`, `expr in [ … ]`, `expr not in [ … ]`.
    pub fn comparison(&mut self) -> Result<Formula> {
        let start = self.at;
        let subject = self.operand("a condition")?;
        if let Some(op) = compare_op(self.kind()) {
            self.advance();
            if let Some(fault) = self.no_single_value(start, op) {
                return Err(fault);
            }
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
            let list = self.list(start)?;
            return Ok(Spanned::new(FormulaKind::In { subject, negated, list }, self.since(start)));
        }
        Err(self.no_condition(start, &subject))
    }

    /// Reports `not`, or several values, behind a comparison whose left side begins at `start`.
    fn no_single_value(&mut self, start: usize, op: CompareOp) -> Option<GivenUp> {
        let subject = self.shown_from(start, self.at - 2);
        let behind = &self.peek(1).kind;
        let before_value = self.constant_at(self.at + 1).is_some()
            || is_value(behind)
            || behind.is("(")
            || matches!(behind, TokenKind::Variable(_));
        if (self.is_word("not") || self.is("!")) && before_value {
            let words = words::not_before_value(subject, op, self.constant_at(self.at + 1));
            return Some(self.fault_here(words));
        }
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) || !(self.is("[") || self.is("(")) {
            return None;
        }
        let close = self.tokens.close_of(self.at)?;
        if self.is("[") && close == self.at + 1 {
            let words = words::asked_whether_empty("[]", subject, op == CompareOp::Ne);
            return Some(self.fault(self.here().to(self.span_of(close)), words));
        }
        let words = words::several_values(subject, op, &self.values_before(close)?);
        Some(self.fault(self.here().to(self.span_of(close)), words))
    }

    /// The token at an index if it is a value and no more belongs to it.
    pub fn lone_value_at(&self, index: usize) -> Option<&'t str> {
        let [value, behind] = [index, index + 1].map(|index| &self.tokens.get(index).kind);
        let alone = is_value(value) && !behind.is_arithmetic() && !behind.is("(");
        alone.then(|| self.shown_from(index, index))
    }

    /// The same, with `true` and `false`.
    pub fn constant_at(&self, index: usize) -> Option<&'t str> {
        let truth = self.word_at(index).filter(|word| matches!(*word, "true" | "false"));
        truth.or_else(|| self.lone_value_at(index))
    }

    /// The value at an index, without what may be wrong behind it; all of the literal if it is no single one.
    pub fn value_at(&self, index: usize) -> &'t str {
        self.constant_at(index).unwrap_or_else(|| self.rest_of_literal(index))
    }

    /// Values with something between them in the bracket that comes next; one alone only in `[ ]`.
    fn values_before(&self, close: usize) -> Option<Vec<&str>> {
        let mut values = Vec::new();
        for index in (self.at + 1..close).step_by(2) {
            let joint = &self.tokens.get(index + 1).kind;
            let joined = index + 1 == close || joint.is(",") || joint.is_word("or") || joint.is(";");
            if !joined || !is_value(&self.tokens.get(index).kind) {
                return None;
            }
            values.push(self.shown_from(index, index));
        }
        (values.len() > usize::from(self.is("("))).then_some(values)
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
        if let Some(fault) = self.comma_in_number(start).or_else(|| self.unit()).or_else(|| self.english(start)) {
            return fault;
        }
        let words = match (&value.node, self.kind()) {
            (ExprKind::Variable(name), _) if is_capital_keyword(name) => words::capital_keyword(name),
            (ExprKind::Variable(name), TokenKind::Mark("(")) => words::variable_relation(name),
            (ExprKind::Variable(name), _) => words::variable_condition(name),
            (ExprKind::Constant(Constant::Bool(_)), _) => words::bool_condition(),
            _ => words::value_condition(),
        };
        self.fault(value.span, words)
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
            let pattern = parser.expr()?;
            match parser.second_pattern(start) {
                Some(fault) => Err(fault),
                None => Ok((subject, pattern)),
            }
        })?;
        if self.kind().is_comparison() {
            return Err(self.fault_here(words::compared_condition()));
        }
        Ok(Spanned::new(FormulaKind::Test { test, subject, pattern }, self.since(start)))
    }

    /// Reports `or "y"` in the brackets of the test begun at the token `start`, behind its first pattern.
    fn second_pattern(&mut self, start: usize) -> Option<GivenUp> {
        let joint = self.word_at(self.at).filter(|word| matches!(*word, "or" | "and"))?;
        let second = self.lone_value_at(self.at + 1).filter(|_| self.peek(2).kind.is(")"))?;
        self.tokens.get(self.at - 2).kind.is(",").then_some(())?;
        let (subject, first) = (self.shown_from(start, self.at - 2), self.shown_from(self.at - 1, self.at - 1));
        let each = format!("{subject} {first}) {joint} {subject} {second})");
        let words = words::joined_arguments(joint, Some(&self.group_in_place_of(start, &each)));
        Some(self.fault_here(words))
    }

    /// The list behind `in`; what is looked for begins at the token `start`.
    fn list(&mut self, start: usize) -> Result<Vec<Expr>> {
        if !self.is("[") {
            return Err(self.no_list(start));
        }
        let (open, is_closed) = (self.here(), self.tokens.close_of(self.at).is_some());
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
                return Err(self.range_in_list(start).unwrap_or_else(|| self.behind_item(open)));
            }
            if self.eat("]") {
                self.faults.report_at(comma, words::trailing_comma());
                return Ok(list);
            }
            if !is_closed && !self.is_listed() {
                return Err(self.list_not_closed(open));
            }
            list.push(self.list_item()?);
        }
    }

    fn no_list(&mut self, start: usize) -> GivenUp {
        let values = self.values_without_brackets();
        let negated = self.tokens.get(self.at - 2).kind.is_word("not");
        let subject = self.shown_from(start, self.at - if negated { 3 } else { 2 });
        let fault = self.fault_here(words::no_list(self.kind(), subject, negated, &values));
        // They are no conditions of their own.
        self.at = (self.at + (2 * values.len()).saturating_sub(1)).min(self.tokens.last());
        fault
    }

    /// The values that come next with `,` or `or` between them.
    fn values_without_brackets(&self) -> Vec<&'t str> {
        let mut values = Vec::new();
        let mut index = self.at;
        while let Some(value) = self.lone_value_at(index).filter(|_| self.is_end_of_literal_at(index + 1)) {
            values.push(value);
            let joint = &self.tokens.get(index + 1).kind;
            if !joint.is(",") && !joint.is_word("or") {
                break;
            }
            index += 2;
        }
        values
    }

    /// Reports `[1..3]` behind the expression that begins at the token `start`, if the points of that come next.
    fn range_in_list(&mut self, start: usize) -> Option<GivenUp> {
        let is_range = self.is(".") && self.peek(1).kind.is(".") && is_value(&self.peek(2).kind);
        let is_single = self.tokens.get(start + 1).kind.is_word("in");
        if !is_range || !is_single {
            return None;
        }
        let shown = |index| self.shown_from(index, index);
        let words = words::range_in_list(shown(start), shown(self.at - 1), shown(self.at + 2));
        let fault = self.fault(self.span_of(self.at - 1).to(self.span_of(self.at + 2)), words);
        self.at += 3;
        Some(fault)
    }

    fn behind_item(&mut self, open: Span) -> GivenUp {
        if self.is_end() || self.is(".") || self.is(")") {
            return self.list_not_closed(open);
        }
        if self.kind().is_arithmetic() || self.is("(") {
            return self.fault_here(words::no_constant());
        }
        self.unit().unwrap_or_else(|| self.expected("a comma or `]`"))
    }

    /// Whether a value of a list may come next, with nothing behind it but what may follow it there.
    fn is_listed(&self) -> bool {
        let behind = &self.peek(1).kind;
        let goes_on = matches!(behind, TokenKind::End | TokenKind::Mark("," | "]" | "." | ")"));
        self.is_bad() || self.is("-") || (is_value(self.kind()) && goes_on)
    }

    fn list_not_closed(&mut self, open: Span) -> GivenUp {
        self.faults.report_with(self.here(), words::list_not_closed(self.kind(), self.shown()), open, "opened here");
        GivenUp
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

/// Whether a token is a name or a constant other than `true` and `false`.
pub fn is_value(kind: &TokenKind) -> bool {
    match kind {
        TokenKind::Word(word) => !is_reserved(word),
        TokenKind::Text(_) | TokenKind::Integer(_) | TokenKind::Number(_) | TokenKind::Date(_) => true,
        _ => false,
    }
}

/// The comparison that a token is.
pub fn compare_op(kind: &TokenKind) -> Option<CompareOp> {
    let TokenKind::Mark(mark) = kind else { return None };
    [CompareOp::Eq, CompareOp::Ne, CompareOp::Lt, CompareOp::Le, CompareOp::Gt, CompareOp::Ge]
        .into_iter()
        .find(|op| op.as_str() == *mark)
}
