//! What is said of a name that nothing has, where the rest of the body tells what was meant.
//!
//! Wording only; what is said of other names is the business of `typing`.

use std::sync::Arc;

use super::quoted;
use crate::check::lower::{Literal, LiteralKind};
use crate::check::vocabulary::Vocabulary;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::program::{Column, Fact, FactKind, Scalar};
use crate::source::Span;
use crate::syntax::print::{print_atom, print_expr};
use crate::syntax::tree::{Args, Atom, CompareOp, Constant, Expr, ExprKind, Formula, FormulaKind, TestKind};
use crate::syntax::{as_variable, asked_whether_known, means_unknown};

/// What is said of a literal; the literals beside it hold the rows whose columns may be meant, and other columns of
/// the same rows, of which all is said at once.
pub fn literal(vocabulary: &Vocabulary, literal: &Literal<'_>, beside: &[Literal<'_>]) -> Option<Diagnostic> {
    let it = Unresolved { vocabulary, beside };
    if let Some(asked) = it.asked(literal) {
        return Some(it.said(asked));
    }
    match literal.kind {
        LiteralKind::Compare(left, _, right) => it.known(left, right).or_else(|| it.known(right, left)),
        LiteralKind::Test(test, negated, subject, pattern) => it.bare_pattern(test, negated, subject, pattern),
        _ => None,
    }
}

/// `unknown(price)`, `exists(part)`: what is said of a relation that there is not, by its name and argument.
pub fn relation(vocabulary: &Vocabulary, atom: &Atom) -> Option<Diagnostic> {
    let Args::Positional(args) = &atom.args else { return None };
    let [Expr { node: ExprKind::Name(argument), .. }] = args.as_slice() else { return None };
    let name = atom.name.node.as_ref();
    let is_quantifier = matches!(name, "exists" | "any" | "some" | "has");
    let fact = &vocabulary.facts[vocabulary.fact_ids.get(argument)?.index()];
    match &fact.kind {
        FactKind::Records(columns) if is_quantifier => {
            let message = format!("nothing declares or concludes `{name}`");
            let help = format!("leave `{name}` out, and name a column: `{argument}({}: _)`", columns[0].name);
            Some(Diagnostic::new(Code::UnknownName, atom.name.span, message).help(help))
        }
        _ if is_quantifier || means_unknown(name) => Some(whether_known(atom.name.span)),
        _ => None,
    }
}

/// `n > 10 or more`, behind a comparison.
pub fn or_more(atom: &Atom, body: &Formula) -> Option<Diagnostic> {
    let name = atom.name.node.as_ref();
    if atom.args != Args::None || !matches!(name, "more" | "less" | "fewer" | "later" | "earlier") {
        return None;
    }
    behind_comparison(body, atom.name.span).then(|| {
        let message = format!("`or {name}` is not used in rules");
        let help = "`10 or more` is written `>= 10`, and `10 or less` is `<= 10`";
        Diagnostic::new(Code::UnknownName, atom.name.span, message).help(help)
    })
}

/// Whether what stands at a place is the side of an `or` behind one that ends in a comparison.
fn behind_comparison(body: &Formula, place: Span) -> bool {
    fn ends_in_comparison(side: &Formula) -> bool {
        match &side.node {
            FormulaKind::Compare { .. } => true,
            FormulaKind::And(parts) => parts.iter().max_by_key(|part| part.span).is_some_and(ends_in_comparison),
            _ => false,
        }
    }
    fn begins(side: &Formula, place: Span) -> bool {
        match &side.node {
            FormulaKind::And(parts) => parts.iter().any(|part| part.span == place),
            _ => side.span == place,
        }
    }
    match &body.node {
        FormulaKind::Or(parts) => {
            // As they are written.
            let mut sides: Vec<&Formula> = parts.iter().collect();
            sides.sort_by_key(|side| side.span);
            sides.windows(2).any(|pair| ends_in_comparison(pair[0]) && begins(pair[1], place))
                || parts.iter().any(|part| behind_comparison(part, place))
        }
        FormulaKind::And(parts) => parts.iter().any(|part| behind_comparison(part, place)),
        FormulaKind::Not(inner) | FormulaKind::Group(inner) => behind_comparison(inner, place),
        _ => false,
    }
}

