//! Every tree that differs from a clause in one small step.

use std::sync::Arc;

use super::Change;
use crate::program::{Domain, FactKind, Program};
use crate::source::Span;
use crate::syntax::tree::{Args, Atom, Clause, Constant, Expr, ExprKind, Formula, FormulaKind, Spanned};
use crate::value::Number;

/// A changed tree.
pub struct Variant<T> {
    /// What kind of change.
    pub change: Change,
    /// Where.
    pub span: Span,
    /// The changed tree.
    pub tree: T,
}

impl<T> Variant<T> {
    fn map<U>(self, wrap: impl FnOnce(T) -> U) -> Variant<U> {
        Variant { change: self.change, span: self.span, tree: wrap(self.tree) }
    }
}

/// Makes variants; the program says what is an option of what.
pub struct Variants<'a> {
    /// The program of the policy that is changed.
    pub program: &'a Program,
}

impl Variants<'_> {
    /// Variants of a clause.
    pub fn clause(&self, clause: &Clause) -> Vec<Variant<Clause>> {
        let mut all = Vec::new();
        for variant in self.atom(&clause.head) {
            all.push(variant.map(|head| Clause { head, ..clause.clone() }));
        }
        if let Some(body) = &clause.body {
            if is_literal(body) {
                all.push(Variant {
                    change: Change::DropLiteral,
                    span: body.span,
                    tree: Clause { body: None, ..clause.clone() },
                });
            }
            for variant in self.formula(body) {
                all.push(variant.map(|body| Clause { body: Some(body), ..clause.clone() }));
            }
        }
        all
    }

    fn formula(&self, formula: &Formula) -> Vec<Variant<Formula>> {
        let span = formula.span;
        let mut all = Vec::new();
        if is_literal(formula) {
            all.push(Variant { change: Change::NegateLiteral, span, tree: negated(formula) });
        }
        match &formula.node {
            FormulaKind::Or(parts) => self.parts(formula, parts, FormulaKind::Or, &mut all),
            FormulaKind::And(parts) => {
                self.parts(formula, parts, FormulaKind::And, &mut all);
                for cut in 1..parts.len() {
                    let (left, right) = parts.split_at(cut);
                    let tree = spanned(FormulaKind::Or(vec![all_of(left), all_of(right)]), span);
                    // Inside a conjunction of others an `or` needs its brackets; the printer adds none.
                    all.push(Variant { change: Change::AndToOr, span, tree });
                }
            }
            FormulaKind::Not(inner) => all.extend(
                self.formula(inner)
                    .into_iter()
                    // `not not p` and `p` are the negation that the literal itself has had above.
                    .filter(|variant| variant.change != Change::NegateLiteral || !is_literal(inner))
                    .map(|variant| variant.map(|inner| spanned(FormulaKind::Not(Box::new(bracketed(inner))), span))),
            ),
            FormulaKind::Group(inner) => all.extend(
                self.formula(inner).into_iter().map(|v| v.map(|f| spanned(FormulaKind::Group(Box::new(f)), span))),
            ),
            FormulaKind::Atom(atom) => {
                all.extend(self.atom(atom).into_iter().map(|v| v.map(|atom| spanned(FormulaKind::Atom(atom), span))));
            }
            FormulaKind::Compare { left, op, right } => {
                for v in self.expr(left, self.domain_of(right)) {
                    all.push(v.map(|left| spanned(FormulaKind::Compare { left, op: *op, right: right.clone() }, span)));
                }
                for v in self.expr(right, self.domain_of(left)) {
                    all.push(v.map(|right| spanned(FormulaKind::Compare { left: left.clone(), op: *op, right }, span)));
                }
            }
            FormulaKind::In { subject, negated, list } => {
                for (index, constant) in list.iter().enumerate() {
                    for v in self.expr(constant, self.domain_of(subject)) {
                        let mut list = list.clone();
                        all.push(v.map(|new| {
                            list[index] = new;
                            spanned(FormulaKind::In { subject: subject.clone(), negated: *negated, list }, span)
                        }));
                    }
                }
            }
            FormulaKind::Test { .. } => {}
        }
        all
    }

    fn parts(
        &self,
        formula: &Formula,
        parts: &[Formula],
        join: fn(Vec<Formula>) -> FormulaKind,
        all: &mut Vec<Variant<Formula>>,
    ) {
        for (index, part) in parts.iter().enumerate() {
            let without: Vec<Formula> =
                parts.iter().enumerate().filter(|(i, _)| *i != index).map(|(_, p)| p.clone()).collect();
            let tree = match <[Formula; 1]>::try_from(without) {
                Ok([only]) => only,
                Err(without) => spanned(join(without), formula.span),
            };
            all.push(Variant { change: Change::DropLiteral, span: part.span, tree });
            for variant in self.formula(part) {
                let mut parts = parts.to_vec();
                all.push(variant.map(|new| {
                    parts[index] =
                        if matches!(new.node, FormulaKind::Or(_) | FormulaKind::And(_)) { group(new) } else { new };
                    spanned(join(parts), formula.span)
                }));
            }
        }
    }

    fn atom(&self, atom: &Atom) -> Vec<Variant<Atom>> {
        let mut all = Vec::new();
        match &atom.args {
            Args::None => {}
            Args::Positional(args) => {
                for (index, arg) in args.iter().enumerate() {
                    for v in self.expr(arg, self.column(atom, index, None)) {
                        let mut args = args.clone();
                        all.push(v.map(|new| {
                            args[index] = new;
                            Atom { name: atom.name.clone(), args: Args::Positional(args) }
                        }));
                    }
                }
            }
            Args::Named(args) => {
                for (index, (column, arg)) in args.iter().enumerate() {
                    for v in self.expr(arg, self.column(atom, index, Some(&column.node))) {
                        let mut args = args.clone();
                        all.push(v.map(|new| {
                            args[index].1 = new;
                            Atom { name: atom.name.clone(), args: Args::Named(args) }
                        }));
                    }
                }
            }
        }
        all
    }

    /// The options that a column of an atom may hold.
    fn column(&self, atom: &Atom, index: usize, name: Option<&str>) -> Vec<Arc<str>> {
        if atom.name.node.as_ref() == "decided" {
            let Args::Positional(args) = &atom.args else { return Vec::new() };
            return match args.first().map(|arg| &arg.node) {
                Some(ExprKind::Name(decision)) if index == 1 => self.decision_options(decision),
                _ => Vec::new(),
            };
        }
        if self.program.decision_ids.contains_key(&atom.name.node) {
            return self.decision_options(&atom.name.node);
        }
        let Some(fact) = self.program.fact_ids.get(&atom.name.node) else {
            let predicate = self.program.predicate_ids.get(&atom.name.node);
            return predicate.map_or_else(Vec::new, |id| {
                self.program.predicate(*id).options.get(index).cloned().unwrap_or_default()
            });
        };
        match &self.program.fact(*fact).kind {
            FactKind::Single(_) => Vec::new(),
            FactKind::List(domain) => options(domain),
            FactKind::Records(columns) => {
                let place = name.map_or(Some(index), |name| columns.iter().position(|c| c.name.as_ref() == name));
                place.and_then(|place| columns.get(place)).map_or_else(Vec::new, |c| options(&c.domain))
            }
        }
    }

    fn decision_options(&self, name: &str) -> Vec<Arc<str>> {
        let decision = self.program.decision_ids.get(name).map(|id| self.program.decision(*id));
        decision.map_or_else(Vec::new, |d| d.options.iter().map(|o| o.id.clone()).collect())
    }

    /// The options that stand opposite an expression in a comparison.
    fn domain_of(&self, other: &Expr) -> Vec<Arc<str>> {
        let ExprKind::Name(name) = &other.node else { return Vec::new() };
        match self.program.fact_ids.get(name).map(|id| &self.program.fact(*id).kind) {
            Some(FactKind::Single(domain)) => options(domain),
            _ => Vec::new(),
        }
    }

    fn expr(&self, expr: &Expr, options: Vec<Arc<str>>) -> Vec<Variant<Expr>> {
        let changed = |change, node| Variant { change, span: expr.span, tree: Spanned::new(node, expr.span) };
        match &expr.node {
            ExprKind::Name(name) => options
                .iter()
                .position(|option| option == name)
                .map(|at| options[(at + 1) % options.len()].clone())
                .filter(|next| next != name)
                .map(|next| changed(Change::SwapOption, ExprKind::Name(next)))
                .into_iter()
                .collect(),
            ExprKind::Constant(Constant::Bool(value)) => {
                vec![changed(Change::SwapOption, ExprKind::Constant(Constant::Bool(!value)))]
            }
            ExprKind::Constant(constant) => moved(constant)
                .into_iter()
                .map(|constant| changed(Change::MoveThreshold, ExprKind::Constant(constant)))
                .collect(),
            ExprKind::Binary { op, left, right } => {
                let lefts = self.expr(left, Vec::new()).into_iter().map(|v| {
                    v.map(|new| {
                        Spanned::new(ExprKind::Binary { op: *op, left: Box::new(new), right: right.clone() }, expr.span)
                    })
                });
                let rights = self.expr(right, Vec::new()).into_iter().map(|v| {
                    v.map(|new| {
                        Spanned::new(ExprKind::Binary { op: *op, left: left.clone(), right: Box::new(new) }, expr.span)
                    })
                });
                lefts.chain(rights).collect()
            }
            ExprKind::Aggregate { function, of, body } => self
                .formula(body)
                .into_iter()
                .map(|v| {
                    v.map(|body| {
                        let kind = ExprKind::Aggregate { function: *function, of: of.clone(), body: Box::new(body) };
                        Spanned::new(kind, expr.span)
                    })
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}

fn options(domain: &Domain) -> Vec<Arc<str>> {
    domain.options.iter().map(|option| option.id.clone()).collect()
}

/// The constants one step up and one step down.
fn moved(constant: &Constant) -> Vec<Constant> {
    match constant {
        Constant::Integer(i) => {
            [i.checked_sub(1), i.checked_add(1)].into_iter().flatten().map(Constant::Integer).collect()
        }
        Constant::Number(n) => {
            [n.get() - 1.0, n.get() + 1.0].into_iter().filter_map(Number::new).map(Constant::Number).collect()
        }
        Constant::Date(d) => [-1, 1].into_iter().filter_map(|days| d.plus_days(days)).map(Constant::Date).collect(),
        Constant::Text(_) | Constant::Bool(_) => Vec::new(),
    }
}

fn is_literal(formula: &Formula) -> bool {
    !matches!(formula.node, FormulaKind::Or(_) | FormulaKind::And(_))
}

fn spanned(node: FormulaKind, span: Span) -> Formula {
    Formula::new(node, span)
}

fn group(formula: Formula) -> Formula {
    let span = formula.span;
    spanned(FormulaKind::Group(Box::new(formula)), span)
}

/// `not` stands before one literal: anything larger gets brackets.
fn bracketed(formula: Formula) -> Formula {
    if is_literal(&formula) { formula } else { group(formula) }
}

fn negated(formula: &Formula) -> Formula {
    match &formula.node {
        FormulaKind::Not(inner) => (**inner).clone(),
        _ => spanned(FormulaKind::Not(Box::new(formula.clone())), formula.span),
    }
}

fn all_of(parts: &[Formula]) -> Formula {
    match parts {
        [only] => only.clone(),
        _ => spanned(
            FormulaKind::And(parts.to_vec()),
            parts.iter().skip(1).fold(parts[0].span, |span, part| span.to(part.span)),
        ),
    }
}
