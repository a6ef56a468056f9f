//! Proofs of least height, from the record of derivations; shared parts once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::effects::Answers;
use super::heights::{Heights, is_concluded};
use super::premises::{atom_use, fact_of, literal_uses};
use super::{
    Absence, DecisionProof, Effect, Explanation, OptionProof, Overridden, Premise, Step, StepId, Support, absence,
};
use crate::engine::{Derivation, Interpretation, Plane};
use crate::program::{Atom, Clause, DecisionId, HitPolicy, Literal, LiteralKind, PredicateKind, Program, RuleId};
use crate::value::Value;
use crate::verdict::{Outcome, Status, Verdict};

/// A derivation of the record.
type Key = (Plane, usize);

/// Explains the issues of one policy. What is the same for all of them is made once, when it is first needed.
#[derive(Debug)]
pub struct Explainer<'p>(Answers<'p>);

impl<'p> Explainer<'p> {
    /// Of a policy.
    pub fn new(program: &'p Program) -> Self {
        Self(Answers::new(program))
    }

    /// Explains the verdict on an issue, of which `interpretation` is the whole model.
    pub fn explain(&self, interpretation: Interpretation<'_>, verdict: Verdict) -> Explanation {
        let mut proofs = Proofs::new(interpretation);
        let plans: Vec<DecisionPlan> = verdict.outcomes.iter().map(|outcome| proofs.plan(outcome)).collect();
        let ids = proofs.number();
        let decision = |((plan, effects), outcome): ((DecisionPlan, Vec<Effect>), &Outcome)| DecisionProof {
            decision: outcome.decision,
            certain: plan.certain.into_iter().map(|(option, keys)| proof(option, &keys, &ids)).collect(),
            open: plan.open.into_iter().map(|(option, keys)| proof(option, &keys, &ids)).collect(),
            overridden: plan.overridden.into_iter().map(|each| each.told(&ids)).collect(),
            effects,
        };
        let effects = self.0.effects(interpretation, &verdict.outcomes);
        let decisions = plans.into_iter().zip(effects).zip(&verdict.outcomes).map(decision).collect();
        Explanation { decisions, steps: proofs.steps(&ids), verdict }
    }
}

/// The proofs of one issue in the making.
struct Proofs<'a> {
    interpretation: Interpretation<'a>,
    certain: Heights,
    possible: Heights,
    /// Derivations that some proof needs.
    needed: BTreeSet<Key>,
}

impl<'a> Proofs<'a> {
    /// Prepares the heights of both planes.
    fn new(interpretation: Interpretation<'a>) -> Self {
        Self {
            interpretation,
            certain: Heights::new(&interpretation, Plane::Certain),
            possible: Heights::new(&interpretation, Plane::Possible),
            needed: BTreeSet::new(),
        }
    }

    fn heights(&self, plane: Plane) -> &Heights {
        match plane {
            Plane::Certain => &self.certain,
            Plane::Possible => &self.possible,
        }
    }

