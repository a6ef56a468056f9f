//! Written clauses → clauses with resolved relations and variables.
//!
//! Decides which variables are outer and which a group's own (language page, *Groups*),
//! and turns variables that occur once into `_`. Reports `unknown-name`, `unknown-column`,
//! `unknown-decision`, `wrong-arity`, `too-many-clauses`, `head-is-fact`.

mod atoms;
mod unresolved;
mod wording;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::ir::{Clause, Expr, ExprKind, Group, Literal, LiteralKind, Lost, Side, Variable};
use super::lower::{self, LIMIT};
use super::vocabulary::{Vocabulary, arity};
use super::{order, singleton_variable};
use crate::diagnostic::{Code, Diagnostic};
use crate::program::{AggregateKind, PredicateId, VariableId};
use crate::source::Span;
use crate::syntax::print;
use crate::syntax::tree::{self, Args, CompareOp, Constant, Formula, FormulaKind};
use crate::value::Value;
use wording::wrong_arity;

/// What written clauses come to, literals in the order of [`order`].
#[derive(Debug, Default)]
pub struct Resolved {
    /// Clauses of which everything is resolved.
    pub clauses: Vec<Clause>,
    /// What is left of the others, of which something is not: to be checked and no more.
    pub rests: Vec<Clause>,
}

/// Resolves one written clause of a rule.
pub fn rule_clause(vocabulary: &Vocabulary, clause: &tree::Clause, resolved: &mut Resolved, out: &mut Vec<Diagnostic>) {
    let head = resolve_head(vocabulary, &clause.head, out);
    let as_written = clause.body.as_ref();
    let clause = &order::clause(vocabulary, clause);
    let sides = match &clause.body {
        Some(body) if lower::count(body) > LIMIT => return,
        Some(body) => order::alternatives(body),
        None => vec![Vec::new()],
    };
    let head_text: Arc<str> = Arc::from(print::print_atom(&clause.head).to_string());
    let written = singleton_variable::written(Some(&clause.head), clause.body.as_ref());
    let choices = clause.body.as_ref().map_or_else(|| vec![Vec::new()], lower::choices);
    for (side, choice) in sides.iter().zip(&choices) {
        let mut resolver = Resolver::new(vocabulary, &written, clause.body.as_ref(), out);
        let body = resolver.conjunction(side);
        let args = match &clause.head.args {
            Args::Positional(args) => args.iter().map(|arg| resolver.expr(arg)).collect(),
            _ => Vec::new(),
        };
        let text = clause_text(&head_text, side);
        let is_whole = head.is_some() && resolver.lost.is_empty();
        let mut done = resolver.finish(args, body, clause.span.0, text);
        done.sides = choice.iter().map(|side| side_of_or(side, as_written)).collect();
        if is_whole {
            done.head = head;
            done.head_text = head_text.clone();
            resolved.clauses.push(done);
        } else {
            let places = &done.lost.places;
            done.lost.variables = singleton_variable::used_within(&clause.head, clause.body.as_ref(), places);
            resolved.rests.push(done);
        }
    }
}

/// The sides of a body that belongs to no rule. With `ask`, every named variable outside
/// groups is asked for: it becomes an argument, in order of first occurrence.
pub fn query(vocabulary: &Vocabulary, body: &Formula, ask: bool, out: &mut Vec<Diagnostic>) -> Vec<Clause> {
    if lower::count(body) > LIMIT {
        out.push(too_many(lower::count(body), body.span));
        return Vec::new();
    }
    let written = singleton_variable::written(None, Some(body));
    let mut clauses = Vec::new();
    for (side, choice) in lower::alternatives(body).iter().zip(lower::choices(body)) {
        let mut resolver = Resolver::new(vocabulary, &written, Some(body), out);
        let literals = resolver.conjunction(side);
        let args: Vec<Expr> = if ask { resolver.asked() } else { Vec::new() };
        if resolver.lost.is_empty() {
            let mut done = resolver.finish(args, literals, body.span, Arc::from(print::print_formula(body)));
            done.sides = choice.iter().map(|side| side_of_or(side, Some(body))).collect();
            clauses.push(done);
        }
    }
    clauses
}

