//! What is not followed: truth values and values that may be anything, one for each
//! statement and expression about one issue.
//!
//! Statements are named by what they say of which values, so that the same statement of
//! two clauses, or of two policies, has one truth value.

use super::Grounder;
use crate::program::{CompareOp, TestKind};
use crate::prove::circuit::Bit;
use crate::prove::classes::ClassId;
use crate::prove::encoding::Construct;
use crate::prove::term::Term;
use crate::value::Value;

type Side<'t> = (&'t Term, Option<ClassId>);

impl Grounder<'_, '_> {
    pub(super) fn free_comparison(&mut self, left: Side<'_>, op: CompareOp, right: Side<'_>) -> Bit {
        let (one, other) = (self.rendered(left.0, left.1), self.rendered(right.0, right.1));
        match op {
            CompareOp::Eq => self.free_equal(one, other),
            CompareOp::Ne => !self.free_equal(one, other),
            CompareOp::Lt => self.free(format!("{one} < {other}")),
            CompareOp::Ge => !self.free(format!("{one} < {other}")),
            CompareOp::Gt => self.free(format!("{other} < {one}")),
            CompareOp::Le => !self.free(format!("{other} < {one}")),
        }
    }

    pub(super) fn free_equality(&mut self, one: &Term, other: &Term, class: Option<ClassId>) -> Bit {
        let of = |term: &Term, this: &Self| {
            let class = class.filter(|id| this.is_abstract(*id, term));
            this.rendered(term, class)
        };
        let (one, other) = (of(one, self), of(other, self));
        self.free_equal(one, other)
    }

    pub(super) fn free_test(&mut self, test: TestKind, subject: Side<'_>, pattern: Side<'_>) -> Bit {
        let (subject, pattern) = (self.rendered(subject.0, subject.1), self.rendered(pattern.0, pattern.1));
        self.free(format!("{test:?}({subject}, {pattern})"))
    }

    fn free_equal(&mut self, one: String, other: String) -> Bit {
        if one == other {
            return Bit::TRUE;
        }
        let (one, other) = if one < other { (one, other) } else { (other, one) };
        self.free(format!("{one} = {other}"))
    }

    fn free(&mut self, statement: String) -> Bit {
        let construct = self.construct.clone();
        let (program, span) = (self.number, self.program.decisions.first().map(|decision| decision.span));
        self.encoding.free_bit(statement.clone(), || {
            construct.unwrap_or_else(|| Construct {
                text: statement.as_str().into(),
                program,
                span: span.expect("invariant: a policy has a decision"),
            })
        })
    }

    fn is_abstract(&self, id: ClassId, term: &Term) -> bool {
        let class = &self.encoding.abstraction.classes.classes[id];
        match term {
            Term::Known(value) => !class.is_constant() && !class.constants.contains(value),
            Term::Opaque(_) => false,
        }
    }

    /// A term as a part of a statement: a value with its kind, and with the class whose
    /// values it stands for.
    pub(super) fn rendered(&self, term: &Term, class: Option<ClassId>) -> String {
        let value = match term {
            Term::Opaque(number) => return format!("#{number}"),
            Term::Known(value) => value,
        };
        let plain = match value {
            Value::Text(text) => format!("{text:?}"),
            Value::Number(number) => format!("{:?}", number.get()),
            Value::Symbol(symbol) => format!("'{symbol}"),
            other => other.to_string(),
        };
        match class {
            Some(class) => format!("{plain}@{class}"),
            None => plain,
        }
    }
}
