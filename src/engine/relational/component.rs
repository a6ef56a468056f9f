//! One component of relations that rest on one another, evaluated to its least fixpoint.
//!
//! Where nothing that it looks at is unknown, once for both planes; else each plane for
//! itself, the certain one first. Semi-naive: a round joins what the last one brought with
//! all that was known.

use std::ops::ControlFlow;

use rustc_hash::FxHashMap;

use super::body::{Body, Groups, Mode, Term};
use super::closure::{Sides, close};
use super::compile::{Compiler, Place, is_records};
use super::database::Relations;
use super::linear::{Linear, Side, Step, shape};
use super::search::Search;
use super::symbols::Symbol;
use super::table::{Table, TableId};
use crate::engine::Plan;
use crate::engine::columnar::order::Component;
use crate::engine::mentioned::Mentioned;
use crate::engine::plan::{atoms, literal_exprs};
use crate::issue::Issue;
use crate::program::{
    Atom, Clause, ClauseId, Expr, FactKind, GroupId, GroupKind, Literal, LiteralKind, PredicateId, Program,
};

/// What all components are evaluated with.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) program: &'a Program,
    pub(super) plan: &'a Plan,
    pub(super) issue: &'a Issue,
}

/// A clause in one plane, with the atom of new rows, if there is one.
struct Rule {
    body: Body,
    head: Vec<Term>,
    table: TableId,
    registers: usize,
    /// Whether it is to be asked in every round.
    recurs: bool,
}

/// Evaluates the relations of a component that rules conclude.
pub(super) fn evaluate(scope: Scope<'_>, component: &Component, clauses: &[ClauseId], relations: &mut Relations) {
    if clauses.is_empty() {
        return;
    }
    if is_one(scope.program, component, clauses, relations, scope.issue)
        && conclude(scope, component, clauses, relations, Mode::Both)
    {
        return;
    }
    conclude(scope, component, clauses, relations, Mode::Certain);
    conclude(scope, component, clauses, relations, Mode::Possible);
    component.predicates.iter().for_each(|predicate| relations.unite(*predicate));
}

/// What came of the attempt to conclude in a way that is not open to all.
enum Attempt {
    /// The relations are concluded.
    Done,
    /// Something turned out unknown where nothing was to be.
    Failed,
    /// Another way has to be taken.
    NotSo,
}

/// Linear recursion over pairs, if nothing in it is `⊥`.
fn conclude_linear(scope: Scope<'_>, linear: &Linear, relations: &mut Relations, mode: Mode) -> Attempt {
    let Scope { program, plan, issue } = scope;
    let mut compiler = Compiler {
        program,
        plan,
        issue,
        relations,
        growing: FxHashMap::default(),
        groups: Groups::default(),
        marks: 0,
        meets: 0,
    };
    let pairs = |compiler: &mut Compiler<'_>| compiler.relations.add(Table::new(2, false));
    let base = pairs(&mut compiler);
    let mut rules: Vec<Rule> =
        linear.bases.iter().map(|id| rule(&mut compiler, program.clause(*id), base, mode, None)).collect();
    let mut steps: Vec<[Option<TableId>; 2]> = Vec::new();
    for step in &linear.steps {
        let Step::Sides { clause, left, right } = step else {
            steps.push([None, Some(base)]);
            continue;
        };
        steps.push([left, right].map(|side| {
            let Side { literals, near, far } = side.as_ref()?;
            let table = pairs(&mut compiler);
            let body = compiler.body(literals, Place { mode, bound: &[], last: None, in_group: false });
            let head = [near, far].map(|variable| Term::Register(variable.index())).to_vec();
            let registers = program.clause(*clause).variables.len();
            rules.push(Rule { body, head, table, registers, recurs: false });
            Some(table)
        }));
    }
    let groups = compiler.groups;
    if !rules.iter().all(|rule| apply(rule, &groups, relations)) {
        return Attempt::Failed;
    }
    for rule in &rules {
        relations.tables[rule.table.index()].settle(relations.symbols.len());
    }
    let table = |id: TableId| &relations.tables[id.index()];
    let read = steps.iter().flatten().flatten().copied().chain([base]);
    if read.clone().any(|id| table(id).has_any_unknown()) {
        return Attempt::NotSo;
    }
    let side = |side: Option<TableId>| side.map(|id| table(id).cells());
    let steps: Vec<Sides<'_>> =
        steps.iter().map(|[left, right]| Sides { left: side(*left), right: side(*right) }).collect();
    let Some(closed) = close(table(base).cells(), &steps, relations.symbols.len()) else { return Attempt::NotSo };
    let closed = relations.add(Table::of_pairs(closed));
    relations.set(linear.predicate, mode, closed);
    Attempt::Done
}