/// The diagnostic of a rule, body or group that multiplies out too far.
pub fn too_many(count: usize, span: Span) -> Diagnostic {
    let count = if count == usize::MAX { "far too many".to_owned() } else { count.to_string() };
    Diagnostic::new(Code::TooManyClauses, span, format!("this comes to {count} clauses, more than {LIMIT}"))
        .help("give each bracket with `or` a rule and a name of its own, and use that name here")
}

/// A side of an `or`, with its text in the order in which it stands in the body.
fn side_of_or(side: &Formula, as_written: Option<&Formula>) -> Side {
    let written = as_written.and_then(|body| part_at(body, side.span)).unwrap_or(side);
    Side { text: Arc::from(print::print_formula(written)), span: side.span }
}

/// The part of a body at this very place.
fn part_at(body: &Formula, place: Span) -> Option<&Formula> {
    match &body.node {
        _ if body.span == place => Some(body),
        FormulaKind::Or(parts) | FormulaKind::And(parts) => parts.iter().find_map(|part| part_at(part, place)),
        FormulaKind::Group(inner) => part_at(inner, place),
        _ => None,
    }
}

fn clause_text(head: &str, side: &[lower::Literal<'_>]) -> Arc<str> {
    let literals: Vec<String> = side.iter().map(|l| print::print_formula(l.written).to_string()).collect();
    if literals.is_empty() { Arc::from(head) } else { Arc::from(format!("{head} if {}", literals.join(", "))) }
}

fn resolve_head(vocabulary: &Vocabulary, head: &tree::Atom, out: &mut Vec<Diagnostic>) -> Option<PredicateId> {
    let name = &head.name;
    if let Some(fact) = vocabulary.fact_ids.get(&name.node) {
        out.push(
            Diagnostic::new(Code::HeadIsFact, name.span, format!("a rule may not conclude the fact `{}`", name.node))
                .label(vocabulary.facts[fact.index()].span, "the fact")
                .help("facts come from the issue alone; conclude a name of its own, and use that name in the rules"),
        );
        return None;
    }
    let id = *vocabulary.predicate_ids.get(&name.node)?;
    let wanted = vocabulary.predicates[id.index()].arity;
    if wanted != arity(&head.args) {
        out.push(wrong_arity(vocabulary, id, arity(&head.args), name.span));
        return None;
    }
    Some(id)
}

/// Names in a sentence.
pub fn quoted<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Resolves one conjunction with everything inside it.
struct Resolver<'a> {
    vocabulary: &'a Vocabulary,
    /// How often each variable is written.
    written: &'a BTreeMap<Arc<str>, usize>,
    /// The whole body that the conjunction is a side of.
    body: Option<&'a Formula>,
    out: &'a mut Vec<Diagnostic>,
    variables: Vec<Variable>,
    /// Where each variable was met first.
    first_met: Vec<Option<Span>>,
    /// Variables in sight, the clause's own first, then those of each enclosing group.
    levels: Vec<FxHashMap<Arc<str>, VariableId>>,
    /// Parameters that the groups being resolved have used, one set a level below the first.
    parameters: Vec<BTreeSet<VariableId>>,
    /// Where something is not resolved.
    lost: Vec<Span>,
}

impl<'a> Resolver<'a> {
    fn new(
        vocabulary: &'a Vocabulary,
        written: &'a BTreeMap<Arc<str>, usize>,
        body: Option<&'a Formula>,
        out: &'a mut Vec<Diagnostic>,
    ) -> Self {
        let levels = vec![FxHashMap::default()];
        let (variables, first_met, parameters, lost) = Default::default();
        Self { vocabulary, written, body, out, variables, first_met, levels, parameters, lost }
    }

    fn finish(mut self, mut args: Vec<Expr>, mut body: Vec<Literal>, span: Span, text: Arc<str>) -> Clause {
        for literal in &mut body {
            forget_singletons(literal, &self.variables);
        }
        for arg in &mut args {
            arg.groups_mut().into_iter().for_each(|group| forget_in_group(group, &self.variables));
        }
        let variables = std::mem::take(&mut self.variables);
        let (head_text, lost) = (text.clone(), Lost { places: self.lost, ..Lost::default() });
        Clause { head: None, args, body, variables, span, head_text, text, sides: Vec::new(), lost }
    }

