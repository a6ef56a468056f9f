//! Coverage: which rules, clauses and literals the scenarios exercise.
//!
//! A rule or clause is covered if it holds for certain in some scenario. A literal is
//! looked at under the binding with which its clause comes nearest to holding, and is
//! seen true, false or unknown there.

use super::{Run, evaluate};
use crate::engine::{Interpretation, Plan};
use crate::explain::nearest;
use crate::program::{
    AggregateKind, ClauseId, CompareOp, Expr, GroupKind, Literal, LiteralKind, Program, RuleId, VariableId,
};

/// How often a literal was seen so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// It held for certain.
    pub yes: usize,
    /// It could not hold.
    pub no: usize,
    /// Neither was certain.
    pub unknown: usize,
    /// It gives a variable its value, so that it cannot be false.
    pub binds: bool,
}

/// Coverage of a clause.
#[derive(Debug, Clone)]
pub struct ClauseCoverage {
    /// Which clause.
    pub clause: ClauseId,
    /// In how many scenarios it held for certain.
    pub held: usize,
    /// One for each literal of its body.
    pub literals: Vec<Seen>,
}

/// Coverage of a rule.
#[derive(Debug, Clone)]
pub struct RuleCoverage {
    /// Which rule.
    pub rule: RuleId,
    /// Its clauses.
    pub clauses: Vec<ClauseCoverage>,
}

impl RuleCoverage {
    /// Whether some clause held for certain in some scenario.
    pub fn is_covered(&self) -> bool {
        self.clauses.iter().any(|clause| clause.held > 0)
    }
}

/// Covered and all, of one kind of thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// How many are covered.
    pub covered: usize,
    /// How many there are.
    pub all: usize,
}

impl Share {
    /// In percent; 100 of nothing.
    pub fn percent(self) -> f64 {
        #[allow(clippy::cast_precision_loss)]
        if self.all == 0 { 100.0 } else { self.covered as f64 * 100.0 / self.all as f64 }
    }

    fn add(&mut self, covered: bool) {
        self.all += 1;
        self.covered += usize::from(covered);
    }
}

/// Coverage of a policy.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// One for each rule, by name.
    pub rules: Vec<RuleCoverage>,
}

impl Coverage {
    /// Rules that hold in some scenario.
    pub fn rule_share(&self) -> Share {
        self.share(|rule, share| share.add(rule.is_covered()))
    }

    /// Clauses that hold in some scenario.
    pub fn clause_share(&self) -> Share {
        self.share(|rule, share| rule.clauses.iter().for_each(|clause| share.add(clause.held > 0)))
    }

    /// Of each literal two: seen true, and seen false; of one that gives a variable its value, the first.
    pub fn literal_share(&self) -> Share {
        self.share(|rule, share| {
            for seen in rule.clauses.iter().flat_map(|clause| &clause.literals) {
                share.add(seen.yes > 0);
                if !seen.binds {
                    share.add(seen.no > 0);
                }
            }
        })
    }

    /// All three together.
    pub fn total(&self) -> Share {
        let shares = [self.rule_share(), self.clause_share(), self.literal_share()];
        Share { covered: shares.iter().map(|s| s.covered).sum(), all: shares.iter().map(|s| s.all).sum() }
    }

    fn share(&self, add: impl Fn(&RuleCoverage, &mut Share)) -> Share {
        let mut share = Share::default();
        self.rules.iter().for_each(|rule| add(rule, &mut share));
        share
    }
}

/// Measures the coverage of a program by its own scenarios, skipped ones left out.
pub fn measure(program: &Program, plan: &Plan) -> Coverage {
    let rules = program.rules.iter().enumerate().map(|(index, rule)| RuleCoverage {
        rule: RuleId(index as u32),
        clauses: rule.clauses.iter().map(|id| empty(program, *id)).collect(),
    });
    let mut coverage = Coverage { rules: rules.collect() };
    for scenario in program.scenarios.iter().filter(|scenario| scenario.skip.is_none()) {
        let Run { model, .. } = evaluate(program, plan, &scenario.issue);
        let interpretation = Interpretation::new(program, plan, &scenario.issue, &model);
        for clause in coverage.rules.iter_mut().flat_map(|rule| &mut rule.clauses) {
            add(&interpretation, clause);
        }
    }
    coverage
}

fn empty(program: &Program, clause: ClauseId) -> ClauseCoverage {
    let body = &program.clause(clause).body;
    let seen = |literal| Seen { binds: binds(program, body, literal), ..Seen::default() };
    ClauseCoverage { clause, held: 0, literals: (0..body.len()).map(seen).collect() }
}

/// Whether a literal is the first equation for a variable that no atom binds. The least or
/// greatest of nothing has no value, so that an equation with one can be false all the same.
fn binds(program: &Program, body: &[Literal], literal: usize) -> bool {
    let equated = |literal: &Literal| -> Vec<VariableId> {
        let LiteralKind::Compare { left, op: CompareOp::Eq, right } = &literal.kind else { return Vec::new() };
        let sides = [(left, right), (right, left)].into_iter().filter(|(_, other)| always_has_a_value(program, other));
        sides.filter_map(|(one, _)| if let Expr::Variable(v) = one { Some(*v) } else { None }).collect()
    };
    let in_atom = |v: &VariableId| {
        body.iter().any(|other| match &other.kind {
            LiteralKind::Atom(atom) => atom.args.iter().any(|arg| matches!(arg, Expr::Variable(w) if w == v)),
            _ => false,
        })
    };
    let before = |v: &VariableId| body.iter().take(literal).any(|other| equated(other).contains(v));
    equated(&body[literal]).iter().any(|v| !in_atom(v) && !before(v))
}

fn always_has_a_value(program: &Program, expr: &Expr) -> bool {
    match expr {
        Expr::Binary { left, right, .. } => always_has_a_value(program, left) && always_has_a_value(program, right),
        Expr::Negate(inner) | Expr::Call(_, inner) => always_has_a_value(program, inner),
        Expr::Aggregate(id) => {
            matches!(program.group(*id).kind, GroupKind::Aggregate(AggregateKind::Count | AggregateKind::Sum, _))
        }
        Expr::Wildcard | Expr::Variable(_) | Expr::Constant(_) | Expr::Fact(_) => true,
    }
}

fn add(interpretation: &Interpretation<'_>, coverage: &mut ClauseCoverage) {
    let clause = interpretation.program.clause(coverage.clause);
    let held = interpretation.model.certain_derivations.iter().any(|d| d.clause == coverage.clause);
    coverage.held += usize::from(held);
    for (seen, judgement) in coverage.literals.iter_mut().zip(nearest(interpretation, clause)) {
        match (judgement.certain, judgement.possible) {
            (true, _) => seen.yes += 1,
            (false, true) => seen.unknown += 1,
            (false, false) => seen.no += 1,
        }
    }
}