/// How an atom of records whose arguments are too few or too many is meant: with the columns that they name.
pub fn by_column(columns: &[Column], name: &str, args: &Args) -> Option<String> {
    let args = match args {
        Args::None => return Some(format!("name a column that matters: `{name}({}: _)`", columns[0].name)),
        Args::Positional(args) => args,
        Args::Named(_) => return None,
    };
    let named: Option<Vec<String>> = args.iter().map(|arg| column_and_value(columns, arg)).collect();
    let (named, column) = (named?, |value: &str| value.split(':').next().map(str::to_owned));
    let is_one =
        |(index, value): (usize, &String)| named.iter().take(index).all(|other| column(other) != column(value));
    if !named.iter().enumerate().all(is_one) {
        let each: Vec<String> = named.iter().map(|value| format!("{name}({value})")).collect();
        return Some(each_alone(&each));
    }
    Some(format!("name the columns: write `{name}({})`", named.join(", ")))
}

/// How several values of a list are asked for in one bracket.
pub fn by_value(name: &str, args: &Args) -> Option<String> {
    let Args::Positional(args) = args else { return None };
    let each: Vec<String> = args.iter().map(|arg| format!("{name}({})", print_expr(arg))).collect();
    (each.len() > 1).then(|| each_alone(&each))
}

fn each_alone(each: &[String]) -> String {
    format!("ask for each of them: `({})` for one of them, `({})` for all", each.join(" or "), each.join(", "))
}

/// `spare: true` for `spare`, `kind: motor` for `motor`.
fn column_and_value(columns: &[Column], arg: &Expr) -> Option<String> {
    let only = |fits: &dyn Fn(&Column) -> bool| {
        let mut found = columns.iter().filter(|column| fits(column));
        found.next().filter(|_| found.next().is_none())
    };
    let column = match &arg.node {
        ExprKind::Name(name) => match columns.iter().find(|column| column.name == *name) {
            Some(column) if column.domain.scalar == Scalar::Bool => return Some(format!("{name}: true")),
            Some(column) => return Some(format!("{name}: {}", as_variable(&column.name))),
            None => only(&|column| column.domain.options.iter().any(|option| option.id == *name)),
        },
        ExprKind::Constant(constant) => only(&|column| column.domain.scalar == scalar(constant)),
        _ => None,
    };
    Some(format!("{}: {}", column?.name, print_expr(arg)))
}

fn scalar(constant: &Constant) -> Scalar {
    match constant {
        Constant::Text(_) => Scalar::Text,
        Constant::Integer(_) => Scalar::Integer,
        Constant::Number(_) => Scalar::Number,
        Constant::Date(_) => Scalar::Date,
        Constant::Bool(_) => Scalar::Bool,
    }
}

fn whether_known(span: Span) -> Diagnostic {
    let words = asked_whether_known();
    Diagnostic::new(Code::UnknownName, span, words.message).help(words.help)
}

/// Beside so many literals, no others are looked for that speak of the same rows.
const MANY: usize = 50;

struct Unresolved<'a> {
    vocabulary: &'a Vocabulary,
    beside: &'a [Literal<'a>],
}

/// What is asked of a column: its value in the brackets, and what is asked of that behind them.
struct Asked<'a> {
    column: Meant<'a>,
    value: String,
    behind: Option<String>,
}

/// A column that a name is meant for, and the rows that it is of.
#[derive(Clone, Copy)]
struct Meant<'a> {
    name: &'a Arc<str>,
    span: Span,
    fact: &'a Fact,
    column: &'a Column,
    /// The rows that a condition beside speaks of.
    rows: Option<&'a Atom>,
}

impl<'a> Unresolved<'a> {
    /// Whether nothing has this name.
    fn is_nothing(&self, name: &Arc<str>) -> bool {
        let v = self.vocabulary;
        !v.fact_ids.contains_key(name)
            && !v.predicate_ids.contains_key(name)
            && !v.untyped.contains(name)
            && !v.given_up.contains(name)
    }