    /// One use of each named variable of the outermost level, in order of first occurrence.
    fn asked(&mut self) -> Vec<Expr> {
        let mut ids: Vec<VariableId> = self.levels.first().into_iter().flat_map(|l| l.values().copied()).collect();
        ids.sort();
        ids.iter()
            .map(|id| {
                let variable = &mut self.variables[id.index()];
                variable.occurrences += 1;
                variable.alone = false;
                Expr { kind: ExprKind::Variable(*id), span: variable.span }
            })
            .collect()
    }

    fn conjunction(&mut self, literals: &[lower::Literal<'_>]) -> Vec<Literal> {
        self.declare_bindable(literals);
        // Most clauses are short, so that room for more would be most of the memory.
        let mut resolved = Vec::with_capacity(literals.len());
        resolved.extend(literals.iter().filter_map(|literal| self.literal(literal, literals)));
        resolved
    }

    /// Declares at the innermost level what this conjunction may bind, so that groups inside see it.
    fn declare_bindable(&mut self, literals: &[lower::Literal<'_>]) {
        let mut declare = |expr: &tree::Expr| {
            if let tree::ExprKind::Variable(name) = &expr.node
                && self.levels.iter().all(|level| !level.contains_key(name))
            {
                self.declare(name, expr.span);
            }
        };
        for literal in literals {
            match literal.kind {
                lower::LiteralKind::Atom(atom) => match &atom.args {
                    Args::None => {}
                    Args::Positional(args) => args.iter().for_each(&mut declare),
                    Args::Named(args) => args.iter().for_each(|(_, arg)| declare(arg)),
                },
                lower::LiteralKind::Compare(left, CompareOp::Eq, right) => {
                    declare(left);
                    declare(right);
                }
                _ => {}
            }
        }
    }

    fn declare(&mut self, name: &Arc<str>, span: Span) -> VariableId {
        let id = VariableId(self.variables.len() as u32);
        let alone = self.written.get(name).is_none_or(|times| *times == 1);
        self.variables.push(Variable { name: name.clone(), span, occurrences: 0, alone });
        self.first_met.push(None);
        if let Some(level) = self.levels.last_mut() {
            level.insert(name.clone(), id);
        }
        id
    }

    fn variable(&mut self, name: &Arc<str>, span: Span) -> VariableId {
        let found = self.levels.iter().enumerate().rev().find_map(|(depth, l)| l.get(name).map(|id| (depth, *id)));
        let id = match found {
            Some((depth, id)) => {
                for parameters in self.parameters.iter_mut().skip(depth) {
                    parameters.insert(id);
                }
                id
            }
            None => self.declare(name, span),
        };
        let known = &mut self.variables[id.index()].span;
        *known = (*known).min(span);
        let first = &mut self.first_met[id.index()];
        if *first != Some(span) {
            self.variables[id.index()].occurrences += 1;
            first.get_or_insert(span);
        }
        id
    }

    fn literal(&mut self, literal: &lower::Literal<'_>, beside: &[lower::Literal<'_>]) -> Option<Literal> {
        let span = literal.written.span;
        if let Some(unresolved) = unresolved::literal(self.vocabulary, literal, beside) {
            // With one column, all was said of the others beside it.
            if !self.out.contains(&unresolved) {
                self.out.push(unresolved);
            }
            self.lost.push(span);
            return None;
        }
        let kind = match literal.kind {
            lower::LiteralKind::Atom(atom) => LiteralKind::Atom(self.atom(atom, span)?),
            lower::LiteralKind::NotAtom(atom) => LiteralKind::NotAtom(self.atom(atom, span)?),
            lower::LiteralKind::NotGroup(body) => LiteralKind::NotGroup(self.group(None, body, span)?),
            lower::LiteralKind::Compare(left, op, right) => {
                LiteralKind::Compare { left: self.expr(left), op, right: self.expr(right) }
            }
            lower::LiteralKind::In(subject, negated, list) => LiteralKind::In {
                subject: self.expr(subject),
                negated,
                list: list.iter().map(|constant| self.expr(constant)).collect(),
            },
            lower::LiteralKind::Test(test, negated, subject, pattern) => {
                LiteralKind::Test { test, negated, subject: self.expr(subject), pattern: self.expr(pattern) }
            }
        };
        Some(Literal { kind, span, text: Arc::from(print::print_formula(literal.written).to_string()) })
    }

    fn group(
        &mut self,
        aggregate: Option<(AggregateKind, Option<&tree::Expr>)>,
        body: &Formula,
        span: Span,
    ) -> Option<Group> {
        let count = lower::count(body);
        if count > LIMIT {
            self.out.push(too_many(count, body.span));
            self.lost.push(span);
            return None;
        }
        let sides = lower::alternatives(body);
        self.levels.push(FxHashMap::default());
        self.parameters.push(BTreeSet::new());
        let mut own = BTreeSet::new();
        if aggregate.is_some() {
            sides.iter().for_each(|side| self.declare_bindable(side));
        }
        let mut alternatives = Vec::new();
        for side in &sides {
            alternatives.push(self.conjunction(side));
            if aggregate.is_none()
                && let Some(level) = self.levels.last_mut()
            {
                own.extend(level.drain().map(|(_, id)| id));
            }
        }
        let aggregate = aggregate.map(|(kind, of)| (kind, of.map(|expr| Box::new(self.expr(expr)))));
        own.extend(self.levels.pop().into_iter().flatten().map(|(_, id)| id));
        let parameters = self.parameters.pop().unwrap_or_default();
        let mut own: Vec<_> = own.into_iter().collect();
        own.sort_by(|a, b| self.variables[a.index()].name.cmp(&self.variables[b.index()].name).then(a.cmp(b)));
        Some(Group { aggregate, parameters, own, alternatives, span })
    }

    /// Resolves an expression; what is broken inside becomes `_` and breaks the clause.
    fn expr(&mut self, expr: &tree::Expr) -> Expr {
        let kind = match &expr.node {
            tree::ExprKind::Variable(name) => ExprKind::Variable(self.variable(name, expr.span)),
            tree::ExprKind::Wildcard => ExprKind::Wildcard,
            tree::ExprKind::Name(name) => ExprKind::Name(name.clone()),
            tree::ExprKind::Constant(constant) => ExprKind::Constant(value(constant)),
            tree::ExprKind::Binary { op, left, right } => {
                ExprKind::Binary { op: *op, left: Box::new(self.expr(left)), right: Box::new(self.expr(right)) }
            }
            tree::ExprKind::Negate(inner) => ExprKind::Negate(Box::new(self.expr(inner))),
            tree::ExprKind::Call(function, inner) => ExprKind::Call(*function, Box::new(self.expr(inner))),
            tree::ExprKind::Aggregate { function, of, body } => {
                match self.group(Some((*function, of.as_deref())), body, expr.span) {
                    Some(group) => ExprKind::Aggregate(Box::new(group)),
                    None => ExprKind::Wildcard,
                }
            }
        };
        Expr { kind, span: expr.span }
    }
}

/// The value of a written constant.
pub fn value(constant: &Constant) -> Value {
    match constant {
        Constant::Text(text) => Value::Text(text.clone()),
        Constant::Integer(i) => Value::Integer(*i),
        Constant::Number(n) => Value::Number(*n),
        Constant::Date(d) => Value::Date(*d),
        Constant::Bool(b) => Value::Bool(*b),
    }
}

/// Turns arguments that are variables of one occurrence into `_`, also inside groups.
fn forget_singletons(literal: &mut Literal, variables: &[Variable]) {
    let single = |expr: &&mut Expr| expr.variable().is_some_and(|id| variables[id.index()].occurrences == 1);
    if let LiteralKind::Atom(atom) | LiteralKind::NotAtom(atom) = &mut literal.kind {
        atom.args.iter_mut().filter(single).for_each(|arg| arg.kind = ExprKind::Wildcard);
    }
    literal.groups_mut().into_iter().for_each(|group| forget_in_group(group, variables));
}

fn forget_in_group(group: &mut Group, variables: &[Variable]) {
    for literal in group.alternatives.iter_mut().flatten() {
        forget_singletons(literal, variables);
    }
    let mut used = BTreeSet::new();
    for literal in group.alternatives.iter().flatten() {
        literal.walk(&mut |part| used.extend(part.variable()));
    }
    group.own.retain(|id| used.contains(id));
}
