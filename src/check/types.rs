//! Types flow forward: from facts and constants through clauses into the columns of conclusions.
//!
//! A least fixpoint over columns; a symbol's type carries the set of options that can
//! reach it. Reports nothing: `typing` judges the clauses against the result.

use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use super::ir::{Clause, Expr, ExprKind, Group, Literal, LiteralKind};
use super::vocabulary::Vocabulary;
use crate::program::{
    AggregateKind, ArithmeticOp, CompareOp, Domain, FunctionKind, PredicateId, PredicateKind, Scalar, VariableId,
};
use crate::value::Value;

/// The options that can reach a place.
pub type Symbols = Rc<BTreeSet<Arc<str>>>;

/// The type of a column, a variable or an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Ty {
    /// true, false
    Bool,
    /// One of some options.
    Symbol(Symbols),
    /// An integer constant: a number where one is expected.
    IntegerConstant,
    /// 64-bit signed
    Integer,
    /// finite double
    Number,
    /// a day
    Date,
    /// a text
    Text,
}

impl Ty {
    /// The type of a declared domain.
    pub fn of(domain: &Domain) -> Self {
        match domain.scalar {
            Scalar::Bool => Self::Bool,
            Scalar::Choice => Self::Symbol(Rc::new(domain.options.iter().map(|o| o.id.clone()).collect())),
            Scalar::Integer => Self::Integer,
            Scalar::Number => Self::Number,
            Scalar::Date => Self::Date,
            Scalar::Text => Self::Text,
        }
    }

    /// The scalar type it is at run time.
    pub fn scalar(&self) -> Scalar {
        match self {
            Self::Bool => Scalar::Bool,
            Self::Symbol(_) => Scalar::Choice,
            Self::IntegerConstant | Self::Integer => Scalar::Integer,
            Self::Number => Scalar::Number,
            Self::Date => Scalar::Date,
            Self::Text => Scalar::Text,
        }
    }

    /// In words, as in "an integer".
    pub fn words(&self) -> &'static str {
        match self {
            Self::Bool => "true or false",
            Self::Symbol(_) => "an option",
            Self::IntegerConstant | Self::Integer => "an integer",
            Self::Number => "a number",
            Self::Date => "a date",
            Self::Text => "a text",
        }
    }

    /// Whether it counts.
    pub fn is_numeric(&self) -> bool {
        matches!(self, Self::IntegerConstant | Self::Integer | Self::Number)
    }

    /// Whether a value of this type may stand in a column of the other.
    pub fn fits(&self, column: &Self) -> bool {
        self.scalar() == column.scalar() || (*self == Self::IntegerConstant && *column == Self::Number)
    }
}

/// The types of all columns; indexed by [`PredicateId`], then by column; `None`: nothing reaches it.
#[derive(Debug, Clone)]
pub struct Columns(pub Vec<Vec<Option<Ty>>>);

impl Columns {
    /// The type of a column.
    pub fn get(&self, predicate: PredicateId, column: usize) -> Option<&Ty> {
        self.0[predicate.index()].get(column)?.as_ref()
    }
}

impl Columns {
    /// The types that a program's relations were found to have.
    pub fn of(program: &crate::program::Program) -> Self {
        let ty = |(scalar, options): (&Option<Scalar>, &Vec<Arc<str>>)| {
            scalar.map(|scalar| match scalar {
                Scalar::Bool => Ty::Bool,
                Scalar::Choice => Ty::Symbol(Rc::new(options.iter().cloned().collect())),
                Scalar::Integer => Ty::Integer,
                Scalar::Number => Ty::Number,
                Scalar::Date => Ty::Date,
                Scalar::Text => Ty::Text,
            })
        };
        Self(program.predicates.iter().map(|p| p.columns.iter().zip(&p.options).map(ty).collect()).collect())
    }

    /// Writes the types into the relations.
    pub fn record(&self, predicates: &mut [crate::program::Predicate]) {
        for (predicate, columns) in predicates.iter_mut().zip(&self.0) {
            predicate.columns = columns.iter().map(|c| c.as_ref().map(Ty::scalar)).collect();
            let options = columns.iter().map(|c| match c {
                Some(Ty::Symbol(options)) => options.iter().cloned().collect(),
                _ => Vec::new(),
            });
            predicate.options = options.collect();
        }
    }
}

