//! Settled clauses → the clauses and groups of a program.
//!
//! Expressions in positive atoms and heads become fresh variables with an equation, so
//! that arguments there are variables, constants or `_` only. So do aggregates in negated
//! atoms, for one that is not known leaves the literal uncertain, whatever the relation holds.
//! Nothing is reported here.

use std::sync::Arc;

use super::ir::{self, ExprKind};
use crate::program::{
    Atom, Clause, CompareOp, Expr, Group, GroupId, GroupKind, Literal, LiteralKind, PredicateId, Query, RuleId,
    VariableId,
};
use crate::source::Span;
use crate::value::Value;

/// Begins the names of variables that no author can write.
const FRESH: char = '#';

/// The literals of a clause without the equations that give its head values.
pub fn written_body(clause: &Clause) -> Vec<Literal> {
    let is_of_head = |literal: &&Literal| match &literal.kind {
        LiteralKind::Compare { left: Expr::Variable(variable), .. } => {
            clause.variables[variable.index()].starts_with(FRESH)
                && clause.args.iter().any(|arg| matches!(arg, Expr::Variable(of_head) if of_head == variable))
        }
        _ => false,
    };
    clause.body.iter().filter(|literal| !is_of_head(literal)).cloned().collect()
}

/// Builds clauses and queries, and collects their groups.
#[derive(Debug, Default)]
pub struct Assembler {
    /// All groups so far; indexed by [`GroupId`].
    pub groups: Vec<Group>,
}

impl Assembler {
    /// Continues a program that has groups already.
    pub fn with_groups(groups: Vec<Group>) -> Self {
        Self { groups }
    }

    /// A clause of a rule.
    pub fn clause(&mut self, rule: RuleId, head: PredicateId, clause: &ir::Clause) -> Clause {
        let mut variables: Vec<Arc<str>> = clause.variables.iter().map(|v| v.name.clone()).collect();
        let mut body = self.literals(&clause.body, &mut variables);
        let args =
            clause.args.iter().map(|arg| self.argument(arg, &clause.head_text, &mut variables, &mut body)).collect();
        Clause { rule, head, args, body, variables, span: clause.span, text: clause.text.clone() }
    }

    /// A query of some sides; all ask for the same variables.
    pub fn query(&mut self, sides: &[ir::Clause], text: Arc<str>, span: Span) -> Query {
        let mut query = Query { alternatives: Vec::new(), answer: Vec::new(), variables: Vec::new(), text, span };
        for side in sides {
            // Variables of different sides are different; the ids of a side follow those before it.
            let offset = query.variables.len() as u32;
            let shifted = shift(side, offset);
            query.variables.extend(side.variables.iter().map(|v| v.name.clone()));
            let literals = self.literals(&shifted.body, &mut query.variables);
            query.alternatives.push(literals);
            if query.answer.is_empty() {
                query.answer = shifted.args.iter().filter_map(ir::Expr::variable).collect();
            }
        }
        query
    }

    fn literals(&mut self, literals: &[ir::Literal], variables: &mut Vec<Arc<str>>) -> Vec<Literal> {
        let mut out = Vec::with_capacity(literals.len());
        for literal in literals {
            let mut behind = Vec::new();
            let kind = match &literal.kind {
                ir::LiteralKind::Atom(atom) => {
                    let mut argument = |arg| self.argument(arg, &literal.text, variables, &mut behind);
                    let args = atom.args.iter().map(&mut argument).collect();
                    LiteralKind::Atom(Atom { predicate: atom.predicate, args })
                }
                ir::LiteralKind::NotAtom(atom) => {
                    let mut args: Vec<Expr> = atom.args.iter().map(|arg| self.expr(arg, variables)).collect();
                    for (arg, written) in args.iter_mut().zip(&atom.args) {
                        let place = (written.span, &literal.text);
                        without_aggregates(arg, place, variables, &mut behind);
                    }
                    LiteralKind::NotAtom(Atom { predicate: atom.predicate, args })
                }
                ir::LiteralKind::NotGroup(group) => LiteralKind::NotGroup(self.group(group, variables)),
                ir::LiteralKind::Compare { left, op, right } => LiteralKind::Compare {
                    left: self.expr(left, variables),
                    op: *op,
                    right: self.expr(right, variables),
                },
                ir::LiteralKind::In { subject, negated, list } => LiteralKind::In {
                    subject: self.expr(subject, variables),
                    negated: *negated,
                    list: list.iter().filter_map(constant).collect(),
                },
                ir::LiteralKind::Test { test, negated, subject, pattern } => {
                    let regex = match (test, constant(pattern)) {
                        (crate::program::TestKind::Matches, Some(Value::Text(text))) => regex::Regex::new(&text).ok(),
                        _ => None,
                    };
                    LiteralKind::Test {
                        test: *test,
                        negated: *negated,
                        subject: self.expr(subject, variables),
                        pattern: self.expr(pattern, variables),
                        regex,
                    }
                }
            };
            out.push(Literal { kind, span: literal.span, text: literal.text.clone() });
            out.append(&mut behind);
        }
        out
    }

    /// An argument of a positive atom or a head; an expression moves into an equation.
    fn argument(
        &mut self,
        arg: &ir::Expr,
        text: &Arc<str>,
        variables: &mut Vec<Arc<str>>,
        behind: &mut Vec<Literal>,
    ) -> Expr {
        let expr = self.expr(arg, variables);
        if matches!(expr, Expr::Wildcard | Expr::Variable(_) | Expr::Constant(_)) {
            return expr;
        }
        named(expr, (arg.span, text), variables, behind)
    }

