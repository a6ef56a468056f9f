//! How the rules use each fact: the constants it is compared with, and whether that is all.
//!
//! Read off the clauses once. A fact (or column) that is only compared with constants falls
//! into finitely many regions; of one that is used in any other way the constants say little.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::plan::literal_exprs;
use crate::program::{
    Atom, CompareOp, Expr, FactId, FactKind, GroupId, GroupKind, Literal, LiteralKind, PredicateKind, Program,
    TestKind, VariableId,
};
use crate::value::Value;

/// One question that a rule asks of a value.
#[derive(Debug, Clone)]
pub(crate) enum Asked {
    /// `value op constant`.
    Compare(CompareOp, Value),
    /// A text test, with its compiled pattern for `matches`.
    Test(TestKind, Value, Option<regex::Regex>),
}

impl Asked {
    /// The answer for a known value.
    pub(crate) fn holds(&self, value: &Value) -> bool {
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
pub(crate) struct Use {
    /// What they ask of it.
    pub(crate) asked: Vec<Asked>,
    /// Whether they use it in any other way: in arithmetic, against another fact, by a variable.
    pub(crate) entangled: bool,
    /// Whether they look at it at all.
    pub(crate) read: bool,
}

/// How the rules use one fact.
#[derive(Debug, Clone, Default)]
pub(crate) struct FactUse {
    /// Its value, or one for each column.
    pub(crate) values: Vec<Use>,
    /// Whether rows are counted or added up, so that two equal rows are not one.
    pub(crate) counted: bool,
}

/// How the rules use all facts.
#[derive(Debug)]
pub(crate) struct Uses {
    /// Indexed by [`FactId`].
    facts: Vec<FactUse>,
    /// All constants of the rules, sorted and distinct.
    pub(crate) constants: Vec<Value>,
}

impl Uses {
    /// Reads the clauses of a policy.
    pub(crate) fn new(program: &Program) -> Self {
        let blank = |kind: &FactKind| FactUse {
            values: match kind {
                FactKind::Single(_) | FactKind::List(_) => vec![Use::default()],
                FactKind::Records(columns) => vec![Use::default(); columns.len()],
            },
            counted: false,
        };
        let facts = program.facts.iter().map(|fact| blank(&fact.kind)).collect();
        let mut reader = Reader {
            program,
            uses: Self { facts, constants: Vec::new() },
            named: BTreeMap::new(),
            compared: BTreeSet::new(),
        };
        for clause in &program.clauses {
            reader.named.clear();
            reader.compared.clear();
            reader.literals(&clause.body, Within::Clause);
            clause.args.iter().for_each(|arg| reader.expr(arg));
        }
        let mut uses = reader.uses;
        uses.constants.sort();
        uses.constants.dedup();
        uses
    }

    /// How the rules use a fact.
    pub(crate) fn of(&self, fact: FactId) -> &FactUse {
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
    /// Of a clause: variables that stand for the value of a fact, as in `D = days, D < 3`.
    named: BTreeMap<VariableId, FactId>,
    /// Of a clause: variables that are used in any way but that.
    compared: BTreeSet<VariableId>,
}

impl Reader<'_> {
    fn literals(&mut self, literals: &[Literal], within: Within) {
        literals.iter().for_each(|literal| self.name(literal));
        literals.iter().for_each(|literal| self.literal(literal, within));
    }

    /// Notes the variable that a literal names a fact's value by. One that names two facts compares them.
    fn name(&mut self, literal: &Literal) {
        let Some((variable, fact)) = naming(literal) else { return };
        let other = self.named.insert(variable, fact);
        if self.compared.contains(&variable) || other.is_some() {
            other.iter().chain([&fact]).for_each(|fact| self.entangle(*fact, 0));
        }
    }

    /// The fact that an expression is the value of.
    fn fact(&self, expr: &Expr) -> Option<FactId> {
        match expr {
            Expr::Fact(fact) => Some(*fact),
            Expr::Variable(variable) => self.named.get(variable).copied(),
            _ => None,
        }
    }

    fn literal(&mut self, literal: &Literal, within: Within) {
        match &literal.kind {
            LiteralKind::Atom(atom) | LiteralKind::NotAtom(atom) => self.atom(atom, within),
            LiteralKind::NotGroup(group) => self.group(*group, within),
            LiteralKind::Compare { .. } if naming(literal).is_some() => {
                naming(literal).iter().for_each(|(_, fact)| self.uses.facts[fact.index()].values[0].read = true);
            }
            LiteralKind::Compare { left, op, right: Expr::Constant(value) } if self.fact(left).is_some() => {
                self.compare(left, *op, value);
            }
            LiteralKind::Compare { left: Expr::Constant(value), op, right } if self.fact(right).is_some() => {
                self.compare(right, op.flipped(), value);
            }
            LiteralKind::In { subject, list, .. } if self.fact(subject).is_some() => {
                list.iter().for_each(|value| self.compare(subject, CompareOp::Eq, value));
            }
            LiteralKind::Test { test, subject, pattern: Expr::Constant(pattern), regex, .. }
                if self.fact(subject).is_some() =>
            {
                let fact = self.fact(subject);
                fact.iter().for_each(|fact| self.ask(*fact, 0, Asked::Test(*test, pattern.clone(), regex.clone())));
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
            Expr::Wildcard => {}
            Expr::Variable(variable) => {
                self.compared.insert(*variable);
                self.fact(expr).iter().for_each(|fact| self.entangle(*fact, 0));
            }
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

    fn compare(&mut self, expr: &Expr, op: CompareOp, value: &Value) {
        self.uses.constants.push(value.clone());
        self.fact(expr).iter().for_each(|fact| self.ask(*fact, 0, Asked::Compare(op, value.clone())));
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

/// The variable and the fact of an equation like `D = days`.
fn naming(literal: &Literal) -> Option<(VariableId, FactId)> {
    match &literal.kind {
        LiteralKind::Compare { left: Expr::Variable(variable), op: CompareOp::Eq, right: Expr::Fact(fact) }
        | LiteralKind::Compare { left: Expr::Fact(fact), op: CompareOp::Eq, right: Expr::Variable(variable) } => {
            Some((*variable, *fact))
        }
        _ => None,
    }
}
