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
use super::trace::{Goal, Outputs, Trace};
use crate::engine::Tuple;
use crate::engine::plan::Conjunction;
use crate::program::{ClauseId, DecisionId, FactId, HitPolicy, PredicateId, PredicateKind};

/// What is asked, by relation and tuple of constants.
type Demand = BTreeMap<(PredicateId, usize), Signal>;

struct Walk<'b, 'p> {
    builder: &'b mut Builder<'p>,
    decision: DecisionId,
    demand: Demand,
    /// Relations with variables, of which traces have left goals.
    left: BTreeMap<PredicateId, Signal>,
    facts: BTreeMap<FactId, Signal>,
}

/// The facts that are missing of a decision, by id. `components` in order of evaluation.
pub(super) fn missing(builder: &mut Builder<'_>, components: &[Component], id: DecisionId) -> Vec<(FactId, Signal)> {
    let (demand, left, facts) = Default::default();
    let mut walk = Walk { builder, decision: id, demand, left, facts };
    walk.decision(id, None, Signal::TRUE);
    for component in components.iter().rev() {
        walk.component(component);
    }
    walk.facts.into_iter().collect()
}

impl<'p> Walk<'_, 'p> {
    fn add<K: Ord>(map: &mut BTreeMap<K, Signal>, key: K, asked: Signal, builder: &mut Builder<'_>) {
        if asked != Signal::FALSE {
            let before = map.entry(key).or_insert(Signal::FALSE);
            *before = builder.circuit.or(*before, asked);
        }
    }

    /// The options that keep a decision open; of one that collects, the one that `decided` may be.
    fn decision(&mut self, id: DecisionId, decided: Option<usize>, asked: Signal) {
        let program = self.builder.program;
        let decision = program.decision(id);
        let open_options = self.builder.hits[id.index()].as_ref().map(|hits| hits.open_options.clone());
        for (option, open) in open_options.into_iter().flatten().enumerate() {
            if decision.hit_policy == HitPolicy::Collect && decided.is_some_and(|decided| decided != option) {
                continue;
            }
            let asked = self.builder.circuit.and(asked, open);
            Self::add(&mut self.demand, (decision.predicate, option), asked, self.builder);
        }
    }

    fn component(&mut self, component: &Component) {
        let mut asked = Vec::new();
        let mut joined = BTreeSet::new();
        for predicate in component.predicates.iter().copied() {
            let kind = self.builder.program.predicate(predicate).kind;
            let is_ground = self.builder.grounds[predicate.index()];
            for (place, signal) in self.demanded(predicate) {
                if let PredicateKind::Decided(decision) = kind {
                    self.decision(decision, Some(place), signal);
                    continue;
                }
                let entry = &self.builder.tables[predicate.index()].entries[place];
                let (tuple, clauses, certain) = (entry.tuple.clone(), entry.clauses.clone(), entry.judged.certain);
                if !is_ground {
                    asked.extend(tuple.first().map(|option| (Goal::Option(predicate, option.clone()), signal)));
                    continue;
                }
                let signal = self.builder.circuit.but_not(signal, certain);
                let by_trace =
                    |id: &ClauseId| component.recursive || matches!(self.builder.forms[id.index()], Form::Joined);
                let (traced, walked): (Vec<ClauseId>, Vec<ClauseId>) = clauses.into_iter().partition(by_trace);
                if !traced.is_empty() {
                    asked.push((Goal::Tuple(predicate, tuple), signal));
                    joined.extend(traced);
                }
                walked.into_iter().for_each(|clause| self.clause(clause, signal));
            }
            asked.extend(self.left.get(&predicate).map(|signal| (Goal::Left(predicate), *signal)));
        }
        asked.retain(|(_, signal)| *signal != Signal::FALSE);
        if asked.is_empty() {
            return;
        }
        let all = component.recursive || component.predicates.iter().any(|p| !self.builder.grounds[p.index()]);
        let clauses = if all { self.builder.clauses(component) } else { joined.into_iter().collect() };
        self.trace(component, clauses, asked);
    }

    fn demanded(&self, predicate: PredicateId) -> Vec<(usize, Signal)> {
        let of_relation = (predicate, 0)..=(predicate, usize::MAX);
        self.demand.range(of_relation).map(|((_, place), signal)| (*place, *signal)).collect()
    }

    /// A clause of leaves.
    fn clause(&mut self, clause: ClauseId, asked: Signal) {
        let form = std::mem::replace(&mut self.builder.forms[clause.index()], Form::Joined);
        if let Form::Leaves(leaves, judged) = &form {
            let open = self.builder.circuit.open(*judged);
            let asked = self.builder.circuit.and(asked, open);
            leaves.iter().for_each(|leaf| self.leaf(leaf, asked));
        }
        self.builder.forms[clause.index()] = form;
    }

    fn leaf(&mut self, leaf: &Leaf<'_>, asked: Signal) {
        let judged = self.builder.judged(leaf);
        let open = self.builder.circuit.open(judged);
        let asked = self.builder.circuit.and(asked, open);
        match leaf {
            Leaf::Constant(_) => {}
            Leaf::Class(fact, _) | Leaf::Text { fact, .. } | Leaf::Rows { fact, .. } => {
                Self::add(&mut self.facts, *fact, asked, self.builder);
            }
            Leaf::Ground { predicate, pattern, .. } => {
                for place in self.builder.tables[predicate.index()].matching(pattern) {
                    let possible = self.builder.tables[predicate.index()].entries[place].judged.possible;
                    let asked = self.builder.circuit.and(asked, possible);
                    Self::add(&mut self.demand, (*predicate, place), asked, self.builder);
                }
            }
            Leaf::Group(alternatives) => {
                for leaves in alternatives {
                    let possible = self.builder.all(leaves).possible;
                    let asked = self.builder.circuit.and(asked, possible);
                    leaves.iter().for_each(|leaf| self.leaf(leaf, asked));
                }
            }
        }
    }

    /// Goes through clauses of a component issue by issue, and on from the planes that this brings.
    fn trace(&mut self, component: &Component, clauses: Vec<ClauseId>, asked: Vec<(Goal, Signal)>) {
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
        let outputs = Outputs::of(traced.len(), &needs);
        let brought = Brought::of(&needs, &own, &outputs);
        let number = u32::try_from(self.builder.joins.len()).expect("invariant: fewer than 2^32 joins");
        let first_gate = self.builder.circuit.gates().len();
        let planes = outputs.planes;
        let purpose = Purpose::Trace(Trace { decision: self.decision, asked, own, outputs });
        self.builder.joins.push(Join { clauses: traced, needs, purpose, planes, first_gate });
        self.go_on(number, &led, brought);
    }

    /// Goes on from what a trace brings. `led`: the leaves of each of its clauses.
    fn go_on(&mut self, number: u32, led: &[Vec<Leaf<'p>>], brought: Brought) {
        for (leaves, plane) in led.iter().zip(0..) {
            let asked = self.builder.circuit.output(number, plane);
            leaves.iter().for_each(|leaf| self.leaf(leaf, asked));
        }
        for (fact, plane) in brought.facts {
            let missing = self.builder.circuit.output(number, plane);
            Self::add(&mut self.facts, fact, missing, self.builder);
        }
        for (predicate, tuple, plane) in brought.tuples {
            let asked = self.builder.circuit.output(number, plane);
            let place = self.builder.tables[predicate.index()].place(&tuple);
            Self::add(&mut self.demand, (predicate, place), asked, self.builder);
        }
        for (predicate, plane) in brought.left {
            let asked = self.builder.circuit.output(number, plane);
            Self::add(&mut self.left, predicate, asked, self.builder);
        }
    }
}

/// What a trace brings, each with the plane that says in which issues; nothing of its own relations.
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
