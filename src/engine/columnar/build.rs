//! A program → circuit, joins and layout. Run once for a policy.
//!
//! Relations in order of dependence. A clause of leaves becomes gates; any other becomes a
//! join, whose gate is what its leaves say and which writes planes of its own.

use super::circuit::{Circuit, Judged, Signal};
use super::hits::{Hits, hits};
use super::join::{Concluded, Head, Join, JoinClause, Needs, Purpose};
use super::layout::{Asked, Layout};
use super::leaf::{Leaf, leaf, leaves};
use super::order::{Component, components};
use super::table::{Table, constant_head, grounds};
use crate::engine::Tuple;
use crate::engine::plan::Conjunction;
use crate::program::{Clause, ClauseId, DecisionId, Literal, PredicateId, PredicateKind, Program, RuleId};
use crate::value::Value;

/// The most tuples of a recursion that is unrolled into gates.
const UNROLLED: usize = 32;

/// How a clause is evaluated.
#[derive(Debug)]
pub(super) enum Form<'p> {
    /// By gates.
    Leaves(Vec<Leaf<'p>>, Judged),
    /// By a join.
    Joined,
}

/// A rule that concludes an option.
#[derive(Debug, Clone, Copy)]
pub(super) struct Conclusion {
    pub(super) decision: DecisionId,
    pub(super) option: usize,
    pub(super) rule: RuleId,
    /// For certain.
    pub(super) certain: Signal,
}

/// A policy in the making.
pub(super) struct Builder<'p> {
    pub(super) program: &'p Program,
    pub(super) layout: Layout,
    pub(super) circuit: Circuit,
    /// Whether a relation is one of constants; indexed by [`PredicateId`].
    pub(super) grounds: Vec<bool>,
    /// Tuples of relations of constants, options of decisions; indexed by [`PredicateId`].
    pub(super) tables: Vec<Table>,
    /// Indexed by [`ClauseId`].
    pub(super) forms: Vec<Form<'p>>,
    /// Indexed by [`DecisionId`].
    pub(super) hits: Vec<Option<Hits>>,
    pub(super) joins: Vec<Join>,
    pub(super) conclusions: Vec<Conclusion>,
    clauses_of: Vec<Vec<ClauseId>>,
}

impl<'p> Builder<'p> {
    /// Everything but what is missing.
    pub(super) fn build(program: &'p Program) -> (Self, Vec<Component>) {
        let grounds = grounds(program);
        let mut asked = Asked::nothing(program);
        for clause in &program.clauses {
            for leaf in clause.body.iter().filter_map(|literal| leaf(program, &grounds, literal)) {
                asked.add(&leaf);
            }
        }
        let mut builder = Self {
            program,
            layout: asked.layout(program),
            circuit: Circuit::new(),
            grounds,
            tables: vec![Table::default(); program.predicates.len()],
            forms: program.clauses.iter().map(|_| Form::Joined).collect(),
            hits: vec![None; program.decisions.len()],
            joins: Vec::new(),
            conclusions: Vec::new(),
            clauses_of: program.clauses_by_head(),
        };
        builder.name_tuples();
        let components = components(program);
        components.iter().for_each(|component| builder.component(component));
        (builder, components)
    }

    /// Tables of options, whose places are the options' indices, and of constant heads.
    fn name_tuples(&mut self) {
        for decision in &self.program.decisions {
            for predicate in [decision.predicate, decision.decided] {
                for option in &decision.options {
                    self.tables[predicate.index()].place(&symbol(option.id.clone()));
                }
            }
        }
        for (index, clause) in self.program.clauses.iter().enumerate() {
            if let (true, Some(head)) = (self.grounds[clause.head.index()], constant_head(clause)) {
                let table = &mut self.tables[clause.head.index()];
                let place = table.place(&head);
                table.entries[place].clauses.push(ClauseId(index as u32));
            }
        }
    }

    fn component(&mut self, component: &Component) {
        let kinds = component.predicates.iter().map(|p| self.program.predicate(*p).kind);
        for kind in kinds {
            match kind {
                PredicateKind::Fact(_) => return,
                PredicateKind::Decided(decision) => return self.decided(decision),
                PredicateKind::Conclusion | PredicateKind::Decision(_) | PredicateKind::Applies(_) => {}
            }
        }
        if !component.recursive {
            self.relation(component);
        } else if !self.unroll(component) {
            let clauses = self.clauses(component);
            self.join(component, &clauses);
        }
        for predicate in &component.predicates {
            if let PredicateKind::Decision(decision) = self.program.predicate(*predicate).kind {
                self.decision(decision);
            }
        }
    }

