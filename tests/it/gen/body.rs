//! Random bodies that are safe and well typed by construction.
//!
//! A conjunction is built in the order in which its variables become bound: atoms, `or`s,
//! equations, then all that only uses variables. Own variables of groups have other names
//! than outer ones, and the same as those of other groups.

use remit::value::Value;

use super::domain::{self, PATTERNS};
use super::gene::{Gene, Tape};
use super::schema::{Relation, Schema};
use super::tree::{Args, Expr, Formula, Type};

/// A variable that is bound, with its type.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    pub name: String,
    pub ty: Type,
}

/// What a conjunction may use.
#[derive(Debug, Clone)]
pub struct Context<'s> {
    pub schema: &'s Schema,
    /// The stratum of the rule's head.
    pub layer: usize,
    /// How many groups this is inside of.
    pub depth: usize,
    pub bound: Vec<Bound>,
    /// Whether an atom of the head's own stratum has been used.
    pub recursive: bool,
    /// How many variables have names of their own.
    pub singletons: usize,
    /// The number of the innermost `or` that this is a side of; 0 for none.
    side: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Atom,
    Or,
    Equation,
    Compare,
    NotAtom,
    NotGroup,
    In,
    Test,
    Aggregate,
}

impl Kind {
    fn phase(self) -> usize {
        match self {
            Kind::Atom => 0,
            Kind::Or => 1,
            Kind::Equation | Kind::Aggregate => 2,
            _ => 3,
        }
    }
}

const KINDS: [(u8, Kind); 9] = [
    (44, Kind::Atom),
    (14, Kind::NotAtom),
    (16, Kind::Compare),
    (14, Kind::NotGroup),
    (14, Kind::Equation),
    (10, Kind::Or),
    (18, Kind::Aggregate),
    (6, Kind::In),
    (6, Kind::Test),
];

impl<'s> Context<'s> {
    pub fn new(schema: &'s Schema, layer: usize) -> Self {
        Self { schema, layer, depth: 0, bound: Vec::new(), recursive: false, singletons: 0, side: 0 }
    }

    /// A conjunction of one literal for each gene; binds variables in this context.
    fn conjunction(&mut self, genes: &[Gene]) -> Vec<Formula> {
        let outer = self.bound.clone();
        let mut body = self.literals(genes);
        self.use_equations(&outer, "", &mut body);
        body
    }

    /// The same, but a variable may yet occur once in a comparison: see [`Self::use_equations`].
    pub fn literals(&mut self, genes: &[Gene]) -> Vec<Formula> {
        let kinds: Vec<(Kind, &Gene)> =
            genes.iter().map(|gene| (Tape::new(&gene.choices).weighted(&KINDS), gene)).collect();
        let mut body = Vec::new();
        for phase in 0..4 {
            for (kind, gene) in kinds.iter().filter(|(kind, _)| kind.phase() == phase) {
                let mut tape = Tape::new(gene.choices.get(1..).unwrap_or(&[]));
                body.extend(self.literal(*kind, &mut tape, &gene.inner));
            }
        }
        body
    }

    fn literal(&mut self, kind: Kind, tape: &mut Tape, inner: &[Gene]) -> Option<Formula> {
        match kind {
            Kind::Atom => self.atom(tape),
            Kind::Aggregate => self.aggregated(tape, inner),
            Kind::Or => self.either(tape, inner),
            Kind::Equation => self.equation(tape, inner),
            Kind::Compare => self.comparison(tape, inner).map(|f| turned(f, tape)),
            Kind::In => self.membership(tape, inner).map(|f| turned(f, tape)),
            Kind::Test => self.test(tape).map(|f| turned(f, tape)),
            Kind::NotAtom => self.negated_atom(tape),
            Kind::NotGroup => self.negated_group(tape, inner),
        }
    }

