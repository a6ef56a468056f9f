//! Conjunctions → bodies, at a time when the tables that they look at are there.
//!
//! Names become tables, indexes and registers; each condition goes where it can first be judged.

use rustc_hash::{FxHashMap, FxHashSet};

use super::body::{
    Absent, Anonymous, Body, Cell, Condition, Equation, Equations, Group, GroupRef, Groups, Join, Kind, Marks, Mode,
    Operand, Step, Term, Window,
};
use super::database::Relations;
use super::symbols::Symbol;
use super::table::TableId;
use crate::engine::Plan;
use crate::engine::plan::{atom_variables, atoms, binds, bound_by_equations, expr_variables, split_conditions};
use crate::issue::Issue;
use crate::program::{
    Atom, Expr, FactKind, Given, GroupId, GroupKind, Literal, LiteralKind, PredicateId, PredicateKind, Program,
    VariableId,
};
use crate::value::Value;

/// What bodies are made from.
pub(super) struct Compiler<'a> {
    pub(super) program: &'a Program,
    pub(super) plan: &'a Plan,
    pub(super) issue: &'a Issue,
    pub(super) relations: &'a mut Relations,
    /// The tables of the relations that are being concluded.
    pub(super) growing: FxHashMap<PredicateId, TableId>,
    pub(super) groups: Groups,
    /// How many marks there are.
    pub(super) marks: usize,
    /// How many meets there are.
    pub(super) meets: usize,
}

/// Where a conjunction stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) mode: Mode,
    /// Variables that have their values beforehand.
    pub(super) bound: &'a [VariableId],
    /// The literal whose atom is of new rows.
    pub(super) last: Option<usize>,
    /// Whether rows of records are individuals, equal or not.
    pub(super) in_group: bool,
}

