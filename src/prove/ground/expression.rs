//! What an expression can come to under a binding, and when it comes to what.

use std::collections::BTreeMap;

use super::Grounder;
use crate::engine::arithmetic;
use crate::program::{ArithmeticOp, Expr, FactId, FactKind, FunctionKind, Literal, Scalar, VariableId};
use crate::prove::circuit::Bit;
use crate::prove::classes::{ClassId, Place};
use crate::prove::encoding::{Construct, TooLarge};
use crate::prove::flow::{cell, plain};
use crate::prove::regions::Regions;
use crate::prove::term::{Binding, Outcome, Outcomes, Term};
use crate::value::Value;

/// What may be calculated with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::prove) enum Faithful {
    /// Witnesses: what comes out for them is what comes out for all that they stand for, or
    /// an example is looked for.
    ToWitnesses,
    /// Constants of the policy alone.
    ToConstants,
}

impl Grounder<'_, '_> {
    /// The value of an expression that a variable is bound to, or a tuple looked up by: it goes into a class.
    pub(super) fn evaluate(
        &mut self,
        expr: &Expr,
        into: Option<ClassId>,
        literal: &Literal,
        binding: &Binding,
    ) -> Result<Outcomes, TooLarge> {
        let exact = self.exactness().of_value(expr);
        if !exact {
            self.inexact(literal);
        }
        let faithful = if exact || !self.is_relaxed() { Faithful::ToWitnesses } else { Faithful::ToConstants };
        self.naming(literal);
        if self.is_plain(expr) {
            return self.values(expr, binding, faithful);
        }
        let abstraction = self.encoding.abstraction;
        match into.and_then(|class| abstraction.regions(class)) {
            Some(regions) => {
                let outcomes = self.told(expr, binding, faithful, Some(regions))?;
                Ok(self.in_regions(outcomes, regions))
            }
            None => {
                let outcomes = self.values(expr, binding, faithful)?;
                Ok(self.anchored(outcomes, into, literal))
            }
        }
    }

    /// The value of an expression of which, if it is an aggregate, no more is asked than its region.
    pub(super) fn told(
        &mut self,
        expr: &Expr,
        binding: &Binding,
        faithful: Faithful,
        regions: Option<&Regions>,
    ) -> Result<Outcomes, TooLarge> {
        match expr {
            Expr::Aggregate(group) => self.aggregate(*group, binding, faithful, regions),
            _ => self.values(expr, binding, faithful),
        }
    }

    /// Values of one region as one.
    fn in_regions(&mut self, outcomes: Outcomes, regions: &Regions) -> Outcomes {
        let mut gathered = Gathered::default();
        for (outcome, when) in outcomes {
            let outcome = match outcome {
                Outcome::Value(Term::Known(value), _) => Outcome::Value(Term::Known(regions.substitute(&value)), None),
                other => other,
            };
            gathered.add(outcome, when);
        }
        gathered.finish(self)
    }

    /// What is counted or added up stands for itself alone. In a class of values of issues no witness need
    /// stand for it, unless the policy names it: then it is not followed.
    fn anchored(&mut self, outcomes: Outcomes, into: Option<ClassId>, literal: &Literal) -> Outcomes {
        let abstraction = self.encoding.abstraction;
        let class = into.map(|id| &abstraction.classes.classes[id]).filter(|class| !class.is_constant());
        let Some(class) = class else { return outcomes };
        let mut anchored = Gathered::default();
        for (outcome, when) in outcomes {
            match outcome {
                Outcome::Value(Term::Known(value), _) if !class.constants.contains(&value) => {
                    self.inexact(literal);
                    let term = if self.is_relaxed() {
                        Term::Opaque(self.encoding.opaque(format!("value {value}")))
                    } else {
                        Term::Known(value)
                    };
                    anchored.add(Outcome::Value(term, None), when);
                }
                other => anchored.add(other, when),
            }
        }
        anchored.finish(self)
    }

