//! Missing facts as circuits: the walk from open options down to unknown facts, for all issues at once.
//!
//! Goes backwards through the leaves that are possible but not certain. Where the walk comes
//! to clauses with variables, or to a recursion, a trace goes on issue by issue and comes
//! back with planes. Says of every issue what `verdict::missing` says of one.

use std::collections::{BTreeMap, BTreeSet};

use super::build::{Builder, Form};
use super::circuit::Signal;
use super::join::{Head, Join, JoinClause, Needs, Purpose};
use super::leaf::Leaf;
use super::order::Component;
use super::trace::{Asked, Goal, Outputs, Trace};
use crate::engine::Tuple;
use crate::engine::plan::Conjunction;
use crate::program::{ClauseId, DecisionId, FactId, HitPolicy, PredicateId, PredicateKind};

/// What is asked, by relation and tuple of constants.
type Demand = BTreeMap<(PredicateId, usize), Signal>;

/// How far the walk of one decision has come.
#[derive(Default)]
struct Trail {
    demand: Demand,
    /// Relations with variables, of which traces have left goals.
    left: BTreeMap<PredicateId, Signal>,
    facts: BTreeMap<FactId, Signal>,
}

struct Walk<'b, 'p> {
    builder: &'b mut Builder<'p>,
    /// By decision.
    trails: Vec<Trail>,
}

/// The facts that are missing of each decision, by id. `components` in order of evaluation.
pub(super) fn missing(builder: &mut Builder<'_>, components: &[Component]) -> Vec<Vec<(FactId, Signal)>> {
    let decisions = builder.program.decisions.len();
    let mut walk = Walk { builder, trails: (0..decisions).map(|_| Trail::default()).collect() };
    for trail in 0..decisions {
        walk.decision(trail, DecisionId(trail as u32), None, Signal::TRUE);
    }
    for component in components.iter().rev() {
        walk.component(component);
    }
    walk.trails.into_iter().map(|trail| trail.facts.into_iter().collect()).collect()
}

fn add<K: Ord>(map: &mut BTreeMap<K, Signal>, key: K, asked: Signal, builder: &mut Builder<'_>) {
    if asked != Signal::FALSE {
        let before = map.entry(key).or_insert(Signal::FALSE);
        *before = builder.circuit.or(*before, asked);
    }
}