    /// The column that a name is, if it is nothing else, of the rows beside or else of the only records that have it.
    fn column(&self, name: &'a Arc<str>, span: Span) -> Option<Meant<'a>> {
        if !self.is_nothing(name) {
            return None;
        }
        let column_of = |fact: &'a Fact| match &fact.kind {
            FactKind::Records(columns) => columns.iter().find(|column| column.name == *name),
            _ => None,
        };
        let meant = |fact: &'a Fact, rows| Some(Meant { name, span, fact, column: column_of(fact)?, rows });
        let rows = self.beside.iter().find_map(|literal| match literal.kind {
            LiteralKind::Atom(atom) => {
                let fact = &self.vocabulary.facts[self.vocabulary.fact_ids.get(&atom.name.node)?.index()];
                meant(fact, Some(atom))
            }
            _ => None,
        });
        let only = || {
            let mut all = self.vocabulary.facts.iter().filter_map(|fact| meant(fact, None));
            all.next().filter(|_| all.next().is_none())
        };
        rows.or_else(only).filter(|_| !self.vocabulary.is_option(name))
    }

    /// Whether a name is that of a fact that is one of some options.
    fn has_options(&self, name: &str) -> bool {
        self.vocabulary.single(name).is_some_and(|fact| self.vocabulary.domain(fact).scalar == Scalar::Choice)
    }

