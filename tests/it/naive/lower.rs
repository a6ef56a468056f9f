//! §2: written clauses → clauses without `or`, brackets and names in doubt.
//!
//! Assumes that the policy passed the checks: what they refuse panics here.

use std::collections::{BTreeMap, BTreeSet};

use remit::policy::Policy;
use remit::source::Span;
use remit::syntax::print;
use remit::syntax::tree::{self, Args, CompareOp, Constant, Formula, FormulaKind, TestKind};
use remit::value::Value;

use super::clause::{Aggregate, Clause, Group, Literal, LiteralKind, Relation, Term, Test};
use super::vocabulary::Vocabulary;
use super::written::{Written, alternatives, binds};
use super::{numbers, singletons};

/// All clauses of all rules. Each clause of an overridden rule has one more literal for
/// each rule that overrides it (§4.5).
pub fn lower(policy: &Policy, vocabulary: &Vocabulary) -> Vec<Clause> {
    let mut clauses = Vec::new();
    for rule in &policy.rules {
        let name = rule.name.node.to_string();
        let overriding = policy.rules.iter().filter(|other| other.overrides.iter().any(|o| *o.node == *name));
        let overrides: Vec<Literal> = overriding.map(|other| not_applies(&other.name.node)).collect();
        for written in &rule.clauses {
            for mut clause in lower_clause(vocabulary, &name, written) {
                clause.body.extend(overrides.iter().cloned());
                clauses.push(clause);
            }
        }
    }
    numbers::convert(vocabulary, &mut clauses);
    clauses
}

fn not_applies(rule: &str) -> Literal {
    let kind = LiteralKind::NotAtom(Relation::Applies(rule.to_string()), Vec::new());
    Literal { kind, text: format!("not applies {rule}") }
}

fn lower_clause(vocabulary: &Vocabulary, rule: &str, written: &tree::Clause) -> Vec<Clause> {
    let conjunctions = written.body.as_ref().map_or(vec![Vec::new()], alternatives);
    let lowered = conjunctions.iter().map(|conjunction| {
        let mut lowering = Lowering { vocabulary, fresh: 0, written: BTreeMap::new() };
        let (mut body, scope) = lowering.conjunction(conjunction, &Scope::default(), &mut BTreeMap::new());
        let head = Relation::Named(written.head.name.node.to_string());
        let args = lowering.arguments(&written.head, &head, &scope);
        // "In a head, `p(X + 1)` means `p(Y)`, `Y = X + 1`."
        let args = lowering.plain(args, &mut body);
        let mut clause = Clause { rule: rule.to_string(), head, args, body };
        singletons::forget(&mut clause, &lowering.written);
        clause
    });
    lowered.collect()
}

/// The variables in sight: written name → unique name, with the options known of it.
#[derive(Clone, Default)]
struct Scope {
    /// How many conjunctions this is inside of.
    depth: usize,
    names: BTreeMap<String, String>,
    options: BTreeMap<String, BTreeSet<String>>,
}

struct Lowering<'a> {
    vocabulary: &'a Vocabulary,
    fresh: usize,
    /// Where each variable is written, by unique name; what goes into several sides of an `or` is written once.
    written: BTreeMap<String, BTreeSet<Span>>,
}

