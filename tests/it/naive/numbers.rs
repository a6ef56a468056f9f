//! §2: "An integer constant is a number where one is expected."
//!
//! Finds which columns of conclusions hold numbers, turns integer constants that stand
//! there into numbers, and notes which sums are of numbers.

use std::collections::BTreeSet;

use remit::syntax::tree::{AggregateKind, CompareOp};
use remit::value::Value;

use super::clause::{Clause, Group, Literal, LiteralKind, Relation, Term};
use super::singletons::bound_by;
use super::vocabulary::Vocabulary;

struct Numbers<'a> {
    vocabulary: &'a Vocabulary,
    columns: BTreeSet<(Relation, usize)>,
}

/// Converts the constants of all clauses.
pub fn convert(vocabulary: &Vocabulary, clauses: &mut [Clause]) {
    let mut numbers = Numbers { vocabulary, columns: BTreeSet::new() };
    loop {
        let before = numbers.columns.len();
        for clause in clauses.iter() {
            let variables = numbers.variables(clause);
            for (column, arg) in clause.args.iter().enumerate() {
                if numbers.is_number(arg, &variables) {
                    numbers.columns.insert((clause.head.clone(), column));
                }
            }
        }
        if numbers.columns.len() == before {
            break;
        }
    }
    for clause in clauses {
        let variables = numbers.variables(clause);
        numbers.convert_args(&clause.head, &mut clause.args);
        numbers.convert_body(&mut clause.body, &variables);
    }
}

impl Numbers<'_> {
    fn is_number_column(&self, relation: &Relation, column: usize) -> bool {
        match self.vocabulary.cell(relation, column) {
            Some(cell) => cell.number,
            None => self.columns.contains(&(relation.clone(), column)),
        }
    }

    fn is_number(&self, term: &Term, variables: &BTreeSet<String>) -> bool {
        match term {
            Term::Constant(value) => matches!(value, Value::Number(_)),
            Term::Variable(name) => variables.contains(name),
            Term::Fact(name) => self.is_number_column(&Relation::Named(name.clone()), 0),
            Term::Binary(_, left, right) => self.is_number(left, variables) || self.is_number(right, variables),
            Term::Negate(inner) => self.is_number(inner, variables),
            Term::Aggregate(aggregate) if aggregate.function != AggregateKind::Count => {
                aggregate.of.as_ref().is_some_and(|of| self.is_number(of, variables))
            }
            Term::Aggregate(_) | Term::Call(..) | Term::Wildcard => false,
        }
    }

    /// The variables of a clause, its groups included, that are numbers.
    fn variables(&self, clause: &Clause) -> BTreeSet<String> {
        let mut variables = BTreeSet::new();
        loop {
            let before = variables.len();
            self.note_body(&clause.body, &BTreeSet::new(), &mut variables);
            if variables.len() == before {
                return variables;
            }
        }
    }

    /// An equation types a variable only if neither an atom nor an outer literal binds it.
    fn note_body(&self, body: &[Literal], outer: &BTreeSet<String>, variables: &mut BTreeSet<String>) {
        let mut typed = outer.clone();
        typed.extend(body.iter().flat_map(variables_of_atom));
        let mut inside = outer.clone();
        inside.extend(bound_by(body));
        for literal in body {
            match &literal.kind {
                LiteralKind::Atom(relation, args) => {
                    for (column, arg) in args.iter().enumerate() {
                        if let Term::Variable(name) = arg
                            && self.is_number_column(relation, column)
                        {
                            variables.insert(name.clone());
                        }
                    }
                }
                LiteralKind::Compare(left, CompareOp::Eq, right) => {
                    for (one, other) in [(left, right), (right, left)] {
                        if let Term::Variable(name) = one
                            && !typed.contains(name)
                            && self.is_number(other, variables)
                        {
                            variables.insert(name.clone());
                        }
                    }
                }
                _ => {}
            }
            for group in groups(literal) {
                group.alternatives.iter().for_each(|side| self.note_body(side, &inside, variables));
            }
        }
    }

    fn convert_args(&self, relation: &Relation, args: &mut [Term]) {
        for (column, arg) in args.iter_mut().enumerate() {
            if self.is_number_column(relation, column) {
                as_number(arg);
            }
        }
    }

    fn convert_body(&self, body: &mut [Literal], variables: &BTreeSet<String>) {
        for literal in body {
            if let LiteralKind::Atom(relation, args) | LiteralKind::NotAtom(relation, args) = &mut literal.kind {
                self.convert_args(relation, args);
            }
            if let LiteralKind::Compare(left, _, right) = &mut literal.kind {
                let is_number = |side: &Term| matches!(side, Term::Variable(name) if variables.contains(name));
                let (of_left, of_right) = (is_number(left), is_number(right));
                if of_left {
                    as_number(right);
                }
                if of_right {
                    as_number(left);
                }
            }
            if let LiteralKind::NotGroup(group) = &mut literal.kind {
                group.alternatives.iter_mut().for_each(|side| self.convert_body(side, variables));
            }
            literal.terms_mut().into_iter().for_each(|term| self.convert_term(term, variables));
        }
    }

    fn convert_term(&self, term: &mut Term, variables: &BTreeSet<String>) {
        match term {
            Term::Binary(_, left, right) => {
                self.convert_term(left, variables);
                self.convert_term(right, variables);
            }
            Term::Negate(inner) | Term::Call(_, inner) => self.convert_term(inner, variables),
            Term::Aggregate(aggregate) => {
                aggregate.of_number = aggregate.of.as_ref().is_some_and(|of| self.is_number(of, variables));
                aggregate.of.iter_mut().for_each(|of| self.convert_term(of, variables));
                aggregate.body.alternatives.iter_mut().for_each(|side| self.convert_body(side, variables));
            }
            _ => {}
        }
    }
}

fn as_number(term: &mut Term) {
    if let Term::Constant(Value::Integer(i)) = term {
        *term = Term::Constant(Value::number(*i as f64).expect("an integer is finite"));
    }
}

fn variables_of_atom(literal: &Literal) -> Vec<String> {
    let LiteralKind::Atom(_, args) = &literal.kind else { return Vec::new() };
    let mut names = Vec::new();
    for arg in args {
        if let Term::Variable(name) = arg {
            names.push(name.clone());
        }
    }
    names
}

/// The groups of a literal: that of a negation, those of the aggregates in its expressions.
pub fn groups(literal: &Literal) -> Vec<&Group> {
    let mut found: Vec<&Group> = literal.terms().into_iter().flat_map(Term::aggregates).map(|a| &a.body).collect();
    if let LiteralKind::NotGroup(group) = &literal.kind {
        found.push(group);
    }
    found
}
