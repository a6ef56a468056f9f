//! What depends on what: relations, groups, `applies` and `decided`, with the literal that says so.
//!
//! Built from a program's clauses; gives the strata, or the components that have none.

use std::collections::BTreeMap;

use super::graph::Graph;
use crate::program::{
    Clause, Expr, Group, GroupId, Literal, LiteralKind, PredicateId, PredicateKind, Program, RuleId, Stratum,
};
use crate::source::Span;

/// Why a node depends on another: a literal of a rule, or the nature of `decided`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reason {
    /// The literal.
    pub span: Span,
    /// The rule it stands in.
    pub rule: Option<RuleId>,
}

/// The graph of a program, with a reason for each arrow.
#[derive(Debug)]
pub struct Dependencies {
    /// Nodes: relations by their id, then groups.
    pub graph: Graph,
    /// Nodes on cycles → the least node of their component.
    pub cycles: BTreeMap<u32, u32>,
    reasons: BTreeMap<(u32, u32), Reason>,
    predicates: u32,
}

impl Dependencies {
    /// Collects the dependencies of a program.
    pub fn new(program: &Program) -> Self {
        let predicates = program.predicates.len() as u32;
        let graph = Graph { count: predicates + program.groups.len() as u32, ..Graph::default() };
        let mut this = Self { graph, cycles: BTreeMap::new(), reasons: BTreeMap::new(), predicates };
        for clause in &program.clauses {
            this.clause(program, clause);
        }
        for decision in &program.decisions {
            let reason = Reason { span: decision.span, rule: None };
            this.add(decision.decided.0, decision.predicate.0, 1, reason);
        }
        this.cycles = this.graph.cycles();
        this
    }

    /// The relation a node is, unless it is a group.
    pub fn predicate(&self, node: u32) -> Option<PredicateId> {
        (node < self.predicates).then_some(PredicateId(node))
    }

    /// Why `from` depends on `to`.
    pub fn reason(&self, from: u32, to: u32) -> Option<Reason> {
        self.reasons.get(&(from, to)).copied()
    }

    /// Whether both lie on one cycle.
    pub fn together(&self, a: u32, b: u32) -> bool {
        self.cycles.get(&a).is_some_and(|least| self.cycles.get(&b) == Some(least))
    }

    /// Sets the strata of a program none of whose cycles passes through a negation.
    pub fn stratify(&self, program: &mut Program) {
        let levels = self.graph.condensed(&self.cycles).levels();
        let level = |node: u32| levels.get(&self.cycles.get(&node).copied().unwrap_or(node)).copied().unwrap_or(0);
        let mut by_level: BTreeMap<u32, Vec<PredicateId>> = BTreeMap::new();
        for id in 0..self.predicates {
            by_level.entry(level(id)).or_default().push(PredicateId(id));
        }
        program.strata.clear();
        for (index, predicates) in by_level.into_values().enumerate() {
            let mut stratum = Stratum { predicates, ..Stratum::default() };
            for id in &stratum.predicates {
                let predicate = &mut program.predicates[id.index()];
                predicate.stratum = index;
                if let PredicateKind::Decided(decision) = predicate.kind {
                    stratum.decided.push(decision);
                }
            }
            program.strata.push(stratum);
        }
        for (index, clause) in program.clauses.iter().enumerate() {
            let stratum = program.predicates[clause.head.index()].stratum;
            program.strata[stratum].clauses.push(crate::program::ClauseId(index as u32));
        }
    }

    fn add(&mut self, from: u32, to: u32, weight: u32, reason: Reason) {
        self.graph.arrow(from, to, weight);
        let known = self.reasons.entry((from, to)).or_insert(reason);
        *known = reason.min(*known);
    }

    fn clause(&mut self, program: &Program, clause: &Clause) {
        self.literals(program, clause.head.0, &clause.body, clause.rule, false);
    }

    fn literals(&mut self, program: &Program, from: u32, literals: &[Literal], rule: RuleId, in_group: bool) {
        for literal in literals {
            let reason = Reason { span: literal.span, rule: Some(rule) };
            match &literal.kind {
                LiteralKind::Atom(atom) => self.add(from, atom.predicate.0, 0, reason),
                LiteralKind::NotAtom(atom) => self.add(from, atom.predicate.0, 1, reason),
                LiteralKind::NotGroup(group) => self.group(program, from, *group, rule, reason),
                _ => {}
            }
            for expr in exprs(literal) {
                expr.aggregates(&mut |group| self.group(program, from, group, rule, reason));
            }
        }
        debug_assert!(in_group || from < self.predicates, "only groups depend from within groups");
    }

    fn group(&mut self, program: &Program, from: u32, id: GroupId, rule: RuleId, reason: Reason) {
        let node = self.predicates + id.0;
        self.add(from, node, 1, reason);
        let group: &Group = program.group(id);
        for side in &group.alternatives {
            self.literals(program, node, side, rule, true);
        }
        if let crate::program::GroupKind::Aggregate(_, Some(of)) = &group.kind {
            of.aggregates(&mut |inner| self.group(program, node, inner, rule, reason));
        }
    }
}

/// The expressions that stand directly in a literal.
pub fn exprs(literal: &Literal) -> Vec<&Expr> {
    match &literal.kind {
        LiteralKind::Atom(atom) | LiteralKind::NotAtom(atom) => atom.args.iter().collect(),
        LiteralKind::NotGroup(_) => Vec::new(),
        LiteralKind::Compare { left, right, .. } => vec![left, right],
        LiteralKind::In { subject, .. } => vec![subject],
        LiteralKind::Test { subject, pattern, .. } => vec![subject, pattern],
    }
}
