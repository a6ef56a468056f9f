//! A name that is used as a variable is, and that nothing else has: `days = ended_on - started_on, days > 7`.
//!
//! The clause is judged as it is meant, so that nothing is said of it that follows from the small letter.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::vocabulary::Vocabulary;
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::source::Span;
use crate::syntax::as_variable;
use crate::syntax::tree::{Args, Atom, Clause, CompareOp, Expr, ExprKind, Formula, FormulaKind};

/// The clause with variables in place of the names that are used as such, each of which is reported; `None` if there
/// are none.
pub fn as_meant(vocabulary: &Vocabulary, clause: &Clause, out: &mut Vec<Diagnostic>) -> Option<Clause> {
    let mut uses = Uses { vocabulary, names: BTreeMap::new(), variables: BTreeMap::new() };
    uses.arguments(&clause.head);
    clause.body.iter().for_each(|body| uses.formula(body));
    let mut variables = Variables::new();
    for (name, seen) in &uses.names {
        let Some(variable) = uses.variable(name, seen) else { continue };
        let message = format!("there is no fact `{name}` with a value");
        let help = format!("variables begin with a capital: write `{variable}` in place of each `{name}`");
        out.push(Diagnostic::new(Code::UnknownName, seen.first, message).help(help));
        variables.insert(Arc::clone(name), Arc::from(variable));
    }
    if variables.is_empty() {
        return None;
    }
    let mut meant = clause.clone();
    rename_arguments(&mut meant.head, &variables);
    meant.body.iter_mut().for_each(|body| rename(body, &variables));
    Some(meant)
}

/// Where a name stands. In all places but the last a name must be a fact or an option; what rules conclude may have
/// other words in its brackets, and be compared with these.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the brackets of a fact.
    Fact,
    /// Beside `=` and something that is worked out.
    Equation,
    /// In arithmetic, or where an order is asked for.
    Number,
    /// Anywhere else.
    Else,
}

/// Where a name is used.
struct Seen {
    first: Span,
    places: Vec<Place>,
}

/// The names of a clause that are no facts, and its variables by their names in small letters.
struct Uses<'a> {
    vocabulary: &'a Vocabulary,
    names: BTreeMap<&'a Arc<str>, Seen>,
    variables: BTreeMap<String, &'a Arc<str>>,
}

impl<'a> Uses<'a> {
    /// The variable that a name is used as: it gets a value in one place and is used in another, or is written as a
    /// variable elsewhere.
    fn variable(&self, name: &Arc<str>, Seen { places, .. }: &Seen) -> Option<String> {
        let is_equated = places.contains(&Place::Equation) && places.len() > 1;
        let is_given = places.contains(&Place::Fact) && places.iter().any(|place| *place != Place::Fact);
        let is_value = places.iter().any(|place| *place != Place::Else);
        let written = self.variables.get(&name.to_ascii_lowercase()).filter(|_| is_value);
        if !(is_equated || is_given || written.is_some()) || !self.is_nothing(name) {
            return None;
        }
        if let Some(written) = written {
            // Where each has a value of its own, they are two.
            return (!is_equated && !is_given).then(|| written.to_string());
        }
        // A slip in the name of a fact or an option is rather that.
        let facts = self.vocabulary.facts.iter().map(|fact| fact.name.as_ref());
        nearest(name, facts.chain(self.vocabulary.options().map(AsRef::as_ref))).is_none().then(|| as_variable(name))
    }

    fn is_nothing(&self, name: &Arc<str>) -> bool {
        let v = self.vocabulary;
        !v.predicate_ids.contains_key(name)
            && !v.untyped.contains(name)
            && !v.given_up.contains(name)
            && !v.is_option(name)
    }

