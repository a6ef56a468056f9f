//! Which sums are over numbers: the sum of no numbers is `0.0`, of no integers `0`.
//!
//! Types of variables follow from the columns of the atoms that they stand in and from
//! equations; a checked program gives each variable one type.

use crate::program::{
    AggregateKind, ArithmeticOp, CompareOp, Expr, FactKind, FunctionKind, GroupId, GroupKind, Literal, LiteralKind,
    Program, Query, Scalar,
};
use crate::value::Value;

/// For each group whether it is a sum over numbers.
pub(crate) fn number_sums(program: &Program) -> Vec<bool> {
    let mut sums = vec![false; program.groups.len()];
    for clause in &program.clauses {
        Scope::of(program, clause.variables.len(), &[&clause.body]).mark(&mut sums);
    }
    for query in queries(program) {
        let bodies: Vec<&Vec<Literal>> = query.alternatives.iter().collect();
        Scope::of(program, query.variables.len(), &bodies).mark(&mut sums);
    }
    sums
}

fn queries(program: &Program) -> impl Iterator<Item = &Query> {
    use crate::program::Expectation;
    let expected = program.scenarios.iter().flat_map(|s| &s.expect).filter_map(|e| match e {
        Expectation::Holds(query) | Expectation::NotHolds(query) => Some(query),
        _ => None,
    });
    program.invariants.iter().map(|i| &i.body).chain(expected)
}

/// The types of the variables of one clause or query, its groups included.
struct Scope<'a> {
    program: &'a Program,
    types: Vec<Option<Scalar>>,
    groups: Vec<GroupId>,
}

impl<'a> Scope<'a> {
    fn of(program: &'a Program, variables: usize, bodies: &[&'a Vec<Literal>]) -> Self {
        let mut scope = Self { program, types: vec![None; variables], groups: Vec::new() };
        let mut literals = Vec::new();
        for literal in bodies.iter().copied().flatten() {
            scope.gather(literal, &mut literals);
        }
        // Only a clause with a sum needs the types of its variables.
        let sums = |id: &GroupId| matches!(program.group(*id).kind, GroupKind::Aggregate(AggregateKind::Sum, _));
        if scope.groups.iter().any(sums) {
            while scope.infer(&literals) {}
        }
        scope
    }

    /// All literals, those of groups too.
    fn gather(&mut self, literal: &'a Literal, into: &mut Vec<&'a Literal>) {
        into.push(literal);
        if let LiteralKind::NotGroup(group) = &literal.kind {
            self.gather_group(*group, into);
        }
        for expr in super::plan::literal_exprs(literal) {
            self.gather_expr(expr, into);
        }
    }

    fn gather_group(&mut self, id: GroupId, into: &mut Vec<&'a Literal>) {
        self.groups.push(id);
        let group = self.program.group(id);
        if let GroupKind::Aggregate(_, Some(of)) = &group.kind {
            self.gather_expr(of, into);
        }
        for literal in group.alternatives.iter().flatten() {
            self.gather(literal, into);
        }
    }

    fn gather_expr(&mut self, expr: &'a Expr, into: &mut Vec<&'a Literal>) {
        match expr {
            Expr::Aggregate(group) => self.gather_group(*group, into),
            Expr::Binary { left, right, .. } => {
                self.gather_expr(left, into);
                self.gather_expr(right, into);
            }
            Expr::Negate(operand) | Expr::Call(_, operand) => self.gather_expr(operand, into),
            Expr::Wildcard | Expr::Variable(_) | Expr::Constant(_) | Expr::Fact(_) => {}
        }
    }

    /// One pass; whether it found a type.
    fn infer(&mut self, literals: &[&Literal]) -> bool {
        let mut found = false;
        for literal in literals {
            match &literal.kind {
                LiteralKind::Atom(atom) => {
                    let columns = &self.program.predicate(atom.predicate).columns;
                    for (arg, column) in atom.args.iter().zip(columns) {
                        found |= self.learn(arg, *column);
                    }
                }
                LiteralKind::Compare { left, op: CompareOp::Eq, right } => {
                    found |= self.learn(left, self.type_of(right));
                    found |= self.learn(right, self.type_of(left));
                }
                _ => {}
            }
        }
        found
    }

    fn learn(&mut self, expr: &Expr, scalar: Option<Scalar>) -> bool {
        let Expr::Variable(v) = expr else { return false };
        let slot = &mut self.types[v.index()];
        if slot.is_some() || scalar.is_none() {
            return false;
        }
        *slot = scalar;
        true
    }

    fn type_of(&self, expr: &Expr) -> Option<Scalar> {
        match expr {
            Expr::Wildcard => None,
            Expr::Variable(v) => self.types[v.index()],
            Expr::Constant(value) => scalar_of(value),
            Expr::Fact(fact) => match &self.program.fact(*fact).kind {
                FactKind::Single(domain) => Some(domain.scalar),
                FactKind::List(_) | FactKind::Records(_) => None,
            },
            Expr::Binary { op, left, right } => binary_type(*op, self.type_of(left)?, self.type_of(right)?),
            Expr::Negate(operand) => self.type_of(operand),
            Expr::Call(FunctionKind::Length, _) => Some(Scalar::Integer),
            Expr::Call(FunctionKind::Lower | FunctionKind::Upper, _) => Some(Scalar::Text),
            Expr::Aggregate(group) => match &self.program.group(*group).kind {
                GroupKind::Aggregate(AggregateKind::Count, _) => Some(Scalar::Integer),
                GroupKind::Aggregate(_, Some(of)) => self.type_of(of),
                GroupKind::Aggregate(_, None) | GroupKind::Negation => None,
            },
        }
    }

    fn mark(&self, sums: &mut [bool]) {
        for id in &self.groups {
            if let GroupKind::Aggregate(AggregateKind::Sum, Some(of)) = &self.program.group(*id).kind {
                sums[id.index()] = self.type_of(of) == Some(Scalar::Number);
            }
        }
    }
}

fn scalar_of(value: &Value) -> Option<Scalar> {
    Some(match value {
        Value::Unknown => return None,
        Value::Bool(_) => Scalar::Bool,
        Value::Symbol(_) => Scalar::Choice,
        Value::Integer(_) => Scalar::Integer,
        Value::Number(_) => Scalar::Number,
        Value::Date(_) => Scalar::Date,
        Value::Text(_) => Scalar::Text,
    })
}

fn binary_type(op: ArithmeticOp, left: Scalar, right: Scalar) -> Option<Scalar> {
    match (left, right) {
        (Scalar::Integer, Scalar::Integer) => Some(Scalar::Integer),
        (Scalar::Integer | Scalar::Number, Scalar::Integer | Scalar::Number) => Some(Scalar::Number),
        (Scalar::Date, Scalar::Date) if op == ArithmeticOp::Subtract => Some(Scalar::Integer),
        (Scalar::Date, Scalar::Integer) | (Scalar::Integer, Scalar::Date) => Some(Scalar::Date),
        _ => None,
    }
}