impl Lowering<'_> {
    /// "A variable bound by an atom or equation outside any group is *outer* and is the group's
    /// parameter; any other is the group's own, different in each group." `own` holds the names
    /// that the conjunction shares with the other sides of an aggregate.
    fn conjunction(
        &mut self,
        literals: &[Written<'_>],
        outer: &Scope,
        own: &mut BTreeMap<String, String>,
    ) -> (Vec<Literal>, Scope) {
        let mut scope = Scope { depth: outer.depth + 1, ..outer.clone() };
        for name in literals.iter().flat_map(binds) {
            if !outer.names.contains_key(&name) {
                let unique = own.entry(name.clone()).or_insert_with(|| self.unique(&name, outer));
                scope.names.insert(name, unique.clone());
            }
        }
        for literal in literals {
            if let Written::Atom(_, atom) = literal {
                self.note_options(atom, &mut scope);
            }
        }
        let mut body = Vec::new();
        for literal in literals {
            self.literal(literal, &scope, &mut body);
        }
        (body, scope)
    }

    /// A clause's own variables keep their names; those of each group get a number.
    fn unique(&mut self, name: &str, outer: &Scope) -> String {
        self.fresh += 1;
        if outer.depth == 0 { name.to_string() } else { format!("{name}~{}", self.fresh) }
    }

    fn note_options(&self, atom: &tree::Atom, scope: &mut Scope) {
        let (relation, args) = self.positions(atom);
        for (column, arg) in args.iter().enumerate() {
            let Some(tree::ExprKind::Variable(name)) = arg.map(|a| &a.node) else { continue };
            let options = self.options(&relation, column);
            if !options.is_empty() {
                scope.options.insert(scope.names[name.as_ref()].clone(), options);
            }
        }
    }

    fn literal(&mut self, literal: &Written<'_>, scope: &Scope, body: &mut Vec<Literal>) {
        let (formula, kind) = match literal {
            Written::Atom(formula, atom) => {
                let relation = self.positions(atom).0;
                let args = self.arguments(atom, &relation, scope);
                // "Any expression inside a positive atom's argument means a fresh variable and an equation."
                let args = self.plain(args, body);
                (formula, LiteralKind::Atom(relation, args))
            }
            Written::NotAtom(formula, atom) => {
                let relation = self.positions(atom).0;
                let args = self.arguments(atom, &relation, scope);
                (formula, LiteralKind::NotAtom(relation, args))
            }
            Written::NotGroup(formula, inside) => (formula, LiteralKind::NotGroup(self.negated_group(inside, scope))),
            Written::Simple(formula, turned) => (formula, self.simple(formula, *turned, scope)),
        };
        body.push(Literal { kind, text: print::print_formula(formula).to_string() });
    }

    fn simple(&mut self, formula: &Formula, turned: bool, scope: &Scope) -> LiteralKind {
        match &formula.node {
            FormulaKind::Compare { left, op, right } => {
                let (of_left, of_right) = (self.options_of(left, scope), self.options_of(right, scope));
                let left = self.term(left, scope, &of_right);
                let right = self.term(right, scope, &of_left);
                LiteralKind::Compare(left, if turned { op.negated() } else { *op }, right)
            }
            FormulaKind::In { subject, negated, list } => LiteralKind::In {
                subject: self.term(subject, scope, &BTreeSet::new()),
                negated: *negated != turned,
                list: list.iter().map(constant_of).collect(),
            },
            FormulaKind::Test { test, subject, pattern } => {
                let subject = self.term(subject, scope, &BTreeSet::new());
                let pattern = self.term(pattern, scope, &BTreeSet::new());
                let test = match (test, &pattern) {
                    (TestKind::Matches, Term::Constant(Value::Text(text))) => {
                        Test::Matches(regex::Regex::new(text).expect("a good pattern"))
                    }
                    _ => Test::Plain(*test),
                };
                LiteralKind::Test { test, negated: turned, subject, pattern }
            }
            other => unreachable!("not a simple literal: {other:?}"),
        }
    }

    /// Each side of the `or`s inside a negation has its own variables.
    fn negated_group(&mut self, inside: &Formula, scope: &Scope) -> Group {
        let mut sides = Vec::new();
        for side in &alternatives(inside) {
            sides.push(self.conjunction(side, scope, &mut BTreeMap::new()).0);
        }
        Group { outer: BTreeSet::new(), own: BTreeSet::new(), alternatives: sides }
    }

    /// "The sides of an `or` in an aggregate bind the same variables."
    fn aggregate(
        &mut self,
        function: tree::AggregateKind,
        of: Option<&tree::Expr>,
        inside: &Formula,
        scope: &Scope,
    ) -> Term {
        let (mut own, mut sides, mut inner) = (BTreeMap::new(), Vec::new(), scope.clone());
        for side in &alternatives(inside) {
            let (body, in_side) = self.conjunction(side, scope, &mut own);
            sides.push(body);
            inner = in_side;
        }
        let body = Group { outer: BTreeSet::new(), own: BTreeSet::new(), alternatives: sides };
        let of = of.map(|of| self.term(of, &inner, &BTreeSet::new()));
        Term::Aggregate(Box::new(Aggregate { function, of, of_number: false, body }))
    }

    /// The relation of an atom and its arguments by place; `None` for a column left out.
    fn positions<'t>(&self, atom: &'t tree::Atom) -> (Relation, Vec<Option<&'t tree::Expr>>) {
        let name = atom.name.node.to_string();
        match &atom.args {
            Args::Positional(args) if name == "decided" => {
                let tree::ExprKind::Name(decision) = &args[0].node else { unreachable!("decided of what?") };
                (Relation::Decided(decision.to_string()), args.iter().skip(1).map(Some).collect())
            }
            Args::None => (Relation::Named(name), Vec::new()),
            Args::Positional(args) => (Relation::Named(name), args.iter().map(Some).collect()),
            Args::Named(args) => {
                let columns = self.vocabulary.columns(&name).expect("records have named columns");
                let find = |column: &String| args.iter().find(|(n, _)| *n.node == **column).map(|(_, arg)| arg);
                (Relation::Named(name), columns.iter().map(find).collect())
            }
        }
    }

    fn arguments(&mut self, atom: &tree::Atom, relation: &Relation, scope: &Scope) -> Vec<Term> {
        let args = self.positions(atom).1;
        let term = |(column, arg): (usize, &Option<&tree::Expr>)| match arg {
            None => Term::Wildcard,
            Some(arg) => self.term(arg, scope, &self.options(relation, column)),
        };
        args.iter().enumerate().map(term).collect()
    }

    /// Moves what is more than a variable or a value into an equation behind the atom.
    fn plain(&mut self, args: Vec<Term>, body: &mut Vec<Literal>) -> Vec<Term> {
        let plain = |arg| match arg {
            Term::Wildcard | Term::Variable(_) | Term::Constant(_) => arg,
            expression => {
                self.fresh += 1;
                let fresh = Term::Variable(format!("#{}", self.fresh));
                let kind = LiteralKind::Compare(fresh.clone(), CompareOp::Eq, expression);
                body.push(Literal { kind, text: String::new() });
                fresh
            }
        };
        args.into_iter().map(plain).collect()
    }

    fn options(&self, relation: &Relation, column: usize) -> BTreeSet<String> {
        self.vocabulary.cell(relation, column).map(|cell| cell.options).unwrap_or_default()
    }

    fn options_of(&self, expr: &tree::Expr, scope: &Scope) -> BTreeSet<String> {
        match &expr.node {
            tree::ExprKind::Name(name) => self.vocabulary.options_of_fact(name),
            tree::ExprKind::Variable(name) => {
                let options = scope.names.get(name.as_ref()).and_then(|unique| scope.options.get(unique));
                options.cloned().unwrap_or_default()
            }
            _ => BTreeSet::new(),
        }
    }

    fn term(&mut self, expr: &tree::Expr, scope: &Scope, expected: &BTreeSet<String>) -> Term {
        let none = BTreeSet::new();
        match &expr.node {
            // Bound nowhere: it stands once, in a negation, and is `_`.
            tree::ExprKind::Variable(name) => {
                let Some(unique) = scope.names.get(name.as_ref()) else { return Term::Wildcard };
                self.written.entry(unique.clone()).or_default().insert(expr.span);
                Term::Variable(unique.clone())
            }
            tree::ExprKind::Wildcard => Term::Wildcard,
            // "A name where an option is expected is that option if it is one of them, else a single-valued fact."
            tree::ExprKind::Name(name) if !expected.contains(name.as_ref()) && self.vocabulary.is_single(name) => {
                Term::Fact(name.to_string())
            }
            tree::ExprKind::Name(_) | tree::ExprKind::Constant(_) => Term::Constant(constant_of(expr)),
            tree::ExprKind::Binary { op, left, right } => {
                let left = self.term(left, scope, &none);
                Term::Binary(*op, Box::new(left), Box::new(self.term(right, scope, &none)))
            }
            tree::ExprKind::Negate(inner) => Term::Negate(Box::new(self.term(inner, scope, &none))),
            tree::ExprKind::Call(function, inner) => Term::Call(*function, Box::new(self.term(inner, scope, &none))),
            tree::ExprKind::Aggregate { function, of, body } => self.aggregate(*function, of.as_deref(), body, scope),
        }
    }
}

fn constant_of(expr: &tree::Expr) -> Value {
    match &expr.node {
        tree::ExprKind::Name(name) => Value::Symbol(name.clone()),
        tree::ExprKind::Constant(constant) => match constant {
            Constant::Text(text) => Value::Text(text.clone()),
            Constant::Integer(i) => Value::Integer(*i),
            Constant::Number(n) => Value::Number(*n),
            Constant::Date(d) => Value::Date(*d),
            Constant::Bool(b) => Value::Bool(*b),
        },
        other => unreachable!("not a constant: {other:?}"),
    }
}
