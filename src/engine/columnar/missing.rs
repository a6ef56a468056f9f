//! Missing facts as circuits: the walk from open options down to unknown facts, for all issues at once.
//!
//! Goes backwards through the leaves that are possible but not certain. Where the walk comes
//! to a clause that a join judges, or to a recursion, the issue is left to the reference walk.

use std::collections::BTreeMap;

use super::build::{Builder, Form};
use super::circuit::{Judged, Signal};
use super::leaf::Leaf;
use super::order::Component;
use crate::program::{DecisionId, FactId, HitPolicy, PredicateId, PredicateKind};

/// What is missing of one decision.
#[derive(Debug, Clone)]
pub(super) struct Missing {
    /// The fact is missing; by id.
    pub(super) facts: Vec<(FactId, Signal)>,
    /// This walk does not tell.
    pub(super) untold: Signal,
}

/// What is asked, by relation and tuple of constants.
type Demand = BTreeMap<(PredicateId, usize), Signal>;

struct Walk<'b, 'p> {
    builder: &'b mut Builder<'p>,
    demand: Demand,
    facts: BTreeMap<FactId, Signal>,
    untold: Signal,
}

/// The missing facts of a decision. `components` in order of evaluation.
pub(super) fn missing(builder: &mut Builder<'_>, components: &[Component], id: DecisionId) -> Missing {
    let mut walk = Walk { builder, demand: Demand::new(), facts: BTreeMap::new(), untold: Signal::FALSE };
    walk.decision(id, None, Signal::TRUE);
    for component in components.iter().rev() {
        for predicate in &component.predicates {
            walk.relation(*predicate, component.recursive);
        }
    }
    Missing { facts: walk.facts.into_iter().collect(), untold: walk.untold }
}

impl Walk<'_, '_> {
    fn add<K: Ord>(map: &mut BTreeMap<K, Signal>, key: K, asked: Signal, builder: &mut Builder<'_>) {
        if asked != Signal::FALSE {
            let before = map.entry(key).or_insert(Signal::FALSE);
            *before = builder.circuit.or(*before, asked);
        }
    }

    fn leave(&mut self, asked: Signal) {
        self.untold = self.builder.circuit.or(self.untold, asked);
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

    fn relation(&mut self, predicate: PredicateId, recursive: bool) {
        let of_relation = (predicate, 0)..=(predicate, usize::MAX);
        let demands: Vec<(usize, Signal)> =
            self.demand.range(of_relation).map(|((_, place), s)| (*place, *s)).collect();
        let kind = self.builder.program.predicate(predicate).kind;
        for (place, asked) in demands {
            if let PredicateKind::Decided(decision) = kind {
                self.decision(decision, Some(place), asked);
                continue;
            }
            let entry = self.builder.tables[predicate.index()].entries[place].clone();
            let asked = self.builder.circuit.but_not(asked, entry.judged.certain);
            if recursive || !self.builder.grounds[predicate.index()] {
                self.leave(asked);
                continue;
            }
            for clause in entry.clauses {
                self.clause(clause, asked);
            }
        }
    }

    fn clause(&mut self, clause: crate::program::ClauseId, asked: Signal) {
        let form = std::mem::replace(&mut self.builder.forms[clause.index()], Form::Joined(Judged::NEVER));
        let judged = form.judged();
        let open = self.builder.circuit.open(judged);
        let asked = self.builder.circuit.and(asked, open);
        match &form {
            Form::Leaves(leaves, _) => leaves.iter().for_each(|leaf| self.leaf(leaf, asked)),
            Form::Joined(_) => self.leave(asked),
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
}
