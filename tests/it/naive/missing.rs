//! §5, *Missing*: from the options that keep a decision open down to unknown facts.

use std::collections::BTreeSet;

use remit::policy::HitPolicy;
use remit::syntax::tree::AggregateKind;
use remit::value::Value;

use super::arithmetic::Faults;
use super::clause::{Aggregate, Group, Literal, LiteralKind, Relation, Term};
use super::decide;
use super::judge::may_match;
use super::model::Model;
use super::solve::{Binding, Solution};
use super::vocabulary::Vocabulary;
use super::world::{Plane, Tuple};

/// Collects the missing facts of one decision.
pub fn missing(model: &Model, vocabulary: &Vocabulary, decision: &str) -> BTreeSet<String> {
    let mut search = Search { model, vocabulary, seen: BTreeSet::new(), facts: BTreeSet::new() };
    search.decision(decision, None);
    search.facts
}

struct Search<'m, 'a> {
    model: &'m Model<'a>,
    vocabulary: &'m Vocabulary,
    seen: BTreeSet<(Relation, Tuple)>,
    facts: BTreeSet<String>,
}

impl Search<'_, '_> {
    /// "Start from the options that keep it open." `decided` of a decision that collects asks
    /// for one of them only.
    fn decision(&mut self, name: &str, wanted: Option<&Value>) {
        let decision = &self.vocabulary.decisions[name];
        let options = self.model.options(self.vocabulary, name);
        for option in decide::outcome(decision, &options).keep_open {
            let option = Value::symbol(&option);
            if decision.hit_policy == HitPolicy::Collect && wanted.is_some_and(|wanted| *wanted != option) {
                continue;
            }
            self.relation(&Relation::Named(name.to_string()), &[Some(option)]);
        }
    }

    /// Into the tuples that match and are possible, but not certain.
    fn relation(&mut self, relation: &Relation, wanted: &[Option<Value>]) {
        let asked: Vec<bool> = wanted.iter().map(Option::is_some).collect();
        for tuple in self.model.world.tuples(Plane::Possible, relation) {
            if may_match(wanted, &tuple) {
                self.tuple(relation, &tuple, &asked);
            }
        }
    }

    /// "Until unknown facts are reached; a records fact with a `⊥` cell is named by its fact."
    fn tuple(&mut self, relation: &Relation, tuple: &Tuple, asked: &[bool]) {
        if let Relation::Named(name) = relation
            && self.vocabulary.facts.contains_key(name)
        {
            let open_cell = tuple.iter().zip(asked).any(|(cell, asked)| *asked && cell.is_unknown());
            if self.model.world.is_unknown(name) || open_cell {
                self.facts.insert(name.clone());
            }
            return;
        }
        if self.model.world.tuples(Plane::Certain, relation).contains(tuple)
            || !self.seen.insert((relation.clone(), tuple.clone()))
        {
            return;
        }
        if let Relation::Decided(name) = relation {
            return self.decision(name, tuple.first());
        }
        // "Go into the clauses that are possible but not certain for a matching tuple."
        for clause in self.model.clauses {
            if *relation == Relation::Applies(clause.rule.clone()) {
                let body = clause.written_body();
                for solution in self.model.world.solutions(Plane::Possible, &body, &Binding::new()) {
                    self.open_literals(&body, &solution);
                }
            }
            if clause.head == *relation {
                for derivation in self.model.derivations(Plane::Possible, clause) {
                    if derivation.tuple == *tuple {
                        self.open_literals(&clause.body, &derivation.solution);
                    }
                }
            }
        }
    }

    /// "Through those of their literals that are possible but not certain (positive and negated)."
    fn open_literals(&mut self, body: &[Literal], solution: &Solution) {
        let settled = self.settled(body, solution);
        for (place, literal) in body.iter().enumerate() {
            if !settled.contains(&place)
                && self.model.world.judge(literal, &solution.binding, &mut Faults::new()).is_open()
            {
                // A positive atom is open through the tuple that it met.
                for met in solution.matched.iter().filter(|met| met.literal == place) {
                    self.tuple(&met.relation, &met.tuple, &met.asked);
                }
                self.open_literal(literal, &solution.binding);
            }
        }
    }

