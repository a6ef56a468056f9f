//! The canonical form of a clause: the same for every order of its literals and of the sides of its `or`s, whatever
//! its variables are called, and whichever side of a comparison comes first. For the digest and for comparing rules,
//! not for people.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::ir::{Atom, Clause, Expr, ExprKind, Group, Literal, LiteralKind};
use super::vocabulary::Vocabulary;

/// The canonical form of a clause. Its variables are told apart by where they stand, as vertices of a graph are by
/// colour refinement: what takes the same part everywhere has one colour, until one of a colour is set apart.
pub fn clause(vocabulary: &Vocabulary, clause: &Clause) -> String {
    let mut colours = vec![String::new(); clause.variables.len()];
    refine(vocabulary, clause, &mut colours);
    while let Some(alike) = alike(&colours) {
        colours[alike].push('\'');
        refine(vocabulary, clause, &mut colours);
    }
    text(vocabulary, clause, &colours)
}

fn text(vocabulary: &Vocabulary, clause: &Clause, names: &[String]) -> String {
    let mut printer = Printer { vocabulary, names: Names::Colours(names), out: String::new() };
    let head = clause.head.map_or("", |head| vocabulary.predicates[head.index()].name.as_ref());
    printer.application(head, &clause.args);
    printer.out.push_str(" if ");
    printer.conjunction(&clause.body);
    printer.out
}

/// Tells variables apart by what the clause looks like from each of them, until that tells no more of them apart.
fn refine(vocabulary: &Vocabulary, clause: &Clause, colours: &mut Vec<String>) {
    let mut number = 0;
    loop {
        let from = |variable: usize| {
            let mut seen = colours.clone();
            seen[variable] = "*".to_owned();
            (colours[variable].clone(), text(vocabulary, clause, &seen))
        };
        let views: Vec<(String, String)> = (0..colours.len()).map(from).collect();
        let distinct: BTreeSet<&(String, String)> = views.iter().collect();
        let colour = |view| format!("V{}", distinct.iter().take_while(|known| **known < view).count());
        *colours = views.iter().map(colour).collect();
        if distinct.len() == number {
            return;
        }
        number = distinct.len();
    }
}

/// A variable that has the colour of another.
fn alike(colours: &[String]) -> Option<usize> {
    let mut sorted: Vec<&String> = colours.iter().collect();
    sorted.sort();
    let twice = sorted.windows(2).find(|pair| pair[0] == pair[1])?[0];
    colours.iter().position(|colour| colour == twice)
}

/// The canonical form of a literal of a clause, with the variables as their author calls them.
pub fn literal(vocabulary: &Vocabulary, clause: &Clause, literal: &Literal) -> String {
    let mut printer = Printer { vocabulary, names: Names::Written(clause), out: String::new() };
    printer.literal(literal);
    printer.out
}

/// The canonical form of an expression of a clause, with the variables as their author calls them.
pub fn expr(vocabulary: &Vocabulary, clause: &Clause, expr: &Expr) -> String {
    let mut printer = Printer { vocabulary, names: Names::Written(clause), out: String::new() };
    printer.expr(expr);
    printer.out
}

/// What variables are called.
#[derive(Clone, Copy)]
enum Names<'a> {
    Written(&'a Clause),
    Colours(&'a [String]),
}

struct Printer<'a> {
    vocabulary: &'a Vocabulary,
    names: Names<'a>,
    /// What has been printed.
    out: String,
}

impl Printer<'_> {
    fn conjunction(&mut self, literals: &[Literal]) {
        let mut texts = self.sorted(literals, Self::literal);
        texts.dedup();
        self.out.push_str(&texts.join(", "));
    }

    /// What each item prints, sorted.
    fn sorted<T>(&mut self, items: &[T], print: fn(&mut Self, &T)) -> Vec<String> {
        let start = self.out.len();
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            print(self, item);
            texts.push(self.out.split_off(start));
        }
        texts.sort();
        texts
    }

    fn literal(&mut self, literal: &Literal) {
        match &literal.kind {
            LiteralKind::Atom(atom) => self.atom(atom),
            LiteralKind::NotAtom(atom) => {
                self.out.push_str("not ");
                self.atom(atom);
            }
            LiteralKind::NotGroup(group) => {
                self.out.push_str("not ");
                self.group(group);
            }
            LiteralKind::Compare { left, op, right } => {
                let start = self.out.len();
                self.expr(left);
                let left = self.out.split_off(start);
                self.expr(right);
                let right = self.out.split_off(start);
                let (first, op, second) = if left <= right { (left, *op, right) } else { (right, op.flipped(), left) };
                self.out.extend([&first, " ", op.as_str(), " ", &second]);
            }
            LiteralKind::In { subject, negated, list } => {
                self.expr(subject);
                self.out.push_str(if *negated { " not in [" } else { " in [" });
                let list = self.sorted(list, Self::expr);
                self.out.push_str(&list.join(", "));
                self.out.push(']');
            }
            LiteralKind::Test { test, negated, subject, pattern } => {
                if *negated {
                    self.out.push_str("not ");
                }
                self.application(test.as_str(), [subject, pattern]);
            }
        }
    }

    fn atom(&mut self, atom: &Atom) {
        let vocabulary = self.vocabulary;
        self.application(&vocabulary.predicates[atom.predicate.index()].name, &atom.args);
    }

    fn application<'e>(&mut self, name: &str, args: impl IntoIterator<Item = &'e Expr>) {
        self.out.push_str(name);
        self.out.push('(');
        for (index, arg) in args.into_iter().enumerate() {
            if index > 0 {
                self.out.push_str(", ");
            }
            self.expr(arg);
        }
        self.out.push(')');
    }

    fn infix(&mut self, left: &Expr, op: &str, right: &Expr) {
        self.expr(left);
        self.out.extend([" ", op, " "]);
        self.expr(right);
    }

    fn group(&mut self, group: &Group) {
        if let Some((kind, _)) = &group.aggregate {
            self.out.push_str(kind.as_str());
        }
        self.out.push('(');
        if let Some((_, Some(of))) = &group.aggregate {
            self.expr(of);
            self.out.push_str(" : ");
        }
        let sides = self.sorted(&group.alternatives, |printer, side| printer.conjunction(side));
        self.out.push_str(&sides.join("; "));
        self.out.push(')');
    }

    fn expr(&mut self, expr: &Expr) {
        let (vocabulary, names) = (self.vocabulary, self.names);
        match &expr.kind {
            ExprKind::Wildcard => self.out.push('_'),
            ExprKind::Variable(id) => self.out.push_str(match names {
                Names::Written(clause) => &clause.variables[id.index()].name,
                Names::Colours(colours) => &colours[id.index()],
            }),
            ExprKind::Constant(value) => write!(self.out, "{value:?}").expect("invariant: a string takes all text"),
            ExprKind::Name(name) => self.out.push_str(name),
            ExprKind::Fact(id) => self.out.push_str(&vocabulary.facts[id.index()].name),
            ExprKind::Binary { op, left, right } => {
                self.out.push('(');
                self.infix(left, op.as_str(), right);
                self.out.push(')');
            }
            ExprKind::Negate(inner) => self.application("-", [&**inner]),
            ExprKind::Call(function, inner) => self.application(function.as_str(), [&**inner]),
            ExprKind::Aggregate(group) => self.group(group),
        }
    }
}
