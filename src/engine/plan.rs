//! Plans: in which order the literals of a conjunction are judged.
//!
//! Positive atoms first, each condition as soon as every atom that mentions one of its
//! variables has been joined, then the equations, then the rest. The author's order of
//! literals decides nothing but the time it takes: no result depends on it.

use rustc_hash::FxHashSet;

use super::types::number_sums;
use crate::program::{
    AggregateKind, Atom, ClauseId, CompareOp, Expr, Group, GroupId, GroupKind, Literal, LiteralKind, PredicateId,
    Program, VariableId,
};

/// How a [`Program`] is evaluated; the same for every issue, so made once.
#[derive(Debug, Clone)]
pub struct Plan {
    clauses: Vec<Conjunction>,
    groups: Vec<Vec<Conjunction>>,
    keyed_columns: Vec<Vec<usize>>,
    number_sums: Vec<bool>,
}

/// The order for one conjunction. Literals are named by their index in it.
#[derive(Debug, Clone)]
pub struct Conjunction {
    /// What is done, one after the other.
    pub steps: Vec<Step>,
    /// The positive atoms, in the order of their canonical texts.
    pub atoms: Vec<usize>,
    /// Whether arithmetic in it may fail, in its groups too.
    pub may_fault: bool,
}

/// One step of a conjunction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Join a positive atom.
    Atom {
        /// Which literal.
        literal: usize,
        /// The first column that is known before the join: by a constant or by an earlier atom.
        key: Option<usize>,
    },
    /// Judge a literal all of whose variables have their final value.
    Condition(usize),
    /// Bind the variables that no positive atom binds, then judge what is left of the equations.
    Equations {
        /// Which literals.
        literals: Vec<usize>,
        /// The variables they bind.
        binds: Vec<VariableId>,
    },
}

impl Plan {
    /// The plan of a program.
    pub fn new(program: &Program) -> Self {
        let clauses: Vec<_> = program.clauses.iter().map(|c| Conjunction::new(program, &c.body, &[])).collect();
        let of_group = |group: &Group| {
            let alternative = |body: &Vec<Literal>| Conjunction::new(program, body, &group.parameters);
            group.alternatives.iter().map(alternative).collect()
        };
        let groups = program.groups.iter().map(of_group).collect();
        let keyed_columns = keyed_columns(program, &clauses);
        Self { clauses, groups, keyed_columns, number_sums: number_sums(program) }
    }

    /// The order of a clause.
    pub fn clause(&self, id: ClauseId) -> &Conjunction {
        &self.clauses[id.index()]
    }

    /// The order of each alternative of a group.
    pub fn group(&self, id: GroupId) -> &[Conjunction] {
        &self.groups[id.index()]
    }

    /// The columns of a relation by which some clause looks its tuples up.
    pub fn keyed_columns(&self, id: PredicateId) -> &[usize] {
        &self.keyed_columns[id.index()]
    }

    /// Whether a sum is over numbers, so that the sum of nothing is one too.
    pub fn sums_numbers(&self, id: GroupId) -> bool {
        self.number_sums[id.index()]
    }
}

impl Conjunction {
    /// The order for `literals` where `bound` have their values beforehand.
    pub fn new(program: &Program, literals: &[Literal], bound: &[VariableId]) -> Self {
        let mut known: FxHashSet<VariableId> = bound.iter().copied().collect();
        let joined: FxHashSet<VariableId> =
            atoms(literals).flat_map(|(_, atom)| atom_variables(atom)).chain(known.iter().copied()).collect();
        let (equations, mut conditions) = split_conditions(program, literals, &joined);

        let mut steps = Vec::new();
        let mut waiting: Vec<(usize, &Atom)> = atoms(literals).collect();
        place_conditions(&mut steps, &mut conditions, &joined, &known, &waiting);
        while let Some(next) = next_atom(&waiting, &known) {
            let (literal, atom) = waiting.remove(next);
            let key = atom.args.iter().position(|arg| is_known(arg, &known));
            steps.push(Step::Atom { literal, key });
            known.extend(atom_variables(atom));
            place_conditions(&mut steps, &mut conditions, &joined, &known, &waiting);
        }
        if !equations.is_empty() {
            let binds = bound_by_equations(literals, &equations, &joined);
            steps.push(Step::Equations { literals: equations, binds });
        }
        steps.extend(conditions.into_iter().map(|(literal, _)| Step::Condition(literal)));

        let mut by_text: Vec<usize> = atoms(literals).map(|(literal, _)| literal).collect();
        by_text.sort_by_key(|literal| &literals[*literal].text);
        let may_fault = literals.iter().any(|literal| literal_may_fault(program, literal));
        Self { steps, atoms: by_text, may_fault }
    }
}

