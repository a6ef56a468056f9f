//! Aggregates: which solutions are there, and what that adds up to.

use std::collections::BTreeMap;

use super::Grounder;
use super::conjunction::{Anonymous, Apart, Solution, Ways};
use super::expression::{Faithful, Gathered};
use crate::program::{AggregateKind, Expr, Group, GroupId, GroupKind, Literal, LiteralKind};
use crate::prove::circuit::Bit;
use crate::prove::classes::ClassId;
use crate::prove::encoding::TooLarge;
use crate::prove::regions::Regions;
use crate::prove::term::{Binding, Outcome, Outcomes, Term};
use crate::value::Value;

/// The most solutions that are counted: of more, only so many are looked at for examples.
const MOST_SOLUTIONS: usize = 400;

/// What tells two solutions apart.
type Identity = (Vec<Option<Term>>, Vec<Anonymous>);

/// A distinct solution, with when it is there.
struct Counted {
    binding: Binding,
    when: Bit,
    /// The rows it is of, if it is of rows alone: a row has one value in each column, so of
    /// two solutions of the same rows at most one is there.
    rows: Option<Vec<Anonymous>>,
}

/// A value of a solution that is of rows alone.
type ItemOfRows<'c> = (&'c [Anonymous], Term, Option<ClassId>);

/// What the solutions come to: each value of each solution, with when it is there.
pub(super) struct Items {
    pub(super) values: Vec<(Term, Option<ClassId>, Bit)>,
    nothing: Bit,
    fails: Bit,
}

impl Grounder<'_, '_> {
    /// What an aggregate comes to. `told`: between which constants is all that is asked of a sum.
    pub(super) fn aggregate(
        &mut self,
        id: GroupId,
        binding: &Binding,
        faithful: Faithful,
        told: Option<&Regions>,
    ) -> Result<Outcomes, TooLarge> {
        let Some(key) = self.group_key(id, binding, faithful, told) else {
            return self.aggregate_anew(id, binding, faithful, told);
        };
        if let Some(outcomes) = self.encoding.memory.outcomes(&key) {
            return Ok(outcomes);
        }
        let outcomes = self.aggregate_anew(id, binding, faithful, told)?;
        self.encoding.memory.keep(key, outcomes.clone());
        Ok(outcomes)
    }

    fn aggregate_anew(
        &mut self,
        id: GroupId,
        binding: &Binding,
        faithful: Faithful,
        told: Option<&Regions>,
    ) -> Result<Outcomes, TooLarge> {
        let group = self.program.group(id);
        let GroupKind::Aggregate(kind, of) = &group.kind else { return Ok(Vec::new()) };
        let construct = self.construct.clone();
        let (counted, apart, fails) = self.distinct(id, group, binding)?;
        let outcomes = match of {
            None if apart => {
                let bits = self.there(&counted);
                self.count(bits)
            }
            None => self.unfollowed("count", counted.iter().map(|c| (String::new(), c.when))),
            Some(of) => {
                let items = self.items(of, &counted, faithful)?;
                let sum = *kind == AggregateKind::Sum;
                let followed = |(term, class, _): &(Term, Option<ClassId>, Bit)| {
                    matches!(term, Term::Known(_)) && (faithful == Faithful::ToWitnesses || class.is_none())
                };
                let known = items.values.iter().all(followed);
                self.construct = construct;
                let outcomes = match (known && (apart || !sum), kind) {
                    (true, AggregateKind::Sum) => self.sum(id, &items, told)?,
                    (true, AggregateKind::Count) => {
                        let bits = self.by_value(&items).into_values().map(|(_, when)| when).collect();
                        self.count(bits)
                    }
                    (true, kind) => self.extreme(*kind, &items),
                    (false, kind) => self.unfollowed_over(*kind, &items),
                };
                self.unless(outcomes, &items)
            }
        };
        Ok(self.failing_if(outcomes, fails))
    }

