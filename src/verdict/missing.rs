//! Missing facts: the unknown facts through which an open decision is open.
//!
//! A walk from the options that keep it open, through derivations that are possible but
//! not certain and those of their literals that are, down to facts. Whatever the facts
//! that it does not reach turn out to be, the decision stays open.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::hit_policy;
use super::judge::sort_by_name;
use crate::engine::plan::literal_exprs;
use crate::engine::{Binding, Derivation, Interpretation, Plane, Solution, Tuple};
use crate::issue::FactState;
use crate::program::{
    Atom, DecisionId, Expr, FactId, GroupId, GroupKind, HitPolicy, Literal, LiteralKind, PredicateId, PredicateKind,
    VariableId,
};
use crate::value::Value;

/// The missing facts of each of some decisions, sorted by name; none for one that is not open.
pub fn missing(interpretation: &Interpretation<'_>, decisions: &[DecisionId]) -> Vec<Vec<FactId>> {
    let open = open_derivations(interpretation);
    let missing_of = |decision: &DecisionId| {
        let mut walk = Walk::new(interpretation, &open);
        walk.decision(*decision, None);
        walk.finish()
    };
    decisions.iter().map(missing_of).collect()
}

/// A tuple of a relation, as something whose openness is to be traced.
type Goal<'a> = (PredicateId, &'a [Value]);

/// Derivations that are possible but not certain, by what they conclude.
type OpenDerivations<'a> = FxHashMap<Goal<'a>, Vec<&'a Derivation>>;

fn open_derivations<'a>(interpretation: &Interpretation<'a>) -> OpenDerivations<'a> {
    let model = interpretation.model;
    let mut open = OpenDerivations::default();
    for derivation in &model.possible_derivations {
        if model.certain_derivations.binary_search(derivation).is_err() {
            let head = interpretation.program.clause(derivation.clause).head;
            open.entry((head, &derivation.tuple)).or_default().push(derivation);
        }
    }
    open
}

/// Whether an equation that lowering has made tells a variable.
fn is_told(id: VariableId, equation: &Literal) -> bool {
    matches!(&equation.kind, LiteralKind::Compare { left: Expr::Variable(variable), .. } if *variable == id)
}

struct Walk<'a, 'w> {
    interpretation: &'w Interpretation<'a>,
    open: &'w OpenDerivations<'a>,
    /// Goals still to be traced: a queue, since a chain of conclusions may be long.
    goals: Vec<Goal<'a>>,
    seen: FxHashSet<Goal<'a>>,
    facts: BTreeSet<FactId>,
}

impl<'a, 'w> Walk<'a, 'w> {
    fn new(interpretation: &'w Interpretation<'a>, open: &'w OpenDerivations<'a>) -> Self {
        Self { interpretation, open, goals: Vec::new(), seen: FxHashSet::default(), facts: BTreeSet::new() }
    }

    fn finish(mut self) -> Vec<FactId> {
        while let Some((predicate, tuple)) = self.goals.pop() {
            self.goal(predicate, tuple);
        }
        let mut facts: Vec<FactId> = self.facts.into_iter().collect();
        sort_by_name(self.interpretation.program, &mut facts);
        facts
    }

    /// Takes up a tuple that an atom may have matched. A fact is named at once, if it is unknown
    /// or the atom asks for a cell that is; everything else is traced later.
    fn push(&mut self, atom: &Atom, tuple: &'a Tuple) {
        let PredicateKind::Fact(fact) = self.interpretation.program.predicate(atom.predicate).kind else {
            return self.trace(atom.predicate, tuple);
        };
        let mut cells = atom.args.iter().zip(tuple.iter());
        if cells.any(|(arg, cell)| cell.is_unknown() && !matches!(arg, Expr::Wildcard)) {
            self.facts.insert(fact);
        }
        self.fact(fact);
    }

    fn trace(&mut self, predicate: PredicateId, tuple: &'a Tuple) {
        if self.seen.insert((predicate, tuple)) {
            self.goals.push((predicate, tuple));
        }
    }

    fn goal(&mut self, predicate: PredicateId, tuple: &'a [Value]) {
        match self.interpretation.program.predicate(predicate).kind {
            PredicateKind::Decided(decision) => self.decision(decision, tuple.first()),
            PredicateKind::Fact(_) => {}
            PredicateKind::Conclusion | PredicateKind::Decision(_) | PredicateKind::Applies(_) => {
                self.conclusion(predicate, tuple);
            }
        }
    }

    fn fact(&mut self, fact: FactId) {
        if matches!(self.interpretation.issue.fact(fact), FactState::Unknown) {
            self.facts.insert(fact);
        }
    }

    fn conclusion(&mut self, predicate: PredicateId, tuple: &'a [Value]) {
        if self.interpretation.model.relation(Plane::Certain, predicate).contains(tuple) {
            return;
        }
        for derivation in self.open.get(&(predicate, tuple)).into_iter().flatten() {
            let clause = self.interpretation.program.clause(derivation.clause);
            self.literals(&clause.body, &derivation.binding);
        }
    }

