//! Random atoms, positive and negated.

use remit::value::Value;

use super::body::{Bound, Context};
use super::domain;
use super::exprs::variable_of;
use super::gene::Tape;
use super::schema::Relation;
use super::tree::{Args, Expr, Formula, Type};

impl<'s> Context<'s> {
    /// The relations that a positive atom may be about here.
    pub(super) fn positive(&self) -> Vec<&'s Relation> {
        let mut relations = self.schema.below(self.layer);
        if self.depth == 0 {
            relations.extend(self.schema.relations.iter().filter(|r| r.layer == self.layer && !r.decided));
        }
        relations
    }

    /// A positive atom; its variables become bound.
    pub(super) fn atom(&mut self, tape: &mut Tape) -> Option<Formula> {
        let relation = *tape.one(&self.positive())?;
        Some(self.atom_about(relation, None, tape))
    }

    /// A positive atom about a relation, with a variable in one of the columns.
    pub(super) fn atom_about(&mut self, relation: &Relation, variable: Option<usize>, tape: &mut Tape) -> Formula {
        self.recursive |= relation.layer == self.layer;
        let before = self.bound.clone();
        let mut args = Vec::new();
        for (column, ty) in relation.columns.iter().enumerate() {
            let case =
                if variable == Some(column) { 0 } else { tape.weighted(&[(9, 0), (3, 1), (3, 2), (2, 3), (2, 4)]) };
            args.push(match case {
                0 => self.bind(*ty, tape),
                1 => Expr::Wildcard,
                2 => constant_of(relation, *ty, tape).map_or(Expr::Wildcard, Expr::Constant),
                // An expression needs its variables from elsewhere.
                3 => self.join(&before, *ty, tape).unwrap_or(Expr::Wildcard),
                _ => self.computed_arg(&before, *ty, tape).unwrap_or(Expr::Wildcard),
            });
        }
        written(relation, args, tape)
    }

    /// An argument of an atom: a variable of this level, which the atom binds.
    fn bind(&mut self, ty: Type, tape: &mut Tape) -> Expr {
        let name = self.name(ty, tape.below(2));
        let known: Vec<Bound> = self.bound.iter().filter(|b| b.name == name).cloned().collect();
        if known.len() != self.joinable(&known, ty).len() {
            return Expr::Wildcard;
        }
        self.add(name.clone(), ty);
        Expr::Variable(name)
    }

    /// An argument of an atom: a variable that is bound already.
    fn join(&mut self, before: &[Bound], ty: Type, tape: &mut Tape) -> Option<Expr> {
        let variable = variable_of(&self.joinable(before, ty), ty, tape)?;
        if let Expr::Variable(name) = &variable {
            self.add(name.clone(), ty);
        }
        Some(variable)
    }

    /// The variables that an atom with such a column may bind again. In a side of an `or` it may
    /// not take options away from a variable: a literal beside the `or` may be about them.
    fn joinable(&self, bound: &[Bound], column: Type) -> Vec<Bound> {
        let keeps = |b: &&Bound| match (b.ty, column) {
            (Type::Choice(of), Type::Choice(column)) => self.side == 0 || of & column == of,
            _ => true,
        };
        bound.iter().filter(keeps).cloned().collect()
    }

    fn computed_arg(&self, before: &[Bound], ty: Type, tape: &mut Tape) -> Option<Expr> {
        if let Type::Integer = ty
            && let Some(variable) = variable_of(before, ty, tape)
        {
            let one = Expr::Constant(Value::Integer(1));
            return Some(Expr::Binary("+", Box::new(variable), Box::new(one)));
        }
        self.fact(ty, tape)
    }

    /// `not p(…)`; its arguments are evaluated in place.
    pub(super) fn negated_atom(&mut self, tape: &mut Tape) -> Option<Formula> {
        let relation = *tape.one(&self.schema.below(self.layer))?;
        let mut args = Vec::new();
        for ty in &relation.columns {
            args.push(match tape.weighted(&[(6, 0), (2, 1), (3, 2), (1, 3)]) {
                0 => match self.expr(*ty, tape, &[], 1) {
                    Some(expr) => expr,
                    None => Expr::Wildcard,
                },
                1 => constant_of(relation, *ty, tape).map_or(Expr::Wildcard, Expr::Constant),
                2 => Expr::Wildcard,
                _ => {
                    self.singletons += 1;
                    Expr::Variable(format!("Only{}", self.singletons))
                }
            });
        }
        let atom = written(relation, args, tape);
        Some(match tape.weighted(&[(8, 0), (1, 1), (1, 2)]) {
            0 => Formula::Not(Box::new(atom)),
            1 => Formula::Not(Box::new(Formula::Not(Box::new(Formula::Not(Box::new(atom)))))),
            _ => Formula::Not(Box::new(Formula::Group(vec![Formula::Not(Box::new(atom))]))),
        })
    }
}

/// A constant for a column. An integer constant may stand in a number column of a fact.
fn constant_of(relation: &Relation, ty: Type, tape: &mut Tape) -> Option<Value> {
    match ty {
        Type::Number if relation.layer == 0 && tape.chance(6) => domain::constant(Type::Integer, tape),
        other => domain::constant(other, tape),
    }
}

/// An atom, its columns named or by place.
fn written(relation: &Relation, args: Vec<Expr>, tape: &mut Tape) -> Formula {
    if relation.decided {
        let decision = Expr::Fact(relation.name.clone());
        let args = std::iter::once(decision).chain(args).collect();
        return Formula::Atom("decided".to_string(), Args::Positional(args));
    }
    let args = if args.is_empty() {
        Args::None
    } else if relation.named.is_empty() || tape.chance(6) {
        Args::Positional(args)
    } else {
        let named = relation.named.iter().cloned().zip(args);
        let kept: Vec<_> = named.filter(|(_, arg)| !matches!(arg, Expr::Wildcard)).collect();
        match kept.is_empty() {
            true => Args::Positional(vec![Expr::Wildcard; relation.columns.len()]),
            false => Args::Named(kept),
        }
    };
    Formula::Atom(relation.name.clone(), args)
}