/// Infers the types of all columns from the clauses.
///
/// A column that only integer constants reach so far may yet turn out to hold numbers, and
/// so may what is computed from it: such a type settles at the end, so that no order counts.
pub fn infer(vocabulary: &Vocabulary, clauses: &[&Clause]) -> Columns {
    let mut columns = declared(vocabulary);
    let mut readers: Vec<Vec<usize>> = vec![Vec::new(); vocabulary.predicates.len()];
    for (index, clause) in clauses.iter().enumerate() {
        for predicate in positive_predicates(clause) {
            readers[predicate.index()].push(index);
        }
    }
    let mut queue: VecDeque<usize> = (0..clauses.len()).collect();
    let mut queued = vec![true; clauses.len()];
    while let Some(index) = queue.pop_front() {
        queued[index] = false;
        let clause = clauses[index];
        let Some(head) = clause.head else { continue };
        if !matches!(vocabulary.predicates[head.index()].kind, PredicateKind::Conclusion) {
            continue;
        }
        let variables = unsettled_variables(vocabulary, clause, &columns);
        let mut changed = false;
        for (column, arg) in clause.args.iter().enumerate() {
            if let Some(ty) = unsettled(vocabulary, arg, &variables) {
                changed |= flow(&mut columns.0[head.index()][column], ty);
            }
        }
        if changed {
            for reader in &readers[head.index()] {
                if !std::mem::replace(&mut queued[*reader], true) {
                    queue.push_back(*reader);
                }
            }
        }
    }
    for column in columns.0.iter_mut().flatten().flatten() {
        *column = settle(column.clone());
    }
    columns
}

fn declared(vocabulary: &Vocabulary) -> Columns {
    let columns = vocabulary.predicates.iter().map(|predicate| match predicate.kind {
        PredicateKind::Fact(id) => vocabulary.columns(id).into_iter().map(|d| Some(Ty::of(d))).collect(),
        PredicateKind::Decision(id) | PredicateKind::Decided(id) => {
            let options = &vocabulary.decisions[id.index()].options;
            vec![Some(Ty::Symbol(Rc::new(options.iter().map(|o| o.id.clone()).collect())))]
        }
        PredicateKind::Conclusion | PredicateKind::Applies(_) => vec![None; predicate.arity],
    });
    Columns(columns.collect())
}

fn flow(column: &mut Option<Ty>, ty: Ty) -> bool {
    let joined = match (&*column, ty) {
        (None, ty) => ty,
        (Some(Ty::Symbol(old)), Ty::Symbol(new)) if !new.is_subset(old) => {
            Ty::Symbol(Rc::new(old.union(&new).cloned().collect()))
        }
        (Some(Ty::IntegerConstant), ty @ (Ty::Integer | Ty::Number)) => ty,
        _ => return false,
    };
    *column = Some(joined);
    true
}

fn positive_predicates(clause: &Clause) -> BTreeSet<PredicateId> {
    fn visit(literals: &[Literal], found: &mut BTreeSet<PredicateId>) {
        for literal in literals {
            if let LiteralKind::Atom(atom) = &literal.kind {
                found.insert(atom.predicate);
            }
            for group in literal.groups() {
                group.alternatives.iter().for_each(|side| visit(side, found));
            }
        }
    }
    let mut found = BTreeSet::new();
    visit(&clause.body, &mut found);
    for arg in &clause.args {
        arg.groups().iter().flat_map(|group| &group.alternatives).for_each(|side| visit(side, &mut found));
    }
    found
}

/// The type of each variable of a clause, indexed by [`VariableId`]; `None`: nothing reaches it.
pub fn variables(vocabulary: &Vocabulary, clause: &Clause, columns: &Columns) -> Vec<Option<Ty>> {
    unsettled_variables(vocabulary, clause, columns).into_iter().map(|ty| ty.map(settle)).collect()
}

fn unsettled_variables(vocabulary: &Vocabulary, clause: &Clause, columns: &Columns) -> Vec<Option<Ty>> {
    let mut types = vec![None; clause.variables.len()];
    conjunction(vocabulary, &clause.body, &BTreeSet::new(), columns, &mut types);
    for arg in &clause.args {
        arg.groups().into_iter().for_each(|group| in_group(vocabulary, group, columns, &mut types));
    }
    types
}

fn in_group(vocabulary: &Vocabulary, group: &Group, columns: &Columns, types: &mut Vec<Option<Ty>>) {
    for side in &group.alternatives {
        conjunction(vocabulary, side, &group.parameters, columns, types);
    }
}

/// Types what one conjunction binds; `outer` variables are typed by whoever binds them.
fn conjunction(
    vocabulary: &Vocabulary,
    literals: &[Literal],
    outer: &BTreeSet<VariableId>,
    columns: &Columns,
    types: &mut Vec<Option<Ty>>,
) {
    let mut from_atoms = BTreeSet::new();
    for literal in literals {
        let LiteralKind::Atom(atom) = &literal.kind else { continue };
        for (index, arg) in atom.args.iter().enumerate() {
            if let Some(id) = arg.variable().filter(|id| !outer.contains(id)) {
                from_atoms.insert(id);
                if let Some(ty) = columns.get(atom.predicate, index) {
                    narrow(&mut types[id.index()], ty);
                }
            }
        }
    }
    // An aggregate in an equation has a type only once its own variables do, and
    // those may be outer variables that an equation types: so groups come along in each round.
    loop {
        let before = types.clone();
        for literal in literals {
            for group in literal.groups() {
                in_group(vocabulary, group, columns, types);
            }
            let LiteralKind::Compare { left, op: CompareOp::Eq, right } = &literal.kind else { continue };
            for (one, other) in [(left, right), (right, left)] {
                if let Some(id) = one.variable().filter(|id| !outer.contains(id) && !from_atoms.contains(id))
                    && let Some(ty) = unsettled(vocabulary, other, types)
                {
                    set(&mut types[id.index()], ty);
                }
            }
        }
        if *types == before {
            return;
        }
    }
}

