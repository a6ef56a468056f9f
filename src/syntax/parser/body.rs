//! `body = conj { ( "or" | ";" ) conj }`, `conj = literal { ( "," | "and" ) literal }` and literals.
//!
//! A literal with a fault does not keep the ones behind it from being read.

use super::comparison::compare_op;
use super::{GivenUp, Parser, Result, words};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{Formula, FormulaKind, Spanned};
use crate::syntax::words::{DECIDED, is_capital_keyword, is_reserved, test_kind};

impl Parser<'_, '_> {
    /// Alternatives of conjunctions.
    pub fn body(&mut self) -> Result<Formula> {
        self.joined(Self::conjunction, Self::eat_or, FormulaKind::Or)
    }

    fn conjunction(&mut self) -> Result<Formula> {
        self.joined(Self::ended_literal, Self::eat_and, FormulaKind::And)
    }

    /// Parts with something that joins them; all are read, whatever faults they have.
    fn joined(
        &mut self,
        part: fn(&mut Self) -> Result<Formula>,
        eat_joint: fn(&mut Self) -> bool,
        join: fn(Vec<Formula>) -> FormulaKind,
    ) -> Result<Formula> {
        let start = self.at;
        let first = part(self);
        if !eat_joint(self) {
            return first;
        }
        let (mut parts, mut failed) = (Vec::with_capacity(2), first.is_err());
        parts.extend(first.ok());
        while !failed || !self.is_end_of_body() {
            match part(self) {
                Ok(further) => parts.push(further),
                Err(GivenUp) => failed = true,
            }
            if !eat_joint(self) {
                break;
            }
        }
        if failed { Err(GivenUp) } else { Ok(Spanned::new(join(parts), self.since(start))) }
    }

    fn is_end_of_body(&self) -> bool {
        matches!(self.kind(), TokenKind::End | TokenKind::Mark("." | ")" | "]"))
    }

    /// A literal with nothing behind it that belongs to no other; with a fault in it, moves to its end.
    fn ended_literal(&mut self) -> Result<Formula> {
        let start = self.at;
        let literal = match self.literal() {
            Ok(_) if !self.is_end_of_literal() => Err(self.behind_literal(start)),
            literal => literal,
        };
        if literal.is_err() {
            self.skip_literal(start);
        }
        literal
    }

    fn is_end_of_literal(&self) -> bool {
        self.is_end_of_literal_at(self.at)
    }

    /// Whether the token at an index ends the literal before it.
    pub fn is_end_of_literal_at(&self, index: usize) -> bool {
        match &self.tokens.get(index).kind {
            TokenKind::End | TokenKind::Mark("," | ";" | "." | ")" | "]") => true,
            TokenKind::Word(word) => matches!(word.as_ref(), "and" | "or"),
            _ => false,
        }
    }

    fn literal(&mut self) -> Result<Formula> {
        let start = self.at;
        if self.eat_not() {
            let inner = self.nested(Self::literal)?;
            return Ok(Spanned::new(FormulaKind::Not(Box::new(inner)), self.since(start)));
        }
        if self.is("(") && !self.is_operand(0) {
            let inner = self.in_brackets(Self::body)?;
            return Ok(Spanned::new(FormulaKind::Group(Box::new(inner)), self.since(start)));
        }
        let Some(word) = self.word() else { return self.comparison() };
        if let Some(test) = test_kind(word) {
            return self.test(test);
        }
        if !is_reserved(word) || word.as_ref() == DECIDED {
            return self.atom_or_comparison();
        }
        self.comparison()
    }

    /// A name is a value if an operator or `in` follows it, else an atom.
    fn atom_or_comparison(&mut self) -> Result<Formula> {
        let start = self.at;
        let has_brackets = self.peek(1).kind.is("(");
        if !has_brackets && makes_operand([&self.peek(1).kind, &self.peek(2).kind]) {
            return self.comparison();
        }
        if has_brackets && self.is_operand(1) {
            return Err(self.compared_atom());
        }
        let atom = self.atom("a condition")?;
        Ok(Spanned::new(FormulaKind::Atom(atom), self.since(start)))
    }

    /// `name(…)` comes next, and is compared.
    fn compared_atom(&mut self) -> GivenUp {
        let words = match self.decided_value() {
            Some(words) => words,
            None => self.no_function(self.at),
        };
        self.fault_here(words)
    }

    /// What is said of `decided(team) = support`, if that comes next.
    fn decided_value(&self) -> Option<words::Words> {
        let close = self.tokens.close_of(self.at + 1)?;
        let decision = self.word_at(self.at + 2).filter(|_| self.is_word(DECIDED) && close == self.at + 3)?;
        let behind = &self.tokens.get(close + 1).kind;
        Some(words::decided_value(decision, compare_op(behind), self.lone_value_at(close + 2)))
    }

    /// Whether what the bracket `ahead` places on encloses is a value: an operator or `in` follows it.
    pub fn is_operand(&self, ahead: usize) -> bool {
        makes_operand(self.behind_bracket(ahead))
    }

    fn second_if(&self) -> words::Words {
        if self.is_rule {
            return words::second_if();
        }
        let behind = self.at + if self.is_arrow() { 2 } else { 1 };
        let last = self.tokens.last() - 1;
        let last = if self.tokens.get(last).kind.is(".") { last - 1 } else { last };
        if last < behind || self.depth > 0 {
            return words::if_before_condition();
        }
        words::rule_as_condition(self.shown_from(0, self.at - 1), self.shown_from(behind, last))
    }

    /// Something behind the literal begun at the token `start` that neither joins another to it nor ends the body.
    fn behind_literal(&mut self, start: usize) -> GivenUp {
        if let Some(fault) = self.ago(start).or_else(|| self.unit()).or_else(|| self.english(start)) {
            return fault;
        }
        let words = match self.kind() {
            TokenKind::Variable(word) if is_capital_keyword(word) => words::capital_keyword(word),
            _ if self.is_if() => self.second_if(),
            TokenKind::Word(word) if matches!(word.as_ref(), "then" | "else") => words::no_branches(word),
            TokenKind::Mark("!") if self.peek(1).kind.is("=") => {
                let span = self.here().to(self.span_of(self.at + 1));
                return self.fault(span, words::operator_in_two(self.shown_from(self.at, self.at + 1), "!="));
            }
            TokenKind::Mark("!") if self.peek(1).kind.is_word("in") => words::bang_in(),
            TokenKind::Word(word) if word.as_ref() == "not" && self.peek(1).kind.is("[") => words::not_without_in(),
            TokenKind::Mark("[") => words::square_brackets(),
            kind if kind.is_comparison() => words::compared_condition(),
            TokenKind::Mark(":") => words::stray_colon(),
            _ => words::not_joined(self.shown(), self.is_number_at(self.at - 1)),
        };
        self.fault_here(words)
    }
}

/// Whether these two tokens make what stands before them a value.
fn makes_operand([first, second]: [&TokenKind; 2]) -> bool {
    first.is_arithmetic()
        || first.is_comparison()
        || first.is_word("in")
        || (first.is_word("not") && second.is_word("in"))
}
