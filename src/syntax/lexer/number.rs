//! Integers, numbers and dates.
//!
//! A number has a digit behind its point, so that `x < 2.` ends a clause. A date has no
//! letter or digit beside it.

use super::{Lexer, belongs_to_name, words};
use crate::syntax::token::TokenKind;
use crate::syntax::units;
use crate::value::{Date, Number};

/// One more than the largest integer: with a minus before it, it is one.
const LARGEST: u64 = 1 << 63;

/// What is read as `-` in a date.
const DASHES: [char; 5] = ['–', '—', '−', '‐', '‑'];

impl Lexer<'_, '_, '_> {
    /// The token that begins with the digit that comes next.
    pub fn number(&mut self) -> TokenKind {
        match date_shape(self.rest()) {
            Some(text) => self.date(text),
            None => self.dashed_date().unwrap_or_else(|| self.integer_or_number()),
        }
    }

    /// A day with other dashes than `-`: read as meant, and reported.
    fn dashed_date(&mut self) -> Option<TokenKind> {
        let (start, rest) = (self.at, self.rest());
        let end = rest.char_indices().nth(10).map_or(rest.len(), |(end, _)| end);
        let written = rest.get(..end)?;
        let date = written.replace(DASHES, "-");
        date_shape(&date).filter(|_| !rest.get(end..).is_some_and(|behind| behind.starts_with(belongs_to_name)))?;
        self.at += end;
        self.fault(start..self.at, words::dashed_date(written, &date));
        Some(Date::parse(&date).map_or(TokenKind::Bad, TokenKind::Date))
    }

    fn integer_or_number(&mut self) -> TokenKind {
        let start = self.at;
        self.digits();
        let fraction = self.fraction();
        let exponent = self.exponent();
        if self.peek().is_some_and(belongs_to_name) {
            self.take_while(belongs_to_name);
            let written = self.since(start);
            let number = written.trim_end_matches(|c: char| !c.is_ascii_digit());
            let unit = written.strip_prefix(number).and_then(|unit| units::find(unit).zip(Some(unit)));
            let words = match unit {
                Some((kind, unit)) => units::with_unit(number, unit, kind),
                None => words::number_and_letters(written),
            };
            return self.fault(start..self.at, words);
        }
        if fraction && self.fraction() {
            while self.fraction() {}
            let words = words::two_points(self.since(start));
            return self.fault(start..self.at, words);
        }
        let digits = self.since(start);
        if !fraction && !exponent {
            return match digits.parse::<u64>() {
                Ok(n) if n <= LARGEST => TokenKind::Integer(n),
                _ => self.fault(start..self.at, words::integer_too_large(digits)),
            };
        }
        match digits.parse().ok().and_then(Number::new) {
            Some(number) => TokenKind::Number(number),
            None => self.fault(start..self.at, words::number_too_large(digits)),
        }
    }

    fn digits(&mut self) -> bool {
        !self.take_while(|c| c.is_ascii_digit()).is_empty()
    }

    /// Takes a point and the digits behind it, if there are any.
    fn fraction(&mut self) -> bool {
        let before = self.at;
        if self.rest().starts_with('.') {
            self.at += 1;
            if self.digits() {
                return true;
            }
        }
        self.at = before;
        false
    }

    /// Takes `e`, a sign and the digits behind it, if there are any.
    fn exponent(&mut self) -> bool {
        let before = self.at;
        if self.rest().starts_with(['e', 'E']) {
            self.at += 1;
            if self.rest().starts_with(['+', '-']) {
                self.at += 1;
            }
            if self.digits() {
                return true;
            }
        }
        self.at = before;
        false
    }

    fn date(&mut self, text: &str) -> TokenKind {
        let start = self.at;
        self.at += text.len();
        if self.peek().is_some_and(belongs_to_name) {
            self.take_while(|c| belongs_to_name(c) || c == ':');
            let words = words::more_than_a_date(self.since(start), text);
            return self.fault(start..self.at, words);
        }
        match Date::parse(text) {
            Some(date) => TokenKind::Date(date),
            None => self.fault(start..self.at, words::no_day(text)),
        }
    }
}

/// The first ten bytes if they look like a day and no digit stands behind them.
fn date_shape(text: &str) -> Option<&str> {
    let shape = text.get(..10)?;
    let fits = |(i, b): (usize, u8)| if matches!(i, 4 | 7) { b == b'-' } else { b.is_ascii_digit() };
    let digit_behind = text.as_bytes().get(10).is_some_and(u8::is_ascii_digit);
    (shape.bytes().enumerate().all(fits) && !digit_behind).then_some(shape)
}