/// A condition with the variables it needs.
pub(super) type Condition = (usize, Vec<VariableId>);

pub(super) fn atoms(literals: &[Literal]) -> impl Iterator<Item = (usize, &Atom)> {
    literals.iter().enumerate().filter_map(|(i, literal)| match &literal.kind {
        LiteralKind::Atom(atom) => Some((i, atom)),
        _ => None,
    })
}

pub(super) fn atom_variables(atom: &Atom) -> impl Iterator<Item = VariableId> + '_ {
    atom.args.iter().filter_map(|arg| match arg {
        Expr::Variable(v) => Some(*v),
        _ => None,
    })
}

fn is_known(arg: &Expr, known: &FxHashSet<VariableId>) -> bool {
    match arg {
        Expr::Constant(_) => true,
        Expr::Variable(v) => known.contains(v),
        _ => false,
    }
}

/// Everything but the positive atoms: equations that bind, and conditions.
pub(super) fn split_conditions(
    program: &Program,
    literals: &[Literal],
    joined: &FxHashSet<VariableId>,
) -> (Vec<usize>, Vec<Condition>) {
    let (mut equations, mut conditions) = (Vec::new(), Vec::new());
    for (i, literal) in literals.iter().enumerate() {
        match &literal.kind {
            LiteralKind::Atom(_) => {}
            LiteralKind::Compare { left, op: CompareOp::Eq, right }
                if [left, right].into_iter().any(|side| binds(side, joined).is_some()) =>
            {
                equations.push(i);
            }
            _ => {
                let mut needed = Vec::new();
                literal_variables(program, literal, &mut needed);
                conditions.push((i, needed));
            }
        }
    }
    (equations, conditions)
}

/// The variable that an equation with this side may bind.
pub(super) fn binds(side: &Expr, joined: &FxHashSet<VariableId>) -> Option<VariableId> {
    match side {
        Expr::Variable(v) if !joined.contains(v) => Some(*v),
        _ => None,
    }
}

pub(super) fn bound_by_equations(
    literals: &[Literal],
    equations: &[usize],
    joined: &FxHashSet<VariableId>,
) -> Vec<VariableId> {
    let mut bound = Vec::new();
    for equation in equations {
        if let LiteralKind::Compare { left, right, .. } = &literals[*equation].kind {
            bound.extend([left, right].into_iter().filter_map(|side| binds(side, joined)));
        }
    }
    bound.sort_unstable();
    bound.dedup();
    bound
}

/// Moves the conditions that no atom still waiting can touch into the steps.
fn place_conditions(
    steps: &mut Vec<Step>,
    conditions: &mut Vec<Condition>,
    joined: &FxHashSet<VariableId>,
    known: &FxHashSet<VariableId>,
    waiting: &[(usize, &Atom)],
) {
    let touched: FxHashSet<VariableId> = waiting.iter().flat_map(|(_, atom)| atom_variables(atom)).collect();
    let ready = |(_, needed): &Condition| {
        needed.iter().all(|v| joined.contains(v) && known.contains(v) && !touched.contains(v))
    };
    conditions.retain(|condition| {
        let ready = ready(condition);
        if ready {
            steps.push(Step::Condition(condition.0));
        }
        !ready
    });
}