    /// The clauses of a component.
    pub(super) fn clauses(&self, component: &Component) -> Vec<ClauseId> {
        component.predicates.iter().flat_map(|p| self.clauses_of[p.index()].iter().copied()).collect()
    }

    /// A relation that does not rest on itself.
    fn relation(&mut self, component: &Component) {
        let ground = component.predicates.iter().all(|p| self.grounds[p.index()]);
        let mut joined = Vec::new();
        for id in self.clauses(component) {
            let leaves = leaves(self.program, &self.grounds, &self.program.clause(id).body);
            match leaves {
                Some(leaves) if ground => {
                    let judged = self.all(&leaves);
                    self.conclude(id, judged);
                    self.forms[id.index()] = Form::Leaves(leaves, judged);
                }
                _ => joined.push(id),
            }
        }
        if !joined.is_empty() {
            self.join(component, &joined);
        }
    }

    /// Adds a clause to what concludes the tuple of its head.
    fn conclude(&mut self, id: ClauseId, judged: Judged) {
        let clause = self.program.clause(id);
        let Some(head) = constant_head(clause) else { return };
        let table = &mut self.tables[clause.head.index()];
        let place = table.place(&head);
        let entry = &mut table.entries[place];
        entry.judged = self.circuit.either(entry.judged, judged);
        if let PredicateKind::Decision(decision) = self.program.predicate(clause.head).kind {
            let (option, rule, certain) = (place, clause.rule, judged.certain);
            self.conclusions.push(Conclusion { decision, option, rule, certain });
        }
    }

    /// The least fixpoint of a small recursion of leaves, as gates: as many rounds as it has tuples.
    fn unroll(&mut self, component: &Component) -> bool {
        let tuples: usize = component.predicates.iter().map(|p| self.tables[p.index()].entries.len()).sum();
        if tuples > UNROLLED || !component.predicates.iter().all(|p| self.grounds[p.index()]) {
            return false;
        }
        let clauses = self.clauses(component);
        let leaves_of = |id: &ClauseId| leaves(self.program, &self.grounds, &self.program.clause(*id).body);
        let Some(bodies) = clauses.iter().map(leaves_of).collect::<Option<Vec<_>>>() else { return false };
        for _ in 0..tuples {
            let judged: Vec<Judged> = bodies.iter().map(|leaves| self.all(leaves)).collect();
            for (id, judged) in clauses.iter().zip(judged) {
                let clause = self.program.clause(*id);
                let Some(head) = constant_head(clause) else { continue };
                let table = &mut self.tables[clause.head.index()];
                let place = table.place(&head);
                table.entries[place].judged = self.circuit.either(table.entries[place].judged, judged);
            }
        }
        for (id, leaves) in clauses.into_iter().zip(bodies) {
            let judged = self.all(&leaves);
            self.conclude(id, judged);
            self.forms[id.index()] = Form::Leaves(leaves, judged);
        }
        true
    }

    fn join(&mut self, component: &Component, clauses: &[ClauseId]) {
        let leading = self.leading(component);
        let number = u32::try_from(self.joins.len()).expect("invariant: fewer than 2^32 joins");
        let mut planes = 0;
        let mut joined: Vec<JoinClause> = Vec::new();
        for id in clauses {
            let clause = self.program.clause(*id);
            let (guards, rest) = self.split(clause, &leading);
            let guard = self.all(&guards);
            let conjunction = Conjunction::new(self.program, &rest, &[]);
            let head = self.head(clause, &mut planes);
            joined.push(JoinClause { id: *id, rest, conjunction, guard, head });
        }
        let recursive = component.recursive;
        let gathered: Vec<PredicateId> =
            component.predicates.iter().copied().filter(|p| recursive || !self.grounds[p.index()]).collect();
        let kept = gathered.iter().copied().filter(|p| !self.grounds[p.index()]).collect();
        let needs = Needs::of(self, &joined, &gathered);
        let first_gate = self.circuit.gates().len();
        for clause in &joined {
            self.conclude_joined(number, clause);
        }
        let purpose = Purpose::Conclude(Concluded { gathered, kept, recursive });
        self.joins.push(Join { clauses: joined, needs, purpose, planes, first_gate });
    }

