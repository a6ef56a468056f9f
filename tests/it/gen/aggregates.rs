//! Random aggregates.

use super::body::{Bound, Context, KINDS, Kind};
use super::gene::{Gene, Tape};
use super::literals::turned;
use super::schema::Relation;
use super::tree::{Expr, Formula, Type};

impl Context<'_> {
    /// An equation or a comparison with an aggregate.
    pub(super) fn aggregated(&mut self, tape: &mut Tape, inner: &[Gene]) -> Option<Formula> {
        let ty = tape.weighted(&[(6, Type::Integer), (2, Type::Number), (1, Type::Date), (1, Type::Text)]);
        let equation = tape.chance(5);
        let aggregate = self.aggregate(ty, tape, inner)?;
        if equation {
            let name = self.name(ty, tape.below(3));
            self.add(name.clone(), ty);
            return Some(Formula::Compare(Expr::Variable(name), "=", aggregate));
        }
        let op = tape.one(&["=", ">", "<=", "!=", "<", ">="])?;
        Some(turned(Formula::Compare(aggregate, op, self.plain(ty, tape)?), tape))
    }

    /// `count(…)`, `count(E : …)`, `sum`, `min` or `max` with a result of the type.
    pub(super) fn aggregate(&mut self, ty: Type, tape: &mut Tape, inner: &[Gene]) -> Option<Expr> {
        if self.depth >= 3 {
            return None;
        }
        let function = match ty {
            Type::Integer => tape.weighted(&[(5, "count"), (4, "sum"), (2, "min"), (2, "max")]),
            Type::Number => tape.weighted(&[(3, "sum"), (2, "min"), (2, "max")]),
            Type::Date | Type::Text => tape.weighted(&[(1, "min"), (1, "max")]),
            Type::Bool | Type::Choice(_) => return None,
        };
        let mut group = self.inside();
        let columns = group.positive().into_iter().flat_map(|relation| {
            let columns = relation.columns.iter().enumerate();
            columns.filter(|(_, t)| function == "count" || t.fits(ty)).map(move |(column, _)| (relation, column))
        });
        let columns: Vec<(&Relation, usize)> = columns.collect();
        let (relation, column) = *tape.one(&columns)?;
        let mut body = vec![group.atom_about(relation, Some(column), tape)];
        let (binding, filters): (Vec<&Gene>, Vec<&Gene>) = inner.iter().partition(|gene| {
            matches!(Tape::new(&gene.choices).weighted(&KINDS), Kind::Atom | Kind::Equation | Kind::NotGroup)
        });
        let binding: Vec<Gene> = binding.into_iter().cloned().collect();
        body.extend(group.conjunction(&binding));
        let own = group.bound.iter().filter(|b| !self.bound.iter().any(|o| o.name == b.name));
        let own: Vec<&Bound> = own.filter(|b| function == "count" || b.ty.fits(ty)).collect();
        let of = match function {
            "count" if tape.chance(8) => None,
            _ => tape.one(&own).map(|b| Expr::Variable(b.name.clone())),
        };
        let of = match of {
            None if function != "count" => return None,
            Some(variable) if function != "count" && ty.is_numeric() && tape.chance(4) => {
                let other = group.plain(ty, tape)?;
                Some(Expr::Binary(tape.one(&["+", "*"])?, Box::new(variable), Box::new(other)))
            }
            // Without a variable it is the same for every solution.
            Some(_) if ty.is_numeric() && tape.chance(8) => {
                let (left, right) = (group.plain(ty, tape)?, group.plain(ty, tape)?);
                Some(Expr::Binary(tape.one(&["+", "*"])?, Box::new(left), Box::new(right)))
            }
            of => of,
        };
        let mut bodies = vec![body.clone()];
        for gene in filters {
            // The sides of an `or` bind the same variables: each is the same body with another filter.
            let mut side = if bodies.len() == 1 && tape.chance(8) { bodies.pop()? } else { body.clone() };
            let kind = Tape::new(&gene.choices).weighted(&KINDS);
            let mut choices = Tape::new(gene.choices.get(1..).unwrap_or(&[]));
            if kind.phase() == 3 {
                side.extend(group.literal(kind, &mut choices, &gene.inner));
            }
            if bodies.len() < 3 {
                bodies.push(side);
            }
        }
        self.singletons = group.singletons;
        Some(Expr::Aggregate(function, of.map(Box::new), bodies))
    }
}
