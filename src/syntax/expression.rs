//! Expressions, comparisons and tests: the second half of the parser.

use std::sync::Arc;

use super::lexer::TokenKind;
use super::parser::{GivenUp, Parser, RESERVED, Result};
use super::tree::{
    AggregateKind, ArithmeticOp, CompareOp, Constant, Expr, ExprKind, Formula, FormulaKind, FunctionKind, Spanned,
    TestKind,
};
use crate::value::Number;

fn compare_op(kind: &TokenKind) -> Option<CompareOp> {
    Some(match kind {
        TokenKind::Mark("=") => CompareOp::Eq,
        TokenKind::Mark("!=") => CompareOp::Ne,
        TokenKind::Mark("<") => CompareOp::Lt,
        TokenKind::Mark("<=") => CompareOp::Le,
        TokenKind::Mark(">") => CompareOp::Gt,
        TokenKind::Mark(">=") => CompareOp::Ge,
        _ => return None,
    })
}

fn test_kind(word: &str) -> Option<TestKind> {
    let all = [TestKind::Contains, TestKind::StartsWith, TestKind::EndsWith, TestKind::Matches];
    all.into_iter().find(|test| test.as_str() == word)
}

fn aggregate_kind(word: &str) -> Option<AggregateKind> {
    let all = [AggregateKind::Count, AggregateKind::Sum, AggregateKind::Min, AggregateKind::Max];
    all.into_iter().find(|aggregate| aggregate.as_str() == word)
}

fn function_kind(word: &str) -> Option<FunctionKind> {
    [FunctionKind::Length, FunctionKind::Lower, FunctionKind::Upper].into_iter().find(|f| f.as_str() == word)
}

