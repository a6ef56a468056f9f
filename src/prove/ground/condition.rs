//! When a literal holds under a binding of its variables.

use super::Grounder;
use super::conjunction::{Apart, Ways};
use super::expression::Faithful;
use crate::engine::Plane;
use crate::engine::judge;
use crate::program::{CompareOp, Expr, GroupId, Literal, LiteralKind, TestKind};
use crate::prove::circuit::Bit;
use crate::prove::classes::ClassId;
use crate::prove::encoding::TooLarge;
use crate::prove::regions::Regions;
use crate::prove::term::{Binding, Outcome, Outcomes, Term};
use crate::value::Value;

/// When a literal holds, and when arithmetic in it fails.
#[derive(Debug, Clone, Copy)]
pub(in crate::prove) struct Judged {
    pub holds: Bit,
    pub fails: Bit,
}

impl Grounder<'_, '_> {
    pub(super) fn judge(&mut self, literal: &Literal, binding: &Binding) -> Result<Judged, TooLarge> {
        let Some(key) = self.key(literal, binding) else { return self.judge_anew(literal, binding) };
        if let Some(judged) = self.encoding.memory.judged(&key) {
            return Ok(judged);
        }
        let judged = self.judge_anew(literal, binding)?;
        self.encoding.memory.remember(key, judged);
        Ok(judged)
    }

    fn judge_anew(&mut self, literal: &Literal, binding: &Binding) -> Result<Judged, TooLarge> {
        let faithful = self.faithful(literal);
        self.naming(literal);
        match &literal.kind {
            LiteralKind::Atom(atom) => {
                let (found, fails) = self.found(literal, atom, binding)?;
                Ok(Judged { holds: found, fails })
            }
            LiteralKind::NotAtom(atom) => {
                let (found, fails) = self.found(literal, atom, binding)?;
                Ok(Judged { holds: !found, fails })
            }
            LiteralKind::NotGroup(group) => self.no_solution(*group, binding),
            LiteralKind::Compare { left, op, right } => {
                let (left, right) = self.compared_sides(left, right, binding, faithful)?;
                self.naming(literal);
                Ok(self.compared(&left, *op, &right, faithful))
            }
            LiteralKind::In { subject, negated, list } => {
                let subject = self.values(subject, binding, faithful)?;
                let list: Outcomes =
                    list.iter().map(|v| (Outcome::Value(Term::Known(v.clone()), None), Bit::TRUE)).collect();
                self.naming(literal);
                let judged = self.compared(&subject, CompareOp::Eq, &list, faithful);
                Ok(self.turned(judged, *negated, &subject, &[]))
            }
            LiteralKind::Test { test, negated, subject, pattern, regex } => {
                let (subject, pattern) = self.sides(subject, pattern, binding, faithful)?;
                self.naming(literal);
                let judged = self.tested(*test, &subject, &pattern, regex.as_ref(), faithful);
                Ok(self.turned(judged, *negated, &subject, &pattern))
            }
        }
    }

    fn sides(
        &mut self,
        left: &Expr,
        right: &Expr,
        binding: &Binding,
        faithful: Faithful,
    ) -> Result<(Outcomes, Outcomes), TooLarge> {
        Ok((self.values(left, binding, faithful)?, self.values(right, binding, faithful)?))
    }

    /// As `sides`, where an aggregate need be told no closer than to compare it with what it stands beside.
    fn compared_sides(
        &mut self,
        left: &Expr,
        right: &Expr,
        binding: &Binding,
        faithful: Faithful,
    ) -> Result<(Outcomes, Outcomes), TooLarge> {
        if matches!(left, Expr::Aggregate(_)) {
            let right = self.values(right, binding, faithful)?;
            let regions = self.regions(&right);
            return Ok((self.told(left, binding, faithful, regions.as_ref())?, right));
        }
        let left = self.values(left, binding, faithful)?;
        let regions = self.regions(&left);
        let right = self.told(right, binding, faithful, regions.as_ref())?;
        Ok((left, right))
    }

    /// The regions that values make, if they are followed.
    fn regions(&self, outcomes: &Outcomes) -> Option<Regions> {
        let followed = |class: &Option<ClassId>| !self.is_relaxed() || class.is_none();
        let mut known = Vec::new();
        for (outcome, _) in outcomes {
            match outcome {
                Outcome::Value(Term::Known(value), class) if followed(class) => known.push(value),
                Outcome::Value(..) => return None,
                Outcome::Nothing | Outcome::Failed => {}
            }
        }
        Regions::new(known)
    }

    fn faithful(&mut self, literal: &Literal) -> Faithful {
        let exact = self.exactness().of(literal);
        if !exact {
            self.inexact(literal);
        }
        if exact || !self.is_relaxed() { Faithful::ToWitnesses } else { Faithful::ToConstants }
    }

