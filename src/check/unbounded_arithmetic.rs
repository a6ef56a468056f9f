//! `unbounded-arithmetic`: no value may go round a recursion and pass through arithmetic
//! or a text function on its way, for then a policy need not end.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::Graph;
use crate::diagnostic::{Code, Diagnostic};
use crate::program::{
    AggregateKind, Clause, CompareOp, Expr, GroupId, GroupKind, Literal, LiteralKind, PredicateId, Program, VariableId,
};
use crate::source::Span;

/// A column of a relation.
type Column = (PredicateId, usize);

/// The columns a variable's value may come from, and whether it was computed with on the way.
type Origins = BTreeMap<VariableId, BTreeSet<(Column, bool)>>;

/// Reports each clause through which a value goes round computed.
pub fn check(program: &Program, out: &mut Vec<Diagnostic>) {
    let mut numbers: BTreeMap<Column, u32> = BTreeMap::new();
    let mut graph = Graph::default();
    let mut computed: BTreeMap<(u32, u32), Vec<(Span, &Clause)>> = BTreeMap::new();
    for clause in &program.clauses {
        let origins = origins(program, clause);
        for (index, arg) in clause.args.iter().enumerate() {
            let Expr::Variable(id) = arg else { continue };
            for (column, through) in origins.get(id).into_iter().flatten() {
                let mut number = |column: Column| {
                    let next = numbers.len() as u32;
                    *numbers.entry(column).or_insert(next)
                };
                let (from, to) = (number((clause.head, index)), number(*column));
                graph.arrow(from, to, 0);
                if *through {
                    computed.entry((from, to)).or_default().push((clause.span, clause));
                }
            }
        }
    }
    graph.count = numbers.len() as u32;
    if computed.is_empty() {
        return;
    }
    let cycles = graph.cycles();
    let mut reported = BTreeSet::new();
    for ((from, to), clauses) in &computed {
        if !cycles.contains_key(from) || cycles.get(from) != cycles.get(to) {
            continue;
        }
        for (span, clause) in clauses {
            if reported.insert(*span) {
                let name = &program.predicate(clause.head).name;
                let message =
                    format!("`{name}` is concluded from itself with a value computed anew, which need not end");
                out.push(Diagnostic::new(Code::UnboundedArithmetic, *span, message).help(
                    "take the values from facts instead of computing them in the recursion, or compute after it, in a rule of its own",
                ));
            }
        }
    }
}

fn origins(program: &Program, clause: &Clause) -> Origins {
    let mut origins = Origins::new();
    for (id, column) in bound_by_atoms(&clause.body) {
        origins.entry(id).or_default().insert((column, false));
    }
    let equations = bound_by_equations(&clause.body);
    loop {
        let mut changed = false;
        for (id, expr) in &equations {
            let mut found = BTreeSet::new();
            sources(program, expr, &origins, false, &mut found);
            let known = origins.entry(*id).or_default();
            let before = known.len();
            known.extend(found);
            changed |= known.len() > before;
        }
        if !changed {
            return origins;
        }
    }
}

/// The variables that are arguments of positive atoms, with their columns.
fn bound_by_atoms(body: &[Literal]) -> impl Iterator<Item = (VariableId, Column)> {
    let atoms = body.iter().filter_map(|literal| match &literal.kind {
        LiteralKind::Atom(atom) => Some(atom),
        _ => None,
    });
    atoms.flat_map(|atom| {
        let columns = atom.args.iter().enumerate();
        columns.filter_map(|(index, arg)| match arg {
            Expr::Variable(id) => Some((*id, (atom.predicate, index))),
            _ => None,
        })
    })
}

/// The variables that equations may bind, with what they are equal to: of one that an atom binds, an equation
/// compares.
fn bound_by_equations(body: &[Literal]) -> Vec<(VariableId, &Expr)> {
    let by_atoms: BTreeSet<VariableId> = bound_by_atoms(body).map(|(id, _)| id).collect();
    let sides = body.iter().filter_map(|literal| match &literal.kind {
        LiteralKind::Compare { left, op: CompareOp::Eq, right } => Some([(left, right), (right, left)]),
        _ => None,
    });
    let bound = |(one, other)| match one {
        &Expr::Variable(id) if !by_atoms.contains(&id) => Some((id, other)),
        _ => None,
    };
    sides.flatten().filter_map(bound).collect()
}

fn sources(program: &Program, expr: &Expr, origins: &Origins, through: bool, found: &mut BTreeSet<(Column, bool)>) {
    match expr {
        Expr::Variable(id) => {
            found.extend(origins.get(id).into_iter().flatten().map(|(column, before)| (*column, through || *before)));
        }
        Expr::Binary { left, right, .. } => {
            sources(program, left, origins, true, found);
            sources(program, right, origins, true, found);
        }
        Expr::Negate(inner) | Expr::Call(_, inner) => sources(program, inner, origins, true, found),
        // Tuples inside an aggregate come from lower strata; an outer variable may still
        // reach its result through what it is over.
        Expr::Aggregate(group) => {
            let mut reached = BTreeSet::new();
            aggregate_variables(program, *group, &mut reached);
            for id in reached {
                sources(program, &Expr::Variable(id), origins, true, found);
            }
        }
        Expr::Wildcard | Expr::Constant(_) | Expr::Fact(_) => {}
    }
}

/// The variables that the value of an aggregate can be computed from, by equations inside it.
fn aggregate_variables(program: &Program, id: GroupId, reached: &mut BTreeSet<VariableId>) {
    let group = program.group(id);
    let GroupKind::Aggregate(kind, Some(of)) = &group.kind else { return };
    if *kind == AggregateKind::Count {
        return;
    }
    expr_variables(program, of, reached);
    loop {
        let before = reached.len();
        for (id, expr) in group.alternatives.iter().flat_map(|side| bound_by_equations(side)) {
            if reached.contains(&id) {
                expr_variables(program, expr, reached);
            }
        }
        if reached.len() == before {
            return;
        }
    }
}

fn expr_variables(program: &Program, expr: &Expr, reached: &mut BTreeSet<VariableId>) {
    match expr {
        Expr::Variable(id) => {
            reached.insert(*id);
        }
        Expr::Binary { left, right, .. } => {
            expr_variables(program, left, reached);
            expr_variables(program, right, reached);
        }
        Expr::Negate(inner) | Expr::Call(_, inner) => expr_variables(program, inner, reached),
        Expr::Aggregate(group) => aggregate_variables(program, *group, reached),
        Expr::Wildcard | Expr::Constant(_) | Expr::Fact(_) => {}
    }
}
