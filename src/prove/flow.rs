//! Goes through the clauses and invariants of policies and notes which values may meet,
//! and what they are compared with.
//!
//! Notes too much rather than too little: what is noted makes the abstraction finer.

use std::collections::HashMap;

use super::classes::{Classes, Draft, Note, Place, Scope};
use super::closed::{closed, shifted};
use super::probe::{Question, probes};
use super::slots::{Shape, Slots};
use crate::engine::plan::literal_exprs;
use crate::program::{
    AggregateKind, Atom, CompareOp, Expr, Fact, FactId, FactKind, Given, Group, GroupId, GroupKind, Literal,
    LiteralKind, PredicateKind, Program, Scalar, VariableId,
};
use crate::value::Value;

/// The classes of these policies, with at most so many rows in records and lists.
pub fn classes(programs: &[&Program], slots: &Slots, rows: usize) -> Classes {
    let mut draft = Draft::default();
    capacities(slots, rows, &mut draft);
    defaults(programs, slots, &mut draft);
    for (number, program) in programs.iter().enumerate() {
        columns_of_facts(number, program, slots, &mut draft);
        for (scope, bodies, variables) in scopes(number, program) {
            let mut flow = Flow {
                program,
                slots,
                scope,
                draft: &mut draft,
                met: HashMap::new(),
                equated: HashMap::new(),
                variables,
            };
            bodies.iter().copied().flatten().for_each(|literal| flow.literal(literal));
            flow.joins();
        }
        for (index, clause) in program.clauses.iter().enumerate() {
            let scope = Scope { program: number, number: index };
            for (column, arg) in clause.args.iter().enumerate() {
                let column = Place::Column(number, clause.head, column);
                match arg {
                    Expr::Variable(v) => draft.join(column, Place::Variable(scope, *v)),
                    Expr::Constant(value) => draft.note(column, Note::Constant(value.clone())),
                    _ => {}
                }
            }
        }
    }
    draft.finish()
}

/// Every clause and invariant, with its bodies and how many variables it has.
fn scopes(number: usize, program: &Program) -> Vec<(Scope, Vec<&Vec<Literal>>, usize)> {
    let clauses = program.clauses.iter().map(|clause| (vec![&clause.body], clause.variables.len()));
    let invariants = program.invariants.iter().map(|i| (i.body.alternatives.iter().collect(), i.body.variables.len()));
    let all = clauses.chain(invariants).enumerate();
    all.map(|(i, (bodies, variables))| (Scope { program: number, number: i }, bodies, variables)).collect()
}

fn capacities(slots: &Slots, rows: usize, draft: &mut Draft) {
    for (id, slot) in slots.slots.iter().enumerate() {
        let capacity = if slot.shape == Shape::Single { 1 } else { rows };
        for (column, declared) in slot.columns.iter().enumerate() {
            let place = Place::Cell(id, column);
            draft.note(place, Note::Capacity(capacity));
            match declared.scalar {
                Scalar::Integer => draft.note(place, Note::Integers),
                Scalar::Number => draft.note(place, Note::Numbers),
                Scalar::Text => draft.note(place, Note::Texts),
                _ => {}
            }
        }
    }
}

/// Where policies assume different values of a fact, they are values that it is looked at with.
fn defaults(programs: &[&Program], slots: &Slots, draft: &mut Draft) {
    let facts = |number: usize| (0..programs[number].facts.len()).map(move |index| (number, FactId(index as u32)));
    let default = |(number, fact): (usize, FactId)| programs[number].fact(fact).default.as_ref();
    let all: Vec<(usize, FactId)> = (0..programs.len()).flat_map(facts).collect();
    let slot = |(number, fact): (usize, FactId)| slots.slot_of(number, fact);
    for one in &all {
        if all.iter().all(|other| slot(*other) != slot(*one) || default(*other) == default(*one)) {
            continue;
        }
        let rows = match default(*one) {
            Some(Given::Value(value)) => vec![std::slice::from_ref(value)],
            Some(Given::Rows(rows)) => rows.iter().map(Vec::as_slice).collect(),
            None => Vec::new(),
        };
        for (column, value) in rows.into_iter().flat_map(|row| row.iter().enumerate()) {
            if !value.is_unknown() {
                let cell = cell(slots, one.0, one.1, programs[one.0], column);
                draft.note(cell, Note::Constant(value.clone()));
            }
        }
    }
}

fn columns_of_facts(number: usize, program: &Program, slots: &Slots, draft: &mut Draft) {
    for (index, fact) in program.facts.iter().enumerate() {
        let id = FactId(index as u32);
        for column in 0..columns(fact) {
            let cell = cell(slots, number, id, program, column);
            draft.join(cell, Place::Column(number, fact.predicate, column));
        }
    }
}

fn columns(fact: &Fact) -> usize {
    match &fact.kind {
        FactKind::Single(_) | FactKind::List(_) => 1,
        FactKind::Records(columns) => columns.len(),
    }
}

