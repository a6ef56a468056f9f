//! Words of English where rules have none: between two conditions or values, and before a condition.
//!
//! Looked for only where the text has a fault already, so that facts and options may be called by these words.

use super::phrases::{self, BEFORE, Before, COMPARISONS, JOINTS, Joint, TESTS};
use super::recovery::brief;
use super::{GivenUp, Parser, Words, words};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{CompareOp, TestKind};
use crate::syntax::units;
use crate::syntax::unknown::means_unknown;
use crate::syntax::words::DECIDED;

/// What is said of words, the last token that is marked and the last one that needs no further reading.
struct Said {
    words: Words,
    marked: usize,
    taken: usize,
}

impl Said {
    fn of(words: Words, marked: usize) -> Option<Self> {
        Some(Self { words, marked, taken: marked })
    }
}

/// The place between what has been read and what comes next.
#[derive(Clone, Copy)]
struct Gap<'t> {
    /// The condition or value before it, with `not`s and without.
    whole: &'t str,
    subject: &'t str,
    /// Whether that is one token.
    is_word: bool,
    /// Whether the `not`s are there.
    is_denied: bool,
    /// Whether a verb like `is` comes first, and whether `not` comes then.
    has_verb: bool,
    negated: bool,
    /// The token behind those.
    next: usize,
}

