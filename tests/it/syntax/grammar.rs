//! The grammar of the language page, executable: it makes texts and says which texts it has.
//!
//! Written from the productions alone, by sets of possible ends and with nothing of the
//! library, as a judge over what the parser takes and refuses.

use std::collections::{BTreeSet, HashMap};

use crate::dice::Dice;

/// Every token that texts are made of; `:-` stands for two that touch.
pub const TOKENS: [&str; 55] = [
    "a",
    "b",
    "p",
    "q",
    "X",
    "Y",
    "_",
    "_z",
    "\"t\"",
    "\"\\u00e9\"",
    "1",
    "20",
    "2.5",
    "1.5e3",
    "2026-01-31",
    "true",
    "false",
    "not",
    "and",
    "or",
    "if",
    "in",
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
    ":-",
    "(",
    ")",
    "[",
    "]",
    ",",
    ";",
    ".",
    ":",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "!",
    "+",
    "-",
    "*",
    "/",
    "%",
];

const NAMES: [&str; 4] = ["a", "b", "p", "q"];
const COMPARE: [&str; 6] = ["=", "!=", "<", "<=", ">", ">="];
const TESTS: [&str; 4] = ["contains", "starts_with", "ends_with", "matches"];
const FUNCTIONS: [&str; 3] = ["length", "lower", "upper"];
const AGGREGATES: [&str; 4] = ["count", "sum", "min", "max"];
const VALUES: [&str; 4] = ["\"t\"", "\"\\u00e9\"", "2026-01-31", "true"];
const NUMBERS: [&str; 4] = ["1", "20", "2.5", "1.5e3"];

/// The productions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    Text,
    Clause,
    Body,
    Conj,
    Literal,
    Atom,
    Args,
    Comparison,
    Expr,
    Product,
    Factor,
}

/// Whether the tokens are a text of the production.
pub fn accepts(rule: Rule, tokens: &[&str]) -> bool {
    // `:-` is two tokens; its minus is told from others by its name.
    let split: Vec<&str> =
        tokens.iter().flat_map(|token| if *token == ":-" { vec![":", "touching -"] } else { vec![*token] }).collect();
    let mut recogniser = Recogniser { tokens: &split, known: HashMap::new() };
    recogniser.ends(rule, 0).contains(&split.len())
}

type Ends = BTreeSet<usize>;

struct Recogniser<'a> {
    tokens: &'a [&'a str],
    known: HashMap<(Rule, usize), Ends>,
}