    fn expr(&mut self, expr: &ir::Expr, variables: &mut Vec<Arc<str>>) -> Expr {
        match &expr.kind {
            ExprKind::Wildcard => Expr::Wildcard,
            ExprKind::Variable(id) => Expr::Variable(*id),
            ExprKind::Constant(value) => Expr::Constant(value.clone()),
            ExprKind::Name(name) => Expr::Constant(Value::Symbol(name.clone())),
            ExprKind::Fact(id) => Expr::Fact(*id),
            ExprKind::Binary { op, left, right } => Expr::Binary {
                op: *op,
                left: Box::new(self.expr(left, variables)),
                right: Box::new(self.expr(right, variables)),
            },
            ExprKind::Negate(inner) => Expr::Negate(Box::new(self.expr(inner, variables))),
            ExprKind::Call(function, inner) => Expr::Call(*function, Box::new(self.expr(inner, variables))),
            ExprKind::Aggregate(group) => Expr::Aggregate(self.group(group, variables)),
        }
    }

    fn group(&mut self, group: &ir::Group, variables: &mut Vec<Arc<str>>) -> GroupId {
        let alternatives = group.alternatives.iter().map(|side| self.literals(side, variables)).collect();
        let kind = match &group.aggregate {
            None => GroupKind::Negation,
            Some((kind, of)) => GroupKind::Aggregate(*kind, of.as_ref().map(|of| self.expr(of, variables))),
        };
        let id = GroupId(self.groups.len() as u32);
        let parameters = group.parameters.iter().copied().collect();
        self.groups.push(Group { kind, parameters, own: group.own.clone(), alternatives, span: group.span });
        id
    }
}

/// A fresh variable with an equation that says what it is; with where and in which literal that is written.
fn named(
    expr: Expr,
    (span, text): (Span, &Arc<str>),
    variables: &mut Vec<Arc<str>>,
    behind: &mut Vec<Literal>,
) -> Expr {
    let fresh = VariableId(variables.len() as u32);
    variables.push(Arc::from(format!("{FRESH}{}", fresh.0)));
    let kind = LiteralKind::Compare { left: Expr::Variable(fresh), op: CompareOp::Eq, right: expr };
    behind.push(Literal { kind, span, text: text.clone() });
    Expr::Variable(fresh)
}

/// Moves the aggregates of an expression into equations.
fn without_aggregates(
    expr: &mut Expr,
    place: (Span, &Arc<str>),
    variables: &mut Vec<Arc<str>>,
    behind: &mut Vec<Literal>,
) {
    match expr {
        Expr::Aggregate(_) => *expr = named(expr.clone(), place, variables, behind),
        Expr::Binary { left, right, .. } => {
            without_aggregates(left, place, variables, behind);
            without_aggregates(right, place, variables, behind);
        }
        Expr::Negate(inner) | Expr::Call(_, inner) => without_aggregates(inner, place, variables, behind),
        Expr::Wildcard | Expr::Variable(_) | Expr::Constant(_) | Expr::Fact(_) => {}
    }
}

fn constant(expr: &ir::Expr) -> Option<Value> {
    match &expr.kind {
        ExprKind::Constant(value) => Some(value.clone()),
        ExprKind::Name(name) => Some(Value::Symbol(name.clone())),
        _ => None,
    }
}

/// The side with every variable id moved up by `offset`.
fn shift(side: &ir::Clause, offset: u32) -> ir::Clause {
    let mut side = side.clone();
    if offset > 0 {
        side.body.iter_mut().for_each(|literal| shift_literal(literal, offset));
        side.args.iter_mut().for_each(|arg| shift_expr(arg, offset));
    }
    side
}

fn shift_literal(literal: &mut ir::Literal, offset: u32) {
    match &mut literal.kind {
        ir::LiteralKind::Atom(atom) | ir::LiteralKind::NotAtom(atom) => {
            atom.args.iter_mut().for_each(|arg| shift_expr(arg, offset));
        }
        ir::LiteralKind::NotGroup(group) => shift_group(group, offset),
        ir::LiteralKind::Compare { left, right, .. } => {
            shift_expr(left, offset);
            shift_expr(right, offset);
        }
        ir::LiteralKind::In { subject, .. } => shift_expr(subject, offset),
        ir::LiteralKind::Test { subject, pattern, .. } => {
            shift_expr(subject, offset);
            shift_expr(pattern, offset);
        }
    }
}

fn shift_expr(expr: &mut ir::Expr, offset: u32) {
    match &mut expr.kind {
        ExprKind::Variable(id) => id.0 += offset,
        ExprKind::Binary { left, right, .. } => {
            shift_expr(left, offset);
            shift_expr(right, offset);
        }
        ExprKind::Negate(inner) | ExprKind::Call(_, inner) => shift_expr(inner, offset),
        ExprKind::Aggregate(group) => shift_group(group, offset),
        _ => {}
    }
}

fn shift_group(group: &mut ir::Group, offset: u32) {
    group.parameters = group.parameters.iter().map(|id| VariableId(id.0 + offset)).collect();
    group.own.iter_mut().for_each(|id| id.0 += offset);
    group.alternatives.iter_mut().flatten().for_each(|literal| shift_literal(literal, offset));
    if let Some((_, Some(of))) = &mut group.aggregate {
        shift_expr(of, offset);
    }
}
