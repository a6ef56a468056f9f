//! How the rules look at each fact: at which columns together, and what its values can meet.
//!
//! Read off the clauses; a value that a clause passes on to its head meets what looks at that.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::plan::literal_exprs;
use crate::program::{
    Clause, Expr, FactId, GroupId, GroupKind, Literal, LiteralKind, PredicateId, PredicateKind, Program, TestKind,
};
use crate::regions::cases::plain;
use crate::value::Value;

/// How some clauses look at facts.
#[derive(Debug)]
pub(super) struct Looks {
    /// One for each clause.
    clauses: Vec<Look>,
}

/// What one clause looks at, its groups included.
#[derive(Debug, Default)]
struct Look {
    predicates: BTreeSet<PredicateId>,
    facts: BTreeSet<FactId>,
    constants: BTreeSet<Value>,
    /// The columns of facts that atoms ask for.
    columns: BTreeSet<(FactId, Vec<usize>)>,
    /// Where values go on to.
    passes_to: Option<PredicateId>,
}

impl Looks {
    /// How these clauses of a policy look at its facts.
    pub(super) fn new<'p>(program: &'p Program, clauses: impl IntoIterator<Item = &'p Clause>) -> Self {
        let clauses: Vec<&Clause> = clauses.into_iter().collect();
        let mut heads: BTreeMap<PredicateId, BTreeSet<&Value>> = BTreeMap::new();
        for clause in &clauses {
            let said =
                clause.args.iter().filter_map(|arg| if let Expr::Constant(value) = arg { Some(value) } else { None });
            heads.entry(clause.head).or_default().extend(said);
        }
        let look = |clause: &&Clause| {
            let mut look = Look::default();
            look.literals(program, &clause.body);
            let said = look.predicates.iter().filter_map(|predicate| heads.get(predicate)).flatten();
            look.constants.extend(said.map(|value| (*value).clone()));
            let passes = clause.args.iter().any(|arg| matches!(arg, Expr::Variable(_)));
            look.passes_to = passes.then_some(clause.head);
            look
        };
        Self { clauses: clauses.iter().map(look).collect() }
    }

    /// The constants that the values of a fact can meet.
    pub(super) fn constants(&self, program: &Program, fact: FactId) -> BTreeSet<Value> {
        let mut reached = BTreeSet::from([program.fact(fact).predicate]);
        loop {
            let before = reached.len();
            let looking = self.clauses.iter().filter(|look| look.is_at(fact, &reached));
            let further: Vec<PredicateId> = looking.filter_map(|look| look.passes_to).collect();
            reached.extend(further);
            if reached.len() == before {
                break;
            }
        }
        let looking = self.clauses.iter().filter(|look| look.is_at(fact, &reached));
        looking.flat_map(|look| &look.constants).cloned().collect()
    }

    /// The sets of columns of a fact that are looked at together.
    pub(super) fn columns(&self, fact: FactId) -> BTreeSet<Vec<usize>> {
        let columns = self.clauses.iter().flat_map(|look| &look.columns).filter(|(of, _)| *of == fact);
        columns.map(|(_, columns)| columns.clone()).collect()
    }
}

impl Look {
    fn is_at(&self, fact: FactId, predicates: &BTreeSet<PredicateId>) -> bool {
        self.facts.contains(&fact) || !self.predicates.is_disjoint(predicates)
    }

    fn literals(&mut self, program: &Program, literals: &[Literal]) {
        for literal in literals {
            match &literal.kind {
                LiteralKind::Atom(atom) | LiteralKind::NotAtom(atom) => {
                    self.predicates.insert(atom.predicate);
                    if let PredicateKind::Fact(fact) = program.predicate(atom.predicate).kind {
                        let asked = atom.args.iter().enumerate().filter(|(_, arg)| !matches!(arg, Expr::Wildcard));
                        self.columns.insert((fact, asked.map(|(column, _)| column).collect()));
                    }
                }
                LiteralKind::NotGroup(group) => self.group(program, *group),
                LiteralKind::In { list, .. } => self.constants.extend(list.iter().cloned()),
                LiteralKind::Test { test: TestKind::Matches, pattern: Expr::Constant(Value::Text(text)), .. } => {
                    self.constants.insert(Value::text(&plain(text)));
                }
                LiteralKind::Compare { .. } | LiteralKind::Test { .. } => {}
            }
            literal_exprs(literal).for_each(|expr| self.expr(program, expr));
        }
    }

    fn expr(&mut self, program: &Program, expr: &Expr) {
        expr.walk(&mut |expr| match expr {
            Expr::Constant(value) => {
                self.constants.insert(value.clone());
            }
            Expr::Fact(fact) => {
                self.facts.insert(*fact);
            }
            Expr::Aggregate(group) => self.group(program, *group),
            _ => {}
        });
    }

    fn group(&mut self, program: &Program, id: GroupId) {
        let group = program.group(id);
        if let GroupKind::Aggregate(_, Some(of)) = &group.kind {
            self.expr(program, of);
        }
        group.alternatives.iter().for_each(|literals| self.literals(program, literals));
    }
}