    /// The distinct solutions; whether they are known to be distinct; when arithmetic fails in one, however it is found.
    fn distinct(
        &mut self,
        id: GroupId,
        group: &Group,
        binding: &Binding,
    ) -> Result<(Vec<Counted>, bool, Bit), TooLarge> {
        let plan = self.plan.clone();
        let mut distinct: BTreeMap<Identity, (Binding, Ways)> = BTreeMap::new();
        let mut fails = Vec::new();
        for (literals, conjunction) in group.alternatives.iter().zip(plan.group(id)) {
            let (solutions, failed) = self.search(literals, conjunction, binding.clone(), Apart::ByMatch)?;
            fails.push(failed);
            for solution in solutions {
                let identity = identity(group, &conjunction.atoms, &solution);
                let (_, ways) = distinct.entry(identity).or_insert((solution.binding, Ways::default()));
                self.add_way(ways, solution.guard, solution.fails);
            }
        }
        let opaque = |term: &Term| matches!(term, Term::Opaque(_));
        let blurred = distinct.keys().any(|(own, matched)| {
            own.iter().flatten().any(opaque)
                || matched.iter().any(|part| matches!(part, Anonymous::Value(Term::Opaque(_))))
        });
        let apart = !blurred || distinct.len() < 2;
        let of_rows = self.is_of_rows(group);
        let mut counted = Vec::new();
        for ((_, matched), (binding, ways)) in distinct {
            let (when, failed) = self.found_in(ways);
            fails.push(failed);
            counted.push(Counted { binding, when, rows: of_rows.then_some(matched) });
        }
        Ok((counted, apart, self.or(fails)))
    }

    /// Whether all that a group goes through are rows of records.
    fn is_of_rows(&self, group: &Group) -> bool {
        let of_rows = |literal: &Literal| match &literal.kind {
            LiteralKind::Atom(atom) => self.records(atom.predicate).is_some(),
            _ => true,
        };
        group.alternatives.len() == 1 && group.alternatives.iter().flatten().all(of_rows)
    }

    /// When each solution is there; solutions of which at most one is there as one.
    fn there(&mut self, counted: &[Counted]) -> Vec<Bit> {
        let mut by_rows: BTreeMap<&[Anonymous], Vec<Bit>> = BTreeMap::new();
        let mut bits = Vec::new();
        for solution in counted {
            match &solution.rows {
                Some(rows) => by_rows.entry(rows).or_default().push(solution.when),
                None => bits.push(solution.when),
            }
        }
        bits.extend(by_rows.into_values().map(|when| self.encoding.circuit.or(when)));
        bits
    }

    fn items(&mut self, of: &Expr, counted: &[Counted], faithful: Faithful) -> Result<Items, TooLarge> {
        let (mut values, mut nothing, mut fails) = (Vec::new(), Vec::new(), Vec::new());
        let mut by_rows: BTreeMap<ItemOfRows<'_>, Vec<Bit>> = BTreeMap::new();
        for solution in counted {
            for (outcome, when) in self.values(of, &solution.binding, faithful)? {
                let when = self.and([when, solution.when]);
                match outcome {
                    Outcome::Value(term, class) => match &solution.rows {
                        Some(rows) => by_rows.entry((rows, term, class)).or_default().push(when),
                        None => values.push((term, class, when)),
                    },
                    Outcome::Nothing => nothing.push(when),
                    Outcome::Failed => fails.push(when),
                }
            }
        }
        values
            .extend(by_rows.into_iter().map(|((_, term, class), when)| (term, class, self.encoding.circuit.or(when))));
        Ok(Items { values, nothing: self.or(nothing), fails: self.or(fails) })
    }

    fn count(&mut self, mut bits: Vec<Bit>) -> Outcomes {
        if bits.len() > MOST_SOLUTIONS {
            if self.is_relaxed() {
                return self.unfollowed("count", bits.into_iter().map(|bit| (String::new(), bit)));
            }
            let rest = bits.split_off(MOST_SOLUTIONS);
            let any = self.or(rest);
            self.encoding.leave_out(any);
        }
        let exactly = self.encoding.circuit.counts(&bits);
        let number = |(n, when): (usize, Bit)| {
            let n = i64::try_from(n).unwrap_or(i64::MAX);
            (Outcome::Value(Term::Known(Value::Integer(n)), None), when)
        };
        exactly.into_iter().enumerate().map(number).filter(|(_, when)| *when != Bit::FALSE).collect()
    }

