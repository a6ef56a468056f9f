//! Numbers that are written as elsewhere: with a unit, `%`, a comma or a blank.
//!
//! Looked for only where the text has a fault already.

use super::comparison::compare_op;
use super::{GivenUp, Parser, words};
use crate::syntax::token::TokenKind;
use crate::syntax::units::{self, Unit};

impl<'t> Parser<'t, '_> {
    /// Whether the token at an index is a number.
    pub fn is_number_at(&self, index: usize) -> bool {
        matches!(self.tokens.get(index).kind, TokenKind::Integer(_) | TokenKind::Number(_))
    }

    /// Reports what comes next if it goes on a number, or is one that goes on a unit: `14 days`, `1 000`, `50% of x`,
    /// `EUR 3`.
    pub fn unit(&mut self) -> Option<GivenUp> {
        let before = self.at.checked_sub(1)?;
        if let Some(number) = before.checked_sub(2).filter(|_| self.word_at(before) == Some("of")) {
            return self.percent_at(number, Some(self.at));
        }
        if self.is_number_at(before) {
            return self.digits_behind(before).or_else(|| self.unit_behind(before));
        }
        let [unit, number] = [before, self.at].map(|index| self.shown_from(index, index));
        let is_amount = self.is_number_at(self.at) && units::find(unit) == Some(Unit::Money);
        let span = self.span_of(before).to(self.here());
        is_amount.then(|| self.fault(span, units::with_unit(number, unit, Unit::Money)))
    }

    /// Reports `begun < 7 days ago`, of which the unit comes next, in the literal begun at the token `start`.
    pub fn ago(&mut self, start: usize) -> Option<GivenUp> {
        let number = self.at.checked_sub(1)?;
        let unit = self.unit_of_days_ago(number)?;
        let first = (start..number).find(|index| !self.is_not_at(*index))?;
        let op = number.checked_sub(1).filter(|op| *op > first)?;
        let order = compare_op(&self.tokens.get(op).kind).filter(|op| *op != op.flipped())?;
        let since = units::Since::Either(self.shown_from(first, op - 1), order);
        let words = units::ago(self.shown_from(number, number), self.shown(), unit, since);
        Some(self.fault(self.span_of(number).to(self.span_of(self.at + 1)), words))
    }

    /// The unit of `7 days ago`, if that stands at a token.
    pub fn unit_of_days_ago(&self, number: usize) -> Option<Unit> {
        let is_ago = self.is_number_at(number) && self.word_at(number + 2) == Some("ago");
        self.word_at(number + 1).filter(|_| is_ago).and_then(units::find)
    }

    /// Reports that nothing stands behind `50%`, if that comes before.
    pub fn percent(&mut self) -> Option<GivenUp> {
        self.percent_at(self.at.checked_sub(2)?, None)
    }

    /// Reports the number at a token if `%` stands behind it: it is meant as a share, perhaps of what begins at `of`.
    fn percent_at(&mut self, number: usize, of: Option<usize>) -> Option<GivenUp> {
        if !self.is_number_at(number) || !self.tokens.get(number + 1).kind.is("%") {
            return None;
        }
        let whole = of.map(|of| self.value_at(of));
        let words = units::percent(self.shown_from(number, number + 1), self.shown_from(number, number), whole);
        Some(self.fault(self.span_of(number).to(self.span_of(of.unwrap_or(number + 1))), words))
    }

    fn unit_behind(&mut self, number: usize) -> Option<GivenUp> {
        let word = self.shown();
        let unit = units::find(word)?;
        let (span, number) = (self.span_of(number).to(self.here()), self.shown_from(number, number));
        let of = (self.word_at(self.at + 1) == Some("of")).then(|| self.value_at(self.at + 2));
        let words = match of {
            _ if self.word_at(self.at + 1) == Some("ago") => units::ago(number, word, unit, units::Since::Unclear),
            Some(whole) if unit == Unit::Percent => units::percent(&format!("{number} {word}"), number, Some(whole)),
            _ => units::with_unit(number, word, unit),
        };
        Some(self.fault(span, words))
    }

    /// Three digits and three more behind the integer at a token.
    fn digits_behind(&mut self, number: usize) -> Option<GivenUp> {
        let is_group = |index: usize| {
            matches!(self.tokens.get(index).kind, TokenKind::Integer(_)) && self.shown_from(index, index).len() == 3
        };
        let last = (number + 1..=self.tokens.last()).take_while(|index| is_group(*index)).last()?;
        let digits = self.shown_from(number, last);
        let span = self.span_of(number).to(self.span_of(last));
        let fault = self.fault(span, words::blank_in_number(digits));
        self.at = last + 1;
        Some(fault)
    }

    /// Reports the comma of `1,000` or `0,5`, if the value begun at the token `start` begins behind it or ends before.
    pub fn comma_in_number(&mut self, start: usize) -> Option<GivenUp> {
        let comma =
            [start.checked_sub(1), Some(self.at)].into_iter().flatten().find(|comma| self.is_in_number(*comma))?;
        let words =
            words::comma_in_number(self.shown_from(comma - 1, comma - 1), self.shown_from(comma + 1, comma + 1));
        let span = self.span_of(comma - 1).to(self.span_of(comma + 1));
        let fault = self.fault(span, words);
        // What stands behind the comma is no condition of its own.
        self.at = self.at.max(comma + 2).min(self.tokens.last());
        Some(fault)
    }

    /// Whether a comma with digits on both sides stands at a token.
    fn is_in_number(&self, comma: usize) -> bool {
        comma > 0
            && self.tokens.get(comma).kind.is(",")
            && self.is_number_at(comma - 1)
            && self.is_number_at(comma + 1)
            && self.tokens.touches_next(comma - 1)
            && self.tokens.touches_next(comma)
    }
}