impl<'p> Walk<'_, 'p> {
    fn demand(&mut self, trail: usize, predicate: PredicateId, place: usize, asked: Signal) {
        add(&mut self.trails[trail].demand, (predicate, place), asked, self.builder);
    }

    fn missing(&mut self, trail: usize, fact: FactId, asked: Signal) {
        add(&mut self.trails[trail].facts, fact, asked, self.builder);
    }

    /// The options that keep a decision open; of one that collects, the one that `decided` may be.
    fn decision(&mut self, trail: usize, id: DecisionId, decided: Option<usize>, asked: Signal) {
        let program = self.builder.program;
        let decision = program.decision(id);
        let open_options = self.builder.hits[id.index()].as_ref().map(|hits| hits.open_options.clone());
        for (option, open) in open_options.into_iter().flatten().enumerate() {
            if decision.hit_policy == HitPolicy::Collect && decided.is_some_and(|decided| decided != option) {
                continue;
            }
            let asked = self.builder.circuit.and(asked, open);
            self.demand(trail, decision.predicate, option, asked);
        }
    }

    fn component(&mut self, component: &Component) {
        let (mut asked, mut traced) = (Vec::new(), BTreeSet::new());
        for trail in 0..self.trails.len() {
            for predicate in component.predicates.iter().copied() {
                self.relation(trail, predicate, component.recursive, &mut asked, &mut traced);
            }
        }
        asked.retain(|asked: &Asked| asked.signal != Signal::FALSE);
        if asked.is_empty() {
            return;
        }
        if component.recursive || component.predicates.iter().any(|p| !self.builder.grounds[p.index()]) {
            traced.extend(self.builder.clauses(component));
        }
        self.trace(component, traced, asked);
    }

    /// Follows what is asked of a relation; what a trace is to follow is added to `asked`, with the clauses
    /// of relations of constants.
    fn relation(
        &mut self,
        trail: usize,
        predicate: PredicateId,
        recursive: bool,
        asked: &mut Vec<Asked>,
        traced: &mut BTreeSet<ClauseId>,
    ) {
        let kind = self.builder.program.predicate(predicate).kind;
        let by = DecisionId(trail as u32);
        for (place, signal) in self.demanded(trail, predicate) {
            if let PredicateKind::Decided(decision) = kind {
                self.decision(trail, decision, Some(place), signal);
                continue;
            }
            let entry = &self.builder.tables[predicate.index()].entries[place];
            let (tuple, clauses, certain) = (entry.tuple.clone(), entry.clauses.clone(), entry.judged.certain);
            if !self.builder.grounds[predicate.index()] {
                let goal = tuple.first().map(|option| Goal::Option(predicate, option.clone()));
                asked.extend(goal.map(|goal| Asked { by, goal, signal }));
                continue;
            }
            let signal = self.builder.circuit.but_not(signal, certain);
            let by_trace = |id: &ClauseId| recursive || matches!(self.builder.forms[id.index()], Form::Joined);
            let (joined, of_leaves): (Vec<ClauseId>, Vec<ClauseId>) = clauses.into_iter().partition(by_trace);
            if !joined.is_empty() {
                asked.push(Asked { by, goal: Goal::Tuple(predicate, tuple), signal });
                traced.extend(joined);
            }
            of_leaves.into_iter().for_each(|clause| self.clause(trail, clause, signal));
        }
        if let Some(signal) = self.trails[trail].left.get(&predicate) {
            asked.push(Asked { by, goal: Goal::Left(predicate), signal: *signal });
        }
    }

    fn demanded(&self, trail: usize, predicate: PredicateId) -> Vec<(usize, Signal)> {
        let of_relation = (predicate, 0)..=(predicate, usize::MAX);
        self.trails[trail].demand.range(of_relation).map(|((_, place), signal)| (*place, *signal)).collect()
    }

    /// A clause of leaves.
    fn clause(&mut self, trail: usize, clause: ClauseId, asked: Signal) {
        let form = std::mem::replace(&mut self.builder.forms[clause.index()], Form::Joined);
        if let Form::Leaves(leaves, judged) = &form {
            let open = self.builder.circuit.open(*judged);
            let asked = self.builder.circuit.and(asked, open);
            leaves.iter().for_each(|leaf| self.leaf(trail, leaf, asked));
        }
        self.builder.forms[clause.index()] = form;
    }

    fn leaf(&mut self, trail: usize, leaf: &Leaf<'_>, asked: Signal) {
        let judged = self.builder.judged(leaf);
        let open = self.builder.circuit.open(judged);
        let asked = self.builder.circuit.and(asked, open);
        match leaf {
            Leaf::Constant(_) => {}
            Leaf::Class(fact, _) | Leaf::Text { fact, .. } | Leaf::Rows { fact, .. } => {
                self.missing(trail, *fact, asked);
            }
            Leaf::Ground { predicate, pattern, .. } => {
                for place in self.builder.tables[predicate.index()].matching(pattern) {
                    let possible = self.builder.tables[predicate.index()].entries[place].judged.possible;
                    let asked = self.builder.circuit.and(asked, possible);
                    self.demand(trail, *predicate, place, asked);
                }
            }
            Leaf::Group(alternatives) => {
                for leaves in alternatives {
                    let possible = self.builder.all(leaves).possible;
                    let asked = self.builder.circuit.and(asked, possible);
                    leaves.iter().for_each(|leaf| self.leaf(trail, leaf, asked));
                }
            }
        }
    }

    /// Goes through clauses of a component issue by issue, and on from the planes that this brings.
    fn trace(&mut self, component: &Component, clauses: BTreeSet<ClauseId>, asked: Vec<Asked>) {
        let program = self.builder.program;
        let leading = self.builder.leading(component);
        let (mut traced, mut led) = (Vec::new(), Vec::new());
        for id in clauses {
            let (leaves, rest) = self.builder.split(program.clause(id), &leading);
            let guard = self.builder.all(&leaves);
            if guard.possible != Signal::FALSE {
                let conjunction = Conjunction::new(program, &rest, &[]);
                traced.push(JoinClause { id, rest, conjunction, guard, head: Head::Kept });
                led.push(leaves);
            }
        }
        let own = component.predicates.clone();
        let mut needs = Needs::of(self.builder, &traced, &[]);
        for predicate in &own {
            if !self.builder.grounds[predicate.index()] && !needs.kept.contains(predicate) {
                needs.kept.push(*predicate);
            }
        }
        let mut trails: Vec<usize> = asked.iter().map(|asked| asked.by.index()).collect();
        trails.dedup();
        let outputs = Outputs::of(traced.len(), &needs);
        let brought = Brought::of(&needs, &own, &outputs);
        let number = u32::try_from(self.builder.joins.len()).expect("invariant: fewer than 2^32 joins");
        let first_gate = self.builder.circuit.gates().len();
        let (of_decision, planes) = (outputs.planes, outputs.planes * trails.len() as u32);
        let purpose = Purpose::Trace(Trace { asked, own, outputs });
        self.builder.joins.push(Join { clauses: traced, needs, purpose, planes, first_gate });
        for (trail, number_of_decision) in trails.into_iter().zip(0..) {
            self.go_on(trail, &led, &brought, (number, number_of_decision * of_decision));
        }
    }

    /// Goes on from what a trace brings. `led`: the leaves of each of its clauses; `planes`: the number of
    /// the trace, and of the first of its planes.
    fn go_on(&mut self, trail: usize, led: &[Vec<Leaf<'p>>], brought: &Brought, (number, first): (u32, u32)) {
        for (leaves, plane) in led.iter().zip(first..) {
            let asked = self.builder.circuit.output(number, plane);
            leaves.iter().for_each(|leaf| self.leaf(trail, leaf, asked));
        }
        for (fact, plane) in &brought.facts {
            let missing = self.builder.circuit.output(number, first + plane);
            self.missing(trail, *fact, missing);
        }
        for (predicate, tuple, plane) in &brought.tuples {
            let asked = self.builder.circuit.output(number, first + plane);
            let place = self.builder.tables[predicate.index()].place(tuple);
            self.demand(trail, *predicate, place, asked);
        }
        for (predicate, plane) in &brought.left {
            let asked = self.builder.circuit.output(number, first + plane);
            add(&mut self.trails[trail].left, *predicate, asked, self.builder);
        }
    }
}

/// What a trace brings, each with the plane that says in which issues, counted from the first one of a
/// decision; nothing of its own relations.
struct Brought {
    facts: Vec<(FactId, u32)>,
    tuples: Vec<(PredicateId, Tuple, u32)>,
    left: Vec<(PredicateId, u32)>,
}

impl Brought {
    fn of(needs: &Needs, own: &[PredicateId], outputs: &Outputs) -> Self {
        let facts = needs.facts.iter().copied().zip(outputs.facts..).collect();
        let mut tuples = Vec::new();
        for ((predicate, of_relation), first) in needs.grounds.iter().zip(&outputs.grounds) {
            if !own.contains(predicate) {
                tuples.extend(of_relation.iter().zip(*first..).map(|((tuple, _), at)| (*predicate, tuple.clone(), at)));
            }
        }
        let left = needs.kept.iter().copied().zip(outputs.kept..).filter(|(predicate, _)| !own.contains(predicate));
        Self { facts, tuples, left: left.collect() }
    }
}