    /// The options that keep a decision open; of one that collects, those that `decided` may be.
    fn decision(&mut self, id: DecisionId, decided: Option<&Value>) {
        let model = self.interpretation.model;
        let decision = self.interpretation.program.decision(id);
        for option in hit_policy::hit(decision, model).open_options {
            let option = Value::Symbol(decision.options[option].id.clone());
            if decision.hit_policy == HitPolicy::Collect && decided.is_some_and(|decided| *decided != option) {
                continue;
            }
            for tuple in model.relation(Plane::Possible, decision.predicate).candidates(Some(&option)) {
                self.trace(decision.predicate, tuple);
            }
        }
    }

    fn literals(&mut self, literals: &[Literal], binding: &Binding) {
        let mut rest = literals;
        while let Some((literal, behind)) = rest.split_first() {
            let (equations, others) = behind.split_at(literal.equations_behind(behind));
            rest = others;
            if self.is_certain(literal, equations, binding) {
                continue;
            }
            for literal in std::iter::once(literal).chain(equations) {
                if self.interpretation.judge(literal, binding).is_open() {
                    self.literal(literal, binding);
                }
            }
        }
    }

    /// Whether an atom with expressions as arguments is certain, whatever it matched in this solution.
    fn is_certain(&self, literal: &Literal, equations: &[Literal], binding: &Binding) -> bool {
        let LiteralKind::Atom(atom) = &literal.kind else { return false };
        let mut binding = binding.to_vec();
        let told: Vec<(usize, VariableId)> = (0..atom.args.len())
            .filter_map(|column| match &atom.args[column] {
                Expr::Variable(id) if equations.iter().any(|equation| is_told(*id, equation)) => Some((column, *id)),
                _ => None,
            })
            .collect();
        if told.is_empty() {
            return false;
        }
        told.iter().for_each(|(_, id)| binding[id.index()] = None);
        let free = binding.clone();
        self.interpretation.supports(Plane::Certain, atom, &free).any(|tuple| {
            told.iter().for_each(|(column, id)| binding[id.index()] = Some(tuple[*column].clone()));
            equations.iter().all(|equation| self.interpretation.judge(equation, &binding).certain)
        })
    }

    /// Goes into a literal that is possible but not certain.
    fn literal(&mut self, literal: &Literal, binding: &Binding) {
        match &literal.kind {
            LiteralKind::Atom(atom) => self.atom(atom, binding),
            LiteralKind::NotAtom(atom) => {
                for tuple in self.interpretation.denied(atom, binding) {
                    self.push(atom, tuple);
                }
            }
            LiteralKind::NotGroup(group) => self.group(*group, binding),
            LiteralKind::Compare { .. } | LiteralKind::In { .. } | LiteralKind::Test { .. } => {}
        }
        for expr in literal_exprs(literal) {
            self.expr(expr, binding);
        }
    }

    fn atom(&mut self, atom: &Atom, binding: &Binding) {
        for tuple in self.interpretation.supports(Plane::Possible, atom, binding) {
            self.push(atom, tuple);
        }
    }

    fn expr(&mut self, expr: &Expr, binding: &Binding) {
        match expr {
            Expr::Wildcard | Expr::Variable(_) | Expr::Constant(_) => {}
            Expr::Fact(fact) => self.fact(*fact),
            Expr::Binary { left, right, .. } => {
                self.expr(left, binding);
                self.expr(right, binding);
            }
            Expr::Negate(operand) | Expr::Call(_, operand) => self.expr(operand, binding),
            Expr::Aggregate(group) => {
                if self.interpretation.value(expr, binding).is_some_and(|value| value.is_unknown()) {
                    self.group(*group, binding);
                }
            }
        }
    }

    fn group(&mut self, id: GroupId, binding: &Binding) {
        let group = self.interpretation.program.group(id);
        for solution in self.interpretation.solutions(Plane::Possible, id, binding) {
            let literals = &group.alternatives[solution.alternative];
            self.literals(literals, &solution.binding);
            if let GroupKind::Aggregate(kind, of) = &group.kind {
                if kind.tells_solutions_apart(of.is_some()) {
                    self.individuals(literals, &solution);
                }
                of.iter().for_each(|of| self.expr(of, &solution.binding));
            }
        }
    }

    /// A count of solutions and a sum tell apart what their atoms matched, where a literal needs but one match.
    fn individuals(&mut self, literals: &[Literal], solution: &Solution) {
        for matched in &solution.matched {
            let LiteralKind::Atom(atom) = &literals[matched.literal].kind else { continue };
            let mut certain = self.interpretation.supports(Plane::Certain, atom, &solution.binding);
            if certain.any(|tuple| *tuple == matched.tuple) {
                continue;
            }
            let mut possible = self.interpretation.supports(Plane::Possible, atom, &solution.binding);
            if let Some(tuple) = possible.find(|tuple| **tuple == matched.tuple) {
                self.push(atom, tuple);
            }
        }
    }
}