    fn by_value(&mut self, items: &Items) -> BTreeMap<Term, (Option<ClassId>, Bit)> {
        let mut by_value: BTreeMap<Term, (Option<ClassId>, Bit)> = BTreeMap::new();
        for (term, class, when) in &items.values {
            let entry = by_value.entry(term.clone()).or_insert((*class, Bit::FALSE));
            entry.1 = self.encoding.circuit.or([entry.1, *when]);
        }
        by_value
    }

    fn extreme(&mut self, kind: AggregateKind, items: &Items) -> Outcomes {
        let mut by_value: Vec<(Term, (Option<ClassId>, Bit))> = self.by_value(items).into_iter().collect();
        if kind == AggregateKind::Max {
            by_value.reverse();
        }
        let (mut outcomes, mut none) = (Vec::new(), Bit::TRUE);
        for (term, (class, when)) in by_value {
            outcomes.push((Outcome::Value(term, class), self.and([none, when])));
            none = self.and([none, !when]);
        }
        outcomes.push((Outcome::Nothing, none));
        outcomes
    }

    /// An aggregate whose value is not followed.
    fn unfollowed(&mut self, name: &str, items: impl Iterator<Item = (String, Bit)>) -> Outcomes {
        let mut parts: Vec<String> = items.map(|(item, when)| format!("{item}:{when:?}")).collect();
        parts.sort();
        let number = self.encoding.opaque(format!("{name}{{{}}}", parts.join(",")));
        vec![(Outcome::Value(Term::Opaque(number), None), Bit::TRUE)]
    }

    pub(super) fn unfollowed_over(&mut self, kind: AggregateKind, items: &Items) -> Outcomes {
        let rendered: Vec<(String, Bit)> =
            items.values.iter().map(|(term, class, when)| (self.rendered(term, *class), *when)).collect();
        let mut outcomes = self.unfollowed(&format!("{kind:?}"), rendered.into_iter());
        if matches!(kind, AggregateKind::Min | AggregateKind::Max) {
            let any = self.or(items.values.iter().map(|(_, _, when)| *when));
            outcomes[0].1 = any;
            outcomes.push((Outcome::Nothing, !any));
        }
        outcomes
    }

    /// The outcomes, unless some value is missing or fails.
    fn unless(&mut self, outcomes: Outcomes, items: &Items) -> Outcomes {
        if items.nothing == Bit::FALSE && items.fails == Bit::FALSE {
            return outcomes;
        }
        let mut gathered = Gathered::default();
        for (outcome, when) in outcomes {
            gathered.add(outcome, self.encoding.circuit.and([when, !items.nothing, !items.fails]));
        }
        gathered.add(Outcome::Failed, items.fails);
        gathered.add(Outcome::Nothing, self.encoding.circuit.and([items.nothing, !items.fails]));
        gathered.finish(self)
    }

    fn failing_if(&mut self, outcomes: Outcomes, fails: Bit) -> Outcomes {
        if fails == Bit::FALSE {
            return outcomes;
        }
        let mut gathered = Gathered::default();
        for (outcome, when) in outcomes {
            gathered.add(outcome, self.encoding.circuit.and([when, !fails]));
        }
        gathered.add(Outcome::Failed, fails);
        gathered.finish(self)
    }
}

fn identity(group: &Group, atoms: &[usize], solution: &Solution) -> Identity {
    let own = group.own.iter().map(|v| solution.binding[v.index()].clone()).collect();
    let matched = atoms
        .iter()
        .filter_map(|literal| solution.matched.iter().find(|m| m.literal == *literal))
        .flat_map(|m| m.anonymous.iter().cloned())
        .collect();
    (own, matched)
}
