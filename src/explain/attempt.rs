//! How near a clause comes to holding: a binding under which the fewest of its literals fail.

use crate::engine::{Binding, Interpretation, Judgement, Plane, judge};
use crate::program::{Clause, CompareOp, Expr, LiteralKind};
use crate::value::Value;

/// The most bindings that are tried for one clause.
const TRIES: usize = 2_000;

/// A try at a clause.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The value of each variable outside groups, where one was found.
    pub binding: Box<Binding>,
    /// For each literal, how it is judged under the binding.
    pub judgements: Vec<Judgement>,
}

impl Attempt {
    /// How many literals do not hold for certain.
    pub fn failures(&self) -> usize {
        self.judgements.iter().filter(|judgement| !judgement.certain).count()
    }

    fn distance(&self) -> (usize, usize) {
        (self.judgements.iter().filter(|judgement| !judgement.possible).count(), self.failures())
    }
}

/// The best try at a clause, from a binding of some of its variables (by what its head shall be).
pub fn best(interpretation: &Interpretation<'_>, clause: &Clause, start: &Binding) -> Attempt {
    let atoms: Vec<usize> =
        (0..clause.body.len()).filter(|i| matches!(clause.body[*i].kind, LiteralKind::Atom(_))).collect();
    let mut search = Search { interpretation, clause, atoms, best: None, tries: TRIES };
    let mut binding = start.to_vec();
    binding.resize(clause.variables.len(), None);
    search.atom(0, &mut binding);
    search.best.unwrap_or_else(|| judged(interpretation, clause, binding))
}

/// A binding under which the head of a clause is a tuple; `None` where a constant stands in the way.
pub fn for_head(clause: &Clause, tuple: &[Value]) -> Option<Vec<Option<Value>>> {
    let mut binding = vec![None; clause.variables.len()];
    for (arg, value) in clause.args.iter().zip(tuple) {
        match arg {
            Expr::Constant(constant) if constant != value => return None,
            Expr::Variable(id) => binding[id.index()] = Some(value.clone()),
            _ => {}
        }
    }
    Some(binding)
}

struct Search<'a, 'b> {
    interpretation: &'b Interpretation<'a>,
    clause: &'b Clause,
    atoms: Vec<usize>,
    best: Option<Attempt>,
    tries: usize,
}

impl Search<'_, '_> {
    fn atom(&mut self, at: usize, binding: &mut Vec<Option<Value>>) {
        if self.tries == 0 {
            return;
        }
        let Some(LiteralKind::Atom(atom)) = self.atoms.get(at).map(|index| &self.clause.body[*index].kind) else {
            return self.leaf(binding);
        };
        let mut undo = judge::Undo::new();
        let mut joined = false;
        if !atom.args.is_empty() {
            for tuple in &self.interpretation.model.relation(Plane::Possible, atom.predicate).tuples {
                if judge::join(Plane::Possible, atom, tuple, binding, &mut undo) {
                    joined = true;
                    self.atom(at + 1, binding);
                    judge::restore(binding, &mut undo, 0);
                }
            }
        }
        if !joined {
            self.atom(at + 1, binding);
        }
    }

    fn leaf(&mut self, binding: &[Option<Value>]) {
        self.tries -= 1;
        let mut bound = binding.to_vec();
        equate(self.interpretation, self.clause, &mut bound);
        let attempt = judged(self.interpretation, self.clause, bound);
        if self.best.as_ref().is_none_or(|best| attempt.distance() < best.distance()) {
            self.best = Some(attempt);
        }
    }
}

/// Binds variables that only equations bind.
fn equate(interpretation: &Interpretation<'_>, clause: &Clause, binding: &mut [Option<Value>]) {
    for _ in 0..clause.body.len() {
        let mut changed = false;
        for literal in &clause.body {
            let LiteralKind::Compare { left, op: CompareOp::Eq, right } = &literal.kind else { continue };
            for (one, other) in [(left, right), (right, left)] {
                let Expr::Variable(id) = one else { continue };
                let unbound = binding[id.index()].is_none();
                let ready = !matches!(other, Expr::Variable(o) if binding[o.index()].is_none());
                if unbound && ready {
                    let value = interpretation.value(other, binding).map(std::borrow::Cow::into_owned);
                    if let Some(value) = value.filter(|value| !value.is_unknown()) {
                        binding[id.index()] = Some(value);
                        changed = true;
                    }
                }
            }
        }
        if !changed {
            return;
        }
    }
}

fn judged(interpretation: &Interpretation<'_>, clause: &Clause, binding: Vec<Option<Value>>) -> Attempt {
    let judgements = clause.body.iter().map(|literal| interpretation.judge(literal, &binding)).collect();
    Attempt { binding: binding.into(), judgements }
}
