//! Conjunctions → bodies. The order of steps is that of the plan.

use super::body::{
    Aggregate, Anonymous, Atom, Body, Condition, Equation, Equations, Group, Operand, Source, Step, Term, Told,
};
use crate::engine::Plan;
use crate::engine::mentioned::Mentioned;
use crate::engine::plan::{self, Conjunction, atom_variables, expr_variables};
use crate::engine::relational::{Symbol, Symbols};
use crate::program::{
    self, Expr, FactKind, GroupId, GroupKind, Literal, LiteralKind, PredicateId, PredicateKind, Program, VariableId,
};
use crate::value::Value;

/// What bodies are made from.
pub(super) struct Compiler<'a> {
    pub(super) program: &'a Program,
    pub(super) plan: &'a Plan,
    pub(super) symbols: Symbols,
    /// Groups that were met; indexed by [`GroupId`].
    pub(super) groups: Vec<Option<Group>>,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(program: &'a Program, plan: &'a Plan) -> Self {
        Self { program, plan, symbols: Symbols::default(), groups: vec![None; program.groups.len()] }
    }

    /// The literals of a clause.
    pub(super) fn clause(&mut self, literals: &[Literal], conjunction: &Conjunction) -> Body {
        self.body(literals, conjunction, Source::Relation)
    }

    /// For each atom of a growing relation the literals of a clause, that atom first and of new rows.
    pub(super) fn rounds(&mut self, literals: &[Literal], grows: impl Fn(PredicateId) -> bool) -> Vec<Body> {
        let mut rounds = Vec::new();
        for (number, atom) in plan::atoms(literals).filter(|(_, atom)| grows(atom.predicate)) {
            let mut rest = literals.to_vec();
            rest.remove(number);
            let bound: Vec<VariableId> = atom_variables(atom).collect();
            let conjunction = Conjunction::new(self.program, &rest, &bound);
            let first = self.atom(atom, Source::Last, 0);
            let mut body = self.body(&rest, &conjunction, Source::Relation);
            for step in &mut body.steps {
                if let Step::Atom(atom) = step {
                    atom.place += 1;
                }
            }
            body.steps.insert(0, Step::Atom(first));
            body.atoms += 1;
            rounds.push(body);
        }
        rounds
    }

    fn body(&mut self, literals: &[Literal], conjunction: &Conjunction, source: Source) -> Body {
        let mut places = vec![0; literals.len()];
        let (mut steps, mut atoms) = (Vec::new(), 0);
        for step in &conjunction.steps {
            match step {
                plan::Step::Atom { literal, .. } => {
                    let LiteralKind::Atom(atom) = &literals[*literal].kind else { continue };
                    let source = if self.is_records(atom.predicate) { source } else { Source::Relation };
                    places[*literal] = atoms;
                    let mut step = self.atom(atom, source, atoms);
                    step.told = self.told(atom, &literals[*literal..]);
                    steps.push(Step::Atom(step));
                    atoms += 1;
                }
                plan::Step::Condition(literal) => {
                    steps.extend(self.condition(&literals[*literal]).map(Step::Condition));
                }
                plan::Step::Equations { literals: equations, binds } => {
                    let equations = equations.iter().filter_map(|literal| self.equation(&literals[*literal])).collect();
                    let binds = registers(binds);
                    steps.push(Step::Equations(Equations { equations, binds }));
                }
            }
        }
        let anonymous = conjunction.atoms.iter().filter_map(|literal| match &literals[*literal].kind {
            LiteralKind::Atom(atom) => self.anonymous(atom, places[*literal]),
            _ => None,
        });
        let anonymous = anonymous.collect();
        Body { steps, atoms, anonymous }
    }

    fn anonymous(&self, atom: &program::Atom, place: usize) -> Option<Anonymous> {
        let predicate = atom.predicate;
        if self.is_records(predicate) {
            return Some(Anonymous::Row { place, predicate });
        }
        let wild = atom.args.iter().enumerate().filter(|(_, arg)| matches!(arg, Expr::Wildcard));
        let columns: Vec<usize> = wild.map(|(column, _)| column).collect();
        (!columns.is_empty()).then_some(Anonymous::Cells { place, predicate, columns })
    }

    fn is_records(&self, predicate: PredicateId) -> bool {
        match self.program.predicate(predicate).kind {
            PredicateKind::Fact(fact) => matches!(self.program.fact(fact).kind, FactKind::Records(_)),
            _ => false,
        }
    }

    fn atom(&mut self, atom: &program::Atom, source: Source, place: usize) -> Atom {
        let args: Vec<(usize, Term)> = atom
            .args
            .iter()
            .enumerate()
            .filter(|(_, arg)| matches!(arg, Expr::Constant(_) | Expr::Variable(_)))
            .map(|(column, arg)| (column, self.term(arg)))
            .collect();
        let mut registers: Vec<usize> = atom_variables(atom).map(VariableId::index).collect();
        registers.sort_unstable();
        registers.dedup();
        Atom { predicate: atom.predicate, source, args, registers, place, told: Vec::new() }
    }

    /// The arguments of an atom that equations behind it tell, which lowering has made.
    fn told(&mut self, atom: &program::Atom, literals: &[Literal]) -> Vec<Told> {
        let Some((literal, behind)) = literals.split_first() else { return Vec::new() };
        let equations = &behind[..literal.equations_behind(behind)];
        let told = equations.iter().filter_map(|equation| {
            let LiteralKind::Compare { left: Expr::Variable(id), right, .. } = &equation.kind else { return None };
            let column = atom.args.iter().position(|arg| matches!(arg, Expr::Variable(v) if v == id))?;
            Some(Told { column, register: id.index(), operand: self.operand(right) })
        });
        told.collect()
    }

    /// A variable or a constant; anything else is `⊥`.
    pub(super) fn term(&mut self, expr: &Expr) -> Term {
        match expr {
            Expr::Variable(variable) => Term::Register(variable.index()),
            Expr::Constant(value) => Term::Constant(self.symbols.intern(value)),
            _ => Term::Constant(Symbol::UNKNOWN),
        }
    }

    pub(super) fn symbol(&mut self, value: &Value) -> Symbol {
        self.symbols.intern(value)
    }

    fn condition(&mut self, literal: &Literal) -> Option<Condition> {
        Some(match &literal.kind {
            LiteralKind::Atom(_) => return None,
            LiteralKind::NotAtom(atom) => {
                let wanted = atom.args.iter().enumerate().filter(|(_, arg)| !matches!(arg, Expr::Wildcard));
                let wanted = wanted.map(|(column, arg)| (column, self.operand(arg))).collect();
                Condition::Absent { predicate: atom.predicate, wanted }
            }
            LiteralKind::NotGroup(group) => {
                self.group(*group);
                Condition::NoSolution(*group)
            }
            LiteralKind::Compare { left, op, right } => {
                Condition::Compare { left: self.operand(left), op: *op, right: self.operand(right) }
            }
            LiteralKind::In { subject, negated, list } => Condition::In {
                subject: self.operand(subject),
                list: list.iter().map(|value| self.symbols.intern(value)).collect(),
                negated: *negated,
            },
            LiteralKind::Test { test, negated, subject, pattern, regex } => Condition::Test {
                test: *test,
                negated: *negated,
                subject: self.operand(subject),
                pattern: self.operand(pattern),
                regex: regex.clone(),
            },
        })
    }

    fn equation(&mut self, literal: &Literal) -> Option<Equation> {
        let LiteralKind::Compare { left, right, .. } = &literal.kind else { return None };
        let needs = [left, right].map(|side| {
            let mut needed = Vec::new();
            expr_variables(self.program, side, &mut needed);
            registers(&needed)
        });
        Some(Equation { sides: [self.operand(left), self.operand(right)], needs })
    }

    fn operand(&mut self, expr: &Expr) -> Operand {
        match expr {
            Expr::Wildcard | Expr::Variable(_) | Expr::Constant(_) => Operand::Term(self.term(expr)),
            Expr::Fact(fact) => Operand::Fact(*fact),
            Expr::Binary { op, left, right } => {
                Operand::Binary { op: *op, left: Box::new(self.operand(left)), right: Box::new(self.operand(right)) }
            }
            Expr::Negate(operand) => Operand::Negate(Box::new(self.operand(operand))),
            Expr::Call(function, operand) => Operand::Call(*function, Box::new(self.operand(operand))),
            Expr::Aggregate(group) => {
                self.group(*group);
                Operand::Aggregate(*group)
            }
        }
    }

    fn group(&mut self, id: GroupId) {
        if self.groups[id.index()].is_some() {
            return;
        }
        let (program, plan) = (self.program, self.plan);
        let group = program.group(id);
        let bodies = group.alternatives.iter().zip(plan.group(id));
        let bodies =
            bodies.map(|(literals, conjunction)| self.body(literals, conjunction, Source::Individuals)).collect();
        let aggregate = match &group.kind {
            GroupKind::Negation => None,
            GroupKind::Aggregate(kind, of) => {
                let of = of.as_ref().map(|of| self.operand(of));
                Some(Aggregate { kind: *kind, of, numeric: plan.sums_numbers(id) })
            }
        };
        let (parameters, own) = (registers(&group.parameters), registers(&group.own));
        let mut mentioned = Mentioned::default();
        mentioned.group(program, id);
        let (predicates, facts) = (mentioned.predicates.into_iter().collect(), mentioned.facts.into_iter().collect());
        self.groups[id.index()] = Some(Group { parameters, own, bodies, predicates, facts, aggregate });
    }
}

fn registers(variables: &[VariableId]) -> Vec<usize> {
    variables.iter().map(|variable| variable.index()).collect()
}
