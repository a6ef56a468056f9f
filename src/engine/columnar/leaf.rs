//! Literals that are true or false of a whole issue, without a variable.
//!
//! What a leaf needs of a block is planes alone; every other literal is judged issue by
//! issue in a join. Only says what is a leaf, judges none.

use std::sync::Arc;

use regex::Regex;

use super::sets::Set;
use crate::program::{
    Atom, CompareOp, Domain, Expr, FactId, FactKind, GroupId, Literal, LiteralKind, PredicateId, PredicateKind,
    Program, TestKind,
};
use crate::value::Value;

/// What an atom asks of each column; `None` for `_`.
pub(super) type Pattern = Vec<Option<Value>>;

/// What is asked of a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum TextAsked {
    /// `text op constant`; never `!=`.
    Compare(CompareOp, Arc<str>),
    /// `text in [ … ]`.
    In(Vec<Arc<str>>),
    /// `contains`, `starts_with`, `ends_with`, `matches`.
    Test(TestKind, Arc<str>),
}

/// A literal without a variable.
#[derive(Debug, Clone)]
pub(super) enum Leaf<'p> {
    /// Of constants alone.
    Constant(bool),
    /// The value of a fact is in a set.
    Class(FactId, Set),
    /// A test of a text, perhaps turned round.
    Text { fact: FactId, asked: TextAsked, regex: Option<&'p Regex>, negated: bool },
    /// A list or records has a value or row, or has none.
    Rows { fact: FactId, pattern: Pattern, negated: bool },
    /// A relation of constants has a tuple, or has none.
    Ground { predicate: PredicateId, pattern: Pattern, negated: bool },
    /// `not ( … )` of leaves; each alternative a conjunction.
    Group(Vec<Vec<Leaf<'p>>>),
}

/// The literal as a leaf, if it is one. `grounds` says of each relation whether it is one of constants.
pub(super) fn leaf<'p>(program: &'p Program, grounds: &[bool], literal: &'p Literal) -> Option<Leaf<'p>> {
    match &literal.kind {
        LiteralKind::Atom(atom) => of_atom(program, grounds, atom, false),
        LiteralKind::NotAtom(atom) => of_atom(program, grounds, atom, true),
        LiteralKind::NotGroup(group) => of_group(program, grounds, *group),
        LiteralKind::Compare { left, op, right } => match (left, right) {
            (Expr::Fact(fact), Expr::Constant(value)) => of_comparison(program, *fact, *op, value),
            (Expr::Constant(value), Expr::Fact(fact)) => of_comparison(program, *fact, op.flipped(), value),
            (Expr::Constant(l), Expr::Constant(r)) => Some(Leaf::Constant(l.compare(r).is_some_and(|o| op.holds(o)))),
            _ => None,
        },
        LiteralKind::In { subject: Expr::Fact(fact), negated, list } => of_list(program, *fact, list, *negated),
        LiteralKind::Test {
            test,
            negated,
            subject: Expr::Fact(fact),
            pattern: Expr::Constant(Value::Text(pattern)),
            regex,
        } => {
            let asked = TextAsked::Test(*test, pattern.clone());
            Some(Leaf::Text { fact: *fact, asked, regex: regex.as_ref(), negated: *negated })
        }
        LiteralKind::In { .. } | LiteralKind::Test { .. } => None,
    }
}

/// The literals as leaves, if all of them are.
pub(super) fn leaves<'p>(program: &'p Program, grounds: &[bool], literals: &'p [Literal]) -> Option<Vec<Leaf<'p>>> {
    literals.iter().map(|literal| leaf(program, grounds, literal)).collect()
}

fn of_group<'p>(program: &'p Program, grounds: &[bool], id: GroupId) -> Option<Leaf<'p>> {
    let group = program.group(id);
    if !group.parameters.is_empty() {
        return None;
    }
    let alternatives = group.alternatives.iter().map(|literals| leaves(program, grounds, literals));
    alternatives.collect::<Option<_>>().map(Leaf::Group)
}

fn of_atom<'p>(program: &Program, grounds: &[bool], atom: &Atom, negated: bool) -> Option<Leaf<'p>> {
    let cell = |arg: &Expr| match arg {
        Expr::Wildcard => Some(None),
        Expr::Constant(value) => Some(Some(value.clone())),
        _ => None,
    };
    let pattern: Pattern = atom.args.iter().map(cell).collect::<Option<_>>()?;
    if let PredicateKind::Fact(fact) = program.predicate(atom.predicate).kind {
        return match &program.fact(fact).kind {
            FactKind::Single(_) if pattern.is_empty() => Some(Leaf::Class(fact, Set::of_key(i64::from(!negated)))),
            FactKind::Single(_) => None,
            FactKind::List(_) | FactKind::Records(_) => Some(Leaf::Rows { fact, pattern, negated }),
        };
    }
    grounds[atom.predicate.index()].then_some(Leaf::Ground { predicate: atom.predicate, pattern, negated })
}

fn domain(program: &Program, fact: FactId) -> Option<&Domain> {
    match &program.fact(fact).kind {
        FactKind::Single(domain) => Some(domain),
        FactKind::List(_) | FactKind::Records(_) => None,
    }
}

fn of_comparison<'p>(program: &Program, fact: FactId, op: CompareOp, constant: &Value) -> Option<Leaf<'p>> {
    if let Some(set) = Set::of_comparison(domain(program, fact)?, op, constant) {
        return Some(Leaf::Class(fact, set));
    }
    let Value::Text(text) = constant else { return None };
    let negated = op == CompareOp::Ne;
    let asked = TextAsked::Compare(if negated { CompareOp::Eq } else { op }, text.clone());
    Some(Leaf::Text { fact, asked, regex: None, negated })
}

fn of_list<'p>(program: &Program, fact: FactId, list: &[Value], negated: bool) -> Option<Leaf<'p>> {
    if let Some(set) = Set::of_list(domain(program, fact)?, list, negated) {
        return Some(Leaf::Class(fact, set));
    }
    let texts = list.iter().filter_map(|value| match value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    });
    Some(Leaf::Text { fact, asked: TextAsked::In(texts.collect()), regex: None, negated })
}
