//! The values worth trying for a fact: all of a bool or choice, and the neighbourhood of
//! the constants that the policy compares others with. Of dates also those that the issue
//! gives, and what is as far from them as rules count days.

use std::collections::{BTreeMap, BTreeSet};

use super::repair::same_knowledge;
use crate::engine::mentioned::{Cone, Mentioned};
use crate::issue::{FactState, Issue};
use crate::program::{
    Clause, Column, DecisionId, Domain, Expr, FactId, FactKind, Given, Literal, LiteralKind, PredicateId,
    PredicateKind, Program, RuleId, Scalar,
};
use crate::value::{Date, Value};

/// The most rows tried for one records fact.
const ROWS: usize = 64;

/// The most dates of an issue from which days are counted, and the most numbers of days.
const DATES: usize = 4;
const DAYS: usize = 8;

/// No two dates are farther apart.
const MOST_DAYS: u64 = 366 * 9999;

/// The most rows of one records fact in which something is changed.
const CHANGED_ROWS: usize = 4;

/// The states worth trying for each fact, other than the one it has.
#[derive(Debug)]
pub struct Candidates {
    states: BTreeMap<FactId, Vec<FactState>>,
}

impl Candidates {
    /// Collects them.
    pub fn new(program: &Program, issue: &Issue, facts: &[FactId]) -> Self {
        let mut constants = constants(program);
        constants.extend(dates(program, issue));
        let states = facts.iter().map(|fact| (*fact, states(program, issue, *fact, &constants))).collect();
        Self { states }
    }

    /// Those of a fact.
    pub fn of(&self, fact: FactId) -> &[FactState] {
        self.states.get(&fact).map_or(&[], Vec::as_slice)
    }
}

fn states(program: &Program, issue: &Issue, fact: FactId, constants: &BTreeSet<Value>) -> Vec<FactState> {
    let given: Vec<Given> = match &program.fact(fact).kind {
        FactKind::Single(domain) => values(domain, constants).into_iter().map(Given::Value).collect(),
        FactKind::List(domain) => {
            let single = values(domain, constants).into_iter().map(|value| Given::Rows(vec![vec![value]]));
            std::iter::once(Given::Rows(Vec::new())).chain(single).collect()
        }
        FactKind::Records(columns) => match issue.fact(fact).given() {
            Some(Given::Rows(rows)) if !rows.is_empty() => changed_rows(columns, rows, constants),
            _ => {
                let blank = vec![Value::Unknown; columns.len()];
                let rows = variants(columns, &blank, constants).into_iter().map(|row| Given::Rows(vec![row]));
                std::iter::once(Given::Rows(Vec::new())).chain(rows).collect()
            }
        },
    };
    let all = given.into_iter().map(FactState::Given).chain([FactState::Unknown]);
    all.filter(|state| !same_knowledge(state, issue.fact(fact))).collect()
}

/// Rows that are given, each changed in turn or left out, the others as they are.
fn changed_rows(columns: &[Column], rows: &[Vec<Value>], constants: &BTreeSet<Value>) -> Vec<Given> {
    let mut all = vec![Given::Rows(Vec::new())];
    for (index, row) in rows.iter().enumerate().take(CHANGED_ROWS) {
        let with = |changed: Option<Vec<Value>>| {
            let mut rows = rows.to_vec();
            rows.splice(index..=index, changed);
            Given::Rows(rows)
        };
        if rows.len() > 1 {
            all.push(with(None));
        }
        all.extend(variants(columns, row, constants).into_iter().filter(|new| new != row).map(|new| with(Some(new))));
    }
    all
}