    /// Whether an expression is a value as it is.
    fn is_plain(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::Wildcard)
            || plain(self.program, &self.encoding.abstraction.slots, self.scope, expr).is_some()
    }

    /// What is being judged, by which whatever is not followed is named.
    pub(super) fn naming(&mut self, literal: &Literal) {
        self.construct = Some(self.named(literal));
    }

    /// Notes that a literal is not followed exactly.
    pub(super) fn inexact(&mut self, literal: &Literal) {
        self.encoding.is_exact = false;
        self.encoding.inexact.insert(self.named(literal));
    }

    /// Notes when the arithmetic of a literal fails.
    pub(super) fn suspect(&mut self, literal: &Literal, guard: Bit, fails: Bit) {
        let fails = self.and([guard, fails]);
        if fails != Bit::FALSE {
            self.encoding.suspects.push((fails, self.named(literal)));
        }
    }

    fn named(&self, literal: &Literal) -> Construct {
        Construct { text: literal.text.clone(), program: self.number, span: literal.span }
    }

    pub(super) fn values(&mut self, expr: &Expr, binding: &Binding, faithful: Faithful) -> Result<Outcomes, TooLarge> {
        let known = |value: Value, class| Outcome::Value(Term::Known(value), class);
        Ok(match expr {
            Expr::Wildcard => Vec::new(),
            Expr::Constant(value) => vec![(known(value.clone(), None), Bit::TRUE)],
            Expr::Variable(v) => match &binding[v.index()] {
                Some(term) => vec![(Outcome::Value(term.clone(), self.stands_for(*v, term)), Bit::TRUE)],
                None => Vec::new(),
            },
            Expr::Fact(fact) if faithful == Faithful::ToWitnesses || self.has_options(*fact) => {
                let class = self.class_of(*fact);
                self.values_of(*fact).into_iter().map(|(value, bit)| (known(value, class), bit)).collect()
            }
            Expr::Fact(fact) => self.constants_of(*fact),
            Expr::Binary { op, left, right } => {
                let left = self.values(left, binding, faithful)?;
                let right = self.values(right, binding, faithful)?;
                self.encoding.go_on()?;
                let mut outcomes = Gathered::default();
                for (one, when) in &left {
                    for (other, then) in &right {
                        let outcome = self.binary(*op, one, other, faithful);
                        outcomes.add(outcome, self.encoding.circuit.and([*when, *then]));
                    }
                }
                outcomes.finish(self)
            }
            Expr::Negate(operand) => {
                self.mapped(operand, binding, faithful, "-", |value| arithmetic::negate(value).ok())?
            }
            Expr::Call(function, operand) => {
                let name = match function {
                    FunctionKind::Length => "length",
                    FunctionKind::Lower => "lower",
                    FunctionKind::Upper => "upper",
                };
                self.mapped(operand, binding, faithful, name, |value| Some(arithmetic::call(*function, value)))?
            }
            Expr::Aggregate(group) => self.aggregate(*group, binding, faithful, None)?,
        })
    }

    /// A fact that is calculated with, in proofs: the constants it is compared with are followed,
    /// whatever else it may be is one value that is not.
    fn constants_of(&mut self, fact: FactId) -> Vec<(Outcome, Bit)> {
        let class = self.class_of(fact).map(|id| &self.encoding.abstraction.classes.classes[id]);
        let is_constant = |value: &Value| class.is_some_and(|class| class.constants.contains(value));
        let values = self.values_of(fact).into_iter();
        let (constants, others): (Vec<_>, Vec<_>) = values.partition(|(value, _)| is_constant(value));
        let known = |(value, bit)| (Outcome::Value(Term::Known(value), None), bit);
        let mut outcomes: Vec<(Outcome, Bit)> = constants.into_iter().map(known).collect();
        let name = format!("fact {}", self.program.fact(fact).name);
        let other = Outcome::Value(Term::Opaque(self.encoding.opaque(name)), None);
        outcomes.push((other, self.or(others.into_iter().map(|(_, bit)| bit))));
        outcomes
    }

    fn mapped(
        &mut self,
        operand: &Expr,
        binding: &Binding,
        faithful: Faithful,
        name: &str,
        apply: impl Fn(&Value) -> Option<Value>,
    ) -> Result<Outcomes, TooLarge> {
        let mut outcomes = Gathered::default();
        for (outcome, when) in self.values(operand, binding, faithful)? {
            let outcome = match outcome {
                Outcome::Value(Term::Known(value), class) if faithful == Faithful::ToWitnesses || class.is_none() => {
                    calculated(apply(&value), class)
                }
                Outcome::Value(term, class) => {
                    let text = format!("{name}({})", self.rendered(&term, class));
                    Outcome::Value(Term::Opaque(self.encoding.opaque(text)), None)
                }
                other => other,
            };
            outcomes.add(outcome, when);
        }
        Ok(outcomes.finish(self))
    }

    fn binary(&mut self, op: ArithmeticOp, left: &Outcome, right: &Outcome, faithful: Faithful) -> Outcome {
        let (Outcome::Value(one, class), Outcome::Value(other, with)) = (left, right) else {
            let nothing = [left, right].contains(&&Outcome::Nothing);
            return if nothing { Outcome::Nothing } else { Outcome::Failed };
        };
        if let (Term::Known(one), Term::Known(other)) = (one, other)
            && (faithful == Faithful::ToWitnesses || (class.is_none() && with.is_none()))
        {
            return calculated(arithmetic::binary(op, one, other).ok(), class.or(*with));
        }
        let text = format!("({} {} {})", self.rendered(one, *class), symbol(op), self.rendered(other, *with));
        Outcome::Value(Term::Opaque(self.encoding.opaque(text)), None)
    }

    /// The class that a term stands for values of, unless it is a value that the policy names.
    fn stands_for(&self, variable: VariableId, term: &Term) -> Option<ClassId> {
        let Term::Known(value) = term else { return None };
        let classes = &self.encoding.abstraction.classes;
        let id = classes.id(Place::Variable(self.scope, variable))?;
        let class = &classes.classes[id];
        (!class.is_constant() && !class.constants.contains(value)).then_some(id)
    }

    fn class_of(&self, fact: FactId) -> Option<ClassId> {
        let abstraction = self.encoding.abstraction;
        abstraction.classes.id(cell(&abstraction.slots, self.number, fact, self.program, 0))
    }

    fn has_options(&self, fact: FactId) -> bool {
        match &self.program.fact(fact).kind {
            FactKind::Single(domain) => matches!(domain.scalar, Scalar::Bool | Scalar::Choice),
            _ => false,
        }
    }
}

fn calculated(value: Option<Value>, class: Option<ClassId>) -> Outcome {
    match value {
        Some(value) if !value.is_unknown() => Outcome::Value(Term::Known(value), class),
        _ => Outcome::Failed,
    }
}

fn symbol(op: ArithmeticOp) -> &'static str {
    match op {
        ArithmeticOp::Add => "+",
        ArithmeticOp::Subtract => "-",
        ArithmeticOp::Multiply => "*",
        ArithmeticOp::Divide => "/",
        ArithmeticOp::Remainder => "%",
    }
}

/// Outcomes, each once.
#[derive(Default)]
pub(super) struct Gathered(BTreeMap<Outcome, Vec<Bit>>);

impl Gathered {
    pub(super) fn add(&mut self, outcome: Outcome, when: Bit) {
        if when != Bit::FALSE {
            self.0.entry(outcome).or_default().push(when);
        }
    }

    pub(super) fn finish(self, grounder: &mut Grounder<'_, '_>) -> Vec<(Outcome, Bit)> {
        self.0.into_iter().map(|(outcome, when)| (outcome, grounder.or(when))).collect()
    }
}
