//! Clauses with variables, judged on symbols: the columns of a block, the issue as the leading one.
//!
//! Values become symbols once a block; of each issue that the leaves of a clause let through,
//! its rows are searched in the order of the plan, each plane for itself, or both at once where
//! nothing that is looked at is unknown. Recursion is semi-naive. Agrees with `engine::judge`.

mod body;
mod columns;
mod compile;
mod judge;
mod memory;
mod rows;
mod run;
mod solutions;
mod trace;

use body::{Body, Group, Term};
use compile::Compiler;
pub(super) use memory::{Faults, Memory};
use trace::TraceSearch;

use super::join::{Head, Join, Purpose};
use crate::engine::Plan;
use crate::engine::plan::literal_exprs;
use crate::engine::relational::{Symbol, Symbols};
use crate::program::{Expr, GroupId, GroupKind, Literal, LiteralKind, PredicateId, Program};
use crate::value::Value;

/// The bodies of all joins.
#[derive(Debug)]
pub(super) struct Searches {
    /// Constants.
    symbols: Symbols,
    groups: Vec<Option<Group>>,
    joins: Vec<JoinSearch>,
}

/// A relation of constants with its tuples.
type Ground = (PredicateId, Vec<Vec<Symbol>>);

/// One join.
#[derive(Debug)]
struct JoinSearch {
    clauses: Vec<ClauseSearch>,
    /// What it needs of relations of constants.
    grounds: Vec<Ground>,
    /// If it is a trace.
    trace: Option<TraceSearch>,
}

/// One clause.
#[derive(Debug)]
struct ClauseSearch {
    body: Body,
    /// For each atom of a relation that grows, that atom first and of new rows.
    rounds: Vec<Body>,
    predicate: PredicateId,
    head: Vec<Term>,
    /// What a plane of its own says.
    holds: Holds,
    /// Whether its tuples are gathered.
    gathers: bool,
    registers: usize,
    may_fault: bool,
    /// Whether a search may pass over arithmetic that fails.
    hides_faults: bool,
}

/// Which planes a solution sets; of each pair the certain one, behind which is the possible one.
#[derive(Debug)]
enum Holds {
    Nothing,
    Tuple(u32),
    Options(Vec<Symbol>, u32),
}

impl Searches {
    pub(super) fn new(program: &Program, plan: &Plan, joins: &[Join]) -> Self {
        let mut compiler = Compiler::new(program, plan);
        let joins = joins.iter().map(|join| compiler.join(join)).collect();
        let Compiler { symbols, groups, .. } = compiler;
        Self { symbols, groups, joins }
    }
}

impl Compiler<'_> {
    fn join(&mut self, join: &Join) -> JoinSearch {
        let clauses = join.clauses.iter().map(|clause| {
            let whole = self.program.clause(clause.id);
            let gathers = |predicate: &PredicateId| join.concluded().is_some_and(|c| c.gathered.contains(predicate));
            let grows = |predicate| join.concluded().is_some_and(|c| c.recursive) && gathers(&predicate);
            let holds = match clause.head {
                Head::Kept => Holds::Nothing,
                Head::Tuple { first } => Holds::Tuple(first),
                Head::Options { decision, first } => {
                    let options = self.program.decision(decision).options.iter();
                    Holds::Options(options.map(|o| self.symbol(&Value::Symbol(o.id.clone()))).collect(), first)
                }
            };
            ClauseSearch {
                body: self.clause(&clause.rest, &clause.conjunction),
                rounds: self.rounds(&clause.rest, grows),
                predicate: whole.head,
                head: whole.args.iter().map(|arg| self.term(arg)).collect(),
                holds,
                gathers: gathers(&whole.head),
                registers: whole.variables.len(),
                may_fault: self.plan.clause(clause.id).may_fault,
                hides_faults: self.plan.clause(clause.id).may_fault && negates_group(self.program, &whole.body),
            }
        });
        let clauses = clauses.collect();
        let grounds = join.needs.grounds.iter().map(|(predicate, tuples)| {
            let tuples = tuples.iter().map(|(tuple, _)| tuple.iter().map(|value| self.symbol(value)).collect());
            (*predicate, tuples.collect())
        });
        let grounds: Vec<Ground> = grounds.collect();
        let trace = match &join.purpose {
            Purpose::Conclude(_) => None,
            Purpose::Trace(trace) => Some(self.trace(trace, &join.needs, &grounds)),
        };
        JoinSearch { clauses, grounds, trace }
    }
}

/// Whether `not ( … )` stands in literals or in their groups.
fn negates_group(program: &Program, literals: &[Literal]) -> bool {
    literals.iter().any(|literal| {
        matches!(literal.kind, LiteralKind::NotGroup(_))
            || literal_exprs(literal).any(|expr| expr_negates_group(program, expr))
    })
}

fn expr_negates_group(program: &Program, expr: &Expr) -> bool {
    let of_group = |id: &GroupId| {
        let group = program.group(*id);
        let of = match &group.kind {
            GroupKind::Aggregate(_, Some(of)) => expr_negates_group(program, of),
            _ => false,
        };
        of || group.alternatives.iter().any(|literals| negates_group(program, literals))
    };
    match expr {
        Expr::Wildcard | Expr::Variable(_) | Expr::Constant(_) | Expr::Fact(_) => false,
        Expr::Binary { left, right, .. } => expr_negates_group(program, left) || expr_negates_group(program, right),
        Expr::Negate(operand) | Expr::Call(_, operand) => expr_negates_group(program, operand),
        Expr::Aggregate(group) => of_group(group),
    }
}