impl Recogniser<'_> {
    fn ends(&mut self, rule: Rule, at: usize) -> Ends {
        if let Some(known) = self.known.get(&(rule, at)) {
            return known.clone();
        }
        let ends = match rule {
            Rule::Text => self.text(at),
            Rule::Clause => self.clause(at),
            Rule::Body => self.repeated(Rule::Conj, &["or", ";"], at),
            Rule::Conj => self.repeated(Rule::Literal, &[",", "and"], at),
            Rule::Literal => self.literal(at),
            Rule::Atom => self.atom(at),
            Rule::Args => self.args(at),
            Rule::Comparison => self.comparison(at),
            Rule::Expr => self.repeated(Rule::Product, &["+", "-"], at),
            Rule::Product => self.repeated(Rule::Factor, &["*", "/", "%"], at),
            Rule::Factor => self.factor(at),
        };
        self.known.insert((rule, at), ends.clone());
        ends
    }

    fn is(&self, at: usize, token: &str) -> bool {
        self.tokens.get(at).is_some_and(|own| *own == token || (*own == "touching -" && token == "-"))
    }

    fn one_of(&self, at: usize, tokens: &[&str]) -> bool {
        tokens.iter().any(|token| self.is(at, token))
    }

    fn mark(&self, ends: Ends, token: &str) -> Ends {
        ends.into_iter().filter(|end| self.is(*end, token)).map(|end| end + 1).collect()
    }

    fn after(&mut self, ends: Ends, rule: Rule) -> Ends {
        ends.into_iter().flat_map(|end| self.ends(rule, end)).collect()
    }

    fn bracketed(&mut self, at: usize, rule: Rule) -> Ends {
        let open = self.mark(Ends::from([at]), "(");
        let inner = self.after(open, rule);
        self.mark(inner, ")")
    }

    fn repeated(&mut self, rule: Rule, joints: &[&str], at: usize) -> Ends {
        let mut all = self.ends(rule, at);
        let mut fresh = all.clone();
        while !fresh.is_empty() {
            let joined: Ends = fresh.iter().filter(|end| self.one_of(**end, joints)).map(|end| end + 1).collect();
            fresh = self.after(joined, rule).difference(&all).copied().collect();
            all.extend(&fresh);
        }
        all
    }

    fn text(&mut self, at: usize) -> Ends {
        let clauses = self.repeated(Rule::Clause, &["."], at);
        let stopped = self.mark(clauses.clone(), ".");
        clauses.into_iter().chain(stopped).collect()
    }

    fn clause(&mut self, at: usize) -> Ends {
        if !self.one_of(at, &NAMES) {
            return Ends::new();
        }
        let mut heads = Ends::from([at + 1]);
        let open = self.mark(heads.clone(), "(");
        let args: Ends = open.into_iter().flat_map(|open| self.list(open, Rule::Expr)).collect();
        heads.extend(self.mark(args, ")"));
        let mut bodies = self.mark(heads.clone(), "if");
        bodies.extend(
            heads
                .iter()
                .filter(|end| self.is(**end, ":") && self.tokens.get(**end + 1) == Some(&"touching -"))
                .map(|end| end + 2),
        );
        let bodies = self.after(bodies, Rule::Body);
        heads.into_iter().chain(bodies).collect()
    }

    fn list(&mut self, at: usize, rule: Rule) -> Ends {
        self.repeated(rule, &[","], at)
    }

    fn literal(&mut self, at: usize) -> Ends {
        let mut ends = Ends::new();
        if self.one_of(at, &["not", "!"]) {
            ends.extend(self.ends(Rule::Literal, at + 1));
        }
        ends.extend(self.ends(Rule::Comparison, at));
        ends.extend(self.ends(Rule::Atom, at));
        ends.extend(self.bracketed(at, Rule::Body));
        if self.one_of(at, &TESTS) {
            let open = self.mark(Ends::from([at + 1]), "(");
            let subject = self.after(open, Rule::Expr);
            let comma = self.mark(subject, ",");
            let pattern = self.after(comma, Rule::Expr);
            ends.extend(self.mark(pattern, ")"));
        }
        ends
    }

    fn atom(&mut self, at: usize) -> Ends {
        let mut ends = Ends::new();
        let decided = self.is(at, "decided");
        if !decided && !self.one_of(at, &NAMES) {
            return ends;
        }
        if !decided {
            ends.insert(at + 1);
        }
        ends.extend(self.bracketed(at + 1, Rule::Args));
        ends
    }

    fn args(&mut self, at: usize) -> Ends {
        let mut ends = self.list(at, Rule::Expr);
        let mut starts = Ends::from([at]);
        while !starts.is_empty() {
            let names = starts.iter().filter(|s| self.one_of(**s, &NAMES)).map(|s| s + 1).collect();
            let colons = self.mark(names, ":");
            let values = self.after(colons, Rule::Expr);
            ends.extend(&values);
            starts = self.mark(values, ",");
        }
        ends
    }

    fn comparison(&mut self, at: usize) -> Ends {
        let mut ends = Ends::new();
        for left in self.ends(Rule::Expr, at) {
            if self.one_of(left, &COMPARE) {
                ends.extend(self.ends(Rule::Expr, left + 1));
            }
            let open = if self.is(left, "not") { left + 1 } else { left };
            if self.is(open, "in") && self.is(open + 1, "[") {
                ends.extend(self.constants(open + 2));
            }
        }
        ends
    }

    fn constants(&self, mut at: usize) -> Option<usize> {
        loop {
            if self.is(at, "-") && self.one_of(at + 1, &NUMBERS) {
                at += 1;
            } else if !self.one_of(at, &NUMBERS)
                && !self.one_of(at, &NAMES)
                && !self.one_of(at, &VALUES)
                && !self.is(at, "false")
            {
                return None;
            }
            if self.is(at + 1, "]") {
                return Some(at + 2);
            }
            if !self.is(at + 1, ",") {
                return None;
            }
            at += 2;
        }
    }

    fn factor(&mut self, at: usize) -> Ends {
        let mut ends = Ends::new();
        if self.is(at, "-") {
            ends.extend(self.ends(Rule::Factor, at + 1));
        }
        ends.extend(self.bracketed(at, Rule::Expr));
        if self.one_of(at, &FUNCTIONS) {
            ends.extend(self.bracketed(at + 1, Rule::Expr));
        }
        if self.is(at, "count") {
            ends.extend(self.bracketed(at + 1, Rule::Body));
        }
        if self.one_of(at, &AGGREGATES) {
            let open = self.mark(Ends::from([at + 1]), "(");
            let over = self.after(open, Rule::Expr);
            let colon = self.mark(over, ":");
            let body = self.after(colon, Rule::Body);
            ends.extend(self.mark(body, ")"));
        }
        let term = ["X", "Y", "_", "_z", "false"];
        if [&term[..], &NAMES, &VALUES, &NUMBERS].iter().any(|tokens| self.one_of(at, tokens)) {
            ends.insert(at + 1);
        }
        ends
    }
}