/// A row with other values in those columns whose values rules can tell apart; all else stays.
fn variants(columns: &[Column], row: &[Value], constants: &BTreeSet<Value>) -> Vec<Vec<Value>> {
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for (column, cell) in columns.iter().zip(row) {
        let mut cells = values(&column.domain, constants);
        if cells.is_empty() || (column.domain.scalar == Scalar::Text && !cell.is_unknown()) {
            cells = vec![cell.clone()];
        } else if column.domain.scalar == Scalar::Text {
            cells.truncate(1);
        } else if !cell.is_unknown() && !cells.contains(cell) {
            cells.push(cell.clone());
        }
        rows = rows
            .iter()
            .flat_map(|row| cells.iter().map(|c| [row.as_slice(), std::slice::from_ref(c)].concat()))
            .take(ROWS)
            .collect();
    }
    rows
}

/// The values of a domain worth trying.
fn values(domain: &Domain, constants: &BTreeSet<Value>) -> Vec<Value> {
    let near = |keep: fn(&Value) -> bool| constants.iter().filter(move |value| keep(value)).cloned();
    let found: BTreeSet<Value> = match domain.scalar {
        Scalar::Bool => return vec![Value::Bool(true), Value::Bool(false)],
        Scalar::Choice => return domain.options.iter().map(|o| Value::Symbol(o.id.clone())).collect(),
        Scalar::Integer => near(|v| matches!(v, Value::Integer(_))).flat_map(|v| neighbours(&v)).collect(),
        Scalar::Number => near(|v| matches!(v, Value::Integer(_) | Value::Number(_)))
            .filter_map(|v| v.as_f64())
            .flat_map(|f| [f - 1.0, f, f + 1.0])
            .filter_map(Value::number)
            .collect(),
        Scalar::Date => near(|v| matches!(v, Value::Date(_))).flat_map(|v| neighbours(&v)).collect(),
        Scalar::Text => near(|v| matches!(v, Value::Text(_))).collect(),
    };
    found.into_iter().collect()
}

fn neighbours(value: &Value) -> Vec<Value> {
    match value {
        Value::Integer(i) => [-1, 0, 1].into_iter().filter_map(|d| i.checked_add(d)).map(Value::Integer).collect(),
        Value::Date(day) => [-1, 0, 1].into_iter().filter_map(|d| day.plus_days(d)).map(Value::Date).collect(),
        other => vec![other.clone()],
    }
}

/// Every constant of the clauses.
fn constants(program: &Program) -> BTreeSet<Value> {
    let mut found = BTreeSet::new();
    literals(program).for_each(|literal| literal_constants(literal, &mut found));
    found
}

fn literals(program: &Program) -> impl Iterator<Item = &Literal> {
    let groups = program.groups.iter().flat_map(|group| group.alternatives.iter().flatten());
    program.clauses.iter().flat_map(|clause| &clause.body).chain(groups)
}

/// The dates of an issue, and those as many days before and after them as stand where rules may count days.
fn dates(program: &Program, issue: &Issue) -> BTreeSet<Value> {
    let mut counted = BTreeSet::new();
    for literal in literals(program) {
        if let LiteralKind::Compare { left, right, .. } = &literal.kind
            && [left, right].into_iter().any(|side| may_count_days(program, side))
        {
            literal_constants(literal, &mut counted);
        }
    }
    let days = counted.iter().filter_map(|value| if let Value::Integer(days) = value { Some(*days) } else { None });
    let days = days.filter(|days| days.unsigned_abs() <= MOST_DAYS).take(DAYS);
    let days: Vec<i64> = days.flat_map(|days| [days, -days]).chain([0]).collect();
    let given = issue.facts.iter().filter_map(FactState::given).flat_map(|given| match given {
        Given::Value(value) => vec![value],
        Given::Rows(rows) => rows.iter().flatten().collect(),
    });
    let given = given.filter_map(|value| if let Value::Date(day) = value { Some(*day) } else { None });
    let mut given: BTreeSet<Date> = given.take(DATES).collect();
    if given.is_empty() {
        // Any, to count from.
        given.extend(Date::new(2000, 1, 1));
    }
    given.iter().flat_map(|date| days.iter().filter_map(|days| date.plus_days(*days))).map(Value::Date).collect()
}