/// Concludes in one plane, or in both; false if something turned out unknown where nothing was to be.
fn conclude(
    scope: Scope<'_>,
    component: &Component,
    clauses: &[ClauseId],
    relations: &mut Relations,
    mode: Mode,
) -> bool {
    if let Some(linear) = shape(scope.program, component, clauses) {
        match conclude_linear(scope, &linear, relations, mode) {
            Attempt::Done => return true,
            Attempt::Failed => return false,
            Attempt::NotSo => {}
        }
    }
    let mut growing = FxHashMap::default();
    for predicate in &component.predicates {
        let arity = scope.program.predicate(*predicate).arity;
        growing.insert(*predicate, relations.add(Table::new(arity, component.recursive)));
    }
    let (rules, groups) = rules(scope, component, clauses, relations, mode, &growing);
    let holds = fixpoint(&rules, &groups, relations, &growing);
    for (predicate, table) in growing {
        relations.tables[table.index()].settle(relations.symbols.len());
        if holds {
            relations.set(predicate, mode, table);
        }
    }
    holds
}

fn rules(
    scope: Scope<'_>,
    component: &Component,
    clauses: &[ClauseId],
    relations: &mut Relations,
    mode: Mode,
    growing: &FxHashMap<PredicateId, TableId>,
) -> (Vec<Rule>, Groups) {
    let Scope { program, plan, issue } = scope;
    let own = |predicate: PredicateId| component.predicates.contains(&predicate);
    let targets = growing;
    let growing = if component.recursive { growing.clone() } else { FxHashMap::default() };
    let mut compiler =
        Compiler { program, plan, issue, relations, growing, groups: Groups::default(), marks: 0, meets: 0 };
    let mut rules = Vec::new();
    for id in clauses {
        let clause = program.clause(*id);
        let recursive: Vec<usize> = match component.recursive {
            true => atoms(&clause.body).filter(|(_, atom)| own(atom.predicate)).map(|(literal, _)| literal).collect(),
            false => Vec::new(),
        };
        let lasts: Vec<Option<usize>> = match recursive.is_empty() {
            true => vec![None],
            false => recursive.into_iter().map(Some).collect(),
        };
        for last in lasts {
            rules.push(rule(&mut compiler, clause, targets[&clause.head], mode, last));
        }
    }
    (rules, compiler.groups)
}

fn rule(compiler: &mut Compiler<'_>, clause: &Clause, table: TableId, mode: Mode, last: Option<usize>) -> Rule {
    let body = compiler.body(&clause.body, Place { mode, bound: &[], last, in_group: false });
    let head = clause.args.iter().map(|arg| compiler.head_term(arg)).collect();
    Rule { body, head, table, registers: clause.variables.len(), recurs: last.is_some() }
}

fn fixpoint(
    rules: &[Rule],
    groups: &Groups,
    relations: &mut Relations,
    growing: &FxHashMap<PredicateId, TableId>,
) -> bool {
    for rule in rules.iter().filter(|rule| !rule.recurs) {
        if !apply(rule, groups, relations) {
            return false;
        }
    }
    if !rules.iter().any(|rule| rule.recurs) {
        return true;
    }
    while advance(relations, growing) {
        for rule in rules.iter().filter(|rule| rule.recurs) {
            if !apply(rule, groups, relations) {
                return false;
            }
        }
    }
    true
}

