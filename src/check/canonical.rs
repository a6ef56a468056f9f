//! The canonical form of a clause: the same for every order of its literals and of the sides of its `or`s, whatever
//! its variables are called, and whichever side of a comparison comes first. For the digest and for comparing rules,
//! not for people.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::ir::{Atom, Clause, Expr, ExprKind, Group, Literal, LiteralKind};
use super::vocabulary::Vocabulary;
use crate::program::VariableId;
use crate::syntax::tree::CompareOp;

/// The most variables of a group that are told apart by where they stand; those of a larger one keep their names.
const MOST: usize = 30;

/// The canonical form of a clause, whatever its variables are called.
pub fn clause(vocabulary: &Vocabulary, clause: &Clause) -> String {
    let text = |names: &[String]| {
        let mut printer = Printer { vocabulary, names: Names::Colours(names), out: String::new() };
        let head = clause.head.map_or("", |head| vocabulary.predicates[head.index()].name.as_ref());
        printer.application(head, &clause.args);
        printer.out.push_str(" if ");
        printer.conjunction(&clause.body);
        printer.out
    };
    let mut names = vec![String::new(); clause.variables.len()];
    // One that occurs once is `_` by now.
    let variables = variables(|visit| clause.walk(visit));
    tell_apart(&mut names, &variables, text);
    text(&names)
}

/// The variables of the expressions that are walked over, by index.
fn variables<'a>(walk: impl FnOnce(&mut dyn FnMut(&'a Expr))) -> Vec<usize> {
    let mut variables = BTreeSet::new();
    walk(&mut |part| variables.extend(part.variable().map(VariableId::index)));
    variables.into_iter().collect()
}

/// A group of a clause, whatever its variables are called.
#[derive(Debug, PartialEq, Eq)]
pub struct Form {
    /// What it says, parameters told from its own variables.
    pub text: String,
    /// The outer variables in it, in the order in which the text has them.
    pub parameters: Vec<VariableId>,
}

/// The canonical form of a group of a clause.
pub fn group(vocabulary: &Vocabulary, clause: &Clause, group: &Group) -> Form {
    let variables = variables(|visit| group.walk(visit));
    let text = |names: &[String]| {
        let mut printer = Printer { vocabulary, names: Names::Colours(names), out: String::new() };
        printer.group(group);
        printer.out
    };
    let mut names: Vec<String> = clause.variables.iter().map(|variable| variable.name.to_string()).collect();
    if variables.len() <= MOST {
        names.fill(String::new());
        group.parameters.iter().for_each(|id| names[id.index()] = "parameter".to_owned());
        tell_apart(&mut names, &variables, text);
    }
    let mut parameters: Vec<VariableId> = group.parameters.iter().copied().collect();
    parameters.sort_by_key(|id| &names[id.index()]);
    let named: Vec<&str> = parameters.iter().map(|id| names[id.index()].as_str()).collect();
    Form { text: format!("{} : {}", named.join(" "), text(&names)), parameters }
}

/// Names variables so that they are told apart by where they stand in a text, as vertices of a graph are by colour
/// refinement: what takes the same part everywhere has one colour, until one of a colour is set apart.
fn tell_apart(colours: &mut [String], variables: &[usize], text: impl Fn(&[String]) -> String) {
    refine(colours, variables, &text);
    while let Some(alike) = alike(colours, variables) {
        colours[alike].push('\'');
        refine(colours, variables, &text);
    }
}

/// Tells variables apart by what the text looks like from each of them, until that tells no more of them apart.
fn refine(colours: &mut [String], variables: &[usize], text: &impl Fn(&[String]) -> String) {
    let mut number = 0;
    loop {
        let from = |variable: &usize| {
            let mut seen = colours.to_vec();
            seen[*variable] = "*".to_owned();
            (colours[*variable].clone(), text(&seen))
        };
        let views: Vec<(String, String)> = variables.iter().map(from).collect();
        let distinct: BTreeSet<&(String, String)> = views.iter().collect();
        for (variable, view) in variables.iter().zip(&views) {
            colours[*variable] = format!("V{}", distinct.iter().take_while(|known| **known < view).count());
        }
        if distinct.len() == number {
            return;
        }
        number = distinct.len();
    }
}

/// The first variable that has the colour of another.
fn alike(colours: &[String], variables: &[usize]) -> Option<usize> {
    let mut sorted: Vec<&String> = variables.iter().map(|variable| &colours[*variable]).collect();
    sorted.sort();
    let twice = sorted.windows(2).find(|pair| pair[0] == pair[1])?[0];
    variables.iter().copied().find(|variable| colours[*variable] == *twice)
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
                self.comparison(left, *op, right);
            }
            LiteralKind::In { subject, negated, list } => {
                let start = self.out.len();
                self.expr(subject);
                let subject = self.out.split_off(start);
                let mut list = self.sorted(list, Self::expr);
                list.dedup();
                match list.as_mut_slice() {
                    [only] => {
                        let op = if *negated { CompareOp::Ne } else { CompareOp::Eq };
                        self.comparison(subject, op, std::mem::take(only));
                    }
                    _ => {
                        let word = if *negated { "not in" } else { "in" };
                        self.out.extend([&subject, " ", word, " [", &list.join(", "), "]"]);
                    }
                }
            }
            LiteralKind::Test { test, negated, subject, pattern } => {
                if *negated {
                    self.out.push_str("not ");
                }
                self.application(test.as_str(), [subject, pattern]);
            }
        }
    }

    fn comparison(&mut self, left: String, op: CompareOp, right: String) {
        let turn = match op {
            CompareOp::Eq | CompareOp::Ne => left > right,
            CompareOp::Lt | CompareOp::Le => false,
            CompareOp::Gt | CompareOp::Ge => true,
        };
        let (first, op, second) = if turn { (right, op.flipped(), left) } else { (left, op, right) };
        self.out.extend([&first, " ", op.as_str(), " ", &second]);
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
