//! What literals and aggregates over facts alone have come to, so that they are worked out
//! once however often a policy is encoded.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Grounder;
use super::condition::Judged;
use super::expression::Faithful;
use super::reuse::reads_of_group;
use crate::engine::plan::literal_exprs;
use crate::program::{Expr, GroupId, Literal, LiteralKind, PredicateKind};
use crate::prove::classes::Scope;
use crate::prove::regions::Regions;
use crate::prove::term::{Binding, Outcomes, Term};
use crate::source::Span;

/// A literal by the address of its text, which the policy keeps, and by its place, since the
/// equations of all arguments of an atom have one text; the clause; the inputs; the values of its
/// variables.
type LiteralKey = (usize, Span, Scope, usize, Vec<Option<Term>>);

/// A group, where it stands, the inputs, the values of its parameters, what it is compared with.
type GroupKey = (GroupId, Scope, usize, Vec<Option<Term>>, Faithful, Option<Regions>);

/// What has been worked out.
#[derive(Debug, Default)]
pub(in crate::prove) struct Memory {
    literals: FxHashMap<LiteralKey, Judged>,
    groups: FxHashMap<GroupKey, Outcomes>,
}

impl Memory {
    pub(super) fn judged(&self, key: &LiteralKey) -> Option<Judged> {
        self.literals.get(key).copied()
    }

    pub(super) fn remember(&mut self, key: LiteralKey, judged: Judged) {
        self.literals.insert(key, judged);
    }

    pub(super) fn outcomes(&self, key: &GroupKey) -> Option<Outcomes> {
        self.groups.get(key).cloned()
    }

    pub(super) fn keep(&mut self, key: GroupKey, outcomes: Outcomes) {
        self.groups.insert(key, outcomes);
    }
}

impl Grounder<'_, '_> {
    /// The key of a literal that depends on nothing but facts and its variables.
    pub(super) fn key(&self, literal: &Literal, binding: &Binding) -> Option<LiteralKey> {
        let simple =
            matches!(literal.kind, LiteralKind::Compare { .. } | LiteralKind::In { .. } | LiteralKind::Test { .. });
        let mut values = Vec::new();
        if !simple || !literal_exprs(literal).all(|expr| gather(expr, binding, &mut values)) {
            return None;
        }
        let text = Arc::as_ptr(&literal.text).cast::<u8>() as usize;
        Some((text, literal.span, self.scope, self.inputs.version, values))
    }

    /// The key of an aggregate over facts alone.
    pub(super) fn group_key(
        &self,
        id: GroupId,
        binding: &Binding,
        faithful: Faithful,
        told: Option<&Regions>,
    ) -> Option<GroupKey> {
        let of_facts = reads_of_group(self.program, id)
            .iter()
            .all(|predicate| matches!(self.program.predicate(*predicate).kind, PredicateKind::Fact(_)));
        let values = || self.program.group(id).parameters.iter().map(|v| binding[v.index()].clone()).collect();
        of_facts.then(|| (id, self.scope, self.inputs.version, values(), faithful, told.cloned()))
    }
}

/// The values of the variables of an expression; false if there is an aggregate in it.
fn gather(expr: &Expr, binding: &Binding, values: &mut Vec<Option<Term>>) -> bool {
    match expr {
        Expr::Wildcard | Expr::Constant(_) | Expr::Fact(_) => true,
        Expr::Variable(v) => {
            values.push(binding[v.index()].clone());
            true
        }
        Expr::Binary { left, right, .. } => gather(left, binding, values) && gather(right, binding, values),
        Expr::Negate(operand) | Expr::Call(_, operand) => gather(operand, binding, values),
        Expr::Aggregate(_) => false,
    }
}
