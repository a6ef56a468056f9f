//! `text = clause { "." clause } [ "." ]`, `clause = atom [ ( ":-" | "if" ) body ]`.

use std::sync::Arc;

use super::{GivenUp, Parser, Result, words};
use crate::diagnostic::proposed_name;
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{Args, Atom, Clause, Formula, Place};
use crate::syntax::words::{DECIDED, is_capital_keyword, is_reserved};

impl Parser<'_, '_> {
    /// All clauses of the text that have no fault.
    pub fn clauses(&mut self) -> Vec<Clause> {
        self.is_rule = true;
        let mut clauses = Vec::with_capacity(1);
        if self.is_end() {
            self.faults.report_at(self.here(), words::no_rule());
        }
        let mut is_kept = false;
        while !self.is_end() {
            let start = self.at;
            self.operators = 0;
            let clause = self.clause();
            if clause.is_err() {
                self.give_up_head(start);
                // Of `price.total > 3`, the first half is no clause either.
                if is_kept && self.is_dotted(start) {
                    self.given_up.extend(clauses.pop().map(|half: Clause| half.head.name.node));
                }
                self.skip_clause(start);
            }
            is_kept = clause.is_ok();
            clauses.extend(clause.ok());
        }
        clauses
    }

    /// A clause with its full stop.
    fn clause(&mut self) -> Result<Clause> {
        let start = self.at;
        let head = self.head();
        if head.is_err() {
            self.skip_head(start);
        }
        let body = if self.eat_if() { Some(self.clause_body()?) } else { None };
        let span = self.since(start);
        let head = head?;
        match (&body, self.kind()) {
            (_, TokenKind::End) => {}
            (_, TokenKind::Mark(".")) => self.advance(),
            (Some(_), _) => return Err(self.fault_here(words::not_opened(self.shown()))),
            (None, _) => return Err(self.behind_head(start)),
        }
        Ok(Clause { head, body, span: Place(span) })
    }

    /// Notes what the clause begun at the token `start`, which is given up, may conclude: the name that it begins with,
    /// and all up to `if` or a bracket as the one name that it may be meant as.
    fn give_up_head(&mut self, start: usize) {
        let ends = |index: &usize| {
            let kind = &self.tokens.get(*index).kind;
            kind.is_word("if") || matches!(kind, TokenKind::End | TokenKind::Mark("(" | ":" | "." | "," | ";"))
        };
        let end = (start..=self.tokens.last()).find(ends).unwrap_or(start);
        if let TokenKind::Word(name) = &self.tokens.get(start).kind {
            self.given_up.push(name.clone());
        }
        if end > start {
            self.given_up.push(Arc::from(proposed_name(self.shown_from(start, end - 1), '_')));
        }
    }

    fn clause_body(&mut self) -> Result<Formula> {
        if self.is_end() || self.is(".") {
            return Err(self.fault_here(words::no_body()));
        }
        self.body()
    }

    fn head(&mut self) -> Result<Atom> {
        let Some(word) = self.word() else { return Err(self.no_head()) };
        match word.as_ref() {
            DECIDED => return Err(self.fault_here(words::decided_concluded())),
            "not" => return Err(self.fault_here(words::negated_head())),
            "if" => return Err(self.condition_first()),
            _ => {}
        }
        let start = self.at;
        let head = self.atom("a conclusion")?;
        if let Args::Named(args) = &head.args {
            let span = args.first().map_or(head.name.span, |(column, _)| column.span);
            return Err(self.fault(span, words::named_head(&head.name.node, args.len())));
        }
        if self.is("-")
            && let Some(fault) = self.dashed(start)
        {
            return Err(fault);
        }
        if matches!(self.kind(), TokenKind::Mark("," | ";")) || self.is_word("and") || self.is_word("or") {
            return Err(match self.dotted_name(start) {
                Some(fault) => fault,
                None => self.fault_here(words::two_heads()),
            });
        }
        Ok(head)
    }

    fn no_head(&mut self) -> GivenUp {
        let words = match self.kind() {
            TokenKind::Variable(name) if is_capital_keyword(name) => words::capital_keyword(name),
            TokenKind::Variable(name) => words::variable_head(name),
            TokenKind::Mark("!") => words::negated_head(),
            TokenKind::Mark("%") => words::foreign_comment(),
            TokenKind::Mark(")" | "]") => words::not_opened(self.shown()),
            TokenKind::Mark(":") if self.is_arrow() => return self.condition_first(),
            _ => return self.expected("a conclusion"),
        };
        self.fault_here(words)
    }

    /// `if` before the conclusion; it is taken, so that no body is looked for behind it.
    fn condition_first(&mut self) -> GivenUp {
        let fault = self.fault_here(words::condition_first());
        self.eat_if();
        fault
    }

