//! §4: strata by iterating levels, and in each both planes as least fixpoints.

use std::collections::{BTreeMap, BTreeSet};

use remit::value::Value;

use super::arithmetic::{Fault, Faults};
use super::clause::{Clause, Literal, LiteralKind, Relation, Term};
use super::decide::{self, Options};
use super::numbers::groups;
use super::solve::{Binding, Solution};
use super::vocabulary::Vocabulary;
use super::world::{Plane, Tuple, World};

/// The stratum of each relation: above what it depends on through a negation, a group,
/// `overrides` or `decided`, and not below anything else it depends on.
pub fn strata(vocabulary: &Vocabulary, clauses: &[Clause]) -> BTreeMap<Relation, usize> {
    let mut edges: Vec<(Relation, Relation, usize)> = Vec::new();
    for name in vocabulary.decisions.keys() {
        edges.push((Relation::Decided(name.clone()), Relation::Named(name.clone()), 1));
    }
    for clause in clauses {
        let mut depends = Vec::new();
        depends_on(&clause.body, 0, &mut depends);
        for (on, step) in depends {
            edges.push((clause.head.clone(), on.clone(), step));
            edges.push((Relation::Applies(clause.rule.clone()), on, step));
        }
    }
    let mut strata: BTreeMap<Relation, usize> = BTreeMap::new();
    for clause in clauses {
        strata.insert(clause.head.clone(), 0);
        strata.insert(Relation::Applies(clause.rule.clone()), 0);
    }
    let limit = strata.len() + vocabulary.decisions.len() * 2 + 1;
    loop {
        let mut changed = false;
        for (relation, on, step) in &edges {
            let least = strata.get(on).copied().unwrap_or(0) + step;
            let stratum = strata.entry(relation.clone()).or_insert(0);
            if *stratum < least {
                assert!(least <= limit, "a cycle through a negation passed the checks: {relation:?}");
                (*stratum, changed) = (least, true);
            }
        }
        if !changed {
            return strata;
        }
    }
}

fn depends_on(body: &[Literal], step: usize, depends: &mut Vec<(Relation, usize)>) {
    for literal in body {
        match &literal.kind {
            LiteralKind::Atom(relation, _) => depends.push((relation.clone(), step)),
            LiteralKind::NotAtom(relation, _) => depends.push((relation.clone(), 1)),
            _ => {}
        }
        for group in groups(literal) {
            group.alternatives.iter().for_each(|side| depends_on(side, 1, depends));
        }
    }
}

/// One way in which a clause concludes a tuple.
#[derive(Debug, Clone)]
pub struct Derivation {
    pub solution: Solution,
    pub tuple: Tuple,
}

/// Everything that follows from an issue.
pub struct Model<'a> {
    pub world: World,
    pub clauses: &'a [Clause],
}

impl<'a> Model<'a> {
    /// Evaluates the strata in order.
    pub fn of(vocabulary: &Vocabulary, clauses: &'a [Clause], world: World) -> Self {
        let strata = strata(vocabulary, clauses);
        let mut model = Self { world, clauses };
        let top = strata.values().copied().max().unwrap_or(0);
        for stratum in 0..=top {
            for name in vocabulary.decisions.keys() {
                if strata.get(&Relation::Decided(name.clone())) == Some(&stratum) {
                    model.decide(vocabulary, name);
                }
            }
            for plane in [Plane::Certain, Plane::Possible] {
                model.fixpoint(plane, &strata, stratum);
            }
        }
        model
    }

    /// "Within a stratum both planes are least fixpoints."
    fn fixpoint(&mut self, plane: Plane, strata: &BTreeMap<Relation, usize>, stratum: usize) {
        loop {
            let mut changed = false;
            for clause in self.clauses {
                let applies = Relation::Applies(clause.rule.clone());
                let (concludes, applied) = (strata[&clause.head] == stratum, strata[&applies] == stratum);
                if concludes {
                    for derivation in self.derivations(plane, clause) {
                        changed |= self.world.insert(plane, &clause.head, derivation.tuple);
                    }
                }
                if applied && !self.world.solutions(plane, &clause.written_body(), &Binding::new()).is_empty() {
                    changed |= self.world.insert(plane, &applies, Vec::new());
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// Every derivation of a clause in a plane.
    pub fn derivations(&self, plane: Plane, clause: &'a Clause) -> Vec<Derivation> {
        let solutions = self.world.solutions(plane, &clause.body, &Binding::new());
        let derive = |solution: Solution| {
            let tuple: Tuple = clause.args.iter().map(|arg| head_cell(arg, &solution.binding)).collect();
            // "No conclusion in the certain plane holds `⊥`."
            assert!(
                plane == Plane::Possible || !tuple.iter().any(Value::is_unknown),
                "certain, but unknown: {tuple:?}"
            );
            Derivation { solution, tuple }
        };
        solutions.into_iter().map(derive).collect()
    }

    /// §4.6: sets the relation `decided` of a decision.
    fn decide(&mut self, vocabulary: &Vocabulary, name: &str) {
        let options = self.options(vocabulary, name);
        let (certain, possible) = decide::decided(&vocabulary.decisions[name], &options);
        let relation = Relation::Decided(name.to_string());
        for (plane, values) in [(Plane::Certain, certain), (Plane::Possible, possible)] {
            for value in values {
                self.world.insert(plane, &relation, vec![Value::symbol(&value)]);
            }
        }
    }

    /// §5: `C` and `P` of a decision. "`⊥` in the decision's column makes every option possible."
    pub fn options(&self, vocabulary: &Vocabulary, name: &str) -> Options {
        let relation = Relation::Named(name.to_string());
        let all = &vocabulary.decisions[name].options;
        let concluded = |plane| {
            let tuples = self.world.tuples(plane, &relation);
            let every = tuples.contains(&vec![Value::Unknown]);
            let option = |option: &&String| every || tuples.contains(&vec![Value::symbol(option)]);
            all.iter().filter(option).cloned().collect::<Vec<_>>()
        };
        Options { certain: concluded(Plane::Certain), possible: concluded(Plane::Possible) }
    }

    /// Rules with a derivation of the possible plane in which arithmetic failed.
    pub fn warnings(&self) -> BTreeSet<(String, Fault)> {
        let mut warnings = BTreeSet::new();
        for clause in self.clauses {
            let mut faults = Faults::new();
            for derivation in self.derivations(Plane::Possible, clause) {
                for literal in &clause.body {
                    self.world.judge(literal, &derivation.solution.binding, &mut faults);
                }
            }
            warnings.extend(faults.into_iter().map(|fault| (clause.rule.clone(), fault)));
        }
        warnings
    }
}

fn head_cell(arg: &Term, binding: &Binding) -> Value {
    match arg {
        Term::Variable(name) => binding[name].clone(),
        Term::Constant(value) => value.clone(),
        other => unreachable!("not an argument of a lowered head: {other:?}"),
    }
}