/// Makes what is new the last round; whether anything is.
fn advance(relations: &mut Relations, growing: &FxHashMap<PredicateId, TableId>) -> bool {
    let mut grew = false;
    for table in growing.values() {
        let table = &mut relations.tables[table.index()];
        table.window = (table.window.1, table.len() as u32);
        grew |= table.window.0 < table.window.1;
    }
    grew
}

/// Adds what a rule concludes to its table; false if something turned out unknown where nothing was to be.
fn apply(rule: &Rule, groups: &Groups, relations: &mut Relations) -> bool {
    let mut registers = vec![Symbol::UNBOUND; rule.registers];
    let mut concluded: Vec<Symbol> = Vec::new();
    let mut holds = false;
    let mut search = Search::new(&relations.tables, groups, &mut relations.symbols);
    let _ = search.solve(&rule.body, &mut registers, &mut |registers, _| {
        concluded.extend(rule.head.iter().map(|term| term.of(registers)));
        holds = true;
        if rule.head.is_empty() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    if search.failed {
        return false;
    }
    let table = &mut relations.tables[rule.table.index()];
    if rule.head.is_empty() && holds {
        table.insert(&[]);
    }
    table.extend(&concluded);
    true
}

/// Whether nothing that the clauses look at is unknown, so that the planes are one unless arithmetic fails.
fn is_one(
    program: &Program,
    component: &Component,
    clauses: &[ClauseId],
    relations: &Relations,
    issue: &Issue,
) -> bool {
    let look = Look { program, component, relations };
    let mut mentioned = Mentioned::default();
    clauses.iter().for_each(|id| mentioned.add(program, &program.clause(*id).body));
    mentioned
        .facts
        .iter()
        .all(|fact| !matches!(program.fact(*fact).kind, FactKind::Single(_)) || issue.fact(*fact).given().is_some())
        && clauses.iter().all(|id| look.are_known(&program.clause(*id).body, false))
}

/// Looks for what is unknown.
#[derive(Clone, Copy)]
struct Look<'a> {
    program: &'a Program,
    component: &'a Component,
    relations: &'a Relations,
}

impl Look<'_> {
    fn are_known(self, literals: &[Literal], in_group: bool) -> bool {
        literals.iter().all(|literal| {
            let is_known = match &literal.kind {
                LiteralKind::Atom(atom) | LiteralKind::NotAtom(atom) => self.is_known(atom, in_group),
                LiteralKind::NotGroup(group) => self.is_group_known(*group),
                LiteralKind::Compare { .. } | LiteralKind::In { .. } | LiteralKind::Test { .. } => true,
            };
            is_known && literal_exprs(literal).all(|expr| self.is_expr_known(expr))
        })
    }

    /// Whether an atom's relation is the same in both planes, and known where it is looked at.
    fn is_known(self, atom: &Atom, in_group: bool) -> bool {
        if self.component.predicates.contains(&atom.predicate) {
            return true;
        }
        let Some(table) = self.relations.one_table(atom.predicate) else { return false };
        // In a group, what `_` matched tells solutions apart, but for records.
        let wild_count = in_group && !is_records(self.program, atom.predicate);
        let looks = |arg: &Expr| wild_count || !matches!(arg, Expr::Wildcard);
        atom.args.iter().enumerate().all(|(column, arg)| !looks(arg) || !table.has_unknown(column))
    }

    fn is_group_known(self, id: GroupId) -> bool {
        let group = self.program.group(id);
        let of = match &group.kind {
            GroupKind::Aggregate(_, Some(of)) => self.is_expr_known(of),
            _ => true,
        };
        of && group.alternatives.iter().all(|literals| self.are_known(literals, true))
    }

    fn is_expr_known(self, expr: &Expr) -> bool {
        match expr {
            Expr::Wildcard | Expr::Constant(_) | Expr::Fact(_) | Expr::Variable(_) => true,
            Expr::Binary { left, right, .. } => self.is_expr_known(left) && self.is_expr_known(right),
            Expr::Negate(operand) | Expr::Call(_, operand) => self.is_expr_known(operand),
            Expr::Aggregate(group) => self.is_group_known(*group),
        }
    }
}
