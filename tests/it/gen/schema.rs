//! The relations a rule may use, with their columns; and the facts of a random policy.

use super::domain;
use super::gene::{Gene, Tape};
use super::tree::{Datum, Fact, FactKind, Type};

/// A relation that an atom can be about.
#[derive(Debug, Clone)]
pub struct Relation {
    pub name: String,
    pub columns: Vec<Type>,
    /// Names of the columns, if it is a records fact.
    pub named: Vec<String>,
    /// The stratum it is concluded in; 0 for facts.
    pub layer: usize,
    /// Whether it is `decided` of the decision of this name.
    pub decided: bool,
}

/// What a rule can use.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    pub relations: Vec<Relation>,
    /// Single-valued facts.
    pub singles: Vec<(String, Type)>,
}

fn scalar(tape: &mut Tape) -> Type {
    let choice = Type::Choice(0b111);
    let small = Type::Choice(0b011);
    tape.weighted(&[
        (5, Type::Bool),
        (5, choice),
        (3, small),
        (6, Type::Integer),
        (3, Type::Number),
        (2, Type::Date),
        (3, Type::Text),
    ])
}

/// A type of a conclusion's column, of which no option is known yet.
pub fn column(tape: &mut Tape) -> Type {
    match scalar(tape) {
        Type::Choice(_) => Type::Choice(0),
        other => other,
    }
}

/// The facts of a policy.
pub fn facts(genes: &[Gene]) -> Vec<Fact> {
    genes.iter().enumerate().map(|(index, gene)| fact(index, gene)).collect()
}

fn fact(index: usize, gene: &Gene) -> Fact {
    let tape = &mut Tape::new(&gene.choices);
    let (stem, kind) = match tape.weighted(&[(8, 0), (3, 1), (6, 2)]) {
        0 => {
            let ty = scalar(tape);
            let stem = match ty {
                Type::Bool => "flag",
                Type::Choice(_) => "choice",
                Type::Integer => "integer",
                Type::Number => "number",
                Type::Date => "date",
                Type::Text => "text",
            };
            (stem, FactKind::Single(ty))
        }
        1 => ("list", FactKind::List(scalar(tape))),
        _ => {
            let columns = (0..1 + tape.below(3)).map(|column| (format!("col{column}"), scalar(tape)));
            ("records", FactKind::Records(columns.collect()))
        }
    };
    let default = tape.chance(4).then(|| match tape.chance(6) {
        true => datum(&kind, tape),
        false => empty(&kind, tape),
    });
    Fact { name: format!("{stem}{index}"), kind, default }
}

fn empty(kind: &FactKind, tape: &mut Tape) -> Datum {
    match kind {
        FactKind::Single(ty) => Datum::Value(domain::value(*ty, tape)),
        FactKind::List(_) => Datum::List(Vec::new()),
        FactKind::Records(_) => Datum::Rows(Vec::new()),
    }
}

/// A random value, list or rows, of which cells may be left out.
pub fn datum(kind: &FactKind, tape: &mut Tape) -> Datum {
    match kind {
        FactKind::Single(ty) => Datum::Value(domain::value(*ty, tape)),
        FactKind::List(ty) => Datum::List((0..tape.below(3)).map(|_| domain::value(*ty, tape)).collect()),
        FactKind::Records(columns) => {
            let rows = tape.weighted(&[(1, 0), (3, 1), (4, 2), (2, 3)]);
            let mut cell = |ty: Type| if tape.chance(3) { None } else { Some(domain::value(ty, tape)) };
            Datum::Rows((0..rows).map(|_| columns.iter().map(|(_, ty)| cell(*ty)).collect()).collect())
        }
    }
}

impl Schema {
    /// The schema of the facts alone.
    pub fn of(facts: &[Fact]) -> Self {
        let mut schema = Self::default();
        for fact in facts {
            let relation = |columns: Vec<Type>, named: Vec<String>| Relation {
                name: fact.name.clone(),
                columns,
                named,
                layer: 0,
                decided: false,
            };
            match &fact.kind {
                FactKind::Single(ty) => {
                    schema.singles.push((fact.name.clone(), *ty));
                    if *ty == Type::Bool {
                        schema.relations.push(relation(Vec::new(), Vec::new()));
                    }
                }
                FactKind::List(ty) => schema.relations.push(relation(vec![*ty], Vec::new())),
                FactKind::Records(columns) => {
                    let (named, types) = columns.iter().cloned().unzip();
                    schema.relations.push(relation(types, named));
                }
            }
        }
        schema
    }

    /// The relations below a stratum.
    pub fn below(&self, layer: usize) -> Vec<&Relation> {
        self.relations.iter().filter(|r| r.layer < layer).collect()
    }
}
