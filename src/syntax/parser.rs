//! Tokens → clauses and bodies, by recursive descent; never fails and never backtracks.
//!
//! A clause with an error is given up and parsing goes on behind the next full stop at
//! bracket depth 0. Nesting is bounded, so that no text exhausts the stack.

use std::sync::Arc;

use super::Parsed;
use super::lexer::{Token, TokenKind, Tokens, tokens};
use super::tree::{Args, Atom, Clause, Formula, FormulaKind, Name, Place, Spanned};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Excerpt, Span};

/// How deep brackets, `not`s and minuses may be nested.
pub const DEPTH: usize = 100;

/// The most diagnostics given for one text.
const MOST: usize = 100;

/// The words of the language: no name may be one of them.
pub const RESERVED: [&str; 19] = [
    "not",
    "and",
    "or",
    "if",
    "in",
    "true",
    "false",
    "count",
    "sum",
    "min",
    "max",
    "length",
    "lower",
    "upper",
    "contains",
    "starts_with",
    "ends_with",
    "matches",
    "decided",
];

/// A diagnostic has been given; the clause is given up.
pub struct GivenUp;

/// What parsing a part gives.
pub type Result<T> = std::result::Result<T, GivenUp>;

/// Parses the clauses of a rule's `says`; at least one is wanted.
pub fn parse_clauses(excerpt: &Excerpt) -> Parsed<Vec<Clause>> {
    let mut diagnostics = Vec::new();
    let tokens = tokens(excerpt, &mut diagnostics);
    let mut parser = Parser::new(excerpt, &tokens, &mut diagnostics);
    let mut tree = Vec::new();
    if matches!(parser.kind(), TokenKind::End) {
        let help = "write a conclusion and when it holds: `conclusion if condition`";
        parser.error_at(parser.here(), "there is no rule here", help);
    }
    while !matches!(parser.kind(), TokenKind::End) {
        match parser.clause() {
            Ok(clause) => tree.push(clause),
            Err(GivenUp) => parser.recover(),
        }
    }
    finish(tree, diagnostics)
}

/// Parses a body, as of an invariant.
pub fn parse_body(excerpt: &Excerpt) -> Parsed<Option<Formula>> {
    whole(excerpt, "a condition", |parser| parser.body())
}

/// Parses one atom, as of a query.
pub fn parse_atom(excerpt: &Excerpt) -> Parsed<Option<Atom>> {
    whole(excerpt, "a relation, like `break_fix` or `custom_source(S)`", |parser| {
        let at = parser.here();
        match parser.kind() {
            TokenKind::Word(_) => parser.atom(),
            _ => Err(parser.expected(at, "the name of a relation")),
        }
    })
}