    /// The relations that a positive atom may be about here.
    fn positive(&self) -> Vec<&'s Relation> {
        let mut relations = self.schema.below(self.layer);
        if self.depth == 0 {
            relations.extend(self.schema.relations.iter().filter(|r| r.layer == self.layer && !r.decided));
        }
        relations
    }

    /// A positive atom; its variables become bound.
    fn atom(&mut self, tape: &mut Tape) -> Option<Formula> {
        let relation = *tape.one(&self.positive())?;
        Some(self.atom_about(relation, None, tape))
    }

    /// A positive atom about a relation, with a variable in one of the columns.
    fn atom_about(&mut self, relation: &Relation, variable: Option<usize>, tape: &mut Tape) -> Formula {
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
        let variable = before_or(&self.joinable(before, ty), ty, tape)?;
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

    fn name(&self, ty: Type, index: usize) -> String {
        let level = ["", "G", "H", "J"][self.depth.min(3)];
        match ty {
            Type::Choice(_) if self.side > 0 => format!("{level}{}{index}x{}", ty.letter(), self.side),
            _ => format!("{level}{}{index}", ty.letter()),
        }
    }

    fn add(&mut self, name: String, ty: Type) {
        match self.bound.iter_mut().find(|b| b.name == name) {
            None => self.bound.push(Bound { name, ty }),
            Some(known) => {
                if let (Type::Choice(old), Type::Choice(new)) = (known.ty, ty) {
                    known.ty = Type::Choice(old & new);
                }
            }
        }
    }

    fn computed_arg(&self, before: &[Bound], ty: Type, tape: &mut Tape) -> Option<Expr> {
        if let Type::Integer = ty
            && let Some(variable) = before_or(before, ty, tape)
        {
            let one = Expr::Constant(Value::Integer(1));
            return Some(Expr::Binary("+", Box::new(variable), Box::new(one)));
        }
        self.fact(ty, tape)
    }

    fn fact(&self, ty: Type, tape: &mut Tape) -> Option<Expr> {
        let facts: Vec<&String> =
            self.schema.singles.iter().filter(|(_, t)| t.fits(ty)).map(|(name, _)| name).collect();
        tape.one(&facts).map(|name| Expr::Fact((*name).clone()))
    }

    fn variable(&self, ty: Type, tape: &mut Tape) -> Option<Expr> {
        before_or(&self.bound, ty, tape)
    }

    /// `( … or … )`; what every side binds is bound afterwards.
    fn either(&mut self, tape: &mut Tape, inner: &[Gene]) -> Option<Formula> {
        let count = (2 + usize::from(tape.chance(3))).min(inner.len());
        let mut sides = Vec::new();
        let mut exported: Option<Vec<Bound>> = None;
        self.singletons += 1;
        let number = self.singletons;
        for i in 0..count {
            let genes: Vec<Gene> = inner.iter().skip(i).step_by(count).cloned().collect();
            let mut context = Self { side: number, ..self.clone() };
            let side = context.conjunction(&genes);
            if side.is_empty() {
                continue;
            }
            self.recursive |= context.recursive;
            self.singletons = context.singletons;
            exported = Some(match exported {
                None => context.bound,
                Some(common) => common.iter().filter_map(|b| shared(b, &context.bound)).collect(),
            });
            sides.push(side);
        }
        for Bound { name, ty } in exported? {
            self.add(name, ty);
        }
        match sides.len() {
            1 => Some(Formula::Group(sides.pop()?)),
            _ => Some(Formula::Or(sides)),
        }
    }

    /// `V = expression`; binds `V`, if nothing else does.
    fn equation(&mut self, tape: &mut Tape, inner: &[Gene]) -> Option<Formula> {
        let ty = self.any_type(tape);
        let mut name = self.name(ty, tape.below(3));
        let expr = match ty {
            // What is compared with an option may be it: so a new variable.
            Type::Choice(_) if tape.chance(6) => {
                self.singletons += 1;
                name = self.name(ty, 10 + self.singletons);
                Expr::Constant(domain::constant(Type::Choice(0b111), tape)?)
            }
            Type::Choice(_) => {
                self.singletons += 1;
                name = self.name(ty, 10 + self.singletons);
                self.plain(ty, tape)?
            }
            _ if tape.chance(5) => self.plain(ty, tape)?,
            _ => self.expr(ty, tape, inner, 2)?,
        };
        if matches!(&expr, Expr::Variable(other) if *other == name) {
            return None;
        }
        let ty = match &expr {
            Expr::Constant(value) if matches!(ty, Type::Choice(_)) => Type::Choice(bit(value)),
            other => self.type_of(other).unwrap_or(ty),
        };
        self.add(name.clone(), ty);
        let variable = Expr::Variable(name);
        Some(match tape.chance(4) {
            false => Formula::Compare(variable, "=", expr),
            true => Formula::Compare(expr, "=", variable),
        })
    }

    /// The type of a plain expression with what is known of its options.
    fn type_of(&self, expr: &Expr) -> Option<Type> {
        match expr {
            Expr::Variable(name) => self.bound.iter().find(|b| b.name == *name).map(|b| b.ty),
            Expr::Fact(name) => self.schema.singles.iter().find(|(n, _)| n == name).map(|(_, ty)| *ty),
            _ => None,
        }
    }

    fn options_of(&self, expr: &Expr) -> u8 {
        match (expr, self.type_of(expr)) {
            (Expr::Constant(value), _) => bit(value),
            (_, Some(Type::Choice(bits))) => bits,
            _ => 0,
        }
    }

    fn any_type(&self, tape: &mut Tape) -> Type {
        let all = Type::Choice(0);
        tape.weighted(&[
            (6, Type::Integer),
            (3, Type::Number),
            (3, all),
            (2, Type::Bool),
            (2, Type::Date),
            (2, Type::Text),
        ])
    }

    /// A variable, a constant or a fact.
    pub fn plain(&self, ty: Type, tape: &mut Tape) -> Option<Expr> {
        let case = tape.weighted(&[(6, 0), (4, 1), (4, 2)]);
        let variable = |tape: &mut Tape| self.variable(ty, tape);
        let fact = |tape: &mut Tape| self.fact(ty, tape);
        let constant = |tape: &mut Tape| domain::constant(ty, tape).map(Expr::Constant);
        match case {
            0 => variable(tape).or_else(|| fact(tape)).or_else(|| constant(tape)),
            1 => constant(tape).or_else(|| variable(tape)).or_else(|| fact(tape)),
            _ => fact(tape).or_else(|| variable(tape)).or_else(|| constant(tape)),
        }
    }

    /// Any expression of a type.
    pub fn expr(&mut self, ty: Type, tape: &mut Tape, inner: &[Gene], depth: usize) -> Option<Expr> {
        let composite = depth > 0 && tape.chance(9);
        if !composite {
            return self.plain(ty, tape);
        }
        if !inner.is_empty()
            && tape.chance(10)
            && let Some(aggregate) = self.aggregate(ty, tape, inner)
        {
            return Some(aggregate);
        }
        let ops = ["+", "-", "*", "/", "%"];
        match ty {
            Type::Integer => match tape.weighted(&[(8, 0), (2, 1), (2, 2), (1, 3)]) {
                1 => Some(Expr::Call("length", Box::new(self.expr(Type::Text, tape, &[], depth - 1)?))),
                2 => Some(Expr::Negate(Box::new(self.expr(ty, tape, &[], depth - 1)?))),
                3 => self.binary("-", Type::Date, Type::Date, tape, depth),
                _ => self.binary(tape.one(&ops)?, ty, ty, tape, depth),
            },
            Type::Number => match tape.weighted(&[(5, 0), (2, 1), (1, 2), (2, 3)]) {
                1 => self.binary(tape.one(&ops)?, Type::Integer, ty, tape, depth),
                2 => Some(Expr::Negate(Box::new(self.expr(ty, tape, &[], depth - 1)?))),
                3 => self.binary(tape.one(&ops)?, ty, Type::Integer, tape, depth),
                _ => self.binary(tape.one(&ops)?, ty, ty, tape, depth),
            },
            Type::Date => self.binary(["+", "-"][tape.below(2)], ty, Type::Integer, tape, depth),
            Type::Text => {
                Some(Expr::Call(["lower", "upper"][tape.below(2)], Box::new(self.expr(ty, tape, &[], depth - 1)?)))
            }
            Type::Bool | Type::Choice(_) => self.plain(ty, tape),
        }
    }

    fn binary(&mut self, op: &'static str, left: Type, right: Type, tape: &mut Tape, depth: usize) -> Option<Expr> {
        let left = self.expr(left, tape, &[], depth - 1)?;
        let right = self.expr(right, tape, &[], depth - 1)?;
        Some(Expr::Binary(op, Box::new(left), Box::new(right)))
    }

    /// An equation or a comparison with an aggregate.
    fn aggregated(&mut self, tape: &mut Tape, inner: &[Gene]) -> Option<Formula> {
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
    fn aggregate(&mut self, ty: Type, tape: &mut Tape, inner: &[Gene]) -> Option<Expr> {
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

    /// The context of a group in this one: all that is bound so far is a parameter.
    fn inside(&self) -> Self {
        Self { depth: self.depth + 1, recursive: false, ..self.clone() }
    }

    /// `left op right`.
    fn comparison(&mut self, tape: &mut Tape, inner: &[Gene]) -> Option<Formula> {
        let ty = match self.bound.is_empty() || tape.chance(4) {
            true => self.any_type(tape),
            false => tape.one(&self.bound)?.ty,
        };
        let left = match self.expr(ty, tape, inner, 2)? {
            // Two constants say nothing.
            Expr::Constant(_) => self.fact(ty, tape)?,
            left => left,
        };
        let right_type = match ty {
            Type::Integer if tape.chance(3) => Type::Number,
            Type::Number if tape.chance(5) => Type::Integer,
            Type::Choice(_) => Type::Choice(self.options_of(&left)),
            other => other,
        };
        let right = if tape.chance(8) { self.plain(right_type, tape)? } else { self.expr(right_type, tape, &[], 1)? };
        let mixed = ty.is_numeric() && ty != right_type;
        let op = match ty.is_ordered() {
            // An equation would give its variable two types.
            true if mixed => tape.one(&["<", ">=", ">", "<="])?,
            true => tape.one(&["=", "<", ">=", "!=", ">", "<="])?,
            false => tape.one(&["=", "!="])?,
        };
        // Options are compared with what may be one of them.
        if let Type::Choice(_) = ty
            && self.options_of(&left) & self.options_of(&right) == 0
        {
            return None;
        }
        Some(Formula::Compare(left, op, right))
    }

    fn membership(&mut self, tape: &mut Tape, inner: &[Gene]) -> Option<Formula> {
        let ty = match self.bound.is_empty() {
            true => self.any_type(tape),
            false => tape.one(&self.bound)?.ty,
        };
        let subject = self.expr(ty, tape, inner, 1)?;
        let ty = match (ty, &subject) {
            (Type::Choice(_), Expr::Constant(_)) => return None,
            (Type::Choice(_), other) => self.type_of(other)?,
            (Type::Number, _) if tape.chance(6) => Type::Integer,
            (other, _) => other,
        };
        let list: Vec<Value> = (0..1 + tape.below(2)).filter_map(|_| domain::constant(ty, tape)).collect();
        if list.is_empty() { None } else { Some(Formula::In { subject, negated: tape.chance(6), list }) }
    }

    fn test(&mut self, tape: &mut Tape) -> Option<Formula> {
        let subject = self.expr(Type::Text, tape, &[], 1)?;
        let test = *tape.one(&["contains", "starts_with", "ends_with", "matches"])?;
        let pattern = match test {
            "matches" => Expr::Constant(Value::text(tape.one(&PATTERNS)?)),
            _ => self.plain(Type::Text, tape)?,
        };
        Some(Formula::Test(test, subject, pattern))
    }

    /// `not p(…)`; its arguments are evaluated in place.
    fn negated_atom(&mut self, tape: &mut Tape) -> Option<Formula> {
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

    /// `not ( … )`.
    fn negated_group(&mut self, tape: &mut Tape, inner: &[Gene]) -> Option<Formula> {
        if self.depth >= 3 {
            return None;
        }
        let mut group = self.inside();
        let mut body = group.conjunction(inner);
        if body.is_empty() {
            body.extend(group.atom(tape));
        }
        self.singletons = group.singletons;
        if body.is_empty() {
            return None;
        }
        let inside = match body.pop()? {
            Formula::Or(sides) if body.is_empty() => Formula::Or(sides),
            last => {
                body.push(last);
                Formula::Group(body)
            }
        };
        Some(Formula::Not(Box::new(inside)))
    }

    /// Each variable that an equation sets is used once more, in the body or in the head, so
    /// that it is no `_`.
    pub fn use_equations(&self, outer: &[Bound], head: &str, body: &mut Vec<Formula>) {
        for Bound { name, ty } in self.bound.iter().filter(|b| !outer.iter().any(|o| o.name == b.name)) {
            let set = body.iter().any(|literal| sets(literal, name));
            if set && uses(body, name) + words(head, name) < 2 {
                body.push(use_of(name, *ty));
            }
        }
    }
}

/// A constant for a column. An integer constant may stand in a number column of a fact.
fn constant_of(relation: &Relation, ty: Type, tape: &mut Tape) -> Option<Value> {
    match ty {
        Type::Number if relation.layer == 0 && tape.chance(6) => domain::constant(Type::Integer, tape),
        other => domain::constant(other, tape),
    }
}

/// A harmless literal that uses a variable.
fn use_of(name: &str, ty: Type) -> Formula {
    let variable = || Expr::Variable(name.to_string());
    let constant = match ty {
        Type::Integer => Value::Integer(0),
        Type::Number => Value::Integer(0),
        Type::Text => Value::text("a"),
        Type::Bool => Value::Bool(false),
        Type::Date | Type::Choice(_) => return Formula::Compare(variable(), "=", variable()),
    };
    Formula::Compare(variable(), "!=", Expr::Constant(constant))
}

fn sets(literal: &Formula, name: &str) -> bool {
    let is = |expr: &Expr| matches!(expr, Expr::Variable(n) if n == name);
    matches!(literal, Formula::Compare(left, "=", right) if is(left) || is(right))
}

/// How often a variable occurs in a conjunction, not counting the sides of an `or`.
fn uses(body: &[Formula], name: &str) -> usize {
    let in_literal = |literal: &Formula| match literal {
        Formula::Or(_) => 0,
        Formula::Group(inner) => uses(inner, name),
        other => words(&other.to_string(), name),
    };
    body.iter().map(in_literal).sum()
}

fn words(text: &str, name: &str) -> usize {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| *word == name).count()
}

fn before_or(bound: &[Bound], ty: Type, tape: &mut Tape) -> Option<Expr> {
    let fitting: Vec<&Bound> = bound.iter().filter(|b| b.ty.fits(ty)).collect();
    tape.one(&fitting).map(|b| Expr::Variable(b.name.clone()))
}

fn shared(bound: &Bound, other: &[Bound]) -> Option<Bound> {
    let same = other.iter().find(|b| b.name == bound.name)?;
    let ty = match (bound.ty, same.ty) {
        (Type::Choice(a), Type::Choice(b)) => Type::Choice(a & b),
        (ty, _) => ty,
    };
    Some(Bound { name: bound.name.clone(), ty })
}

/// The bit of an option.
pub fn bit(value: &Value) -> u8 {
    let name = value.to_string();
    super::tree::OPTIONS.iter().position(|option| *option == name).map_or(0, |i| 1 << i)
}

/// `not` and brackets round one comparison, test or `in`.
fn turned(formula: Formula, tape: &mut Tape) -> Formula {
    let not = |f| Formula::Not(Box::new(f));
    match tape.weighted(&[(10, 0), (2, 1), (2, 2), (1, 3)]) {
        0 => formula,
        1 => not(formula),
        2 => not(Formula::Group(vec![formula])),
        _ => not(not(Formula::Group(vec![formula]))),
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