/// The atom to join next: one that is all known, else the one with the most known arguments.
fn next_atom(waiting: &[(usize, &Atom)], known: &FxHashSet<VariableId>) -> Option<usize> {
    let rank = |atom: &Atom| {
        let bound = atom.args.iter().filter(|arg| is_known(arg, known)).count();
        let open = atom.args.iter().any(|arg| matches!(arg, Expr::Variable(v) if !known.contains(v)));
        (!open, bound)
    };
    (0..waiting.len()).rev().max_by_key(|i| rank(waiting[*i].1))
}

/// The variables whose values a literal needs; a group needs its parameters.
pub(super) fn literal_variables(program: &Program, literal: &Literal, into: &mut Vec<VariableId>) {
    if let LiteralKind::NotGroup(group) = &literal.kind {
        into.extend(&program.group(*group).parameters);
    }
    for expr in literal_exprs(literal) {
        expr_variables(program, expr, into);
    }
}

/// The expressions that stand in a literal itself, not in its groups.
pub fn literal_exprs(literal: &Literal) -> impl Iterator<Item = &Expr> {
    let (args, sides): (&[Expr], [Option<&Expr>; 2]) = match &literal.kind {
        LiteralKind::Atom(atom) | LiteralKind::NotAtom(atom) => (&atom.args, [None, None]),
        LiteralKind::NotGroup(_) => (&[], [None, None]),
        LiteralKind::Compare { left, right, .. } => (&[], [Some(left), Some(right)]),
        LiteralKind::In { subject, .. } => (&[], [Some(subject), None]),
        LiteralKind::Test { subject, pattern, .. } => (&[], [Some(subject), Some(pattern)]),
    };
    args.iter().chain(sides.into_iter().flatten())
}

/// The variables whose values an expression needs.
pub(super) fn expr_variables(program: &Program, expr: &Expr, into: &mut Vec<VariableId>) {
    expr.walk(&mut |expr| match expr {
        Expr::Variable(v) => into.push(*v),
        Expr::Aggregate(group) => into.extend(&program.group(*group).parameters),
        _ => {}
    });
}

fn literal_may_fault(program: &Program, literal: &Literal) -> bool {
    if let LiteralKind::NotGroup(group) = &literal.kind
        && group_may_fault(program, *group)
    {
        return true;
    }
    literal_exprs(literal).any(|expr| expr_may_fault(program, expr))
}

fn group_may_fault(program: &Program, id: GroupId) -> bool {
    let group = program.group(id);
    let own = match &group.kind {
        GroupKind::Aggregate(AggregateKind::Sum, _) => true,
        GroupKind::Aggregate(_, Some(of)) => expr_may_fault(program, of),
        GroupKind::Aggregate(_, None) | GroupKind::Negation => false,
    };
    own || group.alternatives.iter().flatten().any(|literal| literal_may_fault(program, literal))
}

fn expr_may_fault(program: &Program, expr: &Expr) -> bool {
    match expr {
        Expr::Wildcard | Expr::Constant(_) | Expr::Fact(_) | Expr::Variable(_) => false,
        Expr::Binary { .. } | Expr::Negate(_) => true,
        Expr::Call(_, operand) => expr_may_fault(program, operand),
        Expr::Aggregate(group) => group_may_fault(program, *group),
    }
}

fn keyed_columns(program: &Program, clauses: &[Conjunction]) -> Vec<Vec<usize>> {
    let mut columns = vec![Vec::new(); program.predicates.len()];
    for (clause, conjunction) in program.clauses.iter().zip(clauses) {
        for step in &conjunction.steps {
            if let Step::Atom { literal, key: Some(key) } = step
                && let LiteralKind::Atom(atom) = &clause.body[*literal].kind
            {
                columns[atom.predicate.index()].push(*key);
            }
        }
    }
    for of_predicate in &mut columns {
        of_predicate.sort_unstable();
        of_predicate.dedup();
    }
    columns
}
