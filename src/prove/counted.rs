//! How many rows the rules of a policy tell apart by counting: whether there are more than three of
//! something shows at the fourth.
//!
//! Follows what is counted through variables and conclusions to the constants that it is compared with.

use std::collections::BTreeSet;

use super::closed::{Shifted, solved};
use crate::engine::mentioned::Mentioned;
use crate::engine::plan::literal_exprs;
use crate::program::{
    AggregateKind, Atom, CompareOp, Expr, FactKind, GroupId, GroupKind, Literal, LiteralKind, PredicateId, Program,
    RuleId, VariableId,
};
use crate::value::Value;

/// How many rows the clauses and invariants of a policy count up to.
#[derive(Debug, Clone)]
pub struct Counted<'p> {
    program: &'p Program,
    /// Columns of conclusions that hold how many there are of something.
    columns: BTreeSet<(PredicateId, usize)>,
}

impl<'p> Counted<'p> {
    /// Of a policy.
    pub fn new(program: &'p Program) -> Self {
        let mut counted = Self { program, columns: BTreeSet::new() };
        loop {
            let before = counted.columns.len();
            for clause in &program.clauses {
                let variables = Body::new(&counted, &clause.body).variables;
                let holds = |arg: &Expr| matches!(arg, Expr::Variable(v) if variables.contains(v));
                let columns = clause.args.iter().enumerate().filter(|(_, arg)| holds(arg));
                let columns: Vec<_> = columns.map(|(column, _)| (clause.head, column)).collect();
                counted.columns.extend(columns);
            }
            if counted.columns.len() == before {
                return counted;
            }
        }
    }

    /// The most rows at which a rule or an invariant can turn.
    pub fn rows(&self) -> usize {
        let rules = (0..self.program.rules.len()).map(|index| RuleId(index as u32));
        let alternatives = self.program.invariants.iter().flat_map(|invariant| &invariant.body.alternatives);
        let invariants = alternatives.map(|literals| Body::new(self, literals).rows()).max();
        self.rows_of(rules).max(invariants.unwrap_or(0))
    }

    /// The most rows at which one of these rules can turn.
    pub fn rows_of(&self, rules: impl IntoIterator<Item = RuleId>) -> usize {
        let clauses = rules.into_iter().flat_map(|rule| &self.program.rule(rule).clauses);
        clauses.map(|id| Body::new(self, &self.program.clause(*id).body).rows()).max().unwrap_or(0)
    }

    /// Whether a group counts something that issues can say several of.
    fn counts_rows(&self, id: GroupId) -> bool {
        let program = self.program;
        let group = program.group(id);
        if !matches!(group.kind, GroupKind::Aggregate(AggregateKind::Count, _)) {
            return false;
        }
        let below = Mentioned::of(program, group.alternatives.iter().flatten()).and_below(program);
        below.facts.iter().any(|fact| !matches!(program.fact(*fact).kind, FactKind::Single(_)))
    }
}

/// The literals of a body, those of its groups included, and the variables in it that hold counts.
struct Body<'c, 'p> {
    counted: &'c Counted<'p>,
    literals: Vec<&'p Literal>,
    variables: BTreeSet<VariableId>,
}

impl<'c, 'p> Body<'c, 'p> {
    fn new(counted: &'c Counted<'p>, literals: &'p [Literal]) -> Self {
        let mut body = Self { counted, literals: Vec::new(), variables: BTreeSet::new() };
        body.add(literals);
        loop {
            let before = body.variables.len();
            let found: Vec<VariableId> = body.literals.iter().flat_map(|literal| body.bound_by(literal)).collect();
            body.variables.extend(found);
            if body.variables.len() == before {
                return body;
            }
        }
    }

    fn add(&mut self, literals: &'p [Literal]) {
        for literal in literals {
            self.literals.push(literal);
            if let LiteralKind::NotGroup(group) = &literal.kind {
                self.group(*group);
            }
            for expr in literal_exprs(literal) {
                expr.aggregates(&mut |group| self.group(group));
            }
        }
    }

    fn group(&mut self, id: GroupId) {
        let program = self.counted.program;
        program.group(id).alternatives.iter().for_each(|literals| self.add(literals));
    }

    /// The variables to which a literal may give a count.
    fn bound_by(&self, literal: &Literal) -> Vec<VariableId> {
        match &literal.kind {
            LiteralKind::Atom(atom) => self.counts_in(atom).filter_map(variable).collect(),
            LiteralKind::Compare { left, op: CompareOp::Eq, right } => {
                let sides = [(left, right), (right, left)].into_iter();
                sides.filter(|(_, other)| self.is_count(other)).filter_map(|(side, _)| variable(side)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The arguments of an atom that stand where counts are.
    fn counts_in<'a>(&'a self, atom: &'a Atom) -> impl Iterator<Item = &'a Expr> {
        let args = atom.args.iter().enumerate();
        args.filter(|(column, _)| self.counted.columns.contains(&(atom.predicate, *column))).map(|(_, arg)| arg)
    }

    fn is_count(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Variable(variable) => self.variables.contains(variable),
            Expr::Aggregate(group) => self.counted.counts_rows(*group),
            Expr::Binary { left, right, .. } => self.is_count(left) || self.is_count(right),
            _ => false,
        }
    }

    /// The most rows at which one of the literals can turn.
    fn rows(&self) -> usize {
        self.literals.iter().map(|literal| self.rows_of(literal)).max().unwrap_or(0)
    }

    fn rows_of(&self, literal: &Literal) -> usize {
        if let LiteralKind::Atom(atom) | LiteralKind::NotAtom(atom) = &literal.kind {
            let constants =
                self.counts_in(atom).filter_map(|arg| if let Expr::Constant(v) = arg { Some(v) } else { None });
            return constants.map(|value| rows_to(value, true)).max().unwrap_or(0);
        }
        let is_leaf = |expr: &Expr| matches!(expr, Expr::Variable(_) | Expr::Fact(_) | Expr::Aggregate(_));
        match solved(literal, &is_leaf) {
            Some(Shifted { leaf, turns, .. }) if self.is_count(leaf) => {
                let beyond = turns_beyond(literal);
                turns.iter().map(|turn| rows_to(turn, beyond)).max().unwrap_or(0)
            }
            _ => 0,
        }
    }
}

fn variable(expr: &Expr) -> Option<VariableId> {
    if let Expr::Variable(variable) = expr { Some(*variable) } else { None }
}

/// Whether a comparison can be the same for all counts up to its constant, and another above.
fn turns_beyond(literal: &Literal) -> bool {
    let LiteralKind::Compare { left, op, right } = &literal.kind else { return true };
    let plain = |expr: &Expr| matches!(expr, Expr::Variable(_) | Expr::Aggregate(_));
    match op {
        CompareOp::Ge | CompareOp::Lt => !plain(left),
        CompareOp::Gt | CompareOp::Le => !plain(right),
        CompareOp::Eq | CompareOp::Ne => true,
    }
}

/// How many rows it takes to have so many, or one more.
fn rows_to(count: &Value, beyond: bool) -> usize {
    let Value::Integer(count) = count else { return 0 };
    usize::try_from(*count).map_or(0, |count| count.saturating_add(usize::from(beyond)))
}