    fn name_of(expr: &'a Expr) -> Option<&'a Arc<str>> {
        match &expr.node {
            ExprKind::Name(name) => Some(name),
            _ => None,
        }
    }

    /// What a literal asks of a column that stands in it by its name alone.
    fn asked(&self, literal: &Literal<'a>) -> Option<Asked<'a>> {
        match literal.kind {
            LiteralKind::Atom(atom) => self.column_alone(atom, true),
            LiteralKind::NotAtom(atom) => self.column_alone(atom, false),
            LiteralKind::NotGroup(_) => None,
            LiteralKind::Compare(left, op, right) => {
                self.compared(left, op, right).or_else(|| self.compared(right, op.flipped(), left))
            }
            LiteralKind::In(subject, negated, list) => self.listed(subject, negated, list),
            LiteralKind::Test(test, negated, subject, pattern) => self.tested_column(test, negated, subject, pattern),
        }
    }

    /// What is said of a column, and of all others of the same rows beside it.
    fn said(&self, asked: Asked<'a>) -> Diagnostic {
        let few = if self.beside.len() > MANY { &[] } else { self.beside };
        let of_same = |other: &Asked<'_>| other.column.fact.name == asked.column.fact.name;
        let mut all: Vec<Asked<'a>> = few.iter().filter_map(|literal| self.asked(literal)).filter(of_same).collect();
        let clash =
            |one: &Asked<'_>, other: &Asked<'_>| one.column.name == other.column.name && one.value != other.value;
        // A column with two values is one of two rows.
        if all.is_empty() || all.iter().any(|one| all.iter().any(|other| clash(one, other))) {
            all = vec![asked];
        }
        all.sort_by_key(|asked| asked.column.span);
        in_brackets(&all)
    }

    /// `spare`, where that is a column.
    fn column_alone(&self, atom: &'a Atom, holds: bool) -> Option<Asked<'a>> {
        if atom.args != Args::None {
            return None;
        }
        let column = self.column(&atom.name.node, atom.name.span)?;
        let is_bool = column.column.domain.scalar == Scalar::Bool;
        let value = if is_bool { holds.to_string() } else { as_variable(column.name) };
        Some(Asked { column, value, behind: None })
    }

    /// `price = unknown`.
    fn known(&self, side: &'a Expr, other: &'a Expr) -> Option<Diagnostic> {
        let name = Self::name_of(side)?;
        let is_told = matches!(other.node, ExprKind::Variable(_)) || !self.is_nothing(name);
        let is_word = matches!(name.as_ref(), "unknown" | "null" | "nil" | "undefined");
        (is_word && !is_told && !self.vocabulary.is_option(name)).then(|| whether_known(side.span))
    }

    /// `kind = panel`, where `kind` is a column.
    fn compared(&self, side: &'a Expr, op: CompareOp, other: &'a Expr) -> Option<Asked<'a>> {
        let name = Self::name_of(side)?;
        // What a variable is compared with may be what a rule concludes.
        if matches!(other.node, ExprKind::Variable(_)) && matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return None;
        }
        if Self::name_of(other).is_some_and(|other| self.has_options(other)) {
            return None;
        }
        let column = self.column(name, side.span)?;
        let other = print_expr(other);
        if op == CompareOp::Eq {
            return Some(Asked { column, value: other, behind: None });
        }
        let variable = as_variable(name);
        let behind = Some(format!("{variable} {} {other}", op.as_str()));
        Some(Asked { column, value: variable, behind })
    }

    /// `kind in [panel, motor]`, where `kind` is a column.
    fn listed(&self, subject: &'a Expr, negated: bool, list: &[Expr]) -> Option<Asked<'a>> {
        let name = Self::name_of(subject)?;
        let column = self.column(name, subject.span)?;
        let (variable, word) = (as_variable(name), if negated { "not in" } else { "in" });
        let list: Vec<String> = list.iter().map(print_expr).collect();
        let behind = Some(format!("{variable} {word} [{}]", list.join(", ")));
        Some(Asked { column, value: variable, behind })
    }

    /// `contains(name, "x")`, where `name` is a column.
    fn tested_column(&self, test: TestKind, negated: bool, subject: &'a Expr, pattern: &Expr) -> Option<Asked<'a>> {
        let name = Self::name_of(subject)?;
        let column = self.column(name, subject.span)?;
        let (variable, not) = (as_variable(name), if negated { "not " } else { "" });
        let behind = Some(format!("{not}{}({variable}, {})", test.as_str(), print_expr(pattern)));
        Some(Asked { column, value: variable, behind })
    }

    /// `contains(comment, lawyer)`, where `lawyer` is no fact; `contains(tags, vip)`, where `tags` is a list.
    fn bare_pattern(&self, test: TestKind, negated: bool, subject: &'a Expr, pattern: &'a Expr) -> Option<Diagnostic> {
        let word = Self::name_of(pattern).filter(|word| self.is_nothing(word))?;
        let facts = &self.vocabulary.facts;
        let list = Self::name_of(subject)
            .and_then(|name| self.vocabulary.fact_ids.get(name))
            .map(|id| &facts[id.index()])
            .and_then(|fact| match &fact.kind {
                FactKind::List(domain) => Some((fact, domain)),
                _ => None,
            });
        let Some((fact, domain)) = list.filter(|_| test == TestKind::Contains) else {
            let is_text =
                |fact: &&Fact| matches!(&fact.kind, FactKind::Single(domain) if domain.scalar == Scalar::Text);
            let texts = facts.iter().filter(is_text).map(|fact| fact.name.as_ref());
            let help = match nearest(word, texts) {
                Some(near) => format!("write `{near}`"),
                None => format!("texts stand in quotes: write `\"{word}\"`"),
            };
            let message = format!("there is no fact `{word}` with a value");
            return Some(Diagnostic::new(Code::UnknownName, pattern.span, message).help(help));
        };
        let (name, not) = (&fact.name, if negated { "not " } else { "" });
        let value = if domain.scalar == Scalar::Text { format!("\"{word}\"") } else { word.to_string() };
        let message = format!("`{name}` is a list of values; it is no single value");
        let help = format!("write `{not}{name}({value})` to ask whether the list has this value");
        Some(Diagnostic::new(Code::UnknownName, subject.span, message).label(fact.span, "declared here").help(help))
    }
}

/// Columns with their values in the brackets of their rows, and what is asked of them behind these.
fn in_brackets(all: &[Asked<'_>]) -> Diagnostic {
    let Meant { span, fact, rows, .. } = all[0].column;
    let (mut values, mut behind): (Vec<String>, Vec<&str>) = Default::default();
    for asked in all {
        let value = format!("{}: {}", asked.column.name, asked.value);
        if !values.contains(&value) {
            values.push(value);
        }
        behind.extend(asked.behind.as_deref());
    }
    let behind: String = behind.iter().map(|condition| format!(", {condition}")).collect();
    let values = values.join(", ");
    let help = match rows.filter(|rows| matches!(rows.args, Args::Named(_))).map(print_atom) {
        Some(rows) => {
            format!("put it into the brackets: `{}, {values}){behind}`", rows.strip_suffix(')').unwrap_or(&rows))
        }
        None => format!("ask for it in brackets: `{}({values}){behind}`", fact.name),
    };
    let mut names: Vec<&str> = all.iter().map(|asked| asked.column.name.as_ref()).collect();
    names.dedup();
    let message = match names.as_slice() {
        [name] => format!("`{name}` is a column of `{}`, no fact", fact.name),
        names => format!("{} are columns of `{}`, no facts", quoted(names.iter().copied()), fact.name),
    };
    Diagnostic::new(Code::UnknownName, span, message).label(fact.span, "declared here").help(help)
}