    fn derivation(&self, key: Key) -> &'a Derivation {
        &self.interpretation.model.derivations(key.0)[key.1]
    }

    fn height(&self, key: Key) -> u32 {
        self.heights(key.0).derivations[key.1]
    }

    fn plan(&mut self, outcome: &Outcome) -> DecisionPlan {
        let shown: Vec<usize> = match self.interpretation.program.decision(outcome.decision).hit_policy {
            HitPolicy::Collect => outcome.certain.clone(),
            HitPolicy::Unique if outcome.status == Status::Conflict => outcome.certain.clone(),
            _ if outcome.from_default => Vec::new(),
            _ => outcome.value.clone(),
        };
        let certain = self.options(Plane::Certain, outcome.decision, &shown);
        let open = if outcome.status == Status::Open {
            let options: Vec<usize> = keeps_open(self.interpretation.program, outcome);
            self.options(Plane::Possible, outcome.decision, &options)
        } else {
            Vec::new()
        };
        let overridden = self.overridden(outcome.decision);
        DecisionPlan { certain, open, overridden }
    }

    /// For each option, the lowest derivation of each rule that concludes it.
    fn options(&mut self, plane: Plane, decision: DecisionId, options: &[usize]) -> Vec<(usize, Vec<Key>)> {
        let interpretation = self.interpretation;
        let decision = interpretation.program.decision(decision);
        let mut all = Vec::new();
        for option in options {
            let id = Value::Symbol(decision.options[*option].id.clone());
            let mut by_rule: BTreeMap<RuleId, Key> = BTreeMap::new();
            for (index, derivation) in interpretation.model.derivations(plane).iter().enumerate() {
                let clause = interpretation.program.clause(derivation.clause);
                let concludes = derivation.tuple.first().is_some_and(|v| *v == id || v.is_unknown());
                if clause.head != decision.predicate || !concludes {
                    continue;
                }
                let best = by_rule.entry(clause.rule).or_insert((plane, index));
                if self.height((plane, index)) < self.height(*best) {
                    *best = (plane, index);
                }
            }
            let keys: Vec<Key> = by_rule.into_values().collect();
            keys.iter().for_each(|key| self.need(*key));
            all.push((*option, keys));
        }
        all
    }

    /// Marks a derivation and all below it as needed.
    fn need(&mut self, key: Key) {
        let mut queue = vec![key];
        while let Some(key) = queue.pop() {
            if !self.needed.insert(key) {
                continue;
            }
            let derivation = self.derivation(key);
            for literal in &self.interpretation.program.clause(derivation.clause).body {
                queue.extend(self.support_of(key.0, literal, derivation));
            }
        }
    }

    /// The derivation that a positive literal rests on: a certain one where there is one.
    fn support_of(&self, plane: Plane, literal: &Literal, derivation: &Derivation) -> Option<Key> {
        let LiteralKind::Atom(atom) = &literal.kind else { return None };
        if !is_concluded(&self.interpretation, atom.predicate) {
            return None;
        }
        let certain = || {
            let found = self.certain.support(&self.interpretation, Plane::Certain, atom, &derivation.binding)?;
            Some((Plane::Certain, found))
        };
        certain().or_else(|| {
            let found = self.heights(plane).support(&self.interpretation, plane, atom, &derivation.binding)?;
            Some((plane, found))
        })
    }

    /// Ids in order of plane, height, relation, tuple and rule: premises come first.
    fn number(&self) -> HashMap<Key, StepId> {
        let program = self.interpretation.program;
        let mut keys: Vec<Key> = self.needed.iter().copied().collect();
        keys.sort_by_cached_key(|key| {
            let derivation = self.derivation(*key);
            let clause = program.clause(derivation.clause);
            let name = program.predicate(clause.head).name.clone();
            (key.0, self.height(*key), name, derivation.tuple.clone(), clause.rule, key.1)
        });
        keys.into_iter().enumerate().map(|(index, key)| (key, StepId(index as u32))).collect()
    }

    /// The steps in order of their ids. A height counts the steps told: one that only may hold can rest on
    /// a certain conclusion that is higher than a possible one would be.
    fn steps(&self, ids: &HashMap<Key, StepId>) -> Vec<Step> {
        let mut keys: Vec<(&StepId, &Key)> = ids.iter().map(|(key, id)| (id, key)).collect();
        keys.sort();
        let mut steps: Vec<Step> = Vec::with_capacity(keys.len());
        for (_, key) in keys {
            let derivation = self.derivation(*key);
            let clause = self.interpretation.program.clause(derivation.clause);
            let premise = |(index, literal)| self.premise(key.0, index, literal, derivation, ids);
            let premises: Vec<Premise> = clause.body.iter().enumerate().map(premise).collect();
            let below = premises.iter().filter_map(|premise| match premise.support {
                Support::Step(id) => steps.get(id.0 as usize).map(|step| step.height),
                _ => None,
            });
            steps.push(Step {
                plane: key.0,
                predicate: clause.head,
                tuple: derivation.tuple.clone(),
                clause: derivation.clause,
                binding: derivation.binding.clone(),
                height: 1 + below.max().unwrap_or(0),
                premises,
            });
        }
        steps
    }

    fn premise(
        &self,
        plane: Plane,
        index: usize,
        literal: &Literal,
        derivation: &Derivation,
        ids: &HashMap<Key, StepId>,
    ) -> Premise {
        let judgement = self.interpretation.judge(literal, &derivation.binding);
        let support = match &literal.kind {
            LiteralKind::Atom(atom) => {
                match self.support_of(plane, literal, derivation).and_then(|key| ids.get(&key)) {
                    Some(step) => Support::Step(*step),
                    None => self.given(plane, atom, literal, derivation),
                }
            }
            LiteralKind::NotAtom(atom) => {
                Support::Absent(absence::of_atom(&self.interpretation, atom, &derivation.binding))
            }
            LiteralKind::NotGroup(_) => {
                let mut reasons = vec![Absence::Group(literal.text.clone())];
                reasons.extend(literal_uses(&self.interpretation, literal).into_iter().map(Absence::Fact));
                Support::Absent(reasons)
            }
            _ => Support::Values(literal_uses(&self.interpretation, literal)),
        };
        Premise { literal: index, judgement, support }
    }

    fn given(&self, plane: Plane, atom: &Atom, literal: &Literal, derivation: &Derivation) -> Support {
        let kind = self.interpretation.program.predicate(atom.predicate).kind;
        if let PredicateKind::Decided(decision) = kind {
            let value = self.interpretation.supports(plane, atom, &derivation.binding).next();
            let value = value.and_then(|tuple| tuple.first().cloned()).unwrap_or(Value::Unknown);
            return Support::Decided(decision, value);
        }
        match fact_of(&self.interpretation, atom.predicate) {
            Some(fact) => Support::Fact(atom_use(&self.interpretation, plane, atom, fact, &derivation.binding)),
            None => Support::Values(literal_uses(&self.interpretation, literal)),
        }
    }

    /// Rules of a decision whose own conditions hold for certain, but that are overridden.
    fn overridden(&mut self, decision: DecisionId) -> Vec<Override> {
        let interpretation = self.interpretation;
        let program = interpretation.program;
        let predicate = program.decision(decision).predicate;
        let mut found = BTreeMap::new();
        for clause in program.clauses.iter().filter(|c| c.head == predicate) {
            if program.rule(clause.rule).overridden_by.is_empty() || !holds_but_for_overrides(&interpretation, clause) {
                continue;
            }
            for by in &program.rule(clause.rule).overridden_by {
                let of_rule = |plane| {
                    let derivations = interpretation.model.derivations(plane).iter().enumerate();
                    let of_rule = derivations.filter(|(_, d)| program.clause(d.clause).rule == *by);
                    of_rule.map(|(index, _)| (plane, index)).min_by_key(|key| self.height(*key))
                };
                let (key, certain) = match (of_rule(Plane::Certain), of_rule(Plane::Possible)) {
                    (Some(key), _) => (key, true),
                    (None, Some(key)) => (key, false),
                    (None, None) => continue,
                };
                found.entry((clause.rule, *by)).or_insert((certain, key));
            }
        }
        found
            .into_iter()
            .map(|((rule, by), (certain, key))| {
                self.need(key);
                Override { rule, by, certain, key }
            })
            .collect()
    }
}

