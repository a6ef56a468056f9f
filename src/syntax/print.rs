//! The canonical text of a tree: `parse(print(tree)) == tree`.
//!
//! `if`, `,`, `or`, `not`, `not in`; brackets only where the tree has them, or where
//! arithmetic needs them. Control characters in texts are escaped.

use std::fmt::Write as _;

use super::tree::{Args, ArithmeticOp, Atom, Clause, Constant, Expr, ExprKind, Formula, FormulaKind};

/// The text of a clause, without a full stop.
pub fn print_clause(clause: &Clause) -> String {
    let mut out = String::new();
    atom(&mut out, &clause.head);
    if let Some(body) = &clause.body {
        out.push_str(" if ");
        formula(&mut out, body);
    }
    out
}

/// The text of a body or a part of one.
pub fn print_formula(body: &Formula) -> String {
    let mut out = String::new();
    formula(&mut out, body);
    out
}

/// The text of an atom.
pub fn print_atom(a: &Atom) -> String {
    let mut out = String::new();
    atom(&mut out, a);
    out
}

/// The text of an expression.
pub fn print_expr(e: &Expr) -> String {
    let mut out = String::new();
    expr(&mut out, e, Level::Sum);
    out
}

fn formula(out: &mut String, body: &Formula) {
    match &body.node {
        FormulaKind::Or(parts) => joined(out, parts, " or ", formula),
        FormulaKind::And(parts) => joined(out, parts, ", ", formula),
        FormulaKind::Not(inner) => {
            out.push_str("not ");
            formula(out, inner);
        }
        FormulaKind::Group(inner) => {
            out.push('(');
            formula(out, inner);
            out.push(')');
        }
        FormulaKind::Atom(a) => atom(out, a),
        FormulaKind::Compare { left, op, right } => {
            expr(out, left, Level::Sum);
            let _ = write!(out, " {} ", op.as_str());
            expr(out, right, Level::Sum);
        }
        FormulaKind::In { subject, negated, list } => {
            expr(out, subject, Level::Sum);
            out.push_str(if *negated { " not in [" } else { " in [" });
            joined(out, list, ", ", |out, e| expr(out, e, Level::Factor));
            out.push(']');
        }
        FormulaKind::Test { test, subject, pattern } => {
            out.push_str(test.as_str());
            out.push('(');
            expr(out, subject, Level::Sum);
            out.push_str(", ");
            expr(out, pattern, Level::Sum);
            out.push(')');
        }
    }
}

fn joined<T>(out: &mut String, parts: &[T], separator: &str, mut print: impl FnMut(&mut String, &T)) {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push_str(separator);
        }
        print(out, part);
    }
}

fn atom(out: &mut String, atom: &Atom) {
    out.push_str(&atom.name.node);
    match &atom.args {
        Args::None => return,
        Args::Positional(args) => {
            out.push('(');
            joined(out, args, ", ", |out, e| expr(out, e, Level::Sum));
        }
        Args::Named(args) => {
            out.push('(');
            joined(out, args, ", ", |out, (column, e)| {
                let _ = write!(out, "{}: ", column.node);
                expr(out, e, Level::Sum);
            });
        }
    }
    out.push(')');
}

/// What may stand in a place without brackets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Sum,
    Product,
    Factor,
}

fn expr(out: &mut String, e: &Expr, level: Level) {
    match &e.node {
        ExprKind::Variable(name) | ExprKind::Name(name) => out.push_str(name),
        ExprKind::Wildcard => out.push('_'),
        ExprKind::Constant(value) => constant(out, value),
        ExprKind::Binary { op, left, right } => {
            let (own, behind) = match op {
                ArithmeticOp::Add | ArithmeticOp::Subtract => (Level::Sum, Level::Product),
                _ => (Level::Product, Level::Factor),
            };
            let brackets = own < level;
            if brackets {
                out.push('(');
            }
            expr(out, left, own);
            let _ = write!(out, " {} ", op.as_str());
            expr(out, right, behind);
            if brackets {
                out.push(')');
            }
        }
        ExprKind::Negate(inner) => {
            out.push('-');
            // A minus directly before a number would become a part of it.
            let number = matches!(inner.node, ExprKind::Constant(Constant::Integer(_) | Constant::Number(_)));
            if number {
                out.push('(');
            }
            expr(out, inner, Level::Factor);
            if number {
                out.push(')');
            }
        }
        ExprKind::Call(function, inner) => {
            out.push_str(function.as_str());
            out.push('(');
            expr(out, inner, Level::Sum);
            out.push(')');
        }
        ExprKind::Aggregate { function, of, body } => {
            out.push_str(function.as_str());
            out.push('(');
            if let Some(of) = of {
                expr(out, of, Level::Sum);
                out.push_str(" : ");
            }
            formula(out, body);
            out.push(')');
        }
    }
}

fn constant(out: &mut String, value: &Constant) {
    let _ = match value {
        Constant::Text(text) => {
            quoted(out, text);
            Ok(())
        }
        Constant::Integer(i) => write!(out, "{i}"),
        Constant::Number(n) => write!(out, "{}", number(n.get())),
        Constant::Date(d) => write!(out, "{d}"),
        Constant::Bool(b) => write!(out, "{b}"),
    };
}

/// As short as reads back the same, always with a point, so that it is read as a number again.
fn number(value: f64) -> String {
    let text = format!("{value:?}");
    match text.split_once('e') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0e{exponent}"),
        _ => text,
    }
}

fn quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_unseen(c) => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Control characters, and those that order or break lines unseen; all are in the first plane.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