impl<'t> Parser<'t, '_> {
    /// Reports words of English that come next, behind a literal or value that begins at the token `start`, or that
    /// this literal begins with.
    pub fn english(&mut self, start: usize) -> Option<GivenUp> {
        let first = (start..self.at).find(|index| !self.is_not_at(*index))?;
        if first + 1 == self.at
            && let Some(said) = self.number_of(first).or_else(|| self.before_condition(first))
        {
            return Some(self.say(first, said));
        }
        let said = self.in_gap(self.gap(start, first)?)?;
        Some(self.say(self.at, said))
    }

    fn say(&mut self, first: usize, said: Said) -> GivenUp {
        let fault = self.fault(self.span_of(first).to(self.span_of(said.marked)), said.words);
        self.at = self.at.max(said.taken + 1).min(self.tokens.last());
        fault
    }

    // Before a condition.

    /// `exists part(spare: true)`, `no urgent`, `either a or b`.
    fn before_condition(&self, first: usize) -> Option<Said> {
        let (meant, length) = phrases::find(BEFORE, |ahead| self.word_at(first + ahead))?;
        let next = first + length;
        if !self.begins_condition(next) {
            return None;
        }
        let written = self.shown_from(first, next - 1);
        let words = match meant {
            Before::Nothing => words::left_out(written, &self.condition_at(next)),
            Before::Not => words::instead(written, &format!("not {}", self.condition_at(next))),
            Before::Except => words::instead(written, &format!("not {}", self.denied_rest(next))),
            Before::Both => words::both(self.is_denied(first), self.two_conditions(next)),
            Before::All => self.all_rows(written, first, next),
            Before::Either => words::either(self.two_words(next, "or")),
            Before::Neither => words::neither(self.two_words(next, "nor")),
        };
        Said::of(words, next - 1)
    }

    /// `at least 2 of (a, b, c)`, `more than 2 part(spare: true)`.
    fn number_of(&self, first: usize) -> Option<Said> {
        let (op, length) = phrases::find(COMPARISONS, |ahead| self.word_at(first + ahead))?;
        let number = first + length;
        if !matches!(self.tokens.get(number).kind, TokenKind::Integer(_)) {
            return None;
        }
        if self.is_end_of_literal_at(number + 1) {
            let words =
                words::nothing_compared(self.shown_from(first, number - 1), op, self.shown_from(number, number));
            return Said::of(words, number);
        }
        let behind = number + 1 + usize::from(self.word_at(number + 1) == Some("of"));
        let is_row = self.word_at(behind).is_some() && self.tokens.get(behind + 1).kind.is("(");
        let row = is_row.then(|| self.condition_at(behind));
        let written = self.shown_from(first, number - 1);
        let fact = self.word_at(number + 1).filter(|_| self.is_end_of_literal_at(number + 2));
        let words = words::number_of(written, op, self.shown_from(number, number), row.as_deref(), fact);
        Said::of(words, number)
    }

    /// `exists(part(spare: true))`: the token `inner` is the name in the brackets of a function that there is not.
    pub fn quantifier(&mut self, inner: usize) -> Option<GivenUp> {
        let name = inner.checked_sub(2).filter(|name| self.tokens.get(name + 1).kind.is("("))?;
        let word = self.word_at(name)?;
        let (meant, _) = phrases::find(BEFORE, |ahead| (ahead == 0).then_some(word))?;
        let condition = self.condition_at(inner);
        let words = match meant {
            Before::Nothing => words::left_out(word, &condition),
            Before::Not => words::instead(word, &format!("not {condition}")),
            Before::All => self.all_rows(word, name, inner),
            Before::Except | Before::Both | Before::Either | Before::Neither => return None,
        };
        Some(self.fault(self.span_of(name), words))
    }

    /// What is said of the word for all at the token `all`, before the condition at another.
    fn all_rows(&self, written: &str, all: usize, condition: usize) -> Words {
        let is_lone = self.tokens.get(condition + 5).kind.is(")");
        let column = self.word_at(condition + 2).filter(|_| is_lone && self.tokens.get(condition + 3).kind.is(":"));
        let otherwise = column.zip(self.word_at(condition)).zip(self.constant_at(condition + 4));
        let otherwise = otherwise.map(|((column, relation), value)| {
            words::column_question(relation, &[(column, Some((CompareOp::Ne, value)))])
        });
        words::all_rows(written, self.is_denied(all), self.word_at(condition), otherwise.as_deref())
    }

    /// All that follows in the body, as one condition behind `not`.
    fn denied_rest(&self, from: usize) -> String {
        let (rest, first) = (self.rest_of_body(from), self.rest_of_literal(from));
        if rest == first { self.condition_at(from) } else { format!("({rest})") }
    }

    /// The two conditions with `and` between them that begin at a token.
    fn two_conditions(&self, index: usize) -> Option<(&'t str, &'t str)> {
        let end = self.end_of_literal(index);
        (self.word_at(end) == Some("and")).then(|| (self.rest_of_literal(index), self.rest_of_literal(end + 1)))
    }

    /// The two names at the token `index` that a word joins.
    fn two_words(&self, index: usize, joint: &str) -> Option<(&'t str, &'t str)> {
        let (one, other) = (self.word_at(index)?, self.word_at(index + 2)?);
        let alone = self.is_end_of_literal_at(index + 3);
        (alone && self.word_at(index + 1) == Some(joint)).then_some((one, other))
    }

    /// The condition at a token as it is written here: `part with spare = true` has its column in brackets.
    fn condition_at(&self, index: usize) -> String {
        let joint = phrases::find(JOINTS, |ahead| self.word_at(index + 1 + ahead));
        let in_brackets = match joint {
            Some((Joint::Column, length)) => self.column_question(index, index + 1 + length),
            _ => None,
        };
        in_brackets.unwrap_or_else(|| self.rest_of_literal(index).to_owned())
    }

    /// `part` at one token and `spare = true` at another as `part(spare: true)`.
    pub fn column_question(&self, relation: usize, column: usize) -> Option<String> {
        let (asked, _) = self.column_asked(column)?;
        Some(words::column_question(self.word_at(relation)?, &[asked]))
    }

    /// What is asked of the column at a token, and the token behind that.
    pub fn column_asked(&self, column: usize) -> Option<(words::Column<'t>, usize)> {
        let name = self.word_at(column)?;
        if self.is_end_of_literal_at(column + 1) {
            return Some(((name, None), column + 1));
        }
        let op = match self.word_at(column + 1) {
            Some("is" | "equals") => CompareOp::Eq,
            _ => super::comparison::compare_op(&self.tokens.get(column + 1).kind)?,
        };
        let value = self.constant_at(column + 2)?;
        Some(((name, Some((op, value))), column + 3))
    }

    // Between two conditions or values.

    fn gap(&self, start: usize, first: usize) -> Option<Gap<'t>> {
        let verb = self.word_at(self.at)?;
        let has_verb = matches!(verb, "is" | "are" | "was" | "were" | "does" | "do");
        let behind_verb = self.at + usize::from(has_verb);
        let negated = self.is_not_at(behind_verb);
        Some(Gap {
            whole: brief(self.shown_from(start, self.at - 1)),
            subject: brief(self.shown_from(first, self.at - 1)),
            is_word: first + 1 == self.at,
            is_denied: first > start,
            has_verb,
            negated,
            next: behind_verb + usize::from(negated),
        })
    }

    fn in_gap(&self, gap: Gap<'t>) -> Option<Said> {
        self.compared(gap)
            .or_else(|| self.tested(gap))
            .or_else(|| self.asked_whether_known(gap))
            .or_else(|| self.asked_whether_empty(gap))
            .or_else(|| self.range(gap))
            .or_else(|| self.equal(gap))
            .or_else(|| self.denied(gap))
            .or_else(|| self.joined_by(gap))
    }

    /// `price more than 3`, `price is not more than 3`, `price not > 3`.
    fn compared(&self, gap: Gap<'t>) -> Option<Said> {
        let mark = super::comparison::compare_op(&self.tokens.get(gap.next).kind).map(|op| (op, 1));
        let (op, length) = phrases::find(COMPARISONS, |ahead| self.word_at(gap.next + ahead)).or(mark)?;
        let value = gap.next + length;
        if !self.begins_condition(value) {
            return None;
        }
        let op = if gap.negated { op.negated() } else { op };
        let written = self.shown_from(self.at, gap.next + length - 1);
        if let Some(unit) = self.unit_of_days_ago(value) {
            let is_of_days = phrases::OF_DAYS.iter().any(|phrase| written.ends_with(phrase));
            let op = if is_of_days { op } else { op.flipped() };
            let (number, word) = (self.shown_from(value, value), self.shown_from(value + 1, value + 1));
            return Said::of(units::ago(number, word, unit, units::Since::Day(gap.subject, op)), value + 2);
        }
        let value = self.value_at(value);
        Said::of(words::instead(written, &format!("{} {} {value}", gap.subject, op.as_str())), gap.next + length - 1)
    }

    /// `title contains "x"`, `title does not start with "x"`.
    fn tested(&self, gap: Gap<'t>) -> Option<Said> {
        let (test, length) = phrases::find(TESTS, |ahead| self.word_at(gap.next + ahead))?;
        let last = gap.next + length - 1;
        let pattern = last + 1;
        let written = self.shown_from(self.at, last);
        let is_own = written == test.as_str();
        if self.tokens.get(pattern).kind.is("(") || !(is_own || self.begins_condition(pattern)) {
            return None;
        }
        let not = if gap.negated { "not " } else { "" };
        let mend = match &self.tokens.get(pattern).kind {
            _ if !self.begins_condition(pattern) => words::Pattern::None,
            TokenKind::Text(text) if written.ends_with("like") => words::Pattern::Like(text),
            TokenKind::Text(_) => words::Pattern::Text(self.value_at(pattern)),
            TokenKind::Word(word) if self.constant_at(pattern).is_some() => words::Pattern::Word(word),
            _ => words::Pattern::Text(self.value_at(pattern)),
        };
        let may_be_list = gap.is_word && test == TestKind::Contains;
        let help = words::test_help(not, test, gap.subject, &mend, may_be_list);
        let words = if is_own { words::test_between(test, help) } else { words::not_used(written, help) };
        Said::of(words, last)
    }

    /// `price is unknown`.
    fn asked_whether_known(&self, gap: Gap<'t>) -> Option<Said> {
        let word = self
            .word_at(gap.next)
            .filter(|word| if gap.has_verb { means_unknown(word) } else { *word == "unknown" })?;
        let alone = self.is_end_of_literal_at(gap.next + 1);
        alone.then_some(())?;
        let op = if gap.negated { CompareOp::Ne } else { CompareOp::Eq };
        Said::of(words::asked_whether_known(gap.subject, op, word), gap.next)
    }

    /// `symptoms is empty`.
    fn asked_whether_empty(&self, gap: Gap<'t>) -> Option<Said> {
        let is_empty = gap.has_verb && self.word_at(gap.next) == Some("empty");
        let words = words::asked_whether_empty("empty", gap.subject, gap.negated);
        if is_empty && self.is_end_of_literal_at(gap.next + 1) { Said::of(words, gap.next) } else { None }
    }

    /// `n between 1 and 3`; the upper end is no condition of its own.
    fn range(&self, gap: Gap<'t>) -> Option<Said> {
        if self.word_at(gap.next) != Some("between") {
            return None;
        }
        let is_range = self.word_at(gap.next + 2) == Some("and");
        let ends = self.lone_value_at(gap.next + 1).zip(self.lone_value_at(gap.next + 3)).filter(|_| is_range);
        let words = words::between(gap.subject, ends, gap.is_denied || gap.negated);
        let taken = if is_range { gap.next + 3 } else { gap.next };
        Some(Said { words, marked: gap.next, taken })
    }

    /// `x is not 3`, `x equals 3`, `x mod 2`.
    fn equal(&self, gap: Gap<'t>) -> Option<Said> {
        let word = self.word_at(self.at)?;
        if word == "mod" {
            return Said::of(words::modulo(gap.subject, self.lone_value_at(self.at + 1)), self.at);
        }
        if word != "equals" && (!gap.has_verb || matches!(word, "does" | "do")) {
            return None;
        }
        let negated = self.is_not_at(self.at + 1);
        let last = self.at + usize::from(negated);
        if let Some(decision) = self.decision_before(self.at) {
            let op = if negated { CompareOp::Ne } else { CompareOp::Eq };
            return Said::of(words::decided_value(decision, Some(op), self.lone_value_at(last + 1)), last);
        }
        let written = self.shown_from(self.at, last);
        let listed = self.word_at(last + 1) == Some("in");
        let name = self.word_at(last + 1).filter(|_| !listed && self.is_end_of_literal_at(last + 2));
        Said::of(words::equals_word(written, negated, listed, name.map(|name| (gap.subject, name))), last)
    }

    /// The decision of the `decided(team)` that ends before an index.
    fn decision_before(&self, index: usize) -> Option<&'t str> {
        let is_lone = self.word_at(index.checked_sub(4)?) == Some(DECIDED) && self.tokens.get(index - 1).kind.is(")");
        self.word_at(index - 2).filter(|_| is_lone)
    }

    /// `reason not damaged`.
    fn denied(&self, gap: Gap<'t>) -> Option<Said> {
        if gap.has_verb || !gap.negated || !gap.is_word {
            return None;
        }
        let value = self.lone_value_at(gap.next).filter(|_| self.is_end_of_literal_at(gap.next + 1))?;
        let is_name = self.word_at(gap.next).is_some();
        Said::of(words::not_between(gap.subject, value, is_name), self.at)
    }

    /// `urgent but not custom_made`, `part with spare = true`.
    fn joined_by(&self, gap: Gap<'t>) -> Option<Said> {
        let (joint, length) = phrases::find(JOINTS, |ahead| self.word_at(self.at + ahead))?;
        let next = self.at + length;
        if !self.begins_condition(next) {
            return None;
        }
        let written = self.shown_from(self.at, next - 1);
        let column = (joint == Joint::Column && gap.is_word).then(|| self.column_question(self.at - 1, next)).flatten();
        let words = match (joint, column) {
            (Joint::Column, Some(question)) => words::column_in_brackets(written, &question),
            (Joint::Except, _) => {
                let alternatives = self.alternatives_before(self.at);
                words::except(written, gap.whole, alternatives, &self.denied_rest(next))
            }
            (Joint::AndNot, _) => words::joint(written, &format!("{}, not {}", gap.whole, self.condition_at(next))),
            _ => words::joint(written, &format!("{}, {}", gap.whole, self.condition_at(next))),
        };
        Said::of(words, next - 1)
    }
}
