//! Random trees of rule text: every tree that the grammar has, and no other.
//!
//! Spans are empty; trees compare without them. Names of relations, columns and options
//! are taken from a few, so that they coincide.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use remit::source::{FileId, Span};
use remit::syntax::is_reserved;
use remit::syntax::tree::{
    AggregateKind, Args, ArithmeticOp, Atom, Clause, CompareOp, Constant, Expr, ExprKind, Formula, FormulaKind,
    FunctionKind, Name, Place, Spanned, TestKind,
};
use remit::value::{Date, Number};

/// How deep generated bodies and expressions are at most.
const DEPTH: u32 = 4;

fn nowhere() -> Span {
    Span::new(FileId(0), 0..0)
}

fn spanned<T>(node: T) -> Spanned<T> {
    Spanned::new(node, nowhere())
}

fn word() -> impl Strategy<Value = Arc<str>> {
    prop_oneof![3 => "[a-d]", 1 => "[a-z][a-z0-9_]{0,8}"]
        .prop_filter("a word of the language", |word| !is_reserved(word))
        .prop_map(Arc::from)
}

/// Names of relations, columns, facts and options.
pub fn name() -> impl Strategy<Value = Name> {
    word().prop_map(spanned)
}

fn variable() -> impl Strategy<Value = Arc<str>> {
    prop_oneof![3 => "[X-Z]", 1 => "[A-Z][A-Za-z0-9_]{0,5}", 1 => "_[A-Za-z0-9_]{1,5}"].prop_map(Arc::from)
}

fn date() -> impl Strategy<Value = Date> {
    (1_i16..=9999, 1_i8..=12, 1_i8..=28)
        .prop_filter_map("no such day", |(year, month, day)| Date::new(year, month, day))
}

/// Literal values of every kind.
pub fn constant() -> impl Strategy<Value = Constant> {
    prop_oneof![
        any::<String>().prop_map(|text| Constant::Text(Arc::from(text))),
        "[\\x00-\\x7f\u{2028}\u{202e}é😀]{0,6}".prop_map(|text| Constant::Text(Arc::from(text))),
        any::<i64>().prop_map(Constant::Integer),
        (-3_i64..4).prop_map(Constant::Integer),
        Just(Constant::Integer(i64::MIN)),
        any::<f64>().prop_filter_map("not finite", Number::new).prop_map(Constant::Number),
        (-9_i32..9).prop_filter_map("not finite", |n| Number::new(f64::from(n) / 2.0)).prop_map(Constant::Number),
        date().prop_map(Constant::Date),
        any::<bool>().prop_map(Constant::Bool),
    ]
}

fn term() -> BoxedStrategy<Expr> {
    prop_oneof![
        3 => variable().prop_map(ExprKind::Variable),
        1 => Just(ExprKind::Wildcard),
        3 => word().prop_map(ExprKind::Name),
        3 => constant().prop_map(ExprKind::Constant),
    ]
    .prop_map(spanned)
    .boxed()
}

fn arithmetic_op() -> impl Strategy<Value = ArithmeticOp> {
    prop::sample::select(vec![
        ArithmeticOp::Add,
        ArithmeticOp::Subtract,
        ArithmeticOp::Multiply,
        ArithmeticOp::Divide,
        ArithmeticOp::Remainder,
    ])
}

/// Expressions, aggregates among them.
pub fn expr() -> BoxedStrategy<Expr> {
    expr_of(DEPTH)
}

fn expr_of(depth: u32) -> BoxedStrategy<Expr> {
    let Some(below) = depth.checked_sub(1) else { return term() };
    let functions = prop::sample::select(vec![FunctionKind::Length, FunctionKind::Lower, FunctionKind::Upper]);
    let binary = (arithmetic_op(), expr_of(below), expr_of(below)).prop_map(|(op, left, right)| ExprKind::Binary {
        op,
        left: Box::new(left),
        right: Box::new(right),
    });
    let compound = prop_oneof![
        4 => binary,
        1 => expr_of(below).prop_map(|operand| ExprKind::Negate(Box::new(operand))),
        1 => (functions, expr_of(below)).prop_map(|(function, of)| ExprKind::Call(function, Box::new(of))),
        1 => aggregate(below),
    ];
    prop_oneof![2 => term(), 1 => compound.prop_map(spanned)].boxed()
}