/// Whether every literal of a clause holds for certain that no override has put there.
fn holds_but_for_overrides(interpretation: &Interpretation<'_>, clause: &Clause) -> bool {
    let mut own = clause.body.clone();
    own.retain(|literal| !interpretation.program.is_override(literal));
    interpretation.body_holds(Plane::Certain, &own, clause.variables.len())
}

/// Which derivations one decision's proofs are.
struct DecisionPlan {
    certain: Vec<(usize, Vec<Key>)>,
    open: Vec<(usize, Vec<Key>)>,
    overridden: Vec<Override>,
}

/// A rule that is overridden, and by which derivation.
struct Override {
    rule: RuleId,
    by: RuleId,
    certain: bool,
    key: Key,
}

impl Override {
    fn told(self, ids: &HashMap<Key, StepId>) -> Overridden {
        let Self { rule, by, certain, key } = self;
        Overridden { rule, by, certain, because: ids.get(&key).copied() }
    }
}

fn proof(option: usize, keys: &[Key], ids: &HashMap<Key, StepId>) -> OptionProof {
    OptionProof { option, steps: keys.iter().filter_map(|key| ids.get(key).copied()).collect() }
}

/// The options that keep a decision open (language page, *Missing*).
pub fn keeps_open(program: &Program, outcome: &Outcome) -> Vec<usize> {
    let uncertain = outcome.possible.iter().copied().filter(|option| !outcome.certain.contains(option));
    match (program.decision(outcome.decision).hit_policy, outcome.certain.first()) {
        (HitPolicy::Priority, Some(first)) => uncertain.filter(|option| option < first).collect(),
        _ => uncertain.collect(),
    }
}