    /// The relations of constants of which a literal of a component may be a leaf: not those that still grow.
    pub(super) fn leading(&self, component: &Component) -> Vec<bool> {
        let mut leading = self.grounds.clone();
        if component.recursive {
            component.predicates.iter().for_each(|p| leading[p.index()] = false);
        }
        leading
    }

    /// The leaves of a clause, and its other literals.
    pub(super) fn split(&self, clause: &'p Clause, grounds: &[bool]) -> (Vec<Leaf<'p>>, Vec<Literal>) {
        let (mut guards, mut rest) = (Vec::new(), Vec::new());
        for literal in &clause.body {
            match leaf(self.program, grounds, literal) {
                Some(leaf) => guards.push(leaf),
                None => rest.push(literal.clone()),
            }
        }
        (guards, rest)
    }

    /// Which planes a clause writes: two for each tuple that gates ask for.
    fn head(&self, clause: &Clause, planes: &mut u32) -> Head {
        let first = *planes;
        match self.program.predicate(clause.head).kind {
            _ if self.grounds[clause.head.index()] => {
                *planes += 2;
                Head::Tuple { first }
            }
            PredicateKind::Decision(decision) => {
                let options = &self.program.decision(decision).options;
                *planes += 2 * options.len() as u32;
                Head::Options { decision, first }
            }
            _ => Head::Kept,
        }
    }

    fn conclude_joined(&mut self, join: u32, clause: &JoinClause) {
        let mut pair = |plane: u32| Judged {
            certain: self.circuit.output(join, plane),
            possible: self.circuit.output(join, plane + 1),
        };
        match clause.head {
            Head::Kept => {}
            Head::Tuple { first } => {
                let judged = pair(first);
                self.conclude(clause.id, judged);
            }
            Head::Options { decision, first } => {
                let options = self.program.decision(decision).options.len();
                let judged: Vec<Judged> = (0..options).map(|option| pair(first + 2 * option as u32)).collect();
                let (rule, predicate) = {
                    let clause = self.program.clause(clause.id);
                    (clause.rule, clause.head)
                };
                for (option, judged) in judged.into_iter().enumerate() {
                    let entry = &mut self.tables[predicate.index()].entries[option];
                    entry.judged = self.circuit.either(entry.judged, judged);
                    self.conclusions.push(Conclusion { decision, option, rule, certain: judged.certain });
                }
            }
        }
    }

    fn decision(&mut self, id: DecisionId) {
        let decision = self.program.decision(id);
        let entries = &self.tables[decision.predicate.index()].entries;
        let options = entries.iter().take(decision.options.len()).map(|entry| entry.judged).collect();
        self.hits[id.index()] = Some(hits(&mut self.circuit, decision, options));
    }

    fn decided(&mut self, id: DecisionId) {
        let decision = self.program.decision(id);
        let Some(hits) = &self.hits[id.index()] else { return };
        for (entry, judged) in self.tables[decision.decided.index()].entries.iter_mut().zip(&hits.decided) {
            entry.judged = *judged;
        }
    }

    /// All of some leaves.
    pub(super) fn all(&mut self, leaves: &[Leaf<'_>]) -> Judged {
        leaves.iter().fold(Judged::ALWAYS, |all, leaf| {
            let judged = self.judged(leaf);
            self.circuit.both(all, judged)
        })
    }

    /// A leaf, in signals.
    pub(super) fn judged(&mut self, leaf: &Leaf<'_>) -> Judged {
        match leaf {
            Leaf::Constant(value) => {
                let signal = Signal::constant(*value);
                Judged { certain: signal, possible: signal }
            }
            Leaf::Ground { predicate, pattern, negated } => {
                let judged = self.tables[predicate.index()].judged(&mut self.circuit, pattern);
                if *negated { !judged } else { judged }
            }
            Leaf::Group(alternatives) => {
                let mut any = Judged::NEVER;
                for leaves in alternatives {
                    let all = self.all(leaves);
                    any = self.circuit.either(any, all);
                }
                !any
            }
            Leaf::Class(..) | Leaf::Text { .. } | Leaf::Rows { .. } => {
                let judged = self.layout.judged(&mut self.circuit, leaf);
                judged.expect("invariant: the layout answers every leaf of the program")
            }
        }
    }
}

/// The tuple of one option.
pub(super) fn symbol(option: std::sync::Arc<str>) -> Tuple {
    Tuple::from([Value::Symbol(option)])
}