fn aggregate(depth: u32) -> impl Strategy<Value = ExprKind> {
    let kinds =
        prop::sample::select(vec![AggregateKind::Count, AggregateKind::Sum, AggregateKind::Min, AggregateKind::Max]);
    prop_oneof![
        formula_of(depth).prop_map(|body| ExprKind::Aggregate {
            function: AggregateKind::Count,
            of: None,
            body: Box::new(body)
        }),
        (kinds, expr_of(depth.min(1)), formula_of(depth)).prop_map(|(function, of, body)| ExprKind::Aggregate {
            function,
            of: Some(Box::new(of)),
            body: Box::new(body)
        }),
    ]
}

fn positional(depth: u32) -> impl Strategy<Value = Args> {
    vec(expr_of(depth.min(2)), 1..4).prop_map(Args::Positional)
}

fn named(depth: u32) -> impl Strategy<Value = Args> {
    vec((name(), expr_of(depth.min(2))), 1..4).prop_map(Args::Named)
}

fn atom_of(depth: u32) -> BoxedStrategy<Atom> {
    let args = prop_oneof![2 => Just(Args::None), 2 => positional(depth), 1 => named(depth)];
    let decided = prop_oneof![3 => positional(depth), 1 => named(depth)];
    prop_oneof![
        5 => (name(), args).prop_map(|(name, args)| Atom { name, args }),
        1 => decided.prop_map(|args| Atom { name: spanned(Arc::from("decided")), args }),
    ]
    .boxed()
}

/// Atoms, `decided(…)` among them.
pub fn atom() -> BoxedStrategy<Atom> {
    atom_of(DEPTH)
}

/// Comparisons, tests, `in` and atoms.
fn simple(depth: u32) -> BoxedStrategy<FormulaKind> {
    let ops = prop::sample::select(vec![
        CompareOp::Eq,
        CompareOp::Ne,
        CompareOp::Lt,
        CompareOp::Le,
        CompareOp::Gt,
        CompareOp::Ge,
    ]);
    let tests =
        prop::sample::select(vec![TestKind::Contains, TestKind::StartsWith, TestKind::EndsWith, TestKind::Matches]);
    let item = prop_oneof![word().prop_map(ExprKind::Name), constant().prop_map(ExprKind::Constant)];
    prop_oneof![
        3 => atom_of(depth).prop_map(FormulaKind::Atom),
        2 => (expr_of(depth), ops, expr_of(depth))
            .prop_map(|(left, op, right)| FormulaKind::Compare { left, op, right }),
        1 => (expr_of(depth), any::<bool>(), vec(item.prop_map(spanned), 1..4))
            .prop_map(|(subject, negated, list)| FormulaKind::In { subject, negated, list }),
        1 => (tests, expr_of(depth), expr_of(depth))
            .prop_map(|(test, subject, pattern)| FormulaKind::Test { test, subject, pattern }),
    ]
    .boxed()
}

fn literal_of(depth: u32) -> BoxedStrategy<Formula> {
    let Some(below) = depth.checked_sub(1) else { return simple(0).prop_map(spanned).boxed() };
    prop_oneof![
        4 => simple(below),
        1 => literal_of(below).prop_map(|inner| FormulaKind::Not(Box::new(inner))),
        1 => formula_of(below).prop_map(|inner| FormulaKind::Group(Box::new(inner))),
    ]
    .prop_map(spanned)
    .boxed()
}

fn conjunction_of(depth: u32) -> BoxedStrategy<Formula> {
    let several = vec(literal_of(depth), 2..4).prop_map(|parts| spanned(FormulaKind::And(parts)));
    prop_oneof![2 => literal_of(depth), 1 => several].boxed()
}

fn formula_of(depth: u32) -> BoxedStrategy<Formula> {
    let several = vec(conjunction_of(depth), 2..4).prop_map(|parts| spanned(FormulaKind::Or(parts)));
    prop_oneof![3 => conjunction_of(depth), 1 => several].boxed()
}

/// Bodies.
pub fn formula() -> BoxedStrategy<Formula> {
    formula_of(DEPTH)
}

/// Clauses.
pub fn clause() -> BoxedStrategy<Clause> {
    let head = (name(), prop_oneof![Just(Args::None), positional(2)]).prop_map(|(name, args)| Atom { name, args });
    let clause = (head, prop::option::weighted(0.9, formula()));
    clause.prop_map(|(head, body)| Clause { head, body, span: Place(nowhere()) }).boxed()
}