    /// Something other than `if` or a full stop behind the head begun at the token `start`.
    fn behind_head(&mut self, start: usize) -> GivenUp {
        if let Some(fault) = self.dotted_name(start).or_else(|| self.value_of_head(start)) {
            return fault;
        }
        if let Some(fault) = self.before_if(start) {
            return fault;
        }
        // What was said of `:=` or `==` is not to the point.
        let written = self.shown();
        if self.is("=") {
            self.faults.take_back(self.here());
        }
        let words = match self.kind() {
            TokenKind::Variable(word) if is_capital_keyword(word) => words::capital_keyword(word),
            TokenKind::Word(word) if word.as_ref() == "unless" => {
                words::unless_behind_head(self.rest_of_clause(self.at + 1))
            }
            TokenKind::Mark("=") if written == ":=" => words::not_if(written),
            TokenKind::Word(word) if not_if(word) => words::not_if(word),
            TokenKind::Mark(":") => words::not_if(":"),
            TokenKind::Mark("<") if self.peek(1).kind.is("-") && self.tokens.touches_next(self.at) => {
                let span = self.here().to(self.span_of(self.at + 1));
                return self.fault(span, words::not_if("<-"));
            }
            kind if kind.is_comparison() || self.is_word("in") => words::compared_head(self.shown()),
            TokenKind::Mark(")" | "]") => words::not_opened(self.shown()),
            TokenKind::Mark("(") => words::second_brackets(),
            TokenKind::Word(word) if word.as_ref() != "not" && self.word_may_begin(self.at + 1) => {
                words::word_behind_head(word)
            }
            _ => words::behind_head(self.shown()),
        };
        self.fault_here(words)
    }

    /// Whether a condition that is no comparison with what stands before it may begin with a word at an index.
    fn word_may_begin(&self, index: usize) -> bool {
        let is_not_in = self.is_not_at(index) && self.word_at(index + 1) == Some("in");
        let is_word = matches!(self.tokens.get(index).kind, TokenKind::Word(_) | TokenKind::Variable(_));
        is_word && !is_not_in && self.begins_condition(index)
    }

    /// Reports what stands between the head begun at the token `start` and an `if`, if that is on its way: `p only if`,
    /// `p is true if`, `then team(support) if`.
    fn before_if(&mut self, start: usize) -> Option<GivenUp> {
        let mut end = self.at;
        while self.word_at(end).is_some_and(|word| !matches!(word, "if" | "and" | "or" | "not" | "in")) {
            end += 1;
        }
        let behind = &self.tokens.get(end).kind;
        if behind.is_word("if") && end > self.at {
            let span = self.here().to(self.span_of(end - 1));
            return Some(self.fault(span, words::before_if(self.shown_from(self.at, end - 1))));
        }
        let close = self.tokens.close_of(end).filter(|_| end == self.at + 1)?;
        if !self.tokens.get(close + 1).kind.is_word("if") {
            return None;
        }
        let words = words::before_head(self.shown_from(start, self.at - 1), self.shown_from(self.at, close));
        Some(self.fault(self.span_of(start).to(self.span_of(self.at - 1)), words))
    }

    /// Reports `remedy = refund` and the like, if that is what the clause begun at the token `start` concludes.
    fn value_of_head(&mut self, start: usize) -> Option<GivenUp> {
        if start + 1 != self.at {
            return None;
        }
        let is_joined = matches!(self.kind(), TokenKind::Mark("=" | ":" | "[")) || self.is_word("is");
        let index = self.at + usize::from(is_joined);
        let value = match &self.tokens.get(index).kind {
            TokenKind::Word(word) if !is_reserved(word) && !not_if(word) && word.as_ref() != "only" => word,
            TokenKind::Text(text) if text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') => text,
            _ => return None,
        };
        let end = index + 1 + usize::from(self.is("["));
        let has_body = self.tokens.get(end).kind.is_word("if") || self.tokens.get(end).kind.is(":");
        // `remedy: urgent` may have `:` for `if`, as `remedy := urgent`.
        let ends = is_joined
            && !self.is(":")
            && self.shown() != ":="
            && matches!(self.tokens.get(end).kind, TokenKind::End | TokenKind::Mark("."));
        if !has_body && !ends {
            return None;
        }
        let words = match is_joined || self.word_at(index).is_none() {
            true => words::value_of_head(self.shown_from(start, start), self.shown(), value),
            false => words::two_words_of_head(self.shown_from(start, start), value),
        };
        // What was said of `:=` or `==` is not to the point.
        self.faults.take_back(self.here());
        Some(self.fault_here(words))
    }
}

/// Whether this stands for `if` elsewhere.
fn not_if(word: &str) -> bool {
    matches!(word, "when" | "where" | "because" | "then" | "provided" | "unless")
}