impl Parser<'_> {
    /// A test, an atom or a comparison.
    pub fn simple_literal(&mut self, start: usize) -> Result<Formula> {
        if let TokenKind::Word(word) = self.kind() {
            if let Some(test) = test_kind(word) {
                return self.test(test, start);
            }
            if !RESERVED.contains(&word.as_ref()) || word.as_ref() == "decided" {
                return self.atom_or_comparison(start);
            }
        }
        let left = self.expr()?;
        self.comparison(start, left)
    }

    /// A name with an operator behind it is a value; else an atom.
    fn atom_or_comparison(&mut self, start: usize) -> Result<Formula> {
        let next = &self.peek(1).kind;
        let operator = compare_op(next).is_some() || matches!(next, TokenKind::Mark("+" | "-" | "*" | "/" | "%"));
        let list = matches!(next, TokenKind::Word(w) if w.as_ref() == "in")
            || (matches!(next, TokenKind::Word(w) if w.as_ref() == "not")
                && matches!(&self.peek(2).kind, TokenKind::Word(w) if w.as_ref() == "in"));
        if operator || list {
            let left = self.expr()?;
            return self.comparison(start, left);
        }
        let atom = self.atom()?;
        if compare_op(self.kind()).is_some() {
            let help = format!("use a variable: `{}(…, X)` and then `X = …`", atom.name.node);
            let message = format!("`{}(…)` holds or does not hold; it has no value to compare", atom.name.node);
            return Err(self.error_at(self.here(), message, help));
        }
        Ok(Spanned::new(FormulaKind::Atom(atom), self.since(start)))
    }

    fn test(&mut self, test: TestKind, start: usize) -> Result<Formula> {
        self.advance();
        let open = self.here();
        if !self.is("(") {
            let help = format!("write `{}(title, \"…\")`", test.as_str());
            return Err(self.error_at(open, format!("`{}` needs two values in brackets", test.as_str()), help));
        }
        self.advance();
        let (subject, pattern) = self.nested(|parser| {
            let subject = parser.expr()?;
            if !parser.eat(",") {
                let at = parser.here();
                return Err(parser.expected(at, "a comma and what to look for"));
            }
            Ok((subject, parser.expr()?))
        })?;
        self.close(open)?;
        Ok(Spanned::new(FormulaKind::Test { test, subject, pattern }, self.since(start)))
    }

    fn comparison(&mut self, start: usize, left: Expr) -> Result<Formula> {
        if let Some(op) = compare_op(self.kind()) {
            self.advance();
            let right = self.operand_of_comparison()?;
            return Ok(Spanned::new(FormulaKind::Compare { left, op, right }, self.since(start)));
        }
        let negated = self.is_word("not") && matches!(&self.peek(1).kind, TokenKind::Word(w) if w.as_ref() == "in");
        if negated {
            self.advance();
        }
        if self.is_word("in") {
            if self.is_dashed_in() {
                let help = "names are written with `_`, as in `in_progress`";
                return Err(self.error_at(self.here(), "`in-` reads as the word `in` and a minus", help));
            }
            self.advance();
            let list = self.list()?;
            return Ok(Spanned::new(FormulaKind::In { subject: left, negated, list }, self.since(start)));
        }
        Err(self.no_comparison(&left))
    }

    /// `in-progress`: an option written with a minus.
    fn is_dashed_in(&self) -> bool {
        matches!(&self.peek(1).kind, TokenKind::Mark("-"))
    }

    fn operand_of_comparison(&mut self) -> Result<Expr> {
        if self.is_word("in") && self.is_dashed_in() {
            let word = match &self.peek(2).kind {
                TokenKind::Word(word) => word.as_ref(),
                _ => "…",
            };
            let help = format!("names are written with `_`: `in_{word}`");
            return Err(self.error_at(self.here(), format!("`in-{word}` reads as minus"), help));
        }
        self.expr()
    }

    fn no_comparison(&mut self, left: &Expr) -> GivenUp {
        let at = self.here();
        match (&left.node, self.kind()) {
            (_, TokenKind::Bad) => GivenUp,
            (ExprKind::Variable(name), TokenKind::Mark("(")) => {
                let help = format!("names of relations are lower-case: write `{}(…)`", name.to_lowercase());
                self.error_at(left.span, format!("`{name}` reads as a variable"), help)
            }
            (ExprKind::Variable(name), _) if matches!(name.to_lowercase().as_str(), "not" | "and" | "or" | "if") => {
                let help = format!("write `{}` in lower case", name.to_lowercase());
                self.error_at(left.span, format!("`{name}` reads as a variable"), help)
            }
            (ExprKind::Variable(name), _) => {
                let help = format!(
                    "facts and conclusions are lower-case: write `{}`, or compare the variable",
                    name.to_lowercase()
                );
                self.error_at(left.span, format!("the variable `{name}` is no condition by itself"), help)
            }
            (ExprKind::Constant(Constant::Bool(_)), _) => self.error_at(
                left.span,
                "`true` and `false` are no conditions by themselves",
                "write `fact` or `not fact`",
            ),
            _ => {
                let help = "compare it with `=`, `!=`, `<`, `<=`, `>`, `>=` or `in [ … ]`";
                self.error_at(at, "a value stands where a condition is expected", help)
            }
        }
    }

    fn list(&mut self) -> Result<Vec<Expr>> {
        let open = self.here();
        if !self.eat("[") {
            return Err(self.error_at(open, "`in` needs a list in square brackets", "write `in [one, other]`"));
        }
        let mut list = Vec::new();
        loop {
            if self.is("]") && list.is_empty() {
                return Err(self.error_at(self.here(), "the list is empty", "write at least one value in it"));
            }
            list.push(self.list_constant()?);
            if self.eat("]") {
                return Ok(list);
            }
            if !self.eat(",") {
                let at = self.here();
                return Err(self.expected(at, "a comma or `]`"));
            }
        }
    }

    fn list_constant(&mut self) -> Result<Expr> {
        let at = self.here();
        let expr = self.factor()?;
        match expr.node {
            ExprKind::Name(_) | ExprKind::Constant(_) => Ok(expr),
            _ => Err(self.error_at(at, "a list holds constants only", "write options, texts, numbers or dates")),
        }
    }

    /// `product { (+|-) product }`, to the left.
    pub fn expr(&mut self) -> Result<Expr> {
        let start = self.at;
        let mut left = self.product()?;
        loop {
            let op = match self.kind() {
                TokenKind::Mark("+") => ArithmeticOp::Add,
                TokenKind::Mark("-") => ArithmeticOp::Subtract,
                _ => return Ok(left),
            };
            self.advance();
            let right = self.product()?;
            left = self.binary(start, op, left, right);
        }
    }

    fn product(&mut self) -> Result<Expr> {
        let start = self.at;
        let mut left = self.factor()?;
        loop {
            let op = match self.kind() {
                TokenKind::Mark("*") => ArithmeticOp::Multiply,
                TokenKind::Mark("/") => ArithmeticOp::Divide,
                TokenKind::Mark("%") => ArithmeticOp::Remainder,
                _ => return Ok(left),
            };
            self.advance();
            let right = self.factor()?;
            left = self.binary(start, op, left, right);
        }
    }

    fn binary(&self, start: usize, op: ArithmeticOp, left: Expr, right: Expr) -> Expr {
        Spanned::new(ExprKind::Binary { op, left: Box::new(left), right: Box::new(right) }, self.since(start))
    }

    fn factor(&mut self) -> Result<Expr> {
        let start = self.at;
        let kind = match self.kind() {
            TokenKind::Mark("-") => return self.minus(start),
            TokenKind::Mark("(") => {
                let inner = self.in_brackets(Self::expr)?;
                return Ok(Spanned::new(inner.node, self.since(start)));
            }
            TokenKind::Variable(name) => ExprKind::Variable(Arc::clone(name)),
            TokenKind::Wildcard => ExprKind::Wildcard,
            TokenKind::Text(text) => ExprKind::Constant(Constant::Text(Arc::clone(text))),
            TokenKind::Number(number) => ExprKind::Constant(Constant::Number(*number)),
            TokenKind::Date(date) => ExprKind::Constant(Constant::Date(*date)),
            TokenKind::Integer(n) => match i64::try_from(*n) {
                Ok(n) => ExprKind::Constant(Constant::Integer(n)),
                Err(_) => {
                    let help = "integers go up to 9223372036854775807";
                    return Err(self.error_at(self.here(), format!("`{n}` is too large for an integer"), help));
                }
            },
            TokenKind::Word(word) => return self.word(start, &Arc::clone(word)),
            _ => {
                let at = self.here();
                return Err(self.expected(at, "a value"));
            }
        };
        self.advance();
        Ok(Spanned::new(kind, self.since(start)))
    }

    /// A minus directly before a number is a part of it.
    fn minus(&mut self, start: usize) -> Result<Expr> {
        self.advance();
        let constant = match self.kind() {
            TokenKind::Integer(n) => Some(Constant::Integer(0_i64.wrapping_sub_unsigned(*n))),
            TokenKind::Number(n) => Number::new(-n.get()).map(Constant::Number),
            _ => None,
        };
        if let Some(constant) = constant {
            self.advance();
            return Ok(Spanned::new(ExprKind::Constant(constant), self.since(start)));
        }
        let inner = self.nested(Self::factor)?;
        Ok(Spanned::new(ExprKind::Negate(Box::new(inner)), self.since(start)))
    }

    fn word(&mut self, start: usize, word: &Arc<str>) -> Result<Expr> {
        if matches!(word.as_ref(), "true" | "false") {
            self.advance();
            let constant = Constant::Bool(word.as_ref() == "true");
            return Ok(Spanned::new(ExprKind::Constant(constant), self.since(start)));
        }
        if let Some(function) = function_kind(word) {
            let inner = self.call(word, Self::expr)?;
            return Ok(Spanned::new(ExprKind::Call(function, Box::new(inner)), self.since(start)));
        }
        if let Some(function) = aggregate_kind(word) {
            let (of, body) = self.call(word, |parser| parser.aggregate(function))?;
            let kind = ExprKind::Aggregate { function, of: of.map(Box::new), body: Box::new(body) };
            return Ok(Spanned::new(kind, self.since(start)));
        }
        let name = self.name("a value")?;
        if self.is("(") {
            let help =
                format!("write it as a condition of its own with a variable: `{}(X)`, and use `X` here", name.node);
            return Err(self.error_at(name.span, format!("`{}(…)` has no value", name.node), help));
        }
        Ok(Spanned::new(ExprKind::Name(name.node), self.since(start)))
    }

    fn call<T>(&mut self, word: &str, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.advance();
        if !self.is("(") {
            let help = format!("write `{word}(…)`; a fact or option needs another name than `{word}`");
            return Err(self.error_at(self.here(), format!("`{word}` needs brackets"), help));
        }
        self.in_brackets(parse)
    }

    /// `body` or `of : body`; the brackets tell which, for a colon outside inner brackets is only in the second.
    fn aggregate(&mut self, function: AggregateKind) -> Result<(Option<Expr>, Formula)> {
        if function == AggregateKind::Count && !self.colon_in_bracket() {
            return Ok((None, self.body()?));
        }
        let of = self.expr()?;
        if !self.eat(":") {
            let help = format!("write `{}(X : relation(X))`", function.as_str());
            let message = format!("`{}` needs what it is over, a colon and a condition", function.as_str());
            return Err(self.error_at(self.here(), message, help));
        }
        Ok((Some(of), self.body()?))
    }
}