/// Whether an expression is a number of days, or a date some days away, as far as its form tells.
fn may_count_days(program: &Program, expr: &Expr) -> bool {
    let may_be_date = |expr: &Expr| match expr {
        Expr::Fact(fact) => {
            matches!(&program.fact(*fact).kind, FactKind::Single(domain) if domain.scalar == Scalar::Date)
        }
        Expr::Constant(value) => matches!(value, Value::Date(_)),
        expr => matches!(expr, Expr::Variable(_)),
    };
    match expr {
        Expr::Variable(_) => true,
        Expr::Binary { left, right, .. } => [left, right].into_iter().any(|side| may_be_date(side)),
        _ => false,
    }
}

fn literal_constants(literal: &Literal, found: &mut BTreeSet<Value>) {
    match &literal.kind {
        LiteralKind::Atom(atom) | LiteralKind::NotAtom(atom) => {
            atom.args.iter().for_each(|arg| expr_constants(arg, found))
        }
        LiteralKind::NotGroup(_) => {}
        LiteralKind::Compare { left, right, .. } => {
            expr_constants(left, found);
            expr_constants(right, found);
        }
        LiteralKind::In { list, .. } => found.extend(list.iter().cloned()),
        LiteralKind::Test { pattern, .. } => expr_constants(pattern, found),
    }
}

fn expr_constants(expr: &Expr, found: &mut BTreeSet<Value>) {
    match expr {
        Expr::Constant(value) => {
            found.insert(value.clone());
        }
        Expr::Binary { left, right, .. } => {
            expr_constants(left, found);
            expr_constants(right, found);
        }
        Expr::Negate(inner) | Expr::Call(_, inner) => expr_constants(inner, found),
        Expr::Wildcard | Expr::Variable(_) | Expr::Fact(_) | Expr::Aggregate(_) => {}
    }
}

/// The facts that a decision can depend on, in the author's order.
pub fn relevant_facts(program: &Program, decision: DecisionId) -> Vec<FactId> {
    dependencies(program, decision).facts
}

/// The facts that the bodies of some clauses can depend on, in the author's order.
pub fn facts_below_clauses<'a>(program: &'a Program, clauses: impl Iterator<Item = &'a Clause>) -> Vec<FactId> {
    below(program, clauses).facts.into_iter().collect()
}

/// The rules that a rule can rest on, itself left out, sorted.
pub fn rules_below(program: &Program, rule: RuleId) -> Vec<RuleId> {
    let clauses = program.rule(rule).clauses.iter().map(|id| program.clause(*id));
    let mut rules = rules_of(program, &below(program, clauses));
    rules.retain(|below| *below != rule);
    rules
}

/// All that a decision can depend on.
#[derive(Debug, Clone)]
pub struct Dependencies {
    /// Facts, in the author's order.
    pub facts: Vec<FactId>,
    /// Rules, sorted.
    pub rules: Vec<RuleId>,
    /// Decisions whose value it looks at.
    pub decisions: Vec<DecisionId>,
}

/// All that a decision can depend on.
pub fn dependencies(program: &Program, decision: DecisionId) -> Dependencies {
    let cone = Mentioned::from_iter([program.decision(decision).predicate]).and_below(program);
    let decided = |id: &PredicateId| match program.predicate(*id).kind {
        PredicateKind::Decided(decision) => Some(decision),
        _ => None,
    };
    let decisions = cone.predicates.iter().filter_map(decided).collect();
    Dependencies { rules: rules_of(program, &cone), decisions, facts: cone.facts.into_iter().collect() }
}

fn below<'a>(program: &'a Program, clauses: impl Iterator<Item = &'a Clause>) -> Cone {
    Mentioned::of(program, clauses.flat_map(|clause| &clause.body)).and_below(program)
}

/// The rules that conclude something in a cone, sorted.
fn rules_of(program: &Program, cone: &Cone) -> Vec<RuleId> {
    let clauses = program.clauses.iter().filter(|clause| cone.predicates.contains(&clause.head));
    clauses.map(|clause| clause.rule).collect::<BTreeSet<_>>().into_iter().collect()
}
