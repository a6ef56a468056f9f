//! How the rules use each fact: the constants it is compared with, and whether that is all.
//!
//! Read off the clauses once. A fact (or column) that is only compared with constants falls
//! into finitely many regions; of one that is used in any other way the constants say little.

use crate::engine::plan::literal_exprs;
use crate::program::{
    Atom, CompareOp, Expr, FactId, FactKind, GroupId, GroupKind, Literal, LiteralKind, PredicateKind, Program, TestKind,
};
use crate::value::Value;

/// One question that a rule asks of a value.
#[derive(Debug, Clone)]
pub(super) enum Asked {
    /// `value op constant`.
    Compare(CompareOp, Value),
    /// A text test, with its compiled pattern for `matches`.
    Test(TestKind, Value, Option<regex::Regex>),
}

impl Asked {
    /// The answer for a known value.
    pub(super) fn holds(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Compare(op, constant), value) => value.compare(constant).is_some_and(|order| op.holds(order)),
            (Self::Test(test, Value::Text(pattern), regex), Value::Text(text)) => match test {
                TestKind::Contains => text.contains(&**pattern),
                TestKind::StartsWith => text.starts_with(&**pattern),
                TestKind::EndsWith => text.ends_with(&**pattern),
                TestKind::Matches => regex.as_ref().is_some_and(|regex| regex.is_match(text)),
            },
            _ => false,
        }
    }
}

/// How the rules use one value: of a single-valued fact, of a list's items, of a column.
#[derive(Debug, Clone, Default)]
pub(super) struct Use {
    /// What they ask of it.
    pub(super) asked: Vec<Asked>,
    /// Whether they use it in any other way: in arithmetic, against another fact, by a variable.
    pub(super) entangled: bool,
    /// Whether they look at it at all.
    pub(super) read: bool,
}

/// How the rules use one fact.
#[derive(Debug, Clone, Default)]
pub(super) struct FactUse {
    /// Its value, or one for each column.
    pub(super) values: Vec<Use>,
    /// Whether rows are counted or added up, so that two equal rows are not one.
    pub(super) counted: bool,
}

/// How the rules use all facts.
#[derive(Debug)]
pub(super) struct Uses {
    /// Indexed by [`FactId`].
    facts: Vec<FactUse>,
    /// All constants of the rules, sorted and distinct.
    pub(super) constants: Vec<Value>,
}

impl Uses {
    /// Reads the clauses of a policy.
    pub(super) fn new(program: &Program) -> Self {
        let blank = |kind: &FactKind| FactUse {
            values: match kind {
                FactKind::Single(_) | FactKind::List(_) => vec![Use::default()],
                FactKind::Records(columns) => vec![Use::default(); columns.len()],
            },
            counted: false,
        };
        let facts = program.facts.iter().map(|fact| blank(&fact.kind)).collect();
        let mut reader = Reader { program, uses: Self { facts, constants: Vec::new() } };
        for clause in &program.clauses {
            reader.literals(&clause.body, Within::Clause);
        }
        let mut uses = reader.uses;
        uses.constants.sort();
        uses.constants.dedup();
        uses
    }

    /// How the rules use a fact.
    pub(super) fn of(&self, fact: FactId) -> &FactUse {
        &self.facts[fact.index()]
    }
}

/// Where a literal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    Clause,
    Aggregate,
}

struct Reader<'p> {
    program: &'p Program,
    uses: Uses,
}

impl Reader<'_> {
    fn literals(&mut self, literals: &[Literal], within: Within) {
        literals.iter().for_each(|literal| self.literal(literal, within));
    }

    fn literal(&mut self, literal: &Literal, within: Within) {
        match &literal.kind {
            LiteralKind::Atom(atom) | LiteralKind::NotAtom(atom) => self.atom(atom, within),
            LiteralKind::NotGroup(group) => self.group(*group, within),
            LiteralKind::Compare { left: Expr::Fact(fact), op, right: Expr::Constant(value) } => {
                self.compare(*fact, *op, value);
            }
            LiteralKind::Compare { left: Expr::Constant(value), op, right: Expr::Fact(fact) } => {
                self.compare(*fact, op.flipped(), value);
            }
            LiteralKind::In { subject: Expr::Fact(fact), list, .. } => {
                list.iter().for_each(|value| self.compare(*fact, CompareOp::Eq, value));
            }
            LiteralKind::Test { test, subject: Expr::Fact(fact), pattern: Expr::Constant(pattern), regex, .. } => {
                self.ask(*fact, 0, Asked::Test(*test, pattern.clone(), regex.clone()));
                self.uses.constants.push(pattern.clone());
            }
            LiteralKind::Compare { .. } | LiteralKind::In { .. } | LiteralKind::Test { .. } => {
                if let LiteralKind::In { list, .. } = &literal.kind {
                    self.uses.constants.extend(list.iter().cloned());
                }
                literal_exprs(literal).for_each(|expr| self.expr(expr));
            }
        }
    }

    fn atom(&mut self, atom: &Atom, within: Within) {
        let fact = match self.program.predicate(atom.predicate).kind {
            PredicateKind::Fact(fact) => fact,
            _ => return atom.args.iter().for_each(|arg| self.expr(arg)),
        };
        let of = &mut self.uses.facts[fact.index()];
        of.counted |= within == Within::Aggregate;
        if atom.args.is_empty() {
            of.values.iter_mut().for_each(|value| value.read = true);
        }
        for (column, arg) in atom.args.iter().enumerate() {
            match arg {
                Expr::Wildcard => {}
                Expr::Constant(value) => self.ask(fact, column, Asked::Compare(CompareOp::Eq, value.clone())),
                _ => self.entangle(fact, column),
            }
            self.expr(arg);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Wildcard | Expr::Variable(_) => {}
            Expr::Constant(value) => self.uses.constants.push(value.clone()),
            Expr::Fact(fact) => self.entangle(*fact, 0),
            Expr::Binary { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            Expr::Negate(operand) | Expr::Call(_, operand) => self.expr(operand),
            Expr::Aggregate(group) => self.group(*group, Within::Aggregate),
        }
    }

    fn group(&mut self, id: GroupId, within: Within) {
        let group = self.program.group(id);
        group.alternatives.iter().for_each(|literals| self.literals(literals, within));
        if let GroupKind::Aggregate(_, Some(of)) = &group.kind {
            self.expr(of);
        }
    }

    fn compare(&mut self, fact: FactId, op: CompareOp, value: &Value) {
        self.uses.constants.push(value.clone());
        self.ask(fact, 0, Asked::Compare(op, value.clone()));
    }

    fn ask(&mut self, fact: FactId, column: usize, asked: Asked) {
        if let Some(value) = self.uses.facts[fact.index()].values.get_mut(column) {
            value.read = true;
            value.asked.push(asked);
        }
    }

    fn entangle(&mut self, fact: FactId, column: usize) {
        if let Some(value) = self.uses.facts[fact.index()].values.get_mut(column) {
            value.read = true;
            value.entangled = true;
        }
    }
}
