//! θ-subsumption between clauses: one is at least as general as the other if some
//! substitution of its variables makes its head the other's and its body a part of the other's.
//!
//! Robinson (1965), *subsumption*; Plotkin (1970). Tried with backtracking, within a
//! bound on the steps: giving up means "not found", never a wrong "yes".

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::canonical::{self, Form};
use super::ir::{Atom, Clause, Expr, ExprKind, Group, Literal, LiteralKind};
use super::vocabulary::Vocabulary;
use crate::program::{CompareOp, VariableId};

const STEPS: usize = 2_000;

/// The forms of the groups of some clauses, each found once.
pub struct Forms<'a> {
    vocabulary: &'a Vocabulary,
    /// By where the group is.
    found: RefCell<HashMap<*const Group, Rc<Form>>>,
}

impl<'a> Forms<'a> {
    pub fn new(vocabulary: &'a Vocabulary) -> Self {
        Self { vocabulary, found: RefCell::default() }
    }

    fn of(&self, clause: &Clause, group: &Group) -> Rc<Form> {
        let mut found = self.found.borrow_mut();
        let form = found
            .entry(std::ptr::from_ref(group))
            .or_insert_with(|| Rc::new(canonical::group(self.vocabulary, clause, group)));
        Rc::clone(form)
    }
}

/// Whether `general` subsumes `special`.
pub fn subsumes(forms: &Forms<'_>, general: &Clause, special: &Clause) -> bool {
    if general.head != special.head || general.args.len() != special.args.len() {
        return false;
    }
    let mut matcher = Matcher { forms, general, special, theta: HashMap::new(), steps: STEPS };
    for (g, s) in general.args.iter().zip(&special.args) {
        if !matcher.expr(g, s) {
            return false;
        }
    }
    matcher.bodies(0)
}

/// A name for what a literal is about; a literal matches only literals of the same key.
pub fn key(forms: &Forms<'_>, clause: &Clause, literal: &Literal) -> String {
    match &literal.kind {
        LiteralKind::Atom(atom) => format!("+{}", atom.predicate.0),
        LiteralKind::NotAtom(atom) => format!("-{}", atom.predicate.0),
        LiteralKind::Compare { left, op, right } => {
            let (left, op, right) = oriented(left, *op, right);
            let side = |expr: &Expr| match &expr.kind {
                ExprKind::Fact(fact) => Some(format!("{}", fact.0)),
                ExprKind::Constant(value) => Some(format!("{value:?}")),
                ExprKind::Aggregate(group) => Some(forms.of(clause, group).text.clone()),
                _ => None,
            };
            match (side(left), side(right)) {
                (Some(left), Some(right)) if !is_symmetric(op) || left <= right => {
                    format!("{left}{}{right}", op.as_str())
                }
                (Some(left), Some(right)) => format!("{right}{}{left}", op.as_str()),
                _ => format!("?{}", op.as_str()),
            }
        }
        LiteralKind::In { .. } => "in".to_owned(),
        LiteralKind::Test { test, negated, .. } => format!("{}{negated}", test.as_str()),
        LiteralKind::NotGroup(group) => format!("not {}", forms.of(clause, group).text),
    }
}

fn is_symmetric(op: CompareOp) -> bool {
    matches!(op, CompareOp::Eq | CompareOp::Ne)
}

/// A comparison with a constant on its right side; of two that are none, with the one that is to be less on its left.
fn oriented<'a>(left: &'a Expr, op: CompareOp, right: &'a Expr) -> (&'a Expr, CompareOp, &'a Expr) {
    let turn = match (constant(left), constant(right)) {
        (Some(_), None) => true,
        (None, None) => matches!(op, CompareOp::Gt | CompareOp::Ge),
        (_, Some(_)) => false,
    };
    if turn { (right, op.flipped(), left) } else { (left, op, right) }
}

struct Matcher<'a> {
    forms: &'a Forms<'a>,
    general: &'a Clause,
    special: &'a Clause,
    /// Variables of the general clause → expressions of the special one.
    theta: HashMap<VariableId, &'a Expr>,
    steps: usize,
}

impl<'a> Matcher<'a> {
    fn bodies(&mut self, from: usize) -> bool {
        let Some(wanted) = self.general.body.get(from) else { return true };
        let special = self.special;
        for candidate in &special.body {
            if self.steps == 0 {
                return false;
            }
            self.steps -= 1;
            let before = self.theta.clone();
            if self.literal(wanted, candidate) && self.bodies(from + 1) {
                return true;
            }
            self.theta = before;
        }
        false
    }