/// The cell of a column of a fact; two policies may write the columns in another order.
pub fn cell(slots: &Slots, number: usize, fact: FactId, program: &Program, column: usize) -> Place {
    let slot = slots.slot_of(number, fact);
    let place = match &program.fact(fact).kind {
        FactKind::Records(columns) => {
            let name = &columns[column].name;
            slots.slots[slot].columns.iter().position(|known| known.name == *name).unwrap_or(column)
        }
        _ => 0,
    };
    Place::Cell(slot, place)
}

struct Flow<'a, 'd> {
    program: &'a Program,
    slots: &'d Slots,
    scope: Scope,
    draft: &'d mut Draft,
    /// How many arguments of atoms each variable is.
    met: HashMap<VariableId, usize>,
    /// How many equations say what each variable is calculated from.
    equated: HashMap<VariableId, usize>,
    variables: usize,
}

impl<'a> Flow<'a, '_> {
    fn literal(&mut self, literal: &'a Literal) {
        for expr in literal_exprs(literal) {
            expr.aggregates(&mut |id| self.group(id));
        }
        match &literal.kind {
            LiteralKind::Atom(atom) | LiteralKind::NotAtom(atom) => self.atom(atom),
            LiteralKind::NotGroup(group) => self.group(*group),
            LiteralKind::Compare { left, op, right } => self.comparison(literal, left, *op, right),
            LiteralKind::In { subject, list, .. } => match self.plain(subject) {
                Some(place) => list.iter().for_each(|v| self.draft.note(place, Note::Constant(v.clone()))),
                None => self.condition(literal, &[subject], list),
            },
            LiteralKind::Test { subject, pattern, .. } => self.condition(literal, &[subject, pattern], &[]),
        }
    }

    fn atom(&mut self, atom: &'a Atom) {
        for (index, arg) in atom.args.iter().enumerate() {
            let column = Place::Column(self.scope.program, atom.predicate, index);
            if let Expr::Variable(v) = arg {
                *self.met.entry(*v).or_default() += 1;
            }
            if let Some(value) = closed(arg) {
                self.draft.note(column, Note::Constant(value));
                continue;
            }
            match (arg, self.plain(arg)) {
                (Expr::Wildcard, _) => {}
                (Expr::Variable(_), Some(place)) => self.draft.join(column, place),
                (_, Some(place)) => {
                    self.draft.join(column, place);
                    self.draft.note(column, Note::Injective);
                }
                (_, None) => {
                    self.draft.note(column, Note::Injective);
                    self.calculated(&[arg], &[], Some(column));
                }
            }
        }
    }

    fn comparison(&mut self, literal: &'a Literal, left: &'a Expr, op: CompareOp, right: &'a Expr) {
        let ordered = !matches!(op, CompareOp::Eq | CompareOp::Ne);
        let sides = (self.plain(left), self.plain(right));
        let (one, other) = match (sides, closed(left), closed(right)) {
            ((Some(place), None), _, Some(value)) | ((None, Some(place)), Some(value), _) => {
                self.draft.note(place, Note::Constant(value));
                (place, None)
            }
            ((Some(one), Some(other)), ..) => {
                self.draft.join(one, other);
                self.draft.note(one, Note::Injective);
                (one, Some(other))
            }
            ((Some(Place::Variable(_, variable)), None), ..) if op == CompareOp::Eq => {
                return self.equation(variable, right);
            }
            ((None, Some(Place::Variable(_, variable))), ..) if op == CompareOp::Eq => {
                return self.equation(variable, left);
            }
            _ => return self.condition(literal, &[left, right], &[]),
        };
        if ordered {
            self.draft.note(one, Note::OrdersTexts);
            other.into_iter().for_each(|other| self.draft.note(other, Note::OrdersTexts));
        }
    }

    /// A variable and what it is calculated from.
    fn equation(&mut self, variable: VariableId, expr: &'a Expr) {
        let place = Place::Variable(self.scope, variable);
        *self.equated.entry(variable).or_default() += 1;
        self.draft.note(place, Note::Computed);
        self.calculated(&[expr], &[], Some(place));
    }

    /// A literal that calculates or tests: exactly followed where it is about one value alone.
    fn condition(&mut self, literal: &'a Literal, exprs: &[&'a Expr], list: &[Value]) {
        if let Some(solved) = shifted(literal)
            && let Some(place) = self.plain(solved.leaf)
        {
            for turn in solved.turns {
                self.draft.note(place, Note::Constant(turn));
            }
            return self.draft.note(place, Note::Modulus(solved.divisor));
        }
        if let Some((leaf, probes)) = probes(literal)
            && let Some(place) = self.plain(leaf)
        {
            for probe in probes {
                if let Question::Test(_, pattern, None) = &probe.question {
                    self.draft.note(place, Note::Step(Value::Text(pattern.clone())));
                }
                self.draft.note(place, Note::Probe(probe));
            }
            return;
        }
        self.calculated(exprs, list, None);
    }

    /// Arithmetic over several values, perhaps into a place: they are kept apart, and constants tell how far.
    fn calculated(&mut self, exprs: &[&'a Expr], list: &[Value], into: Option<Place>) {
        let (mut places, mut constants) = (Vec::new(), list.to_vec());
        for expr in exprs {
            leaves(self.program, self.slots, self.scope, expr, &mut places, &mut constants);
        }
        let Some(first) = into.or(places.first().copied()) else { return };
        for place in places {
            self.draft.join_loosely(first, place);
            self.draft.note(place, Note::Injective);
        }
        self.draft.note(first, Note::Calculated);
        for constant in constants {
            self.draft.note(first, Note::Step(constant));
        }
    }

    fn group(&mut self, id: GroupId) {
        let group = self.program.group(id);
        group.alternatives.iter().flatten().for_each(|literal| self.literal(literal));
        let GroupKind::Aggregate(kind, of) = &group.kind else { return };
        of.iter().for_each(|of| of.aggregates(&mut |id| self.group(id)));
        match (kind, of) {
            (AggregateKind::Min | AggregateKind::Max, Some(of)) => {
                let extreme = Place::Extreme(self.scope.program, id);
                match self.plain(of) {
                    Some(place) => self.draft.join(extreme, place),
                    None => {
                        self.draft.note(extreme, Note::Injective);
                        self.calculated(&[of], &[], Some(extreme));
                    }
                }
                self.draft.note(extreme, Note::OrdersTexts);
            }
            _ => self.counted(group, of.as_ref()),
        }
    }

    /// Solutions are counted or added up, so what tells them apart must stay apart.
    fn counted(&mut self, group: &'a Group, of: Option<&'a Expr>) {
        if let Some(of) = of {
            match self.plain(of) {
                Some(place) => self.draft.note(place, Note::Injective),
                None => self.calculated(&[of], &[], None),
            }
        }
        for literal in group.alternatives.iter().flatten() {
            let LiteralKind::Atom(atom) = &literal.kind else { continue };
            for (column, arg) in atom.args.iter().enumerate() {
                if matches!(arg, Expr::Wildcard) && !self.is_records(atom) {
                    let column = Place::Column(self.scope.program, atom.predicate, column);
                    self.draft.note(column, Note::Injective);
                }
            }
        }
        for variable in &group.own {
            self.draft.note(Place::Variable(self.scope, *variable), Note::Injective);
        }
    }

    fn is_records(&self, atom: &Atom) -> bool {
        match self.program.predicate(atom.predicate).kind {
            PredicateKind::Fact(fact) => matches!(self.program.fact(fact).kind, FactKind::Records(_)),
            _ => false,
        }
    }

    /// A variable that stands in two atoms joins them; one that is calculated and stands in an atom, or is
    /// calculated twice, compares them.
    fn joins(&mut self) {
        for variable in (0..self.variables as u32).map(VariableId) {
            let of = |times: &HashMap<VariableId, usize>| times.get(&variable).copied().unwrap_or_default();
            let (met, equated) = (of(&self.met), of(&self.equated));
            if met > 1 || equated > 1 || (met > 0 && equated > 0) {
                self.draft.note(Place::Variable(self.scope, variable), Note::Injective);
            }
        }
    }

    fn plain(&self, expr: &Expr) -> Option<Place> {
        plain(self.program, self.slots, self.scope, expr)
    }
}

