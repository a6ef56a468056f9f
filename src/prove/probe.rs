//! Probes: what a policy asks of a text by itself, a test with a fixed pattern for example.
//!
//! A probe is passed or not, and judged by the engine's own functions.

use std::sync::Arc;

use crate::engine::arithmetic;
use crate::engine::judge;
use crate::program::{CompareOp, Expr, FunctionKind, Literal, LiteralKind, TestKind};
use crate::value::Value;

use super::closed::closed;

/// Something asked of a text.
#[derive(Debug, Clone)]
pub struct Probe {
    /// Functions that the text goes through first, the innermost first.
    pub functions: Vec<FunctionKind>,
    /// What is then asked.
    pub question: Question,
}

/// What is asked of a text.
#[derive(Debug, Clone)]
pub enum Question {
    /// A test with a pattern, compiled for `matches`.
    Test(TestKind, Arc<str>, Option<regex::Regex>),
    /// A comparison, of the text or of its length.
    Compare(CompareOp, Value),
}

impl PartialEq for Probe {
    fn eq(&self, other: &Self) -> bool {
        let same = match (&self.question, &other.question) {
            (Question::Test(kind, pattern, _), Question::Test(other, text, _)) => kind == other && pattern == text,
            (Question::Compare(op, value), Question::Compare(other, with)) => op == other && value == with,
            _ => false,
        };
        same && self.functions == other.functions
    }
}

impl Probe {
    /// Whether a text passes.
    pub fn passes(&self, text: &str) -> bool {
        let given = Value::text(text);
        let asked = self.functions.iter().fold(given, |value, function| arithmetic::call(*function, &value));
        match (&self.question, &asked) {
            (Question::Test(kind, pattern, regex), Value::Text(text)) => {
                judge::passes(*kind, text, pattern, regex.as_ref())
            }
            (Question::Compare(op, value), asked) => asked.compare(value).is_some_and(|ordering| op.holds(ordering)),
            _ => false,
        }
    }
}

/// The probes that a literal is made of, with what they are asked of: a test, comparison
/// or membership of one text that has gone through functions, with constants.
pub fn probes(literal: &Literal) -> Option<(&Expr, Vec<Probe>)> {
    match &literal.kind {
        LiteralKind::Test { test, subject, pattern, regex, .. } => {
            let Value::Text(pattern) = closed(pattern)? else { return None };
            let (leaf, functions) = peel(subject)?;
            Some((leaf, vec![Probe { functions, question: Question::Test(*test, pattern, regex.clone()) }]))
        }
        LiteralKind::Compare { left, op, right } => {
            let (side, op, value) = match (closed(left), closed(right)) {
                (None, Some(value)) => (left, *op, value),
                (Some(value), None) => (right, turned(*op), value),
                _ => return None,
            };
            let (leaf, functions) = peel(side)?;
            let fits = is_of_text(&functions, &value, op);
            fits.then(|| (leaf, vec![Probe { functions, question: Question::Compare(op, value) }]))
        }
        LiteralKind::In { subject, list, .. } => {
            let (leaf, functions) = peel(subject)?;
            let fits = list.iter().all(|value| is_of_text(&functions, value, CompareOp::Eq));
            let probe = |value: &Value| Probe {
                functions: functions.clone(),
                question: Question::Compare(CompareOp::Eq, value.clone()),
            };
            fits.then(|| (leaf, list.iter().map(probe).collect()))
        }
        _ => None,
    }
}

/// A comparison of a text by itself is no probe: constants are witnesses of their own.
fn is_of_text(functions: &[FunctionKind], value: &Value, op: CompareOp) -> bool {
    let equation = matches!(op, CompareOp::Eq | CompareOp::Ne);
    match (functions.last(), value) {
        (Some(FunctionKind::Length), Value::Integer(_)) => true,
        (Some(FunctionKind::Lower | FunctionKind::Upper), Value::Text(_)) => equation,
        _ => false,
    }
}

/// The expression inside functions of texts, and those functions.
fn peel(expr: &Expr) -> Option<(&Expr, Vec<FunctionKind>)> {
    match expr {
        Expr::Call(function, inner) => {
            let (leaf, mut functions) = peel(inner)?;
            functions.push(*function);
            Some((leaf, functions))
        }
        Expr::Variable(_) | Expr::Fact(_) => Some((expr, Vec::new())),
        _ => None,
    }
}

/// The operator with its sides exchanged.
pub fn turned(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
        same => same,
    }
}