/// What an equation tells of a variable's type, whichever of several is read first: an integer
/// constant leaves it to the others, and of options only those that all allow remain, if any do.
/// (That one gives an integer and one a number is for `typing` to report.)
fn set(variable: &mut Option<Ty>, ty: Ty) {
    match variable {
        None => *variable = Some(ty),
        Some(Ty::IntegerConstant) if ty.is_numeric() => *variable = Some(ty),
        Some(Ty::Symbol(old)) => {
            if let Ty::Symbol(new) = ty
                && !old.is_disjoint(&new)
            {
                *variable = Some(Ty::Symbol(Rc::new(old.intersection(&new).cloned().collect())));
            }
        }
        Some(_) => {}
    }
}

fn narrow(variable: &mut Option<Ty>, column: &Ty) {
    let narrowed = match (&*variable, column) {
        (None, ty) => ty.clone(),
        (Some(Ty::IntegerConstant), ty) if ty.is_numeric() => ty.clone(),
        (Some(Ty::Symbol(old)), Ty::Symbol(new)) => Ty::Symbol(Rc::new(old.intersection(new).cloned().collect())),
        _ => return,
    };
    *variable = Some(narrowed);
}

/// The type of an expression; `None` where nothing reaches it or its parts do not fit together.
pub fn expr(vocabulary: &Vocabulary, e: &Expr, variables: &[Option<Ty>]) -> Option<Ty> {
    let ty = unsettled(vocabulary, e, variables)?;
    Some(if matches!(e.kind, ExprKind::Constant(_)) { ty } else { settle(ty) })
}

fn unsettled(vocabulary: &Vocabulary, e: &Expr, variables: &[Option<Ty>]) -> Option<Ty> {
    match &e.kind {
        ExprKind::Wildcard => None,
        ExprKind::Variable(id) => variables[id.index()].clone(),
        ExprKind::Constant(value) => constant(value),
        ExprKind::Fact(id) => Some(Ty::of(vocabulary.domain(*id))),
        ExprKind::Name(name) => Some(match vocabulary.single(name) {
            Some(fact) => Ty::of(vocabulary.domain(fact)),
            None => symbol(name),
        }),
        ExprKind::Binary { op, left, right } => {
            arithmetic(*op, &unsettled(vocabulary, left, variables)?, &unsettled(vocabulary, right, variables)?)
        }
        ExprKind::Negate(inner) => unsettled(vocabulary, inner, variables).filter(Ty::is_numeric),
        ExprKind::Call(FunctionKind::Length, _) => Some(Ty::Integer),
        ExprKind::Call(..) => Some(Ty::Text),
        ExprKind::Aggregate(group) => match group.aggregate.as_ref()? {
            (AggregateKind::Count, _) => Some(Ty::Integer),
            (_, Some(of)) => unsettled(vocabulary, of, variables),
            (_, None) => None,
        },
    }
}

/// What only integer constants make is an integer, unless something else makes it a number.
pub fn settle(ty: Ty) -> Ty {
    if ty == Ty::IntegerConstant { Ty::Integer } else { ty }
}

/// The type of one symbol.
pub fn symbol(name: &Arc<str>) -> Ty {
    Ty::Symbol(Rc::new(BTreeSet::from([name.clone()])))
}

/// The type of a value.
pub fn constant(value: &Value) -> Option<Ty> {
    Some(match value {
        Value::Unknown => return None,
        Value::Bool(_) => Ty::Bool,
        Value::Symbol(name) => symbol(name),
        Value::Integer(_) => Ty::IntegerConstant,
        Value::Number(_) => Ty::Number,
        Value::Date(_) => Ty::Date,
        Value::Text(_) => Ty::Text,
    })
}

/// The type of a result of arithmetic; `None` if the operands do not go together.
pub fn arithmetic(op: ArithmeticOp, left: &Ty, right: &Ty) -> Option<Ty> {
    let integer = |ty: &Ty| matches!(ty, Ty::Integer | Ty::IntegerConstant);
    match (op, left, right) {
        (ArithmeticOp::Subtract, Ty::Date, Ty::Date) => Some(Ty::Integer),
        (ArithmeticOp::Add | ArithmeticOp::Subtract, Ty::Date, days) if integer(days) => Some(Ty::Date),
        (_, Ty::IntegerConstant, Ty::IntegerConstant) => Some(Ty::IntegerConstant),
        (_, l, r) if integer(l) && integer(r) => Some(Ty::Integer),
        (_, l, r) if l.is_numeric() && r.is_numeric() => Some(Ty::Number),
        _ => None,
    }
}
