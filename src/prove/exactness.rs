//! Which literals the abstraction follows exactly: their truth for any values is their
//! truth for the witnesses of those values.
//!
//! Of any other literal a proof may assume nothing; see `Faith`.

use super::classes::{Class, Classes, Place, Scope};
use super::closed::{closed, shifted};
use super::flow::{leaves, plain};
use super::probe::probes;
use super::slots::Slots;
use crate::program::{AggregateKind, CompareOp, Expr, GroupKind, Literal, LiteralKind, Program};

/// Judges literals of one clause or invariant.
#[derive(Debug, Clone, Copy)]
pub struct Exactness<'a> {
    /// The policy.
    pub program: &'a Program,
    /// The facts.
    pub slots: &'a Slots,
    /// What meets what, with witnesses.
    pub classes: &'a Classes,
    /// Where the literals stand.
    pub scope: Scope,
}

impl Exactness<'_> {
    /// Whether a literal, apart from groups in it, is followed exactly.
    pub fn of(&self, literal: &Literal) -> bool {
        match &literal.kind {
            LiteralKind::Atom(_) | LiteralKind::NotGroup(_) => true,
            LiteralKind::NotAtom(atom) => atom.args.iter().all(|arg| self.is_as_it_is(arg) || self.is_constant(arg)),
            LiteralKind::Compare { left, op, right } => {
                let ordered = !matches!(op, CompareOp::Eq | CompareOp::Ne);
                let apart = |side: &Expr| self.is_as_it_is(side) && (!ordered || !self.is_text(side));
                (apart(left) && apart(right)) || self.are_constant(&[left, right]) || self.is_of_one_value(literal)
            }
            LiteralKind::In { subject, .. } => {
                self.is_as_it_is(subject) || self.is_constant(subject) || self.is_of_one_value(literal)
            }
            LiteralKind::Test { subject, pattern, .. } => {
                self.are_constant(&[subject, pattern]) || self.is_of_one_value(literal)
            }
        }
    }

    /// Whether the value of an expression is that for the witnesses: nothing is calculated in it.
    pub fn of_value(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Wildcard | Expr::Constant(_) | Expr::Variable(_) | Expr::Fact(_) => true,
            Expr::Aggregate(id) => match &self.program.group(*id).kind {
                GroupKind::Aggregate(AggregateKind::Min | AggregateKind::Max, Some(of)) => {
                    self.of_value(of) && !self.is_text(expr)
                }
                GroupKind::Aggregate(AggregateKind::Count, Some(of)) => self.of_value(of) || self.is_constant(of),
                GroupKind::Aggregate(AggregateKind::Sum, _) => self.is_constant(expr),
                _ => true,
            },
            Expr::Binary { .. } | Expr::Negate(_) | Expr::Call(..) => self.is_constant(expr),
        }
    }

    /// Whether an expression is a constant, or a value of an issue that is not calculated with.
    fn is_as_it_is(&self, expr: &Expr) -> bool {
        if matches!(expr, Expr::Wildcard) || closed(expr).is_some() {
            return true;
        }
        let Some(place) = plain(self.program, self.slots, self.scope, expr) else { return false };
        self.of_value(expr) && self.classes.class(place).is_none_or(|class| class.complete)
    }

    fn is_text(&self, expr: &Expr) -> bool {
        plain(self.program, self.slots, self.scope, expr)
            .and_then(|place| self.classes.class(place))
            .is_some_and(|class| class.texts)
    }

    /// Whether nothing of the issue goes into an expression but through counts and conditions.
    fn is_constant(&self, expr: &Expr) -> bool {
        self.are_constant(&[expr])
    }

    fn are_constant(&self, exprs: &[&Expr]) -> bool {
        let (mut places, mut constants) = (Vec::new(), Vec::new());
        for expr in exprs {
            leaves(self.program, self.slots, self.scope, expr, &mut places, &mut constants);
        }
        places.into_iter().all(|place: Place| self.classes.class(place).is_none_or(Class::is_constant))
    }

    /// Whether a literal asks something of one value that its witnesses have been chosen for.
    fn is_of_one_value(&self, literal: &Literal) -> bool {
        let leaf = match (shifted(literal), probes(literal)) {
            (Some(solved), _) => solved.leaf,
            (None, Some((leaf, _))) => leaf,
            (None, None) => return false,
        };
        plain(self.program, self.slots, self.scope, leaf)
            .and_then(|place| self.classes.class(place))
            .is_some_and(|class| class.complete && !class.numbers)
    }
}