    /// Turned round by `not`: it does not hold where it has no value at all.
    fn turned(&mut self, judged: Judged, negated: bool, subject: &Outcomes, pattern: &[(Outcome, Bit)]) -> Judged {
        if !negated {
            return judged;
        }
        let valueless = subject.iter().chain(pattern).filter(|(outcome, _)| !matches!(outcome, Outcome::Value(..)));
        let valueless: Vec<Bit> = valueless.map(|(_, when)| !*when).collect();
        let holds = self.and(valueless.into_iter().chain([!judged.holds]));
        Judged { holds, ..judged }
    }

    fn compared(&mut self, left: &Outcomes, op: CompareOp, right: &Outcomes, faithful: Faithful) -> Judged {
        let mut holds = Vec::new();
        for (one, when) in left {
            let mut with = Vec::new();
            for (other, then) in right {
                let bit = self.compare(one, op, other, faithful);
                if bit != Bit::FALSE {
                    with.push(self.and([*then, bit]));
                }
            }
            let any = self.or(with);
            holds.push(self.and([*when, any]));
        }
        Judged { holds: self.or(holds), fails: self.failing(left.iter().chain(right)) }
    }

    fn compare(&mut self, left: &Outcome, op: CompareOp, right: &Outcome, faithful: Faithful) -> Bit {
        let (Outcome::Value(one, class), Outcome::Value(other, with)) = (left, right) else { return Bit::FALSE };
        if let (Term::Known(one), Term::Known(other)) = (one, other) {
            let same = match (class, with) {
                (Some(class), None) => self.is_constant_of(*class, other),
                (None, Some(with)) => self.is_constant_of(*with, one),
                _ => class == with,
            };
            let equation = matches!(op, CompareOp::Eq | CompareOp::Ne) && same;
            if faithful == Faithful::ToWitnesses || equation || (class.is_none() && with.is_none()) {
                return bit(judge::compare(Plane::Certain, one, op, other));
            }
        }
        self.free_comparison((one, *class), op, (other, *with))
    }

    /// Whether no witness of a class stands for a value, since it is one of the constants.
    fn is_constant_of(&self, class: ClassId, value: &Value) -> bool {
        self.encoding.abstraction.classes.classes[class].constants.contains(value)
    }

    fn tested(
        &mut self,
        test: TestKind,
        subjects: &Outcomes,
        patterns: &Outcomes,
        regex: Option<&regex::Regex>,
        faithful: Faithful,
    ) -> Judged {
        let mut holds = Vec::new();
        for (subject, when) in subjects {
            for (pattern, then) in patterns {
                let bit = self.test(test, subject, pattern, regex, faithful);
                holds.push(self.and([*when, *then, bit]));
            }
        }
        Judged { holds: self.or(holds), fails: self.failing(subjects.iter().chain(patterns)) }
    }

    fn test(
        &mut self,
        test: TestKind,
        subject: &Outcome,
        pattern: &Outcome,
        regex: Option<&regex::Regex>,
        faithful: Faithful,
    ) -> Bit {
        let (Outcome::Value(text, class), Outcome::Value(sought, with)) = (subject, pattern) else {
            return Bit::FALSE;
        };
        if let (Term::Known(Value::Text(text)), Term::Known(Value::Text(sought))) = (text, sought)
            && (faithful == Faithful::ToWitnesses || (class.is_none() && with.is_none()))
        {
            return bit(judge::passes(test, text, sought, regex));
        }
        self.free_test(test, (text, *class), (sought, *with))
    }

    fn failing<'o>(&mut self, outcomes: impl Iterator<Item = &'o (Outcome, Bit)>) -> Bit {
        let failing: Vec<Bit> = outcomes.filter(|(o, _)| *o == Outcome::Failed).map(|(_, when)| *when).collect();
        self.or(failing)
    }

    fn no_solution(&mut self, id: GroupId, binding: &Binding) -> Result<Judged, TooLarge> {
        let (plan, group) = (self.plan.clone(), self.program.group(id));
        let mut ways = Ways::default();
        for (literals, conjunction) in group.alternatives.iter().zip(plan.group(id)) {
            let (solutions, failed) = self.search(literals, conjunction, binding.clone(), Apart::ByBinding)?;
            self.add_way(&mut ways, failed, Bit::TRUE);
            for solution in solutions {
                self.add_way(&mut ways, solution.guard, solution.fails);
            }
        }
        let (found, fails) = self.found_in(ways);
        Ok(Judged { holds: !found, fails })
    }
}

fn bit(holds: bool) -> Bit {
    if holds { Bit::TRUE } else { Bit::FALSE }
}
