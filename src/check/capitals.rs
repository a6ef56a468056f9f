//! Which word a variable may be meant for: with a capital, an option, `true` or `false` reads as a variable.

use std::collections::BTreeSet;

use super::ir::{self, Expr, ExprKind, LiteralKind};
use super::vocabulary::Vocabulary;
use crate::program::{Domain, PredicateId, PredicateKind, Scalar};
use crate::syntax::tree::{self, Args};

/// The words that may stand in one place: options, or `true` and `false`; none where other values do.
pub type Words<'a> = BTreeSet<&'a str>;

/// The one of these words that a variable is in lower case.
pub fn meant(variable: &str, words: &Words<'_>) -> Option<String> {
    let lower = variable.to_lowercase();
    words.contains(lower.as_str()).then_some(lower)
}

/// What a column of a relation takes.
pub fn column(vocabulary: &Vocabulary, predicate: PredicateId, column: usize) -> Words<'_> {
    match vocabulary.predicates[predicate.index()].kind {
        PredicateKind::Fact(id) => vocabulary.columns(id).get(column).map(|domain| values(domain)).unwrap_or_default(),
        PredicateKind::Decision(id) | PredicateKind::Decided(id) => {
            vocabulary.decisions[id.index()].options.iter().map(|option| option.id.as_ref()).collect()
        }
        PredicateKind::Conclusion | PredicateKind::Applies(_) => Words::new(),
    }
}

/// The relation and column that the argument `index` of a written atom stands in.
pub fn place(vocabulary: &Vocabulary, atom: &tree::Atom, index: usize) -> Option<(PredicateId, usize)> {
    match &atom.args {
        Args::Positional(args) if atom.name.node.as_ref() == "decided" => {
            let decision = args.first().and_then(|decision| match &decision.node {
                tree::ExprKind::Name(name) => vocabulary.decision_ids.get(name),
                _ => None,
            });
            decision.map(|id| (vocabulary.decisions[id.index()].decided, 0))
        }
        Args::Positional(_) => vocabulary.predicate_ids.get(&atom.name.node).map(|id| (*id, index)),
        Args::Named(args) => args.get(index).and_then(|(name, _)| vocabulary.column(&atom.name.node, &name.node)),
        Args::None => None,
    }
}

/// What may be compared with an expression of a clause.
pub fn beside<'v>(vocabulary: &'v Vocabulary, clause: &ir::Clause, expr: &Expr) -> Words<'v> {
    match &expr.kind {
        ExprKind::Name(name) => vocabulary.single(name).map(|id| values(vocabulary.domain(id))).unwrap_or_default(),
        ExprKind::Variable(id) => {
            let atoms = clause.body.iter().filter_map(|literal| match &literal.kind {
                LiteralKind::Atom(atom) => Some(atom),
                _ => None,
            });
            let places =
                atoms.flat_map(|atom| atom.args.iter().enumerate().map(move |(index, arg)| (atom, index, arg)));
            let bound = places.filter(|(.., arg)| arg.variable() == Some(*id));
            bound.flat_map(|(atom, index, _)| column(vocabulary, atom.predicate, index)).collect()
        }
        _ => Words::new(),
    }
}

fn values(domain: &Domain) -> Words<'_> {
    match domain.scalar {
        Scalar::Bool => Words::from(["true", "false"]),
        _ => domain.options.iter().map(|option| option.id.as_ref()).collect(),
    }
}