fn whole<T>(excerpt: &Excerpt, what: &str, parse: impl FnOnce(&mut Parser<'_>) -> Result<T>) -> Parsed<Option<T>> {
    let mut diagnostics = Vec::new();
    let tokens = tokens(excerpt, &mut diagnostics);
    let mut parser = Parser::new(excerpt, &tokens, &mut diagnostics);
    let mut tree = parse(&mut parser).ok();
    parser.eat(".");
    if tree.is_some() && !matches!(parser.kind(), TokenKind::End) {
        let at = parser.here();
        parser.error_at(at, format!("one text holds {what}, and this comes behind it"), "take it out");
        tree = None;
    }
    finish(tree, diagnostics)
}

fn finish<T>(tree: T, mut diagnostics: Vec<Diagnostic>) -> Parsed<T> {
    diagnostics.truncate(MOST);
    Parsed { tree, diagnostics }
}

/// The state of parsing one text.
pub struct Parser<'a> {
    excerpt: &'a Excerpt,
    tokens: &'a Tokens,
    out: &'a mut Vec<Diagnostic>,
    /// Index of the token that comes next.
    pub at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn new(excerpt: &'a Excerpt, tokens: &'a Tokens, out: &'a mut Vec<Diagnostic>) -> Self {
        Self { excerpt, tokens, out, at: 0, depth: 0 }
    }

    /// The token `ahead` places on; `End` beyond the last.
    pub fn peek(&self, ahead: usize) -> &'a Token {
        let last = self.tokens.list.len() - 1;
        &self.tokens.list[(self.at + ahead).min(last)]
    }

    /// What comes next.
    pub fn kind(&self) -> &'a TokenKind {
        &self.peek(0).kind
    }

    /// Where the next token stands.
    pub fn here(&self) -> Span {
        self.span_of(self.at)
    }

    fn span_of(&self, index: usize) -> Span {
        let token = &self.tokens.list[index.min(self.tokens.list.len() - 1)];
        self.excerpt.span(token.range.clone())
    }

    /// From the token at an index to the one before the next.
    pub fn since(&self, start: usize) -> Span {
        self.span_of(start).to(self.span_of(self.at.saturating_sub(1).max(start)))
    }

    /// Whether a `:` stands directly in the bracket that has just been opened.
    pub fn colon_in_bracket(&self) -> bool {
        self.at.checked_sub(1).and_then(|open| self.tokens.colons.get(open)).copied().unwrap_or(false)
    }

    /// The tokens behind the bracket that the next token opens.
    pub fn behind_bracket(&self) -> [&'a TokenKind; 2] {
        let last = self.tokens.list.len() - 1;
        let close = self.tokens.closes.get(self.at).copied().flatten().unwrap_or(last);
        [1, 2].map(|ahead| &self.tokens.list[(close + ahead).min(last)].kind)
    }

    /// Moves on by one token.
    pub fn advance(&mut self) {
        self.at = (self.at + 1).min(self.tokens.list.len() - 1);
    }

    /// Whether the next token is this punctuation.
    pub fn is(&self, mark: &str) -> bool {
        matches!(self.kind(), TokenKind::Mark(m) if *m == mark)
    }

    /// Whether the next token is this word.
    pub fn is_word(&self, word: &str) -> bool {
        matches!(self.kind(), TokenKind::Word(w) if w.as_ref() == word)
    }

    /// Takes the punctuation if it comes next.
    pub fn eat(&mut self, mark: &str) -> bool {
        let found = self.is(mark);
        if found {
            self.advance();
        }
        found
    }

    /// Takes the word if it comes next.
    pub fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.advance();
        }
        found
    }

    /// Reports and gives up.
    pub fn error_at(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) -> GivenUp {
        self.out.push(Diagnostic::new(Code::Syntax, span, message).help(help));
        GivenUp
    }

    /// Reports that something else was expected where the next token stands.
    pub fn expected(&mut self, span: Span, what: &str) -> GivenUp {
        if matches!(self.kind(), TokenKind::Bad) {
            return GivenUp;
        }
        let (got, help) = match self.kind() {
            TokenKind::End => ("the rule ends".to_owned(), format!("write {what} here, or take out what comes before")),
            TokenKind::Mark(")") => ("`)` stands".to_owned(), format!("write {what} before the bracket")),
            TokenKind::Mark(mark) => {
                (format!("`{mark}` stands"), format!("write {what} before `{mark}`, or take `{mark}` out"))
            }
            TokenKind::Word(word) if RESERVED.contains(&word.as_ref()) => (
                format!("the word `{word}` stands"),
                format!("`{word}` is a word of the rule language: write {what} here"),
            ),
            TokenKind::Word(word) => (format!("`{word}` stands"), format!("write {what} here")),
            TokenKind::Variable(name) => (format!("the variable `{name}` stands"), format!("write {what} here")),
            _ => ("something else stands".to_owned(), format!("write {what} here")),
        };
        self.error_at(span, format!("{got} where {what} is expected"), help)
    }

    /// Runs `parse` one level deeper.
    pub fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= DEPTH {
            let help = "give the inner part a rule and a name of its own";
            return Err(self.error_at(self.here(), format!("this is nested more than {DEPTH} deep"), help));
        }
        self.depth += 1;
        let done = parse(self);
        self.depth -= 1;
        done
    }

    /// Skips to behind the next full stop outside brackets.
    fn recover(&mut self) {
        self.depth = 0;
        let mut open = 0_usize;
        loop {
            match self.kind() {
                TokenKind::End => return,
                TokenKind::Mark("(" | "[") => open += 1,
                TokenKind::Mark(")" | "]") => open = open.saturating_sub(1),
                TokenKind::Mark(".") if open == 0 => {
                    self.advance();
                    return;
                }
                _ => {}
            }
            self.advance();
        }
    }

    fn clause(&mut self) -> Result<Clause> {
        let start = self.at;
        let head = self.head()?;
        let body = if self.eat(":-") || self.eat_word("if") {
            if matches!(self.kind(), TokenKind::End) || self.is(".") {
                let help = "write the condition, or take the `if` out where the conclusion always holds";
                return Err(self.error_at(self.here(), "there is no condition behind `if`", help));
            }
            Some(self.body()?)
        } else {
            None
        };
        let span = self.since(start);
        if !self.eat(".") && !matches!(self.kind(), TokenKind::End) {
            return Err(self.unexpected_end_of_clause(body.is_some()));
        }
        Ok(Clause { head, body, span: Place(span) })
    }

    fn head(&mut self) -> Result<Atom> {
        let at = self.here();
        if !matches!(self.kind(), TokenKind::Word(_)) {
            if let TokenKind::Variable(name) = self.kind() {
                let help =
                    format!("conclusions are lower-case: write `{}`", name.to_lowercase().trim_start_matches('_'));
                return Err(self.error_at(
                    at,
                    format!("`{name}` reads as a variable, and a rule concludes a name"),
                    help,
                ));
            }
            return Err(self.expected(at, "a conclusion"));
        }
        if self.is_word("decided") {
            let help = "conclude an option of the decision: `team(support) if …`";
            return Err(self.error_at(at, "`decided` asks for a decision, a rule cannot conclude it", help));
        }
        let head = self.atom()?;
        if let Args::Named(args) = &head.args {
            let span = args.first().map_or(at, |(name, _)| name.span);
            let help = format!("write the arguments by place: `{}(X, Y)`", head.name.node);
            return Err(self.error_at(span, "a conclusion takes no named arguments", help));
        }
        Ok(head)
    }

    fn unexpected_end_of_clause(&mut self, has_body: bool) -> GivenUp {
        let at = self.here();
        match self.kind() {
            TokenKind::Bad => GivenUp,
            TokenKind::Mark(")" | "]") => {
                self.error_at(at, "this bracket was never opened", "take it out, or open one before")
            }
            TokenKind::Mark("=" | "!=" | "<" | "<=" | ">" | ">=") if has_body => {
                let help = "a comparison has two sides: write `1 < X and X < 3` for a range";
                self.error_at(at, "a second comparison follows the first", help)
            }
            TokenKind::Variable(word) if is_capital_keyword(word) => {
                let help = format!("write `{}` in lower case", word.to_lowercase());
                self.error_at(at, format!("`{word}` reads as a variable"), help)
            }
            TokenKind::Word(word) if has_body && matches!(word.as_ref(), "if") => {
                let help = "put a full stop before the next rule's conclusion";
                self.error_at(at, "a second `if` in one rule", help)
            }
            TokenKind::Word(word) if !has_body && matches!(word.as_ref(), "when" | "where" | "and" | "because") => {
                let help = "write `if` behind the conclusion";
                self.error_at(at, format!("`{word}` stands where `if` is expected"), help)
            }
            TokenKind::Word(word) if word.as_ref() == "is" => {
                self.error_at(at, "`is` is not used in rules", "write `=`")
            }
            TokenKind::Mark("-") | TokenKind::Word(_) | TokenKind::Variable(_) | TokenKind::Mark("(") if has_body => {
                let help = "put a comma, `and` or `or` between two conditions, a full stop between two rules";
                self.error_at(at, "nothing joins this to the condition before it", help)
            }
            _ if has_body => self.expected(at, "a comma, `and`, `or` or the end of the rule"),
            _ => self.expected(at, "`if` or the end of the rule"),
        }
    }

    /// A body: alternatives of conjunctions.
    pub fn body(&mut self) -> Result<Formula> {
        let start = self.at;
        let mut sides = vec![self.conjunction()?];
        while self.eat_word("or") || self.eat(";") {
            sides.push(self.conjunction()?);
        }
        Ok(self.joined(start, sides, FormulaKind::Or))
    }

    fn conjunction(&mut self) -> Result<Formula> {
        let start = self.at;
        let mut literals = vec![self.literal()?];
        while self.eat(",") || self.eat_word("and") {
            literals.push(self.literal()?);
        }
        Ok(self.joined(start, literals, FormulaKind::And))
    }

    fn joined(&self, start: usize, mut parts: Vec<Formula>, join: fn(Vec<Formula>) -> FormulaKind) -> Formula {
        match parts.pop() {
            Some(only) if parts.is_empty() => only,
            Some(last) => {
                parts.push(last);
                Spanned::new(join(parts), self.since(start))
            }
            None => Spanned::new(join(parts), self.since(start)),
        }
    }

    fn literal(&mut self) -> Result<Formula> {
        let start = self.at;
        if self.eat_word("not") || self.eat("!") {
            let inner = self.nested(Self::literal)?;
            return Ok(Spanned::new(FormulaKind::Not(Box::new(inner)), self.since(start)));
        }
        if self.is("(") && !self.bracket_is_expression() {
            let inner = self.in_brackets(Self::body)?;
            return Ok(Spanned::new(FormulaKind::Group(Box::new(inner)), self.since(start)));
        }
        self.simple_literal(start)
    }

    /// What begins with `(` is an expression if an operator or `in` follows its closing bracket.
    fn bracket_is_expression(&self) -> bool {
        match self.behind_bracket() {
            [TokenKind::Mark(mark), _] => {
                matches!(*mark, "=" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%")
            }
            [TokenKind::Word(word), _] if word.as_ref() == "in" => true,
            [TokenKind::Word(word), TokenKind::Word(next)] => word.as_ref() == "not" && next.as_ref() == "in",
            _ => false,
        }
    }

    /// Parses what stands in the round brackets that open next.
    pub fn in_brackets<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let open = self.here();
        self.advance();
        let inner = self.nested(parse)?;
        self.close(open)?;
        Ok(inner)
    }

    /// Takes the `)` that closes the bracket at `open`.
    pub fn close(&mut self, open: Span) -> Result<()> {
        if self.eat(")") {
            return Ok(());
        }
        let at = self.here();
        if let TokenKind::Bad = self.kind() {
            return Err(GivenUp);
        }
        let help = match self.kind() {
            TokenKind::End | TokenKind::Mark(".") => "write `)` where the bracket shall end",
            _ => "write `)` before this, or join it with a comma, `and` or `or`",
        };
        self.out
            .push(Diagnostic::new(Code::Syntax, at, "a bracket is not closed").label(open, "opened here").help(help));
        Err(GivenUp)
    }

    /// `name`, `name(args)`, `name(column: arg)`; the next token is a word.
    pub fn atom(&mut self) -> Result<Atom> {
        let at = self.here();
        let name = self.name("the name of a relation")?;
        if !self.is("(") {
            return Ok(Atom { name, args: Args::None });
        }
        self.advance();
        if self.is(")") {
            let help = format!("write `{}` without brackets, or an argument in them", name.node);
            return Err(self.error_at(self.here(), "there is nothing in the brackets", help));
        }
        let args = self.nested(Self::args)?;
        self.close(at)?;
        Ok(Atom { name, args })
    }

    fn args(&mut self) -> Result<Args> {
        let named = matches!((self.kind(), &self.peek(1).kind), (TokenKind::Word(_), TokenKind::Mark(":")));
        let (mut positional, mut columns) = (Vec::new(), Vec::new());
        loop {
            let colon = matches!(&self.peek(1).kind, TokenKind::Mark(":")) && matches!(self.kind(), TokenKind::Word(_));
            if colon != named {
                let help = "give all arguments by place, or all by column";
                return Err(self.error_at(self.here(), "named arguments and others are mixed", help));
            }
            if named {
                let column = self.name("a column")?;
                self.advance();
                columns.push((column, self.expr()?));
            } else {
                positional.push(self.expr()?);
            }
            if !self.eat(",") {
                break;
            }
            if self.is(")") {
                return Err(self.error_at(
                    self.here(),
                    "an argument is missing behind the comma",
                    "take the comma out",
                ));
            }
        }
        Ok(if named { Args::Named(columns) } else { Args::Positional(positional) })
    }

    /// A name that is no keyword (`decided` may begin an atom).
    pub fn name(&mut self, what: &str) -> Result<Name> {
        let at = self.here();
        match self.kind() {
            TokenKind::Word(word) if !RESERVED.contains(&word.as_ref()) || word.as_ref() == "decided" => {
                let name = Name::new(Arc::clone(word), at);
                self.advance();
                Ok(name)
            }
            _ => Err(self.expected(at, what)),
        }
    }
}

fn is_capital_keyword(word: &str) -> bool {
    let lower = word.to_lowercase();
    lower != word && matches!(lower.as_str(), "if" | "and" | "or" | "not" | "in" | "true" | "false")
}
