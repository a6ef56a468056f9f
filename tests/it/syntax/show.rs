//! A tree as nested brackets, with nothing left to grouping; and the places of all its nodes.

use remit::source::{Sources, Span};
use remit::syntax::tree::{Args, Atom, Clause, Constant, Expr, ExprKind, Formula, FormulaKind};

pub fn clause(clause: &Clause) -> String {
    match &clause.body {
        Some(body) => format!("{} <= {}", atom(&clause.head), formula(body)),
        None => atom(&clause.head),
    }
}

pub fn formula(body: &Formula) -> String {
    match &body.node {
        FormulaKind::Or(parts) => list("or", parts, formula),
        FormulaKind::And(parts) => list("and", parts, formula),
        FormulaKind::Not(inner) => format!("(not {})", formula(inner)),
        FormulaKind::Group(inner) => format!("(group {})", formula(inner)),
        FormulaKind::Atom(a) => atom(a),
        FormulaKind::Compare { left, op, right } => format!("({} {} {})", op.as_str(), expr(left), expr(right)),
        FormulaKind::In { subject, negated, list: values } => {
            list(if *negated { "not-in" } else { "in" }, &[vec![subject.clone()], values.clone()].concat(), expr)
        }
        FormulaKind::Test { test, subject, pattern } => {
            format!("({} {} {})", test.as_str(), expr(subject), expr(pattern))
        }
    }
}

pub fn atom(atom: &Atom) -> String {
    let name = &atom.name.node;
    match &atom.args {
        Args::None => name.to_string(),
        Args::Positional(args) => list(name, args, expr),
        Args::Named(args) => list(name, args, |(column, value)| format!("{}: {}", column.node, expr(value))),
    }
}

pub fn expr(e: &Expr) -> String {
    match &e.node {
        ExprKind::Variable(name) => format!("?{name}"),
        ExprKind::Wildcard => "_".to_owned(),
        ExprKind::Name(name) => name.to_string(),
        ExprKind::Constant(Constant::Text(text)) => format!("text{text:?}"),
        ExprKind::Constant(Constant::Integer(i)) => format!("int {i}"),
        ExprKind::Constant(Constant::Number(n)) => format!("num {}", n.get()),
        ExprKind::Constant(Constant::Date(date)) => format!("day {date}"),
        ExprKind::Constant(Constant::Bool(b)) => format!("bool {b}"),
        ExprKind::Binary { op, left, right } => format!("({} {} {})", op.as_str(), expr(left), expr(right)),
        ExprKind::Negate(operand) => format!("(minus {})", expr(operand)),
        ExprKind::Call(function, of) => format!("({} {})", function.as_str(), expr(of)),
        ExprKind::Aggregate { function, of: None, body } => format!("({} {})", function.as_str(), formula(body)),
        ExprKind::Aggregate { function, of: Some(of), body } => {
            format!("({} {} : {})", function.as_str(), expr(of), formula(body))
        }
    }
}

fn list<T>(name: &str, parts: &[T], show: impl Fn(&T) -> String) -> String {
    let parts: Vec<String> = parts.iter().map(show).collect();
    format!("({name} {})", parts.join(" "))
}

/// The spans of all nodes, outer before inner, in the order of the text.
pub fn spans(clause: &Clause) -> Vec<Span> {
    let mut out = vec![clause.span.0];
    atom_spans(&clause.head, &mut out);
    clause.body.iter().for_each(|body| formula_spans(body, &mut out));
    out
}

/// The texts of all nodes.
pub fn texts<'s>(clause: &Clause, sources: &'s Sources) -> Vec<&'s str> {
    spans(clause).into_iter().map(|span| sources.text(span)).collect()
}

pub fn formula_spans(body: &Formula, out: &mut Vec<Span>) {
    out.push(body.span);
    match &body.node {
        FormulaKind::Or(parts) | FormulaKind::And(parts) => parts.iter().for_each(|part| formula_spans(part, out)),
        FormulaKind::Not(inner) | FormulaKind::Group(inner) => formula_spans(inner, out),
        FormulaKind::Atom(atom) => atom_spans(atom, out),
        FormulaKind::Compare { left, right, .. } => [left, right].into_iter().for_each(|e| expr_spans(e, out)),
        FormulaKind::In { subject, list, .. } => {
            expr_spans(subject, out);
            list.iter().for_each(|e| expr_spans(e, out));
        }
        FormulaKind::Test { subject, pattern, .. } => [subject, pattern].into_iter().for_each(|e| expr_spans(e, out)),
    }
}

pub fn atom_spans(atom: &Atom, out: &mut Vec<Span>) {
    out.push(atom.name.span);
    match &atom.args {
        Args::None => {}
        Args::Positional(args) => args.iter().for_each(|e| expr_spans(e, out)),
        Args::Named(args) => args.iter().for_each(|(column, e)| {
            out.push(column.span);
            expr_spans(e, out);
        }),
    }
}

fn expr_spans(e: &Expr, out: &mut Vec<Span>) {
    out.push(e.span);
    match &e.node {
        ExprKind::Variable(_) | ExprKind::Wildcard | ExprKind::Name(_) | ExprKind::Constant(_) => {}
        ExprKind::Binary { left, right, .. } => [left, right].into_iter().for_each(|e| expr_spans(e, out)),
        ExprKind::Negate(inner) | ExprKind::Call(_, inner) => expr_spans(inner, out),
        ExprKind::Aggregate { of, body, .. } => {
            of.iter().for_each(|e| expr_spans(e, out));
            formula_spans(body, out);
        }
    }
}