/// A random text of the production, as tokens.
pub fn make(rule: Rule, dice: &mut Dice) -> Vec<&'static str> {
    let mut maker = Maker { dice, out: Vec::new() };
    maker.make(rule, 4);
    maker.out
}

struct Maker<'a> {
    dice: &'a mut Dice,
    out: Vec<&'static str>,
}

impl Maker<'_> {
    fn put(&mut self, token: &'static str) {
        self.out.push(token);
    }

    fn pick(&mut self, tokens: &[&'static str]) {
        let token = tokens[self.dice.below(tokens.len())];
        self.put(token);
    }

    fn repeat(&mut self, rule: Rule, joints: &[&'static str], depth: usize) {
        self.make(rule, depth);
        while self.dice.below(4) == 0 {
            self.pick(joints);
            self.make(rule, depth);
        }
    }

    fn bracket(&mut self, rule: Rule, depth: usize) {
        self.put("(");
        self.make(rule, depth);
        self.put(")");
    }

    fn make(&mut self, rule: Rule, depth: usize) {
        let below = depth.saturating_sub(1);
        match rule {
            Rule::Text => self.repeat(Rule::Clause, &["."], depth),
            Rule::Clause => {
                self.pick(&NAMES);
                if self.dice.below(2) == 0 {
                    self.put("(");
                    self.repeat(Rule::Expr, &[","], 1);
                    self.put(")");
                }
                if self.dice.below(8) > 0 {
                    self.pick(&["if", ":-"]);
                    self.make(Rule::Body, depth);
                }
            }
            Rule::Body => self.repeat(Rule::Conj, &["or", ";"], depth),
            Rule::Conj => self.repeat(Rule::Literal, &[",", "and"], depth),
            Rule::Literal => self.literal(below),
            Rule::Atom => self.atom(below),
            Rule::Args if self.dice.below(2) == 0 => self.repeat(Rule::Expr, &[","], below),
            Rule::Args => {
                self.pick(&NAMES);
                self.put(":");
                self.make(Rule::Expr, below);
            }
            Rule::Comparison => self.comparison(below),
            Rule::Expr => self.repeat(Rule::Product, &["+", "-"], depth),
            Rule::Product => self.repeat(Rule::Factor, &["*", "/", "%"], depth),
            Rule::Factor => self.factor(below),
        }
    }

    fn literal(&mut self, depth: usize) {
        while self.dice.below(5) == 0 {
            self.pick(&["not", "!"]);
        }
        match self.dice.below(6) {
            0 if depth > 0 => self.bracket(Rule::Body, depth),
            1 | 2 => self.make(Rule::Comparison, depth),
            3 => {
                self.pick(&TESTS);
                self.put("(");
                self.make(Rule::Expr, depth);
                self.put(",");
                self.make(Rule::Expr, depth);
                self.put(")");
            }
            _ => self.make(Rule::Atom, depth),
        }
    }

    fn atom(&mut self, depth: usize) {
        match self.dice.below(6) {
            0 => self.put("decided"),
            1 | 2 => return self.pick(&NAMES),
            _ => self.pick(&NAMES),
        }
        self.bracket(Rule::Args, depth);
    }

    fn comparison(&mut self, depth: usize) {
        self.make(Rule::Expr, depth);
        if self.dice.below(3) > 0 {
            self.pick(&COMPARE);
            return self.make(Rule::Expr, depth);
        }
        if self.dice.below(2) == 0 {
            self.put("not");
        }
        self.put("in");
        self.put("[");
        self.pick(&VALUES);
        while self.dice.below(3) > 0 {
            self.put(",");
            if self.dice.below(3) == 0 {
                self.put("-");
                self.pick(&NUMBERS);
            } else {
                self.pick(&["a", "b", "1", "2.5", "\"t\"", "false", "2026-01-31"]);
            }
        }
        self.put("]");
    }

    fn factor(&mut self, depth: usize) {
        match self.dice.below(if depth == 0 { 6 } else { 11 }) {
            0 | 1 => self.pick(&["X", "Y", "_", "_z"]),
            2 | 3 => self.pick(&NAMES),
            4 => self.pick(&VALUES),
            5 => self.pick(&NUMBERS),
            6 => {
                self.put("-");
                self.make(Rule::Factor, depth);
            }
            7 => self.bracket(Rule::Expr, depth),
            8 => {
                self.pick(&FUNCTIONS);
                self.bracket(Rule::Expr, depth);
            }
            9 => {
                self.put("count");
                self.bracket(Rule::Body, depth);
            }
            _ => {
                self.pick(&AGGREGATES);
                self.put("(");
                self.make(Rule::Expr, depth);
                self.put(":");
                self.make(Rule::Body, depth);
                self.put(")");
            }
        }
    }
}