    fn literal(&mut self, g: &'a Literal, s: &'a Literal) -> bool {
        match (&g.kind, &s.kind) {
            (LiteralKind::Atom(g), LiteralKind::Atom(s)) => self.atom(g, s),
            // `not p(_)` says more than `not p(a)`: here the special side may be the wider one.
            (LiteralKind::NotAtom(g), LiteralKind::NotAtom(s)) => {
                g.predicate == s.predicate
                    && g.args.iter().zip(&s.args).all(|(g, s)| match (&g.kind, &s.kind) {
                        (_, ExprKind::Wildcard) => true,
                        (ExprKind::Wildcard, _) => false,
                        _ => self.expr(g, s),
                    })
            }
            (
                LiteralKind::Compare { left: gl, op: go, right: gr },
                LiteralKind::Compare { left: sl, op: so, right: sr },
            ) => {
                let ((gl, go, gr), (sl, so, sr)) = (oriented(gl, *go, gr), oriented(sl, *so, sr));
                let before = self.theta.clone();
                let mut sides = |sl, sr| {
                    self.theta.clone_from(&before);
                    self.expr(gl, sl) && self.expr(gr, sr)
                };
                go == so && (sides(sl, sr) || (is_symmetric(go) && sides(sr, sl)))
            }
            (
                LiteralKind::In { subject: g, negated: gn, list: gl },
                LiteralKind::In { subject: s, negated: sn, list: sl },
            ) => gn == sn && self.expr(g, s) && values(gl) == values(sl),
            (
                LiteralKind::Test { test: gt, negated: gn, subject: gs, pattern: gp },
                LiteralKind::Test { test: st, negated: sn, subject: ss, pattern: sp },
            ) => gt == st && gn == sn && self.expr(gs, ss) && self.expr(gp, sp),
            (LiteralKind::NotGroup(g), LiteralKind::NotGroup(s)) => self.group(g, s),
            _ => false,
        }
    }

    /// Groups are the same if they say the same of parameters that are.
    fn group(&self, g: &Group, s: &Group) -> bool {
        let (g, s) = (self.forms.of(self.general, g), self.forms.of(self.special, s));
        let image = |id: &VariableId| self.theta.get(id).and_then(|image| image.variable());
        let mut pairs = g.parameters.iter().zip(&s.parameters);
        g.text == s.text && pairs.all(|(g, s)| image(g) == Some(*s))
    }

    fn atom(&mut self, g: &'a Atom, s: &'a Atom) -> bool {
        g.predicate == s.predicate && g.args.iter().zip(&s.args).all(|(g, s)| self.expr(g, s))
    }

    fn expr(&mut self, g: &'a Expr, s: &'a Expr) -> bool {
        match (&g.kind, &s.kind) {
            (ExprKind::Wildcard, _) => true,
            (_, ExprKind::Wildcard) => false,
            (ExprKind::Variable(id), _) => match self.theta.get(id) {
                Some(bound) => same(bound, s),
                None => {
                    // What an equation gives a value, as far as it is known, is not what an atom finds.
                    let found = s.variable().is_some_and(|image| is_bound_by_atom(self.special, image));
                    let fits = !found || is_bound_by_atom(self.general, *id);
                    if fits {
                        self.theta.insert(*id, s);
                    }
                    fits
                }
            },
            (ExprKind::Binary { op, left, right }, ExprKind::Binary { op: so, left: sl, right: sr }) => {
                op == so && self.expr(left, sl) && self.expr(right, sr)
            }
            (ExprKind::Negate(g), ExprKind::Negate(s)) => self.expr(g, s),
            (ExprKind::Call(gf, g), ExprKind::Call(sf, s)) => gf == sf && self.expr(g, s),
            (ExprKind::Aggregate(g), ExprKind::Aggregate(s)) => self.group(g, s),
            _ => same(g, s),
        }
    }
}

fn is_bound_by_atom(clause: &Clause, id: VariableId) -> bool {
    clause.body.iter().any(|literal| match &literal.kind {
        LiteralKind::Atom(atom) => atom.args.iter().any(|arg| arg.variable() == Some(id)),
        _ => false,
    })
}

fn values(list: &[Expr]) -> Vec<String> {
    let mut values: Vec<String> = list.iter().map(|e| format!("{:?}", constant(e))).collect();
    values.sort();
    values.dedup();
    values
}

fn constant(expr: &Expr) -> Option<&crate::value::Value> {
    match &expr.kind {
        ExprKind::Constant(value) => Some(value),
        _ => None,
    }
}

fn same(a: &Expr, b: &Expr) -> bool {
    match (&a.kind, &b.kind) {
        (ExprKind::Variable(a), ExprKind::Variable(b)) => a == b,
        (ExprKind::Constant(a), ExprKind::Constant(b)) => a == b,
        (ExprKind::Fact(a), ExprKind::Fact(b)) => a == b,
        (ExprKind::Binary { op, left, right }, ExprKind::Binary { op: o, left: l, right: r }) => {
            op == o && same(left, l) && same(right, r)
        }
        (ExprKind::Negate(a), ExprKind::Negate(b)) => same(a, b),
        (ExprKind::Call(f, a), ExprKind::Call(g, b)) => f == g && same(a, b),
        _ => false,
    }
}