impl Compiler<'_> {
    /// A conjunction made ready.
    pub(super) fn body(&mut self, literals: &[Literal], place: Place<'_>) -> Body {
        let mut known: FxHashSet<VariableId> = place.bound.iter().copied().collect();
        let joined: FxHashSet<VariableId> =
            atoms(literals).flat_map(|(_, atom)| atom_variables(atom)).chain(known.iter().copied()).collect();
        let (equations, mut conditions) = split_conditions(self.program, literals, &joined);
        let order = self.order(literals, place, &known);
        let mut steps = Vec::new();
        let mut met = FxHashSet::default();
        self.conditions(&mut steps, &mut conditions, literals, place, &known, &order);
        for (number, literal) in order.iter().enumerate() {
            let LiteralKind::Atom(atom) = &literals[*literal].kind else { continue };
            if met.contains(literal) {
                continue;
            }
            let mut join = self.join(atom, *literal, place, &known, number);
            join.computed = self.computed(&join, literals, place.mode, &known);
            if let (Some(computed), true) = (&join.computed, place.mode != Mode::Possible) {
                conditions.retain(|(literal, _)| *literal != computed.literal);
            }
            let opens = join.rest.iter().any(|(_, cell)| matches!(cell, Cell::Bind(_)));
            let is_exact = !place.in_group && place.mode != Mode::Possible;
            let waiting = order.get(number + 1..).unwrap_or_default();
            let meet = match join.computed {
                None => self.meet(&join, literals, waiting, place, &known, &mut met),
                Some(_) => None,
            };
            let step = match meet {
                Some(meet) => {
                    self.keep_a_side(&meet, &mut steps);
                    Step::Meet(meet)
                }
                None if is_exact && !opens => self.filter(join, &mut steps),
                None => Step::Join(self.indexed(join)),
            };
            steps.push(step);
            known.extend(atom_variables(atom));
            self.conditions(&mut steps, &mut conditions, literals, place, &known, waiting);
        }
        if !equations.is_empty() {
            steps.push(Step::Equations(self.equations(literals, &equations, &joined, place.mode)));
        }
        for (literal, _) in conditions {
            steps.extend(self.condition(&literals[literal], place.mode).map(Step::Condition));
        }
        let anonymous = if place.in_group { self.anonymous(literals, &order, place) } else { Vec::new() };
        Body { mode: place.mode, steps, anonymous, atoms: order.len() }
    }

    pub(super) fn table(&self, predicate: PredicateId, place: Place<'_>) -> TableId {
        match self.growing.get(&predicate) {
            Some(table) => *table,
            None if place.in_group => self.relations.individuals(predicate, place.mode),
            None => self.relations.table_id(predicate, place.mode),
        }
    }

    pub(super) fn join(
        &mut self,
        atom: &Atom,
        literal: usize,
        place: Place<'_>,
        known: &FxHashSet<VariableId>,
        number: usize,
    ) -> Join {
        let table = self.table(atom.predicate, place);
        let window = match place.last {
            _ if !self.growing.contains_key(&atom.predicate) => Window::Whole,
            Some(last) if last == literal => Window::Last,
            Some(last) if literal < last => Window::Before,
            _ => Window::UpToLast,
        };
        let (mut columns, mut key) = (Vec::new(), Vec::new());
        let (mut rest, mut all) = (Vec::new(), Vec::new());
        let mut opened = FxHashSet::default();
        for (column, arg) in atom.args.iter().enumerate() {
            let Some(term) = self.term(arg) else { continue };
            all.push((column, term));
            match term {
                Term::Register(register) if !is_known(arg, known) => {
                    let cell = if opened.insert(register) { Cell::Bind(register) } else { Cell::Same(register) };
                    rest.push((column, cell));
                }
                term => {
                    columns.push(column);
                    key.push(term);
                }
            }
        }
        Join { table, window, index: None, columns, key, computed: None, rest, all, place: number }
    }

    /// The atom with an index on the columns that are known before it.
    fn indexed(&mut self, mut join: Join) -> Join {
        let computed = join.computed.as_ref().map(|computed| computed.column);
        let columns: Vec<usize> = join.columns.iter().copied().chain(computed).collect();
        join.index = (!columns.is_empty()).then(|| self.relations.index_on(join.table, &columns));
        join
    }

    /// An atom that binds nothing. Where one of its two variables is bound before the other, what it holds
    /// under the first is marked; a scan that binds the first is then made in the order of its values.
    fn filter(&mut self, join: Join, steps: &mut [Step]) -> Step {
        let ([(first, Term::Register(a)), (second, Term::Register(b))], Window::Whole) =
            (join.all.as_slice(), join.window)
        else {
            return Step::Exists(self.indexed(join));
        };
        let bound = |register: &usize| {
            let binds = |(_, cell): &(usize, Cell)| matches!(cell, Cell::Bind(bound) if bound == register);
            steps.iter().position(|step| matches!(step, Step::Join(join) if join.rest.iter().any(binds)))
        };
        let (stays, runs) = match (bound(a), bound(b)) {
            (before, after) if before < after => ((*first, *a), (*second, *b)),
            (before, after) if before > after => ((*second, *b), (*first, *a)),
            _ => return Step::Exists(self.indexed(join)),
        };
        if let Some(Step::Join(scan)) = bound(&stays.1).and_then(|at| steps.get_mut(at))
            && scan.index.is_none()
            && scan.window == Window::Whole
            && let Some((column, _)) =
                scan.rest.iter().find(|(_, cell)| matches!(cell, Cell::Bind(bound) if *bound == stays.1))
        {
            scan.index = Some(self.relations.index_on(scan.table, &[*column]));
        }
        let index = self.relations.index_on(join.table, &[stays.0]);
        self.marks += 1;
        let number = self.marks - 1;
        Step::IsMarked(Marks { number, table: join.table, index, stays: stays.1, column: runs.0, runs: runs.1 })
    }

    fn term(&mut self, arg: &Expr) -> Option<Term> {
        match arg {
            Expr::Constant(value) => Some(Term::Constant(self.relations.symbols.intern(value))),
            Expr::Variable(v) => Some(Term::Register(v.index())),
            _ => None,
        }
    }

    /// The argument of a head.
    pub(super) fn head_term(&mut self, arg: &Expr) -> Term {
        self.term(arg).unwrap_or(Term::Constant(Symbol::UNKNOWN))
    }

    /// Moves the conditions that can be judged now into the steps. In the possible plane an
    /// atom still to come may give a variable that is `⊥` another value.
    fn conditions(
        &mut self,
        steps: &mut Vec<Step>,
        conditions: &mut Vec<(usize, Vec<VariableId>)>,
        literals: &[Literal],
        place: Place<'_>,
        known: &FxHashSet<VariableId>,
        waiting: &[usize],
    ) {
        let mut touched = FxHashSet::default();
        if place.mode == Mode::Possible {
            for literal in waiting {
                if let LiteralKind::Atom(atom) = &literals[*literal].kind {
                    touched.extend(atom_variables(atom));
                }
            }
        }
        conditions.retain(|(literal, needed)| {
            if !needed.iter().all(|v| known.contains(v) && !touched.contains(v)) {
                return true;
            }
            steps.extend(self.condition(&literals[*literal], place.mode).map(Step::Condition));
            false
        });
    }

    fn condition(&mut self, literal: &Literal, mode: Mode) -> Option<Condition> {
        Some(match &literal.kind {
            LiteralKind::Atom(_) => return None,
            LiteralKind::NotAtom(atom) => Condition::Absent(self.absent(atom, mode)),
            LiteralKind::NotGroup(group) => Condition::NoSolution(self.group(*group, mode)),
            LiteralKind::Compare { left, op, right } => {
                Condition::Compare { left: self.operand(left, mode), op: *op, right: self.operand(right, mode) }
            }
            LiteralKind::In { subject, negated, list } => Condition::In {
                subject: self.operand(subject, mode),
                list: list.iter().map(|value| self.relations.symbols.intern(value)).collect(),
                negated: *negated,
            },
            LiteralKind::Test { test, negated, subject, pattern, regex } => Condition::Test {
                test: *test,
                negated: *negated,
                subject: self.operand(subject, mode),
                pattern: self.operand(pattern, mode),
                regex: regex.clone(),
            },
        })
    }

    fn absent(&mut self, atom: &Atom, mode: Mode) -> Absent {
        let table = self.relations.table_id(atom.predicate, mode.other());
        let args = atom.args.iter().enumerate().filter(|(_, arg)| !matches!(arg, Expr::Wildcard));
        let (columns, args): (Vec<usize>, Vec<&Expr>) = args.unzip();
        let wanted = args.into_iter().map(|arg| self.operand(arg, mode)).collect();
        let index = (!columns.is_empty()).then(|| self.relations.index_on(table, &columns));
        Absent { table, index, columns, wanted }
    }

    pub(super) fn operand(&mut self, expr: &Expr, mode: Mode) -> Operand {
        match expr {
            Expr::Wildcard => Operand::Term(Term::Constant(Symbol::UNKNOWN)),
            Expr::Variable(v) => Operand::Term(Term::Register(v.index())),
            Expr::Constant(value) => Operand::Term(Term::Constant(self.relations.symbols.intern(value))),
            Expr::Fact(fact) => {
                let value = match self.issue.fact(*fact).given() {
                    Some(Given::Value(value)) => value,
                    _ => &Value::Unknown,
                };
                Operand::Term(Term::Constant(self.relations.symbols.intern(value)))
            }
            Expr::Binary { op, left, right } => Operand::Binary {
                op: *op,
                left: Box::new(self.operand(left, mode)),
                right: Box::new(self.operand(right, mode)),
            },
            Expr::Negate(operand) => Operand::Negate(Box::new(self.operand(operand, mode))),
            Expr::Call(function, operand) => Operand::Call(*function, Box::new(self.operand(operand, mode))),
            Expr::Aggregate(group) => Operand::Aggregate(self.group(*group, mode)),
        }
    }

    fn equations(
        &mut self,
        literals: &[Literal],
        equations: &[usize],
        joined: &FxHashSet<VariableId>,
        mode: Mode,
    ) -> Equations {
        let binds_them = bound_by_equations(literals, equations, joined);
        debug_assert!(binds_them.iter().all(|v| binds(&Expr::Variable(*v), joined).is_some()), "bound by nothing else");
        let mut made = Vec::with_capacity(equations.len());
        for equation in equations {
            let LiteralKind::Compare { left, right, .. } = &literals[*equation].kind else { continue };
            let needs = [left, right].map(|side| {
                let mut needed = Vec::new();
                expr_variables(self.program, side, &mut needed);
                needed.into_iter().map(VariableId::index).collect()
            });
            made.push(Equation { sides: [self.operand(left, mode), self.operand(right, mode)], needs });
        }
        Equations { equations: made, binds: binds_them.into_iter().map(VariableId::index).collect() }
    }

    /// A group made ready, once for each plane it is judged in.
    fn group(&mut self, id: GroupId, mode: Mode) -> GroupRef {
        if let Some(found) = self.groups.find(id, mode) {
            return found;
        }
        let program = self.program;
        let group = program.group(id);
        let kind = match &group.kind {
            GroupKind::Negation => Kind::Negation(self.alternatives(id, mode.other())),
            GroupKind::Aggregate(kind, of) => {
                let of = of.as_ref().map(|of| self.operand(of, mode));
                let planes = match mode {
                    Mode::Both => vec![self.alternatives(id, Mode::Both)],
                    _ => vec![self.alternatives(id, Mode::Certain), self.alternatives(id, Mode::Possible)],
                };
                Kind::Aggregate { kind: *kind, of, planes, numeric: self.plan.sums_numbers(id) }
            }
        };
        let registers = |variables: &[VariableId]| variables.iter().map(|v| v.index()).collect();
        let ready = Group { parameters: registers(&group.parameters), own: registers(&group.own), kind };
        self.groups.add(id, mode, ready)
    }

    fn alternatives(&mut self, id: GroupId, mode: Mode) -> Vec<Body> {
        let program = self.program;
        let group = program.group(id);
        let place = Place { mode, bound: &group.parameters, last: None, in_group: true };
        group.alternatives.iter().map(|literals| self.body(literals, place)).collect()
    }

    fn anonymous(&self, literals: &[Literal], order: &[usize], place: Place<'_>) -> Vec<Anonymous> {
        let mut by_text: Vec<(usize, usize)> = order.iter().copied().enumerate().collect();
        by_text.sort_by_key(|(_, literal)| (&literals[*literal].text, *literal));
        let part = |(number, literal): (usize, usize)| {
            let LiteralKind::Atom(atom) = &literals[literal].kind else { return None };
            if is_records(self.program, atom.predicate) {
                return Some(Anonymous::Row { place: number, predicate: atom.predicate });
            }
            let wild = atom.args.iter().enumerate().filter(|(_, arg)| matches!(arg, Expr::Wildcard));
            let columns: Vec<usize> = wild.map(|(column, _)| column).collect();
            let table = self.table(atom.predicate, place);
            (!columns.is_empty()).then_some(Anonymous::Cells { place: number, table, columns })
        };
        by_text.into_iter().filter_map(part).collect()
    }
}

pub(super) fn is_records(program: &Program, predicate: PredicateId) -> bool {
    match program.predicate(predicate).kind {
        PredicateKind::Fact(fact) => matches!(program.fact(fact).kind, FactKind::Records(_)),
        _ => false,
    }
}

pub(super) fn is_known(arg: &Expr, known: &FxHashSet<VariableId>) -> bool {
    match arg {
        Expr::Constant(_) => true,
        Expr::Variable(v) => known.contains(v),
        _ => false,
    }
}