    fn formula(&mut self, body: &'a Formula) {
        match &body.node {
            FormulaKind::Or(parts) | FormulaKind::And(parts) => parts.iter().for_each(|part| self.formula(part)),
            FormulaKind::Not(inner) | FormulaKind::Group(inner) => self.formula(inner),
            FormulaKind::Atom(atom) => self.arguments(atom),
            FormulaKind::Compare { left, op, right } => {
                let beside = |other: &Expr| match op {
                    CompareOp::Eq if is_worked_out(other) => Place::Equation,
                    CompareOp::Eq | CompareOp::Ne => Place::Else,
                    _ => Place::Number,
                };
                self.expr(left, beside(right));
                self.expr(right, beside(left));
            }
            FormulaKind::In { subject, .. } => self.expr(subject, Place::Else),
            FormulaKind::Test { subject, pattern, .. } => {
                self.expr(subject, Place::Else);
                self.expr(pattern, Place::Else);
            }
        }
    }

    fn arguments(&mut self, atom: &'a Atom) {
        let place = if self.vocabulary.fact_ids.contains_key(&atom.name.node) { Place::Fact } else { Place::Else };
        match &atom.args {
            Args::None => {}
            Args::Positional(args) => args.iter().for_each(|arg| self.expr(arg, place)),
            Args::Named(args) => args.iter().for_each(|(_, arg)| self.expr(arg, place)),
        }
    }

    fn expr(&mut self, expr: &'a Expr, place: Place) {
        match &expr.node {
            ExprKind::Name(name) if !self.vocabulary.fact_ids.contains_key(name) => {
                let seen = self.names.entry(name).or_insert(Seen { first: expr.span, places: Vec::new() });
                seen.first = seen.first.min(expr.span);
                seen.places.push(place);
            }
            ExprKind::Variable(name) => {
                self.variables.entry(name.to_ascii_lowercase()).or_insert(name);
            }
            ExprKind::Binary { left, right, .. } => {
                self.expr(left, Place::Number);
                self.expr(right, Place::Number);
            }
            ExprKind::Negate(inner) => self.expr(inner, Place::Number),
            ExprKind::Call(_, inner) => self.expr(inner, Place::Else),
            ExprKind::Aggregate { of, body, .. } => {
                of.iter().for_each(|of| self.expr(of, Place::Else));
                self.formula(body);
            }
            ExprKind::Name(_) | ExprKind::Wildcard | ExprKind::Constant(_) => {}
        }
    }
}

fn is_worked_out(expr: &Expr) -> bool {
    matches!(expr.node, ExprKind::Binary { .. } | ExprKind::Negate(_) | ExprKind::Call(..) | ExprKind::Aggregate { .. })
}

type Variables = BTreeMap<Arc<str>, Arc<str>>;

fn rename(body: &mut Formula, variables: &Variables) {
    match &mut body.node {
        FormulaKind::Or(parts) | FormulaKind::And(parts) => parts.iter_mut().for_each(|part| rename(part, variables)),
        FormulaKind::Not(inner) | FormulaKind::Group(inner) => rename(inner, variables),
        FormulaKind::Atom(atom) => rename_arguments(atom, variables),
        FormulaKind::Compare { left, right, .. } | FormulaKind::Test { subject: left, pattern: right, .. } => {
            rename_in(left, variables);
            rename_in(right, variables);
        }
        FormulaKind::In { subject, .. } => rename_in(subject, variables),
    }
}

fn rename_arguments(atom: &mut Atom, variables: &Variables) {
    match &mut atom.args {
        Args::None => {}
        Args::Positional(args) => args.iter_mut().for_each(|arg| rename_in(arg, variables)),
        Args::Named(args) => args.iter_mut().for_each(|(_, arg)| rename_in(arg, variables)),
    }
}

fn rename_in(expr: &mut Expr, variables: &Variables) {
    match &mut expr.node {
        ExprKind::Name(name) => {
            if let Some(variable) = variables.get(name) {
                expr.node = ExprKind::Variable(variable.clone());
            }
        }
        ExprKind::Binary { left, right, .. } => {
            rename_in(left, variables);
            rename_in(right, variables);
        }
        ExprKind::Negate(inner) | ExprKind::Call(_, inner) => rename_in(inner, variables),
        ExprKind::Aggregate { of, body, .. } => {
            of.iter_mut().for_each(|of| rename_in(of, variables));
            rename(body, variables);
        }
        ExprKind::Variable(_) | ExprKind::Wildcard | ExprKind::Constant(_) => {}
    }
}
