//! The canonical form of a clause: the same for every order of its literals and of the
//! sides of its `or`s. For the digest and for comparing rules, not for people.

use super::ir::{Atom, Clause, Expr, ExprKind, Group, Literal, LiteralKind};
use super::vocabulary::Vocabulary;

/// The canonical form of a clause.
pub fn clause(vocabulary: &Vocabulary, clause: &Clause) -> String {
    let printer = Printer { vocabulary, clause };
    let args: Vec<String> = clause.args.iter().map(|arg| printer.expr(arg)).collect();
    let head = clause.head.map_or("", |head| vocabulary.predicates[head.index()].name.as_ref());
    format!("{head}({}) if {}", args.join(", "), printer.conjunction(&clause.body))
}

/// The canonical form of a literal of a clause.
pub fn literal(vocabulary: &Vocabulary, clause: &Clause, literal: &Literal) -> String {
    Printer { vocabulary, clause }.literal(literal)
}

struct Printer<'a> {
    vocabulary: &'a Vocabulary,
    clause: &'a Clause,
}

impl Printer<'_> {
    fn conjunction(&self, literals: &[Literal]) -> String {
        let mut texts: Vec<String> = literals.iter().map(|l| self.literal(l)).collect();
        texts.sort();
        texts.dedup();
        texts.join(", ")
    }

    fn literal(&self, literal: &Literal) -> String {
        match &literal.kind {
            LiteralKind::Atom(atom) => self.atom(atom),
            LiteralKind::NotAtom(atom) => format!("not {}", self.atom(atom)),
            LiteralKind::NotGroup(group) => format!("not {}", self.group(group)),
            LiteralKind::Compare { left, op, right } => {
                format!("{} {} {}", self.expr(left), op.as_str(), self.expr(right))
            }
            LiteralKind::In { subject, negated, list } => {
                let mut list: Vec<String> = list.iter().map(|c| self.expr(c)).collect();
                list.sort();
                let not = if *negated { "not " } else { "" };
                format!("{} {not}in [{}]", self.expr(subject), list.join(", "))
            }
            LiteralKind::Test { test, negated, subject, pattern } => {
                let not = if *negated { "not " } else { "" };
                format!("{not}{}({}, {})", test.as_str(), self.expr(subject), self.expr(pattern))
            }
        }
    }

    fn atom(&self, atom: &Atom) -> String {
        let args: Vec<String> = atom.args.iter().map(|arg| self.expr(arg)).collect();
        format!("{}({})", self.vocabulary.predicates[atom.predicate.index()].name, args.join(", "))
    }

    fn group(&self, group: &Group) -> String {
        let mut sides: Vec<String> = group.alternatives.iter().map(|side| self.conjunction(side)).collect();
        sides.sort();
        match &group.aggregate {
            None => format!("({})", sides.join("; ")),
            Some((kind, None)) => format!("{}({})", kind.as_str(), sides.join("; ")),
            Some((kind, Some(of))) => format!("{}({} : {})", kind.as_str(), self.expr(of), sides.join("; ")),
        }
    }

    fn expr(&self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Wildcard => "_".to_owned(),
            ExprKind::Variable(id) => self.clause.variables[id.index()].name.to_string(),
            ExprKind::Constant(value) => format!("{value:?}"),
            ExprKind::Name(name) => name.to_string(),
            ExprKind::Fact(id) => self.vocabulary.facts[id.index()].name.to_string(),
            ExprKind::Binary { op, left, right } => {
                format!("({} {} {})", self.expr(left), op.as_str(), self.expr(right))
            }
            ExprKind::Negate(inner) => format!("-({})", self.expr(inner)),
            ExprKind::Call(function, inner) => format!("{}({})", function.as_str(), self.expr(inner)),
            ExprKind::Aggregate(group) => self.group(group),
        }
    }
}