    /// An atom with expressions as arguments is one literal with the equations that lowering makes of them: where
    /// it is certain, whatever it met in this solution, none of them is open.
    fn settled(&self, body: &[Literal], solution: &Solution) -> BTreeSet<usize> {
        let mut settled = BTreeSet::new();
        for (place, literal) in body.iter().enumerate() {
            let LiteralKind::Atom(_, args) = &literal.kind else { continue };
            let name = |term: &Term| match term {
                Term::Variable(name) if name.starts_with('#') => Some(name.clone()),
                _ => None,
            };
            let fresh: BTreeSet<String> = args.iter().filter_map(name).collect();
            let of_it = |(_, other): &(usize, &Literal)| match &other.kind {
                LiteralKind::Compare(left, ..) => name(left).is_some_and(|name| fresh.contains(&name)),
                _ => false,
            };
            let equations: Vec<(usize, &Literal)> = body.iter().enumerate().filter(of_it).collect();
            let mut outer = solution.binding.clone();
            outer.retain(|name, _| !fresh.contains(name));
            let whole: Vec<Literal> =
                std::iter::once(literal).chain(equations.iter().map(|(_, e)| *e)).cloned().collect();
            if !equations.is_empty() && !self.model.world.solutions(Plane::Certain, &whole, &outer).is_empty() {
                settled.insert(place);
                settled.extend(equations.iter().map(|(place, _)| *place));
            }
        }
        settled
    }

    fn open_literal(&mut self, literal: &Literal, binding: &Binding) {
        if let LiteralKind::NotAtom(relation, args) = &literal.kind
            && let Some(wanted) = self.model.world.arguments(args, binding, &mut Faults::new())
        {
            self.relation(relation, &wanted);
        }
        if let LiteralKind::NotGroup(group) = &literal.kind {
            self.group(group, binding);
        }
        for term in literal.terms() {
            self.term(term, binding);
        }
    }

    /// Unknown facts and aggregates that are not known, in an expression of an open literal.
    fn term(&mut self, term: &Term, binding: &Binding) {
        term.walk(&mut |inner| match inner {
            Term::Fact(name) if self.model.world.is_unknown(name) => _ = self.facts.insert(name.clone()),
            Term::Aggregate(aggregate) => {
                let value = self.model.world.value(inner, binding, &mut Faults::new());
                if value.is_some_and(|value| value.is_unknown()) {
                    self.group(&aggregate.body, binding);
                    self.solutions(aggregate, binding);
                }
            }
            _ => {}
        });
    }

    /// Into the possible solutions of a group, also where an outer variable is `⊥`.
    fn group(&mut self, group: &Group, binding: &Binding) {
        for side in &group.alternatives {
            for solution in self.model.world.solutions(Plane::Possible, side, binding) {
                self.open_literals(side, &solution);
            }
        }
    }

    /// What an aggregate is over may be unknown although each solution is certain; and a count of solutions and a sum
    /// tell apart what their atoms met, where a literal asks only whether there is something.
    fn solutions(&mut self, aggregate: &Aggregate, binding: &Binding) {
        for solution in self.model.world.group_solutions(Plane::Possible, &aggregate.body, binding) {
            let apart = aggregate.of.is_none() || aggregate.function == AggregateKind::Sum;
            for met in solution.matched.iter().filter(|_| apart) {
                // In all relations but records `_` counts as a variable.
                let is_records = self.model.world.rows(Plane::Possible, &met.relation).is_some();
                let asked: Vec<bool> = met.asked.iter().map(|asked| *asked || !is_records).collect();
                self.tuple(&met.relation, &met.tuple, &asked);
            }
            if let Some(of) = &aggregate.of {
                self.term(of, &solution.binding);
            }
        }
    }
}