/// The place of an expression that is a value as it is: a variable, a fact, the least or
/// greatest of such.
pub fn plain(program: &Program, slots: &Slots, scope: Scope, expr: &Expr) -> Option<Place> {
    match expr {
        Expr::Variable(v) => Some(Place::Variable(scope, *v)),
        Expr::Fact(fact) => Some(cell(slots, scope.program, *fact, program, 0)),
        Expr::Aggregate(id) => match &program.group(*id).kind {
            GroupKind::Aggregate(AggregateKind::Min | AggregateKind::Max, Some(of)) => {
                plain(program, slots, scope, of).map(|_| Place::Extreme(scope.program, *id))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The places and constants that an expression is calculated from.
pub fn leaves(
    program: &Program,
    slots: &Slots,
    scope: Scope,
    expr: &Expr,
    places: &mut Vec<Place>,
    constants: &mut Vec<Value>,
) {
    if let Some(place) = plain(program, slots, scope, expr) {
        return places.push(place);
    }
    match expr {
        Expr::Constant(value) => constants.push(value.clone()),
        Expr::Binary { left, right, .. } => {
            leaves(program, slots, scope, left, places, constants);
            leaves(program, slots, scope, right, places, constants);
        }
        Expr::Negate(operand) | Expr::Call(_, operand) => {
            leaves(program, slots, scope, operand, places, constants);
        }
        Expr::Aggregate(id) => match &program.group(*id).kind {
            // How many different values there are does not depend on which they are.
            GroupKind::Aggregate(AggregateKind::Count, Some(of)) if plain(program, slots, scope, of).is_some() => {}
            GroupKind::Aggregate(_, Some(of)) => leaves(program, slots, scope, of, places, constants),
            _ => {}
        },
        Expr::Wildcard | Expr::Variable(_) | Expr::Fact(_) => {}
    }
}
